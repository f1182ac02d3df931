// The live page: every cell can be changed and run. The page's small script (live.js) loads this at the first click.
import { Cell } from "./cell.js";
import { Exercises } from "./exercises.js";
import { Python, Stopped } from "./python.js";
import { inWords, spoken } from "./outputs.js";

/**
 * @typedef {{id: string, source: string, digest: string | null, raises: boolean, plots: boolean, alt: string,
 *   exercise: string | null, role: "stub" | "solution" | null}} Printed what the book printed of a cell
 * @typedef {{cells: Printed[], exercises: import("./exercises.js").Asked[]}} PageData
 * @typedef {{main: string, cells: string, files: string, book: string, megabytes: number, plots: number}} Settings
 */

const MEGA = 1e6;

/** The cells of a page, and the Python that they share. */
class Page {
  /** @type {Promise<unknown>} */ #last = Promise.resolve();
  #stops = 0;
  #quarter = 0;
  #warmed = false;

  /** @param {PageData} data @param {Settings} settings */
  constructor(data, settings) {
    this.bar = /** @type {HTMLElement} */ (document.querySelector("[data-live-page]"));
    this.python = new Python(settings.files);
    /** @type {Map<string, Cell>} */
    this.cells = new Map();
    for (const printed of data.cells) {
      const root = /** @type {HTMLElement} */ (document.querySelector(`[data-live="${printed.id}"]`));
      this.cells.set(printed.id, new Cell(root, printed, { run: (cell, next) => this.press(cell, next) }));
    }
    this.all = [...this.cells.values()];
    this.main = this.all.filter((cell) => !cell.printed.exercise);
    this.exercises = new Exercises(data.exercises, this.cells, settings);
    for (const { editor } of this.all) editor?.area.addEventListener("input", () => this.#warm());
  }

  /** What is said, in the bar and to a reader who listens. @param {string} text */
  say(text) {
    const status = /** @type {HTMLElement} */ (this.bar.querySelector("[role=status]"));
    status.textContent = text;
  }

  /** A button was pressed. @param {string} what @param {string | null} id */
  act(what, id) {
    const cell = id ? this.cells.get(id) : undefined;
    if (what === "Edit") cell?.editor?.focus();
    else if (what === "Stop" || what === "Cancel") this.stop();
    else if (what === "Run all") this.runAll();
    else if (what === "Restore") this.restore(cell);
    else if (what === "Hint") this.exercises.hint(id ?? "");
    else if (cell) this.press(cell, false);
  }

  /** Run a cell, and those before it that it needs. @param {Cell} cell @param {boolean} next go on to the next one */
  press(cell, next) {
    if (next) this.all[this.all.indexOf(cell) + 1]?.editor?.focus();
    return this.#inTurn([cell], async () => {
      await this.#load(cell);
      if (await this.#runBefore(cell)) this.#told(cell, await this.#runOne(cell));
    });
  }

  runAll() {
    return this.#inTurn(this.all, async () => {
      await this.#load(this.all.at(-1));
      for (const cell of this.all) cell.forget();
      let changed = false; // an assertion speaks of the printed numbers
      for (const cell of this.all) {
        changed ||= cell.changed && !cell.printed.exercise;
        const good = await this.#runOne(cell);
        if (!good && !cell.printed.exercise && !(changed && cell.onlyAsserts)) return this.#told(cell, false);
      }
      return this.say(this.#inAll());
    });
  }

  /** How all cells together have ended. */
  #inAll() {
    const same = this.all.filter((cell) => cell.same).length;
    const broken = this.all.filter((cell) => !cell.good && !cell.printed.exercise);
    const ran = `All ${this.all.length} cells have run; ${same} put out what is printed.`;
    if (!broken.length) return ran;
    const names = broken.map((cell) => `“${cell.title}”`).join(", ");
    return `${ran} What these assert does not hold with your change: ${names}.`;
  }

  /** Who begins to write will press Run: Python starts now, if its files are kept here and nothing is downloaded. */
  async #warm() {
    if (this.#warmed) return;
    this.#warmed = true;
    if (!this.python.ready && (await this.python.kept())) await this.#inTurn([], () => this.#load(undefined));
  }

  /**
   * One thing after the other; what fails or is stopped is said.
   * @param {Cell[]} cells @param {() => Promise<unknown>} work
   */
  #inTurn(cells, work) {
    const stops = this.#stops;
    const asked = cells.length === 1 ? cells : [];
    asked.forEach((cell) => cell.wait());
    this.#last = this.#last.then(async () => {
      try {
        if (stops === this.#stops) await work();
      } catch (error) {
        this.say(error instanceof Stopped ? "Stopped." : `Python could not be loaded. ${words(error)}. Try again.`);
      } finally {
        this.#progress(null);
        this.bar.toggleAttribute("data-busy", false);
        asked.forEach((cell) => cell.rest());
      }
    });
    return this.#last;
  }

  /** Have Python here, with matplotlib if a cell up to this one wants it. @param {Cell | undefined} upTo */
  async #load(upTo) {
    this.bar.toggleAttribute("data-busy", true);
    const cells = this.all.slice(0, upTo ? this.all.indexOf(upTo) + 1 : 0);
    const plots = cells.some((cell) => /\bmatplotlib\b/.test(cell.source) || cell.printed.plots);
    if (this.python.ready && (this.python.plots || !plots)) return;
    this.say("Loading Python …");
    await this.python.prepare(plots, (part, bytes) => this.#progress(part, bytes));
    this.#progress(null);
    this.say("Python is here.");
  }

  /** @param {number | null} part of what is loaded, none when all is there @param {number} [bytes] */
  #progress(part, bytes = 0) {
    const bar = /** @type {HTMLProgressElement} */ (this.bar.querySelector("progress"));
    bar.hidden = part === null;
    this.bar.toggleAttribute("data-loading", part !== null);
    for (const cell of this.all) cell.progress(part);
    if (part === null) {
      this.#quarter = 0;
      return;
    }
    bar.value = part;
    const quarter = Math.floor(4 * part); // what is shown all the time is said four times
    if (quarter > this.#quarter) this.say(part < 1 ? `Loading Python: ${25 * quarter} percent …` : "Starting Python …");
    this.#quarter = quarter;
    const amount = `${Math.round((part * bytes) / MEGA)} of ${Math.round(bytes / MEGA)} MB`;
    /** @type {HTMLElement} */ (this.bar.querySelector(".tc-amount")).textContent = part < 1 ? amount : "starting …";
  }

  /** The cell after which the page's names are as `cell` needs them; null before all. @param {Cell} cell */
  #base(cell) {
    const before = this.#before(cell);
    return before.at(-1) ?? null;
  }

  /** The cells of the page's own course that stand before a cell. @param {Cell} cell */
  #before(cell) {
    const end = this.all.indexOf(cell);
    return this.all.slice(0, end).filter((other) => !other.printed.exercise);
  }

  /**
   * Run what has not run or has changed before a cell, in order. An assertion that fails after a change above is no
   * reason to stop: it speaks of the printed numbers.
   * @param {Cell} cell
   */
  async #runBefore(cell) {
    for (const other of this.#before(cell)) {
      if (other.holds(this.#base(other))) continue;
      if (!(await this.#runOne(other)) && !other.onlyAsserts) {
        this.#told(other, false);
        return false;
      }
    }
    return true;
  }

  /** Run one cell, everything before it having run; true if it ended as it should. @param {Cell} cell */
  async #runOne(cell) {
    const { exercise, role } = cell.printed;
    if (role === "solution") await this.#runRoom(cell);
    const base = role === "solution" ? null : this.#base(cell);
    cell.start();
    const what = { cell: cell.id, source: cell.source, base: role === "solution" ? null : (base?.id ?? ""), room: exercise };
    let result;
    try {
      result = await this.python.run(what, (outputs) => cell.show(outputs));
      if (await this.#needsPlots(result)) result = await this.python.run(what, (outputs) => cell.show(outputs));
    } finally {
      if (!result) cell.halt();
    }
    cell.end(result, base);
    if (exercise && role === "stub") this.exercises.answered(exercise, cell.source, result);
    this.#markStale();
    return cell.good;
  }

  /** A cell imports matplotlib out of something else: load it. @param {import("./python.js").Result} result */
  async #needsPlots(result) {
    const missing = result.outputs.some((output) => output.missing?.startsWith("matplotlib"));
    if (!missing || this.python.plots) return false;
    await this.python.prepare(true, (part, bytes) => this.#progress(part, bytes));
    this.#progress(null);
    return true;
  }

  /** An exercise's names as they are before one of its solution's cells. @param {Cell} cell */
  async #runRoom(cell) {
    const { exercise } = cell.printed;
    const room = this.all.slice(0, this.all.indexOf(cell)).filter((other) => other.printed.exercise === exercise);
    for (const { id, printed } of room) {
      const base = printed.role === "stub" ? (this.#base(cell)?.id ?? "") : null;
      await this.python.run({ cell: `${id} as printed`, source: printed.source, base, room: exercise }, () => {});
    }
  }

  /** Which results are older than a change above them. */
  #markStale() {
    let stands = true; // whether every cell of the page's own course so far is as it last ran
    for (const cell of this.all) {
      const base = this.#base(cell);
      cell.older(cell.hasRun && !(stands && cell.isCurrent(base)));
      if (!cell.printed.exercise) stands &&= cell.holds(base);
    }
  }

  /** Say how a cell ended. @param {Cell} cell @param {boolean} good */
  #told(cell, good) {
    const error = cell.outputs.find((output) => output.output_type === "error");
    if (!good && error) this.say(`The cell “${cell.title}” failed. ${inWords(error)}`);
    else if (!cell.outputs.length) this.say("Done, nothing to show.");
    else this.say(`${spoken(cell.outputs)}${cell.same ? " Same as printed." : ""}`);
  }

  stop() {
    this.#stops += 1;
    this.python.stop();
    for (const cell of this.all) cell.forget();
  }

  /** Give back the printed code and output, of one cell or of all. @param {Cell | undefined} cell */
  restore(cell) {
    if (!cell) this.stop();
    for (const each of cell ? [cell] : this.all) each.restore();
    this.#markStale();
    this.say(cell ? "Restored." : "The page is as it was printed.");
  }
}

/** @param {unknown} error */
const words = (error) => String(error instanceof Error ? error.message : error).replace(/\.$/, "");

/** @type {Promise<Page> | null} */
let page = null;

/** The page, brought to life once. @param {Settings} settings */
function open(settings) {
  page ??= fetch(settings.cells)
    .then((answer) => answer.json())
    .then((data) => new Page(data, settings));
  return page;
}

/** Do what a button says. @param {Settings} settings @param {string} what @param {string | null} id the cell's */
export async function act(settings, what, id) {
  (await open(settings)).act(what, id);
}
