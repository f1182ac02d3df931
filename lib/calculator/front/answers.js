/* What a person asks next about a layer, answered from counts: which output cell receives how many kernel elements. */

import { cropOf, keptOf, spanOfKernel } from "./dialects.js";
import { phaseOverlap } from "./stack.js";

/** @import { AxisPlan, Layer } from "./types.d.ts" */

const COUNTED = 200_000; // cells of an axis that are counted one by one

/** How many kernel elements are added in one output cell of an axis. @param {AxisPlan} axis @param {number} i
 * @param {number} cell */
export function productsIn({ k, s, d, start }, i, cell) {
  let count = 0;
  for (let j = 0; j < k; j++) {
    const at = (cell + start - d * j) / s;
    if (Number.isInteger(at) && at >= 0 && at < i) count += 1;
  }
  return count;
}

/** What an axis of the output holds: the counts inside by phase, that of its last cell, cells that nothing reaches.
 * @param {AxisPlan} axis @param {number} i */
export function countsOf(axis, i) {
  const o = keptOf(axis, i);
  const inside = phaseOverlap(axis.k, axis.s, axis.d);
  let dead = null;
  if (o * axis.k <= 20 * COUNTED) {
    dead = 0;
    for (let cell = 0; cell < o; cell++) dead += productsIn(axis, i, cell) ? 0 : 1;
  }
  return { inside, first: productsIn(axis, i, 0), last: productsIn(axis, i, o - 1), dead };
}

/** @param {number} n @param {string} word */
const some = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;

/** @param {number[]} inside */
const insideWords = (inside) => {
  const [least, most] = [Math.min(...inside), Math.max(...inside)];
  return least === most ? String(most) : `${least} to ${most}`;
};

/** @param {string} which @param {number} count @param {number[]} inside */
function edgeWords(which, count, inside) {
  const receives = `The ${which} cell receives`;
  if (!count) return `${receives} nothing: it will hold the bias alone.`;
  const equal = count === Math.max(...inside) ? ", as many as any inside" : "";
  const weaker = `, cells inside ${insideWords(inside)}: expect a weaker edge`;
  return `${receives} ${some(count, "kernel element")}${count < Math.min(...inside) ? weaker : equal}.`;
}

/** @param {number[]} inside */
function checkerWords(inside) {
  if (inside.length === 1)
    return "Stride 1: every cell inside receives as many kernel elements as any other.";
  if (new Set(inside).size === 1)
    return `Even overlap: every cell inside receives ${inside[0]}. Counts make no checkerboard here; a kernel whose phases have different sums still can.`;
  const turn = inside.length <= 12 ? inside.join(", ") : insideWords(inside);
  return `A checkerboard is possible: cells inside receive ${turn} kernel elements in turn, and so again every ${inside.length} cells.`;
}

/** @param {number | null} dead @param {number} o */
function deadWords(dead, o) {
  if (dead === null) return "";
  return dead
    ? `${some(dead, "cell")} of ${o} receive nothing at all: dead cells, where only the bias stands.`
    : "No dead cell: each receives something.";
}

/** The padding of the convolution that leads back: what a crop lacks at the end, if it is less than a stride, is
 * output_padding, and a convolution has none. @param {AxisPlan} axis @returns {number[]} before and after */
function paddingBack(axis) {
  const [before, after] = cropOf(axis);
  const extra = before - after;
  return [before, extra >= 0 && extra < axis.s ? before : Math.max(after, 0)];
}

/** @param {AxisPlan} axis @param {number} i */
function wayBack(axis, i) {
  const [before, after] = paddingBack(axis);
  const o = keptOf(axis, i);
  const least = axis.s * (i - 1) + spanOfKernel(axis) - before - after;
  const most = least + axis.s - 1;
  if (before < 0 || o < least || o > most) return "";
  const ends = before === after ? "" : ` before and ${after} after`;
  const more = least < most && most > 1 ? `, as it takes every size from ${Math.max(1, least)} to ${most}` : "";
  return `The convolution with this kernel, stride and dilation, and padding ${before}${ends}, takes ${o} back to ${i}${more}.`;
}

/** The sentences about one axis of a layer. @param {AxisPlan} axis @param {number} i @returns {string[]} */
export function askedNext(axis, i) {
  const counts = countsOf(axis, i);
  const o = keptOf(axis, i);
  const edges = [edgeWords("last", counts.last, counts.inside)];
  if (counts.first !== counts.last) edges.unshift(edgeWords("first", counts.first, counts.inside));
  return [checkerWords(counts.inside), deadWords(counts.dead, o), ...edges, wayBack(axis, i)].filter(Boolean);
}

/** Weights without bias, and multiplications for one image. @param {Layer} layer */
export function costOf({ size, plan, channels }) {
  const kernel = plan.axes.reduce((product, { k }) => product * k, 1);
  const weights = ((channels[0] * channels[1]) / plan.groups) * kernel;
  return { weights, multiplications: weights * size.reduce((product, i) => product * i, 1) };
}
