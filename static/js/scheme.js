// The switch of colours: automatic, light, dark. The choice stays in this browser.
const root = document.documentElement;
const button = document.querySelector("[data-scheme-switch]");
const order = ["auto", "light", "dark"];

function label() {
  button.setAttribute("aria-label", button.dataset[root.dataset.scheme] ?? button.dataset.auto);
}

if (button) {
  label();
  button.hidden = false;
  button.addEventListener("click", () => {
    const next = order[(order.indexOf(root.dataset.scheme) + 1) % order.length];
    root.dataset.scheme = next;
    try {
      localStorage.setItem("scheme", next);
    } catch {
      // A browser that keeps nothing still changes colour for this visit.
    }
    label();
  });
}
