"""A sheet of pixels with the methods of `lib.svg.Drawing`: what draws an SVG draws an image here.

Needs Pillow, and a font that comes with matplotlib.
"""

import math
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from .svg import TOKENS, Drawing, file_rules

if TYPE_CHECKING:
    from PIL.Image import Image

FINER = 2  # shapes are drawn so many times larger, and then reduced: their edges are smooth
# What meets at an edge: ink, line or accent on one of these grounds. A palette has two mixtures of each pair.
_MEET = {
    "ink": ("input", "kernel", "output", "paper"),
    "line": ("zero", "kernel", "output", "paper"),
    "accent": ("input", "output", "paper"),
}


class Canvas(Drawing):
    """A sheet of `width` x `height` units in the colours of one theme; `scale` pixels are a unit.

    Its lines say what is to be drawn, in order; `draw` draws them.

    Examples
    --------
    >>> canvas = Canvas(40, 30, "dark", scale=2)
    >>> canvas.cell(2, 2, 24, 24, "input", "7")
    >>> canvas.reduced(canvas.draw(canvas.lines)).size
    (80, 60)
    """

    def __init__(self, width: int, height: int, theme: str = "light", scale: int = 1) -> None:
        super().__init__(width, height)
        self.rules = {name: _declared(rule) for name, rule in file_rules(theme).items()}
        self.unit = scale * FINER

    def draw(self, lines: Iterable[tuple], ground: "Image | None" = None) -> "Image":
        """An RGB image of Pillow, FINER times too large: these lines on paper, or on a copy of `ground`."""
        from PIL import Image, ImageDraw  # only who makes pictures of pixels needs it

        size, paper = (self.width * self.unit, self.height * self.unit), self.rules[".tc-plate"]["fill"]
        image = ground.copy() if ground else Image.new("RGB", size, paper)
        pen = ImageDraw.Draw(image)
        for name, *arguments in lines:
            getattr(self, f"_{name}")(pen, *arguments)
        return image

    def reduced(self, image: "Image") -> "Image":
        """The image in its own size."""
        return image.reduce(FINER)

    def rect(
        self,
        x: int,
        y: int,
        width: int,
        height: int,
        kind: str,
        radius: int | None = None,
        opacity: int | None = None,
    ) -> None:
        self.lines.append(("rect", x, y, width, height, radius or 0, kind))

    def line(self, x1: int, y1: int, x2: int, y2: int, kind: str = "line") -> None:
        self.lines.append(("path", ((x1, y1), (x2, y2)), kind))

    def head(self, corners: Iterable[tuple[int, int]]) -> None:
        self.lines.append(("polygon", tuple(corners), "head"))

    def cut_rect(self, x: int, y: int, width: int, height: int, cut: int) -> None:
        right, bottom = x + width, y + height
        corners = (x + cut, y), (right, y), (right, bottom), (x, bottom), (x, y + cut)
        self.lines.append(("polygon", corners, "kernel"))

    def text(self, x: int, y: int, text: str, *kinds: str) -> None:
        self.lines.append(("text", x, y, text, kinds))

    def _look(self, kind):
        """The rule of a kind, and how thick its border is in pixels."""
        look = self.rules[f".tc-{kind}"]
        return look, int(look.get("stroke-width", 1)) * self.unit if "stroke" in look else 0

    def _rect(self, pen, x, y, width, height, radius, kind):
        look, thick = self._look(kind)
        if "stroke-dasharray" in look:
            self._path(pen, _around(x, y, width, height, radius), kind)
            return
        left, top = x * self.unit - thick // 2, y * self.unit - thick // 2
        right, bottom = (x + width) * self.unit + thick // 2 - 1, (y + height) * self.unit + thick // 2 - 1
        look = {name: None if value == "none" else value for name, value in look.items()}
        box, round_ = (left, top, right, bottom), radius * self.unit
        pen.rounded_rectangle(box, round_, look["fill"], look.get("stroke"), thick)

    def _path(self, pen, points, kind):
        """A line through points, a unit apart if it is dashed."""
        look, thick = self._look(kind)
        places = [(x * self.unit, y * self.unit) for x, y in points]
        on, off = map(int, look.get("stroke-dasharray", f"{len(places)} 0").split())
        for start in range(0, len(places), on + off):
            pen.line(places[start : start + on + 1], look["stroke"], thick)

    def _polygon(self, pen, corners, kind):
        look, thick = self._look(kind)
        places = [(x * self.unit, y * self.unit) for x, y in corners]
        pen.polygon(places, look["fill"], look.get("stroke"), thick)

    def _text(self, pen, x, y, text, kinds):
        look = dict(self.rules["text"])
        for kind in kinds:
            look |= self.rules[f".tc-{kind}"]
        size = int((look.get("font-size") or look["font"].partition(" ")[0]).removesuffix("px"))
        anchor = {"middle": "ms", "start": "ls", "end": "rs"}[look["text-anchor"]]
        font = _font("font-weight" in look, size * self.unit)
        pen.text((x * self.unit, y * self.unit), text, look["fill"], font, anchor)


def _declared(rule):
    """The declarations of a rule: name -> value."""
    return dict(declaration.split(":", 1) for declaration in rule.split(";"))


def _around(x, y, width, height, radius):
    """Points about a unit apart on the border of a round rectangle, clockwise from the upper left."""
    points, steps = [], round(math.pi / 2 * radius) or 1
    for turn in range(4):
        across, along = math.cos(turn * math.pi / 2), math.sin(turn * math.pi / 2)
        # the side that begins here, in coordinates whose first axis points along it
        long, high = (width, height) if turn % 2 == 0 else (height, width)
        side = [(t - long / 2, -high / 2) for t in range(radius, long - radius + 1)]
        middle = long / 2 - radius, radius - high / 2
        corner = [
            (middle[0] + radius * math.sin(a), middle[1] - radius * math.cos(a))
            for a in (math.pi / 2 * n / steps for n in range(1, steps))
        ]
        points += [
            (x + width / 2 + a * across - b * along, y + height / 2 + a * along + b * across)
            for a, b in side + corner
        ]
    return [*points, points[0]]


@cache
def _font(bold, size):
    import matplotlib
    from PIL import ImageFont

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(Path(matplotlib.get_data_path(), "fonts", "ttf", name), size)


def palette(theme: str) -> list[tuple[int, ...]]:
    """The colours of an image in one theme: those of the figures, and two mixtures where two of them meet.

    Examples
    --------
    >>> len(palette("light")), palette("light")[0]
    (30, (207, 228, 247))
    """
    colours = {name.removeprefix("--tc-"): _channels(colour) for name, colour in TOKENS[theme].items()}
    pairs = [(colours[a], colours[b]) for a, grounds in _MEET.items() for b in grounds]
    mixed = [tuple(round((n * a + (3 - n) * b) / 3) for a, b in zip(*pair)) for pair in pairs for n in (1, 2)]
    return [*colours.values(), *mixed]


def _channels(colour):
    return tuple(bytes.fromhex(colour.removeprefix("#")))
