// One entry is the current one: j and k go on from it, and the keys beside its buttons press them.
import { register } from "./shortcuts.js";
import { part } from "./guestbook_room.js";

const all = () => [...part.querySelectorAll("[data-entry]")];

/** The entry that keys act on. */
export const current = () => part.querySelector("[data-entry].current");

/** The entry that a button belongs to. */
export const entryOf = (element) => element.closest("[data-entry]");

/** The key of the entry that follows in the same list, or comes before, when this one leaves it. */
export function neighbour(entry) {
  const other = entry.nextElementSibling ?? entry.previousElementSibling;
  return other?.dataset.entry ?? "";
}

/** Make an entry the current one: itself, or by its key; null is the first. */
export function point(which, { focus = false, quiet = false } = {}) {
  const entry = typeof which === "string" ? part.querySelector(`[data-entry="${CSS.escape(which)}"]`) : which;
  const found = entry ?? all()[0];
  for (const one of part.querySelectorAll("[data-entry].current")) one.classList.remove("current");
  if (!found) return;
  found.classList.add("current");
  if (focus) found.focus({ preventScroll: true });
  if (!quiet) found.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const list = all();
  const here = list.indexOf(current());
  point(list[Math.min(Math.max(here + by, 0), list.length - 1)], { focus: true });
}

function press(key) {
  const entry = current();
  const way = entry?.querySelector(`[data-key="${key}"]`);
  if (way && entry.getAttribute("aria-busy") !== "true") way.click();
}

const words = part.dataset;
register({ keys: "j", label: words.next, run: () => step(1) });
register({ keys: "k", label: words.previous, run: () => step(-1) });
register({ keys: "x", label: words.choose, run: () => current()?.querySelector("[name=pick]").click() });
for (const [key, label] of [["a", words.approve], ["h", words.hide], ["e", words.erase], ["b", words.ban], ["r", words.answer]]) {
  register({ keys: key, label, run: () => press(key) });
}

// Where the focus goes, the keys follow.
part.addEventListener("focusin", (event) => {
  const entry = entryOf(event.target);
  if (entry && entry !== current()) point(entry, { quiet: true });
});

/** Say how many are chosen; the tools for them are there only then. */
export function sayChosen() {
  const bulk = part.querySelector("[data-bulk]");
  if (!bulk) return;
  const count = part.querySelectorAll("[name=pick]:checked").length;
  const place = bulk.querySelector("[data-chosen]");
  bulk.classList.toggle("some", count > 0);
  bulk.querySelector("[data-all]").hidden = false;
  if (count) place.textContent = count === 1 ? place.dataset.one : place.dataset.many.replace("{count}", count);
}
part.addEventListener("change", (event) => event.target.name === "pick" && sayChosen());
part.addEventListener("filled", sayChosen);
part.addEventListener("click", (event) => {
  if (!event.target.closest("[data-all]")) return;
  for (const box of part.querySelectorAll("[name=pick]")) box.checked = true;
  sayChosen();
});
