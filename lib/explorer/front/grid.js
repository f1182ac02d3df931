/* One view: a grid of cells with one tab stop. */

import { h, mark } from "./dom.js";
import { parse } from "./picture.js";

/** @import { Cell } from "./types.d.ts" */

/** One piece of HTML is several times faster than an element at a time; numbers and fixed words need no escaping.
 * @param {Cell} cell */
function cellHtml({ at, name, text, kind }) {
  const place = `aria-colindex="${at[1] + 1}"`;
  const use = name ? `data-cell="${name}"` : 'aria-disabled="true"';
  return `<div role="gridcell" tabindex="-1" class="tc-cell tc-${kind}" ${place} ${use}>${text}</div>`;
}

/** @param {Cell[]} row */
const rowHtml = (row) => `<div role="row" aria-rowindex="${row[0].at[0] + 1}">${row.map(cellHtml).join("")}</div>`;

/** @param {number} most */
const sizeWord = (most) => (most > 9 ? "small" : most > 6 ? "middle" : "large");

export class Grid {
  /** @param {string} view @param {Map<string, HTMLElement>} index name -> element, shared by all views */
  constructor(view, index) {
    this.view = view;
    this.index = index;
    /** @type {Set<string>} */
    this.names = new Set();
    this.key = "";
    /** @type {Cell[]} */
    this.drawn = [];
    /** @type {HTMLElement[]} */
    this.elements = [];
    this.stop = "";
    this.letter = h("b", { class: `tc-letter tc-${view === "matrix" ? "kernel" : view}` });
    this.words = h("span");
    this.body = h("div", { role: "grid", "aria-readonly": !["input", "kernel"].includes(view) && "true" });
    this.scroll = h("div", { class: "tc-scroll" }, this.body);
    const caption = h("figcaption", {}, this.letter, this.words);
    this.element = h("figure", { class: "tc-view", "data-view": view }, caption, this.scroll);
  }

  /** @param {string} letter @param {string} words @param {Cell[][]} rows those that are drawn
   * @param {number[]} size of the whole view @param {number} digits */
  draw(letter, words, rows, [height, width], digits = 1) {
    this.letter.textContent = letter;
    this.words.textContent = words;
    mark(this.body, "aria-label", `${letter} ${words}`);
    mark(this.body, "data-size", sizeWord(Math.max(width, height)));
    this.body.style.setProperty("--digits", String(digits));
    const drawn = rows.flat();
    const key = rows.map((row) => row.map((cell) => cell.name || "-").join()).join(";");
    if (key !== this.key) this.build(rows, drawn, [height, width]);
    else this.renew(drawn);
    this.key = key;
    this.drawn = drawn;
  }

  /** The same cells, with other numbers. @param {Cell[]} drawn */
  renew(drawn) {
    drawn.forEach(({ text, kind }, n) => {
      if (this.drawn[n].text !== text) this.elements[n].textContent = text;
      if (this.drawn[n].kind !== kind) this.elements[n].className = `tc-cell tc-${kind}`;
    });
  }

  /** Other cells. @param {Cell[][]} rows @param {Cell[]} drawn @param {number[]} size */
  build(rows, drawn, [height, width]) {
    for (const name of this.names) this.index.delete(name);
    this.body.style.setProperty("--columns", String(rows[0].length));
    mark(this.body, "aria-rowcount", height);
    mark(this.body, "aria-colcount", width);
    this.body.innerHTML = rows.map(rowHtml).join("");
    this.elements = [.../** @type {NodeListOf<HTMLElement>} */ (this.body.querySelectorAll("[role=gridcell]"))];
    this.names = new Set();
    drawn.forEach(({ name }, n) => {
      if (!name) return;
      this.names.add(name);
      this.index.set(name, this.elements[n]);
    });
    this.setStop(this.names.has(this.stop) ? this.stop : this.names.values().next().value ?? "");
  }

  /** The cell at which Tab enters. @param {string} name */
  setStop(name) {
    const [before, after] = [this.index.get(this.stop), this.index.get(name)];
    if (before) before.tabIndex = -1;
    this.stop = name;
    if (after) after.tabIndex = 0;
  }

  /** The next cell from `name` in a direction, or `name` at an edge. @param {string} name
   * @param {number[]} direction */
  next(name, [down, right]) {
    const { at } = parse(name);
    const there = `${this.view}:${at.length === 1 ? [at[0] + right] : [at[0] + down, at[1] + right]}`;
    return this.names.has(there) ? there : name;
  }

  /** The first or the last cell of a row. @param {string} name one of its cells @param {number} end 0 or -1 */
  endOfRow(name, end) {
    const row = this.index.get(name)?.parentElement?.querySelectorAll("[data-cell]") ?? [];
    return /** @type {HTMLElement | undefined} */ ([...row].at(end))?.dataset.cell ?? name;
  }
}
