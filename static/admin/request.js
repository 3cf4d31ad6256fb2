// Talk to the study: every change carries the page's token, and signing in again in another tab mends this one.

export class Refusal extends Error {
  constructor(status, answer) {
    super(answer?.message ?? answer?.error ?? `The server answered ${status}.`);
    this.status = status;
    this.answer = answer ?? {};
  }
}

const meta = (name) => document.querySelector(`meta[name="${name}"]`);

async function freshToken() {
  const answer = await fetch(meta("token-address").content, { headers: { Accept: "application/json" } });
  if (!answer.ok) return false;
  meta("csrf-token").content = (await answer.json()).token;
  for (const field of document.querySelectorAll("input[name=csrf_token]")) {
    field.value = meta("csrf-token").content;
  }
  return true;
}

/**
 * Send a request and return its JSON (or null).
 * send(url, { json: {...} }) and send(url, { form: new FormData(…) }) are POSTs.
 * Throws Refusal (status, answer: {error, message, place, hint}); status 401 means signed out,
 * and a document event "signed-out" lets the page say so. A lost connection throws TypeError, as fetch does.
 */
export async function send(url, { method, json, form, signal, keepalive, again = true } = {}) {
  const headers = { Accept: "application/json", "X-CSRF-Token": meta("csrf-token").content };
  if (json !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(url, {
    method: method ?? (json !== undefined || form ? "POST" : "GET"),
    headers,
    body: json !== undefined ? JSON.stringify(json) : form,
    signal,
    keepalive,
    redirect: "error",
  });
  const typed = answer.headers.get("Content-Type") ?? "";
  const body = typed.includes("json") ? await answer.json() : null;
  if (answer.ok) return body;
  if (answer.status === 403 && body?.error === "csrf" && again && (await freshToken())) {
    return send(url, { method, json, form, signal, keepalive, again: false });
  }
  if (answer.status === 401) document.dispatchEvent(new CustomEvent("signed-out", { detail: body }));
  throw new Refusal(answer.status, body);
}
