// Markdown with front matter: a block rule that takes the fences, and the language between them.

const FENCES = { "---": "YAML", "+++": "TOML" };

/** Make the Markdown language of a page with what the bundle brings. */
export function pageLanguage(cm) {
  const inner = {
    YAML: cm.yaml().language.parser,
    TOML: cm.StreamLanguage.define(cm.toml).parser,
    JSON: cm.json().language.parser,
  };
  const names = Object.keys(inner);
  const rule = {
    name: "FrontMatter",
    before: "HorizontalRule",
    parse(block, line) {
      if (block.lineStart !== 0) return false;
      const fence = line.text.trimEnd();
      if (FENCES[fence]) return fenced(block, line, fence);
      return /^\{(?![{%<])/.test(line.text) ? braced(block, line) : false;
    },
  };
  return cm.markdown({
    base: cm.markdownLanguage,
    addKeymap: false,
    extensions: {
      defineNodes: [
        { name: "FrontMatterMark", style: cm.tags.processingInstruction },
        ...names.map((name) => ({ name: `FrontMatter${name}`, block: true })),
      ],
      parseBlock: [rule],
      wrap: cm.parseMixed((node) => {
        const name = node.name.startsWith("FrontMatter") && node.name.slice(11);
        return inner[name] ? { parser: inner[name] } : null;
      }),
    },
  });
}

function fenced(block, line, fence) {
  const marks = [block.elt("FrontMatterMark", 0, line.text.length)];
  const start = line.text.length + 1;
  let end = start;
  while (block.nextLine()) {
    if (line.text.trimEnd() === fence) {
      marks.push(block.elt("FrontMatterMark", block.lineStart, block.lineStart + line.text.length));
      block.nextLine();
      break;
    }
    end = block.lineStart + line.text.length;
  }
  block.addElement(marks[0]);
  if (end > start) block.addElement(block.elt(`FrontMatter${FENCES[fence]}`, start, end));
  if (marks[1]) block.addElement(marks[1]);
  return true;
}

function braced(block, line) {
  let depth = 0;
  let end = 0;
  do {
    for (const sign of line.text.replace(/"(?:[^"\\]|\\.)*"/g, "")) depth += sign === "{" ? 1 : sign === "}" ? -1 : 0;
    end = block.lineStart + line.text.length;
  } while (block.nextLine() && depth > 0);
  block.addElement(block.elt("FrontMatterJSON", 0, end));
  return true;
}
