"""The two operators, the readable ones of `lib.ops` and the fast ones of `lib.fast`: one contract.

The book's examples, what arrays go in and come out, what is refused; and the two pairs against each other.
"""

import inspect
import re
from itertools import product

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import conv_cases, conv_transpose_cases

import lib
from lib import fast, ops
from lib.routes import conv_loops, conv_transpose_loops

X = np.arange(16).reshape(1, 1, 4, 4)
KERNEL = np.arange(1, 10).reshape(1, 1, 3, 3)
each_pair = pytest.mark.parametrize("pair", [ops, fast], ids=["ops", "fast"])


def test_the_fast_pair_is_what_lib_gives():
    assert (lib.conv, lib.conv_transpose) == (fast.conv, fast.conv_transpose)
    for readable, quick in ((ops.conv, fast.conv), (ops.conv_transpose, fast.conv_transpose)):
        assert inspect.signature(readable) == inspect.signature(quick)
        assert readable.__doc__ == quick.__doc__


@each_pair
def test_the_running_example(pair):
    assert pair.conv(X, KERNEL).tolist() == [[[[303, 348], [483, 528]]]]
    stamped = pair.conv_transpose(np.array([[[[1, 2], [3, 4]]]]), KERNEL)
    assert stamped.tolist() == [[[[1, 4, 7, 6], [7, 23, 33, 24], [19, 53, 63, 42], [21, 52, 59, 36]]]]


@each_pair
def test_every_setting_its_own_on_every_axis(pair):
    # One input cell is 1: the output is the kernel, dilated, where the setting puts it.
    x = np.zeros((1, 1, 2, 3), int)
    x[0, 0, 1, 2] = 1
    kernel = np.array([[[[5, 6], [7, 8], [9, 1]]]])
    settings = {"stride": (2, 3), "padding": ((1, 0), (0, 2)), "output_padding": (1, 2), "dilation": (1, 3)}
    y = pair.conv_transpose(x, kernel, **settings)
    wanted = np.zeros((1, 1, 5, 10), int)
    for row, column in np.ndindex(3, 2):
        wanted[0, 0, 2 + row - 1, 6 + 3 * column] = kernel[0, 0, row, column]
    assert np.array_equal(y, wanted)


@each_pair
def test_bias_is_added_to_every_cell_of_its_channel(pair):
    x, w = np.ones((2, 1, 3), int), np.ones((3, 1, 2), int)
    assert pair.conv(x, w, np.array([10, 20, 30])).tolist() == [[[12] * 2, [22] * 2, [32] * 2]] * 2
    y = pair.conv_transpose(x, w.swapaxes(0, 1), [10, 20, 30], stride=3, padding=((0, 1),), output_padding=2)
    row = [1, 1, 0, 1, 1, 0, 1, 1, 0]
    assert y.tolist() == [[[b + r for r in row] for b in (10, 20, 30)]] * 2


@each_pair
def test_a_bias_keeps_every_bit_and_its_imaginary_part(pair):
    x, bias = np.array([[[2**60, 1]]]), np.array([2**61 + 3])
    for operator in (pair.conv, pair.conv_transpose):
        assert operator(x, np.array([[[1]]]), bias).tolist() == [[[2**60 + 2**61 + 3, 2**61 + 4]]]
        assert operator(x * 1j, np.array([[[2]]]), [5 - 3j]).tolist() == [[[5 + (2**61 - 3) * 1j, 5 - 1j]]]


@each_pair
def test_groups_are_separate_operators(pair):
    rng = np.random.default_rng(0)
    x = rng.integers(-9, 10, (2, 6, 5))
    w = rng.integers(-9, 10, (3, 2, 2))  # conv: 3 groups of 2 in, 1 out
    apart = [pair.conv(x[:, 2 * g : 2 * g + 2], w[g : g + 1]) for g in range(3)]
    assert np.array_equal(pair.conv(x, w, groups=3), np.concatenate(apart, axis=1))
    w = rng.integers(-9, 10, (6, 3, 2))  # conv_transpose: 2 groups of 3 in, 3 out
    apart = [pair.conv_transpose(x[:, 3 * g : 3 * g + 3], w[3 * g : 3 * g + 3]) for g in range(2)]
    assert np.array_equal(pair.conv_transpose(x, w, groups=2), np.concatenate(apart, axis=1))


# --- arrays ---

CASES = [
    ("conv", {"stride": (2, 1), "padding": (1, (0, 2)), "dilation": (1, 2), "groups": 2}),
    (
        "conv_transpose",
        {
            "stride": (2, 1),
            "padding": (1, (0, 2)),
            "output_padding": (0, 1),
            "dilation": (1, 2),
            "groups": 2,
        },
    ),
]
both = pytest.mark.parametrize(
    ("operator", "settings"),
    [(getattr(pair, name), settings) for pair in (ops, fast) for name, settings in CASES],
    ids=[f"{pair} {name}" for pair in ("ops", "fast") for name, _ in CASES],
)


def arrays(operator, dtype=int):
    rng = np.random.default_rng(1)
    x = rng.integers(-9, 10, (3, 4, 5, 6)).astype(dtype)
    shape = (6, 2, 3, 2) if operator.__name__ == "conv" else (4, 3, 3, 2)
    return x, rng.integers(-9, 10, shape).astype(dtype), np.arange(100, 700, 100).astype(dtype)


@both
def test_inputs_are_never_modified(operator, settings):
    given = arrays(operator)
    copies = [array.copy() for array in given]
    for array in given:
        array.flags.writeable = False  # and need not be writable
    operator(*given, **settings)
    assert all(np.array_equal(array, copy) for array, copy in zip(given, copies))


@both
def test_the_output_is_the_callers_own(operator, settings):
    x, w, bias = arrays(operator)
    for output in (operator(x, w, **settings), operator(x, w, bias, **settings)):
        assert output.flags.writeable
        assert not any(np.shares_memory(output, array) for array in (x, w, bias))
        output[:] = 0  # does not change the next answer
    assert operator(x, w, **settings).any()


@both
def test_any_memory_layout(operator, settings):
    x, w, bias = arrays(operator)
    wanted = operator(x, w, bias, **settings)
    fortran = operator(np.asfortranarray(x), np.asfortranarray(w), bias, **settings)
    backwards = operator(x[:, :, ::-1].copy()[:, :, ::-1], np.flip(np.flip(w).copy()), bias, **settings)
    strided = operator(np.repeat(x, 2, axis=3)[..., ::2], w, np.repeat(bias, 3)[::3], **settings)
    swapped = operator(x.astype(">i8"), w.astype(">i4"), bias, **settings)
    lists = operator(x.tolist(), w.tolist(), bias.tolist(), **settings)
    for output in (fortran, backwards, strided, swapped, lists):
        assert np.array_equal(output, wanted)


@both
@pytest.mark.parametrize("dtype", ["int8", "int32", "uint8", "float16", "float32", "float64", "complex64"])
def test_dtype_stays(operator, settings, dtype):
    given = arrays(operator, "int8")
    exact = operator(*(array.astype("int64") for array in given[:2]), **settings)
    output = operator(*(array.astype(dtype) for array in given[:2]), **settings)
    assert output.dtype == dtype
    with np.errstate(over="ignore"):
        assert np.array_equal(output, exact.astype(dtype))  # small integers wrap around, as NumPy's do
    assert operator(*(array.astype(dtype) for array in given), **settings).dtype == dtype


@both
@pytest.mark.parametrize(
    "dtypes",
    [
        ("int32", "int64", None),
        ("float32", "int16", None),
        ("float32", "float64", None),
        ("bool", "float32", None),
        ("float32", "bool", None),
        ("int8", "int8", "float64"),
        ("float64", "complex64", "float32"),
    ],
)
def test_dtype_follows_promotion(operator, settings, dtypes):
    x, w, bias = arrays(operator)
    x, w = x.astype(dtypes[0]), w.astype(dtypes[1])
    given = (x, w) if dtypes[2] is None else (x, w, bias.astype(dtypes[2]))
    output = operator(*given, **settings)
    assert output.dtype == np.result_type(*given)
    exact = operator(*(array.astype(complex) for array in given), **settings)
    assert np.array_equal(output, exact)


@both
def test_complex_numbers_are_not_conjugated(operator, settings):
    x, w, _ = arrays(operator)
    real = operator(x, w, **settings)
    assert np.array_equal(operator(1j * x, w, **settings), 1j * real)
    assert np.array_equal(operator(x, 1j * w, **settings), 1j * real)
    assert np.array_equal(operator(1j * x, 1j * w, **settings), -real)


HALVES = ["float16", ml_dtypes.bfloat16, ml_dtypes.float8_e5m2]


@both
@pytest.mark.parametrize("dtype", HALVES, ids=str)
def test_half_precision_is_rounded_once(operator, settings, dtype):
    rng = np.random.default_rng(2)
    given = [rng.standard_normal(array.shape).astype(dtype) for array in arrays(operator)]
    for chosen in (given, given[:2]):
        output = operator(*chosen, **settings)
        assert output.dtype == dtype
        wide = operator(*(array.astype("float32") for array in chosen), **settings)
        assert wide.dtype == "float32"
        assert np.array_equal(output, wide.astype(dtype))


@each_pair
def test_a_long_sum_in_half_precision(pair):
    # Added up in float16 it would stay at 2048, in bfloat16 at 256: the next ones are rounded away.
    for dtype, count in (("float16", 4000), (ml_dtypes.bfloat16, 512)):
        ones = np.ones((1, count, 1), dtype)
        assert pair.conv(ones, ones).tolist() == [[[count]]]
        assert pair.conv_transpose(ones, ones.reshape(count, 1, 1)).tolist() == [[[count]]]


@both
@pytest.mark.parametrize("other", ["float32", "float64", "complex64", "int8"])
def test_bfloat16_follows_promotion(operator, settings, other):
    x, w, _ = arrays(operator, "int8")
    exact = operator(x.astype(int), w.astype(int), **settings)
    assert np.abs(exact).max() <= 256  # whole numbers that bfloat16 holds
    output = operator(x.astype(ml_dtypes.bfloat16), w.astype(other), **settings)
    assert output.dtype == np.result_type(ml_dtypes.bfloat16, other)
    assert np.array_equal(output, exact)


@both
def test_batch_0(operator, settings):
    x, w, bias = arrays(operator)
    shape = operator(x, w, bias, **settings).shape
    assert operator(x[:0], w, bias, **settings).shape == (0, *shape[1:])


@each_pair
def test_a_nan_stays_in_its_windows(pair):
    # A zero times nan is nan: no route may multiply by cells that the window does not touch.
    x = np.zeros((1, 1, 6))
    x[0, 0, 2] = np.nan
    assert np.isnan(pair.conv(x, np.ones((1, 1, 2)), stride=2)).tolist() == [[[False, True, False]]]
    y = np.isnan(pair.conv_transpose(x[..., 1:4], np.ones((1, 1, 2)), stride=3))
    assert y.tolist() == [[[False] * 3 + [True] * 2 + [False] * 3]]


# --- refused ---

W3 = np.ones((6, 2, 3, 3))  # of conv: 6 out, 2 in for each group
REFUSED = [
    (
        "conv",
        ([[1, 2], [3]], W3),
        {},
        ValueError,
        "input must be an array, every row as long as the others, got [[1, 2], [3]]",
    ),
    (
        "conv",
        (X, [[1, 2], [3]]),
        {},
        ValueError,
        "weight must be an array, every row as long as the others, got [[1, 2], [3]]",
    ),
    ("conv", (X.astype(str), KERNEL), {}, TypeError, "input must hold numbers, got dtype <U21"),
    ("conv", (X, KERNEL.astype(object)), {}, TypeError, "weight must hold numbers, got dtype object"),
    ("conv", (X.astype(ml_dtypes.int4), KERNEL), {}, TypeError, "input must hold numbers, got dtype int4"),
    ("conv", (X.astype("V4"), KERNEL), {}, TypeError, "input must hold numbers, got dtype |V4"),
    (
        "conv_transpose",
        (X.astype(ml_dtypes.bfloat16), KERNEL.astype("int64"), [1.0]),
        {},
        TypeError,
        "the dtypes must have a common one in NumPy, got input bfloat16, weight int64, bias float64",
    ),
    ("conv", (X, KERNEL, "b"), {}, TypeError, "bias must hold numbers, got dtype <U1"),
    ("conv", (X > 3, KERNEL > 3), {}, TypeError, "input or weight must hold numbers, got bool for both"),
    (
        "conv_transpose",
        (X > 3, KERNEL > 3),
        {},
        TypeError,
        "input or weight must hold numbers, got bool for both",
    ),
    (
        "conv",
        (X[0, 0], KERNEL[0, 0]),
        {},
        ValueError,
        "input must have shape (batch, channels, *size), got (4, 4)",
    ),
    (
        "conv",
        (X, KERNEL[0]),
        {},
        ValueError,
        "weight must have as many axes as input, (out_channels, in_channels // groups, *kernel_size), "
        "got weight (1, 3, 3), input (1, 1, 4, 4)",
    ),
    (
        "conv_transpose",
        (X, KERNEL[None]),
        {},
        ValueError,
        "weight must have as many axes as input, (in_channels, out_channels // groups, *kernel_size), "
        "got weight (1, 1, 1, 3, 3), input (1, 1, 4, 4)",
    ),
    ("conv", (X, KERNEL), {"groups": 1.0}, TypeError, "groups must be an int, got 1.0"),
    ("conv", (X, KERNEL), {"groups": 0}, ValueError, "groups must be at least 1, got 0"),
    ("conv_transpose", (X, KERNEL), {"groups": -2}, ValueError, "groups must be at least 1, got -2"),
    ("conv", (X, KERNEL[:, :, :, :0]), {}, ValueError, "weight must not be empty, got (1, 1, 3, 0)"),
    ("conv", (X, KERNEL[:0]), {}, ValueError, "weight must not be empty, got (0, 1, 3, 3)"),
    (
        "conv_transpose",
        (X[:, :, :0], KERNEL),
        {},
        ValueError,
        "input must have a channel and at least one cell on every axis, got (1, 1, 0, 4)",
    ),
    (
        "conv",
        (X[:, :0], KERNEL),
        {},
        ValueError,
        "input must have a channel and at least one cell on every axis, got (1, 0, 4, 4)",
    ),
    (
        "conv",
        (np.ones((1, 8, 4, 4)), W3),
        {"groups": 4},
        ValueError,
        "groups must divide the first axis of weight, got groups 4, weight (6, 2, 3, 3)",
    ),
    (
        "conv",
        (np.ones((1, 2, 4, 4)), W3),
        {"groups": 3},
        ValueError,
        "input has 2 channels, weight expects 6: input (1, 2, 4, 4), weight (6, 2, 3, 3), groups 3",
    ),
    (
        "conv_transpose",
        (np.ones((1, 2, 4, 4)), W3),
        {"groups": 3},
        ValueError,
        "input has 2 channels, weight expects 6: input (1, 2, 4, 4), weight (6, 2, 3, 3), groups 3",
    ),
    (
        "conv",
        (np.ones((1, 4, 4, 4)), W3, np.ones(4)),
        {"groups": 2},
        ValueError,
        "bias must have shape (6,), one value per output channel, got (4,): weight (6, 2, 3, 3), groups 2",
    ),
    (
        "conv_transpose",
        (np.ones((1, 6, 4, 4)), W3, np.ones((4, 1))),
        {"groups": 2},
        ValueError,
        "bias must have shape (4,), one value per output channel, got (4, 1): weight (6, 2, 3, 3), groups 2",
    ),
    (
        "conv",
        (X, KERNEL),
        {"padding": ((0, 1), (0, 1), (0, 1))},
        ValueError,
        "padding must be an int or one entry per spatial axis, got ((0, 1), (0, 1), (0, 1)) for 2 axes",
    ),
    (
        "conv",
        (X, KERNEL),
        {"stride": (1, 0)},
        ValueError,
        "stride must be at least 1 on every axis, got (1, 0)",
    ),
    ("conv", (X, KERNEL), {"dilation": 0}, ValueError, "dilation must be at least 1 on every axis, got 0"),
    ("conv", (X, KERNEL), {"padding": -1}, ValueError, "padding must be at least 0 on every axis, got -1"),
    ("conv", (X, KERNEL), {"padding": "same"}, TypeError, "padding must be an int, got 'same'"),
    (
        "conv_transpose",
        (X, KERNEL),
        {"stride": 0},
        ValueError,
        "stride must be at least 1 on every axis, got 0",
    ),
    (
        "conv_transpose",
        (X, KERNEL),
        {"dilation": 0},
        ValueError,
        "dilation must be at least 1 on every axis, got 0",
    ),
    (
        "conv_transpose",
        (X, KERNEL),
        {"output_padding": (0, -1)},
        ValueError,
        "output_padding must be at least 0 on every axis, got (0, -1)",
    ),
    (
        "conv_transpose",
        (X, KERNEL),
        {"output_padding": 1},
        ValueError,
        "output_padding must be smaller than stride or dilation on every axis, "
        "got output_padding (1, 1), stride (1, 1), dilation (1, 1)",
    ),
    (
        "conv_transpose",
        (X, KERNEL),
        {"padding": (1, 3)},
        ValueError,
        "output size must be at least 1 on every axis, got (4, 0) from input (4, 4), kernel (3, 3), "
        "stride (1, 1), padding ((1, 1), (3, 3)), output_padding (0, 0), dilation (1, 1)",
    ),
    (
        "conv",
        (X, KERNEL),
        {"dilation": (1, 2)},
        ValueError,
        "output size must be at least 1 on every axis, got (2, 0) from input (4, 4), kernel (3, 3), "
        "stride (1, 1), padding ((0, 0), (0, 0)), dilation (1, 2)",
    ),
]


@each_pair
@pytest.mark.parametrize(
    ("operator", "arrays", "settings", "error", "message"),
    REFUSED,
    ids=[f"{operator}: {message[:50]}" for operator, *_, message in REFUSED],
)
def test_refused_with_a_clear_message(pair, operator, arrays, settings, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        getattr(pair, operator)(*arrays, **settings)


@both
def test_settings_are_keywords_only(operator, settings):
    x, w, bias = arrays(operator)
    with pytest.raises(TypeError, match="positional"):
        operator(x, w, bias, 2)


# --- the readable pair and the fast one ---


@given(conv_cases(), st.booleans())
def test_conv_is_the_same_and_so_are_the_loops(case, with_bias):
    arrays = (case.large, case.weight, case.bias if with_bias else None)
    wanted = ops.conv(*arrays, **case.settings)
    assert np.array_equal(wanted, conv_loops(*arrays, **case.settings))
    assert np.array_equal(wanted, fast.conv(*arrays, **case.settings))


@given(conv_transpose_cases(), st.booleans())
def test_conv_transpose_is_the_same_and_so_are_the_loops(case, with_bias):
    arrays = (case.small, case.weight, case.bias if with_bias else None)
    settings = {**case.settings, "output_padding": case.output_padding}
    wanted = ops.conv_transpose(*arrays, **settings)
    assert np.array_equal(wanted, conv_transpose_loops(*arrays, **settings))
    assert np.array_equal(wanted, fast.conv_transpose(*arrays, **settings))


GRID = list(product((1, 2, 5), (1, 2, 3, 4, 5), (1, 2, 3, 4), (1, 2, 3, 4)))  # size, kernel, stride, dilation


@pytest.mark.parametrize(("i", "k", "s", "d"), GRID)
def test_every_small_setting_of_one_axis(i, k, s, d):
    rng = np.random.default_rng(12)
    x, w = rng.integers(-9, 10, (2, 2, i)), rng.integers(-9, 10, (2, 3, k))
    reach = d * (k - 1) + 1
    for before, after, a in product((0, 1, reach), (0, 2), range(max(s, d))):
        if s * (i - 1) + reach + a <= before + after:
            continue
        settings = {"stride": s, "dilation": d, "padding": ((before, after),)}
        wanted = ops.conv_transpose(x, w, output_padding=a, **settings)
        assert np.array_equal(wanted, fast.conv_transpose(x, w, output_padding=a, **settings))
        if wanted.shape[2] + before + after >= reach:
            back = ops.conv(wanted, w, **settings)
            assert np.array_equal(back, fast.conv(wanted, w, **settings))


def test_an_infinite_weight_is_the_fast_pair_s_caveat_alone(monkeypatch):
    x, w = np.arange(1.0, 21).reshape(1, 1, 10, 2), np.array([[[[np.inf, 5.0], [7.0, 8.0]]]])
    wanted = conv_transpose_loops(x, w, padding=((0, 0), (1, 0)))
    assert np.isinf(wanted).any()
    assert np.isfinite(wanted).any()
    assert np.array_equal(ops.conv_transpose(x, w, padding=((0, 0), (1, 0))), wanted)
    monkeypatch.setattr(fast, "_cheapest", lambda *_: "phases")  # they multiply the room between rows
    with np.errstate(invalid="ignore"):
        quick = fast.conv_transpose(x, w, padding=((0, 0), (1, 0)))
    assert np.isnan(quick).any()
    assert np.array_equal(quick[~np.isnan(quick)], wanted[~np.isnan(quick)])
    # conv without padding multiplies nothing but what its windows hold, in both pairs.
    y = np.arange(1.0, 17).reshape(1, 1, 4, 4)
    assert np.array_equal(ops.conv(y, w), conv_loops(y, w))
    assert np.array_equal(fast.conv(y, w), conv_loops(y, w))
