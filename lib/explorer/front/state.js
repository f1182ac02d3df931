/* The fields of an explorer, and the changes that move several of them together. */

import { SETTINGS } from "./constants.js";
import { cells, coordinates, flatten, geometry, inside, range } from "./geometry.js";

/** @import { Nested, Patch, Setting, Settings, State } from "./types.d.ts" */

/** @param {Nested} nested @returns {number[]} */
export const sizeOf = (nested) => (Array.isArray(nested[0]) ? [nested.length, nested[0].length] : [nested.length]);

/** @param {number[]} values @param {number[]} size @returns {Nested} */
export const nest = (values, size) =>
  size.length === 1 ? values : range(size[0]).map((row) => values.slice(row * size[1], (row + 1) * size[1]));

/** @param {number} first @param {number[]} size */
const count = (first, size) => nest(range(cells(size)).map((n) => first + n), size);

/** @param {Setting} value @param {number} axes @returns {number[]} */
export const perAxis = (value, axes) => (Array.isArray(value) ? value : new Array(axes).fill(value));

/** An array in another size. Counting numbers are counted anew; numbers that a reader set stay, new cells hold 0.
 * @param {Nested} nested @param {number[]} size */
export function resize(nested, size) {
  const old = sizeOf(nested);
  const values = nested.flat();
  if (values.every((v, n) => v === values[0] + n)) return count(values[0], size);
  const kept = range(cells(size)).map((flat) => {
    let at = coordinates(flat, size);
    if (at.length > old.length) at = at[0] === 0 ? at.slice(1) : [-1];
    if (at.length < old.length) at = [0, ...at];
    return inside(at, old) ? values[flatten(at, old)] : 0;
  });
  return nest(kept, size);
}

/** The state as `geometry` takes it. @param {State} state @returns {Settings} */
export function settingsOf(state) {
  const input_size = sizeOf(state.input);
  const each = Object.fromEntries(SETTINGS.map((name) => [name, perAxis(state[name], input_size.length)]));
  return /** @type {Settings} */ ({
    input_size, kernel_size: sizeOf(state.weight), transposed: state.transposed, ...each,
  });
}

/** One slider, or one of an axis, moved. @param {State} state @param {import("./types.d.ts").SliderName} field
 * @param {number} axis @param {number} value @returns {Patch} */
export function moved(state, field, axis, value) {
  const values = settingsOf(state)[field].slice();
  if (state.per_axis) values[axis] = value;
  else values.fill(value);
  if (field === "input_size") return { input: resize(state.input, values) };
  if (field === "kernel_size") return { weight: resize(state.weight, values) };
  return { [field]: state.per_axis && values.length > 1 ? values : value };
}

/** The transposed operation of a convolution, and back: the same matrix, transposed, so the output's size becomes the
 * input's, and `output_padding` is what leads back to the size where one came from.
 * @param {State} state @returns {Patch} */
export function swap(state) {
  const { axes, output_size } = geometry(settingsOf(state));
  const transposed = !state.transposed;
  /** @type {Patch} */
  const patch = { transposed, input: count(transposed ? 1 : 0, output_size) };
  if (transposed) {
    const back = axes.map(({ i, k, s, p, d }) => (i + 2 * p - d * (k - 1) - 1) % s);
    patch.output_padding = state.per_axis ? back : back[0];
  }
  return patch;
}

/** One control for each axis, or one for all: then the first axis decides. @param {State} state
 * @param {boolean} each @returns {Patch} */
export function eachAxis(state, each) {
  const settings = settingsOf(state);
  /** @type {Patch} */
  const patch = { per_axis: each };
  for (const name of SETTINGS) patch[name] = each ? settings[name] : settings[name][0];
  if (each) return patch;
  const square = (/** @type {number[]} */ size) => size.map(() => size[0]);
  patch.input = resize(state.input, square(settings.input_size));
  patch.weight = resize(state.weight, square(settings.kernel_size));
  return patch;
}
