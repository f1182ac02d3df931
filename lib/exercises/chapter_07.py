"""Specifications of the exercises of chapter 7, The lost size, and output_padding."""

import numpy as np

from ..shapes import conv_output_size
from . import function, value


@value("07-lost")
def lost():
    """Every input size that a convolution with kernel 4, stride 3, padding 1 sends to 5."""
    return [size for size in range(2, 40) if conv_output_size(size, 4, stride=3, padding=1) == 5]


@value("07-cells")
def cells():
    """Two stamps three apart, cut one cell after the start and one cell behind the last stamp; bias 5."""
    long = np.zeros(3 + 3 + 1, int)
    long[0:3] += 1 * np.array([1, 2, 3])
    long[3:6] += 10 * np.array([1, 2, 3])
    return long[1:] + 5


@function(
    "07-output-size",
    (23, 12, 3, 2, 1),
    (24, 12, 3, 2, 1),
    (25, 12, 3, 2, 1),
    (22, 12, 3, 2, 1),
    (18, 6, 5, 3, 2),
    (9, 9, 3, 1, 1),
)
def from_size(wanted, input_size, kernel_size, stride, padding):
    """How far the wanted size lies above the smallest that the convolution sends to input_size."""
    sizes = [
        size
        for size in range(kernel_size, wanted + stride * input_size)
        if conv_output_size(size, kernel_size, stride=stride, padding=padding) == input_size
    ]
    return wanted - sizes[0] if wanted in sizes else -1
