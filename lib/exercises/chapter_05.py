"""Specifications of the exercises of chapter 5, Padding crops."""

import numpy as np

from . import function, value


@value("05-keep-size")
def keep_size():
    """Half padding of a 5 x 7 kernel."""
    return ((5 - 1) // 2, (7 - 1) // 2)


@value("05-corner")
def corner():
    """The 4 x 4 result of chapter 3 without two rows at the top and one column at each side."""
    return np.array([[1, 4, 7, 6], [7, 23, 33, 24], [19, 53, 63, 42], [21, 52, 59, 36]])[2:, 1:-1]


@function(
    "05-gather",
    (np.array([1, 10, 100]), np.array([1, 2, 3]), 0, 0),
    (np.array([1, 10, 100, 1000]), np.array([1, 2, 3]), 1, 2),
    (np.array([1, 2, 3, 4, 5]), np.array([1, 2, 3]), 3, 0),
    (np.array([1, 2, 3, 4, 5, 6]), np.array([1, 3]), 2, 3),
)
def gather(y, kernel, before, after):
    """Stamps, one number at a time; the cells that fall into the crop are left out."""
    output = [0] * (len(y) + len(kernel) - 1 - before - after)
    for m, number in enumerate(y):
        for tap, weight in enumerate(kernel):
            if 0 <= m + tap - before < len(output):
                output[m + tap - before] += number * weight
    return np.array(output)
