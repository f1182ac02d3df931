/* Motion that explains: a stamp travels from the kernel to the output and adds, a window slides. Nothing moves where
 * the reader wants none. */

import { h } from "./dom.js";
import { nameOf, productsOf, windowOf } from "./picture.js";
import { show } from "./words.js";

/** @import { Explorer } from "./explorer.js" */

const STILL = "(prefers-reduced-motion: reduce)";
const LONGEST = 450; // milliseconds

/** @param {Explorer} explorer */
const mayMove = ({ frame }) => !matchMedia(STILL).matches && typeof frame.animate === "function";

/** A place within the frame. @param {Explorer} explorer @param {Element} element */
function placeIn({ frame }, element) {
  const [inner, outer] = [element.getBoundingClientRect(), frame.getBoundingClientRect()];
  return { left: inner.left - outer.left, top: inner.top - outer.top, width: inner.width, height: inner.height };
}

/** The box around several cells. @param {Explorer} explorer @param {(Element | undefined)[]} elements */
function boxAround(explorer, elements) {
  const places = elements.flatMap((element) => (element ? [placeIn(explorer, element)] : []));
  if (!places.length) return null;
  const [left, top] = [Math.min(...places.map((p) => p.left)), Math.min(...places.map((p) => p.top))];
  const right = Math.max(...places.map((p) => p.left + p.width));
  return { left, top, width: right - left, height: Math.max(...places.map((p) => p.top + p.height)) - top };
}

/** @param {{ left: number, top: number, width: number, height: number }} place */
const pixels = (place) => Object.fromEntries(Object.entries(place).map(([name, value]) => [name, `${value}px`]));

/** A ghost that goes from one place to another and is gone. @param {Explorer} explorer
 * @param {{ from: any, to: any, kind: string, text?: string }} way @param {number} duration */
function travel(explorer, { from, to, kind, text = "" }, duration) {
  const ghost = h("div", { class: `tc-ghost tc-ghost-${kind}`, "aria-hidden": "true" }, text);
  explorer.frame.append(ghost);
  const [start, end] = [pixels(from), pixels(to)];
  const frames = [{ ...start, opacity: 1 }, { ...end, opacity: 1, offset: 0.8 }, { ...end, opacity: 0 }];
  const animation = ghost.animate(frames, { duration, easing: "ease-in-out" });
  animation.onfinish = animation.oncancel = () => ghost.remove();
}

/** The products of an input cell, from their kernel cells to where they are added. @param {Explorer} explorer
 * @param {number} duration */
function throwStamp(explorer, duration) {
  const { pic, state, views } = explorer;
  for (const t of productsOf(pic, state.chosen)) {
    const from = views.index.get(nameOf(pic, "kernel", t.kernel));
    const to = views.index.get(nameOf(pic, "output", t.output));
    if (!from || !to) continue;
    const text = `+${show(pic.input[t.input] * pic.weight[t.kernel])}`;
    travel(explorer, { from: placeIn(explorer, from), to: placeIn(explorer, to), kind: "stamp", text }, duration);
  }
}

/** The frame of the window, from the output cell before to this one. @param {Explorer} explorer
 * @param {string} before @param {number} duration */
function slideWindow(explorer, before, duration) {
  const { pic, state, views } = explorer;
  const around = (/** @type {string} */ cell) =>
    boxAround(explorer, windowOf(pic, cell).map(([name]) => views.index.get(name)));
  const [from, to] = [around(before), around(state.chosen)];
  if (from && to) travel(explorer, { from, to, kind: "window" }, duration);
}

/** Shows how a step came about. @param {Explorer} explorer @param {string} before the cell that was chosen before
 * @param {number} pause until the next step */
export function showStep(explorer, before, pause) {
  if (!explorer.state.chosen || !mayMove(explorer)) return;
  const duration = Math.min(LONGEST, pause * 0.7);
  if (explorer.state.view === "stamps") throwStamp(explorer, duration);
  else if (before.startsWith("output:")) slideWindow(explorer, before, duration);
}
