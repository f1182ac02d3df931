// The colours of Python while it is being edited: the classes are those that Pygments gives the still page.

const KEYWORDS =
  "and as assert async await break class continue def del elif else except finally for from global if import in " +
  "is lambda nonlocal not or pass raise return try while with yield";
const CONSTANTS = "True False None";
const BUILTINS =
  "abs all any bool dict divmod enumerate float format int isinstance len list map max min print range repr " +
  "reversed round set sorted str sum tuple type zip";
/** @type {Map<string, string>} */
const WORDS = new Map();
for (const word of KEYWORDS.split(" ")) WORDS.set(word, "k");
for (const word of CONSTANTS.split(" ")) WORDS.set(word, "kc");
for (const word of BUILTINS.split(" ")) WORDS.set(word, "nb");
for (const word of ["and", "or", "not", "in", "is"]) WORDS.set(word, "ow");

// One alternative for each kind of token; what none of them takes is plain.
const TOKEN = new RegExp(
  [
    /(?<comment>#.*)/,
    /(?<string>[rbfuRBFU]{0,2}(?:"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))/,
    /(?<number>\b(?:0[xXbBoO][\da-fA-F_]+|\d[\d_]*\.?[\d_]*(?:[eE][+-]?\d+)?j?)|\.\d+)/,
    /(?<word>[\p{L}_][\p{L}\p{N}_]*)/u,
    /(?<operator>[-+*/%@&|^~<>=!.]+)/,
  ]
    .map((part) => part.source)
    .join("|"),
  "gu",
);
const CLASSES = { comment: "c1", string: "s2", number: "mi", operator: "o" };

/** @param {string} text */
const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Python source as HTML with Pygments' classes. @param {string} source */
export function highlight(source) {
  let html = "";
  let end = 0;
  for (const match of source.matchAll(TOKEN)) {
    const groups = match.groups ?? {};
    const kind = /** @type {keyof typeof CLASSES} */ (Object.keys(groups).find((name) => groups[name] !== undefined));
    const style = groups.word ? WORDS.get(groups.word) : CLASSES[kind];
    const token = escape(match[0]);
    html += escape(source.slice(end, match.index)) + (style ? `<span class="${style}">${token}</span>` : token);
    end = match.index + match[0].length;
  }
  return html + escape(source.slice(end));
}
