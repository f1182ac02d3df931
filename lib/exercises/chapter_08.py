"""Specifications of the exercises of chapter 8, Dilation, and its holes."""

from math import gcd

import numpy as np

from . import function, value


@value("08-sizes")
def sizes():
    """Cells of a dilated kernel, and of the output, counted on the cells themselves."""
    taps = [3 * tap for tap in range(4)]
    stamps = [2 * m + tap for m in range(6) for tap in taps]
    return (taps[-1] + 1, max(stamps) + 1 - 2 * 1)


@value("08-mend")
def mend():
    """The smallest dilation without a divisor in common with stride 3, the smallest kernel that 3 divides."""
    dilation = next(d for d in range(2, 10) if gcd(3, d) == 1)
    return (dilation, next(k for k in range(2, 10) if k % 3 == 0))


@function("08-written", (3, 3, 2, 2), (4, 3, 2, 3), (3, 2, 3, 2), (5, 2, 1, 4), (2, 4, 4, 6))
def written(input_size, kernel_size, stride, dilation):
    """Cell by cell: is there a tap that some input cell brings here?"""
    size = stride * (input_size - 1) + dilation * (kernel_size - 1) + 1
    return np.array(
        [
            any(q == m * stride + tap * dilation for m in range(input_size) for tap in range(kernel_size))
            for q in range(size)
        ]
    )
