// What the editor takes from CodeMirror 6: the install bundles this file into static/dist/admin/codemirror.js
// (see hatch_build.py). All behaviour is in static/admin/editor/, which needs no build.
export { defaultKeymap, history, historyKeymap, isolateHistory, redo, undo } from "@codemirror/commands";
export { json } from "@codemirror/lang-json";
export { deleteMarkupBackward, insertNewlineContinueMarkup, markdown, markdownLanguage } from "@codemirror/lang-markdown";
export { yaml } from "@codemirror/lang-yaml";
export { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
export { toml } from "@codemirror/legacy-modes/mode/toml";
export { lintGutter, setDiagnostics } from "@codemirror/lint";
export { MergeView, unifiedMergeView } from "@codemirror/merge";
export { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from "@codemirror/search";
export { Annotation, EditorState } from "@codemirror/state";
export {
  Decoration,
  EditorView,
  ViewPlugin,
  dropCursor,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
export { parseMixed } from "@lezer/common";
export { tags } from "@lezer/highlight";
