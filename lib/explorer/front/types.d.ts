/* The types of the explorer's front end, for JSDoc. */

export type Role = "input" | "kernel" | "output";
export type Nested = number[] | number[][];
/** One number, or one an axis; an axis of padding may have a pair of ends. */
export type Setting = number | (number | number[])[];
export type SettingName = "stride" | "padding" | "output_padding" | "dilation";
export type SliderName = "input_size" | "kernel_size" | "padding_after" | SettingName;

/** One axis: sizes i, k, o of input, kernel, output; s stride, p padding before, e at the end, a output padding,
 * d dilation. */
export interface Axis { i: number; k: number; s: number; p: number; e: number; a: number; d: number; o: number }

/** One product: flat, row-major positions of the cells that meet. */
export type Term = Record<Role, number>;

/** Sizes, and one number an axis for each setting. */
export interface Settings extends Record<SettingName | "padding_after", number[]> {
  input_size: number[];
  kernel_size: number[];
  transposed: boolean;
}

export interface Shape {
  axes: Axis[];
  transposed: boolean;
  input_size: number[];
  kernel_size: number[];
  output_size: number[];
  terms: Term[];
}

/** What stands at a place of the padded input: an input cell, or why there is none. */
export type Place = number | "padding" | "inserted";

/** Everything that one state shows. */
export interface Picture extends Shape {
  input: number[];
  weight: number[];
  bias: number;
  output: number[];
  inputs: number;
  byInput: Term[][];
  byKernel: Term[][];
  byOutput: Term[][];
  entry: Map<number, number>;
  padded: Place[][];
  large: "input" | "output";
  size: Record<string, number[]>;
}

/** The fields of lib.explorer.Explorer. */
export interface State extends Record<SettingName, Setting> {
  input: Nested;
  weight: Nested;
  transposed: boolean;
  view: string;
  per_axis: boolean;
  two_ends: boolean;
  bias: number;
  chosen: string;
  step: number | null;
  speed: number;
  wanted_size: number;
}
export type Field = keyof State;
export type Patch = Partial<State>;

/** Numbers that a reader has set, by place ("0,2"; one axis is row 0): they outlast the sizes in which they stand. */
export type Typed = Map<string, number>;
export type Memory = { input: Typed; weight: Typed };

export interface Refusal { field: string; text: string }

/** What the photograph goes through. */
export interface PhotoSettings { kernel_size: number; stride: number; padding: number; transposed: boolean }
export interface Processed { size: number; values: Float64Array; large: number; overlap: Uint8Array }

/** A setting that the size solver found, for one axis. */
export interface Solution {
  kernel_size: number;
  stride: number;
  padding: number;
  output_padding: number;
  dilation: number;
  even: boolean;
  alive: boolean; // no dead cell: each cell of the large side is met
}

/** A cell of a view. One without a name cannot be chosen. */
export interface Cell { at: number[]; name: string | null; text: string; kind: string }

/** Words, with numbers that stand in a cell: strings, and [role, text]. */
export type Piece = string | [string, string];

/** What anywidget hands over, and what a page has in its place. */
export interface Model {
  get(field: string): any;
  set(field: string, value: any): void;
  on(event: string, listener: () => void): void;
  off(event: string, listener: () => void): void;
  save_changes(): void;
}

/** An explorer's root, which lets others at its model. */
export type Root = HTMLElement & { explorer?: Model };
