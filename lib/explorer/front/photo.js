/* A photograph through the kernel: what stride and kernel do to a picture that is too large for numbers in cells, and
 * the pattern of how many stamps meet. Loaded by a page when the reader comes near. */

import { h, inputField, mark } from "./dom.js";
import { meetings, outputSize, range } from "./geometry.js";
import { PHOTOGRAPH, SIDE, STYLE } from "./photograph.js";

/** @import { PhotoSettings, Processed } from "./types.d.ts" */

const SLIDERS = /** @type {const} */ ({ kernel_size: [1, 7], stride: [1, 4], padding: [0, 3] });
const RANDOM = 16807; // of the minimal standard generator: the same "random" kernel for everybody

/** @param {(j: number) => number} weight of one axis @param {number} k */
const square = (weight, k) => range(k * k).map((n) => weight(Math.floor(n / k)) * weight(n % k));

/** A tent as wide as the kernel: with kernel_size 2 s or 2 s - 1 linear interpolation. @param {number} k */
const tent = (k) => square((j) => 1 - Math.abs(j - (k - 1) / 2) / Math.ceil(k / 2), k);

/** @param {number} k */
function random(k) {
  let seed = 1;
  return range(k * k).map(() => (seed = (seed * RANDOM) % 2147483647) / 2147483647);
}

/** @type {Record<string, (k: number) => number[]>} */
export const KERNELS = { "all equal": (k) => square(() => 1, k), "a tent": tent, random };

/** Output, and for each cell of the large side how many products it is in. @param {ArrayLike<number>} image
 * @param {number} side @param {number[]} kernel @param {PhotoSettings} settings @returns {Processed} */
export function processed(image, side, kernel, { kernel_size: k, stride: s, padding: p, transposed }) {
  const axis = { i: side, k, s, p, e: p, a: 0, d: 1 };
  const size = outputSize(axis, transposed);
  const large = transposed ? size : side;
  const [values, overlap] = [new Float64Array(size * size), new Uint8Array(large * large)];
  const terms = meetings({ ...axis, o: size }, transposed);
  for (const row of terms)
    for (const column of terms) {
      const [from, to] = [row.input * side + column.input, row.output * size + column.output];
      values[to] += image[from] * kernel[row.kernel * k + column.kernel];
      overlap[transposed ? to : from]++;
    }
  return { size, values, large, overlap };
}

/** A kernel that keeps the brightness: its numbers add up to 1 for each window, to 1 for each output of a stamp.
 * @param {number[]} kernel @param {PhotoSettings} settings */
function balanced(kernel, { stride, transposed }) {
  const sum = kernel.reduce((total, weight) => total + weight, 0);
  return kernel.map((weight) => (weight * (transposed ? stride ** 2 : 1)) / sum);
}

/** How bright an even grey becomes, by the output cell's place modulo the stride, in percent.
 * @param {number[]} kernel balanced @param {PhotoSettings} settings */
export function brightness(kernel, { kernel_size: k, stride: s }) {
  const phases = new Array(s * s).fill(0);
  kernel.forEach((weight, n) => (phases[(Math.floor(n / k) % s) * s + (n % k % s)] += weight));
  const percent = phases.map((sum) => Math.round(100 * sum));
  return [Math.min(...percent), Math.max(...percent)];
}

/** What the picture shows, in words. @param {PhotoSettings} settings @param {number[]} kernel @param {number} size */
function words(settings, kernel, size) {
  const { kernel_size: k, stride: s, transposed } = settings;
  const sizes = `${SIDE} × ${SIDE} → ${size} × ${size}. `;
  if (!transposed) return `${sizes}Each output cell is the mean of ${k} × ${k} cells, by the kernel's weights.`;
  const meet = [...new Set(range(s).map((r) => Math.ceil(Math.max(k - r, 0) / s)))].join(" or ");
  const [least, most] = brightness(kernel, settings);
  const pattern = least === most ? "Even: no pattern." : `A grey surface would get from ${least} % to ${most} % of its brightness.`;
  return `${sizes}On each axis ${meet} stamps meet in a cell. ${pattern}`;
}

/** @param {HTMLCanvasElement} canvas @param {ArrayLike<number>} grey 0 to 255 @param {number} side */
function paint(canvas, grey, side) {
  const pixels = new ImageData(side, side);
  for (let n = 0; n < grey.length; n++) pixels.data.set([grey[n], grey[n], grey[n], 255], 4 * n);
  [canvas.width, canvas.height] = [side, side];
  canvas.style.width = `${side * (side > 150 ? 1 : side > 10 ? 2 : 12)}px`;
  canvas.getContext("2d")?.putImageData(pixels, 0, 0);
}

/** The numbers as shades of grey, the largest one darkest. @param {ArrayLike<number>} numbers */
function shades(numbers) {
  const most = Array.prototype.reduce.call(numbers, (one, other) => Math.max(Number(one), Number(other)), 0);
  return Array.from(numbers, (n) => 255 - (200 * n) / Number(most));
}

const image = () => Uint8Array.from(atob(PHOTOGRAPH), (character) => character.charCodeAt(0));

class Photo {
  /** @param {HTMLElement} root */
  constructor(root) {
    /** @type {PhotoSettings & { kernel: string }} */
    this.settings = { kernel_size: 3, stride: 2, padding: 0, transposed: true, kernel: "all equal" };
    this.image = image();
    this.status = h("p", { role: "status", class: "tc-photo-words" });
    this.views = Object.fromEntries(["input", "kernel", "output", "overlap"].map((view) => [view, makeView(view)]));
    const pictures = h("div", { class: "tc-photo-views" }, ...Object.values(this.views).map(({ element }) => element));
    root.replaceChildren(h("style", {}, STYLE), this.makeControls(), pictures, this.status);
    this.draw();
  }

  makeControls() {
    const { settings } = this;
    const change = (/** @type {Partial<PhotoSettings & { kernel: string }>} */ patch) => {
      Object.assign(settings, patch);
      this.draw();
    };
    const sliders = Object.entries(SLIDERS).map(([name, [min, max]]) => {
      const value = h("b", { "aria-hidden": "true" });
      const input = inputField("range", { min, max, value: settings[/** @type {"stride"} */ (name)] });
      const tell = () => (value.textContent = input.value);
      input.addEventListener("input", () => {
        tell();
        change({ [name]: input.valueAsNumber });
      });
      tell();
      return h("div", { class: "tc-photo-slider" }, h("label", {}, h("span", {}, name), input), value);
    });
    const box = inputField("checkbox", { checked: true, onchange: () => change({ transposed: box.checked }) });
    const list = /** @type {HTMLSelectElement} */ (
      h("select", { onchange: () => change({ kernel: list.value }) }, ...Object.keys(KERNELS).map((name) => h("option", {}, name)))
    );
    return h("div", { class: "tc-photo-controls", role: "group", "aria-label": "photograph" },
      h("label", { class: "tc-photo-toggle" }, box, "transposed"), ...sliders, h("label", {}, h("span", {}, "numbers of the kernel"), list));
  }

  draw() {
    const { settings, views } = this;
    const { kernel_size, stride, transposed } = settings;
    const kernel = balanced(KERNELS[settings.kernel](kernel_size), settings);
    const { size, values, large, overlap } = processed(this.image, SIDE, kernel, settings);
    const side = (/** @type {number} */ n) => `${n} × ${n}`;
    views.input.show(this.image, SIDE, `input ${side(SIDE)}`, "a cat's face");
    views.kernel.show(shades(kernel), kernel_size, `kernel ${side(kernel_size)}`, settings.kernel);
    views.output.show(values.map(Math.round), size, `output ${side(size)}`, "the cat after the layer");
    const what = transposed ? "how many stamps meet in an output cell" : "how many windows read an input cell";
    views.overlap.show(shades(overlap), large, "overlap: darker is more", `${what}, repeating with the stride, ${stride}`);
    this.status.textContent = words(settings, kernel, size);
  }
}

/** @param {string} view */
function makeView(view) {
  const canvas = /** @type {HTMLCanvasElement} */ (h("canvas", { role: "img", "data-photo-view": view }));
  const caption = h("figcaption");
  /** @param {ArrayLike<number>} grey @param {number} side @param {string} text @param {string} told */
  const show = (grey, side, text, told) => {
    paint(canvas, Uint8ClampedArray.from(grey), side);
    caption.textContent = text;
    mark(canvas, "aria-label", `${text}: ${told}`);
  };
  return { element: h("figure", {}, caption, canvas), show };
}

/** Every [data-photo] in `part` comes to life. @param {ParentNode} part */
export function boot(part) {
  for (const root of /** @type {NodeListOf<HTMLElement>} */ (part.querySelectorAll("[data-photo]:not(:has(canvas))")))
    new Photo(root);
}
