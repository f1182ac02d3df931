"""What every setting means: one int for all axes, or one entry per axis.

One axis of `padding` may be a (before, after) pair. Everything that is refused is refused before any work is
done, with the argument's name, the rule and the value.
"""

import operator
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from .geometry import Axes, Pairs

PerAxis = int | Sequence[int]  # as a caller may give it
PaddingPerAxis = int | Sequence[int | Sequence[int]]


class Settings(NamedTuple):
    """The settings of one operation, checked, one entry per spatial axis."""

    kernel_size: Axes
    stride: Axes
    padding: Pairs
    output_padding: Axes
    dilation: Axes
    groups: int


def as_int(name: str, value: Any) -> int:
    """`value` as a plain int; a bool, a float or a string is a mistake, not a number of elements."""
    if isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be an int, got {value!r}")
    try:
        return operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be an int, got {value!r}") from None


def is_sequence(value: Any) -> bool:
    return isinstance(value, (tuple, list)) or (isinstance(value, np.ndarray) and value.ndim > 0)


def entries(name: str, value: Any, axes: int) -> list[Any]:
    """`value` as a list with one entry per axis: a single number is repeated, a sequence must fit."""
    if not is_sequence(value):
        return [value] * axes
    entries = list(value)
    if len(entries) != axes:
        count = f"{axes} axis" if axes == 1 else f"{axes} axes"
        raise ValueError(f"{name} must be an int or one entry per spatial axis, got {value!r} for {count}")
    return entries


def per_axis(name: str, value: Any, axes: int, minimum: float = 0) -> Axes:
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
    values = tuple(as_int(name, entry) for entry in entries(name, value, axes))
    if any(entry < minimum for entry in values):
        raise ValueError(f"{name} must be at least {minimum} on every axis, got {value!r}")
    return values


def padding_pairs(padding: Any, axes: int) -> Pairs:
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
    for entry in entries("padding", padding, axes):
        ends = list(entry) if is_sequence(entry) else [entry, entry]
        if len(ends) != 2:
            raise ValueError(f"padding of one axis must be an int or a (before, after) pair, got {entry!r}")
        before, after = (as_int("padding", end) for end in ends)
        pairs.append((before, after))
    if any(end < 0 for pair in pairs for end in pair):
        raise ValueError(f"padding must be at least 0 on every axis, got {padding!r}")
    return tuple(pairs)


MINIMUM = {"output_padding": 0, "padding": 0}  # of everything else it is 1


def count_axes(**values: Any) -> int | None:
    """How many axes the sequences among the values have, which must agree; None if all are single ints."""
    counts = {len(value) for value in values.values() if is_sequence(value)}
    if len(counts) > 1:
        given = ", ".join(f"{name} {value!r}" for name, value in values.items())
        raise ValueError(f"sizes and settings must agree on the number of spatial axes, got {given}")
    return counts.pop() if counts else None


def all_per_axis(padding: Any, **values: Any) -> tuple[int | None, Pairs, list[Axes]]:
    """(axes, padding pairs, [each value per axis]); axes is None if all are single ints: so is the answer."""
    axes = count_axes(**values, padding=padding)
    each = [per_axis(name, value, axes or 1, MINIMUM.get(name, 1)) for name, value in values.items()]
    return axes, padding_pairs(padding, axes or 1), each


def check_settings(
    axes: int,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    output_padding: Any = 0,
    groups: int = 1,
) -> Settings:
    """Every setting per axis, each one checked by itself."""
    return Settings(
        per_axis("kernel_size", kernel_size, axes, minimum=1),
        per_axis("stride", stride, axes, minimum=1),
        padding_pairs(padding, axes),
        per_axis("output_padding", output_padding, axes),
        per_axis("dilation", dilation, axes, minimum=1),
        groups,
    )
