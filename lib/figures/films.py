"""Films: the steps of one operation as a picture that moves, one frame per step."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..moving import Film, Panel
from ..svg import text_width
from .cells import CAPTION, EDGE, Cells, Plane, cells_for
from .given import Padding, PerAxis, as_letters
from .model import as_operation, outside, picture_of, stamp_of, step_at
from .pictures import done_to_input
from .words import after, array_text, cell_text, number_text, sentence, settings_text, size_text, texts

BETWEEN = 28  # room for the arrow from the one plane to the other
NAME = 20  # and for the name above a plane
TILE = 14  # the kernel's number in the corner of a cell: a small cell of its own
RAISE = 5  # of a number over such a corner


class _Side(NamedTuple):
    """One of the two planes at one moment."""

    values: np.ndarray
    roles: np.ndarray
    struck: list  # cells that are not read, or cropped
    tiles: dict  # cell -> the kernel's number that meets it
    outlined: list  # (first cell, size, cells apart) of each frame around cells


class _Moment(NamedTuple):
    """One frame: what is written above it, what is read, what is made so far."""

    words: str
    source: _Side
    made: _Side


def _cell(at):
    """An outline around one cell."""
    return [(at, (1, 1), (1, 1))]


def _windows(op, letters, rotate):
    """A moment for each output cell: its window on the padded picture."""
    picture, size = picture_of(op), op.spatial(op.output.shape)
    kernel = op.kernel[::-1, ::-1] if op.transposed and rotate else op.kernel
    steps = [step_at(op, picture, kernel, at) for at in np.ndindex(*op.output.shape)]
    values = np.array([step.value for step in steps]).reshape(op.output.shape)
    for index, (at, step) in enumerate(zip(np.ndindex(*values.shape), steps)):
        under = _under(step.start, kernel, op.dilation)
        frame = [(step.start, kernel.shape, op.dilation)]
        roles = np.where(np.arange(values.size).reshape(values.shape) <= index, "output", "empty")
        yield _Moment(
            f"{letters[2]} {cell_text(index, size)} = {number_text(step.value)}",
            _Side(picture.values, picture.roles, picture.struck, under, frame),
            _Side(values, roles, [], {}, _cell(at)),
        )


def _under(start, kernel, dilation):
    """The kernel's number over each cell of its window."""
    return {
        tuple(a + d * k for a, d, k in zip(start, dilation, offset)): kernel[offset]
        for offset in np.ndindex(*kernel.shape)
    }


def _stamps(op, letters):
    """A moment for each input cell: its stamp, added to the output. What the padding crops is crossed out."""
    whole = op._replace(padding=((0, 0), (0, 0)))
    total, reached = np.zeros_like(whole.output), np.zeros(whole.output.shape, bool)
    inputs, cropped = np.full(op.input.shape, "input"), outside(total.shape, op.padding)
    for index, (at, value) in enumerate(np.ndenumerate(op.input)):
        stamp = {cell: op.kernel[offset] for cell, offset in stamp_of(whole, at, total.shape)}
        for cell, number in stamp.items():
            total[cell] += value * number
            reached[cell] = True
        place, number = cell_text(index, op.spatial(op.input.shape)), number_text(value)
        frame = [(next(iter(stamp)), op.kernel.shape, op.dilation)]
        # where no stamp came stands, in the end, a 0
        roles = np.where(reached | (index == op.input.size - 1), "output", "empty")
        yield _Moment(
            f"{letters[0]} {place} = {number} adds {number} · {letters[1]}",
            _Side(op.input, inputs, [], {}, _cell(at)),
            _Side(total.copy(), roles, cropped, stamp, frame),
        )


class _Scene(NamedTuple):
    """All moments, and how they are drawn."""

    moments: list
    names: tuple  # of what is read and of what is made, above the planes
    cells: Cells
    below: bool
    numbers: bool


def _cells(moments, numbers):
    """Cells that hold the largest number; without numbers, small ones."""
    if not numbers:
        return Cells(24, 24, 3, 12)
    planes = [moments[0].source.values, *(moment.made.values for moment in moments)]
    return cells_for(*{text for plane in planes for text in texts(plane)}, height=34, font=12)


class _Layout(NamedTuple):
    """Size of a panel, and the corners of both planes in it."""

    size: tuple
    source: tuple
    made: tuple


def _layout(scene):
    moment = scene.moments[0]
    planes = [scene.cells.extent(*side.values.shape) for side in (moment.source, moment.made)]
    head, words = EDGE, 0
    if scene.numbers:
        head += CAPTION + NAME
        words = max(text_width(moment.words) for moment in scene.moments)
        planes = [(max(wide, text_width(name, 12)), tall) for (wide, tall), name in zip(planes, scene.names)]
    return (_below if scene.below else _beside)(*planes, head, words, NAME if scene.numbers else 0)


def _below(source, made, head, words, name):
    """The input below the output, both in the middle."""
    width, top = max(source[0], made[0], words), head + made[1] + BETWEEN + name
    left, left_made = (EDGE + (width - wide) // 2 for wide in (source[0], made[0]))
    return _Layout((width + 2 * EDGE, top + source[1] + EDGE), (left, top), (left_made, head))


def _beside(source, made, head, words, name):
    """The input to the left of the output, both in the middle."""
    left, high = EDGE + source[0] + BETWEEN + 12, max(source[1], made[1])
    tops = [head + (high - tall) // 2 for tall in (source[1], made[1])]
    size = max(left + made[0], words) + EDGE, head + high + EDGE
    return _Layout(size, (EDGE, tops[0]), (left, tops[1]))


def _paint_side(scene, plane, side, name, raised):
    for at, role in np.ndenumerate(side.roles):
        plane.cell(at, role)
        if scene.numbers and role != "empty":
            _paint_number(plane, at, side.values[at], role, RAISE * raised)
    plane.strike(side.struck)
    for window in side.outlined:
        plane.outline_window(*window)
    _paint_tiles(plane, side.tiles, scene.numbers)
    if scene.numbers:
        plane.sheet.text(plane.x, plane.y - 9, name, "small", "quiet", "start")


def _paint_number(plane, at, value, role, up):
    x, y = plane.corner(at)
    quiet = ["quiet"] if role == "zero" else []
    middle = x + plane.cells.width // 2, y + plane.cells.height // 2 + 4 - up
    plane.sheet.text(*middle, number_text(value), *quiet, "small")


def _paint_tiles(plane, tiles, numbers):
    """The kernel's numbers in the lower right corners of the cells that they meet."""
    size = cells_for(*(texts(list(tiles.values())) if numbers else []), height=TILE, font=12, room=4)
    for at, number in tiles.items():
        x, y = plane.corner(at)
        right, bottom = x + plane.cells.width - 1, y + plane.cells.height - 1
        corner = right - size.width, bottom - size.height
        plane.sheet.cell(
            *corner, size.width, size.height, "kernel", number_text(number) if numbers else "", 12
        )


def _paint(scene, layout):
    """What draws a frame of the scene."""

    def paint(sheet, frame, x, y):
        moment = scene.moments[frame]
        source, made = (
            Plane(sheet, x + left, y + top, scene.cells) for left, top in (layout.source, layout.made)
        )
        if scene.numbers:
            sheet.text(x + EDGE, y + 16, moment.words, "start", "strong")
        for plane, side, name in zip((source, made), moment[1:], scene.names):
            _paint_side(scene, plane, side, name, bool(side.tiles))
        _paint_arrow(scene, source, made, moment)

    return paint


def _paint_arrow(scene, source, made, moment):
    """From what is read to what is made."""
    wide, _ = scene.cells.extent(*moment.source.values.shape)
    wide_made, tall_made = scene.cells.extent(*moment.made.values.shape)
    if scene.below:
        x, y = made.x + wide_made // 2, made.y + tall_made
        made.sheet.arrow(x, y + 23, x, y + 6)
    else:
        y = made.y + tall_made // 2
        made.sheet.arrow(max(source.x + wide + 8, made.x - 36), y, made.x - 8, y)


def _names(op, letters, moment, stamps):
    """What stands above the two planes."""
    done = "input" if stamps else done_to_input(op, picture_of(op))
    sizes = [size_text(op.spatial(side.values.shape)) for side in (moment.source, moment.made)]
    whole = " before the crop" if stamps and np.any(op.padding) else ""
    return f"{done} {letters[0]}, {sizes[0]}", f"output {letters[2]}{whole}, {sizes[1]}"


def _title(op):
    sizes = [size_text(op.spatial(plane.shape)) for plane in (op.input, op.kernel, op.output)]
    return f"{op.name}{after(', ', settings_text(op))}: {sizes[0]} and {sizes[1]} to {sizes[2]}"


def _spoken(op, letters, stamps, rotate):
    x, w, y = letters
    given = f"Input {x}: {array_text(op.bare(op.input))}. Kernel {w}: {array_text(op.bare(op.kernel))}."
    how = _stamps_spoken(op, y) if stamps else _windows_spoken(op, y, rotate)
    return f"{sentence(op.name)}{after(', ', settings_text(op))}. {given} {how}"


def _windows_spoken(op, letter, rotate):
    kernel = "kernel, rotated by 180 degrees," if op.transposed and rotate else "kernel"
    what = done_to_input(op, picture_of(op))
    return f"The {kernel} slides over the {what}: each position makes one cell of the output {letter}."


def _stamps_spoken(op, letter):
    cropped = "; cells that the padding crops are crossed out" if np.any(op.padding) else ""
    return f"Each input cell adds its number times the kernel to the output {letter}{cropped}."


def film(
    input: ArrayLike,
    kernel: ArrayLike,
    *,
    stride: PerAxis = 1,
    padding: Padding = 0,
    output_padding: PerAxis = 0,
    dilation: PerAxis = 1,
    transposed: bool = False,
    view: Literal["window", "stamps"] = "window",
    rotate: bool = True,
    numbers: bool = True,
    layout: Literal["below", "beside"] = "below",
    theme: Literal["light", "dark"] = "light",
    seconds: float = 0.8,
    letters: Sequence[str] | None = None,
) -> Film:
    """The steps of one operation as a picture that moves, to save as SVG or GIF.

    The kernel's number that meets a cell stands in the cell's corner, on the kernel's colour.

    Parameters
    ----------
    input, kernel : array, one or two axes
    stride, padding, output_padding, dilation
        As in `conv` and `conv_transpose`.
    transposed : bool
        The steps of `conv_transpose`.
    view : "window" or "stamps"
        A frame per output cell: the window on the padded input, transposed on the zero-inserted and padded
        one with the rotated kernel. Or, transposed only, a frame per input cell: its stamp on the output.
    rotate : bool
        False shows the windows of `conv_transpose` with the rotation forgotten: other numbers come out.
    numbers : bool
        False leaves out all numbers and words but the licence.
    layout : "below" or "beside"
        The input below the output, or to its left.
    theme : "light" or "dark"
    seconds : float
        How long a frame is shown.
    letters : three strings, optional
        Names of input, kernel and output; by default x, w, y, and y, w, x for the transposed convolution.

    Returns
    -------
    Film
        `save("name.svg")` and `save("name.gif")` write it; `svg()` and `gif()` give text and bytes.

    Examples
    --------
    >>> moving = film([[1, 2], [3, 4]], np.arange(1, 10).reshape(3, 3), stride=2, transposed=True)
    >>> moving
    Film('transposed convolution, stride 2: 2 × 2 and 3 × 3 to 5 × 5, 25 frames')
    >>> film([1, 2, 3], [1, 10], stride=2, transposed=True, view="stamps")
    Film('transposed convolution, stride 2: 3 cells and 2 cells to 6 cells, 3 frames')
    """
    op = as_operation(input, kernel, stride, padding, output_padding, dilation, transposed)
    _check(op, view, layout)
    letters, stamps = as_letters(letters, transposed), view == "stamps"
    moments = list(_stamps(op, letters) if stamps else _windows(op, letters, rotate))
    names = _names(op, letters, moments[0], stamps)
    scene = _Scene(moments, names, _cells(moments, numbers), layout == "below", numbers)
    places = _layout(scene)
    panel = Panel(places.size[0], places.size[1], len(moments), _paint(scene, places))
    return Film(_title(op), _spoken(op, letters, stamps, rotate), [panel], theme, seconds)


def _check(op, view, layout):
    for name, value, allowed in (
        ("view", view, ("window", "stamps")),
        ("layout", layout, ("below", "beside")),
    ):
        if value not in allowed:
            raise ValueError(f"{name} must be {allowed[0]!r} or {allowed[1]!r}, got {value!r}")
    if view == "stamps" and not op.transposed:
        raise ValueError("view must be 'window' for a convolution: stamps are the transposed convolution's")
