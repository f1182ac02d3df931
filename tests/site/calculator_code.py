"""The code that the calculator writes, run: with `lib` in a framework's place, or by the framework itself."""

import re
from types import SimpleNamespace

import numpy as np

from lib.dialects import (
    jax_conv_transpose,
    keras_conv_transpose,
    onnx_conv_transpose,
    tf_conv_transpose,
    torch_conv_transpose,
)

AXES = (1, 2, 3)


def as_tuple(value, axes):
    return tuple(value) if isinstance(value, (tuple, list)) else (value,) * axes


def torch_pad(x, ends):
    """As torch.nn.functional.pad: the last axis first."""
    pairs = list(zip(ends[::2], ends[1::2]))[::-1]
    return np.pad(x, [(0, 0)] * (x.ndim - len(pairs)) + pairs)


def torch_stand_in(weight):
    def layer(axes):
        def make(inside, outside, *, kernel_size, groups=1, bias=True, **settings):
            assert weight.shape == (inside, outside // groups, *as_tuple(kernel_size, axes))
            return lambda x: torch_conv_transpose(x, weight, groups=groups, **settings)

        return make

    nn = {f"ConvTranspose{n}d": layer(n) for n in AXES}
    return {"torch": SimpleNamespace(nn=SimpleNamespace(**nn, functional=SimpleNamespace(pad=torch_pad)))}


def keras_stand_in(weight):
    def layer(axes):
        def make(filters, *, kernel_size, use_bias=True, **settings):
            assert weight.shape[:-1] == (*as_tuple(kernel_size, axes), filters)
            return lambda x: keras_conv_transpose(x, weight, **settings)

        return make

    layers = SimpleNamespace(**{f"Conv{n}DTranspose": layer(n) for n in AXES})
    return {"keras": SimpleNamespace(layers=layers, ops=SimpleNamespace(pad=np.pad))}


def normal(weight):
    """A maker of random numbers that makes this weight, if that has the shape that is asked."""

    def make(*given, **_):
        assert tuple(given[-1]) == weight.shape
        return weight

    return make


def tensorflow_stand_in(weight):
    nn = SimpleNamespace(**{f"conv{n}d_transpose": tf_conv_transpose for n in AXES})
    random = SimpleNamespace(normal=normal(weight))
    return {"tf": SimpleNamespace(nn=nn, random=random, Variable=np.array, shape=np.shape, pad=np.pad)}


class Scaled:
    """A weight that stays as it is when it is scaled."""

    def __init__(self, weight):
        self.weight = weight

    def __rmul__(self, factor):
        return self.weight


def jax_stand_in(weight):
    random = SimpleNamespace(key=int, normal=lambda *given: Scaled(normal(weight)(*given)))
    lax = SimpleNamespace(conv_transpose=jax_conv_transpose)
    return {"jax": SimpleNamespace(random=random, lax=lax)}


def onnx_stand_in(weight):
    return {"helper": SimpleNamespace(make_node=lambda *given, **attributes: (given, attributes))}


STAND_INS = {
    "torch": torch_stand_in,
    "keras": keras_stand_in,
    "tensorflow": tensorflow_stand_in,
    "jax": jax_stand_in,
    "onnx": onnx_stand_in,
}
PADS = re.compile(r"^# pads: an initializer, np\.array\((\[.*\])\)$", re.MULTILINE)


def run_nodes(names, code, x, weight):
    """The one or two ONNX nodes of the code."""
    (kind, inputs, _), attributes = names["node"]
    assert kind == "ConvTranspose" and inputs[:2] == ["x", "weight"]
    y = onnx_conv_transpose(x, weight, **attributes)
    if "more" in names:
        begins, ends = np.split(np.array(eval(PADS.search(code)[1])), 2)  # our own words
        y = np.pad(y, list(zip(begins, ends)))
    return y


def run(framework, code, x, weight):
    """What the code gives with lib in the framework's place."""
    names = {**STAND_INS[framework](weight), "x": x}
    exec(re.sub(r"^(import|from) .*\n", "", code, flags=re.MULTILINE), names)
    return run_nodes(names, code, x, weight) if framework == "onnx" else names["y"]


def run_live_torch(code, x, weight):
    import torch

    def load(layer):
        with torch.no_grad():
            assert layer.weight.shape == weight.shape
            layer.weight.copy_(torch.tensor(weight))
            if layer.bias is not None:
                layer.bias.zero_()
        return layer

    names = {"x": torch.tensor(x), "load": load}
    exec(code.replace("y = layer(x)", "y = load(layer)(x)"), names)
    return names["y"].detach().numpy()


def run_live_keras(code, x, weight):
    def load(layer):
        layer.build(x.shape)
        bias = [np.zeros(weight.shape[-2], "float32")] if layer.use_bias else []
        layer.set_weights([weight, *bias])
        return layer

    names = {"x": x, "load": load}
    exec(code.replace("y = layer(x)", "y = load(layer)(x)"), names)
    return np.asarray(names["y"])


WEIGHT = re.compile(r"^weight = .*$", re.MULTILINE)


def run_live_tensorflow(code, x, weight):
    """The code's own weight has the shape of this one, and gives way to it; compiled, as the page says."""
    import tensorflow

    names = {"tf": tensorflow}
    exec(WEIGHT.search(code)[0], names)
    assert tuple(names["weight"].shape) == weight.shape

    def call(x):
        here = {"x": x, "weight": weight}
        exec(WEIGHT.sub("", code), here)
        return here["y"]

    return np.asarray(tensorflow.function(call, jit_compile=True, autograph=False)(tensorflow.constant(x)))


def run_live_jax(code, x, weight):
    names = {"x": x}
    exec(code, names)
    assert names["weight"].shape == weight.shape
    names["weight"] = weight
    exec(WEIGHT.sub("", code), names)
    return np.asarray(names["y"])


def run_live_onnx(code, x, weight):
    import onnx
    import onnxruntime
    from onnx import helper, numpy_helper

    names = {}
    exec(code, names)
    bias = np.zeros(weight.shape[1] * int(re.search(r"group=(\d+)", code)[1]), "float32")
    stored = {"weight": weight, "bias": bias}
    if "more" in names:
        stored["pads"] = np.array(eval(PADS.search(code)[1]))
    nodes = [names[name] for name in ("node", "more") if name in names]
    used = {name for node in nodes for name in node.input}
    sides = [
        [helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [None] * x.ndim)] for name in ("x", "y")
    ]
    initial = [numpy_helper.from_array(array, name) for name, array in stored.items() if name in used]
    graph = helper.make_graph(nodes, "calculator", *sides, initial)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"x": x})[0]


LIVE = {
    "torch": run_live_torch,
    "keras": run_live_keras,
    "tensorflow": run_live_tensorflow,
    "jax": run_live_jax,
    "onnx": run_live_onnx,
}


def run_live(framework, code, x, weight):
    """What the framework itself gives, in float32, on whole numbers."""
    return LIVE[framework](code, x.astype("float32"), weight.astype("float32"))
