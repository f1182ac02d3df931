"""Where a kernel lies: the one equation of the book, large = stride * small + dilation * tap - padding.

The *large* array is what the kernel moves over (the input of `conv`, the output of `conv_transpose`), the
*small* one has one cell for each place of the kernel. A *tap* is one kernel element, named by its index.
"""

from collections.abc import Iterable, Iterator, Sequence
from math import prod
from typing import Any

import numpy as np

Axes = tuple[int, ...]
Pairs = tuple[tuple[int, int], ...]
Index = Any  # what stands between an array's brackets; mypy loses its way in a tuple with `...` and `*`


def cells(size: Iterable[int]) -> int:
    """How many cells a grid of this size has: cells((4, 4)) is 16."""
    return prod(size)


def large_position(
    position: Sequence[int],
    tap: Sequence[int],
    stride: Sequence[int],
    dilation: Sequence[int],
    padding: Sequence[tuple[int, int]],
) -> Axes:
    """The cell of the large array that joins cell `position` of the small one to a tap: s t + d k - p.

    Examples
    --------
    >>> large_position((2,), (1,), stride=(3,), dilation=(2,), padding=((1, 0),))
    (7,)
    """
    return tuple(
        s * t + d * k - before for t, k, s, d, (before, _) in zip(position, tap, stride, dilation, padding)
    )


def effective_size(kernel_size: Sequence[int], dilation: Sequence[int]) -> Axes:
    """The cells from a dilated kernel's first element to its last, both included: d (k - 1) + 1."""
    return tuple(d * (k - 1) + 1 for k, d in zip(kernel_size, dilation))


def full_size(
    size: Sequence[int], kernel_size: Sequence[int], stride: Sequence[int], dilation: Sequence[int]
) -> Axes:
    """The cells that the kernel reaches from its `size` places on each axis: s (i - 1) + d (k - 1) + 1.

    It is the large array's size before anything is cropped or added.

    Examples
    --------
    >>> full_size((4,), (3,), stride=(2,), dilation=(1,))
    (9,)
    """
    reach = effective_size(kernel_size, dilation)
    return tuple(s * (i - 1) + span for i, span, s in zip(size, reach, stride))


def taps(
    kernel_size: Sequence[int], size: Sequence[int], stride: Sequence[int], dilation: Sequence[int]
) -> Iterator[tuple[Index, Index]]:
    """Yield the index of each tap with the window of the large array that it touches, padding included.

    `size` is the size of the small array: how many places the kernel takes on each axis.

    Examples
    --------
    >>> [(tap, window[1:]) for tap, window in taps((2,), (3,), (2,), (1,))]
    [((0,), (slice(0, 5, 2),)), ((1,), (slice(1, 6, 2),))]
    """
    span = full_size(size, (1,) * len(size), stride, dilation)  # of one tap, from its first cell to its last
    for tap in np.ndindex(*kernel_size):
        starts = (d * k for d, k in zip(dilation, tap))
        window = (slice(at, at + n, s) for at, n, s in zip(starts, span, stride))
        yield tap, (..., *window)


def tap_pairs(kernel_size: int, stride: int) -> list[tuple[int, int | None]]:
    """The taps of one axis in pairs that lie one stride apart: (tap, partner), None where the kernel ends.

    Where two neighbouring stamps lie on each other, the first one's partner meets the second one's tap.

    Examples
    --------
    >>> tap_pairs(4, 2), tap_pairs(3, 2)
    ([(0, 2), (1, 3)], [(0, 2), (1, None)])
    """
    first = [tap for tap in range(kernel_size) if tap // stride % 2 == 0]
    return [(tap, tap + stride if tap + stride < kernel_size else None) for tap in first]
