// Shows what a cell puts out, in the elements that the still page has for it.

/** @typedef {import("./python.js").Output} Output */

/** @param {string} kind @param {string} html */
function box(kind, html) {
  const root = document.createElement("div");
  root.className = `output ${kind}`;
  root.innerHTML = html;
  return root;
}

/** Text as it is printed. @param {string} kind @param {string} text */
function printed(kind, text) {
  const root = box(`${kind} highlight-myst-ansi notranslate`, '<div class="highlight"><pre tabindex="0"></pre></div>');
  /** @type {HTMLElement} */ (root.querySelector("pre")).textContent = text;
  return root;
}

/** A plot; it was drawn with two pixels for one. @param {string} data @param {string} alt */
function plot(data, alt) {
  const root = box("image_png", "<img>");
  const image = /** @type {HTMLImageElement} */ (root.querySelector("img"));
  image.alt = alt;
  image.onload = () => (image.width = image.naturalWidth / 2);
  image.src = `data:image/png;base64,${data}`;
  return root;
}

/** An error in words: its name, where, and its sentence. @param {Output} output */
export function inWords({ ename, evalue, line }) {
  const where = line ? ` in line ${line}` : "";
  const text = evalue || (ename === "AssertionError" ? "what this line asserts does not hold" : "");
  return `${ename}${where}${text ? `: ${text}` : ""}`;
}

/** @param {Output} output @param {string} alt */
function element(output, alt) {
  if (output.output_type === "stream") return printed(`stream ${output.name}`, output.text ?? "");
  if (output.output_type === "error") return printed("tc-error", inWords(output));
  const data = output.data ?? {};
  if (data["text/html"]) return box("text_html", data["text/html"]);
  if (data["image/svg+xml"]) return box("text_html", data["image/svg+xml"]);
  if (data["image/png"]) return plot(data["image/png"], alt);
  return printed("text_plain", data["text/plain"] ?? "");
}

/** What a cell put out, alive. @param {Output[]} outputs @param {string} alt words for a plot */
export function render(outputs, alt) {
  const root = document.createElement("div");
  root.className = "cell_output docutils container";
  root.append(...outputs.map((output) => element(output, alt)));
  return root;
}

/** What a cell put out, for a reader who listens. @param {Output[]} outputs */
export function spoken(outputs) {
  return outputs
    .map((output) => {
      if (output.output_type === "stream") return output.text ?? "";
      if (output.output_type === "error") return inWords(output);
      return output.data?.["text/plain"] ?? "";
    })
    .join(" ")
    .slice(0, 300);
}
