/* The picture to take away: what stands on the screen as SVG or PNG, and a whole walk as an SVG that moves or a GIF. */

import { DELAYS } from "./constants.js";
import { h } from "./dom.js";
import { Gif, paletteOf } from "./gif.js";
import { nameOf, stepsOf } from "./picture.js";

/** @import { Explorer } from "./explorer.js" */
/** @typedef {{ left: number, top: number }} Corner */

const LICENCE = "Transposed Convolution, Understood · CC BY 4.0";
const MARGIN = 16;
const WIDEST = 40; // empty band

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

/** The map of a matrix that is too large for cells. @param {SVGSVGElement} map @param {Corner} origin */
function mapSvg(map, origin) {
  const box = map.getBoundingClientRect();
  const place = { x: box.left - origin.left, y: box.top - origin.top, width: box.width, height: box.height };
  const parts = [...map.children].map((part) => {
    const copy = /** @type {SVGElement} */ (part.cloneNode());
    const { fill, stroke } = getComputedStyle(part);
    for (const [name, value] of Object.entries({ fill, stroke, "vector-effect": "non-scaling-stroke" })) copy.setAttribute(name, value);
    copy.removeAttribute("class");
    return new XMLSerializer().serializeToString(copy);
  });
  const attributes = Object.entries({ ...place, viewBox: map.getAttribute("viewBox") ?? "" });
  return `<svg ${attributes.map(([name, value]) => `${name}="${value}"`).join(" ")}>${parts.join("")}</svg>`;
}

/** A line of words where it stands. @param {Element} element @param {Corner} origin */
function wordsSvg(element, origin) {
  const [box, style] = [element.getBoundingClientRect(), getComputedStyle(element)];
  const font = { fill: style.color, "font-size": parseFloat(style.fontSize), "font-weight": style.fontWeight };
  const place = { x: box.left - origin.left, y: box.top - origin.top + parseFloat(style.fontSize) };
  return svg("text", { ...font, ...place }, element.textContent ?? "");
}

/** What stands on the stage. @param {Explorer} explorer */
function onStage({ frame }) {
  const views = [...frame.querySelectorAll(".tc-stage .tc-view")].filter((view) => view.getClientRects().length);
  const all = (/** @type {string} */ kind) => views.flatMap((view) => [...view.querySelectorAll(kind)]);
  return {
    maps: /** @type {SVGSVGElement[]} */ (all(".tc-map:not([hidden])")),
    cells: /** @type {HTMLElement[]} */ (all(".tc-cell")),
    words: all("figcaption > *"),
  };
}

/** How far each place on an axis moves when no empty band is wider than WIDEST. @param {number[][]} spans */
function closer(spans) {
  let end = Infinity;
  /** @type {number[][]} */
  const gaps = [];
  for (const [from, to] of [...spans].sort(([a], [b]) => a - b)) {
    if (from - end > WIDEST) gaps.push([from, from - end - WIDEST]);
    end = end === Infinity ? to : Math.max(end, to);
  }
  return (/** @type {number} */ at) => gaps.reduce((sum, [from, by]) => (at >= from ? sum + by : sum), 0);
}

/** Where the picture begins and ends, and for an element the corner that it is measured from: what lies between the
 * pictures on the page (settings, room) is left out. @param {Explorer} explorer */
function layout(explorer) {
  const boxes = Object.values(onStage(explorer)).flat().map((element) => element.getBoundingClientRect());
  const [left, top] = [Math.min(...boxes.map((b) => b.left)), Math.min(...boxes.map((b) => b.top))];
  const [across, down] = [closer(boxes.map((b) => [b.left, b.right])), closer(boxes.map((b) => [b.top, b.bottom]))];
  const corner = (/** @type {DOMRect} */ box) => ({
    left: left - MARGIN + across(box.left),
    top: top - MARGIN + down(box.top),
  });
  const width = Math.max(...boxes.map((box) => box.right - corner(box).left)) + MARGIN;
  const height = Math.max(...boxes.map((box) => box.bottom - corner(box).top)) + MARGIN;
  return { size: [width, height], origin: (/** @type {Element} */ element) => corner(element.getBoundingClientRect()) };
}

/** The pictures on the stage, as SVG elements. @param {Explorer} explorer @param {(e: Element) => Corner} origin */
function scene(explorer, origin) {
  const { maps, cells, words } = onStage(explorer);
  const shapes = [maps.map((e) => mapSvg(e, origin(e))), cells.map((e) => cellSvg(e, origin(e)))];
  return [...shapes, words.map((e) => wordsSvg(e, origin(e)))].flat().join("\n");
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
  const { size, origin } = layout(explorer);
  return file(explorer, scene(explorer, origin), size);
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

/** The whole walk: the pictures of its steps, and how long each is seen, in milliseconds: the finished one twice as
 * long. @param {Explorer} explorer */
function walk(explorer) {
  const before = explorer.state;
  const unit = before.view === "stamps" ? "input" : "output";
  const count = stepsOf(explorer.pic, before.view);
  const go = (/** @type {number} */ step) => explorer.apply({ step, chosen: nameOf(explorer.pic, unit, step - 1) }, "step");
  go(1);
  const { size, origin } = layout(explorer); // from the first step on nothing moves
  const bodies = [];
  for (let step = 1; step <= count; step++) {
    go(step);
    bodies.push(scene(explorer, origin));
  }
  explorer.apply({ step: before.step, chosen: before.chosen }, "step");
  const pause = DELAYS[before.speed - 1];
  return { bodies, size, delays: bodies.map((_, n) => (n === count - 1 ? 2 : 1) * pause) };
}

/** It as an SVG, each picture shown in its turn. @param {Explorer} explorer */
export function walkSvg(explorer) {
  const { bodies, size, delays } = walk(explorer);
  const seconds = delays.reduce((sum, delay) => sum + delay) / 1000;
  const frames = bodies.map((body, n) => `<g style="animation:s${n} ${seconds}s step-end infinite">${body}</g>`);
  return file(explorer, [`<style>${turns(bodies.length)}</style>`, ...frames].join("\n"), size);
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

/** An SVG, drawn. @param {string} text @param {number} scale pixels for each of its own */
async function drawn(text, scale) {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(text)}`;
  await image.decode();
  const [width, height] = [scale * image.width, scale * image.height];
  const canvas = /** @type {HTMLCanvasElement} */ (h("canvas", { width, height }));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.drawImage(image, 0, 0, width, height);
  return { canvas, pixels: () => new Uint32Array(context.getImageData(0, 0, width, height).data.buffer) };
}

/** An SVG as a PNG of twice its size. @param {string} text @returns {Promise<Blob>} */
async function png(text) {
  const { canvas } = await drawn(text, 2);
  return new Promise((done) => canvas.toBlob((blob) => done(/** @type {Blob} */ (blob)), "image/png"));
}

/** The walk as a GIF, its colours those of its first picture, of one in the middle and of the last.
 * @param {Explorer} explorer */
async function walkGif(explorer) {
  const { bodies, size, delays } = walk(explorer);
  const draw = (/** @type {string} */ body) => drawn(file(explorer, body, size), 1);
  const some = await Promise.all([0, bodies.length >> 1, bodies.length - 1].map((n) => draw(bodies[n])));
  const { width, height } = some[0].canvas;
  const film = new Gif([width, height], paletteOf(some.map(({ pixels }) => pixels())), LICENCE.replace("·", "-"));
  for (const [n, body] of bodies.entries()) film.add((await draw(body)).pixels(), delays[n]);
  return film.file;
}

/** @type {Record<string, (explorer: Explorer) => Promise<void> | void>} */
const WAYS = {
  SVG: (explorer) => download(svgBlob(stillSvg(explorer)), "convolution.svg"),
  PNG: async (explorer) => download(await png(stillSvg(explorer)), "convolution.png"),
  "moving SVG": (explorer) => download(svgBlob(walkSvg(explorer)), "convolution-steps.svg"),
  GIF: async (explorer) => download(await walkGif(explorer), "convolution-steps.gif"),
};

export const PICTURES = Object.keys(WAYS);

/** @param {Explorer} explorer @param {string} way one of PICTURES */
export const save = (explorer, way) => WAYS[way](explorer);
