/* Every framework's words for one layer, in two directions: `READ` takes words to a plan, `EXPRESS` a plan to words.
 * The rules are those of lib/dialects, file by file, for shapes alone; a test holds them to it. A plan says of each
 * axis: kernel size k, stride s, dilation d, the first kept cell of the full result, and the span: the kept cells are
 * start to start + s (i - 1) + span. */

import { LIMIT, TENSORFLOW_NOTE } from "./constants.js";
import { reach } from "./solver.js";

/** @import { AxisPlan, Expressed, Framework, Pair, Plan, Read, Words } from "./types.d.ts" */

/** Where SAME begins: half of the cropped cells go before, the odd one to the end, or to the beginning.
 * @param {number} full @param {number} kept */
function sameStart(full, kept, odd = "end") {
  const cropped = Math.max(full - kept, 0);
  return odd === "end" ? Math.floor(cropped / 2) : Math.ceil(cropped / 2);
}

/** @param {AxisPlan} axis */
export const spanOfKernel = ({ k, d }) => reach(k, d);

/** Cells that the full result loses, before and after; a negative number adds cells.
 * @param {AxisPlan} axis @returns {Pair} */
export const cropOf = (axis) => [axis.start, spanOfKernel(axis) - axis.start - axis.span];

/** @param {AxisPlan} axis @param {number} i */
export const keptOf = (axis, i) => axis.s * (i - 1) + axis.span;

/** @param {string} refusal @returns {Read} */
const refuse = (refusal) => ({ refusal });

/** @param {number[]} size @param {Plan} plan @param {string} setting @returns {Read} */
function checked(size, plan, setting) {
  const kept = plan.axes.map((axis, n) => keptOf(axis, size[n]));
  if (Math.min(...kept) >= 1) return { plan };
  return refuse(`${setting} must leave at least one cell on every axis, and the output would have ${kept.join(" × ")}`);
}

/** @param {Words} words @param {number[]} size @param {(axis: AxisPlan, n: number) => [number, number]} ends */
function planOf({ kernel_size, strides, dilations, groups, flipped }, size, ends) {
  const axes = size.map((_, n) => {
    const axis = { k: kernel_size[n], s: strides[n], d: dilations[n], start: 0, span: 0 };
    const [start, span] = ends(axis, n);
    return { ...axis, start, span };
  });
  return { axes, groups, flipped };
}

/** @param {Words} words @param {number[]} size @returns {Read} */
function readTorch(words, size) {
  const { strides, dilations, output_padding, padding } = words;
  const extra = output_padding ?? size.map(() => 0);
  const wrong = extra.findIndex((a, n) => a >= Math.max(strides[n], dilations[n]));
  if (wrong >= 0)
    return refuse(
      `output_padding must be smaller than stride or dilation: ${extra[wrong]} is not, with stride ${strides[wrong]} and dilation ${dilations[wrong]}`,
    );
  const pads = /** @type {number[]} */ (padding);
  return checked(
    size,
    planOf(words, size, (axis, n) => [pads[n], spanOfKernel(axis) + extra[n] - 2 * pads[n]]),
    "padding",
  );
}

/** @param {Words} words @param {number[]} size @returns {Read} */
function readKeras(words, size) {
  const { strides, output_padding, padding } = words;
  if (output_padding?.some((a, n) => a >= strides[n]))
    return refuse(`output_padding must be smaller than strides: ${output_padding} is not, with strides ${strides}`);
  const plan = planOf(words, size, (axis, n) => {
    const reached = spanOfKernel(axis);
    const a = output_padding?.[n];
    if (padding === "valid") return [0, a == null ? Math.max(reached, axis.s) : reached + a];
    const span = a == null ? axis.s : (reached % 2) + a;
    return [sameStart(reached, span), span];
  });
  return checked(size, plan, "output_padding");
}

/** @param {Words} words @param {number[]} size @returns {Read} */
function readTensorflow(words, size) {
  const { output_shape, padding } = words;
  const pairs =
    padding === "SAME" ? null : Array.isArray(padding) ? /** @type {Pair[]} */ (padding) : size.map(() => [0, 0]);
  if (pairs && Array.isArray(padding) && size.length !== 2)
    return refuse("padding in pairs exists in two dimensions only: here it is SAME or VALID");
  const smallest = (/** @type {AxisPlan} */ axis, /** @type {number} */ n) =>
    pairs ? axis.s * (size[n] - 1) + spanOfKernel(axis) - pairs[n][0] - pairs[n][1] : axis.s * (size[n] - 1) + 1;
  let refusal = "";
  const plan = planOf(words, size, (axis, n) => {
    const least = Math.max(1, smallest(axis, n));
    const o = output_shape?.[n] ?? 0;
    if (o < smallest(axis, n) || o >= smallest(axis, n) + axis.s || o < 1)
      refusal ||= `output_shape must be one that the convolution leads back from: from ${size[n]}, ${least} to ${smallest(axis, n) + axis.s - 1}`;
    const span = o - axis.s * (size[n] - 1);
    return [pairs ? pairs[n][0] : sameStart(spanOfKernel(axis), span), span];
  });
  return refusal ? refuse(refusal) : { plan };
}

/** @param {Words} words @param {number[]} size @returns {Read} */
function readJax(words, size) {
  const { padding, consistent } = words;
  let refusal = "";
  const plan = planOf(words, size, (axis, n) => {
    const reached = spanOfKernel(axis);
    if (padding === "SAME") return [sameStart(reached, axis.s), axis.s];
    if (padding === "VALID") return [0, Math.max(reached, axis.s)];
    const given = /** @type {Pair[]} */ (padding)[n];
    const [before, after] = consistent ? given.map((end) => reached - 1 - end) : given;
    if (axis.s * (size[n] - 1) + 1 + before + after < 0)
      refusal ||= "padding must not cut away more than the stretched input";
    return [reached - 1 - before, 2 + before + after - reached];
  });
  return refusal ? refuse(refusal) : checked(size, plan, "padding");
}

/** @param {Words} words @param {number[]} size @returns {Read} */
function readOnnx(words, size) {
  const { auto_pad = "NOTSET", output_padding, output_shape, padding, strides } = words;
  const pads = /** @type {Pair[]} */ (padding);
  if (auto_pad !== "NOTSET" && pads.flat().some(Boolean))
    return refuse(`pads must not be given with auto_pad ${auto_pad}`);
  const same = auto_pad.startsWith("SAME");
  let refusal = "";
  const plan = planOf(words, size, (axis, n) => {
    const reached = spanOfKernel(axis);
    const full = axis.s * (size[n] - 1) + reached + (output_padding?.[n] ?? 0);
    let [start, kept] = [pads[n][0], full - pads[n][0] - pads[n][1]];
    if (output_shape || same) {
      kept = output_shape ? output_shape[n] : Math.min(full, axis.s * size[n]);
      start = sameStart(full, kept, auto_pad === "SAME_UPPER" ? "end" : "beginning");
    }
    if (Math.floor((Math.max(kept, full) - reached) / axis.s) + 1 !== size[n])
      refusal ||= `output_padding and output_shape must give a size that the convolution leads back from to ${size[n]}: ${kept} is none, with strides ${strides[n]}`;
    return [start, kept - axis.s * (size[n] - 1)];
  });
  return refusal ? refuse(refusal) : checked(size, plan, "pads");
}

/** @type {Record<Framework, (words: Words, size: number[]) => Read>} */
export const READ = { torch: readTorch, keras: readKeras, tensorflow: readTensorflow, jax: readJax, onnx: readOnnx };

/** @param {Partial<Expressed>} found @returns {Expressed} */
const expressed = (found) => ({ settings: {}, crop: [], note: "", refusal: "", ...found });

/** PyTorch loses as many cells before as after, or up to max(stride, dilation) - 1 more.
 * @param {Plan} plan @returns {Expressed} */
function sayTorch({ axes, groups }) {
  const each = axes.map((axis) => {
    const [before, after] = cropOf(axis);
    const most = Math.max(axis.s, axis.d) - 1;
    if (before >= 0 && before - after >= 0 && before - after <= most)
      return { p: before, a: before - after, before, after };
    const p = Math.max(0, Math.min(before, after));
    return { p, a: Math.min(Math.max(p - after, 0), most), before, after };
  });
  const settings = {
    kernel_size: axes.map(({ k }) => k),
    stride: axes.map(({ s }) => s),
    padding: each.map(({ p }) => p),
    output_padding: each.map(({ a }) => a),
    groups,
    dilation: axes.map(({ d }) => d),
  };
  return expressed({ settings, crop: each.map(({ p, a, before, after }) => [before - p, after - p + a]) });
}

/** @param {AxisPlan[]} axes @returns {{ padding: string, extra: number[] | null } | null} */
function kerasWords(axes) {
  const every = (/** @type {(axis: AxisPlan, reached: number) => boolean} */ holds) =>
    axes.every((axis) => holds(axis, spanOfKernel(axis)));
  const fits = (/** @type {AxisPlan} */ { s }, /** @type {number} */ a) => a >= 0 && a < s;
  if (every((axis, reached) => axis.start === 0 && axis.span === Math.max(reached, axis.s)))
    return { padding: "valid", extra: null };
  if (every((axis, reached) => axis.start === 0 && fits(axis, axis.span - reached)))
    return { padding: "valid", extra: axes.map((axis) => axis.span - spanOfKernel(axis)) };
  if (every((axis, reached) => axis.start === sameStart(reached, axis.s) && axis.span === axis.s))
    return { padding: "same", extra: null };
  const same = every(
    (axis, reached) =>
      axis.start === sameStart(reached, axis.span) &&
      axis.span >= 1 &&
      axis.span <= axis.s &&
      fits(axis, axis.span - (reached % 2)),
  );
  return same ? { padding: "same", extra: axes.map((axis) => axis.span - (spanOfKernel(axis) % 2)) } : null;
}

/** @param {Plan} plan @returns {Expressed} */
function sayKeras({ axes, groups }) {
  const [strides, dilation_rate] = [axes.map(({ s }) => s), axes.map(({ d }) => d)];
  if (groups > 1)
    return expressed({
      refusal:
        "Keras has no groups in its transposed convolutions: one layer per group and concatenate, or a kernel with zeros between the groups.",
    });
  if (Math.max(...strides) > 1 && Math.max(...dilation_rate) > 1)
    return expressed({
      refusal: "Keras' layers refuse strides and dilation_rate both above 1; keras.ops.conv_transpose computes it.",
    });
  const words = kerasWords(axes);
  const padding = words?.padding ?? "valid";
  const extra = words ? words.extra : axes.map((axis) => Math.min(Math.max(-cropOf(axis)[1], 0), axis.s - 1));
  /** @type {Pair[]} */
  const crop = axes.map((axis, n) => {
    const [before, after] = cropOf(axis);
    return words ? [0, 0] : [before, after + (extra?.[n] ?? 0)];
  });
  return expressed({
    settings: { kernel_size: axes.map(({ k }) => k), strides, padding, output_padding: extra, dilation_rate },
    crop,
  });
}

/** @param {Plan} plan @returns {string | Pair[] | null} */
function tensorflowPadding({ axes, groups }) {
  const plain = groups === 1 && axes.every(({ d }) => d === 1);
  const crops = axes.map(cropOf);
  if (crops.every(([before, after], n) => before === 0 && after > -axes[n].s && after <= 0)) return "VALID";
  if (
    axes.every(
      (axis) => axis.start === sameStart(spanOfKernel(axis), axis.span) && axis.span >= 1 && axis.span <= axis.s,
    )
  )
    return "SAME";
  if (axes.length !== 2 || !plain || crops.some(([before, after], n) => before < 0 || after <= -axes[n].s)) return null;
  return [[0, 0], ...crops.map(([before, after]) => /** @type {Pair} */ ([before, Math.max(after, 0)])), [0, 0]];
}

/** @param {Plan} plan */
function tensorflowNote({ axes, groups }) {
  if (groups > 1) return TENSORFLOW_NOTE.groups;
  return axes.some(({ d }) => d > 1) ? TENSORFLOW_NOTE.dilations : "";
}

/** @param {Plan} plan @returns {Expressed} */
function sayTensorflow(plan) {
  const { axes, groups } = plan;
  if (groups > 1 && axes.length > 2)
    return expressed({ refusal: "TensorFlow has no groups in 3 dimensions: one layer per group and concatenate." });
  const padding = tensorflowPadding(plan);
  const more = axes.map((axis) => (padding ? 0 : Math.min(Math.max(-cropOf(axis)[1], 0), axis.s - 1)));
  const span = axes.map((axis, n) => (padding ? axis.span : spanOfKernel(axis) + more[n]));
  /** @type {Pair[]} */
  const crop = axes.map((axis, n) => (padding ? [0, 0] : [cropOf(axis)[0], cropOf(axis)[1] + more[n]]));
  const settings = {
    kernel_size: axes.map(({ k }) => k),
    span,
    strides: axes.map(({ s }) => s),
    padding: padding ?? "VALID",
    dilations: axes.map(({ d }) => d),
  };
  return expressed({ settings, crop, note: tensorflowNote(plan) });
}

/** @param {Plan} plan @returns {Expressed} */
function sayJax({ axes, groups }) {
  if (groups > 1)
    return expressed({
      refusal:
        "jax.lax.conv_transpose has no groups: jax.lax.conv_general_dilated has them, with lhs_dilation and feature_group_count.",
    });
  const padding = axes.map((axis) => cropOf(axis).map((end) => spanOfKernel(axis) - 1 - end));
  const settings = {
    kernel_size: axes.map(({ k }) => k),
    strides: axes.map(({ s }) => s),
    padding,
    rhs_dilation: axes.map(({ d }) => d),
  };
  return expressed({ settings, crop: axes.map(() => [0, 0]) });
}

/** @param {Plan} plan @returns {Expressed} */
function sayOnnx({ axes, groups }) {
  const crops = axes.map(cropOf);
  const extra = axes.map(({ s }, n) => Math.min(Math.max(-crops[n][1], 0), s - 1));
  const pads = [...crops.map(([before]) => Math.max(before, 0)), ...crops.map(([, after]) => Math.max(after, 0))];
  const settings = {
    kernel_shape: axes.map(({ k }) => k),
    strides: axes.map(({ s }) => s),
    pads,
    output_padding: extra,
    dilations: axes.map(({ d }) => d),
    group: groups,
  };
  return expressed({
    settings,
    crop: crops.map(([before, after], n) => [Math.min(before, 0), Math.min(after, 0) + extra[n]]),
  });
}

const EXPRESS = { torch: sayTorch, keras: sayKeras, tensorflow: sayTensorflow, jax: sayJax, onnx: sayOnnx };

/** A plan in a framework's words for an input of this size, what is left to cut or add, and what one must know.
 * @param {Plan} plan @param {Framework} to @param {number[]} size @returns {Expressed} */
export function express(plan, to, size) {
  const found = EXPRESS[to](plan);
  const gives = found.crop.map(([before, after], n) => keptOf(plan.axes[n], size[n]) + before + after);
  if (gives.some((o) => o < 1))
    return expressed({ refusal: `At this input size the layer alone would leave no cell: ${gives.join(" × ")}.` });
  const left = found.crop.flat().some(Boolean) ? `Left to do after the layer: ${LIMIT[to]}.` : "";
  return { ...found, note: [left, found.note].filter(Boolean).join(" ") };
}
