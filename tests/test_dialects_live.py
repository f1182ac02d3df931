"""The real frameworks, where they are installed: the stored data, and every line that `translate` prints.

Skipped, one framework at a time, where a framework is missing. TensorFlow, Keras and JAX run in float32, on
integers.
"""

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest
from stored import label, load, versions
from test_dialects_translate import accepted, carry, why_not
from translate_cases import GOLDEN, NAMES, arrays, compiled, run, translation_of

from lib.dialects import translate

ORACLES = Path(__file__).parents[1] / "tools" / "oracles"
NEEDS = {
    "torch": ["torch"],
    "tensorflow": ["tensorflow"],
    "keras": ["keras"],
    "jax": ["jax", "flax"],
    "onnx": ["onnx", "onnxruntime"],
}


@pytest.fixture
def oracle(request):
    """The module that made the stored data of a framework; skips where the framework is missing."""
    framework = request.param
    for module in NEEDS[framework]:
        pytest.importorskip(module)
    sys.path.insert(0, str(ORACLES))
    try:
        return importlib.import_module(f"make_{framework}")
    finally:
        sys.path.remove(str(ORACLES))


def stored(framework, every=5):
    name = "torch_dialect" if framework == "torch" else framework
    chosen = [case for case in load(name) if "layer" not in case and "module" not in case][
        :: 1 if framework == "torch" else every
    ]
    return [pytest.param(framework, case, id=f"{framework}: {label(case)}") for case in chosen]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("oracle, case", [c for f in NEEDS for c in stored(f)], indirect=["oracle"])
def test_the_stored_data_are_what_the_framework_says(oracle, case):
    run = getattr(oracle, "run_function", oracle.run)
    settings = {"xla": True} if case.get("engine") == "XLA" else {}
    given = {role: array for role, array in case["arrays"].items() if role in ("input", "weight", "bias")}
    if "refused" in case:
        with pytest.raises(Exception):  # noqa: B017 (frameworks refuse with every kind of exception)
            run(case["call"], given, **settings)
    elif case.get("refused_by") and __import__("keras").backend.backend() in case["refused_by"]:
        pytest.skip("this backend refuses it")
    else:
        assert np.array_equal(run(case["call"], given, **settings), case["arrays"]["output"])


def skip_what_keras_cannot(framework, translation):
    if framework == "keras" and np.max(translation.layer.settings["dilation_rate"]) > 1:
        keras = pytest.importorskip("keras")
        if keras.backend.backend() == "tensorflow":
            pytest.skip("TensorFlow has no dilation here on CPUs")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", NAMES)
def test_a_golden_file_gives_the_numbers_of_its_layer(name):
    """The file itself is run, not what translate prints today."""
    (layer, _, framework), (_, translation) = name.partition("."), translation_of(name)
    for module in NEEDS[framework]:
        pytest.importorskip(module)
    skip_what_keras_cannot(framework, translation)
    x, wanted = arrays(layer, translation)
    code = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    assert np.array_equal(run(framework, code, translation, x), wanted)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ["doubled", "uneven", "same-odd", "volume", "jax"])
def test_tensorflow_s_lines_work_where_batch_and_size_are_not_known(name):
    tensorflow = pytest.importorskip("tensorflow")
    _, translation = translation_of(f"{name}.tensorflow")
    x, wanted = arrays(name, translation)
    names = {"weight": translation.layer.weight.astype("float32"), "x": tensorflow.constant(x, "float32")}
    if translation.layer.bias is not None:
        names["bias"] = translation.layer.bias.astype("float32")
    known = [None, *x.shape[1:]]
    for shape in (known, [None] * (x.ndim - 1) + [x.shape[-1]]):
        y = compiled(translation.code, names, [tensorflow.TensorSpec(shape, "float32")])
        assert np.array_equal(y, wanted)


@pytest.mark.parametrize("name", ["doubled", "uneven", "same-odd", "holes", "added", "volume", "jax"])
def test_the_pairs_for_jax_are_those_of_a_flax_layer(name):
    flax = pytest.importorskip("flax.linen")
    _, translation = translation_of(f"{name}.jax")
    x, wanted = arrays(name, translation)
    settings, weight = translation.layer.settings, translation.layer.weight
    layer = flax.ConvTranspose(
        features=weight.shape[-2],
        kernel_size=weight.shape[:-2],
        strides=settings["strides"],
        padding=settings["padding"],
        kernel_dilation=settings["rhs_dilation"],
        transpose_kernel=True,
        use_bias=translation.layer.bias is not None,
    )
    parameters = {"kernel": weight.astype("float32")}
    if translation.layer.bias is not None:
        parameters["bias"] = translation.layer.bias.astype("float32")
    assert np.array_equal(layer.apply({"params": parameters}, x.astype("float32")), wanted)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("to", NEEDS)
@pytest.mark.parametrize("layer, arrays", [c for f in NEEDS for c in accepted(f, every=13)])
def test_the_printed_code_gives_the_same_numbers(layer, arrays, to):
    """Stored output of one framework == the code that translate prints, run by the other framework."""
    for module in NEEDS[to]:
        pytest.importorskip(module)
    plan = layer.plan(arrays["input"])
    if why_not(layer, plan, to):
        return
    size = [arrays["input"].shape[axis] for axis in plan.read[2:]]
    translation = translate(layer, to, input_size=size)
    x = carry(arrays["input"], layer, translation.layer)
    skip_what_keras_cannot(to, translation)
    result = run(to, translation.code, translation, x)
    first = np.transpose(result, np.argsort(translation.layer.plan(x).write))
    assert np.array_equal(np.transpose(first, plan.write), arrays["output"])


@pytest.mark.parametrize("name", ["torch_ops", "torch_dialect", "tensorflow", "keras", "jax", "onnx"])
def test_the_versions_are_recorded(name):
    assert {"numpy"} < versions(name).keys()
