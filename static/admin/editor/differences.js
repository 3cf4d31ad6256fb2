// What differs between two texts, line by line (Myers' algorithm), and as the changes that lead from one to the other.

const MOST = 2000; // steps; texts that differ more are replaced as a whole

/** Return [{kind: "same" | "gone" | "new", text}], a line each. */
export function compareLines(before, after) {
  const old = before.split("\n");
  const fresh = after.split("\n");
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head++;
  let tail = 0;
  while (tail < Math.min(old.length, fresh.length) - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail++;
  const middle = walk(old.slice(head, old.length - tail), fresh.slice(head, fresh.length - tail));
  const same = (text) => ({ kind: "same", text });
  return [...old.slice(0, head).map(same), ...middle, ...(tail ? old.slice(-tail).map(same) : [])];
}

function walk(old, fresh) {
  const whole = () => [
    ...old.map((text) => ({ kind: "gone", text })),
    ...fresh.map((text) => ({ kind: "new", text })),
  ];
  if (!old.length || !fresh.length) return whole();
  const reached = new Map([[1, 0]]);
  const history = [];
  for (let steps = 0; steps <= Math.min(old.length + fresh.length, MOST); steps++) {
    history.push(new Map(reached));
    for (let k = -steps; k <= steps; k += 2) {
      const down = k === -steps || (k !== steps && reached.get(k - 1) < reached.get(k + 1));
      let x = down ? reached.get(k + 1) : reached.get(k - 1) + 1;
      while (x < old.length && x - k < fresh.length && old[x] === fresh[x - k]) x++;
      reached.set(k, x);
      if (x >= old.length && x - k >= fresh.length) return traced(old, fresh, history);
    }
  }
  return whole();
}

function traced(old, fresh, history) {
  const rows = [];
  let x = old.length;
  let y = fresh.length;
  for (let steps = history.length - 1; steps >= 0; steps--) {
    const reached = history[steps];
    const k = x - y;
    const down = k === -steps || (k !== steps && reached.get(k - 1) < reached.get(k + 1));
    const from = down ? k + 1 : k - 1;
    const fromX = steps ? reached.get(from) : 0;
    const fromY = steps ? fromX - from : 0;
    while (x > fromX && y > fromY) rows.push({ kind: "same", text: old[(y--, --x)] });
    if (steps) rows.push(down ? { kind: "new", text: fresh[--y] } : { kind: "gone", text: old[--x] });
  }
  return rows.reverse();
}

/** Return [{from, to, insert}] in the places of the old text, in order. */
export function changes(before, after) {
  const found = [];
  let at = 0; // in the old text
  let place = 0; // in the new one
  let start = null;
  const close = () => {
    if (start) found.push({ from: start.at, to: at, insert: `${after}\n`.slice(start.place, place) });
    start = null;
  };
  for (const { kind, text } of compareLines(before, after)) {
    if (kind === "same") close();
    else start ??= { at, place };
    if (kind !== "new") at += text.length + 1;
    if (kind !== "gone") place += text.length + 1;
  }
  close();
  return found.map((one) => trimmed(before, one)).filter((one) => one.from !== one.to || one.insert);
}

// Every line was counted with a line break, which the last one does not have.
function trimmed(before, { from, to, insert }) {
  if (to > before.length || from > before.length) {
    to = before.length;
    if (insert.endsWith("\n") && from <= to) insert = insert.slice(0, -1);
    else if (insert) [from, insert] = [to, `\n${insert.slice(0, -1)}`];
    else from -= 1;
  }
  while (from < to && insert && before[from] === insert[0]) [from, insert] = [from + 1, insert.slice(1)];
  while (from < to && insert && before[to - 1] === insert.at(-1)) [to, insert] = [to - 1, insert.slice(0, -1)];
  return { from, to, insert };
}
