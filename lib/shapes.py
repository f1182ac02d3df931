"""Sizes and checks: what every setting means, and which settings make sense.

One int stands for all axes, a sequence gives one value per axis, and one axis of `padding` may be a
(before, after) pair. Everything that is refused is refused here, before any work is done.

References
----------
Dumoulin and Visin (2016), A guide to convolution arithmetic for deep learning, arXiv:1603.07285.
"""

import operator
from bisect import bisect
from functools import lru_cache
from itertools import product
from math import gcd, prod
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
        axes = f"{axes} axis" if axes == 1 else f"{axes} axes"
        raise ValueError(f"{name} must be an int or one entry per spatial axis, got {value!r} for {axes}")
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
    if type(value) is int and value >= minimum:  # almost always; the rest takes ten times as long
        return (value,) * axes
    if type(value) is tuple and len(value) == axes and all(type(v) is int and v >= minimum for v in value):
        return value
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
    if type(padding) is int and padding >= 0:  # almost always, as in per_axis
        return ((padding, padding),) * axes
    if type(padding) is tuple and len(padding) == axes and all(type(v) is int and v >= 0 for v in padding):
        return tuple(zip(padding, padding))
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
    reach = effective_size(kernel_size, dilation)
    return tuple(
        (i + before + after - k) // s + 1
        for i, k, s, (before, after) in zip(input_size, reach, stride, padding)
    )


def _conv_transpose_size(input_size, kernel_size, stride, padding, output_padding, dilation):
    # o = s (i - 1) + d (k - 1) + 1 + a - p_before - p_after
    reach = effective_size(kernel_size, dilation)
    return tuple(
        s * (i - 1) + k + a - before - after
        for i, k, s, (before, after), a in zip(input_size, reach, stride, padding, output_padding)
    )


def _check_output_padding(output_padding, stride, dilation):
    for a, s, d in zip(output_padding, stride, dilation):
        if a >= max(s, d):
            raise ValueError(
                f"output_padding must be smaller than stride or dilation on every axis, "
                f"got output_padding {output_padding}, stride {stride}, dilation {dilation}"
            )


def _check_output_size(output_size, given):
    if any(o < 1 for o in output_size):
        rest = ", ".join(f"{name} {value}" for name, value in given.items())
        raise ValueError(f"output size must be at least 1 on every axis, got {output_size} from {rest}")


_MINIMUM = {"output_padding": 0, "padding": 0}  # of everything else it is 1


def _spread(padding, **values):
    """(axes, padding pairs, each value per axis); axes is None if all were single ints: so is the answer."""
    counts = {len(value) for value in (padding, *values.values()) if _is_sequence(value)}
    if len(counts) > 1:
        given = ", ".join(f"{name} {value!r}" for name, value in {**values, "padding": padding}.items())
        raise ValueError(f"sizes and settings must agree on the number of spatial axes, got {given}")
    axes = counts.pop() if counts else None
    spread = (per_axis(name, value, axes or 1, _MINIMUM.get(name, 1)) for name, value in values.items())
    return axes, padding_pairs(padding, axes or 1), *spread


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
    axes, pairs, input_size, kernel_size, stride, dilation = _spread(
        padding, input_size=input_size, kernel_size=kernel_size, stride=stride, dilation=dilation
    )
    output_size = _conv_size(input_size, kernel_size, stride, pairs, dilation)
    given = {"input": input_size, "kernel": kernel_size, "stride": stride, "padding": pairs}
    given |= {"dilation": dilation}
    _check_output_size(output_size, given)
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
    axes, pairs, input_size, kernel_size, stride, output_padding, dilation = _spread(
        padding,
        input_size=input_size,
        kernel_size=kernel_size,
        stride=stride,
        output_padding=output_padding,
        dilation=dilation,
    )
    _check_output_padding(output_padding, stride, dilation)
    output_size = _conv_transpose_size(input_size, kernel_size, stride, pairs, output_padding, dilation)
    given = {"input": input_size, "kernel": kernel_size, "stride": stride, "padding": pairs}
    given |= {"output_padding": output_padding, "dilation": dilation}
    _check_output_size(output_size, given)
    return output_size if axes else output_size[0]


def output_padding_for(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """The output_padding with which `conv_transpose` goes back to the size that `conv` came from.

    It is what the floor in `conv`'s size drops: (input_size + before + after - dilation (kernel_size - 1) -
    1) mod stride.

    Parameters
    ----------
    input_size, kernel_size, stride, padding, dilation
        As in `conv_output_size`: those of the convolution.

    Returns
    -------
    int, or a tuple of ints when any argument is given per axis

    Examples
    --------
    >>> [output_padding_for(i, 3, stride=2, padding=1) for i in (7, 8)]
    [0, 1]

    References
    ----------
    Dumoulin and Visin (2016), relationship 14.
    """
    conv_output_size(input_size, kernel_size, stride, padding, dilation)  # refuses what conv refuses
    axes, pairs, input_size, kernel_size, stride, dilation = _spread(
        padding, input_size=input_size, kernel_size=kernel_size, stride=stride, dilation=dilation
    )
    rest = tuple(
        (i + before + after - k) % s
        for i, (before, after), k, s in zip(input_size, pairs, effective_size(kernel_size, dilation), stride)
    )
    return rest if axes else rest[0]


def conv_input_sizes(output_size, kernel_size, stride=1, padding=0, dilation=1):
    """The input sizes that `conv` maps to this output size: `stride` sizes in a row.

    Returns
    -------
    range, or a tuple of ranges when any argument is given per axis
        Shorter where it would begin below 1, and empty if so much padding leaves no input that small an
        output.

    Examples
    --------
    >>> conv_input_sizes(4, 3, stride=2, padding=1)   # 7 and 8
    range(7, 9)
    >>> list(conv_input_sizes(1, 2, stride=3, padding=1))
    [1, 2]
    """
    axes, pairs, output_size, kernel_size, stride, dilation = _spread(
        padding, output_size=output_size, kernel_size=kernel_size, stride=stride, dilation=dilation
    )
    smallest = _conv_transpose_size(output_size, kernel_size, stride, pairs, (0,) * len(stride), dilation)
    ranges = tuple(range(max(1, i), max(1, i + s)) for i, s in zip(smallest, stride))
    return ranges if axes else ranges[0]


class SizeSetting(NamedTuple):
    """One axis of a transposed convolution; padding is the same before and after."""

    kernel_size: int
    stride: int
    padding: int
    output_padding: int
    dilation: int

    @property
    def even_overlap(self):
        """Whether all interior output cells receive equally many kernel elements."""
        return self.kernel_size % self.stride == 0 and gcd(self.stride, self.dilation) == 1


class SizeAnswer(NamedTuple):
    """What `solve_sizes` found for one axis."""

    settings: tuple[SizeSetting, ...]  # every setting that does it, the best first
    nearest: Axes  # if none does: the sizes just below and just above that some setting reaches
    reason: str  # if none does: why not, and what to do


def _choices(name, value):
    """The values that one setting may take, in order: an int is a range of one."""
    values = [value] if not hasattr(value, "__iter__") else list(value)
    values = sorted({_integer(name, entry) for entry in values})
    minimum = _MINIMUM.get(name, 1)
    if not values or values[0] < minimum:
        raise ValueError(f"{name} must be an int or a range of ints, at least {minimum}, got {value!r}")
    return values


def solve_sizes(
    input_size,
    output_size,
    *,
    kernel_size=range(1, 8),
    stride=range(1, 5),
    padding=range(0, 4),
    output_padding=range(0, 4),
    dilation=1,
):
    """Every setting of `conv_transpose` that takes the one size to the other.

    Parameters
    ----------
    input_size, output_size : int or one int per spatial axis
    kernel_size, stride, padding, output_padding, dilation : int or iterable of ints
        The values to try, the same for every axis. What `conv_transpose` would refuse is left out.

    Returns
    -------
    SizeAnswer, or a tuple with one SizeAnswer per axis when a size is given per axis
        Its settings have even overlap first, then less output_padding, dilation, kernel_size, stride and
        padding, in this order. Without any, `nearest` holds the next sizes that can be reached, and `reason`
        says why and what to do.

    Raises
    ------
    ValueError, TypeError
        If a size is not a positive int, or a range is empty or holds a value that no layer takes.

    Examples
    --------
    >>> answer = solve_sizes(4, 8, stride=2)
    >>> answer.settings[1]
    SizeSetting(kernel_size=4, stride=2, padding=1, output_padding=0, dilation=1)
    >>> [setting.kernel_size for setting in answer.settings if setting.even_overlap]
    [2, 4, 6]
    >>> solve_sizes(4, 9, kernel_size=4, stride=2, output_padding=0).nearest
    (8, 10)
    """
    axes, _, input_size, output_size = _spread(0, input_size=input_size, output_size=output_size)
    every = product(
        _choices("kernel_size", kernel_size),
        _choices("stride", stride),
        _choices("padding", padding),
        _choices("output_padding", output_padding),
        _choices("dilation", dilation),
    )
    settings = (SizeSetting(*values) for values in every)
    settings = [each for each in settings if each.output_padding < max(each.stride, each.dilation)]
    answers = tuple(_solve_axis(i, o, settings) for i, o in zip(input_size, output_size))
    return answers if axes else answers[0]


def _solve_axis(input_size, output_size, settings):
    reached = {}
    for setting in settings:
        k, s, p, a, d = setting
        (size,) = _conv_transpose_size((input_size,), (k,), (s,), ((p, p),), (a,), (d,))
        if size >= 1:
            reached.setdefault(size, []).append(setting)
    if output_size in reached:
        return SizeAnswer(tuple(sorted(reached[output_size], key=_preference)), (), "")
    sizes = sorted(reached)
    place = bisect(sizes, output_size)  # how many are smaller
    nearest = sizes[:place][-1:] + sizes[place:][:1]
    return SizeAnswer((), tuple(nearest), _why_not(input_size, output_size, sizes, place))


def _preference(setting):
    return (
        not setting.even_overlap,
        setting.output_padding,
        setting.dilation,
        setting.kernel_size,
        setting.stride,
        setting.padding,
    )


def _why_not(input_size, output_size, sizes, place):
    """Why no setting gives the size, which lies before sizes[place] of those that are reached; what to do."""
    if not sizes:
        return (
            f"no setting in these ranges gives an output from {input_size}: "
            f"use less padding or less output_padding"
        )
    if place == len(sizes):
        return (
            f"no setting in these ranges takes {input_size} beyond {sizes[-1]}: "
            f"{output_size} needs a larger stride, kernel_size, dilation or output_padding, or less padding"
        )
    above = sizes[place]
    crop = f"take {above} and crop {above - output_size} more with a (before, after) padding"
    if place == 0:
        return f"no setting in these ranges takes {input_size} below {above}: {crop}, or use more padding"
    if all(size % 2 != output_size % 2 for size in sizes):
        return (
            f"every size that these ranges reach from {input_size} is {('even', 'odd')[above % 2]}, "
            f"which equal padding at both ends cannot change: {crop}, or allow output_padding"
        )
    return f"these ranges reach {sizes[place - 1]} and {above} from {input_size}, nothing between: {crop}"


def numbers(name, value):
    """value as an array of numbers; bool counts as 0 and 1."""
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different length
        raise ValueError(f"{name} must be an array, every row as long as the others, got {value!r}") from None
    if array.dtype.kind not in "biufc":  # bool, signed, unsigned, float, complex
        raise TypeError(f"{name} must hold numbers, got dtype {array.dtype}")
    return array


def check_groups(groups, weight):
    """groups as an int, if it divides the first axis of weight, which must not be empty."""
    if min(weight.shape) < 1:
        raise ValueError(f"weight must not be empty, got {weight.shape}")
    groups = _integer("groups", groups)
    if groups < 1:
        raise ValueError(f"groups must be at least 1, got {groups}")
    if len(weight) % groups:
        raise ValueError(
            f"groups must divide the first axis of weight, got groups {groups}, weight {weight.shape}"
        )
    return groups


def _check_arrays(input, weight, bias, groups, weight_layout, in_axis, out_axis):
    """Arrays whose axes and channels fit together; returns them with groups as an int."""
    input, weight = numbers("input", input), numbers("weight", weight)
    if input.dtype == weight.dtype == np.bool_:  # NumPy would answer with "or" where a sum is meant
        raise TypeError("input or weight must hold numbers, got bool for both")
    if input.ndim < 3:
        raise ValueError(f"input must have shape (batch, channels, *size), got {input.shape}")
    if weight.ndim != input.ndim:
        raise ValueError(
            f"weight must have as many axes as input, {weight_layout}, "
            f"got weight {weight.shape}, input {input.shape}"
        )
    groups = check_groups(groups, weight)
    if min(input.shape[1:]) < 1:
        raise ValueError(f"input must have a channel and at least one cell on every axis, got {input.shape}")
    channels = {"first": weight.shape[0], "second": weight.shape[1] * groups}
    if input.shape[1] != channels[in_axis]:
        raise ValueError(
            f"input has {input.shape[1]} channels, weight expects {channels[in_axis]}: "
            f"input {input.shape}, weight {weight.shape}, groups {groups}"
        )
    if bias is not None:
        bias = numbers("bias", bias)
        if bias.shape != (channels[out_axis],):
            raise ValueError(
                f"bias must have shape ({channels[out_axis]},), one value per output channel, "
                f"got {bias.shape}: weight {weight.shape}, groups {groups}"
            )
    return input, weight, bias, groups


def check_settings(axes, kernel_size, stride, padding, dilation, output_padding=0, groups=1):
    """Every setting per axis, each one checked by itself."""
    return Settings(
        per_axis("kernel_size", kernel_size, axes, minimum=1),
        per_axis("stride", stride, axes, minimum=1),
        padding_pairs(padding, axes),
        per_axis("output_padding", output_padding, axes),
        per_axis("dilation", dilation, axes, minimum=1),
        groups,
    )


def check_conv(input, weight, bias, stride, padding, dilation, groups):
    """Everything `conv` needs, checked: (input, weight, bias, settings, output_size)."""
    layout = "(out_channels, in_channels // groups, *kernel_size)"
    input, weight, bias, groups = _check_arrays(input, weight, bias, groups, layout, "second", "first")
    given = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    settings = check_settings(weight.ndim - 2, weight.shape[2:], **given)
    return input, weight, bias, settings, conv_size(input.shape[2:], settings)


def check_conv_transpose(input, weight, bias, stride, padding, output_padding, dilation, groups):
    """Everything `conv_transpose` needs, checked: (input, weight, bias, settings, output_size)."""
    layout = "(in_channels, out_channels // groups, *kernel_size)"
    input, weight, bias, groups = _check_arrays(input, weight, bias, groups, layout, "first", "second")
    given = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    settings = check_settings(weight.ndim - 2, weight.shape[2:], output_padding=output_padding, **given)
    return input, weight, bias, settings, conv_transpose_size(input.shape[2:], settings)


@lru_cache(maxsize=256)
def conv_size(input_size, settings):
    """`conv_output_size` of checked settings."""
    kernel_size, stride, padding, _, dilation, _ = settings
    return conv_output_size(input_size, kernel_size, stride, padding, dilation)


@lru_cache(maxsize=256)
def conv_transpose_size(input_size, settings):
    """`conv_transpose_output_size` of checked settings."""
    return conv_transpose_output_size(input_size, *settings[:-1])


def cells(size):
    """How many cells a grid of this size has: cells((4, 4)) is 16."""
    return prod(size)


def check_grad_output(grad_output, input, weight, output_shape):
    """grad_output as an array, if it has the shape of the operator's output and all three are real."""
    grad_output = numbers("grad_output", grad_output)
    if grad_output.dtype == np.bool_:
        raise TypeError("grad_output must hold numbers, got bool")
    if any(np.iscomplexobj(array) for array in (grad_output, input, weight)):
        raise TypeError(
            f"gradients are defined here for real numbers only, got grad_output {grad_output.dtype}, "
            f"input {input.dtype}, weight {weight.dtype}"
        )
    if grad_output.shape != output_shape:
        raise ValueError(
            f"grad_output must have the shape of the output, {output_shape}, got {grad_output.shape}"
        )
    return grad_output
