"""Specifications of the exercises of chapter 4, What it is not."""

from itertools import product

import numpy as np

from ..matrix import conv_matrix
from . import accepts, function


@accepts("04-hidden")
def hidden(answer):
    """Four integers, not all zero, that C does not see when they stand in the last row of the input."""
    row = np.asarray(answer)
    if row.shape != (4,):
        return f"four numbers are asked for, yours has shape {row.shape}"
    if not np.issubdtype(row.dtype, np.integer):
        return f"integers are asked for, yours is {row.dtype}"
    if not row.any():
        return "all four are zero, so there is nothing to hide"
    grid = np.zeros((4, 4), int)
    grid[3] = row
    seen = conv_matrix(np.arange(1, 10).reshape(3, 3), (4, 4)) @ grid.ravel()
    return f"C sees it: {seen.tolist()} should be four zeros" if seen.any() else None


@function("04-restores", *product(range(5, 12), (2, 3, 4), (1, 2, 3), (0, 1)))
def shape_is_back(i, k, s, p):
    """Count the window's places going down, and the cells that as many stamps cover going up."""
    places = sum(1 for start in range(0, i + 2 * p, s) if start + k <= i + 2 * p)
    covered = {start * s + cell for start in range(places) for cell in range(k)}
    return len(range(max(covered) + 1)) - 2 * p == i
