"""The two operators: `conv`, and `conv_transpose`, which sends every number back the way it came.

Both walk through the same windows with the same weight array, one kernel element (a tap) at a time. `conv`
reads a window of its input and adds to the output; `conv_transpose` reads its input and adds to a window of
the output. That exchange is all there is to it. `lib.fast` computes the same sooner, and is what
`from lib import conv, conv_transpose` gives.
"""

import numpy as np
from numpy.typing import ArrayLike

from .shapes import (
    PaddingPerAxis,
    PerAxis,
    cells,
    check_conv,
    check_conv_transpose,
    result_type,
    taps,
    working_type,
)


def conv(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: PerAxis = 1,
    padding: PaddingPerAxis = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> np.ndarray:
    """Convolution as deep learning says it: the kernel moves over the input, not rotated (cross-correlation).

    Parameters
    ----------
    input : array, shape (batch, in_channels, *input_size)
    weight : array, shape (out_channels, in_channels // groups, *kernel_size)
    bias : array, shape (out_channels,), optional
        Added to every cell of its channel.
    stride, dilation : int or one int per spatial axis
        In cells: the step from one window to the next, and from one kernel element to the next.
    padding : int or one entry per spatial axis, each an int or a (before, after) pair
        Zeros around the input, in cells.
    groups : int
        Divides in_channels and out_channels; each group of inputs feeds only its own group of outputs.

    Returns
    -------
    array, shape (batch, out_channels, *output_size)
        output_size = (input_size + before + after - dilation * (kernel_size - 1) - 1) // stride + 1.
        The dtype is NumPy's result_type of the arrays given. Integers that grow too large for it wrap around;
        float16 and bfloat16 are added up in float32 and rounded once, at the end.

    Raises
    ------
    ValueError, TypeError
        If a setting is out of range or the shapes do not fit, before any work is done.

    Examples
    --------
    >>> x = np.arange(16).reshape(1, 1, 4, 4)
    >>> kernel = np.arange(1, 10).reshape(1, 1, 3, 3)
    >>> conv(x, kernel)[0, 0]
    array([[303, 348],
           [483, 528]])

    References
    ----------
    Dumoulin and Visin (2016), chapter 2. arXiv:1603.07285
    """
    checked = check_conv(input, weight, bias, stride, padding, dilation, groups)
    input, weight, bias, settings, output_size = checked
    dtype = result_type(input=input, weight=weight, bias=bias)
    input = grouped(input.astype(working_type(dtype)), 1, settings.groups)  # batch, group, in, *size
    weight = grouped(weight.astype(working_type(dtype)), 0, settings.groups)  # group, out, in, *kernel_size
    input = np.pad(input, ((0, 0), (0, 0), (0, 0), *settings.padding))
    output = np.zeros((len(input), *weight.shape[:2], *output_size), input.dtype)
    for tap, window in taps(settings.kernel_size, output_size, settings.stride, settings.dilation):
        output += _mix(weight[(..., *tap)], input[window])
    return _finish(output, bias, dtype)


def conv_transpose(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: PerAxis = 1,
    padding: PaddingPerAxis = 0,
    output_padding: PerAxis = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> np.ndarray:
    """Transposed convolution: the adjoint of `conv` with the same weight and settings.

    Every input cell adds a copy of the kernel, scaled by its number, to the output; the copies lie `stride`
    apart.

    Parameters
    ----------
    input : array, shape (batch, in_channels, *input_size)
    weight : array, shape (in_channels, out_channels // groups, *kernel_size)
        The very array that `conv` uses the other way round. It is not conjugated: the adjoint over complex
        numbers is `conv_transpose` with the conjugate weight.
    bias : array, shape (out_channels,), optional
        Added to every cell of its channel.
    stride, dilation : int or one int per spatial axis
        In cells of the output: the step from one copy to the next, and from one kernel element to the next.
    padding : int or one entry per spatial axis, each an int or a (before, after) pair
        The padding of the forward convolution. Here it crops the output.
    output_padding : int or one int per spatial axis
        How many more cells to compute at the end of each axis; smaller than `stride` or smaller than
        `dilation`.
    groups : int
        Divides in_channels and out_channels; each group of inputs feeds only its own group of outputs.

    Returns
    -------
    array, shape (batch, out_channels, *output_size)
        output_size = stride * (input_size - 1) + dilation * (kernel_size - 1) + 1 + output_padding - before
        - after.
        The dtype is NumPy's result_type of the arrays given. Integers that grow too large for it wrap around;
        float16 and bfloat16 are added up in float32 and rounded once, at the end.

    Raises
    ------
    ValueError, TypeError
        If a setting is out of range or the shapes do not fit, before any work is done.

    Examples
    --------
    >>> conv_transpose(np.array([[[1, 2]]]), np.array([[[1, 10, 100]]]), stride=2)
    array([[[  1,  10, 102,  20, 200]]])

    References
    ----------
    Dumoulin and Visin (2016), chapter 4, relationships 8 to 14. arXiv:1603.07285
    """
    input, weight, bias, settings, output_size = check_conv_transpose(
        input, weight, bias, stride, padding, output_padding, dilation, groups
    )
    dtype = result_type(input=input, weight=weight, bias=bias)
    input = grouped(input.astype(working_type(dtype)), 1, settings.groups)  # batch, group, in, *size
    weight = grouped(weight.astype(working_type(dtype)), 0, settings.groups)  # group, in, out, *kernel_size
    kept: tuple = (..., *(slice(before, before + o) for (before, _), o in zip(settings.padding, output_size)))
    size = [before + o + after for (before, after), o in zip(settings.padding, output_size)]
    output = np.zeros((len(input), settings.groups, weight.shape[2], *size), input.dtype)
    for tap, window in taps(settings.kernel_size, input.shape[3:], settings.stride, settings.dilation):
        output[window] += _mix(weight[(..., *tap)].swapaxes(1, 2), input)
    return _finish(output[kept], bias, dtype)


def grouped(array: np.ndarray, axis: int, groups: int) -> np.ndarray:
    """Split one axis of an array into two, (groups, axis // groups)."""
    shape = array.shape
    return array.reshape(*shape[:axis], groups, shape[axis] // groups, *shape[axis + 1 :])


def ungrouped(array: np.ndarray) -> np.ndarray:
    """Join the two axes (groups, channels // groups) behind the batch into one."""
    return array.reshape(array.shape[0], array.shape[1] * array.shape[2], *array.shape[3:])


def _mix(matrix, array):
    """The channels of every cell, times a matrix: (group, to, from), (batch, group, from, *size)."""
    columns = array.reshape(*array.shape[:3], cells(array.shape[3:]))
    return (matrix @ columns).reshape(*array.shape[:2], matrix.shape[1], *array.shape[3:])


def _finish(output: np.ndarray, bias: np.ndarray | None, dtype: np.dtype) -> np.ndarray:
    """Groups joined, the bias added, rounded to the dtype of the result."""
    output = ungrouped(output)
    if bias is not None:
        output = output + bias.reshape(len(bias), *[1] * (output.ndim - 2)).astype(output.dtype)
    return output.astype(dtype)
