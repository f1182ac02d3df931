"""The explorer's front end as one text, joined of its modules by `lib.front_end`.

`module` is an ES module (anywidget's), `script` a classic script (a page's), `style` the style sheet of both.
"""

import base64
import json
import re
from pathlib import Path

import numpy as np

from .. import front_end, images, svg
from ..ops import conv
from . import rules

FOLDER = Path(__file__).parent / "front"


def module(*entries: str) -> str:
    """An ES module whose default export holds what the entries (default: main.js) export."""
    return front_end.module(entries or ("main.js",), _read)


def script(*entries: str, name: str = "TransposedConvolutionExplorer") -> str:
    """The same as a classic script that sets `window.<name>`."""
    return front_end.script(entries or ("main.js",), _read, name)


def style() -> str:
    """The style sheet: the colours of `lib.svg`, light and dark, and the explorer's own rules."""
    root = "[data-explorer]"
    colours = [svg.theme_css(root), svg.theme_css(root, svg.HUES), svg.in_the_dark(root, "color-scheme:dark")]
    wires = [f".tc-hue-{n}{{stroke:var(--tc-hue-{n});fill:var(--tc-hue-{n})}}" for n in range(_hues())]
    wires += [f".tc-dash-{n}{{stroke-dasharray:{dash}}}" for n, dash in enumerate(svg.DASHES)]
    return "\n".join([*colours, *(f".tc-wires {rule}" for rule in wires), *_rules("explorer.css")])


def _rules(name):
    """The lines of a style sheet without its comments."""
    own = re.sub(r"/\*.*?\*/\n?", "", _read(name), flags=re.DOTALL)
    return [line for line in map(str.strip, own.split("\n")) if line]


def photo_script() -> str:
    """The photograph that goes through a kernel, as a script of its own, fetched when the reader is near."""
    return front_end.script(("photo.js",), _read, "TransposedConvolutionPhoto", only_used=True)


def photograph() -> np.ndarray:
    """The cat's face, 64 x 64 whole numbers from 0 (black) to 255 (white): means of 2 x 2 cells.

    Examples
    --------
    >>> photograph().shape, photograph().dtype
    ((64, 64), dtype('uint8'))
    """
    cells = np.rint(255 * images.photographs()["chelsea"]).astype(int)
    sums = conv(cells[None, None], np.ones((1, 1, 2, 2), int), stride=2)[0, 0]
    return ((sums + 2) // 4).astype(np.uint8)


def _photograph():
    """What photo.js imports: the photograph's bytes, and the style that it brings."""
    root, cells = "[data-photo]", photograph()
    sheet = [svg.theme_css(root), svg.in_the_dark(root, "color-scheme:dark"), *_rules("photo.css")]
    data = base64.b64encode(cells.tobytes()).decode()
    return {"PHOTOGRAPH": data, "SIDE": len(cells), "STYLE": "\n".join(sheet)}


EMBED = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Transposed convolution: the explorer</title>
<link rel="icon" href="data:,">
<style>
body {{ margin: 0 }}
[data-explorer] {{ margin: 0 }}
{style}
</style>
<script>
const asked = new URLSearchParams(location.search).get("theme");
const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
document.documentElement.dataset.theme = ["dark", "light"].includes(asked) ? asked : system;
</script>
</head>
<body>
<main data-explorer aria-label="Explorer"><script type="application/json">{state}</script></main>
<noscript>The explorer needs JavaScript.</noscript>
<script>
{script}TransposedConvolutionExplorer.boot(document);
</script>
</body>
</html>
"""


def embed() -> str:
    """The explorer alone, as one file that needs no other: for an iframe in somebody's course.

    Its address takes what a link to a state has (`embed.html#explorer-1?stride=2`) and `?theme=dark`.
    """
    opening = rules.opening(None, None, {})
    state = json.dumps({name: opening[name] for name in ("input", "weight")} | {"chosen": "output:1,1"})
    return EMBED.format(style=style(), state=state, script=script())


def _hues():
    return len(svg.HUES["light"])


def _constants():
    return {**rules.constants(), "HUES": _hues(), "DASHES": len(svg.DASHES)}


_MADE = {"constants.js": _constants, "photograph.js": _photograph}


def _read(name):
    if name in _MADE:  # generated: what Python decides, for the front end to import
        return "".join(f"export const {key} = {json.dumps(of)};\n" for key, of in _MADE[name]().items())
    return (FOLDER / name).read_text(encoding="utf-8")
