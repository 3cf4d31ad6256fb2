// Passkeys: sign in with one, or make one.
import { Refusal, send } from "./request.js";

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function packed(credential) {
  const { response } = credential;
  const fields = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const kept = fields.filter((name) => response[name]).map((name) => [name, text(response[name])]);
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: {},
    response: { ...Object.fromEntries(kept), transports: response.getTransports?.() ?? [] },
  };
}

async function make(place, details) {
  const options = await send(place.dataset.request, { json: details });
  options.challenge = bytes(options.challenge);
  options.user.id = bytes(options.user.id);
  for (const known of options.excludeCredentials ?? []) known.id = bytes(known.id);
  const credential = await navigator.credentials.create({ publicKey: options });
  return send(place.dataset.answer, { json: { ...details, password: undefined, credential: packed(credential) } });
}

async function use(place) {
  const options = await send(place.dataset.request, { json: {} });
  options.challenge = bytes(options.challenge);
  for (const known of options.allowCredentials ?? []) known.id = bytes(known.id);
  const credential = await navigator.credentials.get({ publicKey: options });
  return send(place.dataset.answer, { json: { credential: packed(credential), next: place.dataset.next } });
}

async function attempt(place, button, work) {
  const problem = place.querySelector(".error");
  problem.textContent = "";
  button.setAttribute("aria-busy", "true");
  try {
    location.assign((await work()).go);
  } catch (error) {
    // A DOMException means that the owner closed the browser's own dialog.
    problem.textContent = error instanceof Refusal ? [error.message, error.answer.hint].filter(Boolean).join(" ") : place.dataset.cancelled;
    button.removeAttribute("aria-busy");
  }
}

if (window.PublicKeyCredential) {
  for (const place of document.querySelectorAll("[data-passkey-sign-in]")) {
    place.hidden = false;
    const button = place.querySelector("button");
    button.addEventListener("click", () => attempt(place, button, () => use(place)));
  }
  for (const form of document.querySelectorAll("[data-passkey-register]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const details = { name: form.elements.name.value, password: form.elements.password.value };
      attempt(form, form.querySelector("button"), () => make(form, details));
    });
  }
}
