"""Blocks of work: pieces whose scratch stays in the cache, and the scratch itself."""

import sys
from collections.abc import Sequence
from functools import lru_cache
from math import ceil, prod
from operator import sub

import numpy as np

from .shapes import Axes, Index

BLOCK = 2**20  # numbers in the largest scratch array of a block: 4 MB of float32

RELAY = 3  # re-laying a number of the weight costs as much as copying so many (measured, chapter 14)
FEW = 64  # cells of a product: not many beside its rows
BLAS = "" if sys.platform == "emscripten" else "fdFD"  # dtypes it multiplies; the NumPy of a page has none


@lru_cache(maxsize=256)
def pieces(length: int, most: int) -> list[slice]:
    """Slices of a length, about equal, none longer than `most` if that is at least 1."""
    step = ceil(length / max(1, ceil(length / max(1, most)))) or 1
    return [slice(at, min(at + step, length)) for at in range(0, length, step)]


def pieces_that_fit(length: int, per_one: int) -> list[slice]:
    """Pieces of a length, each as long as a block of scratch has room for, `per_one` numbers for one."""
    return pieces(length, BLOCK // per_one)


def blocks_of(batch: int, size: Axes, per_cell: int) -> list[tuple[slice, int, int]]:
    """Pieces of work, (samples, low, high): some samples, or rows low to high of one.

    `per_cell` is how many numbers a cell needs in the largest scratch array.
    """
    rows = size[0]
    fit = max(1, BLOCK // (per_cell * prod(size[1:])))  # rows
    if fit >= rows:
        return [(samples, 0, rows) for samples in pieces(batch, fit // rows)]
    return [
        (slice(sample, sample + 1), part.start, part.stop)
        for sample in range(batch)
        for part in pieces(rows, fit)
    ]


class Scratch:
    """Memory that a block leaves to the next: the pages of new memory cost more than the numbers on them."""

    def __init__(self, dtype: np.dtype) -> None:
        self.memory = np.empty(0, dtype)

    def __call__(self, *shape: int) -> np.ndarray:
        """An array of this shape, with anything in it; what was there before is lost."""
        if self.memory.size < prod(shape):
            self.memory = np.empty(prod(shape), self.memory.dtype)
        return self.memory[: prod(shape)].reshape(shape)


def matmul(left: np.ndarray, right: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """The matrix product of the last two axes, left (..., to, from) times right (..., from, cells).

    Without BLAS, `np.matmul` steps through memory in strides; the loops of `einsum` go along it, which takes
    between a sixth and two thirds of the time (measured, float64 in a page and int64 anywhere).
    """
    if np.result_type(left, right).char in BLAS:
        return np.matmul(left, right, out=out)
    return np.einsum("...ij,...jk->...ik", left, right, out=out)


def multiply(matrix: np.ndarray, inputs: np.ndarray, scratch: Scratch) -> np.ndarray:
    """matrix (group, to, from) times inputs (group, from, cells), in scratch.

    If the cells are few, the result lies cell by cell. BLAS copies what it multiplies into an order of its
    own, which takes half the time when a result's longer side lies in runs (measured, with 16 cells).
    """
    groups, rows, cells = *matrix.shape[:2], inputs.shape[2]
    if cells > FEW or cells > rows:
        out = scratch(groups, rows, cells)
    else:
        out = scratch(groups, cells, rows).swapaxes(1, 2)
    return matmul(matrix, inputs, out=out)


def channels_before_batch(array: np.ndarray) -> np.ndarray:
    """(batch, group, channels, *size) as a view (group, channels, batch, *size)."""
    return array.transpose(1, 2, 0, *range(3, array.ndim))


def cut(array: np.ndarray, starts: Sequence[int], ends: Sequence[int]) -> np.ndarray:
    """The part from start to end on each of the last axes, zeros where that lies outside the array."""
    size = array.shape[-len(starts) :]
    first = [min(max(start, 0), n) for start, n in zip(starts, size)]
    last = [max(min(end, n), at) for end, n, at in zip(ends, size, first)]
    window: Index = (..., *map(slice, first, last))
    inside = array[window]
    if first == [*starts] and last == [*ends]:
        return inside
    result = np.zeros((*array.shape[: -len(starts)], *map(sub, ends, starts)), array.dtype)
    window = (..., *map(slice, map(sub, first, starts), map(sub, last, starts)))
    result[window] = inside
    return result
