// Tells one who looks elsewhere: a number in the title, a quiet sound if it is wanted; and one who listens.
import { keep, text } from "./store.js";

let unread = 0;
const plain = () => document.title.replace(/^\(\d+\) /, "");

export function missed(count) {
  if (!document.hidden) return;
  unread += count;
  document.title = `(${unread}) ${plain()}`;
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden || !unread) return;
  unread = 0;
  document.title = plain();
});

let audio = null;
export const sounds = () => text("sound") === "on";
export function setSound(on) {
  keep("sound", on ? "on" : "");
  if (on) ring();
}

// Two soft tones, a fifth apart.
export function ring() {
  if (!sounds()) return;
  audio ??= new AudioContext();
  audio.resume();
  [587.33, 880].forEach((pitch, at) => {
    const start = audio.currentTime + at * 0.14;
    const tone = new OscillatorNode(audio, { frequency: pitch });
    const loudness = new GainNode(audio, { gain: 0 });
    loudness.gain.setValueAtTime(0, start);
    loudness.gain.linearRampToValueAtTime(0.05, start + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.0001, start + 0.5);
    tone.connect(loudness).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.5);
  });
}
