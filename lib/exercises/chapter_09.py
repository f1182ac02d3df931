"""Specifications of the exercises of chapter 9, Channels, groups and the batch."""

import numpy as np

from .registry import function, value


@value(
    "09-weight-shape",
    title="Which shape?",
    difficulty=1,
    asks="four numbers",
    hints=(
        "Which comes first in a transposed convolution's weight, the channels that come in or those that "
        "go out?",
        "In, then out for each group, then height and width.",
    ),
    wrong=(
        ((4, 3, 3, 5), "that is the weight of a convolution from 6 to 4"),
        ((6, 4, 3, 5), "with groups an input channel does not meet every output channel"),
        ((6, 2, 5, 3), "height comes before width"),
    ),
)
def weight_shape():
    """Weight shape of a transposed convolution, 6 channels to 4 in 2 groups, kernel 3 x 5."""
    in_channels, out_channels, groups = 6, 4, 2
    return np.array([in_channels, out_channels // groups, 3, 5])


def _repeated(weight, groups):
    """The kernels stand between all groups."""
    return np.tile(weight, (1, groups, *[1] * (weight.ndim - 2)))


def _first_block(weight, groups):
    """Every input channel leads to the first group's output channels."""
    dense = np.zeros((len(weight), weight.shape[1] * groups, *weight.shape[2:]), weight.dtype)
    dense[:, : weight.shape[1]] = weight
    return dense


def _interleaved(weight, groups):
    """Output channel b belongs to group b % groups."""
    blocks = dense_weight(weight, groups)
    return blocks.reshape(len(weight), groups, -1, *weight.shape[2:]).swapaxes(1, 2).reshape(blocks.shape)


@function(
    "09-dense-weight",
    (np.arange(1, 25).reshape(4, 3, 2), 2),
    (np.arange(1, 37).reshape(6, 2, 3, 1), 3),
    (np.arange(1, 13).reshape(3, 2, 2), 1),
    (np.arange(1, 17).reshape(4, 1, 2, 2), 4),
    title="Groups as zeros",
    difficulty=2,
    asks="a function dense_weight(weight, groups)",
    hints=(
        "How many output channels has the dense weight? Which of them does input channel 0 reach?",
        "Begin with zeros of shape (in, groups * out per group, *kernel size), and copy each group's kernels "
        "into the block of its own inputs and its own outputs.",
    ),
    wrong=(
        (_repeated, "between two groups nothing flows: zeros stand there"),
        (_first_block, "each group has output channels of its own"),
        (lambda weight, groups: dense_weight(weight, 2), "the groups may be more than two"),
        (_interleaved, "the output channels of one group stand side by side"),
    ),
)
def dense_weight(weight, groups):
    """The grouped weight with its zeros written out, one kernel at a time."""
    in_channels, group_out = weight.shape[:2]
    dense = np.zeros((in_channels, group_out * groups, *weight.shape[2:]), weight.dtype)
    for a in range(in_channels):
        for b in range(group_out * groups):
            if a * groups // in_channels == b // group_out:  # the same group
                dense[a, b] = weight[a, b % group_out]
    return dense


@value(
    "09-fan-in",
    title="One cell's products",
    difficulty=2,
    asks="one number",
    hints=(
        "How many input channels does one output channel hear? How many stamps of each reach "
        "an interior cell?",
        "Channels of one group, times the kernel numbers of one phase: 36 of them are shared out "
        "among 9 phases.",
    ),
    wrong=(
        (128, "an output channel hears the input channels of its own group only"),
        (64, "the number of output channels plays no part"),
        (288, "one cell meets only the kernel numbers of its own phase"),
    ),
)
def fan_in():
    """Kernel elements that reach output cell (6, 6), times 8 channels: kernel 6 x 6, stride 3."""
    products = 0
    for row in range(4):
        for column in range(4):
            for a in range(6):
                for b in range(6):
                    products += (3 * row + a, 3 * column + b) == (6, 6)
    return 8 * products
