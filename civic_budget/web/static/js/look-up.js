// Looks a control code up over the board's static files and checks its proof here: the code stays in this browser.
const form = document.getElementById("look-up");
const answer = document.getElementById("look-up-answer");
const ALPHABET = /^[0-9A-HJKMNP-TV-Z]{12}$/;
const text = new TextEncoder();

const read = (said) => said.toUpperCase().replace(/[\s.\-\u2010-\u2014]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
const inFours = (code) => code.match(/.{4}/g).join("-");
const fromHex = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

async function sha256(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
}

// RFC 9162 2.1: the root that a run of lines and the hashes beside it lead to (docs/voting.md, "Look-up files").
export async function rootFromRange(leaves, start, size, nodes) {
  let known = await Promise.all(leaves.map((leaf) => sha256(Uint8Array.of(0), leaf)));
  for (let row = 0; size > 1; row += 1) {
    if (start & 1) known.unshift(fromHex(nodes[`${row}:${--start}`] ?? ""));
    if (known.length & 1 && start + known.length < size) known.push(fromHex(nodes[`${row}:${start + known.length}`] ?? ""));
    const pairs = [];
    for (let i = 0; i < known.length; i += 2) {
      pairs.push(i + 1 < known.length ? sha256(Uint8Array.of(1), known[i], known[i + 1]) : known[i]);
    }
    known = await Promise.all(pairs);
    start >>= 1;
    size = (size + 1) >> 1;
  }
  return known.length === 1 ? toHex(known[0]) : "";
}

function say(kind, code) {
  const copy = document.getElementById(`look-up-${kind}`).content.cloneNode(true);
  for (const element of copy.querySelectorAll(".banner-title, [aria-label]")) {
    if (element.matches(".banner-title")) element.textContent = element.textContent.replace("#", code);
    if (element.ariaLabel) element.ariaLabel = element.ariaLabel.replace("#", code);
  }
  return copy;
}

// A line in the reader's language, from the lists that lie in the page.
function paper(list, scope, choice) {
  const rule = list.levels.flatMap((level) => level.scopes).find((one) => one.code === scope).ballot;
  const [marks, own] = choice.split(";").map((part) => part.split(","));
  const said = document.getElementById("look-up-lists").content.querySelector(`[data-scope="${CSS.escape(scope)}"]`);
  const frame = document.createElement("div");
  frame.className = "ballot-paper";
  const slots = document.createElement("ol");
  slots.className = "slots";
  slots.setAttribute("role", "list");
  marks.forEach((id, place) => {
    const points = document.createElement("span");
    points.className = "points";
    points.append(document.getElementById("look-up-points").content.cloneNode(true), ` ${own?.[place] ?? rule.points[place] ?? 1}`);
    const slot = document.createElement("li");
    slot.className = "slot";
    slot.append(points, said.querySelector(`[data-project="${CSS.escape(id)}"]`).cloneNode(true));
    slots.append(slot);
  });
  frame.append(said.querySelector("h2").cloneNode(true), slots);
  return frame;
}

// The line as published, where it stands, and the root that its proof gives.
function proof(line, place, size, root) {
  const copy = document.getElementById("look-up-proof").content.cloneNode(true);
  const words = copy.querySelector("[data-place]");
  const number = new Intl.NumberFormat(document.documentElement.lang);
  const parts = { line: line.join(";"), root, place: words.textContent.replace("##", number.format(size)).replace("#", number.format(place)) };
  words.remove();
  for (const [name, value] of Object.entries(parts)) copy.querySelector(`[data-part="${name}"]`).textContent = value;
  copy.querySelector("[data-part=file]").href = new URL(shardOf(line[0]), new URL(form.dataset.files, location.href));
  return copy;
}

// Many lines lie in one file, so that its address does not tell which of them is looked for.
const shardOf = (code) => `lookup/${code.slice(0, Number(form.dataset.prefix)) || "all"}.json`;

async function fetchFile(name) {
  const response = await fetch(new URL(name, new URL(form.dataset.files, location.href)), { credentials: "omit" });
  if (!response.ok && response.status !== 404) throw new Error(`${name}: ${response.status}`);
  return response.ok ? response.json() : null;
}

// A file that did not arrive is no missing ballot.
async function lookUp(said) {
  try {
    await show(said);
  } catch {
    answer.replaceChildren(say("failed", ""));
  }
}

async function show(said) {
  const code = read(said);
  answer.replaceChildren();
  if (!ALPHABET.test(code)) { answer.append(say("malformed", "")); return; }
  const shard = await fetchFile(shardOf(code));
  const lines = shard?.lines.filter(([one]) => one === code) ?? [];
  if (!lines.length) { answer.append(say("missing", inFours(code))); return; }
  const leaves = shard.lines.map((line) => text.encode(line.join(";")));
  const root = await rootFromRange(leaves, shard.start, shard.size, shard.nodes);
  const list = await fetchFile("list.json");
  for (const line of lines) {
    const [, scope, choice] = line;
    answer.append(say(root === form.dataset.root ? "found" : "unproved", inFours(code)), paper(list, scope, choice));
    answer.append(proof(line, shard.start + shard.lines.indexOf(line) + 1, shard.size, root));
  }
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  await lookUp(form.elements.code.value);
  answer.focus();
});

const told = decodeURIComponent(location.hash.slice(1));
if (form && ALPHABET.test(read(told))) {
  form.elements.code.value = told;
  history.replaceState(null, "", location.pathname + location.search);
  await lookUp(told);
}
