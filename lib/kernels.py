"""Named kernels, initialisation without a checkerboard, what overlaps where, what a kernel does to waves."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .fast import conv_transpose
from .routes import rotate, spatial, swap_channels
from .shapes import Axes, PaddingPerAxis, PerAxis, cells, per_axis

WEIGHT = "(in_channels, out_channels // groups, *kernel_size)"


def _each(name: str, value: PerAxis, axes: int) -> Axes:
    """One int from 1 on for each of `axes` axes."""
    (axes,) = per_axis("axes", axes, 1, minimum=1)
    return per_axis(name, value, axes, minimum=1)


def _separable(profiles):
    """The kernel whose element at (j, k, ...) is the product of one number from each axis."""
    kernel = np.ones(())
    for profile in profiles:
        kernel = np.multiply.outer(kernel, profile)
    return kernel


def nearest(factor: PerAxis, axes: int = 2) -> np.ndarray:
    """Ones of size factor: with stride = factor, `conv_transpose` repeats every cell.

    Parameters
    ----------
    factor : int or one int per axis
    axes : int
        How many spatial axes.

    Returns
    -------
    array of float64, shape (*factor)

    Examples
    --------
    >>> nearest((1, 3))
    array([[1., 1., 1.]])
    """
    return np.ones(_each("factor", factor, axes))


def box(size: PerAxis, axes: int = 2) -> np.ndarray:
    """The mean over a window: every element 1 / cells. With stride = size, `conv` is average pooling.

    Parameters
    ----------
    size : int or one int per axis
    axes : int
        How many spatial axes.

    Returns
    -------
    array of float64, shape (*size)

    Examples
    --------
    >>> box((2, 2))
    array([[0.25, 0.25],
           [0.25, 0.25]])
    """
    size = _each("size", size, axes)
    return np.full(size, 1 / cells(size))


def bilinear(factor: PerAxis, axes: int = 2) -> np.ndarray:
    """The kernel of linear interpolation by a whole factor: bilinear on two axes, trilinear on three.

    With stride = factor, padding = `bilinear_padding(factor)` and one channel for each group,
    `conv_transpose` enlarges an image by factor. In the interior it gives linear interpolation that keeps the
    image's edges where they are (PyTorch's align_corners=False). At the border it fades to zero, because
    there is nothing outside.

    Parameters
    ----------
    factor : int or one int per axis
    axes : int
        How many spatial axes.

    Returns
    -------
    array of float64, shape (*(2 factor - factor mod 2))

    Examples
    --------
    >>> bilinear(2, axes=1)
    array([0.25, 0.75, 0.75, 0.25])
    >>> bilinear(4, axes=1) * 8
    array([1., 3., 5., 7., 7., 5., 3., 1.])

    References
    ----------
    Long, Shelhamer and Darrell (2015), section 4.3. arXiv:1411.4038
    """
    return _separable(_triangle(f) for f in _each("factor", factor, axes))


def _triangle(factor):
    size = 2 * factor - factor % 2
    distance = np.abs(np.arange(size) - (size - 1) / 2)  # of each element from the kernel's middle
    return 1 - distance / factor


def bilinear_padding(factor: PerAxis) -> int | Axes:
    """The padding that goes with `bilinear`: ceil((factor - 1) / 2). Every axis then grows exactly by factor.

    Examples
    --------
    >>> [bilinear_padding(factor) for factor in (1, 2, 3, 4, 5)]
    [0, 1, 1, 2, 2]
    >>> bilinear_padding((2, 4))
    (1, 2)
    """
    halves = tuple(f // 2 for f in per_axis("factor", factor, np.size(factor), minimum=1))
    return halves if np.ndim(factor) else halves[0]


def depthwise(kernel: ArrayLike, channels: int) -> np.ndarray:
    """One kernel for every channel: the weight of a depthwise operator, to be used with groups = channels.

    Parameters
    ----------
    kernel : array, shape (*kernel_size)
    channels : int

    Returns
    -------
    array, shape (channels, 1, *kernel_size)

    Examples
    --------
    >>> depthwise(np.array([1, 2]), 3).tolist()
    [[[1, 2]], [[1, 2]], [[1, 2]]]
    """
    kernel = np.asarray(kernel)
    (channels,) = per_axis("channels", channels, 1, minimum=1)
    return np.repeat(kernel[np.newaxis, np.newaxis], channels, axis=0)


def subpixel_init(weight: ArrayLike, factor: PerAxis) -> np.ndarray:
    """Weight whose phases all start equal: a convolution, then nearest-neighbour enlargement (ICNR).

    Every element of a small kernel is repeated factor times on each axis. `conv_transpose` with stride =
    factor then equals `conv_transpose` with the small kernel and stride 1, followed by repeating every cell:
    no checkerboard at the start, whatever the small kernel holds.

    Parameters
    ----------
    weight : array, shape (in_channels, out_channels // groups, *kernel_size)
        The small kernel, for instance random numbers.
    factor : int or one int per spatial axis

    Returns
    -------
    array, shape (in_channels, out_channels // groups, *(kernel_size * factor))

    Examples
    --------
    >>> subpixel_init(np.array([[[5, 7]]]), 3)
    array([[[5, 5, 5, 7, 7, 7]]])

    References
    ----------
    Aitken et al. (2017), Checkerboard artifact free sub-pixel convolution. arXiv:1707.02937
    """
    weight, axes = spatial("weight", weight, WEIGHT)
    for axis, f in enumerate(per_axis("factor", factor, axes, minimum=1), start=2):
        weight = np.repeat(weight, f, axis=axis)
    return weight


def merge_resize(weight: ArrayLike, resize: ArrayLike) -> np.ndarray:
    """The one weight that enlarges and convolves: a resize by `conv_transpose` with the `conv` behind it.

    Enlarging with the kernel `nearest(r)` or `bilinear(r)` and convolving is one `conv_transpose` with stride
    r. A stamp of the enlargement becomes, through the convolution, a stamp of `resize` convolved with the
    rotated weight. The sizes add up: k = k_resize + k_weight - 1. The numbers are tied: there are as many
    free ones as in weight.

    Parameters
    ----------
    weight : array, shape (out_channels, in_channels, *kernel_size)
        As `conv` takes it, behind the enlargement.
    resize : array, shape (*resize_size)
        The kernel of the enlargement, the same for every channel.

    Returns
    -------
    array, shape (in_channels, out_channels, *(resize_size + kernel_size - 1))
        The weight of `conv_transpose`. With padding p in the enlargement and q in the convolution, it takes
        padding p + kernel_size - 1 - q. Where p crops, the enlarged border is cropped before the convolution
        reads it, so the two agree away from the border only.

    Raises
    ------
    ValueError
        If weight and resize have not the same number of spatial axes.

    Examples
    --------
    >>> merge_resize(np.array([[[1, 10, 100]]]), nearest(2, axes=1))     # 100 10 1, and again one further
    array([[[100., 110.,  11.,   1.]]])
    """
    weight, resize = np.asarray(weight), np.asarray(resize)
    if weight.ndim != resize.ndim + 2:
        raise ValueError(
            f"resize must have the spatial axes of weight, got {resize.shape} and {weight.shape}"
        )
    stamps = rotate(swap_channels(weight), axes=resize.ndim)  # in, out, *kernel
    out_channels = stamps.shape[1]
    return conv_transpose(stamps, depthwise(resize, out_channels), groups=out_channels)


def phase_sums(weight: ArrayLike, stride: PerAxis) -> np.ndarray:
    """The sum of the kernel elements that meet in an interior output cell, for each phase of the stride.

    It is what a flat input of ones becomes. Where the sums differ the output is chequered, whatever the
    number of elements; `phase_overlap` is the same for a kernel of ones.

    Parameters
    ----------
    weight : array, shape (in_channels, out_channels // groups, *kernel_size)
    stride : int or one int per spatial axis

    Returns
    -------
    array, shape (in_channels, out_channels // groups, *stride)

    Examples
    --------
    >>> phase_sums(np.array([[[1, 10, 100]]]), stride=2)     # 1 + 100 meet, 10 is alone
    array([[[101,  10]]])
    """
    weight, axes = spatial("weight", weight, WEIGHT)
    strides = per_axis("stride", stride, axes, minimum=1)
    for axis, s in enumerate(strides, start=2):
        parts = (np.take(weight, range(r, weight.shape[axis], s), axis) for r in range(s))
        weight = np.stack([part.sum(axis) for part in parts], axis)
    return weight


def overlap(
    input_size: PerAxis,
    kernel_size: PerAxis,
    *,
    stride: PerAxis = 1,
    padding: PaddingPerAxis = 0,
    output_padding: PerAxis = 0,
    dilation: PerAxis = 1,
) -> np.ndarray:
    """How many kernel elements are added in each output cell of a transposed convolution.

    Parameters
    ----------
    input_size : one int per spatial axis
    kernel_size : int or one int per spatial axis
    stride, padding, output_padding, dilation
        As in `conv_transpose`.

    Returns
    -------
    array of int, shape (*output_size)
        0 where nothing is ever written: only a bias reaches that cell.

    Examples
    --------
    >>> overlap((4,), 3, stride=2)
    array([1, 1, 2, 1, 2, 1, 2, 1, 1])
    >>> overlap((4,), 2, stride=3, output_padding=1)
    array([1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0])
    """
    input_size = per_axis("input_size", input_size, np.size(input_size), minimum=1)
    kernel_size = per_axis("kernel_size", kernel_size, len(input_size), minimum=1)
    settings: dict[str, Any] = {
        "stride": stride,
        "padding": padding,
        "output_padding": output_padding,
        "dilation": dilation,
    }
    ones, kernel = np.ones((1, 1, *input_size), int), np.ones((1, 1, *kernel_size), int)
    return conv_transpose(ones, kernel, **settings)[0, 0]


def phase_overlap(
    kernel_size: PerAxis, stride: PerAxis, dilation: PerAxis = 1, axes: int | None = None
) -> np.ndarray:
    """How many kernel elements meet in an interior output cell, for each phase: its position modulo stride.

    Positions are counted before padding crops the output. On more than one axis the counts multiply.

    Parameters
    ----------
    kernel_size, stride, dilation : int or one int per spatial axis
    axes : int, optional
        How many spatial axes, if all are single ints; 1 without it.

    Returns
    -------
    array of int, shape (*stride)

    Examples
    --------
    >>> phase_overlap(3, stride=2)
    array([2, 1])
    >>> phase_overlap(3, stride=2, axes=2)
    array([[4, 2],
           [2, 1]])
    >>> phase_overlap(3, stride=2, dilation=2)     # every other cell is never written
    array([3, 0])

    References
    ----------
    Odena, Dumoulin and Olah (2016), Deconvolution and Checkerboard Artifacts.
    """
    given = [np.shape(value)[0] for value in (kernel_size, stride, dilation) if np.ndim(value)]
    axes = max(given, default=1) if axes is None else axes
    sizes = _each("kernel_size", kernel_size, axes)
    strides = _each("stride", stride, axes)
    dilations = _each("dilation", dilation, axes)
    counts = (np.bincount(np.arange(k) * d % s, minlength=s) for k, s, d in zip(sizes, strides, dilations))
    return _separable(counts).astype(int)


def holes(
    input_size: PerAxis,
    kernel_size: PerAxis,
    *,
    stride: PerAxis = 1,
    padding: PaddingPerAxis = 0,
    output_padding: PerAxis = 0,
    dilation: PerAxis = 1,
) -> np.ndarray:
    """Which output cells nothing is ever written to: True where `overlap` is 0.

    In the interior these are the cells that are no multiple of gcd(stride, dilation) (shifted by padding),
    and, where the kernel is smaller than the stride, the gaps between the copies.

    Examples
    --------
    >>> holes((3,), 2, stride=2, dilation=2).astype(int)
    array([0, 1, 0, 1, 0, 1, 0])
    """
    settings: dict[str, Any] = {
        "stride": stride,
        "padding": padding,
        "output_padding": output_padding,
        "dilation": dilation,
    }
    return overlap(input_size, kernel_size, **settings) == 0


def frequency_response(kernel: ArrayLike, frequencies: ArrayLike, dilation: PerAxis = 1) -> np.ndarray:
    """What a kernel does to waves: the factor for each angular frequency.

    As a filter the kernel multiplies the wave exp(1j * frequency * position) by this complex number: its
    absolute value says by how much the wave grows, its angle how far it moves. At frequency 0 it is the sum
    of the kernel; at the multiples of 2 * pi / stride it is the Fourier transform of the phase sums.

    Parameters
    ----------
    kernel : array, shape (*kernel_size)
        Bare, no channels. On several axes every pair, triple, ... of frequencies is taken.
    frequencies : array, shape (n,), in radians from one cell to the next
    dilation : int or one int per axis
        In cells: spreads the kernel and repeats the response.

    Returns
    -------
    array of complex128, shape (n,) for each axis of the kernel

    Examples
    --------
    >>> frequency_response([1, 2, 1], [0, np.pi]).real.round(9)     # linear interpolation by 2
    array([4., 0.])
    >>> frequency_response([1, 1, 1], [0, np.pi]).real.round(9)     # the checkerboard of kernel 3
    array([3., 1.])
    """
    response = np.asarray(kernel)
    for axis, d in enumerate(_each("dilation", dilation, response.ndim)):
        waves = np.exp(-1j * np.multiply.outer(frequencies, d * np.arange(response.shape[axis])))
        response = np.moveaxis(np.tensordot(waves, response, (1, axis)), 0, axis)
    return response
