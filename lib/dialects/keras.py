"""Keras: two words of padding, and an output_padding whose None means something other than 0."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..shapes import Pairs, PerAxis, effective_size, per_axis
from .code import call, slices
from .dialect import Expressed, InputAxes
from .plan import (
    Plan,
    axes_channels_first,
    axes_channels_last,
    check_arrays,
    check_channels,
    check_dtypes,
    check_window,
    one_of,
    run,
    same_start,
)

DTYPES: tuple[str, ...] = ("float32", "float64", "float16", "bfloat16", "complex64", "complex128", "bool")
DTYPES += tuple(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64))


def keras_conv_transpose(
    inputs: ArrayLike,
    kernel: ArrayLike,
    strides: PerAxis = 1,
    padding: str = "valid",
    output_padding: int | Sequence[int | None] | None = None,
    data_format: str | None = None,
    dilation_rate: PerAxis = 1,
) -> np.ndarray:
    """What ``keras.ops.conv_transpose`` computes, and with it the layers ``ConvNDTranspose``.

    Parameters
    ----------
    inputs : array, shape (batch, *input_size, in_channels), or channels second if `data_format` says so
    kernel : array, shape (*kernel_size, out_channels, in_channels)
        Not flipped. Keras has no groups here.
    strides, dilation_rate : int or one int per spatial axis
        The layers refuse both above 1 at once; this function, as keras.ops, takes them.
    padding : "valid" or "same", in small letters or capitals
    output_padding : None, int, or one entry per spatial axis; below strides
        With the effective kernel size k = dilation_rate * (kernel_size - 1) + 1, the output has strides *
        (input_size - 1) cells and "valid": max(k, strides) more for None, k + output_padding more for a
        number; "same": strides more for None, k % 2 + output_padding more for a number. So an even kernel
        with "same" and output_padding 0 gives strides * (input_size - 1) cells, 22 of 12 with strides 2:
        Keras on JAX gives them too, on TensorFlow the call is refused, since no convolution leads back.
    data_format : "channels_last" (here the default) or "channels_first"

    Returns
    -------
    array, in the same order of axes as `inputs`

    Raises
    ------
    ValueError, TypeError
        Where Keras refuses: output_padding that is not below strides, channels or dtypes that differ, ... Its
        backends differ in the dtypes that they compute (TensorFlow: no complex numbers, and of the integers
        int32); taken is what one of them takes. int64 stands for exact numbers of any dtype.

    Examples
    --------
    >>> ones, kernel = np.ones((1, 3, 1), int), np.array([1, 2, 3]).reshape(3, 1, 1)
    >>> keras_conv_transpose(ones, kernel, strides=2, padding="same")[0, :, 0]
    array([1, 2, 4, 2, 4, 2])
    >>> keras_conv_transpose(ones, kernel, strides=2, padding="same", output_padding=0)[0, :, 0]
    array([2, 4, 2, 4, 2])

    References
    ----------
    Keras documentation, keras.ops.conv_transpose and Conv2DTranspose.
    """
    layer = plan(inputs, kernel, strides, padding, output_padding, data_format, dilation_rate)
    return run(layer, inputs)


def plan(
    inputs: ArrayLike,
    kernel: ArrayLike,
    strides: PerAxis = 1,
    padding: str = "valid",
    output_padding: int | Sequence[int | None] | None = None,
    data_format: str | None = None,
    dilation_rate: PerAxis = 1,
) -> Plan:
    """The layer in the book's terms; everything Keras refuses is refused here."""
    inputs, kernel = np.asarray(inputs), np.asarray(kernel)
    axes = check_arrays(inputs, kernel, most_axes=3, names=("inputs", "kernel"))
    check_dtypes({"inputs": inputs, "kernel": kernel}, DTYPES, "Keras")
    last = (
        one_of("data_format", data_format or "channels_last", ("channels_last", "channels_first"))
        == "channels_last"
    )
    read, write = axes_channels_last(axes) if last else axes_channels_first(axes)
    check_channels("inputs", inputs.shape[read[1]], inputs.shape, "kernel", kernel.shape[-1], kernel.shape)
    strides = per_axis("strides", strides, axes, minimum=1)
    dilation = per_axis("dilation_rate", dilation_rate, axes, minimum=1)
    padding = one_of("padding", padding.lower() if isinstance(padding, str) else padding, ("valid", "same"))
    extra = output_padding if isinstance(output_padding, (tuple, list)) else [output_padding] * axes
    _check_output_padding(extra, strides)
    size = effective_size(kernel.shape[:axes], dilation)
    span = tuple(_span(padding, *setting) for setting in zip(size, strides, extra))
    start = tuple(same_start(k, kept) if padding == "same" else 0 for k, kept in zip(size, span))
    weight = np.transpose(kernel, (axes + 1, axes, *range(axes)))  # in_channels, out_channels, *kernel_size
    layer = Plan(weight, strides, dilation, 1, start, span, read, write)
    return check_window(layer, inputs.shape, "output_padding")


def _check_output_padding(output_padding, strides):
    numbers = [0 if a is None else a for a in output_padding]
    numbers = per_axis("output_padding", numbers, len(strides))
    if any(a >= s for a, s in zip(numbers, strides)):
        raise ValueError(
            f"output_padding must be smaller than strides on every axis, "
            f"got {tuple(output_padding)}, strides {strides}"
        )


def _span(padding, kernel, stride, output_padding):
    """How many cells more than stride * (input_size - 1) the output has."""
    if padding == "valid":
        return max(kernel, stride) if output_padding is None else kernel + output_padding
    return stride if output_padding is None else kernel % 2 + output_padding


def layout(weight: np.ndarray, settings: dict[str, Any]) -> InputAxes:
    """Channels of the input, and where its axes stand."""
    last = settings.get("data_format") != "channels_first"
    read, _ = (axes_channels_last if last else axes_channels_first)(np.ndim(weight) - 2)
    return InputAxes(np.shape(weight)[-1], read)


def express(plan: Plan) -> Expressed:
    """Kernel and settings of the layer nearest to a plan, and the crop that is left to do after it."""
    if plan.groups > 1:
        raise ValueError(
            f"Keras has no groups in its transposed convolutions: got groups {plan.groups}. "
            f"Call one layer per group and concatenate, or fill a kernel with zeros between the groups"
        )
    if max(plan.stride) > 1 and max(plan.dilation) > 1:
        raise ValueError(
            f"Keras' layers refuse strides and dilation_rate both above 1: "
            f"got stride {plan.stride}, dilation {plan.dilation}. "
            f"keras.ops.conv_transpose computes it"
        )
    axes = len(plan.stride)
    each = list(zip(plan.crop, plan.kernel, plan.span, plan.stride))
    rest, padding, extra = ((0, 0),) * axes, "valid", None
    if all(before == 0 and span == max(k, s) for (before, _), k, span, s in each):
        pass
    elif all(before == 0 and 0 <= span - k < s for (before, _), k, span, s in each):
        extra = tuple(span - k for _, k, span, _ in each)
    elif all(before == same_start(k, s) and span == s for (before, _), k, span, s in each):
        padding = "same"
    elif all(
        before == same_start(k, span) and 1 <= span <= s and 0 <= span - k % 2 < s
        for (before, _), k, span, s in each
    ):
        # TensorFlow takes no size outside strides * (input_size - 1) + 1 to strides * input_size.
        padding, extra = "same", tuple(span - k % 2 for _, k, span, _ in each)
    else:
        extra = tuple(min(max(-after, 0), s - 1) for (_, after), _, _, s in each)
        rest = tuple((before, after + a) for (before, after), a in zip(plan.crop, extra))
    kernel = np.moveaxis(plan.weight, (1, 0), (-2, -1))  # *kernel_size, out_channels, in_channels
    settings: dict[str, Any] = {"strides": plan.stride, "padding": padding, "output_padding": extra}
    return Expressed(kernel, settings | {"dilation_rate": plan.dilation}, rest)


LIMIT = "same and valid fix where the crop falls, and output_padding adds to the end only"


def code(layer: Any, crop: Pairs, late_bias: bool) -> list[str]:
    """The lines to write in Keras."""
    axes = layer.weight.ndim - 2
    arguments = {**layer.settings, "use_bias": layer.bias is not None}
    lines = ["import keras", ""]
    lines += call(
        f"layer = keras.layers.Conv{axes}DTranspose",
        layer.weight.shape[-2],
        layer.weight.shape[:axes],
        **arguments,
    )
    lines += [
        "layer.build(x.shape)",
        f"layer.set_weights([{'weight' if layer.bias is None else 'weight, bias'}])",
        "y = layer(x)",
    ]
    lines += slices(crop, channels_last=True)
    added = [(max(-before, 0), max(-after, 0)) for before, after in crop]
    lines += [f"y = keras.ops.pad(y, {((0, 0), *added, (0, 0))})"] if any(map(any, added)) else []
    lines += ["y = y + bias"] if late_bias else []
    return lines
