"""Specifications of the exercises of chapter 10, N dimensions."""

import numpy as np

from . import function, value


@value("10-frames")
def frames():
    """Samples out of 32 frames: each layer makes stride (i - 1) + kernel, less the padding at both ends."""
    size = 32
    for stride, kernel, padding in ((8, 16, 4), (8, 16, 4), (2, 4, 1), (2, 4, 1)):
        size = stride * (size - 1) + kernel - 2 * padding
    return size


@value("10-output-paddings")
def output_paddings():
    """For 13 to 26 to 51 to 101, what 2 (i - 1) + 3 - 2 lacks each time."""
    sizes = [13, 26, 51, 101]
    return [wanted - (2 * (size - 1) + 3 - 2) for size, wanted in zip(sizes, sizes[1:])]


@function(
    "10-matrix",
    (np.array([1, 2, 3]), 7, 2, (1, 1), 1),
    (np.array([1, 2]), 6, 1, (0, 2), 3),
    (np.array([4, 5, 6, 7]), 9, 3, (2, 0), 2),
)
def matrix(kernel, large, stride, padding, dilation):
    """C of a convolution on one axis: slide the spread-out kernel over the padded input."""
    before, after = padding
    spread = np.zeros(dilation * (len(kernel) - 1) + 1, kernel.dtype)
    spread[::dilation] = kernel
    rows = []
    for start in range(0, before + large + after - len(spread) + 1, stride):
        row = np.zeros(before + large + after, kernel.dtype)
        row[start : start + len(spread)] = spread
        rows.append(row[before : before + large])
    return np.array(rows)
