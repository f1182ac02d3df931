"""Sizes and checks: what every setting means, and which settings make sense.

One int stands for all axes, a sequence gives one value per axis, and one axis of `padding` may be a
(before, after) pair. Everything that is refused is refused here, before any work is done.

References
----------
Dumoulin and Visin (2016), A guide to convolution arithmetic for deep learning, arXiv:1603.07285.
"""

import operator
from math import prod
from typing import NamedTuple

import numpy as np

Axes = tuple[int, ...]
Pairs = tuple[tuple[int, int], ...]


class Settings(NamedTuple):
    """The settings of one operation, checked, one entry per spatial axis."""

    kernel_size: Axes
    stride: Axes
    padding: Pairs
    output_padding: Axes
    dilation: Axes
    groups: int


def _integer(name, value):
    """`value` as a plain int; a bool, a float or a string is a mistake, not a number of elements."""
    if isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be an int, got {value!r}")
    try:
        return operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be an int, got {value!r}") from None


def _is_sequence(value):
    return isinstance(value, (tuple, list)) or (isinstance(value, np.ndarray) and value.ndim > 0)


def _entries(name, value, axes):
    """`value` as a list with one entry per axis: a single number is repeated, a sequence must fit."""
    if not _is_sequence(value):
        return [value] * axes
    entries = list(value)
    if len(entries) != axes:
        noun = "axis" if axes == 1 else "axes"
        raise ValueError(f"{name} must be an int or one entry per spatial axis, got {value!r} for {axes} {noun}")
    return entries


def per_axis(name, value, axes, minimum=0):
    """One int per spatial axis.

    Examples
    --------
    >>> per_axis("stride", 2, axes=3)
    (2, 2, 2)
    >>> per_axis("stride", (2, 1), axes=2)
    (2, 1)
    """
    values = tuple(_integer(name, entry) for entry in _entries(name, value, axes))
    if any(entry < minimum for entry in values):
        raise ValueError(f"{name} must be at least {minimum} on every axis, got {value!r}")
    return values


def padding_pairs(padding, axes):
    """Padding as one (before, after) pair per spatial axis, in elements.

    Examples
    --------
    >>> padding_pairs(1, axes=2)
    ((1, 1), (1, 1))
    >>> padding_pairs((1, (0, 2)), axes=2)
    ((1, 1), (0, 2))
    """
    pairs = []
    for entry in _entries("padding", padding, axes):
        ends = list(entry) if _is_sequence(entry) else [entry, entry]
        if len(ends) != 2:
            raise ValueError(f"padding of one axis must be an int or a (before, after) pair, got {entry!r}")
        pairs.append(tuple(_integer("padding", end) for end in ends))
    if any(end < 0 for pair in pairs for end in pair):
        raise ValueError(f"padding must be at least 0 on every axis, got {padding!r}")
    return tuple(pairs)


def effective_size(kernel_size, dilation):
    """The cells from a dilated kernel's first element to its last, both included: d (k - 1) + 1."""
    return tuple(d * (k - 1) + 1 for k, d in zip(kernel_size, dilation))


def _conv_size(input_size, kernel_size, stride, padding, dilation):
    # o = floor((i + p_before + p_after - (d (k - 1) + 1)) / s) + 1
    return tuple(
        (i + before + after - k) // s + 1
        for i, k, s, (before, after) in zip(input_size, effective_size(kernel_size, dilation), stride, padding)
    )


def _conv_transpose_size(input_size, kernel_size, stride, padding, output_padding, dilation):
    # o = s (i - 1) + d (k - 1) + 1 + a - p_before - p_after
    return tuple(
        s * (i - 1) + k + a - before - after
        for i, k, s, (before, after), a in zip(
            input_size, effective_size(kernel_size, dilation), stride, padding, output_padding
        )
    )


def _check_output_padding(output_padding, stride, dilation):
    for a, s, d in zip(output_padding, stride, dilation):
        if a >= max(s, d):
            raise ValueError(
                f"output_padding must be smaller than stride or dilation on every axis, "
                f"got output_padding {output_padding}, stride {stride}, dilation {dilation}"
            )


def _check_output_size(output_size, **given):
    if any(o < 1 for o in output_size):
        rest = ", ".join(f"{name} {value}" for name, value in given.items())
        raise ValueError(f"output size must be at least 1 on every axis, got {output_size} from {rest}")


def _axes_of(*values):
    """How many spatial axes the given sizes and settings speak of; None when all are single ints."""
    counts = {len(value) for value in values if _is_sequence(value)}
    if len(counts) > 1:
        raise ValueError(f"settings must agree on the number of spatial axes, got {values!r}")
    return counts.pop() if counts else None


def conv_output_size(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """Size of a convolution's output, in cells.

    Parameters
    ----------
    input_size, kernel_size, stride, dilation : int or one int per spatial axis
    padding : int or one entry per spatial axis, each an int or a (before, after) pair

    Returns
    -------
    int, or a tuple of ints when any argument is given per axis

    Raises
    ------
    ValueError
        If a setting is out of range or the window does not fit into the padded input even once.

    Examples
    --------
    >>> conv_output_size(4, 3)
    2
    >>> [conv_output_size(i, 3, stride=2, padding=1) for i in (7, 8)]   # two sizes, one result
    [4, 4]
    >>> conv_output_size((5, 8), 3, stride=(1, 2), padding=(0, (0, 1)))
    (3, 4)

    References
    ----------
    Dumoulin and Visin (2016), relationships 1 to 6 and 15.
    """
    axes = _axes_of(input_size, kernel_size, stride, padding, dilation)
    n = axes or 1
    input_size = per_axis("input_size", input_size, n, minimum=1)
    kernel_size = per_axis("kernel_size", kernel_size, n, minimum=1)
    stride = per_axis("stride", stride, n, minimum=1)
    dilation = per_axis("dilation", dilation, n, minimum=1)
    pairs = padding_pairs(padding, n)
    output_size = _conv_size(input_size, kernel_size, stride, pairs, dilation)
    _check_output_size(output_size, input=input_size, kernel=kernel_size, stride=stride, padding=pairs, dilation=dilation)
    return output_size if axes else output_size[0]


def conv_transpose_output_size(input_size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    """Size of a transposed convolution's output, in cells.

    Parameters
    ----------
    input_size, kernel_size, stride, output_padding, dilation : int or one int per spatial axis
        `output_padding` must be smaller than `stride` or smaller than `dilation`.
    padding : int or one entry per spatial axis, each an int or a (before, after) pair
        The padding of the forward convolution, so here it crops the output.

    Returns
    -------
    int, or a tuple of ints when any argument is given per axis

    Raises
    ------
    ValueError
        If a setting is out of range or nothing is left after the crop.

    Examples
    --------
    >>> conv_transpose_output_size(2, 3)
    4
    >>> [conv_transpose_output_size(4, 3, stride=2, padding=1, output_padding=a) for a in (0, 1)]
    [7, 8]

    References
    ----------
    Dumoulin and Visin (2016), relationships 8 to 14.
    """
    axes = _axes_of(input_size, kernel_size, stride, padding, output_padding, dilation)
    n = axes or 1
    input_size = per_axis("input_size", input_size, n, minimum=1)
    kernel_size = per_axis("kernel_size", kernel_size, n, minimum=1)
    stride = per_axis("stride", stride, n, minimum=1)
    dilation = per_axis("dilation", dilation, n, minimum=1)
    output_padding = per_axis("output_padding", output_padding, n)
    pairs = padding_pairs(padding, n)
    _check_output_padding(output_padding, stride, dilation)
    output_size = _conv_transpose_size(input_size, kernel_size, stride, pairs, output_padding, dilation)
    _check_output_size(
        output_size,
        input=input_size,
        kernel=kernel_size,
        stride=stride,
        padding=pairs,
        output_padding=output_padding,
        dilation=dilation,
    )
    return output_size if axes else output_size[0]


def _numeric(name, value):
    array = np.asarray(value)
    if not (np.issubdtype(array.dtype, np.number) or array.dtype == np.bool_):
        raise TypeError(f"{name} must hold numbers, got dtype {array.dtype}")
    return array


def _check_arrays(input, weight, bias, groups, weight_layout, in_axis, out_axis):
    """Arrays whose axes and channels fit together; returns them with groups as an int."""
    input, weight = _numeric("input", input), _numeric("weight", weight)
    if input.ndim < 3:
        raise ValueError(f"input must have shape (batch, channels, *size), got {input.shape}")
    if weight.ndim != input.ndim:
        raise ValueError(
            f"weight must have as many axes as input, {weight_layout}, got weight {weight.shape}, input {input.shape}"
        )
    groups = _integer("groups", groups)
    if groups < 1:
        raise ValueError(f"groups must be at least 1, got {groups}")
    if min(weight.shape) < 1:
        raise ValueError(f"weight must not be empty, got {weight.shape}")
    if min(input.shape[1:]) < 1:
        raise ValueError(f"input must have at least one channel and one cell on every axis, got {input.shape}")
    if weight.shape[0] % groups:
        raise ValueError(f"groups must divide the first axis of weight, got groups {groups}, weight {weight.shape}")
    channels = {"first": weight.shape[0], "second": weight.shape[1] * groups}
    if input.shape[1] != channels[in_axis]:
        raise ValueError(
            f"input has {input.shape[1]} channels, weight expects {channels[in_axis]}: "
            f"input {input.shape}, weight {weight.shape}, groups {groups}"
        )
    if bias is not None:
        bias = _numeric("bias", bias)
        if bias.shape != (channels[out_axis],):
            raise ValueError(
                f"bias must have shape ({channels[out_axis]},), one value per output channel, got {bias.shape}: "
                f"weight {weight.shape}, groups {groups}"
            )
    return input, weight, bias, groups


def check_conv(input, weight, bias, stride, padding, dilation, groups):
    """Everything `conv` needs, checked: (input, weight, bias, settings, output_size)."""
    layout = "(out_channels, in_channels // groups, *kernel_size)"
    input, weight, bias, groups = _check_arrays(input, weight, bias, groups, layout, "second", "first")
    kernel_size, n = weight.shape[2:], weight.ndim - 2
    stride = per_axis("stride", stride, n, minimum=1)
    dilation = per_axis("dilation", dilation, n, minimum=1)
    pairs = padding_pairs(padding, n)
    output_size = conv_output_size(input.shape[2:], kernel_size, stride, pairs, dilation)
    return input, weight, bias, Settings(kernel_size, stride, pairs, (0,) * n, dilation, groups), output_size


def check_conv_transpose(input, weight, bias, stride, padding, output_padding, dilation, groups):
    """Everything `conv_transpose` needs, checked: (input, weight, bias, settings, output_size)."""
    layout = "(in_channels, out_channels // groups, *kernel_size)"
    input, weight, bias, groups = _check_arrays(input, weight, bias, groups, layout, "first", "second")
    kernel_size, n = weight.shape[2:], weight.ndim - 2
    stride = per_axis("stride", stride, n, minimum=1)
    dilation = per_axis("dilation", dilation, n, minimum=1)
    output_padding = per_axis("output_padding", output_padding, n)
    pairs = padding_pairs(padding, n)
    output_size = conv_transpose_output_size(input.shape[2:], kernel_size, stride, pairs, output_padding, dilation)
    settings = Settings(kernel_size, stride, pairs, output_padding, dilation, groups)
    return input, weight, bias, settings, output_size


def cells(size):
    """How many cells a grid of this size has: cells((4, 4)) is 16."""
    return prod(size)
