"""Specifications of the exercises of chapter 2, The backward pass multiplies by the transpose."""

import numpy as np

from .registry import function, value


@value(
    "02-corner",
    title="Blame one corner",
    difficulty=1,
    asks="one number",
    hints=(
        "Which outputs read the input cell in the bottom right corner?",
        "One window only covers that cell. Which kernel number lies on it there, and what is that "
        "window's slope?",
    ),
    wrong=(
        (4, "the kernel is not turned: which of its numbers lies on the corner?"),
        (9, "which output's window covers that corner, and what is the slope there?"),
        (90, "not every window covers that corner"),
    ),
)
def corner():
    """dL/dx at the last cell: the kernel's last number times the last slope."""
    return np.arange(1, 10)[-1] * np.array([1, 2, 3, 4])[-1]


def _overwrites(kernel, dL_dy):
    """Stamps that replace what lies under them."""
    dL_dx = np.zeros([m + k - 1 for m, k in zip(dL_dy.shape, kernel.shape)], kernel.dtype)
    for i, j in np.ndindex(*dL_dy.shape):
        dL_dx[i : i + kernel.shape[0], j : j + kernel.shape[1]] = kernel * dL_dy[i, j]
    return dL_dx


@function(
    "02-backward",
    (np.arange(1, 10).reshape(3, 3), np.array([[1, 2], [3, 4]])),
    (np.arange(1, 7).reshape(2, 3), np.arange(12).reshape(4, 3)),
    (np.array([[5]]), np.array([[1, 2, 3]])),
    alone=True,
    title="Write the backward pass",
    difficulty=3,
    asks="a function backward_pass(kernel, dL_dy)",
    hints=(
        "Each output read a window of x. It hands its slope back to the cells that it read.",
        "Begin with zeros, as many as x has cells. For each slope add slope times kernel to the window that "
        "this output read.",
    ),
    wrong=(
        (lambda kernel, dL_dy: backward(kernel[::-1, ::-1], dL_dy), "you rotated the kernel"),
        (_overwrites, "windows overlap: add to what is there already"),
        (lambda kernel, dL_dy: backward(kernel.T, dL_dy), "you mirrored the kernel along its diagonal"),
        (
            lambda kernel, dL_dy: backward(kernel, dL_dy)[:2, :2],
            "dL/dx has as many cells as x, and x is larger than y",
        ),
        (
            lambda kernel, dL_dy: backward(kernel[:, : len(kernel)], dL_dy),
            "you took the kernel for a square",
        ),
    ),
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


@value(
    "02-impostor",
    title="Find the impostor",
    difficulty=2,
    asks='one of "a", "b" and "c"',
    hints=(
        "The adjoint gives the same dot product on both sides, for every pair of vectors.",
        "Take a v of 4 numbers and a u of 3. Compare forward_1d(v) @ u with v @ candidate(u), for each.",
    ),
    wrong=(
        ("b", "try v = 1, 2, 4, 8 and u = 1, 10, 100: the two dot products are 2105 and 1684"),
        ("c", "try v = 1, 2, 4, 8 and u = 1, 10, 100: the two dot products are 2105 and 421"),
    ),
)
def impostor():
    """The adjoint of a correlation with w is the full convolution with w."""
    return "a"
