// The small picture of someone who writes: a crest of rings. site/meishi/web/faces.py draws the same.
const SVG = "http://www.w3.org/2000/svg";
const folds = [5, 6, 7, 8, 9, 10, 12, 16];
const rings = [["0 1", true], [".5 .5", false], [".8 .2", false], [".2 .8", false], [".35 .65", true]];
const hearts = [{ r: "2" }, { r: "2.5", fill: "currentColor" }, { r: "1.2", "stroke-width": "1" }, null];

function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function ring(r, pathLength, style, turned) {
  const [dashes, round] = rings[style];
  const attributes = { d: `M${r} 0a${r} ${r} 0 1 1-${2 * r} 0 ${r} ${r} 0 1 1 ${2 * r} 0`, pathLength, "stroke-dasharray": dashes };
  if (round) attributes["stroke-linecap"] = "round";
  if (turned) attributes["stroke-dashoffset"] = ".5";
  return shape("path", attributes);
}

export function face(key, size = 36) {
  let rest = BigInt(`0x${(/^[0-9a-f]*/i.exec(key)[0] || "0").slice(0, 16).padEnd(16, "0")}`);
  const take = (number) => {
    const found = Number(rest % BigInt(number));
    rest /= BigInt(number);
    return found;
  };
  const hue = take(12);
  const fold = folds[take(folds.length)];
  const outer = take(rings.length);
  const inner = take(rings.length);
  const heart = hearts[take(hearts.length)];
  const within = take(2) && fold % 2 === 0 ? fold / 2 : fold;
  const svg = shape("svg", {
    class: `face f${hue}`, viewBox: "-16 -16 32 32", width: size, height: size,
    fill: "none", stroke: "currentColor", "stroke-width": "4", "aria-hidden": "true",
  });
  svg.append(ring(13, fold, outer, false), ring(7.5, within, inner, rest % 2n === 1n));
  if (heart) svg.append(shape("circle", heart));
  return svg;
}
