"""What ONNX Runtime computes: ``tests/data/onnx.npz``, the oracle of ``lib.dialects.onnx_conv_transpose``.

Run in an environment that has onnx and onnxruntime:  python tools/oracles/make_onnx.py

A case has ``call``, the attributes of the operator ``ConvTranspose`` (opset 22), and the arrays ``input``
(X), ``weight`` (W),
``bias`` (B, if there is one) and ``output``; or ``refused``. ``spec_size`` is the size by ONNX's inference
where it gives one: it follows the text of the specification and differs from the runtime in places.
"""

import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

sys.path.insert(0, str(Path(__file__).parent))
from store import observe, ramp, write


def build(call, arrays):
    """A model of one ConvTranspose."""
    names = {"input": "X", "weight": "W", "bias": "B"}
    inputs = [
        helper.make_tensor_value_info(names[role], TensorProto.FLOAT, arrays[role].shape)
        for role in names
        if role in arrays
    ]
    attributes = {name: value for name, value in call.items() if value is not None}
    node = helper.make_node("ConvTranspose", [value.name for value in inputs], ["Y"], **attributes)
    output = helper.make_tensor_value_info("Y", TensorProto.FLOAT, None)
    graph = helper.make_graph([node], "one layer", inputs, [output])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)], ir_version=10)


def run(call, arrays):
    """The runtime's own answer, as an array."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    model = build(call, arrays).SerializeToString()
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    names = {"input": "X", "weight": "W", "bias": "B"}
    feeds = {names[role]: array.astype(np.float32) for role, array in arrays.items() if role in names}
    return session.run(None, feeds)[0]


def spec_size(call, arrays):
    """The spatial size by ONNX's shape inference, or None."""
    try:
        inferred = onnx.shape_inference.infer_shapes(build(call, arrays), strict_mode=True)
    except Exception:
        return None
    shape = inferred.graph.output[0].type.tensor_type.shape.dim
    size = [d.dim_value for d in shape][2:]
    return size if len(size) == arrays["input"].ndim - 2 else None


def case(name, call, arrays):
    observed = observe(name, run, call, arrays)
    size = spec_size(call, arrays)
    return observed | ({"spec_size": size} if size else {})


def random_case(rng, dims, number):
    groups = int(rng.choice([1, 1, 2, 3]))
    in_channels, out_channels = (int(c) * groups for c in rng.choice(3, 2, replace=False) + 1)
    kernel = [int(k) for k in rng.integers(1, {1: 6, 2: 5, 3: 3}[dims] + 1, dims)]
    stride = [int(s) for s in rng.integers(1, 5, dims)]
    dilation = [int(d) for d in rng.integers(1, 4, dims)] if rng.random() < 0.4 else [1] * dims
    size = [int(i) for i in rng.integers(1, {1: 6, 2: 4, 3: 3}[dims] + 1, dims)]
    reach = [d * (k - 1) + 1 for d, k in zip(dilation, kernel)]
    full = [s * (i - 1) + r for s, i, r in zip(stride, size, reach)]
    call = {"strides": stride} | ({"dilations": dilation} if max(dilation) > 1 else {})
    call |= {"group": groups} if groups > 1 else {}
    call |= {"output_padding": [int(rng.integers(0, s)) for s in stride]} if rng.random() < 0.3 else {}
    call |= {"auto_pad": str(rng.choice(["SAME_UPPER", "SAME_LOWER", "VALID"]))} if rng.random() < 0.5 else {}
    if rng.random() < 0.3:
        call["output_shape"] = [int(rng.integers(max(1, f - 4), f + s)) for f, s in zip(full, stride)]
    elif "auto_pad" not in call:
        call["pads"] = [int(rng.integers(0, (r + 1) // 2 + 1)) for r in reach + reach]
    call |= {"kernel_shape": kernel} if rng.random() < 0.3 else {}
    arrays = {
        "input": rng.integers(-9, 10, [1 + number % 2, in_channels, *size]),
        "weight": ramp(in_channels, out_channels // groups, *kernel),
    }
    if rng.random() < 0.4:
        arrays["bias"] = 100 * ramp(out_channels)
    return case(f"{dims}-D {number}", call, arrays)


def line(kernel):
    return {"input": 10 ** np.arange(3).reshape(1, 1, 3), "weight": ramp(1, 1, kernel)}


def rule_cases():
    for auto_pad in ("NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"):
        for kernel, stride in ((1, 2), (2, 2), (3, 2), (4, 2), (5, 2), (2, 4), (3, 1), (4, 1), (5, 3)):
            yield case(
                f"{auto_pad}: kernel {kernel}, stride {stride}",
                {"auto_pad": auto_pad, "strides": [stride]},
                line(kernel),
            )
        for size in range(1, 13):
            yield case(
                f"{auto_pad}: kernel 4, stride 2, output_shape {size}",
                {"auto_pad": auto_pad, "strides": [2], "output_shape": [size]},
                line(4),
            )
        for size in (6, 7, 9):
            call = {"auto_pad": auto_pad, "strides": [2], "output_shape": [size], "output_padding": [1]}
            yield case(
                f"{auto_pad}: kernel 4, stride 2, output_shape {size}, output_padding 1", call, line(4)
            )
        yield case(
            f"{auto_pad}: output_padding 1",
            {"auto_pad": auto_pad, "strides": [2], "output_padding": [1]},
            line(4),
        )
        yield case(
            f"{auto_pad}: output_padding 2 of stride 4, kernel 2",
            {"auto_pad": auto_pad, "strides": [4], "output_padding": [2]},
            line(2),
        )
        yield case(
            f"{auto_pad}: pads of zero", {"auto_pad": auto_pad, "strides": [2], "pads": [0, 0]}, line(4)
        )
        yield case(f"{auto_pad}: pads", {"auto_pad": auto_pad, "strides": [2], "pads": [1, 2]}, line(4))
        yield case(
            f"{auto_pad}: dilations", {"auto_pad": auto_pad, "strides": [2], "dilations": [2]}, line(2)
        )
    for stride, dilation in ((2, 1), (2, 3), (1, 2), (3, 2)):
        for a in range(-1, max(stride, dilation) + 1):
            call = {"strides": [stride], "dilations": [dilation], "output_padding": [a]}
            yield case(f"output_padding {a}, stride {stride}, dilation {dilation}", call, line(3))
    for pads in ([0, 1], [1, 0], [2, 3], [5, 0], [0, 5], [6, 2], [8, 0], [-1, 0], [0, -1], [1], [1, 0, 0]):
        yield case(f"pads {pads}", {"strides": [2], "pads": pads}, line(4))
    two = {"strides": [2, 3]}
    plane = {"input": ramp(1, 4, 3, 2), "weight": ramp(4, 3, 3, 2)}
    rules = {
        "as it should be": {},
        "pads begin, begin, end, end": {"pads": [1, 0, 0, 1]},
        "output_shape and pads": {"output_shape": [6, 5], "pads": [1, 1, 0, 0]},
        "output_shape with batch and channels": {"output_shape": [1, 3, 7, 5]},
        "output_shape 0": {"output_shape": [0, 5]},
        "kernel_shape": {"kernel_shape": [3, 2]},
        "kernel_shape of another kernel": {"kernel_shape": [2, 3]},
        "strides 0": {"strides": [0, 1]},
        "strides of one": {"strides": [2]},
        "dilations 0": {"dilations": [0, 1]},
        "auto_pad SAME": {"auto_pad": "SAME"},
        "auto_pad lower case": {"auto_pad": "same_upper"},
        "group that divides nothing": {"group": 3},
        "group 0": {"group": 0},
        "output_padding of one": {"output_padding": [1]},
        "group 2": {"group": 2},
    }
    for name, change in rules.items():
        yield case(name, two | change, plane)
    yield case("strides are 1 when not given", {}, plane)
    yield case("bias", two, plane | {"bias": 1000 * ramp(3)})
    yield case("bias of another length", two, plane | {"bias": ramp(4)})
    yield case("group 2 and bias", two | {"group": 2}, plane | {"bias": 1000 * ramp(6)})
    yield case("weight of other input channels", two, plane | {"weight": ramp(3, 4, 3, 2)})
    yield case("weight with too few axes", two, plane | {"weight": ramp(4, 3, 3)})
    yield case("batch 0", two, plane | {"input": ramp(0, 4, 3, 2)})


def main():
    rng = np.random.default_rng(20240505)
    counts = {1: 110, 2: 130, 3: 60}
    cases = [random_case(rng, dims, number) for dims, count in counts.items() for number in range(count)]
    versions = {
        "onnxruntime": onnxruntime.__version__,
        "onnx": onnx.__version__,
        "opset": 22,
        "numpy": np.__version__,
    }
    write("onnx", [*cases, *rule_cases()], versions, "tools/oracles/make_onnx.py")


if __name__ == "__main__":
    main()
