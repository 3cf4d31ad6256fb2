// The library: files dropped or pasted anywhere on the page, their progress, and search while typing.
import { notify } from "./notices.js";
import { accept, upload } from "./uploads.js";

const form = document.querySelector("[data-uploads]");
if (form) prepare();

function prepare() {
  const input = form.querySelector("input[type=file]");
  const list = form.querySelector("[data-upload-list]");
  const words = form.dataset;
  for (const part of form.querySelectorAll("[data-without]")) part.hidden = true;
  form.querySelector("[data-drop-hint]").hidden = false;
  const choose = document.querySelector("[data-choose]");
  choose.hidden = false;
  choose.addEventListener("click", () => input.click());
  input.addEventListener("change", () => take([...input.files]));
  accept(document.body, (files) => take(files));

  const waiting = [];
  let busy = false;
  let changed = false;

  function take(files) {
    list.hidden = false;
    for (const file of files) {
      const row = rowOf(file.name);
      list.append(row.element);
      if (file.size > Number(words.limit)) row.fail(words.tooLarge);
      else waiting.push({ file, row });
    }
    work();
  }

  async function work() {
    if (busy) return;
    busy = true;
    for (let next = waiting.shift(); next; next = waiting.shift()) await sent(next);
    busy = false;
    input.value = "";
    if (changed) await refresh();
    changed = false;
  }

  async function sent(job) {
    const { file, row } = job;
    row.start();
    try {
      const answer = await upload(form.action, file, { progress: row.progress, lost: words.lost });
      row.done(answer, answer.new ? words.done : words.known);
      changed = true;
    } catch (problem) {
      row.fail(problem.message, problem.lost && (() => (waiting.push(job), work())));
    }
  }

  function rowOf(name) {
    const element = document.createElement("li");
    const title = document.createElement("div");
    const state = document.createElement("small");
    state.textContent = words.waiting;
    title.append(name, state);
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.setAttribute("aria-label", name);
    element.append(title);
    return {
      element,
      start: () => ((bar.value = 0), (state.textContent = ""), state.classList.remove("error"), element.append(bar)),
      progress: (part) => (bar.value = part),
      done(answer, word) {
        bar.remove();
        const link = document.createElement("a");
        link.href = answer.page;
        link.textContent = answer.file;
        title.replaceChildren(link, state);
        state.textContent = word;
      },
      fail(message, again) {
        bar.remove();
        state.textContent = message;
        state.className = "error";
        if (!again) return;
        const button = document.createElement("button");
        button.type = "button";
        button.className = "small";
        button.textContent = words.again;
        button.addEventListener("click", () => (button.remove(), again()));
        element.append(button);
      },
    };
  }
}

const results = document.querySelector("[data-media-results]");

/** Show the list as the server has it now, without losing what is under way on the page. */
async function refresh(address = location.href) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  results.replaceChildren(...page.querySelector("[data-media-results]").childNodes);
  document.querySelector(".kinds").replaceWith(page.querySelector(".kinds"));
}

const search = document.querySelector("[data-media-search]");
if (search) {
  let timer;
  const run = () => {
    const address = new URL(search.action);
    for (const [name, value] of new FormData(search)) if (value) address.searchParams.set(name, value);
    history.replaceState(null, "", address);
    refresh(address);
  };
  search.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(run, 120);
  });
  search.addEventListener("compositionend", run);
  search.addEventListener("submit", (event) => (event.preventDefault(), run()));
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    notify(button.dataset.copied, { kind: "good" });
  });
}
