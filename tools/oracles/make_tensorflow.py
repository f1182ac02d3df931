"""What TensorFlow computes: ``tests/data/tensorflow.npz``, the oracle of ``lib.dialects.tf_conv_transpose``.

Run in an environment that has TensorFlow:  python tools/oracles/make_tensorflow.py

A case has ``call``, the keyword arguments of ``tf.nn.conv_transpose`` after ``input`` and ``filters``, and
the arrays ``input``, ``weight`` and ``output``; or ``refused``. Groups have no argument: they follow from
the channels of output_shape (undocumented; exact in 1-D and 2-D, refused in 3-D). ``engine`` is "XLA" where
TensorFlow's plain CPU kernels said that they do not support the setting yet (dilation with explicit
padding, for one) and its compiler was asked instead.

Not stored: an output_shape of three entries in 2-D, with which TensorFlow 2.21 ends the whole process.
"""

import os
import re
import sys
from pathlib import Path

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")

import numpy as np
import tensorflow as tf

sys.path.insert(0, str(Path(__file__).parent))
from store import observe, ramp, write


def run(call, arrays, xla=False):
    """The framework's own answer, as an array."""

    def operator(input, weight):
        return tf.nn.conv_transpose(input, weight, **call)

    operator = tf.function(operator, jit_compile=True) if xla else operator
    return operator(
        tf.constant(arrays["input"], tf.float32), tf.constant(arrays["weight"], tf.float32)
    ).numpy()


def case(name, call, arrays, doubtful=False):
    plain = observe(name, run, call, arrays)
    if doubtful and "refused" not in plain:
        # The CPU kernels divide towards zero and take outputs smaller than the kernel; the compiler does not.
        compiled = observe(name, lambda *given: run(*given, xla=True), call, arrays, engine="XLA")
        return compiled if "refused" in compiled else plain
    if re.search(r"do not yet support|only supports|not supported on CPU", plain.get("refused", "")):
        compiled = observe(name, lambda *given: run(*given, xla=True), call, arrays, engine="XLA")
        return plain if "refused" in compiled else compiled
    return plain


def random_case(rng, dims, number):
    """Settings with no symmetry; now and then a size that the forward convolution does not take back."""
    channels_first = bool(rng.random() < 0.3)
    groups = int(rng.choice([1, 1, 1, 2, 3])) if dims < 3 else 1
    in_per_group, out_per_group = (int(c) for c in rng.choice(3 if groups > 1 else 4, 2, replace=False) + 1)
    in_channels, out_channels = groups * in_per_group, groups * out_per_group
    kernel = [int(k) for k in rng.integers(1, {1: 6, 2: 5, 3: 4}[dims] + 1, dims)]
    stride = [int(s) for s in rng.integers(1, 4, dims)]
    dilation = [int(d) for d in rng.integers(1, 4, dims)] if rng.random() < 0.3 else [1] * dims
    size = [int(i) for i in rng.integers(1, {1: 6, 2: 4, 3: 3}[dims] + 1, dims)]
    reach = [d * (k - 1) + 1 for d, k in zip(dilation, kernel)]
    padding = str(rng.choice(["SAME", "VALID"]))
    pads = [[0, 0]] * dims
    if dims == 2 and rng.random() < 0.5:
        pads = [[int(rng.integers(0, r + 1)), int(rng.integers(0, r + 1))] for r in reach]
        padding = [[0, 0], [0, 0], *pads] if channels_first else [[0, 0], *pads, [0, 0]]
    if padding == "SAME":
        lowest = [s * (i - 1) + 1 for s, i in zip(stride, size)]
    else:
        lowest = [s * (i - 1) + r - sum(p) for s, i, r, p in zip(stride, size, reach, pads)]
    output = [low + int(rng.integers(0, s)) for low, s in zip(lowest, stride)]
    if number % 6 == 5:
        axis = int(rng.integers(dims))
        output[axis] += int(rng.choice([-stride[axis], stride[axis]]))
    if min(output) < 1:
        return None
    batch = 1 + number % 2
    ordered = [[batch, *size, in_channels], [batch, *output, out_channels], "N" + "DHW"[-dims:] + "C"]
    if channels_first:
        ordered = [[batch, in_channels, *size], [batch, out_channels, *output], "NC" + "DHW"[-dims:]]
    input_shape, output_shape, data_format = ordered
    call = {"output_shape": output_shape, "strides": stride, "padding": padding}
    call |= {"data_format": data_format} if channels_first or rng.random() < 0.3 else {}
    call |= {"dilations": dilation} if max(dilation) > 1 else {}
    arrays = {"input": rng.integers(-9, 10, input_shape), "weight": ramp(*kernel, out_per_group, in_channels)}
    kind = padding if isinstance(padding, str) else "explicit"
    return case(f"{dims}-D {kind} {number}", call, arrays, doubtful=number % 6 == 5)


def line(kernel, size=3):
    return {"input": 10 ** np.arange(size).reshape(1, size, 1), "weight": ramp(kernel, 1, 1)}


def plane(kernel=(3, 2), in_channels=2, out_channels=1):
    return {"input": ramp(1, 3, 2, in_channels), "weight": ramp(*kernel, out_channels, in_channels)}


def rule_cases():
    for padding in (
        "SAME",
        "VALID",
    ):  # which output sizes of one axis are accepted, and which cells they hold
        for kernel, stride in ((1, 2), (2, 2), (3, 2), (4, 2), (5, 2), (2, 4), (3, 1), (4, 1), (5, 3)):
            for size in range(2 * stride, 3 * stride + kernel + 1):
                yield case(
                    f"{padding}: kernel {kernel}, stride {stride}, 3 to {size}",
                    {"output_shape": [1, size, 1], "strides": stride, "padding": padding},
                    line(kernel),
                )
    for pads in ([0, 0], [1, 0], [0, 1], [1, 2], [3, 0], [0, 4]):
        for size in range(2, 9):
            yield case(
                f"explicit: kernel 3, stride 2, pads {pads}, 3 to {size}",
                {
                    "output_shape": [1, size, 3, 1],
                    "strides": [2, 1],
                    "padding": [[0, 0], pads, [0, 0], [0, 0]],
                },
                plane(),
            )

    two = {"output_shape": [1, 7, 3, 1], "strides": [2, 1], "padding": "VALID"}
    yield case("2-D as it should be", two, plane())
    yield case("padding is SAME when not given", {"output_shape": [1, 6, 2, 1], "strides": [2, 1]}, plane())
    changes = {
        "strides of four": {"strides": [1, 2, 1, 1]},
        "strides of four, batch": {"strides": [2, 2, 1, 1]},
        "strides of four, channels": {"strides": [1, 2, 1, 2]},
        "strides of three": {"strides": [2, 1, 1]},
        "strides 0": {"strides": [0, 1]},
        "strides negative": {"strides": [-1, 1]},
        "strides of one": {"strides": [2], "output_shape": [1, 7, 4, 1]},
        "strides an int": {"strides": 2, "output_shape": [1, 7, 4, 1]},
        "dilations of four": {"dilations": [1, 2, 1, 1], "output_shape": [1, 9, 3, 1]},
        "dilations of four, channels": {"dilations": [1, 1, 1, 2]},
        "dilations 0": {"dilations": [0, 1]},
        "dilations an int": {"dilations": 2, "output_shape": [1, 9, 4, 1]},
        "padding lower case": {"padding": "valid"},
        "padding of another name": {"padding": "FULL"},
        "padding negative": {"padding": [[0, 0], [-1, 0], [0, 0], [0, 0]], "output_shape": [1, 8, 3, 1]},
        "padding of the batch": {"padding": [[1, 0], [0, 0], [0, 0], [0, 0]]},
        "padding of the channels": {"padding": [[0, 0], [0, 0], [0, 0], [0, 1]]},
        "padding of spatial axes alone": {"padding": [[1, 0], [0, 0]], "output_shape": [1, 6, 3, 1]},
        "padding an int": {"padding": 1, "output_shape": [1, 5, 1, 1]},
        "padding explicit and dilations": {
            "padding": [[0, 0], [2, 1], [0, 0], [0, 0]],
            "dilations": [2, 1],
            "output_shape": [1, 6, 3, 1],
        },
        "data_format of another order": {"data_format": "HWNC"},
        "data_format of 3-D": {"data_format": "NDHWC"},
        "output_shape of another batch": {"output_shape": [2, 7, 3, 1]},
        "groups: twice the output channels of the weight": {"output_shape": [1, 7, 3, 2]},
        "output_shape with channels that divide no input": {"output_shape": [1, 7, 3, 3]},
        "output_shape of spatial axes alone": {"output_shape": [7, 3]},
        "output_shape of five": {"output_shape": [1, 7, 3, 1, 1]},
        "output_shape an int": {"output_shape": 7},
    }
    for name, change in changes.items():
        yield case(name, two | change, plane())
    yield case(
        "channels first",
        {**two, "output_shape": [1, 1, 7, 3], "data_format": "NCHW"},
        {"input": ramp(1, 2, 3, 2), "weight": ramp(3, 2, 1, 2)},
    )
    yield case("weight of other input channels", two, {"input": ramp(1, 3, 2, 2), "weight": ramp(3, 2, 1, 3)})
    yield case(
        "weight with in and out exchanged", two, {"input": ramp(1, 3, 2, 2), "weight": ramp(3, 2, 2, 1)}
    )
    yield case(
        "groups: one channel of weight for two of input",
        two,
        {"input": ramp(1, 3, 2, 2), "weight": ramp(3, 2, 1, 1)},
    )
    yield case("weight with too few axes", two, {"input": ramp(1, 3, 2, 2), "weight": ramp(3, 1, 2)})
    yield case(
        "batch 0",
        two | {"output_shape": [0, 7, 3, 1]},
        {"input": ramp(0, 3, 2, 2), "weight": ramp(3, 2, 1, 2)},
    )
    yield case(
        "1-D: explicit padding",
        {"output_shape": [1, 6, 1], "strides": 2, "padding": [[0, 0], [1, 0], [0, 0]]},
        line(3),
    )
    yield case(
        "1-D: output_shape of the spatial axis alone",
        {"output_shape": [7], "strides": 2, "padding": "VALID"},
        line(3),
    )
    yield case(
        "1-D: strides of three",
        {"output_shape": [1, 7, 1], "strides": [1, 2, 1], "padding": "VALID"},
        line(3),
    )
    yield case(
        "1-D: dilations",
        {"output_shape": [1, 9, 1], "strides": 2, "padding": "VALID", "dilations": 2},
        line(3),
    )
    three = {"output_shape": [1, 7, 2, 3, 1], "strides": [2, 1, 1], "padding": "VALID"}
    arrays = {"input": ramp(1, 3, 2, 2, 2), "weight": ramp(3, 1, 2, 1, 2)}
    yield case("3-D as it should be", three, arrays)
    yield case(
        "3-D: explicit padding",
        three | {"output_shape": [1, 6, 2, 3, 1], "padding": [[0, 0], [1, 0], [0, 0], [0, 0], [0, 0]]},
        arrays,
    )
    yield case("3-D: output_shape of spatial axes alone", three | {"output_shape": [7, 2, 3]}, arrays)
    yield case("3-D: groups", three | {"output_shape": [1, 7, 2, 3, 2]}, arrays)
    yield case("3-D: strides of five", three | {"strides": [1, 2, 1, 1, 1]}, arrays)


def main():
    rng = np.random.default_rng(20240502)
    counts = {1: 60, 2: 120, 3: 50}
    cases = [random_case(rng, dims, number) for dims, count in counts.items() for number in range(count)]
    cases = [case for case in cases if case is not None] + list(rule_cases())
    write(
        "tensorflow",
        cases,
        {"tensorflow": tf.__version__, "numpy": np.__version__},
        "tools/oracles/make_tensorflow.py",
    )


if __name__ == "__main__":
    main()
