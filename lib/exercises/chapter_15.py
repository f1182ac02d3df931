"""Specifications of the exercises of chapter 15, Every framework's dialect."""

import numpy as np

from . import function, value


@value("15-crop")
def crop():
    """SAME with kernel 6, stride 3: of the three cells too many one goes before and two go after."""
    return (1, 2)


@function(
    "15-same",
    (np.array([1, 1, 1]), np.array([1, 2, 3]), 2),
    (np.array([1, 10, 100]), np.array([1, 2, 3, 4, 5]), 2),
    (np.array([1, 10, 100]), np.array([1, 2]), 4),
    (np.array([2, 7, 1, 8]), np.array([3, 1, 4, 1]), 1),
)
def same(x, kernel, stride):
    """Stamps, one number at a time, on an axis of stride times as many cells as x."""
    before = max(len(kernel) - stride, 0) // 2
    output = [0] * (stride * len(x))
    for m, number in enumerate(x):
        for tap, weight in enumerate(kernel):
            cell = stride * m + tap - before
            if 0 <= cell < len(output):
                output[cell] += number * weight
    return np.array(output)


@function("15-flax", (np.arange(1, 13).reshape(2, 3, 2),), (np.arange(1, 31).reshape(5, 2, 3),))
def flax(weight):
    """PyTorch's (in, out, kernel) as JAX's (kernel, in, out), one number at a time, the last tap first."""
    in_channels, out_channels, size = weight.shape
    kernel = np.zeros((size, in_channels, out_channels), weight.dtype)
    for c in range(in_channels):
        for o in range(out_channels):
            for tap in range(size):
                kernel[size - 1 - tap, c, o] = weight[c, o, tap]
    return kernel
