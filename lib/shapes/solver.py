"""The size solver: which settings of `conv_transpose` take one size to another."""

from bisect import bisect
from itertools import product
from math import gcd
from typing import NamedTuple

from .geometry import full_size
from .settings import MINIMUM, Axes, all_per_axis, as_int


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
    values = sorted({as_int(name, entry) for entry in values})
    minimum = MINIMUM.get(name, 1)
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
    axes, _, input_size, output_size = all_per_axis(0, input_size=input_size, output_size=output_size)
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
        size = full_size((input_size,), (k,), (s,), (d,))[0] + a - 2 * p
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
