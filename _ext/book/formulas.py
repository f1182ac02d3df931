r"""Formulas as MathML, set when the book is built: a browser shows them with no script.

The transpose has one look: `C^T`, `C^{\mathsf T}` and `C^\top` are all set as C with an upright sans-serif T.
"""

import base64
import re
from pathlib import Path

from docutils import nodes
from docutils.nodes import SkipNode
from math_core import LatexError, LatexToMathML
from sphinx.errors import ExtensionError

FONT = Path(__file__).parent.parent / "fonts" / "mathematics.woff2"
# The font comes within the sheet: a formula is never shown in another one first, so no line moves.
SHEET = """/* TeX Gyre Schola Math, cut and renamed; GUST Font License (LPPL 1.3c or later) */
@font-face{{font-family:"Book Mathematics";src:url(data:font/woff2;base64,{}) format("woff2")}}
math{{font-family:"Book Mathematics",math}}
"""
CONVERTER = LatexToMathML(fancy_error=False)
TRANSPOSE = re.compile(r"\^\s*(?:T\b|\{\s*T\s*\}|\\top\b|\\mathsf\s*T\b|\{?\s*\\mathsf\s*(?:\{T\}|T)\s*\}?)")


# Mathematics written in plain text: a letter with a hat, matrices with a raised T, + or -1, an inner product.
UNICODE = re.compile(
    r"⟨[^⟨⟩]+⟩|[A-Za-z]\u0302|C⁺"
    r"|(?<!\w)\(?(?:[A-Z] ?)?[A-Z]ᵀ(?: ?\([A-Z] ?[A-Z]ᵀ\)| ?[A-Z](?!\w))?\)?(?:⁻¹)?(?: ?[a-z](?!\w))?"
)
TEX = {"ᵀ": r"^{\mathsf{T}}", "⁺": "^{+}", "⁻¹": "^{-1}", "⟨": r"\langle ", "⟩": r"\rangle "}
# A formula and what stands at it without a space. (A word joiner between them holds nothing in Chromium.)
HELD = re.compile(r"([(\[“‘]*)(<math>(?:(?!</math>).)*</math>)([.,;:!?)\]”’]*)", re.DOTALL)
NOT_TEXT = (nodes.literal, nodes.math, nodes.math_block, nodes.FixedTextElement)  # the last: code and raw


def as_tex(text):
    """The TeX of mathematics in Unicode."""
    text = re.sub("(.)\u0302", r"\\hat{\1}", text)
    for sign, tex in TEX.items():
        text = text.replace(sign, tex)
    return text


def set_unicode(app, doctree, docname):
    """Make formulas of the mathematics in a page's text, so that a sign has one look in the book."""
    for text in list(doctree.findall(nodes.Text)):
        found = list(UNICODE.finditer(text))
        parent = text.parent
        while found and parent is not None and not isinstance(parent, NOT_TEXT):
            parent = parent.parent
        if not found or parent is not None:
            continue
        parts, end = [], 0
        for match in found:
            tex = as_tex(match[0].strip())
            parts += [nodes.Text(text[end : match.start()]), nodes.math(tex, tex)]
            end = match.end() - (len(match[0]) - len(match[0].rstrip()))
        text.parent.replace(text, [part for part in [*parts, nodes.Text(text[end:])] if part.astext()])


def mathml(tex, display=False):
    """The formula `tex` as a `<math>` element."""
    try:
        return CONVERTER.convert_with_local_state(TRANSPOSE.sub(r"^{\\mathsf{T}}", tex), displaystyle=display)
    except LatexError as error:
        raise ExtensionError(f"a formula cannot be set: {tex}: {error}") from error


def hold(body):
    """The text of a page, with each formula on one line with its brackets and the stop or comma behind it."""

    def held(match):
        return f'<span class="held">{match[0]}</span>' if match[1] or match[3] else match[0]

    return HELD.sub(held, body)


def visit_math(translator, node):
    translator.body.append(mathml(node.astext()))
    raise SkipNode


def visit_math_block(translator, node):
    translator.body.append(translator.starttag(node, "div", CLASS="math"))
    translator.body.append(mathml(node.astext(), display=True) + "</div>\n")
    raise SkipNode


def write_sheet(static):
    """The sheet of the pages that have formulas."""
    data = base64.b64encode(FONT.read_bytes()).decode("ascii")
    (static / "formulas.css").write_text(SHEET.format(data), encoding="utf-8", newline="\n")


def setup(app):
    app.connect("doctree-resolved", set_unicode)
    app.config.html_math_renderer = "mathml"
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_math_block, None))
