"""The same result by the textbook routes, each written to be read, none of them used by `lib.fast`.

All take the arguments of `conv` and `conv_transpose` and claim every setting: any number of dimensions,
batch, channels, groups, stride, padding pairs, output_padding, dilation, bias. They are slow on purpose: each
loop is one sentence of the definition. Sums are made in the dtype of the result: in float16 every addition is
rounded, where `lib.conv_transpose` rounds once.

References
----------
Dumoulin and Visin (2016), chapter 4, for zero insertion; Chetlur et al. (2014), arXiv:1410.0759, for the
matrix product; Shi et al. (2016), arXiv:1609.07009, for sub-pixel convolution.
"""

from collections.abc import Sequence
from math import prod

import numpy as np
from numpy.typing import ArrayLike

from .fast import conv
from .ops import grouped, ungrouped
from .shapes import (
    Axes,
    Index,
    PaddingPerAxis,
    PerAxis,
    cells,
    check_conv,
    check_conv_transpose,
    check_groups,
    check_settings,
    conv_size,
    conv_transpose_output_size,
    effective_size,
    full_size,
    large_position,
    numbers,
    per_axis,
    result_type,
    tap_pairs,
    taps,
)

# --- the definition: one multiplication at a time


def conv_loops(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: PerAxis = 1,
    padding: PaddingPerAxis = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> np.ndarray:
    """`conv` as its definition says it: for every output cell, every kernel element, one product.

    Examples
    --------
    >>> conv_loops(np.array([[[1, 2, 3, 4]]]), np.array([[[1, 10]]]), stride=2)
    array([[[21, 43]]])
    """
    checked = check_conv(input, weight, bias, stride, padding, dilation, groups)
    input, weight, bias, settings, output_size = checked
    out_channels, in_group = weight.shape[:2]
    out_group = out_channels // settings.groups
    output = _start(bias, (len(input), out_channels, *output_size), input, weight)
    for n, out, *u in np.ndindex(*output.shape):
        for i, *tap in np.ndindex(*weight.shape[1:]):
            cell = large_position(u, tap, settings.stride, settings.dilation, settings.padding)
            if _inside(cell, input.shape[2:]):
                channel = out // out_group * in_group + i
                output[n, out, *u] += input[n, channel, *cell] * weight[out, i, *tap]
    return output


def conv_transpose_loops(
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
    """`conv_transpose` as its definition says it: for every input cell, every kernel element, one product.

    Examples
    --------
    >>> conv_transpose_loops(np.array([[[1, 2]]]), np.array([[[1, 10]]]), stride=2)
    array([[[ 1, 10,  2, 20]]])
    """
    input, weight, bias, settings, output_size = check_conv_transpose(
        input, weight, bias, stride, padding, output_padding, dilation, groups
    )
    in_channels, out_group = weight.shape[:2]
    in_group = in_channels // settings.groups
    output = _start(bias, (len(input), out_group * settings.groups, *output_size), input, weight)
    for n, i, *m in np.ndindex(*input.shape):
        for out, *tap in np.ndindex(*weight.shape[1:]):
            cell = large_position(m, tap, settings.stride, settings.dilation, settings.padding)
            if _inside(cell, output_size):
                channel = i // in_group * out_group + out
                output[n, channel, *cell] += input[n, i, *m] * weight[i, out, *tap]
    return output


def _start(bias, shape, *arrays):
    """The output before anything is added: zeros, or the bias in every cell of its channel."""
    output = np.zeros(shape, np.result_type(*arrays, *([] if bias is None else [bias])))
    if bias is not None:
        output += bias.reshape(len(bias), *[1] * (len(shape) - 2))
    return output


def _inside(cell, size):
    return all(0 <= at < n for at, n in zip(cell, size))


# --- stamps: scatter


def conv_transpose_stamps(
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
    """`conv_transpose` by stamps: every input cell adds its copy of the kernel, scaled by its number.

    Examples
    --------
    >>> conv_transpose_stamps(np.array([[[1, 2]]]), np.array([[[1, 10, 100]]]))  # 1 10 100, then 2 20 200
    array([[[  1,  12, 120, 200]]])
    """
    input, weight, bias, settings, output_size = check_conv_transpose(
        input, weight, bias, stride, padding, output_padding, dilation, groups
    )
    in_channels, out_group = weight.shape[:2]
    in_group = in_channels // settings.groups
    # Stamped without padding, then cropped.
    canvas_size = _uncropped(input.shape[2:], settings)
    canvas = np.zeros((len(input), out_group * settings.groups, *canvas_size), np.result_type(input, weight))
    reach = effective_size(settings.kernel_size, settings.dilation)
    for n, i, *m in np.ndindex(*input.shape):
        group = i // in_group
        channels = slice(group * out_group, (group + 1) * out_group)
        corner = [at * s for at, s in zip(m, settings.stride)]
        window = (slice(at, at + k, d) for at, k, d in zip(corner, reach, settings.dilation))
        canvas[n, channels, *window] += input[n, i, *m] * weight[i]  # out_channels // groups, *kernel_size
    return _with_bias(_crop(canvas, settings, output_size), bias)


def _uncropped(input_size, settings):
    """The output's size before padding crops it, output_padding included."""
    full = full_size(input_size, settings.kernel_size, settings.stride, settings.dilation)
    return tuple(n + a for n, a in zip(full, settings.output_padding))


def _crop(canvas, settings, output_size):
    window = (slice(before, before + o) for (before, _), o in zip(settings.padding, output_size))
    return canvas[(..., *window)]


def _with_bias(output, bias):
    return output if bias is None else output + bias.reshape(len(bias), *[1] * (output.ndim - 2))


# --- zero insertion and the rotated kernel: gather


def insert_zeros(array: ArrayLike, stride: PerAxis) -> np.ndarray:
    """The array with stride - 1 zeros between neighbours: on every axis, or on the last, one stride for each.

    Examples
    --------
    >>> insert_zeros(np.array([[1, 2], [3, 4]]), (2, 3))
    array([[1, 0, 0, 2],
           [0, 0, 0, 0],
           [3, 0, 0, 4]])
    """
    array = np.asarray(array)
    if np.ndim(stride) and np.size(stride) > array.ndim:
        raise ValueError(
            f"stride must have at most one entry per axis, got {stride!r} for shape {array.shape}"
        )
    stride = per_axis("stride", stride, np.size(stride) if np.ndim(stride) else array.ndim, minimum=1)
    lead, size = array.shape[: array.ndim - len(stride)], array.shape[array.ndim - len(stride) :]
    if 0 in size:
        raise ValueError(
            f"array must have at least one cell on every stretched axis, got shape {array.shape}"
        )
    one = (1,) * len(size)
    stretched = np.zeros((*lead, *full_size(size, one, stride, one)), array.dtype)
    every: Index = (..., *(slice(None, None, s) for s in stride))
    stretched[every] = array
    return stretched


def rotate(kernel: ArrayLike, axes: int | None = None) -> np.ndarray:
    """The kernel turned by 180 degrees: reversed on its last `axes` axes, or on all. Not its transpose.

    Examples
    --------
    >>> rotate(np.array([[1, 2], [3, 4]]))
    array([[4, 3],
           [2, 1]])
    """
    kernel = np.asarray(kernel)
    (axes,) = per_axis("axes", kernel.ndim if axes is None else axes, 1)
    if axes > kernel.ndim:
        raise ValueError(f"axes must be at most those of kernel, got {axes} for shape {kernel.shape}")
    backwards: Index = (..., *[slice(None, None, -1)] * axes)
    return kernel[backwards]


def spatial(name: str, array: ArrayLike, layout: str) -> tuple[np.ndarray, int]:
    """The array, with at least one axis behind the two of its layout, and how many there are."""
    array = numbers(name, array)
    if array.ndim < 3:
        raise ValueError(f"{name} must have shape {layout}, got {array.shape}")
    return array, array.ndim - 2


def swap_channels(weight: ArrayLike, groups: int = 1) -> np.ndarray:
    """The weight in the other operator's layout: (first, second // groups) to (second, first // groups).

    Examples
    --------
    >>> swap_channels(np.zeros((4, 3, 5, 5)), groups=2).shape    # 2 in and 3 out in each of 2 groups
    (6, 2, 5, 5)
    """
    weight, _ = spatial("weight", weight, "(first, second // groups, *kernel_size)")
    parts = np.split(weight, check_groups(groups, weight))  # each first // groups, second // groups, *kernel
    return np.concatenate([part.swapaxes(0, 1) for part in parts])


def pad_or_crop(array: ArrayLike, pairs: Sequence[tuple[int, int]]) -> np.ndarray:
    """Zeros around the last axes, one (before, after) pair per axis; a negative number crops instead.

    Examples
    --------
    >>> pad_or_crop(np.array([1, 2, 3, 4]), [(2, -1)])
    array([0, 0, 1, 2, 3])
    """
    array = np.asarray(array)
    lead = array.ndim - len(pairs)
    if lead < 0:
        raise ValueError(
            f"pairs must be at most one for each axis of the array, got {pairs!r} for shape {array.shape}"
        )
    added = [(max(0, before), max(0, after)) for before, after in pairs]
    padded = np.pad(array, [(0, 0)] * lead + added)
    if any(n + before + after < 0 for (before, after), n in zip(pairs, array.shape[lead:])):
        raise ValueError(
            f"pairs must not crop more cells than there are, got {pairs!r} for shape {array.shape}"
        )
    ends = zip(pairs, padded.shape[lead:])
    window: Index = (..., *(slice(max(0, -before), n - max(0, -after)) for (before, after), n in ends))
    return padded[window]


def conv_transpose_zero_insertion(
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
    """`conv_transpose` as a convolution of stride 1: zeros inserted and padded, the kernel rotated.

    Examples
    --------
    >>> conv_transpose_zero_insertion(np.array([[[1, 2]]]), np.array([[[1, 10, 100]]]), stride=2)
    array([[[  1,  10, 102,  20, 200]]])
    """
    input, weight, bias, settings, _ = check_conv_transpose(
        input, weight, bias, stride, padding, output_padding, dilation, groups
    )
    # d (k - 1) - p zeros on each side: from the first window that still touches a number to the last.
    reach = effective_size(settings.kernel_size, settings.dilation)
    margins = [
        (k - 1 - before, k - 1 - after + a)
        for k, (before, after), a in zip(reach, settings.padding, settings.output_padding)
    ]
    stretched = pad_or_crop(insert_zeros(input, settings.stride), margins)
    kernel = rotate(swap_channels(weight, settings.groups), axes=len(settings.stride))
    return conv(stretched, kernel, bias, dilation=settings.dilation, groups=settings.groups)


# --- one matrix product: im2col and col2im


def im2col(
    array: ArrayLike,
    kernel_size: PerAxis,
    stride: PerAxis = 1,
    padding: PaddingPerAxis = 0,
    dilation: PerAxis = 1,
) -> np.ndarray:
    """Every window of an array as one column.

    Parameters
    ----------
    array : array, shape (batch, channels, *size)
    kernel_size : one int per spatial axis
    stride, padding, dilation
        As in `conv`.

    Returns
    -------
    array, shape (batch, channels * cells of the kernel, windows)

    Examples
    --------
    >>> im2col(np.array([[[1, 2, 3, 4]]]), (2,))
    array([[[1, 2, 3],
            [2, 3, 4]]])
    """
    array, axes = spatial("array", array, "(batch, channels, *size)")
    settings = check_settings(axes, kernel_size, stride, padding, dilation)
    size = conv_size(array.shape[2:], settings)
    padded = np.pad(array, ((0, 0), (0, 0), *settings.padding))
    columns = np.zeros((*array.shape[:2], *settings.kernel_size, *size), array.dtype)
    for tap, window in taps(settings.kernel_size, size, settings.stride, settings.dilation):
        columns[:, :, *tap] = padded[window]
    return columns.reshape(len(array), array.shape[1] * cells(settings.kernel_size), cells(size))


def col2im(
    columns: ArrayLike,
    input_size: PerAxis,
    kernel_size: PerAxis,
    stride: PerAxis = 1,
    padding: PaddingPerAxis = 0,
    output_padding: PerAxis = 0,
    dilation: PerAxis = 1,
) -> np.ndarray:
    """Every column added back to its window: the adjoint of `im2col`, and the scatter of `conv_transpose`.

    Parameters
    ----------
    columns : array, shape (batch, channels * cells of the kernel, cells of the input)
    input_size, kernel_size : one int per spatial axis
        input_size is how many columns there are on each axis.
    stride, padding, output_padding, dilation
        As in `conv_transpose`.

    Returns
    -------
    array, shape (batch, channels, *output_size)

    Examples
    --------
    >>> col2im(np.array([[[1, 2, 3], [10, 20, 30]]]), (3,), (2,))     # 1 10, then 2 20 and 3 30, each one on
    array([[[ 1, 12, 23, 30]]])
    """
    columns = np.asarray(columns)
    axes = np.size(input_size)
    input_size = per_axis("input_size", input_size, axes, minimum=1)
    settings = check_settings(axes, kernel_size, stride, padding, dilation, output_padding)
    output_size = conv_transpose_output_size(input_size, *settings[:-1])
    kernel_size = settings.kernel_size
    rows, count = cells(kernel_size), cells(input_size)  # rows of one channel, and columns
    if columns.ndim != 3 or columns.shape[1] % rows or columns.shape[2] != count:
        raise ValueError(
            f"columns must have shape (batch, channels * {rows}, {count}), "
            f"got {columns.shape} for input_size {input_size}, kernel_size {kernel_size}"
        )
    channels = columns.shape[1] // rows
    columns = columns.reshape(len(columns), channels, *kernel_size, *input_size)
    canvas = np.zeros((len(columns), channels, *_uncropped(input_size, settings)), columns.dtype)
    for tap, window in taps(kernel_size, input_size, settings.stride, settings.dilation):
        canvas[window] += columns[:, :, *tap]
    return _crop(canvas, settings, output_size)


def conv_gemm(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: PerAxis = 1,
    padding: PaddingPerAxis = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> np.ndarray:
    """`conv` as im2col and one matrix product per group.

    Examples
    --------
    >>> conv_gemm(np.array([[[1, 2, 3, 4]]]), np.array([[[1, 10]]]), stride=2)
    array([[[21, 43]]])
    """
    checked = check_conv(input, weight, bias, stride, padding, dilation, groups)
    input, weight, bias, settings, output_size = checked
    columns = im2col(input, settings.kernel_size, settings.stride, settings.padding, settings.dilation)
    columns = grouped(columns, 1, settings.groups)  # batch, group, in * kernel, windows
    out_group = len(weight) // settings.groups
    weight = weight.reshape(settings.groups, out_group, columns.shape[2])  # group, out, in * kernel
    output = (weight @ columns).astype(result_type(input=input, weight=weight), copy=False)
    output = output.reshape(len(input), settings.groups * out_group, *output_size)
    return _with_bias(output, bias)


def conv_transpose_gemm(
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
    """`conv_transpose` as one matrix product per group and col2im: the order of `conv_gemm`, backwards.

    Examples
    --------
    >>> conv_transpose_gemm(np.array([[[1, 2]]]), np.array([[[1, 10, 100]]]), stride=2)
    array([[[  1,  10, 102,  20, 200]]])
    """
    input, weight, bias, settings, _ = check_conv_transpose(
        input, weight, bias, stride, padding, output_padding, dilation, groups
    )
    size, kernel_size = input.shape[2:], settings.kernel_size
    out_channels, in_group = weight.shape[1] * settings.groups, len(weight) // settings.groups
    rows = weight.shape[1] * cells(kernel_size)
    weight = weight.reshape(settings.groups, in_group, rows)  # group, in, out * kernel
    numbers = input.reshape(len(input), settings.groups, in_group, cells(size))  # batch, group, in, cells
    columns = weight.swapaxes(1, 2) @ numbers  # batch, group, out * kernel, cells
    columns = columns.astype(result_type(input=input, weight=weight), copy=False)
    columns = columns.reshape(len(input), out_channels * cells(kernel_size), cells(size))
    return _with_bias(col2im(columns, size, *settings[:-1]), bias)


# --- sub-pixel: one small kernel for each phase


def phases(weight: ArrayLike, stride: PerAxis, groups: int = 1) -> np.ndarray:
    """The weight of `conv_transpose` cut into one small kernel for each phase of the output.

    Output cells whose positions agree modulo stride see the same kernel elements: every stride-th one,
    rotated. A kernel whose size is no multiple of stride is filled up with zeros at its end.

    Parameters
    ----------
    weight : array, shape (in_channels, out_channels // groups, *kernel_size)
    stride : int or one int per spatial axis
    groups : int

    Returns
    -------
    array, shape (out_channels * cells of stride, in_channels // groups, *ceil(kernel_size / stride))
        The weight of a `conv`: its output channels run over (out_channel, *phase), as `pixel_shuffle` takes
        them.

    Examples
    --------
    >>> phases(np.array([[[1, 2, 3, 4, 5]]]), (2,))      # phase 0 sees 1 3 5, phase 1 sees 2 4
    array([[[5, 3, 1]],
    <BLANKLINE>
           [[0, 4, 2]]])
    """
    weight, axes = spatial("weight", weight, "(in_channels, out_channels // groups, *kernel_size)")
    stride = per_axis("stride", stride, axes, minimum=1)
    missing = [(0, -k % s) for k, s in zip(weight.shape[2:], stride)]
    weight = swap_channels(pad_or_crop(weight, missing), groups)  # out, in // groups, *kernel
    parts = [rotate(weight[every(phase, stride)], axes=len(stride)) for phase in np.ndindex(*stride)]
    small = np.stack(parts, axis=1)  # out, phase, in // groups, *small kernel
    return small.reshape(len(weight) * len(parts), *small.shape[2:])


def every(phase: Sequence[int], stride: Sequence[int]) -> Index:
    """Every stride-th cell of each axis, the phase's own.

    Examples
    --------
    >>> np.arange(7)[every((1,), (3,))]
    array([1, 4])
    """
    return (..., *(slice(r, None, s) for r, s in zip(phase, stride)))


def pixel_shuffle(array: ArrayLike, factor: PerAxis) -> np.ndarray:
    """Channels dealt out to space: prod(factor) channels become one that is larger by factor on each axis.

    Parameters
    ----------
    array : array, shape (batch, channels * cells of factor, *size)
        Channels in the order (channel, *phase), the last axis fastest.
    factor : int or one int per spatial axis

    Returns
    -------
    array, shape (batch, channels, *(size * factor))

    Examples
    --------
    >>> pixel_shuffle(np.array([[[1, 2, 3], [10, 20, 30]]]), (2,))
    array([[[ 1, 10,  2, 20,  3, 30]]])

    References
    ----------
    Shi et al. (2016), arXiv:1609.05158, equation 4.
    """
    array, axes = spatial("array", array, "(batch, channels * cells of factor, *size)")
    size, factor = array.shape[2:], per_axis("factor", factor, axes, minimum=1)
    if array.shape[1] % cells(factor):
        raise ValueError(
            f"channels must be a multiple of {cells(factor)} for factor {factor}, got {array.shape}"
        )
    channels = array.shape[1] // cells(factor)
    shuffled = np.zeros((len(array), channels, *(n * r for n, r in zip(size, factor))), array.dtype)
    parts = array.reshape(len(array), channels, cells(factor), *size)
    for number, phase in enumerate(np.ndindex(*factor)):
        shuffled[every(phase, factor)] = parts[:, :, number]
    return shuffled


def conv_transpose_subpixel(
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
    """`conv_transpose` with no inserted zero to multiply by: a `conv` for each phase, then a shuffle.

    Examples
    --------
    >>> conv_transpose_subpixel(np.array([[[1, 2]]]), np.array([[[1, 10, 100]]]), stride=2)
    array([[[  1,  10, 102,  20, 200]]])

    References
    ----------
    Shi et al. (2016), arXiv:1609.07009.
    """
    input, weight, bias, settings, output_size = check_conv_transpose(
        input, weight, bias, stride, padding, output_padding, dilation, groups
    )
    stride = settings.stride
    # The dilated kernel written out, with room at its end for the cells that output_padding adds.
    weight = pad_or_crop(insert_zeros(weight, settings.dilation), [(0, a) for a in settings.output_padding])
    small = phases(weight, stride, settings.groups)
    margin = [m - 1 for m in small.shape[2:]]
    canvas = pixel_shuffle(conv(input, small, padding=margin, groups=settings.groups), stride)
    return _with_bias(_crop(canvas, settings, output_size), bias)


# --- fewer multiplications: two neighbouring stamps at once


def conv_transpose_fewer_products(
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
    """`conv_transpose` with fewer multiplications: three products where two stamps meet, in place of four.

    Take two neighbouring cells a, b and two kernel elements g, h that lie one stride apart. Their stamps are
    a g, then a h + b g, then b h: four products. But a h + b g = (a + b)(g + h) - a g - b h, so three
    products are enough, for some additions more. On N axes that makes 3^N of 4^N, where every kernel element
    has a partner; one without saves nothing (`fewer_products` counts). Whole numbers stay exact. Floats are
    rounded a little more, and next to an infinite cell there may be nan.

    Examples
    --------
    >>> conv_transpose_fewer_products(np.array([[[1, 2]]]), np.array([[[1, 10, 100]]]), stride=2)
    array([[[  1,  10, 102,  20, 200]]])

    References
    ----------
    Karatsuba and Ofman (1962), for the three products. Lavin and Gray (2016), arXiv:1509.09308, after
    Winograd (1980), for convolutions of stride 1; Huang et al. (2020), arXiv:2002.00552, for larger strides.
    """
    input, weight, bias, settings, output_size = check_conv_transpose(
        input, weight, bias, stride, padding, output_padding, dilation, groups
    )
    dtype = np.result_type(input, weight)  # a + b may be too large for the dtype of a and b
    cells = grouped(input.astype(dtype), 1, settings.groups)
    weight = grouped(insert_zeros(weight.astype(dtype), settings.dilation), 0, settings.groups)
    canvas = ungrouped(_stamps_in_pairs(cells, weight, settings.stride))
    canvas = pad_or_crop(canvas, [(0, a) for a in settings.output_padding])
    return _with_bias(_crop(canvas, settings, output_size), bias)


def _stamps_in_pairs(cells, weight, stride):
    """The uncropped canvas of cells (batch, group, in, *size), stamped with weight (group, in, out, *kernel).

    Two neighbours on the first axis at a time. What they are multiplied with are kernels of one axis less.
    """
    if not stride:
        return _mix(cells, weight)
    s, k, size = stride[0], weight.shape[3], cells.shape[3]
    inner = [(0, 0)] * len(stride[1:])
    cells = pad_or_crop(cells, [(0, size % 2), *inner])  # the last cell may need a neighbour
    parts = _parts(cells[:, :, :, 0::2], cells[:, :, :, 1::2], weight, stride)
    pairs, length = cells.shape[3] // 2, s * (cells.shape[3] - 1) + k
    shape = [max(part.shape[axis] for _, part in parts) for axis in range(cells.ndim)]
    canvas = np.zeros((*shape[:3], length, *shape[4:]), cells.dtype)
    for at, part in parts:
        canvas[:, :, :, at : at + 2 * s * (pairs - 1) + 1 : 2 * s] += part
    return pad_or_crop(canvas, [(0, -s * (size % 2)), *inner])


def _parts(a, b, weight, stride):
    """What the cells a and their neighbours b add up to: (where the first pair puts it, for all pairs)."""
    stamps = lambda cells, tap: _rows_in_batch(cells, tap, stride[1:])  # noqa: E731
    parts, s = [], stride[0]
    for tap, partner in tap_pairs(weight.shape[3], s):
        g = weight[:, :, :, tap]
        if partner is None:
            parts += [(tap, stamps(a, g)), (tap + s, stamps(b, g))]
        else:
            h = weight[:, :, :, partner]
            first, last = stamps(a, g), stamps(b, h)
            parts += [(tap, first), (tap + s, stamps(a + b, g + h) - first - last), (tap + 2 * s, last)]
    return parts


def _mix(cells, weight):
    """The product that is left when no axis is: every cell's channels times a matrix (group, in, out)."""
    return np.einsum("bgi,gio->bgo", cells, weight)


def _rows_in_batch(cells, weight, stride):
    """Stamps along the axes behind the first; each of its rows is a sample of its own."""
    rows = np.moveaxis(cells, 3, 1)
    canvas = _stamps_in_pairs(rows.reshape(prod(rows.shape[:2]), *rows.shape[2:]), weight, stride)
    return np.moveaxis(canvas.reshape(*rows.shape[:2], *canvas.shape[1:]), 1, 3)


def fewer_products(kernel_size: Axes, stride: PerAxis) -> tuple[int, int]:
    """Products for two neighbouring cells on every axis: by `conv_transpose_fewer_products`, and usually.

    Three for two kernel elements that lie one stride apart, in place of four; two for one without a partner.

    Examples
    --------
    >>> fewer_products((4, 4), 2), fewer_products((3, 3), 2), fewer_products((4, 4, 4), 2)
    ((36, 64), (25, 36), (216, 512))
    """
    sizes = per_axis("kernel_size", kernel_size, len(kernel_size), minimum=1)
    strides = per_axis("stride", stride, len(sizes), minimum=1)
    fewer, usual = 1, 1
    for k, s in zip(sizes, strides):
        fewer *= sum(2 if partner is None else 3 for _, partner in tap_pairs(k, s))
        usual *= 2 * k
    return fewer, usual
