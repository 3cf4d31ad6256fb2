// The switch of colours: as the device, light, dark. The choice is shared with the public pages of this browser.
const root = document.documentElement;
const button = document.querySelector("[data-scheme-switch]");
const order = ["auto", "light", "dark"];

function label() {
  button.setAttribute("aria-label", button.dataset[root.dataset.scheme] ?? button.dataset.auto);
  button.title = button.getAttribute("aria-label");
}

if (button) {
  label();
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.scheme = order[(order.indexOf(root.dataset.scheme) + 1) % order.length];
    try {
      localStorage.setItem("scheme", root.dataset.scheme);
    } catch {
      // A browser that keeps nothing still changes colour for this visit.
    }
    label();
  });
}
