/* Sliders and switches: one for each field, with a line that says what is refused. */

import { SETTINGS } from "./constants.js";
import { inputField, h, mark } from "./dom.js";
import { range } from "./geometry.js";
import { notANumber, readNumber } from "./numerals.js";
import { fieldMoved, inDimensions, reach } from "./rules.js";
import { bothEnds, eachAxis, moved, settingsOf, sizeOf, swap } from "./state.js";

/** @import { Explorer } from "./explorer.js" */
/** @import { SettingName, SliderName } from "./types.d.ts" */
/** @typedef {{ element: HTMLElement, note: HTMLElement, update: () => void }} Control */

export const CHOICES = ["transposed", "view", "dimensions", "per_axis", "two_ends"];
/** @type {(SettingName | "input_size" | "kernel_size")[]} */
export const SLIDERS = ["input_size", "kernel_size", ...SETTINGS];
let explorers = 0; // names of radio groups must differ between explorers of a page

/** @param {string} field @param {Node} body @param {(note: HTMLElement) => void} update @returns {Control} */
function control(field, body, update) {
  const note = h("p", { class: "tc-note", role: "alert" });
  return { element: h("div", { class: "tc-control", "data-field": field }, body, note), note, update: () => update(note) };
}

/** What a slider offers, and a word on what it does not: only what can be shown is offered.
 * @param {Explorer} explorer @param {SliderName} field @param {number} axis */
function sliderEnds({ state }, field, axis) {
  if (field === "output_padding" && !state.transposed) return { least: 0, most: 1, off: true, why: "transposed only" };
  const ends = reach(state, field, axis);
  if (field === "output_padding" && !ends.most) return { least: 0, most: 1, off: true, why: "when stride or dilation > 1" };
  return { ...ends, off: false };
}

/** A finger that scrolls the page over a slider must not move it: the browser takes the touch over and says so.
 * @param {Explorer} explorer @param {SliderName} field @param {number} axis */
function sliderInput(explorer, field, axis) {
  let before = 0;
  const move = (/** @type {number} */ value) =>
    explorer.apply(moved(explorer.state, field, axis, value, explorer.memory), fieldMoved(field));
  const input = inputField("range", {
    oninput: () => move(input.valueAsNumber),
    onpointerdown: () => (before = settingsOf(explorer.state)[field][axis]),
    onpointercancel: () => move(before),
  });
  return input;
}

/** The sliders of a field: one for each axis and each end that has its own. @param {Explorer} explorer
 * @param {SettingName | "input_size" | "kernel_size"} field */
function slidersOf({ state }, field) {
  const axes = range(state.per_axis ? sizeOf(state.input).length : 1);
  const ends = field === "padding" && state.two_ends;
  /** @type {[SliderName, string][]} */
  const named = ends ? [["padding", "padding before"], ["padding_after", "padding after"]] : [[field, field]];
  return axes.flatMap((axis) =>
    named.map(([moves, words]) => ({ moves, axis, words: axes.length > 1 ? `${words} axis ${axis}` : words })),
  );
}

/** @param {Explorer} explorer @param {SettingName | "input_size" | "kernel_size"} field */
function slider(explorer, field) {
  const body = h("div", { class: "tc-sliders" });
  let rows = /** @type {ReturnType<typeof slidersOf>} */ ([]);
  /** @type {HTMLInputElement[]} */
  let inputs = [];
  /** @type {HTMLElement[]} */
  let values = [];
  const build = () => {
    inputs = rows.map(({ moves, axis }) => sliderInput(explorer, moves, axis));
    values = rows.map(() => h("b", { "aria-hidden": "true" }));
    body.replaceChildren(...rows.map(({ words }, n) =>
      h("div", { class: "tc-slider" }, h("label", {}, h("span", {}, words), inputs[n]), values[n])));
  };
  const put = (/** @type {HTMLInputElement} */ each, /** @type {number} */ n) => {
    const { moves, axis } = rows[n];
    const { least, most, off, why } = sliderEnds(explorer, moves, axis);
    const value = settingsOf(explorer.state)[moves][axis];
    mark(each, "min", least);
    mark(each, "max", most);
    each.disabled = off;
    each.value = String(value);
    values[n].textContent = why === "transposed only" ? "–" : String(value);
    return why;
  };
  return control(field, body, (note) => {
    const now = slidersOf(explorer, field);
    if (String(now.map(({ words }) => words)) !== String(rows.map(({ words }) => words))) {
      rows = now;
      build();
    }
    const why = inputs.map(put).find(Boolean) ?? "";
    if (!note.hasAttribute("data-refused") && note.textContent !== why) note.textContent = why;
  });
}

/** A number that is typed: the bias. @param {Explorer} explorer */
function biasField(explorer) {
  const commit = () => {
    const value = readNumber(input.value);
    if (Number.isFinite(value)) explorer.apply({ bias: value, step: explorer.state.step }, "bias");
    else explorer.refuse("bias", `${notANumber(input.value)}. The bias stays ${explorer.state.bias}.`);
    input.value = String(explorer.state.bias);
  };
  const about = { inputmode: "decimal", autocomplete: "off", class: "tc-number" };
  const input = inputField("text", { ...about, onchange: commit });
  const body = h("label", { class: "tc-typed" }, h("span", {}, "bias"), input);
  return control("bias", body, () => {
    if (document.activeElement !== input) input.value = String(explorer.state.bias);
  });
}

/** @param {string} field @param {string[][]} options @param {() => string} get
 * @param {(value: string) => void} change */
function choice(field, options, get, change) {
  const name = `tc-${field}-${++explorers}`;
  const inputs = options.map(([value]) => inputField("radio", { name, value, onchange: () => change(value) }));
  const labels = options.map(([, words], n) => h("label", {}, inputs[n], h("span", {}, words)));
  const body = h("fieldset", { class: "tc-choice" }, h("legend", {}, field), h("div", {}, ...labels));
  return control(field, body, () => inputs.forEach((each) => (each.checked = each.value === get())));
}

/** @param {Explorer} explorer @param {"transposed" | "per_axis" | "two_ends"} field
 * @param {(on: boolean) => void} change
 * @param {() => boolean} [disabled] */
function toggle(explorer, field, change, disabled = () => false) {
  const box = inputField("checkbox", { onchange: () => change(box.checked) });
  return control(field, h("label", { class: "tc-toggle" }, box, h("span", {}, field)), () => {
    box.checked = explorer.state[field];
    box.disabled = disabled();
  });
}

/** All controls by field; those not asked for are not in the page, and their field can be changed all the same.
 * @param {Explorer} explorer @returns {Map<string, Control>} */
export function makeControls(explorer) {
  const axes = () => sizeOf(explorer.state.input).length;
  const turn = () => explorer.apply(swap(explorer.state, explorer.memory), "transposed");
  const setView = (/** @type {string} */ view) => explorer.apply({ view, step: null }, "view");
  const setDimensions = (/** @type {string} */ to) =>
    explorer.apply(inDimensions(explorer.state, Number(to), explorer.memory), "dimensions");
  const setEach = (/** @type {boolean} */ each) => explorer.apply(eachAxis(explorer.state, each, explorer.memory), "per_axis");
  const dimensions = [["1", "1-D"], ["2", "2-D"]];
  const views = [["stamps", "stamps"], ["window", "padded window"]];
  const setEnds = (/** @type {boolean} */ two) => explorer.apply(bothEnds(explorer.state, two), "two_ends");
  const sliders = SLIDERS.map((field) => /** @type {[string, Control]} */ ([field, slider(explorer, field)]));
  return new Map([
    ["transposed", toggle(explorer, "transposed", turn)],
    ["view", choice("view", views, () => explorer.state.view, setView)],
    ["dimensions", choice("dimensions", dimensions, () => String(axes()), setDimensions)],
    ["per_axis", toggle(explorer, "per_axis", setEach, () => axes() === 1)],
    ["two_ends", toggle(explorer, "two_ends", setEnds)],
    ...sliders,
    ["bias", biasField(explorer)],
  ]);
}
