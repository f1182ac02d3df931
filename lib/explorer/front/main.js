/* The ways to start: `render` in a live notebook, `boot` in a page with no kernel. */

import { CONTROLS, PANELS } from "./constants.js";
import { h } from "./dom.js";
import { Explorer } from "./explorer.js";
import { completed } from "./rules.js";

/** @import { Model, Root } from "./types.d.ts" */

/** anywidget calls this with the model that Python shares. @param {{ model: Model, el: HTMLElement }} given */
export function render({ model, el }) {
  const root = h("div", { "data-explorer": true });
  el.append(root);
  const explorer = new Explorer(model, root, false);
  return () => explorer.end();
}

/** A model with no kernel behind it. @param {Record<string, any>} state @returns {Model} */
function pageModel(state) {
  /** @type {Record<string, Set<() => void>>} */
  const listeners = {};
  return {
    get: (field) => state[field],
    set: (field, value) => {
      state[field] = value;
      for (const listener of listeners[`change:${field}`] || []) listener();
    },
    on: (event, listener) => (listeners[event] ||= new Set()).add(listener),
    off: (event, listener) => listeners[event]?.delete(listener),
    save_changes: () => {},
  };
}

/** An explorer of the page comes to life, if it carries its state and is not alive. @param {Root} root */
function wake(root) {
  const told = root.querySelector(":scope > script[type='application/json']");
  if (!told || root.explorer) return;
  const state = { controls: CONTROLS, panels: PANELS, ...completed(JSON.parse(told.textContent)) };
  const explorer = new Explorer(pageModel(state), root, true);
  addEventListener("hashchange", explorer.link.reopen);
  explorer.link.reopen();
}

const NEAR = "800px"; // how far from the screen an explorer comes to life

/** Every [data-explorer] in `part` comes to life when the reader comes near, or when the page's address names it.
 * @param {ParentNode} part */
export function boot(part) {
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries)
      if (isIntersecting) {
        near.unobserve(target);
        wake(/** @type {Root} */ (target));
      }
  }, { rootMargin: NEAR });
  const roots = [.../** @type {NodeListOf<Root>} */ (part.querySelectorAll("[data-explorer]"))];
  const wakeNamed = () => {
    const named = /^#explorer-([0-9]+)/.exec(location.hash);
    const root = named && document.querySelectorAll("[data-explorer]")[Number(named[1]) - 1];
    if (root) wake(/** @type {Root} */ (root));
  };
  for (const root of roots) near.observe(root);
  addEventListener("hashchange", wakeNamed);
  wakeNamed();
}
