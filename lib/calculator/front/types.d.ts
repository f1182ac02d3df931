/* The types of the calculator's front end, for JSDoc. */

export type Pair = [number, number];
export type Framework = "torch" | "keras" | "tensorflow" | "jax" | "onnx";

/** One axis of a transposed convolution: kernel, stride, padding, output padding, dilation. */
export interface Setting { k: number; s: number; p: number; a: number; d: number }

/** The values to try; null: those that follow the sizes. */
export type Choices = Record<"kernel_size" | "stride" | "padding" | "output_padding" | "dilation", number[] | null>;

export interface Answer { settings: Setting[]; nearest: number[]; reason: string }

/** One axis of a layer, in no framework's words. */
export interface AxisPlan { k: number; s: number; d: number; start: number; span: number }

/** A layer in no framework's words; flipped: its weight is stored rotated. */
export interface Plan { axes: AxisPlan[]; groups: number; flipped: boolean }

/** A framework's words for a layer, as they were typed; what it has not is left out. */
export interface Words {
  kernel_size: number[];
  strides: number[];
  dilations: number[];
  padding: string | number[] | Pair[];
  output_padding: number[] | null;
  output_shape: number[] | null;
  auto_pad?: string;
  groups: number;
  flipped: boolean;
  consistent: boolean;
}

export type Read = { plan: Plan; refusal?: undefined } | { refusal: string; plan?: undefined };

/** A plan in a framework's words. */
export interface Expressed {
  settings: Record<string, any>;
  crop: Pair[];
  note: string;
  refusal: string;
}

export interface StackLayer {
  kind: string;
  kernel_size: number;
  stride: number;
  padding: number;
  output_padding: number;
  dilation: number;
  out_channels: number;
  groups: number;
}

export interface StackRow {
  size: number[];
  channels: number;
  receptive: Pair | null;
  overlap: number[];
  weights: number;
  multiplications: number;
}

/** What a reader asks, as text: what the fields hold and what a link carries. */
export type State = Record<string, string>;

/** A whole answer to a state: what it means, or why it means nothing. */
export interface Layer { size: number[]; plan: Plan; channels: Pair; from: Framework }
