// Draws the secret of a ballot in the voter's own browser, before the first project is put on it.
for (const field of document.querySelectorAll("input[data-ballot-secret]")) {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  field.value = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
