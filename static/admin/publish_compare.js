// Two frames that scroll together, each by its share of its own length.
const frames = [...document.querySelectorAll("[data-half]")];
let leader = null;

function follow(frame) {
  const from = frame.contentDocument?.scrollingElement;
  if (!from) return;
  const share = from.scrollTop / Math.max(1, from.scrollHeight - from.clientHeight);
  for (const other of frames) {
    const to = other.contentDocument?.scrollingElement;
    if (other !== frame && to) to.scrollTop = share * (to.scrollHeight - to.clientHeight);
  }
}

function equip(frame) {
  const view = frame.contentWindow;
  // Only the frame that is scrolled by hand leads: the other's own scrolling must not come back.
  for (const kind of ["wheel", "touchstart", "keydown", "pointerdown"]) {
    view.addEventListener(kind, () => (leader = frame), { passive: true });
  }
  view.addEventListener("scroll", () => leader === frame && follow(frame), { passive: true });
}

if (frames.length === 2) {
  for (const frame of frames) {
    frame.addEventListener("load", () => equip(frame));
    if (frame.contentDocument?.readyState === "complete") equip(frame);
  }
}
