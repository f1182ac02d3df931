/* The pictures of a state: which cells each view has, and what stands in them. */

import { PANELS } from "./constants.js";
import { mark } from "./dom.js";
import { cells, coordinates, flatten, geometry, inside, numbers, range } from "./geometry.js";
import { Grid } from "./grid.js";
import { scrollTo } from "./light.js";
import { Overview } from "./overview.js";
import { parse, productsOf, stepsOf } from "./picture.js";
import { settingsOf } from "./state.js";
import { letter, show, times } from "./words.js";

/** @import { Cell, Picture, State, Term } from "./types.d.ts" */

const WHOLE = 1024; // a matrix with more cells than this is an overview with a lens

/** @param {number[]} size */
const screen = (size) => (size.length === 1 ? [1, size[0]] : size);
/** How many cells padding cuts off before and after each axis of what the stamps reach. @param {Picture} pic
 * @param {boolean} seen */
const cutsOf = (pic, seen) => [pic.axes.map(({ p }) => (seen ? p : 0)), pic.axes.map(({ e }) => (seen ? e : 0))];

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

/** @param {Picture} pic @param {number} r @param {number} c @returns {Cell} */
function matrixCell(pic, r, c) {
  const kernel = pic.entry.get(r * pic.inputs + c);
  const entry = kernel === undefined ? { text: "0", kind: "zero" } : { text: show(pic.weight[kernel]), kind: "kernel" };
  return { at: [r, c], name: `matrix:${r},${c}`, ...entry };
}

/** The place in the matrix of a cell's first product; of an entry its own. @param {Picture} pic @param {string} cell */
function firstEntry(pic, cell) {
  const { view, at } = parse(cell);
  if (view === "matrix") return at;
  const entries = productsOf(pic, cell).map((t) => t.output * pic.inputs + t.input);
  return entries.length ? coordinates(Math.min(...entries), [pic.output.length, pic.inputs]) : null;
}

export class Views {
  /** @param {string[]} panels @param {() => void} moved what is to be done when the reader has moved the lens */
  constructor(panels, moved) {
    this.panels = panels;
    this.overview = new Overview(() => {
      this.drawMatrix();
      moved();
    });
    /** @type {Map<string, HTMLElement>} */
    this.index = new Map();
    const each = ["input", "kernel", "output", ...PANELS].map((view) => [view, new Grid(view, this.index)]);
    /** @type {Record<string, Grid>} */
    this.grids = Object.fromEntries(each);
    this.grids.matrix.scroll.before(this.overview.element);
    /** @type {State} */
    this.state = /** @type {any} */ (null); // what is drawn
    /** @type {Picture} */
    this.pic = /** @type {any} */ (null);
    /** @type {unknown[]} */
    this.followed = [];
    this.overlapShown = () => false;
  }

  /** @param {string} view @param {number[]} values @param {State} state @param {Picture} pic */
  drawFactor(view, values, state, pic) {
    const rows = rowsOf(view, pic.size[view], (n) => ({ text: show(values[n]) }));
    this.grids[view].draw(letter(view, state.transposed), `${view} ${times(pic.size[view])}`, rows, screen(pic.size[view]), longest(values));
  }

  /** @param {State} state @param {Picture} pic */
  draw(state, pic) {
    [this.state, this.pic] = [state, pic];
    this.drawFactor("input", pic.input, state, pic);
    this.drawFactor("kernel", pic.weight, state, pic);
    this.drawOutput(state, pic);
    if (this.panels.includes("padded")) this.drawPadded(state, pic);
    if (this.panels.includes("matrix")) this.drawMatrix();
    this.drawOverlap(state, pic);
  }

  /** The output so far. Stamps that padding cuts off stand around it, struck through.
   * @param {State} state @param {Picture} pic */
  drawOutput(state, pic) {
    const stamps = state.view === "stamps";
    const done = (/** @type {Term} */ t) => state.step === null || (stamps ? t.input : t.output) < state.step;
    const [cut, cutAfter] = cutsOf(pic, state.transposed && stamps);
    const cuts = [...cut, ...cutAfter].some(Boolean);
    const uncut = cut.map(() => 0);
    const whole = cuts ? geometry({ ...settingsOf(state), padding: uncut, padding_after: uncut }) : pic;
    const sums = numbers(whole, pic.input, pic.weight, done);
    const reached = new Set(whole.terms.filter(done).map((t) => t.output));
    const unfinished = stamps && state.step !== null && state.step < stepsOf(pic, state.view);
    const rows = rowsOf("output", whole.output_size, (n, at) => {
      const inner = at.map((a, axis) => a - cut[axis]);
      const named = inside(inner, pic.output_size);
      // A cell that no product reaches holds 0 or the bias in the end; until then, and before its own step, it is
      // empty. Stamps are added to the bias: it is there first.
      const starts = stamps && named && pic.bias !== 0;
      const waits = state.step !== null && !reached.has(n) && (stamps ? unfinished && !starts : n >= state.step);
      const kind = `${waits ? "empty" : "output"}${named ? "" : " tc-cut"}`;
      const text = waits ? "" : show(sums[n] + (named ? pic.bias : 0));
      return { name: named ? `output:${inner}` : null, text, kind };
    });
    const words = `output ${times(pic.output_size)}${cuts ? ", padding cuts off the rest" : ""}`;
    const bound = numbers(whole, pic.input.map(Math.abs), pic.weight.map(Math.abs)).map((b) => b + Math.abs(pic.bias));
    const digits = longest(bound) + ([...pic.input, ...pic.weight, pic.bias].some((v) => v < 0) ? 1 : 0);
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

  /** Whether the matrix is too large to be drawn whole. */
  get lensed() {
    return this.pic.output.length * this.pic.inputs > WHOLE;
  }

  /** The matrix, or what is under the lens. */
  drawMatrix() {
    const { state, pic, lensed, overview } = this;
    const size = [pic.output.length, pic.inputs];
    if (lensed) overview.draw(pic);
    mark(overview.element, "hidden", !lensed);
    const [rowNumbers, columns] = lensed ? overview.sight : size.map(range);
    const rows = rowNumbers.map((r) => columns.map((c) => matrixCell(pic, r, c)));
    const [matrix, equation] = state.transposed ? ["Cᵀ", "x = Cᵀ y"] : ["C", "y = C x"];
    const words = `${equation}${pic.bias ? " + b" : ""}, ${times(size)}`;
    this.grids.matrix.draw(matrix, words, rows, size, longest(pic.weight));
    mark(this.grids.matrix.body, "data-size", "small");
  }

  /** Brings the chosen cell's entry of the matrix, or the first of its entries, into sight: once, so that a reader may
   * look elsewhere. The first picture is not measured while it is made: its layout is a task of its own.
   * @param {string} cell */
  follow(cell) {
    if (!cell || !this.panels.includes("matrix") || (this.followed[0] === this.pic && this.followed[1] === cell)) return;
    const first = this.followed.length === 0;
    this.followed = [this.pic, cell];
    const place = firstEntry(this.pic, cell);
    if (!place) return;
    if (this.lensed) {
      if (this.overview.reveal(place, true)) this.drawMatrix();
    } else if (first) requestAnimationFrame(() => this.reveal(place));
    else this.reveal(place);
  }

  /** @param {number[]} place of an entry of the matrix */
  reveal(place) {
    const entry = this.index.get(`matrix:${place}`);
    if (entry) scrollTo(this.grids.matrix.scroll, entry);
  }

  /** Whether a view is the matrix under its lens. @param {string} view */
  isLensed(view) {
    return view === "matrix" && this.lensed;
  }

  /** The next cell from `name` in a direction. @param {string} name @param {number[]} direction */
  next(name, direction) {
    const { view, at } = parse(name);
    if (!this.isLensed(view)) return this.grids[view].next(name, direction);
    const there = at.map((n, axis) => n + direction[axis]);
    return inside(there, this.overview.size) ? `${view}:${there}` : name;
  }

  /** The first or the last cell of a row. @param {string} name @param {number} end 0 or -1 */
  endOfRow(name, end) {
    const { view, at } = parse(name);
    if (!this.isLensed(view)) return this.grids[view].endOfRow(name, end);
    return `${view}:${[at[0], end ? this.pic.inputs - 1 : 0]}`;
  }

  /** The element of a cell; the lens is moved until it is there. @param {string} name */
  show(name) {
    const { view, at } = parse(name);
    if (this.isLensed(view) && this.overview.reveal(at, false)) this.drawMatrix();
    return this.index.get(name);
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
