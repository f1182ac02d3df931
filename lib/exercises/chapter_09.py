"""Specifications of the exercises of chapter 9, Channels, groups and the batch."""

import numpy as np

from . import function, value


@value("09-weight-shape")
def weight_shape():
    """Weight shape of a transposed convolution, 6 channels to 4 in 2 groups, kernel 3 x 5."""
    in_channels, out_channels, groups = 6, 4, 2
    return np.array([in_channels, out_channels // groups, 3, 5])


@function(
    "09-dense-weight",
    (np.arange(1, 25).reshape(4, 3, 2), 2),
    (np.arange(1, 37).reshape(6, 2, 3, 1), 3),
    (np.arange(1, 13).reshape(3, 2, 2), 1),
    (np.arange(1, 17).reshape(4, 1, 2, 2), 4),
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


@value("09-fan-in")
def fan_in():
    """Kernel elements that reach output cell (6, 6), times 8 channels: kernel 6 x 6, stride 3."""
    products = 0
    for row in range(4):
        for column in range(4):
            for a in range(6):
                for b in range(6):
                    products += (3 * row + a, 3 * column + b) == (6, 6)
    return 8 * products
