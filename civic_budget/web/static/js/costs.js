// The sum of an estimate while it is typed, and whether it keeps within the limits. The server counts again.
const NO_BREAK = "\u00a0";

function money(grosze) {
  const rest = grosze % 100;
  const whole = String((grosze - rest) / 100).replace(/\B(?=(\d{3})+$)/g, NO_BREAK);
  return `${whole}${rest ? `,${String(rest).padStart(2, "0")}` : ""}${NO_BREAK}zł`;
}

// As civic_budget/kernel/money.py reads it; null when it is no amount.
function read(typed) {
  const match = typed.replace(/\s|zł|PLN/gi, "").match(/^(\d{1,12})(?:[.,](\d{1,2}))?$/);
  return match && Number(match[1]) * 100 + Number((match[2] ?? "0").padEnd(2, "0"));
}

function begin(box) {
  const form = box.closest("form");
  const prices = JSON.parse(box.dataset.prices);
  const [least, most] = [Number(box.dataset.least), Number(box.dataset.most)];
  const output = box.querySelector("output");

  function count() {
    let sum = 0;
    let papers = 0;
    for (const row of form.querySelectorAll("[data-cost-row]")) {
      const said = (name) => row.querySelector(`[name$="-${name}"]`)?.value ?? "";
      const amount = said("price") ? (prices[said("price")] ?? 0) * (/^\d{1,5}$/.test(said("quantity").trim()) ? Number(said("quantity")) : 0) : read(said("money")) ?? 0;
      sum += amount;
      if (said("kind") === "documentation") papers += amount;
    }
    const [words, off] = !sum ? ["empty", 0] : sum < least ? ["less", least - sum] : sum > most ? ["more", sum - most] : ["fits", 0];
    const upkeep = read(form.querySelector("[name=upkeep]").value) ?? 0;
    const lines = [[box.dataset.sum, sum], papers && [box.dataset.papers, papers], upkeep && [box.dataset.upkeep, upkeep]];
    const told = lines.filter(Boolean).map(([line, grosze]) => line.replace("#", money(grosze)));
    output.replaceChildren(...[...told, box.dataset[words].replace("#", money(off))].map((line, place) => {
      const paragraph = document.createElement("p");
      paragraph.textContent = line;
      if (!place) paragraph.className = "total";
      return paragraph;
    }));
    box.dataset.state = words;
  }

  form.addEventListener("input", count);
  form.addEventListener("change", count);
  count();
}

for (const box of document.querySelectorAll("[data-cost-sum]")) begin(box);
