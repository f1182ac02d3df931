/* Mouse, touch and keyboard on the cells. */

import { cellName } from "./dom.js";
import { edit, paste } from "./editor.js";
import { canonical, nameOf, parse, productsOf, windowOf } from "./picture.js";

/** @import { Explorer } from "./explorer.js" */

/** @type {Record<string, number[]>} */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** @type {Record<string, number>} */
const ENDS = { Home: 0, End: -1 };

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
    element.focus({ preventScroll: true });
    if (isEditable(element) && chosenBefore === cellName(element)) edit(explorer, element);
    else explorer.choose(cellName(element));
  });
  frame.addEventListener("keydown", (event) => keydown(explorer, event));
  frame.addEventListener("paste", (event) => {
    const element = cellAt(event);
    const text = event.clipboardData?.getData("text") ?? "";
    if (!element || !isEditable(element)) return;
    if (paste(explorer, parse(cellName(element)).view, text)) event.preventDefault();
  });
  explorer.wires.element.addEventListener("click", (event) => {
    const cell = explorer.wires.cellAt(event, explorer.pic, explorer.state.chosen);
    if (cell) explorer.choose(cell);
  });
  listenToDrags(explorer, frame);
  listenToMouse(explorer, frame);
}

/** The cell that a key leads to. @param {Explorer} explorer @param {HTMLElement} element @param {string} key */
function targetOf(explorer, element, key) {
  const name = cellName(element);
  const { views } = explorer;
  if (ARROWS[key]) return views.show(views.next(name, ARROWS[key]));
  return key in ENDS ? views.show(views.endOfRow(name, ENDS[key])) : undefined;
}

/** @param {Explorer} explorer @param {KeyboardEvent} event */
function keydown(explorer, event) {
  const element = ownCell(event);
  if (event.key === "z" && (event.ctrlKey || event.metaKey) && !(event.target instanceof HTMLInputElement)) {
    explorer.undo();
    event.preventDefault();
  }
  if (!element || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = targetOf(explorer, element, event.key);
  if (target) target.focus();
  else if (isEditable(element) && ["Enter", "F2"].includes(event.key)) edit(explorer, element);
  else if (event.key === " ") explorer.choose(cellName(element)); // and the page does not scroll
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
    if (event.pointerType !== "mouse" || event.buttons || explorer.player.timer || explorer.editing) return;
    if (mouse === `${event.clientX},${event.clientY}`) return;
    mouse = `${event.clientX},${event.clientY}`;
    point(cellAt(event)?.dataset.cell);
  });
  frame.addEventListener("pointerleave", () => point(""));
}

/** The window or the stamp, taken by any of its cells and dragged over the grid: it goes in steps, as the operation
 * does. @param {Explorer} explorer @param {HTMLElement} frame */
function listenToDrags(explorer, frame) {
  /** @type {{ grid: string, from: number[], role: string, start: number[] } | null} */
  let drag = null;
  frame.addEventListener("pointerdown", (event) => {
    const element = ownCell(event);
    drag = element && event.isPrimary ? grip(explorer, element) : null;
  });
  // What is dragged stays chosen: the press does not move the focus, and so the choice, to the cell under it.
  frame.addEventListener("mousedown", (event) => drag && event.preventDefault());
  frame.addEventListener("pointermove", (event) => {
    if (!drag || !event.buttons) return;
    const over = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-cell]");
    if (!over || !frame.contains(over)) return;
    const { view, at } = parse(cellName(/** @type {HTMLElement} */ (over)));
    const { grid, from, role, start } = drag;
    if (view === grid) explorer.choose(dragged(explorer, role, start, at.map((n, axis) => n - from[axis])));
  });
  for (const end of ["pointerup", "pointercancel"]) frame.addEventListener(end, () => (drag = null));
}

/** What a cell is a handle of: the window on the padded picture, or the stamp on the output. @param {Explorer} explorer
 * @param {HTMLElement} element */
function grip({ pic, state }, element) {
  const name = cellName(element);
  const { view, at } = parse(name);
  const chosen = parse(state.chosen);
  const window = state.view === "window" && windowOf(pic, state.chosen).some(([place]) => place === name);
  const reached = chosen.view === "input" ? productsOf(pic, state.chosen) : [];
  const stamp = reached.some((t) => nameOf(pic, "output", t.output) === name);
  return window || stamp ? { grid: view, from: at, role: chosen.view, start: chosen.at } : null;
}

/** The cell whose window or stamp lies nearest to where it was dragged. A transposed window moves by one place, a
 * convolution's and a stamp by the stride.
 * @param {Explorer} explorer @param {string} role @param {number[]} start @param {number[]} way */
function dragged({ pic }, role, start, way) {
  const by = (/** @type {number} */ axis) => (role === "output" && pic.transposed ? 1 : pic.axes[axis].s);
  const within = (/** @type {number} */ n, /** @type {number} */ axis) =>
    Math.min(Math.max(n, 0), pic.size[role][axis] - 1);
  return `${role}:${start.map((n, axis) => within(n + Math.round(way[axis] / by(axis)), axis))}`;
}
