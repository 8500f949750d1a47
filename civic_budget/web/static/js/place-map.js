// Puts points on the map of places without a reload: by click, by touch, by arrow keys and Enter.
// Without this file the map is a button with a picture, and the server does the same.
const SVG = document.querySelector("[data-place-map] svg")?.namespaceURI;
const SIDE = 320;

function make(name, values, words = "") {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(values)) element.setAttribute(key, value);
  element.textContent = words;
  return element;
}

function say(words) {
  const live = document.getElementById("live");
  if (live) live.textContent = words;
}

function begin(box) {
  const form = box.closest("form");
  const drawing = box.querySelector("svg");
  const [north, west, south, east] = box.querySelector("[name=frame]").value.split(",").map(Number);
  const rows = () => [...form.querySelectorAll("[data-point]")];
  const fullUp = () => !form.querySelector("[name=add_row]");
  const cross = make("path", { class: "cross", d: "M-14,0h28M0,-14v28" });
  const at = { x: SIDE / 2, y: SIDE / 2 };

  function draw() {
    const pins = drawing.querySelector(".pins");
    pins.replaceChildren();
    rows().forEach((field, place) => {
      const [latitude, longitude] = field.value.split(/[,; ]+/).map(Number);
      if (!field.value.trim() || Number.isNaN(latitude + longitude)) return;
      const x = (longitude - west) / (east - west) * SIDE;
      const y = (north - latitude) / (north - south) * SIDE;
      const pin = make("g", { class: "pin" });
      pin.append(make("circle", { cx: x, cy: y, r: 11 }), make("text", { x, y }, String(place + 1)));
      pins.append(pin);
    });
  }

  function put(x, y) {
    const fields = rows();
    const place = fields.findIndex((field) => !field.value.trim());
    if (place < 0) return false;
    const latitude = north - y / SIDE * (north - south);
    const longitude = west + x / SIDE * (east - west);
    fields[place].value = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
    draw();
    say(box.dataset.said.replace("#", place + 1));
    return true;
  }

  for (const button of box.querySelectorAll("input[type=image]")) {
    button.addEventListener("click", (event) => {
      // Enter in a field "clicks" the first button of a form: that is a wish to send it, not a point.
      const byKey = event.detail === 0;
      if (byKey && document.activeElement !== button) return;
      const box = button.getBoundingClientRect();
      const x = byKey ? at.x : (event.clientX - box.left) / box.width * SIDE;
      const y = byKey ? at.y : (event.clientY - box.top) / box.height * SIDE;
      if (put(x, y)) event.preventDefault();
      else if (fullUp()) { event.preventDefault(); say(box.dataset.full); }
      else if (byKey) { event.preventDefault(); form.querySelector("[name=add_row]").focus(); }
    });
    button.addEventListener("focus", () => { if (button.matches(":focus-visible")) { drawing.append(cross); show(); } });
    button.addEventListener("blur", () => cross.remove());
    button.addEventListener("keydown", (event) => {
      const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
      if (!dx && !dy) return;
      event.preventDefault();
      const step = event.shiftKey ? 1 : 8;
      at.x = Math.min(Math.max(at.x + dx * step, 0), SIDE);
      at.y = Math.min(Math.max(at.y + dy * step, 0), SIDE);
      show();
    });
  }

  function show() { cross.setAttribute("transform", `translate(${at.x} ${at.y})`); }

  form.addEventListener("input", (event) => { if (event.target.matches("[data-point]")) draw(); });
  for (const words of box.querySelectorAll("[data-with-script]")) words.hidden = false;
}

for (const box of document.querySelectorAll("[data-place-map]")) begin(box);
