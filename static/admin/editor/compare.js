// Two texts side by side, or on a narrow window one in the other; without CodeMirror, as a plain list of lines.
import { compareLines } from "./differences.js";
import { pageLanguage } from "./frontmatter.js";
import { looks } from "./looks.js";
import { phrases, say } from "./words.js";

const collapseUnchanged = { margin: 3, minSize: 6 };

/** Show in `place` what leads from one text to the other. Returns { text } of the right side, which may be edited. */
export function compare(place, { before, after, cm, nonce, labels }) {
  place.replaceChildren();
  if (before === after) {
    place.textContent = say("no_difference");
    return { text: () => after };
  }
  if (!cm) return listed(place, before, after);
  const words = cm.EditorState.phrases.of(phrases());
  const shared = [cm.EditorView.cspNonce.of(nonce), cm.EditorView.lineWrapping, pageLanguage(cm), looks(cm), words];
  const label = (text) => cm.EditorView.contentAttributes.of({ "aria-label": text });
  const fixed = [cm.EditorState.readOnly.of(true), cm.EditorView.editable.of(true)];
  if (matchMedia("(max-width: 52rem)").matches) {
    const view = new cm.EditorView({
      parent: place,
      state: cm.EditorState.create({
        doc: after,
        extensions: [shared, label(labels[1]), cm.unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged }), fixed],
      }),
    });
    return { text: () => view.state.doc.toString() };
  }
  const heads = document.createElement("div");
  heads.className = "compare-heads";
  heads.append(...labels.map((text) => Object.assign(document.createElement("h3"), { textContent: text })));
  const holder = document.createElement("div");
  place.append(heads, holder);
  const view = new cm.MergeView({
    parent: holder,
    a: { doc: before, extensions: [shared, label(labels[0]), fixed] },
    b: { doc: after, extensions: [shared, label(labels[1]), cm.history(), cm.keymap.of(cm.defaultKeymap)] },
    revertControls: "a-to-b",
    collapseUnchanged,
  });
  return { text: () => view.b.state.doc.toString() };
}

function listed(place, before, after) {
  const rows = compareLines(before, after).map(({ kind, text }) => {
    const row = document.createElement("div");
    row.className = `row ${kind}`;
    const line = document.createElement("code");
    const inner = document.createElement(kind === "gone" ? "del" : kind === "new" ? "ins" : "span");
    inner.textContent = text || "\u00a0";
    line.append(inner);
    row.append(line);
    return row;
  });
  const list = document.createElement("div");
  list.className = "diff";
  list.append(...rows);
  place.append(list);
  return { text: () => after };
}
