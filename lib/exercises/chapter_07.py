"""Specifications of the exercises of chapter 7, The lost size, and output_padding."""

import numpy as np

from ..shapes import conv_output_size
from .registry import function, value


@value(
    "07-lost",
    title="Who comes to five?",
    difficulty=1,
    asks="a list of sizes, all of them, the smallest first",
    hints=(
        "What does the transposed convolution with these settings make of 5?",
        "That is the smallest size. With a stride, neighbouring sizes lead to the same output: how many?",
    ),
    wrong=(
        ([14], "there are more: the stride leaves cells over"),
        ([13, 14, 15], "a convolution sends 13 to 4"),
        ([14, 15, 16, 17], "a convolution sends 17 to 6"),
        ([16, 15, 14], "the smallest comes first"),
    ),
)
def lost():
    """Every input size that a convolution with kernel 4, stride 3, padding 1 sends to 5."""
    return [size for size in range(2, 40) if conv_output_size(size, 4, stride=3, padding=1) == 5]


@value(
    "07-cells",
    title="Real, or bias?",
    difficulty=2,
    asks="a list of numbers, one for each output cell",
    hints=(
        "Write all stamps down first, without padding. Which cells does the padding take?",
        "The padding takes a cell at each end. output_padding keeps two more at the end: one of them was "
        "there before, one is new. The bias comes last.",
    ),
    wrong=(
        ([2, 3, 10, 20, 30, 0], "the bias is added to every cell"),
        ([7, 8, 15, 25, 35, 0], "a cell that no stamp reaches gets the bias too"),
        ([7, 8, 15, 25, 5, 5], "one of the cells that output_padding keeps was computed: is it zero?"),
        ([7, 8, 15, 25], "output_padding keeps two cells more"),
    ),
)
def cells():
    """Two stamps three apart, cut one cell after the start and one cell behind the last stamp; bias 5."""
    long = np.zeros(3 + 3 + 1, int)
    long[0:3] += 1 * np.array([1, 2, 3])
    long[3:6] += 10 * np.array([1, 2, 3])
    return long[1:] + 5


def _difference(wanted, input_size, kernel_size, stride, padding):
    """What the wanted size has more than the smallest."""
    return wanted - (stride * (input_size - 1) + kernel_size - 2 * padding)


@function(
    "07-output-size",
    (23, 12, 3, 2, 1),
    (24, 12, 3, 2, 1),
    (25, 12, 3, 2, 1),
    (20, 12, 3, 2, 1),
    (18, 6, 5, 3, 2),
    (9, 9, 3, 1, 1),
    title="output_size",
    difficulty=2,
    asks="a function from_size(wanted, input_size, kernel_size, stride, padding)",
    hints=(
        "What size comes out with output_padding 0?",
        "The output_padding is what the wanted size has more. Which values of it are allowed?",
    ),
    wrong=(
        (_difference, "say -1 where no output_padding gives that size"),
        (
            lambda *given: _difference(*given) if _difference(*given) < given[3] else -1,
            "a size that is too small cannot be reached either",
        ),
        (
            lambda *given: _difference(*given) if 0 <= _difference(*given) <= given[3] else -1,
            "output_padding is smaller than the stride, not equal to it",
        ),
        (lambda *given: from_size(*given[:4], 0), "padding crops, at both ends"),
        (
            lambda wanted, size, kernel, stride, padding: from_size(wanted, size, kernel, 2, padding),
            "the stride is not always 2",
        ),
        (lambda *given: 0 if _difference(*given) == 0 else -1, "is there no output_padding above 0?"),
        (lambda *given: 1 if 0 <= _difference(*given) < given[3] else -1, "is the output_padding always 1?"),
    ),
)
def from_size(wanted, input_size, kernel_size, stride, padding):
    """How far the wanted size lies above the smallest that the convolution sends to input_size."""
    sizes = [
        size
        for size in range(kernel_size, wanted + stride * input_size)
        if conv_output_size(size, kernel_size, stride=stride, padding=padding) == input_size
    ]
    return wanted - sizes[0] if wanted in sizes else -1
