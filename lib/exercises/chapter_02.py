"""Specifications of the exercises of chapter 2, The backward pass multiplies by the transpose."""

import numpy as np

from . import function, value


@value("02-corner")
def corner():
    """dL/dx at the last cell: the kernel's last number times the last slope."""
    return np.arange(1, 10)[-1] * np.array([1, 2, 3, 4])[-1]


@function(
    "02-backward",
    (np.arange(1, 10).reshape(3, 3), np.array([[1, 2], [3, 4]])),
    (np.arange(1, 7).reshape(2, 3), np.arange(12).reshape(4, 3)),
    (np.array([[5]]), np.array([[1, 2, 3]])),
)
def backward(kernel, dL_dy):
    """Every input cell asks every output how much it read of it."""
    rows, columns = (m + k - 1 for m, k in zip(dL_dy.shape, kernel.shape, strict=True))
    dL_dx = np.zeros((rows, columns), kernel.dtype)
    for r in range(rows):
        for c in range(columns):
            for i in range(dL_dy.shape[0]):
                for j in range(dL_dy.shape[1]):
                    if 0 <= r - i < kernel.shape[0] and 0 <= c - j < kernel.shape[1]:
                        dL_dx[r, c] += kernel[r - i, c - j] * dL_dy[i, j]
    return dL_dx


@value("02-impostor")
def impostor():
    """The adjoint of a correlation with w is the full convolution with w."""
    return "a"
