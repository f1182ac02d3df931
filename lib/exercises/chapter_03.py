"""Specifications of the exercises of chapter 3, The transposed convolution."""

import numpy as np

from . import function, value


@value("03-one-cell")
def one_cell():
    """The kernel numbers through which the four inputs reach output cell (2, 1)."""
    kernel = np.arange(1, 10).reshape(3, 3)
    return np.array([kernel[2, 1], kernel[2, 0], kernel[1, 1], kernel[1, 0]])


@value("03-size")
def size():
    """Size of the transposed convolution's output for 5 x 6 and a kernel of 4 x 2."""
    return np.array([5 + 4 - 1, 6 + 2 - 1])


@function(
    "03-gather",
    (np.array([[1, 2], [3, 4]]), np.arange(1, 10).reshape(3, 3)),
    (np.arange(1, 7).reshape(2, 3), np.array([[1, 10], [100, 1000], [5, 7]])),
    (np.array([[3]]), np.array([[1, 2, 3, 4]])),
)
def gather(y, kernel):
    """The definition, one product at a time."""
    output = np.zeros((y.shape[0] + kernel.shape[0] - 1, y.shape[1] + kernel.shape[1] - 1), y.dtype)
    for i, j in np.ndindex(*y.shape):
        for a, b in np.ndindex(*kernel.shape):
            output[i + a, j + b] += y[i, j] * kernel[a, b]
    return output
