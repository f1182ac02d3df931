"""Specifications of the exercises of chapter 6, Stride spreads."""

import numpy as np

from . import function, value


@value("06-draw-c")
def draw_c():
    """C of the kernel [1, 2] with stride 3 over 8 cells: one window a row."""
    matrix = np.zeros((3, 8), int)
    for window in range(3):
        matrix[window, 3 * window] = 1
        matrix[window, 3 * window + 1] = 2
    return matrix


@function(
    "06-gather",
    (np.array([1, 10, 100]), np.array([1, 2, 3]), 2),
    (np.array([1, 2, 3, 4]), np.array([1, 10, 100, 1000, 10000]), 3),
    (np.array([1, 2, 3]), np.array([4, 5]), 3),
    (np.array([1, 2, 3]), np.array([4, 5, 6]), 1),
)
def gather_all(y, w, stride):
    """Stamps, one number at a time."""
    output = np.zeros(stride * (len(y) - 1) + len(w), int)
    for m, number in enumerate(y):
        for tap, weight in enumerate(w):
            output[m * stride + tap] += number * weight
    return output


@value("06-waste")
def waste():
    """Products in the picture with inserted zeros whose input is a zero that somebody put there."""
    stretched = np.zeros(4 * 99 + 1 + 2 * 4, int)  # 100 cells, 3 zeros between them, 4 around them
    stretched[4:-4:4] = 1
    windows = [stretched[q : q + 5] for q in range(len(stretched) - 4)]
    return sum(int(np.sum(window == 0)) for window in windows)
