// Keys that go through the rows, and one menu for all of them.
import { register } from "./shortcuts.js";

const list = document.querySelector("[data-list]");
const menu = document.getElementById("row-menu");
const links = () => [...list.querySelectorAll("[data-title-link]")];

function step(by) {
  const all = links();
  const row = document.activeElement?.closest("tr[data-row]");
  const here = row ? all.findIndex((link) => row.contains(link)) : by > 0 ? -1 : all.length;
  all[Math.min(Math.max(here + by, 0), all.length - 1)]?.focus();
}
register({ keys: "j", label: list.dataset.next, run: () => step(1) });
register({ keys: "k", label: list.dataset.previous, run: () => step(-1) });

let opened;
let openedAt = 0;
menu.addEventListener("beforetoggle", (event) => {
  if (event.newState === "closed" && menu.contains(document.activeElement)) opened?.focus();
});

function open(opener) {
  const row = opener.closest("tr");
  for (const entry of menu.querySelectorAll("[data-go]")) {
    entry.href = `${entry.dataset.go}?path=${encodeURIComponent(row.dataset.path)}`;
    entry.hidden = entry.dataset.only !== undefined && !entry.dataset.only.split(" ").includes(row.dataset.kind);
  }
  menu.showPopover();
  openedAt = scrollY;
  const place = opener.getBoundingClientRect();
  const below = place.bottom + menu.offsetHeight < innerHeight;
  menu.style.top = `${below ? place.bottom : place.top - menu.offsetHeight}px`;
  menu.style.left = `${Math.max(8, place.right - menu.offsetWidth)}px`;
  menu.querySelector("a:not([hidden])").focus();
  opened = opener;
}

list.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-more]");
  if (!opener || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  open(opener);
});
register({
  keys: "m",
  label: list.dataset.menu,
  run() {
    const opener = document.activeElement?.closest("tr[data-row]")?.querySelector("[data-more]");
    if (opener) open(opener);
  },
});
menu.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  const entries = [...menu.querySelectorAll("a:not([hidden])")];
  const here = entries.indexOf(document.activeElement);
  entries[(here + (event.key === "ArrowDown" ? 1 : -1) + entries.length) % entries.length].focus();
});
// The news of an earlier scroll, as after a row that was moved, may still come in.
addEventListener("scroll", () => scrollY !== openedAt && menu.matches(":popover-open") && menu.hidePopover(), { passive: true });
