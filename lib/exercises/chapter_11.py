"""Specifications of the exercises of chapter 11, Gradients."""

import numpy as np

from . import function, value


@function(
    "11-weight-gradient",
    (np.array([[1, 2], [3, 4]]), np.arange(16).reshape(4, 4), (3, 3), (1, 1)),
    (np.array([[1, -2, 3], [4, 5, 0]]), np.arange(40).reshape(5, 8) % 7, (3, 2), (2, 3)),
    (np.array([[2, 1]]), np.arange(12).reshape(3, 4), (3, 2), (1, 2)),
)
def weight_gradient(x, g, kernel_size, stride):
    """Sum over all meetings of an input cell with an output cell, one product at a time."""
    gradient = np.zeros(kernel_size, g.dtype)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            for a in range(kernel_size[0]):
                for b in range(kernel_size[1]):
                    gradient[a, b] += x[i, j] * g[stride[0] * i + a, stride[1] * j + b]
    return gradient


@function(
    "11-two-layers",
    (
        np.arange(49).reshape(1, 1, 7, 7),
        np.arange(1, 10).reshape(1, 1, 3, 3),
        np.arange(9, 0, -1).reshape(1, 1, 3, 3),
    ),
    (
        np.arange(50).reshape(2, 1, 5, 5) % 9,
        np.arange(1, 19).reshape(2, 1, 3, 3),
        np.arange(5, 23).reshape(2, 1, 3, 3),
    ),
)
def two_layers(g, w1, w2):
    """What each cell of x adds to L through both layers; x and the output have the size of g."""
    batch, _, rows, columns = g.shape
    height, width = (rows - 3) // 2 + 1, (columns - 3) // 2 + 1
    gradient = np.zeros((batch, w1.shape[1], rows, columns), g.dtype)
    for n, c, i, j, a, b in np.ndindex(batch, len(w1), height, width, 3, 3):
        reached = (g[n, :, 2 * i : 2 * i + 3, 2 * j : 2 * j + 3] * w2[c]).sum()
        gradient[n, :, 2 * i + a, 2 * j + b] += reached * w1[c, :, a, b]
    return gradient


@value("11-never-learn")
def never_learn():
    """Cells of a 3 x 3 stamp that a crop of 1 on each side takes away."""
    return 3 * 3 - 1 * 1
