// The list follows what is typed and chosen; the address follows, too, so that going back and reloading work.
import { notify } from "./notices.js";

const finder = document.querySelector("[data-finder]");
const list = document.querySelector("[data-list]");
const part = list.querySelector("[data-part]");
const found = document.querySelector("[data-found]");
let asking;
let timer;

/** Show another part of the list; `keep` replaces the address instead of adding one to go back to. */
export async function load(address, { keep = false, quiet = false } = {}) {
  asking?.abort();
  asking = new AbortController();
  const url = new URL(address, location);
  url.searchParams.delete("part");
  url.searchParams.delete("thrown");
  const asked = new URL(url);
  asked.searchParams.set("part", "list");
  part.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(asked, { headers: { Accept: "text/html" }, signal: asking.signal });
    if (!answer.ok || answer.redirected) return location.assign(url);
    part.innerHTML = await answer.text();
    if (url.href !== location.href) history[keep ? "replaceState" : "pushState"](null, "", url);
    if (!quiet) found.textContent = part.querySelector("[data-says]").dataset.says;
    list.dispatchEvent(new Event("filled"));
  } catch (error) {
    if (error.name !== "AbortError") notify(list.dataset.lost, { kind: "error", key: "list" });
    else return;
  }
  part.removeAttribute("aria-busy");
}

function wanted() {
  const url = new URL(finder.action);
  for (const [name, value] of new FormData(finder)) if (value) url.searchParams.set(name, value);
  const state = new URL(location).searchParams.get("state");
  if (state) url.searchParams.set("state", state);
  return url;
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(() => load(wanted(), { keep: true }), 120);
}

finder.querySelector("#q").addEventListener("input", (event) => {
  if (!event.isComposing) soon();
});
finder.querySelector("#q").addEventListener("compositionend", soon);
finder.addEventListener("change", (event) => {
  if (event.target.matches("select")) load(wanted());
});
finder.addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation();
  load(wanted());
});
list.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-load]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  load(link.href).then(() => {
    const chosen = list.querySelector(`.tabs [aria-current]`);
    if (link.closest(".tabs")) chosen?.focus();
    else list.querySelector("[data-title-link]")?.focus();
    follow();
  });
});

// The form shows what the address says.
function follow() {
  const asked = new URL(location).searchParams;
  for (const name of ["q", "section", "language"]) {
    if (finder.elements[name]) finder.elements[name].value = asked.get(name) ?? "";
  }
}
addEventListener("popstate", () => {
  follow();
  load(location.href, { keep: true });
});
