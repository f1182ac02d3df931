"""PyTorch: this book's conventions. Padding crops both ends alike, output_padding keeps more at the end."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..shapes import Axes, Pairs, PerAxis, check_conv_transpose, effective_size, full_size, per_axis
from .code import call, slices
from .dialect import Expressed, InputAxes
from .plan import Plan, axes_channels_first, check_dtypes, run

DTYPES = ("float32", "float64", "float16", "bfloat16", "complex64", "complex128")  # on a CPU


def torch_conv_transpose(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: PerAxis = 1,
    padding: PerAxis = 0,
    output_padding: PerAxis = 0,
    groups: int = 1,
    dilation: PerAxis = 1,
) -> np.ndarray:
    """What ``torch.nn.functional.conv_transpose1d``, ``2d`` and ``3d`` compute.

    Parameters
    ----------
    input : array, shape (batch, in_channels, *input_size) or, without a batch, (in_channels, *input_size)
    weight : array, shape (in_channels, out_channels // groups, *kernel_size)
        Not flipped: the very array that the forward convolution uses.
    bias : array, shape (out_channels,), optional
    stride, padding, output_padding, dilation : int, a sequence of one, or one int per spatial axis
        `padding` crops that many cells at both ends; it may exceed dilation * (kernel_size - 1).
    groups : int
        Comes before `dilation` in PyTorch's order of arguments: pass both by name.

    Returns
    -------
    array, shape (batch, out_channels, *output_size)
        output_size = stride * (input_size - 1) + dilation * (kernel_size - 1) + 1 + output_padding - 2 *
        padding

    Raises
    ------
    ValueError, TypeError
        Where PyTorch refuses: output_padding that is neither below stride nor below dilation, dtypes that
        differ or that it does not compute on a CPU (of the integers it does int64 alone), an output without
        cells, ... Two exceptions. int64 stands here for exact numbers of any dtype. And an output without
        cells is refused always: PyTorch refuses it in float64, and in float32 only where the call does not go
        to oneDNN (a batch of 12 gives an array of shape (12, 4, 0, 0), a batch of 1 an error).

    Examples
    --------
    >>> ones, kernel = np.ones((1, 1, 3), int), np.array([[[1, 2, 3]]])
    >>> torch_conv_transpose(ones, kernel, stride=2, padding=1)
    array([[[2, 4, 2, 4, 2]]])
    >>> torch_conv_transpose(ones, kernel, stride=2, padding=1, output_padding=1)  # a real sum
    array([[[2, 4, 2, 4, 2, 3]]])

    References
    ----------
    PyTorch documentation, torch.nn.functional.conv_transpose2d and torch.nn.ConvTranspose2d.
    """
    input, axes = np.asarray(input), np.ndim(weight) - 2
    batched = input.ndim != axes + 1
    samples = input if batched else input[None]
    layer = plan(samples, weight, bias, stride, padding, output_padding, groups, dilation)
    output = run(layer, samples, bias)
    return output if batched else output[0]


def torch_output_padding(
    input_size: Sequence[int],
    output_size: Sequence[int],
    kernel_size: Sequence[int],
    stride: PerAxis = 1,
    padding: PerAxis = 0,
    dilation: PerAxis = 1,
) -> Axes:
    """The output_padding that ``ConvTransposeNd.forward(input, output_size=...)`` chooses.

    Parameters
    ----------
    input_size, output_size, kernel_size : one int per spatial axis
    stride, padding, dilation : int or one int per spatial axis

    Returns
    -------
    tuple of ints

    Raises
    ------
    ValueError
        If the layer cannot give that size: it reaches from the size without output_padding to stride - 1
        cells more.

    Examples
    --------
    >>> torch_output_padding((4,), (8,), (3,), stride=2, padding=1)
    (1,)

    References
    ----------
    PyTorch documentation, torch.nn.ConvTranspose2d, `output_size`.
    """
    axes = len(input_size)
    stride, padding = per_axis("stride", stride, axes, 1), per_axis("padding", padding, axes)
    kernel_size = per_axis("kernel_size", kernel_size, axes, 1)
    output_size = per_axis("output_size", output_size, axes)
    full = full_size(input_size, kernel_size, stride, per_axis("dilation", dilation, axes, 1))
    least = tuple(n - 2 * p for n, p in zip(full, padding))
    extra = tuple(o - low for o, low in zip(output_size, least))
    if not all(0 <= a < s for a, s in zip(extra, stride)):
        most = tuple(low + s - 1 for low, s in zip(least, stride))
        raise ValueError(
            f"output_size must lie between {least} and {most} for input size {tuple(input_size)}, "
            f"got {tuple(output_size)}"
        )
    return extra


def plan(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: PerAxis = 1,
    padding: PerAxis = 0,
    output_padding: PerAxis = 0,
    groups: int = 1,
    dilation: PerAxis = 1,
) -> Plan:
    """The layer in the book's terms; everything PyTorch refuses is refused here."""
    axes = np.ndim(weight) - 2
    if axes > 3:
        raise ValueError(f"weight must have 1, 2 or 3 spatial axes, got {np.shape(weight)}")
    check_dtypes(
        {"input": input, "weight": weight} | ({} if bias is None else {"bias": bias}),
        DTYPES,
        "PyTorch on a CPU",
    )
    stride, padding, output_padding, dilation = map(_unpack, (stride, padding, output_padding, dilation))
    padding = per_axis("padding", padding, axes) if axes > 0 else ()
    _, weight, _, settings, _ = check_conv_transpose(
        input, weight, bias, stride, padding, output_padding, dilation, groups
    )
    kernel = effective_size(settings.kernel_size, settings.dilation)
    # Output: cells p to p + s (i - 1) + k + a - 2 p of the full result.
    span = tuple(k + a - 2 * p for k, a, p in zip(kernel, settings.output_padding, padding))
    return Plan(
        weight, settings.stride, settings.dilation, settings.groups, padding, span, *axes_channels_first(axes)
    )


def _unpack(setting):
    """PyTorch takes (2,) for 2 in any dimension."""
    return setting[0] if isinstance(setting, (tuple, list)) and len(setting) == 1 else setting


def layout(weight: np.ndarray, settings: dict[str, Any]) -> InputAxes:
    """Channels of the input, and where its axes stand."""
    return InputAxes(np.shape(weight)[0], axes_channels_first(np.ndim(weight) - 2)[0])


def express(plan: Plan) -> Expressed:
    """Weight and settings of the layer nearest to a plan, and the crop that is left to do after it.

    Padding p and output_padding a lose p cells before and p - a after. So what the layer can do by itself is
    to lose as many cells before as after, or up to max(stride, dilation) - 1 more.
    """
    padding, output_padding, rest = [], [], []
    for (before, after), s, d in zip(plan.crop, plan.stride, plan.dilation):
        most = max(s, d) - 1
        if before >= 0 and 0 <= before - after <= most:
            p, a = before, before - after
        else:
            p = max(0, min(before, after))
            a = min(max(p - after, 0), most)
        padding.append(p)
        output_padding.append(a)
        rest.append((before - p, after - p + a))
    settings: dict[str, Any] = {
        "stride": plan.stride,
        "padding": tuple(padding),
        "output_padding": tuple(output_padding),
    }
    settings |= {"groups": plan.groups, "dilation": plan.dilation}
    return Expressed(plan.weight, settings, tuple(rest))


LIMIT = "padding loses as many cells before as after, and output_padding gives some back at the end only"


def code(layer: Any, crop: Pairs, late_bias: bool) -> list[str]:
    """The lines to write in PyTorch."""
    axes = layer.weight.ndim - 2
    groups, kernel_size = layer.settings["groups"], layer.weight.shape[2:]
    arguments = {"kernel_size": kernel_size, **layer.settings, "bias": layer.bias is not None}
    lines = ["import torch", ""]
    lines += call(
        f"layer = torch.nn.ConvTranspose{axes}d",
        layer.weight.shape[0],
        layer.weight.shape[1] * groups,
        **arguments,
    )
    lines += ["with torch.no_grad():", "    layer.weight.copy_(torch.as_tensor(weight))"]
    lines += ["    layer.bias.copy_(torch.as_tensor(bias))"] if layer.bias is not None else []
    lines += ["y = layer(x)"]
    added = [max(-end, 0) for pair in reversed(crop) for end in pair]  # torch pads the last axis first
    lines += slices(crop, channels_last=False)
    lines += [f"y = torch.nn.functional.pad(y, {tuple(added)})"] if any(added) else []
    lines += [f"y = y + torch.as_tensor(bias).reshape(-1{', 1' * axes})"] if late_bias else []
    return lines
