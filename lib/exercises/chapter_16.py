"""Specifications of the exercises of chapter 16, In networks."""

from itertools import product

import numpy as np

from ..shapes import conv_transpose_output_size
from . import accepts, function, value


@value("16-count")
def count():
    """One product at a time: for every input cell, every kernel element, every pair of channels."""
    weights = sum(1 for _ in product(range(64), range(32), range(4), range(4)))
    return [weights, sum(weights for _ in range(32 * 32)), sum(weights for _ in range(64 * 64))]


@accepts("16-odd-stride")
def odd_stride(answer):
    """What is wrong with the settings, for a few strides and lengths."""
    if not callable(answer):
        return f"a function is asked for, got {type(answer).__name__}"
    for stride in range(2, 10):
        try:
            k, padding, output_padding = answer(stride)
            sizes = [conv_transpose_output_size(n, k, stride, padding, output_padding) for n in (1, 2, 7)]
        except Exception as error:  # whatever the reader's code raises is the answer to the reader
            return f"stride {stride} raised {type(error).__name__}: {error}"
        if k != 2 * stride:
            return f"the kernel for stride {stride} should be {2 * stride}, yours is {k}"
        if sizes != [stride, 2 * stride, 7 * stride]:
            return f"with stride {stride}, 7 cells should become {7 * stride}, yours become {sizes[2]}"
    return None


@function(
    "16-resize-back",
    (np.arange(16).reshape(4, 4), 2),
    (np.arange(54).reshape(6, 9) % 7 - 3, 3),
    (np.arange(1, 6).reshape(1, 5), 1),
)
def resize_back(grad, factor):
    """Each cell of the large grid gives its number to the small cell that it is a copy of."""
    small = np.zeros((grad.shape[0] // factor, grad.shape[1] // factor), grad.dtype)
    for i in range(grad.shape[0]):
        for j in range(grad.shape[1]):
            small[i // factor, j // factor] += grad[i, j]
    return small
