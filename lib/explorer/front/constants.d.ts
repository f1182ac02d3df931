/* constants.js is generated from lib/explorer/rules.py (lib/explorer/front.py). */
import type { Field, SettingName, State } from "./types.d.ts";

type Ends = [number, number];
export const LIMITS: Record<string, Record<string, Ends>>;
export const HUES: number;
export const DASHES: number;
export const LARGEST: number;
export const PRESETS: Record<string, State>;
export const RANGES: Record<"speed" | "wanted_size", Ends>;
export const DEFAULTS: Omit<State, "input" | "weight">;
export const FIELDS: Field[];
export const SETTINGS: SettingName[];
export const GEOMETRY: Field[];
export const CONTROLS: string[];
export const PANELS: string[];
export const VIEWS: string[];
export const DELAYS: number[];
