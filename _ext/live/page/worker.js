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
  python = await loadPyodide({
    indexURL: "https://book.invalid/", // files come from the page: no address is ever asked
    env: { HOME: "/home/pyodide", MPLBACKEND: "agg" },
  });
  await load(["numpy"]);
  python.unpackArchive(await sent("lib.zip"), "zip", { extractDir: "/book" });
  python.FS.mkdirTree("/book/chapters");
  python.FS.writeFile("/book/driver.py", driver);
  python.runPython("import os, sys; sys.path.insert(0, '/book'); os.chdir('/book/chapters'); import numpy, driver");
  for (const name of CLOSED) fix(name, undefined);
  for (const name of ["sendBeacon", "serviceWorker", "storage", "locks"])
    Object.defineProperty(Object.getPrototypeOf(navigator), name, { value: undefined });
  book = python.runPython("driver.Book()");
  // What is unpacked is not needed again; matplotlib's wheels may have come along and are still packed.
  for (const name of [...files.keys()]) if (!name.endsWith(".whl")) files.delete(name);
}

/** Unpack packages whose wheels the page has sent. @param {string[]} names */
async function load(names) {
  const quiet = { messageCallback() {}, errorCallback() {} };
  const loaded = await python.loadPackage(names, quiet);
  if (!loaded.length) throw new Error(`${names} could not be unpacked`);
}

/** @param {any} message */
async function answer(message) {
  expect(message.names ?? []);
  if (message.do === "start") return start(message.driver);
  if (message.do === "plots") {
    await load(["matplotlib"]);
    python.runPython("driver.plots_are_here()");
    return files.clear();
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
