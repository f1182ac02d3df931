"""Fewer multiplications: where the stamps of two neighbours meet, three products do for four.

Take neighbouring cells a, b and taps g, h that lie one stride apart. Their stamps are a g, then a h + b g,
then b h. The middle one is (a + b)(g + h) - a g - b h, so three products are enough, made of three *sides*:
a with g, a + b with g + h, b with h. A tap without a partner meets a and b only. On more axes every side of
one axis meets every side of the next. `lib.routes.conv_transpose_fewer_products` is the same to be read, one
axis at a time. Here all sides are laid out first, so that a few large matrix products do the work, one for
each side; its *rows* are the combinations of taps that it meets.

    `_Matrices` adds taps, `_sums` adds neighbours, `_multiply` multiplies them, `_subtract` frees the middle
    ones of the others, `_join` adds the last stamp of a pair to the first of the next, `_write` writes.

`gather` is the transpose of all this, for the gradients: every step backward, from last to first.

What is added has to be moved, too. So it pays where multiplications are many: `saved` counts both.
"""

from functools import lru_cache
from itertools import product
from math import inf, prod, sqrt
from typing import NamedTuple

import numpy as np

from .blocks import RELAY, Scratch, blocks_of, channels_before_batch, cut, matmul, pieces_that_fit
from .shapes import Axes, Settings, tap_pairs

OUTS = 64  # output channels of a piece, if there are as many: with their rows enough for a fast product


class _Row(NamedTuple):
    """A product of one axis: the taps that are added up, and the place of the result for the first pair."""

    taps: tuple[int, ...]
    at: int


class Plan(NamedTuple):
    """The products that two neighbours on each axis need, in rows; the rows of a side follow each other."""

    taps: np.ndarray  # (rows, taps) of 0 and 1: which taps a row adds up
    at: list[Axes]  # for each row, where its result lies in the large array, uncropped
    sides: dict[Axes, slice]  # the rows of each side; 0, 1, 2 on each axis: a, a + b, b
    shapes: dict[Axes, Axes]  # how many rows that is on each axis
    joined: list[int]  # on each axis, how many of the rows of a have a partner
    period: Axes  # cells of the large array from one pair to the next


@lru_cache(maxsize=256)
def plan_of(kernel_size: Axes, stride: Axes) -> Plan:
    """The Plan of a kernel of this size.

    >>> plan = plan_of((4,), (2,))
    >>> plan.at, plan.sides[(1,)]
    ([(0,), (1,), (2,), (3,), (4,), (5,)], slice(2, 4, None))
    >>> plan.taps.astype(int)[2:4]
    array([[1, 0, 1, 0],
           [0, 1, 0, 1]])
    """
    axes = [_rows_of(k, s) for k, s in zip(kernel_size, stride)]
    taps, at, sides, shapes = [], [], {}, {}
    for side in product(range(3), repeat=len(axes)):
        rows = [axis[which] for axis, which in zip(axes, side)]
        for chosen in product(*rows):
            table = np.zeros(kernel_size, bool)
            table[np.ix_(*(row.taps for row in chosen))] = True
            taps.append(table.ravel())
            at.append(tuple(row.at for row in chosen))
        shapes[side] = tuple(map(len, rows))
        sides[side] = slice(len(at) - prod(shapes[side]), len(at))
    joined = [len(both) for _, both, _ in axes]
    return Plan(np.array(taps), at, sides, shapes, joined, tuple(2 * s for s in stride))


def _rows_of(k, s):
    """The rows of one axis for each side; first those of the taps with a partner."""
    pairs = tap_pairs(k, s)
    joined = [(tap, partner) for tap, partner in pairs if partner is not None]
    alone = [tap for tap, partner in pairs if partner is None]
    return (
        [_Row((tap,), tap) for tap in [*(tap for tap, _ in joined), *alone]],
        [_Row((tap, partner), partner) for tap, partner in joined],
        [_Row((tap,), tap + s) for tap in [*(partner for _, partner in joined), *alone]],
    )


def saved(small: np.ndarray, weight: np.ndarray, settings: Settings) -> float:
    """How many multiplications are saved for each number that is added up: sides, results, rows of taps.

    The numbers of the weight lie in another order, so each of them counts RELAY times.
    -inf where this module does not serve: on some axis the kernel has no two taps one stride apart, or
    reaches beyond the next pair; it is dilated; three axes have more borders than pay; there is no sample.
    """
    batch, _, ins, *size = small.shape
    kernel_size, stride = settings.kernel_size, settings.stride
    fits = batch > 0 and all(s < k <= 3 * s for k, s in zip(kernel_size, stride))
    # On three axes 216 rows are few multiplications and many additions: 1.1 of the usual time, measured.
    if not fits or max(settings.dilation) > 1 or len(size) > 2:
        return -inf
    plan, pairs, outs = plan_of(kernel_size, stride), batch * prod(-(-n // 2) for n in size), weight.shape[2]
    fewer, usual = pairs * len(plan.at), batch * prod(size) * prod(kernel_size)
    added = pairs * (len(plan.sides) * ins + len(plan.at) * outs) + RELAY * len(plan.at) * ins * outs
    return (usual - fewer) * ins * outs / added


def moderate(small: np.ndarray, weight: np.ndarray) -> bool:
    """Whether no sum on the way can overflow; False with nan or infinity. Integers wrap around, as always.

    No sum of products is larger than the lengths of both, of sides and rows at most 2 to the axes times more.
    """
    if small.dtype.kind in "iu":
        return True
    squares = [float(np.vdot(array, array).real) for array in (small, weight)]
    return 4.0 ** (small.ndim - 3) * sqrt(prod(squares)) < float(np.finfo(small.dtype).max)


def scatter(
    small: np.ndarray, weight: np.ndarray, bias: np.ndarray, large: np.ndarray, settings: Settings
) -> None:
    """Fill large with the stamps of small, two neighbours on each axis at a time.

    small (batch, group, in, *size), weight (group, in, out, taps), large (batch, group, out, *large size).
    """
    plan = plan_of(settings.kernel_size, settings.stride)
    large[...] = bias[:, :, 0]  # where two blocks meet, both add to it
    blocks, pieces, size = _cut_up(small, weight, plan)
    matrices = _Matrices(weight, plan, pieces, again=len(blocks) > 1)
    laid, scratch, lined_up = (Scratch(weight.dtype) for _ in range(3))
    for samples, low, high in blocks:
        inputs = _sums(_even(small[samples], low, high, size), laid)
        places = _places(settings, size, large.shape[3:], low, high)
        for channels, matrix in matrices:
            target = channels_before_batch(large[samples])[:, channels]
            products = _multiply(matrix, inputs, plan, scratch)
            _subtract(products, plan)
            _join(products, plan, places, target)
            _write(products, plan, places, target, bias[:, channels], lined_up)


def gather(
    large: np.ndarray, small: np.ndarray, weight: np.ndarray, settings: Settings
) -> tuple[np.ndarray, np.ndarray]:
    """Transposes of `scatter`: what large gives back to small, and what it gives back to the weight.

    Shapes as there. Where one number went to two places, what lies there is added up; and where two met in a
    product, each is what the other takes its share of large with.
    """
    plan = plan_of(settings.kernel_size, settings.stride)
    to_small, to_weight = np.zeros(small.shape, large.dtype), np.empty(weight.shape, large.dtype)
    blocks, pieces, size = _cut_up(small, weight, plan)
    laid, scratch = Scratch(large.dtype), Scratch(large.dtype)
    for channels, matrix in _Matrices(weight, plan, pieces, again=False):
        to_matrix = np.zeros(matrix.shape, large.dtype)
        for samples, low, high in blocks:
            inputs = _sums(_even(small[samples], low, high, size), laid)
            block = [(low, high), *((0, n) for n in size[1:])]
            products = _read(large[samples, :, channels], plan, settings.padding, block, scratch)
            _subtract_back(products, plan)
            _multiply_back(matrix, inputs, products, plan, to_matrix)
            _add_back(inputs, channels_before_batch(to_small[samples]), block)
        to_weight[:, :, channels] = matmul(plan.taps.T.astype(large.dtype), to_matrix).swapaxes(2, 3)
    return to_small, to_weight


def _cut_up(small, weight, plan):
    """Blocks of pairs, pieces of the output channels, and how many pairs there are on each axis."""
    groups, ins, outs, _ = weight.shape
    size = tuple(-(-n // 2) for n in small.shape[3:])
    # The sides may take two blocks of scratch: a product is faster with more pairs at a time.
    blocks = blocks_of(
        len(small), size, groups * max(-(-len(plan.sides) * ins // 2), len(plan.at) * min(outs, OUTS))
    )
    samples, _, rows = blocks[0]  # from 0 on; no block has more pairs
    pairs = samples.stop * rows * prod(size[1:])
    return blocks, pieces_that_fit(outs, groups * len(plan.at) * pairs), size


def _even(part, low, high, size):
    """The cells of pairs low to high (group, in, batch, *size), a zero behind the last where it is alone."""
    part = channels_before_batch(part)
    return cut(part, [2 * low, *[0] * len(size[1:])], [2 * high, *(2 * n for n in size[1:])])


def _sums(cells, scratch):
    """The sides of cells (group, in, batch, *size): (3, 3, ..., group, in, batch, *size / 2)."""
    axes = cells.ndim - 3
    sides = scratch(*[3] * axes, *cells.shape[:3], *(n // 2 for n in cells.shape[3:]))
    for corner in product((0, 1), repeat=axes):
        sides[tuple(2 * at for at in corner)] = cells[(..., *(slice(at, None, 2) for at in corner))]
    for axis in range(axes):  # what is added lies side by side now
        done, ends = [slice(None)] * axis, [slice(None, None, 2)] * (axes - axis - 1)
        np.add(sides[(*done, 0, *ends)], sides[(*done, 2, *ends)], out=sides[(*done, 1, *ends)])
    return sides


class _Matrices:
    """The weight with its taps added up in rows, a piece of the output channels at a time.

    Kept if it is needed again, else made in the same scratch.
    """

    def __init__(self, weight, plan, pieces, again):
        self.weight, self.taps, self.pieces = weight, plan.taps.astype(weight.dtype), pieces
        self.kept, self.scratch = [], None if again else Scratch(weight.dtype)

    def __iter__(self):
        """Pairs of a slice of channels and its matrices (group, in, rows, out)."""
        if self.kept:
            yield from zip(self.pieces, self.kept)
            return
        made = [] if self.scratch is None else None
        for channels in self.pieces:
            chosen = self.weight[:, :, channels].swapaxes(2, 3)
            shape = *chosen.shape[:2], len(self.taps), chosen.shape[3]
            matrix = self.scratch(*shape) if made is None else np.empty(shape, chosen.dtype)
            matmul(self.taps, chosen, out=matrix)
            if made is not None:
                made.append(matrix)
            yield channels, matrix
        self.kept = made or []


def _multiply(matrix, inputs, plan, scratch):
    """Each side of the inputs with its rows of the matrix: products (group, rows, out, batch, *size)."""
    groups, ins, rows, outs = matrix.shape
    cells = inputs.shape[len(plan.period) + 2 :]
    products = scratch(groups, rows, outs, *cells)
    for side, which in plan.sides.items():
        factors = matrix[:, :, which].reshape(groups, ins, -1).swapaxes(1, 2)
        out = products[:, which].reshape(groups, factors.shape[1], prod(cells))
        matmul(factors, inputs[side].reshape(groups, ins, prod(cells)), out=out)
    return products


def _multiply_back(matrix, inputs, products, plan, to_matrix):
    """What the products give back: to the matrix, added to to_matrix; to the inputs, in their place."""
    groups, ins, _, outs = matrix.shape
    for side, which in plan.sides.items():
        given = products[:, which].reshape(groups, -1, prod(products.shape[3:]))
        cells = inputs[side].reshape(groups, ins, -1)
        to_matrix[:, :, which] += matmul(cells, given.swapaxes(1, 2)).reshape(groups, ins, -1, outs)
        matmul(matrix[:, :, which].reshape(groups, ins, -1), given, out=cells)


def _subtract(products, plan):
    """From (a + b)(g + h) take a g and b h, in place, axis by axis."""
    for middle, outer in _middles(products, plan):
        middle -= outer


def _subtract_back(products, plan):
    """What (a + b)(g + h) gives back, a g and b h take back."""
    for middle, outer in _middles(products, plan):
        outer -= middle


def _middles(products, plan):
    """Rows in the middle on some axis, with those of each outer side that meet them; axis by axis."""
    parts = {
        side: products[:, rows].reshape(len(products), *plan.shapes[side], *products.shape[2:])
        for side, rows in plan.sides.items()
    }
    for axis, joined in enumerate(plan.joined):
        some = (*[slice(None)] * (axis + 1), slice(joined))
        for side, part in parts.items():
            if side[axis] == 1:
                for outer in (0, 2):
                    yield part, parts[(*side[:axis], outer, *side[axis + 1 :])][some]


def _join(products, plan, places, target):
    """Add each row that reaches the next pair to the row of that pair; what is behind the last, to target."""
    size = products.shape[3:]
    steps = [prod(size[axis + 1 :]) for axis in range(1, len(size))]
    for row, (at, beyond) in enumerate(zip(plan.at, places.beyond)):
        if not beyond:
            continue
        for cells, here, there in beyond:
            target[there] += products[:, row][here]
            products[:, row][cells] = 0  # so that nothing is shifted into the next line
        first = plan.at.index(tuple(a % period for a, period in zip(at, plan.period)))
        shift = sum(a // period * step for a, period, step in zip(at, plan.period, steps))
        one, other = (products[:, which].reshape(len(products), -1) for which in (first, row))
        one[:, shift:] += other[:, :-shift]


def _write(products, plan, places, target, bias, scratch):
    """Copy the rows to the target; those of the last axis laid in turn before, which makes longer runs."""
    *lead, last = plan.period
    cells = products.shape[2:]
    laid = scratch(len(products), *cells, last)
    lines = laid.reshape(len(products), *cells[:-1], cells[-1] * last)
    for number, parts in zip(np.ndindex(*lead), places.lines):
        for at in range(last):
            laid[..., at] = products[:, plan.at.index((*number, at))]
        for (here, there), added in zip(parts, (True, False)):
            if added:
                target[there] += lines[here]
            else:
                np.add(lines[here], bias, out=target[there])


def _read(part, plan, padding, block, scratch):
    """The numbers of part (batch, group, out, *large size) where the rows of a block land, else 0."""
    part = channels_before_batch(part)
    rows = scratch(len(part), len(plan.at), *part.shape[1:3], *(high - low for low, high in block))
    for row, at in enumerate(plan.at):
        corner = [a - before for a, (before, _) in zip(at, padding)]
        tops = [low for low, _ in block]
        here, there = zip(*map(_inside, corner, plan.period, part.shape[3:], block, tops))
        inside = rows[(slice(None), row, ..., *here)]
        if inside.size < rows[:, row].size:
            rows[:, row] = 0
        inside[...] = part[(..., *there)]
    return rows


def _add_back(to_sides, target, block):
    """Add what the sides are given to the cells of target that they were made of."""
    axes = len(block)
    for axis in range(axes):
        done = [slice(None)] * axis
        for outer in (0, 2):
            to_sides[(*done, outer)] += to_sides[(*done, 1)]
    for corner in product((0, 1), repeat=axes):
        cells = target[(..., *(slice(2 * low + at, 2 * high, 2) for at, (low, high) in zip(corner, block)))]
        cells += to_sides[(*(2 * at for at in corner), ..., *map(slice, cells.shape[3:]))]


class _Places(NamedTuple):
    """Where a block goes."""

    beyond: list[list[tuple]]  # of each row, what is behind the last pair: (all of it, inside large, there)
    lines: list[list[tuple]]  # of each row of lines, its first pair and the others: (in the block, in large)


@lru_cache(maxsize=256)
def _places(settings, size, large_size, low, high):
    """The _Places of pairs low to high of the first axis."""
    plan = plan_of(settings.kernel_size, settings.stride)
    befores = [before for before, _ in settings.padding]
    block = [(low, high), *((0, n) for n in size[1:])]

    def place(at, steps, part, top):
        corner = [a - before for a, before in zip(at, befores)]
        slices = [_inside(*axis) for axis in zip(corner, steps, large_size, part, (top, *[0] * len(part)))]
        return tuple((..., *along) for along in zip(*slices))

    beyond = []
    for at in plan.at:
        parts = _behind(block, [a // period for a, period in zip(at, plan.period)])
        cells = [(..., slice(a - low, b - low), *(slice(*ends) for ends in rest)) for (a, b), *rest in parts]
        beyond.append([(cell, *place(at, plan.period, part, low)) for cell, part in zip(cells, parts)])
    *lead, last = plan.period
    block[-1] = tuple(last * n for n in block[-1])
    (top, bottom), second = block[0], block[0][0] + (1 if lead else last)
    lines = [
        [
            place((*number, 0), (*lead, 1), [part, *block[1:]], top)
            for part in ((top, second), (second, bottom))
        ]
        for number in np.ndindex(*lead)
    ]
    return _Places(beyond, lines)


def _behind(block, shift):
    """The parts of a block, (low, high) on each axis, that a shift by cells brings out of it."""
    inside = [(low, high - by) for (low, high), by in zip(block, shift)]
    return [
        [*inside[:axis], (high - by, high), *block[axis + 1 :]]
        for axis, ((_, high), by) in enumerate(zip(block, shift))
        if by
    ]


def _inside(at, step, size, part, top):
    """Of cells low to high, where cell 0 lies `at`, those inside a large array: (slice after top, in it)."""
    low, high = part
    first = max(low, -(at // step))
    end = max(first, min(high, (size - 1 - at) // step + 1))
    start = at + step * first
    return slice(first - top, end - top), slice(start, max(start, start + step * (end - first - 1) + 1), step)
