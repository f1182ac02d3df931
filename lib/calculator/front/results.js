/* What is shown of an answer: the settings that do it, what a person asks next, the code. */

import { button, h } from "../../explorer/front/dom.js";
import { askedNext, costOf } from "./answers.js";
import { codeOf, weightMove } from "./code.js";
import { EXPLORER } from "./constants.js";
import { cropOf, express, keptOf } from "./dialects.js";
import { FRAMEWORKS } from "./fields.js";
import { isAlive, isEven, sizeAfter } from "./solver.js";

/** @import { Framework, Layer, Setting } from "./types.d.ts" */

const FIRST = 12; // settings shown before "more" is pressed
const MORE = 200;

/** @param {number[]} size */
export const times = (size) => size.join(" × ");

/** @param {number} n */
export const grouped = (n) => (Number.isSafeInteger(n) ? n.toLocaleString("en") : n.toExponential(3));

/** @param {Setting} setting */
export const settingWords = ({ k, s, p, a, d }) =>
  `kernel_size ${k}, stride ${s}, padding ${p}${a ? `, output_padding ${a}` : ""}${d > 1 ? `, dilation ${d}` : ""}`;

/** @param {Setting} setting */
export function verdict(setting) {
  if (!isAlive(setting)) return "dead cells can occur";
  return isEven(setting) ? "even overlap, no dead cell" : "no dead cell; a checkerboard is possible";
}

/** @param {Setting} a @param {Setting} b */
export const isSame = (a, b) => a.k === b.k && a.s === b.s && a.p === b.p && a.a === b.a && a.d === b.d;

let lists = 0;

/** The settings of one axis as rows of radio buttons. @param {string} caption @param {Setting[]} settings
 * @param {Setting} chosen @param {(setting: Setting) => void} choose */
export function settingsTable(caption, settings, chosen, choose) {
  const group = `sc-setting-${++lists}`;
  const body = h("tbody");
  const row = (/** @type {Setting} */ one) => {
    const checked = isSame(one, chosen);
    const radio = h("input", {
      type: "radio",
      name: group,
      checked,
      "aria-label": `${settingWords(one)}: ${verdict(one)}`,
      onchange: () => choose(one),
    });
    const cells = [one.k, one.s, one.p, one.a, one.d].map((value) => h("td", {}, String(value)));
    return h("tr", { onclick: () => radio.click() }, h("td", {}, radio), ...cells, h("td", {}, verdict(one)));
  };
  let shown = 0;
  const more = button("", () => show(shown + MORE));
  const show = (/** @type {number} */ count) => {
    body.append(...settings.slice(shown, count).map(row));
    shown = Math.min(count, settings.length);
    more.textContent = `Show more (${settings.length - shown} left)`;
    more.hidden = shown === settings.length;
  };
  const at = settings.findIndex((one) => isSame(one, chosen));
  show(Math.max(FIRST, at + 1));
  const names = ["take", "kernel_​size", "stride", "padding", "output_​padding", "dilation", "what it means"];
  const head = h("thead", {}, h("tr", {}, ...names.map((name) => h("th", { scope: "col" }, name))));
  return h("div", { class: "sc-settings" }, h("table", {}, h("caption", {}, caption), head, body), more);
}

/** Axes that are alike are spoken of once. @param {Layer} layer */
function axisGroups({ size, plan }) {
  /** @type {Map<string, number[]>} */
  const groups = new Map();
  size.forEach((i, n) => {
    const key = JSON.stringify([i, plan.axes[n]]);
    groups.set(key, [...(groups.get(key) ?? []), n]);
  });
  return [...groups.values()];
}

/** @param {Layer} layer */
export const outputOf = ({ size, plan }) => plan.axes.map((axis, n) => keptOf(axis, size[n]));

/** What a person asks next. @param {Layer} layer */
export function nextWords(layer) {
  const groups = axisGroups(layer);
  const items = groups.flatMap((axes) => {
    const place = groups.length > 1 ? `Axis ${axes.join(", ")}: ` : "";
    return askedNext(layer.plan.axes[axes[0]], layer.size[axes[0]]).map((words) => h("li", {}, place + words));
  });
  const { weights, multiplications } = costOf(layer);
  const cost = `${grouped(weights)} weights without bias, ${grouped(multiplications)} multiplications for one input, cropped ones too.`;
  const counts =
    layer.size.length > 1 ? [h("li", {}, "Counts are those of one axis; those of the axes multiply.")] : [];
  return h("ul", { class: "sc-next" }, ...items, ...counts, h("li", {}, cost));
}

/** Text into the clipboard; a page opened from a folder may have none. @param {string} text */
export async function copy(text) {
  if (navigator.clipboard)
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  return false;
}

/** A button that copies, and says that it did. @param {string} words @param {() => string} text
 * @param {(words: string) => void} say @param {Node} [seen] what is marked where nothing can be copied */
export const copyButton = (words, text, say, seen) =>
  button(words, async () => {
    const done = await copy(text());
    if (!done && seen) getSelection()?.selectAllChildren(seen);
    say(done ? "Copied." : "Your browser does not let this page copy: it is marked, press Ctrl+C or Cmd+C.");
  });

/** The layer in a framework's words. @param {Layer} layer @param {Framework} to @param {(words: string) => void} say */
export function codeBox(layer, to, say) {
  const found = express(layer.plan, to, layer.size);
  if (found.refusal) return h("div", { class: "sc-code" }, h("p", {}, found.refusal));
  const code = codeOf(to, { layer, found, output: outputOf(layer) });
  const pre = h("pre", { tabindex: "0", "aria-label": `the layer in ${FRAMEWORKS[to]}` }, code);
  const words = [found.note, moveWords(layer, to)].filter(Boolean).map((text) => h("p", {}, text));
  return h(
    "div",
    { class: "sc-code" },
    pre,
    copyButton("Copy the code", () => code, say, pre),
    ...words,
  );
}

/** @param {Layer} layer @param {Framework} to */
function moveWords({ from, plan, size }, to) {
  if (from === to && !plan.flipped) return "";
  const move = weightMove(from, to, size.length, plan.flipped);
  const as = move === "weight" ? "stay as they are" : `become ${move}`;
  return `Weights trained in ${FRAMEWORKS[from]} ${as}.`;
}

/** The state of the explorer that shows these settings, on an input that fits there; null if none does.
 * @param {Layer} layer */
export function explorerLink({ size, plan }) {
  const axes = plan.axes.slice(0, 2);
  const limits = EXPLORER[axes.length];
  /** @type {Setting[]} */
  const settings = axes.map((axis) => {
    const [before, after] = cropOf(axis);
    return { k: axis.k, s: axis.s, p: before, a: before - after, d: axis.d };
  });
  const names = /** @type {const} */ ([
    ["kernel_size", "k"],
    ["stride", "s"],
    ["padding", "p"],
    ["output_padding", "a"],
    ["dilation", "d"],
  ]);
  const fits = settings.every((one) =>
    names.every(([name, key]) => one[key] >= limits[name][0] && one[key] <= limits[name][1]),
  );
  if (!fits || settings.some(({ a, s, d }) => a >= Math.max(s, d))) return null;
  const inputs = settings.map((one, n) => {
    let i = Math.min(size[n], 4);
    while (i > 1 && sizeAfter(i, one) > limits.output_size[1]) i -= 1;
    return i;
  });
  if (settings.some((one, n) => sizeAfter(inputs[n], one) < 1 || sizeAfter(inputs[n], one) > limits.output_size[1]))
    return null;
  return { inputs, query: explorerQuery(settings, inputs) };
}

/** Whether axes differ in anything. @param {Setting[]} settings @param {number[]} inputs */
const differs = (settings, inputs) => new Set(settings.map((one, n) => JSON.stringify([one, inputs[n]]))).size > 1;

/** @param {Setting[]} settings @param {number[]} inputs */
function explorerQuery(settings, inputs) {
  const count = (/** @type {number[]} */ size) => {
    const row = (/** @type {number} */ from) => Array.from({ length: size[size.length - 1] }, (_, n) => from + n + 1);
    return size.length === 1 ? row(0) : Array.from({ length: size[0] }, (_, n) => row(n * size[1]));
  };
  const byAxis = differs(settings, inputs);
  const value = (/** @type {"s" | "p" | "a" | "d"} */ key) =>
    byAxis ? settings.map((one) => one[key]) : settings[0][key];
  const told = {
    input: count(inputs),
    weight: count(settings.map(({ k }) => k)),
    stride: value("s"),
    padding: value("p"),
    output_padding: value("a"),
    dilation: value("d"),
  };
  const all = { ...told, ...(byAxis ? { per_axis: true } : {}) };
  return new URLSearchParams(Object.entries(all).map(([name, each]) => [name, JSON.stringify(each)])).toString();
}
