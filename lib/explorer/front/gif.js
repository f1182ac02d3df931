/* An animated GIF, byte by byte: one palette for all frames, and of each frame after the first only what is new. */

const COLOURS = 256;
const SAME = COLOURS - 1; // the number that says "as in the frame before"
// Packed, a number below 256 is itself, the next two are signs, and those above are rows that were seen.
const CLEAR = COLOURS;
const STOP = CLEAR + 1;
const MOST_ROWS = 4096;

/** @typedef {Uint32Array} Pixels a frame's colours, each red + 256 green + 65536 blue + the opaque rest */

/** @param {number} value */
const word = (value) => [value & 255, value >> 8];
/** @param {string} text */
const letters = (text) => [...text].map((letter) => letter.charCodeAt(0));
/** @param {number} colour */
const channels = (colour) => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255];

/** The colours that the frames have most of. @param {Pixels[]} frames */
export function paletteOf(frames) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const frame of frames) {
    let start = 0;
    for (let n = 1; n <= frame.length; n++) {
      if (n < frame.length && frame[n] === frame[start]) continue;
      counts.set(frame[start], (counts.get(frame[start]) ?? 0) + n - start);
      start = n;
    }
  }
  const often = [...counts].sort(([, a], [, b]) => b - a);
  return often.slice(0, SAME).map(([colour]) => colour);
}

/** Which number of the palette a colour gets: its own or that of the nearest. @param {number[]} palette */
function numbering(palette) {
  const known = new Map(palette.map((colour, number) => [colour, number]));
  const far = (/** @type {number} */ a, /** @type {number} */ b) => {
    const [from, to] = [channels(a), channels(b)];
    return from.reduce((sum, part, n) => sum + (part - to[n]) ** 2, 0);
  };
  const nearest = (/** @type {number} */ colour) =>
    palette.reduce((best, each, n) => (far(colour, each) < far(colour, palette[best]) ? n : best), 0);
  return (/** @type {number} */ colour) => {
    const number = known.get(colour) ?? nearest(colour);
    known.set(colour, number);
    return number;
  };
}

/** The numbers of a frame, packed: a row that was seen before is named by a number of its own (LZW).
 * @param {Uint8Array} numbers */
export function packed(numbers) {
  /** @type {number[]} */
  const bytes = [];
  let [held, bits, width, next] = [0, 0, 9, STOP + 1];
  /** @type {Map<number, number>} */
  let rows = new Map();
  const emit = (/** @type {number} */ code) => {
    held |= code << bits;
    for (bits += width; bits >= 8; bits -= 8) {
      bytes.push(held & 255);
      held >>>= 8;
    }
  };
  const learn = (/** @type {number} */ row) => {
    if (next === MOST_ROWS) {
      emit(CLEAR);
      [rows, width, next] = [new Map(), 9, STOP + 1];
      return;
    }
    if (next >= 1 << width) width += 1;
    rows.set(row, next);
    next += 1;
  };
  emit(CLEAR);
  let begun = numbers[0];
  for (let n = 1; n < numbers.length; n++) {
    const longer = begun * COLOURS + numbers[n];
    const known = rows.get(longer);
    if (known === undefined) {
      emit(begun);
      learn(longer);
    }
    begun = known ?? numbers[n];
  }
  emit(begun);
  emit(STOP);
  if (bits) bytes.push(held & 255);
  return bytes;
}

/** Bytes in blocks of at most 255, each with its length before it. @param {number[]} bytes */
function blocks(bytes) {
  const all = [];
  for (let at = 0; at < bytes.length; at += 255) {
    const block = bytes.slice(at, at + 255);
    all.push(block.length, ...block);
  }
  all.push(0);
  return all;
}

/** A file to which one frame is added after the other: only two of them are held at a time. */
export class Gif {
  /** @param {number[]} size width and height of each frame, in pixels @param {number[]} palette
   * @param {string} comment of letters that take a byte each */
  constructor(size, palette, comment) {
    const table = Array.from({ length: COLOURS }, (_, n) => channels(palette[n] ?? 0)).flat();
    const again = [0x21, 0xff, 11, ...letters("NETSCAPE2.0"), 3, 1, ...word(0), 0]; // without end
    const said = [0x21, 0xfe, ...blocks(letters(comment))];
    this.number = numbering(palette);
    this.size = size.flatMap(word);
    this.pieces = [[...letters("GIF89a"), ...this.size, 0xf7, 0, 0, ...table, ...again, ...said]];
    /** @type {Uint8Array | undefined} */
    this.before = undefined;
  }

  /** @param {Pixels} pixels @param {number} delay how long it is seen, in milliseconds */
  add(pixels, delay) {
    const numbers = this.numbered(pixels);
    const { before } = this;
    const fresh = before ? numbers.map((each, at) => (each === before[at] ? SAME : each)) : numbers;
    const control = [0x21, 0xf9, 4, 0b101, ...word(Math.round(delay / 10)), SAME, 0]; // it stays, and has a hole
    const place = [0x2c, ...word(0), ...word(0), ...this.size, 0];
    this.pieces.push([...control, ...place, 8], blocks(packed(fresh)));
    this.before = numbers;
  }

  /** @param {Pixels} pixels */
  numbered(pixels) {
    const numbers = new Uint8Array(pixels.length);
    for (let n = 0; n < pixels.length; n++) // most have the colour of the one before
      numbers[n] = n && pixels[n] === pixels[n - 1] ? numbers[n - 1] : this.number(pixels[n]);
    return numbers;
  }

  get file() {
    return new Blob([...this.pieces.map((piece) => Uint8Array.from(piece)), Uint8Array.of(0x3b)], { type: "image/gif" });
  }
}
