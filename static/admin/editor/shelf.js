// The browser's own journal: one record for each page and tab, in IndexedDB. Without it, nothing is kept here.

const KEEP = 30 * 24 * 3600 * 1000;
let opening;

function open() {
  opening ??= new Promise((resolve) => {
    let request;
    try {
      request = indexedDB.open("meishi-editor", 1);
    } catch {
      return resolve(null);
    }
    request.onupgradeneeded = () => request.result.createObjectStore("drafts", { keyPath: ["path", "tab"] });
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => resolve(null);
  });
  return opening;
}

async function within(mode, work) {
  const base = await open();
  if (!base) return null;
  return new Promise((resolve) => {
    let request;
    try {
      // Typing must not wait for the disk; the order of writes is kept all the same.
      const transaction = base.transaction("drafts", mode, { durability: "relaxed" });
      request = work(transaction.objectStore("drafts"));
      transaction.oncomplete = () => resolve(request?.result ?? true);
      transaction.onerror = transaction.onabort = () => resolve(null);
    } catch {
      resolve(null);
    }
  });
}

export const put = (record) => within("readwrite", (store) => store.put(record));

export const drop = (path, tab) => {
  last((storage) => storage.removeItem(name(path, tab)));
  return within("readwrite", (store) => store.delete([path, tab]));
};

// A page that goes away waits for no database: its last words go where they are written at once.

const PREFIX = "meishi-editor ";
const name = (path, tab) => `${PREFIX}${path} ${tab}`;

function last(work) {
  try {
    return work(localStorage);
  } catch {
    return undefined; // full, or forbidden: the database and the server have what came before
  }
}

export const putNow = (record) => last((storage) => storage.setItem(name(record.path, record.tab), JSON.stringify(record)));

const lastWords = () =>
  last((storage) => Object.keys(storage).filter((key) => key.startsWith(PREFIX)).map((key) => JSON.parse(storage[key]))) ?? [];

/** List what is kept of a page, and forget what is older than a month. */
export async function list(path) {
  const found = await within("readonly", (store) => store.getAll());
  const all = [...(Array.isArray(found) ? found : []), ...lastWords()];
  const old = all.filter((one) => Date.now() - one.when > KEEP);
  for (const one of old) drop(one.path, one.tab);
  return all.filter((one) => one.path === path && !old.includes(one));
}
