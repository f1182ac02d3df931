"""Checks of arrays: whether shapes, channels and groups fit together, and what dtype comes out."""

from typing import Any

import numpy as np

from .settings import Axes, Settings, as_int, check_settings
from .sizes import conv_size, conv_transpose_size

Checked = tuple[np.ndarray, np.ndarray, np.ndarray | None, Settings, Axes]


def numbers(name: str, value: Any) -> np.ndarray:
    """value as an array of numbers; bool counts as 0 and 1."""
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different length
        raise ValueError(f"{name} must be an array, every row as long as the others, got {value!r}") from None
    known = array.dtype.kind in "biufc"  # bool, signed, unsigned, float, complex
    if not known and not _is_foreign_float(array.dtype):
        raise TypeError(f"{name} must hold numbers, got dtype {array.dtype}")
    return array


def _is_foreign_float(dtype):
    """bfloat16 and its like: not NumPy's own, but every number of it is one of float32, and not whole."""
    return np.can_cast(dtype, np.float32) and not np.can_cast(dtype, np.int8)


def working_type(dtype: np.dtype) -> np.dtype:
    """The dtype that sums are made in: float32 for narrower floats (float16, bfloat16), else the same.

    So a sum in half precision is rounded once, at its end, and BLAS has a product for it.

    Examples
    --------
    >>> working_type(np.dtype("float16")), working_type(np.dtype("int8"))
    (dtype('float32'), dtype('int8'))
    """
    narrow = dtype.itemsize < 4 and dtype.kind not in "biu"
    return np.dtype(np.float32) if narrow else dtype


def result_type(**arrays: np.ndarray | None) -> np.dtype:
    """NumPy's result_type of the arrays that are not None; refuses those for which it has none."""
    given = {name: array for name, array in arrays.items() if array is not None}
    try:
        return np.result_type(*given.values())
    except TypeError:
        dtypes = ", ".join(f"{name} {array.dtype}" for name, array in given.items())
        raise TypeError(f"the dtypes must have a common one in NumPy, got {dtypes}") from None


def check_groups(groups: Any, weight: np.ndarray) -> int:
    """groups as an int, if it divides the first axis of weight, which must not be empty."""
    if min(weight.shape) < 1:
        raise ValueError(f"weight must not be empty, got {weight.shape}")
    groups = as_int("groups", groups)
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
    result_type(input=input, weight=weight, bias=bias)
    return input, weight, bias, groups


def check_conv(
    input: Any, weight: Any, bias: Any, stride: Any, padding: Any, dilation: Any, groups: Any
) -> Checked:
    """Everything `conv` needs, checked: (input, weight, bias, settings, output_size)."""
    layout = "(out_channels, in_channels // groups, *kernel_size)"
    input, weight, bias, groups = _check_arrays(input, weight, bias, groups, layout, "second", "first")
    given = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    settings = check_settings(weight.ndim - 2, weight.shape[2:], **given)
    return input, weight, bias, settings, conv_size(input.shape[2:], settings)


def check_conv_transpose(
    input: Any,
    weight: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    output_padding: Any,
    dilation: Any,
    groups: Any,
) -> Checked:
    """Everything `conv_transpose` needs, checked: (input, weight, bias, settings, output_size)."""
    layout = "(in_channels, out_channels // groups, *kernel_size)"
    input, weight, bias, groups = _check_arrays(input, weight, bias, groups, layout, "first", "second")
    given = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    settings = check_settings(weight.ndim - 2, weight.shape[2:], output_padding=output_padding, **given)
    return input, weight, bias, settings, conv_transpose_size(input.shape[2:], settings)


def check_grad_output(grad_output: Any, input: Any, weight: Any, output_shape: Any) -> np.ndarray:
    """grad_output as an array, if it has the shape of the operator's output and a dtype that goes along."""
    grad_output = numbers("grad_output", grad_output)
    if grad_output.dtype == np.bool_:
        raise TypeError("grad_output must hold numbers, got bool")
    result_type(grad_output=grad_output, input=input, weight=weight)
    if grad_output.shape != output_shape:
        raise ValueError(
            f"grad_output must have the shape of the output, {output_shape}, got {grad_output.shape}"
        )
    return grad_output
