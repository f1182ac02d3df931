"""The two operators: `conv`, and `conv_transpose`, which sends every number back the way it came.

Both walk through the same windows with the same weight array. `conv` reads a window of its input and adds
to the output; `conv_transpose` reads its input and adds to a window of the output. That exchange is all
there is to it; how the work is done fast follows behind the two.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import ceil, prod
from typing import NamedTuple

import numpy as np

from .shapes import Axes, cells, check_conv, check_conv_transpose


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
    layout = layout_of(output_size, input.shape[3:], settings)
    for samples, low, high, windows in columns(input, layout, cells(settings.kernel_size)):
        block = multiply(weight, windows)
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
# ---------------------------------------------------------------------------
#
# The *large* array is what the kernel moves over (the input of conv, the output of conv_transpose), the
# *small* one has one cell per position. A kernel element, a *tap*, joins small cell t to large cell
# stride * t + dilation * k - before. Divided by the stride that leaves a residue: it names one *phase* of the
# large array, every stride-th cell of it; the quotient is t shifted by a few cells. So inside a phase
# nothing is strided any more, no zero is ever inserted, and both operators are matrix products and shifts,
# done in blocks whose scratch stays in the cache.

BLOCK = 2**20  # numbers in the largest scratch array of a block: 4 MB of float32
FEW = 64  # positions; BLAS is faster with so few if they are rows, not columns
SHORT = 32  # cells; a row shorter than this is not worth a NumPy loop of its own
# What work costs, in copied numbers (measured, chapter 14): adding a product to its place, re-laying a number
# of the weight, and how many multiplications take as long as one copy.
ADD, RELAY, MULTIPLICATIONS = 3, 4, 16


class Phase(NamedTuple):
    """The large cells of one residue modulo the stride."""

    taps: list[int]  # the kernel elements that reach it, counted in row-major order
    shifts: list[Axes]  # how many cells each of them shifts, per axis
    offsets: tuple[int, ...]  # the same in the flattened grid
    lines: list[Axes]  # per axis: first cell of the grid inside the large array, end, and its large cell


@dataclass(frozen=True, eq=False)
class Layout:
    """How the cells of the large array fall into phases."""

    size: Axes  # of the small array
    grid: Axes  # of every phase: the small array's size and the farthest shift
    stride: Axes
    phases: list[Phase]
    complete: bool  # is every cell of the large array in some phase?

    lead: int  # cells that the farthest shift passes over in the flattened grid
    sharing: dict[tuple[int, ...], list[int]]  # the phases that need the same shifts, by their offsets


@lru_cache(maxsize=256)
def layout_of(size, large_size, settings):
    """The Layout of a small array of this size and a large one."""
    axes, complete = [], True
    for i, o, k, s, (before, _), d in zip(size, large_size, *settings[:3], settings.dilation):
        grid = i + d * (k - 1) // s
        lines = []
        for residue in {d * tap % s: None for tap in range(k)}:  # in the order of their first taps
            reaching = [(tap, d * tap // s) for tap in range(k) if d * tap % s == residue]
            first = max(0, -((residue - before) // s))
            end = min(grid, (o - 1 + before - residue) // s + 1)
            lines.append((reaching, (first, end, s * first + residue - before)))
        complete &= len(lines) == s and s * grid >= before + o
        axes.append((k, grid, lines))
    phases = []
    for chosen in product(*(lines for _, _, lines in axes)):
        taps, shifts, offsets = [0], [()], [0]
        for (reaching, _), (k, grid, _) in zip(chosen, axes):
            taps = [k * before + tap for before in taps for tap, _ in reaching]
            shifts = [(*before, shift) for before in shifts for _, shift in reaching]
            offsets = [grid * before + shift for before in offsets for _, shift in reaching]
        lines = [line for _, line in chosen]
        if all(end > first for first, end, _ in lines):
            phases.append(Phase(taps, shifts, tuple(offsets), lines))
    sharing = {}
    for number, phase in enumerate(phases):
        sharing.setdefault(phase.offsets, []).append(number)
    lead = max((offsets[-1] for offsets in sharing), default=0)
    return Layout(size, tuple(grid for _, grid, _ in axes), settings.stride, phases, complete, lead, sharing)


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


def _blocks(batch, size, numbers):
    """Pieces of work, (samples, low, high): some samples, or rows low to high of one.

    `numbers` is how many a cell needs in the largest scratch array.
    """
    rows = size[0]
    fit = max(1, BLOCK // (numbers * prod(size[1:])))  # rows
    if fit >= rows:
        step = ceil(batch / max(1, ceil(batch / (fit // rows)))) or 1
        return [(slice(at, min(at + step, batch)), 0, rows) for at in range(0, batch, step)]
    step = ceil(rows / ceil(rows / fit))
    return [
        (slice(sample, sample + 1), low, min(low + step, rows))
        for sample in range(batch)
        for low in range(0, rows, step)
    ]


def channels_first(array):
    """(batch, group, channels, *size) as a view (group, channels, batch, *size)."""
    return array.transpose(1, 2, 0, *range(3, array.ndim))


def multiply(a, b):
    """a @ b for stacks of matrices; few columns of b are multiplied as rows."""
    if b.shape[-1] <= FEW:
        return np.matmul(b.swapaxes(1, 2), a.swapaxes(1, 2)).swapaxes(1, 2)
    return np.matmul(a, b)


def columns(large, layout, taps):
    """im2col, block by block: (samples, low, high, columns).

    The columns of a block have shape (group, channels * taps, cells of small). Each holds what the kernel
    lies on at one position, in the order of the weight array. So `weight @ columns` is a convolution, and
    `small @ columns.T` the gradient by the weight.
    """
    groups, channels = large.shape[1:3]
    behind = layout.grid[0] - layout.size[0]  # rows that the kernel reaches beyond a block
    for samples, low, high in _blocks(len(large), layout.size, groups * channels * taps):
        source = channels_first(large[samples])
        positions = (source.shape[2], high - low, *layout.size[1:])
        result = np.empty((groups, channels, taps, *positions), large.dtype)
        reached = sum(len(phase.taps) for phase in layout.phases)
        if reached < taps or layout.grid == layout.size:  # what lies outside the large array is zero
            result[...] = 0
        places = _places(layout, low, high + behind)
        for phase, (here, there) in zip(layout.phases, places):
            if layout.grid == layout.size:  # every tap has a phase of its own, and nothing is shifted
                result[:, :, phase.taps[0]][here] = source[there]
                continue
            rows = high + behind - low
            grid = np.zeros((groups, channels, positions[0], rows, *layout.grid[1:]), large.dtype)
            grid[here] = source[there]
            for tap, shift in zip(phase.taps, phase.shifts):
                window = (slice(q, q + n) for q, n in zip(shift, positions[1:]))
                result[:, :, tap] = grid[(..., *window)]
        yield samples, low, high, result.reshape(groups, channels * taps, prod(positions))


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
    _, ins, outs, taps = weight.shape
    if bias is not None:
        bias = bias.reshape(large.shape[1], outs, *[1] * (large.ndim - 2))
    if not layout.complete:
        large[...] = 0 if bias is None else bias[:, :, 0]
    if not layout.phases or not len(small):
        return
    stamps = _stamps_cost_less(layout, len(small), ins, outs, taps)
    route = _multiply_then_shift if stamps else _shift_then_multiply
    for samples, places, blocks in route(small, weight, layout):
        target = channels_first(large[samples])
        for (here, there), block in zip(places, blocks):
            if bias is not None:
                block += bias
            target[there] = block[here]


def _multiply_then_shift(small, weight, layout):
    """Stamps: one product makes those of all cells; each phase then adds up what its taps give, shifted."""
    groups, ins, outs, taps = weight.shape
    stamps = weight.reshape(groups, ins, outs * taps).swapaxes(1, 2)
    behind = layout.grid[0] - layout.size[0]
    overlap = {}  # the rows that a block of one sample leaves for the next
    for samples, low, high in _blocks(len(small), layout.size, groups * outs * taps):
        part = small[samples, :, :, low:high]
        positions = part.shape[0], *part.shape[3:]
        products = multiply(stamps, channels_first(part).reshape(groups, ins, prod(positions)))
        products = products.reshape(groups, outs, taps, *positions)
        end = layout.grid[0] if high == layout.size[0] else high
        places = _places(layout, low, end)
        if layout.grid == layout.size:  # no two stamps overlap
            yield samples, places, [products[:, :, phase.taps[0]] for phase in layout.phases]
            continue
        rows = high - low
        short = positions[-1] < SHORT
        if short:  # with room between the rows, one shift serves all of them together
            laid = np.zeros((groups, outs, taps, positions[0], rows, *layout.grid[1:]), products.dtype)
            laid[(..., *map(slice, positions[2:]))] = products
            products = laid.reshape(groups, outs, taps, positions[0], rows * prod(layout.grid[1:]))
        blocks = []
        for number, phase in enumerate(layout.phases):
            total = np.zeros((groups, outs, positions[0], rows + behind, *layout.grid[1:]), products.dtype)
            if low:
                total[:, :, :, :behind] = overlap[number]
            flat = total.reshape(groups, outs, positions[0], -1)
            for tap, shift, offset in zip(phase.taps, phase.shifts, phase.offsets):
                part = products[:, :, tap]
                if short:
                    window = flat[..., offset : offset + part.shape[-1]]
                    part = part[..., : window.shape[-1]]
                else:
                    window = total[(..., *(slice(q, q + n) for q, n in zip(shift, positions[1:])))]
                np.add(window, part, out=window)
            if end == high:
                overlap[number] = total[:, :, :, high - low :].copy()
            blocks.append(total[:, :, :, : end - low])
        yield samples, places, blocks


def _shift_then_multiply(small, weight, layout):
    """Phases: each is an ordinary convolution of small with every stride-th tap.

    The product does all the adding. Phases that need the same shifts share one product.
    """
    groups, ins, outs, _ = weight.shape
    matrices = {}
    for offsets, numbers in layout.sharing.items():
        order = np.array([layout.phases[number].taps for number in numbers]).T  # shift, phase
        matrix = np.empty((groups, ins, *order.shape, outs), weight.dtype)
        for at in range(0, ins, 16):  # a piece that stays in the cache
            matrix[:, at : at + 16] = weight[:, at : at + 16].swapaxes(2, 3)[:, :, order]
        matrices[offsets] = matrix.reshape(groups, ins * len(offsets), len(numbers) * outs).swapaxes(1, 2)
    lead, row = layout.lead, prod(layout.grid[1:])
    numbers = groups * max(max(matrix.shape[1:]) for matrix in matrices.values())
    for samples, low, high in _blocks(len(small), layout.grid, numbers):
        flat = _lay(small, layout, samples, low, high)
        cells = (samples.stop - samples.start) * (high - low) * row
        blocks = [None] * len(layout.phases)
        for offsets, matrix in matrices.items():
            shifted = [flat[:, :, lead - offset : lead - offset + cells] for offset in offsets]
            if len(offsets) == 1:
                inputs = shifted[0]
            else:
                inputs = np.stack(shifted, axis=2).reshape(groups, ins * len(offsets), cells)
            results = np.matmul(matrix, inputs)
            results = results.reshape(
                groups, -1, outs, cells // ((high - low) * row), high - low, *layout.grid[1:]
            )
            for number, block in zip(layout.sharing[offsets], results.swapaxes(0, 1)):
                blocks[number] = block
        yield samples, _places(layout, low, high), blocks


def _lay(small, layout, samples, low, high):
    """A block's input on the flattened grid, zeros between its rows, `lead` cells of what comes before."""
    groups, ins = small.shape[1:3]
    row = prod(layout.grid[1:])
    above = ceil(layout.lead / row)  # rows
    count = samples.stop - samples.start
    flat = np.zeros((groups, ins, above + count * (high - low), *layout.grid[1:]), small.dtype)
    inner = [slice(n) for n in layout.size[1:]]
    if low == 0 and high == layout.grid[0]:  # whole samples, one under the other
        samples_in = flat[:, :, above:].reshape(groups, ins, count, *layout.grid)
        samples_in[(..., slice(layout.size[0]), *inner)] = channels_first(small[samples])
    else:
        first, end = max(low - above, 0), min(high, layout.size[0])
        rows = slice(first - low + above, end - low + above)
        flat[(..., rows, *inner)] = small[samples.start, :, :, first:end]
    flat = flat.reshape(groups, ins, -1)
    return flat[:, :, above * row - layout.lead :]
