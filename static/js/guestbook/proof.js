// A little work for the machine of one who looks suspicious: see meishi/guestbook/proofs.py (ALTCHA's second version).
const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export async function prove(challenge) {
  const { nonce, salt, cost, keyLength = 32, keyPrefix } = challenge.parameters;
  if (!globalThis.crypto?.subtle) return "none";
  const password = new Uint8Array([...bytes(nonce), 0, 0, 0, 0]);
  const view = new DataView(password.buffer);
  for (let counter = 0; counter < 100000; counter += 1) {
    view.setUint32(password.length - 4, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: cost };
    const derivedKey = hex(await crypto.subtle.deriveBits(how, key, keyLength * 8));
    if (derivedKey.startsWith(keyPrefix)) {
      const answer = new TextEncoder().encode(JSON.stringify({ challenge, solution: { counter, derivedKey } }));
      return btoa(String.fromCharCode(...answer));
    }
  }
  return "none";
}
