"""The two operators: `conv`, and `conv_transpose`, which sends every number back the way it came.

Both walk through the same windows with the same weight array. `conv` reads a window of its input and adds to the
output; `conv_transpose` reads its input and adds to a window of the output. That exchange is all there is to it.
"""

import numpy as np

from .shapes import check_conv, check_conv_transpose, effective_size


def taps(kernel_size, size, stride, dilation):
    """Yield each kernel element's index with the window of the large array that it touches.

    The large array is the one that the kernel moves over: the padded input of `conv`, the uncropped output of
    `conv_transpose`. `size` is the size of the small one: how many positions the kernel takes on each axis.

    Examples
    --------
    >>> [(offset, window[1:]) for offset, window in taps((2,), (3,), (2,), (1,))]
    [((0,), (slice(0, 5, 2),)), ((1,), (slice(1, 6, 2),))]
    """
    for offset in np.ndindex(*kernel_size):
        starts = [d * k for d, k in zip(dilation, offset)]
        window = (slice(at, at + s * (n - 1) + 1, s) for at, s, n in zip(starts, stride, size))
        yield offset, (..., *window)


def grouped(array, axis, groups):
    """Split one axis of an array into two, (groups, axis // groups)."""
    shape = array.shape
    return array.reshape(*shape[:axis], groups, shape[axis] // groups, *shape[axis + 1 :])


def _ungrouped(array):
    """Join the two axes (groups, channels // groups) behind the batch into one."""
    return array.reshape(array.shape[0], array.shape[1] * array.shape[2], *array.shape[3:])


def conv(input, weight, bias=None, *, stride=1, padding=0, dilation=1, groups=1):
    """Convolution as deep learning says it: the kernel moves over the input and is not rotated (cross-correlation).

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
        The dtype is NumPy's result_type of the arrays given.

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
    input, weight, bias, settings, output_size = check_conv(input, weight, bias, stride, padding, dilation, groups)
    dtype = np.result_type(input, weight) if bias is None else np.result_type(input, weight, bias)
    groups = settings.groups
    padded = np.pad(input.astype(dtype, copy=False), ((0, 0), (0, 0), *settings.padding))
    padded = grouped(padded, 1, groups)  # batch, group, in, *size
    weight = grouped(weight, 0, groups)  # group, out, in, *kernel
    output = np.zeros((len(input), groups, weight.shape[1], *output_size), dtype)
    for offset, window in taps(settings.kernel_size, output_size, settings.stride, settings.dilation):
        output += np.einsum("bgi...,goi->bgo...", padded[window], weight[(..., *offset)])
    output = _ungrouped(output)  # batch, out_channels, *size
    return output if bias is None else _add_bias(output, bias)


def conv_transpose(input, weight, bias=None, *, stride=1, padding=0, output_padding=0, dilation=1, groups=1):
    """Transposed convolution: the adjoint of `conv` with the same weight and settings.

    Every input cell adds a copy of the kernel, scaled by its number, to the output; the copies lie `stride` apart.

    Parameters
    ----------
    input : array, shape (batch, in_channels, *input_size)
    weight : array, shape (in_channels, out_channels // groups, *kernel_size)
        The very array that `conv` uses the other way round.
    bias : array, shape (out_channels,), optional
        Added to every cell of its channel.
    stride, dilation : int or one int per spatial axis
        In cells of the output: the step from one copy to the next, and from one kernel element to the next.
    padding : int or one entry per spatial axis, each an int or a (before, after) pair
        The padding of the forward convolution. Here it crops the output.
    output_padding : int or one int per spatial axis
        How many more cells to compute at the end of each axis; smaller than `stride` or smaller than `dilation`.
    groups : int
        Divides in_channels and out_channels; each group of inputs feeds only its own group of outputs.

    Returns
    -------
    array, shape (batch, out_channels, *output_size)
        output_size = stride * (input_size - 1) + dilation * (kernel_size - 1) + 1 + output_padding - before - after.
        The dtype is NumPy's result_type of the arrays given.

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
    dtype = np.result_type(input, weight) if bias is None else np.result_type(input, weight, bias)
    groups, size = settings.groups, input.shape[2:]
    input = grouped(input.astype(dtype, copy=False), 1, groups)  # batch, group, in, *size
    weight = grouped(weight, 0, groups)  # group, in, out, *kernel
    full = (
        s * (i - 1) + k + a
        for i, s, k, a in zip(
            size,
            settings.stride,
            effective_size(settings.kernel_size, settings.dilation),
            settings.output_padding,
        )
    )
    output = np.zeros((len(input), groups, weight.shape[2], *full), dtype)
    for offset, window in taps(settings.kernel_size, size, settings.stride, settings.dilation):
        output[window] += np.einsum("bgi...,gio->bgo...", input, weight[(..., *offset)])
    crop = (slice(before, before + o) for (before, _), o in zip(settings.padding, output_size))
    output = _ungrouped(output[(..., *crop)])  # batch, out_channels, *size
    return output if bias is None else _add_bias(output, bias)


def _add_bias(output, bias):
    return output + bias.reshape(-1, *[1] * (output.ndim - 2))
