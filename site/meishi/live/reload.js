// Follows the development server: looks at the page again after each save, swaps style sheets in place,
// reloads where the page itself changed, and shows what is broken over the last good page.
const own = document.querySelector("script[data-page]");
const kept = "meishi-reload";
// The address bar may show a panel's own address by now: this is the document that was loaded.
const loaded = new URL(performance.getEntriesByType("navigation")[0]?.name ?? location.href);
let version = own.dataset.version;

function reload() {
  const panel = document.querySelector(".panel.open");
  const place = { page: scrollY, panel: panel?.id, within: panel?.scrollTop ?? 0, at: Date.now() };
  sessionStorage[kept] = JSON.stringify(place);
  if (panel && location.pathname !== loaded.pathname) {
    loaded.hash = panel.id;
    location.replace(loaded);
  } else {
    location.reload();
  }
}

function restore() {
  let place;
  try {
    place = JSON.parse(sessionStorage[kept] || "null");
  } catch {
    place = null;
  }
  delete sessionStorage[kept];
  if (!place || Date.now() - place.at > 60_000) return;
  requestAnimationFrame(() => {
    scrollTo({ top: place.page, behavior: "instant" });
    const panel = place.panel && document.getElementById(place.panel);
    if (panel) panel.scrollTop = place.within;
  });
}

function swapStyles(fresh) {
  const wanted = [...fresh.querySelectorAll("link[rel=stylesheet]")].map((link) => link.getAttribute("href"));
  const present = [...document.querySelectorAll("link[rel=stylesheet]:not([data-old])")];
  present.forEach((link, index) => {
    if (!wanted[index] || link.getAttribute("href") === wanted[index]) return;
    const next = link.cloneNode();
    next.href = wanted[index];
    // The old sheet stays until the new one is there: the page never stands bare.
    link.dataset.old = "";
    next.onload = next.onerror = () => link.remove();
    link.after(next);
  });
  return wanted.length === present.length;
}

function show(errors) {
  document.querySelector("meishi-errors")?.remove();
  if (!errors.length) return;
  const box = document.createElement("meishi-errors");
  const root = box.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    section { position: fixed; inset: auto 0 0; z-index: 999; max-height: 50vh; overflow: auto; box-sizing: border-box;
      padding: 1rem 1.25rem; background: #2a1210; color: #fff3ee; border-top: 4px solid #e4573d;
      font: 15px/1.5 ui-monospace, Menlo, Consolas, monospace }
    h2 { margin: 0 0 .5rem; font: 600 15px/1.4 system-ui, sans-serif }
    li { margin: .25rem 0; white-space: pre-wrap; overflow-wrap: anywhere } ul { margin: 0; padding-left: 1.2em }
    @media print { section { display: none } }`);
  root.adoptedStyleSheets = [sheet];
  const section = document.createElement("section");
  section.setAttribute("role", "alert");
  const title = document.createElement("h2");
  title.textContent = "Not all is well. What cannot be read is shown as it last was.";
  const list = document.createElement("ul");
  for (const error of errors) {
    const item = document.createElement("li");
    item.textContent = error;
    list.append(item);
  }
  section.append(title, list);
  root.append(section);
  document.body.append(box);
}

let looking = false;
let again = false;

// Looks at the page as it is now. Saves that come meanwhile are seen by one more look.
async function look() {
  again = true;
  if (looking) return;
  looking = true;
  try {
    while (again) {
      again = false;
      const answer = await fetch(loaded, { cache: "no-store" });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = fresh.querySelector("script[data-page]")?.dataset;
      // Without the script this is no page of ours: the server may be starting again.
      if (!now) continue;
      version = now.version;
      if (now.page !== own.dataset.page || !swapStyles(fresh)) {
        reload();
        return;
      }
      show(JSON.parse(now.errors));
    }
  } catch {
    // The server is away. It says its version when it is back.
    version = "";
  } finally {
    looking = false;
  }
}

let events = null;

// A browser opens few connections to one host: only pages in view hold one.
function listen() {
  if (document.visibilityState === "hidden") {
    events?.close();
    events = null;
  } else if (!events) {
    events = new EventSource(new URL("events", import.meta.url));
    events.onmessage = ({ data }) => {
      if (data !== version) look();
    };
  }
}

restore();
show(JSON.parse(own.dataset.errors));
listen();
document.addEventListener("visibilitychange", listen);
addEventListener("pageshow", listen);
addEventListener("pagehide", () => {
  events?.close();
  events = null;
});
