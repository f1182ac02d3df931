"""The code that the explorer copies, run with lib.dialects in the frameworks' place."""

import functools
import json

import numpy as np
import pytest
from drawn import sheet, values
from explorer_page import SETTINGS, lib_output
from front_page import page_with_front
from PIL import Image

from lib import conv, conv_transpose, figures
from lib.dialects import (
    jax_conv_transpose,
    keras_conv_transpose,
    onnx_conv_transpose,
    torch_conv_transpose,
)
from lib.explorer import LIMITS, Explorer, front, rules

CODES = "([states, framework]) => states.map((state) => front.codeOf(state, framework))"


@pytest.fixture
def page(browser):
    with page_with_front(browser, front.module("code.js")) as page:
        yield page


class Torch:
    """lib under the names that PyTorch has."""

    tensor = staticmethod(np.array)
    conv1d = conv2d = staticmethod(conv)
    conv_transpose1d = conv_transpose2d = staticmethod(torch_conv_transpose)

    @staticmethod
    def pad(x, ends):
        """The last axis first."""
        pairs = list(zip(ends[::2], ends[1::2]))[::-1]
        return np.pad(x, [(0, 0)] * (x.ndim - len(pairs)) + pairs)


class Lax:
    conv_transpose = staticmethod(jax_conv_transpose)

    @staticmethod
    def conv_general_dilated(x, w, window_strides, padding, rhs_dilation, dimension_numbers):
        return conv(x, w, stride=window_strides, padding=padding, dilation=rhs_dilation)


class Ops:
    array, pad = staticmethod(np.array), staticmethod(np.pad)
    conv_transpose = staticmethod(keras_conv_transpose)

    @staticmethod
    def conv(x, w, strides, padding, dilation_rate):
        assert padding == "valid"
        x, w = np.moveaxis(x, -1, 1), np.moveaxis(w, (-1, -2), (0, 1))
        return np.moveaxis(conv(x, w, stride=strides, dilation=dilation_rate), 1, -1)


class Helper:
    @staticmethod
    def make_node(name, inputs, outputs, **attributes):
        return name, inputs, attributes


def run_node(node, arrays):
    """An ONNX node, run: pads are all begins, then all ends."""
    name, inputs, attributes = node
    arrays = [arrays[role] for _, role in zip(inputs, ("input", "weight", "bias"))]
    if name == "ConvTranspose":
        return onnx_conv_transpose(*arrays, **attributes)[0, 0]
    begins, ends = np.split(np.array(attributes["pads"]), 2)
    pads = tuple(zip(begins.tolist(), ends.tolist()))
    strides, dilations = tuple(attributes["strides"]), tuple(attributes["dilations"])
    return conv(*arrays, stride=strides, padding=pads, dilation=dilations)[0, 0]


def run_as(framework, text, state):
    """What the text computes, with lib in the framework's place."""
    names = {"jnp": np, "lax": Lax, "torch": Torch, "F": Torch, "ops": Ops, "helper": Helper}
    names |= {"np": np, "conv": conv, "conv_transpose": conv_transpose}
    exec("\n".join(line for line in text.splitlines() if not line.startswith(("import", "from"))), names)
    if framework == "ONNX":
        arrays = {name: np.array(state[name], float)[None, None] for name in ("input", "weight")}
        return run_node(names["node"], {**arrays, "bias": np.array([state["bias"]])})
    result = names["x" if state["transposed"] else "y"]
    return result[0, ..., 0] if framework == "Keras" else result[0, 0]


@functools.cache
def drawn_states(count):
    """States of the whole range of the controls, each axis its own; as JSON, so that nobody changes them."""
    return json.dumps(list(draw_states(count)))


def random_states(count):
    return json.loads(drawn_states(count))


def draw_states(count):
    rng = np.random.default_rng(5)
    while count:
        axes = int(rng.integers(1, 3))
        ranges = {name: np.add(ends, (0, 1)) for name, ends in LIMITS[axes].items()}
        drawn = {name: tuple(map(int, rng.integers(*ends, axes))) for name, ends in ranges.items()}
        arrays = [rng.integers(-9, 10, drawn[name]) for name in ("input_size", "kernel_size")]
        settings = {name: drawn[name] for name in SETTINGS} | {
            "bias": int(rng.integers(-9, 10) * rng.integers(2))
        }
        if rng.integers(2):
            settings["padding"] = tuple(map(tuple, rng.integers(*ranges["padding"], (axes, 2)).tolist()))
        try:
            explorer = Explorer(*arrays, transposed=bool(rng.integers(2)), **settings)
        except ValueError:
            continue
        count -= 1
        yield explorer._state()


@pytest.mark.parametrize("framework", ["PyTorch", "Keras", "JAX", "ONNX", "NumPy (this book's lib)"])
def test_copied_code_computes_what_is_shown(page, framework):
    compared, refused = [], 0
    states = random_states(250)
    texts = page.evaluate(CODES, [states, framework])
    for state, text in zip(states, texts, strict=True):
        if text.startswith("#"):  # it says that the framework refuses this, and why
            with pytest.raises(ValueError, match="output_padding"):
                run_as(framework, text, state)
            refused += 1
            continue
        assert np.array_equal(run_as(framework, text, state), lib_output(state)), (state, text)
        compared.append(state["transposed"])
        two = any(np.ndim(ends) and ends[0] != ends[1] for ends in state["padding"])
        assert ("takes one padding for both ends" in text) is (two and framework == "PyTorch")
    assert bool(refused) is (framework == "ONNX")
    assert min(compared.count(True), compared.count(False)) > 20


def test_copied_code_writes_the_steps_as_a_gif(page, tmp_path, monkeypatch):
    """It runs as it is copied, and the film has the numbers that are shown and a frame for each step."""
    monkeypatch.chdir(tmp_path)
    views = []
    states = [state | ({"view": "window"} if n % 2 else {}) for n, state in enumerate(random_states(60))]
    texts = page.evaluate(CODES, [states, "GIF (this book's lib)"])
    for state, text in zip(states, texts, strict=True):
        if rules.steps(state) > 30 or views.count((state["transposed"], state["view"])) > 2:
            continue
        exec(text, {})
        with Image.open("steps.gif") as gif:
            assert gif.n_frames == rules.steps(state), text
        made = eval(text[text.index("film(") : text.rindex(".save")], {"film": figures.film})
        output = values(sheet(made.still()).of("output"))
        assert ("without the bias" in text) == bool(state["bias"])
        if not (state["transposed"] and state["view"] == "stamps"):  # those show what padding crops, too
            assert np.array_equal(output, np.atleast_2d(lib_output({**state, "bias": 0})))
        views.append((state["transposed"], state["view"]))
    assert set(views) == {(True, "stamps"), (True, "window"), (False, "window")}
