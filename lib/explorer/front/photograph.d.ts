/* photograph.js is generated from lib.images (lib/explorer/front.py). */

export const PHOTOGRAPH: string; // base64, a byte a cell
export const SIDE: number;
export const STYLE: string;
