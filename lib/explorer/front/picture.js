/* Everything that one state shows, computed once: numbers, products by cell, and which cells are partners. */

import { GEOMETRY } from "./constants.js";
import { cells, coordinates, flatten, geometry, inside, numbers, paddedAxis, range, windowAxis } from "./geometry.js";
import { settingsOf } from "./state.js";

/** @import { Picture, Role, State, Term } from "./types.d.ts" */

const CELL = /^[a-z]+:(0|[1-9][0-9]*)(,(0|[1-9][0-9]*))?$/;

/** A cell's name in parts: "output:1,2" is view "output", at [1, 2]. @param {string} cell */
export function parse(cell) {
  const [view, at] = cell.split(":");
  return { view, at: (at || "").split(",").map(Number) };
}

/** @type {any[]} */
let lastFrom = [];
/** @type {Picture} */
let lastPicture;

/** The picture of a state. To judge a state and to draw it need the same one: the last is kept.
 * @param {State} state @returns {Picture} */
export function picture(state) {
  const from = GEOMETRY.map((name) => state[name]);
  if (from.some((value, n) => value !== lastFrom[n])) [lastFrom, lastPicture] = [from, makePicture(state)];
  return lastPicture;
}

/** @param {State} state @returns {Picture} */
function makePicture(state) {
  const shape = geometry(settingsOf(state));
  const [input, weight] = [state.input.flat(), state.weight.flat()];
  const group = (/** @type {Role} */ key, /** @type {number} */ n) => {
    const groups = range(n).map(() => /** @type {Term[]} */ ([]));
    for (const t of shape.terms) groups[t[key]].push(t);
    return groups;
  };
  const inputs = cells(shape.input_size);
  return {
    ...shape, input, weight, inputs, bias: state.bias,
    output: numbers(shape, input, weight).map((sum) => sum + state.bias),
    byInput: group("input", inputs),
    byKernel: group("kernel", weight.length),
    byOutput: group("output", cells(shape.output_size)),
    entry: new Map(shape.terms.map((t) => [t.output * inputs + t.input, t.kernel])),
    padded: shape.axes.map((axis) => paddedAxis(axis, shape.transposed)),
    // The large side is where windows or stamps overlap: a convolution's input, a transposed one's output.
    large: shape.transposed ? "output" : "input",
    size: { input: shape.input_size, kernel: shape.kernel_size, output: shape.output_size },
  };
}

/** How many steps the operation has: one for each input, or each output. @param {Picture} pic @param {string} view */
export const stepsOf = (pic, view) => (view === "stamps" ? pic.inputs : pic.output.length);

/** @param {Picture} pic @param {string} view @param {number} flat */
export const nameOf = (pic, view, flat) => `${view}:${coordinates(flat, pic.size[view])}`;

/** The place in the padded picture where an input cell stands (none if negative padding cut it away).
 * @param {Picture} pic @param {number} flat */
function paddedName(pic, flat) {
  const at = coordinates(flat, pic.input_size).map((n, axis) => pic.padded[axis].indexOf(n));
  return at.includes(-1) ? null : `padded:${at}`;
}

/** The cell that a place in any view stands for: a place in the overlap map or an input in the padded picture is that
 * input or output cell. Null for a place that this state does not have. @param {Picture} pic @param {string} cell */
export function canonical(pic, cell) {
  if (!CELL.test(cell)) return null;
  const { view, at } = parse(cell);
  if (view === "overlap") return inside(at, pic.size[pic.large]) ? `${pic.large}:${at}` : null;
  if (view === "padded") {
    if (!inside(at, pic.padded.map((axis) => axis.length))) return null;
    const there = at.map((g, axis) => pic.padded[axis][g]);
    return there.every(Number.isInteger) ? `input:${there}` : cell;
  }
  const size = view === "matrix" ? [pic.output.length, pic.inputs] : pic.size[view];
  return size && inside(at, size) ? cell : null;
}

/** The products that a chosen cell takes part in. @param {Picture} pic @param {string} cell @returns {Term[]} */
export function productsOf(pic, cell) {
  const { view, at } = parse(cell);
  if (view === "input") return pic.byInput[flatten(at, pic.input_size)];
  if (view === "kernel") return pic.byKernel[flatten(at, pic.kernel_size)];
  if (view === "output") return pic.byOutput[flatten(at, pic.output_size)];
  if (view === "matrix") return pic.byOutput[at[0]].filter((t) => t.input === at[1]);
  return [];
}

/** The names of all cells that light up with a chosen cell: its partners in every view, and itself in other views.
 * @param {Picture} pic @param {string} cell @returns {Set<string>} */
export function partners(pic, cell) {
  const { view } = parse(cell);
  const lit = new Set();
  for (const t of productsOf(pic, cell)) {
    for (const role of /** @type {const} */ (["input", "kernel", "output"])) lit.add(nameOf(pic, role, t[role]));
    lit.add(`matrix:${t.output},${t.input}`);
  }
  for (const name of [...lit, cell]) {
    const { view: role, at } = parse(name);
    if (role === "input") lit.add(paddedName(pic, flatten(at, pic.input_size)));
    if (role === pic.large && (view === role || view === "matrix")) lit.add(`overlap:${at}`);
  }
  lit.delete(null);
  lit.delete(cell);
  return lit;
}

/** The window of an output cell on the padded picture: [place, kernel position] pairs.
 * @param {Picture} pic @param {string} cell @returns {[string, number][]} */
export function windowOf(pic, cell) {
  const { view, at } = parse(cell);
  if (view !== "output") return [];
  const places = pic.axes.map((axis, n) => windowAxis(axis, at[n], pic.transposed));
  if (places.length === 1) return places[0].map(([g, j]) => [`padded:${g}`, j]);
  return places[0].flatMap(([row, j]) =>
    places[1].map(([column, l]) => /** @type {[string, number]} */ ([`padded:${row},${column}`, flatten([j, l], pic.kernel_size)])),
  );
}
