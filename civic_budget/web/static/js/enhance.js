// Progressive enhancement: a form with data-enhance="#a,#b" is sent with fetch; those fragments are swapped,
// the focus stays where it was, and what changed is announced. Without this file the form works as it is.
const live = document.getElementById("live");

export function announce(words) {
  if (!live || !words) return;
  live.textContent = "";
  requestAnimationFrame(() => { live.textContent = words; });
}

async function ask(form, submitter) {
  const values = new FormData(form, submitter);
  const method = (submitter?.getAttribute("formmethod") ?? form.method).toUpperCase();
  const url = new URL(submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? "", location.href);
  if (method === "GET") {
    url.search = new URLSearchParams([...values].filter(([, value]) => value !== ""));
    return fetch(url, { headers: { "X-Requested-With": "enhance" } });
  }
  return fetch(url, { method, body: values, headers: { "X-Requested-With": "enhance" } });
}

function swap(page, selectors) {
  let swapped = 0;
  for (const selector of selectors.split(",")) {
    const next = page.querySelector(selector);
    const present = document.querySelector(selector);
    if (next && present) {
      present.replaceWith(document.adoptNode(next));
      swapped += 1;
    }
  }
  return swapped;
}

function keepFocus(key, id) {
  const place = key && document.querySelector(`[data-focus="${CSS.escape(key)}"]`);
  // "up" disappears on the first place: "down" of the same project, then its removal, are the nearest.
  const [, project] = key?.match(/^(?:up|down|remove)-(.+)$/) ?? [];
  const near = project && ["up", "down", "remove"]
    .map((word) => document.querySelector(`[data-focus="${word}-${CSS.escape(project)}"]`)).find(Boolean);
  const target = place || near || (id && document.getElementById(id)) || document.querySelector("#ballot-tray-title");
  target?.focus({ preventScroll: true });
  // What left the ballot may have been pages below its title: the focus is never where nobody sees it.
  target?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-enhance]");
  if (!form || event.defaultPrevented || event.submitter?.name === "_language") return;
  event.preventDefault();
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  const key = event.submitter?.dataset.focus;
  const id = document.activeElement?.id;
  try {
    const response = await ask(form, event.submitter);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const words = page.querySelector("[data-announce]")?.textContent.trim();
    if (!response.ok || !swap(page, form.dataset.enhance)) throw new Error("no fragment");
    if (form.method === "get") history.replaceState(null, "", response.url);
    announce(words);
    keepFocus(key, id);
  } catch {
    form.removeAttribute("data-enhance");
    form.requestSubmit(event.submitter?.isConnected ? event.submitter : undefined);
  } finally {
    form.ariaBusy = null;
  }
});
