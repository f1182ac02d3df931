"""Layers moved between all pairs of frameworks, held against what the first one really computed (stored)."""

from itertools import product

import numpy as np
import pytest
from stored import label, load
from translate_cases import GOLDEN, LAYERS, NAMES, arrays, translation_of

from lib.dialects import Layer, Translation, translate
from lib.dialects.code import call
from lib.dialects.dialect import Expressed, InputAxes
from lib.dialects.translate import FRAMEWORKS


def as_tuples(value):
    return tuple(as_tuples(entry) for entry in value) if isinstance(value, list) else value


def accepted(framework, every=1):
    """Stored cases with an output and a batch, as (layer, arrays)."""
    name = "torch_ops" if framework == "torch" else framework
    for case in load(name)[::every]:
        arrays = case["arrays"]
        if "refused" in case or "layer" in case or case.get("op") == "conv" or 0 in arrays["output"].shape:
            continue
        if framework == "keras" and (case.get("layer_refused") or 0 in case["arrays"]["output"].shape):
            continue
        settings = {
            key: as_tuples(value) for key, value in (case.get("call") or case.get("settings") or {}).items()
        }
        yield pytest.param(
            Layer(framework, arrays["weight"], arrays.get("bias"), settings),
            arrays,
            id=f"{framework}: {label(case)}",
        )


def why_not(layer, plan, to):
    """The words of a refusal that is right, or None."""
    if plan.groups > 1 and to in ("keras", "jax"):
        return "has no groups"
    if plan.groups > 1 and to == "tensorflow" and len(plan.stride) > 2:
        return "has no groups in 3 dimensions"
    if to == "keras" and max(plan.stride) > 1 and max(plan.dilation) > 1:
        return "refuse strides and dilation_rate both above 1"
    return (
        "1, 2 or 3 spatial axes" if len(plan.stride) > 3 and to in ("torch", "tensorflow", "keras") else None
    )


def carry(array, here, there):
    """An input from one layer's order of axes to the other's."""
    first = np.transpose(array, FRAMEWORKS[here.framework].layout(here.weight, here.settings)[1])
    return np.transpose(
        first, np.argsort(FRAMEWORKS[there.framework].layout(there.weight, there.settings)[1])
    )


def moved(layer, arrays, to):
    """What the translation gives for the stored input, in the layer's own order of axes; None if refused."""
    plan = layer.plan(arrays["input"])
    size = [arrays["input"].shape[axis] for axis in plan.read[2:]]
    reason = why_not(layer, plan, to)
    if reason:
        with pytest.raises(ValueError, match=reason):
            translate(layer, to, input_size=size)
        return None
    translation = translate(layer, to, input_size=size)
    x = carry(arrays["input"], layer, translation.layer)
    result = translation(x)
    return np.transpose(np.transpose(result, np.argsort(translation.layer.plan(x).write)), plan.write)


@pytest.mark.parametrize("to", FRAMEWORKS)
@pytest.mark.parametrize(
    "layer, arrays", [c for framework in FRAMEWORKS for c in accepted(framework, every=4)]
)
def test_nothing_shifts(layer, arrays, to):
    result = moved(layer, arrays, to)
    if result is not None:
        assert np.array_equal(result, arrays["output"])


ROUND_TRIPS = [
    ({}, ("tensorflow", "onnx", "jax", "keras")),
    ({"stride": 2, "padding": 1}, ("tensorflow", "onnx", "jax")),
    ({"stride": (2, 3), "padding": (0, 2), "output_padding": 1}, ("onnx", "tensorflow", "jax")),
    ({"stride": (2, 3), "padding": (1, 1)}, ("keras", "tensorflow", "onnx")),
    ({"dilation": (2, 3), "padding": (3, 6)}, ("keras", "jax", "onnx")),
]


@pytest.mark.parametrize("settings, via", ROUND_TRIPS)
def test_there_and_back(settings, via):
    """Through several frameworks and back to PyTorch, each translation the source of the next."""
    rng = np.random.default_rng(0)
    layer = Layer("torch", rng.integers(-9, 10, (2, 3, 4, 5)), 100 * np.arange(1, 4), settings)
    x = rng.integers(-9, 10, (2, 2, 4, 6))
    there = layer
    for framework in (*via, "torch"):
        translation = translate(there, framework)
        assert translation.exact, (framework, translation)
        there = translation.layer
    assert np.array_equal(there.weight, layer.weight)
    assert np.array_equal(there(x), layer(x))


@pytest.mark.parametrize("kernel, stride", [(k, s) for k in range(1, 7) for s in range(1, 5)])
def test_same_is_a_setting_of_torch_only_where_the_crop_is_even(kernel, stride):
    """FIELD: P = max(k - s, 0) even: padding P / 2; odd: no setting, one cell is left to cut at the end."""
    weight = np.arange(1, 1 + kernel).reshape(kernel, 1, 1)
    same = Layer("keras", weight, settings={"strides": stride, "padding": "same"})
    translation = translate(same, "torch")
    crop = max(kernel - stride, 0)
    assert translation.exact == (crop % 2 == 0)
    assert translation.layer.settings["padding"] == (crop // 2,)
    assert translation.crop == ((0, crop % 2),)
    if crop % 2:  # what is often written instead: right size, every number one cell away
        x = np.arange(1, 6)
        shifted = Layer(
            "torch",
            weight.reshape(1, 1, -1),
            settings={"stride": stride, "padding": (crop + 1) // 2, "output_padding": 1},
        )
        right, wrong = same(x.reshape(1, -1, 1)).ravel(), None
        if stride > 1:  # PyTorch refuses output_padding 1 with stride 1
            wrong = shifted(x.reshape(1, 1, -1)).ravel()
            assert wrong.shape == right.shape and not np.array_equal(wrong, right)
            assert np.array_equal(wrong[:-1], right[1:])


def test_cells_are_added_before_the_bias():
    # PyTorch's output_padding may reach dilation - 1; ONNX Runtime and Keras stop at stride - 1.
    weight, bias = np.arange(1, 7).reshape(2, 1, 3), np.array([1000])
    layer = Layer("torch", weight, bias, {"dilation": 4, "output_padding": 3})
    x = np.arange(1, 9).reshape(1, 2, 4)
    for to in ("onnx", "keras", "tensorflow"):
        translation = translate(layer, to)
        assert translation.crop == ((0, -3),) and translation.layer.bias is None
        result = translation(x if to == "onnx" else x.swapaxes(1, 2))
        assert np.array_equal(result if to == "onnx" else result.swapaxes(1, 2), layer(x))
        assert "+ bias" in translation.code or '"Add"' in translation.code


def test_torch_says_by_itself_what_it_can():
    """output_padding up to dilation - 1 is a setting of PyTorch: nothing is left to add."""
    settings = {"strides": (1,), "padding": ((0, -2),), "rhs_dilation": (3,), "use_consistent_padding": True}
    translation = translate(Layer("jax", np.arange(1, 4).reshape(3, 1, 1), settings=settings), "torch")
    assert translation.exact and translation.layer.settings["output_padding"] == (2,)


def test_keras_is_not_given_a_size_that_tensorflow_refuses():
    """stride * (input_size - 1) cells: "same" with output_padding 0 says it, and fails on TensorFlow."""
    layer = Layer("torch", np.arange(1, 3).reshape(1, 1, 2), settings={"stride": 2, "padding": 1})
    translation = translate(layer, "keras")
    assert translation.layer.settings["padding"] == "valid" and translation.crop == ((1, 1),)


def test_tensorflow_has_groups_in_the_output_shape():
    layer = Layer("torch", np.arange(1, 25).reshape(4, 3, 2), settings={"stride": 2, "groups": 2})
    translation = translate(layer, "tensorflow")
    assert translation.layer.settings["output_shape"]((1, 5, 4)) == [1, 10, 6]
    assert translation.layer.weight.shape == (2, 3, 4)
    assert "does not speak of groups" in translation.note


def test_a_list_of_output_shape_needs_the_input_size():
    weight = np.arange(1, 4).reshape(3, 1, 1)
    layer = Layer("tensorflow", weight, settings={"output_shape": [1, 6, 1], "strides": 2})
    with pytest.raises(ValueError, match="input_size must be given: output_shape"):
        translate(layer, "torch")
    translation = translate(layer, "torch", input_size=(3,))
    assert isinstance(translation, Translation) and translation.crop == ((0, 1),)


def test_a_framework_of_another_name():
    layer = Layer("torch", np.ones((1, 1, 3)))
    with pytest.raises(
        ValueError, match="framework must be one of torch, tensorflow, keras, jax, onnx, got 'caffe'"
    ):
        translate(layer, "caffe")
    with pytest.raises(ValueError, match="framework must be one of"):
        Layer("mxnet", np.ones((1, 1, 3)))


def test_settings_that_the_source_refuses():
    with pytest.raises(ValueError, match="output_padding must be smaller than"):
        translate(Layer("torch", np.ones((1, 1, 3)), settings={"output_padding": 1}), "jax")


def test_a_translation_that_is_wrong_is_not_returned(monkeypatch):
    """The check on numbers is real: spoil one rule and translate refuses."""
    from lib.dialects import torch

    def spoiled(plan):
        said = express(plan)
        return said._replace(crop=tuple((after, before) for before, after in said.crop))

    express = torch.express
    layer = Layer("keras", np.arange(1, 4).reshape(3, 1, 1), settings={"strides": 2, "padding": "same"})
    assert translate(layer, "torch").crop == ((0, 1),)
    monkeypatch.setattr(torch, "express", spoiled)
    with pytest.raises(AssertionError, match="is not keras"):
        translate(layer, "torch")


def test_large_padding_finds_its_probe():
    layer = Layer("torch", np.arange(1, 4).reshape(1, 1, 3), settings={"padding": 25})
    assert translate(layer, "onnx").layer.settings["pads"] == [25, 25]


def test_a_layer_that_crops_a_small_input_whole_is_no_less_translated():
    """JAX takes it, and gives no cells; the others refuse an output without cells."""
    kernel, x = np.arange(1, 3).reshape(2, 1, 1), np.arange(1, 8).reshape(1, 7, 1)
    layer = Layer("jax", kernel, settings={"strides": (1,), "padding": ((-1, -1),), "transpose_kernel": True})
    assert layer(x[:, :3]).size == 0 and layer(x).ravel().tolist() == [7, 10, 13, 16]
    for to in ("torch", "onnx"):
        translation = translate(layer, to)
        assert translation.exact and translation(x.swapaxes(1, 2)).ravel().tolist() == [7, 10, 13, 16]
    gone = Layer("jax", kernel, settings={"strides": (1,), "padding": ((-150, -150),)})
    with pytest.raises(
        ValueError, match=r"layer must have an output, got size \(-1,\) of input size \(300,\)"
    ):
        translate(gone, "torch")


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_framework_fills_the_protocol_in(framework):
    """CONTRIBUTING: what a new one must have."""
    dialect, functions = FRAMEWORKS[framework], ("plan", "layout", "express", "code")
    assert all(callable(getattr(dialect, name)) for name in functions) and dialect.LIMIT
    layer, _ = LAYERS["doubled"]
    said = dialect.express(layer.plan(np.ones((1, 2, 5, 6), int)))
    assert isinstance(said, Expressed) and isinstance(dialect.layout(said.weight, said.settings), InputAxes)


@pytest.mark.parametrize("name", NAMES)
def test_the_printed_code_is_the_one_that_the_framework_has_run(name):
    """tools/oracles/make_translate.py writes a file only after the framework gave the layer's numbers."""
    _, translation = translation_of(name)
    assert translation.code + "\n" == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("to", "added", "cut"),
    [
        ("torch", "torch.nn.functional.pad(y, (5, 6, 3, 4))", "y[:, :, 1:-2, :-7]"),  # the last axis first
        ("tensorflow", "tf.pad(y, [[0, 0], [3, 4], [5, 6], [0, 0]])", "y[:, 1:-2, :-7, :]"),
        ("keras", "keras.ops.pad(y, ((0, 0), (3, 4), (5, 6), (0, 0)))", "y[:, 1:-2, :-7, :]"),
        ("onnx", "np.array([0, 0, 3, 5, 0, 0, 4, 6])", None),  # all begins, then all ends
    ],
)
def test_each_end_of_each_axis_has_its_place_in_the_printed_code(to, added, cut):
    """The golden files add cells on one axis; here no two ends are alike, in each framework's own order."""
    weight = np.arange(1, 7).reshape(1, 1, 2, 3)
    layer = translate(Layer("torch", weight, settings={"stride": (2, 1)}), to).layer
    lines = {line.partition(" = ")[2] for line in FRAMEWORKS[to].code(layer, ((-3, -4), (-5, -6)), False)}
    assert added in lines
    lines = {line.partition(" = ")[2] for line in FRAMEWORKS[to].code(layer, ((1, 2), (0, 7)), False)}
    assert cut is None or cut in lines


def test_every_golden_file_is_held():
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_translation_computes_the_layer(name):
    _, translation = translation_of(name)
    x, wanted = arrays(name.partition(".")[0], translation)
    assert np.array_equal(translation(x), wanted)


def test_the_code_says_where_its_arrays_come_from():
    for name in NAMES:
        layer, translation = translation_of(name)
        head = translation.code.splitlines()
        assert (
            head[0] == f"# weight: the translation's layer.weight, of shape {translation.layer.weight.shape}"
        )
        assert ("# bias: " in translation.code) == (layer.bias is not None), name


def test_the_pairs_for_jax_hold_for_flax_too():
    """Flax's layers have no use_consistent_padding: kernel 4, stride 2, padding 1 is ((2, 2), (2, 2))."""
    _, translation = translation_of("doubled.jax")
    assert translation.layer.settings["padding"] == ((2, 2), (2, 2))
    assert "use_consistent_padding" not in translation.layer.settings


def test_what_tensorflow_computes_compiled_only_is_said():
    for name, words in (("holes", "dilations"), ("groups", "groups")):
        _, translation = translation_of(f"{name}.tensorflow")
        assert f"computes {words} here only where the call is compiled with XLA" in translation.note
    assert not translation_of("doubled.tensorflow")[1].note


def plans_of_torch(k, s):
    for p, a in product(range(7), range(s)):
        yield (p,), (k + a - 2 * p,)


def plans_of_onnx(k, s):
    for before, after, a in product(range(7), range(7), range(s)):
        yield (before,), (k + a - before - after,)


def plans_of_keras(k, s):
    for a in (None, *range(s)):
        yield (0,), (max(k, s) if a is None else k + a,)
        span = s if a is None else k % 2 + a
        if 1 <= span <= s:  # other sizes TensorFlow refuses
            yield (max(k - span, 0) // 2,), (span,)


def plans_of_tensorflow(k, s):
    for span in range(-6, k + s + 1):
        if (span - k) // s == 0:  # VALID: (output - kernel) // stride + 1 is the input's size
            yield (0,), (span,)
        if -(-span // s) == 1:  # SAME: ceil(output / stride) is
            yield (max(k - span, 0) // 2,), (span,)


@pytest.mark.parametrize("to", ["torch", "onnx", "keras", "tensorflow", "jax"])
@pytest.mark.parametrize("kernel, stride", list(product(range(1, 5), range(1, 4))))
def test_a_layer_says_it_all_where_the_framework_has_a_setting_for_it(kernel, stride, to):
    """Each framework's settings in one dimension tried out, by its own rules: none is overlooked."""
    weight = np.arange(1, 1 + kernel).reshape(kernel, 1, 1)
    for before, after in product(range(-1, 4), range(-4, 5)):
        pads = ((kernel - 1 - before, kernel - 1 - after),)
        settings = {"strides": (stride,), "padding": pads, "transpose_kernel": True}
        translation = translate(Layer("jax", weight, settings=settings), to)
        wanted = (before,), (kernel - before - after,)
        sayable = to == "jax" or wanted in set(globals()[f"plans_of_{to}"](kernel, stride))
        assert translation.exact == sayable, (before, after)
        assert bool(translation.note) != sayable


@pytest.mark.parametrize(
    ("to", "crop", "said", "rest"),
    [  # kernel 4, stride 3
        ("torch", (3, 1), {"padding": (3,), "output_padding": (2,)}, (0, 0)),
        ("torch", (2, 3), {"padding": (2,), "output_padding": (0,)}, (0, 1)),
        ("torch", (5, 1), {"padding": (1,), "output_padding": (0,)}, (4, 0)),
        ("torch", (-1, -3), {"padding": (0,), "output_padding": (2,)}, (-1, -1)),
        ("torch", (1, -4), {"padding": (0,), "output_padding": (2,)}, (1, -2)),
        ("onnx", (-1, 2), {"pads": [0, 2], "output_padding": [0]}, (-1, 0)),
        ("onnx", (2, -4), {"pads": [2, 0], "output_padding": [2]}, (0, -2)),
        ("keras", (1, -4), {"padding": "valid", "output_padding": (2,)}, (1, -2)),
        ("keras", (-1, 2), {"padding": "valid", "output_padding": (0,)}, (-1, 2)),
        ("tensorflow", (1, -4), {"padding": "VALID"}, (1, -2)),
        ("tensorflow", (-1, 2), {"padding": "VALID"}, (-1, 2)),
    ],
)
def test_what_is_left_to_do(to, crop, said, rest):
    """As much as possible is said by the layer, and no cell that is wanted is lost: worked by hand."""
    pads = ((3 - crop[0], 3 - crop[1]),)
    settings = {"strides": (3,), "padding": pads, "transpose_kernel": True}
    translation = translate(Layer("jax", np.arange(1, 5).reshape(4, 1, 1), settings=settings), to)
    assert {name: translation.layer.settings[name] for name in said} == said
    assert translation.crop == (rest,)
    if any(rest):
        assert translation.note == f"Left to do after the layer: {FRAMEWORKS[to].LIMIT}."
        assert repr(translation).endswith(f", then crop {(rest,)})")


@pytest.mark.parametrize("spoil", ["weight", "channels", "bias", "larger inputs"])
def test_what_the_check_on_numbers_sees(monkeypatch, spoil):
    """Each part of a translation made wrong alone: asymmetric numbers at two sizes notice it."""
    from lib.dialects import tensorflow

    def spoiled(plan):
        said = express(plan)
        if spoil == "weight":
            return said._replace(weight=np.flip(said.weight, 0))
        if spoil == "channels":
            return said._replace(weight=np.flip(said.weight, -1))
        if spoil == "bias":
            return said._replace(crop=((-1, 1),))  # a cell of zeros to add before the bias
        said.settings["output_shape"].__class__ = Wrong  # right for 3 cells alone
        return said

    class Wrong(tensorflow.OutputShape):
        def __call__(self, input_shape):
            batch, cells, channels = super().__call__(input_shape)
            return [batch, cells + (input_shape[1] > 3), channels]

    express = tensorflow.express
    layer = Layer("torch", np.arange(1, 13).reshape(2, 2, 3), np.array([5, 6]), {"stride": 3})
    assert translate(layer, "tensorflow").exact
    monkeypatch.setattr(tensorflow, "express", spoiled)
    with pytest.raises(AssertionError, match="is not torch"):
        translate(layer, "tensorflow")


def test_a_translation_says_what_it_is():
    layer = Layer("torch", np.arange(1, 4).reshape(1, 1, 3), settings={"stride": 2, "padding": 1})
    translation = translate(layer, "onnx")
    settings = {"strides": [2], "pads": [1, 1], "output_padding": [0], "dilations": [1], "group": 1}
    assert translation.layer.settings == settings and translation.exact and not translation.note
    assert repr(translation) == f"Translation(onnx: {settings})"


@pytest.mark.parametrize("to", ["keras", "jax"])
def test_groups_have_no_home_in(to):
    layer, size = LAYERS["groups"]
    with pytest.raises(ValueError, match="has no groups"):
        translate(layer, to, input_size=size)


def test_in_four_dimensions_jax_is_told_the_names_of_the_axes():
    rng = np.random.default_rng(4)
    layer = Layer(
        "onnx", rng.integers(-9, 10, (2, 3, 2, 1, 3, 2)), rng.integers(-9, 10, 3), {"pads": [0, 0, 1, 0] * 2}
    )
    translation = translate(layer, "jax")
    x = rng.integers(-9, 10, (2, 2, 3, 4, 2, 3))
    result = translation(np.moveaxis(x, 1, -1))
    assert np.array_equal(np.moveaxis(result, -1, 1), layer(x))
    lhs, rhs, out = translation.layer.settings["dimension_numbers"]
    assert lhs == out and (lhs[0], lhs[-1], rhs[-2:]) == ("N", "C", "IO")[:2] + ("IO",)
    assert lhs[1:-1] == rhs[:-2] and len(set(lhs + "IO")) == 8  # eight letters, none twice


def test_a_long_call_is_written_one_argument_a_line():
    """At most 100 letters stand on a line."""
    fits = call("f", "a" * (100 - len("f('', b=2)")), b=2)
    assert len(fits) == 1 and len(fits[0]) == 100
    name = "a" * len(fits[0])
    assert call("f", name, b=2) == ["f(", f"    '{name}',", "    b=2,", ")"]
    assert call("f", "x", raw=True, b="y") == ["f(x, b=y)"]
    assert len(call("f", "a" * (101 - len("f('', b=2)")), b=2)) == 4
