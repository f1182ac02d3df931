"""The two operators, and the two matrices that they swap."""

from ..svg import Drawing, Figure
from .cells import EDGE

_SPOKEN = (
    "Convolution: forward, x goes through C to y; backward, the gradient of the loss by y goes through "
    "C transposed to the gradient by x. "
    "Transposed convolution: forward, y goes through C transposed to x; backward, the gradient by x goes "
    "through C to the gradient by y. Forward and backward are swapped."
)
_CELL, _LEFT, _RIGHT = (64, 44), EDGE + 64, 250  # size of a cell, left edges of the two


def _draw(name, start, end, forward, backward):
    sheet = Drawing(320, 164)
    sheet.text(EDGE, 18, name, "start", "strong")
    _draw_direction(sheet, 32, "forward", start, end, forward, "{}")
    _draw_direction(sheet, 108, "backward", start, end, backward, "∂L/∂{}")
    return sheet


def _draw_direction(sheet, y, name, start, end, symbol, label):
    """From start to end, or back, through the matrix with this symbol."""
    for x, (letter, role) in ((_LEFT, start), (_RIGHT, end)):
        sheet.cell(x, y, *_CELL, role, label.format(letter))
    ends = _LEFT + _CELL[0] + 8, _RIGHT - 8
    tail, head = ends if name == "forward" else ends[::-1]
    sheet.arrow(tail, y + 22, head, y + 22)
    sheet.text(192, y + 14, symbol, "strong")
    sheet.text(EDGE, y + 27, name, "small", "quiet", "start")


def operators() -> Figure:
    """The two operators and their backward passes: the same two matrices, swapped.

    Examples
    --------
    >>> operators()
    Figure('two operators, swapped')
    """
    drawings = [
        _draw("convolution", ("x", "input"), ("y", "output"), "C", "Cᵀ"),
        _draw("transposed convolution", ("y", "input"), ("x", "output"), "Cᵀ", "C"),
    ]
    return Figure("two operators, swapped", _SPOKEN, drawings)
