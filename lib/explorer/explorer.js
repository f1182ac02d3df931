/* The explorer: one operation, taken in hand.
 *
 * This one file is the front end of `lib.explorer.Explorer` in a live notebook (anywidget calls `render`) and of the
 * same figure in a built page with no kernel (the page's script calls `boot`). It has three parts: geometry (which
 * cells meet, and the numbers; pure functions, which tests hold against `lib`), words (what is said about a cell), and
 * the figure itself. Nothing is fetched and nothing is needed besides a browser.
 *
 * The fields of the state are those of the Python class: input, weight, stride, padding, output_padding, dilation,
 * transposed, view, per_axis, chosen, step, speed, wanted_size; fixed at the start: controls, panels, limits.
 */

// ------------------------------------------------------------------------------------------------- geometry

const SETTINGS = ["stride", "padding", "output_padding", "dilation"];
const FIELDS = ["input", "weight", ...SETTINGS, "transposed", "view", "per_axis", "chosen", "step", "speed", "wanted_size"];

/** One axis: i, k, o sizes of input, kernel, output; s, p, a, d stride, padding, output padding, dilation. */
function outputSize({ i, k, s, p, a, d }, transposed) {
  return transposed ? s * (i - 1) - 2 * p + d * (k - 1) + a + 1 : Math.floor((i + 2 * p - d * (k - 1) - 1) / s) + 1;
}

/** Which input, kernel and output cells of one axis meet in a product.
 * The window rule is the same for both operations: cell m of the small side and kernel cell j meet cell
 * s m + d j - p of the large side. A convolution reads the large side; a transposed one writes to it. */
function meetings({ i, k, s, p, d, o }, transposed) {
  const [small, large] = transposed ? [i, o] : [o, i];
  const met = [];
  for (let m = 0; m < small; m++)
    for (let j = 0; j < k; j++) {
      const at = s * m + d * j - p;
      if (at >= 0 && at < large)
        met.push(transposed ? { input: m, kernel: j, output: at } : { input: at, kernel: j, output: m });
    }
  return met;
}

/** Sizes, and every product of the operation as flat, row-major positions {input, kernel, output}.
 * Products of one output cell come in the order of their inputs, as in a row of the matrix. */
function geometry({ input_size, kernel_size, stride, padding, output_padding, dilation, transposed }) {
  const axes = input_size.map((i, n) => {
    const axis = { i, k: kernel_size[n], s: stride[n], p: padding[n], a: transposed ? output_padding[n] : 0, d: dilation[n] };
    return { ...axis, o: outputSize(axis, transposed) };
  });
  let terms = [{ input: 0, kernel: 0, output: 0 }];
  for (const axis of axes) {
    const met = meetings(axis, transposed);
    terms = terms.flatMap((t) =>
      met.map((m) => ({
        input: t.input * axis.i + m.input,
        kernel: t.kernel * axis.k + m.kernel,
        output: t.output * axis.o + m.output,
      })),
    );
  }
  return { axes, transposed, input_size, kernel_size, output_size: axes.map((axis) => axis.o), terms };
}

const cells = (size) => size.reduce((product, n) => product * n, 1);
const range = (n) => Array.from({ length: n }, (_, index) => index);

/** The output's numbers, row-major, from those of input and kernel; only products that `counts` accepts. */
function numbers({ output_size, terms }, input, weight, counts = () => true) {
  const output = new Array(cells(output_size)).fill(0);
  for (const t of terms) if (counts(t)) output[t.output] += input[t.input] * weight[t.kernel];
  return output;
}

/** The matrix of the operation as it stands on the page: rows are output cells, columns input cells. */
function matrix({ input_size, output_size, terms }, weight) {
  const rows = range(cells(output_size)).map(() => new Array(cells(input_size)).fill(0));
  for (const t of terms) rows[t.output][t.input] = weight[t.kernel];
  return rows;
}

/** One axis of the input as the window sees it: for each place the input cell, or why nothing is there.
 * Transposed: s - 1 zeros between inputs and d (k - 1) - p zeros around; a negative count cuts cells away instead. */
function paddedAxis({ i, k, s, p, d, o }, transposed) {
  if (!transposed) return range(i + 2 * p).map((g) => (g < p || g >= p + i ? "padding" : g - p));
  return range(o + d * (k - 1)).map((g) => {
    const at = g - (d * (k - 1) - p);
    if (at < 0 || at > s * (i - 1)) return "padding";
    return at % s ? "inserted" : at / s;
  });
}

/** Where the window of output cell `o` lies on that axis: [place, kernel cell] pairs. The transposed operation's
 * window moves by one place and holds the kernel rotated. */
function windowAxis({ k, s, d }, o, transposed) {
  return range(k).map((j) => (transposed ? [o + d * j, k - 1 - j] : [s * o + d * j, j]));
}

const gcd = (a, b) => (b ? gcd(b, a % b) : a);
const byNumbers = (a, b) => a.reduce((order, n, index) => order || n - b[index], 0);

/** Settings of one axis with which the transposed operation takes `input_size` to `output_size`: the rule and the order
 * of lib.solve_sizes (even overlap first, then less output_padding, dilation, kernel_size, stride, padding). */
function solveSizes(input_size, output_size, { kernel_size, stride, padding, output_padding, dilation }) {
  const between = ([least, most]) => range(most - least + 1).map((n) => least + n);
  const found = [];
  for (const d of between(dilation))
    for (const k of between(kernel_size))
      for (const s of between(stride))
        for (const p of between(padding)) {
          const a = output_size - outputSize({ i: input_size, k, s, p, a: 0, d }, true);
          if (a < output_padding[0] || a > output_padding[1] || a >= Math.max(s, d)) continue;
          const even = k % s === 0 && gcd(s, d) === 1;
          found.push({ kernel_size: k, stride: s, padding: p, output_padding: a, dilation: d, even, rank: [even ? 0 : 1, a, d, k, s, p] });
        }
  return found.sort((one, other) => byNumbers(one.rank, other.rank));
}

const coordinates = (flat, size) => {
  const at = [];
  for (let n = size.length - 1; n >= 0; n--) {
    at.unshift(flat % size[n]);
    flat = Math.floor(flat / size[n]);
  }
  return at;
};
const flatten = (at, size) => at.reduce((flat, n, axis) => flat * size[axis] + n, 0);
const inside = (at, size) => at.length === size.length && at.every((n, axis) => n >= 0 && n < size[axis]);
const parse = (cell) => {
  const [view, at] = cell.split(":");
  return { view, at: (at || "").split(",").map(Number) };
};

// ------------------------------------------------------------------------------------------------ the state

const sizeOf = (nested) => (Array.isArray(nested[0]) ? [nested.length, nested[0].length] : [nested.length]);
const nest = (values, size) =>
  size.length === 1 ? values : range(size[0]).map((row) => values.slice(row * size[1], (row + 1) * size[1]));
const count = (first, size) => nest(range(cells(size)).map((n) => first + n), size);
const perAxis = (value, axes) => (Array.isArray(value) ? value : new Array(axes).fill(value));

/** An array in another size. Counting numbers are counted anew; numbers that a reader set stay, new cells hold 0. */
function resize(nested, size) {
  const old = sizeOf(nested);
  const values = nested.flat();
  if (values.every((v, n) => v === values[0] + n)) return count(values[0], size);
  const kept = range(cells(size)).map((flat) => {
    let at = coordinates(flat, size);
    if (at.length > old.length) at = at[0] === 0 ? at.slice(1) : [-1];
    if (at.length < old.length) at = [0, ...at];
    return inside(at, old) ? values[flatten(at, old)] : 0;
  });
  return nest(kept, size);
}

/** The state as `geometry` takes it: sizes, and one number per axis. */
function settingsOf(state) {
  const input_size = sizeOf(state.input);
  const settings = { input_size, kernel_size: sizeOf(state.weight), transposed: state.transposed };
  for (const name of SETTINGS) settings[name] = perAxis(state[name], input_size.length);
  return settings;
}

/** What forbids a state, in words: {field, text}, or null. The rules are those of lib.shapes and the picture's own limits. */
function problem(state) {
  const settings = settingsOf(state);
  const axes = settings.input_size.length;
  const limits = state.limits[axes];
  const each = (name, accept) => settings[name].every((value, axis) => accept(value, axis));
  for (const name of SLIDERS) {
    const [least, most] = limits[name];
    if (settings[name].length !== axes || !each(name, (v) => Number.isInteger(v) && v >= least && v <= most))
      return { field: name, text: `${name} goes from ${least} to ${most} here, not ${settings[name].join(" × ")}.` };
  }
  const { stride, dilation, output_padding } = settings;
  if (state.transposed && !each("output_padding", (a, n) => a < Math.max(stride[n], dilation[n])))
    return {
      field: "output_padding",
      text: `output_padding must be smaller than stride or dilation: ${output_padding.join(", ")} is not, with stride ${stride.join(", ")} and dilation ${dilation.join(", ")}.`,
    };
  for (const { i, k, p, d, o } of geometry({ ...settings }).axes) {
    if (o < 1)
      return {
        field: "padding",
        text: state.transposed
          ? `The output would have ${o} cells on an axis: padding ${p} cuts everything away.`
          : `The kernel spans ${d * (k - 1) + 1} cells, the padded input has only ${i + 2 * p}: the window does not fit once.`,
      };
    if (o > limits.output_size[1])
      return { field: "input_size", text: `The output would be ${o} cells wide; this picture holds ${limits.output_size[1]}.` };
  }
  return null;
}

/** The transposed operation of a convolution, and back: the same matrix, transposed, so the output's size becomes the
 * input's, and `output_padding` is what leads back to the size where one came from. */
function swap(state) {
  const { axes, output_size } = geometry(settingsOf(state));
  const transposed = !state.transposed;
  const patch = { transposed, input: count(transposed ? 1 : 0, output_size) };
  if (transposed) {
    const back = axes.map(({ i, k, s, p, d }) => (i + 2 * p - d * (k - 1) - 1) % s);
    patch.output_padding = state.per_axis ? back : back[0];
  }
  return patch;
}

// --------------------------------------------------------------------------------------- what is on the page

/** Everything that one state shows, computed once: numbers, products by cell, the matrix's entries. */
function picture(state) {
  const shape = geometry(settingsOf(state));
  const [input, weight] = [state.input.flat(), state.weight.flat()];
  const group = (key, n) => {
    const groups = range(n).map(() => []);
    for (const t of shape.terms) groups[t[key]].push(t);
    return groups;
  };
  const inputs = cells(shape.input_size);
  return {
    ...shape, input, weight, inputs,
    output: numbers(shape, input, weight),
    byInput: group("input", inputs),
    byKernel: group("kernel", weight.length),
    byOutput: group("output", cells(shape.output_size)),
    entry: new Map(shape.terms.map((t) => [t.output * inputs + t.input, t.kernel])),
    padded: shape.axes.map((axis) => paddedAxis(axis, shape.transposed)),
    // The large side is where windows or stamps overlap: a convolution's input, a transposed one's output.
    large: shape.transposed ? "output" : "input",
    size: { input: shape.input_size, kernel: shape.kernel_size, output: shape.output_size },
  };
}

const nameOf = (pic, view, flat) => `${view}:${coordinates(flat, pic.size[view])}`;

/** The place in the padded picture where an input cell stands (none if negative padding cut it away). */
function paddedName(pic, flat) {
  const at = coordinates(flat, pic.input_size).map((n, axis) => pic.padded[axis].indexOf(n));
  return at.includes(-1) ? null : `padded:${at}`;
}

/** The cell that a place in any view stands for: a place in the overlap map or an input in the padded picture is that
 * input or output cell. Null for a place that this state does not have. */
function canonical(pic, cell) {
  const { view, at } = parse(cell);
  if (view === "overlap") return inside(at, pic.size[pic.large]) ? `${pic.large}:${at}` : null;
  if (view === "padded") {
    if (!inside(at, pic.padded.map((axis) => axis.length))) return null;
    const there = at.map((g, axis) => pic.padded[axis][g]);
    return there.every(Number.isInteger) ? `input:${there}` : cell;
  }
  const size = view === "matrix" ? [pic.output.length, pic.inputs] : pic.size[view];
  return size && inside(at, size) ? cell : null;
}

/** The products that a chosen cell takes part in. */
function productsOf(pic, cell) {
  const { view, at } = parse(cell);
  if (view === "input") return pic.byInput[flatten(at, pic.input_size)];
  if (view === "kernel") return pic.byKernel[flatten(at, pic.kernel_size)];
  if (view === "output") return pic.byOutput[flatten(at, pic.output_size)];
  if (view === "matrix") return pic.byOutput[at[0]].filter((t) => t.input === at[1]);
  return [];
}

/** The names of all cells that light up with a chosen cell: its partners in every view, and itself in other views. */
function partners(pic, cell) {
  const { view } = parse(cell);
  const lit = new Set();
  for (const t of productsOf(pic, cell)) {
    for (const role of ["input", "kernel", "output"]) lit.add(nameOf(pic, role, t[role]));
    lit.add(`matrix:${t.output},${t.input}`);
  }
  for (const name of [...lit, cell]) {
    const { view: role, at } = parse(name);
    if (role === "input") lit.add(paddedName(pic, flatten(at, pic.input_size)));
    if (role === pic.large && (view === role || view === "matrix")) lit.add(`overlap:${at}`);
  }
  lit.delete(null);
  lit.delete(cell);
  return lit;
}

/** The window of an output cell on the padded picture: [place, kernel position] pairs. */
function windowOf(pic, cell) {
  const { view, at } = parse(cell);
  if (view !== "output") return [];
  const places = pic.axes.map((axis, n) => windowAxis(axis, at[n], pic.transposed));
  if (places.length === 1) return places[0].map(([g, j]) => [`padded:${g}`, j]);
  return places[0].flatMap(([row, j]) => places[1].map(([column, l]) => [`padded:${row},${column}`, flatten([j, l], pic.kernel_size)]));
}

// --------------------------------------------------------------------------------------------------- words

const show = (value) => (Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4))));
const factor = (value) => (value < 0 ? `(${show(value)})` : show(value));
const times = (size) => size.join(" × ");
/** Letters follow the matrix: x is the side that C reads and y the side that C makes, so Cᵀ goes from y to x. */
const letter = (view, transposed) => ({ input: transposed ? "y" : "x", kernel: "w", output: transposed ? "x" : "y" })[view];
const plural = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;

/** What is said about a cell, as pieces: strings, and [role, text] for numbers that stand in a cell. */
function sentence(pic, cell) {
  if (!cell) return ["Choose a cell in any picture. Its partners light up in all of them."];
  const { view, at } = parse(cell);
  const label = (role, place) => `${letter(role, pic.transposed)}[${place.join(", ")}]`;
  const name = (role, flat) => label(role, coordinates(flat, pic.size[role]));
  const product = (t) => [["input", factor(pic.input[t.input])], " × ", ["kernel", factor(pic.weight[t.kernel])]];
  const products = productsOf(pic, cell);
  if (view === "output") {
    const start = [["output", label(view, at)], " = "];
    if (!products.length) return [...start, ["output", "0"], ". No product lands here."];
    const sum = products.flatMap((t, n) => (n ? [" + ", ...product(t)] : product(t)));
    return [...start, ...sum, " = ", ["output", show(pic.output[flatten(at, pic.output_size)])]];
  }
  const landing = (t) => [...product(t), " = ", show(pic.input[t.input] * pic.weight[t.kernel]), " into ", ["output", name("output", t.output)]];
  // Four products are told, no more: the rest is in the picture.
  const several = (ts) => [
    ...ts.slice(0, 4).flatMap((t, n) => [n ? "; " : ": ", ...landing(t)]),
    ts.length > 4 ? `; and ${ts.length - 4} more` : ts.length ? "" : ".",
  ];
  if (view === "input") {
    const value = show(pic.input[flatten(at, pic.input_size)]);
    return [["input", `${label(view, at)} = ${value}`], ` is in ${plural(products.length, "product")}`, ...several(products)];
  }
  if (view === "kernel") {
    const value = show(pic.weight[flatten(at, pic.kernel_size)]);
    return [["kernel", `${label(view, at)} = ${value}`], ` is in ${plural(products.length, "product")}`, ...several(products)];
  }
  if (view === "matrix") {
    const where = `${pic.transposed ? "Cᵀ" : "C"}[${at.join(", ")}] = `;
    const ends = [["input", name("input", at[1])], " and ", ["output", name("output", at[0])]];
    if (!products.length) return [where, "0: ", ...ends, " never meet"];
    return [where, ["kernel", `${name("kernel", products[0].kernel)} = ${show(pic.weight[products[0].kernel])}`], ": ", ...landing(products[0])];
  }
  const there = at.map((g, axis) => pic.padded[axis][g]);
  return [["zero", "0"], there.includes("padding") ? ", put there by padding: nothing is there" : ", inserted between two inputs: nothing is there"];
}

/** The size formula of one axis, with letters and with the present numbers. */
function sizeFormula({ i, k, s, p, a, d, o }, transposed) {
  return transposed
    ? ["o = s (i − 1) − 2 p + d (k − 1) + a + 1", `${o} = ${s} · (${i} − 1) − 2 · ${p} + ${d} · (${k} − 1) + ${a} + 1`]
    : ["o = ⌊(i + 2 p − d (k − 1) − 1) / s⌋ + 1", `${o} = ⌊(${i} + 2 · ${p} − ${d} · (${k} − 1) − 1) / ${s}⌋ + 1`];
}

const SIZE_WORDS = "i input, k kernel, s stride, p padding, a output_padding, d dilation, o output";

// ---------------------------------------------------------------------------------------------- the figure

function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** Sets or removes an attribute only where it changes: most cells keep theirs from one step to the next. */
function mark(element, name, value) {
  if (value == null || value === false) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
  } else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

/** One view: a grid of cells with one tab stop. A cell is {at, name, text, kind}; one without a name cannot be chosen. */
class Grid {
  constructor(view, index) {
    this.view = view;
    this.index = index; // name -> element, shared by all views of an explorer
    this.names = new Set();
    this.letter = h("b", { class: `tc-letter tc-${view === "matrix" ? "kernel" : view}` });
    this.words = h("span");
    this.body = h("div", { role: "grid", "aria-readonly": !["input", "kernel"].includes(view) && "true" });
    this.scroll = h("div", { class: "tc-scroll" }, this.body);
    this.element = h("figure", { class: "tc-view", "data-view": view }, h("figcaption", {}, this.letter, this.words), this.scroll);
  }

  draw(letter, words, rows, [height, width], digits = 1) {
    this.letter.textContent = letter;
    this.words.textContent = words;
    mark(this.body, "aria-label", `${letter} ${words}`);
    mark(this.body, "data-size", Math.max(width, height) > 9 ? "small" : Math.max(width, height) > 6 ? "middle" : "large");
    this.body.style.setProperty("--digits", digits);
    const drawn = rows.flat();
    const key = rows.map((row) => row.map((cell) => cell.name || "-").join()).join(";");
    if (key !== this.key) this.build(rows, drawn, height, width);
    else
      drawn.forEach(({ text, kind }, n) => {
        if (this.drawn[n].text !== text) this.elements[n].textContent = text;
        if (this.drawn[n].kind !== kind) this.elements[n].className = `tc-cell tc-${kind}`;
      });
    this.key = key;
    this.drawn = drawn;
  }

  build(rows, drawn, height, width) {
    for (const name of this.names) this.index.delete(name);
    this.body.style.setProperty("--columns", width);
    mark(this.body, "aria-rowcount", height);
    mark(this.body, "aria-colcount", width);
    // One piece of HTML is several times faster than an element at a time; numbers and fixed words need no escaping.
    const cellHtml = ({ at, name, text, kind }) =>
      `<div role="gridcell" tabindex="-1" class="tc-cell tc-${kind}" aria-colindex="${at[1] + 1}" style="grid-column:${at[1] + 1}"${name ? ` data-cell="${name}"` : ' aria-disabled="true"'}>${text}</div>`;
    this.body.innerHTML = rows
      .map((row, r) => (row.length ? `<div role="row" aria-rowindex="${r + 1}">${row.map(cellHtml).join("")}</div>` : '<div class="tc-empty-row"></div>'))
      .join("");
    this.elements = [...this.body.querySelectorAll("[role=gridcell]")];
    this.names = new Set();
    drawn.forEach(({ name }, n) => {
      if (!name) return;
      this.names.add(name);
      this.index.set(name, this.elements[n]);
    });
    this.setStop(this.names.has(this.stop) ? this.stop : this.names.values().next().value);
  }

  setStop(name) {
    if (this.index.has(this.stop)) this.index.get(this.stop).tabIndex = -1;
    this.stop = name;
    if (this.index.has(name)) this.index.get(name).tabIndex = 0;
  }

  /** The next cell from `name` in a direction; a large matrix draws no zeros, so it may be some places away. */
  next(name, [down, right]) {
    const at = parse(name).at;
    const [height, width] = [Number(this.body.getAttribute("aria-rowcount")), Number(this.body.getAttribute("aria-colcount"))];
    const one = at.length === 1;
    for (let n = 1; n < Math.max(height, width); n++) {
      const there = one ? [at[0] + n * right] : [at[0] + n * down, at[1] + n * right];
      if ((!one || right) && this.names.has(`${this.view}:${there}`)) return `${this.view}:${there}`;
    }
    return name;
  }
}

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const DELAYS = [1600, 1000, 600, 300, 120]; // milliseconds of one step at speed 1 to 5
const CHOICES = ["transposed", "view", "dimensions", "per_axis"];
const SLIDERS = ["input_size", "kernel_size", ...SETTINGS];
const WANTED = [1, 64]; // the N of the size solver
const isWanted = (size) => Number.isInteger(size) && size >= WANTED[0] && size <= WANTED[1];
const DRAWN_ZEROS = 1024; // a matrix with more cells than this is drawn without its zeros
let explorers = 0; // names of radio groups must differ between explorers of a page

/** Brings `root` to life with a model that has get, set, save_changes, on and off. Returns a function that ends it. */
function explore(model, root, page) {
  const serial = ++explorers;
  const read = () => Object.fromEntries([...FIELDS, "controls", "panels", "limits"].map((field) => [field, model.get(field)]));
  let state = read();
  const opening = state;
  let pic, drawnFrom, answered, hovered, playing, mouse, editing, lit = [];
  const index = new Map();
  const shows = (name) => state.controls.includes(name);
  const grids = {};
  for (const view of ["input", "kernel", "output", "padded", "matrix", "overlap"]) grids[view] = new Grid(view, index);

  // ---- the controls

  const controls = new Map(); // field -> {element, update, note}
  function control(field, body, update) {
    const note = h("p", { class: "tc-note", role: "alert" });
    controls.set(field, { element: h("div", { class: "tc-control", "data-field": field }, body, note), update, note });
  }

  function slider(field) {
    const body = h("div", { class: "tc-sliders" });
    let inputs = [];
    const value = (axis) => (field.endsWith("_size") ? sizeOf(field === "input_size" ? state.input : state.weight) : perAxis(state[field], 2))[axis];
    control(field, body, () => {
      const axes = sizeOf(state.input).length;
      const each = state.per_axis ? axes : 1;
      if (inputs.length !== each) {
        inputs = range(each).map((axis) => h("input", { type: "range", oninput: (event) => move(field, axis, Number(event.target.value)) }));
        const words = (axis) => (each > 1 ? `${field} axis ${axis}` : field);
        body.replaceChildren(...inputs.map((input, axis) => h("div", { class: "tc-slider" }, h("label", {}, h("span", {}, words(axis)), input), h("b", { "aria-hidden": "true" }))));
      }
      const note = controls.get(field).note;
      inputs.forEach((input, axis) => {
        const [least, most] = state.limits[axes][field];
        const offered = field === "output_padding" ? Math.max(perAxis(state.stride, 2)[axis], perAxis(state.dilation, 2)[axis]) - 1 : most;
        const without = field === "output_padding" && (!state.transposed || offered === 0);
        mark(input, "min", least);
        mark(input, "max", Math.max(1, Math.min(most, offered)));
        input.disabled = without;
        input.value = value(axis);
        input.closest(".tc-slider").lastChild.textContent = field === "output_padding" && !state.transposed ? "–" : value(axis);
        if (field === "output_padding" && !note.hasAttribute("data-refused"))
          note.textContent = !state.transposed ? "transposed only" : without ? "when stride or dilation > 1" : "";
      });
    });
  }

  function move(field, axis, value) {
    const axes = sizeOf(state.input).length;
    const values = settingsOf(state)[field].slice();
    if (state.per_axis) values[axis] = value;
    else values.fill(value);
    if (field === "input_size") apply({ input: resize(state.input, values) }, field);
    else if (field === "kernel_size") apply({ weight: resize(state.weight, values) }, field);
    else apply({ [field]: state.per_axis && axes > 1 ? values : value }, field);
  }

  function choice(field, options, get, change) {
    const inputs = options.map(([value]) => h("input", { type: "radio", name: `tc-${field}-${serial}`, value, onchange: () => change(value) }));
    const labels = options.map(([, words], n) => h("label", {}, inputs[n], h("span", {}, words)));
    control(field, h("fieldset", { class: "tc-choice" }, h("legend", {}, field), h("div", {}, ...labels)), () =>
      inputs.forEach((input) => (input.checked = input.value === get())),
    );
  }

  function toggle(field, change, disabled = () => false) {
    const input = h("input", { type: "checkbox", onchange: () => change(input.checked) });
    control(field, h("label", { class: "tc-toggle" }, input, h("span", {}, field)), () => {
      input.checked = state[field];
      input.disabled = disabled();
    });
  }

  toggle("transposed", () => apply(swap(state), "transposed"));
  choice("view", [["stamps", "stamps"], ["window", "padded window"]], () => state.view, (view) => apply({ view, step: null }, "view"));
  choice("dimensions", [["1", "1-D"], ["2", "2-D"]], () => String(sizeOf(state.input).length), (axes) => apply(inDimensions(Number(axes)), "dimensions"));
  toggle("per_axis", (each) => apply(eachAxis(each), "per_axis"), () => sizeOf(state.input).length === 1);
  SLIDERS.forEach(slider);

  /** The state with another number of axes: the last axis's settings for all, and the largest input that fits. */
  function inDimensions(axes) {
    const limits = state.limits[axes];
    const last = settingsOf(state);
    const patch = { per_axis: false, step: null, chosen: "" };
    for (const name of SETTINGS) patch[name] = last[name].at(-1);
    const square = (name) => new Array(axes).fill(Math.min(last[name].at(-1), limits[name][1]));
    patch.weight = resize(state.weight, square("kernel_size"));
    for (let [size] = square("input_size"); size >= 1; size--) {
      patch.input = resize(state.input, new Array(axes).fill(size));
      if (!problem({ ...state, ...patch })) break;
    }
    return patch;
  }

  function eachAxis(each) {
    const settings = settingsOf(state);
    const patch = { per_axis: each };
    for (const name of SETTINGS) patch[name] = each ? settings[name] : settings[name][0];
    if (!each)
      for (const [name, field] of [["input_size", "input"], ["kernel_size", "weight"]]) patch[field] = resize(state[field], settings[name].map(() => settings[name][0]));
    return patch;
  }

  // ---- the player

  const stepBack = h("button", { type: "button", onclick: () => stepTo((state.step ?? steps() + 1) - 1) }, "step back");
  const stepOn = h("button", { type: "button", onclick: () => stepTo(state.step == null || state.step >= steps() ? 1 : state.step + 1) }, "step");
  const playButton = h("button", { type: "button", onclick: () => (playing ? pause() : play()) }, "play");
  const resetButton = h("button", { type: "button", onclick: () => { pause(); apply(Object.fromEntries(FIELDS.map((field) => [field, opening[field]])), "reset"); } }, "reset");
  const counter = h("span", { class: "tc-counter" });
  const speed = h("input", { type: "range", min: 1, max: DELAYS.length, oninput: () => apply({ speed: Number(speed.value) }, "speed") });
  const speedLabel = h("label", { class: "tc-speed" }, h("span", {}, "speed"), speed);

  const steps = () => (state.view === "stamps" ? pic.inputs : pic.output.length);

  function stepTo(step, going = false) {
    if (!going) pause();
    if (step < 0 || step > steps()) return;
    const unit = state.view === "stamps" ? "input" : "output";
    apply({ step, chosen: step ? nameOf(pic, unit, step - 1) : "" }, "step");
  }

  function play() {
    playing = true;
    playButton.textContent = "pause";
    mark(status, "aria-live", "off"); // a screen reader cannot follow a film; each step by hand is spoken
    const on = () => {
      stepTo(state.step == null || state.step >= steps() ? 1 : state.step + 1, true);
      playing = state.step < steps() ? setTimeout(on, DELAYS[state.speed - 1]) : pause();
    };
    on();
  }

  function pause() {
    clearTimeout(playing);
    playing = undefined;
    playButton.textContent = "play";
    mark(status, "aria-live", null);
  }

  // ---- the frame

  const title = h("b", { class: "tc-title" });
  const sizes = h("span", { class: "tc-sizes" });
  const status = h("div", { role: "status" });
  const sizer = h("div", { "aria-hidden": "true" });
  const formula = h("div", { class: "tc-formula" });
  const wanted = h("input", { type: "number", min: WANTED[0], max: WANTED[1], oninput: want });
  function want() {
    const size = wanted.valueAsNumber;
    if (isWanted(size)) apply({ wanted_size: size }, "wanted_size");
    else refuse("wanted_size", `wanted_size is a whole number from ${WANTED.join(" to ")} here.`);
  }
  const solutions = h("div", { class: "tc-solutions" });
  const solver = h("details", { class: "tc-solver", ontoggle: () => drawSolver() },
    h("summary", {}, "Which settings give me size N?"),
    h("label", {}, h("span", {}, "wanted_size"), wanted), solutions);
  const overlap = h("details", { class: "tc-overlap", ontoggle: () => { drawOverlap(); light(); } }, h("summary", {}, "Overlap map"), grids.overlap.element);
  const link = h("a", {}, "Link to this state");
  const linkNote = h("span", { role: "alert" });
  const main = [grids.input, grids.kernel, grids.output].map((grid) => grid.element);
  const shown = (fields) => fields.filter(shows).map((field) => controls.get(field).element);
  const frame = h("div", { class: "tc-live" },
    h("div", { class: "tc-head" }, title, sizes),
    h("div", { class: "tc-player", role: "group", "aria-label": "steps" },
      ...(shows("step") ? [stepBack, stepOn, playButton, counter] : []), ...(shows("speed") ? [speedLabel] : []), ...(shows("reset") ? [resetButton] : [])),
    h("div", { class: "tc-choices" }, ...shown(CHOICES)),
    h("div", { class: "tc-controls" }, ...shown(SLIDERS)),
    h("div", { class: "tc-views" }, main[0], main[1], h("div", { class: "tc-result" }, h("span", { class: "tc-arrow", "aria-hidden": "true" }, "→"), main[2])),
    h("div", { class: "tc-status" }, sizer, status),
    h("div", { class: "tc-views" }, ...["padded", "matrix"].filter((panel) => state.panels.includes(panel)).map((panel) => grids[panel].element)),
    ...(state.panels.includes("size") ? [formula] : []),
    ...(state.panels.includes("overlap") ? [overlap] : []),
    ...(state.panels.includes("solver") ? [solver] : []),
    ...(page && shows("link") ? [h("p", { class: "tc-link" }, link, linkNote)] : []));

  // ---- drawing

  /** The rows of a view whose cells all have a place in `size`. */
  const rowsOf = (view, size, cell) => {
    const [height, width] = size.length === 1 ? [1, size[0]] : size;
    return range(height).map((r) => range(width).map((c) => {
      const at = size.length === 1 ? [c] : [r, c];
      return { at: [r, c], name: `${view}:${at}`, ...cell(flatten(at, size), at) };
    }));
  };
  const screen = (size) => (size.length === 1 ? [1, size[0]] : size);
  const longest = (values) => values.reduce((most, value) => Math.max(most, show(value).length), 1);

  function drawGrids() {
    const { input, weight, size } = pic;
    grids.input.draw(letter("input", state.transposed), `input ${times(size.input)}`, rowsOf("input", size.input, (n) => ({ text: show(input[n]), kind: "input" })), screen(size.input), longest(input));
    grids.kernel.draw("w", `kernel ${times(size.kernel)}`, rowsOf("kernel", size.kernel, (n) => ({ text: show(weight[n]), kind: "kernel" })), screen(size.kernel), longest(weight));
    drawOutput();
    if (state.panels.includes("padded")) drawPadded();
    if (state.panels.includes("matrix")) drawMatrix();
    drawOverlap();
  }

  /** The output so far. Stamps that padding cuts off stand around it, struck through. */
  function drawOutput() {
    const done = (t) => state.step == null || (state.view === "stamps" ? t.input : t.output) < state.step;
    const cut = state.transposed && state.view === "stamps" ? pic.axes.map((axis) => axis.p) : pic.axes.map(() => 0);
    const whole = cut.some(Boolean) ? geometry({ ...settingsOf(state), padding: cut.map(() => 0) }) : pic;
    const sums = numbers(whole, pic.input, pic.weight, done);
    const reached = new Set(whole.terms.filter(done).map((t) => t.output));
    const rows = rowsOf("output", whole.output_size, (n, at) => {
      const inner = at.map((a, axis) => a - cut[axis]);
      const named = inside(inner, pic.output_size);
      // A cell that no product reaches holds 0 in the end; until then, and before its own step, it is empty.
      const waits = state.step != null && !reached.has(n) && (state.view === "stamps" ? state.step < steps() : n >= state.step);
      return { name: named ? `output:${inner}` : null, text: waits ? "" : show(sums[n]), kind: `${waits ? "empty" : "output"}${named ? "" : " tc-cut"}` };
    });
    const words = `output ${times(pic.output_size)}${cut.some(Boolean) ? ", padding cuts off the rest" : ""}`;
    const bound = numbers(whole, pic.input.map(Math.abs), pic.weight.map(Math.abs));
    const digits = longest(bound) + ([...pic.input, ...pic.weight].some((v) => v < 0) ? 1 : 0);
    grids.output.draw(letter("output", state.transposed), words, rows, screen(whole.output_size), digits);
  }

  function drawPadded() {
    const size = pic.padded.map((axis) => axis.length);
    const rows = rowsOf("padded", size, (_, at) => {
      const there = at.map((g, axis) => pic.padded[axis][g]);
      const real = there.every(Number.isInteger);
      return { text: real ? show(pic.input[flatten(there, pic.input_size)]) : "0", kind: real ? "input" : `zero${there.includes("padding") ? " tc-outside" : ""}` };
    });
    const inserted = pic.padded.some((axis) => axis.includes("inserted"));
    const words = inserted ? "input with inserted zeros and padding" : "input with padding";
    grids.padded.draw(letter("input", state.transposed), `${words} ${times(size)}`, rows, screen(size), longest(pic.input));
  }

  function drawMatrix() {
    const [height, width] = [pic.output.length, pic.inputs];
    const whole = height * width <= DRAWN_ZEROS;
    const rows = range(height).map((r) => {
      const columns = whole ? range(width) : pic.byOutput[r].map((t) => t.input);
      return columns.map((c) => {
        const kernel = pic.entry.get(r * width + c);
        const entry = kernel === undefined ? { text: "0", kind: "zero" } : { text: show(pic.weight[kernel]), kind: "kernel" };
        return { at: [r, c], name: `matrix:${r},${c}`, ...entry };
      });
    });
    const [matrix, equation] = state.transposed ? ["Cᵀ", "x = Cᵀ y"] : ["C", "y = C x"];
    grids.matrix.draw(matrix, `${equation}, ${times([height, width])}${whole ? "" : ", zeros not drawn"}`, rows, [height, width], longest(pic.weight));
    mark(grids.matrix.body, "data-size", "small");
    mark(grids.matrix.body, "data-sparse", !whole); // then only the rows in sight are laid out
  }

  function drawOverlap() {
    if (!overlap.open || !state.panels.includes("overlap")) return;
    const size = pic.size[pic.large];
    const counts = new Array(cells(size)).fill(0);
    for (const t of pic.terms) counts[t[pic.large]]++;
    const rows = rowsOf("overlap", size, (n) => ({ text: String(counts[n]), kind: `count tc-shade-${Math.ceil((4 * counts[n]) / Math.max(1, ...counts))}` }));
    grids.overlap.draw(letter(pic.large, state.transposed), state.transposed ? "how many products land on each output cell" : "how many windows read each input cell", rows, screen(size), 2);
  }

  function drawSolver() {
    if (wanted.valueAsNumber !== state.wanted_size) wanted.value = state.wanted_size; // "2." stays on its way to "2.5"
    const question = [state.transposed, pic.input_size, state.wanted_size].join();
    if (!solver.open || question === answered) return; // what stands there still holds, and keeps the focus
    answered = question;
    const limits = state.limits[pic.axes.length];
    // A convolution takes N to this size when the transposed operation with the same settings takes this size to N.
    const ends = (n) => (state.transposed ? [pic.input_size[0], n] : [n, pic.input_size[0]]);
    const found = solveSizes(...ends(state.wanted_size), limits);
    const text = (s) => ["kernel_size", ...SETTINGS].filter((name) => name !== "output_padding" || state.transposed).map((name) => `${name} ${s[name]}`).join(" · ");
    const use = ({ kernel_size, ...settings }) => {
      const patch = { weight: resize(state.weight, pic.kernel_size.map(() => kernel_size)) };
      for (const name of SETTINGS) patch[name] = state.per_axis ? pic.axes.map(() => settings[name]) : settings[name];
      apply(patch, "wanted_size");
    };
    const row = (s) => h("button", { type: "button", onclick: () => use(s) }, text(s), ...(s.even ? [h("i", {}, " even overlap")] : []));
    const words = `${state.transposed ? "Transposed convolution" : "Convolution"} from ${pic.input_size[0]} to ${state.wanted_size}: `;
    solutions.replaceChildren(
      h("p", {}, words + (found.length ? `${plural(found.length, "setting")}. Choose one to see it.` : "no setting within these controls.")),
      h("p", { class: "tc-note", role: "alert" }), ...found.slice(0, 60).map(row), ...(found.length > 60 ? [h("p", {}, `and ${found.length - 60} more`)] : []));
  }

  const pieces = (list) => list.map((piece) => (Array.isArray(piece) ? h("span", { class: `tc-word tc-${piece[0]}` }, piece[1]) : piece));

  function drawWords() {
    title.textContent = state.transposed ? "Transposed convolution" : "Convolution";
    sizes.textContent = `input ${times(pic.input_size)} → output ${times(pic.output_size)}`;
    const lines = pic.axes.map((axis, n) => ({ axis, n })).filter(({ n }) => state.per_axis || n === 0);
    formula.replaceChildren(...lines.flatMap(({ axis, n }) => {
      const [letters, present] = sizeFormula(axis, state.transposed);
      return [...(n ? [] : [h("p", {}, letters)]), h("p", {}, lines.length > 1 ? `axis ${n}: ` : "", h("b", {}, present))];
    }), h("p", { class: "tc-small" }, state.transposed ? SIZE_WORDS : SIZE_WORDS.replace(" a output_padding,", "")));
    // The longest sentence reserves its room, so that nothing moves while cells are chosen.
    const sentences = ["output", "input", "kernel"].flatMap((view) => range(cells(pic.size[view])).map((n) => sentence(pic, nameOf(pic, view, n))));
    const length = (list) => list.reduce((sum, piece) => sum + (Array.isArray(piece) ? piece[1].length + 1 : piece.length), 0);
    const lengths = sentences.map(length);
    sizer.replaceChildren(...pieces(sentences[lengths.indexOf(Math.max(...lengths))]));
  }

  /** Lights the partners of the chosen cell, or of the cell that the mouse points at. */
  function light() {
    const cell = hovered || state.chosen;
    const fresh = new Set();
    const set = (name, attribute, value = "") => {
      const element = index.get(name);
      if (!element) return;
      mark(element, attribute, value);
      fresh.add(element);
    };
    const names = cell ? partners(pic, cell) : new Set();
    const before = lit;
    for (const element of before) for (const attribute of ["data-window", "data-times"]) mark(element, attribute, null);
    for (const name of names) set(name, "data-lit");
    if (cell) set(cell, "data-chosen");
    if (state.view === "window" && cell)
      for (const [name, kernel] of windowOf(pic, cell)) {
        set(name, "data-window");
        set(name, "data-times", `×${show(pic.weight[kernel])}`);
      }
    if (cell && parse(cell).view === "input")
      for (const t of productsOf(pic, cell)) set(nameOf(pic, "output", t.output), "data-times", `+${show(pic.input[t.input] * pic.weight[t.kernel])}`);
    for (const element of before) {
      const name = element.dataset.cell;
      if (!names.has(name)) mark(element, "data-lit", null);
      if (name !== cell) mark(element, "data-chosen", null);
    }
    for (const element of new Set([...before, ...fresh])) mark(element, "aria-selected", element.hasAttribute("data-chosen") && "true");
    lit = [...fresh];
    status.replaceChildren(...pieces(sentence(pic, cell)));
    if (!hovered) followMatrix(cell);
  }

  /** Scrolls the matrix, and nothing else, to the chosen cell or its first partner. */
  function followMatrix(cell) {
    const box = grids.matrix.scroll;
    if (!cell || (box.scrollHeight <= box.clientHeight && box.scrollWidth <= box.clientWidth)) return;
    const target = index.get(cell)?.closest("[data-view=matrix]") ? index.get(cell) : box.querySelector("[data-lit]");
    if (!target) return;
    const [inner, outer] = [target.getBoundingClientRect(), box.getBoundingClientRect()];
    if (inner.top < outer.top || inner.bottom > outer.bottom) box.scrollTop += inner.top - outer.top - box.clientHeight / 3;
    if (inner.left < outer.left || inner.right > outer.right) box.scrollLeft += inner.left - outer.left - box.clientWidth / 3;
  }

  function draw() {
    const source = ["input", "weight", ...SETTINGS, "transposed"].map((field) => state[field]);
    const shapeChanged = !drawnFrom || source.some((value, n) => value !== drawnFrom[n]);
    drawnFrom = source;
    if (shapeChanged) {
      pic = picture(state);
      hovered = null;
    }
    state.chosen = (state.chosen && canonical(pic, state.chosen)) || "";
    if (state.step > steps()) state.step = null; // as in Python: a step that is gone
    const focused = root.contains(document.activeElement) && document.activeElement.dataset.cell;
    if (shapeChanged) {
      drawGrids();
      drawWords();
    } else drawOutput();
    drawSolver();
    light();
    if (focused && !root.contains(document.activeElement)) index.get(focused)?.focus({ preventScroll: true });
    for (const { update } of controls.values()) update();
    speed.value = state.speed;
    counter.textContent = `${state.step ?? "–"} / ${steps()}`;
    mark(stepBack, "disabled", state.step === 0);
    if (page) link.href = fragment();
  }

  // ---- changes

  function refuse(field, text) {
    for (const { note } of controls.values())
      if (note.hasAttribute("data-refused")) {
        note.textContent = "";
        mark(note, "data-refused", null);
      }
    linkNote.textContent = "";
    const solverNote = solutions.querySelector("[role=alert]");
    if (solverNote) solverNote.textContent = "";
    if (!text) return;
    if (field === "link") linkNote.textContent = ` This link's state is refused: ${text}`;
    else if (field === "wanted_size" && solverNote) solverNote.textContent = text;
    else if (controls.has(field)) {
      controls.get(field).note.textContent = text;
      mark(controls.get(field).note, "data-refused", "");
    }
  }

  /** The one way to change the state. Refuses, in words and at the control `field`, what cannot be. */
  function apply(patch, field) {
    const next = { ...state, ...patch };
    const wrong = problem(next);
    refuse(field, wrong && wrong.text);
    if (wrong) {
      draw();
      return false;
    }
    if (!("step" in patch) && ["input", "weight", ...SETTINGS, "transposed", "chosen"].some((name) => name in patch)) {
      next.step = null;
      pause();
    }
    const before = state;
    state = next;
    draw();
    own = true;
    for (const name of FIELDS) if (state[name] !== before[name]) model.set(name, state[name]);
    own = false;
    model.save_changes();
    return true;
  }

  let own = false; // the model is being told of our own change
  let waiting = false;
  const changed = () => {
    if (own || waiting) return;
    waiting = true; // several fields may change at once: draw them together
    queueMicrotask(() => {
      waiting = false;
      state = read();
      refuse();
      draw();
    });
  };

  function choose(cell) {
    const name = canonical(pic, cell);
    hovered = null;
    if (name && (name !== state.chosen || state.step != null)) apply({ chosen: name }, "chosen");
    else light();
  }

  /** A number of the input or the kernel, changed where it stands. */
  function edit(element, first) {
    const { view, at } = parse(element.dataset.cell);
    const field = view === "input" ? "input" : "weight";
    const flat = flatten(at, pic.size[view]);
    const old = state[field].flat()[flat];
    pause();
    let open = true;
    const close = (commit) => {
      if (!open) return;
      open = false;
      editing = false;
      const value = Number(box.value.trim().replace(",", "."));
      const good = box.value.trim() !== "" && Number.isFinite(value);
      element.textContent = show(old);
      if (commit && good && value !== old) {
        const values = state[field].flat();
        values[flat] = value;
        apply({ [field]: nest(values, pic.size[view]), step: state.step }, field);
      }
    };
    const box = h("input", {
      type: "text", inputmode: "decimal", class: "tc-edit", "aria-label": `value of ${letter(view, state.transposed)}[${at.join(", ")}]`, autocomplete: "off",
      onkeydown: (event) => {
        event.stopPropagation();
        if (event.key === "Enter" || event.key === "Escape") {
          event.preventDefault();
          close(event.key === "Enter");
          element.focus();
        }
      },
      onblur: () => close(true),
    });
    box.value = first ?? String(old); // in full: what is not changed must not be rounded
    editing = true;
    element.replaceChildren(box);
    box.focus();
    if (first === undefined) box.select();
  }

  // ---- pointer and keyboard

  const cellAt = (event) => event.target.closest?.("[data-cell]");
  let chosenBefore;

  frame.addEventListener("pointerdown", () => (chosenBefore = state.chosen));
  frame.addEventListener("focusin", (event) => {
    const element = cellAt(event);
    if (!element || event.target !== element) return;
    grids[parse(element.dataset.cell).view].setStop(element.dataset.cell);
    choose(element.dataset.cell);
  });
  frame.addEventListener("click", (event) => {
    const element = cellAt(event);
    if (!element || event.target !== element) return;
    const { view } = parse(element.dataset.cell);
    if (["input", "kernel"].includes(view) && chosenBefore === element.dataset.cell) edit(element);
    else choose(element.dataset.cell);
  });
  frame.addEventListener("keydown", (event) => {
    const element = cellAt(event);
    if (!element || event.target !== element || event.ctrlKey || event.metaKey || event.altKey) return;
    const name = element.dataset.cell;
    const grid = grids[parse(name).view];
    const editable = ["input", "kernel"].includes(grid.view);
    let target;
    if (ARROWS[event.key]) target = grid.next(name, ARROWS[event.key]);
    else if (event.key === "Home") target = element.parentElement.querySelector("[data-cell]").dataset.cell;
    else if (event.key === "End") target = [...element.parentElement.querySelectorAll("[data-cell]")].at(-1).dataset.cell;
    else if (editable && ["Enter", "F2"].includes(event.key)) edit(element);
    else if (editable && /^[-0-9.]$/.test(event.key)) edit(element, event.key);
    else return;
    event.preventDefault();
    event.stopPropagation(); // a notebook would move to its next cell
    if (target) index.get(target).focus();
  });
  // A mouse that points shows partners without choosing; one that rests while the picture moves below it does not.
  frame.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "mouse" || playing || editing) return;
    if (mouse && mouse[0] === event.clientX && mouse[1] === event.clientY) return;
    mouse = [event.clientX, event.clientY];
    point(cellAt(event)?.dataset.cell);
  });
  frame.addEventListener("pointerleave", () => point(null));
  function point(cell) {
    const name = (cell && canonical(pic, cell)) || null;
    if (name === hovered || (!hovered && !name)) return;
    hovered = name;
    light();
  }

  // ---- the link that reopens a state

  const key = () => `#explorer-${[...document.querySelectorAll("[data-explorer]")].indexOf(root) + 1}`;
  function fragment() {
    const fields = FIELDS.filter((field) => JSON.stringify(state[field]) !== JSON.stringify(opening[field]));
    return `${key()}?${new URLSearchParams(fields.map((field) => [field, JSON.stringify(state[field])]))}`;
  }
  function reopen() {
    const [name, query] = location.hash.split("?"); // not decoded: any page may be given a fragment that cannot be
    if (name !== key() || query === undefined) return;
    const patch = Object.fromEntries(FIELDS.map((field) => [field, opening[field]]));
    try {
      for (const [field, value] of new URLSearchParams(query)) if (FIELDS.includes(field)) patch[field] = JSON.parse(value);
      check(patch);
    } catch (error) {
      refuse("link", error.message);
      return;
    }
    pause();
    apply(patch, "link");
    root.scrollIntoView({ block: "start" });
  }

  const events = FIELDS.map((field) => `change:${field}`);
  for (const event of events) model.on(event, changed);
  mark(root, "data-lm-suppress-shortcuts", "true"); // JupyterLab's shortcuts stay out of our fields and cells
  root.explorer = model; // for tests and for people who build on it
  root.append(frame);
  draw();
  if (page) {
    addEventListener("hashchange", reopen);
    reopen();
  }
  return () => {
    pause();
    removeEventListener("hashchange", reopen);
    for (const event of events) model.off(event, changed);
    frame.remove();
  };
}

/** Refuses a link whose fields are not of the kind that they must be. What they mean is for `problem` to judge. */
function check(patch) {
  const wrong = (field) => { throw new Error(`${field} is not what it should be.`); };
  for (const field of ["input", "weight"]) {
    const value = patch[field];
    if (!Array.isArray(value) || !value.length) wrong(field);
    const rows = Array.isArray(value[0]) ? value : [value];
    if (!rows.every((row) => Array.isArray(row) && row.length && row.length === rows[0].length && row.every(Number.isFinite))) wrong(field);
  }
  if (sizeOf(patch.input).length !== sizeOf(patch.weight).length) wrong("weight");
  for (const field of SETTINGS) if (![patch[field]].flat().every(Number.isInteger)) wrong(field);
  for (const field of ["transposed", "per_axis"]) if (typeof patch[field] !== "boolean") wrong(field);
  if (!["stamps", "window"].includes(patch.view)) wrong("view");
  const values = [sizeOf(patch.input), sizeOf(patch.weight), ...SETTINGS.map((field) => [patch[field]].flat())];
  if (!patch.per_axis && values.some((each) => new Set(each).size > 1)) wrong("per_axis"); // one slider would hide the second
  if (typeof patch.chosen !== "string") wrong("chosen");
  if (patch.step !== null && !(Number.isInteger(patch.step) && patch.step >= 0)) wrong("step");
  if (!(Number.isInteger(patch.speed) && DELAYS[patch.speed - 1])) wrong("speed");
  if (!isWanted(patch.wanted_size)) wrong("wanted_size");
}

// --------------------------------------------------------------------------------------------------- style

// The tokens of lib.svg, so that a role looks the same in figures and here; a test compares them.
const LIGHT = "--tc-input:#cfe4f7;--tc-kernel:#fbdca6;--tc-output:#c3ebd8;--tc-zero:#eef0f2;--tc-ink:#1b2026;--tc-paper:#ffffff;--tc-line:#5c6670;--tc-accent:#b5124f";
const DARK = "--tc-input:#1e4c74;--tc-kernel:#71480c;--tc-output:#12573f;--tc-zero:#22282f;--tc-ink:#f1f3f5;--tc-paper:#121212;--tc-line:#9ba6b2;--tc-accent:#ff86b3";

const STYLE = `
[data-explorer]{${LIGHT}}
@media screen{html[data-theme="dark"] [data-explorer],[data-jp-theme-light="false"] [data-explorer],html[theme=dark] [data-explorer],.vscode-dark [data-explorer]{color-scheme:dark;${DARK}}}
[data-explorer]{container-type:inline-size;background:var(--tc-paper);color:var(--tc-ink);font:15px/1.45 system-ui,sans-serif;margin:0 0 1.5rem}
.text_html:has(>[data-explorer]),.text_html:has(>.tc-beside){background:none!important;padding:0!important}
.tc-live{border:1px solid color-mix(in srgb,var(--tc-line) 45%,var(--tc-paper));border-radius:10px;padding:14px 16px;display:flex;flex-direction:column;gap:14px}
.tc-live *{box-sizing:border-box}
.tc-live p,.tc-live figure,.tc-live fieldset,.tc-live legend{margin:0;padding:0;border:0;font-size:inherit;min-width:0}
.tc-live button,.tc-live input{font:inherit;color:inherit}
.tc-head{display:flex;flex-wrap:wrap;gap:0 12px;align-items:baseline}
.tc-title{font-size:17px}
.tc-sizes{font-variant-numeric:tabular-nums}
.tc-player{display:flex;flex-wrap:wrap;gap:8px;align-items:center}
.tc-live>:empty{display:none}
.tc-live button{background:transparent;border:1px solid var(--tc-line);border-radius:6px;padding:4px 10px;min-height:32px;cursor:pointer}
.tc-live button:hover{border-color:var(--tc-accent)}
.tc-live button:disabled{opacity:.5;cursor:default}
.tc-live :is(button,input,a,summary):focus-visible{outline:2px solid var(--tc-accent);outline-offset:2px}
.tc-player button:nth-of-type(3){min-width:70px}
.tc-counter{min-width:70px;text-align:center;font-variant-numeric:tabular-nums}
.tc-speed{display:flex;align-items:center;gap:8px}
.tc-speed input{width:90px}
.tc-live input[type=range]{accent-color:var(--tc-accent);min-height:26px;margin:0}
.tc-live input:is([type=radio],[type=checkbox]){accent-color:var(--tc-accent);width:16px;height:16px;margin:0;flex:none}
.tc-choices{display:flex;flex-wrap:wrap;gap:4px 28px;align-items:start}
.tc-controls{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(168px,45%),1fr));gap:8px 18px;align-items:start}
.tc-control label{display:flex;align-items:center;gap:8px;min-height:26px;margin:0;font-weight:400}
.tc-slider{display:grid;grid-template-columns:1fr auto;gap:0 8px;align-items:center}
.tc-slider label{display:contents}
.tc-slider input{grid-area:2/1/3/3;width:100%}
.tc-slider b{grid-area:1/2}
.tc-sliders b,.tc-formula b{font-variant-numeric:tabular-nums}
.tc-choice legend{float:left;width:auto;line-height:26px;padding-right:12px;color:var(--tc-line)}
.tc-choice>div{clear:none;display:flex;flex-wrap:wrap;gap:0 14px}
.tc-note{font-size:13px;color:var(--tc-line)}
.tc-note[data-refused],.tc-solver .tc-note{color:var(--tc-accent)}
.tc-views{display:flex;flex-wrap:wrap;gap:16px 28px;align-items:flex-start}
.tc-result{display:flex;gap:16px;align-items:center;min-width:0;max-width:100%}
.tc-arrow{font-size:22px;color:var(--tc-line)}
.tc-view{max-width:100%;min-width:0}
.tc-view figcaption{display:flex;gap:8px;align-items:center;margin:0 0 4px;padding:0;font:400 14px/1.45 system-ui,sans-serif;color:var(--tc-ink);text-align:start}
.tc-letter{min-width:26px;padding:0 6px;text-align:center;border:1px solid var(--tc-line);font-weight:600}
.tc-scroll{overflow:auto;padding:4px;margin:-4px;max-height:508px;width:fit-content;max-width:calc(100% + 8px)}
.tc-scroll [role=grid]{--cell:36px;--font:15px;--w:max(var(--cell),calc(var(--digits)*9px + 8px));display:grid;gap:2px;width:max-content;font-size:var(--font);font-variant-numeric:tabular-nums}
.tc-scroll [data-size=middle]{--cell:30px;--font:14px}
.tc-scroll [data-size=small]{--cell:26px;--font:13px}
.tc-scroll [role=row]{display:grid;grid-template-columns:repeat(var(--columns),var(--w));gap:2px}
.tc-scroll [role=row],.tc-empty-row{height:var(--cell)}
[data-sparse] [role=row]{content-visibility:auto;overflow-clip-margin:6px;contain-intrinsic-size:auto var(--cell);width:calc(var(--columns)*(var(--w) + 2px) - 2px)}
.tc-scroll{contain:layout style}
.tc-cell{position:relative;height:var(--cell);border:1px solid var(--tc-line);display:flex;align-items:center;justify-content:center;cursor:pointer;line-height:1;touch-action:manipulation;user-select:none}
.tc-input{background:var(--tc-input)}
.tc-kernel{background:linear-gradient(135deg,var(--tc-paper) 5px,var(--tc-line) 5px 6px,var(--tc-kernel) 6px)}
.tc-output,.tc-empty{background:var(--tc-output);border-radius:9px}
.tc-zero{background:var(--tc-zero);border-style:dotted;color:var(--tc-line)}
.tc-empty{background:none;border-style:dotted}
.tc-cut{text-decoration:line-through;background:none;color:var(--tc-line);border-style:dashed;cursor:default}
.tc-count{background:var(--tc-paper)}
.tc-shade-1{background:color-mix(in srgb,var(--tc-accent) 8%,var(--tc-paper))}
.tc-shade-2{background:color-mix(in srgb,var(--tc-accent) 16%,var(--tc-paper))}
.tc-shade-3{background:color-mix(in srgb,var(--tc-accent) 24%,var(--tc-paper))}
.tc-shade-4{background:color-mix(in srgb,var(--tc-accent) 34%,var(--tc-paper))}
.tc-cell[data-window]{outline:2px dashed var(--tc-accent);outline-offset:-1px}
.tc-cell[data-lit]{outline:2px solid var(--tc-accent);outline-offset:-1px;color:var(--tc-ink);font-weight:600;z-index:1}
.tc-cell[data-chosen]{outline:4px solid var(--tc-accent);outline-offset:-2px;color:var(--tc-ink);font-weight:700;z-index:2}
.tc-cell:focus-visible{box-shadow:0 0 0 4px var(--tc-paper),0 0 0 6px var(--tc-ink);z-index:3}
.tc-cell[data-times]{padding-bottom:9px}
.tc-cell[data-times]::after{content:attr(data-times);position:absolute;right:2px;bottom:1px;font-size:10px;font-weight:600}
.tc-live .tc-edit{width:100%;height:100%;min-width:0;margin:0;padding:0;border:0;text-align:center;background:var(--tc-paper);color:var(--tc-ink);border-radius:0}
.tc-status{display:grid;padding:8px 12px;border-left:4px solid var(--tc-accent);background:color-mix(in srgb,var(--tc-line) 8%,var(--tc-paper));font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.tc-status>*{grid-area:1/1;min-height:1.45em}
.tc-status>[aria-hidden]{visibility:hidden;padding-right:1em}
.tc-word{padding:0 3px;border-radius:3px;color:var(--tc-ink)}
.tc-word.tc-kernel{background:var(--tc-kernel)}
.tc-word.tc-output{border-radius:7px}
.tc-formula b{font-weight:600;display:inline-block}
.tc-small{font-size:13px;color:var(--tc-line)}
.tc-live summary{cursor:pointer;min-height:26px;display:list-item}
.tc-solver label{display:flex;gap:8px;align-items:center;margin:6px 0}
.tc-solver input{width:80px;min-height:30px;background:var(--tc-paper);border:1px solid var(--tc-line);border-radius:4px;padding:0 6px}
.tc-solutions{max-height:260px;overflow:auto;display:flex;flex-direction:column;gap:4px;align-items:flex-start}
.tc-solutions button{text-align:start;padding:2px 10px}
.tc-live a{color:inherit;text-decoration:underline;display:inline-block;min-height:24px}
.tc-link [role=alert]{color:var(--tc-accent)}
.tc-beside{display:flex;flex-wrap:wrap;gap:16px}
.tc-beside>[data-explorer]{flex:1 1 340px;min-width:0}
@container (max-width:520px){.tc-live{padding:12px 10px}.tc-arrow{display:none}.tc-scroll [role=grid]{--cell:32px}.tc-scroll [data-size=middle]{--cell:28px}.tc-scroll [data-size=small]{--cell:24px}.tc-views{gap:14px 16px}}
@media screen{[data-explorer]:has(>.tc-live)>.tc-still{display:none}}
@media print{[data-explorer]:has(>.tc-still)>.tc-live{display:none}}
@media (prefers-reduced-motion:no-preference){[data-view=output] .tc-cell{transition:background-color .12s}}
`;

function addStyle() {
  if (document.querySelector("style[data-tc-explorer]")) return;
  document.head.append(h("style", { "data-tc-explorer": true }, STYLE));
}

// --------------------------------------------------------------------------------------------- ways to start

/** In a live notebook: anywidget calls this with the model that Python shares. */
function render({ model, el }) {
  addStyle();
  const root = h("div", { "data-explorer": true });
  el.append(root);
  return explore(model, root, false);
}

/** A model with no kernel behind it. */
function pageModel(state) {
  const listeners = {};
  return {
    get: (field) => state[field],
    set: (field, value) => {
      state[field] = value;
      for (const listener of listeners[`change:${field}`] || []) listener();
    },
    on: (event, listener) => (listeners[event] ||= new Set()).add(listener),
    off: (event, listener) => listeners[event]?.delete(listener),
    save_changes: () => {},
  };
}

/** In a page: every [data-explorer] that carries its state comes to life. */
function boot(document) {
  for (const root of document.querySelectorAll("[data-explorer]")) {
    const state = root.querySelector(":scope > script[type='application/json']");
    if (!state || root.explorer) continue;
    addStyle();
    explore(pageModel(JSON.parse(state.textContent)), root, true);
  }
}

export default { render, boot, geometry, numbers, matrix, paddedAxis, windowAxis, solveSizes, picture, partners, windowOf, sentence, problem };
