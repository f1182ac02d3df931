// The frames of a walk: one at a time, with a slider, and a button that plays them. On paper, and without this script,
// they stand side by side.
(() => {
  const DELAY = 800; // milliseconds

  /** @param {string} tag @param {Record<string, string>} attributes */
  const make = (tag, attributes, text = "") => {
    const element = Object.assign(document.createElement(tag), { textContent: text });
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };

  /** @param {Element} figure */
  const showInTurn = (figure) => {
    const frames = [...figure.querySelectorAll("svg[data-frame]")];
    const count = frames.length;
    const button = make("button", { type: "button" }, "play");
    const range = { type: "range", min: "1", max: String(count), value: "1", "aria-label": "frame" };
    const slider = /** @type {HTMLInputElement} */ (make("input", range));
    const counter = make("span", {});
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;

    const show = () => {
      const at = slider.valueAsNumber;
      frames.forEach((frame, n) => frame.toggleAttribute("data-shown", n === at - 1));
      counter.textContent = `${at} / ${count}`;
      slider.setAttribute("aria-valuetext", `${at} of ${count}: ${frames[at - 1].querySelector("text")?.textContent}`);
    };
    const pause = () => {
      clearTimeout(timer);
      timer = undefined;
      button.textContent = "play";
    };
    const advance = () => {
      slider.valueAsNumber = (slider.valueAsNumber % count) + 1; // after the last one, the first
      show();
      if (slider.valueAsNumber === count) pause();
      else timer = setTimeout(advance, DELAY);
    };
    button.addEventListener("click", () => {
      if (timer === undefined) {
        button.textContent = "pause";
        advance();
      } else pause();
    });
    slider.addEventListener("input", () => {
      pause();
      show();
    });

    const controls = make("div", { class: "tc-turns", role: "group", "aria-label": "frames" });
    controls.append(button, slider, counter);
    figure.append(controls);
    figure.toggleAttribute("data-turns", true);
    show();
  };
  document.querySelectorAll(".tc-figure:has(svg[data-frame])").forEach(showInTurn);
})();
