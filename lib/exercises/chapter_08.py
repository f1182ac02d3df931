"""Specifications of the exercises of chapter 8, Dilation, and its holes."""

from math import gcd

import numpy as np

from .registry import function, value


@value(
    "08-sizes",
    title="Two sizes",
    difficulty=1,
    asks="two numbers, effective size and output size",
    hints=(
        "How many steps of 3 cells lie between four taps?",
        "The last stamp begins at stride times (cells - 1) and is one effective kernel long. Then the "
        "padding takes its cells.",
    ),
    wrong=(
        ((12, 20), "between four taps lie three steps"),
        ((10, 20), "the padding crops"),
        ((10, 19), "the padding crops at both ends"),
    ),
)
def sizes():
    """Cells of a dilated kernel, and of the output, counted on the cells themselves."""
    taps = [3 * tap for tap in range(4)]
    stamps = [2 * m + tap for m in range(6) for tap in taps]
    return (taps[-1] + 1, max(stamps) + 1 - 2 * 1)


@value(
    "08-mend",
    title="Mend the layer",
    difficulty=2,
    asks="two numbers, dilation and kernel size",
    hints=(
        "Which cells do the taps of one stamp reach, counted modulo the stride?",
        "A dilation that shares a divisor with the stride visits some phases only. A kernel size that the "
        "stride does not divide visits some phases more often.",
    ),
    wrong=(
        ((3, 3), "with dilation 3 every stamp keeps to every third cell"),
        ((2, 2), "with two taps and stride 3, one cell in three gets none"),
        ((1, 3), "the dilation is to be greater than 1"),
        ((4, 3), "that reaches them all, and a smaller dilation does too"),
        ((2, 6), "that reaches them all, and a smaller kernel does too"),
    ),
)
def mend():
    """The smallest dilation without a divisor in common with stride 3, the smallest kernel that 3 divides."""
    dilation = next(d for d in range(2, 10) if gcd(3, d) == 1)
    return (dilation, next(k for k in range(2, 10) if k % 3 == 0))


@function(
    "08-written",
    (3, 3, 2, 2),
    (4, 3, 2, 3),
    (3, 2, 3, 2),
    (5, 2, 1, 4),
    (2, 4, 4, 6),
    alone=True,
    title="Which cells are written?",
    difficulty=2,
    asks="a function written_cells(input_size, kernel_size, stride, dilation)",
    hints=(
        "Input cell m and tap t meet in one output cell. Which?",
        "Start with False everywhere, go through all pairs of m and t, and tick m * stride + t * dilation.",
    ),
    wrong=(
        (lambda i, k, s, d: written(i, k, d, s), "the stride moves stamps, the dilation moves taps"),
        (lambda i, k, s, d: written(i, k, s, 1), "the dilation moves the taps apart"),
        (lambda i, k, s, d: np.ones(s * (i - 1) + d * (k - 1) + 1, bool), "some cells are holes"),
        (
            lambda i, k, s, d: np.arange(s * (i - 1) + d * (k - 1) + 1) % gcd(s, d) == 0,
            "a dilation without a divisor in common with the stride has holes too, near the ends",
        ),
    ),
)
def written(input_size, kernel_size, stride, dilation):
    """Cell by cell: is there a tap that some input cell brings here?"""
    size = stride * (input_size - 1) + dilation * (kernel_size - 1) + 1
    return np.array(
        [
            any(q == m * stride + tap * dilation for m in range(input_size) for tap in range(kernel_size))
            for q in range(size)
        ]
    )
