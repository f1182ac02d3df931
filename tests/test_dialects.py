"""Every dialect against what its framework really computed and refused (stored; see tools/oracles)."""

import numpy as np
import pytest
from stored import label, load

from lib import conv, conv_backward, conv_transpose, dialects

DIALECTS = {
    "tensorflow": dialects.tf_conv_transpose,
    "keras": dialects.keras_conv_transpose,
    "jax": dialects.jax_conv_transpose,
    "onnx": dialects.onnx_conv_transpose,
    "torch": dialects.torch_conv_transpose,
}


def as_tuples(value):
    return tuple(as_tuples(entry) for entry in value) if isinstance(value, list) else value


def cases(framework):
    """(framework, case) of every stored call of the framework's own function."""
    if framework == "torch":
        chosen = [case for case in load("torch_ops") if case["op"] == "conv_transpose"]
        chosen = [{**case, "call": case["settings"]} for case in chosen]
        chosen += [case for case in load("torch_dialect") if "module" not in case]
    else:
        chosen = [case for case in load(framework) if "layer" not in case]
    return [pytest.param(framework, case, id=f"{framework}: {label(case)}") for case in chosen]


def ask(framework, case):
    arrays = [case["arrays"][role] for role in ("input", "weight", "bias") if role in case["arrays"]]
    call = {name: as_tuples(value) for name, value in case["call"].items()}
    return DIALECTS[framework](*arrays, *call.pop("positional", ()), **call)


def documented_refusal(case):
    """keras.ops computes output_padding >= strides on some backends; its documentation refuses it."""
    return "output_padding" in case.get("layer_refused", "") and "less than" in case["layer_refused"]


EVERYTHING = [case for framework in DIALECTS for case in cases(framework)]


def test_there_is_enough_to_compare():
    for framework in DIALECTS:
        stored = [case.values[1] for case in cases(framework)]
        assert sum("refused" in case for case in stored) >= 9
        for axes in (1, 2, 3):
            assert (
                sum(case["arrays"]["weight"].ndim == axes + 2 and "refused" not in case for case in stored)
                >= 35
            )


@pytest.mark.parametrize("framework, case", EVERYTHING)
def test_same_numbers_and_same_refusals(framework, case):
    before = {role: array.copy() for role, array in case["arrays"].items()}
    strides_of_zero = (
        framework == "keras" and case["name"] == "strides 0"
    )  # TensorFlow lets an empty output pass
    if "refused" in case or documented_refusal(case) or strides_of_zero:
        with pytest.raises((ValueError, TypeError)):
            ask(framework, case)
    else:
        output = ask(framework, case)
        assert output.shape == case["arrays"]["output"].shape
        assert np.array_equal(output, case["arrays"]["output"])
    assert all(np.array_equal(case["arrays"][role], array) for role, array in before.items())


@pytest.mark.parametrize("case", [c for c in load("torch_dialect") if "module" in c], ids=label)
def test_torch_output_size(case):
    """ConvTransposeNd.forward(input, output_size=...)."""
    arrays, call = case["arrays"], dict(case["call"])
    wanted = tuple(call.pop("output_size"))
    sizes = arrays["input"].shape[2:], wanted, arrays["weight"].shape[2:]
    if "refused" in case:
        with pytest.raises(ValueError, match="output_size must lie between"):
            dialects.torch_output_padding(*sizes, **call)
    else:
        extra = dialects.torch_output_padding(*sizes, **call)
        output = dialects.torch_conv_transpose(
            arrays["input"], arrays["weight"], output_padding=extra, **call
        )
        assert np.array_equal(output, arrays["output"])


@pytest.mark.parametrize("case", [c for c in load("jax") if "flax" in c.get("layer", "")], ids=label)
def test_flax_is_jax(case):
    """flax.linen.ConvTranspose: jax.lax.conv_transpose with a bias."""
    arrays, call = case["arrays"], {name: as_tuples(value) for name, value in case["call"].items()}
    kernel = arrays["weight"]
    settings = {
        "rhs_dilation": call.get("kernel_dilation"),
        "transpose_kernel": call.get("transpose_kernel", False),
    }
    if (
        "refused" in case
    ):  # the kernel's shape is checked against features: (*kernel_size, features, in) when transposed
        assert settings["transpose_kernel"] and kernel.shape[-2] != call["features"]
    else:
        output = dialects.jax_conv_transpose(
            arrays["input"], kernel, call["strides"], call["padding"], **settings
        )
        assert np.array_equal(output + arrays["bias"], arrays["output"])


@pytest.mark.parametrize(
    ("padding", "kernel", "wanted"),
    [
        ("same", 3, [8, 14, 20, 26, 14]),
        ("same", 4, [20, 30, 40, 26, 14]),
        ("SAME", 4, [11, 20, 30, 40, 26]),
        ("Same_Lower", 4, [11, 20, 30, 40, 26]),
        ("valid", 3, [14, 20, 26]),
        ("VALID", 3, [3, 8, 14, 20, 26, 14, 5]),
        ("valid", 6, []),
    ],
)
def test_jax_with_stride_1_takes_other_words_for_those_of_a_plain_convolution(padding, kernel, wanted):
    """Numbers of JAX 0.10.2."""
    x, w = np.arange(1, 6).reshape(1, 5, 1), np.arange(1, kernel + 1).reshape(kernel, 1, 1)
    assert dialects.jax_conv_transpose(x, w, (1,), padding).ravel().tolist() == wanted
    if padding not in ("SAME", "VALID"):
        for settings in ({"strides": (2,)}, {"strides": (1,), "use_consistent_padding": True}):
            with pytest.raises(ValueError, match="padding must be one of SAME, VALID"):
                dialects.jax_conv_transpose(x, w, padding=padding, **settings)


@pytest.mark.parametrize("case", [c for c in load("jax") if "haiku" in c.get("layer", "")], ids=label)
def test_haiku_is_jax_with_the_kernel_in_another_order(case):
    """The shape of TensorFlow's kernel, (*kernel_size, out, in), and yet no flip."""
    arrays, call = case["arrays"], case["call"]
    order = ("NHWC", "HWOI", "NHWC")
    settings = {"strides": call["stride"], "padding": call["padding"], "dimension_numbers": order}
    output = dialects.jax_conv_transpose(arrays["input"], arrays["weight"], **settings)
    assert np.array_equal(output, arrays["output"])


@pytest.mark.parametrize("case", [c for c in load("jax") if "equinox" in c.get("layer", "")], ids=label)
def test_equinox_crops_and_does_not_flip(case):
    """weight (out, in // groups, *k): flipped, its channels exchanged within each group, it is ours."""
    arrays, call, groups = case["arrays"], dict(case["call"]), case["call"]["groups"]
    out_channels, in_per_group, *kernel = arrays["weight"].shape
    blocks = np.flip(arrays["weight"], (2, 3)).reshape(groups, out_channels // groups, in_per_group, *kernel)
    weight = blocks.swapaxes(1, 2).reshape(groups * in_per_group, out_channels // groups, *kernel)
    settings = {k: call[k] for k in ("stride", "padding", "output_padding", "dilation") if k in call}
    if "refused" in case:  # output_padding must stay below stride, whatever the dilation
        assert max(call["output_padding"]) >= min(call["stride"])
    else:
        output = conv_transpose(arrays["input"][None], weight, groups=groups, **settings)[0]
        assert np.array_equal(output, arrays["output"])


@pytest.mark.parametrize("axes, stride", [(1, (2,)), (2, (2, 3)), (3, (1, 2, 3))])
def test_the_same_array_serves_both_directions(axes, stride):
    """In every framework but JAX by default: the adjoint of the convolution with this very array."""
    rng = np.random.default_rng(axes)
    size, kernel = (7, 8, 5)[:axes], (3, 2, 4)[:axes]
    big, weight = (
        rng.integers(-9, 10, (1, 2, *size)),
        np.arange(1, 1 + 6 * np.prod(kernel)).reshape(3, 2, *kernel),
    )
    small = rng.integers(-9, 10, conv(big, weight, stride=stride).shape)
    adjoint = conv_backward(small, big, weight, stride=stride)[0]
    last, kernel_last = (0, *range(2, axes + 2), 1), (*range(2, axes + 2), 1, 0)
    x, w, back = small.transpose(last), weight.transpose(kernel_last), (0, axes + 1, *range(1, axes + 1))
    extra = dialects.torch_output_padding(small.shape[2:], size, kernel, stride=stride)
    pads = [(0, -a) for a in extra]
    answers = {
        "torch": dialects.torch_conv_transpose(small, weight, stride=stride, output_padding=extra),
        "tensorflow": dialects.tf_conv_transpose(x, w, [1, *size, 2], stride, "VALID").transpose(back),
        "keras": dialects.keras_conv_transpose(x, w, stride, output_padding=extra).transpose(back),
        "jax": dialects.jax_conv_transpose(
            x, w, stride, pads, transpose_kernel=True, use_consistent_padding=True
        ).transpose(back),
        "onnx": dialects.onnx_conv_transpose(small, weight, strides=stride, output_padding=extra),
    }
    for framework, answer in answers.items():
        assert np.array_equal(answer, adjoint), framework
    flipped = np.flip(w, tuple(range(axes))).swapaxes(-1, -2)  # what JAX wants without transpose_kernel
    default = dialects.jax_conv_transpose(x, flipped, stride, pads, use_consistent_padding=True).transpose(
        back
    )
    assert np.array_equal(default, adjoint)


class TestMessages:
    """A refusal names the argument as the framework does, the rule, and what it got."""

    x, w = np.ones((1, 3, 4, 2)), np.ones((3, 2, 5, 2))

    def test_tensorflow(self):
        call = dialects.tf_conv_transpose
        with pytest.raises(
            ValueError, match=r"output_shape must be .* maps to the input's size \(3, 4\), got output_shape"
        ):
            call(self.x, self.w, [1, 9, 8, 5], strides=2)
        with pytest.raises(ValueError, match="padding must be one of SAME, VALID, got 'same'"):
            call(self.x, self.w, [1, 6, 8, 5], strides=2, padding="same")
        with pytest.raises(ValueError, match="output_shape must have the 5 channels of filters"):
            call(self.x, self.w, [1, 6, 8, 4], strides=2)
        with pytest.raises(ValueError, match="input has 2 channels, filters expects 3"):
            call(self.x, np.ones((3, 2, 5, 3)), [1, 6, 8, 5], strides=2)
        with pytest.raises(ValueError, match="strides must be 1 for batch and channels"):
            call(self.x, self.w, [1, 6, 8, 5], strides=[2, 2, 2, 1])
        with pytest.raises(TypeError, match=r"padding must be 'SAME' or 'VALID' in 1 dimension"):
            call(self.x[:, :, 0], self.w[:, 0], [1, 6, 5], strides=2, padding=[[0, 0], [1, 0], [0, 0]])
        with pytest.raises(
            TypeError, match="output_shape must be a sequence of 4 ints, with batch and channels"
        ):
            call(self.x, self.w, 6, strides=2)

    def test_keras(self):
        call = dialects.keras_conv_transpose
        with pytest.raises(
            ValueError,
            match=r"output_padding must be smaller than strides on .* got \(2, 2\), strides \(2, 2\)",
        ):
            call(self.x, self.w, strides=2, output_padding=2)
        with pytest.raises(ValueError, match="padding must be one of valid, same, got 'full'"):
            call(self.x, self.w, padding="full")
        with pytest.raises(
            ValueError,
            match=r"inputs has 2 channels, kernel expects 1: inputs \(1, 3, 4, 2\), kernel \(3, 2, 5, 1\)",
        ):
            call(self.x, self.w[..., :1])
        with pytest.raises(ValueError, match="data_format must be one of channels_last, channels_first"):
            call(self.x, self.w, data_format="NHWC")
        with pytest.raises(ValueError, match="output_padding must leave at least one cell"):
            call(self.x[:, :1], self.w[:2], padding="same", output_padding=0)

    def test_jax(self):
        call, kernel = dialects.jax_conv_transpose, self.w.swapaxes(2, 3)
        with pytest.raises(TypeError, match="strides must be a sequence of 2 ints"):
            call(self.x, kernel, 2, "SAME")
        with pytest.raises(ValueError, match="padding must be one of SAME, VALID"):
            call(self.x, kernel, (2, 2), "same")
        with pytest.raises(
            ValueError, match=r"padding must be 'SAME', 'VALID' or one \(before, after\) pair"
        ):
            call(self.x, kernel, (2, 2), ((1, 1),))
        with pytest.raises(ValueError, match="lhs has 2 channels, rhs expects 5"):
            call(self.x, kernel, (2, 2), "SAME", transpose_kernel=True)
        with pytest.raises(TypeError, match="dimension_numbers must be three words"):
            call(self.x, kernel, (2, 2), "SAME", dimension_numbers="NHWC")
        with pytest.raises(ValueError, match="padding must not cut away more than the stretched input"):
            call(self.x, kernel, (2, 2), ((-9, 0), (0, 0)))
        with pytest.raises(ValueError, match="dimension_numbers must be given for 4 spatial axes"):
            call(np.ones((1, 2, 2, 2, 2, 1)), np.ones((1, 1, 1, 1, 1, 1)), (1, 1, 1, 1), "SAME")

    def test_onnx(self):
        call, x, w = dialects.onnx_conv_transpose, np.ones((1, 4, 3, 2)), np.ones((4, 3, 3, 2))
        with pytest.raises(ValueError, match="pads must not be given with auto_pad"):
            call(x, w, pads=[0, 0, 0, 0], auto_pad="VALID")
        with pytest.raises(ValueError, match="group must divide the first axis of W, got group 3"):
            call(x, w, group=3)
        with pytest.raises(ValueError, match=r"B must have shape \(6,\), got \(3,\)"):
            call(x, w, np.ones(3), group=2)
        with pytest.raises(ValueError, match="kernel_shape must be that of W"):
            call(x, w, kernel_shape=[2, 3])
        with pytest.raises(ValueError, match="pads must leave at least one cell"):
            call(x, w, pads=[9, 0, 0, 0])
        with pytest.raises(ValueError, match="output_padding and output_shape must give a size"):
            call(x, w, strides=[2, 2], output_shape=[9, 6])
        with pytest.raises(ValueError, match="X and W must have"):
            call(x, w[0])

    def test_torch(self):
        call, x, w = dialects.torch_conv_transpose, np.ones((1, 4, 3, 2)), np.ones((4, 3, 3, 2))
        with pytest.raises(TypeError, match="padding must be an int"):
            call(x, w, padding="same")
        with pytest.raises(TypeError, match="padding must be an int"):
            call(x, w, padding=((1, 0), 1))
        with pytest.raises(ValueError, match="weight must have 1, 2 or 3 spatial axes"):
            call(np.ones((1, 1, 1, 1, 1, 1)), np.ones((1, 1, 1, 1, 1, 1)))

    def test_at_most_three_axes(self):
        for call in (lambda *a: dialects.tf_conv_transpose(*a, [1] * 6, 1), dialects.keras_conv_transpose):
            with pytest.raises(ValueError, match="must have at most 3 spatial axes"):
                call(np.ones((1,) * 6), np.ones((1,) * 6))


FLOATS = {"float32", "float64", "float16"}
INTS = {"int32", "int16", "int8", "uint8"}
# What each framework computed when asked (PyTorch 2.13, TensorFlow 2.21, Keras 3.15 on JAX, JAX 0.10, ONNX
# Runtime 1.32 and the ONNX operator); int64 stands for exact numbers everywhere.
TAKEN = {
    "torch": FLOATS | {"complex64", "complex128"},
    "tensorflow": FLOATS | {"int32"},
    "keras": FLOATS | INTS | {"complex64", "complex128"},
    "jax": FLOATS | INTS | {"complex64", "complex128"},
    "onnx": FLOATS,
}


def with_dtypes(framework, first, second, axes=1):
    """One call of a dialect with arrays of these dtypes."""
    if framework in ("torch", "onnx"):
        x, w = np.ones((1, 1, *[3] * axes), first), np.ones((1, 1, *[2] * axes), second)
    else:
        x, w = np.ones((1, *[3] * axes, 1), first), np.ones((*[2] * axes, 1, 1), second)
    rest = {"tensorflow": [(1, *[6] * axes, 1), 2], "jax": [(2,) * axes, "SAME"]}.get(framework, [])
    return DIALECTS[framework](x, w, *rest)


@pytest.mark.parametrize("framework", DIALECTS)
def test_dtypes_that_the_framework_refuses_are_refused(framework):
    for dtype in FLOATS | INTS | {"complex64", "complex128"}:
        if dtype in TAKEN[framework]:
            assert with_dtypes(framework, dtype, dtype).dtype == dtype
        else:
            with pytest.raises(TypeError, match=f"must be of a dtype that .* computes, .*, got {dtype}"):
                with_dtypes(framework, dtype, dtype)
    with pytest.raises(TypeError, match="takes arrays of one dtype, got .* float32, .* float64"):
        with_dtypes(framework, "float32", "float64")
    assert with_dtypes(framework, "int64", "float32").size


def test_tensorflow_has_no_integers_in_three_dimensions():
    assert with_dtypes("tensorflow", "int32", "int32", axes=2).dtype == "int32"
    with pytest.raises(TypeError, match="TensorFlow in 3 dimension"):
        with_dtypes("tensorflow", "int32", "int32", axes=3)


def test_messages_name_what_a_sequence_means():
    x, w = np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2))
    with pytest.raises(
        ValueError, match=r"pads must be a sequence of 4 ints, all begins, then all ends, got"
    ):
        dialects.onnx_conv_transpose(x, w, pads=[1, 1])
    with pytest.raises(
        TypeError, match="pads must be a sequence of 4 ints, all begins, then all ends, got 1"
    ):
        dialects.onnx_conv_transpose(x, w, pads=1)
    with pytest.raises(
        ValueError, match="output_shape must be a sequence of 4 ints, with batch and channels"
    ):
        dialects.tf_conv_transpose(x.T, w.T, [3, 3], 1)
    with pytest.raises(ValueError, match="padding must be a sequence of 2 ints, before and after, got"):
        dialects.tf_conv_transpose(
            np.ones((1, 3, 3, 1)), np.ones((2, 2, 1, 1)), [1, 4, 4, 1], 1, [[0], [0], [0], [0]]
        )


def test_keras_same_with_an_even_kernel_and_output_padding_0():
    """Twelve cells become 22; Keras on JAX says the same, and on TensorFlow refuses."""
    twelve, kernel = np.ones((1, 12, 1), int), np.ones((4, 1, 1), int)
    assert dialects.keras_conv_transpose(twelve, kernel, 2, "same", output_padding=0).shape == (1, 22, 1)
    assert "22 of 12" in dialects.keras_conv_transpose.__doc__


def test_an_output_without_cells_is_refused_whatever_the_dtype():
    for dtype in ("float32", "float64", "int64"):
        with pytest.raises(ValueError, match="output"):
            dialects.torch_conv_transpose(
                np.ones((12, 4, 1, 1), dtype), np.ones((4, 4, 2, 2), dtype), padding=1
            )
    assert "(12, 4, 0, 0)" in dialects.torch_conv_transpose.__doc__


ONES = {axes: (np.ones((1, *[4] * axes, 2), int), np.ones((*[3] * axes, 2, 2), int)) for axes in (1, 2, 3)}
FIRST = {axes: (np.ones((1, 2, *[4] * axes), int), np.ones((2, 2, *[3] * axes), int)) for axes in (1, 2)}


def tf(axes=2, shape=(1, 8, 8, 2), strides=2, **more):
    return dialects.tf_conv_transpose(*ONES[axes], list(shape), strides, **more)


def jax(axes=2, strides=(2, 2), padding="SAME", **more):
    return dialects.jax_conv_transpose(*ONES[axes], strides, padding, **more)


@pytest.mark.parametrize(
    "call, error, match",
    [
        (lambda: tf(strides=0), ValueError, "strides must be at least 1"),
        (lambda: tf(strides=[1, 2, 3]), ValueError, "strides must have 1, 2 or 4 entries for NHWC, got"),
        (lambda: tf(dilations=0), ValueError, "dilations must be at least 1"),
        (lambda: tf(dilations=[2, 1, 1, 1]), ValueError, "dilations must be 1 for batch and channels"),
        (lambda: tf(data_format="NWC"), ValueError, "data_format must be one of NHWC, NCHW, got 'NWC'"),
        (lambda: tf(1, data_format="x"), ValueError, "data_format must be one of NWC, NCW, got 'x'"),
        (lambda: tf(3, data_format="x"), ValueError, "data_format must be one of NDHWC, NCDHW, got 'x'"),
        (lambda: tf(shape=(2, 8, 8, 2)), ValueError, "output_shape must have the input's batch of 1"),
        (lambda: tf(padding=1), TypeError, "padding must be a string, one of SAME, VALID, got 1"),
        (
            lambda: tf(padding=[[0, 0], [1, 1]]),
            ValueError,
            r"padding must have one \(before, after\) pair for each of 4 axes",
        ),
        (
            lambda: tf(padding=[[0, 0], [1, 1], [1, 1], [0, 1]]),
            ValueError,
            "padding must be 0 for batch and channels",
        ),
        (lambda: jax(strides=(0, 1)), ValueError, "strides must be at least 1"),
        (lambda: jax(rhs_dilation=2), TypeError, "rhs_dilation must be a sequence of 2 ints, one per"),
        (lambda: jax(rhs_dilation=(1, 0)), ValueError, "rhs_dilation must be at least 1"),
        (
            lambda: jax(dimension_numbers=("NHWC", "HWIO", "NHWX")),
            TypeError,
            "dimension_numbers must have N and C, I and O, N and C and the same 2 spatial letters",
        ),
        (
            lambda: jax(dimension_numbers=("NHHC", "HHIO", "NHHC")),
            TypeError,
            "dimension_numbers must have N and C, I and O, N and C and the same 2 spatial letters",
        ),
        (
            lambda: jax(padding=((1, 1), (1, "1"))),
            TypeError,
            "padding must be",
        ),
        (
            lambda: jax(padding=((1, 1), (1, 1, 1))),
            ValueError,
            "padding must be 'SAME', 'VALID' or one .* pair for each of 2 spatial axes",
        ),
        (
            lambda: dialects.keras_conv_transpose(*ONES[1], strides=0),
            ValueError,
            "strides must be at least 1",
        ),
        (
            lambda: dialects.keras_conv_transpose(*ONES[1], dilation_rate=0),
            ValueError,
            "dilation_rate must be at least 1",
        ),
        (
            lambda: dialects.keras_conv_transpose(*ONES[1], padding=1),
            TypeError,
            "padding must be a string, one of valid, same, got 1",
        ),
        (
            lambda: dialects.keras_conv_transpose(*ONES[1], output_padding=-1),
            ValueError,
            "output_padding must be at least 0",
        ),
        (
            lambda: dialects.keras_conv_transpose(ONES[1][0], ONES[2][1]),
            ValueError,
            r"inputs and kernel must have two axes and equally many spatial axes, got \(1, 4, 2\), \(3, 3",
        ),
        (lambda: jax(rhs_dilation=(1, 1), strides=(1,)), ValueError, "strides must be a sequence of 2 ints"),
        (
            lambda: dialects.jax_conv_transpose(ONES[1][0], ONES[2][1], (1,), "SAME"),
            ValueError,
            "lhs and rhs must have two axes",
        ),
        (
            lambda: dialects.tf_conv_transpose(ONES[1][0], ONES[2][1], [1], 1),
            ValueError,
            "input and filters must have two axes",
        ),
        (
            lambda: dialects.onnx_conv_transpose(*FIRST[1], auto_pad="SAME"),
            ValueError,
            "auto_pad must be one of NOTSET, SAME_UPPER, SAME_LOWER, VALID, got 'SAME'",
        ),
        (lambda: dialects.onnx_conv_transpose(*FIRST[1], group=0), ValueError, "group must be at least 1"),
        (
            lambda: dialects.onnx_conv_transpose(FIRST[1][0][:, :1], FIRST[1][1]),
            ValueError,
            "X has 1 channels, W expects 2",
        ),
        (
            lambda: dialects.onnx_conv_transpose(*FIRST[1], strides=[0]),
            ValueError,
            "strides must be at least 1",
        ),
        (
            lambda: dialects.onnx_conv_transpose(*FIRST[1], dilations=2),
            TypeError,
            "dilations must be a sequence of 1 ints",
        ),
        (
            lambda: dialects.onnx_conv_transpose(*FIRST[1], dilations=[0]),
            ValueError,
            "dilations must be at least 1",
        ),
        (
            lambda: dialects.onnx_conv_transpose(*FIRST[1], output_padding=[-1]),
            ValueError,
            "output_padding must be at least 0",
        ),
        (
            lambda: dialects.onnx_conv_transpose(*FIRST[1], output_shape=[0]),
            ValueError,
            "output_shape must be at least 1",
        ),
        (
            lambda: dialects.onnx_conv_transpose(*FIRST[1], kernel_shape=3),
            TypeError,
            "kernel_shape must be a sequence of 1 ints",
        ),
        (
            lambda: dialects.torch_conv_transpose(*FIRST[1], stride=0),
            ValueError,
            "stride must be at least 1",
        ),
        (
            lambda: dialects.torch_output_padding((4,), (7,), (3,), stride=0),
            ValueError,
            "stride must be at least 1",
        ),
        (
            lambda: dialects.torch_output_padding((4,), (7,), (3,), padding=-1),
            ValueError,
            "padding must be at least 0",
        ),
        (
            lambda: dialects.torch_output_padding((4,), (7,), (3,), dilation=0),
            ValueError,
            "dilation must be at least 1",
        ),
        (
            lambda: dialects.torch_output_padding((4,), (7,), (0,)),
            ValueError,
            "kernel_size must be at least 1",
        ),
        (
            lambda: dialects.torch_output_padding((4, 5), (9, 11), (3, 2), stride=(2, 3), padding=(1, 2)),
            ValueError,
            r"output_size must lie between \(7, 10\) and \(8, 12\) for input size \(4, 5\), got \(9, 11\)",
        ),
    ],
)  # fmt: skip
def test_a_refusal_names_its_argument(call, error, match):
    with pytest.raises(error, match=match):
        call()


@pytest.mark.parametrize(
    ("framework", "names", "where"),
    [
        ("torch", ("input", "weight", "bias"), "PyTorch on a CPU"),
        ("tensorflow", ("input", "filters"), r"TensorFlow in 1 dimension\(s\)"),
        ("keras", ("inputs", "kernel"), "Keras"),
        ("jax", ("lhs", "rhs"), "JAX"),
        ("onnx", ("X", "W", "B"), "ONNX"),
    ],
)
def test_a_refused_dtype_is_told_with_its_array(framework, names, where):
    arrays = list(FIRST[1] if framework in ("torch", "onnx") else ONES[1])
    arrays += [np.ones(2, int)] if len(names) > 2 else []
    rest = {"tensorflow": [(1, 8, 2), 2], "jax": [(2,), "SAME"]}.get(framework, [])
    for number, name in enumerate(names):
        strange = list(arrays)
        strange[number] = strange[number].astype(object)
        match = f"^{name} must be of a dtype that {where} computes, .*float32.*, got object"
        with pytest.raises(TypeError, match=match):
            DIALECTS[framework](*strange, *rest)


def test_a_size_of_other_axes_is_refused():
    for sizes in (((4, 4), (8,), (3, 3)), ((4, 4), (8, 8, 8), (3, 3))):
        with pytest.raises(ValueError, match="output_size must .* 2"):
            dialects.torch_output_padding(*sizes, stride=2)


def test_jax_gives_the_dtype_that_is_asked_for():
    result = jax(preferred_element_type="float32")
    assert result.dtype == "float32" and np.array_equal(result, jax()) and jax().dtype == "int64"


def test_jax_may_crop_all_that_there_is():
    """Three cells, stretched to five: with minus five of padding a kernel of one finds no cell."""
    x, w = np.ones((1, 3, 1), int), np.ones((1, 1, 1), int)
    assert dialects.jax_conv_transpose(x, w, (2,), ((-2, -3),)).shape == (1, 0, 1)
    with pytest.raises(
        ValueError, match=r"padding must not cut away more than .*\(\(-3, -3\),\) for input size \(3,\)"
    ):
        dialects.jax_conv_transpose(x, w, (2,), ((-3, -3),))
