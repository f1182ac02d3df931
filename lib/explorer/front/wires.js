/* Who meets whom on one axis: the large side above, the small side below, and a wire for each product, in the colour
 * and the pattern of its kernel number. A convolution's arrows go down, the transposed ones up along the same wires. */

import { DASHES, HUES } from "./constants.js";
import { h, mark } from "./dom.js";
import { coordinates, meetings, range } from "./geometry.js";
import { parse, productsOf } from "./picture.js";
import { letter, show } from "./words.js";

/** @import { Picture, Term } from "./types.d.ts" */

const [WIDTH, HEIGHT, GAP, ROWS] = [34, 32, 8, 120]; // of a cell, at least; between cells; between the two rows
const LABEL_AT = 0.2; // how far along a wire its number stands
const EDGE = 4;

/** What stands on a wire: the kernel's number, or its name where the kernel has another axis.
 * @param {Picture} pic @param {number} j */
const labelOf = (pic, j) => (pic.axes.length > 1 ? `w${j}` : show(pic.weight[j]));

/** The last axis of a picture, as it is drawn. @param {Picture} pic */
function wiringOf(pic) {
  const axis = pic.axes[pic.axes.length - 1];
  const { k, s, p, d, i, o } = axis;
  const [upper, lower] = pic.transposed ? [o, i] : [i, o];
  const wide = Math.max(...range(k).map((j) => labelOf(pic, j).length)) * 8 + 4; // room for a label on each wire
  const cell = Math.max(WIDTH, k * wide);
  const shift = (d * (k - 1)) / 2 - p; // each lower cell stands under the middle of its window
  const first = Math.min(0, shift);
  const x = (/** @type {number} */ place) => EDGE + (place - first) * (cell + GAP);
  const last = Math.max(upper - 1, shift + s * (lower - 1));
  return {
    axis, upper, lower, cell, width: x(last) + cell + EDGE,
    above: (/** @type {number} */ n) => x(n), below: (/** @type {number} */ n) => x(shift + s * n),
    terms: meetings(axis, pic.transposed),
  };
}

/** Where a wire meets its cells: the first kernel number meets the upper cell last, on the right.
 * @param {ReturnType<typeof wiringOf>} wiring @param {Term} t @param {boolean} transposed */
function endsOf({ axis, cell, above, below }, t, transposed) {
  const [up, down] = transposed ? [t.output, t.input] : [t.input, t.output];
  const slot = (/** @type {number} */ n) => ((2 * n + 1) * cell) / (2 * axis.k);
  const top = [above(up) + slot(axis.k - 1 - t.kernel), EDGE + HEIGHT + 3];
  const bottom = [below(down) + slot(t.kernel), EDGE + HEIGHT + ROWS - 3];
  return transposed ? [bottom, top] : [top, bottom];
}

/** @param {number[]} from @param {number[]} to */
function tip([x1, y1], [x2, y2]) {
  const length = Math.hypot(x2 - x1, y2 - y1);
  const [a, b] = [(x2 - x1) / length, (y2 - y1) / length];
  const corner = (/** @type {number} */ side) => `${x2 - 8 * a + side * b},${y2 - 8 * b - side * a}`;
  return `${x2},${y2} ${corner(3)} ${corner(-3)}`;
}

/** @param {Term} t @param {number[][]} ends @param {string} number */
function wireSvg(t, [from, to], number) {
  const hue = `tc-hue-${t.kernel % HUES}`;
  const [x, y] = from.map((start, n) => start + (to[n] - start) * (1 - LABEL_AT));
  const place = `x1="${from[0]}" y1="${from[1]}" x2="${to[0]}" y2="${to[1]}"`;
  const line = `<line class="tc-wire tc-dash-${t.kernel % DASHES}" ${place}/>`;
  const end = `<polygon points="${tip(from, to)}"/><text class="tc-halo" x="${x}" y="${y + 4}">${number}</text>`;
  return `<g class="${hue}" data-wire="${t.input},${t.kernel},${t.output}">${line}${end}</g>`;
}

/** @param {string} view @param {number} n @param {{ x: number, y: number, width: number, text: string }} about */
function wiredSvg(view, n, { x, y, width, text }) {
  const round = view === "output" ? 'rx="10"' : "";
  const shape = `<rect class="tc-${view}" x="${x}" y="${y}" width="${width}" height="${HEIGHT}" ${round}/>`;
  return `<g data-wired="${view}:${n}">${shape}<text x="${x + width / 2}" y="${y + 21}">${text}</text></g>`;
}

/** @typedef {ReturnType<typeof wiringOf>} Wiring */

/** @param {Picture} pic @param {Wiring} wiring */
function wiresSvg(pic, wiring) {
  return wiring.terms.map((t) => wireSvg(t, endsOf(wiring, t, pic.transposed), labelOf(pic, t.kernel)));
}

/** @param {Picture} pic @param {Wiring} wiring */
function cellsSvg(pic, wiring) {
  const text = (/** @type {"input" | "output"} */ view, /** @type {number} */ n) =>
    pic.axes.length > 1 ? `${letter(view, pic.transposed)}${n}` : show(pic[view][n]);
  const sides = /** @type {("input" | "output")[]} */ (pic.transposed ? ["output", "input"] : ["input", "output"]);
  const row = (/** @type {number} */ count, /** @type {"input" | "output"} */ view, /** @type {number} */ y) =>
    range(count).map((n) => {
      const x = y === EDGE ? wiring.above(n) : wiring.below(n);
      return wiredSvg(view, n, { x, y, width: wiring.cell, text: text(view, n) });
    });
  return [...row(wiring.upper, sides[0], EDGE), ...row(wiring.lower, sides[1], EDGE + HEIGHT + ROWS)];
}

/** A product as its wire is named. @param {Picture} pic @param {Term} t */
const onLastAxis = (pic, t) =>
  /** @type {const} */ (["input", "kernel", "output"]).map((role) => coordinates(t[role], pic.size[role]).at(-1)).join();

export class Wires {
  constructor() {
    this.words = h("span");
    this.body = h("div");
    const caption = h("figcaption", {}, this.words);
    const scroll = h("div", { class: "tc-scroll", tabindex: "0", role: "group", "aria-label": "wires" }, this.body);
    this.element = h("figure", { class: "tc-view tc-wires", "data-view": "wires" }, caption, scroll);
    /** @type {Picture | undefined} */
    this.drawn = undefined;
  }

  /** @param {Picture} pic */
  draw(pic) {
    if (this.drawn === pic || this.element.closest("details:not([open])")) return;
    this.drawn = pic;
    const wiring = wiringOf(pic);
    const [width, height] = [wiring.width, 2 * (EDGE + HEIGHT) + ROWS];
    const box = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
    this.body.innerHTML = `<svg ${box}>${[...wiresSvg(pic, wiring), ...cellsSvg(pic, wiring)].join("")}</svg>`;
    const axis = pic.axes.length > 1 ? ", last axis" : "";
    this.words.textContent = `${pic.transposed ? "x = Cᵀ y, arrows up" : "y = C x, arrows down"}${axis}`;
    const counts = `${wiring.upper} cells above, ${wiring.lower} below, ${wiring.terms.length} wires`;
    mark(this.body, "role", "img");
    mark(this.body, "aria-label", `Wires: ${counts}. ${this.words.textContent}`);
  }

  /** Lights the wires of a cell, and lets the others fade. @param {Picture} pic @param {string} cell */
  shine(pic, cell) {
    this.draw(pic);
    const lit = new Set((cell ? productsOf(pic, cell) : []).map((t) => onLastAxis(pic, t)));
    const { view, at } = parse(cell);
    const chosen = `${view}:${at.at(-1)}`;
    for (const wire of this.body.querySelectorAll("[data-wire]"))
      mark(wire, "data-lit", lit.has(wire.getAttribute("data-wire") ?? ""));
    for (const wired of this.body.querySelectorAll("[data-wired]"))
      mark(wired, "data-chosen", wired.getAttribute("data-wired") === chosen);
    mark(this.body, "data-some", lit.size > 0);
  }

  /** The cell that a press on the wires chooses; the other axis stays where it is. @param {Event} event
   * @param {Picture} pic @param {string} chosen */
  cellAt(event, pic, chosen) {
    const cell = event.target instanceof Element ? event.target.closest("[data-wired]") : null;
    if (!cell) return "";
    const { view, at } = parse(cell.getAttribute("data-wired") ?? "");
    const before = parse(chosen);
    return `${view}:${pic.axes.length === 1 ? at : [before.view === view ? before.at[0] : 0, ...at]}`;
  }
}
