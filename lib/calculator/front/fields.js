/* The fields of the form: native inputs, each with its name, and the text that it holds. */

import { h, inputField } from "../../explorer/front/dom.js";
import { PADDING_WORDS } from "./state.js";

/** @import { State } from "./types.d.ts" */
/** @typedef {{ element: HTMLElement, update: (state: State) => void, shown: (state: State) => boolean }} Field */
/** @typedef {(name: string, text: string, done: boolean) => void} Change */

export const FRAMEWORKS = { torch: "PyTorch", keras: "Keras", tensorflow: "TensorFlow", jax: "JAX", onnx: "ONNX" };

/** What a framework calls a setting of this calculator. @type {Record<string, Record<string, string>>} */
const CALLED = {
  torch: { kernel_size: "kernel_size", stride: "stride", dilation: "dilation" },
  keras: { kernel_size: "kernel_size", stride: "strides", dilation: "dilation_rate" },
  tensorflow: { kernel_size: "size of filters", stride: "strides", dilation: "dilations" },
  jax: { kernel_size: "size of rhs", stride: "strides", dilation: "rhs_dilation" },
  onnx: { kernel_size: "kernel_shape", stride: "strides", dilation: "dilations", padding: "pads", groups: "group" },
};

let calculators = 0; // names of radio groups must differ between calculators of a page

/** A text field. @param {string} name @param {Change} change @param {(state: State) => boolean} shown
 * @param {(state: State) => [string, string]} words its label, and a hint */
export function textField(name, change, shown, words) {
  const label = h("span", { class: "sc-name" });
  const input = inputField("text", {
    inputmode: "text",
    autocomplete: "off",
    spellcheck: "false",
    "data-field": name,
    oninput: () => change(name, input.value, false),
    onchange: () => change(name, input.value, true),
  });
  const element = h("label", { class: "sc-field" }, label, input);
  const update = (/** @type {State} */ state) => {
    const [called, hint] = words(state);
    label.textContent = called;
    input.placeholder = hint;
    if (document.activeElement !== input || input.dataset.text !== state[name]) {
      if (document.activeElement !== input) input.value = state[name].replaceAll("x", " × ");
    }
    input.dataset.text = state[name];
  };
  return { element, update, shown };
}

/** One of a few words. @param {string} name @param {string} legend @param {[string, string][]} options
 * @param {Change} change @param {(state: State) => boolean} shown */
export function choiceField(name, legend, options, change, shown) {
  const group = `sc-${name}-${++calculators}`;
  const inputs = options.map(([value]) =>
    inputField("radio", { name: group, value, onchange: () => change(name, value, true) }),
  );
  const labels = options.map(([, words], n) => h("label", {}, inputs[n], words));
  const element = h(
    "fieldset",
    { class: "sc-choice", "data-field": name },
    h("legend", {}, legend),
    h("div", {}, ...labels),
  );
  const update = (/** @type {State} */ state) => inputs.forEach((each) => (each.checked = each.value === state[name]));
  return { element, update, shown };
}

/** A word out of a list. @param {string} name @param {string} label @param {[string, string][]} options
 * @param {Change} change @param {(state: State) => boolean} shown */
export function selectField(name, label, options, change, shown) {
  const made = options.map(([value, words]) => h("option", { value }, words));
  const select = /** @type {HTMLSelectElement} */ (
    h("select", { "data-field": name, onchange: () => change(name, select.value, true) }, ...made)
  );
  const element = h("label", { class: "sc-field" }, h("span", { class: "sc-name" }, label), select);
  return { element, update: (/** @type {State} */ state) => void (select.value = state[name]), shown };
}

/** @param {State} state */
const isLayer = (state) => state.have === "layer";
/** @param {State} state */
const isSizes = (state) => state.have === "sizes";

/** @param {...string} frameworks */
const ofFramework =
  (...frameworks) =>
  (/** @type {State} */ state) =>
    isLayer(state) && frameworks.includes(state.from);

/** @param {string} name */
const called = (name) => (/** @type {State} */ state) => CALLED[state.from][name] ?? name;

/** The fields that everything needs. @param {Change} change @returns {Field[]} */
export const sizeFields = (change) => [
  textField(
    "input",
    change,
    () => true,
    (state) => ["input size", state.axes === "1" ? "28" : "28 or 28 × 14"],
  ),
  textField("output", change, isSizes, () => ["wanted output size", "56"]),
  choiceField(
    "axes",
    "dimensions",
    [
      ["1", "1-D"],
      ["2", "2-D"],
      ["3", "3-D"],
    ],
    change,
    () => true,
  ),
  textField(
    "in_channels",
    change,
    () => true,
    () => ["input channels", "16"],
  ),
  textField(
    "out_channels",
    change,
    (state) => state.have !== "stack",
    () => ["output channels", "8"],
  ),
];

/** What the solver may be told. @param {Change} change @returns {Field[]} */
export const onlyFields = (change) =>
  ["kernel_size", "stride", "padding", "output_padding", "dilation"].map((name) =>
    textField(`only_${name}`, change, isSizes, () => [`only ${name}`, name === "dilation" ? "1" : "any, 4 or 2-5"]),
  );

/** A layer in its framework's words. @param {Change} change @returns {Field[]} */
export function layerFields(change) {
  const number = (/** @type {string} */ name, /** @type {(state: State) => boolean} */ shown, hint = "") =>
    textField(name, change, shown, (state) => [called(name)(state), hint]);
  const yesNo = /** @type {[string, string][]} */ ([
    ["yes", "True"],
    ["no", "False"],
  ]);
  const auto = /** @type {[string, string][]} */ (
    ["NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"].map((word) => [word, word])
  );
  return [
    selectField("from", "framework", Object.entries(FRAMEWORKS), change, isLayer),
    number("kernel_size", isLayer),
    number("stride", isLayer),
    selectField("auto_pad", "auto_pad", auto, change, ofFramework("onnx")),
    textField("padding", change, isLayer, (state) => [called("padding")(state), PADDING_WORDS[state.from]]),
    number("output_padding", ofFramework("torch", "keras", "onnx"), "none"),
    number("output_shape", ofFramework("tensorflow", "onnx"), "the sizes alone"),
    number("dilation", isLayer),
    number("groups", ofFramework("torch", "onnx")),
    selectField("transpose_kernel", "transpose_kernel", yesNo, change, ofFramework("jax")),
    selectField("use_consistent_padding", "use_consistent_padding", yesNo, change, ofFramework("jax")),
  ];
}
