"""Specifications of the exercises of chapter 3, The transposed convolution."""

import numpy as np

from .registry import function, value


@value(
    "03-one-cell",
    title="Take one cell apart",
    difficulty=1,
    asks="a list of four kernel numbers",
    hints=(
        "Four stamps cover that cell. Input (i, j) puts its stamp's corner on output (i, j).",
        "Input (i, j) meets output (2, 1) in kernel row 2 - i and kernel column 1 - j.",
    ),
    wrong=(
        ([4, 5, 7, 8], "the order is that of the inputs, beginning with the upper left one"),
        ([2, 3, 5, 6], "those are numbers of the rotated kernel; a stamp is not rotated"),
        ([8, 14, 15, 16], "those are the products: the kernel numbers alone are asked for"),
    ),
)
def one_cell():
    """The kernel numbers through which the four inputs reach output cell (2, 1)."""
    kernel = np.arange(1, 10).reshape(3, 3)
    return np.array([kernel[2, 1], kernel[2, 0], kernel[1, 1], kernel[1, 0]])


@value(
    "03-size",
    title="How large?",
    difficulty=1,
    asks="two numbers, rows and columns",
    hints=(
        "Where does the last stamp begin, and how far does it reach?",
        "With i cells the last stamp begins at cell i - 1, and it is k cells long.",
    ),
    wrong=(
        ((2, 5), "that is what a convolution makes of it; here the output grows"),
        ((9, 8), "the last stamp begins on the last cell, not behind it"),
        ((7, 8), "rows first, then columns"),
    ),
)
def size():
    """Size of the transposed convolution's output for 5 x 6 and a kernel of 4 x 2."""
    return np.array([5 + 4 - 1, 6 + 2 - 1])


@function(
    "03-gather",
    (np.array([[1, 2], [3, 4]]), np.arange(1, 10).reshape(3, 3)),
    (np.arange(1, 7).reshape(2, 3), np.array([[1, 10], [100, 1000], [5, 7]])),
    (np.array([[3]]), np.array([[1, 2, 3, 4]])),
    alone=True,
    title="Look back from the output",
    difficulty=3,
    asks="a function gather(y, kernel)",
    hints=(
        "Pad y so that the first window lies on the first cell of y with one corner only.",
        "k - 1 zeros on each side of an axis, and the kernel rotated. Then one sum a window.",
    ),
    wrong=(
        (lambda y, kernel: gather(y, kernel[::-1, ::-1]), "in this picture the kernel is rotated"),
        (lambda y, kernel: gather(y, kernel[:, ::-1]), "rotating turns both axes, not one"),
        (
            lambda y, kernel: gather(y, kernel)[: len(y), : y.shape[1]],
            "the output is larger than y: how many zeros stand at each side?",
        ),
        (
            lambda y, kernel: gather(y[:, : len(y)], kernel),
            "you took y for a square",
        ),
    ),
)
def gather(y, kernel):
    """The definition, one product at a time."""
    output = np.zeros((y.shape[0] + kernel.shape[0] - 1, y.shape[1] + kernel.shape[1] - 1), y.dtype)
    for i, j in np.ndindex(*y.shape):
        for a, b in np.ndindex(*kernel.shape):
            output[i + a, j + b] += y[i, j] * kernel[a, b]
    return output
