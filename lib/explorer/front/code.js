/* The state as a call in each framework's own words. Tests run the text with lib.dialects in the framework's place. */

import { axesOf } from "./geometry.js";
import { settingsOf } from "./state.js";

/** @import { Axis, Nested, State } from "./types.d.ts" */

/** @param {number[]} values */
const tuple = (values) => (values.length === 1 ? `(${values[0]},)` : `(${values.join(", ")})`);
/** @param {number[][]} pairs */
const pairsOf = (pairs) => `[${pairs.map(tuple).join(", ")}]`;
const NUMBER = /-?\d+(\.\d+)?(e[-+]?\d+)?/g;
/** An array as floats: frameworks compute with no others. @param {Nested} nested */
const floats = (nested) =>
  JSON.stringify(nested).replace(NUMBER, (n) => (/[.e]/.test(n) ? n : `${n}.0`)).replaceAll(",", ", ");

/** The state by axis, and the names of its sides.
 * @param {State} state */
function partsOf(state) {
  const axes = axesOf(settingsOf(state));
  const each = (/** @type {(axis: Axis) => number} */ of) => axes.map(of);
  const [from, to] = state.transposed ? ["y", "x"] : ["x", "y"];
  const settings = {
    stride: tuple(each(({ s }) => s)), padding: tuple(each(({ p }) => p)),
    output_padding: tuple(each(({ a }) => a)), dilation: tuple(each(({ d }) => d)),
  };
  const arrays = { input: floats(state.input), weight: floats(state.weight), bias: floats([state.bias]) };
  return { axes, each, from, to, settings, n: axes.length, ends: axes.some(({ p, e }) => p !== e), ...arrays };
}

/** The bias where a function takes none: a line of its own. @param {State} state @param {string} to */
const plusBias = ({ bias }, to) => (bias ? [`${to} = ${to} + ${floats([bias]).slice(1, -1)}`] : []);

/** PyTorch has one padding for both ends of an axis: a convolution's input is padded before, and what a transposed one
 * gives is cut after. @param {State} state */
function torch(state) {
  const { n, axes, from, to, ends, settings, input, weight, bias } = partsOf(state);
  const { stride, output_padding, dilation } = settings;
  const padding = ends ? "" : `padding=${settings.padding}, `;
  const more = `${state.bias ? "b, " : ""}stride=${stride}, ${padding}`;
  const extra = state.transposed ? `output_padding=${output_padding}, ` : "";
  const name = state.transposed ? `conv_transpose${n}d` : `conv${n}d`;
  const said = "# PyTorch's layer takes one padding for both ends of an axis, not two:";
  const pads = axes.toReversed().flatMap(({ p, e }) => [p, e]); // the last axis first
  const slices = axes.map(({ p, o }) => `${p}:${p + o}`).join(", ");
  return [
    "import torch",
    "from torch.nn import functional as F",
    "",
    `${from} = torch.tensor(${input})[None, None]`,
    `w = torch.tensor(${weight})[None, None]`,
    ...(state.bias ? [`b = torch.tensor(${bias})`] : []),
    ...(ends && !state.transposed ? [said, `${from} = F.pad(${from}, ${tuple(pads)})`] : []),
    `${to} = F.${name}(${from}, w, ${more}${extra}dilation=${dilation})`,
    ...(ends && state.transposed ? [said, `${to} = ${to}[:, :, ${slices}]`] : []),
  ];
}

/** The padding as lib takes it: one number for an axis, or two. @param {ReturnType<typeof partsOf>} parts */
const paddingArgument = ({ axes, ends, settings }) =>
  ends ? `(${axes.map(({ p, e }) => `(${p}, ${e}), `).join("").trimEnd()})` : settings.padding;

/** @param {State} state */
function ours(state) {
  const parts = partsOf(state);
  const { from, to, input, weight, bias } = parts;
  const { stride, output_padding, dilation } = parts.settings;
  const padding = paddingArgument(parts);
  const extra = state.transposed ? `output_padding=${output_padding}, ` : "";
  const name = state.transposed ? "conv_transpose" : "conv";
  const more = `${state.bias ? "b, " : ""}stride=${stride}, padding=${padding}, ${extra}dilation=${dilation}`;
  return [
    "import numpy as np",
    `from lib import ${name}  # installed by pip: from transposed_convolution import ${name}`,
    "",
    `${from} = np.array(${input})[None, None]`,
    `w = np.array(${weight})[None, None]`,
    ...(state.bias ? [`b = np.array(${bias})`] : []),
    `${to} = ${name}(${from}, w, ${more})`,
  ];
}

/** @param {State} state */
function jax(state) {
  const { n, axes, each, from, to, input, weight } = partsOf(state);
  const letters = "HW".slice(2 - n);
  const numbers = `("NC${letters}", "OI${letters}", "NC${letters}")`;
  const around = (/** @type {Axis} */ { k, p, e, a, d }) =>
    state.transposed ? [d * (k - 1) - p, d * (k - 1) - e + a] : [p, e];
  const call = state.transposed ? "conv_transpose" : "conv_general_dilated";
  return [
    "import jax.numpy as jnp",
    "from jax import lax",
    "",
    `${from} = jnp.array(${input})[None, None]`,
    `w = jnp.array(${weight})[None, None]`,
    `${to} = lax.${call}(`,
    `    ${from},`,
    "    w,",
    `    ${state.transposed ? "strides" : "window_strides"}=${tuple(each(({ s }) => s))},`,
    `    padding=${pairsOf(axes.map(around))},`,
    `    rhs_dilation=${tuple(each(({ d }) => d))},`,
    `    dimension_numbers=${numbers},`,
    ...(state.transposed ? ["    transpose_kernel=True,"] : []),
    ")",
    ...plusBias(state, to),
  ];
}

/** What a full result lacks or has too much at each end of an axis. @param {Axis} axis the layer's
 * @param {number} full how many cells the framework gives */
const cropOf = ({ p, o }, full) => ({ start: p, stop: Math.min(p + o, full), lacks: Math.max(0, p + o - full) });

/** @param {State} state */
function keras(state) {
  const { axes, each, from, to, input, weight } = partsOf(state);
  const strides = tuple(each(({ s }) => s));
  const dilation = tuple(each(({ d }) => d));
  const head = [
    "from keras import ops",
    "",
    `${from} = ops.array(${input})[None, ..., None]`,
    `w = ops.array(${weight})[..., None, None]`,
  ];
  const rate = `dilation_rate=${dilation}`;
  if (!state.transposed) {
    const pads = pairsOf([[0, 0], ...axes.map(({ p, e }) => [p, e]), [0, 0]]);
    const padded = axes.some(({ p, e }) => p || e) ? [`${from} = ops.pad(${from}, ${pads})`] : [];
    const call = `${to} = ops.conv(${from}, w, strides=${strides}, padding="valid", ${rate})`;
    return [...head, ...padded, call, ...plusBias(state, to)];
  }
  const crops = axes.map((axis) => cropOf(axis, axis.s * (axis.i - 1) + Math.max(axis.s, axis.d * (axis.k - 1) + 1)));
  const slices = crops.map(({ start, stop }) => `${start}:${stop}`).join(", ");
  const pads = pairsOf([[0, 0], ...crops.map(({ lacks }) => [0, lacks]), [0, 0]]);
  const both = axes.some(({ s }) => s > 1) && axes.some(({ d }) => d > 1);
  return [
    ...head,
    ...(both ? ["# a layer (Conv2DTranspose) refuses a stride with a dilation; this function takes both"] : []),
    `${to} = ops.conv_transpose(${from}, w, strides=${strides}, padding="valid", ${rate})`,
    `${to} = ${to}[:, ${slices}]`,
    ...(crops.some(({ lacks }) => lacks) ? [`${to} = ops.pad(${to}, ${pads})`] : []),
    ...plusBias(state, to),
  ];
}

/** @param {State} state */
function onnx(state) {
  const { axes, each, from, to, settings, bias } = partsOf(state);
  const list = (/** @type {string} */ values) => values.replace(/,?\)$/, "]").replace("(", "[");
  const pads = [...each(({ p }) => p), ...each(({ e }) => e)];
  return [
    ...(axes.some(({ s, a }) => a >= s) ? ["# ONNX refuses an output_padding as large as the stride."] : []),
    "from onnx import helper",
    "",
    "node = helper.make_node(",
    `    "${state.transposed ? "ConvTranspose" : "Conv"}",`,
    `    ["${from}", "w"${state.bias ? ', "b"' : ""}],${state.bias ? `  # b: ${bias}` : ""}`,
    `    ["${to}"],`,
    `    strides=${list(settings.stride)},`,
    `    pads=[${pads.join(", ")}],`,
    ...(state.transposed ? [`    output_padding=${list(settings.output_padding)},`] : []),
    `    dilations=${list(settings.dilation)},`,
    ")",
  ];
}

/** The steps as a GIF that Python writes, larger and in more colours if you like. @param {State} state */
function gif(state) {
  const parts = partsOf(state);
  const { stride, output_padding, dilation } = parts.settings;
  const array = (/** @type {Nested} */ nested) => JSON.stringify(nested).replaceAll(",", ", ");
  return [
    ...(state.bias ? ["# The film shows the sums without the bias."] : []),
    "from lib.figures import film  # installed by pip: from transposed_convolution.figures import film",
    "",
    "film(",
    `    ${array(state.input)},`,
    `    ${array(state.weight)},`,
    `    stride=${stride}, padding=${paddingArgument(parts)}, dilation=${dilation},`,
    ...(state.transposed ? [`    output_padding=${output_padding}, transposed=True, view="${state.view}",`] : []),
    ").save(\"steps.gif\")  # or steps.svg",
  ];
}

const WRITERS = { PyTorch: torch, Keras: keras, JAX: jax, ONNX: onnx, "NumPy (this book's lib)": ours, "GIF (this book's lib)": gif };

export const FRAMEWORKS = Object.keys(WRITERS);

/** @param {State} state @param {string} framework one of FRAMEWORKS */
export const codeOf = (state, framework) => `${WRITERS[/** @type {"JAX"} */ (framework)](state).join("\n")}\n`;
