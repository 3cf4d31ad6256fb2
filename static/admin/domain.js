// The domain: texts to copy, a form that follows its choice, and a word while the doctor looks.
import { notify } from "./notices.js";

for (const button of document.querySelectorAll("[data-copy-text]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copyText).textContent.trim());
    notify(button.dataset.copied, { kind: "good", key: "copied" });
  });
}

const registrar = document.querySelector("[data-registrar]");
if (registrar) {
  registrar.querySelector("[data-go]").hidden = true;
  registrar.elements.at.addEventListener("change", () => registrar.requestSubmit());
}

for (const form of document.querySelectorAll("[data-look]")) {
  form.addEventListener("submit", () => {
    document.querySelector("[data-looking]").textContent = form.dataset.look;
  });
}
