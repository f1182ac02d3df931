/* A stack of layers, row by row: the rules of lib/stacks.py, and a test holds the two against each other. */

import { cells, outputSize, range } from "../../explorer/front/geometry.js";

/** @import { StackLayer, StackRow } from "./types.d.ts" */

const CELLS = 300_000; // cells to look at for a receptive field; beyond it the page would stand still

/** @param {StackLayer} layer */
const isTransposed = (layer) => layer.kind === "conv_transpose";

/** The input cells of a layer that reach these cells of its output, on one axis without borders.
 * @param {Set<number>} to @param {StackLayer} layer */
function reached(to, layer) {
  const { kernel_size, stride: s, padding: p, dilation: d } = layer;
  const from = new Set();
  for (const cell of to)
    for (let j = 0; j < kernel_size; j++) {
      const at = isTransposed(layer) ? (cell + p - d * j) / s : s * cell + d * j - p;
      if (Number.isInteger(at)) from.add(at);
    }
  return from;
}

/** @param {Set<number>} found */
function width(found) {
  let [first, last] = [Infinity, -Infinity];
  for (const at of found) [first, last] = [Math.min(first, at), Math.max(last, at)];
  return found.size ? last - first + 1 : 0;
}

/** The least and the most input cells from the first to the last that reach an output cell; null: too many to count.
 * @param {StackLayer[]} layers @returns {[number, number] | null} */
export function receptiveField(layers) {
  const period = layers.filter(isTransposed).reduce((product, layer) => product * layer.stride, 1);
  if (period > CELLS) return null;
  let [least, most, work] = [Infinity, 0, 0];
  for (let cell = 0; cell < period; cell++) {
    let found = new Set([cell]);
    for (const layer of layers.toReversed()) {
      work += found.size * layer.kernel_size;
      if (work > CELLS) return null;
      found = reached(found, layer);
    }
    [least, most] = [Math.min(least, width(found)), Math.max(most, width(found))];
  }
  return [least, most];
}

/** How many kernel elements meet in an output cell far from the border, by its place modulo stride.
 * @param {number} k @param {number} s @param {number} d */
export function phaseOverlap(k, s, d) {
  const counts = new Array(s).fill(0);
  for (let j = 0; j < k; j++) counts[(j * d) % s] += 1;
  return counts;
}

/** What forbids a layer, in words; "" if nothing does. @param {StackLayer} layer @param {number} channels */
function wrong(layer, channels) {
  const { kind, kernel_size, stride, dilation, output_padding, out_channels, groups } = layer;
  if (Math.min(kernel_size, stride, dilation, out_channels, groups) < 1)
    return "every number but the two paddings is at least 1";
  if (!isTransposed(layer) && output_padding)
    return `output_padding is 0 for ${kind === "pool" ? "a pool" : "a convolution"}`;
  if (isTransposed(layer) && output_padding >= Math.max(stride, dilation))
    return `output_padding ${output_padding} must be smaller than stride ${stride} or dilation ${dilation}`;
  if (kind !== "pool" && (channels % groups || out_channels % groups))
    return `groups ${groups} must divide the channels on both sides, ${channels} and ${out_channels}`;
  return "";
}

/** @param {number[]} size @param {StackLayer[]} layers @param {number} channels @returns {StackRow} */
function row(size, layers, channels) {
  const layer = layers[layers.length - 1];
  const { kind, kernel_size: k, stride: s, padding: p, output_padding: a, dilation: d, out_channels, groups } = layer;
  const output = size.map((i) => outputSize({ i, k, s, p, e: p, a, d }, isTransposed(layer)));
  const receptive = receptiveField(layers);
  const overlap = isTransposed(layer) ? phaseOverlap(k, s, d) : [];
  if (kind === "pool") return { size: output, channels, receptive, overlap, weights: 0, multiplications: 0 };
  const weights = ((channels * out_channels) / groups) * k ** size.length;
  const multiplications = weights * cells(isTransposed(layer) ? size : output);
  return { size: output, channels: out_channels, receptive, overlap, weights, multiplications };
}

/** The rows of the stack; those before the first layer that cannot be, and why it cannot.
 * @param {number[]} input_size @param {StackLayer[]} layers @param {number} input_channels
 * @returns {{ rows: StackRow[], refusal: string }} */
export function stackRows(input_size, layers, input_channels) {
  /** @type {StackRow[]} */
  const rows = [];
  let [size, channels] = [input_size, input_channels];
  for (const n of range(layers.length)) {
    const words = wrong(layers[n], channels);
    if (words) return { rows, refusal: `layer ${n + 1}: ${words}.` };
    const next = row(size, layers.slice(0, n + 1), channels);
    if (next.size.some((o) => o < 1))
      return {
        rows,
        refusal: `layer ${n + 1}: its output would have ${next.size.join(" × ")} cells from ${size.join(" × ")}.`,
      };
    rows.push(next);
    ({ size, channels } = next);
  }
  return { rows, refusal: "" };
}
