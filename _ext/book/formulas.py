r"""Formulas as MathML, set when the book is built: a browser shows them with no script.

The transpose has one look: `C^T`, `C^{\mathsf T}` and `C^\top` are all set as C with an upright sans-serif T.
"""

import base64
import re
from pathlib import Path

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


def mathml(tex, display=False):
    """The formula `tex` as a `<math>` element."""
    try:
        return CONVERTER.convert_with_local_state(TRANSPOSE.sub(r"^{\\mathsf{T}}", tex), displaystyle=display)
    except LatexError as error:
        raise ExtensionError(f"a formula cannot be set: {tex}: {error}") from error


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
    app.config.html_math_renderer = "mathml"
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_math_block, None))
