// The editor, put together: each part does one thing and tells the others by events.
import { register } from "../shortcuts.js";
import { Clash } from "./clash.js";
import { Draft } from "./draft.js";
import { FieldsForm } from "./fields.js";
import { Journal } from "./journal.js";
import { Neighbours } from "./neighbours.js";
import { Outside } from "./outside.js";
import { Panes } from "./panes.js";
import { Pictures } from "./pictures.js";
import { PlainSurface } from "./plain.js";
import { Preview } from "./preview.js";
import { Recovery } from "./recovery.js";
import { richSurface } from "./rich.js";
import { Saving } from "./saving.js";
import { Status } from "./status.js";
import { Together } from "./together.js";
import { Toolbar } from "./toolbar.js";
import { say, told } from "./words.js";

const form = document.getElementById("editor");
const find = (selector) => form.querySelector(selector);
const { path, tag, nonce, bundle } = form.dataset;
const urls = { ...form.dataset, save: form.action };
const textarea = find("#text");
const label = find("label[for=text]").textContent;

async function surfaceOf() {
  if (bundle) {
    try {
      return await richSurface(textarea, find("[data-surface]"), { bundle, nonce, tag, label });
    } catch (error) {
      console.error(error);
    }
  }
  return new PlainSurface(textarea);
}

const surface = await surfaceOf();
for (const part of document.querySelectorAll("[data-scripted]")) part.hidden = false;
form.classList.add("scripted");

const draft = new Draft(surface, { path, version: form.elements.base.value, text: surface.text });
const status = new Status(find("[data-state-text]"), find("[data-state-said]"));
const panes = new Panes(form);
const journal = new Journal(draft, urls.journal);
const saving = new Saving(draft, journal, urls);
const outside = new Outside(draft, saving, urls);
const neighbours = new Neighbours(draft);
const preview = new Preview(form, find("[data-frame]"), draft, urls.preview);
const fields = new FieldsForm(find("[data-fields-form]"), draft, urls.fields);
const toolbar = new Toolbar(find("[data-toolbar]"), surface);
new Pictures(form, surface);
const together = new Together(surface, preview, find(".write"));
const cm = () => ({ cm: surface.cm, nonce, changed: showAside });
const recovery = new Recovery(draft, journal, urls, cm);
const clash = new Clash((text, { version, theirs }) => {
  surface.replace(text);
  draft.adopt(version, theirs);
  status.settle();
  trouble = null;
  stand();
  surface.focus();
});

// What keeps the text from the disk or from the journal, until it is mended or the owner types on.
let trouble = null;

function meet(kind, { text, ofJournal = false } = {}) {
  trouble = { kind, text, ofJournal };
  stand();
}

/** Say how the text stands. */
function stand() {
  if (!draft.dirty) status.show(draft.version ? "saved" : "new");
  else if (saving.busy) status.show("saving");
  else if (outside.away || saving.wanted) status.show("offline");
  else if (trouble) status.show(trouble.kind, trouble.text);
  else status.show(journal.kept >= draft.seq ? "unsaved" : "unkept");
}

async function save() {
  await fields.write();
  await saving.save();
}

const showClash = (detail) => () => clash.show(detail);
function clashed(detail, open) {
  meet("clash");
  status.explain(say("clash"), { action: { label: say("look"), run: showClash(detail) } });
  if (open) clash.show(detail);
}

draft.addEventListener("changed", () => {
  trouble = null;
  stand();
});
draft.addEventListener("based", () => {
  form.elements.base.value = draft.version;
  stand();
});
journal.addEventListener("kept", () => {
  if (trouble?.ofJournal) trouble = null;
  stand();
});
journal.addEventListener("away", ({ detail: refusal }) => {
  meet(refusal?.status === 401 ? "signed_out" : "offline", { ofJournal: true });
});

const outcomes = {
  saving: () => {
    trouble = null;
    stand();
  },
  saved: ({ notice }) => done(notice),
  merged: ({ notice }) => {
    done(notice);
    status.explain(say("merged"), { kind: "note" });
  },
  offline: stand,
  signed_out: ({ address }) => {
    meet("signed_out");
    status.explain(say("signed_out"), { action: { label: say("sign_in"), run: () => open(address) } });
  },
  clash: (detail) => clashed(detail, true),
  failed: ({ message, hint }) => {
    meet("failed", { text: say("failed", message) });
    status.explain(told(say("failed", message), hint), { kind: "error" });
  },
};
saving.addEventListener("state", ({ detail }) => outcomes[detail.kind](detail));

function done(notice) {
  status.settle();
  stand();
  neighbours.tellSaved();
  recovery.saved();
  find("[data-publish]").hidden = false;
  if (notice) status.explain(told(notice.message, notice.hint), { key: "git" });
}

outside.addEventListener("state", ({ detail }) => {
  if (detail.kind === "outside") status.explain(say("outside"), { kind: "note", key: "outside" });
  if (detail.kind === "gone") status.explain(say("gone"));
  if (detail.kind === "clash") clashed(detail, false);
  if (detail.kind === "offline" || detail.kind === "back") {
    fields.rest(detail.kind === "offline");
    if (detail.kind === "back") preview.refresh();
    if (saving.wanted && detail.kind === "back") save();
  }
  if (detail.kind !== "clash") stand();
});

let met = false;
neighbours.addEventListener("met", () => {
  if (!met) status.explain(say("other_tab"), { kind: "note", key: "tab" });
  met = true;
});
neighbours.addEventListener("saved", () => outside.check());

preview.addEventListener("rendered", ({ detail }) => {
  const problem = detail.error;
  const marks = [...(problem ? [{ ...problem, severity: "error" }] : []), ...(detail.warnings ?? []).map((one) => ({ ...one, severity: "warning" }))];
  surface.mark(marks);
  for (const place of form.querySelectorAll("[data-problem], [data-preview-problem]")) {
    place.hidden = !problem;
    if (!problem) continue;
    const text = told(problem.message, problem.hint);
    place.textContent = problem.line ? say("line", problem.line, text) : text;
  }
  fields.show(detail.fields);
  const title = detail.fields?.find((one) => one.input === "title")?.value;
  if (title) find("h1").textContent = title;
  if (!problem) {
    const kind = /[\u3040-\u30ff\u3400-\u9fff]/.test(draft.text) ? "characters" : "words";
    find("[data-counts]").textContent = `${say(kind, detail.words.toLocaleString())} · ${say("minutes", detail.minutes)}`;
    find("[data-address]").textContent = detail.address;
  }
  document.dispatchEvent(new CustomEvent("previewed", { detail: { ms: detail.ms, text: draft.text } }));
});
preview.addEventListener("jump", ({ detail: line }) => {
  if (panes.narrow) panes.show("write");
  surface.goTo(line);
});

panes.addEventListener("shown", async ({ detail: view }) => {
  if (view === "preview") together.keepInView();
  if (!view.startsWith("beside")) return;
  const tab = find(`[data-view="${view}"]`);
  const answer = await fetch(tab.dataset.beside, { headers: { Accept: "text/html" } });
  if (answer.ok) find("#pane-beside").innerHTML = await answer.text();
});
find("#pane-beside").addEventListener("click", ({ target }) => {
  const { agree } = target.closest("[data-agree]")?.dataset ?? {};
  if (!agree) return;
  fields.set("translatedFrom", agree);
  target.closest(".notice").remove();
});

for (const problem of form.querySelectorAll("[data-problem]")) {
  problem.addEventListener("click", () => surface.goTo(Number(/\d+/.exec(problem.textContent)?.[0] ?? 1)));
}

form.addEventListener("submit", (event) => {
  if (event.submitter && !event.submitter.matches("[data-save]")) return;
  event.preventDefault();
  save();
});
const group = say("group");
register({ keys: "Mod+s", label: say("save"), group, run: save });
register({ keys: "Mod+Alt+p", label: say("view_preview"), group, run: () => panes.show("preview") });
register({ keys: "Mod+Alt+f", label: say("view_fields"), group, run: () => panes.show("fields") });
register({ keys: "Mod+Alt+w", label: say("view_write"), group, run: () => (panes.show("write"), surface.focus()) });

function showAside() {
  const button = document.querySelector("[data-aside]");
  button.hidden = !recovery.anyAside;
}
document.querySelector("[data-aside]").addEventListener("click", () => {
  document.getElementById("editor-more").hidePopover();
  recovery.openAside();
});

const others = await neighbours.greet();
await recovery.find(others);
if (await recovery.resume()) {
  status.explain(say("restored"), { kind: "note", action: { label: say("differs"), run: () => recovery.open() } });
} else if (recovery.any) {
  recovery.open();
}
showAside();
stand();
preview.refresh();
if (!surface.rich) find("[data-plain]").hidden = false;
form.dataset.ready = "";
export { toolbar };
