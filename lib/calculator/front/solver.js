/* Which settings of a transposed convolution take one size to another: the rules, the order and the words of
 * lib/shapes/solver.py, one axis. A test holds the two against each other. */

import { range } from "../../explorer/front/geometry.js";

/** @import { Answer, Choices, Setting } from "./types.d.ts" */

/** @type {(a: number, b: number) => boolean} */
const coprime = (a, b) => (b ? coprime(b, a % b) : a === 1);

/** The cells from a dilated kernel's first element to its last. @param {number} k @param {number} d */
export const reach = (k, d) => d * (k - 1) + 1;

/** All interior output cells receive equally many kernel elements. @param {Setting} setting */
export const isEven = ({ k, s, d }) => k % s === 0 && coprime(s, d);

/** Every output cell, up to the border, receives a kernel element. @param {Setting} setting */
export const isAlive = ({ k, s, p, a, d }) => k >= s && coprime(s, d) && p - a >= (s - 1) * (d - 1);

/** The output's size. @param {number} i @param {Setting} setting */
export const sizeAfter = (i, { k, s, p, a, d }) => s * (i - 1) + reach(k, d) + a - 2 * p;

/** @param {number} from @param {number} to */
const between = (from, to) => range(Math.max(0, to - from)).map((n) => from + n);

/** @param {number} i @param {number} o */
function strides(i, o) {
  const most = Math.ceil(o / i);
  const near = [Math.max(1, Math.floor(o / i)), most];
  return [...new Set([...between(1, Math.min(64, most) + 1), ...near])].sort((a, b) => a - b);
}

/** The kernel sizes worth trying: shorter ones cannot fill what the other stamps leave.
 * @param {number} i @param {number} o @param {number} s @param {number} d @returns {[number, number]} */
function kernelEnds(i, o, s, d) {
  const alone = o - s * (i - 1);
  const longest = Math.max(2 * s, s + 24, alone);
  return [Math.max(1, Math.floor((alone - 5) / d) + 1), Math.ceil((longest - 1) / d) + 2];
}

/** The first of the ordered values that is at least `wanted`; their number if none is.
 * @param {number[] | null} values @param {number} count @param {number} wanted */
function bisect(values, count, wanted) {
  if (!values) return Math.min(count, Math.max(0, Math.ceil(wanted)));
  const at = values.findIndex((value) => value >= wanted);
  return at < 0 ? values.length : at;
}

/** All settings but for the padding. @param {number} i @param {number} o @param {Choices} choices */
function* combinations(i, o, { kernel_size, stride, output_padding, dilation }) {
  for (const s of stride ?? strides(i, o))
    for (const d of dilation ?? [1]) {
      const extra = (output_padding ?? [0, 1, 2, 3]).filter((a) => a < Math.max(s, d));
      for (const k of kernel_size ?? between(...kernelEnds(i, o, s, d)))
        yield* extra.map((a) => ({ k, s, p: 0, a, d }));
    }
}

/** How many combinations there are to try, about. @param {number} i @param {number} o @param {Choices} choices */
export function effort(i, o, { kernel_size, stride, output_padding, dilation }) {
  let kernels = 0;
  for (const s of stride ?? strides(i, o)) {
    const [from, to] = kernelEnds(i, o, s, 1);
    kernels += kernel_size ? kernel_size.length : to - from;
  }
  return kernels * (output_padding ?? [0, 1, 2, 3]).length * (dilation ?? [1]).length;
}

/** @param {Setting} one */
const rank = (one) => [+!isAlive(one), +!isEven(one), one.a, one.d, one.k, one.s, one.p];

/** @param {Setting[]} found */
function inOrder(found) {
  const ranked = found.map((setting) => ({ setting, rank: rank(setting) }));
  ranked.sort((one, other) => one.rank.reduce((order, n, at) => order || n - other.rank[at], 0));
  return ranked.map(({ setting }) => setting);
}

/** Every setting that takes i to o, the best first; without any, the nearest sizes and why.
 * @param {number} i @param {number} o @param {Choices} choices @returns {Answer} */
export function solveAxis(i, o, choices) {
  /** @type {Setting[]} */
  const found = [];
  const parities = new Set();
  const paddings = choices.padding;
  let [below, above] = [0, 0];
  for (const setting of combinations(i, o, choices)) {
    const whole = sizeAfter(i, setting);
    parities.add(whole % 2);
    const count = paddings ? paddings.length : reach(setting.k, setting.d);
    const at = bisect(paddings, count, (whole - o) / 2); // the first padding that leaves no more than o
    const left = (/** @type {number} */ n) => whole - 2 * (paddings ? paddings[n] : n);
    if (at < count) {
      if (left(at) === o) found.push({ ...setting, p: paddings ? paddings[at] : at });
      below = Math.max(below, left(at));
    }
    if (at > 0) above = Math.min(above || left(at - 1), left(at - 1));
  }
  if (found.length) return { settings: inOrder(found), nearest: [], reason: "" };
  return { settings: [], nearest: [below, above].filter(Boolean), reason: whyNot(i, o, [below, above], parities) };
}

/** @param {number} i @param {number} o @param {number[]} nearest @param {Set<number>} parities */
function whyNot(i, o, [below, above], parities) {
  if (!parities.size) return "output_padding must be smaller than stride or dilation, and no choice in these ranges is";
  if (!below && !above) return `every padding in these ranges crops all that an input of ${i} gives: use less padding`;
  if (!above) {
    const needs = "needs a larger stride, kernel_size, dilation or output_padding, or less padding";
    return `no setting in these ranges takes ${i} beyond ${below}: ${o} ${needs}`;
  }
  const crop = `take ${above} and crop ${above - o} more with a (before, after) padding`;
  if (!below) {
    const smaller = o < i ? " (to shrink is what conv does)" : "";
    return `no setting in these ranges takes ${i} below ${above}: ${crop}, or use more padding${smaller}`;
  }
  if (parities.size === 1 && !parities.has(o % 2)) {
    const kind = above % 2 ? "odd" : "even";
    return `every size that these ranges reach from ${i} is ${kind}, which equal padding at both ends cannot change: ${crop}, or allow output_padding`;
  }
  return `these ranges reach ${below} and ${above} from ${i}, nothing between: ${crop}`;
}
