/* The fields of an explorer, and the changes that move several of them together. */

import { SETTINGS } from "./constants.js";
import { cells, coordinates, geometry, range } from "./geometry.js";

/** @import { Memory, Nested, Patch, Setting, Settings, SliderName, State, Typed } from "./types.d.ts" */

/** @param {Nested} nested @returns {number[]} */
export const sizeOf = (nested) => (Array.isArray(nested[0]) ? [nested.length, nested[0].length] : [nested.length]);

/** @param {number[]} values @param {number[]} size @returns {Nested} */
export const nest = (values, size) =>
  size.length === 1 ? values : range(size[0]).map((row) => values.slice(row * size[1], (row + 1) * size[1]));

/** @param {number} first @param {number[]} size */
const count = (first, size) => nest(range(cells(size)).map((n) => first + n), size);

/** @param {Setting} value @param {number} axes @returns {number[]} */
const perAxis = (value, axes) =>
  Array.isArray(value) ? value.map((each) => [each].flat()[0]) : new Array(axes).fill(value);

/** The padding at the end of each axis. @param {Setting} value @param {number} axes */
const endOf = (value, axes) =>
  Array.isArray(value) ? value.map((each) => [each].flat().slice(-1)[0]) : new Array(axes).fill(value);

/** @param {number[]} values */
const isCounting = (values) => values.every((v, n) => v === values[0] + n);

/** A place as a key that is the same in one and in two dimensions. @param {number[]} at */
const keyOf = (at) => (at.length === 1 ? [0, ...at] : at).join();

/** The numbers of an array by place. @param {Nested} nested @returns {[string, number][]} */
function placed(nested) {
  const size = sizeOf(nested);
  return nested.flat().map((value, flat) => [keyOf(coordinates(flat, size)), value]);
}

/** Keeps the numbers of a state that are not mere counting, for sizes to come. @param {Memory} memory
 * @param {State} state */
export function remember(memory, state) {
  for (const name of /** @type {const} */ (["input", "weight"]))
    if (memory[name].size || !isCounting(state[name].flat()))
      for (const [key, value] of placed(state[name])) memory[name].set(key, value);
}

/** An array in another size. Counting numbers are counted anew, from `first`; numbers that a reader set stay or come
 * back, new cells hold 0. @param {Nested} nested @param {number[]} size @param {Typed} [typed]
 * @param {number} [first] */
export function resize(nested, size, typed = new Map(), first = nested.flat()[0]) {
  if (!typed.size && isCounting(nested.flat())) return count(first, size);
  const known = new Map([...typed, ...placed(nested)]);
  return nest(range(cells(size)).map((flat) => known.get(keyOf(coordinates(flat, size))) ?? 0), size);
}

/** The state as `geometry` takes it. @param {State} state @returns {Settings} */
export function settingsOf(state) {
  const input_size = sizeOf(state.input);
  const each = Object.fromEntries(SETTINGS.map((name) => [name, perAxis(state[name], input_size.length)]));
  const padding_after = endOf(state.padding, input_size.length);
  return /** @type {Settings} */ ({
    input_size, kernel_size: sizeOf(state.weight), transposed: state.transposed, ...each, padding_after,
  });
}

/** Padding by axis as the state keeps it: pairs where there is a control for each end, else what is before.
 * @param {number[]} before @param {number[]} after @param {Pick<State, "per_axis" | "two_ends">} controls
 * @returns {Setting} */
function paddingOf(before, after, { per_axis, two_ends }) {
  if (two_ends) return before.map((p, n) => [p, after[n]]);
  return per_axis && before.length > 1 ? before : before[0];
}

/** @returns {Memory} */
export const noMemory = () => ({ input: new Map(), weight: new Map() });

/** One slider, or one of an axis, moved. @param {State} state @param {SliderName} field
 * @param {number} axis @param {number} value @param {Memory} [memory] @returns {Patch} */
export function moved(state, field, axis, value, memory = noMemory()) {
  const settings = settingsOf(state);
  const values = settings[field].slice();
  if (state.per_axis) values[axis] = value;
  else values.fill(value);
  if (field === "input_size") return { input: resize(state.input, values, memory.input) };
  if (field === "kernel_size") return { weight: resize(state.weight, values, memory.weight) };
  if (field === "padding") return { padding: paddingOf(values, settings.padding_after, state) };
  if (field === "padding_after") return { padding: paddingOf(settings.padding, values, state) };
  return { [field]: state.per_axis && values.length > 1 ? values : value };
}

/** The transposed operation of a convolution, and back: the same matrix, transposed, so the output's size becomes the
 * input's, and `output_padding` is what leads back to the size where one came from.
 * @param {State} state @param {Memory} memory @returns {Patch} */
export function swap(state, memory) {
  const { axes, output_size } = geometry(settingsOf(state));
  const transposed = !state.transposed;
  /** @type {Patch} */
  const patch = { transposed, input: resize(state.input, output_size, memory.input, transposed ? 1 : 0) };
  if (transposed) {
    const back = axes.map(({ i, k, s, p, e, d }) => (i + p + e - d * (k - 1) - 1) % s);
    patch.output_padding = state.per_axis ? back : back[0];
  }
  return patch;
}

/** One control for each axis, or one for all: then the first axis decides. @param {State} state
 * @param {boolean} each @param {Memory} memory @returns {Patch} */
export function eachAxis(state, each, memory) {
  const settings = settingsOf(state);
  /** @type {Patch} */
  const patch = { per_axis: each };
  for (const name of SETTINGS) patch[name] = each ? settings[name] : settings[name][0];
  const square = (/** @type {number[]} */ size) => size.map(() => size[0]);
  const ends = [settings.padding, settings.padding_after].map((of) => (each ? of : square(of)));
  patch.padding = paddingOf(ends[0], ends[1], { per_axis: each, two_ends: state.two_ends });
  if (each) return patch;
  patch.input = resize(state.input, square(settings.input_size), memory.input);
  patch.weight = resize(state.weight, square(settings.kernel_size), memory.weight);
  return patch;
}

/** One control for each end of padding, or one for both: then what is before decides. @param {State} state
 * @param {boolean} two_ends @returns {Patch} */
export function bothEnds(state, two_ends) {
  const { padding, padding_after } = settingsOf(state);
  return { two_ends, padding: paddingOf(padding, padding_after, { per_axis: state.per_axis, two_ends }) };
}

/** The padding of the last axis for each of several. @param {State} state @param {number} axes */
export function lastPadding(state, axes) {
  const { padding, padding_after } = settingsOf(state);
  const [before, after] = [padding, padding_after].map((ends) => new Array(axes).fill(ends.at(-1)));
  return paddingOf(before, after, { per_axis: false, two_ends: state.two_ends });
}
