"""Overlap: how many stamps reach each output cell."""

import numpy as np

from ..shapes import per_axis
from ..svg import Figure, text_width
from .cells import captioned, small_cells_for
from .given import Padding, PerAxis
from .model import as_operation, stamp_of
from .words import after, number_text, rows_text, settings_text, spoken_size, texts

BELOW = 8  # how much lower than the stamps the counts stand


def _as_operation(kernel_size, stride, input_size, padding, output_padding, dilation):
    """Stamps of ones."""
    axes = max(len(v) if isinstance(v, (tuple, list)) else 1 for v in (kernel_size, stride))
    if axes > 2:
        raise ValueError(f"kernel_size must have one or two axes, got {kernel_size!r}")
    size = per_axis("input_size", input_size, axes, minimum=1)
    kernel = np.ones(per_axis("kernel_size", kernel_size, axes, minimum=1), dtype=int)
    return as_operation(np.ones(size, dtype=int), kernel, stride, padding, output_padding, dilation, True)


def _draw_bars(op, counts):
    """Each input cell's stamp on its own line above the output, then the counts."""
    cells = small_cells_for(*texts(counts), f"w{op.kernel.size - 1}")
    caption = f"kernel {op.kernel.size}{after(', ', settings_text(op))}"
    indent = text_width(f"x {op.input.size}", 12) + 16
    plane = captioned(cells, (op.input.size + 1, counts.size), caption, indent=indent, foot=BELOW)
    for row, at in enumerate(np.ndindex(*op.input.shape)):
        plane.name_row(row, f"y {row}", before=10)
        for (_, column), (_, tap) in stamp_of(op, at, counts.shape):
            plane.cell((row, column), "kernel", f"w{tap}")
    below = plane._replace(y=plane.corner((op.input.size, 0))[1] + BELOW)
    below.name_row(0, "x", before=10)
    _draw_counts(below, counts)
    return plane.sheet


def _draw_map(counts):
    plane = captioned(small_cells_for(*texts(counts)), counts.shape, "stamps that reach each output cell")
    _draw_counts(plane, counts)
    return plane.sheet


def _draw_counts(plane, counts):
    """Counts in output cells, the paler the fewer; a cell that nothing reaches is a cell of the role zero."""
    for at, count in np.ndenumerate(counts):
        if count:
            plane.cell(at, "output", number_text(count), opacity=int(100 * count // counts.max()))
        else:
            plane.cell(at, "zero", number_text(count))


def _spoken(op, counts, kernel, stride):
    extra = after(", ", settings_text(op._replace(stride=(1, 1))))
    return (
        f"Kernel {kernel}, stride {stride}{extra}, {spoken_size(op.spatial(op.input.shape))} input cells: "
        f"the output cells are reached by {rows_text(counts)} stamps."
    )


def overlap(
    kernel_size: PerAxis,
    stride: PerAxis,
    *,
    input_size: PerAxis = 4,
    padding: Padding = 0,
    output_padding: PerAxis = 0,
    dilation: PerAxis = 1,
) -> Figure:
    """How many stamps of a transposed convolution reach each output cell.

    Parameters
    ----------
    kernel_size, stride : int, or a pair for two axes
        One int draws one axis, with every stamp above the counts; a pair draws the map of a plane.
    input_size, padding, output_padding, dilation
        As in `conv_transpose`.

    Examples
    --------
    >>> overlap(3, 2).description
    'Kernel 3, stride 2, 4 input cells: the output cells are reached by 1 1 2 1 2 1 2 1 1 stamps.'
    """
    op = _as_operation(kernel_size, stride, input_size, padding, output_padding, dilation)
    counts = op.output
    kernel, strides = (spoken_size(op.spatial(size)) for size in (op.kernel.shape, op.stride))
    title = f"overlap, kernel {kernel}, stride {strides}".replace("by", "x")
    drawing = _draw_bars(op, counts) if op.axes == 1 else _draw_map(counts)
    return Figure(title, _spoken(op, counts, kernel, strides), [drawing])
