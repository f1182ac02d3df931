"""What Keras computes: ``tests/data/keras.npz``, the oracle of ``lib.dialects.keras_conv_transpose``.

Run in an environment that has keras, tensorflow and jax:  python tools/oracles/make_keras.py

A case has ``call``, the keyword arguments of ``keras.ops.conv_transpose`` after ``inputs`` and ``kernel``,
and the arrays ``input``, ``weight`` and ``output``; or ``refused``. Each was asked of Keras on TensorFlow
and on JAX; where both answered, they answered the same (this script stops if not). ``refused_by`` names the
backends that refused and ``layer_refused`` what ``keras.layers.ConvNDTranspose`` says, if it refuses these
settings.

Not stored, because the whole process ends: negative strides (Keras on TensorFlow 2.21), an output of no
cells (on JAX 0.10.2: "same", an even kernel, output_padding 0 and an input of one cell).
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from store import first_line, ramp, write

BACKENDS = ("tensorflow", "jax")


def run(call, arrays):
    """The answer of Keras on the backend of this process, as an array."""
    import keras

    output = keras.ops.conv_transpose(
        arrays["input"].astype("float32"), arrays["weight"].astype("float32"), **call
    )
    return np.asarray(output)


def build_layer(call, arrays):
    """Build the layer with the same settings; only for what it refuses."""
    import keras

    dims = arrays["weight"].ndim - 2
    settings = {"strides": 1, "padding": "valid"} | call
    getattr(keras.layers, f"Conv{dims}DTranspose")(1, arrays["weight"].shape[:dims], **settings)


def answer(backend):
    """Answer all cases on one backend and print the answers as JSON."""
    answers = []
    for _, call, arrays in all_cases():
        try:
            output = run(call, arrays)
            answers.append({"output": np.rint(output).astype(int).ravel().tolist(), "shape": output.shape})
            assert np.array_equal(np.rint(output), output)
        except Exception as error:
            answers.append({"refused": first_line(error)})
        try:
            build_layer(call, arrays)
        except Exception as error:
            answers[-1]["layer_refused"] = first_line(error)
    print(json.dumps(answers))


def random_case(rng, dims, number):
    first = bool(rng.random() < 0.3)
    in_channels, out_channels = (int(c) for c in rng.choice(4, 2, replace=False) + 1)
    kernel = [int(k) for k in rng.integers(1, {1: 6, 2: 5, 3: 4}[dims] + 1, dims)]
    dilated = bool(rng.random() < 0.3)
    stride = [1 if dilated and rng.random() < 0.7 else int(s) for s in rng.integers(1, 4, dims)]
    dilation = [int(d) for d in rng.integers(1, 4, dims)] if dilated else [1] * dims
    size = [int(i) for i in rng.integers(2, {1: 6, 2: 4, 3: 3}[dims] + 1, dims)]
    batch = 1 + number % 2
    call = {"strides": stride, "padding": str(rng.choice(["same", "valid"]))}
    if rng.random() < 0.6:
        call["output_padding"] = [int(rng.integers(0, s)) for s in stride]
    call |= {"dilation_rate": dilation} if dilated else {}
    call |= {"data_format": "channels_first"} if first else {}
    shape = [batch, in_channels, *size] if first else [batch, *size, in_channels]
    arrays = {"input": rng.integers(-9, 10, shape), "weight": ramp(*kernel, out_channels, in_channels)}
    return f"{dims}-D {number}", call, arrays


def all_cases():
    rng = np.random.default_rng(20240503)
    for dims, count in {1: 60, 2: 100, 3: 40}.items():
        for number in range(count):
            yield random_case(rng, dims, number)
    line = {"input": 10 ** np.arange(3).reshape(1, 3, 1)}
    for padding in ("same", "valid"):  # output_padding None, 0, 1, ... beside each other
        for kernel in (1, 2, 3, 4, 5):
            for stride in (1, 2, 3):
                for a in (None, *range(stride + 1)):
                    call = {"strides": stride, "padding": padding, "output_padding": a}
                    yield (
                        f"{padding}: kernel {kernel}, stride {stride}, output_padding {a}",
                        call,
                        line | {"weight": ramp(kernel, 1, 1)},
                    )
        for stride, dilation in ((1, 2), (1, 3), (2, 2), (3, 2), (2, 3)):
            call = {"strides": stride, "padding": padding, "dilation_rate": dilation}
            yield (
                f"{padding}: kernel 3, stride {stride}, dilation_rate {dilation}",
                call,
                line | {"weight": ramp(3, 1, 1)},
            )
    plane = {"input": ramp(1, 3, 2, 2), "weight": ramp(3, 2, 3, 2)}
    good = {"strides": [2, 3], "padding": "same"}
    rules = {
        "as it should be": {},
        "padding in capitals": {"padding": "SAME"},
        "padding full": {"padding": "full"},
        "padding causal": {"padding": "causal"},
        "padding an int": {"padding": 1},
        "strides 0": {"strides": [0, 1]},
        "strides of three": {"strides": [2, 3, 1]},
        "dilation_rate 0": {"strides": 1, "dilation_rate": [0, 1]},
        "output_padding per axis": {"output_padding": [1, 2]},
        "output_padding None on one axis": {"output_padding": [1, None]},
        "output_padding of the stride on one axis": {"output_padding": [1, 3]},
        "data_format channels_last": {"data_format": "channels_last"},
        "data_format NHWC": {"data_format": "NHWC"},
        "one axis strided, the other dilated": {"strides": [2, 1], "dilation_rate": [1, 2]},
    }
    for name, change in rules.items():
        yield name, good | change, plane
    yield "padding is valid when not given", {"strides": 2}, plane
    yield "strides are 1 when not given", {}, plane
    yield (
        "channels first",
        good | {"data_format": "channels_first"},
        {"input": ramp(1, 2, 3, 2), "weight": plane["weight"]},
    )
    yield "kernel of other input channels", good, plane | {"weight": ramp(3, 2, 3, 4)}
    yield "kernel with in and out exchanged", good, plane | {"weight": ramp(3, 2, 2, 3)}
    yield "groups: one channel of kernel for two of input", good, plane | {"weight": ramp(3, 2, 3, 1)}
    yield "batch 0", good, plane | {"input": ramp(0, 3, 2, 2)}


def main():
    if len(sys.argv) > 1:
        answer(sys.argv[1])
        return
    answers = {}
    for backend in BACKENDS:
        environment = {
            **os.environ,
            "KERAS_BACKEND": backend,
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "CUDA_VISIBLE_DEVICES": "-1",
        }
        done = subprocess.run(
            [sys.executable, __file__, backend], env=environment, capture_output=True, text=True, check=True
        )
        answers[backend] = json.loads(done.stdout.splitlines()[-1])
    cases = []
    for (name, call, arrays), *both in zip(all_cases(), *answers.values(), strict=True):
        case = {"name": name, "call": call, "arrays": arrays}
        outputs = [np.reshape(a["output"], a["shape"]) for a in both if "output" in a]
        if any(not np.array_equal(outputs[0], other) for other in outputs[1:]):
            raise SystemExit(f"the backends disagree: {name} {call}")
        if outputs:
            case["arrays"] = {**arrays, "output": outputs[0]}
        else:
            case["refused"] = both[0]["refused"]
        case["refused_by"] = [backend for backend, a in zip(BACKENDS, both) if "refused" in a]
        case |= {"layer_refused": both[0]["layer_refused"]} if "layer_refused" in both[0] else {}
        cases.append(case)
    import jax
    import keras
    import tensorflow

    versions = {module.__name__: module.__version__ for module in (keras, tensorflow, jax, np)}
    write("keras", cases, versions, "tools/oracles/make_keras.py")


if __name__ == "__main__":
    main()
