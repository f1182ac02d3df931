/* A number of the input or the kernel, changed where it stands. */

import { cellName, inputField } from "./dom.js";
import { flatten } from "./geometry.js";
import { parse } from "./picture.js";
import { nest } from "./state.js";
import { letter, show } from "./words.js";

/** @import { Explorer } from "./explorer.js" */

/** Opens a cell for a new number. @param {Explorer} explorer @param {HTMLElement} element its cell
 * @param {string} [first] what was typed to open it */
export function edit(explorer, element, first) {
  const { view, at } = parse(cellName(element));
  const name = view === "input" ? "input" : "weight";
  const flat = flatten(at, explorer.pic.size[view]);
  const old = explorer.state[name].flat()[flat];
  let open = true;
  const close = (/** @type {boolean} */ commit) => {
    if (!open) return;
    open = explorer.editing = false;
    const typed = box.value.trim().replace(",", ".");
    element.textContent = show(old);
    if (!commit || typed === "" || !Number.isFinite(Number(typed)) || Number(typed) === old) return;
    const values = explorer.state[name].flat();
    values[flat] = Number(typed);
    explorer.apply({ [name]: nest(values, explorer.pic.size[view]), step: explorer.state.step }, name);
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
