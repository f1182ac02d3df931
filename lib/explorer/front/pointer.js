/* Mouse, touch and keyboard on the cells. */

import { cellName } from "./dom.js";
import { edit } from "./editor.js";
import { canonical, parse } from "./picture.js";

/** @import { Explorer } from "./explorer.js" */

/** @type {Record<string, number[]>} */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** @param {Event} event @returns {HTMLElement | null} */
const cellAt = (event) => (event.target instanceof Element ? event.target.closest("[data-cell]") : null);
/** The cell itself, not a field inside it. @param {Event} event */
const ownCell = (event) => (cellAt(event) === event.target ? cellAt(event) : null);
/** @param {HTMLElement} element */
const isEditable = (element) => ["input", "kernel"].includes(parse(cellName(element)).view);

/** @param {Explorer} explorer @param {HTMLElement} frame */
export function listen(explorer, frame) {
  let chosenBefore = "";
  frame.addEventListener("pointerdown", () => (chosenBefore = explorer.state.chosen));
  frame.addEventListener("focusin", (event) => {
    const element = ownCell(event);
    if (!element) return;
    explorer.views.grids[parse(cellName(element)).view].setStop(cellName(element));
    explorer.choose(cellName(element));
  });
  frame.addEventListener("click", (event) => {
    const element = ownCell(event);
    if (!element) return;
    if (isEditable(element) && chosenBefore === cellName(element)) edit(explorer, element);
    else explorer.choose(cellName(element));
  });
  frame.addEventListener("keydown", (event) => keydown(explorer, event));
  listenToMouse(explorer, frame);
}

/** The cell that a key leads to. @param {Explorer} explorer @param {HTMLElement} element @param {string} key */
function targetOf(explorer, element, key) {
  const name = cellName(element);
  const grid = explorer.views.grids[parse(name).view];
  if (ARROWS[key]) return explorer.views.index.get(grid.next(name, ARROWS[key]));
  const row = [...(element.parentElement?.querySelectorAll("[data-cell]") ?? [])];
  return /** @type {HTMLElement | undefined} */ ({ Home: row.at(0), End: row.at(-1) }[key]);
}

/** @param {Explorer} explorer @param {KeyboardEvent} event */
function keydown(explorer, event) {
  const element = ownCell(event);
  if (!element || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = targetOf(explorer, element, event.key);
  if (target) target.focus();
  else if (isEditable(element) && ["Enter", "F2"].includes(event.key)) edit(explorer, element);
  else if (isEditable(element) && /^[-0-9.]$/.test(event.key)) edit(explorer, element, event.key);
  else return;
  event.preventDefault();
  event.stopPropagation(); // a notebook would move to its next cell
}

/** A mouse that points shows partners without choosing; one that rests while the picture moves below it does not.
 * @param {Explorer} explorer @param {HTMLElement} frame */
function listenToMouse(explorer, frame) {
  let mouse = "";
  const point = (/** @type {string | undefined} */ cell) => {
    const name = (cell && canonical(explorer.pic, cell)) || "";
    if (name === explorer.hovered) return;
    explorer.hovered = name;
    explorer.light();
  };
  frame.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "mouse" || explorer.player.timer || explorer.editing) return;
    if (mouse === `${event.clientX},${event.clientY}`) return;
    mouse = `${event.clientX},${event.clientY}`;
    point(cellAt(event)?.dataset.cell);
  });
  frame.addEventListener("pointerleave", () => point(""));
}
