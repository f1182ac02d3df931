"""Walks: the window's way over the picture, one frame per output cell."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..shapes import effective_size
from ..svg import Drawing, Figure, text_width
from .cells import CAPTION, EDGE, Cells, Plane, cells_for, signed, small_cells_for
from .given import Padding, PerAxis, as_letters, as_number
from .model import Operation, Picture, as_operation, picture_of, step_at
from .pictures import done_to_input
from .words import (
    after,
    array_text,
    cell_text,
    number_text,
    row_text,
    rows_text,
    settings_text,
    spoken_size,
    texts,
)

ARROW = 44  # room for the arrow to the right of the picture
DROP = 34  # and beneath it
STRIP = 52  # height of a matrix row with its name
FEW = 4  # frames that are seen at a glance; more are shown in turn, where a page can


class _Walk(NamedTuple):
    """All steps of the window, and which of them are drawn."""

    op: Operation
    letters: tuple
    picture: Picture
    kernel: np.ndarray  # as it slides
    turned: bool
    steps: list
    output: np.ndarray  # what the steps make: with the rotation forgotten not the operation's
    chosen: list
    rows: bool

    def place(self, index):
        """The position of an output cell as it is written."""
        return cell_text(index, self.op.spatial(self.output.shape))


def _walk(op, letters, rotate, frames, rows):
    picture, turned, size = picture_of(op), op.transposed and rotate, op.output.shape
    kernel = op.kernel[::-1, ::-1] if turned else op.kernel
    chosen = _as_frames(frames, np.prod(size))
    steps = [step_at(op, picture, kernel, at) for at in np.ndindex(*size)]
    output = np.array([step.value for step in steps]).reshape(size)
    return _Walk(op, letters, picture, kernel, turned, steps, output, chosen, rows)


def _as_frames(frames, count):
    chosen = [as_number("frames", frame) for frame in (range(count) if frames is None else frames)]
    if not chosen or max(chosen) >= count:
        raise ValueError(f"frames must be among the {count} output cells, got {frames!r}")
    return chosen


class _Layout(NamedTuple):
    """Where the output stands in a frame, counted from the picture's corner, and the size of both."""

    size: tuple
    output: tuple
    output_cells: Cells


def _layout(walk, cells):
    return (_output_below if walk.op.axes == 1 else _output_right)(walk, cells)


def _output_right(walk, cells):
    (width, height), (wide, tall) = cells.extent(*walk.picture.values.shape), cells.extent(*walk.output.shape)
    output = width + ARROW, (height - tall) // 2  # the picture holds every window: it is the taller one
    return _Layout((output[0] + wide, height), output, cells)


def _output_below(walk, cells):
    """Each output cell under the middle of its window."""
    op, picture = walk.op, walk.picture
    width, height = cells.extent(*picture.values.shape)
    first = picture.start((0, 0))[1] + (effective_size(op.kernel.shape, op.dilation)[1] - 1) // 2
    spread = cells._replace(gap=cells.left(picture.step[1]) - cells.width)
    right = cells.left(first) + spread.extent(*walk.output.shape)[0]
    return _Layout((max(width, right), 2 * height + DROP), (cells.left(first), height + DROP), spread)


def _frame(walk, index):
    """The window on the picture, an arrow, the output so far; beneath, the row of the matrix."""
    cells = small_cells_for(*texts(walk.picture.values), *texts(walk.output))
    layout, strip = _layout(walk, cells), _strip_cells(walk, walk.steps[index].row)
    caption = f"{walk.letters[2]} {walk.place(index)} = {number_text(walk.steps[index].value)}"
    beneath = strip.extent(1, walk.op.input.size)[0] if walk.rows else 0
    x, y = EDGE, EDGE + CAPTION
    sheet = Drawing(
        max(layout.size[0], beneath, text_width(caption)) + 2 * EDGE,
        y + layout.size[1] + (STRIP if walk.rows else 0) + EDGE,
    )
    sheet.text(EDGE, 16, caption, "start", "strong")
    picture = Plane(sheet, x, y, cells)
    output = Plane(sheet, x + layout.output[0], y + layout.output[1], layout.output_cells)
    _draw_picture(walk, picture, walk.steps[index].start)
    _draw_arrow(walk, picture, output, index)
    _draw_output(walk, output, index)
    if walk.rows:
        _draw_strip(walk, Plane(sheet, x, y + layout.size[1] + STRIP - strip.height, strip), index)
    return sheet


def _draw_picture(walk, plane, start):
    plane.fill(walk.picture.values, walk.picture.roles)
    plane.strike(walk.picture.struck)
    plane.outline_window(start, walk.op.kernel.shape, walk.op.dilation)


def _draw_arrow(walk, picture, output, index):
    """From the picture to the output, which stands to its right; on one axis down to the output cell."""
    width, height = picture.cells.extent(*walk.picture.values.shape)
    if walk.op.axes == 1:
        x, y = output.corner((0, index))[0] + picture.cells.width // 2, picture.y + height
        picture.sheet.arrow(x, y + 5, x, y + 29)
    else:
        x, y = picture.x + width, picture.y + height // 2
        picture.sheet.arrow(x + 8, y, x + 36, y)


def _draw_output(walk, plane, index):
    """What is made so far; the newest cell is outlined."""
    for number, (at, value) in enumerate(np.ndenumerate(walk.output)):
        if number <= index:
            plane.cell(at, "output", number_text(value))
        else:
            plane.cell(at, "empty")
    plane.outline(np.unravel_index(index, walk.output.shape))


def _strip_cells(walk, row):
    """Cells of a matrix row, with a wider gap after every row of the input."""
    return cells_for(*texts(row), height=22, width=17, gap=2, font=12)._replace(
        block=(0, walk.op.input.shape[1])
    )


def _draw_strip(walk, plane, index):
    name = f"row {index} of {walk.op.matrix_name}"
    plane.sheet.text(plane.x, plane.y - 7, name, "small", "quiet", "start")
    row = walk.steps[index].row[np.newaxis]
    plane.fill(row, np.where(row != 0, "kernel", "zero"))


def _turn_spoken(walk, degrees):
    if not walk.op.transposed:
        return ""
    return f", rotated by 180{degrees}" if walk.turned else ", not rotated"


def _draw(walk):
    caption = f"kernel {walk.letters[1]}{_turn_spoken(walk, '°')}"
    kernel = signed(small_cells_for(*texts(walk.kernel)), walk.kernel, "kernel", caption, "").sheet
    kernel.ends_row = True
    frames = [_frame(walk, index) for index in walk.chosen]
    for frame in frames:
        frame.is_frame = len(frames) > FEW
    return [kernel, *frames]


def _spoken(walk):
    op = walk.op
    what = f"{done_to_input(op, walk.picture)} {walk.letters[0]}, {array_text(op.bare(walk.picture.values))}"
    slides = f"The window of {spoken_size(op.spatial(op.kernel.shape))} cells slides over the {what}"
    kernel = f"Kernel {walk.letters[1]}{_turn_spoken(walk, ' degrees')}: {rows_text(walk.kernel)}."
    frames = _frames_spoken(walk) if len(walk.chosen) <= FEW else _many_frames_spoken(walk)
    return f"{slides}{after('; ', settings_text(op))}. {kernel} {frames}"


def _frames_spoken(walk):
    said = []
    for index in walk.chosen:
        row = walk.steps[index].row
        made = f"Frame {walk.place(index)}: output {number_text(walk.steps[index].value)}"
        shown = f", row {index} of {walk.op.matrix_name} is {row_text(row)}"
        said.append(f"{made}{shown if walk.rows and row.size <= 16 else ''}.")
    return " ".join(said)


def _many_frames_spoken(walk):
    made = row_text([walk.steps[index].value for index in walk.chosen])
    said = f"{len(walk.chosen)} frames make the outputs {made}."
    return f"{said} Under each frame stands its row of {walk.op.matrix_name}." if walk.rows else said


def walk(
    input: ArrayLike,
    kernel: ArrayLike,
    *,
    stride: PerAxis = 1,
    padding: Padding = 0,
    output_padding: PerAxis = 0,
    dilation: PerAxis = 1,
    transposed: bool = False,
    rotate: bool = True,
    frames: Sequence[int] | None = None,
    rows: bool = True,
    letters: Sequence[str] | None = None,
) -> Figure:
    """The window's walk, one frame per output cell, each tied to its row of the matrix.

    A frame shows the window on the padded input, the output as far as it is made, and beneath it the row of C
    whose numbers are the kernel's at the input cells under the window. Transposed, the window slides over the
    zero-inserted and padded input with the rotated kernel, and the row is one of C^T.

    Parameters
    ----------
    input, kernel : array, one or two axes
    stride, padding, output_padding, dilation
        As in `conv` and `conv_transpose`.
    transposed : bool
        The padded picture of `conv_transpose`.
    rotate : bool
        False draws the transposed picture with the rotation forgotten: other numbers come out.
    frames : list of int, optional
        Which output cells, counted in row-major order; all of them by default.
    rows : bool
        False leaves the row of the matrix out.
    letters : three strings, optional
        Names of input, kernel and output; by default x, w, y, and y, w, x for the transposed convolution.

    Examples
    --------
    >>> walk(np.arange(16).reshape(4, 4), np.arange(1, 10).reshape(3, 3))
    Figure('walk of the window, 4 frames')
    """
    op = as_operation(input, kernel, stride, padding, output_padding, dilation, transposed)
    scene = _walk(op, as_letters(letters, transposed), rotate, frames, rows)
    count = len(scene.chosen)
    title = f"walk of the window, {count} frame{'s' if count > 1 else ''}"
    return Figure(title, _spoken(scene), _draw(scene))
