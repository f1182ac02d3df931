"""One operation brought to the plane, and the geometry that its figures draw: who meets whom."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..ops import conv, conv_transpose
from ..shapes import (
    Axes,
    PaddingPerAxis,
    Pairs,
    PerAxis,
    conv_output_size,
    conv_transpose_output_size,
    effective_size,
    full_size,
    large_position,
    padding_pairs,
    per_axis,
)
from .given import as_array


class Operation(NamedTuple):
    """Input, kernel and settings of one operation on a plane: one axis becomes one row."""

    axes: int
    input: np.ndarray
    kernel: np.ndarray
    stride: tuple
    padding: tuple
    output_padding: tuple
    dilation: tuple
    transposed: bool
    bias: float = 0

    @property
    def name(self) -> str:
        return "transposed convolution" if self.transposed else "convolution"

    @property
    def matrix_name(self) -> str:
        return "Cᵀ" if self.transposed else "C"

    @property
    def settings(self) -> dict[str, Any]:
        return {"stride": self.stride, "padding": self.padding, "dilation": self.dilation}

    @property
    def output(self) -> np.ndarray:
        arrays = self.input[None, None], self.kernel[None, None]
        if self.transposed:
            sums = conv_transpose(*arrays, **self.settings, output_padding=self.output_padding)[0, 0]
        else:
            sums = conv(*arrays, **self.settings)[0, 0]
        return sums + self.bias

    def spatial(self, plane_size: Iterable) -> tuple:
        """A plane's size or position with the axes that the reader gave."""
        return tuple(plane_size)[2 - self.axes :]

    def bare(self, plane: np.ndarray) -> np.ndarray:
        """A plane with the axes that the reader gave."""
        return plane.reshape(self.spatial(plane.shape))


def as_operation(
    input: ArrayLike,
    kernel: ArrayLike,
    stride: PerAxis,
    padding: PaddingPerAxis,
    output_padding: PerAxis,
    dilation: PerAxis,
    transposed: bool,
    bias: float = 0,
) -> Operation:
    """The checked operation."""
    input, kernel = as_array("input", input), as_array("kernel", kernel)
    if input.ndim != kernel.ndim:
        raise ValueError(
            f"kernel must have as many axes as input, got kernel {kernel.shape}, input {input.shape}"
        )
    axes = input.ndim
    stride = per_axis("stride", stride, axes, minimum=1)
    dilation = per_axis("dilation", dilation, axes, minimum=1)
    pairs = padding_pairs(padding, axes)
    output_padding = per_axis("output_padding", output_padding, axes)
    _check_size(input.shape, kernel.shape, stride, pairs, output_padding, dilation, transposed)
    plane = [_to_plane(array.shape, (1,)) for array in (input, kernel)]
    return Operation(
        axes,
        input.reshape(plane[0]),
        kernel.reshape(plane[1]),
        _to_plane(stride, (1,)),
        _to_plane(pairs, ((0, 0),)),
        _to_plane(output_padding, (0,)),
        _to_plane(dilation, (1,)),
        bool(transposed),
        bias,
    )


def _check_size(input_size, kernel_size, stride, pairs, output_padding, dilation, transposed):
    if transposed:
        conv_transpose_output_size(input_size, kernel_size, stride, pairs, output_padding, dilation)
        return
    if any(output_padding):
        raise ValueError(f"output_padding must be 0 for a convolution, got {output_padding}")
    conv_output_size(input_size, kernel_size, stride, pairs, dilation)


def _to_plane(values, first):
    """One entry per axis of the plane: `first` comes before a single one."""
    return (first + tuple(values))[-2:]


class Picture(NamedTuple):
    """What the window slides over: the padded input; transposed, the zero-inserted and padded one."""

    values: np.ndarray
    roles: np.ndarray  # "input", or "zero" where there is nothing
    cells: np.ndarray  # number of the input cell, -1 where there is nothing
    crop: tuple  # (before, after) per axis: cells that no window sees, as padding is more than full
    step: tuple  # of the window per output cell

    @property
    def struck(self) -> list[tuple[int, int]]:
        return outside(self.values.shape, self.crop)

    def start(self, at: Sequence[int]) -> Axes:
        """Where the window of an output cell starts."""
        return tuple(int(before + s * a) for (before, _), s, a in zip(self.crop, self.step, at))


def picture_of(op: Operation) -> Picture:
    spread = op.stride if op.transposed else (1, 1)
    cells = np.full(spread_size(op), -1)
    cells[:: spread[0], :: spread[1]] = np.arange(op.input.size).reshape(op.input.shape)
    ends = _ends(op)
    cells = np.pad(cells, [(max(b, 0), max(a, 0)) for b, a in ends], constant_values=-1)
    values = np.where(cells >= 0, op.input.ravel()[cells], 0)
    crop = tuple((max(-b, 0), max(-a, 0)) for b, a in ends)
    roles = np.where(cells >= 0, "input", "zero")
    return Picture(values, roles, cells, crop, (1, 1) if op.transposed else op.stride)


def spread_size(op: Operation) -> Axes:
    """The size of the input; transposed, of the zero-inserted one."""
    return full_size(op.input.shape, (1, 1), op.stride if op.transposed else (1, 1), (1, 1))


def _ends(op):
    """How many cells of nothing stand (before, after) the input on each axis; below 0: it is cut."""
    if not op.transposed:
        return op.padding
    reach = [size - 1 for size in effective_size(op.kernel.shape, op.dilation)]
    return [(r - b, r - a + o) for r, (b, a), o in zip(reach, op.padding, op.output_padding)]


def outside(shape: Sequence[int], crop: Pairs) -> list[tuple[int, int]]:
    """Positions of a plane that lie in the margin (before, after) of each axis."""
    (top, bottom), (left, right) = crop
    rows, columns = shape
    return [
        (row, column)
        for row, column in np.ndindex(rows, columns)
        if row < top or row >= rows - bottom or column < left or column >= columns - right
    ]


class Step(NamedTuple):
    """One position of the window."""

    start: tuple
    row: np.ndarray  # the row of the matrix: a kernel's number for each input cell, or 0
    value: float  # the output that it makes


def step_at(op: Operation, picture: Picture, kernel: np.ndarray, at: Sequence[int]) -> Step:
    """The window that makes the output cell `at`, with `kernel` sliding over the picture."""
    start, row, value = picture.start(at), np.zeros(op.input.size, kernel.dtype), 0
    for offset in np.ndindex(*kernel.shape):
        under = tuple(a + d * k for a, d, k in zip(start, op.dilation, offset))
        value += kernel[offset] * picture.values[under]
        if picture.cells[under] >= 0:
            row[picture.cells[under]] = kernel[offset]
    return Step(start, row, value)


def stamp_of(op: Operation, at: Sequence[int], output_size: Sequence[int]) -> list[tuple[Axes, Axes]]:
    """The output cells that an input cell's stamp reaches after the crop, each with its kernel index."""
    reached = []
    for offset in np.ndindex(*op.kernel.shape):
        cell = large_position(at, offset, op.stride, op.dilation, op.padding)
        if all(0 <= c < n for c, n in zip(cell, output_size)):
            reached.append((cell, offset))
    return reached
