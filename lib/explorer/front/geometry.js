/* Which cells meet, and the numbers: pure functions, which tests hold against lib. */

/** @import { Axis, Place, Settings, Shape, Solution, Term } from "./types.d.ts" */

/** @param {number} n */
export const range = (n) => Array.from({ length: n }, (_, index) => index);

/** How many cells a grid has. @param {number[]} size */
export const cells = (size) => size.reduce((product, n) => product * n, 1);

/** @param {number} flat @param {number[]} size */
export function coordinates(flat, size) {
  const at = [];
  let rest = flat;
  for (let n = size.length - 1; n >= 0; n--) {
    at.unshift(rest % size[n]);
    rest = Math.floor(rest / size[n]);
  }
  return at;
}

/** @param {number[]} at @param {number[]} size */
export const flatten = (at, size) => at.reduce((flat, n, axis) => flat * size[axis] + n, 0);

/** @param {number[]} at @param {number[]} size */
export const inside = (at, size) => at.length === size.length && at.every((n, axis) => n >= 0 && n < size[axis]);

/** The output's size on one axis. @param {Omit<Axis, "o">} axis @param {boolean} transposed */
export function outputSize({ i, k, s, p, e, a, d }, transposed) {
  return transposed ? s * (i - 1) - p - e + d * (k - 1) + a + 1 : Math.floor((i + p + e - d * (k - 1) - 1) / s) + 1;
}

/** Which input, kernel and output cells of one axis meet in a product.
 * The window rule is the same for both operations: cell m of the small side and kernel cell j meet cell
 * s m + d j - p of the large side. A convolution reads the large side; a transposed one writes to it.
 * @param {Axis} axis @param {boolean} transposed @returns {Term[]} */
export function meetings({ i, k, s, p, d, o }, transposed) {
  const [small, large] = transposed ? [i, o] : [o, i];
  const met = [];
  for (let m = 0; m < small; m++)
    for (let j = 0; j < k; j++) {
      const at = s * m + d * j - p;
      if (at >= 0 && at < large)
        met.push(transposed ? { input: m, kernel: j, output: at } : { input: at, kernel: j, output: m });
    }
  return met;
}

/** One axis after the other, with its sizes and settings. @param {Settings} settings @returns {Axis[]} */
export function axesOf({ input_size, kernel_size, transposed, ...settings }) {
  return input_size.map((i, n) => {
    const a = transposed ? settings.output_padding[n] : 0;
    const [p, e] = [settings.padding[n], settings.padding_after[n]];
    const axis = { i, k: kernel_size[n], s: settings.stride[n], p, e, a, d: settings.dilation[n] };
    return { ...axis, o: outputSize(axis, transposed) };
  });
}

/** Sizes, and every product of the operation. Products of one output cell come in the order of their inputs, as in a
 * row of the matrix. @param {Settings} settings @returns {Shape} */
export function geometry(settings) {
  const { input_size, kernel_size, transposed } = settings;
  const axes = axesOf(settings);
  let terms = [{ input: 0, kernel: 0, output: 0 }];
  for (const axis of axes) {
    const met = meetings(axis, transposed);
    terms = terms.flatMap((t) =>
      met.map((m) => ({
        input: t.input * axis.i + m.input,
        kernel: t.kernel * axis.k + m.kernel,
        output: t.output * axis.o + m.output,
      })),
    );
  }
  return { axes, transposed, input_size, kernel_size, output_size: axes.map((axis) => axis.o), terms };
}

/** The sums of products, row-major, from the numbers of input and kernel; only products that `counts` accepts.
 * @param {Shape} shape @param {number[]} input @param {number[]} weight @param {(t: Term) => boolean} [counts] */
export function numbers({ output_size, terms }, input, weight, counts = () => true) {
  const output = new Array(cells(output_size)).fill(0);
  for (const t of terms) if (counts(t)) output[t.output] += input[t.input] * weight[t.kernel];
  return output;
}

/** The matrix of the operation as it stands on the page: rows are output cells, columns input cells.
 * @param {Shape} shape @param {number[]} weight */
export function matrix({ input_size, output_size, terms }, weight) {
  const rows = range(cells(output_size)).map(() => new Array(cells(input_size)).fill(0));
  for (const t of terms) rows[t.output][t.input] = weight[t.kernel];
  return rows;
}

/** One axis of the input as the window sees it: for each place the input cell, or why nothing is there.
 * Transposed: s - 1 zeros between inputs, d (k - 1) - p zeros before and d (k - 1) - e at the end; a negative count
 * cuts cells away instead.
 * @param {Axis} axis @param {boolean} transposed @returns {Place[]} */
export function paddedAxis({ i, k, s, p, e, d, o }, transposed) {
  if (!transposed) return range(i + p + e).map((g) => (g < p || g >= p + i ? "padding" : g - p));
  return range(o + d * (k - 1)).map((g) => {
    const at = g - (d * (k - 1) - p);
    if (at < 0 || at > s * (i - 1)) return "padding";
    return at % s ? "inserted" : at / s;
  });
}

/** Where the window of output cell `o` lies on that axis: [place, kernel cell] pairs. The transposed operation's
 * window moves by one place and holds the kernel rotated.
 * @param {Axis} axis @param {number} o @param {boolean} transposed */
export function windowAxis({ k, s, d }, o, transposed) {
  return range(k).map((j) => (transposed ? [o + d * j, k - 1 - j] : [s * o + d * j, j]));
}

/** @type {(a: number, b: number) => number} */
const gcd = (a, b) => (b ? gcd(b, a % b) : a);

/** Every choice of one number from each range. @param {...number[]} ranges @returns {number[][]} */
const product = (...ranges) =>
  ranges.reduce(
    (chosen, [least, most]) => chosen.flatMap((each) => range(most - least + 1).map((n) => [...each, least + n])),
    /** @type {number[][]} */ ([[]]),
  );

/** @param {number[]} a @param {number[]} b */
const byNumbers = (a, b) => a.reduce((order, n, index) => order || n - b[index], 0);

/** Settings of one axis that take `input_size` to `output_size`: the rule and the order of lib.solve_sizes (no dead
 * cell first, then even overlap, less output_padding, dilation, kernel_size, stride, padding). A convolution has no
 * output_padding; in its place stands the rest, the input cells at the end that no window reaches.
 * @param {number} input_size @param {number} output_size @param {Record<string, number[]>} limits
 * @param {boolean} transposed @returns {Solution[]} */
export function solveSizes(input_size, output_size, limits, transposed) {
  const { kernel_size, stride, padding, output_padding, dilation } = limits;
  const found = product(dilation, kernel_size, stride, padding).flatMap(([d, k, s, p]) => {
    const a = output_size - outputSize({ i: input_size, k, s, p, e: p, a: 0, d }, transposed);
    const fits = a >= output_padding[0] && a <= output_padding[1] && a < Math.max(s, d);
    if (transposed ? !fits : a !== 0) return [];
    const rest = transposed ? a : (input_size + 2 * p - d * (k - 1) - 1) % s;
    const even = k % s === 0 && gcd(s, d) === 1;
    // The last cell from a border that no s t + d j reaches is number (s - 1) (d - 1) - 1 (Frobenius).
    const alive = k >= s && gcd(s, d) === 1 && p - rest >= (s - 1) * (d - 1);
    const rank = [alive ? 0 : 1, even ? 0 : 1, rest, d, k, s, p];
    return [{ kernel_size: k, stride: s, padding: p, output_padding: a, dilation: d, even, alive, rank }];
  });
  return found.sort((one, other) => byNumbers(one.rank, other.rank));
}
