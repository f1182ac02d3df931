// What the reader has done, kept in this browser and nowhere else: one entry an exercise, so that two open pages do
// not overwrite each other. An entry holds the hash of the exercise as it was: a changed one gets no old answer.

/**
 * @typedef {{hash: string, answer?: string, right?: boolean, hints?: number, solution?: boolean}} Entry
 * @typedef {{name: string, hash: string, title: string}} Exercise
 * @typedef {{page: string, title: string, exercises: Exercise[]}} Chapter
 */

const PREFIX = "tc-exercise:";
const FORMAT = "transposed-convolution-answers-1";
const listeners = new Set();

/** @param {() => void} listener called whenever an entry changed, here or on another page */
export function watch(listener) {
  listeners.add(listener);
}

const tell = () => listeners.forEach((listener) => listener());
addEventListener("storage", (event) => {
  if (event.key === null || event.key.startsWith(PREFIX)) tell();
});

/** A value read from the storage or from a file, if it has the form of an entry. @param {any} value */
function asEntry(value) {
  if (typeof value?.hash !== "string") return null;
  /** @type {Entry} */
  const entry = { hash: value.hash };
  if (typeof value.answer === "string") entry.answer = value.answer;
  if (value.right === true) entry.right = true;
  if (Number.isInteger(value.hints)) entry.hints = value.hints;
  if (value.solution === true) entry.solution = true;
  return entry;
}

/** What is kept about an exercise as it stands now. @param {{name: string, hash: string}} exercise @returns {Entry} */
export function read({ name, hash }) {
  try {
    const entry = asEntry(JSON.parse(localStorage.getItem(PREFIX + name) ?? "null"));
    if (entry?.hash === hash) return entry;
  } catch {
    // Not ours, or the browser keeps nothing: as if nothing were there.
  }
  return { hash };
}

/** @param {{name: string, hash: string}} exercise @param {Partial<Entry>} change */
export function write(exercise, change) {
  try {
    localStorage.setItem(PREFIX + exercise.name, JSON.stringify({ ...read(exercise), ...change }));
  } catch {
    // The browser keeps nothing: the answer lives as long as the page.
  }
  tell();
}

function names() {
  return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
}

/** All entries as the text of a file. */
export function exportText() {
  const entries = names().map((key) => [key.slice(PREFIX.length), JSON.parse(localStorage.getItem(key) ?? "null")]);
  return JSON.stringify({ format: FORMAT, entries: Object.fromEntries(entries) }, null, 1);
}

/** Take over the entries of such a file; what it does not name stays. @param {string} text @returns how many */
export function importText(text) {
  const file = JSON.parse(text);
  if (file?.format !== FORMAT || typeof file.entries !== "object") throw new Error("not a file of answers");
  const entries = Object.entries(file.entries ?? {}).map(([name, value]) => ({ name, entry: asEntry(value) }));
  const good = entries.filter(({ name, entry }) => entry && /^[\w-]+$/.test(name));
  for (const { name, entry } of good) localStorage.setItem(PREFIX + name, JSON.stringify(entry));
  tell();
  return good.length;
}

export function erase() {
  names().forEach((key) => localStorage.removeItem(key));
  tell();
}
