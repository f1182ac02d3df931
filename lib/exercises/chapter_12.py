"""Specifications of the exercises of chapter 12, Checkerboards."""

import numpy as np

from . import accepts, value


@value("12-five-on-three")
def five_on_three():
    """Most and fewest stamps in an interior cell, counted cell by cell: kernel 5, stride 3, two axes."""
    counts = np.zeros((3 * 7 + 5, 3 * 7 + 5), int)
    for i, j in np.ndindex(8, 8):
        counts[3 * i : 3 * i + 5, 3 * j : 3 * j + 5] += 1
    inner = counts[6:-6, 6:-6]
    return np.array([inner.max(), inner.min()])


@accepts("12-even-kernel")
def even_kernel(answer):
    """Five different whole numbers, none 0, whose stamps two apart add up to a flat line inside."""
    kernel = np.asarray(answer)
    if kernel.shape != (5,):
        return f"five numbers are asked for, got shape {kernel.shape}"
    if not np.issubdtype(kernel.dtype, np.integer):
        return "whole numbers are asked for"
    if len(set(kernel.tolist())) < 5 or 0 in kernel:
        return "the five numbers must differ, and none may be 0"
    line = np.zeros(2 * 9 + 5, int)
    for i in range(10):
        line[2 * i : 2 * i + 5] += kernel
    inner = line[4:-4]
    return None if inner[0] == inner[1] else f"a flat input gives {inner[0]}, {inner[1]}, {inner[0]}, ..."


@value("12-blur")
def blur():
    """Whether each blur makes lines flat that repeat with stride 2, tried on two such lines."""
    blurs = [[1, 1, 1], [1, 2, 1], [1, 3, 3, 1], [1, 0, 1], [1, 1, 1, 1]]
    lines = [np.tile(pair, 8) for pair in ([1, 0], [3, -10])]
    return [all(np.ptp(np.convolve(line, weights, mode="valid")) == 0 for line in lines) for weights in blurs]
