// CodeMirror as the surface, in place of the text area.
import { changes } from "./differences.js";
import { pageLanguage } from "./frontmatter.js";
import { looks } from "./looks.js";
import { phrases, told } from "./words.js";

// The toolbar has these; and Tab leaves the text, as everywhere on the page.
const OURS = new Set(["Mod-i", "Mod-k", "Mod-b", "Mod-e", "Ctrl-k", "Ctrl-b", "Ctrl-e", "Mod-Alt-s"]);

/** Load the bundle and put CodeMirror where the text area is. */
export async function richSurface(textarea, place, { bundle, nonce, tag, label }) {
  const cm = await import(bundle);
  return new RichSurface(cm, textarea, place, { nonce, tag, label });
}

export class RichSurface {
  #view;
  #cm;
  #listeners = [];
  #set;
  rich = true;

  constructor(cm, textarea, place, options) {
    this.#cm = cm;
    this.#set = cm.Annotation.define();
    place.hidden = false;
    textarea.hidden = true;
    this.#view = new cm.EditorView({
      parent: place,
      state: cm.EditorState.create({ doc: textarea.value, extensions: this.#extensions(options) }),
    });
    this.scroller = this.#view.scrollDOM;
  }

  get cm() {
    return this.#cm;
  }

  #extensions({ nonce, tag, label }) {
    const cm = this.#cm;
    const ours = (binding) => !OURS.has(binding.key) && !OURS.has(binding.mac);
    return [
      cm.EditorView.cspNonce.of(nonce),
      cm.lineNumbers(),
      cm.lintGutter(),
      cm.highlightSpecialChars(),
      cm.history({ newGroupDelay: 400 }),
      cm.dropCursor(),
      cm.highlightActiveLine(),
      cm.EditorView.lineWrapping,
      cm.search({ top: true }),
      cm.highlightSelectionMatches({ minSelectionLength: 2 }),
      pageLanguage(cm),
      looks(cm),
      cm.EditorState.phrases.of(phrases()),
      cm.keymap.of([
        { key: "Enter", run: cm.insertNewlineContinueMarkup },
        { key: "Backspace", run: cm.deleteMarkupBackward },
        ...cm.searchKeymap,
        ...cm.historyKeymap,
        ...cm.defaultKeymap.filter(ours),
      ]),
      cm.EditorView.contentAttributes.of({
        // Checkers of accessibility do not count an editable element as one that takes the focus.
        tabindex: "0",
        "aria-label": label,
        lang: tag,
        spellcheck: "true",
        autocapitalize: "sentences",
        autocorrect: "on",
      }),
      cm.EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        const typed = !update.transactions.some((one) => one.annotation(this.#set));
        for (const listener of this.#listeners) listener({ typed });
      }),
      // The end of a composition changes no text, but now it may be saved and shown.
      cm.EditorView.domEventHandlers({
        compositionend: () => {
          setTimeout(() => this.#listeners.forEach((listener) => listener({ typed: true })), 60);
        },
      }),
    ];
  }

  get text() {
    return this.#view.state.doc.toString();
  }

  get composing() {
    return this.#view.composing;
  }

  get selection() {
    const { from, to } = this.#view.state.selection.main;
    return { from, to };
  }

  get focused() {
    return this.#view.hasFocus;
  }

  onChange(listener) {
    this.#listeners.push(listener);
  }

  change({ from, to, insert, select }) {
    const anchored = select && { anchor: select[0], head: select[1] };
    this.#view.dispatch({
      changes: { from, to, insert },
      selection: anchored,
      scrollIntoView: true,
      userEvent: "input.tool",
    });
    this.#view.focus();
  }

  replace(text) {
    const made = changes(this.text, text);
    if (!made.length) return;
    this.#view.dispatch({
      changes: made,
      annotations: [this.#set.of(true), this.#cm.isolateHistory.of("full")],
    });
  }

  focus() {
    this.#view.focus();
  }

  goTo(line, { focus = true } = {}) {
    const { doc } = this.#view.state;
    const place = doc.line(Math.min(Math.max(1, line), doc.lines)).from;
    this.#view.dispatch({
      selection: { anchor: place },
      effects: this.#cm.EditorView.scrollIntoView(place, { y: "center" }),
    });
    if (focus) this.focus();
  }

  /** Put the cursor where something is dropped. */
  goToPoint(x, y) {
    const place = this.#view.posAtCoords({ x, y }, false);
    this.#view.dispatch({ selection: { anchor: place } });
  }

  get top() {
    const block = this.#view.lineBlockAtHeight(this.scroller.scrollTop);
    const within = block.height ? (this.scroller.scrollTop - block.top) / block.height : 0;
    return this.#view.state.doc.lineAt(block.from).number + Math.min(1, Math.max(0, within));
  }

  scrollTo(line) {
    const { doc } = this.#view.state;
    const whole = Math.min(Math.max(1, Math.floor(line)), doc.lines);
    const block = this.#view.lineBlockAt(doc.line(whole).from);
    this.scroller.scrollTop = block.top + block.height * (line - whole);
  }

  get cursorLine() {
    return this.#view.state.doc.lineAt(this.selection.from).number;
  }

  /** Mark lines: [{line, message, hint, severity}]. */
  mark(problems) {
    const { state } = this.#view;
    const found = problems
      .filter((one) => one.line)
      .map(({ line, message, hint, severity }) => {
        const { from, to } = state.doc.line(Math.min(Math.max(1, line), state.doc.lines));
        return { from, to, severity, message: told(message, hint) };
      });
    this.#view.dispatch(this.#cm.setDiagnostics(state, found));
  }

  undo() {
    this.#cm.undo(this.#view);
  }

  redo() {
    this.#cm.redo(this.#view);
  }

  find() {
    this.#cm.openSearchPanel(this.#view);
    return true;
  }
}
