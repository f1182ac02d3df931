/* The pictures of a state: which cells each view has, and what stands in them. */

import { PANELS } from "./constants.js";
import { mark } from "./dom.js";
import { cells, flatten, geometry, inside, numbers, range } from "./geometry.js";
import { Grid } from "./grid.js";
import { stepsOf } from "./picture.js";
import { settingsOf } from "./state.js";
import { letter, show, times } from "./words.js";

/** @import { Cell, Picture, State, Term } from "./types.d.ts" */

const DRAWN_ZEROS = 1024; // a matrix with more cells than this is drawn without its zeros

/** @param {number[]} size */
const screen = (size) => (size.length === 1 ? [1, size[0]] : size);
/** @param {number[]} values */
const longest = (values) => values.reduce((most, value) => Math.max(most, show(value).length), 1);

/** The rows of a view whose cells all have a place in `size`. @param {string} view @param {number[]} size
 * @param {(flat: number, at: number[]) => Partial<Cell>} cell @returns {Cell[][]} */
function rowsOf(view, size, cell) {
  const [height, width] = screen(size);
  return range(height).map((r) =>
    range(width).map((c) => {
      const at = size.length === 1 ? [c] : [r, c];
      return { at: [r, c], name: `${view}:${at}`, text: "", kind: view, ...cell(flatten(at, size), at) };
    }),
  );
}

export class Views {
  /** @param {string[]} panels */
  constructor(panels) {
    this.panels = panels;
    /** @type {Map<string, HTMLElement>} */
    this.index = new Map();
    const each = ["input", "kernel", "output", ...PANELS].map((view) => [view, new Grid(view, this.index)]);
    /** @type {Record<string, Grid>} */
    this.grids = Object.fromEntries(each);
    this.overlapShown = () => false;
  }

  /** @param {string} view @param {number[]} values @param {State} state @param {Picture} pic */
  drawFactor(view, values, state, pic) {
    const rows = rowsOf(view, pic.size[view], (n) => ({ text: show(values[n]) }));
    this.grids[view].draw(letter(view, state.transposed), `${view} ${times(pic.size[view])}`, rows, screen(pic.size[view]), longest(values));
  }

  /** @param {State} state @param {Picture} pic */
  draw(state, pic) {
    this.drawFactor("input", pic.input, state, pic);
    this.drawFactor("kernel", pic.weight, state, pic);
    this.drawOutput(state, pic);
    if (this.panels.includes("padded")) this.drawPadded(state, pic);
    if (this.panels.includes("matrix")) this.drawMatrix(state, pic);
    this.drawOverlap(state, pic);
  }

  /** The output so far. Stamps that padding cuts off stand around it, struck through.
   * @param {State} state @param {Picture} pic */
  drawOutput(state, pic) {
    const stamps = state.view === "stamps";
    const done = (/** @type {Term} */ t) => state.step === null || (stamps ? t.input : t.output) < state.step;
    const cut = pic.axes.map((axis) => (state.transposed && stamps ? axis.p : 0));
    const whole = cut.some(Boolean) ? geometry({ ...settingsOf(state), padding: cut.map(() => 0) }) : pic;
    const sums = numbers(whole, pic.input, pic.weight, done);
    const reached = new Set(whole.terms.filter(done).map((t) => t.output));
    const unfinished = stamps && state.step !== null && state.step < stepsOf(pic, state.view);
    const rows = rowsOf("output", whole.output_size, (n, at) => {
      const inner = at.map((a, axis) => a - cut[axis]);
      const named = inside(inner, pic.output_size);
      // A cell that no product reaches holds 0 in the end; until then, and before its own step, it is empty.
      const waits = state.step !== null && !reached.has(n) && (stamps ? unfinished : n >= state.step);
      const kind = `${waits ? "empty" : "output"}${named ? "" : " tc-cut"}`;
      return { name: named ? `output:${inner}` : null, text: waits ? "" : show(sums[n]), kind };
    });
    const words = `output ${times(pic.output_size)}${cut.some(Boolean) ? ", padding cuts off the rest" : ""}`;
    const bound = numbers(whole, pic.input.map(Math.abs), pic.weight.map(Math.abs));
    const digits = longest(bound) + ([...pic.input, ...pic.weight].some((v) => v < 0) ? 1 : 0);
    this.grids.output.draw(letter("output", state.transposed), words, rows, screen(whole.output_size), digits);
  }

  /** @param {State} state @param {Picture} pic */
  drawPadded(state, pic) {
    const size = pic.padded.map((axis) => axis.length);
    const rows = rowsOf("padded", size, (_, at) => {
      const there = at.map((g, axis) => pic.padded[axis][g]);
      const real = there.every((place) => typeof place === "number");
      if (real) return { text: show(pic.input[flatten(there, pic.input_size)]), kind: "input" };
      return { text: "0", kind: `zero${there.includes("padding") ? " tc-outside" : ""}` };
    });
    const inserted = pic.padded.some((axis) => axis.includes("inserted"));
    const words = inserted ? "input with inserted zeros and padding" : "input with padding";
    this.grids.padded.draw(letter("input", state.transposed), `${words} ${times(size)}`, rows, screen(size), longest(pic.input));
  }

  /** @param {State} state @param {Picture} pic */
  drawMatrix(state, pic) {
    const [height, width] = [pic.output.length, pic.inputs];
    const whole = height * width <= DRAWN_ZEROS;
    const rows = range(height).map((r) => {
      const columns = whole ? range(width) : pic.byOutput[r].map((t) => t.input);
      return columns.map((c) => {
        const kernel = pic.entry.get(r * width + c);
        const entry = kernel === undefined ? { text: "0", kind: "zero" } : { text: show(pic.weight[kernel]), kind: "kernel" };
        return { at: [r, c], name: `matrix:${r},${c}`, ...entry };
      });
    });
    const [matrix, equation] = state.transposed ? ["Cᵀ", "x = Cᵀ y"] : ["C", "y = C x"];
    const words = `${equation}, ${times([height, width])}${whole ? "" : ", zeros not drawn"}`;
    this.grids.matrix.draw(matrix, words, rows, [height, width], longest(pic.weight));
    mark(this.grids.matrix.body, "data-size", "small");
    mark(this.grids.matrix.body, "data-sparse", !whole); // then only the rows in sight are laid out
  }

  /** How often each cell of the large side is met; the most, and nothing else, has the darkest shade, and whatever is
   * met has one. @param {State} state @param {Picture} pic */
  drawOverlap(state, pic) {
    if (!this.panels.includes("overlap") || !this.overlapShown()) return;
    const size = pic.size[pic.large];
    const counts = new Array(cells(size)).fill(0);
    for (const t of pic.terms) counts[t[pic.large]]++;
    const most = Math.max(1, ...counts);
    const rows = rowsOf("overlap", size, (n) => ({ text: String(counts[n]), kind: `count tc-shade-${Math.ceil((4 * counts[n]) / most)}` }));
    const words = state.transposed ? "how many products land on each output cell" : "how many windows read each input cell";
    this.grids.overlap.draw(letter(pic.large, state.transposed), words, rows, screen(size), 2);
  }
}
