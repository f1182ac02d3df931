"""Specifications of the exercises of chapter 5, Padding crops."""

import numpy as np

from ..shapes import conv_transpose_output_size
from .registry import accepts, function, value


@accepts(
    "05-keep-size",
    (2, 3),
    title="Keep the size",
    difficulty=1,
    asks="one number for each axis",
    hints=(
        "By how many cells does the result grow on each axis without padding?",
        "It grows by k - 1 cells. Padding p takes 2p away.",
    ),
    also_right=(((2, 2), (3, 3)), ((1, 3), (3, 3)), [[2.0, 2.0], [3.0, 3.0]]),
    wrong=(
        ((4, 6), "an input of 11 x 13 becomes 7 x 7"),
        ((2, 2), "an input of 11 x 13 becomes 11 x 15"),
        ((3, 2), "an input of 11 x 13 becomes 9 x 15"),
        ((2.5, 3.5), "whole numbers"),
        (2, "one number for each of the two axes is asked for"),
    ),
)
def keep_size(answer):
    """A padding of a 5 x 7 kernel, half padding or another, that gives the size of its input back."""
    pairs = np.asarray(answer)
    if pairs.ndim == 0 or len(pairs) != 2:
        return f"one number for each of the two axes is asked for, got {answer!r}"
    if pairs.dtype.kind not in "iuf" or (pairs != pairs.astype(int)).any():
        return f"padding counts cells, so whole numbers are asked for, got {answer!r}"
    rows, columns = conv_transpose_output_size((11, 13), (5, 7), padding=pairs.astype(int).tolist())
    return None if (rows, columns) == (11, 13) else f"an input of 11 x 13 becomes {rows} x {columns}"


@value(
    "05-corner",
    title="One corner of the result",
    difficulty=1,
    asks="a list of two rows of two numbers",
    hints=(
        "The first pair belongs to the rows, the second to the columns. In a pair, before comes first.",
        "Strike rows at the top of the 4 x 4 result, and a column at each side. Copy what is left.",
    ),
    wrong=(
        ([[4, 7], [23, 33]], "before is the top: you struck rows at the bottom"),
        ([[33, 24], [63, 42]], "the first pair is the rows' and the second the columns'"),
    ),
)
def corner():
    """The 4 x 4 result of chapter 3 without two rows at the top and one column at each side."""
    return np.array([[1, 4, 7, 6], [7, 23, 33, 24], [19, 53, 63, 42], [21, 52, 59, 36]])[2:, 1:-1]


@function(
    "05-gather",
    (np.array([1, 10, 100]), np.array([1, 2, 3]), 0, 0),
    (np.array([1, 10, 100, 1000]), np.array([1, 2, 3]), 1, 2),
    (np.array([1, 2, 3, 4, 5]), np.array([1, 2, 3]), 3, 0),
    (np.array([1, 2, 3, 4, 5, 6]), np.array([1, 3]), 1, 3),
    alone=True,
    title="The picture for every padding",
    difficulty=3,
    asks="a function gather(y, kernel, before, after)",
    hints=(
        "Each end of y gets its own number of zeros. How many, if nothing is cropped? "
        "How many, if one cell is?",
        "k - 1 - p zeros at each end. Where that is negative, cut cells of y off instead; mind a slice that "
        "ends at -0.",
    ),
    wrong=(
        (lambda y, kernel, before, after: gather(y, kernel[::-1], before, after), "rotate the kernel"),
        (lambda y, kernel, before, after: gather(y, kernel, after, before), "before and after are exchanged"),
        (
            lambda y, kernel, before, after: gather(y, kernel, min(before, len(kernel) - 1), after),
            "more than full padding before the first cell must cut y",
        ),
        (
            lambda y, kernel, before, after: gather(y, kernel, before, min(after, len(kernel) - 1)),
            "more than full padding behind the last cell must cut y",
        ),
        (
            lambda y, kernel, before, after: gather(y, kernel, 0, 0)[before:-after],
            "a slice that ends at -0 is empty",
        ),
    ),
)
def gather(y, kernel, before, after):
    """Stamps, one number at a time; the cells that fall into the crop are left out."""
    output = [0] * (len(y) + len(kernel) - 1 - before - after)
    for m, number in enumerate(y):
        for tap, weight in enumerate(kernel):
            if 0 <= m + tap - before < len(output):
                output[m + tap - before] += number * weight
    return np.array(output)
