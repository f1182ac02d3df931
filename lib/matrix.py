"""The matrix C of a convolution: conv(x) = C x, and conv_transpose(y) = C^T y with the same settings.

Each row of C belongs to one output cell. It holds the kernel's numbers at the input cells that the window
lies on, and zeros elsewhere.
"""

import numpy as np
from numpy.typing import ArrayLike

from .shapes import (
    PaddingPerAxis,
    PerAxis,
    cells,
    check_groups,
    check_settings,
    conv_size,
    numbers,
    per_axis,
    taps,
)


def conv_matrix(
    weight: ArrayLike,
    input_size: PerAxis,
    *,
    stride: PerAxis = 1,
    padding: PaddingPerAxis = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> np.ndarray:
    """The matrix of a convolution, with every zero written out.

    Parameters
    ----------
    weight : array, shape (out_channels, in_channels // groups, *kernel_size)
        Or (*kernel_size), which means one channel.
    input_size : one int per spatial axis
    stride, padding, dilation, groups
        As in `conv`.

    Returns
    -------
    array, shape (out_channels * cells of the output, in_channels * cells of the input)
        Rows run over (out_channel, *position), columns over (in_channel, *position), both in row-major order.

    Raises
    ------
    ValueError, TypeError
        If the shapes do not fit or `conv` would refuse the settings.

    Examples
    --------
    >>> conv_matrix(np.array([1, 2, 3]), (4,))
    array([[1, 2, 3, 0],
           [0, 1, 2, 3]])
    >>> conv_matrix(np.arange(1, 10).reshape(3, 3), (4, 4)).shape
    (4, 16)

    References
    ----------
    Dumoulin and Visin (2016), section 4.1. arXiv:1603.07285
    """
    weight = numbers("weight", weight)
    axes = np.size(input_size)
    input_size = per_axis("input_size", input_size, axes, minimum=1)
    if weight.ndim == len(input_size):
        weight = weight[np.newaxis, np.newaxis]  # one channel in, one channel out
    if weight.ndim != len(input_size) + 2:
        raise ValueError(
            f"weight must have shape (*kernel_size) or (out_channels, in_channels // groups, *kernel_size), "
            f"got weight {weight.shape} for input_size {input_size}"
        )
    groups = check_groups(groups, weight)
    settings = check_settings(axes, weight.shape[2:], stride, padding, dilation)
    output_size, in_channels = conv_size(input_size, settings), weight.shape[1] * groups
    rows, columns = cells(output_size), cells(input_size)
    matrix = np.zeros((weight.shape[0], rows, in_channels, columns), weight.dtype)
    # The number of each input cell, from 1, and 0 where there is only padding.
    number = np.pad(np.arange(1, columns + 1).reshape(input_size), settings.padding)
    group_in, group_out = weight.shape[1], weight.shape[0] // groups
    for offset, window in taps(settings.kernel_size, output_size, settings.stride, settings.dilation):
        under = number[window].ravel()  # the input cell under this kernel element, for each output cell
        row = np.flatnonzero(under)
        for group in range(groups):
            outs = slice(group * group_out, (group + 1) * group_out)
            ins = slice(group * group_in, (group + 1) * group_in)
            block = matrix[outs, :, ins]  # a view: out, row, in, column
            block[:, row, :, under[row] - 1] = weight[(outs, slice(None), *offset)]
    return matrix.reshape(weight.shape[0] * rows, in_channels * columns)
