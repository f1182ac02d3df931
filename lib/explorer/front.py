"""The explorer's front end as one text, joined of its modules by `lib.front_end`.

`module` is an ES module (anywidget's), `script` a classic script (a page's), `style` the style sheet of both.
"""

import json
import re
from pathlib import Path

from .. import front_end, svg
from . import rules

FOLDER = Path(__file__).parent / "front"


def module(*entries):
    """An ES module whose default export holds what the entries (default: main.js) export."""
    return front_end.module(entries or ("main.js",), _read)


def script(*entries, name="TransposedConvolutionExplorer"):
    """The same as a classic script that sets `window.<name>`."""
    return front_end.script(entries or ("main.js",), _read, name)


def style():
    """The style sheet: the colours of `lib.svg`, light and dark, and the explorer's own rules."""
    dark = svg.in_the_dark("[data-explorer]", "color-scheme:dark")
    own = re.sub(r"/\*.*?\*/\n?", "", _read("explorer.css"), flags=re.DOTALL)
    return "\n".join([svg.theme_css("[data-explorer]"), dark, *filter(None, map(str.strip, own.split("\n")))])


def _read(name):
    if name == "constants.js":  # generated: what Python decides, for the front end to import
        return "".join(f"export const {key} = {json.dumps(of)};\n" for key, of in rules.constants().items())
    return (FOLDER / name).read_text(encoding="utf-8")
