/* The figure: a state, its picture, and the parts that show and change it. */

import { FIELDS, GEOMETRY } from "./constants.js";
import { CHOICES, makeControls, SLIDERS } from "./controls.js";
import { h, mark, pieces } from "./dom.js";
import { Labels } from "./labels.js";
import { followLight, Light } from "./light.js";
import { Link } from "./link.js";
import { Player } from "./player.js";
import { canonical, picture } from "./picture.js";
import { listen } from "./pointer.js";
import { changed, settled } from "./rules.js";
import { Solver } from "./solver.js";
import { Views } from "./views.js";
import { sentence } from "./words.js";

/** @import { Model, Patch, Picture, Root, State } from "./types.d.ts" */

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
    /** @type {Picture | undefined} */
    this.drawn = undefined;
    /** @type {string[]} */
    this.controlsShown = model.get("controls");
    this.views = new Views(model.get("panels"));
    this.lamp = new Light(this.views.index);
    this.labels = new Labels();
    this.status = h("div", { role: "status" });
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

  makeFrame() {
    const { labels, views } = this;
    const [input, kernel, output] = ["input", "kernel", "output"].map((view) => views.grids[view].element);
    const shown = (/** @type {string[]} */ fields) =>
      fields.filter((field) => this.shows(field)).map((field) => this.controls.get(field)?.element ?? "");
    const result = h("div", { class: "tc-result" }, h("span", { class: "tc-arrow", "aria-hidden": "true" }, "→"), output);
    return h("div", { class: "tc-live" },
      h("div", { class: "tc-head" }, labels.title, labels.sizes),
      this.player.element,
      h("div", { class: "tc-choices" }, ...shown(CHOICES)),
      h("div", { class: "tc-controls" }, ...shown(SLIDERS)),
      h("div", { class: "tc-views" }, input, kernel, result),
      h("div", { class: "tc-status" }, labels.sizer, this.status),
      ...this.makePanels(),
      ...(this.page && this.shows("link") ? [this.link.element] : []));
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
    const large = ["padded", "matrix"].filter((panel) => panels.includes(panel)).map((panel) => grids[panel].element);
    const elements = { size: this.labels.formula, overlap, solver: this.solver.element };
    const small = Object.entries(elements).filter(([panel]) => panels.includes(panel)).map(([, element]) => element);
    return [h("div", { class: "tc-views" }, ...large), ...small];
  }

  /** Lights the partners of the chosen cell, or of the cell that the mouse points at. */
  light() {
    const cell = this.hovered || this.state.chosen;
    this.lamp.shine(this.pic, cell, this.state.view);
    this.status.replaceChildren(...pieces(sentence(this.pic, cell)));
    if (!this.hovered && cell) followLight(this.views.grids.matrix.scroll);
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

  /** Where what is refused at a field is said. */
  noteOf(/** @type {string} */ field) {
    if (field === "link") return this.link.note;
    return field === "wanted_size" ? this.solver.note : this.controls.get(field)?.note;
  }

  /** Says why a change is refused; without words, that nothing is. @param {string} [field] @param {string} [text] */
  refuse(field = "", text = "") {
    for (const { note } of this.controls.values())
      if (note.hasAttribute("data-refused")) {
        note.textContent = "";
        mark(note, "data-refused", null);
      }
    this.link.note.textContent = this.solver.note.textContent = "";
    const note = this.noteOf(field);
    if (!text || !note) return;
    note.textContent = field === "link" ? ` This link's state is refused: ${text}` : text;
    mark(note, "data-refused", "");
  }

  /** The one way to change the state. Refuses, in words and at the control `field`, what cannot be.
   * @param {Patch} patch @param {string} field @param {State} from the state that is changed */
  apply(patch, field, from = this.state) {
    const moves = [...GEOMETRY, "chosen"].some((name) => name in patch);
    const { state, wrong } = changed(from, moves ? { step: null, ...patch } : patch);
    this.refuse(field, wrong?.text);
    if (!wrong) {
      if (state.step === null && this.state.step !== null) this.player.pause();
      this.state = state;
    }
    this.draw();
    if (!wrong) this.tell();
    return !wrong;
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
