// One cell of the page: its code, its state, and what it has put out.
import { Editor } from "./editor.js";
import { render } from "./outputs.js";

/**
 * @typedef {import("./main.js").Printed} Printed
 * @typedef {import("./python.js").Output} Output
 * @typedef {import("./python.js").Result} Result
 */

const UNSAVED = "tc-edit:";
let runs = 0;

export class Cell {
  /** @type {Output[]} */ outputs = [];
  /** What the last run was made of. @type {{source: string, base: number, run: number} | null} */
  #ran = null;
  #good = false;

  /** @param {HTMLElement} root @param {Printed} printed @param {{run: (cell: Cell, next: boolean) => void}} hooks */
  constructor(root, printed, hooks) {
    this.root = root;
    this.printed = printed;
    this.id = printed.id;
    this.title = printed.id.replaceAll("-", " ");
    this.tools = /** @type {HTMLElement} */ (root.querySelector(".tc-buttons"));
    this.note = this.tools.appendChild(document.createElement("span"));
    this.note.className = "tc-note";
    /** What the book printed; kept, with its explorers as they stand. @type {HTMLElement | null} */
    this.still = root.querySelector(":scope > .cell_output, :scope > details:has(> .cell_output)");
    /** @type {HTMLElement | null} */
    this.shown = this.still;
    const pre = /** @type {HTMLElement | null} */ (root.querySelector(".cell_input pre"));
    const changed = () => this.#changed();
    const run = (/** @type {boolean} */ next) => hooks.run(this, next);
    this.editor = pre && new Editor(pre, printed.source, { name: `Code: ${this.title}`, changed, run });
    root.querySelector("[data-do=Edit]")?.remove();
    const kept = printed.exercise ? null : sessionStorage.getItem(this.#key);
    if (kept !== null && this.editor) this.editor.source = kept;
  }

  get #key() {
    return `${UNSAVED}${location.pathname}:${this.id}:${this.printed.digest}`;
  }

  get source() {
    return this.editor?.source ?? this.printed.source;
  }

  get same() {
    return this.root.hasAttribute("data-same");
  }

  get good() {
    return this.#good;
  }

  get hasRun() {
    return this.#ran !== null;
  }

  get run() {
    return this.#ran?.run ?? 0;
  }

  /** What it asserts does not hold. The names that it made are there all the same. */
  get onlyAsserts() {
    return this.outputs.some((output) => output.ename === "AssertionError");
  }

  /** Whether what it shows is of this source, after that run of the cell before. @param {Cell | null} base */
  isCurrent(base) {
    return this.#ran?.source === this.source && this.#ran.base === (base?.run ?? 0);
  }

  /** Whether its last run stands, for the cells behind it. @param {Cell | null} base */
  holds(base) {
    return (this.#good || this.onlyAsserts) && this.isCurrent(base);
  }

  /** Whether the reader has made its code another than the printed one. */
  get changed() {
    return this.source !== this.printed.source;
  }

  #changed() {
    this.root.toggleAttribute("data-edited", this.changed);
    if (this.printed.exercise) return;
    if (this.changed) sessionStorage.setItem(this.#key, this.source);
    else sessionStorage.removeItem(this.#key);
  }

  /** @param {"idle" | "running" | "done" | "failed"} state */
  #become(state) {
    this.root.dataset.state = state;
  }

  /** It has been asked to run and waits for Python, or for another cell. */
  wait() {
    this.root.toggleAttribute("data-waiting", true);
  }

  rest() {
    this.root.toggleAttribute("data-waiting", false);
    if (this.root.dataset.state === "running") this.#become("idle");
  }

  start() {
    this.#become("running");
    this.note.textContent = "";
    this.editor?.markLine(null);
  }

  /** Show what it puts out. @param {Output[]} outputs */
  show(outputs) {
    this.#put(outputs.length ? render(outputs, this.#alt) : null);
    this.root.removeAttribute("data-same");
  }

  get #alt() {
    const { source, alt } = this.printed;
    return this.source === source && alt ? alt : "A plot, drawn by the code of this cell.";
  }

  /** @param {HTMLElement | null} output */
  #put(output) {
    this.shown?.remove();
    this.shown = output;
    if (output) this.root.append(output);
  }

  /** It has ended. @param {Result} result @param {Cell | null} base the cell that ran before it */
  end(result, base) {
    this.outputs = result.outputs;
    const error = result.outputs.find((output) => output.output_type === "error");
    const same = this.printed.digest !== null && result.digest === this.printed.digest;
    this.show(result.outputs);
    bringToLife(this.shown);
    this.root.toggleAttribute("data-same", same);
    this.#good = !error || (this.printed.raises && same);
    this.#become(this.#good ? "done" : "failed");
    const done = this.#good && !result.outputs.length ? "✓ done" : "";
    this.note.textContent = same && !done ? "✓ same as printed" : done;
    if (error) this.#point(error.line ?? null);
    this.#count(base?.run ?? 0);
  }

  /** Mark the line of an error, and show the code if it is folded. @param {number | null} line */
  #point(line) {
    this.root.querySelector("details:has(.cell_input)")?.setAttribute("open", "");
    this.editor?.markLine(line);
  }

  /** The same source after the same run is the same run: what came after it still stands. @param {number} base */
  #count(base) {
    const repeated = this.#ran?.source === this.source && this.#ran.base === base;
    if (!repeated) this.#ran = { source: this.source, base, run: (runs += 1) };
  }

  /** It was stopped. */
  halt() {
    this.#become("idle");
    this.note.textContent = "stopped";
    this.#ran = null;
  }

  /** Python is gone: no run stands any more, what is shown stays. */
  forget() {
    this.#good = false;
    this.#ran = null;
    this.outputs = [];
  }

  /** @param {boolean} older whether a cell before it has changed since it ran */
  older(older) {
    this.root.toggleAttribute("data-stale", older);
  }

  /** @param {number | null} part of Python that is loaded */
  progress(part) {
    this.tools.style.setProperty("--part", String(part ?? 0));
  }

  restore() {
    if (this.editor && this.changed) this.editor.source = this.printed.source;
    this.forget();
    this.editor?.markLine(null);
    this.#put(this.still);
    this.#become("idle");
    this.note.textContent = "";
    this.root.toggleAttribute("data-same", this.printed.digest !== null);
    this.root.toggleAttribute("data-stale", false);
  }
}

/** Explorers in an output move at once. @param {HTMLElement | null} output */
function bringToLife(output) {
  if (!output?.querySelector("[data-explorer]")) return;
  if (window.TransposedConvolutionExplorer) window.TransposedConvolutionExplorer.boot(output);
  else loadExplorer(() => window.TransposedConvolutionExplorer?.boot(output));
}

/** A page that was printed without explorers does not have their script. @param {() => void} then */
function loadExplorer(then) {
  const style = document.createElement("link");
  Object.assign(style, { rel: "stylesheet", href: new URL("./explorer.css", import.meta.url).href });
  const script = document.createElement("script");
  Object.assign(script, { src: new URL("./explorer.js", import.meta.url).href, onload: then });
  document.head.append(style, script);
}
