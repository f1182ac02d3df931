/* What is said about a cell and about sizes. */

import { coordinates, flatten } from "./geometry.js";
import { parse, productsOf } from "./picture.js";

/** @import { Axis, Picture, Piece, Term } from "./types.d.ts" */

/** @param {number} value */
export const show = (value) => (Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4))));
/** @param {number} value */
const factor = (value) => (value < 0 ? `(${show(value)})` : show(value));
/** @param {number[]} size */
export const times = (size) => size.join(" × ");
/** @param {number} n @param {string} noun */
export const plural = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;

/** Letters follow the matrix: x is the side that C reads and y the side that C makes, so Cᵀ goes from y to x.
 * @param {string} view @param {boolean} transposed */
export function letter(view, transposed) {
  if (view === "kernel") return "w";
  return (view === "input") === transposed ? "y" : "x";
}

/** The words of one picture. */
class Speaker {
  /** @param {Picture} pic */
  constructor(pic) {
    this.pic = pic;
  }

  /** @param {string} role @param {number[]} at */
  label(role, at) {
    return `${letter(role, this.pic.transposed)}[${at.join(", ")}]`;
  }

  /** @param {string} role @param {number} flat */
  name(role, flat) {
    return this.label(role, coordinates(flat, this.pic.size[role]));
  }

  /** @param {Term} t @returns {Piece[]} */
  product(t) {
    return [["input", factor(this.pic.input[t.input])], " × ", ["kernel", factor(this.pic.weight[t.kernel])]];
  }

  /** @param {Term} t @returns {Piece[]} */
  landing(t) {
    const value = show(this.pic.input[t.input] * this.pic.weight[t.kernel]);
    return [...this.product(t), " = ", value, " into ", ["output", this.name("output", t.output)]];
  }

  /** @param {number[]} at @param {Term[]} terms @returns {Piece[]} */
  output(at, terms) {
    const start = /** @type {Piece[]} */ ([["output", this.label("output", at)], " = "]);
    const { bias } = this.pic;
    if (!terms.length) return [...start, bias ? "bias " : "", ["output", show(bias)], ". No product lands here."];
    const sum = terms.flatMap((t, n) => (n ? [" + ", ...this.product(t)] : this.product(t)));
    const more = bias ? [` + bias ${factor(bias)}`] : [];
    return [...start, ...sum, ...more, " = ", ["output", show(this.pic.output[flatten(at, this.pic.output_size)])]];
  }

  /** An input or a kernel cell: four products are told, no more; the rest is in the picture.
   * @param {"input" | "kernel"} role @param {number[]} at @param {Term[]} terms @returns {Piece[]} */
  factor(role, at, terms) {
    const values = { input: this.pic.input, kernel: this.pic.weight }[role];
    const told = terms.slice(0, 4).flatMap((t, n) => [n ? "; " : ": ", ...this.landing(t)]);
    const rest = terms.length > 4 ? `; and ${terms.length - 4} more` : terms.length ? "" : ".";
    const value = show(values[flatten(at, this.pic.size[role])]);
    return [[role, `${this.label(role, at)} = ${value}`], ` is in ${plural(terms.length, "product")}`, ...told, rest];
  }

  /** @param {number[]} at @param {Term[]} terms @returns {Piece[]} */
  entry([row, column], terms) {
    const where = `${this.pic.transposed ? "Cᵀ" : "C"}[${row}, ${column}] = `;
    const ends = { input: this.name("input", column), output: this.name("output", row) };
    if (!terms.length) return [where, "0: ", ["input", ends.input], " and ", ["output", ends.output], " never meet"];
    const kernel = `${this.name("kernel", terms[0].kernel)} = ${show(this.pic.weight[terms[0].kernel])}`;
    return [where, ["kernel", kernel], ": ", ...this.landing(terms[0])];
  }

  /** @param {number[]} at @returns {Piece[]} */
  zero(at) {
    const outside = at.some((g, axis) => this.pic.padded[axis][g] === "padding");
    return [["zero", "0"], `, ${outside ? "put there by padding" : "inserted between two inputs"}: nothing is there`];
  }
}

/** What is said about a cell, as pieces. @param {Picture} pic @param {string} cell @returns {Piece[]} */
export function sentence(pic, cell) {
  if (!cell) return ["Choose a cell in any picture. Its partners light up in all of them."];
  const speaker = new Speaker(pic);
  const { view, at } = parse(cell);
  const terms = productsOf(pic, cell);
  if (view === "output") return speaker.output(at, terms);
  if (view === "matrix") return speaker.entry(at, terms);
  if (view === "padded") return speaker.zero(at);
  return speaker.factor(/** @type {"input" | "kernel"} */ (view), at, terms);
}

/** The size formula of one axis, with letters and with the present numbers. @param {Axis} axis
 * @param {boolean} transposed @param {boolean} ends whether padding has two */
export function sizeFormula({ i, k, s, p, e, a, d, o }, transposed, ends) {
  const sign = transposed ? "−" : "+";
  const [letters, numbers] = ends ? [`p_b ${sign} p_e`, `${p} ${sign} ${e}`] : ["2 p", `2 · ${p}`];
  return transposed
    ? [`o = s (i − 1) − ${letters} + d (k − 1) + a + 1`, `${o} = ${s} · (${i} − 1) − ${numbers} + ${d} · (${k} − 1) + ${a} + 1`]
    : [`o = ⌊(i + ${letters} − d (k − 1) − 1) / s⌋ + 1`, `${o} = ⌊(${i} + ${numbers} − ${d} · (${k} − 1) − 1) / ${s}⌋ + 1`];
}

/** @param {boolean} transposed @param {boolean} ends */
export const sizeWords = (transposed, ends) =>
  `i input, k kernel, s stride, ${ends ? "p_b padding before, p_e at the end" : "p padding"}, ${transposed ? "a output_padding, " : ""}d dilation, o output`;
