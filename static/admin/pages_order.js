// The order of the panels: dragged by the grip, stepped by buttons, or moved with Alt and the arrow keys.
import { notify } from "./notices.js";
import { Refusal, send } from "./request.js";
import { load } from "./pages_search.js";
import { register } from "./shortcuts.js";

const list = document.querySelector("[data-list]");
const found = document.querySelector("[data-found]");
const rows = () => [...list.querySelectorAll("[data-panels] tr[data-place]")];
let saving = Promise.resolve();
let waiting = 0;

function say(row) {
  const all = rows();
  const words = { title: row.dataset.title, place: all.indexOf(row) + 1, count: all.length };
  found.textContent = list.dataset.moved.replace(/\{(\w+)\}/g, (_match, name) => words[name]);
}

function save() {
  const panels = [...list.querySelectorAll("[data-panels] tr[data-row]")].map((row) => row.dataset.path);
  waiting += 1;
  saving = saving.then(async () => {
    waiting -= 1;
    if (waiting) return; // a newer order follows
    try {
      await send(list.dataset.order, { json: { order: panels } });
    } catch (error) {
      const reason = error instanceof Refusal ? [error.message, error.answer.hint].filter(Boolean).join(". ") : list.dataset.lost;
      notify(`${list.dataset.failed} ${reason}`, { kind: "error", key: "order" });
      await load(location.href, { keep: true, quiet: true });
    }
  });
  return saving;
}

function move(row, step) {
  const all = rows();
  const other = all[all.indexOf(row) + step];
  if (!other) return;
  const focused = document.activeElement;
  if (step < 0) other.before(row);
  else other.after(row);
  if (row.contains(focused)) focused.focus();
  row.scrollIntoView({ block: "nearest" });
  mark(row);
  say(row);
  save();
}

function mark(row) {
  row.classList.add("moved");
  setTimeout(() => {
    row.classList.add("settling");
    row.classList.remove("moved");
    setTimeout(() => row.classList.remove("settling"), 700);
  }, 400);
}

list.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  if (!button) return;
  event.preventDefault();
  move(button.closest("tr"), Number(button.dataset.step));
});

for (const [keys, label, step] of [["Alt+ArrowUp", list.dataset.up, -1], ["Alt+ArrowDown", list.dataset.down, 1]]) {
  register({
    keys,
    label,
    run() {
      const row = document.activeElement?.closest("tr[data-place]");
      if (row) move(row, step);
    },
  });
}

// Dragging: the row follows the pointer, the others make room.
list.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest("[data-grip]");
  if (!grip || event.button) return;
  event.preventDefault();
  const row = grip.closest("tr");
  const before = rows().indexOf(row);
  let start = event.clientY;
  row.classList.add("dragging");
  grip.setPointerCapture(event.pointerId);

  const follow = (moved) => {
    const way = Math.sign(moved.clientY - start);
    for (;;) {
      const all = rows();
      const shift = moved.clientY - start;
      const next = all[all.indexOf(row) + way];
      row.style.translate = `0 ${shift}px`;
      if (!next || next === row || shift * way <= next.offsetHeight / 2) return;
      const top = row.offsetTop;
      // The neighbour moves, not the row: an element that is put elsewhere loses the pointer.
      if (shift > 0) row.before(next);
      else row.after(next);
      start += row.offsetTop - top; // a quick hand passes several rows between two events
    }
  };
  const drop = (last) => {
    if (last.type === "pointerup") follow(last);
    grip.removeEventListener("pointermove", follow);
    row.classList.remove("dragging");
    row.style.translate = "";
    if (last.type === "pointercancel") {
      const all = rows().filter((one) => one !== row);
      if (all[before]) all[before].before(row);
      else all.at(-1)?.after(row);
    } else if (rows().indexOf(row) !== before) {
      mark(row);
      say(row);
      save();
    }
  };
  grip.addEventListener("pointermove", follow);
  grip.addEventListener("pointerup", drop, { once: true });
  grip.addEventListener("pointercancel", drop, { once: true });
});
