// Small comforts of forms: focus on the error summary, the chosen file's name and picture, letters left, copying, sharing, printing.
const summary = document.querySelector("[data-error-summary]");
summary?.focus();
summary?.addEventListener("click", (event) => {
  const target = event.target.closest("a")?.hash && document.getElementById(event.target.closest("a").hash.slice(1));
  if (!target) return;
  event.preventDefault();
  (target.closest(".field") ?? target).scrollIntoView({ block: "start" });
  target.focus({ preventScroll: true });
});

document.addEventListener("change", (event) => {
  const output = event.target.type === "file" && event.target.parentElement.querySelector("[data-file-preview]");
  if (!output) return;
  const [file] = event.target.files;
  output.textContent = file ? `${file.name} · ${(file.size / 1048576).toFixed(1)} MB` : "";
  if (file?.type.startsWith("image/")) {
    const reader = new FileReader();
    reader.addEventListener("load", () => {
      const picture = new Image();
      picture.src = reader.result;
      picture.alt = "";
      output.append(picture);
    });
    reader.readAsDataURL(file);
  }
});

for (const area of document.querySelectorAll("textarea[data-limit]")) {
  const left = document.createElement("p");
  left.className = "hint";
  area.after(left);
  const say = () => { left.textContent = area.dataset.limitWords.replace("#", Number(area.dataset.limit) - area.value.length); };
  area.addEventListener("input", say);
  say();
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent.trim());
    const live = document.getElementById("live");
    if (live) live.textContent = button.dataset.copied;
    button.lastChild.textContent = button.dataset.copied;
  });
}

for (const button of document.querySelectorAll("button[data-share]")) {
  const { share: url, title } = button.dataset;
  button.hidden = !navigator.canShare?.({ url, title });
  // Closing the list of programs is no fault.
  button.addEventListener("click", () => navigator.share({ url, title }).catch(() => {}));
}

for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
