// The exercises of a page: answers, hints and solutions, remembered in this browser.
import * as store from "./store.js";
import { showProgress } from "./progress.js";

/**
 * @typedef {{name: string, hash: string, stub: string, hints: string[]}} Asked
 * @typedef {import("./cell.js").Cell} Cell
 */

const WAIT = 400; // milliseconds of rest before what is typed is kept

export class Exercises {
  /** @param {Asked[]} asked @param {Map<string, Cell>} cells @param {{book: string}} settings */
  constructor(asked, cells, settings) {
    this.asked = asked;
    this.cells = cells;
    for (const exercise of asked) this.#open(exercise);
    if (asked.length) showProgress(settings.book);
  }

  /** Give back what the reader had written and opened, and keep what comes. @param {Asked} exercise */
  #open(exercise) {
    const { answer, hints = 0, solution } = store.read(exercise);
    const cell = /** @type {Cell} */ (this.cells.get(exercise.stub));
    if (answer !== undefined && cell.editor) cell.editor.source = answer;
    for (let count = 0; count < hints; count += 1) this.#show(exercise, count);
    this.#keepAnswer(exercise, cell);
    this.#keepSolution(exercise, Boolean(solution));
  }

  /** @param {Asked} exercise @param {Cell} cell */
  #keepAnswer(exercise, cell) {
    /** @type {number | undefined} */
    let timer;
    cell.editor?.area.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => store.write(exercise, { answer: cell.source }), WAIT);
    });
  }

  /** Open the solution if it was open, and remember when it is opened. @param {Asked} exercise @param {boolean} open */
  #keepSolution(exercise, open) {
    const box = solutionOf(exercise.name);
    if (!box) return;
    if (open) setOpen(box, true);
    const opened = () => isOpen(box) && store.write(exercise, { solution: true });
    box.addEventListener("toggle", opened);
    new MutationObserver(opened).observe(box, { attributes: true, attributeFilter: ["class", "open"] });
  }

  /** Show the next hint of the exercise whose stub this is. @param {string} stub */
  hint(stub) {
    const exercise = this.asked.find((each) => each.stub === stub);
    if (!exercise) return;
    const { hints = 0 } = store.read(exercise);
    if (hints >= exercise.hints.length) return;
    this.#show(exercise, hints);
    store.write(exercise, { hints: hints + 1 });
  }

  /** @param {Asked} exercise @param {number} number */
  #show(exercise, number) {
    const cell = /** @type {Cell} */ (this.cells.get(exercise.stub));
    const text = exercise.hints[number];
    if (text === undefined) return;
    const hint = document.createElement("p");
    hint.className = "tc-hint";
    hint.setAttribute("role", "note");
    hint.textContent = `Hint ${number + 1}: ${text}`;
    cell.tools.before(hint);
    const button = cell.tools.querySelector("[data-do=Hint]");
    if (button && number + 1 >= exercise.hints.length) button.toggleAttribute("hidden", true);
  }

  /** The stub has run. @param {string} name @param {string} source @param {import("./python.js").Result} result */
  answered(name, source, result) {
    const exercise = this.asked.find((each) => each.name === name);
    if (!exercise) return;
    const cell = this.cells.get(exercise.stub);
    if (source === cell?.printed.source) return; // the stub as it is printed: nothing is answered
    store.write(exercise, { answer: source, ...(result.right ? { right: true } : {}) });
  }
}

/** @param {string} name @returns {HTMLElement | null} */
function solutionOf(name) {
  const exercise = document.getElementById(name);
  for (let next = exercise?.nextElementSibling; next; next = next.nextElementSibling) {
    if (next.matches(".exercise")) return null;
    if (next.matches(".solution")) return /** @type {HTMLElement} */ (next);
  }
  return null;
}

/** @param {HTMLElement} box */
function isOpen(box) {
  return box instanceof HTMLDetailsElement ? box.open : !box.classList.contains("toggle-hidden");
}

/** @param {HTMLElement} box @param {boolean} open */
function setOpen(box, open) {
  if (isOpen(box) === open) return;
  if (box instanceof HTMLDetailsElement) box.toggleAttribute("open", open);
  else /** @type {HTMLElement | null} */ (box.querySelector(".toggle-button"))?.click();
}
