/* Step by step through the operation, by hand or as a film. */

import { DELAYS } from "./constants.js";
import { button, h, inputField, mark } from "./dom.js";
import { showStep } from "./motion.js";
import { nameOf, stepsOf } from "./picture.js";

/** @import { Explorer } from "./explorer.js" */

export class Player {
  /** @param {Explorer} explorer */
  constructor(explorer) {
    this.explorer = explorer;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.back = button("step back", () => this.stepBack());
    this.playButton = button("play", () => (this.timer ? this.pause() : this.play()));
    this.counter = h("span", { class: "tc-counter" });
    this.speed = inputField("range", { min: 1, max: DELAYS.length, oninput: () => explorer.apply({ speed: this.speed.valueAsNumber }, "speed") });
    this.element = h("div", { class: "tc-player", role: "group", "aria-label": "steps" }, ...this.parts());
  }

  parts() {
    const { explorer } = this;
    const reset = () => {
      this.pause();
      explorer.forget();
      explorer.apply({}, "reset", explorer.opening);
    };
    const on = button("step", () => this.stepOn());
    return [
      ...(explorer.shows("step") ? [this.back, on, this.playButton, this.counter] : []),
      ...(explorer.shows("speed") ? [h("label", { class: "tc-speed" }, h("span", {}, "speed"), this.speed)] : []),
      ...(explorer.shows("reset") ? [button("reset", reset)] : []),
    ];
  }

  get steps() {
    return stepsOf(this.explorer.pic, this.explorer.state.view);
  }

  update() {
    const { speed, step } = this.explorer.state;
    this.speed.value = String(speed);
    this.counter.textContent = `${step ?? "–"} / ${this.steps}`;
    mark(this.back, "aria-disabled", step === 0 && "true"); // not disabled: that would lose the focus
  }

  /** @param {number} step */
  stepTo(step) {
    const { explorer } = this;
    const { chosen, speed, view } = explorer.state;
    const unit = view === "stamps" ? "input" : "output";
    explorer.apply({ step, chosen: step ? nameOf(explorer.pic, unit, step - 1) : "" }, "step");
    showStep(explorer, chosen, DELAYS[speed - 1]);
  }

  /** The next step; after the last one, the first. */
  advance() {
    const { step } = this.explorer.state;
    this.stepTo(step === null || step >= this.steps ? 1 : step + 1);
  }

  stepOn() {
    this.pause();
    this.advance();
  }

  stepBack() {
    this.pause();
    const step = (this.explorer.state.step ?? this.steps + 1) - 1;
    if (step >= 0) this.stepTo(step);
  }

  play() {
    this.playButton.textContent = "pause";
    mark(this.explorer.status, "aria-live", "off"); // a screen reader cannot follow a film; each step by hand is spoken
    const on = () => {
      this.advance();
      const { step, speed } = this.explorer.state;
      if (step !== null && step < this.steps) this.timer = setTimeout(on, DELAYS[speed - 1]);
      else this.pause();
    };
    on();
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.playButton.textContent = "play";
    mark(this.explorer.status, "aria-live", null);
  }
}
