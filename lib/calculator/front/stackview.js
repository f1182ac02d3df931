/* A stack of layers: its rows to fill in, and what they give. */

import { button, h, inputField } from "../../explorer/front/dom.js";
import { grouped, times } from "./results.js";
import { stackRows } from "./stack.js";
import { perAxis, stackOf, stackText } from "./state.js";

/** @import { StackLayer, StackRow, State } from "./types.d.ts" */

const KINDS = { conv: "convolution", conv_transpose: "transposed", pool: "pooling" };
const EACH = /** @type {const} */ ([
  "kernel_size",
  "stride",
  "padding",
  "output_padding",
  "dilation",
  "out_channels",
  "groups",
]);

const conv3 = (/** @type {number} */ channels, padding = 0) => `conv,3,1,${padding},0,1,${channels},1`;
const down = (/** @type {number} */ channels) => [conv3(channels), conv3(channels), "pool,2,2,0,0,1,1,1"];
const up = (/** @type {number} */ channels) => [
  `conv_transpose,2,2,0,0,1,${channels},1`,
  conv3(channels),
  conv3(channels),
];
const dcgan = (/** @type {number} */ channels) => `conv_transpose,4,2,1,0,1,${channels},1`;

/** Stacks by name. @type {[string, Record<string, string>][]} */
const PRESETS = [
  [
    "U-Net without skips, 572 to 388",
    {
      axes: "2",
      input: "572",
      in_channels: "1",
      stack: [64, 128, 256, 512]
        .flatMap(down)
        .concat([conv3(1024), conv3(1024)], [512, 256, 128, 64].flatMap(up), ["conv,1,1,0,0,1,2,1"])
        .join(";"),
    },
  ],
  [
    "DCGAN generator, 1 to 64",
    {
      axes: "2",
      input: "1",
      in_channels: "100",
      stack: ["conv_transpose,4,1,0,0,1,512,1", ...[256, 128, 64, 3].map(dcgan)].join(";"),
    },
  ],
  [
    "3 × 3 with stride 2, twice",
    { axes: "2", input: "7", in_channels: "64", stack: "conv_transpose,3,2,1,1,1,32,1;conv_transpose,3,2,1,1,1,1,1" },
  ],
];

export class StackView {
  /** @param {(changes: Record<string, string>, done: boolean) => void} apply */
  constructor(apply) {
    this.apply = apply;
    this.made = -1;
    this.text = "";
    this.rows = h("div", { class: "sc-rows" });
    this.table = h("div", {
      class: "sc-table",
      tabindex: "0",
      role: "region",
      "aria-label": "the stack, layer by layer",
    });
    const presets = PRESETS.map(([words, changes]) => button(words, () => apply(changes, true)));
    const add = button("Add a layer", () => this.change((layers) => [...layers, { ...layers[layers.length - 1] }]));
    const known = h("div", { class: "sc-buttons" }, h("span", {}, "Known ones: "), ...presets);
    this.element = h(
      "div",
      { class: "sc-stack" },
      known,
      this.rows,
      h("div", { class: "sc-buttons" }, add),
      this.table,
    );
  }

  /** @param {(layers: StackLayer[]) => StackLayer[]} make */
  change(make, done = true) {
    const layers = make(stackOf(this.text));
    if (layers.length && layers.length <= 40) this.apply({ stack: stackText(layers) }, done);
  }

  /** @param {number} n @param {string} name @param {HTMLInputElement | HTMLSelectElement} input
   * @param {boolean} done */
  set(n, name, input, done) {
    const value = name === "kind" ? input.value : input.value.trim();
    const wrong = name !== "kind" && !/^[0-9]{1,4}$/.test(value);
    input.toggleAttribute("aria-invalid", wrong);
    if (!wrong)
      this.change((layers) => layers.map((layer, at) => (at === n ? { ...layer, [name]: value } : layer)), done);
  }

  /** @param {number} n */
  row(n) {
    const kinds = Object.entries(KINDS).map(([value, words]) => h("option", { value }, words));
    const select = /** @type {HTMLSelectElement} */ (
      h("select", { "data-name": "kind", onchange: () => this.set(n, "kind", select, true) }, ...kinds)
    );
    const numbers = EACH.map((name) => {
      const input = inputField("text", {
        inputmode: "numeric",
        "data-name": name,
        oninput: () => this.set(n, name, input, false),
        onchange: () => this.set(n, name, input, true),
      });
      return h("label", { class: "sc-field" }, h("span", { class: "sc-name" }, name), input);
    });
    const away = button("Remove", () => this.change((layers) => layers.filter((_, at) => at !== n)));
    away.setAttribute("aria-label", `Remove layer ${n + 1}`);
    const kind = h("label", { class: "sc-field" }, h("span", { class: "sc-name" }, "layer"), select);
    return h("fieldset", {}, h("legend", {}, `Layer ${n + 1}`), kind, ...numbers, away);
  }

  /** @param {StackLayer[]} layers */
  fill(layers) {
    if (layers.length !== this.made) this.rows.replaceChildren(...layers.map((_, n) => this.row(n)));
    this.made = layers.length;
    layers.forEach((layer, n) => {
      for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (
        this.rows.children[n].querySelectorAll("[data-name]")
      )) {
        const name = /** @type {keyof StackLayer} */ (input.dataset.name);
        if (input !== document.activeElement) input.value = String(layer[name]);
        const idle =
          name !== "kind" &&
          (layer.kind === "pool"
            ? ["out_channels", "groups", "output_padding"]
            : layer.kind === "conv"
              ? ["output_padding"]
              : []
          ).includes(name);
        if (input.parentElement) input.parentElement.hidden = idle;
      }
    });
  }

  /** Shows the stack; returns what to say of it. @param {State} state */
  update(state) {
    this.text = state.stack;
    const layers = stackOf(state.stack).map((layer) => ({
      ...layer,
      output_padding: layer.kind === "conv_transpose" ? layer.output_padding : 0,
    }));
    this.fill(layers);
    const size = perAxis(state.input, Number(state.axes));
    if (!size || Math.min(...size) < 1)
      return { words: "", refusal: `input is at least 1, one number or one for each of ${state.axes} axes.` };
    const { rows, refusal } = stackRows(size, layers, Number(state.in_channels));
    this.table.replaceChildren(this.list(size, layers, rows, Number(state.in_channels)));
    return { words: rows.length ? this.said(size, layers, rows) : "", refusal };
  }

  /** @param {number[]} size @param {StackLayer[]} layers @param {StackRow[]} rows */
  said(size, layers, rows) {
    const last = rows[rows.length - 1];
    const uneven = rows.flatMap((row, n) => (new Set(row.overlap).size > 1 ? [n + 1] : []));
    const board = uneven.length ? ` A checkerboard is possible from layer ${uneven.join(", ")}.` : "";
    const seen = last.receptive ? ` A cell of the last sees ${fieldWords(last)} input cells on an axis.` : "";
    return `${times(size)} becomes ${times(last.size)} after ${rows.length} of ${layers.length} layers.${seen}${board}`;
  }

  /** @param {number[]} size @param {StackLayer[]} layers @param {StackRow[]} rows @param {number} channels */
  list(size, layers, rows, channels) {
    const head = ["layer", "size", "channels", "sees of the input", "overlap by phase", "weights", "multiplications"];
    const first = ["input", times(size), String(channels), "", "", "", ""];
    const body = rows.map((row, n) => [
      `${n + 1} ${KINDS[/** @type {"conv"} */ (layers[n].kind)]}`,
      times(row.size),
      String(row.channels),
      fieldWords(row),
      row.overlap.length > 12 ? `${Math.min(...row.overlap)} to ${Math.max(...row.overlap)}` : row.overlap.join(" "),
      grouped(row.weights),
      grouped(row.multiplications),
    ]);
    const sum = (/** @type {"weights" | "multiplications"} */ name) =>
      grouped(rows.reduce((total, row) => total + row[name], 0));
    const total = ["all", "", "", "", "", sum("weights"), sum("multiplications")];
    const line = (/** @type {string[]} */ texts) =>
      h("tr", {}, h("th", { scope: "row" }, texts[0]), ...texts.slice(1).map((text) => h("td", {}, text)));
    const caption = h(
      "caption",
      {},
      "Weights without bias; multiplications for one input, those with padding and cropped ones too.",
    );
    return h(
      "table",
      {},
      caption,
      h("thead", {}, h("tr", {}, ...head.map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, ...[first, ...body, total].map(line)),
    );
  }
}

/** @param {StackRow} row */
function fieldWords({ receptive }) {
  if (!receptive) return "too many to count";
  const [least, most] = receptive;
  return least === most ? String(most) : `${least} to ${most}`;
}
