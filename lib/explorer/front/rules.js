/* What a state may be: the rules of lib/explorer/rules.py, applied to the same limits. A test holds the verdicts of the
 * two against each other. */

import { DEFAULTS, LARGEST, LIMITS, RANGES, SETTINGS, VIEWS } from "./constants.js";
import { axesOf } from "./geometry.js";
import { canonical, picture, stepsOf } from "./picture.js";
import { lastPadding, moved, resize, settingsOf, sizeOf } from "./state.js";

/** @import { Axis, Memory, Patch, Refusal, SliderName, State } from "./types.d.ts" */

const SIZES = /** @type {const} */ (["input_size", "kernel_size"]);

/** @param {unknown} value */
function isArray(value) {
  if (!Array.isArray(value) || !value.length) return false;
  const rows = Array.isArray(value[0]) ? value : [value];
  const fits = (/** @type {any} */ row) =>
    Array.isArray(row) && row.length === rows[0].length && row.every(Number.isFinite);
  return rows.every(fits) && rows[0].length > 0;
}

/** @param {unknown} value */
const isText = (value) => typeof value === "string";
/** @param {unknown} value */
const isFlag = (value) => typeof value === "boolean";
/** @param {unknown} value */
const isSetting = (value) => [value].flat().every(Number.isInteger);
/** One number for both ends of an axis, or a pair. @param {unknown} value */
const isPadding = (value) =>
  Array.isArray(value)
    ? value.every((ends) => isSetting(ends) && [ends].flat().length === (Array.isArray(ends) ? 2 : 1))
    : Number.isInteger(value);

/** @type {Record<string, (value: unknown) => boolean>} */
const KINDS = {
  input: isArray, weight: isArray,
  stride: isSetting, padding: isPadding, output_padding: isSetting, dilation: isSetting, bias: Number.isFinite,
  transposed: isFlag, view: isText, per_axis: isFlag, two_ends: isFlag, chosen: isText,
  step: (value) => value === null || Number.isInteger(value), speed: Number.isInteger, wanted_size: Number.isInteger,
};

/** @param {string} field */
function kindWords(field) {
  const [least, most] = { ...RANGES }[field] ?? [];
  return most ? `is a whole number from ${least} to ${most} here` : "is not what it should be";
}

/** @param {State} state @returns {Refusal | null} */
function wrongKind(state) {
  for (const [field, fits] of Object.entries(KINDS))
    if (!fits(state[/** @type {keyof State} */ (field)])) return { field, text: `${field} ${kindWords(field)}.` };
  if (sizeOf(state.input).length !== sizeOf(state.weight).length)
    return { field: "weight", text: "input and kernel must have the same number of axes." };
  return null;
}

/** @param {State} state @returns {Refusal | null} */
function tooLarge(state) {
  for (const field of /** @type {const} */ (["input", "weight", "bias"]))
    if ([state[field]].flat(2).some((value) => Math.abs(value) > LARGEST))
      return { field, text: `A number may be as large as ${LARGEST.toExponential()} here, not larger.` };
  return null;
}

/** The field of the state that a slider moves. @param {SliderName} slider */
export const fieldMoved = (slider) => (slider === "padding_after" ? "padding" : slider);

/** @param {State} state @returns {Refusal | null} */
function outOfRange(state) {
  const settings = settingsOf(state);
  const axes = settings.input_size.length;
  for (const name of /** @type {const} */ ([...SIZES, ...SETTINGS, "padding_after"])) {
    const field = fieldMoved(name);
    const [least, most] = LIMITS[axes][field];
    const values = settings[name];
    if (values.length !== axes || values.some((v) => v < least || v > most))
      return { field, text: `${field} goes from ${least} to ${most} here, not ${values.join(" × ")}.` };
  }
  for (const field of /** @type {const} */ (["speed", "wanted_size"])) {
    const [least, most] = RANGES[field];
    if (state[field] < least || state[field] > most) return { field, text: `${field} ${kindWords(field)}.` };
  }
  return null;
}

/** @param {State} state @returns {Refusal | null} */
function wrongOutputPadding(state) {
  const { stride, dilation, output_padding } = settingsOf(state);
  if (!state.transposed || output_padding.every((a, n) => a < Math.max(stride[n], dilation[n]))) return null;
  const now = `${output_padding.join(", ")} is not, with stride ${stride.join(", ")} and dilation ${dilation.join(", ")}`;
  return { field: "output_padding", text: `output_padding must be smaller than stride or dilation: ${now}.` };
}

/** @param {State} state @returns {Refusal | null} */
function wrongOutputSize(state) {
  const axes = axesOf(settingsOf(state));
  const most = LIMITS[axes.length].output_size[1];
  const empty = axes.find(({ o }) => o < 1);
  if (empty) return { field: "padding", text: emptyWords(empty, state.transposed) };
  const large = axes.find(({ o }) => o > most);
  if (!large) return null;
  return { field: "input_size", text: `The output would be ${large.o} cells wide; this picture holds ${most}.` };
}

/** @param {Axis} axis @param {boolean} transposed */
function emptyWords({ i, k, p, e, d, o }, transposed) {
  return transposed
    ? `The output would have ${o} cells on an axis: padding ${p === e ? p : `${p}, ${e}`} cuts everything away.`
    : `The kernel spans ${d * (k - 1) + 1} cells, the padded input has only ${i + p + e}: the window does not fit once.`;
}

/** @param {import("./types.d.ts").Setting} value */
const perAxisOf = (value) => (Array.isArray(value) ? value : [value]);

/** Whether one control for all axes would hide a second value. @param {State} state */
export function differsByAxis(state) {
  const values = [sizeOf(state.input), sizeOf(state.weight), ...SETTINGS.map((name) => perAxisOf(state[name]))];
  return values.some((each) => new Set(each.map(String)).size > 1);
}

/** Whether one control for both ends would hide a second value. @param {State} state */
function differsByEnd(state) {
  const { padding, padding_after } = settingsOf(state);
  return padding.some((p, n) => p !== padding_after[n]);
}

/** What the state's sizes forbid its other fields. @param {State} state @returns {Refusal | null} */
function wrongView(state) {
  if (!VIEWS.includes(state.view)) return { field: "view", text: `view is ${VIEWS.join(" or ")}.` };
  if (!state.per_axis && differsByAxis(state))
    return { field: "per_axis", text: "per_axis must be on while sizes or settings differ between axes." };
  if (!state.two_ends && differsByEnd(state))
    return { field: "two_ends", text: "two_ends must be on while padding differs between the ends of an axis." };
  const pic = picture(state);
  if (state.chosen && !canonical(pic, state.chosen))
    return { field: "chosen", text: "chosen must name a cell of the picture." };
  const steps = stepsOf(pic, state.view);
  if (state.step !== null && (state.step < 0 || state.step > steps))
    return { field: "step", text: `step goes from 0 to ${steps} here.` };
  return null;
}

/** The first refusal of several rules. @param {State} state @param {((state: State) => Refusal | null)[]} rules */
function first(state, rules) {
  for (const rule of rules) {
    const wrong = rule(state);
    if (wrong) return wrong;
  }
  return null;
}

const SIZE_RULES = [wrongKind, tooLarge, outOfRange, wrongOutputPadding, wrongOutputSize];

/** What forbids a state, in words; null if nothing does. @param {State} state */
export const refusal = (state) => first(state, [...SIZE_RULES, wrongView]);

/** The fields that the state's sizes decide, as in Python: a control for each axis where axes differ, no cell and no
 * step that is gone. The state's sizes must make sense. @param {State} state @returns {Patch} */
export function settled(state) {
  const pic = picture(state);
  return {
    per_axis: state.per_axis || differsByAxis(state),
    two_ends: state.two_ends || differsByEnd(state),
    chosen: (state.chosen && canonical(pic, state.chosen)) || "",
    step: state.step !== null && state.step <= stepsOf(pic, state.view) ? state.step : null,
  };
}

/** The state after a patch, with what the patch leaves behind settled; or what forbids it.
 * @param {State} state @param {Patch} patch @returns {{ state: State, wrong: Refusal | null }} */
export function changed(state, patch) {
  const next = { ...state, ...patch };
  const wrong = first(next, SIZE_RULES);
  if (wrong) return { state, wrong };
  const asked = { ...next, ...settled(next), ...patch };
  return { state: { ...asked, ...settled(asked) }, wrong: wrongView(asked) };
}

/** The state with another number of axes: the last axis's settings for all, and the largest input that fits.
 * @param {State} state @param {number} axes @param {Memory} memory
 * @returns {Patch} */
export function inDimensions(state, axes, memory) {
  const last = settingsOf(state);
  const square = (/** @type {"input_size" | "kernel_size"} */ name) =>
    new Array(axes).fill(Math.min(last[name][last[name].length - 1], LIMITS[axes][name][1]));
  const each = Object.fromEntries(SETTINGS.map((name) => [name, last[name].at(-1)]));
  const settings = { ...each, padding: lastPadding(state, axes) };
  const weight = resize(state.weight, square("kernel_size"), memory.weight);
  const common = { ...settings, per_axis: false, step: null, chosen: "", weight };
  for (let [size] = square("input_size"); ; size--) {
    const patch = { ...common, input: resize(state.input, new Array(axes).fill(size), memory.input) };
    if (size === 1 || !refusal({ ...state, ...patch })) return patch;
  }
}

/** How far a slider may go from where it is, and what stops it there before its own end.
 * @param {State} state @param {SliderName} field @param {number} axis */
export function reach(state, field, axis) {
  const ends = LIMITS[sizeOf(state.input).length][fieldMoved(field)];
  const now = settingsOf(state)[field][axis];
  const [low, high] = [-1, 1].map((way, n) => {
    for (let value = now; ; value += way) {
      if (value === ends[n]) return { end: value, why: "" };
      const wrong = first({ ...state, ...moved(state, field, axis, value + way) }, SIZE_RULES);
      if (wrong) return { end: value, why: wrong.text };
    }
  });
  return { least: low.end, most: high.end, why: now === high.end ? high.why : now === low.end ? low.why : "" };
}

/** A whole state from the fields that differ from their defaults. @param {Patch} told @returns {State} */
export const completed = (told) => /** @type {State} */ ({ ...DEFAULTS, ...told });
