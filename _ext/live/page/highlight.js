// The colours of Python while it is being edited: the classes are those that Pygments gives the still page. Names,
// operators and punctuation have none there (see _ext/book/lean.py), and none here.

const KEYWORDS =
  "and as assert async await break class continue def del elif else except finally for from global if import in " +
  "is lambda nonlocal not or pass raise return try while with yield";
const CONSTANTS = "True False None";
const BUILTINS =
  "abs aiter all any anext ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex " +
  "delattr dict dir divmod enumerate eval filter float format frozenset getattr globals hasattr hash hex id input " +
  "int isinstance issubclass iter len list locals map max memoryview min next object oct open ord pow print " +
  "property range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip";
/** @type {Map<string, string>} */
const WORDS = new Map();
for (const word of KEYWORDS.split(" ")) WORDS.set(word, "k");
for (const word of CONSTANTS.split(" ")) WORDS.set(word, "kc");
for (const word of BUILTINS.split(" ")) WORDS.set(word, "nb");
for (const word of ["and", "or", "not", "in", "is"]) WORDS.set(word, "ow");
const ERROR = /^(?:[A-Z]\w*(?:Error|Warning|Exception)|StopIteration|KeyboardInterrupt|SystemExit)$/;

// One alternative for each kind of token; what none of them takes is plain.
const TOKEN = new RegExp(
  [
    /(?<comment>#.*)/,
    /(?<string>[rbfuRBFU]{0,2}(?:"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))/,
    /(?<number>\b(?:0[xXbBoO][\da-fA-F_]+|\d[\d_]*\.?[\d_]*(?:[eE][+-]?\d+)?)|(?<![\w\])])\.\d+)/,
    /(?<special>__(?:name|file|doc|dict|class|module)__\b)/,
    /(?<word>(?<!\.)[\p{L}_][\p{L}\p{N}_]*)/u,
    /(?<part>[\p{L}_][\p{L}\p{N}_]*)/u, // of another name, behind a dot
  ]
    .map((part) => part.source)
    .join("|"),
  "gu",
);
const CLASSES = Object.entries({ comment: "c1", string: "s2", number: "mi", special: "vm" });

/** @param {string} text */
const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** @param {string | undefined} style @param {string} text */
const span = (style, text) => (style && text ? `<span class="${style}">${escape(text)}</span>` : escape(text));

/** The class of a word. @param {string} word @param {string} before the text before it */
function styleOf(word, before) {
  if (/\b(?:def|class) +$/.test(before)) return "nf";
  return ERROR.test(word) ? "ne" : WORDS.get(word);
}

/**
 * Where in an f-string the code ends that begins at `start`, and where its braces close.
 * @param {string} text @param {number} start
 */
function fieldAt(text, start) {
  let depth = 0;
  let code = 0;
  for (let at = start; at < text.length; at += 1) {
    const letter = text[at] ?? "";
    if (letter === "}" && !depth) return { code: code || at, close: at };
    if ("([{".includes(letter)) depth += 1;
    else if (")]}".includes(letter)) depth -= 1;
    else if (!depth && !code && (letter === ":" || (letter === "!" && text[at + 1] !== "="))) code = at;
  }
  return { code: code || text.length, close: text.length };
}

/** An f-string: what stands in braces is code, with a format behind a colon. @param {string} text */
function formatted(text) {
  let html = "";
  let end = 0;
  for (let at = text.indexOf("{"); at >= 0; at = text.indexOf("{", at)) {
    if (text[at + 1] === "{") {
      at += 2;
      continue;
    }
    const { code, close } = fieldAt(text, at + 1);
    html += span("s2", text.slice(end, at + 1)) + highlight(text.slice(at + 1, code));
    html += formatted(text.slice(code, close));
    at = end = close;
  }
  return html + span("s2", text.slice(end));
}

/** Python source as HTML with Pygments' classes. @param {string} source */
export function highlight(source) {
  let html = "";
  let end = 0;
  for (const { 0: token, index, groups = {} } of source.matchAll(TOKEN)) {
    html += escape(source.slice(end, index));
    const kind = CLASSES.find(([name]) => groups[name] !== undefined);
    if (groups.word) html += span(styleOf(token, source.slice(Math.max(0, index - 9), index)), token);
    else if (/^[rR]?[fF]["']/.test(token)) html += formatted(token);
    else html += span(kind?.[1], token);
    end = index + token.length;
  }
  return html + escape(source.slice(end));
}
