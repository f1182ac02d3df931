/* The figure: a state, its picture, and the parts that show and change it. */

import { CONTROLS, FIELDS, GEOMETRY } from "./constants.js";
import { CHOICES, makeControls, SLIDERS } from "./controls.js";
import { h, mark, pieces } from "./dom.js";
import { Labels } from "./labels.js";
import { Light } from "./light.js";
import { Link } from "./link.js";
import { Player } from "./player.js";
import { canonical, picture } from "./picture.js";
import { listen } from "./pointer.js";
import { changed, settled } from "./rules.js";
import { Solver } from "./solver.js";
import { noMemory, remember } from "./state.js";
import { makeTools } from "./tools.js";
import { Views } from "./views.js";
import { Wires } from "./wires.js";
import { sentence } from "./words.js";

/** @import { Model, Patch, Picture, Root, State } from "./types.d.ts" */

const MAIN = ["transposed", "view", "stride"]; // always in sight where every control is offered
const UNDONE = /** @type {const} */ ([...GEOMETRY, "view", "per_axis", "two_ends"]);
const ONE_MOVE = 600; // milliseconds without a pause, at one control, are one move

/** @param {Model} model @returns {State} */
const read = (model) => /** @type {State} */ (Object.fromEntries(FIELDS.map((field) => [field, model.get(field)])));

export class Explorer {
  /** @param {Model} model @param {Root} root @param {boolean} page whether a page shows it, with no kernel behind */
  constructor(model, root, page) {
    this.model = model;
    this.root = root;
    this.page = page;
    this.state = read(model);
    this.opening = this.state;
    this.pic = picture(this.state);
    this.hovered = "";
    this.editing = false;
    this.memory = noMemory();
    remember(this.memory, this.state);
    /** @type {State[]} */
    this.past = [];
    this.lastMove = { field: "", at: 0 };
    /** @type {Picture | undefined} */
    this.drawn = undefined;
    /** @type {string[]} */
    this.controlsShown = model.get("controls");
    this.views = new Views(model.get("panels"), () => this.light());
    this.lamp = new Light(this.views.index);
    this.labels = new Labels();
    this.wires = new Wires();
    this.status = h("div", { role: "status" });
    this.said = h("p", { class: "tc-said", role: "alert" });
    this.player = new Player(this);
    this.controls = makeControls(this);
    this.solver = new Solver(this);
    this.link = new Link(this);
    this.frame = this.makeFrame();
    listen(this, this.frame);
    this.own = false; // the model is being told of our own change
    this.renew = this.listenToModel();
    mark(root, "data-lm-suppress-shortcuts", "true"); // JupyterLab's shortcuts stay out of our fields and cells
    root.explorer = model; // for tests and for people who build on it
    root.append(this.frame);
    this.draw();
  }

  /** @param {string} control */
  shows(control) {
    return this.controlsShown.includes(control);
  }

  /** The picture first: the grids with the player under them, the matrix beside; then what moves it. */
  makeFrame() {
    const { labels, player, views } = this;
    const [input, kernel, output] = ["input", "kernel", "output"].map((view) => views.grids[view].element);
    const result = h("div", { class: "tc-result" }, h("span", { class: "tc-arrow", "aria-hidden": "true" }, "→"), output);
    const panel = (/** @type {string} */ name) => (views.panels.includes(name) ? [views.grids[name].element] : []);
    const [controls, more] = this.makeControls();
    const main = h("div", { class: "tc-main" },
      h("div", { class: "tc-views" }, input, kernel, result),
      player.element,
      h("div", { class: "tc-status" }, labels.sizer, this.status),
      this.said,
      ...controls,
      ...panel("padded"));
    const tools = makeTools(this);
    if (this.page && this.shows("link")) tools.push(this.link.element);
    return h("div", { class: "tc-live" },
      h("div", { class: "tc-head" }, labels.title, labels.sizes),
      h("div", { class: "tc-stage" }, main, ...panel("matrix")),
      ...more,
      ...(tools.length ? [h("div", { class: "tc-tools" }, ...tools)] : []));
  }

  /** The few controls that a paragraph is about; where everything is offered, the rest lies under "more". */
  makeControls() {
    const everything = this.controlsShown.length === CONTROLS.length;
    const shown = (/** @type {string[]} */ fields, /** @type {boolean} */ main) =>
      fields
        .filter((field) => this.shows(field) && (!everything || MAIN.includes(field) === main))
        .map((field) => this.controls.get(field)?.element ?? "");
    const group = (/** @type {boolean} */ main) => [
      h("div", { class: "tc-choices" }, ...shown(CHOICES, main)),
      h("div", { class: "tc-controls" }, ...shown([...SLIDERS, "bias"], main)),
    ];
    if (!everything) return [group(true), this.makePanels()];
    const more = [...group(false), ...this.makePanels()];
    const about = { class: "tc-more", ontoggle: () => this.light() };
    return [group(true), [h("details", about, h("summary", {}, "more settings"), ...more)]];
  }

  makePanels() {
    const { grids, panels } = this.views;
    const overlap = /** @type {HTMLDetailsElement} */ (
      h("details", { class: "tc-overlap" }, h("summary", {}, "Overlap map"), grids.overlap.element)
    );
    this.views.overlapShown = () => overlap.open;
    overlap.addEventListener("toggle", () => {
      this.views.drawOverlap(this.state, this.pic);
      this.light();
    });
    const elements = { wires: this.wires.element, size: this.labels.formula, overlap, solver: this.solver.element };
    return Object.entries(elements).filter(([panel]) => panels.includes(panel)).map(([, element]) => element);
  }

  /** Lights the partners of the chosen cell, or of the cell that the mouse points at. */
  light() {
    const cell = this.hovered || this.state.chosen;
    if (!this.hovered) this.views.follow(cell);
    this.lamp.shine(this.pic, cell, this.state.view);
    this.views.overview.shine(this.pic, cell);
    this.status.replaceChildren(...pieces(sentence(this.pic, cell)));
    if (this.views.panels.includes("wires")) this.wires.shine(this.pic, cell);
  }

  draw() {
    this.pic = picture(this.state);
    const active = /** @type {HTMLElement | null} */ (document.activeElement);
    const focused = this.root.contains(active) && active?.dataset.cell;
    if (this.pic !== this.drawn) {
      this.hovered = "";
      this.views.draw(this.state, this.pic);
      this.labels.draw(this.state, this.pic);
    } else this.views.drawOutput(this.state, this.pic);
    this.drawn = this.pic;
    this.solver.update();
    this.light();
    if (focused && !this.root.contains(document.activeElement))
      this.views.index.get(focused)?.focus({ preventScroll: true });
    for (const { update } of this.controls.values()) update();
    this.player.update();
    if (this.page) this.link.update();
  }

  /** A word to the reader, below the pictures. @param {string} text */
  say(text) {
    this.said.textContent = text;
  }

  /** Where what is refused at a field is said: at its control, or below the pictures. @param {string} field */
  noteOf(field) {
    if (field === "wanted_size") return this.solver.note;
    return this.shows(field) ? this.controls.get(field)?.note ?? this.said : this.said;
  }

  /** Says why a change is refused; without words, that nothing is. @param {string} [field] @param {string} [text] */
  refuse(field = "", text = "") {
    for (const { note } of this.controls.values())
      if (note.hasAttribute("data-refused")) {
        note.textContent = "";
        mark(note, "data-refused", null);
      }
    this.said.textContent = this.solver.note.textContent = "";
    if (!text) return;
    const note = this.noteOf(field);
    note.textContent = field === "link" ? `This link's state is refused: ${text}` : text;
    if (note !== this.said) mark(note, "data-refused", "");
  }

  /** The one way to change the state. Refuses, in words and at the control `field`, what cannot be.
   * @param {Patch} patch @param {string} field @param {State} from the state that is changed */
  apply(patch, field, from = this.state) {
    const moves = [...GEOMETRY, "chosen"].some((name) => name in patch);
    const { state, wrong } = changed(from, moves ? { step: null, ...patch } : patch);
    this.refuse(field, wrong?.text);
    if (!wrong) {
      this.record(field, state);
      if (state.step === null && this.state.step !== null) this.player.pause();
      this.state = state;
    }
    this.draw();
    if (!wrong) this.tell();
    return !wrong;
  }

  /** Keeps what was, for undo: one entry for each move, not for each pixel of it. @param {string} field
   * @param {State} next */
  record(field, next) {
    if (!UNDONE.some((name) => this.state[name] !== next[name])) return;
    const now = Date.now();
    const goesOn = field === this.lastMove.field && now - this.lastMove.at < ONE_MOVE;
    if (!goesOn && field !== "undo") this.past = [...this.past, this.state].slice(-100);
    this.lastMove = { field, at: now };
    remember(this.memory, next);
  }

  undo() {
    const before = this.past.at(-1);
    this.past = this.past.slice(0, -1);
    if (before) this.apply({}, "undo", before);
    else this.say("Nothing to undo.");
  }

  /** Forgets the numbers that a reader has set: other numbers begin. */
  forget() {
    this.memory = noMemory();
  }

  /** Tells the model what has changed. */
  tell() {
    this.own = true;
    for (const name of FIELDS) if (this.state[name] !== this.model.get(name)) this.model.set(name, this.state[name]);
    this.own = false;
    this.model.save_changes();
  }

  listenToModel() {
    let waiting = false;
    const renew = () => {
      if (this.own || waiting) return;
      waiting = true; // several fields may change at once: draw them together
      queueMicrotask(() => {
        waiting = false;
        this.state = read(this.model);
        Object.assign(this.state, settled(this.state));
        this.refuse();
        this.draw();
      });
    };
    for (const field of FIELDS) this.model.on(`change:${field}`, renew);
    return renew;
  }

  /** @param {string} cell */
  choose(cell) {
    const name = canonical(this.pic, cell);
    this.hovered = "";
    if (name && (name !== this.state.chosen || this.state.step !== null)) this.apply({ chosen: name }, "chosen");
    else this.light();
  }

  end() {
    this.player.pause();
    for (const field of FIELDS) this.model.off(`change:${field}`, this.renew);
    this.frame.remove();
  }
}
