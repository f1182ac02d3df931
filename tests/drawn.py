"""Read a figure back from what it draws: cells, outlines, strikes, lines, arrows and texts with their places.

Nothing here knows how `lib.figures` draws; it reads the SVG that a page gets.
"""

import re
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np

ROLES = ("input", "kernel", "output", "zero", "empty")


class Box(NamedTuple):
    x: int
    y: int
    width: int
    height: int

    @property
    def right(self):
        return self.x + self.width

    @property
    def bottom(self):
        return self.y + self.height

    @property
    def middle(self):
        return self.x + self.width // 2, self.y + self.height // 2

    def grown(self, by):
        return Box(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)

    def holds(self, other):
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def meets(self, other):
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )


class Text(NamedTuple):
    text: str
    x: int
    y: int
    kinds: frozenset

    @property
    def font(self):
        return 22 if "sign" in self.kinds else 12 if "small" in self.kinds else 14

    @property
    def box(self):
        """The room that the text takes in a usual sans-serif font: 0.56 em a sign, narrow ones half of it."""
        narrow = sum(self.text.count(sign) for sign in ".,; ")
        width = round((len(self.text) - narrow / 2) * 0.56 * self.font)
        left = {"start": 0, "end": width}.get(next(iter(self.kinds & {"start", "end"}), ""), width // 2)
        return Box(self.x - left, self.y - self.font * 3 // 4, width, self.font * 3 // 4)


class Cell(NamedTuple):
    role: str
    box: Box
    label: Text | None
    opacity: str | None

    @property
    def text(self):
        return self.label.text if self.label else ""


class Wire(NamedTuple):
    """An arrow in any direction; `look` is its colour and its dashes."""

    x1: int
    y1: int
    x2: int
    y2: int
    look: tuple
    faint: bool


class Sheet(NamedTuple):
    """One drawing of a figure."""

    width: int
    height: int
    cells: list
    outlines: list  # boxes
    spans: list  # dashed boxes
    lines: list  # (x1, y1, x2, y2)
    arrows: list  # (x1, y1, x2, y2), the head at the second point
    stars: list  # boxes
    texts: list  # what does not stand in a cell
    wires: list
    cuts: list  # (x1, y1, x2, y2)

    @property
    def numbers(self):
        return [int(cell.text) for cell in self.cells]

    def of(self, *roles):
        return [cell for cell in self.cells if cell.role in roles]

    def inside(self, box):
        """Cells that lie in a box, in the order drawn."""
        return [cell for cell in self.cells if box.holds(cell.box)]

    @property
    def outlined(self):
        """The texts inside each outline."""
        return [[cell.text for cell in self.inside(box)] for box in self.outlines]

    @property
    def struck(self):
        """Cells that a line crosses from the lower left corner to the upper right."""
        lines = set(self.lines)
        return [c for c in self.cells if (c.box.x, c.box.bottom, c.box.right, c.box.y) in lines]


def _box(element):
    if "d" in element.attrib:  # a square with one corner cut
        x0, y0, right, bottom, left, y1 = map(int, re.fullmatch(
            r"M(-?\d+) (-?\d+)H(-?\d+)V(-?\d+)H(-?\d+)V(-?\d+)Z", element.get("d")).groups())  # fmt: skip
        assert x0 - left == y1 - y0 > 0
        return Box(left, y0, right - left, bottom - y0)
    return Box(*(int(element.get(name)) for name in ("x", "y", "width", "height")))


def _points(element):
    return [tuple(map(int, point.split(","))) for point in element.get("points").split()]


def _text(element):
    kinds = frozenset(name[3:] for name in element.get("class", "").split())
    return Text(element.text, int(element.get("x")), int(element.get("y")), kinds)


def read(svg):
    """One `<svg>` element of a figure's HTML as a Sheet."""
    width, height = int(svg.get("width")), int(svg.get("height"))
    assert svg.get("viewBox") == f"0 0 {width} {height}"
    sheet = Sheet(width, height, *([] for _ in Sheet._fields[2:]))
    for element in svg:
        kind = element.get("class", "tc-").split()[0][3:]
        if kind in ROLES and element.tag != "text":
            sheet.cells.append(Cell(kind, _box(element), None, element.get("fill-opacity")))
        elif element.tag == "text":
            _take_text(sheet, _text(element))
        elif kind == "wire":
            sheet.wires.append(Wire(*_ends(element), *_look(element)))
        elif kind == "tip":
            sheet.wires[-1] = _tipped(sheet.wires[-1], element)
        elif element.tag == "line":
            (sheet.cuts if kind == "cut" else sheet.lines).append(_ends(element))
        elif kind == "head":
            *tail, _, _ = sheet.lines.pop()
            sheet.arrows.append((*tail, *_points(element)[0]))
        elif kind == "star":
            xs, ys = zip(*_points(element))
            sheet.stars.append(Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)))
        else:
            {"lit": sheet.outlines, "span": sheet.spans}[kind].append(_box(element))
    return sheet


def _ends(line):
    return tuple(int(line.get(name)) for name in ("x1", "y1", "x2", "y2"))


def _look(element):
    kinds = element.get("class").split()
    return tuple(kind for kind in kinds if kind.startswith(("tc-hue", "tc-dash"))), "tc-faint" in kinds


def _tipped(wire, tip):
    """The wire as far as its tip, which has its colour, points its way and is no wider than eight pixels."""
    look, faint = _look(tip)
    assert look == wire.look[:1] and faint == wire.faint
    (x, y), *back = _points(tip)
    middle = np.mean(back, axis=0)
    way, along = np.subtract((wire.x2, wire.y2), (wire.x1, wire.y1)), np.subtract((x, y), middle)
    assert way @ along > 0.98 * np.linalg.norm(way) * np.linalg.norm(along)
    assert 7 <= np.linalg.norm(along) <= 9 and 5 <= np.linalg.norm(np.subtract(*back)) <= 7.5
    return wire._replace(x2=x, y2=y)


def _take_text(sheet, text):
    """A text that is written right after a cell and inside it is the cell's."""
    last = sheet.cells[-1] if sheet.cells else None
    inside = last and last.box.x <= text.x <= last.box.right and last.box.y <= text.y <= last.box.bottom
    if inside and last.label is None and not text.kinds & {"start", "end"}:
        sheet.cells[-1] = last._replace(label=text)
    else:
        sheet.texts.append(text)


def sheets(figure):
    """The drawings of a figure as a page gets them."""
    return [read(svg) for svg in ElementTree.fromstring(figure.html()).iter("svg")]


def sheet(figure):
    (only,) = sheets(figure)
    return only


def plane(cells):
    """Cells as rows and columns by their places; each place is taken once."""
    xs, ys = (sorted({getattr(cell.box, axis) for cell in cells}) for axis in "xy")
    grid = np.full((len(ys), len(xs)), None, dtype=object)
    for cell in cells:
        place = ys.index(cell.box.y), xs.index(cell.box.x)
        assert grid[place] is None, f"two cells at {cell.box}"
        grid[place] = cell
    assert all(cell is not None for cell in grid.ravel()), "the cells leave a place free"
    return grid


def values(cells):
    """The numbers of a plane of cells, by their places."""
    return np.vectorize(lambda cell: int(cell.text or 0), otypes=[int])(plane(cells))


def roles(cells):
    return np.vectorize(lambda cell: cell.role, otypes=[object])(plane(cells))


def marked(cells, some):
    """Which cells of a plane are among `some`, as an array of bools."""
    boxes = {cell.box for cell in some}
    return np.vectorize(lambda cell: cell.box in boxes, otypes=[bool])(plane(cells))


def pitch(cells):
    """The distances (across, down) between neighbours of a plane that has the same everywhere."""
    grid = plane(cells)
    across = {int(d) for d in np.diff([cell.box.x for cell in grid[0]])}
    down = {int(d) for d in np.diff([cell.box.y for cell in grid[:, 0]])}
    assert len(across) <= 1 and len(down) <= 1, (across, down)
    return (*across,), (*down,)
