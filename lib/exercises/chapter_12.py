"""Specifications of the exercises of chapter 12, Checkerboards."""

import numpy as np

from .chapter_04 import whole_numbers
from .registry import accepts, value


@value(
    "12-five-on-three",
    title="Five on three",
    difficulty=1,
    asks="two numbers, most and least",
    hints=(
        "On one axis first: which of the five kernel numbers land on phase 0, which on 1, which on 2?",
        "The counts of the two axes multiply.",
    ),
    wrong=(
        ((2, 1), "that is one axis: a picture has two"),
        ((4, 2), "the cells that get least get least on both axes"),
        ((1, 4), "most comes first"),
    ),
)
def five_on_three():
    """Most and fewest stamps in an interior cell, counted cell by cell: kernel 5, stride 3, two axes."""
    counts = np.zeros((3 * 7 + 5, 3 * 7 + 5), int)
    for i, j in np.ndindex(8, 8):
        counts[3 * i : 3 * i + 5, 3 * j : 3 * j + 5] += 1
    inner = counts[6:-6, 6:-6]
    return np.array([inner.max(), inner.min()])


@accepts(
    "12-even-kernel",
    [1, 4, 2, 5, 6],
    title="Odd numbers, even sheet",
    difficulty=2,
    asks="five whole numbers",
    hints=(
        "Which of the five numbers meet in an even output cell, which in an odd one?",
        "First, third and fifth meet; second and fourth meet. A flat output needs the same sum twice.",
    ),
    also_right=([-1, 1, 4, 5, 3], (10.0, 11.0, 20.0, 31.0, 12.0)),
    wrong=(
        ([1, 2, 3, 4, 5], "a flat input gives 9, 6, 9"),
        ([5, 4, 3, 2, 1], "a flat input gives 9, 6, 9"),
        ([2, 4, 2, 5, 5], "must differ"),
        ([1, 0, 2, 7, 4], "none may be 0"),
        ([1.5, 4, 2, 5, 5.5], "whole numbers"),
        ([1, 1, 1, 1], "5 numbers are asked for"),
    ),
)
def even_kernel(answer):
    """Five different whole numbers, none 0, whose stamps two apart add up to a flat line inside."""
    kernel, fault = whole_numbers(answer, 5)
    if fault:
        return fault
    if len(set(kernel)) < 5 or 0 in kernel:
        return "the five numbers must differ, and none may be 0"
    line = [0] * (2 * 9 + 5)
    for i in range(10):
        for tap, weight in enumerate(kernel):
            line[2 * i + tap] += weight
    even, odd = line[4:6]
    return None if even == odd else f"a flat input gives {even}, {odd}, {even}, ..."


@value(
    "12-blur",
    title="Which blur cures?",
    difficulty=2,
    asks="five times True or False",
    hints=(
        "Let a flat input have become a, b, a, b, ... Blur that line by hand, with each of the five.",
        "Where the blur's first number stands on an a, what multiplies a and what multiplies b? And one cell "
        "further?",
    ),
    wrong=(
        ([True] * 5, "blur the line 1, 0, 1, 0, ... with 1 1 1"),
        (
            [False, True, False, False, False],
            "1 2 1 is not the only one: what do the two sums of a blur share?",
        ),
        ([False, False, False, False, True], "a blur need not be flat itself"),
        ([False, True, True, True, True], "blur the line 1, 0, 1, 0, ... with 1 0 1"),
    ),
)
def blur():
    """Whether each blur makes lines flat that repeat with stride 2, tried on two such lines."""
    blurs = [[1, 1, 1], [1, 2, 1], [1, 3, 3, 1], [1, 0, 1], [1, 1, 1, 1]]
    lines = [np.tile(pair, 8) for pair in ([1, 0], [3, -10])]
    return [all(np.ptp(np.convolve(line, weights, mode="valid")) == 0 for line in lines) for weights in blurs]
