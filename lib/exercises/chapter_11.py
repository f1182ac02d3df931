"""Specifications of the exercises of chapter 11, Gradients."""

import numpy as np

from .registry import function, value


@function(
    "11-weight-gradient",
    (np.array([[1, 2], [3, 4]]), np.arange(16).reshape(4, 4), (3, 3), (1, 1)),
    (np.array([[1, -2, 3], [4, 5, 0]]), np.arange(40).reshape(5, 8) % 7, (3, 2), (2, 3)),
    (np.array([[2, 1]]), np.arange(12).reshape(3, 4), (3, 2), (1, 2)),
    title="The gradient by the kernel",
    difficulty=3,
    asks="a function kernel_gradient(y, g, kernel_size, stride)",
    hints=(
        "Which output cells does kernel element (a, b) touch, over all stamps?",
        "For each (a, b): every cell (i, j) of y times the g of the output cell where its stamp puts this "
        "element, summed. That cell is (stride * i + a, stride * j + b).",
    ),
    wrong=(
        (
            lambda y, g, kernel_size, stride: weight_gradient(y, g, kernel_size, (1, 1)),
            "the stride moves each stamp",
        ),
        (lambda *given: weight_gradient(*given)[::-1, ::-1], "you rotated the result"),
        (
            lambda y, g, kernel_size, stride: weight_gradient(y, g, kernel_size, (stride[0],) * 2),
            "each axis has its own stride",
        ),
    ),
)
def weight_gradient(y, g, kernel_size, stride):
    """Sum over all meetings of an input cell with an output cell, one product at a time."""
    gradient = np.zeros(kernel_size, g.dtype)
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            for a in range(kernel_size[0]):
                for b in range(kernel_size[1]):
                    gradient[a, b] += y[i, j] * g[stride[0] * i + a, stride[1] * j + b]
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
    title="Two layers back",
    difficulty=2,
    asks="a function input_gradient(g, w1, w2)",
    hints=(
        "The way back meets the layers in reverse order. What is the backward pass of a transposed "
        "convolution?",
        "The backward pass of a transposed convolution is the convolution with its weight and its "
        "stride, and the other way round.",
    ),
    wrong=(
        (lambda g, w1, w2: two_layers(g, w2, w1), "on the way back the last layer comes first"),
        (
            lambda g, w1, w2: two_layers(g, w1[..., ::-1, ::-1], w2[..., ::-1, ::-1]),
            "no kernel is rotated on the way back",
        ),
        (
            lambda g, w1, w2: two_layers(g[:1], w1[:1], w2[:1]),
            "every sample and every channel between the layers counts",
        ),
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


@value(
    "11-never-learn",
    title="Numbers that never learn",
    difficulty=1,
    asks="one number",
    hints=(
        "How many stamps are there, and which of their cells are kept?",
        "A kernel number learns only if some cell that is kept was made with it.",
    ),
    wrong=(
        (0, "how large is the output, and which kernel numbers made it?"),
        (4, "the sides of the stamp are cropped like its corners"),
        (5, "count the cells of the stamp that the padding leaves"),
        (1, "that is how many do learn"),
    ),
)
def never_learn():
    """Cells of a 3 x 3 stamp that a crop of 1 on each side takes away."""
    return 3 * 3 - 1 * 1
