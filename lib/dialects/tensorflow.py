"""TensorFlow: the caller names the output's shape, one that the forward convolution leads back from."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..shapes import Axes, Pairs, PerAxis, effective_size, full_size, per_axis
from .code import call, slices
from .dialect import Expressed, InputAxes
from .plan import (
    Plan,
    axes_channels_first,
    axes_channels_last,
    check_arrays,
    check_channels,
    check_dtypes,
    full_sequence,
    one_of,
    run,
    same_start,
)

DTYPES = ("float32", "float64", "float16", "bfloat16")  # and int32 in one and two dimensions


def tf_conv_transpose(
    input: ArrayLike,
    filters: ArrayLike,
    output_shape: Sequence[int],
    strides: PerAxis,
    padding: str | Sequence[Sequence[int]] = "SAME",
    data_format: str | None = None,
    dilations: PerAxis | None = None,
    name: str | None = None,
) -> np.ndarray:
    """What ``tf.nn.conv_transpose`` computes, and with it ``conv1d_transpose`` to ``conv3d_transpose``.

    Parameters
    ----------
    input : array, shape (batch, *input_size, in_channels), or channels second if `data_format` says so
    filters : array, shape (*kernel_size, out_channels // groups, in_channels)
        Not flipped. There is no argument for groups: they are out_channels of `output_shape` over the
        channels here. TensorFlow does so in one and two dimensions, though its documentation does not say it.
    output_shape : one int per axis of the output, batch and channels included
        Taken if a convolution with the same settings maps it to the input's size: then it is one of `strides`
        neighbouring sizes.
    strides, dilations : int, or a sequence of one int, one per spatial axis or one per axis
        Must be 1 for batch and channels.
    padding : "SAME", "VALID", or in two dimensions pairs such as [[0, 0], [1, 0], [2, 1], [0, 0]]
        The padding of the forward convolution, so it crops. SAME crops as little as `output_shape` allows,
        the odd cell at the end.
    data_format : "NWC", "NHWC", "NDHWC" (the default of each dimension) or "NCW", "NCHW", "NCDHW"
    name : ignored
        TensorFlow's name of the operation in its graph.

    Returns
    -------
    array of shape `output_shape`

    Raises
    ------
    ValueError, TypeError
        Where TensorFlow refuses: an output_shape that does not lead back to the input, lower-case padding,
        dtypes that differ or that it has no kernel for, ... One exception: int64, which TensorFlow refuses,
        stands here for exact numbers of any dtype.

    Examples
    --------
    >>> ones, kernel = np.ones((1, 3, 1), int), np.array([1, 2, 3]).reshape(3, 1, 1)
    >>> tf_conv_transpose(ones, kernel, [1, 6, 1], strides=2)[0, :, 0]
    array([1, 2, 4, 2, 4, 2])
    >>> tf_conv_transpose(ones, kernel, [1, 5, 1], strides=2)[0, :, 0]
    array([2, 4, 2, 4, 2])
    >>> tf_conv_transpose(ones, kernel, [1, 8, 1], strides=2, padding="VALID")[0, :, 0]
    array([1, 2, 4, 2, 4, 2, 3, 0])

    References
    ----------
    TensorFlow documentation, tf.nn.conv2d_transpose and the notes on padding of tf.nn.
    """
    return run(plan(input, filters, output_shape, strides, padding, data_format, dilations), input)


def plan(
    input: ArrayLike,
    filters: ArrayLike,
    output_shape: Sequence[int],
    strides: PerAxis,
    padding: str | Sequence[Sequence[int]] = "SAME",
    data_format: str | None = None,
    dilations: PerAxis | None = None,
) -> Plan:
    """The layer in the book's terms; everything TensorFlow refuses is refused here."""
    input, filters = np.asarray(input), np.asarray(filters)
    axes = check_arrays(input, filters, most_axes=3, names=("input", "filters"))
    allowed = DTYPES if axes == 3 else (*DTYPES, "int32")
    check_dtypes({"input": input, "filters": filters}, allowed, f"TensorFlow in {axes} dimension(s)")
    letters = "DHW"[-axes:]
    data_format = (
        f"N{letters}C"
        if data_format is None
        else one_of("data_format", data_format, (f"N{letters}C", f"NC{letters}"))
    )
    read, write = axes_channels_last(axes) if data_format.endswith("C") else axes_channels_first(axes)
    strides = _spatial("strides", strides, axes, data_format)
    dilations = _spatial("dilations", 1 if dilations is None else dilations, axes, data_format)
    batch, channels, *input_size = (input.shape[axis] for axis in read)
    check_channels("input", channels, input.shape, "filters", filters.shape[-1], filters.shape)
    output_size, groups = _output_shape(output_shape, read, batch, channels, filters)
    kernel = effective_size(filters.shape[:axes], dilations)
    full = full_size(input_size, filters.shape[:axes], strides, dilations)
    start, leads_back = _start_and_way_back(padding, read, full, output_size, kernel, strides)
    if leads_back != tuple(input_size):
        raise ValueError(
            f"output_shape must be a shape that the forward convolution maps to the input's size "
            f"{tuple(input_size)}, got output_shape {tuple(output_shape)}, which it maps to {leads_back}: "
            f"filters {filters.shape}, strides {strides}, "
            f"padding {padding}, dilations {dilations}"
        )
    span = tuple(o - s * (i - 1) for o, s, i in zip(output_size, strides, input_size))
    weight = np.transpose(
        filters, (axes + 1, axes, *range(axes))
    )  # in_channels, out_channels // groups, *kernel_size
    return Plan(weight, strides, dilations, groups, start, span, read, write)


def _spatial(name: str, value: Any, axes: int, data_format: str) -> Axes:
    """One int per spatial axis from one int, one per spatial axis, or one per axis of the array."""
    value = list(value) if isinstance(value, (tuple, list, np.ndarray)) else [value]
    if len(value) == axes + 2:
        positions = [data_format.index(letter) for letter in "NC"]
        if any(value[position] != 1 for position in positions):
            raise ValueError(f"{name} must be 1 for batch and channels, got {value} for {data_format}")
        value = [entry for position, entry in enumerate(value) if position not in positions]
    if len(value) not in (1, axes):
        raise ValueError(f"{name} must have 1, {axes} or {axes + 2} entries for {data_format}, got {value}")
    return per_axis(name, value[0] if len(value) == 1 else value, axes, minimum=1)


def _output_shape(output_shape, read, batch, channels, filters):
    """The wanted size and the number of groups."""
    shape = full_sequence("output_shape", output_shape, len(read), meaning="with batch and channels")
    wanted_batch, out_channels, *output_size = (shape[axis] for axis in read)
    if wanted_batch != batch:
        raise ValueError(f"output_shape must have the input's batch of {batch}, got {shape}")
    groups, rest = divmod(out_channels, filters.shape[-2])
    if rest or groups < 1 or channels % groups or (groups > 1 and len(output_size) > 2):
        raise ValueError(
            f"output_shape must have the {filters.shape[-2]} channels of filters {filters.shape} "
            f"(or, in 1-D and 2-D, that many for each group of the {channels} channels of input), got {shape}"
        )
    return tuple(output_size), groups


def _start_and_way_back(padding, read, full, output_size, kernel, strides):
    """The first kept cell on each axis, and the size to which the forward convolution maps the output."""
    axes = len(output_size)
    if isinstance(padding, (list, tuple, np.ndarray)):
        pairs = _explicit(padding, read)
    elif one_of("padding", padding, ("SAME", "VALID")) == "SAME":
        start = tuple(same_start(f, o) for f, o in zip(full, output_size))
        return start, tuple(-(-o // s) for o, s in zip(output_size, strides))
    else:
        pairs = ((0, 0),) * axes
    sizes = zip(output_size, pairs, kernel, strides)
    return tuple(before for before, _ in pairs), tuple(
        (o + sum(pair) - k) // s + 1 for o, pair, k, s in sizes
    )


def _explicit(padding, read):
    """The (before, after) pairs of the spatial axes."""
    axes = len(read) - 2
    if axes != 2:
        raise TypeError(f"padding must be 'SAME' or 'VALID' in {axes} dimension(s), got {padding!r}")
    if len(padding) != len(read):
        raise ValueError(
            f"padding must have one (before, after) pair for each of {len(read)} axes, got {padding!r}"
        )
    pairs = [full_sequence("padding", pair, 2, meaning="before and after") for pair in padding]
    batch, channels, *spatial = (pairs[axis] for axis in read)
    if any(batch + channels):
        raise ValueError(f"padding must be 0 for batch and channels, got {padding!r}")
    return tuple(spatial)


def layout(weight: np.ndarray, settings: dict[str, Any]) -> InputAxes:
    """Channels of the input, and where its axes stand."""
    last = not (settings.get("data_format") or "").startswith("NC")
    read, _ = (axes_channels_last if last else axes_channels_first)(np.ndim(weight) - 2)
    return InputAxes(np.shape(weight)[-1], read)


def express(plan: Plan) -> Expressed:
    """Weight and settings of the call nearest to a plan, and the crop that is left to do after it.

    VALID and SAME where they say it, explicit pairs in two dimensions; otherwise VALID and a crop.
    """
    axes = len(plan.stride)
    if plan.groups > 1 and axes > 2:
        raise ValueError(
            f"TensorFlow has no groups in {axes} dimensions: got groups {plan.groups}. "
            f"Call one layer per group and concatenate"
        )
    each = list(zip(plan.crop, plan.kernel, plan.span, plan.stride))
    padding: Any
    span, rest, padding = plan.span, ((0, 0),) * axes, "VALID"
    if all(before == 0 and -s < after <= 0 for (before, after), _, _, s in each):
        pass
    elif all(before == same_start(k, extent) and 1 <= extent <= s for (before, _), k, extent, s in each):
        padding = "SAME"
    elif (
        axes == 2
        and plan.groups == max(plan.dilation) == 1
        and all(b >= 0 and a > -s for (b, a), _, _, s in each)
    ):
        # On CPUs TensorFlow has explicit pairs neither with dilation nor with groups.
        padding = [[0, 0], *([b, max(a, 0)] for b, a in plan.crop), [0, 0]]
    else:
        more = [min(max(-after, 0), s - 1) for (_, after), _, _, s in each]
        span = tuple(k + extra for k, extra in zip(plan.kernel, more))
        rest = tuple((before, after + extra) for (before, after), extra in zip(plan.crop, more))
    out_channels = plan.weight.shape[1] * plan.groups
    settings: dict[str, Any] = {
        "output_shape": OutputShape(plan.stride, span, out_channels),
        "strides": plan.stride,
    }
    weight = np.moveaxis(plan.weight, (1, 0), (-2, -1))  # *kernel_size, out_channels // groups, in_channels
    settings |= {"padding": padding, "dilations": plan.dilation}
    return Expressed(weight, settings, rest, _note(plan))


def _note(plan):
    """What TensorFlow computes on some devices only, or does not promise."""
    if plan.groups == max(plan.dilation) == 1:
        return ""
    untold = "TensorFlow's documentation does not speak of groups here. " if plan.groups > 1 else ""
    what = "groups" if plan.groups > 1 else "dilations"
    return (
        f"{untold}On a CPU, TensorFlow computes {what} here only where the call is compiled with XLA, "
        f"by tf.function(..., jit_compile=True)."
    )


class OutputShape:
    """The output_shape of a call as a function of the input's shape, channels last.

    Examples
    --------
    >>> OutputShape(stride=(2,), span=(2,), out_channels=5)((1, 4, 3))
    [1, 8, 5]
    """

    def __init__(self, stride: Axes, span: Axes, out_channels: int) -> None:
        self.stride, self.span, self.out_channels = stride, span, out_channels

    def __call__(self, input_shape: Sequence[int]) -> list[int]:
        size = full_size(input_shape[1:-1], self.span, self.stride, (1,) * len(self.span))
        return [input_shape[0], *size, self.out_channels]

    def __repr__(self) -> str:
        return f"OutputShape(stride={self.stride}, span={self.span}, out_channels={self.out_channels})"


LIMIT = "SAME and VALID fix the crop, and explicit pairs exist in 2-D without dilation or groups only"


def code(layer: Any, crop: Pairs, late_bias: bool) -> list[str]:
    """The lines to write in TensorFlow."""
    axes = layer.weight.ndim - 2
    shape, settings = layer.settings["output_shape"], dict(layer.settings)
    names = ("depth", "height", "width")[-axes:]
    sizes = [
        f"{s} * ({name} - 1) + {span}" if s > 1 else f"{name} + {span - 1}"
        for s, name, span in zip(shape.stride, names, shape.span)
    ]
    settings["output_shape"] = f"[batch, {', '.join(sizes)}, {shape.out_channels}]"
    quoted = {name: value if name == "output_shape" else repr(value) for name, value in settings.items()}
    lines = ["import tensorflow as tf", ""]
    # tf.shape and not x.shape: that holds None where a batch or a size is not known yet
    lines += [f"batch, {', '.join(names)}, _ = tf.unstack(tf.shape(x))"]
    lines += call(f"y = tf.nn.conv{axes}d_transpose", "x", "weight", raw=True, **quoted)
    added = [[max(-before, 0), max(-after, 0)] for before, after in crop]
    lines += ["y = y + bias"] if layer.bias is not None else []
    lines += slices(crop, channels_last=True)
    lines += [f"y = tf.pad(y, {[[0, 0], *added, [0, 0]]})"] if any(map(any, added)) else []
    lines += ["y = y + bias"] if late_bias else []
    return lines
