/* Light on the partners of a cell, in every view. */

import { mark } from "./dom.js";
import { nameOf, parse, partners, productsOf, windowOf } from "./picture.js";
import { show } from "./words.js";

/** @import { Picture } from "./types.d.ts" */

/** The attributes that a chosen cell gives to cells, by name. @param {Picture} pic @param {string} cell
 * @param {string} view @returns {Map<string, Record<string, string>>} */
function marksOf(pic, cell, view) {
  const marks = new Map();
  const add = (/** @type {string} */ name, /** @type {Record<string, string>} */ more) =>
    marks.set(name, { ...marks.get(name), ...more });
  if (!cell) return marks;
  for (const name of partners(pic, cell)) add(name, { "data-lit": "" });
  add(cell, { "data-chosen": "", "aria-selected": "true" });
  if (view === "window")
    for (const [name, kernel] of windowOf(pic, cell))
      add(name, { "data-window": "", "data-times": `×${show(pic.weight[kernel])}` });
  if (parse(cell).view === "input")
    for (const t of productsOf(pic, cell))
      add(nameOf(pic, "output", t.output), { "data-times": `+${show(pic.input[t.input] * pic.weight[t.kernel])}` });
  return marks;
}

const ATTRIBUTES = ["data-lit", "data-chosen", "aria-selected", "data-window", "data-times"];

export class Light {
  /** @param {Map<string, HTMLElement>} index */
  constructor(index) {
    this.index = index;
    /** @type {Set<HTMLElement>} */
    this.lit = new Set();
  }

  /** @param {Picture} pic @param {string} cell @param {string} view */
  shine(pic, cell, view) {
    const fresh = new Map();
    for (const [name, marks] of marksOf(pic, cell, view))
      if (this.index.has(name)) fresh.set(this.index.get(name), marks);
    for (const element of new Set([...this.lit, ...fresh.keys()]))
      for (const attribute of ATTRIBUTES) mark(element, attribute, fresh.get(element)?.[attribute]);
    this.lit = new Set(fresh.keys());
  }
}

/** Scrolls a view's box, and nothing else, to one of its cells. @param {HTMLElement} box @param {Element} target */
export function scrollTo(box, target) {
  if (box.scrollHeight <= box.clientHeight && box.scrollWidth <= box.clientWidth) return;
  const [inner, outer] = [target.getBoundingClientRect(), box.getBoundingClientRect()];
  const [down, right] = [inner.top - outer.top, inner.left - outer.left];
  if (down < 0 || inner.bottom > outer.bottom) box.scrollTop += down - box.clientHeight / 3;
  if (right < 0 || inner.right > outer.right) box.scrollLeft += right - box.clientWidth / 3;
}
