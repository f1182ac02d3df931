"""JAX: by default the kernel is not flipped, and integer padding pads the stretched input."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from ..shapes import Pairs, effective_size
from .code import call
from .dialect import Expressed, InputAxes
from .plan import Plan, check_arrays, check_channels, check_dtypes, full_sequence, one_of, run, same_start

DTYPES: tuple[str, ...] = ("float32", "float64", "float16", "bfloat16", "complex64", "complex128", "bool")
DTYPES += tuple(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64))
DEFAULTS = {1: ("NHC", "HIO", "NHC"), 2: ("NHWC", "HWIO", "NHWC"), 3: ("NHWDC", "HWDIO", "NHWDC")}


def jax_conv_transpose(
    lhs: ArrayLike,
    rhs: ArrayLike,
    strides: Sequence[int],
    padding: str | Sequence[Sequence[int]],
    rhs_dilation: Sequence[int] | None = None,
    dimension_numbers: Sequence[str] | None = None,
    transpose_kernel: bool = False,
    precision: Any = None,
    preferred_element_type: DTypeLike | None = None,
    use_consistent_padding: bool = False,
) -> np.ndarray:
    """What ``jax.lax.conv_transpose`` computes.

    Parameters
    ----------
    lhs : array, by default of shape (batch, *input_size, in_channels)
    rhs : array, by default of shape (*kernel_size, in_channels, out_channels)
        With `transpose_kernel`: (*kernel_size, out_channels, in_channels).
    strides : one int per spatial axis
    padding : "SAME", "VALID", or one (before, after) pair per spatial axis
        The words mean the padding of the forward convolution. Pairs mean zeros around the stretched input -
        so more padding, more output - unless `use_consistent_padding`: then they mean the forward
        convolution's too, and crop. Either may be negative.
        A trap: where every stride is 1, and without `use_consistent_padding`, JAX does not refuse "same",
        "valid" or "SAME_LOWER", but hands them to its plain convolution. So "valid" pads nothing, and gives
        fewer cells than the input has where "VALID" gives more.
    rhs_dilation : one int per spatial axis, optional
    dimension_numbers : three words, the letters of the axes of lhs, rhs and output, optional
        N batch, C channels, I and O the kernel's; the kernel's word gives the order of strides, padding and
        rhs_dilation.
    transpose_kernel : bool
        False: the kernel is not flipped, so this is a plain convolution over the stretched input. True: the
        adjoint of the forward convolution that has this kernel, as in every other framework.
    precision : ignored
        NumPy has one precision for each dtype.
    preferred_element_type : dtype, optional
        Of the result.
    use_consistent_padding : bool

    Returns
    -------
    array, by default of shape (batch, *output_size, out_channels)
        With pairs, output_size may be 0, as in JAX.

    Raises
    ------
    ValueError, TypeError
        Where JAX refuses: a single int for strides, lower-case padding with a stride above 1, channels or
        dtypes that differ, ... Without 64-bit numbers enabled JAX makes float64 float32 first and then sees
        no difference; this function has 64 bits, and refuses. int64 stands for exact numbers of any dtype.

    Examples
    --------
    >>> ones, kernel = np.ones((1, 3, 1), int), np.array([1, 2, 3]).reshape(3, 1, 1)
    >>> jax_conv_transpose(ones, kernel, (2,), "SAME")[0, :, 0]
    array([3, 2, 4, 2, 4, 2])
    >>> jax_conv_transpose(ones, kernel, (2,), "SAME", transpose_kernel=True)[0, :, 0]
    array([1, 2, 4, 2, 4, 2])
    >>> for pad in (0, 1):
    ...     for consistent in (False, True):
    ...         y = jax_conv_transpose(ones, kernel, (2,), [(pad, pad)], use_consistent_padding=consistent)
    ...         print(pad, consistent, y.shape[1])
    0 False 3
    0 True 7
    1 False 5
    1 True 5

    References
    ----------
    JAX documentation, jax.lax.conv_transpose.
    """
    layer = plan(
        lhs, rhs, strides, padding, rhs_dilation, dimension_numbers, transpose_kernel, use_consistent_padding
    )
    output = run(layer, lhs)
    return output if preferred_element_type is None else output.astype(preferred_element_type)


def plan(
    lhs: ArrayLike,
    rhs: ArrayLike,
    strides: Sequence[int],
    padding: str | Sequence[Sequence[int]],
    rhs_dilation: Sequence[int] | None = None,
    dimension_numbers: Sequence[str] | None = None,
    transpose_kernel: bool = False,
    use_consistent_padding: bool = False,
) -> Plan:
    """The layer in the book's terms; everything JAX refuses is refused here."""
    lhs, rhs = np.asarray(lhs), np.asarray(rhs)
    axes = check_arrays(lhs, rhs, names=("lhs", "rhs"))
    check_dtypes({"lhs": lhs, "rhs": rhs}, DTYPES, "JAX")
    read, kernel_axes, write = _axes(dimension_numbers, axes)
    strides = full_sequence("strides", strides, axes, minimum=1)
    dilation = full_sequence(
        "rhs_dilation", (1,) * axes if rhs_dilation is None else rhs_dilation, axes, minimum=1
    )
    kernel = np.transpose(
        rhs, kernel_axes
    )  # in_channels, out_channels, *kernel_size by JAX's letters I and O
    # The adjoint flips; JAX by default does not, so there the weight is the flipped kernel.
    kernel = kernel.swapaxes(0, 1) if transpose_kernel else np.flip(kernel, tuple(range(2, axes + 2)))
    check_channels("lhs", lhs.shape[read[1]], lhs.shape, "rhs", kernel.shape[0], rhs.shape)
    input_size, size = [lhs.shape[axis] for axis in read[2:]], effective_size(kernel.shape[2:], dilation)
    start, span = _start_and_span(padding, input_size, size, strides, use_consistent_padding)
    return Plan(kernel, strides, dilation, 1, start, span, read, write)


def _axes(dimension_numbers, axes):
    """Where the axes of lhs, rhs and output stand: (batch, channels, *size), (in, out, *size), and back."""
    if dimension_numbers is None:
        if axes not in DEFAULTS:
            raise ValueError(
                f"dimension_numbers must be given for {axes} spatial axes: the default ends at 3"
            )
        dimension_numbers = DEFAULTS[axes]
    if (
        not isinstance(dimension_numbers, (tuple, list))
        or [type(word) for word in dimension_numbers] != [str] * 3
    ):
        raise TypeError(
            f"dimension_numbers must be three words as ('NHWC', 'HWIO', 'NHWC'), got {dimension_numbers!r}"
        )
    spatial = [letter for letter in dimension_numbers[1] if letter not in "IO"]
    order = ["".join(pair) + "".join(spatial) for pair in ("NC", "IO", "NC")]
    if len(set(spatial)) != axes or any(sorted(w) != sorted(o) for w, o in zip(dimension_numbers, order)):
        raise TypeError(
            f"dimension_numbers must have N and C, I and O, N and C and the same {axes} spatial letters, "
            f"got {dimension_numbers!r}"
        )
    read, kernel, write = (
        [word.index(letter) for letter in wanted] for word, wanted in zip(dimension_numbers, order)
    )
    return tuple(read), tuple(kernel), tuple(np.argsort(write).tolist())


def _start_and_span(padding, input_size, kernel, strides, consistent):
    """The first kept cell and the span on each axis."""
    each = list(zip(input_size, kernel, strides))
    if isinstance(padding, str) and padding not in ("SAME", "VALID") and max(strides) == 1 and not consistent:
        padding = _of_plain_convolution(padding, kernel)
    if isinstance(padding, str):
        if one_of("padding", padding, ("SAME", "VALID")) == "SAME":
            return tuple(same_start(k, s) for _, k, s in each), tuple(strides)
        return (0,) * len(kernel), tuple(max(k, s) for _, k, s in each)
    pairs = _pairs(padding, len(kernel))
    if consistent:  # crop of the full result, turned into padding of the stretched input
        pairs = [(k - 1 - before, k - 1 - after) for (before, after), k in zip(pairs, kernel)]
    for (before, after), (i, _, s) in zip(pairs, each):
        if s * (i - 1) + 1 + before + after < 0:
            raise ValueError(
                f"padding must not cut away more than the stretched input, got {padding!r} "
                f"for input size {tuple(input_size)}"
            )
    start = tuple(k - 1 - before for (before, _), k in zip(pairs, kernel))
    return start, tuple(2 + before + after - k for (before, after), k in zip(pairs, kernel))


def _of_plain_convolution(padding, kernel):
    """The pairs that a word means to jax.lax.conv_general_dilated; what it does not know is returned."""
    word = padding.upper()
    if word == "VALID":
        return [(0, 0)] * len(kernel)
    if word in ("SAME", "SAME_LOWER"):
        ends = [((k - 1) // 2, k // 2) for k in kernel]  # the odd cell at the end; LOWER: before
        return ends if word == "SAME" else [(after, before) for before, after in ends]
    return padding


def _pairs(padding, axes):
    """One (before, after) pair of ints per spatial axis; negative numbers are allowed."""
    entries = list(padding) if isinstance(padding, (tuple, list)) else []
    if len(entries) != axes or any(
        not isinstance(entry, (tuple, list)) or len(entry) != 2 for entry in entries
    ):
        raise ValueError(
            f"padding must be 'SAME', 'VALID' or one (before, after) pair for each of {axes} spatial axes, "
            f"got {padding!r}"
        )
    return [full_sequence("padding", entry, 2, -np.inf, "before and after") for entry in entries]


def layout(weight: np.ndarray, settings: dict[str, Any]) -> InputAxes:
    """Channels of the input, and where its axes stand."""
    read, kernel, _ = _axes(settings.get("dimension_numbers"), np.ndim(weight) - 2)
    return InputAxes(np.shape(weight)[kernel[1 if settings.get("transpose_kernel") else 0]], read)


def express(plan: Plan) -> Expressed:
    """Kernel and settings of the call that is the plan: JAX's pairs can say any crop."""
    if plan.groups > 1:
        raise ValueError(
            f"jax.lax.conv_transpose has no groups: got groups {plan.groups}. "
            f"jax.lax.conv_general_dilated has them: lhs_dilation and feature_group_count"
        )
    kernel = np.moveaxis(plan.weight, (1, 0), (-2, -1))  # *kernel_size, out_channels, in_channels
    # Pairs that pad: Flax's layers have no use_consistent_padding, and these mean the same to both.
    padding = tuple((k - 1 - before, k - 1 - after) for (before, after), k in zip(plan.crop, plan.kernel))
    settings: dict[str, Any] = {"strides": plan.stride, "padding": padding, "rhs_dilation": plan.dilation}
    settings |= {"transpose_kernel": True}
    axes = len(plan.stride)
    if axes not in DEFAULTS:
        letters = "ABDEFGHJKLM"[:axes]
        settings["dimension_numbers"] = (f"N{letters}C", f"{letters}IO", f"N{letters}C")
    return Expressed(kernel, settings, ((0, 0),) * axes)


LIMIT = "none: integer pairs say any crop"


def code(layer: Any, crop: Pairs, late_bias: bool) -> list[str]:
    """The lines to write in JAX."""
    lines = ["import jax", ""]
    quoted = {name: repr(value) for name, value in layer.settings.items()}
    lines += call("y = jax.lax.conv_transpose", "x", "weight", raw=True, **quoted)
    return lines + (["y = y + bias"] if layer.bias is not None else [])
