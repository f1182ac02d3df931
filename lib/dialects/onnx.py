"""ONNX: pads for begin and end, and an auto_pad whose text and whose runtime do not always agree."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..shapes import Axes, Pairs, effective_size, full_size, per_axis
from .dialect import Expressed, InputAxes
from .plan import (
    Plan,
    axes_channels_first,
    check_arrays,
    check_channels,
    check_dtypes,
    check_window,
    full_sequence,
    one_of,
    run,
    same_start,
)

DTYPES = ("float32", "float16", "float64")  # the operator has float64, though not every runtime
PADS = "all begins, then all ends"
AUTO_PAD = ("NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID")


def onnx_conv_transpose(
    X: ArrayLike,
    W: ArrayLike,
    B: ArrayLike | None = None,
    *,
    auto_pad: str = "NOTSET",
    dilations: Sequence[int] | None = None,
    group: int = 1,
    kernel_shape: Sequence[int] | None = None,
    output_padding: Sequence[int] | None = None,
    output_shape: Sequence[int] | None = None,
    pads: Sequence[int] | None = None,
    strides: Sequence[int] | None = None,
) -> np.ndarray:
    """What the ONNX operator ``ConvTranspose`` computes in ONNX Runtime.

    Parameters
    ----------
    X : array, shape (batch, in_channels, *input_size)
    W : array, shape (in_channels, out_channels // group, *kernel_size)
        Not flipped.
    B : array, shape (out_channels,), optional
    auto_pad : "NOTSET", "SAME_UPPER", "SAME_LOWER" or "VALID"
        SAME crops to strides * input_size where the full result has more; the odd cell goes to the end for
        UPPER, to the beginning for LOWER. A kernel smaller than the stride leaves less than that, against the
        specification's text.
    dilations, output_padding, strides : one int per spatial axis, optional
        `output_padding` must be smaller than `strides`. With SAME it moves the crop, not the size.
    group : int
    kernel_shape : one int per spatial axis, optional
        Must be that of W.
    output_shape : one int per spatial axis, optional
        The size alone. Then `pads` are ignored: what has to go is split in halves, the odd cell at the end
        for SAME_UPPER and at the beginning for all others, NOTSET included.
    pads : all begins, then all ends, optional
        Cells to crop; only with auto_pad NOTSET.

    Returns
    -------
    array, shape (batch, out_channels, *output_size)

    Raises
    ------
    ValueError, TypeError
        Where ONNX Runtime refuses: pads beside auto_pad, a size that the forward convolution does not map to
        the input, dtypes that differ or that the operator has not (it has floats alone), ... int64 stands for
        exact numbers of any dtype; float64 is the operator's, though ONNX Runtime computes it on no CPU.

    Examples
    --------
    >>> ones, kernel = np.ones((1, 1, 3), int), np.array([[[1, 2, 3]]])
    >>> for auto_pad in ("SAME_UPPER", "SAME_LOWER"):
    ...     print(onnx_conv_transpose(ones, kernel, strides=[2], auto_pad=auto_pad)[0, 0])
    [1 2 4 2 4 2]
    [2 4 2 4 2 3]
    >>> onnx_conv_transpose(ones, kernel, strides=[2], output_shape=[6])[0, 0]  # as LOWER
    array([2, 4, 2, 4, 2, 3])

    References
    ----------
    ONNX operators, ConvTranspose-22; ONNX Runtime 1.32 where it differs.
    """
    layer = plan(
        X, W, B, auto_pad, dilations, group, kernel_shape, output_padding, output_shape, pads, strides
    )
    return run(layer, X, B)


def plan(
    X: ArrayLike,
    W: ArrayLike,
    bias: ArrayLike | None = None,
    auto_pad: str = "NOTSET",
    dilations: Sequence[int] | None = None,
    group: int = 1,
    kernel_shape: Sequence[int] | None = None,
    output_padding: Sequence[int] | None = None,
    output_shape: Sequence[int] | None = None,
    pads: Sequence[int] | None = None,
    strides: Sequence[int] | None = None,
) -> Plan:
    """The layer in the book's terms; everything ONNX Runtime refuses is refused here."""
    X, W = np.asarray(X), np.asarray(W)
    axes = check_arrays(X, W, names=("X", "W"))
    check_dtypes({"X": X, "W": W} | ({} if bias is None else {"B": bias}), DTYPES, "ONNX")
    group = _check_group(X, W, bias, group)
    one_of("auto_pad", auto_pad, AUTO_PAD)
    strides = _ints("strides", strides, axes, minimum=1, default=1)
    dilations = _ints("dilations", dilations, axes, minimum=1, default=1)
    extra = _ints("output_padding", output_padding, axes, default=0)
    if kernel_shape is not None and _ints("kernel_shape", kernel_shape, axes) != W.shape[2:]:
        raise ValueError(f"kernel_shape must be that of W, {W.shape[2:]}, got {tuple(kernel_shape)}")
    if pads is not None and auto_pad != "NOTSET":
        raise ValueError(f"pads must not be given with auto_pad, got pads {pads}, auto_pad {auto_pad}")
    pads = (0,) * 2 * axes if pads is None else full_sequence("pads", pads, 2 * axes, meaning=PADS)
    input_size, kernel = X.shape[2:], effective_size(W.shape[2:], dilations)
    reached = full_size(input_size, W.shape[2:], strides, dilations)
    full = tuple(n + a for n, a in zip(reached, extra))
    if output_shape is None and not auto_pad.startswith("SAME"):
        start, kept = (
            pads[:axes],
            tuple(f - b - e for f, b, e in zip(full, pads[:axes], pads[axes:])),
        )
    else:
        kept = tuple(min(f, s * i) for f, s, i in zip(full, strides, input_size))
        if output_shape is not None:
            kept = _ints("output_shape", output_shape, axes, minimum=1)
        odd = "end" if auto_pad == "SAME_UPPER" else "beginning"
        start = tuple(same_start(f, o, odd) for f, o in zip(full, kept))
    _check_leads_back(kept, full, kernel, strides, input_size)
    span = tuple(o - s * (i - 1) for o, s, i in zip(kept, strides, input_size))
    layer = Plan(W, strides, dilations, group, start, span, *axes_channels_first(axes))
    return check_window(layer, X.shape, "pads")


def _check_group(X, W, bias, group):
    """The group as an int, when the channels fit it."""
    (group,) = per_axis("group", group, 1, minimum=1)
    if W.shape[0] % group:
        raise ValueError(f"group must divide the first axis of W, got group {group}, W {W.shape}")
    check_channels("X", X.shape[1], X.shape, "W", W.shape[0], W.shape)
    if bias is not None and np.shape(bias) != (W.shape[1] * group,):
        raise ValueError(
            f"B must have shape ({W.shape[1] * group},), got {np.shape(bias)}: W {W.shape}, group {group}"
        )
    return group


def _ints(name: str, value: Sequence[int] | None, axes: int, minimum: int = 0, default: int = 0) -> Axes:
    return (default,) * axes if value is None else full_sequence(name, value, axes, minimum)


def _check_leads_back(kept, full, kernel, strides, input_size):
    """The forward convolution maps the output, with what was cropped added back, to the input's size."""
    leads_back = tuple((max(o, f) - k) // s + 1 for o, f, k, s in zip(kept, full, kernel, strides))
    if leads_back != tuple(input_size):
        raise ValueError(
            f"output_padding and output_shape must give a size that the forward convolution maps to "
            f"{tuple(input_size)}, got output size {kept}, which it maps to {leads_back}: "
            f"kernel {kernel}, strides {strides}"
        )


def layout(weight: np.ndarray, settings: dict[str, Any]) -> InputAxes:
    """Channels of the input, and where its axes stand."""
    return InputAxes(np.shape(weight)[0], axes_channels_first(np.ndim(weight) - 2)[0])


def express(plan: Plan) -> Expressed:
    """Weight and attributes of the node nearest to a plan, and the crop that is left to do after it."""
    begins, ends, extra, rest = [], [], [], []
    for (before, after), s in zip(plan.crop, plan.stride):
        a = min(max(-after, 0), s - 1)
        begins.append(max(before, 0))
        ends.append(max(after, 0))
        extra.append(a)
        rest.append((min(before, 0), min(after, 0) + a))
    settings: dict[str, Any] = {"strides": list(plan.stride), "pads": begins + ends, "output_padding": extra}
    settings |= {"dilations": list(plan.dilation), "group": plan.groups}
    return Expressed(plan.weight, settings, tuple(rest))


LIMIT = "pads crop and never add, and output_padding adds fewer than strides cells"


def code(layer: Any, crop: Pairs, late_bias: bool) -> list[str]:
    """The lines that build an ONNX model and run it."""
    constants = ["weight"] if layer.bias is None else ["weight", "bias"]
    added = [[max(-pair[end], 0) for pair in crop] for end in (0, 1)]
    last = "full" if any(map(any, added)) else "y"
    nodes, prepared = [_node("ConvTranspose", ["x", *constants], last, **layer.settings)], []
    if last == "full":
        prepared = [f"pads = np.array({[0, 0, *added[0], 0, 0, *added[1]]})"]
        nodes += [_node("Pad", ["full", "pads"], "padded" if late_bias else "y")]
        constants += ["pads"]
        if late_bias:
            prepared += [f"bias = np.reshape(bias, (-1{', 1' * (layer.weight.ndim - 2)}))"]
            nodes += [_node("Add", ["padded", "bias"], "y")]
            constants += ["bias"]
    return [*IMPORTS, *prepared, *_graph(nodes, constants), *_ends(layer), *RUN]


IMPORTS = (
    "import numpy as np",
    "import onnxruntime",
    "from onnx import TensorProto, helper, numpy_helper",
    "",
)
RUN = (
    'graph = helper.make_graph(nodes, "layer", [x_info], [y_info], values)',
    'opset = [helper.make_opsetid("", 22)]',
    "model = helper.make_model(graph, opset_imports=opset, ir_version=10).SerializeToString()",
    'session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])',
    'y = session.run(None, {"x": np.asarray(x)})[0]',
)


def _graph(nodes, constants):
    """The nodes, and the arrays that they name."""
    named = [f'    ({name}, "{name}"),' for name in constants]
    values = ["values = [numpy_helper.from_array(*pair) for pair in [", *named, "]]"]
    return ["nodes = [", *(f"    {node}," for node in nodes), "]", *values]


def _ends(layer):
    """Input and output, of any batch and size."""
    axes, (ins, outs) = layer.weight.ndim - 2, layer.weight.shape[:2]
    for name, channels in (("x", ins), ("y", outs * layer.settings["group"])):
        shape = f'["batch", {channels}{", None" * axes}]'
        yield f'{name}_info = helper.make_tensor_value_info("{name}", TensorProto.FLOAT, {shape})'


def _node(operator, inputs, output, **attributes):
    arguments = [repr(operator), repr(inputs), repr([output])] + [f"{k}={v!r}" for k, v in attributes.items()]
    return f"helper.make_node({', '.join(arguments)})".replace("'", '"')
