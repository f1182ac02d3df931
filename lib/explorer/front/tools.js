/* What is done with a whole state: name one, go back, take one away as code. */

import { PRESETS } from "./constants.js";
import { codeOf, FRAMEWORKS } from "./code.js";
import { button, h } from "./dom.js";
import { PICTURES, save } from "./save.js";

/** @import { Explorer } from "./explorer.js" */

/** Puts text on the clipboard; where a page may not, the old way through a field. @param {string} text */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = /** @type {HTMLTextAreaElement} */ (h("textarea", { readonly: true, style: "position:fixed;opacity:0" }, text));
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

/** A list of which the first entry is its name, not a choice. @param {string} name @param {string[]} options
 * @param {(value: string) => void} choose */
function menu(name, options, choose) {
  const list = /** @type {HTMLSelectElement} */ (h("select", { "aria-label": name }, h("option", { value: "" }, `${name} …`)));
  list.append(...options.map((value) => h("option", { value }, value)));
  list.addEventListener("change", () => {
    if (list.value) choose(list.value);
    list.value = "";
  });
  return list;
}

/** @param {Explorer} explorer */
export function makeTools(explorer) {
  const preset = (/** @type {string} */ name) => {
    explorer.forget();
    explorer.apply({}, "preset", PRESETS[name]);
  };
  const code = async (/** @type {string} */ framework) => {
    await copy(codeOf(explorer.state, framework));
    explorer.say(`Copied as ${framework}.`);
  };
  const picture = async (/** @type {string} */ way) => {
    explorer.say(`Drawing the ${way} …`);
    await new Promise((done) => setTimeout(done, 50)); // that is seen: many steps take seconds
    await save(explorer, way);
    explorer.say(`Saved as ${way}.`);
  };
  /** @type {Record<string, () => HTMLElement>} */
  const tools = {
    preset: () => menu("preset", Object.keys(PRESETS), preset),
    code: () => menu("copy as", FRAMEWORKS, code),
    save: () => menu("save as", PICTURES, picture),
    undo: () => button("undo", () => explorer.undo()),
  };
  const shown = Object.keys(tools).filter((name) => explorer.shows(name));
  return shown.map((name) => tools[name]());
}
