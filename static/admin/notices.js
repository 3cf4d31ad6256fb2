// Short news at the foot of the window, read out by screen readers.
const place = document.querySelector("[data-notices]");

/**
 * Say something: notify("Saved", { kind: "good" | "note" | "warning" | "error", seconds, action: { label, run } }).
 * Errors and notices with an action stay until they are closed or replaced by one with the same key.
 */
export function notify(text, { kind = "note", seconds, action, key } = {}) {
  if (key) place.querySelector(`[data-key="${CSS.escape(key)}"]`)?.remove();
  const notice = document.createElement("p");
  notice.className = `notice toast ${kind}`;
  if (key) notice.dataset.key = key;
  if (kind === "error") notice.setAttribute("role", "alert");
  notice.append(text);
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = action.label;
    button.addEventListener("click", () => {
      notice.remove();
      action.run();
    });
    notice.append(" ", button);
  }
  place.append(notice);
  const lasting = seconds ?? (kind === "error" ? 0 : action ? 12 : 5);
  if (lasting) setTimeout(() => notice.remove(), lasting * 1000);
  return notice;
}
