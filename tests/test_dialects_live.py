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


def as_given(framework, array):
    """An array as a framework's own layers take it."""
    if framework == "torch":
        import torch

        return torch.tensor(array, dtype=torch.float32)
    if framework == "tensorflow":
        import tensorflow

        return tensorflow.constant(array, tensorflow.float32)
    return np.asarray(array, np.float32)


def as_array(value):
    return np.asarray(value.detach() if hasattr(value, "detach") else value)


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
    names = {"x": as_given(to, x), "weight": translation.layer.weight.astype(np.float32)}
    if layer.bias is not None:
        names["bias"] = layer.bias.astype(np.float32)
    exec(translation.code, names)
    result = as_array(names["y"])
    first = np.transpose(result, np.argsort(translation.layer.plan(x).write))
    assert np.array_equal(np.transpose(first, plan.write), arrays["output"])


@pytest.mark.parametrize("name", ["torch_ops", "torch_dialect", "tensorflow", "keras", "jax", "onnx"])
def test_the_versions_are_recorded(name):
    assert {"numpy"} < versions(name).keys()
