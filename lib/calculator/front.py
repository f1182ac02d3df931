"""The calculator's front end as one text, joined by `lib.front_end` of its own modules and the explorer's."""

import json
import re
from pathlib import Path
from typing import Any

from .. import front_end, svg
from ..dialects import tensorflow
from ..dialects.plan import Plan
from ..dialects.translate import FRAMEWORKS
from ..explorer import rules

LIB = Path(__file__).parent.parent
OURS = "calculator/front/"
_CAST = re.compile(r"/\*\* @type \{[^*\n]*?\} \*/ ?")  # a type within a line: a fifth of the text


def module(*entries: str) -> str:
    """An ES module whose default export holds what the entries (default: main.js) export."""
    return front_end.module([OURS + name for name in entries or ("main.js",)], _read)


def script() -> str:
    """The same as a classic script that sets `window.TransposedConvolutionCalculator`."""
    return front_end.script([OURS + "main.js"], _read, "TransposedConvolutionCalculator", only_used=True)


def style() -> str:
    """The style sheet: the colours of `lib.svg`, light and dark, and the calculator's own rules."""
    root = "[data-calculator]"
    own = re.sub(r"/\*.*?\*/\n?", "", _read(OURS + "calculator.css"), flags=re.DOTALL)
    dark = svg.in_the_dark(root, "color-scheme:dark")
    short = re.sub(r"^( +[\w-]+): ", r"\1:", own, flags=re.MULTILINE)  # a page counts its bytes
    return "".join([svg.theme_css(root), dark, *map(str.strip, short.split("\n"))])


def constants() -> dict[str, Any]:
    """What the front end is told, by the name that it has there."""
    return {
        "LIMIT": {name: module.LIMIT for name, module in FRAMEWORKS.items()},
        "TENSORFLOW_NOTE": {"groups": _note(groups=2), "dilations": _note(dilation=(2,))},
        "EXPLORER": rules.LIMITS,
    }


def _note(groups=1, dilation=(1,)):
    plan = Plan(None, (1,), dilation, groups, (0,), (1,), (), ())
    return tensorflow._note(plan)


def _read(name):
    if name == OURS + "constants.js":  # generated: what Python decides
        told = {key: json.dumps(of, separators=(",", ":")) for key, of in constants().items()}
        return "".join(f"export const {key} = {of};\n" for key, of in told.items())
    text = (LIB / name).read_text(encoding="utf-8")
    return _CAST.sub("", text) if name.endswith(".js") else text
