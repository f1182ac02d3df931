// The worker in which the page's Python runs. It gets every file from the page, and reaches nothing by itself.

/**
 * The files that the page sends, by name, each a promise until it has come: all that `fetch` gives in here.
 * @type {Map<string, {content: Promise<ArrayBuffer>, arrive: (content: ArrayBuffer) => void}>}
 */
const files = new Map();
const TYPES = { wasm: "application/wasm", json: "application/json" };
// What could carry something out of the page, or start a worker that can.
const CLOSED = [
  "XMLHttpRequest", "WebSocket", "WebSocketStream", "EventSource", "WebTransport", "RTCPeerConnection",
  "BroadcastChannel", "Worker", "SharedWorker", "importScripts", "caches", "indexedDB", "cookieStore", "Request",
];
const PACKAGES = "/lib/python3.12/site-packages/";
const PACKAGE = /-[\d.]+(post\d+)?\.zip$/; // with its version
const ENTRY = 0x04034b50; // begins each part of a zip
/** @type {any} */ let python;
/** @type {any} the driver's Book */ let book;

/** The page will send these files, in any order. @param {string[]} names */
function expect(names) {
  for (const name of names) {
    /** @type {(content: ArrayBuffer) => void} */ let arrive = () => {};
    const content = new Promise((/** @type {(content: ArrayBuffer) => void} */ resolve) => (arrive = resolve));
    files.set(name, { content, arrive });
  }
}

/** The content of a file, as soon as it has come; none for one that is not expected. @param {string} name */
const sent = async (name) => files.get(name)?.content;

/** `fetch` of this worker: the files that the page sends, nothing else. @param {any} address */
async function fetchSent(address) {
  const name = String(address?.url ?? address).split("/").pop() ?? "";
  const content = await sent(name);
  if (!content) throw new TypeError(`code of this page cannot fetch ${address}: it reaches nothing outside`);
  const type = TYPES[/** @type {keyof TYPES} */ (name.split(".").pop())] ?? "application/octet-stream";
  return new Response(content, { headers: { "Content-Type": type } });
}

/** Fix a global for good, on whichever object it stands. @param {string} name @param {unknown} value */
function fix(name, value) {
  for (let owner = globalThis; owner; owner = Object.getPrototypeOf(owner))
    if (owner === globalThis || Object.hasOwn(owner, name))
      Object.defineProperty(owner, name, { value, writable: false, configurable: false });
}

/** Import a sent file as a module. @param {string} name */
async function importSent(name) {
  const blob = new Blob([/** @type {ArrayBuffer} */ (await sent(name))], { type: "text/javascript" });
  return import(URL.createObjectURL(blob));
}

/**
 * Start Python with NumPy and the book's library. It starts while the later files are still on their way.
 * @param {string} driver its Python side
 */
async function start(driver) {
  fix("fetch", fetchSent);
  const { loadPyodide } = await importSent("pyodide.mjs");
  await importSent("pyodide.asm.js");
  const memory = await sent("memory");
  python = await loadPyodide({
    ...(memory ? { _loadSnapshot: new Uint8Array(memory) } : { _makeSnapshot: true }),
    indexURL: "https://book.invalid/", // files come from the page: no address is ever asked
    env: { HOME: "/home/pyodide", MPLBACKEND: "agg", MPLCONFIGDIR: `${PACKAGES}matplotlib/mpl-data/made` },
  });
  if (memory) python.runPython("import random; random.seed()"); // else every page would draw the same numbers
  else giveMemory();
  for (const name of files.keys()) if (name.startsWith("numpy-")) await unpack(name, PACKAGES);
  await unpack("lib.zip", "/book/");
  python.FS.writeFile("/book/driver.py", driver);
  python.runPython("import os, sys; sys.path.insert(0, '/book'); os.chdir('/book/chapters'); import numpy, driver");
  for (const name of CLOSED) fix(name, undefined);
  for (const name of ["sendBeacon", "serviceWorker", "storage", "locks"])
    Object.defineProperty(Object.getPrototypeOf(navigator), name, { value: undefined });
  book = python.runPython("driver.Book()");
}

/** Hand Python's memory to the page, which keeps it for the next one. */
function giveMemory() {
  const { buffer } = python.makeMemorySnapshot();
  postMessage({ memory: buffer }, { transfer: [buffer] });
}

/**
 * Unpack an archive into Python's files. Its parts stand in it as they are, one after the other, each behind a
 * header with its size and its name; they become files without being copied.
 * @param {string} name @param {string} folder
 */
async function unpack(name, folder) {
  const content = /** @type {ArrayBuffer} */ (await sent(name));
  files.delete(name);
  const view = new DataView(content);
  const text = new TextDecoder();
  const made = new Set();
  for (let at = 0; view.getUint32(at, true) === ENTRY; ) {
    const size = view.getUint32(at + 22, true);
    const letters = view.getUint16(at + 26, true);
    const begin = at + 30 + letters + view.getUint16(at + 28, true);
    const path = folder + text.decode(new Uint8Array(content, at + 30, letters));
    const parent = path.slice(0, path.lastIndexOf("/"));
    if (!made.has(parent)) python.FS.mkdirTree(parent);
    made.add(parent);
    python.FS.writeFile(path, new Uint8Array(content, begin, size), { canOwn: true });
    at = begin + size;
  }
  python.runPython("import sys; sys.path_importer_cache.clear()"); // it looks at its folders anew
}

/** @param {any} message */
async function answer(message) {
  expect(message.names ?? []);
  if (message.do === "start") return start(message.driver);
  if (message.do === "plots") {
    for (const name of files.keys()) if (PACKAGE.test(name)) await unpack(name, PACKAGES);
    return python.runPython("driver.plots_are_here()");
  }
  const report = (/** @type {string} */ outputs) => postMessage({ report: JSON.parse(outputs) });
  return JSON.parse(book.run(message.cell, message.source, message.base, message.room, report));
}

addEventListener("message", async ({ data }) => {
  if (data.file) return files.get(data.file)?.arrive(data.content);
  try {
    postMessage({ result: (await answer(data)) ?? null });
  } catch (error) {
    postMessage({ error: String(error) });
  }
  return undefined;
});
