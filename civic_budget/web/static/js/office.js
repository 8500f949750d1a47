// Keyboard shortcuts of the office: an element with data-key="j" is clicked (a field: focused) when that key is
// pressed outside of fields. Single keys are switched off while somebody types.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("input:not([type=submit], [type=button]), textarea, select")) target.focus();
  else target.click();
});

// A box in a table's head picks every row.
document.addEventListener("change", (event) => {
  const { pickAll } = event.target.dataset ?? {};
  if (pickAll === undefined) return;
  for (const box of event.target.closest("table").querySelectorAll(`input[name="${CSS.escape(pickAll)}"]`)) box.checked = event.target.checked;
});
