"""The two operators: `conv`, and `conv_transpose`, which sends every number back the way it came.

Both walk through the same windows with the same weight array. `conv` reads a window of its input and adds
to the output; `conv_transpose` reads its input and adds to a window of the output. That exchange is all
there is to it; how the work is done fast follows behind the two.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import ceil, gcd, prod
from operator import sub
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .shapes import Axes, check_conv, check_conv_transpose


def taps(kernel_size, size, stride, dilation):
    """Yield each kernel element's index with the window of the large array that it touches.

    The large array is the one that the kernel moves over: the padded input of `conv`, the uncropped output of
    `conv_transpose`. `size` is the size of the small one: how many positions the kernel takes on each axis.

    Examples
    --------
    >>> [(offset, window[1:]) for offset, window in taps((2,), (3,), (2,), (1,))]
    [((0,), (slice(0, 5, 2),)), ((1,), (slice(1, 6, 2),))]
    """
    for offset in np.ndindex(*kernel_size):
        starts = [d * k for d, k in zip(dilation, offset)]
        window = (slice(at, at + s * (n - 1) + 1, s) for at, s, n in zip(starts, stride, size))
        yield offset, (..., *window)


def grouped(array, axis, groups):
    """Split one axis of an array into two, (groups, axis // groups)."""
    shape = array.shape
    return array.reshape(*shape[:axis], groups, shape[axis] // groups, *shape[axis + 1 :])


def _ungrouped(array):
    """Join the two axes (groups, channels // groups) behind the batch into one."""
    return array.reshape(array.shape[0], array.shape[1] * array.shape[2], *array.shape[3:])


def conv(input, weight, bias=None, *, stride=1, padding=0, dilation=1, groups=1):
    """Convolution as deep learning says it: the kernel moves over the input, not rotated (cross-correlation).

    Parameters
    ----------
    input : array, shape (batch, in_channels, *input_size)
    weight : array, shape (out_channels, in_channels // groups, *kernel_size)
    bias : array, shape (out_channels,), optional
        Added to every cell of its channel.
    stride, dilation : int or one int per spatial axis
        In cells: the step from one window to the next, and from one kernel element to the next.
    padding : int or one entry per spatial axis, each an int or a (before, after) pair
        Zeros around the input, in cells.
    groups : int
        Divides in_channels and out_channels; each group of inputs feeds only its own group of outputs.

    Returns
    -------
    array, shape (batch, out_channels, *output_size)
        output_size = (input_size + before + after - dilation * (kernel_size - 1) - 1) // stride + 1.
        The dtype is NumPy's result_type of the arrays given; integers that grow too large for it wrap around.

    Raises
    ------
    ValueError, TypeError
        If a setting is out of range or the shapes do not fit, before any work is done.

    Examples
    --------
    >>> x = np.arange(16).reshape(1, 1, 4, 4)
    >>> kernel = np.arange(1, 10).reshape(1, 1, 3, 3)
    >>> conv(x, kernel)[0, 0]
    array([[303, 348],
           [483, 528]])

    References
    ----------
    Dumoulin and Visin (2016), chapter 2. arXiv:1603.07285
    """
    checked = check_conv(input, weight, bias, stride, padding, dilation, groups)
    input, weight, bias, settings, output_size = checked
    dtype = np.result_type(input, weight) if bias is None else np.result_type(input, weight, bias)
    groups = settings.groups
    input = grouped(input.astype(dtype, copy=False), 1, groups)  # batch, group, in, *size
    weight = weight.astype(dtype, copy=False)
    weight = weight.reshape(groups, len(weight) // groups, -1)  # group, out, in * taps
    output = np.empty((len(input), *weight.shape[:2], *output_size), dtype)
    for samples, low, high, windows in columns(input, output_size, settings):
        block = np.matmul(weight, windows)
        if bias is not None:
            block += bias.reshape(groups, -1, 1)
        target = channels_first(output[samples])[:, :, :, low:high]
        target[...] = block.reshape(target.shape)
    return _ungrouped(output)


def conv_transpose(input, weight, bias=None, *, stride=1, padding=0, output_padding=0, dilation=1, groups=1):
    """Transposed convolution: the adjoint of `conv` with the same weight and settings.

    Every input cell adds a copy of the kernel, scaled by its number, to the output; the copies lie `stride`
    apart.

    Parameters
    ----------
    input : array, shape (batch, in_channels, *input_size)
    weight : array, shape (in_channels, out_channels // groups, *kernel_size)
        The very array that `conv` uses the other way round.
    bias : array, shape (out_channels,), optional
        Added to every cell of its channel.
    stride, dilation : int or one int per spatial axis
        In cells of the output: the step from one copy to the next, and from one kernel element to the next.
    padding : int or one entry per spatial axis, each an int or a (before, after) pair
        The padding of the forward convolution. Here it crops the output.
    output_padding : int or one int per spatial axis
        How many more cells to compute at the end of each axis; smaller than `stride` or smaller than
        `dilation`.
    groups : int
        Divides in_channels and out_channels; each group of inputs feeds only its own group of outputs.

    Returns
    -------
    array, shape (batch, out_channels, *output_size)
        output_size = stride * (input_size - 1) + dilation * (kernel_size - 1) + 1 + output_padding - before
        - after.
        The dtype is NumPy's result_type of the arrays given; integers that grow too large for it wrap around.
        A weight must be finite: a cell without input counts as 0 in some products, and 0 * inf is nan.

    Raises
    ------
    ValueError, TypeError
        If a setting is out of range or the shapes do not fit, before any work is done.

    Examples
    --------
    >>> conv_transpose(np.array([[[1, 2]]]), np.array([[[1, 10, 100]]]), stride=2)
    array([[[  1,  10, 102,  20, 200]]])

    References
    ----------
    Dumoulin and Visin (2016), chapter 4, relationships 8 to 14. arXiv:1603.07285
    """
    input, weight, bias, settings, output_size = check_conv_transpose(
        input, weight, bias, stride, padding, output_padding, dilation, groups
    )
    dtype = np.result_type(input, weight) if bias is None else np.result_type(input, weight, bias)
    groups, outs = settings.groups, weight.shape[1]
    input = grouped(input.astype(dtype, copy=False), 1, groups)  # batch, group, in, *size
    weight = weight.astype(dtype, copy=False)
    weight = weight.reshape(groups, input.shape[2], outs, -1)  # group, in, out, taps
    output = np.empty((len(input), groups, outs, *output_size), dtype)
    _spread(input, weight, bias, output, layout_of(input.shape[3:], output_size, settings))
    return _ungrouped(output)


# --- the work
#
# The *large* array is what the kernel moves over (the input of conv, the output of conv_transpose), the
# *small* one has one cell per position. A kernel element, a *tap*, joins small cell t to large cell
# stride * t + dilation * k - before.
#
# conv copies its windows side by side (`columns`, im2col) and multiplies once. conv_transpose goes the other
# way: divided by the stride, the place of a large cell leaves a residue, which names one *phase* of the large
# array, every stride-th cell of it; the quotient is t shifted by a few cells. So inside a phase nothing is
# strided any more and no zero is ever inserted: what is left are matrix products and shifts. Both work in
# blocks whose scratch stays in the cache.

BLOCK = 2**20  # numbers in the largest scratch array of a block: 4 MB of float32
WIDE = 512  # rows of a product; BLAS is at its peak from about here on
# What work costs, in copied numbers (measured, chapter 14): adding a product to its place, re-laying a number
# of the weight, and how many multiplications take as long as one copy.
ADD, RELAY, MULTIPLICATIONS = 3, 3, 16


@lru_cache(maxsize=256)
def _pieces(length, most):
    """Slices of a length, about equal, none longer than `most` if that is at least 1."""
    step = ceil(length / max(1, ceil(length / max(1, most)))) or 1
    return [slice(at, min(at + step, length)) for at in range(0, length, step)]


def _blocks(batch, size, numbers):
    """Pieces of work, (samples, low, high): some samples, or rows low to high of one.

    `numbers` is how many a cell needs in the largest scratch array.
    """
    rows = size[0]
    fit = max(1, BLOCK // (numbers * prod(size[1:])))  # rows
    if fit >= rows:
        return [(samples, 0, rows) for samples in _pieces(batch, fit // rows)]
    return [
        (slice(sample, sample + 1), part.start, part.stop)
        for sample in range(batch)
        for part in _pieces(rows, fit)
    ]


class Scratch:
    """Memory that a block leaves to the next: the pages of new memory cost more than the numbers on them."""

    def __init__(self, dtype):
        self.numbers = np.empty(0, dtype)

    def __call__(self, *shape):
        """An array of this shape, with anything in it; what was there before is lost."""
        if self.numbers.size < prod(shape):
            self.numbers = np.empty(prod(shape), self.numbers.dtype)
        return self.numbers[: prod(shape)].reshape(shape)


def channels_first(array):
    """(batch, group, channels, *size) as a view (group, channels, batch, *size)."""
    return array.transpose(1, 2, 0, *range(3, array.ndim))


def _cut(array, starts, ends):
    """The part from start to end on each of the last axes, zeros where that lies outside the array."""
    size = array.shape[-len(starts) :]
    first = [min(max(start, 0), n) for start, n in zip(starts, size)]
    last = [max(min(end, n), at) for end, n, at in zip(ends, size, first)]
    inside = array[(..., *map(slice, first, last))]
    if first == starts and last == ends:
        return inside
    result = np.zeros((*array.shape[: -len(starts)], *map(sub, ends, starts)), array.dtype)
    result[(..., *map(slice, map(sub, first, starts), map(sub, last, starts)))] = inside
    return result


def columns(large, size, settings):
    """im2col, block by block: (samples, low, high, columns), for cells of small in rows low to high.

    The columns of a block have shape (group, channels * taps, cells). Each holds what the kernel lies on at
    one position, in the order of the weight array. So `weight @ columns` is a convolution, and
    `small @ columns.T` the gradient by the weight. Each block overwrites the one before.
    """
    kernel_size, stride, padding, _, dilation, _ = settings
    groups, channels = large.shape[1:3]
    axes = range(3, large.ndim)
    kernel_axes = range(large.ndim, large.ndim + len(axes))
    reach = [d * (k - 1) + 1 for d, k in zip(dilation, kernel_size)]
    every = (..., *(slice(None, None, step) for step in (*stride, *dilation)))
    scratch = Scratch(large.dtype)
    for samples, low, high in _blocks(len(large), size, groups * channels * prod(kernel_size)):
        first, last = (low, *[0] * len(size[1:])), (high - 1, *(n - 1 for n in size[1:]))  # cells of small
        starts = [s * at - before for s, at, (before, _) in zip(stride, first, padding)]
        ends = [s * at + r - before for s, at, r, (before, _) in zip(stride, last, reach, padding)]
        # batch, group, channel, *cells, *taps
        windows = sliding_window_view(_cut(large[samples], starts, ends), reach, axes)[every]
        count = prod((windows.shape[0], *windows.shape[3 : large.ndim]))
        if size[-1] < kernel_size[-1]:  # the longer runs are copied faster
            windows = windows.transpose(1, 0, *axes, 2, *kernel_axes)
            shape, turn = (groups, count, -1), (0, 2, 1)
        else:
            windows = windows.transpose(1, 2, *kernel_axes, 0, *axes)
            shape, turn = (groups, -1, count), (0, 1, 2)
        copy = scratch(*windows.shape)
        copy[...] = windows
        yield samples, low, high, copy.reshape(shape).transpose(turn)


class Phase(NamedTuple):
    """The large cells of one residue modulo the stride."""

    taps: list[int]  # the kernel elements that reach it, counted in row-major order
    offsets: tuple[int, ...]  # how many cells of the flattened grid each of them shifts
    lines: list[Axes]  # per axis: first cell of the grid inside the large array, end, and its large cell


@dataclass(frozen=True, eq=False)
class Layout:
    """How the cells of the large array fall into phases."""

    size: Axes  # of the small array
    grid: Axes  # of every phase: the small array's size and the farthest shift
    stride: list[int]
    phases: list[Phase]
    complete: bool  # is every cell of the large array in some phase?

    lead: int  # cells that the farthest shift passes over in the flattened grid
    sharing: dict[tuple[int, ...], list[int]]  # the phases that need the same shifts, by their offsets


@lru_cache(maxsize=256)
def layout_of(size, large_size, settings):
    """The Layout of a small array of this size and a large one."""
    axes, strides, complete = [], [], True
    for i, o, k, s, (before, _), d in zip(size, large_size, *settings[:3], settings.dilation):
        s = s if i > 1 else d * (k - 1) + 1  # a stamp alone overlaps no other, whatever the stride
        grid = i + d * (k - 1) // s
        lines = []
        for start in range(min(k, s // gcd(s, d))):  # the first tap of each residue
            residue = d * start
            reaching = [(tap, d * (tap - start) // s) for tap in range(start, k, s // gcd(s, d))]
            first = max(0, -((residue - before) // s))
            end = min(grid, (o - 1 + before - residue) // s + 1)
            lines.append((reaching, (first, end, s * first + residue - before)))
        complete &= len(lines) == s > d * (len(lines) - 1) and s * grid >= before + o
        axes.append((k, grid, lines))
        strides.append(s)
    phases = []
    for chosen in product(*(lines for _, _, lines in axes)):
        taps, offsets = [0], [0]
        for (reaching, _), (k, grid, _) in zip(chosen, axes):
            taps = [k * before + tap for before in taps for tap, _ in reaching]
            offsets = [grid * before + shift for before in offsets for _, shift in reaching]
        lines = [line for _, line in chosen]
        if all(end > first for first, end, _ in lines):
            phases.append(Phase(taps, tuple(offsets), lines))
    sharing = {}
    for number, phase in enumerate(phases):
        sharing.setdefault(phase.offsets, []).append(number)
    lead = max((offsets[-1] for offsets in sharing), default=0)
    return Layout(size, tuple(grid for _, grid, _ in axes), strides, phases, complete, lead, sharing)


@lru_cache(maxsize=256)
def _places(layout, low, high):
    """For each phase, where its cells in rows low to high of the grid lie: (in these rows, in large)."""
    places = []
    for phase in layout.phases:
        here, there = [], []
        for axis, ((first, end, start), s) in enumerate(zip(phase.lines, layout.stride)):
            top = low if axis == 0 else 0
            a, b = (max(first, low), min(end, high)) if axis == 0 else (first, end)
            b = max(a, b)  # a block may have no row of this phase
            here.append(slice(a - top, b - top))
            start += s * (a - first)
            there.append(slice(start, max(start, start + s * (b - a - 1) + 1), s))
        places.append(((..., *here), (..., *there)))
    return places


@lru_cache(maxsize=256)
def _stamps_cost_less(layout, batch, ins, outs, taps):
    """Whether stamps have less to copy than phases, by counting what only one of the two does."""
    size, grid = prod(layout.size), prod(layout.grid)
    added = batch * size * outs * taps * (grid > size)
    shifted = batch * grid * ins * sum(map(len, layout.sharing))
    idle = batch * (grid - size) * ins * outs * taps  # multiplications for cells of the grid with no input
    return ADD * added <= shifted + RELAY * ins * outs * taps + idle // MULTIPLICATIONS


def _spread(small, weight, bias, large, layout):
    """Fill large with the stamps of small: col2im, or its phases, whichever has less to do.

    small (batch, group, in, *size), weight (group, in, out, taps), large (batch, group, out, *large size).
    """
    groups, ins, outs, taps = weight.shape
    bias = np.zeros(groups * outs, large.dtype) if bias is None else bias
    bias = bias.reshape(groups, outs, *[1] * (large.ndim - 2))
    if not layout.complete:
        large[...] = bias[:, :, 0]
    if not layout.phases or not len(small):
        return
    stamps = _stamps_cost_less(layout, len(small), ins, outs, taps)
    route = _multiply_then_shift if stamps else _shift_then_multiply
    for samples, channels, places, blocks in route(small, weight, layout):
        target = channels_first(large[samples])[:, channels]
        for (here, there), block in zip(places, blocks):
            block += bias[:, channels]
            target[there] = block[here]


def _multiply_then_shift(small, weight, layout):
    """Stamps: one product makes those of all cells; each phase then adds up what its taps give, shifted.

    With room between the rows a shift is one slice. To multiply this room too costs less than to make it
    afterwards, unless it is more than a third of the cells.
    """
    groups, ins, outs, taps = weight.shape
    size, grid, row = prod(layout.size), prod(layout.grid), prod(layout.grid[1:])
    scratch, laid = Scratch(weight.dtype), Scratch(weight.dtype)
    for samples, low, high in _blocks(len(small), layout.grid, groups * taps * min(outs, WIDE // taps + 1)):
        part = channels_first(small[samples])
        whole = high - low == layout.grid[0]
        lead = 0 if whole else layout.lead  # cells above the block, whose stamps reach into it
        cells = lead + part.shape[2] * (high - low) * row
        early = grid * 3 <= size * 4 or not whole
        inputs = _lay(part, layout, low, high, lead, laid) if early else part.reshape(groups, ins, -1)
        for channels in _pieces(outs, BLOCK // (groups * taps * cells)):
            stamps = weight[:, :, channels].reshape(groups, ins, -1).swapaxes(1, 2)
            products = np.matmul(stamps, inputs, out=scratch(groups, stamps.shape[1], inputs.shape[2]))
            if not early:
                products = _lay(products.reshape(groups, -1, *part.shape[2:]), layout, low, high, lead, laid)
            products = products.reshape(groups, -1, taps, cells)
            blocks = []
            for phase in layout.phases:
                total = products[:, :, phase.taps[0]]
                for tap, offset in zip(phase.taps[1:], phase.offsets[1:]):
                    total[..., offset:] += products[:, :, tap, : cells - offset]
                total = total[..., lead:]
                blocks.append(total.reshape(groups, -1, part.shape[2], high - low, *layout.grid[1:]))
            yield samples, channels, _places(layout, low, high), blocks


def _shift_then_multiply(small, weight, layout):
    """Phases: each is an ordinary convolution of small with every stride-th tap.

    The product does all the adding. Phases that need the same shifts share one product.
    """
    groups, ins, outs, _ = weight.shape
    outs_last = np.ascontiguousarray(weight.swapaxes(2, 3))  # group, in, taps, out
    matrices = {}
    for offsets, numbers in layout.sharing.items():
        taps = np.array([layout.phases[number].taps for number in numbers]).T  # shift, phase
        matrix = outs_last.take(taps, axis=2).reshape(groups, ins * len(offsets), -1)
        matrices[offsets] = matrix.swapaxes(1, 2)
    del outs_last
    lead, row = layout.lead, prod(layout.grid[1:])
    most = max(
        max(ins * len(offsets), min(outs * len(numbers), WIDE)) for offsets, numbers in layout.sharing.items()
    )
    laid, shifted, scratch = Scratch(weight.dtype), Scratch(weight.dtype), Scratch(weight.dtype)
    for samples, low, high in _blocks(len(small), layout.grid, groups * most):
        flat = _lay(channels_first(small[samples]), layout, low, high, lead, laid)
        count = samples.stop - samples.start
        cells = count * (high - low) * row
        places = _places(layout, low, high)
        for offsets, numbers in layout.sharing.items():
            moved = [flat[:, :, lead - offset : lead - offset + cells] for offset in offsets]
            inputs = np.stack(moved, axis=2, out=shifted(groups, ins, len(offsets), cells))
            inputs = inputs.reshape(groups, -1, cells)
            for piece in _pieces(len(numbers), BLOCK // (groups * outs * cells)):
                matrix = matrices[offsets][:, piece.start * outs : piece.stop * outs]
                results = np.matmul(matrix, inputs, out=scratch(groups, matrix.shape[1], cells))
                blocks = results.reshape(groups, -1, outs, count, high - low, *layout.grid[1:]).swapaxes(0, 1)
                yield samples, slice(None), [places[number] for number in numbers[piece]], blocks


def _lay(part, layout, low, high, lead, scratch):
    """Rows low to high of the flattened grid: zeros between the rows, `lead` cells of what comes before.

    part (group, channels, batch, *size); all rows of several samples, or some of one.
    """
    groups, channels, count = part.shape[:3]
    if layout.grid == layout.size:
        return part[:, :, :, low:high].reshape(groups, channels, -1)
    row = prod(layout.grid[1:])
    above = ceil(lead / row)  # rows
    flat = scratch(groups, channels, above + count * (high - low), *layout.grid[1:])
    flat[...] = 0
    inner = [slice(n) for n in layout.size[1:]]
    if count > 1:
        samples = flat[:, :, above:].reshape(groups, channels, count, *layout.grid)
        samples[(..., slice(layout.size[0]), *inner)] = part
    else:
        first, end = max(low - above, 0), min(high, layout.size[0])
        flat[(..., slice(first - low + above, end - low + above), *inner)] = part[:, :, 0, first:end]
    return flat.reshape(groups, channels, -1)[:, :, above * row - lead :]
