// What every page of the study does: colours, shortcuts, dialogs, notices, forms that are sent once.
import "./scheme.js";
import "./shortcuts.js";
import "./countdown.js";
import "./forms.js";
import "./badges.js";

// <button data-open="ID"> opens the dialog with that id.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (!opener) return;
  opener.closest("[popover]")?.hidePopover();
  document.getElementById(opener.dataset.open)?.showModal();
});

// A click beside a dialog closes it, unless it holds something that could be lost.
document.addEventListener("click", (event) => {
  if (event.target instanceof HTMLDialogElement && !("keep" in event.target.dataset)) event.target.close();
});
