"""Specifications of the exercises of chapter 10, N dimensions."""

import numpy as np

from .registry import function, value


@value(
    "10-frames",
    title="How much sound?",
    difficulty=1,
    asks="one number",
    hints=(
        "What does one layer make of i cells? Take the first one and write it out.",
        "stride (i - 1) + kernel - 2 padding: with the kernel twice the stride and the padding half of it, "
        "almost everything cancels.",
    ),
    wrong=(
        (8486, "the padding crops"),
        (8339, "the padding crops at both ends"),
        (640, "the layers come one after the other: their strides multiply"),
    ),
)
def frames():
    """Samples out of 32 frames: each layer makes stride (i - 1) + kernel, less the padding at both ends."""
    size = 32
    for stride, kernel, padding in ((8, 16, 4), (8, 16, 4), (2, 4, 1), (2, 4, 1)):
        size = stride * (size - 1) + kernel - 2 * padding
    return size


@value(
    "10-output-paddings",
    title="Back to 101",
    difficulty=2,
    asks="three numbers, from the bottom up",
    hints=(
        "Write down the sizes on the way down. What does each layer of the decoder make without "
        "output_padding?",
        "The layer makes 2i - 1 of i cells. Compare that with the size that stood there on the way down.",
    ),
    wrong=(
        ([0, 0, 1], "from the bottom up: the smallest layer comes first"),
        ([1, 1, 1], "these bring 13 to 104"),
        ([0, 0, 0], "these bring 13 to 97"),
    ),
)
def output_paddings():
    """For 13 to 26 to 51 to 101, what 2 (i - 1) + 3 - 2 lacks each time."""
    sizes = [13, 26, 51, 101]
    return [wanted - (2 * (size - 1) + 3 - 2) for size, wanted in zip(sizes, sizes[1:])]


def _wraps(kernel, large, stride, padding, dilation):
    """A negative q writes at the end of the row."""
    full = matrix(kernel, sum(padding) + large, stride, (0, 0), dilation)
    wrapped = full[:, padding[0] : padding[0] + large].copy()
    wrapped[:, large - padding[0] :] += full[:, : padding[0]]
    return wrapped


@function(
    "10-matrix",
    (np.array([1, 2, 3]), 7, 2, (1, 1), 1),
    (np.array([1, 2]), 6, 1, (0, 2), 3),
    (np.array([4, 5, 6, 7]), 9, 3, (2, 0), 2),
    alone=True,
    title="C from the equation",
    difficulty=3,
    asks="a function matrix(kernel, large, stride, padding, dilation)",
    hints=(
        "How many rows has C? One for each cell of the small array: count the window's places.",
        "For each small cell and each kernel number, the equation says the column. Skip it where the large "
        "array has no such cell; in Python, row[-1] is a cell.",
    ),
    wrong=(
        (lambda kernel, *given: matrix(kernel[::-1], *given), "the kernel stands in C as it is"),
        (
            lambda kernel, large, stride, padding, dilation: matrix(
                kernel, large, stride, padding[::-1], dilation
            ),
            "only the padding before the first cell moves the window",
        ),
        (
            lambda kernel, large, stride, padding, dilation: matrix(kernel, large, stride, padding, 1),
            "the dilation moves the kernel's numbers apart",
        ),
        (lambda *given: matrix(*given).T, "C has a row for each cell of the small array"),
        (_wraps, "row[-1] is the last cell in Python, and here it is padding"),
    ),
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
