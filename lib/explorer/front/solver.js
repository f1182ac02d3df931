/* Which settings give size N? */

import { LIMITS, RANGES, SETTINGS } from "./constants.js";
import { button, h, inputField } from "./dom.js";
import { solveSizes } from "./geometry.js";
import { resize } from "./state.js";
import { plural } from "./words.js";

/** @import { Explorer } from "./explorer.js" */
/** @import { Patch, Solution } from "./types.d.ts" */

const LISTED = 60;

export class Solver {
  /** @param {Explorer} explorer */
  constructor(explorer) {
    this.explorer = explorer;
    this.answered = "";
    this.wanted = inputField("number", { min: RANGES.wanted_size[0], max: RANGES.wanted_size[1], oninput: () => this.want() });
    this.note = h("p", { class: "tc-note", role: "alert" });
    this.solutions = h("div", { class: "tc-solutions" });
    const summary = h("summary", {}, "Which settings give me size N?");
    const asked = h("label", {}, h("span", {}, "wanted_size"), this.wanted);
    this.element = /** @type {HTMLDetailsElement} */ (
      h("details", { class: "tc-solver", ontoggle: () => this.update() }, summary, asked, this.note, this.solutions)
    );
  }

  want() {
    const size = this.wanted.valueAsNumber; // no number at all is as wrong as half a cell
    this.explorer.apply({ wanted_size: size }, "wanted_size");
  }

  update() {
    const { state, pic } = this.explorer;
    const typing = document.activeElement === this.wanted;
    if (this.wanted.valueAsNumber !== state.wanted_size && !typing) this.wanted.value = String(state.wanted_size);
    const question = [state.transposed, pic.input_size, state.wanted_size].join();
    if (!this.element.open || question === this.answered) return; // what stands there still holds, and keeps the focus
    this.answered = question;
    const [from, to] = [pic.input_size[0], state.wanted_size];
    const name = state.transposed ? "Transposed convolution" : "Convolution";
    this.list(solveSizes(from, to, LIMITS[pic.axes.length], state.transposed), `${name} from ${from} to ${to}: `);
  }

  /** @param {Solution[]} found @param {string} words */
  list(found, words) {
    const most = LIMITS[this.explorer.pic.axes.length].output_size[1];
    const shown = this.explorer.state.wanted_size <= most;
    const use = shown ? "Choose one to see it." : `The picture holds ${most} cells, so these are listed only.`;
    const answer = found.length ? `${plural(found.length, "setting")}. ${use}` : "no setting within these controls.";
    const rows = found.slice(0, LISTED).map((each) => (shown ? this.choice(each) : h("p", {}, ...this.words(each))));
    const more = found.length > LISTED ? [h("p", {}, `and ${found.length - LISTED} more`)] : [];
    this.solutions.replaceChildren(h("p", {}, words + answer), ...rows, ...more);
  }

  /** @param {Solution} solution @returns {(string | Node)[]} */
  words(solution) {
    const { transposed } = this.explorer.state;
    const names = ["kernel_size", ...SETTINGS].filter((name) => name !== "output_padding" || transposed);
    const text = names.map((name) => `${name} ${solution[/** @type {"stride"} */ (name)]}`).join(" · ");
    const dead = transposed ? "output cells stay dead" : "input cells stay unread";
    const remarks = [solution.even ? "even overlap" : "", solution.alive ? "" : dead].filter(Boolean).join(", ");
    return [text, ...(remarks ? [" ", h("i", {}, remarks)] : [])];
  }

  /** @param {Solution} solution */
  choice(solution) {
    const choice = button("", () => this.use(solution));
    choice.append(...this.words(solution));
    return choice;
  }

  /** @param {Solution} solution */
  use({ kernel_size, ...settings }) {
    const { state, pic, memory } = this.explorer;
    const size = pic.kernel_size.map(() => kernel_size);
    /** @type {Patch} */
    const patch = { weight: resize(state.weight, size, memory.weight) };
    for (const name of SETTINGS)
      if (name !== "output_padding" || state.transposed)
        patch[name] = state.per_axis ? pic.axes.map(() => settings[name]) : settings[name];
    this.explorer.apply(patch, "wanted_size");
  }
}
