"""The padded picture: what the window slides over."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..shapes import per_axis
from ..svg import Figure
from .cells import captioned, cells_for, small_cells_for
from .given import Padding, PerAxis, as_array, as_letters, as_number
from .model import Operation, Picture, as_operation, picture_of, spread_size, step_at
from .words import (
    after,
    array_text,
    cell_text,
    sentence,
    settings_text,
    size_text,
    spoken_size,
    texts,
    title_text,
)


class _Scene(NamedTuple):
    op: Operation
    letter: str
    picture: Picture
    output_size: tuple
    window: int | None  # the output cell whose window is outlined

    @property
    def step(self):
        at = np.unravel_index(self.window, self.output_size)
        return step_at(self.op, self.picture, self.op.kernel, at)


def _as_window(window, count):
    """The number of an output cell, or None."""
    if isinstance(window, (bool, np.bool_)):
        return 0 if window else None
    index = as_number("window", window)
    if index >= count:
        raise ValueError(f"window must be among the {count} output cells, got {window!r}")
    return index


def _draw(scene, caption):
    op, picture = scene.op, scene.picture
    cells = (cells_for if picture.values.size <= 81 else small_cells_for)(*texts(picture.values))
    plane = captioned(cells, picture.values.shape, caption)
    plane.fill(picture.values, picture.roles)
    plane.strike(picture.struck)
    if scene.window is not None:
        plane.outline_window(scene.step.start, op.kernel.shape, op.dilation)
    return plane.sheet


def done_to_input(op: Operation, picture: Picture) -> str:
    """What has been done to the input, in words."""
    done = ["zero-inserted"] if op.transposed and any(s > 1 for s in op.spatial(op.stride)) else []
    done += ["padded"] if any(n > m for n, m in zip(picture.values.shape, spread_size(op))) else []
    done += ["cropped"] if np.any(picture.crop) else []
    return " ".join([" and ".join(done), "input"]).strip()


def _spoken(scene):
    op, picture = scene.op, scene.picture
    what = (
        f"{sentence(done_to_input(op, picture))} {scene.letter}, {array_text(op.bare(picture.values), 100)}"
    )
    said = f"{what}{after('; ', settings_text(op))}."
    if picture.struck:
        said += f" {len(picture.struck)} cells that no window sees are struck out."
    return said if scene.window is None else f"{said} {_window_spoken(scene)}"


def _window_spoken(scene):
    op = scene.op
    place = cell_text(scene.window, op.spatial(scene.output_size))
    seen = np.count_nonzero(scene.step.row)  # the kernel is ones here
    return (
        f"The window of output position {place}, {spoken_size(op.spatial(op.kernel.shape))}, is outlined; "
        f"{seen} of its {op.kernel.size} cells lie on the input."
    )


def padded(
    input: ArrayLike,
    kernel_size: PerAxis,
    *,
    stride: PerAxis = 1,
    padding: Padding = 0,
    output_padding: PerAxis = 0,
    dilation: PerAxis = 1,
    transposed: bool = True,
    window: bool | int = True,
    letters: Sequence[str] | None = None,
) -> Figure:
    """What the window slides over: the input with zeros inserted between its cells and around them.

    Parameters
    ----------
    input : array, one or two axes
    kernel_size : int or one int per axis
    stride, padding, output_padding, dilation
        As in `conv_transpose`: stride - 1 zeros between cells, dilation * (kernel_size - 1) - padding around
        them. Where that is negative, cells are cut off, and drawn struck out.
    transposed : bool
        False draws the padded input of `conv`.
    window : bool or int
        Outline the first window, the window of this number, or none.
    letters : three strings, optional
        Names of input, kernel and output; by default x, w, y, and y, w, x for the transposed convolution.

    Examples
    --------
    >>> padded([[1, 2], [3, 4]], 3, stride=2)
    Figure('zero-inserted and padded input, 7 x 7')
    """
    array = as_array("input", input)
    kernel = np.ones(per_axis("kernel_size", kernel_size, array.ndim, minimum=1), dtype=int)
    op = as_operation(array, kernel, stride, padding, output_padding, dilation, transposed)
    letter, size = as_letters(letters, transposed)[0], op.output.shape
    scene = _Scene(op, letter, picture_of(op), size, _as_window(window, np.prod(size)))
    what, shape = done_to_input(op, scene.picture), size_text(op.spatial(scene.picture.values.shape))
    return Figure(title_text(f"{what}, {shape}"), _spoken(scene), [_draw(scene, f"{what} {letter}, {shape}")])
