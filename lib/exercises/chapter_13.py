"""Specifications of the exercises of chapter 13, Relatives."""

import numpy as np

from . import function, value


@value("13-three-times")
def three_times():
    """What one cell becomes: three ones in a row, each of which the convolution with 1, 10, 100 reads."""
    repeated = np.pad([1, 1, 1], 2)
    return [1 * a + 10 * b + 100 * c for a, b, c in zip(repeated, repeated[1:], repeated[2:])]


@value("13-eight-times")
def eight_times():
    """Kernel size, stride, padding: the large cells that a small cell reaches, and those before cell 0."""
    f = 8
    reached = [q for q in range(-2 * f, 2 * f) if abs((q + 0.5) / f - 0.5) < 1]
    return np.array([len(reached), f, sum(q < 0 for q in reached)])


@value("13-tied")
def tied():
    """Whether three numbers a, b, c give the kernel a, a + b, b + c, c: found by trying them."""
    kernels = [[1, 2, 3, 4], [1, 3, 3, 1], [2, 0, 1, 3], [1, 0, 0, 0]]
    return [[a, b - a, d] == [a, c - d, d] for a, b, c, d in kernels]


def _small(factor, size):
    return np.arange(1, factor * factor * size * size + 1).reshape(-1, 1, size, size)


@function("13-from-subpixel", (_small(2, 2), 2), (_small(2, 3), 2), (_small(3, 1), 3), (_small(3, 2), 3))
def together(small, factor):
    """Each number of the large kernel looked up, one at a time."""
    m = small.shape[2]
    kernel = np.zeros((factor * m, factor * m), small.dtype)
    for i, j in np.ndindex(*kernel.shape):
        phase = i % factor * factor + j % factor
        kernel[i, j] = small[phase, 0, m - 1 - i // factor, m - 1 - j // factor]
    return kernel
