// Panels open over the card, and each has its own address in the address bar.
const root = document.documentElement;
const panels = [...document.querySelectorAll(".panel")];
const behind = document.querySelectorAll("[data-behind]");
const home = { url: location.pathname, title: document.title };
const still = matchMedia("(prefers-reduced-motion: reduce)");
let current = null;
let opener = null;
let turning = null;

root.classList.add("js");
// The address bar will change: keep relative links pointing where the page meant.
for (const link of document.links) {
  if (link.origin === location.origin) link.setAttribute("href", link.pathname + link.search + link.hash);
}

const path = (url) => decodeURI(new URL(url, location.origin + home.url).pathname);
const addresses = new Map(panels.map((panel) => [path(panel.dataset.url), panel]));
const named = (id) => (id ? document.getElementById(decodeURIComponent(id)) : null);

function put(panel, target) {
  const closed = current;
  current = panel;
  for (const name of ["role", "aria-modal", "tabindex"]) closed?.removeAttribute(name);
  closed?.classList.remove("open");
  for (const element of behind) element.inert = Boolean(panel);
  document.title = panel?.dataset.title ?? home.title;
  if (!panel) {
    (opener ?? document.querySelector(`.menu [data-panel="${CSS.escape(closed.id)}"]`))?.focus({ preventScroll: true });
    opener = null;
    return;
  }
  panel.classList.add("open");
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-modal", "true");
  panel.tabIndex = -1;
  panel.scrollTop = 0;
  panel.focus({ preventScroll: true });
  go(target);
  if (panel.querySelector("[data-guestbook]")) import("./guestbook.js");
}

function go(target) {
  if (!target || target === current) return;
  target.scrollIntoView();
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

function show(panel, { target = null, step = "", atOnce = false } = {}) {
  if (panel === current) {
    go(target);
  } else if (atOnce || still.matches || !document.startViewTransition) {
    put(panel, target);
  } else {
    root.dataset.step = step;
    const turn = document.startViewTransition(() => put(panel, target));
    turning = turn;
    // The next turn may begin before this one ends; that is no error.
    turn.ready.catch(() => {});
    turn.finished.finally(() => (turning = turning === turn ? null : turning));
  }
}

function open(panel, link, target) {
  const depth = history.state?.depth ?? 0;
  const step = current && "step" in link.dataset ? link.rel : "";
  if (!current) opener = link;
  if (panel !== current) {
    // Stepping stays on one entry of the history, so that Back closes.
    const state = { panel: panel.id, depth: step ? depth : depth + 1 };
    history[step ? "replaceState" : "pushState"](state, "", panel.dataset.url);
  }
  show(panel, { target, step });
}

function close() {
  const depth = history.state?.depth ?? 0;
  if (depth) {
    history.go(-depth);
  } else {
    history.replaceState(null, "", home.url);
    show(null);
  }
}

function read(event) {
  const target = named(location.hash.slice(1));
  const asked = panels.find((panel) => panel.id === history.state?.panel);
  const panel = asked ?? target?.closest(".panel") ?? null;
  if (panel && !asked) history.replaceState({ panel: panel.id, depth: 0 }, "", panel.dataset.url);
  show(panel, { target, atOnce: !event || event.hasUAVisualTransition });
}

function follow(event, link) {
  if (link.matches(".close")) {
    event.preventDefault();
    close();
    return;
  }
  if (link.target || link.origin !== location.origin || "plain" in link.dataset) return;
  const here = link.pathname === home.url ? named(link.hash.slice(1)) : null;
  const panel = here ? here.closest(".panel") : addresses.get(path(link.pathname));
  if (!panel) return;
  event.preventDefault();
  open(panel, link, here ?? named(link.hash && `${panel.id}-${link.hash.slice(1)}`));
}

// A press that begins and ends outside closes; one that selects text, or the second of two quick ones, never does.
const outside = (element) => element?.isConnected && !element.closest(".panel, a, button");
let pressed = null;
// While a turn is drawn, no press reaches what is under it.
document.addEventListener("pointerdown", (event) => (pressed = turning ? null : event.target));
document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest("a[href]");
  if (link) follow(event, link);
  else if (current && event.detail < 2 && outside(pressed) && outside(event.target)) close();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !current || event.defaultPrevented || event.isComposing) return;
  event.preventDefault();
  close();
});

addEventListener("popstate", read);
read();
