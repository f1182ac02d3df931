"""Layers whose translations are held as golden files, `tests/data/translate/<layer>.<framework>.txt`.

`tools/oracles/make_translate.py` writes a file only after the framework has run it and given the layer's
numbers.
"""

from pathlib import Path

import numpy as np

from lib.dialects import Layer, translate
from lib.dialects.translate import FRAMEWORKS

GOLDEN = Path(__file__).parent / "data" / "translate"


def _ramp(*shape):
    return np.arange(1, 1 + np.prod(shape)).reshape(shape)


# One of each kind, no two lengths of one layer alike where the setting allows it: (layer, size of its input).
LAYERS = {
    "doubled": (
        Layer("torch", _ramp(2, 3, 4, 4), 1000 * _ramp(3), {"stride": 2, "padding": 1}),
        (5, 6),
    ),
    "uneven": (
        Layer(
            "torch",
            _ramp(2, 3, 3, 4),
            1000 * _ramp(3),
            {"stride": (2, 3), "padding": (1, 0), "output_padding": (0, 2)},
        ),
        (5, 4),
    ),
    "same-odd": (
        Layer("keras", _ramp(3, 5, 3, 2), 1000 * _ramp(3), {"strides": 2, "padding": "same"}),
        (4, 5),
    ),
    "holes": (Layer("torch", _ramp(2, 3, 3), None, {"dilation": 2, "padding": 1}), (6,)),
    "added": (Layer("torch", _ramp(2, 1, 3), 1000 * _ramp(1), {"dilation": 4, "output_padding": 3}), (5,)),
    "groups": (Layer("torch", _ramp(4, 3, 2), 1000 * _ramp(6), {"stride": 2, "groups": 2}), (4,)),
    "volume": (
        Layer("torch", _ramp(2, 3, 2, 3, 4), 1000 * _ramp(3), {"stride": (1, 2, 3), "padding": (0, 1, 1)}),
        (2, 3, 4),
    ),
    "jax": (Layer("jax", _ramp(3, 2, 3), None, {"strides": (2,), "padding": "VALID"}), (5,)),
}


NAMES = [
    f"{name}.{framework}"
    for name in LAYERS
    for framework in FRAMEWORKS
    if name != "groups" or framework not in ("keras", "jax")  # which have none
]


def translation_of(case):
    """(layer, translation) of a case, made anew each time: a test runs what it tests."""
    name, _, framework = case.partition(".")
    layer, size = LAYERS[name]
    return layer, translate(layer, framework, input_size=size)


def arrays(name, translation, batch=2):
    """Input of the translated layer, and the output wanted of it: integers, channels first in between."""
    layer, size = LAYERS[name]
    channels, read = FRAMEWORKS[layer.framework].layout(layer.weight, layer.settings)
    first = np.random.default_rng(0).integers(-9, 10, (batch, channels, *size))
    here = np.transpose(first, np.argsort(read))
    wanted = np.transpose(layer(here), np.argsort(layer.plan(here).write))
    _, there = FRAMEWORKS[translation.layer.framework].layout(
        translation.layer.weight, translation.layer.settings
    )
    x = np.transpose(first, np.argsort(there))
    return x, np.transpose(wanted, translation.layer.plan(x).write)


def run(framework, code, translation, x):
    """What the printed lines give when the framework runs them, in float32."""
    names = {"weight": translation.layer.weight.astype(np.float32), "x": as_given(framework, x)}
    bias = translation.layer.bias if translation.late_bias is None else translation.late_bias
    if bias is not None:
        names["bias"] = bias.astype(np.float32)
    if framework == "tensorflow" and "jit_compile" in translation.note:
        y = compiled(code, names)
    else:
        exec(code, names)
        y = names["y"]
    return np.asarray(y.detach() if hasattr(y, "detach") else y)


def compiled(code, names, signature=None):
    """What lines of TensorFlow give when they are compiled with XLA."""
    import tensorflow

    def call(x):
        here = dict(names, x=x)
        exec(code, here)
        return here["y"]

    jit = signature is None
    return tensorflow.function(call, input_signature=signature, jit_compile=jit)(names["x"])


def as_given(framework, array):
    """An array as a framework's own layers take it."""
    if framework == "torch":
        import torch

        return torch.tensor(array, dtype=torch.float32)
    if framework == "tensorflow":
        import tensorflow

        return tensorflow.constant(array, tensorflow.float32)
    return np.asarray(array, np.float32)
