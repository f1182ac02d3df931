"""Wires: who meets whom on one axis, and through which number of the kernel."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..shapes import large_position
from ..svg import Drawing, Figure, text_width
from .cells import CAPTION, EDGE, Cells, Plane, captioned, small_cells_for
from .given import Padding, as_array, as_indices, as_letters, as_number
from .model import Operation, as_operation
from .words import after, number_text, row_text, settings_text, texts

CELL, ROWS = 32, 116  # height of a cell; room between the upper row and the lower one
NEAR, FAR = 22, 90  # how far from its end a wire bears its label, if the labels stand in one row; at most


class _Wire(NamedTuple):
    """What one window or stamp does with one number of the kernel."""

    upper: int  # below 0 or beyond the last: there is no such cell, only padding
    lower: int
    tap: int


class _Wiring(NamedTuple):
    """The large side x above, the small side y below: C goes down, C^T the same wires up."""

    op: Operation
    letters: tuple  # of the upper cells, the kernel, the lower cells
    upper: list  # what the cells of each side show
    lower: list
    lit: tuple | None  # ("upper" or "lower", the number of a cell)

    @property
    def taps(self):
        return self.op.kernel.size

    @property
    def padding(self):
        return self.op.padding[1]

    def wires(self):
        """Every wire, cell by cell of the lower side."""
        settings = self.op.stride[1:], self.op.dilation[1:], self.op.padding[1:]
        return [
            _Wire(*large_position((lower,), (tap,), *settings), lower, tap)
            for lower in range(len(self.lower))
            for tap in range(self.taps)
        ]

    def ends(self, wire):
        """Whether the wire ends at a cell, not in the padding."""
        return 0 <= wire.upper < len(self.upper)

    def is_lit(self, wire):
        return self.lit is None or getattr(wire, self.lit[0]) == self.lit[1]

    def lit_wires(self):
        """The wires of the chosen cell, from left to right."""
        return [wire for wire in self.wires() if self.lit and self.ends(wire) and self.is_lit(wire)]


def _as_wiring(op, named, letters, into, out_of):
    first, second = (
        [f"{letter}{n}" for n in range(plane.size)] if named else texts(plane)
        for letter, plane in zip(letters[::2], (op.input, op.output))
    )
    upper, lower = (second, first) if op.transposed else (first, second)
    above_below = letters[::-1] if op.transposed else letters
    return _Wiring(op, above_below, upper, lower, _as_lit(op, into, out_of))


def _as_lit(op, into, out_of):
    """The side and the number of the chosen cell."""
    if into is not None and out_of is not None:
        raise ValueError(f"only one of into and out_of can be given, got into {into!r}, out_of {out_of!r}")
    sides = ("lower", "upper") if op.transposed else ("upper", "lower")  # of input and output
    if into is not None:
        return sides[1], as_indices("into", (into,), op.output.size)[0]
    if out_of is not None:
        return sides[0], as_indices("out_of", (out_of,), op.input.size)[0]
    return None


class _Layout(NamedTuple):
    """Where the cells of both sides stand, and where a wire meets them."""

    upper: Plane
    lower: Plane
    before: int  # cells of padding before the first upper cell
    taps: int

    def top(self, wire):
        """A wire's end at its upper cell: the first number of the kernel meets it last, on the right."""
        x, y = self.upper.corner((0, wire.upper + self.before))
        return x + self._slot(self.taps - 1 - wire.tap), y + CELL + 3

    def bottom(self, wire):
        x, y = self.lower.corner((0, wire.lower))
        return x + self._slot(wire.tap), y - 3

    def _slot(self, number):
        return (2 * number + 1) * self.upper.cells.width // (2 * self.taps)


def _cells(wiring):
    """Wide enough for the numbers and for one wire with its label beside the other. All lengths are even."""
    numbers = [text_width(text, 12) + 8 for text in wiring.upper + wiring.lower]
    width = max(CELL, *numbers, wiring.taps * _label_width(wiring))
    width += width % 2
    return Cells(width, CELL, 8, 12)


def _label_width(wiring):
    return max(text_width(text, 12) for text in texts(wiring.op.kernel)) + 4


def _layout(wiring, caption):
    """Each lower cell under the middle of its window."""
    op, cells, (before, past) = wiring.op, _cells(wiring), wiring.padding
    pitch = cells.width + cells.gap
    x, y = EDGE, EDGE + CAPTION
    spread = cells._replace(gap=op.stride[1] * pitch - cells.width)
    left = x + op.dilation[1] * (wiring.taps - 1) * pitch // 2
    right = max(
        x + cells.extent(1, before + len(wiring.upper) + past)[0],
        left + spread.extent(1, len(wiring.lower))[0],
        x + text_width(caption),
    )
    sheet = Drawing(right + EDGE, y + 2 * CELL + ROWS + EDGE)
    sheet.text(x, 16, caption, "start")
    upper, lower = Plane(sheet, x, y, cells), Plane(sheet, left, y + CELL + ROWS, spread)
    return _Layout(upper, lower, before, wiring.taps)


def _draw(wiring):
    layout = _layout(wiring, _caption(wiring))
    wires = wiring.wires()
    # What is pointed at lies on top.
    for wire in sorted(wires, key=lambda wire: (wiring.is_lit(wire), wiring.ends(wire))):
        _draw_wire(wiring, layout, wire)
    for wire in wires:
        if wiring.ends(wire) and wiring.is_lit(wire):
            _draw_label(wiring, layout, wire)
    _draw_cells(wiring, layout)
    return layout.upper.sheet


def _draw_wire(wiring, layout, wire):
    top, bottom, faint = layout.top(wire), layout.bottom(wire), not wiring.is_lit(wire)
    if not wiring.ends(wire):
        layout.upper.sheet.line(*bottom, *top, kind="cut")
    elif wiring.op.transposed:
        layout.upper.sheet.wire(*bottom, *top, wire.tap, faint)
    else:
        layout.upper.sheet.wire(*top, *bottom, wire.tap, faint)


def _draw_label(wiring, layout, wire):
    """The kernel's number on its wire, near the chosen cell, or near the lower one."""
    start, end = layout.bottom(wire), layout.top(wire)
    if wiring.lit and wiring.lit[0] == "upper":
        start, end = end, start
    down, length = _label_depth(wiring, layout, wire.tap), abs(end[1] - start[1])
    x, y = (a + (b - a) * down // length for a, b in zip(start, end))
    number = number_text(wiring.op.kernel[0, wire.tap])
    layout.upper.sheet.text(x, y + 4, number, "small", "halo")


def _label_depth(wiring, layout, tap):
    """All in one row, or in a row for each number where the wires of neighbours cross too soon."""
    first, last = _Wire(0, 0, wiring.taps - 1), _Wire(0, 1, 0)  # of two neighbours, those that meet
    last_column = wiring.op.stride[1], wiring.op.dilation[1] * (wiring.taps - 1)
    first, last = first._replace(upper=last_column[1]), last._replace(upper=last_column[0])
    near = layout.bottom(last)[0] - layout.bottom(first)[0]
    far = layout.top(last)[0] - layout.top(first)[0]
    apart = near + (far - near) * NEAR // (ROWS - 6)
    if wiring.lit or len(wiring.lower) == 1 or apart >= _label_width(wiring):
        return NEAR
    return NEAR + tap * min(14, (FAR - NEAR) // (wiring.taps - 1))


def _draw_cells(wiring, layout):
    before, past = wiring.padding
    count = len(wiring.upper)
    roles = ("output", "input") if wiring.op.transposed else ("input", "output")
    for column in range(-before, count + past):
        inside = 0 <= column < count
        text = wiring.upper[column] if inside else "" if wiring.op.transposed else "0"
        layout.upper.cell((0, column + before), roles[0] if inside else "zero", text)
    if wiring.op.transposed:
        layout.upper.strike([(0, c) for c in range(before)] + [(0, before + count + c) for c in range(past)])
    for column, text in enumerate(wiring.lower):
        layout.lower.cell((0, column), roles[1], text)
    if wiring.lit:
        side, number = wiring.lit
        plane, column = (layout.upper, number + before) if side == "upper" else (layout.lower, number)
        plane.outline((0, column))


def _draw_key(wiring):
    """The kernel's numbers, each beside its wire."""
    numbers = texts(wiring.op.kernel)
    plane = captioned(small_cells_for(*numbers), (len(numbers), 1), f"kernel {wiring.letters[1]}")
    plane.sheet.width = max(plane.sheet.width, plane.x + plane.cells.width + 64 + EDGE)
    for tap, text in enumerate(numbers):
        plane.cell((tap, 0), "kernel", text)
        x, y = plane.corner((tap, 0))
        plane.sheet.wire(x + plane.cells.width + 8, y + 12, x + plane.cells.width + 64, y + 12, tap)
    return plane.sheet


def _caption(wiring):
    upper, _, lower = wiring.letters
    up = wiring.op.transposed
    said = f"{upper} = Cᵀ {lower}, arrows up" if up else f"{lower} = C {upper}, arrows down"
    return f"{said}: {_lit_words(wiring)}" if wiring.lit else said


def _lit_words(wiring):
    """The chosen cell and its kernel numbers from left to right: "into x 2 come 3 2 1"."""
    side, number = wiring.lit
    letter = wiring.letters[0 if side == "upper" else 2]
    arrive = (side == "upper") == wiring.op.transposed
    numbers = row_text([wiring.op.kernel[0, wire.tap] for wire in wiring.lit_wires()]) or "no numbers"
    return f"{'into' if arrive else 'out of'} {letter} {number} {'come' if arrive else 'go'} {numbers}"


def _spoken(wiring):
    upper, kernel, lower = wiring.letters
    ended = [wire for wire in wiring.wires() if wiring.ends(wire)]
    said = [
        f"Wires between {len(wiring.upper)} cells {upper} above and {len(wiring.lower)} cells {lower} below"
        f"{after('; ', settings_text(wiring.op))}.",
        f"The kernel {kernel} is {row_text(wiring.op.kernel)}; each wire is one number of the matrix C, "
        f"{len(ended)} in all.",
        f"Arrows go {'up: C transposed' if wiring.op.transposed else 'down: C'}.",
        *(_meets_spoken(wiring, cell) for cell in range(len(wiring.lower) if len(ended) <= 32 else 0)),
    ]
    cut = len(wiring.wires()) - len(ended)
    said += [f"{cut} more would end in the padding, and {'are' if cut > 1 else 'is'} cut."] if cut else []
    said += [f"The wires of one cell are lit: from left to right {_lit_words(wiring)}."] if wiring.lit else []
    return " ".join(said)


def _meets_spoken(wiring, cell):
    """One lower cell: the upper cells that it meets, and by which numbers."""
    wires = [wire for wire in wiring.wires() if wire.lower == cell and wiring.ends(wire)]
    upper, _, lower = wiring.letters
    if not wires:
        return f"{lower} {cell} meets no cell."
    numbers = row_text([wiring.op.kernel[0, wire.tap] for wire in wires])
    places = " ".join(str(wire.upper) for wire in wires)
    return f"{lower} {cell} meets {upper} {places} by {numbers}."


def wires(
    input: int | ArrayLike,
    kernel: ArrayLike,
    *,
    stride: int = 1,
    padding: Padding = 0,
    output_padding: int = 0,
    dilation: int = 1,
    transposed: bool = False,
    into: int | None = None,
    out_of: int | None = None,
    letters: Sequence[str] | None = None,
) -> Figure:
    """Who meets whom on one axis: a wire for each number of the matrix C, in its kernel number's pattern.

    The large side stands above, the small side below, each cell under the middle of its window. `conv` sends
    its arrows down; `conv_transpose` sends them up along the same wires. So the wires into one upper cell
    bring the kernel's numbers in reverse order. Wires that would end in the padding are drawn cut: there a
    convolution reads zeros, and a transposed convolution loses what it sends.

    Parameters
    ----------
    input : int, or array of one axis
        The size of the input, whose cells then bear their names, or its numbers: then the output's are shown.
    kernel : array of one axis
    stride, padding, output_padding, dilation
        As in `conv` and `conv_transpose`.
    transposed : bool
        Draw `conv_transpose` instead of `conv`.
    into : int, optional
        Stand on this output cell: its wires alone are labelled, the others are faint.
    out_of : int, optional
        The same for an input cell.
    letters : three strings, optional
        Names of input, kernel and output; by default x, w, y, and y, w, x for the transposed convolution.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range, `into` or `out_of` names no cell, or both are given.

    Examples
    --------
    >>> wires(5, [1, 2, 3])
    Figure('wires, 5 cells x and 3 cells y, down')
    >>> figure = wires(3, [1, 2, 3], transposed=True, into=2)
    >>> figure.description[-70:]
    'The wires of one cell are lit: from left to right into x 2 come 3 2 1.'
    """
    named = np.ndim(input) == 0
    array = np.ones(as_number("input", input, 1), int) if named else as_array("input", input, axes=(1,))
    op = as_operation(
        array, as_array("kernel", kernel, axes=(1,)), stride, padding, output_padding, dilation, transposed
    )
    wiring = _as_wiring(op, named, as_letters(letters, transposed), into, out_of)
    upper, _, lower = wiring.letters
    title = f"wires, {len(wiring.upper)} cells {upper} and {len(wiring.lower)} cells {lower}"
    drawings = [_draw_key(wiring), _draw(wiring)]
    return Figure(f"{title}, {'up' if transposed else 'down'}", _spoken(wiring), drawings)
