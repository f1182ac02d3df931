/* The words around the pictures: title, sizes, and the size formula with the present numbers. */

import { h, pieces } from "./dom.js";
import { cells, range } from "./geometry.js";
import { nameOf } from "./picture.js";
import { sentence, sizeFormula, sizeWords, times } from "./words.js";

/** @import { Picture, Piece, State } from "./types.d.ts" */

/** @param {Piece[]} list */
const length = (list) =>
  list.reduce((sum, piece) => sum + (Array.isArray(piece) ? piece[1].length + 1 : piece.length), 0);

/** The longest of all sentences: it reserves its room, so that nothing moves while cells are chosen.
 * @param {Picture} pic */
function longestSentence(pic) {
  const views = ["output", "input", "kernel"];
  const names = views.flatMap((view) => range(cells(pic.size[view])).map((n) => nameOf(pic, view, n)));
  return names.map((name) => sentence(pic, name)).reduce((one, other) => (length(other) > length(one) ? other : one));
}

/** Letters with their index below: "p_b". @param {string} text */
const withIndices = (text) => text.split(/(?<=p)_([be])/).map((part, n) => (n % 2 ? h("sub", {}, part) : part));

export class Labels {
  constructor() {
    this.title = h("b", { class: "tc-title" });
    this.sizes = h("span", { class: "tc-sizes" });
    this.sizer = h("div", { "aria-hidden": "true" });
    this.formula = h("div", { class: "tc-formula" });
  }

  /** @param {State} state @param {Picture} pic */
  draw({ transposed, per_axis, two_ends }, pic) {
    this.title.textContent = transposed ? "Transposed convolution" : "Convolution";
    this.sizes.textContent = `input ${times(pic.input_size)} → output ${times(pic.output_size)}`;
    const axes = per_axis ? pic.axes : pic.axes.slice(0, 1);
    const formulas = axes.map((each) => sizeFormula(each, transposed, two_ends));
    const axis = (/** @type {number} */ n) => (axes.length > 1 ? `axis ${n}: ` : "");
    const lines = formulas.map(([, present], n) => h("p", {}, axis(n), h("b", {}, present)));
    const meanings = h("p", { class: "tc-small" }, ...withIndices(sizeWords(transposed, two_ends)));
    this.formula.replaceChildren(h("p", {}, ...withIndices(formulas[0][0])), ...lines, meanings);
    this.sizer.replaceChildren(...pieces(longestSentence(pic)));
  }
}
