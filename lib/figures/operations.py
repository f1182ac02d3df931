"""One operation: input, kernel and output side by side."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..svg import Figure
from .cells import Plane, cells_for, signed
from .given import Padding, PerAxis, Position, as_letters, as_position
from .model import Operation, as_operation, picture_of, stamp_of
from .words import after, array_text, place_text, sentence, settings_text, size_text, texts, title_text


class _Scene(NamedTuple):
    """The three arrays that are drawn, and the chosen cell."""

    op: Operation
    letters: tuple
    output: np.ndarray
    seen: np.ndarray  # the input as it is drawn: for a convolution with its padding
    roles: np.ndarray
    at: tuple | None


def _scene(op, letters, at):
    output = op.output
    if at is not None:
        at = as_position("at", at, op.spatial(op.input.shape if op.transposed else output.shape))
    if op.transposed:
        return _Scene(op, letters, output, op.input, np.full(op.input.shape, "input"), at)
    picture = picture_of(op)
    return _Scene(op, letters, output, picture.values, picture.roles, at)


class _Planes(NamedTuple):
    input: Plane
    kernel: Plane
    output: Plane


def _draw(scene):
    cells = cells_for(*texts(scene.seen), *texts(scene.op.kernel), *texts(scene.output))
    x, w, y = scene.letters
    padded = ", padded" if "zero" in scene.roles else ""
    planes = _Planes(
        signed(cells, scene.seen, scene.roles, f"input {x}{padded}", ""),
        signed(cells, scene.op.kernel, "kernel", f"kernel {w}", "⋆ᵀ" if scene.op.transposed else "⋆"),
        signed(cells, scene.output, "output", f"output {y}", "="),
    )
    if scene.at is not None:
        planes.kernel.outline((0, 0), scene.op.kernel.shape)
        (_light_stamp if scene.op.transposed else _light_window)(scene, planes)
    return [plane.sheet for plane in planes]


def _light_window(scene, planes):
    """Outline the chosen output cell and its window."""
    start = [a * s for a, s in zip(scene.at, scene.op.stride)]
    planes.input.outline_window(start, scene.op.kernel.shape, scene.op.dilation)
    planes.output.outline(scene.at)


def _light_stamp(scene, planes):
    """Outline the chosen input cell, and where its stamp lands: in one frame if it lies there whole."""
    planes.input.outline(scene.at)
    reached = stamp_of(scene.op, scene.at, scene.output.shape)
    if len(reached) == scene.op.kernel.size and all(d == 1 for d in scene.op.dilation):
        planes.output.outline(reached[0][0], scene.op.kernel.shape)
        return
    for cell, _ in reached:
        planes.output.outline(cell)


def _spoken(scene):
    op = scene.op
    planes = op.input, op.kernel, scene.output
    arrays = [
        f"{name} {letter}, {array_text(op.bare(plane))}"
        for name, letter, plane in zip(("input", "kernel", "output"), scene.letters, planes)
    ]
    parts = [op.name + after(", ", settings_text(op)), *arrays]
    said = " ".join(f"{sentence(part)}." for part in parts)
    return said if scene.at is None else f"{said} {_lit_spoken(scene)}"


def _lit_spoken(scene):
    place = place_text(scene.op.spatial(scene.at))
    if not scene.op.transposed:
        return f"The window of output position {place} is outlined, and the output cell it makes."
    reached = len(stamp_of(scene.op, scene.at, scene.output.shape))
    return f"Input position {place} is outlined, with the {reached} output cells that its stamp reaches."


def _title(scene):
    op = scene.op
    first, second, third = (
        size_text(op.spatial(plane.shape)) for plane in (op.input, op.kernel, scene.output)
    )
    return title_text(f"{op.name}, {first} and {second} to {third}")


def operation(
    input: ArrayLike,
    kernel: ArrayLike,
    *,
    stride: PerAxis = 1,
    padding: Padding = 0,
    output_padding: PerAxis = 0,
    dilation: PerAxis = 1,
    bias: float = 0,
    transposed: bool = False,
    at: Position | None = None,
    letters: Sequence[str] | None = None,
) -> Figure:
    """Input, kernel and output of one operation side by side.

    Parameters
    ----------
    input, kernel : array, one or two axes
    stride, padding, output_padding, dilation
        As in `conv` and `conv_transpose`.
    bias : number
        Added to every cell of the output.
    transposed : bool
        Draw `conv_transpose` instead of `conv`.
    at : position, optional
        For `conv` an output cell: it is outlined with the input cells of its window.
        Transposed, an input cell: it is outlined with the output cells that its stamp reaches.
    letters : three strings, optional
        Names of input, kernel and output; by default x, w, y, and y, w, x for the transposed convolution.

    Examples
    --------
    >>> figure = operation(np.arange(16).reshape(4, 4), np.arange(1, 10).reshape(3, 3), at=(0, 0))
    >>> figure
    Figure('convolution, 4 x 4 and 3 x 3 to 2 x 2')
    >>> figure.description[-76:]
    'The window of output position 0,0 is outlined, and the output cell it makes.'
    """
    op = as_operation(input, kernel, stride, padding, output_padding, dilation, transposed, bias)
    scene = _scene(op, as_letters(letters, transposed), at)
    return Figure(_title(scene), _spoken(scene), _draw(scene))
