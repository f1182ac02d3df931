"""Specifications of the exercises of chapter 1, A convolution is a matrix."""

import numpy as np

from . import function, value


@value("01-row-of-c")
def row_of_c():
    """Third row of C: the window stands at row 1, column 0 of the input."""
    row = np.zeros((4, 4), int)
    for a in range(3):
        for b in range(3):
            row[1 + a, b] = 3 * a + b + 1
    return row.ravel()


@value("01-count")
def count():
    """Numbers of C that are not zero, for an input of 6 x 5 and a kernel of 2 x 3 with no zero in it."""
    positions = (6 - 2 + 1) * (5 - 3 + 1)
    return positions * 2 * 3


@function(
    "01-build-c",
    (np.arange(1, 10).reshape(3, 3), (4, 4)),
    (np.arange(1, 7).reshape(2, 3), (4, 5)),
    (np.array([[7]]), (2, 3)),
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
