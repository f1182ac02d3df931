/* A layer as code to copy: what a framework's own function needs, for the channels and the size asked. Tests run the
 * code of every framework against stand-ins that compute with lib. */

/** @import { Expressed, Framework, Layer, Pair } from "./types.d.ts" */

const AXES = ["depth", "height", "width"];

/** @param {number[]} values */
export const tuple = (values) => (values.length === 1 ? `(${values[0]},)` : `(${values.join(", ")})`);

/** One number where all axes have the same. @param {number[]} values */
const short = (values) => (values.every((value) => value === values[0]) ? String(values[0]) : tuple(values));

/** @param {any} value @returns {string} */
const list = (value) => (Array.isArray(value) ? `[${value.map(list).join(", ")}]` : String(value));

/** @param {Pair[]} value */
const pairs = (value) => `(${value.map((pair) => tuple(pair)).join(", ")}${value.length === 1 ? "," : ""})`;

/** A call; one argument a line where it is long. @param {string} name @param {(string | false)[]} given */
function call(name, ...given) {
  const words = given.filter(Boolean);
  const line = `${name}(${words.join(", ")})`;
  return line.length <= 88 ? [line] : [`${name}(`, ...words.map((word) => `    ${word},`), ")"];
}

/** The line that cuts cells off the ends; no line where nothing is cut. @param {Pair[]} crop @param {boolean} last */
function slices(crop, last) {
  const cuts = crop.map((pair) => pair.map((end) => Math.max(end, 0)));
  if (!cuts.flat().some(Boolean)) return [];
  const spatial = cuts.map(([before, after]) => `${before || ""}:${after ? -after : ""}`);
  return [`y = y[${(last ? [":", ...spatial, ":"] : [":", ":", ...spatial]).join(", ")}]`];
}

/** The cells to add at each end. @param {Pair[]} crop @returns {Pair[]} */
const added = (crop) => crop.map(([before, after]) => [Math.max(-before, 0), Math.max(-after, 0)]);

/** @param {Pair[]} crop */
const adds = (crop) => added(crop).flat().some(Boolean);

const LATE = "# a bias is added here, so that the new cells have it too: y = y + bias";

/** @typedef {{ layer: Layer, found: Expressed, output: number[] }} Told */

/** @param {Told} told @param {string} array @param {boolean} last */
function shapeOf({ layer, output }, array, last) {
  const [channels, size] = array === "x" ? [layer.channels[0], layer.size] : [layer.channels[1], output];
  return last ? `(batch, ${size.join(", ")}, ${channels})` : `(batch, ${channels}, ${size.join(", ")})`;
}

/** @param {Told} told @param {boolean} last */
const comment = (told, last) => `# x: ${shapeOf(told, "x", last)}, y in the end: ${shapeOf(told, "y", last)}`;

/** @param {Told} told */
function writeTorch(told) {
  const { layer, found } = told;
  const { settings: w, crop } = found;
  const some = (/** @type {string} */ name, /** @type {number} */ none) =>
    w[name].some((/** @type {number} */ v) => v !== none) && `${name}=${short(w[name])}`;
  const made = call(
    `layer = torch.nn.ConvTranspose${w.kernel_size.length}d`,
    ...layer.channels.map(String),
    `kernel_size=${short(w.kernel_size)}`,
    `stride=${short(w.stride)}`,
    some("padding", 0),
    some("output_padding", 0),
    w.groups > 1 && `groups=${w.groups}`,
    some("dilation", 1),
    adds(crop) && "bias=False",
  );
  const more = added(crop).reverse().flat(); // PyTorch pads the last axis first
  const pad = adds(crop) ? [`y = torch.nn.functional.pad(y, ${tuple(more)})`, LATE] : [];
  return ["import torch", "", comment(told, false), ...made, "y = layer(x)", ...slices(crop, false), ...pad];
}

/** @param {Told} told */
function writeKeras(told) {
  const { layer, found } = told;
  const { settings: w, crop } = found;
  const dilated = w.dilation_rate.some((/** @type {number} */ d) => d > 1);
  const made = call(
    `layer = keras.layers.Conv${w.kernel_size.length}DTranspose`,
    String(layer.channels[1]),
    `kernel_size=${short(w.kernel_size)}`,
    `strides=${short(w.strides)}`,
    `padding="${w.padding}"`,
    w.output_padding && `output_padding=${short(w.output_padding)}`,
    dilated && `dilation_rate=${short(w.dilation_rate)}`,
    adds(crop) && "use_bias=False",
  );
  const more = pairs([[0, 0], ...added(crop), [0, 0]]);
  const pad = adds(crop) ? [`y = keras.ops.pad(y, ${more})`, LATE] : [];
  return ["import keras", "", comment(told, true), ...made, "y = layer(x)", ...slices(crop, true), ...pad];
}

/** @param {Told} told @param {number[]} kernel */
const lastLayout = ({ layer }, kernel) =>
  `[${[...kernel, layer.channels[1] / layer.plan.groups, layer.channels[0]].join(", ")}]`;

/** @param {Told} told */
function writeTensorflow(told) {
  const { layer, found } = told;
  const { settings: w, crop } = found;
  const names = AXES.slice(-layer.size.length);
  const sizes = layer.size.map((i, n) => w.strides[n] * (i - 1) + w.span[n]);
  const padding = typeof w.padding === "string" ? `"${w.padding}"` : list(w.padding);
  const dilated = w.dilations.some((/** @type {number} */ d) => d > 1);
  const made = call(
    `y = tf.nn.conv${names.length}d_transpose`,
    "x",
    "weight",
    `output_shape=[batch, ${sizes.join(", ")}, ${layer.channels[1]}]`,
    `strides=${list(w.strides)}`,
    `padding=${padding}`,
    dilated && `dilations=${list(w.dilations)}`,
  );
  const pad = adds(crop) ? [`y = tf.pad(y, ${list([[0, 0], ...added(crop), [0, 0]])})`, LATE] : [];
  const weight = `weight = tf.Variable(tf.random.normal(${lastLayout(told, w.kernel_size)}, stddev=0.05))  # ${names.join(", ")}, out, in`;
  return [
    "import tensorflow as tf",
    "",
    comment(told, true),
    weight,
    "batch = tf.shape(x)[0]",
    ...made,
    ...slices(crop, true),
    ...pad,
  ];
}

/** @param {Told} told */
function writeJax(told) {
  const { settings: w } = told.found;
  const names = ["rows", "columns", "depth"].slice(0, w.strides.length);
  const dilated = w.rhs_dilation.some((/** @type {number} */ d) => d > 1);
  const made = call(
    "y = jax.lax.conv_transpose",
    "x",
    "weight",
    `strides=${tuple(w.strides)}`,
    `padding=${pairs(w.padding)}`,
    dilated && `rhs_dilation=${tuple(w.rhs_dilation)}`,
    "transpose_kernel=True",
  );
  const weight = `weight = 0.05 * jax.random.normal(jax.random.key(0), ${lastLayout(told, w.kernel_size).replace("[", "(").replace("]", ")")})`;
  return ["import jax", "", comment(told, true), `${weight}  # ${names.join(", ")}, out, in`, ...made];
}

/** @param {Told} told */
function writeOnnx(told) {
  const { settings: w, crop } = told.found;
  const given = Object.entries(w).map(([name, value]) => `${name}=${list(value)}`);
  const made = call(
    "node = helper.make_node",
    '"ConvTranspose"',
    '["x", "weight", "bias"]',
    adds(crop) ? '["full"]' : '["y"]',
    ...given,
  );
  const [begins, ends] = [0, 1].map((end) => added(crop).map((pair) => pair[end]));
  const pads = `# pads: an initializer, np.array(${list([0, 0, ...begins, 0, 0, ...ends])})`;
  const late = "# without bias in the first node: add it after, so that the new cells have it too";
  const pad = adds(crop) ? ['more = helper.make_node("Pad", ["full", "pads"], ["y"])', pads, late] : [];
  const [inside, outside] = told.layer.channels;
  const weight = `# weight: (${[inside, outside / told.layer.plan.groups, ...w.kernel_shape].join(", ")}), bias: (${outside},)`;
  const lines = ["from onnx import helper", "", comment(told, false), weight, ...made, ...pad];
  return adds(crop) ? lines.map((line) => line.replace('"weight", "bias"', '"weight"')) : lines;
}

const WRITE = { torch: writeTorch, keras: writeKeras, tensorflow: writeTensorflow, jax: writeJax, onnx: writeOnnx };

/** The code of a layer in a framework's words. @param {Framework} to @param {Told} told */
export const codeOf = (to, told) => `${WRITE[to](told).join("\n")}\n`;

const CHANNELS_FIRST = ["torch", "onnx"];

/** How a weight that was trained in one framework becomes the other's: an expression of NumPy.
 * @param {Framework} from @param {Framework} to @param {number} axes @param {boolean} flipped */
export function weightMove(from, to, axes, flipped) {
  const spatial = Array.from({ length: axes }, (_, n) => n);
  const [first, here] = [CHANNELS_FIRST.includes(to), CHANNELS_FIRST.includes(from)];
  // A kernel that JAX does not transpose holds (in, out) last, and rotated.
  const [inside, outside] = here ? [0, 1] : flipped ? [axes, axes + 1] : [axes + 1, axes];
  const at = here ? spatial.map((n) => n + 2) : spatial;
  const order = first ? [inside, outside, ...at] : [...at, outside, inside];
  const rotated = flipped ? `np.flip(weight, ${tuple(spatial)})` : "weight";
  const moved = order.some((axis, n) => axis !== n) ? `${rotated}.transpose(${order.join(", ")})` : rotated;
  return moved;
}
