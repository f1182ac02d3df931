/* Numbers of the input or the kernel, changed where they stand: one typed, or a whole array pasted. */

import { cellName, inputField } from "./dom.js";
import { flatten } from "./geometry.js";
import { asArray, notANumber, readNumber, readRows, tooWide } from "./numerals.js";
import { parse } from "./picture.js";
import { nest } from "./state.js";
import { letter, show } from "./words.js";

/** @import { Explorer } from "./explorer.js" */

/** @param {string} view */
const fieldOf = (view) => (view === "input" ? "input" : "weight");

/** Opens a cell for a new number. @param {Explorer} explorer @param {HTMLElement} element its cell
 * @param {string} [first] what was typed to open it */
export function edit(explorer, element, first) {
  const { view, at } = parse(cellName(element));
  const old = explorer.state[fieldOf(view)].flat()[flatten(at, explorer.pic.size[view])];
  let open = true;
  const close = (/** @type {boolean} */ commit) => {
    if (!open) return;
    open = explorer.editing = false;
    element.textContent = show(old);
    if (commit && box.value !== String(old)) setNumber(explorer, view, at, box.value);
  };
  const keydown = (/** @type {KeyboardEvent} */ event) => {
    event.stopPropagation();
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    close(event.key === "Enter");
    element.focus();
  };
  const label = `value of ${letter(view, explorer.state.transposed)}[${at.join(", ")}]`;
  const about = { inputmode: "decimal", class: "tc-edit", "aria-label": label, autocomplete: "off" };
  const box = inputField("text", { ...about, onkeydown: keydown, onblur: () => close(true) });
  box.value = first ?? String(old); // in full: what is not changed must not be rounded
  explorer.player.pause();
  explorer.editing = true;
  element.replaceChildren(box);
  box.focus();
  if (first === undefined) box.select();
}

/** Puts what was typed into a cell, or says why it cannot be. @param {Explorer} explorer @param {string} view
 * @param {number[]} at @param {string} typed */
function setNumber(explorer, view, at, typed) {
  const field = fieldOf(view);
  const values = explorer.state[field].flat();
  const flat = flatten(at, explorer.pic.size[view]);
  const value = readNumber(typed);
  if (!Number.isFinite(value)) {
    explorer.say(`${notANumber(typed)}: the cell keeps ${show(values[flat])}. Write 2.5, -1e3 or 1/3.`);
    return;
  }
  values[flat] = value;
  explorer.apply({ [field]: nest(values, explorer.pic.size[view]), step: explorer.state.step }, field);
}

/** A pasted array takes the place of the whole input or kernel. @param {Explorer} explorer @param {string} view
 * @param {string} text @returns {boolean} whether it was an array */
export function paste(explorer, view, text) {
  const rows = readRows(text);
  if (!rows) return false;
  const field = fieldOf(view);
  const array = asArray(rows, explorer.state[field]);
  const wrong = array ? tooWide(array, field) : "Several rows need two dimensions: choose 2-D first.";
  if (wrong || !array) explorer.say(wrong);
  else explorer.apply({ [field]: array }, field);
  return true;
}
