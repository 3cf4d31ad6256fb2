// Wakes a guestbook when it comes near: on its page by scrolling, in a panel as that opens. Nothing is loaded before.
const near = new IntersectionObserver(
  (seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      wake(target);
    }
  },
  { rootMargin: "400px" },
);

async function wake(section) {
  const style = new URL(section.dataset.style, location.href).href;
  if (![...document.styleSheets].some((sheet) => sheet.href === style)) {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: style });
    document.head.append(link);
  }
  const { open } = await import("./guestbook/room.js");
  open(section);
}

for (const section of document.querySelectorAll("[data-guestbook]")) near.observe(section);
