"""Specifications of the exercises of chapter 16, In networks."""

import numpy as np

from ..shapes import conv_transpose_output_size
from .registry import accepts, function, value


@value(
    "16-count",
    title="Count a layer",
    difficulty=1,
    asks="three numbers, weights, MACs and what the counter says",
    hints=(
        "A weight for every pair of channels and every place of the kernel. How often is each of them used?",
        "Each weight is used once for every cell of the input. The counter takes the cells "
        "of the output instead.",
    ),
    wrong=(
        ([32768, 134217728, 33554432], "the true count uses the input's cells, the counter the output's"),
        ([32768, 33554432, 33554432], "the counter uses the output's cells"),
        ([16, 16384, 65536], "every input channel meets every output channel"),
    ),
)
def count():
    """One weight for each pair of channels and each place of the kernel, each used once for every cell."""
    weights = sum(1 for _ in np.ndindex(64, 32, 4, 4))
    return [weights, sum(weights for _ in range(32 * 32)), sum(weights for _ in range(64 * 64))]


def settings(stride):
    """The padding takes half of the stride, rounded up; output_padding gives the odd cell back."""
    return 2 * stride, (stride + 1) // 2, stride % 2


@accepts(
    "16-odd-stride",
    settings,
    title="A vocoder with an odd stride",
    difficulty=2,
    asks="a function settings(stride)",
    hints=(
        "What does the layer make of n samples? Which padding and output_padding leave stride times n?",
        "2 padding - output_padding must be the stride. For an odd stride that takes an odd output_padding.",
    ),
    also_right=(
        lambda stride: [2.0 * stride, (stride + 1) // 2, np.int64(stride % 2)],
        lambda stride: (2 * stride, stride // 2 + 1, 2 - stride % 2) if stride > 2 else (4, 1, 0),
    ),
    wrong=(
        (
            lambda stride: (2 * stride, stride // 2, 0),
            "with stride 3, 7 cells should become 21, yours become 22",
        ),
        (lambda stride: (2 * stride, (stride + 1) // 2, 0), "with stride 3, 7 cells should become 21"),
        (lambda stride: (2 * stride - stride % 2, stride // 2, 0), "the kernel for stride 3 should be 6"),
        (lambda stride: (stride, 0, 0), "the kernel for stride 2 should be 4"),
        (
            lambda stride: (4, max(5 - stride, 0) // 2, max(stride - 4, stride % 2)),
            "the kernel for stride 3 should be 6",
        ),
        (lambda stride: (2 * stride, stride, stride), "stride 2 raised ValueError: output_padding"),
        (lambda stride: None, "stride 2 raised TypeError"),
        ((10, 3, 1), "a function is asked for, got tuple"),
    ),
)
def odd_stride(answer):
    """What is wrong with the settings, for a few strides and lengths."""
    if not callable(answer):
        return f"a function is asked for, got {type(answer).__name__}"
    for stride in range(2, 10):
        try:
            k, padding, output_padding = (int(n) if n == int(n) else n for n in answer(stride))
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
    alone=True,
    title="The way back through a resize",
    difficulty=2,
    asks="a function resize_back(grad, factor)",
    hints=(
        "One input cell is copied to a whole block. Through which outputs does it act on L?",
        "Each input cell gets the sum of its block of the gradient.",
    ),
    wrong=(
        (lambda grad, factor: grad[::factor, ::factor], "every copy counts, not the first of a block alone"),
        (lambda grad, factor: resize_back(grad, factor) / factor**2, "what copies act on adds up; no mean"),
        (lambda grad, factor: resize_back(grad, 2), "the factor is not always 2"),
        (lambda grad, factor: resize_back(grad, factor).T, "rows and columns are exchanged"),
    ),
)
def resize_back(grad, factor):
    """Each cell of the large grid gives its number to the small cell that it is a copy of."""
    small = np.zeros((grad.shape[0] // factor, grad.shape[1] // factor), grad.dtype)
    for i in range(grad.shape[0]):
        for j in range(grad.shape[1]):
            small[i // factor, j // factor] += grad[i, j]
    return small
