"""The two operators again, fast: what `lib.ops` says, the same numbers, in blocks of matrix products.

`conv` copies its windows side by side (`columns`, im2col) and multiplies once. `conv_transpose` goes the
other way. Divided by the stride, the place of a large cell leaves a residue, which names one *phase* of the
large array, every stride-th cell of it; the quotient is a small cell, shifted by a few. So inside a phase
nothing is strided any more and no zero is ever inserted: what is left are matrix products and shifts. Both
work in blocks whose scratch stays in the cache. Where the shifts are long beside the array, its taps are
added one by one instead (`_cheapest` chooses). Where the multiplications are many, `lib.pairs` does with
fewer of them.

Two caveats are this module's alone. The weight of `conv_transpose` must be finite: between the rows of a
phase lie zeros that some products multiply, and 0 * inf is nan. And with fewer multiplications a result is
rounded like the largest of its neighbours, not like itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import ceil, gcd, prod
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from . import ops, pairs
from .blocks import RELAY, Scratch, blocks_of, channels_before_batch, cut, matmul, multiply, pieces_that_fit
from .ops import grouped, ungrouped
from .shapes import (
    Axes,
    Index,
    PaddingPerAxis,
    PerAxis,
    Settings,
    check_conv,
    check_conv_transpose,
    effective_size,
    large_position,
    result_type,
    working_type,
)


def conv(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: PerAxis = 1,
    padding: PaddingPerAxis = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> np.ndarray:
    checked = check_conv(input, weight, bias, stride, padding, dilation, groups)
    input, weight, bias, settings, output_size = checked
    dtype = result_type(input=input, weight=weight, bias=bias)
    input, weight = _operands(input, weight, settings.groups, dtype)  # weight: group, out, in, taps
    bias = _bias(bias, weight.shape[:2], len(output_size), weight.dtype)
    output = np.empty((len(input), *weight.shape[:2], *output_size), weight.dtype)
    matrix = weight.reshape(*weight.shape[:2], -1)  # group, out, in * taps
    for samples, low, high, windows in columns(input, output_size, settings):
        target = channels_before_batch(output[samples])[:, :, :, low:high]
        np.add(matmul(matrix, windows).reshape(target.shape), bias, out=target)
    return ungrouped(output).astype(dtype, copy=False)


def conv_transpose(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: PerAxis = 1,
    padding: PaddingPerAxis = 0,
    output_padding: PerAxis = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> np.ndarray:
    input, weight, bias, settings, output_size = check_conv_transpose(
        input, weight, bias, stride, padding, output_padding, dilation, groups
    )
    dtype = result_type(input=input, weight=weight, bias=bias)
    input, weight = _operands(input, weight, settings.groups, dtype)  # weight: group, in, out, taps
    bias = _bias(bias, (settings.groups, weight.shape[2]), len(output_size), weight.dtype)
    output = np.empty((len(input), settings.groups, weight.shape[2], *output_size), weight.dtype)
    _scatter(input, weight, bias, output, settings)
    return ungrouped(output).astype(dtype, copy=False)


# The contract is told once, where it is read first.
conv.__doc__ = ops.conv.__doc__
conv_transpose.__doc__ = ops.conv_transpose.__doc__


def _operands(
    input: np.ndarray, weight: np.ndarray, groups: int, dtype: np.dtype
) -> tuple[np.ndarray, np.ndarray]:
    """input (batch, group, channels, *size) and weight (group, first, second, taps), in the working type."""
    working = working_type(dtype)
    input = grouped(input.astype(working, copy=False), 1, groups)
    weight = grouped(weight.astype(working, copy=False), 0, groups)
    return input, weight.reshape(*weight.shape[:3], -1)


def _bias(bias: np.ndarray | None, channels: tuple[int, ...], axes: int, dtype: np.dtype) -> np.ndarray:
    """The bias, or zeros, as (group, channels, 1, ...), with a place for the batch and each axis."""
    bias = np.zeros(channels, dtype) if bias is None else bias.astype(dtype, copy=False)
    return bias.reshape(*channels, *[1] * (axes + 1))


WIDE = 512  # rows of a product; BLAS is at its peak from about here on
# What work costs, in copied numbers (measured, chapter 14): adding a product to its place, and how many
# multiplications take as long as one copy. STRIDED: adding a product where its neighbours do not follow it.
ADD, MULTIPLICATIONS, STRIDED = 3, 16, 16
# Pairs of neighbours (`lib.pairs`) have to save so many multiplications for each number that they add up. For
# the gradients more, since the usual way needs a single im2col for both.
SAVED, SAVED_BACKWARD = 30, 60


def columns(
    large: np.ndarray, size: Axes, settings: Settings
) -> Iterator[tuple[slice, int, int, np.ndarray]]:
    """im2col, block by block: (samples, low, high, columns), for cells of small in rows low to high.

    The columns of a block have shape (group, channels * taps, cells). Each holds what the kernel lies on at
    one position, in the order of the weight array. So `weight @ columns` is a convolution, and
    `small @ columns.T` the gradient by the weight. Each block overwrites the one before.
    """
    kernel_size, stride, padding, _, dilation, _ = settings
    groups, channels = large.shape[1:3]
    axes = tuple(range(3, large.ndim))
    kernel_axes = range(large.ndim, large.ndim + len(axes))
    reach, last_tap = effective_size(kernel_size, dilation), [k - 1 for k in kernel_size]
    every: Index = (..., *(slice(None, None, step) for step in (*stride, *dilation)))
    scratch = Scratch(large.dtype)
    for samples, low, high in blocks_of(len(large), size, groups * channels * prod(kernel_size)):
        first, last = (low, *[0] * len(size[1:])), (high - 1, *(n - 1 for n in size[1:]))  # cells of small
        starts = large_position(first, [0] * len(first), stride, dilation, padding)
        ends = [at + 1 for at in large_position(last, last_tap, stride, dilation, padding)]
        # batch, group, channel, *cells, *taps
        windows = sliding_window_view(cut(large[samples], starts, ends), reach, axes)[every]
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

    tap_numbers: list[int]  # the taps that reach it, counted in row-major order
    offsets: tuple[int, ...]  # how many cells of the flattened grid each of them shifts
    lines: list[Axes]  # per axis: first cell of the grid inside the large array, end, and its large cell


@dataclass(frozen=True, eq=False)
class Layout:
    """How the cells of the large array fall into phases; or, taps apart, which of them each tap reaches.

    One axis, small array (a b c), kernel (v w x y), stride 2: two phases, each with a grid of 3 + 1 cells.

        large cell          0    1      2      3      4      5    6    7
        its phase           0    1      0      1      0      1    0    1
        cell of the grid    0    0      1      1      2      2    3    3
        what it holds      av   aw  bv+ax  bw+ay  cv+bx  cw+by   cx   cy

    So phase 0 is (a b c 0) times v plus (0 a b c) times x: taps 0 and 2, with the offsets 0 and 1. Phase 1
    needs the same offsets, so the two share one product. On more axes the grid is flattened row by row; the
    zeros at the end of a row keep a shift from bringing in numbers of the row before.

    >>> from lib.shapes import check_settings
    >>> layout = layout_of((3,), (8,), check_settings(1, kernel_size=4, stride=2, padding=0, dilation=1))
    >>> [(phase.tap_numbers, phase.offsets) for phase in layout.phases]
    [([0, 2], (0, 1)), ([1, 3], (0, 1))]
    >>> layout.grid, layout.lead, layout.sharing
    ((4,), 1, {(0, 1): [0, 1]})
    """

    size: Axes  # of the small array
    grid: Axes  # of every phase: the small array's size and the farthest shift
    stride: list[int]
    phases: list[Phase]
    complete: bool  # is every cell of the large array in some phase?

    lead: int  # cells that the farthest shift passes over in the flattened grid
    sharing: dict[tuple[int, ...], list[int]]  # the phases that need the same shifts, by their offsets


@lru_cache(maxsize=256)
def layout_of(size: Axes, large_size: Axes, settings: Settings, apart: bool = False) -> Layout:
    """The Layout of a small array of this size and a large one; apart: each tap is a phase of its own."""
    axis_of = _taps_apart if apart else _axis_of
    axes = [axis_of(*values) for values in zip(size, large_size, *settings[:3], settings.dilation)]
    grid = tuple(axis.grid for axis in axes)
    per_axis = product(*(axis.phases for axis in axes))
    phases = [_phase_of(chosen, settings.kernel_size, grid) for chosen in per_axis]
    phases = [phase for phase in phases if all(end > first for first, end, _ in phase.lines)]
    sharing: dict[tuple[int, ...], list[int]] = {}
    for number, phase in enumerate(phases):
        sharing.setdefault(phase.offsets, []).append(number)
    lead = max((offsets[-1] for offsets in sharing), default=0)
    complete = all(axis.complete for axis in axes)
    return Layout(size, grid, [axis.stride for axis in axes], phases, complete, lead, sharing)


class _Axis(NamedTuple):
    """The phases along one axis, each as its taps with their shifts, and its line in the large array."""

    stride: int
    grid: int
    complete: bool
    phases: list[tuple[list[tuple[int, int]], Axes]]


def _axis_of(i, o, k, s, padding, d):
    before, _ = padding
    s = s if i > 1 else d * (k - 1) + 1  # a stamp alone overlaps no other, whatever the stride
    period = s // gcd(s, d)  # every period-th tap has the same residue
    grid, phases = i + d * (k - 1) // s, []
    for start in range(min(k, period)):
        reaching = [(tap, d * (tap - start) // s) for tap in range(start, k, period)]
        phases.append((reaching, _line(grid, o, s, d * start - before)))
    complete = len(phases) == s > d * (len(phases) - 1) and s * grid >= before + o
    return _Axis(s, grid, complete, phases)


def _taps_apart(i, o, k, s, padding, d):
    before, _ = padding
    lines = [_line(i, o, s, d * tap - before) for tap in range(k)]
    return _Axis(s, i, False, [([(tap, 0)], line) for tap, line in enumerate(lines)])


def _line(grid, o, s, at):
    """Cells first to end of the grid lie inside the large array if its cell 0 lies `at`; where first lies."""
    first = max(0, -(at // s))
    return first, min(grid, (o - 1 - at) // s + 1), s * first + at


def _phase_of(chosen, kernel_size, grid):
    """One phase of each axis, joined: taps and shifts counted in row-major order."""
    tap_numbers, offsets = [0], [0]
    for (reaching, _), k, n in zip(chosen, kernel_size, grid):
        tap_numbers = [k * before + tap for before in tap_numbers for tap, _ in reaching]
        offsets = [n * before + shift for before in offsets for _, shift in reaching]
    return Phase(tap_numbers, tuple(offsets), [line for _, line in chosen])


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
def _cheapest(layout, batch, groups, ins, outs, tap_count):
    """Which way has least to do, by counting what the others do not: "stamps", "phases" or "col2im".

    Stamps and phases lie on a grid with room for the shifts. Where dilation or a long kernel makes most of it
    room, adding each tap's products to their places one tap at a time is cheaper, strided as they are.
    """
    size, grid = prod(layout.size), prod(layout.grid)
    products = batch * size * outs * tap_count
    shifted = batch * grid * ins * sum(map(len, layout.sharing))
    room = products * (grid - size) // size  # products for cells of the grid with no input
    phases = shifted + RELAY * ins * outs * tap_count + room * ins // MULTIPLICATIONS
    if ADD * products * (grid > size) <= phases:
        way, cost = "stamps", _stamps_cost(layout, batch, groups, ins, outs, tap_count)
    else:
        way, cost = "phases", phases
    return way if cost <= STRIDED * products else "col2im"


def _stamps_cost(layout, batch, groups, ins, outs, tap_count):
    """What stamps cost besides the useful multiplications, the room above each block of rows included."""
    size, grid = prod(layout.size), prod(layout.grid)
    if grid == size:
        return 0
    blocks = len(blocks_of(batch, layout.grid, _per_stamp(groups, outs, tap_count)))
    cells = batch * grid + (blocks * layout.lead if blocks > batch else 0)
    if _room_is_multiplied(layout, blocks <= batch):
        return (ADD * cells + (cells - batch * size) * ins // MULTIPLICATIONS) * outs * tap_count
    return (ADD + 1) * cells * outs * tap_count


def _per_stamp(groups, outs, tap_count):
    """Numbers that a cell needs in the scratch of stamps: those of a product that is wide enough for BLAS."""
    return groups * tap_count * min(outs, WIDE // tap_count + 1)


def _room_is_multiplied(layout, whole):
    """Whether stamps make their room before the product: less work, unless it is a third of the cells."""
    return prod(layout.grid) * 3 <= prod(layout.size) * 4 or not whole


def _scatter(small, weight, bias, large, settings):
    """Fill large with the stamps of small, in the way that has least to do.

    small (batch, group, in, *size), weight (group, in, out, taps), large (batch, group, out, *large size).
    """
    if pairs.saved(small, weight, settings) > SAVED and pairs.moderate(small, weight):
        pairs.scatter(small, weight, bias, large, settings)
        return
    ends = small.shape[3:], large.shape[3:], settings
    layout = layout_of(*ends)
    way = _cheapest(layout, len(small), *weight.shape)
    if way == "col2im":
        layout = layout_of(*ends, apart=True)
    if not layout.complete:
        large[...] = bias[:, :, 0]
    if not layout.phases or not len(small):
        return
    for samples, channels, places, blocks in ROUTES[way](small, weight, layout):
        target = channels_before_batch(large[samples])[:, channels]
        for (here, there), block in zip(places, blocks):
            if way == "col2im":  # taps apart meet in the same cells
                target[there] += block[here]
            else:
                block += bias[:, channels]
                target[there] = block[here]


def _multiply_then_shift(small, weight, layout):
    """Stamps: one product makes those of all cells; each phase then adds up what its taps give, shifted.

    With room between the rows a shift is one slice.
    """
    groups, ins, outs, tap_count = weight.shape
    row = prod(layout.grid[1:])
    scratch, laid = Scratch(weight.dtype), Scratch(weight.dtype)
    for samples, low, high in blocks_of(len(small), layout.grid, _per_stamp(groups, outs, tap_count)):
        part = channels_before_batch(small[samples])
        whole = high - low == layout.grid[0]
        lead = 0 if whole else layout.lead  # cells above the block, whose stamps reach into it
        cells = lead + part.shape[2] * (high - low) * row
        early = _room_is_multiplied(layout, whole)
        inputs = _lay(part, layout, low, high, lead, laid) if early else part.reshape(groups, ins, -1)
        for channels in pieces_that_fit(outs, groups * tap_count * cells):
            stamps = weight[:, :, channels].reshape(groups, ins, -1).swapaxes(1, 2)
            products = multiply(stamps, inputs, scratch)
            if not early:
                products = _lay(products.reshape(groups, -1, *part.shape[2:]), layout, low, high, lead, laid)
            products = products.reshape(groups, -1, tap_count, cells)
            blocks = []
            for phase in layout.phases:
                total = products[:, :, phase.tap_numbers[0]]
                for tap, offset in zip(phase.tap_numbers[1:], phase.offsets[1:]):
                    total[..., offset:] += products[:, :, tap, : cells - offset]
                total = total[..., lead:]
                blocks.append(total.reshape(groups, -1, part.shape[2], high - low, *layout.grid[1:]))
            yield samples, channels, _places(layout, low, high), blocks


def _multiply_then_add(small, weight, layout):
    """col2im: one product makes the stamps of all cells; each tap's part is then added to its window.

    The layout has its taps apart, so nothing is shifted and there is no room.
    """
    groups, ins, outs, _ = weight.shape
    scratch = Scratch(weight.dtype)
    per_cell = groups * max(ins, min(outs * len(layout.phases), WIDE))
    for samples, low, high in blocks_of(len(small), layout.size, per_cell):
        part = channels_before_batch(small[samples])[:, :, :, low:high]
        inputs, places = part.reshape(groups, ins, -1), _places(layout, low, high)
        for piece in pieces_that_fit(len(layout.phases), groups * outs * inputs.shape[2]):
            tap_numbers = [number for phase in layout.phases[piece] for number in phase.tap_numbers]
            stamps = weight.take(tap_numbers, axis=3).reshape(groups, ins, -1).swapaxes(1, 2)
            products = matmul(stamps, inputs, out=scratch(groups, stamps.shape[1], inputs.shape[2]))
            products = products.reshape(groups, outs, -1, *part.shape[2:])
            yield samples, slice(None), places[piece], np.moveaxis(products, 2, 0)


def _shift_then_multiply(small, weight, layout):
    """Phases: each is an ordinary convolution of small with every stride-th tap.

    The product does all the adding. Phases that need the same shifts share one product.
    """
    groups, ins, outs, _ = weight.shape
    matrices = _matrices_by_shifts(weight, layout)
    lead, row = layout.lead, prod(layout.grid[1:])
    most = max(
        max(ins * len(offsets), min(outs * len(numbers), WIDE)) for offsets, numbers in layout.sharing.items()
    )
    laid, shifted, scratch = Scratch(weight.dtype), Scratch(weight.dtype), Scratch(weight.dtype)
    for samples, low, high in blocks_of(len(small), layout.grid, groups * most):
        flat = _lay(channels_before_batch(small[samples]), layout, low, high, lead, laid)
        count = samples.stop - samples.start
        cells = count * (high - low) * row
        places = _places(layout, low, high)
        for offsets, numbers in layout.sharing.items():
            moved = [flat[:, :, lead - offset : lead - offset + cells] for offset in offsets]
            inputs = np.stack(moved, axis=2, out=shifted(groups, ins, len(offsets), cells))
            inputs = inputs.reshape(groups, -1, cells)
            for piece in pieces_that_fit(len(numbers), groups * outs * cells):
                matrix = matrices[offsets][:, piece.start * outs : piece.stop * outs]
                results = matmul(matrix, inputs, out=scratch(groups, matrix.shape[1], cells))
                blocks = results.reshape(groups, -1, outs, count, high - low, *layout.grid[1:]).swapaxes(0, 1)
                yield samples, slice(None), [places[number] for number in numbers[piece]], blocks


def _matrices_by_shifts(weight, layout):
    """By their offsets: a matrix (group, phases * out, in * shifts) for phases that need the same shifts."""
    groups, ins = weight.shape[:2]
    outs_last = np.ascontiguousarray(weight.swapaxes(2, 3))  # group, in, taps, out
    matrices = {}
    for offsets, numbers in layout.sharing.items():
        chosen = np.array([layout.phases[number].tap_numbers for number in numbers]).T  # shift, phase
        matrix = outs_last.take(chosen, axis=2).reshape(groups, ins * len(offsets), -1)
        matrices[offsets] = matrix.swapaxes(1, 2)
    return matrices


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


ROUTES = {"stamps": _multiply_then_shift, "phases": _shift_then_multiply, "col2im": _multiply_then_add}
