// The page that lists all exercises: take the answers along as a file, bring them back, erase them.
import * as store from "./store.js";

const NAME = "transposed-convolution-answers.json";

/** @param {string} name @param {() => void} press */
function button(name, press) {
  const root = document.createElement("button");
  Object.assign(root, { type: "button", textContent: name, onclick: press });
  return root;
}

function save() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([store.exportText()], { type: "application/json" }));
  link.download = NAME;
  link.click();
}

/** Let the reader choose a file. @param {(text: string) => void} then */
function choose(then) {
  const input = document.createElement("input");
  Object.assign(input, { type: "file", accept: "application/json,.json" });
  input.onchange = async () => then((await input.files?.[0]?.text()) ?? "");
  input.click();
}

/** Add the buttons. @param {HTMLElement} bar */
export function addBackup(bar) {
  const status = /** @type {HTMLElement} */ (bar.querySelector("[role=status]"));
  const load = (/** @type {string} */ text) => {
    try {
      status.textContent = `${store.importText(text)} answers are here now.`;
    } catch {
      status.textContent = "This file holds no answers of this book; nothing was changed.";
    }
  };
  const erase = () => {
    if (!confirm("Erase all your answers and ticks from this browser?")) return;
    store.erase();
    status.textContent = "All answers are erased from this browser.";
  };
  bar.prepend(button("Export", save), button("Import", () => choose(load)), button("Erase", erase));
}
