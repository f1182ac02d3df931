"""A stack of layers: what size comes out, how much of the input a cell sees, what it costs.

Layers here have one number for all axes, as almost every network has; sizes may differ between axes.
"""

from collections.abc import Sequence
from math import prod
from typing import NamedTuple

from .kernels import phase_overlap
from .shapes import Axes, conv_output_size, conv_transpose_output_size, per_axis

KINDS = ("conv", "conv_transpose", "pool")


class StackLayer(NamedTuple):
    """One layer of a stack. A pool is a window that moves as a convolution's does, and has no weights."""

    kind: str  # "conv", "conv_transpose" or "pool"
    kernel_size: int
    stride: int = 1
    padding: int = 0
    output_padding: int = 0  # of conv_transpose alone
    dilation: int = 1
    out_channels: int = 1  # a pool keeps the channels that it gets
    groups: int = 1


class StackRow(NamedTuple):
    """What one layer of a stack gives, seen from the stack's input."""

    size: Axes
    channels: int
    receptive_field: tuple[int, int]  # of an output cell without borders: the least and the most, on one axis
    overlap: Axes  # of conv_transpose: kernel elements per output cell, by phase, on one axis; else empty
    weights: int  # without bias
    multiplications: int  # for one image; products with padding count, cropped ones too


def _reached(cells, layer):
    """The cells of a layer's input that reach these cells of its output, on one axis without borders."""
    _, k, s, p, _, d, _, _ = layer
    if layer.kind != "conv_transpose":
        return {s * cell + d * j - p for cell in cells for j in range(k)}
    at = (cell + p - d * j for cell in cells for j in range(k))  # s times the input cell, if there is one
    return {n // s for n in at if n % s == 0}


def receptive_field(layers: Sequence[StackLayer]) -> tuple[int, int]:
    """How many input cells lie between the first and the last that reach an output cell, both included.

    Parameters
    ----------
    layers : sequence of StackLayer
        From the input on.

    Returns
    -------
    tuple of two ints
        The least and the most over the output cells far from every border, on one axis. They differ where a
        transposed convolution gives its cells different numbers of products; 0 is a cell that nothing
        reaches.

    Examples
    --------
    >>> receptive_field([StackLayer("conv", 3), StackLayer("conv", 3, stride=2)])
    (5, 5)
    >>> receptive_field([StackLayer("conv_transpose", 3, stride=2)])     # one input cell, or two
    (1, 2)
    """
    # After so many output cells the same pattern comes again.
    period = prod(layer.stride for layer in layers if layer.kind == "conv_transpose")
    widths = []
    for cell in range(period):
        cells = {cell}
        for layer in reversed(layers):
            cells = _reached(cells, layer)
        widths.append(max(cells) - min(cells) + 1 if cells else 0)
    return min(widths), max(widths)


def stack_rows(
    input_size: int | Sequence[int], layers: Sequence[StackLayer], channels: int = 1
) -> tuple[StackRow, ...]:
    """Size, receptive field, overlap, weights and multiplications, layer by layer.

    Parameters
    ----------
    input_size : int or one int per spatial axis
    layers : sequence of StackLayer
    channels : int
        Of the input.

    Returns
    -------
    tuple of StackRow, one per layer

    Raises
    ------
    ValueError
        If a layer cannot be, with its number, counted from 1.

    Examples
    --------
    Twice a stride of 2: from 7 cells a side to 28, as many generators do.

    >>> up = StackLayer("conv_transpose", 4, stride=2, padding=1, out_channels=64)
    >>> rows = stack_rows((7, 7), [up, up._replace(out_channels=1)], channels=128)
    >>> [row.size for row in rows], [row.overlap for row in rows]
    ([(14, 14), (28, 28)], [(2, 2), (2, 2)])
    >>> rows[0].weights, rows[1].receptive_field
    (131072, (2, 3))
    """
    size = per_axis("input_size", input_size, len(input_size) if isinstance(input_size, Sequence) else 1, 1)
    rows: list[StackRow] = []
    for number, layer in enumerate(layers, start=1):
        try:
            _check(layer, channels)
            row = _row(size, layers[:number], channels)
        except ValueError as error:
            raise ValueError(f"layer {number}: {error}") from None
        rows.append(row)
        size, channels = row.size, row.channels
    return tuple(rows)


def _check(layer, channels):
    if layer.kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {layer.kind!r}")
    if layer.kind != "conv_transpose" and layer.output_padding:
        raise ValueError(f"output_padding must be 0 for {layer.kind}, got {layer.output_padding}")
    if layer.kind != "pool" and (channels % layer.groups or layer.out_channels % layer.groups):
        raise ValueError(
            f"groups must divide the channels on both sides, "
            f"got groups {layer.groups}, channels {channels} and {layer.out_channels}"
        )


def _row(size, layers, channels):
    """The row of the last of the layers."""
    layer = layers[-1]
    kind, k, s, p, a, d, out_channels, groups = layer
    if kind == "conv_transpose":
        output = conv_transpose_output_size(size, k, s, p, a, d)
        overlap = tuple(phase_overlap(k, s, d).tolist())
    else:
        output, overlap = conv_output_size(size, k, s, p, d), ()
    if kind == "pool":
        return StackRow(output, channels, receptive_field(layers), (), 0, 0)
    weights = channels * out_channels // groups * k ** len(size)
    places = prod(size if kind == "conv_transpose" else output)  # of the kernel
    return StackRow(output, out_channels, receptive_field(layers), overlap, weights, places * weights)
