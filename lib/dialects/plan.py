"""What every framework's layer comes down to: the full result, and which of its cells are kept.

The full result has stride * (input_size - 1) + effective kernel size cells on each axis. Whatever a framework
calls padding, SAME, output_shape or output_padding answers two questions and no third one: which cell comes
first, and how many are kept.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..ops import conv_transpose
from ..shapes import Axes, Index, Pairs, effective_size, full_size, per_axis


class Plan(NamedTuple):
    """A transposed convolution in the terms of `lib.conv_transpose`, with the window of cells to keep.

    On each axis the kept cells are `start` to `start + stride * (input_size - 1) + span` of the full result;
    cells outside the full result hold nothing but the bias. `span` is the effective kernel size where nothing
    is cropped.
    """

    weight: np.ndarray  # (in_channels, out_channels // groups, *kernel_size), not flipped
    stride: Axes
    dilation: Axes
    groups: int
    start: Axes
    span: Axes
    read: Axes  # the input's axes in the order (batch, channels, *size)
    write: Axes  # the axes (batch, channels, *size) in the order of the output

    @property
    def kernel(self) -> Axes:
        """The effective kernel size: d (k - 1) + 1 on each axis."""
        return effective_size(self.weight.shape[2:], self.dilation)

    @property
    def crop(self) -> Pairs:
        """Cells that the full result loses on each axis, (before, after); a negative number adds cells."""
        return tuple((b, k - b - span) for b, k, span in zip(self.start, self.kernel, self.span))

    def output_size(self, input_size: Sequence[int]) -> Axes:
        """How many cells are kept on each axis."""
        return full_size(input_size, self.span, self.stride, (1,) * len(self.span))


def run(plan: Plan, input: ArrayLike, bias: ArrayLike | None = None) -> np.ndarray:
    """Compute a plan: input and result in the framework's own order of axes."""
    input = np.transpose(input, plan.read)  # batch, channels, *size
    full = conv_transpose(input, plan.weight, stride=plan.stride, dilation=plan.dilation, groups=plan.groups)
    kept = window(full, plan.start, plan.output_size(input.shape[2:]))
    if bias is not None:
        kept = kept + np.reshape(bias, (-1, *[1] * len(plan.start)))
    return np.transpose(kept, plan.write)


def window(array: np.ndarray, start: Sequence[int], size: Sequence[int]) -> np.ndarray:
    """Cells start to start + size of the spatial axes, zero where the array has none.

    Examples
    --------
    >>> window(np.array([[[1, 2, 3]]]), start=(-1,), size=(3,))
    array([[[0, 1, 2]]])
    """
    result = np.zeros((*array.shape[:2], *(max(n, 0) for n in size)), array.dtype)
    ends = [(max(b, 0), min(b + n, have)) for b, n, have in zip(start, size, array.shape[2:])]
    if all(first < last for first, last in ends):
        moved = [(first - b, last - b) for (first, last), b in zip(ends, start)]
        there: Index = (..., *(slice(*end) for end in moved))
        here: Index = (..., *(slice(*end) for end in ends))
        result[there] = array[here]
    return result


def same_start(full: int, kept: int, odd: str = "end") -> int:
    """Where SAME begins: half of the cropped cells go before, and the odd one goes to the `odd` side.

    Examples
    --------
    >>> same_start(full=7, kept=6), same_start(full=7, kept=6, odd="beginning")
    (0, 1)
    """
    cropped = max(full - kept, 0)
    return cropped // 2 if odd == "end" else cropped - cropped // 2


def axes_channels_last(axes: int) -> tuple[Axes, Axes]:
    """`read` and `write` of arrays whose channels come last."""
    return (0, axes + 1, *range(1, axes + 1)), (0, *range(2, axes + 2), 1)


def axes_channels_first(axes: int) -> tuple[Axes, Axes]:
    """`read` and `write` of arrays whose channels come second."""
    return (tuple(range(axes + 2)),) * 2


def check_arrays(
    input: ArrayLike, weight: ArrayLike, names: tuple[str, str], most_axes: int | None = None
) -> int:
    """Both arrays, with as many axes as each other; returns the number of spatial axes."""
    (input_name, weight_name), shapes = names, f"{np.shape(input)}, {np.shape(weight)}"
    axes = np.ndim(weight) - 2
    if axes < 1 or np.ndim(input) != axes + 2:
        raise ValueError(
            f"{input_name} and {weight_name} must have two axes and equally many spatial axes, got {shapes}"
        )
    if most_axes is not None and axes > most_axes:
        raise ValueError(f"{input_name} must have at most {most_axes} spatial axes, got {np.shape(input)}")
    return axes


def check_channels(
    input_name: str, channels: int, input_shape: Axes, weight_name: str, expected: int, weight_shape: Axes
) -> None:
    """The input has the channels that the weight expects."""
    if channels != expected:
        raise ValueError(
            f"{input_name} has {channels} channels, {weight_name} expects {expected}: "
            f"{input_name} {tuple(input_shape)}, {weight_name} {tuple(weight_shape)}"
        )


def check_window(plan: Plan, input_shape: Axes, setting: str) -> Plan:
    """At least one cell is kept on every axis."""
    input_size = tuple(input_shape[axis] for axis in plan.read[2:])
    output_size = plan.output_size(input_size)
    if min(output_size) < 1:
        raise ValueError(
            f"{setting} must leave at least one cell on every axis, "
            f"got output size {output_size} of input size {input_size}"
        )
    return plan


def one_of(name: str, value: Any, allowed: Sequence[str]) -> str:
    """A word from a list."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string, one of {', '.join(allowed)}, got {value!r}")
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, got {value!r}")
    return value


def full_sequence(
    name: str, value: Any, count: int, minimum: float = 0, meaning: str = "one per spatial axis"
) -> Axes:
    """That many ints, given as a sequence: a single int is refused, as some frameworks do.

    Examples
    --------
    >>> full_sequence("pads", [1, 0], 4, meaning="all begins, then all ends")
    Traceback (most recent call last):
    ValueError: pads must be a sequence of 4 ints, all begins, then all ends, got [1, 0]
    """
    wanted = f"{name} must be a sequence of {count} ints, {meaning}, got {value!r}"
    if isinstance(value, str) or not isinstance(value, (Sequence, np.ndarray)):
        raise TypeError(wanted)
    if len(value) != count:
        raise ValueError(wanted)
    return per_axis(name, value, count, minimum)


def check_dtypes(arrays: dict[str, ArrayLike], allowed: Sequence[str], where: str) -> None:
    """The dtypes are ones that the framework computes with, and one and the same.

    int64, NumPy's own for whole numbers, is always taken: exact, it stands for whatever the framework has.
    Python in a page has 32 bits, and NumPy's own there is int32.
    """
    dtypes = {name: np.asarray(array).dtype.name for name, array in arrays.items()}
    others = {dtype for dtype in dtypes.values() if dtype not in ("int64", np.dtype(int).name)}
    for name, dtype in dtypes.items():
        if dtype in others and dtype not in allowed:
            raise TypeError(
                f"{name} must be of a dtype that {where} computes, {', '.join(allowed)}, got {dtype}"
            )
    if len(others) > 1:
        given = ", ".join(f"{name} {dtype}" for name, dtype in dtypes.items())
        raise TypeError(f"{where} takes arrays of one dtype, got {given}")
