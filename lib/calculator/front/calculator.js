/* The calculator: a form, and the answer to it. */

import { h } from "../../explorer/front/dom.js";
import { range } from "../../explorer/front/geometry.js";
import { express } from "./dialects.js";
import { choiceField, FRAMEWORKS, layerFields, onlyFields, sizeFields } from "./fields.js";
import { asked, hashOf, write } from "./link.js";
import {
  codeBox,
  copyButton,
  explorerLink,
  isSame,
  nextWords,
  outputOf,
  settingsTable,
  settingWords,
  times,
  verdict,
} from "./results.js";
import { effort, solveAxis } from "./solver.js";
import { StackView } from "./stackview.js";
import { chosenOf, chosenText, choicesOf, layerFrom, layerOf, misfit, normal, opening, sizesOf } from "./state.js";

/** @import { Field } from "./fields.js" */
/** @import { Answer, Framework, Layer, Setting, State } from "./types.d.ts" */

const MOST = 3_000_000; // combinations that are tried before the reader is asked to name some

export class Calculator {
  /** @param {HTMLElement} root @param {State} told */
  constructor(root, told) {
    this.root = root;
    this.opening = { ...opening(), ...told };
    this.state = this.opening;
    this.solved = "";
    const change = (/** @type {string} */ name, /** @type {string} */ text, /** @type {boolean} */ done) =>
      this.type(name, text, done);
    const have = choiceField(
      "have",
      "You have",
      [
        ["sizes", "two sizes"],
        ["layer", "a layer"],
        ["stack", "a stack of layers"],
      ],
      change,
      () => true,
    );
    this.to = choiceField(
      "to",
      "The same layer in",
      Object.entries(FRAMEWORKS),
      change,
      (state) => state.have !== "stack",
    );
    const [sizes, only, layer] = [sizeFields(change), onlyFields(change), layerFields(change)];
    /** @type {Field[]} */
    this.fields = [have, ...sizes, ...only, ...layer, this.to];
    this.only = h(
      "details",
      {},
      h("summary", {}, "Only some settings"),
      h("div", { class: "sc-form" }, ...only.map(({ element }) => element)),
    );
    this.note = h("p", { class: "sc-note", role: "alert" });
    this.status = h("p", { class: "sc-answer", role: "status" });
    this.settings = h("div", { class: "sc-lists" });
    this.next = h("div");
    this.code = h("div");
    this.stack = new StackView((changes, done) => this.apply(changes, done));
    this.links = h("p", { class: "sc-links" });
    const form = h("div", { class: "sc-form" }, ...[...sizes, ...layer].map(({ element }) => element));
    const parts = [
      have.element,
      form,
      this.only,
      this.note,
      this.status,
      this.stack.element,
      this.settings,
      this.next,
      this.to.element,
      this.code,
      this.links,
    ];
    root.append(h("div", { class: "sc-live" }, ...parts));
    addEventListener("popstate", () => this.reopen());
    this.reopen();
  }

  /** Shows what the address asks for. */
  reopen() {
    const link = asked();
    if (!link) return this.update();
    this.state = link.refusal || !location.hash ? this.opening : link.state;
    this.solved = ""; // the list is made anew, with what the address has chosen
    this.update();
    if (link.refusal) this.refuse(`This link cannot be opened: ${link.refusal}`);
    if (location.hash) this.root.scrollIntoView({ block: "start" });
    return undefined;
  }

  /** A field was typed into. @param {string} name @param {string} typed @param {boolean} done */
  type(name, typed, done) {
    const text = normal(name, typed);
    const wrong = misfit(name, text);
    this.mark(name, Boolean(wrong));
    if (wrong) return this.refuse(wrong);
    return this.apply(name === "from" ? this.inWordsOf(/** @type {Framework} */ (text)) : { [name]: text }, done);
  }

  /** @param {Record<string, string>} changes @param {boolean} done */
  apply(changes, done) {
    this.state = { ...this.state, ...changes };
    this.update();
    write(this.state, done);
  }

  /** The layer as it stands, in the words of another framework: what the fields hold next.
   * @param {Framework} from @returns {Record<string, string>} */
  inWordsOf(from) {
    const { layer } = layerOf(this.state);
    const none = {
      from,
      auto_pad: "NOTSET",
      output_shape: "",
      output_padding: "",
      transpose_kernel: "yes",
      use_consistent_padding: "no",
    };
    const found = layer && express(layer.plan, from, layer.size);
    const whole = found && !found.refusal && !found.crop.flat().some(Boolean);
    if (!whole) return { ...none, ...AS_A_START[from] };
    return { ...none, ...textsOf(found.settings, from, layer.size) };
  }

  /** @param {string} name @param {boolean} wrong */
  mark(name, wrong) {
    const input = this.root.querySelector(`[data-field="${name}"]`);
    if (wrong) input?.setAttribute("aria-invalid", "true");
    else input?.removeAttribute("aria-invalid");
  }

  /** @param {string} words */
  refuse(words) {
    this.note.textContent = words;
  }

  update() {
    const { state } = this;
    for (const field of this.fields) {
      field.element.hidden = !field.shown(state);
      field.update(state);
    }
    for (const marked of this.root.querySelectorAll("[aria-invalid]")) marked.removeAttribute("aria-invalid");
    this.refuse("");
    this.only.hidden = state.have !== "sizes";
    this.stack.element.hidden = state.have !== "stack";
    this.settings.hidden = state.have !== "sizes";
    if (state.have === "stack") this.showStack();
    else if (state.have === "sizes") this.showSizes();
    else this.showLayer(layerOf(state));
    this.showLinks();
  }

  showStack() {
    const { words, refusal } = this.stack.update(this.state);
    this.say(words);
    this.refuse(refusal);
    this.clear();
  }

  clear() {
    this.layer = null;
    this.next.replaceChildren();
    this.code.replaceChildren();
  }

  /** @param {string} words */
  say(words) {
    if (this.status.textContent !== words) this.status.textContent = words;
  }

  /** @param {{ layer?: Layer, refusal: string }} read */
  showLayer({ layer, refusal }) {
    if (!layer) {
      this.say("");
      this.refuse(refusal);
      return this.clear();
    }
    this.say(`${times(layer.size)} becomes ${times(outputOf(layer))}.`);
    return this.showCode(layer);
  }

  /** @param {Layer} layer */
  showCode(layer) {
    this.layer = layer;
    this.next.replaceChildren(nextWords(layer));
    this.code.replaceChildren(codeBox(layer, /** @type {Framework} */ (this.state.to), (words) => this.said(words)));
  }

  showSizes() {
    const { input, output, refusal } = sizesOf(this.state);
    const { choices, refusal: wrong } = choicesOf(this.state);
    const most = choices && !refusal ? Math.max(...input.map((i, n) => effort(i, output[n], choices))) : 0;
    const large =
      most > MOST
        ? 'there are too many settings to list: name a kernel_size or a stride under "Only some settings".'
        : "";
    if (!choices || refusal || large) {
      this.say("");
      this.refuse(refusal || wrong || large);
      this.settings.replaceChildren();
      this.solved = "";
      return this.clear();
    }
    const answers = input.map((i, n) => solveAxis(i, output[n], choices));
    const chosen = this.chosenIn(answers);
    this.sayAnswers(input, output, answers, chosen);
    this.listSettings(input, output, answers, chosen);
    if (chosen.some((one) => !one)) return this.clear();
    return this.showCode(layerFrom(this.state, input, /** @type {Setting[]} */ (chosen)));
  }

  /** The chosen setting of each axis: the reader's where it is an answer, else the best. @param {Answer[]} answers */
  chosenIn(answers) {
    const asked_for = chosenOf(this.state.chosen);
    return answers.map(
      ({ settings }, n) => settings.find((one) => asked_for[n] && isSame(one, asked_for[n])) ?? settings[0],
    );
  }

  /** @param {number[]} input @param {number[]} output @param {Answer[]} answers @param {Setting[]} chosen */
  sayAnswers(input, output, answers, chosen) {
    const words = groupsOf(input, output).map((axes) => {
      const [n] = axes;
      const { settings, reason } = answers[n];
      const ways = `${input[n]} to ${output[n]}: `;
      if (!settings.length) return `${ways}no setting. ${reason[0].toUpperCase()}${reason.slice(1)}.`;
      const count = settings.length === 1 ? "1 setting" : `${settings.length} settings`;
      const which = isSame(chosen[n], settings[0]) ? "The first" : "Chosen";
      return `${ways}${count}. ${which}: ${settingWords(chosen[n])} (${verdict(chosen[n])}).`;
    });
    this.say(words.join(" "));
  }

  /** @param {number[]} input @param {number[]} output @param {Answer[]} answers @param {Setting[]} chosen */
  listSettings(input, output, answers, chosen) {
    const question = JSON.stringify([input, output, choicesOf(this.state), this.settings.hidden]);
    if (question === this.solved) return; // what stands there still holds, and keeps the focus
    this.solved = question;
    const lists = groupsOf(input, output)
      .filter(([n]) => answers[n].settings.length)
      .map((axes) => {
        const [n] = axes;
        const where = axes.length === input.length ? "" : `Axis ${axes.join(", ")}. `;
        const caption = `${where}${input[n]} to ${output[n]}: without dead cells and with even overlap first.`;
        return settingsTable(caption, answers[n].settings, chosen[n], (setting) => this.choose(axes, setting, answers));
      });
    this.settings.replaceChildren(...lists);
  }

  /** @param {number[]} axes @param {Setting} setting @param {Answer[]} answers */
  choose(axes, setting, answers) {
    const chosen = this.chosenIn(answers).map((one, n) => (axes.includes(n) ? setting : one));
    if (chosen.every(Boolean)) this.apply({ chosen: chosenText(chosen) }, true);
  }

  /** @param {string} words */
  said(words) {
    const told = this.links.querySelector("[role=status]");
    if (told) told.textContent = words;
  }

  showLinks() {
    const link = h("a", { href: hashOf(this.state) }, "Link to this answer");
    const parts = [
      link,
      copyButton(
        "Copy the link",
        () => new URL(hashOf(this.state), location.href).href,
        (words) => this.said(words),
        link,
      ),
    ];
    const see = this.layer && explorerLink(this.layer);
    if (see)
      parts.unshift(
        h("a", { href: `explorer.html#explorer-1?${see.query}` }, `See it in the explorer, on ${times(see.inputs)}`),
      );
    this.links.replaceChildren(...parts, h("span", { role: "status" }));
  }
}

/** Axes that ask the same. @param {number[]} input @param {number[]} output */
function groupsOf(input, output) {
  /** @type {Map<string, number[]>} */
  const groups = new Map();
  for (const n of range(input.length)) {
    const key = `${input[n]} ${output[n]}`;
    groups.set(key, [...(groups.get(key) ?? []), n]);
  }
  return [...groups.values()];
}

/** What the fields hold where a layer cannot be said in the framework: something to begin with.
 * @type {Record<Framework, Record<string, string>>} */
const AS_A_START = {
  torch: { padding: "1", groups: "1" },
  keras: { padding: "same", groups: "1", dilation: "1" },
  tensorflow: { padding: "SAME", groups: "1" },
  jax: { padding: "SAME", groups: "1" },
  onnx: { padding: "1", groups: "1" },
};

/** The texts of the fields for words that were found. @param {Record<string, any>} words @param {Framework} from
 * @param {number[]} size @returns {Record<string, string>} */
function textsOf(words, from, size) {
  const text = (/** @type {number[]} */ values) =>
    values.every((v) => v === values[0]) ? String(values[0]) : values.join("x");
  const ends = (/** @type {number[][]} */ pairs) =>
    text(/** @type {any} */ (pairs.map(([before, after]) => (before === after ? before : `${before}/${after}`))));
  const common = {
    kernel_size: text(words.kernel_size ?? words.kernel_shape),
    stride: text(words.stride ?? words.strides),
    dilation: text(words.dilation ?? words.dilation_rate ?? words.dilations ?? words.rhs_dilation),
    groups: String(words.groups ?? words.group ?? 1),
    output_padding: words.output_padding ? text(words.output_padding) : "",
  };
  if (from === "torch") return { ...common, padding: text(words.padding) };
  if (from === "onnx") {
    const axes = size.length;
    return { ...common, padding: ends(range(axes).map((n) => [words.pads[n], words.pads[n + axes]])) };
  }
  if (typeof words.padding === "string") return { ...common, padding: words.padding, ...shapeText(words, size) };
  const spatial = from === "tensorflow" ? words.padding.slice(1, -1) : words.padding;
  return { ...common, padding: ends(spatial), ...shapeText(words, size) };
}

/** @param {Record<string, any>} words @param {number[]} size @returns {Record<string, string>} */
function shapeText(words, size) {
  if (!words.span) return {};
  const shape = size.map((i, n) => words.strides[n] * (i - 1) + words.span[n]);
  return { output_shape: shape.every((o) => o === shape[0]) ? String(shape[0]) : shape.join("x") };
}
