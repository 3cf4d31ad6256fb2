// What the toolbar does to a text: each command takes the text and the selection and gives one change.
import { say } from "./words.js";

const wrapped = (mark, word) => (text, from, to) => {
  const chosen = text.slice(from, to);
  const size = mark.length;
  if (text.slice(from - size, from) === mark && text.slice(to, to + size) === mark) {
    return { from: from - size, to: to + size, insert: chosen, select: [from - size, to - size] };
  }
  if (chosen.length > 2 * size && chosen.startsWith(mark) && chosen.endsWith(mark)) {
    const bare = chosen.slice(size, -size);
    return { from, to, insert: bare, select: [from, from + bare.length] };
  }
  // Spaces at the edges would keep Markdown from seeing the marks.
  const [, before, inner, after] = /^(\s*)([\s\S]*?)(\s*)$/.exec(chosen || say(word));
  const start = from + before.length + size;
  return { from, to, insert: before + mark + inner + mark + after, select: [start, start + inner.length] };
};

function lines(text, from, to) {
  const start = text.lastIndexOf("\n", from - 1) + 1;
  const next = text.indexOf("\n", Math.max(start, to - (to > from && text[to - 1] === "\n" ? 1 : 0)));
  const end = next < 0 ? text.length : next;
  return { start, end, rows: text.slice(start, end).split("\n") };
}

const prefixed = (pattern, mark, word) => (text, from, to) => {
  const { start, end, rows } = lines(text, from, to);
  const empty = rows.every((row) => !row.trim());
  const all = !empty && rows.every((row) => !row.trim() || pattern.test(row));
  const made = rows.map((row, number) => {
    if (all) return row.replace(pattern, "");
    if (!row.trim() && !empty) return row;
    const bare = row.replace(/^(\s*)(?:[-*+] (?:\[[ x]\] )?|\d+[.)] |> )?/, "$1");
    return mark(number) + (bare || say(word));
  });
  const insert = made.join("\n");
  return { from: start, to: end, insert, select: rows.length > 1 ? [start, start + insert.length] : [start + insert.length, start + insert.length] };
};

function heading(text, from, to) {
  const { start, end, rows } = lines(text, from, to);
  const [, marks, rest] = /^(#{0,6})\s*(.*)$/s.exec(rows.join(" "));
  const level = { 0: 2, 1: 2, 2: 3, 3: 4 }[marks.length] ?? 0;
  const insert = (level ? `${"#".repeat(level)} ` : "") + (rest || say("heading_text"));
  const place = start + insert.length;
  return { from: start, to: end, insert, select: [place - (rest ? 0 : insert.length - level - 1), place] };
}

function code(text, from, to) {
  if (!text.slice(from, to).includes("\n")) return wrapped("`", "code_text")(text, from, to);
  const { start, end, rows } = lines(text, from, to);
  const insert = `\`\`\`\n${rows.join("\n")}\n\`\`\``;
  return { from: start, to: end, insert, select: [start + 3, start + 3] };
}

/** Put a block of its own after the line of the cursor. */
export function block(text, from, to, made, select = [made.length, made.length]) {
  const { start, end, rows } = lines(text, to, to);
  const here = rows.join("").trim() ? end : start;
  const before = text.slice(0, here).trimEnd() && !text.slice(0, here).endsWith("\n\n") ? (text.slice(0, here).endsWith("\n") ? "\n" : "\n\n") : "";
  const after = text.slice(here).startsWith("\n\n") || !text.slice(here).trim() ? "\n" : "\n\n";
  const at = here + before.length;
  return { from: here, to: here, insert: before + made + after.slice(text[here] === "\n" ? 1 : 0), select: [at + select[0], at + select[1]] };
}

function table(text, from, to) {
  const head = [1, 2, 3].map((number) => `${say("column")} ${number}`);
  const row = `| ${head.map(() => say("cell")).join(" | ")} |`;
  const made = `| ${head.join(" | ")} |\n| ${head.map(() => "---").join(" | ")} |\n${row}\n${row}`;
  return block(text, from, to, made, [2, 2 + head[0].length]);
}

export const commands = {
  bold: wrapped("**", "bold_text"),
  italic: wrapped("*", "italic_text"),
  heading,
  list: prefixed(/^\s*[-*+] /, () => "- ", "item_text"),
  numbers: prefixed(/^\s*\d+[.)] /, (number) => `${number + 1}. `, "item_text"),
  quote: prefixed(/^> ?/, () => "> ", "quote_text"),
  code,
  table,
};

// What the insert dialog makes of its fields.

const escaped = (text) => text.replace(/[[\]\\]/g, "\\$&");
const address = (text) => (/[\s()]/.test(text) ? `<${text}>` : text);

const ENCLOSING = { details: 'summary=""', highlight: "python" };
const ARGUMENTS = { figure: 'src="" alt=""', youtube: "ID", vimeo: "ID", gist: "USER ID", ref: '"about.md"', relref: '"about.md"', qr: '"https://"' };

export const inserts = {
  link: (text, from, to, fields) => {
    const shown = fields.text || fields.address;
    const insert = `[${escaped(shown)}](${address(fields.address)})`;
    return { from, to, insert, select: [from + insert.length, from + insert.length] };
  },
  picture: (text, from, to, fields) => {
    const insert = `![${escaped(fields.alt)}](${address(fields.address)})`;
    return { from, to, insert, select: [from + insert.length, from + insert.length] };
  },
  shortcode: (text, from, to, { shortcode }) => {
    const inner = text.slice(from, to);
    if (!(shortcode in ENCLOSING)) {
      const given = ARGUMENTS[shortcode];
      return block(text, from, to, `{{< ${shortcode}${given ? ` ${given}` : ""} >}}`);
    }
    const opening = `{{< ${shortcode} ${ENCLOSING[shortcode]} >}}`;
    const made = `${opening}\n${inner}\n{{< /${shortcode} >}}`;
    if (inner) return { from, to, insert: made, select: [from + opening.length - 5, from + opening.length - 5] };
    return block(text, from, to, made, [opening.length + 1, opening.length + 1]);
  },
};
