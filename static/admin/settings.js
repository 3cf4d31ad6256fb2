// The settings: rows that come and go, colours tried at once, icons to choose from, and no change lost by leaving.
const form = document.querySelector("[data-settings]");
let changed = "changed" in form.dataset;
form.addEventListener("input", () => (changed = true));
form.addEventListener("submit", () => (changed = false));
addEventListener("beforeunload", (event) => changed && event.preventDefault());

for (const button of document.querySelectorAll("[data-line-of]")) {
  button.hidden = false;
  button.addEventListener("click", () => goTo(document.getElementById(button.dataset.lineOf), Number(button.dataset.number)));
}

function goTo(area, number) {
  const lines = area.value.split("\n");
  const start = lines.slice(0, number - 1).join("\n").length + (number > 1 ? 1 : 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[number - 1] ?? "").length);
  area.scrollTop = (number - 4) * (area.scrollHeight / lines.length);
}

// Rows: the last one, empty, is the pattern of new ones.

let made = 0;
for (const list of document.querySelectorAll("[data-lines]")) {
  const pattern = list.lastElementChild.cloneNode(true);
  for (const line of list.children) equip(line);
  const add = list.parentElement.querySelector("[data-add-line]");
  add.hidden = false;
  add.firstElementChild.addEventListener("click", () => {
    const line = pattern.cloneNode(true);
    made += 1;
    for (const part of line.querySelectorAll("[id], [for], [data-pick], [data-drawn]")) {
      for (const name of ["id", "for", "data-pick", "data-drawn"]) {
        if (part.hasAttribute(name)) part.setAttribute(name, `${part.getAttribute(name)}-new-${made}`);
      }
    }
    list.append(line);
    equip(line);
    line.querySelector("input:not([type=hidden])").focus();
  });
}

function equip(line) {
  line.querySelector("[data-line-tools]").hidden = false;
  for (const pick of line.querySelectorAll("[data-pick]")) pick.hidden = false;
}

form.addEventListener("click", ({ target }) => {
  const line = target.closest("[data-line]");
  const button = target.closest("button");
  if (!line || !button) return;
  if ("up" in button.dataset) line.previousElementSibling?.before(line);
  else if ("down" in button.dataset) line.nextElementSibling?.after(line);
  else if ("remove" in button.dataset) {
    const next = line.nextElementSibling ?? line.previousElementSibling;
    (next?.querySelector("[data-remove]") ?? line.parentElement.parentElement.querySelector("[data-add-line] button")).focus();
    line.remove();
  } else return;
  changed = true;
  if (line.isConnected) button.focus();
});

// The accent and the background, as they will look.

const preview = document.querySelector("[data-try]");
const accent = form.querySelector("[data-input=colour]");
const ground = form.querySelector("[data-input=background]");
if (preview) {
  const wheel = form.querySelector("[data-colour]");
  preview.hidden = wheel.hidden = false;
  const show = () => {
    const colour = accent.value.trim() || accent.placeholder;
    if (CSS.supports("color", colour)) preview.style.setProperty("--try", colour);
    const whole = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(colour)?.[1];
    if (whole) wheel.value = `#${whole.length === 3 ? [...whole].map((digit) => digit + digit).join("") : whole}`;
    const text = ground.value.trim();
    const picture = /^(gradient|none)?$/.test(text) ? "" : /\(/.test(text) ? text : `url("${new URL(text.replace(/^\/?/, "/"), location.href)}")`;
    preview.style.backgroundImage = CSS.supports("background-image", picture) ? picture : "";
  };
  accent.addEventListener("input", show);
  ground.addEventListener("input", show);
  wheel.addEventListener("input", () => {
    accent.value = wheel.value;
    show();
  });
  show();
}

// Icons.

const dialog = document.getElementById("icons");
if (dialog) {
  const grid = dialog.querySelector("[data-icon-grid]");
  const words = dialog.querySelector("input");
  let target;
  let asked = 0;
  for (const pick of document.querySelectorAll("[data-pick]")) pick.hidden = false;

  async function list() {
    const turn = (asked += 1);
    const answer = await fetch(`${dialog.dataset.icons}?q=${encodeURIComponent(words.value)}`, { headers: { Accept: "text/html" } });
    const text = await answer.text();
    if (turn === asked) grid.innerHTML = text;
  }

  document.addEventListener("click", (event) => {
    const pick = event.target.closest("[data-pick]");
    if (!pick) return;
    target = document.getElementById(pick.dataset.pick);
    words.value = "";
    dialog.showModal();
    words.focus();
    list();
  });
  words.addEventListener("input", list);
  words.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    grid.querySelector("[data-icon]")?.click();
  });
  grid.addEventListener("click", (event) => {
    const button = event.target.closest("[data-icon]");
    if (!button) return;
    target.value = button.dataset.icon;
    const drawn = document.querySelector(`[data-drawn="${CSS.escape(target.id)}"]`);
    drawn.replaceChildren(button.querySelector("svg").cloneNode(true));
    changed = true;
    dialog.close();
    target.focus();
  });
}
