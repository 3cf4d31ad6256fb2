// Shortcuts, declared where they act: <a data-shortcut="g p" data-shortcut-label="Pages">, or register({...}) by a module.
// `?` lists exactly those that work on the page. "Mod+s" is Ctrl+S, on a Mac ⌘S.
const registered = [];
const mac = /Mac|iP(hone|ad)/.test(navigator.platform);
const dialog = document.getElementById("shortcuts");
const list = dialog?.querySelector("[data-shortcut-list]");
const box = dialog?.querySelector("[data-shortcut-switch]");
let pending = "";
let pendingSince = 0;

/** Add a shortcut: { keys: "Mod+s", label: "Save", group: "Editor", run() }; returns a function that takes it away. */
export function register(shortcut) {
  registered.push(shortcut);
  return () => registered.splice(registered.indexOf(shortcut), 1);
}

function declared() {
  const elements = [...document.querySelectorAll("[data-shortcut]")];
  return elements.map((element) => ({
    keys: element.dataset.shortcut,
    label: element.dataset.shortcutLabel ?? element.getAttribute("aria-label") ?? element.textContent.trim(),
    group: element.dataset.shortcutGroup,
    run: () => (element.matches("input, textarea, select") ? element.focus() : element.click()),
    usable: !element.disabled,
  }));
}

const all = () => [...registered, ...declared()];
const single = () => box?.checked ?? true;

function pressed(event) {
  if (event.key === "Dead" || event.key === "Unidentified") return "";
  const mod = mac ? event.metaKey : event.ctrlKey;
  const other = mac ? event.ctrlKey : event.metaKey;
  if (other) return "";
  const named = event.key.length > 1;
  const parts = [mod && "Mod", event.altKey && "Alt", event.shiftKey && (named || mod) && "Shift"].filter(Boolean);
  // With ⇧ or ⌥ the same key gives other signs on other keyboards; what it is called on them all is its place.
  const place = /^(?:Key|Digit)(.)$/.exec(event.code ?? "");
  const key = place && (event.altKey || (mod && event.shiftKey)) ? place[1] : event.key;
  return [...parts, named ? event.key : key.toLowerCase()].join("+");
}

const typing = (target) => target.isContentEditable || target.closest?.("input:not([type=checkbox], [type=radio], [type=button]), textarea, select, .cm-editor");

addEventListener("keydown", (event) => {
  // During Japanese input every key belongs to the input method.
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  const key = pressed(event);
  if (!key) return;
  const plain = !/^(Mod|Alt)\+/.test(key);
  if (plain && key !== "Escape" && (typing(event.target) || !single())) return;
  if (plain && document.querySelector("dialog:modal")) return;
  const usable = all().filter((shortcut) => shortcut.usable !== false);
  const chord = pending && Date.now() - pendingSince < 1500 ? `${pending} ${key}` : key;
  const found = usable.find((shortcut) => shortcut.keys === chord) ?? usable.find((shortcut) => shortcut.keys === key);
  pending = "";
  if (found) {
    event.preventDefault();
    found.run(event);
  } else if (usable.some((shortcut) => shortcut.keys.startsWith(`${key} `))) {
    pending = key;
    pendingSince = Date.now();
  }
});

function keycaps(keys) {
  const shown = document.createDocumentFragment();
  keys.split(" ").forEach((stroke, index) => {
    if (index) shown.append(` ${list.dataset.then} `);
    for (const part of stroke.split("+")) {
      const cap = document.createElement("kbd");
      cap.textContent = { Mod: mac ? "⌘" : "Ctrl", Alt: mac ? "⌥" : "Alt", Shift: "⇧", Escape: "Esc" }[part] ?? part;
      shown.append(cap);
    }
  });
  return shown;
}

function fill() {
  const groups = Map.groupBy ? Map.groupBy(all(), (one) => one.group ?? "") : group(all());
  list.replaceChildren();
  for (const [name, shortcuts] of groups) {
    const title = document.createElement("h3");
    title.textContent = name || list.dataset.here;
    const table = document.createElement("dl");
    for (const { keys, label } of shortcuts) {
      const term = document.createElement("dt");
      term.textContent = label;
      const caps = document.createElement("dd");
      caps.append(keycaps(keys));
      table.append(term, caps);
    }
    list.append(title, table);
  }
}

function group(shortcuts) {
  const groups = new Map();
  for (const one of shortcuts) groups.set(one.group ?? "", [...(groups.get(one.group ?? "") ?? []), one]);
  return groups;
}

if (dialog) {
  new MutationObserver(() => dialog.open && fill()).observe(dialog, { attributeFilter: ["open"] });
  try {
    box.checked = localStorage.getItem("shortcuts") !== "off";
  } catch {
    // Then the choice lasts for this page.
  }
  box.addEventListener("change", () => {
    try {
      localStorage.setItem("shortcuts", box.checked ? "on" : "off");
    } catch {
      // As above.
    }
  });
}
