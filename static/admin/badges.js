// The numbers beside the pages of the study follow what happens, on whatever page the owner is.
import { send } from "./request.js";

const OFTEN = 15000;
const PRESENT = 600000; // a page that nobody has touched for so long asks no more, so that its session can end
const badges = document.querySelectorAll("[data-unread-badge]");
const address = document.querySelector("[data-badges]")?.dataset.badges;
let touched = Date.now();
let timer;

async function look() {
  clearTimeout(timer);
  try {
    const told = await send(address);
    for (const badge of badges) fill(badge, told[badge.dataset.unreadBadge]);
  } catch {
    // Whatever it is, the page that is about it says so.
  }
  later();
}

function later() {
  clearTimeout(timer);
  if (!document.hidden && Date.now() - touched < PRESENT) timer = setTimeout(look, OFTEN);
}

function fill(badge, told) {
  if (!told) return;
  badge.hidden = !told.number;
  badge.title = told.meaning;
  badge.firstElementChild.textContent = told.text;
  badge.lastElementChild.textContent = told.meaning;
}

function touch() {
  const late = Date.now() - touched >= PRESENT;
  touched = Date.now();
  if (late) look();
}

// The guestbook's own page knows its number best.
if (address && badges.length && !document.querySelector("[data-pulse]")) {
  for (const name of ["pointerdown", "keydown", "scroll"]) addEventListener(name, touch, { passive: true });
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : look()));
  addEventListener("focus", () => {
    touched = Date.now();
    look();
  });
  later();
}
