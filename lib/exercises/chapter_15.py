"""Specifications of the exercises of chapter 15, Every framework's dialect."""

import numpy as np

from .registry import function, value


@value(
    "15-crop",
    title="Where does SAME crop?",
    difficulty=1,
    asks="two numbers, before and after",
    hints=(
        "How many cells are there too many, for one input cell more or less?",
        "Kernel minus stride. Half of it goes at each end; where does the odd cell go?",
    ),
    wrong=(
        ((2, 1), "the odd cell goes at the other end; this is ONNX's SAME_LOWER"),
        ((1, 1), "kernel minus stride is the number of cells too many"),
        ((3, 3), "that many go in all, not at each end"),
    ),
)
def crop():
    """SAME with kernel 6, stride 3: of the three cells too many one goes before and two go after."""
    return (1, 2)


def _full(x, kernel, stride):
    output = np.zeros(stride * (len(x) - 1) + len(kernel), int)
    for m, number in enumerate(x):
        output[stride * m : stride * m + len(kernel)] += number * kernel
    return output


def _odd_cell_before(x, kernel, stride):
    before = (max(len(kernel) - stride, 0) + 1) // 2
    return np.pad(_full(x, kernel, stride), (0, stride))[before : before + stride * len(x)]


def _nothing_added(x, kernel, stride):
    before = max(len(kernel) - stride, 0) // 2
    return _full(x, kernel, stride)[before : before + stride * len(x)]


@function(
    "15-same",
    (np.array([1, 1, 1]), np.array([1, 2, 3]), 2),
    (np.array([1, 10, 100]), np.array([1, 2, 3, 4, 5]), 2),
    (np.array([1, 10, 100]), np.array([1, 2]), 4),
    (np.array([2, 7, 1, 8]), np.array([3, 1, 4, 1]), 1),
    title="SAME with a slice",
    difficulty=2,
    asks="a function same(x, kernel, stride)",
    hints=(
        "SAME makes stride times as many cells as came in. How many are too many, and which go?",
        "Slice the full result: it begins at half of what is too many, rounded down. Where the kernel is "
        "shorter than the stride, cells are missing: output_padding makes them.",
    ),
    wrong=(
        (_odd_cell_before, "the odd cell goes at the end"),
        (_nothing_added, "a kernel shorter than the stride leaves too few cells"),
        (lambda x, kernel, stride: same(x, kernel[::-1], stride), "the kernel is not rotated here"),
        (_full, "SAME makes stride times as many cells as came in"),
    ),
)
def same(x, kernel, stride):
    """Stamps, one number at a time, on an axis of stride times as many cells as x."""
    before = max(len(kernel) - stride, 0) // 2
    output = [0] * (stride * len(x))
    for m, number in enumerate(x):
        for tap, weight in enumerate(kernel):
            cell = stride * m + tap - before
            if 0 <= cell < len(output):
                output[cell] += number * weight
    return np.array(output)


@function(
    "15-flax",
    (np.arange(1, 13).reshape(2, 3, 2),),
    (np.arange(1, 31).reshape(5, 2, 3),),
    title="A kernel for JAX",
    difficulty=2,
    asks="a function to_jax(weight)",
    hints=(
        "JAX takes the kernel as it stands, PyTorch stamps with it. What has to happen to its taps?",
        "Turn the kernel axis around, then bring it to the front. The two channel axes keep their order.",
    ),
    wrong=(
        (lambda weight: np.moveaxis(weight, -1, 0), "JAX does not rotate the kernel, so you have to"),
        (lambda weight: weight[:, :, ::-1].T, "input channels come before output channels, as in PyTorch"),
        (lambda weight: np.moveaxis(np.roll(weight, 1, -1), -1, 0), "a kernel may have more than two taps"),
        (lambda weight: weight[:, :, ::-1], "JAX's kernel has the kernel axis first"),
    ),
)
def flax(weight):
    """PyTorch's (in, out, kernel) as JAX's (kernel, in, out), one number at a time, the last tap first."""
    in_channels, out_channels, size = weight.shape
    kernel = np.zeros((size, in_channels, out_channels), weight.dtype)
    for c in range(in_channels):
        for o in range(out_channels):
            for tap in range(size):
                kernel[size - 1 - tap, c, o] = weight[c, o, tap]
    return kernel
