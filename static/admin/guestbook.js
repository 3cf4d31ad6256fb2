// The live room: it follows what happens, acts by keys and buttons, and never moves what is being read.
import { notify } from "./notices.js";
import { send } from "./request.js";
import { follow } from "./guestbook_live.js";
import { current, entryOf, neighbour, point, sayChosen } from "./guestbook_keys.js";
import { openDialog } from "./guestbook_dialog.js";
import { address, part, refresh } from "./guestbook_room.js";

document.documentElement.classList.add("scripted");
const desk = document.getElementById("desk");
const said = document.querySelector("[data-said]");

/** Send a form as a script does, and show what became of it. */
async function act(form, button) {
  if (form.dataset.confirm && !confirm(form.dataset.confirm)) return;
  const entry = button?.form === desk ? entryOf(button) : null;
  const next = entry && neighbour(entry);
  const focused = entry?.contains(document.activeElement) || document.activeElement === entry;
  entry?.setAttribute("aria-busy", "true");
  try {
    const answer = await send(form.action, { form: new FormData(form, button) });
    await refresh();
    said.textContent = answer.message;
    if (entry) point(next, { focus: focused });
    sayChosen();
  } catch (problem) {
    entry?.removeAttribute("aria-busy");
    notify(problem.status ? problem.message : part.dataset.away, { kind: "error", key: "act" });
  }
}

for (const place of [desk, part]) {
  place.addEventListener("submit", (event) => {
    if (event.target !== desk && !("send" in event.target.dataset)) return;
    event.preventDefault();
    event.stopPropagation();
    act(event.target, event.submitter);
  });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  openDialog(link, {
    done(message) {
      notify(message, { kind: "good" });
      return refresh();
    },
    lost: part.dataset.away,
  });
});

const finder = document.querySelector("[data-finder]");
let timer;
function sought() {
  const url = new URL(finder.action);
  for (const [name, value] of new FormData(finder)) if (value) url.searchParams.set(name, value);
  history.replaceState(null, "", url);
  address(url);
  refresh().then(() => point(null));
}
finder.querySelector("#q").addEventListener("input", (event) => {
  clearTimeout(timer);
  if (!event.isComposing) timer = setTimeout(sought, 150);
});
finder.querySelector("#q").addEventListener("compositionend", sought);
finder.addEventListener("change", (event) => event.target.matches("select, [type=date]") && sought());
finder.addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation();
  clearTimeout(timer);
  sought();
});

const named = location.hash.startsWith("#e-") && document.getElementById(decodeURIComponent(location.hash.slice(1)));
if (named) point(named, { focus: true });
else if (!current()) point(part.querySelector("[data-entry]"), { quiet: true });
follow();
