"""Specifications of the exercises of chapter 1, A convolution is a matrix."""

import numpy as np

from .registry import function, value


@value(
    "01-row-of-c",
    title="One row by hand",
    difficulty=1,
    asks="a list of 16 numbers",
    hints=(
        "Each row of C belongs to one place of the window. Which place is the third?",
        "The window goes along a row first, then one row down. Lay the kernel on an empty 4 x 4 grid at "
        "that place, and read the grid row by row.",
    ),
    wrong=(
        ([0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0, 0, 0], "that is the second row of C"),
        ([0, 0, 0, 0, 9, 8, 7, 0, 6, 5, 4, 0, 3, 2, 1, 0], "the kernel stands in C as it is, not rotated"),
        ([[0, 0, 0, 0], [1, 2, 3, 0], [4, 5, 6, 0], [7, 8, 9, 0]], "read the grid row by row into one list"),
    ),
)
def row_of_c():
    """Third row of C: the window stands at row 1, column 0 of the input."""
    row = np.zeros((4, 4), int)
    for a in range(3):
        for b in range(3):
            row[1 + a, b] = 3 * a + b + 1
    return row.ravel()


@value(
    "01-count",
    title="Count before you build",
    difficulty=1,
    asks="one number",
    hints=(
        "How many places has the window, down and across?",
        "Each place is a row of C, and each row holds every kernel number once.",
    ),
    wrong=(
        (20, "that is the number of rows of C: how many numbers does each of them hold?"),
        (180, "the window does not fit at every one of the 30 cells"),
        (600, "those are all numbers of C, its zeros among them"),
    ),
)
def count():
    """Numbers of C that are not zero, for an input of 6 x 5 and a kernel of 2 x 3 with no zero in it."""
    positions = (6 - 2 + 1) * (5 - 3 + 1)
    return positions * 2 * 3


def _across_first(kernel, input_size):
    """The rows of C in the wrong order: the window goes down a column first."""
    matrix = build_c(kernel, input_size)
    places = [m - k + 1 for m, k in zip(input_size, kernel.shape)]
    return matrix.reshape(*places, -1).swapaxes(0, 1).reshape(matrix.shape)


@function(
    "01-build-c",
    (np.arange(1, 10).reshape(3, 3), (4, 4)),
    (np.arange(1, 7).reshape(2, 3), (4, 5)),
    (np.array([[7]]), (2, 3)),
    alone=True,
    title="Build C yourself",
    difficulty=3,
    asks="a function build_c(kernel, input_size)",
    hints=(
        "One row of C for each place of the window: two loops over the places.",
        "For each place, draw a grid of zeros with the input's size, write the kernel into it there, and "
        "make one row of it.",
    ),
    wrong=(
        (lambda kernel, input_size: build_c(kernel[::-1, ::-1], input_size), "you rotated the kernel"),
        (lambda kernel, input_size: build_c(kernel, input_size).T, "C has one row for each output cell"),
        (_across_first, "the window goes along a row first, then one row down"),
        (lambda kernel, size: build_c(kernel, (size[0], size[0])), "you took the input for a square"),
        (
            lambda kernel, size: build_c(kernel[:, : len(kernel)], size),
            "you took the kernel for a square",
        ),
    ),
)
def build_c(kernel, input_size):
    """C of a convolution with stride 1 and no padding, one number at a time."""
    (height, width), (rows, columns) = kernel.shape, input_size
    out_rows, out_columns = rows - height + 1, columns - width + 1
    matrix = np.zeros((out_rows * out_columns, rows * columns), kernel.dtype)
    for i in range(out_rows):
        for j in range(out_columns):
            for a in range(height):
                for b in range(width):
                    matrix[i * out_columns + j, (i + a) * columns + (j + b)] = kernel[a, b]
    return matrix
