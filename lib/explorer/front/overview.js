/* A matrix that is too large to be read at once: all of it as a small map, and a lens that is moved over it. The cells
 * under the lens, and no others, stand in the grid below. */

import { mark } from "./dom.js";
import { range } from "./geometry.js";
import { parse, productsOf } from "./picture.js";

/** @import { Picture } from "./types.d.ts" */

export const LENS = 12; // rows and columns
const WIDE = 300; // pixels of the map's longer side, about: a cell has a whole number of them

/** @param {number} value @param {number} most */
const within = (value, most) => Math.max(0, Math.min(value, most));

/** A run of cells in a row, as a part of a path. @param {number} row @param {number} column @param {number} length */
const run = (row, column, length) => `M${column} ${row}h${length}v1h${-length}z`;

/** The entries of a row as a path. @param {number} row @param {number[]} columns in ascending order */
function rowPath(row, columns) {
  let [path, start] = ["", 0];
  columns.forEach((column, n) => {
    if (columns[n + 1] === column + 1) return;
    path += run(row, columns[start], n + 1 - start);
    start = n + 1;
  });
  return path;
}

/** @param {string} name @param {Record<string, string>} attributes */
function drawing(name, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

export class Overview {
  /** @param {() => void} moved what is to be done when a reader has moved the lens */
  constructor(moved) {
    this.moved = moved;
    this.size = [0, 0];
    this.at = [0, 0]; // the lens's first row and column
    this.entries = drawing("path", { class: "tc-entries" });
    this.lit = drawing("path", { class: "tc-lit-entries" });
    this.lens = drawing("rect", { class: "tc-lens", width: String(LENS), height: String(LENS) });
    this.element = drawing("svg", { class: "tc-map", role: "img", "aria-label": "Overview of the matrix" });
    const paper = drawing("rect", { class: "tc-map-paper", width: "100%", height: "100%" });
    this.element.append(paper, this.entries, this.lit, this.lens);
    /** @type {Picture | undefined} */
    this.drawn = undefined;
    this.listen();
  }

  /** The rows and the columns under the lens. */
  get sight() {
    return this.size.map((count, axis) => range(Math.min(LENS, count)).map((n) => this.at[axis] + n));
  }

  /** @param {Picture} pic */
  draw(pic) {
    if (this.drawn === pic) return;
    this.drawn = pic;
    this.size = [pic.output.length, pic.inputs];
    this.put(this.at);
    const [height, width] = this.size;
    const scale = Math.max(2, Math.floor(WIDE / Math.max(height, width)));
    const path = pic.byOutput.map((terms, row) => rowPath(row, terms.map((t) => t.input)));
    const about = { viewBox: `0 0 ${width} ${height}`, width: width * scale, height: height * scale };
    for (const [name, value] of Object.entries(about)) mark(this.element, name, value);
    mark(this.element, "aria-label", `Overview of the matrix: ${pic.terms.length} of ${height * width} entries are not 0`);
    mark(this.entries, "d", path.join(""));
  }

  /** Lights the entries of a cell. @param {Picture} pic @param {string} cell */
  shine(pic, cell) {
    const { view, at } = parse(cell);
    const chosen = view === "matrix" ? run(at[0], at[1], 1) : "";
    const terms = cell ? productsOf(pic, cell) : [];
    mark(this.lit, "d", chosen + terms.map((t) => run(t.output, t.input, 1)).join(""));
  }

  /** @param {number[]} at */
  put(at) {
    this.at = at.map((n, axis) => within(n, this.size[axis] - Math.min(LENS, this.size[axis])));
    mark(this.lens, "x", this.at[1]);
    mark(this.lens, "y", this.at[0]);
  }

  /** Moves the lens until a place is under it: as little as that takes, or to its middle.
   * @param {number[]} place @param {boolean} middle @returns {boolean} whether it has moved */
  reveal(place, middle) {
    const seen = place.every((n, axis) => n >= this.at[axis] && n < this.at[axis] + LENS);
    if (seen) return false;
    const nearest = (/** @type {number} */ n, /** @type {number} */ axis) =>
      Math.max(n - LENS + 1, Math.min(this.at[axis], n));
    this.put(place.map(middle ? (n) => n - LENS / 2 : nearest));
    return true;
  }

  /** A press puts the lens where it is; then it is dragged. A finger drags the lens itself: elsewhere it scrolls. */
  listen() {
    const follow = (/** @type {PointerEvent} */ event) => {
      const box = this.element.getBoundingClientRect();
      const along = [(event.clientY - box.top) / box.height, (event.clientX - box.left) / box.width];
      this.put(along.map((part, axis) => Math.round(part * this.size[axis] - LENS / 2)));
      this.moved();
    };
    this.element.addEventListener("click", follow);
    // Chromium does not heed touch-action on a part of a drawing: without this a drag would scroll the page.
    this.lens.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
    this.element.addEventListener("pointerdown", (event) => this.element.setPointerCapture(event.pointerId));
    this.element.addEventListener("pointermove", (event) => {
      if (event.buttons) follow(event);
    });
  }
}
