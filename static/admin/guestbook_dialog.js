// Forms that have a page of their own, shown over the room instead: the same form, from the same server.
import { send } from "./request.js";

const dialog = document.getElementById("desk-dialog");
let opener;
let finish;

/** Show the form behind a link; `done` is told what the server says when it was sent. */
export async function openDialog(link, { done, lost }) {
  const url = new URL(link.href);
  url.searchParams.set("part", "form");
  let answer;
  try {
    answer = await fetch(url, { headers: { Accept: "text/html" } });
  } catch {
    return location.assign(link.href);
  }
  if (!answer.ok || answer.redirected) return location.assign(link.href);
  dialog.innerHTML = await answer.text();
  opener = link;
  finish = { done, lost };
  // What has the focus now gets it back in the same moment as the dialog closes; without that, a key pressed
  // right after Escape still went to the field that was just closed.
  link.focus({ preventScroll: true });
  dialog.showModal();
  dialog.querySelector("[autofocus]")?.focus();
}

dialog.addEventListener("click", (event) => {
  if (!event.target.closest("[data-close]")) return;
  event.preventDefault();
  dialog.close();
});
dialog.addEventListener("close", () => {
  dialog.replaceChildren();
  if (opener?.isConnected) opener.focus({ preventScroll: true });
});
dialog.addEventListener("submit", async (event) => {
  event.preventDefault();
  event.stopPropagation();
  const form = event.target;
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  const problem = form.querySelector("[data-problem]");
  problem.textContent = "";
  try {
    const answer = await send(form.action, { form: new FormData(form, event.submitter) });
    dialog.close();
    await finish.done(answer.message);
  } catch (error) {
    problem.textContent = error.status ? error.message : finish.lost;
  }
  delete form.dataset.busy;
});
