"""The size solver: which settings of `conv_transpose` take one size to another."""

from bisect import bisect_left
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from math import ceil, gcd
from typing import NamedTuple

from .geometry import full_size
from .settings import MINIMUM, Axes, as_int, count_axes, entries, is_sequence, per_axis

Choices = int | range | AbstractSet[int] | None
ChoicesPerAxis = Choices | Sequence[Choices]


class SizeSetting(NamedTuple):
    """One axis of a transposed convolution; padding is the same before and after."""

    kernel_size: int
    stride: int
    padding: int
    output_padding: int
    dilation: int

    @property
    def even_overlap(self) -> bool:
        """Whether all interior output cells receive equally many kernel elements."""
        return self.kernel_size % self.stride == 0 and gcd(self.stride, self.dilation) == 1

    @property
    def no_dead_cell(self) -> bool:
        """Whether every output cell, up to the border, receives a kernel element.

        True holds for every input with more cells than d (k - 1) / s, False for every long one: a short one
        may end before a hole comes.
        """
        k, s, p, a, d = self
        # The last cell from a border that no s t + d j reaches is number (s - 1) (d - 1) - 1 (Frobenius).
        return k >= s and gcd(s, d) == 1 and p - a >= (s - 1) * (d - 1)


class SizeAnswer(NamedTuple):
    """What `solve_sizes` found for one axis."""

    settings: tuple[SizeSetting, ...]  # every setting that does it, the best first
    nearest: Axes  # if none does: the sizes just below and just above that some setting reaches
    reason: str  # if none does: why not, and what to do


def solve_sizes(
    input_size: int | Sequence[int],
    output_size: int | Sequence[int],
    *,
    kernel_size: ChoicesPerAxis = None,
    stride: ChoicesPerAxis = None,
    padding: ChoicesPerAxis = None,
    output_padding: ChoicesPerAxis = None,
    dilation: ChoicesPerAxis = 1,
) -> SizeAnswer | tuple[SizeAnswer, ...]:
    """Every setting of `conv_transpose` that takes the one size to the other.

    Parameters
    ----------
    input_size, output_size : int or one int per spatial axis
    kernel_size, stride, padding, output_padding, dilation : int, range or set of ints, or one per axis
        The values to try: an int is the only one, a range or a set holds several. A tuple or list has one
        entry per spatial axis, as everywhere in `lib`. What `conv_transpose` would refuse is left out.
        Without a choice they follow the sizes asked:

        - stride: 1 to the quotient of the sizes rounded up, but of those above 64 only the two next to it;
        - kernel_size: from 1 on, until d (k - 1) + 1 reaches twice the stride, the stride and 24, or what
          fills the output without padding, whichever is most;
        - padding: 0 to d (k - 1), with which each stamp leaves one cell at least;
        - output_padding: 0 to 3.

    Returns
    -------
    SizeAnswer, or a tuple with one SizeAnswer per axis when any argument is given per axis
        Its settings without a dead cell come first, among them those with even overlap; then less
        output_padding, dilation, kernel_size, stride and padding, in this order. Without any, `nearest` holds
        the next sizes that can be reached, and `reason` says why and what to do.

    Raises
    ------
    ValueError, TypeError
        If a size is not a positive int, or a range is empty or holds a value that no layer takes.

    Examples
    --------
    >>> answer = solve_sizes(100, 800)
    >>> answer.settings[1]
    SizeSetting(kernel_size=16, stride=8, padding=4, output_padding=0, dilation=1)
    >>> answer.settings[1].even_overlap, answer.settings[1].no_dead_cell
    (True, True)
    >>> solve_sizes(4, 9, kernel_size=4, stride=2, output_padding=0).nearest
    (8, 10)
    >>> rows, columns = solve_sizes(4, (8, 12), kernel_size=(4, 5), stride=(2, 3), output_padding=0)
    >>> rows.settings[0].padding, columns.settings[0].padding
    (1, 1)
    """
    given = {"kernel_size": kernel_size, "stride": stride, "padding": padding}
    given |= {"output_padding": output_padding, "dilation": dilation}
    sizes = {"input_size": input_size, "output_size": output_size}
    axes = count_axes(**sizes, **{name: value for name, value in given.items() if is_sequence(value)})
    ends = [per_axis(name, value, axes or 1, minimum=1) for name, value in sizes.items()]
    choices = [
        [_choices(name, entry) for entry in entries(name, value, axes or 1)] for name, value in given.items()
    ]
    answers = tuple(_solve_axis(*one) for one in zip(*ends, *choices))
    return answers if axes else answers[0]


def _choices(name, value):
    """The values that a setting may take on one axis, in order; None where they follow the sizes."""
    if value is None:
        return None
    several = isinstance(value, (range, AbstractSet))
    values = sorted(as_int(name, each) for each in (value if several else [value]))
    minimum = MINIMUM.get(name, 1)
    if not values or values[0] < minimum:
        raise ValueError(f"{name} must be an int or a range of ints, at least {minimum}, got {value!r}")
    return values


def _combinations(i, o, kernels, strides, paddings, output_paddings, dilations):
    """All settings but for the padding, each with the paddings that it may take, in order."""
    for s in strides or _strides(i, o):
        for d in dilations:
            for k in kernels or _kernels(i, o, s, d):
                for a in output_paddings or range(4):
                    if a < max(s, d):
                        yield k, s, a, d, paddings or range(d * (k - 1) + 1)


def _strides(i, o):
    return sorted({*range(1, min(64, ceil(o / i)) + 1), max(1, o // i), ceil(o / i)})


def _kernels(i, o, s, d):
    """The kernel sizes worth trying: shorter ones cannot fill what the other stamps leave."""
    alone = o - s * (i - 1)  # cells that the last stamp has to fill if nothing is cropped
    shortest, longest = alone - 4, max(2 * s, s + 24, alone)
    return range(max(1, (shortest - 1) // d + 1), -((1 - longest) // d) + 2)


def _solve_axis(i, o, *choices):
    found, below, above, parities = [], 0, 0, set()
    for k, s, a, d, paddings in _combinations(i, o, *choices):
        whole = full_size((i,), (k,), (s,), (d,))[0] + a  # without padding
        parities.add(whole % 2)
        at = bisect_left(paddings, (whole - o) / 2)  # the first padding that leaves no more than o
        if at < len(paddings):
            size = whole - 2 * paddings[at]
            if size == o:
                found.append(SizeSetting(k, s, paddings[at], a, d))
            below = max(below, size)
        if at > 0:
            size = whole - 2 * paddings[at - 1]
            above = min(above or size, size)
    if found:
        return SizeAnswer(tuple(sorted(found, key=_preference)), (), "")
    nearest = tuple(size for size in (below, above) if size)
    return SizeAnswer((), nearest, _why_not(i, o, below, above, parities))


def _preference(setting):
    k, s, p, a, d = setting
    return not setting.no_dead_cell, not setting.even_overlap, a, d, k, s, p


def _why_not(i, o, below, above, parities):
    """Why no setting takes i to o, where the nearest sizes are below and above (0: none); what to do."""
    if not parities:
        return "output_padding must be smaller than stride or dilation, and no choice in these ranges is"
    if not below and not above:
        return f"every padding in these ranges crops all that an input of {i} gives: use less padding"
    if not above:
        return (
            f"no setting in these ranges takes {i} beyond {below}: "
            f"{o} needs a larger stride, kernel_size, dilation or output_padding, or less padding"
        )
    crop = f"take {above} and crop {above - o} more with a (before, after) padding"
    if not below:
        smaller = " (to shrink is what conv does)" if o < i else ""
        return f"no setting in these ranges takes {i} below {above}: {crop}, or use more padding{smaller}"
    if len(parities) == 1 and o % 2 not in parities:
        return (
            f"every size that these ranges reach from {i} is {('even', 'odd')[above % 2]}, "
            f"which equal padding at both ends cannot change: {crop}, or allow output_padding"
        )
    return f"these ranges reach {below} and {above} from {i}, nothing between: {crop}"
