"""onnxruntime as a second engine: random settings, and the ONNX operator's own conformance cases."""

import numpy as np
import pytest
from hypothesis import assume, given
from strategies import conv_cases, conv_transpose_cases

from lib import conv, conv_transpose

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")
helper = onnx.helper


def run(op, arrays, settings):
    """One node, run by onnxruntime on float32, which holds these whole numbers exactly."""
    names = ["X", "W", "B"][: len(arrays)]
    attributes = {
        "strides": settings["stride"],
        "pads": [before for before, _ in settings["padding"]] + [after for _, after in settings["padding"]],
        "dilations": settings["dilation"],
        "group": settings["groups"],
    }
    if op == "ConvTranspose":
        attributes["output_padding"] = settings["output_padding"]
    node = helper.make_node(op, names, ["Y"], **attributes)
    infos = [helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, a.shape) for n, a in zip(names, arrays)]
    output = helper.make_tensor_value_info("Y", onnx.TensorProto.FLOAT, [None] * arrays[0].ndim)
    graph = helper.make_graph([node], "one", infos, [output])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], ir_version=8)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    return session.run(None, {n: a.astype("float32") for n, a in zip(names, arrays)})[0]


@given(conv_cases(most_axes=3))
def test_conv(case):
    arrays = (case.large, case.weight, case.bias)
    assert np.array_equal(run("Conv", arrays, case.settings), conv(*arrays, **case.settings))


@given(conv_transpose_cases(most_axes=3))
def test_conv_transpose(case):
    # onnxruntime refuses output_padding >= stride, which PyTorch allows where dilation is larger.
    a = tuple(min(a, s - 1) for a, s in zip(case.output_padding, case.settings["stride"]))
    settings = {**case.settings, "output_padding": a}
    arrays = (case.small, case.weight, case.bias)
    try:
        wanted = conv_transpose(*arrays, **settings)
    except ValueError:
        assume(False)  # without those cells nothing is left of the output
    assert np.array_equal(run("ConvTranspose", arrays, settings), wanted)


def conformance_cases():
    """The ONNX project's own cases of both operators: (name, operator, attributes, inputs, output)."""
    case = pytest.importorskip("onnx.backend.test.case.node")
    for module in ("conv", "convtranspose"):
        pytest.importorskip(f"onnx.backend.test.case.node.{module}")
    for each in case._NodeTestCases:
        node = each.model.graph.node[0]
        if node.op_type in ("Conv", "ConvTranspose"):
            attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
            inputs, outputs = each.data_sets[0]
            yield each.name, node.op_type, attributes, inputs, outputs[0]


CONFORMANCE = list(conformance_cases())
# What the automatic attributes of three cases stand for, written out.
AUTOMATIC = {
    "test_conv_with_autopad_same": {"padding": 1},
    "test_convtranspose_autopad_same": {"padding": ((0, 1), (0, 1))},  # 2 * 2 + 3 - 6 = 1 cell, at the end
    "test_convtranspose_output_shape": {"output_padding": (1, 1)},  # 3 * 2 + 3 and 2 * 2 + 3, plus 1 each
}


def test_the_conformance_cases_are_there():
    names = {name for name, *_ in CONFORMANCE}
    assert len(names) == len(CONFORMANCE) >= 17
    assert set(AUTOMATIC) <= names


@pytest.mark.parametrize(
    ("name", "op", "attributes", "inputs", "output"), CONFORMANCE, ids=[name for name, *_ in CONFORMANCE]
)
def test_conformance(name, op, attributes, inputs, output):
    settings = dict(AUTOMATIC.get(name, {}))
    ours = {
        "strides": "stride",
        "dilations": "dilation",
        "group": "groups",
        "output_padding": "output_padding",
    }
    settings |= {ours[key]: value for key, value in attributes.items() if key in ours}
    if "pads" in attributes:
        pads = attributes["pads"]
        settings["padding"] = tuple(zip(pads[: len(pads) // 2], pads[len(pads) // 2 :]))
    assert np.array_equal({"Conv": conv, "ConvTranspose": conv_transpose}[op](*inputs, **settings), output)
