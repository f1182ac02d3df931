"""Specifications of the exercises of chapter 4, What it is not."""

from itertools import product

import numpy as np

from ..matrix import conv_matrix
from .registry import accepts, function


def whole_numbers(answer, count):
    """The answer as Python's ints, and what is wrong with it: a whole number may be written as a float."""
    row = np.asarray(answer)
    if row.shape != (count,):
        return [], f"{count} numbers are asked for, yours has shape {row.shape}"
    if row.dtype.kind not in "iuf" or any(n != int(n) for n in row.tolist()):
        return [], f"whole numbers are asked for, yours are {row.tolist()}"
    return [int(n) for n in row.tolist()], None


@accepts(
    "04-hidden",
    [3, -6, 3, 2],
    title="Hide something else",
    difficulty=2,
    asks="four whole numbers",
    hints=(
        "Only two rows of C look at the last row of the grid. What does each of them ask of it?",
        "Two equations for four unknowns: 7a + 8b + 9c = 0 and 7b + 8c + 9d = 0. Choose b and c so that both "
        "a and d come out whole.",
    ),
    also_right=([-6, 12, -6, -4], (27, -54, 27, 18)),
    wrong=(
        ([1, -2, 1, 0], "C sees it: [0, 0, 0, -6]"),
        ([0, 0, 0, 0], "all four are zero"),
        ([1.5, -3, 1.5, 1], "whole numbers are asked for"),
        ([[3, -6, 3, 2]], "4 numbers are asked for, yours has shape (1, 4)"),
    ),
)
def hidden(answer):
    """Four integers, not all zero, that C does not see when they stand in the last row of the input."""
    row, fault = whole_numbers(answer, 4)
    if fault:
        return fault
    if not any(row):
        return "all four are zero, so there is nothing to hide"
    grid = np.zeros((4, 4), object)  # Python's integers do not overflow
    grid[3] = row
    seen = conv_matrix(np.arange(1, 10).reshape(3, 3), (4, 4)).astype(object) @ grid.ravel()
    return f"C sees it: {seen.tolist()} should be four zeros" if any(seen) else None


@function(
    "04-restores",
    *product(range(5, 12), (2, 3, 4), (1, 2, 3), (0, 1)),
    title="When is the shape back?",
    difficulty=2,
    asks="a function shape_is_back(i, k, s, p)",
    hints=(
        "The convolution takes as many steps as fit. What happens to the cells that are left over?",
        "The shape is back where nothing is left over: where the last window ends at the end of the padded "
        "input.",
    ),
    wrong=(
        (lambda i, k, s, p: (i - k) % s == 0, "the padding counts too"),
        (lambda i, k, s, p: s == 1, "with a stride the shape comes back for some sizes"),
        (lambda i, k, s, p: True, "with a stride several sizes lead to one: not all come back"),
        (lambda i, k, s, p: i % s == 0, "the kernel counts too"),
    ),
)
def shape_is_back(i, k, s, p):
    """Count the window's places going down, and the cells that as many stamps cover going up."""
    places = sum(1 for start in range(0, i + 2 * p, s) if start + k <= i + 2 * p)
    covered = {start * s + cell for start in range(places) for cell in range(k)}
    return len(range(max(covered) + 1)) - 2 * p == i
