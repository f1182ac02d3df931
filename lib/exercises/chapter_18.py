"""Specifications of the exercises of chapter 18, On a GPU, and in few bits."""

import numpy as np

from .registry import function, value


@value(
    "18-first-lost",
    title="The first that is lost",
    difficulty=1,
    asks="two whole numbers, bfloat16 first",
    hints=(
        "Up to which whole number do all fit into 8 binary digits? Behind it, which ones still do?",
        "Behind 2 ** 8 the step is 2. Behind which number does it become 4?",
    ),
    wrong=(
        ((257, 2049), "those are odd"),
        ((258, 2050), "is the last binary digit of that one needed?"),
        ((4098, 514), "bfloat16 first"),
        ((512, 4096), "a power of two needs one digit"),
    ),
)
def first_lost():
    """Even numbers fit up to 2 ** (digits + 1), the next one does not."""
    return np.array([2**9 + 2, 2**12 + 2])


@function(
    "18-scales",
    (np.arange(-6.0, 6).reshape(2, 3, 2), 1),
    (np.arange(-20.0, 28).reshape(4, 2, 3, 2) ** 3, 2),
    (np.array([[[1.0, -127]], [[-2, 3]], [[254, 0]]]), 3),
    title="The scales of a transposed convolution",
    difficulty=2,
    asks="a function scales(weight, groups)",
    hints=(
        "Which axes of the weight does one output channel sum over?",
        "Split axis 0 into (groups, in_channels // groups); keep the groups and axis 1, and no other axis.",
    ),
    wrong=(
        (
            lambda weight, groups: np.abs(weight).max(axis=tuple(range(1, weight.ndim))) / 127,
            "axis 0 holds the input channels",
        ),
        (
            lambda weight, groups: np.abs(weight).max(axis=(0, *range(2, weight.ndim))) / 127,
            "each group has output channels of its own",
        ),
        (
            lambda weight, groups: (
                np.abs(weight)
                .reshape(groups, -1, *weight.shape[1:])
                .max(axis=(1, *range(3, weight.ndim + 1)))
                .ravel()
                / 128
            ),
            "the whole numbers go from -127 to 127",
        ),
    ),
)
def scales(weight, groups):
    """The largest number of each output channel, one at a time, divided by 127."""
    outs = weight.shape[1]
    ins = len(weight) // groups
    largest = []
    for group in range(groups):
        for out in range(outs):
            largest.append(np.max(np.abs(weight[group * ins : (group + 1) * ins, out])))
    return np.array(largest) / 127


@value(
    "18-longest-sum",
    title="How long may a sum be?",
    difficulty=1,
    asks="one number",
    hints=(
        "How large is one product at most?",
        "How often does 127 * 127 fit into 2 ** 31 - 1?",
    ),
    wrong=(
        (2**31 // 127, "an input and a weight are multiplied"),
        (133152, "how large is one product at most? The numbers end at 127"),
        (131072, "the numbers end at 127, not at 128"),
        (266288, "int32 has a sign"),
    ),
)
def longest_sum():
    """The largest product is 127 * 127."""
    return (2**31 - 1) // (127 * 127)
