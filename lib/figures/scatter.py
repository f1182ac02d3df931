"""Stamps: one scaled kernel per input cell, and their sum."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..svg import Figure
from .cells import signed, small_cells_for
from .given import Padding, PerAxis, as_letters
from .model import Operation, as_operation, outside, stamp_of
from .words import after, array_text, cell_text, number_text, settings_text, texts


class _Scene(NamedTuple):
    op: Operation
    letters: tuple
    whole: Operation  # without the crop
    total: np.ndarray  # the sum before the crop

    @property
    def struck(self):
        return outside(self.total.shape, self.op.padding)

    def inputs(self):
        """Each input cell: its position, that as it is written, its number."""
        for index, (at, value) in enumerate(np.ndenumerate(self.op.input)):
            yield at, cell_text(index, self.op.spatial(self.op.input.shape)), value

    def stamp(self, at):
        """One stamp on the whole output: its numbers, and the roles of the cells."""
        values, roles = np.zeros_like(self.total), np.full(self.total.shape, "empty", dtype=object)
        for cell, offset in stamp_of(self.whole, at, self.total.shape):
            values[cell], roles[cell] = self.op.input[at] * self.op.kernel[offset], "kernel"
        return values, roles


def _draw(scene):
    products = scene.op.input.ravel()[:, None] * scene.op.kernel.ravel()
    cells = small_cells_for(*texts(scene.total), *texts(products))
    planes = [
        signed(cells, *scene.stamp(at), f"{scene.letters[0]} {place} = {number_text(value)}", sign)
        for (at, place, value), sign in zip(scene.inputs(), [" ", *"+" * (scene.op.input.size - 1)])
    ]
    planes.append(signed(cells, scene.total, "output", f"sum {scene.letters[2]}", "="))
    for plane in planes:
        plane.strike(scene.struck)
    return [plane.sheet for plane in planes]


def _spoken(scene):
    op = scene.op
    said = [f"Transposed convolution as stamps{after(', ', settings_text(op))}."]
    if op.input.size <= 9:
        for _, place, value in scene.inputs():
            number = number_text(value)
            said.append(f"Input {place} holds {number} and adds {number} times the kernel.")
    said.append(f"Kernel {scene.letters[1]}: {array_text(op.bare(op.kernel))}.")
    said.append(f"Their sum is the output {scene.letters[2]}, {array_text(op.bare(op.output))}.")
    said += ["Cells that the padding crops are struck out."] if np.any(op.padding) else []
    return " ".join(said)


def stamps(
    input: ArrayLike,
    kernel: ArrayLike,
    *,
    stride: PerAxis = 1,
    padding: Padding = 0,
    output_padding: PerAxis = 0,
    dilation: PerAxis = 1,
    letters: Sequence[str] | None = None,
) -> Figure:
    """Transposed convolution as stamps that add: one scaled kernel per input cell, then the sum.

    Parameters
    ----------
    input, kernel : array, one or two axes
    stride, padding, output_padding, dilation
        As in `conv_transpose`. What padding crops is drawn struck out.
    letters : three strings, optional
        Names of input, kernel and output; by default x, w, y, and y, w, x for the transposed convolution.

    Examples
    --------
    >>> stamps([[1, 2], [3, 4]], np.arange(1, 10).reshape(3, 3))
    Figure('4 stamps and their sum')
    """
    op = as_operation(input, kernel, stride, padding, output_padding, dilation, True)
    whole = op._replace(padding=((0, 0), (0, 0)))
    scene = _Scene(op, as_letters(letters, True), whole, whole.output)
    return Figure(f"{op.input.size} stamps and their sum", _spoken(scene), _draw(scene))
