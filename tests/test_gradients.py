"""Gradients against finite differences, which are exact here, and against numbers written out by hand."""

import re

import ml_dtypes
import numpy as np
import pytest

from lib import conv, conv_backward, conv_matrix, conv_transpose, conv_transpose_backward
from lib.gradients import DotProducts, dot_product_test, numerical_gradient

BOTH = [
    (conv, conv_backward, (6, 2, 3, 2), {}),
    (conv_transpose, conv_transpose_backward, (4, 3, 3, 2), {"output_padding": (0, 2)}),
]
SETTINGS = {"stride": (2, 1), "padding": (1, (0, 2)), "dilation": (1, 3), "groups": 2}
both = pytest.mark.parametrize(
    ("operator", "backward", "shape", "more"), BOTH, ids=["conv", "conv_transpose"]
)


def arrays(operator, shape, settings):
    rng = np.random.default_rng(3)
    x, w = rng.integers(-9, 10, (2, 4, 4, 5)), rng.integers(-9, 10, shape)
    bias = np.arange(10, 70, 10)
    grad = rng.integers(-9, 10, operator(x, w, **settings).shape)
    return x, w, bias, grad


@both
def test_finite_differences_agree_exactly(operator, backward, shape, more):
    settings = SETTINGS | more
    x, w, bias, grad = arrays(operator, shape, settings)
    grads = backward(grad, x, w, **settings)
    # Linear in each argument and whole numbers: central differences with step 1 have no error at all.
    for number, array in enumerate((x, w, bias)):

        def loss(changed, number=number):
            given = [x, w, bias]
            given[number] = changed
            return (operator(*given, **settings) * grad).sum()

        assert np.array_equal(numerical_gradient(loss, array, step=1), grads[number])


@both
def test_default_settings(operator, backward, shape, more):
    x, w = np.arange(1, 7).reshape(1, 2, 3), np.arange(1, 13).reshape(3, 2, 2)
    w = w if operator is conv else w.swapaxes(0, 1)
    output = operator(x, w)
    for got, array in zip(backward(output, x, w), (x, w)):
        index = (..., 1)

        def loss(changed, array=array):
            return (operator(*(changed if given is array else given for given in (x, w))) * output).sum()

        assert np.array_equal(numerical_gradient(loss, array, step=1)[index], got[index])
        assert got.shape == array.shape


def test_output_padding_not_smaller_than_stride():
    # stride 1, dilation 3: output_padding 2 makes room for two more windows of conv than the input has cells.
    x, w = np.array([[[1, 2, 3]]]), np.array([[[5, 7]]])
    settings = {"dilation": 3, "output_padding": 2}
    grad = np.arange(1, 9).reshape(1, 1, 8)
    assert conv(grad, w, dilation=3).shape[2] == 5
    grad_input, grad_weight, grad_bias = conv_transpose_backward(grad, x, w, **settings)
    assert grad_input.tolist() == [[[5 * 1 + 7 * 4, 5 * 2 + 7 * 5, 5 * 3 + 7 * 6]]]
    assert grad_weight.tolist() == [[[1 * 1 + 2 * 2 + 3 * 3, 1 * 4 + 2 * 5 + 3 * 6]]]
    assert grad_bias.tolist() == [36]


def test_the_running_example():
    x, w, g = (
        np.arange(16).reshape(1, 1, 4, 4),
        np.arange(1, 10).reshape(1, 1, 3, 3),
        np.array([[[[1, 2], [3, 4]]]]),
    )
    grad_input, grad_weight, grad_bias = conv_backward(g, x, w)
    assert np.array_equal(grad_input, conv_transpose(g, w))
    assert np.array_equal(grad_input.ravel(), conv_matrix(w[0, 0], (4, 4)).T @ g.ravel())
    assert np.array_equal(grad_weight, conv(x, g))  # the weight's gradient is a convolution with grad_output
    assert grad_bias.tolist() == [10]
    y = conv_transpose(g, w)
    grad_input, grad_weight, grad_bias = conv_transpose_backward(y, g, w)
    assert np.array_equal(grad_input, conv(y, w))
    assert np.array_equal(grad_weight, conv(y, g))
    assert grad_bias.tolist() == [g.sum() * w.sum()]


@both
def test_batch_0(operator, backward, shape, more):
    settings = SETTINGS | more
    x, w, _, grad = arrays(operator, shape, settings)
    grad_input, grad_weight, grad_bias = backward(grad[:0], x[:0], w, **settings)
    assert grad_input.shape == (0, *x.shape[1:])
    assert grad_weight.shape == w.shape
    assert not grad_weight.any()
    assert grad_bias.tolist() == [0] * 6


@both
@pytest.mark.parametrize("dtype", ["int8", "int32", "float16", "float32", "float64"])
def test_dtype_stays_and_inputs_are_not_modified(operator, backward, shape, more, dtype):
    settings = SETTINGS | more
    x, w, _, grad = arrays(operator, shape, settings)
    exact = backward(grad, x, w, **settings)
    given = [np.asarray(array, dtype) for array in (grad, x, w)]
    copies = [array.copy() for array in given]
    for array in given:
        array.flags.writeable = False
    for got, wanted in zip(backward(*given, **settings), exact):
        assert got.dtype == dtype
        assert np.array_equal(got, wanted.astype(dtype))
    assert all(np.array_equal(array, copy) for array, copy in zip(given, copies))


@both
@pytest.mark.parametrize(
    "dtypes",
    [
        ("int64", "int16", "int16"),
        ("int16", "int64", "int16"),
        ("int16", "int16", "int64"),
        ("float32", "int16", "float64"),
        ("int16", "float64", "float32"),
    ],
)
def test_dtype_follows_promotion(operator, backward, shape, more, dtypes):
    settings = SETTINGS | more
    x, w, _, grad = arrays(operator, shape, settings)
    exact = backward(grad, x, w, **settings)
    grad, x, w = (array.astype(dtype) for array, dtype in zip((grad, x, w), dtypes))
    grads = backward(grad, x, w, **settings)
    assert grads[0].dtype == np.result_type(grad, w)
    assert grads[1].dtype == np.result_type(grad, x)
    assert grads[2].dtype == grad.dtype
    assert all(np.array_equal(got, wanted) for got, wanted in zip(grads, exact))


@both
@pytest.mark.parametrize("wide", [0, 1, 2], ids=["grad_output", "input", "weight"])
def test_the_numbers_of_the_widest_array_keep_their_bits(operator, backward, shape, more, wide):
    """Times 2^40 they fit into no dtype of the narrow ones; every gradient is linear in each array."""
    settings = SETTINGS | more
    x, w, _, grad = arrays(operator, shape, settings)
    exact = backward(grad, x, w, **settings)
    given = [array.astype("int16") for array in (grad, x, w)]
    given[wide] = given[wide].astype("int64") << 40
    for number, (got, wanted) in enumerate(zip(backward(*given, **settings), exact)):
        reached = wide in ((0, 2), (0, 1), (0,))[number]
        wanted = wanted << 40 if reached else wanted.astype("int16")
        assert got.dtype == wanted.dtype
        assert np.array_equal(got, wanted)


@both
@pytest.mark.parametrize("dtype", ["float16", ml_dtypes.bfloat16], ids=str)
def test_half_precision_is_rounded_once(operator, backward, shape, more, dtype):
    settings = SETTINGS | more
    x, w, _, grad = arrays(operator, shape, settings)
    rng = np.random.default_rng(4)
    given = [rng.standard_normal(array.shape).astype(dtype) for array in (grad, x, w)]
    wide = backward(*(array.astype("float32") for array in given), **settings)
    for got, wanted in zip(backward(*given, **settings), wide):
        assert got.dtype == dtype
        assert np.array_equal(got, wanted.astype(dtype))


def gaussian(array):
    """Complex numbers with whole parts, other ones on both axes."""
    return array + 1j * np.flip(array)


@both
def test_complex_gradients_are_those_of_the_definition(operator, backward, shape, more):
    """dL/dRe + i dL/dIm of a real L = Re <g, f>, by differences that are exact here."""
    settings = SETTINGS | more
    x, w, bias, g = map(gaussian, arrays(operator, shape, settings))
    grads = backward(g, x, w, **settings)
    for number, array in enumerate((x, w, bias)):

        def loss(changed, number=number):
            given = [x, w, bias]
            given[number] = changed
            return (g.conj() * operator(*given, **settings)).sum().real

        assert grads[number].dtype == complex
        assert np.array_equal(numerical_gradient(loss, array, step=1), grads[number])


@both
@pytest.mark.parametrize("real", [(0,), (1,), (0, 1)], ids=["input", "weight", "both"])
def test_a_real_array_has_a_real_gradient(operator, backward, shape, more, real):
    settings = SETTINGS | more
    x, w, _, g = arrays(operator, shape, settings)
    given = [array if number in real else gaussian(array) for number, array in enumerate((x, w))]
    g = gaussian(g)
    grads = backward(g, *given, **settings)
    for number, array in enumerate(given):

        def loss(changed, number=number):
            both = [*given]
            both[number] = changed
            return (g.conj() * operator(*both, **settings)).sum().real

        assert np.iscomplexobj(grads[number]) == (number not in real)
        assert np.array_equal(numerical_gradient(loss, array, step=1), grads[number])
    assert np.iscomplexobj(grads[2])


@both
def test_the_adjoint_over_complex_numbers_takes_the_conjugate_weight(operator, backward, shape, more):
    settings = SETTINGS | more
    x, w, _, y = map(gaussian, arrays(operator, shape, settings))
    adjoint = dot_product_test(
        lambda x: operator(x, w, **settings), lambda y: backward(y, x, w, **settings)[0], x, y
    )
    assert adjoint.forward == adjoint.adjoint
    assert type(adjoint.forward) is complex
    transpose = dot_product_test(
        lambda x: operator(x, w, **settings), lambda y: backward(y, x, w.conj(), **settings)[0], x, y
    )
    assert transpose.forward != transpose.adjoint


@both
def test_lists_and_bools(operator, backward, shape, more):
    settings = SETTINGS | more
    x, w, _, grad = arrays(operator, shape, settings)
    for got, wanted in zip(
        backward(grad.tolist(), (x > 0).tolist(), w.tolist(), **settings),
        backward(grad, (x > 0).astype(int), w, **settings),
    ):
        assert np.array_equal(got, wanted)


def test_numerical_gradient():
    assert numerical_gradient(lambda x: x[0] * x[1] + 3 * x[1], [2, 5], step=1).tolist() == [5, 5]
    array = np.array([[1, 2], [3, 4]])
    gradient = numerical_gradient(lambda x: (x**2).sum(), array, step=0.5)
    assert gradient.tolist() == [[2, 4], [6, 8]]
    assert gradient.dtype == float
    assert array.tolist() == [[1, 2], [3, 4]]
    # The default step: x^3 is wrong by step^2 = 1e-12, and by rounding of about 1e-16 / 1e-6.
    assert abs(numerical_gradient(lambda x: (x**3).sum(), np.array(1.0)) - 3) < 1e-8
    assert numerical_gradient(lambda x: (x**3).sum(), np.array(1.0), step=0.5) == 3.25


def test_dot_product_test_tells_right_from_wrong():
    x, y, w = np.array([[[1, 2, 3, 4]]]), np.array([[[5, 7]]]), np.array([[[1, 10, 100]]])
    right = dot_product_test(lambda x: conv(x, w), lambda y: conv_transpose(y, w), x, y)
    assert right == DotProducts(forward=321 * 5 + 432 * 7, adjoint=4629)
    assert all(type(number) is int for number in right)
    rotated = w[..., ::-1]
    wrong = dot_product_test(lambda x: conv(x, w), lambda y: conv_transpose(y, rotated), x, y)
    assert wrong.forward != wrong.adjoint
    assert dot_product_test(lambda x: [2.0 * x[0]], lambda y: [2.0 * y[0]], [3], [4]) == (24.0, 24.0)


REFUSED = [
    (
        lambda: conv_backward(np.ones((1, 1, 3)), np.ones((1, 1, 3)), np.ones((1, 1, 2))),
        ValueError,
        "grad_output must have the shape of the output, (1, 1, 2), got (1, 1, 3)",
    ),
    (
        lambda: conv_transpose_backward(np.ones((1, 2, 3)), np.ones((1, 2, 3)), np.ones((2, 3, 2)), groups=2),
        ValueError,
        "grad_output must have the shape of the output, (1, 6, 4), got (1, 2, 3)",
    ),
    (
        lambda: conv_backward("y", np.ones((1, 1, 3)), np.ones((1, 1, 2))),
        TypeError,
        "grad_output must hold numbers, got dtype <U1",
    ),
    (
        lambda: conv_backward(
            np.ones((1, 1, 2), int),
            np.ones((1, 1, 3), ml_dtypes.bfloat16),
            np.ones((1, 1, 2), ml_dtypes.bfloat16),
        ),
        TypeError,
        "the dtypes must have a common one in NumPy, got grad_output int64, input bfloat16, weight bfloat16",
    ),
    (
        lambda: conv_transpose_backward(
            np.ones((1, 1, 3), int),
            np.ones((1, 1, 2), ml_dtypes.bfloat16),
            np.ones((1, 1, 2), "float32"),
        ),
        TypeError,
        "the dtypes must have a common one in NumPy, got grad_output int64, input bfloat16, weight float32",
    ),
    (
        lambda: conv_backward([[[True, False]]], np.ones((1, 1, 3)), np.ones((1, 1, 2))),
        TypeError,
        "grad_output must hold numbers, got bool",
    ),
    (
        lambda: conv_backward(np.ones((1, 1, 2)), np.ones((1, 1, 3)), np.ones((1, 1, 2)), stride=0),
        ValueError,
        "stride must be at least 1 on every axis, got 0",
    ),
    (
        lambda: conv_transpose_backward(
            np.ones((1, 1, 4)), np.ones((1, 1, 3)), np.ones((1, 1, 2)), output_padding=1
        ),
        ValueError,
        "output_padding must be smaller than stride or dilation on every axis, "
        "got output_padding (1,), stride (1,), dilation (1,)",
    ),
    (
        lambda: dot_product_test(lambda x: x, lambda y: y, np.ones((2, 3)), np.ones((3, 2))),
        ValueError,
        "forward(x) must have the shape of y and adjoint(y) that of x, "
        "got (2, 3) for y (3, 2), (3, 2) for x (2, 3)",
    ),
    (
        lambda: dot_product_test(lambda x: x[:2], lambda y: y, np.ones(3), np.ones(2)),
        ValueError,
        "forward(x) must have the shape of y and adjoint(y) that of x, got (2,) for y (2,), (2,) for x (3,)",
    ),
    (
        lambda: dot_product_test(lambda x: x, lambda y: np.ones(3), np.ones(3), np.ones(2)),
        ValueError,
        "forward(x) must have the shape of y and adjoint(y) that of x, got (3,) for y (2,), (3,) for x (3,)",
    ),
]


@pytest.mark.parametrize(("call", "error", "message"), REFUSED, ids=[message[:60] for *_, message in REFUSED])
def test_refused_with_a_clear_message(call, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        call()
