/* The picture to take away: what stands on the screen as SVG or PNG, and a whole walk as an SVG that moves. */

import { DELAYS } from "./constants.js";
import { h } from "./dom.js";
import { nameOf, stepsOf } from "./picture.js";

/** @import { Explorer } from "./explorer.js" */
/** @typedef {{ left: number, top: number }} Corner */

const LICENCE = "Transposed Convolution, Understood · CC BY 4.0";
const MARGIN = 16;

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** @param {string} tag @param {Record<string, string | number | undefined>} attributes @param {string} [text] */
function svg(tag, attributes, text) {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined && value !== "");
  const short = (/** @type {unknown} */ value) => (typeof value === "number" ? Math.round(value * 10) / 10 : value);
  const words = [tag, ...given.map(([name, value]) => `${name}="${short(value)}"`)];
  return text === undefined ? `<${words.join(" ")}/>` : `<${words.join(" ")}>${escaped(text)}</${tag}>`;
}

/** The frame of a cell that is lit. @param {HTMLElement} cell @param {string} accent */
function light({ dataset }, accent) {
  if (dataset.chosen !== undefined) return { stroke: accent, "stroke-width": 4 };
  if (dataset.lit !== undefined) return { stroke: accent, "stroke-width": 2 };
  return dataset.window === undefined ? null : { stroke: accent, "stroke-width": 2, "stroke-dasharray": "4 3" };
}

/** One cell: its shape, its number, and the small number under it. @param {HTMLElement} cell @param {Corner} origin */
function cellSvg(cell, origin) {
  const [box, style] = [cell.getBoundingClientRect(), getComputedStyle(cell)];
  const [x, y] = [box.left - origin.left, box.top - origin.top];
  const place = { x, y, width: box.width, height: box.height, rx: parseFloat(style.borderTopLeftRadius) || undefined };
  const kernel = cell.classList.contains("tc-kernel");
  const dash = { dotted: "1 2", dashed: "4 3" }[style.borderTopStyle];
  const fill = kernel ? style.getPropertyValue("--tc-kernel") : style.backgroundColor;
  const stroke = { stroke: style.borderTopColor, "stroke-dasharray": dash };
  const shape = { fill: fill === "rgba(0, 0, 0, 0)" ? "none" : fill, ...stroke };
  const lit = light(cell, style.getPropertyValue("--tc-accent"));
  const font = { fill: style.color, "font-size": parseFloat(style.fontSize), "font-weight": style.fontWeight };
  const small = cell.dataset.times;
  const number = { ...font, x: x + box.width / 2, y: y + box.height / 2 + (small ? 1 : 5), "text-anchor": "middle" };
  const end = { x: x + box.width - 2, y: y + box.height - 3, "text-anchor": "end" };
  return [
    svg("rect", { ...place, ...shape }),
    ...(kernel ? [svg("path", { d: `M${x} ${y + 6}L${x + 6} ${y}`, stroke: style.borderTopColor })] : []),
    ...(lit ? [svg("rect", { ...place, fill: "none", ...lit })] : []),
    svg("text", number, cell.textContent ?? ""),
    ...(small ? [svg("text", { fill: style.color, "font-size": 10, ...end }, small)] : []),
  ].join("");
}

/** A line of words where it stands. @param {Element} element @param {Corner} origin */
function wordsSvg(element, origin) {
  const [box, style] = [element.getBoundingClientRect(), getComputedStyle(element)];
  const font = { fill: style.color, "font-size": parseFloat(style.fontSize), "font-weight": style.fontWeight };
  const place = { x: box.left - origin.left, y: box.top - origin.top + parseFloat(style.fontSize) };
  return svg("text", { ...font, ...place }, element.textContent ?? "");
}

/** The pictures on the stage, as SVG elements and their size. @param {Explorer} explorer */
function scene({ frame }) {
  const views = [...frame.querySelectorAll(".tc-stage .tc-view")].filter((view) => view.getClientRects().length);
  const cells = /** @type {HTMLElement[]} */ (views.flatMap((view) => [...view.querySelectorAll(".tc-cell")]));
  const words = views.flatMap((view) => [...view.querySelectorAll("figcaption > *")]);
  const boxes = [...cells, ...words].map((element) => element.getBoundingClientRect());
  const [left, top] = [Math.min(...boxes.map((b) => b.left)), Math.min(...boxes.map((b) => b.top))];
  const origin = { left: left - MARGIN, top: top - MARGIN };
  const width = Math.max(...boxes.map((b) => b.right)) - origin.left + MARGIN;
  const height = Math.max(...boxes.map((b) => b.bottom)) - origin.top + MARGIN;
  const body = [...cells.map((cell) => cellSvg(cell, origin)), ...words.map((each) => wordsSvg(each, origin))];
  return { body: body.join("\n"), width, height };
}

/** A file of SVG around bodies of one size. @param {Explorer} explorer @param {string} inside @param {number[]} size */
function file({ frame, state, status }, inside, [width, height]) {
  const style = getComputedStyle(frame);
  const [ink, paper] = ["--tc-ink", "--tc-paper"].map((name) => style.getPropertyValue(name));
  const whole = `width="${Math.ceil(width)}" height="${Math.ceil(height + 24)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${whole} font-family="system-ui, sans-serif" role="img">`,
    svg("title", {}, `${state.transposed ? "Transposed convolution" : "Convolution"}. ${status.textContent}`),
    svg("rect", { width: "100%", height: "100%", fill: paper }),
    inside,
    svg("text", { x: MARGIN, y: height + 8, "font-size": 11, fill: ink }, LICENCE),
    "</svg>\n",
  ].join("\n");
}

/** What is on the screen, as the text of an SVG file. @param {Explorer} explorer */
export function stillSvg(explorer) {
  const { body, width, height } = scene(explorer);
  return file(explorer, body, [width, height]);
}

/** When each of several pictures is seen: one after the other, the last one twice as long. @param {number} count */
function turns(count) {
  const share = (/** @type {number} */ n) => `${(100 * n) / (count + 1)}%`;
  const rule = (/** @type {number} */ n) => {
    const from = n ? `0%{opacity:0}${share(n)}{opacity:1}` : "0%{opacity:1}";
    return `@keyframes s${n}{${from}${n === count - 1 ? "" : `${share(n + 1)}{opacity:0}`}}`;
  };
  return Array.from({ length: count }, (_, n) => rule(n)).join("");
}

/** The whole walk: a picture a step, each shown in its turn, and the finished one twice as long.
 * @param {Explorer} explorer */
export function walkSvg(explorer) {
  const before = explorer.state;
  const unit = before.view === "stamps" ? "input" : "output";
  const count = stepsOf(explorer.pic, before.view);
  const scenes = [];
  for (let step = 1; step <= count; step++) {
    explorer.apply({ step, chosen: nameOf(explorer.pic, unit, step - 1) }, "step");
    scenes.push(scene(explorer));
  }
  explorer.apply({ step: before.step, chosen: before.chosen }, "step");
  const seconds = ((count + 1) * DELAYS[before.speed - 1]) / 1000;
  const frames = scenes.map(({ body }, n) => `<g style="animation:s${n} ${seconds}s step-end infinite">${body}</g>`);
  const size = [Math.max(...scenes.map((s) => s.width)), Math.max(...scenes.map((s) => s.height))];
  return file(explorer, [`<style>${turns(count)}</style>`, ...frames].join("\n"), size);
}

/** Gives the reader a file. @param {Blob} blob @param {string} name */
function download(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = /** @type {HTMLAnchorElement} */ (h("a", { href: address, download: name }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** @param {string} text */
const svgBlob = (text) => new Blob([text], { type: "image/svg+xml" });

/** An SVG as a PNG of twice its size. @param {string} text @returns {Promise<Blob>} */
async function png(text) {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = /** @type {HTMLCanvasElement} */ (h("canvas", { width: 2 * image.width, height: 2 * image.height }));
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob((blob) => done(/** @type {Blob} */ (blob)), "image/png"));
}

/** @type {Record<string, (explorer: Explorer) => Promise<void> | void>} */
const WAYS = {
  SVG: (explorer) => download(svgBlob(stillSvg(explorer)), "convolution.svg"),
  PNG: async (explorer) => download(await png(stillSvg(explorer)), "convolution.png"),
  "moving SVG": (explorer) => download(svgBlob(walkSvg(explorer)), "convolution-steps.svg"),
};

export const PICTURES = Object.keys(WAYS);

/** @param {Explorer} explorer @param {string} way one of PICTURES */
export const save = (explorer, way) => WAYS[way](explorer);
