// Python for one page: its files, downloaded once and kept for the next page, and the worker that runs cells.

import * as memory from "./memory.js";

/**
 * @typedef {{name: string, path: string, size: number, sha256: string}} File_
 * @typedef {{start: File_[], plots: File_[]}} Files
 * @typedef {{output_type: string, name?: string, text?: string, data?: Record<string, string>,
 *   ename?: string, evalue?: string, line?: number, missing?: string | null}} Output
 * @typedef {{outputs: Output[], digest: string, right?: boolean | null}} Result
 * @typedef {(part: number, bytes: number) => void} Progress
 */

const KEPT = "transposed-convolution-python";
const here = (/** @type {string} */ path) => new URL(path, import.meta.url).href;

/** What the reader has ended: a download or a running cell. */
export class Stopped extends Error {}

/** The bytes, unpacked if they are packed: some servers unpack on their own. @param {ArrayBuffer} bytes */
async function unpack(bytes) {
  const [first, second] = new Uint8Array(bytes, 0, 2);
  if (first !== 0x1f || second !== 0x8b) return bytes;
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

/** The content of a file if it is the one that is meant, else null. @param {File_} file @param {ArrayBuffer} bytes */
async function checked(file, bytes) {
  const content = await unpack(bytes).catch(() => null);
  if (!content || !crypto.subtle) return content; // an address that is not https has no subtle, and no cache
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("") === file.sha256 ? content : null;
}

/** The place where files are kept between pages; null where the browser has none. */
async function openKept() {
  try {
    return await caches.open(KEPT);
  } catch {
    return null;
  }
}

/**
 * Forget what an older book in this very folder has kept.
 * @param {Cache} kept @param {Files} files @param {string} recalled where Python's memory is kept
 */
async function forgetOld(kept, files, recalled) {
  const current = new Set([recalled, ...[...files.start, ...files.plots].map((file) => here(file.path))]);
  for (const { url } of await kept.keys())
    if (url.startsWith(here("./")) && !current.has(url)) await kept.delete(url);
}

/**
 * Download one file, telling how far it is.
 * @param {File_} file @param {AbortSignal} signal @param {(bytes: number) => void} arrived
 */
async function download(file, signal, arrived) {
  const priority = /^(pyodide|python_)/.test(file.name) ? "high" : "low"; // Python starts while its packages come
  const answer = await fetch(here(file.path), { signal, priority });
  if (!answer.ok || !answer.body) throw new Error(`${file.name}: the server answers ${answer.status}`);
  const reader = answer.body.getReader();
  const parts = [];
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    arrived(part.value.length);
  }
  return new Blob(parts).arrayBuffer();
}

/**
 * The content of one file: as it was kept, else downloaded; whole and the right one, else an error.
 * @param {File_} file @param {Cache | null} kept @param {AbortSignal} signal @param {(bytes: number) => void} arrived
 */
async function get(file, kept, signal, arrived) {
  const url = here(file.path);
  const found = await kept?.match(url).catch(() => undefined);
  const old = found && (await checked(file, await found.arrayBuffer()));
  if (old) {
    arrived(file.size);
    return old;
  }
  const bytes = await download(file, signal, arrived);
  const content = await checked(file, bytes);
  if (!content) throw new Error(`${file.name}: what arrived is not the whole file`);
  await kept?.put(url, new Response(content)).catch(() => undefined); // a full disk is no reason not to run
  return content;
}

/** Forbid this page, and the worker that it starts, to reach anything outside the book's folder. */
function closeDoors() {
  if (document.querySelector("meta[data-live-policy]")) return;
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  const root = here("../../").replaceAll(";", "%3B").replaceAll(",", "%2C");
  policy.content = `default-src ${root} blob: data: 'unsafe-inline' 'unsafe-eval'`;
  policy.dataset.livePolicy = "";
  document.head.append(policy);
}

/** Python in its worker. */
export class Python {
  /** @type {Worker | null} */ #worker = null;
  /** @type {AbortController | null} */ #loading = null;
  /** @type {((reason: Error) => void) | null} */ #refuse = null;
  #plots = false;

  /** @param {string} files where the list of files is */
  constructor(files) {
    this.list = files;
  }

  get ready() {
    return Boolean(this.#worker) && !this.#loading;
  }

  get plots() {
    return this.#plots;
  }

  /** Whether all that Python needs to start is kept here, from another page. */
  async kept() {
    const kept = await openKept();
    if (!kept) return false;
    /** @type {Files} */
    const { start } = JSON.parse(await fetchText(this.list));
    const found = await Promise.all(start.map((file) => kept.match(here(file.path))));
    return found.every(Boolean);
  }

  /** Have Python running, with matplotlib if asked. @param {boolean} plots @param {Progress} progress */
  async prepare(plots, progress) {
    this.#loading = new AbortController();
    try {
      closeDoors();
      if (!this.#worker) await this.#start(this.#loading.signal, progress, plots);
      else if (plots && !this.#plots) await this.#loadPlots(this.#loading.signal, progress);
    } catch (error) {
      const stopped = this.#loading?.signal.aborted;
      this.stop();
      throw stopped ? new Stopped() : error;
    } finally {
      this.#loading = null;
    }
  }

  /** @param {AbortSignal} signal @param {Progress} progress @param {boolean} plots */
  async #start(signal, progress, plots) {
    const kept = await openKept();
    const address = memory.addressOf(this.list);
    const found = await kept?.match(address).catch(() => undefined);
    try {
      await this.#launch(signal, progress, plots, found);
    } catch (error) {
      if (!found || signal.aborted) throw error;
      await kept?.delete(address); // perhaps it is to blame: once more without it
      this.#worker?.terminate();
      await this.#launch(signal, progress, plots);
    }
  }

  /** @param {AbortSignal} signal @param {Progress} progress @param {boolean} plots @param {Response} [found] */
  async #launch(signal, progress, plots, found) {
    const [worker, driver] = await Promise.all(
      ["./worker.js", "./driver.py"].map((path) => fetchText(here(path), signal)),
    );
    const url = URL.createObjectURL(new Blob([/** @type {string} */ (worker)], { type: "text/javascript" }));
    this.#worker = new Worker(url, { type: "module" });
    this.#worker.addEventListener("message", ({ data }) => data.memory && this.#keep(data.memory));
    await this.#send(plots ? ["start", "plots"] : ["start"], { do: "start", driver }, signal, progress, found);
    if (plots) await this.#ask({ do: "plots" });
    this.#plots = plots;
  }

  /** Keep Python's memory for the next page. @param {ArrayBuffer} content */
  async #keep(content) {
    const kept = await openKept();
    if (kept) await memory.keep(kept, memory.addressOf(this.list), content);
  }

  /** @param {AbortSignal} signal @param {Progress} progress */
  async #loadPlots(signal, progress) {
    await this.#send(["plots"], { do: "plots" }, signal, progress);
    this.#plots = true;
  }

  /**
   * Ask the worker for what needs files, and send it each of them as it arrives.
   * @param {(keyof Files)[]} groups @param {Record<string, any>} message @param {AbortSignal} signal
   * @param {Progress} progress @param {Response} [found] Python's memory, as it was kept
   */
  async #send(groups, message, signal, progress, found) {
    /** @type {Files} */
    const list = JSON.parse(await fetchText(this.list, signal));
    const wanted = groups.flatMap((group) => list[group]);
    const total = wanted.reduce((sum, file) => sum + file.size, 0);
    let done = 0;
    const arrived = (/** @type {number} */ bytes) => progress(Math.min(1, (done += bytes) / total), total);
    const kept = await openKept();
    if (kept) await forgetOld(kept, list, memory.addressOf(this.list));
    const worker = /** @type {Worker} */ (this.#worker);
    const send = async (/** @type {string} */ file, /** @type {Promise<ArrayBuffer>} */ coming) => {
      const content = await coming;
      worker.postMessage({ file, content }, [content]);
    };
    const names = wanted.map((file) => file.name);
    const sent = wanted.map((file) => send(file.name, get(file, kept, signal, arrived)));
    if (found) sent.push(send(memory.NAME, memory.recall(found)));
    await Promise.all([this.#ask({ ...message, names: found ? [...names, memory.NAME] : names }), ...sent]);
  }

  /**
   * Run a cell.
   * @param {{cell: string, source: string, base: string | null, room: string | null}} what
   * @param {(outputs: Output[]) => void} report what it has printed so far
   * @returns {Promise<Result>}
   */
  run(what, report) {
    return this.#ask({ do: "run", ...what }, report);
  }

  /** @param {Record<string, any>} message @param {(outputs: Output[]) => void} [report] @returns {Promise<any>} */
  #ask(message, report) {
    return new Promise((resolve, reject) => {
      const worker = /** @type {Worker} */ (this.#worker);
      this.#refuse = reject;
      worker.onmessage = ({ data }) => {
        if (data.report) report?.(data.report);
        else if (data.error) reject(new Error(data.error));
        else if ("result" in data) resolve(data.result);
      };
      worker.onerror = (event) => reject(new Error(event.message || "the worker did not start"));
      worker.postMessage(message);
    });
  }

  /** End Python, in the middle of what it does. */
  stop() {
    this.#loading?.abort();
    this.#worker?.terminate();
    this.#worker = null;
    this.#plots = false;
    this.#refuse?.(new Stopped());
  }
}

/** @param {string} url @param {AbortSignal} [signal] */
async function fetchText(url, signal) {
  const answer = await fetch(url, { signal: signal ?? null });
  if (!answer.ok) throw new Error(`${url.split("/").pop()}: the server answers ${answer.status}`);
  return answer.text();
}
