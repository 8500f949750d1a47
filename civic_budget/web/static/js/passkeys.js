// Passkeys: shows the forms that need them where the browser can, fetches the question, puts the authenticator's
// answer into the form and sends it. Without this file the forms stay hidden; a password always works.
const credentials = globalThis.PublicKeyCredential;
const canDo = Boolean(credentials?.parseRequestOptionsFromJSON && credentials.prototype.toJSON && navigator.credentials);

async function answer(form) {
  const response = await fetch(form.dataset.question, { method: "POST", body: new FormData(form) });
  const question = await response.json();
  if (!response.ok) throw new Error(question.refusal ?? form.dataset.failed);
  const credential = form.dataset.passkey === "add"
    ? await navigator.credentials.create({ publicKey: credentials.parseCreationOptionsFromJSON(question) })
    : await navigator.credentials.get({ publicKey: credentials.parseRequestOptionsFromJSON(question) });
  return JSON.stringify(credential);
}

function say(form, words) {
  form.querySelector("[data-passkey-note]").textContent = words;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const { host } = form.dataset;
  const fits = location.hostname === host || location.hostname.endsWith(`.${host}`);
  form.hidden = !(canDo && fits);
  form.addEventListener("submit", async (event) => {
    if (form.elements.answer.value) return;
    event.preventDefault();
    say(form, "");
    try {
      form.elements.answer.value = await answer(form);
      form.requestSubmit();
    } catch (error) {
      // The browser's own errors are in its own language and technical: say ours.
      say(form, error.constructor === Error ? error.message : form.dataset.failed);
    }
  });
}
