// Send files one after the other, with progress: fetch cannot tell how far it is.
const meta = (name) => document.querySelector(`meta[name="${name}"]`);

/** Send one file; resolves with the answer, rejects with { message } for the owner to read. */
export function upload(url, file, { fields = {}, progress, lost, again = true } = {}) {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    form.append("file", file, file.name || "picture");
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.responseType = "json";
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRF-Token", meta("csrf-token").content);
    request.upload.addEventListener("progress", ({ loaded, total }) => progress?.(total ? loaded / total : 0));
    request.addEventListener("error", () => reject({ message: lost, lost: true }));
    request.addEventListener("load", async () => {
      const { status, response } = request;
      if (status >= 200 && status < 300) return resolve(response);
      if (status === 403 && response?.error === "csrf" && again && (await freshToken())) {
        return upload(url, file, { fields, progress, lost, again: false }).then(resolve, reject);
      }
      if (status === 401) document.dispatchEvent(new CustomEvent("signed-out", { detail: response }));
      const words = [response?.message, response?.hint].filter(Boolean).join(". ");
      reject({ message: words || `${status}`, status });
    });
    request.send(form);
  });
}

async function freshToken() {
  const answer = await fetch(meta("token-address").content, { headers: { Accept: "application/json" } });
  if (answer.ok) meta("csrf-token").content = (await answer.json()).token;
  return answer.ok;
}

/** The files of a drop or a paste; a text that was copied with its picture, as office programs do, is a text. */
export function filesOf(transfer) {
  if (!transfer?.files.length) return [];
  const texts = [...transfer.types].some((type) => type === "text/plain" || type === "text/rtf");
  return texts ? [] : [...transfer.files];
}

/** Call `take(files, event)` for what is dropped on a place or pasted into it; `mark` shows that it may be let go. */
export function accept(place, take, mark = place) {
  let depth = 0;
  const holds = (event) => event.dataTransfer?.types.includes("Files");
  const on = (name, run) => place.addEventListener(name, run, { capture: true });
  on("dragenter", (event) => holds(event) && (event.preventDefault(), (depth += 1), mark.classList.add("dropping")));
  on("dragover", (event) => holds(event) && (event.preventDefault(), (event.dataTransfer.dropEffect = "copy")));
  on("dragleave", (event) => holds(event) && (depth -= 1) <= 0 && mark.classList.remove("dropping"));
  on("drop", (event) => {
    depth = 0;
    mark.classList.remove("dropping");
    if (!holds(event)) return;
    event.preventDefault();
    event.stopPropagation();
    take([...event.dataTransfer.files], event);
  });
  on("paste", (event) => {
    const files = filesOf(event.clipboardData);
    if (!files.length) return;
    event.preventDefault();
    event.stopPropagation();
    take(files, event);
  });
}
