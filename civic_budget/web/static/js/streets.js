// Street search while typing, in any of the four languages' spellings; without this file the page suggests after sending.
const box = document.querySelector("[data-streets]");
const field = box?.querySelector("input");
const list = box?.querySelector(".found-streets");
const live = document.getElementById("live");
let latest = 0;
let timer;

async function look() {
  const mine = ++latest;
  const typed = field.value.trim();
  if (typed.length < 2) { show([], typed); return; }
  const answer = await fetch(`${box.dataset.streets}?q=${encodeURIComponent(typed)}`);
  if (!answer.ok || mine !== latest) return;
  show(await answer.json(), typed);
}

function show(names, typed) {
  const others = names.length === 1 && names[0] === typed ? [] : names;
  list.replaceChildren(...others.map((name) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button quiet little";
    button.lang = "pl";
    button.textContent = name;
    button.addEventListener("click", () => {
      field.value = name;
      latest += 1;
      show([], name);
      (document.querySelector("[name=house]") ?? field).focus();
    });
    item.append(button);
    return item;
  }));
  list.hidden = others.length === 0;
  if (live && others.length) live.textContent = box.dataset.streetsWords.replace("#", others.length);
}

field?.removeAttribute("list");
field?.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 180); });
