/* What a reader asks, as text: the fields, what each may hold, and what the texts mean. A link carries nothing else. */

import { READ } from "./dialects.js";
import { range } from "../../explorer/front/geometry.js";

/** @import { Choices, Framework, Layer, Pair, Setting, StackLayer, State, Words } from "./types.d.ts" */

const SIZES = /^[0-9]{1,9}(x[0-9]{1,9}){0,2}$/;
const NUMBERS = /^[0-9]{1,6}(x[0-9]{1,6}){0,2}$/;
const CHOICE = /^([0-9]{1,6}(-[0-9]{1,6})?)?$/;
const ENDS = /^(SAME|VALID|same|valid|-?[0-9]{1,6}(\/-?[0-9]{1,6})?(x-?[0-9]{1,6}(\/-?[0-9]{1,6})?){0,2})$/;
const FRAMEWORK = /^(torch|keras|tensorflow|jax|onnx)$/;
const CHANNELS = /^[1-9][0-9]{0,5}$/;
const LAYER = "(conv|conv_transpose|pool)(,[0-9]{1,4}){7}";

/** The fields: what each holds at first, what its text may be, and that in words.
 * @type {Record<string, { first: string, fits: RegExp, words: string }>} */
export const FIELDS = {
  have: { first: "sizes", fits: /^(sizes|layer|stack)$/, words: "is sizes, layer or stack" },
  axes: { first: "2", fits: /^[123]$/, words: "is 1, 2 or 3" },
  input: { first: "28", fits: SIZES, words: "is a whole number, or one for each axis as 28 x 14" },
  output: { first: "56", fits: SIZES, words: "is a whole number, or one for each axis as 56 x 28" },
  in_channels: { first: "16", fits: CHANNELS, words: "is a whole number, at least 1" },
  out_channels: { first: "8", fits: CHANNELS, words: "is a whole number, at least 1" },
  only_kernel_size: { first: "", fits: CHOICE, words: "is a whole number, a range as 2-5, or empty" },
  only_stride: { first: "", fits: CHOICE, words: "is a whole number, a range as 2-5, or empty" },
  only_padding: { first: "", fits: CHOICE, words: "is a whole number, a range as 0-2, or empty" },
  only_output_padding: { first: "", fits: CHOICE, words: "is a whole number, a range as 0-1, or empty" },
  only_dilation: { first: "", fits: CHOICE, words: "is a whole number, a range as 1-2, or empty" },
  chosen: { first: "", fits: /^(([0-9]{1,6},){4}[0-9]{1,6}(x|$)){0,3}$/, words: "is one of the settings" },
  from: { first: "torch", fits: FRAMEWORK, words: "is one of the frameworks" },
  to: { first: "torch", fits: FRAMEWORK, words: "is one of the frameworks" },
  kernel_size: { first: "4", fits: NUMBERS, words: "is a whole number, or one for each axis as 4 x 5" },
  stride: { first: "2", fits: NUMBERS, words: "is a whole number, or one for each axis as 2 x 1" },
  padding: {
    first: "1",
    fits: ENDS,
    words: "is a number of cells (1/2: 1 before, 2 after; 1 x 0: by axis), or the framework's SAME or VALID",
  },
  output_padding: {
    first: "",
    fits: new RegExp(`${NUMBERS.source}|^$`),
    words: "is empty, a whole number, or one for each axis as 1 x 0",
  },
  output_shape: {
    first: "",
    fits: new RegExp(`${SIZES.source}|^$`),
    words: "is empty, a size, or one for each axis as 56 x 28",
  },
  dilation: { first: "1", fits: NUMBERS, words: "is a whole number, or one for each axis as 1 x 2" },
  groups: { first: "1", fits: CHANNELS, words: "is a whole number, at least 1" },
  auto_pad: { first: "NOTSET", fits: /^(NOTSET|SAME_UPPER|SAME_LOWER|VALID)$/, words: "is one of ONNX's" },
  transpose_kernel: { first: "yes", fits: /^(yes|no)$/, words: "is yes or no" },
  use_consistent_padding: { first: "no", fits: /^(yes|no)$/, words: "is yes or no" },
  stack: {
    first: "conv,3,1,1,0,1,32,1;pool,2,2,0,0,1,1,1;conv_transpose,4,2,1,0,1,16,1",
    fits: new RegExp(`^${LAYER}(;${LAYER}){0,39}$`),
    words: "is 1 to 40 layers",
  },
};

/** @returns {State} */
export const opening = () => Object.fromEntries(Object.entries(FIELDS).map(([name, { first }]) => [name, first]));

/** A text as the state keeps it: × , and spaces between numbers are an x. @param {string} name @param {string} text */
export function normal(name, text) {
  const trimmed = text.trim();
  if (name === "chosen" || name === "stack") return trimmed;
  if (/^[a-z]/i.test(trimmed)) return trimmed;
  if (name.startsWith("only_")) return trimmed.replace(/\s*(-|–|to)\s*/, "-");
  return trimmed.replace(/\s*\/\s*/g, "/").replace(/\s*[x×*,;\s]\s*/gi, "x");
}

/** Why a field's text cannot be; "" if it can. @param {string} name @param {string} text */
export const misfit = (name, text) => (FIELDS[name].fits.test(text) ? "" : `${name} ${FIELDS[name].words}.`);

/** The state of a link's query; or why there is none. @param {string} query
 * @returns {{ state: State, refusal: string }} */
export function readLink(query) {
  const state = opening();
  for (const [name, text] of new URLSearchParams(query)) {
    if (!Object.hasOwn(FIELDS, name)) return { state, refusal: "it asks for something that this calculator has not." };
    const wrong = misfit(name, text);
    if (wrong) return { state, refusal: wrong };
    state[name] = text;
  }
  return { state, refusal: "" };
}

/** The query of a link to a state: what differs from the opening. @param {State} state */
export function queryOf(state) {
  const first = opening();
  const told = Object.entries(state).filter(([name, text]) => text !== first[name]);
  return new URLSearchParams(told).toString();
}

/** One number per axis. @param {string} text @param {number} axes @returns {number[] | null} */
export function perAxis(text, axes) {
  const values = text.split("x").map(Number);
  if (values.length === 1) return new Array(axes).fill(values[0]);
  return values.length === axes ? values : null;
}

/** A pair per axis. @param {string} text @param {number} axes @returns {Pair[] | null} */
function endsPerAxis(text, axes) {
  const each = text.split("x").map((one) => one.split("/").map(Number));
  const pairs = each.map(([before, after = before]) => /** @type {Pair} */ ([before, after]));
  if (pairs.length === 1) return range(axes).map(() => pairs[0]);
  return pairs.length === axes ? pairs : null;
}

/** The values that a field lets the solver try; null: as the sizes ask. @param {string} text */
function valuesOf(text) {
  if (!text) return null;
  const [from, to = from] = text.split("-").map(Number);
  return range(Math.max(0, to - from + 1)).map((n) => from + n);
}

/** What the solver may try. @param {State} state @returns {{ choices?: Choices, refusal: string }} */
export function choicesOf(state) {
  /** @type {Choices} */
  const choices = { kernel_size: null, stride: null, padding: null, output_padding: null, dilation: [1] };
  for (const name of /** @type {(keyof Choices)[]} */ (Object.keys(choices))) {
    const values = valuesOf(state[`only_${name}`]) ?? choices[name];
    const least = name.endsWith("padding") ? 0 : 1;
    if (values && (!values.length || values[0] < least))
      return { refusal: `${name} is a whole number or a range, at least ${least}.` };
    choices[name] = values;
  }
  return { choices, refusal: "" };
}

/** The input's and the output's size on each axis. @param {State} state
 * @returns {{ input: number[], output: number[], refusal: string }} */
export function sizesOf(state) {
  const axes = Number(state.axes);
  const [input, output] = [perAxis(state.input, axes), perAxis(state.output, axes)];
  if (!input || !output)
    return { input: [], output: [], refusal: `input and output have one number, or one for each of ${axes} axes.` };
  if (Math.min(...input, ...output) < 1) return { input, output, refusal: "a size is at least 1." };
  return { input, output, refusal: "" };
}

/** The settings that were chosen, one an axis, if they are such. @param {string} text @returns {Setting[]} */
export const chosenOf = (text) =>
  text
    .split("x")
    .filter(Boolean)
    .map((one) => {
      const [k, s, p, a, d] = one.split(",").map(Number);
      return { k, s, p, a, d };
    });

/** @param {Setting[]} settings */
export const chosenText = (settings) => settings.map(({ k, s, p, a, d }) => [k, s, p, a, d].join(",")).join("x");

/** Channels and groups that fit; or why not. @param {State} state */
function channelsOf(state) {
  const channels = /** @type {Pair} */ ([Number(state.in_channels), Number(state.out_channels)]);
  const groups = ["torch", "onnx"].includes(state.from) && state.have === "layer" ? Number(state.groups) : 1;
  const fits = channels.every((each) => each % groups === 0);
  return { channels, groups, refusal: fits ? "" : `groups ${groups} must divide in_channels and out_channels.` };
}

/** The padding of a layer in its framework's words; null where the text is none of them.
 * @param {State} state @param {number} axes */
function paddingOf({ from, padding }, axes) {
  const word = /^[a-z]/i.test(padding);
  if (from === "keras") return word ? padding.toLowerCase() : null;
  if (from === "tensorflow" || from === "jax")
    return word ? (padding === padding.toUpperCase() ? padding : null) : endsPerAxis(padding, axes);
  if (word) return null;
  if (from === "torch") return /[-/]/.test(padding) ? null : perAxis(padding, axes);
  return endsPerAxis(padding, axes);
}

/** Only JAX takes less than nothing. @param {string | number[] | Pair[]} padding @param {string} from */
const isNegative = (padding, from) => from !== "jax" && Array.isArray(padding) && padding.flat().some((v) => v < 0);

/** @param {State} state @param {number[]} size @returns {{ words?: Words, refusal: string }} */
function wordsOf(state, size) {
  const axes = size.length;
  const least = { kernel_size: 1, stride: 1, dilation: 1 };
  for (const [name, from] of Object.entries(least))
    if ((perAxis(state[name], axes) ?? [0]).some((v) => v < from))
      return { refusal: `${name} is at least ${from}, one number or one for each of ${axes} axes.` };
  const padding = paddingOf(state, axes);
  if (!padding || isNegative(padding, state.from)) return { refusal: `padding: ${PADDING_WORDS[state.from]}.` };
  const optional = (/** @type {string} */ text) => (text ? perAxis(text, axes) : null);
  const misses = ["output_padding", "output_shape"].find((name) => state[name] && !optional(state[name]));
  if (misses) return { refusal: `${misses} has one number, or one for each of ${axes} axes.` };
  return {
    refusal: "",
    words: {
      kernel_size: perAxis(state.kernel_size, axes) ?? [],
      strides: perAxis(state.stride, axes) ?? [],
      dilations: perAxis(state.dilation, axes) ?? [],
      padding,
      groups: channelsOf(state).groups,
      output_padding: optional(state.output_padding),
      output_shape: optional(state.output_shape),
      auto_pad: state.auto_pad,
      flipped: state.from === "jax" && state.transpose_kernel === "no",
      consistent: state.use_consistent_padding === "yes",
    },
  };
}

/** @type {Record<string, string>} */
export const PADDING_WORDS = {
  torch: "a whole number, or one for each axis as 1 x 0",
  keras: "valid or same",
  tensorflow: "SAME, VALID, or in 2-D cells before/after as 1/2",
  jax: "SAME, VALID, or zeros before/after as 1/2",
  onnx: "cells before/after as 1/2",
};

/** The layer that the words mean. @param {State} state @returns {{ layer?: Layer, refusal: string }} */
export function layerOf(state) {
  const axes = Number(state.axes);
  const size = perAxis(state.input, axes);
  if (!size || Math.min(...size) < 1)
    return { refusal: `input is at least 1, one number or one for each of ${axes} axes.` };
  const { channels, refusal } = channelsOf(state);
  if (refusal) return { refusal };
  const { words, refusal: unread } = wordsOf(state, size);
  if (!words) return { refusal: unread };
  const from = /** @type {Framework} */ (state.from);
  const read = READ[from](words, size);
  return read.plan
    ? { layer: { size, plan: read.plan, channels, from }, refusal: "" }
    : { refusal: `${read.refusal}.` };
}

/** The layer that a chosen setting of each axis is. @param {State} state @param {number[]} size
 * @param {Setting[]} settings
 * @returns {Layer} */
export function layerFrom(state, size, settings) {
  const axes = settings.map(({ k, s, p, a, d }) => ({ k, s, d, start: p, span: d * (k - 1) + 1 + a - 2 * p }));
  const channels = /** @type {Pair} */ ([Number(state.in_channels), Number(state.out_channels)]);
  return { size, plan: { axes, groups: 1, flipped: false }, channels, from: "torch" };
}

/** The layers of a stack. @param {string} text @returns {StackLayer[]} */
export const stackOf = (text) =>
  text.split(";").map((one) => {
    const [kind, ...numbers] = one.split(",");
    const [kernel_size, stride, padding, output_padding, dilation, out_channels, groups] = numbers.map(Number);
    return { kind, kernel_size, stride, padding, output_padding, dilation, out_channels, groups };
  });

/** @param {StackLayer[]} layers */
export const stackText = (layers) => layers.map((layer) => Object.values(layer).join(",")).join(";");
