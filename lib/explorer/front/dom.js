/* The two functions that make and change elements. */

/** @import { Piece } from "./types.d.ts" */

/** An element with attributes, listeners (on...) and children.
 * @param {string} tag @param {Record<string, any>} [attributes] @param {...(string | Node)} children */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** An input element. @param {string} type @param {Record<string, any>} attributes */
export const inputField = (type, attributes) => /** @type {HTMLInputElement} */ (h("input", { type, ...attributes }));

/** A button. @param {string} words @param {() => void} onclick */
export const button = (words, onclick) => /** @type {HTMLButtonElement} */ (h("button", { type: "button", onclick }, words));

/** Sets or removes an attribute only where it changes: most cells keep theirs from one step to the next.
 * @param {Element} element @param {string} name @param {any} value */
export function mark(element, name, value) {
  if (value == null || value === false) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
  } else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

/** Words with their numbers in the colours of their cells. @param {Piece[]} list */
export const pieces = (list) =>
  list.map((piece) => (Array.isArray(piece) ? h("span", { class: `tc-word tc-${piece[0]}` }, piece[1]) : piece));

/** The name of a cell's element. @param {HTMLElement} cell */
export const cellName = (cell) => cell.dataset.cell ?? "";
