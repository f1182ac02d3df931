/* Numbers that a reader types or pastes. */

import { LIMITS } from "./constants.js";
import { sizeOf } from "./state.js";

/** @import { Nested } from "./types.d.ts" */

const DECIMAL = /^[-+]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)(e[-+]?[0-9]+)?$/i;

/** A decimal number, or a fraction of two: "2,5", "-1e3", "1/3". NaN for anything else.
 * @param {string} text */
export function readNumber(text) {
  const [above, below = "1", ...more] = text.trim().replace("−", "-").split("/").map((part) => part.trim());
  if (more.length || ![above, below].every((part) => DECIMAL.test(part))) return NaN;
  const [one, other] = [above, below].map((part) => Number(part.replace(",", ".")));
  return one / other;
}

/** What was typed in the place of a number, in words. @param {string} text */
export const notANumber = (text) => (text.trim() ? `“${text.trim()}” is no number` : "An empty field is no number");

/** Rows of numbers in any usual form: a table's cells, lines of numbers, nested lists, array(...), tensor(...).
 * Null for anything else, and for a single number. @param {string} text @returns {number[][] | null} */
export function readRows(text) {
  const bare = text.trim().replace(/^[\w.]+\(/, "").replace(/(,\s*dtype=[\w.]+)?\s*\)$/, "");
  const nested = bare.includes("[");
  const lines = nested ? bare.split("]") : bare.split(/[\n;]/);
  const split = nested || /,\s/.test(bare) ? /[\s,[\]]+/ : /\s+/;
  const rows = lines.map((line) => line.split(split).filter(Boolean)).filter((row) => row.length);
  const numbers = rows.map((row) => row.map(readNumber));
  const whole = numbers.every((row) => row.length === numbers[0].length && row.every(Number.isFinite));
  return whole && numbers.flat().length > 1 ? numbers : null;
}

/** A pasted table as an array of the picture's number of axes. @param {number[][]} rows @param {Nested} old
 * @returns {Nested | null} */
export function asArray(rows, old) {
  const axes = sizeOf(old).length;
  if (axes === 2) return rows;
  return rows.length === 1 ? rows[0] : null;
}

/** @param {Nested} array @param {"input" | "weight"} name what stops an array that is too large */
export function tooWide(array, name) {
  const size = sizeOf(array);
  const [, most] = LIMITS[size.length][name === "input" ? "input_size" : "kernel_size"];
  return Math.max(...size) > most ? `${size.join(" × ")} numbers are too many: ${most} on an axis fit here.` : "";
}
