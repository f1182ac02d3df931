/* The ways to start: `boot` brings every [data-calculator] of a page to life, with no kernel. */

import { Calculator } from "./calculator.js";

/** @param {ParentNode} part */
export function boot(part) {
  for (const root of /** @type {NodeListOf<HTMLElement>} */ (part.querySelectorAll("[data-calculator]"))) {
    const told = root.querySelector(":scope > script[type='application/json']");
    if (told && !root.querySelector(":scope > .sc-live")) new Calculator(root, JSON.parse(told.textContent ?? "{}"));
  }
}
