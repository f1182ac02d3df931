"""Specifications of the exercises of chapter 6, Stride spreads."""

import numpy as np

from .registry import function, value


@value(
    "06-draw-c",
    title="Draw C",
    difficulty=1,
    asks="a list of rows, one for each place of the window, each of 8 numbers",
    hints=(
        "At which cells does the window begin? It moves three cells at a time and must fit.",
        "One row for each place, 8 numbers long: the two kernel numbers where the window stands, and zeros.",
    ),
    wrong=(
        (
            [[1, 2, 0, 0, 0, 0, 0, 0], [0, 1, 2, 0, 0, 0, 0, 0], [0, 0, 1, 2, 0, 0, 0, 0]],
            "the window moves three cells at a time",
        ),
        (
            [[2, 1, 0, 0, 0, 0, 0, 0], [0, 0, 0, 2, 1, 0, 0, 0], [0, 0, 0, 0, 0, 0, 2, 1]],
            "the kernel stands in C as it is",
        ),
        (
            [[1, 0, 0], [2, 0, 0], [0, 0, 0], [0, 1, 0], [0, 2, 0], [0, 0, 0], [0, 0, 1], [0, 0, 2]],
            "a place of the window is a row of C, not a column",
        ),
    ),
)
def draw_c():
    """C of the kernel [1, 2] with stride 3 over 8 cells: one window a row."""
    matrix = np.zeros((3, 8), int)
    for window in range(3):
        matrix[window, 3 * window] = 1
        matrix[window, 3 * window + 1] = 2
    return matrix


@value(
    "06-empty",
    title="Which cells stay empty?",
    difficulty=1,
    asks="a list of cells, counted from 0, the smallest first",
    hints=(
        "The transposed convolution multiplies by C transposed. Which numbers of C does one output cell use?",
        "An output cell uses one column of C. Look for columns of zeros.",
    ),
    wrong=(
        ([3, 6], "cells are counted from 0"),
        ([2, 5, 8], "the input of C has 8 cells, so the last one is cell 7"),
        ([5, 2], "the smallest comes first"),
    ),
)
def empty():
    """Cells that no stamp of [1, 2] reaches, counted on the stamps of 3 inputs at stride 3."""
    reached = {3 * m + tap for m in range(3) for tap in range(2)}
    return [q for q in range(8) if q not in reached]


def _overwrites(y, w, stride):
    output = np.zeros(stride * (len(y) - 1) + len(w), int)
    for m, number in enumerate(y):
        output[m * stride : m * stride + len(w)] = number * w
    return output


def _wraps(y, w, stride):
    """Python reads y[-1] from the end where the input has no cell."""
    output = np.zeros(stride * (len(y) - 1) + len(w), int)
    for q, tap in np.ndindex(len(output), len(w)):
        m, remainder = divmod(q - tap, stride)
        if remainder == 0 and -len(y) <= m < len(y):
            output[q] += w[tap] * y[m]
    return output


def _two_stamps(y, w, stride):
    """The last input that begins at or before the cell, and the one before it."""
    output = np.zeros(stride * (len(y) - 1) + len(w), int)
    for q in range(len(output)):
        for m in (q // stride - 1, q // stride):
            if 0 <= m < len(y) and q - stride * m < len(w):
                output[q] += y[m] * w[q - stride * m]
    return output


def _no_holes(y, w, stride):
    """A kernel shorter than the stride, stretched by its last number until nothing is empty."""
    longer = np.pad(w, (0, max(stride - len(w), 0)), mode="edge")
    return gather_all(y, longer, stride)[: stride * (len(y) - 1) + len(w)]


@function(
    "06-gather",
    (np.array([1, 10, 100]), np.array([1, 2, 3]), 2),
    (np.array([1, 2, 3, 4]), np.array([1, 10, 100, 1000, 10000]), 3),
    (np.array([1, 2, 3]), np.array([4, 5]), 3),
    (np.array([1, 2, 3]), np.array([4, 5, 6]), 1),
    alone=True,
    title="One output cell at a time",
    difficulty=3,
    asks="a function gather_all(y, w, stride)",
    hints=(
        "Input cell m and tap t meet in output cell m * stride + t. You know q and t: which m?",
        "Divide q - t by the stride. It counts only where nothing remains and the input has that cell.",
    ),
    wrong=(
        (lambda y, w, stride: gather_all(y, w[::-1], stride), "the kernel's numbers come in reverse order"),
        (lambda y, w, stride: gather_all(y, w, 1), "the stride moves each stamp"),
        (_overwrites, "stamps overlap: several inputs reach one cell"),
        (_wraps, "y[-1] is the last cell in Python, and here it is no cell at all"),
        (_two_stamps, "more than two stamps may reach one cell"),
        (_no_holes, "a cell that no stamp reaches is zero"),
    ),
)
def gather_all(y, w, stride):
    """Stamps, one number at a time."""
    output = np.zeros(stride * (len(y) - 1) + len(w), int)
    for m, number in enumerate(y):
        for tap, weight in enumerate(w):
            output[m * stride + tap] += number * weight
    return output


@value(
    "06-waste",
    title="Multiplications by zero",
    difficulty=2,
    asks="one number",
    hints=(
        "How many output cells are there, and how many multiplications does each take?",
        "All of them, less those that have an input cell in them: every input cell meets every tap once.",
    ),
    wrong=(
        (2005, "those are all multiplications, the useful ones among them"),
        (500, "those are the useful ones"),
        (1485, "zeros stand at the two ends too, not only between the cells"),
    ),
)
def waste():
    """Products in the picture with inserted zeros whose input is a zero that somebody put there."""
    stretched = np.zeros(4 * 99 + 1 + 2 * 4, int)  # 100 cells, 3 zeros between them, 4 around them
    stretched[4:-4:4] = 1
    windows = [stretched[q : q + 5] for q in range(len(stretched) - 4)]
    return sum(int(np.sum(window == 0)) for window in windows)
