// How the text looks in CodeMirror: the study's own colours, by custom properties, so that light and dark follow.

export function looks(cm) {
  const { tags } = cm;
  const style = cm.HighlightStyle.define([
    { tag: [tags.heading1, tags.heading2, tags.heading3, tags.heading4, tags.heading5, tags.heading6], class: "tok-heading" },
    { tag: tags.strong, class: "tok-strong" },
    { tag: tags.emphasis, class: "tok-emphasis" },
    { tag: tags.strikethrough, class: "tok-strike" },
    { tag: [tags.link, tags.url], class: "tok-link" },
    { tag: [tags.processingInstruction, tags.contentSeparator, tags.meta], class: "tok-mark" },
    { tag: [tags.monospace, tags.labelName], class: "tok-code" },
    { tag: tags.quote, class: "tok-quote" },
    { tag: [tags.comment], class: "tok-comment" },
    { tag: [tags.propertyName, tags.definition(tags.propertyName), tags.attributeName], class: "tok-name" },
    { tag: [tags.number, tags.bool, tags.atom, tags.null], class: "tok-value" },
    { tag: [tags.string], class: "tok-string" },
    { tag: [tags.tagName, tags.angleBracket], class: "tok-tag" },
  ]);
  return [cm.syntaxHighlighting(style), shortcodes(cm)];
}

// {{< name … >}} and {{% name %}} are no Markdown, so a decoration finds them.
function shortcodes(cm) {
  const mark = cm.Decoration.mark({ class: "tok-shortcode" });
  const find = (view) => {
    const found = [];
    for (const { from, to } of view.visibleRanges) {
      for (const one of view.state.sliceDoc(from, to).matchAll(/\{\{([<%]).*?\1?[>%]\}\}/g)) {
        found.push(mark.range(from + one.index, from + one.index + one[0].length));
      }
    }
    return cm.Decoration.set(found);
  };
  return cm.ViewPlugin.fromClass(
    class {
      constructor(view) {
        this.decorations = find(view);
      }

      update(update) {
        if (update.docChanged || update.viewportChanged) this.decorations = find(update.view);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
}
