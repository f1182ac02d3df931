"""What holds for all settings in 1 to 4 dimensions. On whole numbers: every comparison is exact."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import conv_cases, conv_transpose_cases

from lib import (
    conv,
    conv_backward,
    conv_matrix,
    conv_output_size,
    conv_transpose,
    conv_transpose_backward,
    conv_transpose_output_size,
    routes,
)
from lib.gradients import dot_product_test, numerical_gradient
from lib.kernels import overlap
from lib.shapes import conv_input_sizes, output_padding_for


def spatial(settings):
    return {name: value for name, value in settings.items() if name != "groups"}


def flat(array):
    """One column for each member of the batch."""
    return array.reshape(len(array), -1).T


def extended(array, size):
    """Zeros behind the last cell, up to the given size."""
    return np.pad(array, [(0, 0), (0, 0), *((0, o - i) for o, i in zip(size, array.shape[2:]))])


# --- sizes ---


@given(conv_cases())
def test_conv_size_and_the_way_back(case):
    size, kernel_size = case.large.shape[2:], case.weight.shape[2:]
    output_size = conv(case.large, case.weight, **case.settings).shape[2:]
    assert output_size == case.small.shape[2:]
    assert output_size == conv_output_size(size, kernel_size, **spatial(case.settings))
    assert output_padding_for(size, kernel_size, **spatial(case.settings)) == case.output_padding
    ranges = conv_input_sizes(output_size, kernel_size, **spatial(case.settings))
    assert all(i in sizes for i, sizes in zip(size, ranges))
    back = conv_transpose(case.small, case.weight, output_padding=case.output_padding, **case.settings)
    assert back.shape == case.large.shape


@given(conv_transpose_cases())
def test_conv_transpose_size_and_the_way_back(case):
    a, stride = case.output_padding, case.settings["stride"]
    output = conv_transpose(case.small, case.weight, output_padding=a, **case.settings)
    assert output.shape == case.large.shape
    sizes = case.small.shape[2:], case.weight.shape[2:]
    assert output.shape[2:] == conv_transpose_output_size(*sizes, output_padding=a, **spatial(case.settings))
    # conv returns to the input's size exactly if output_padding < stride.
    back = conv(output, case.weight, **case.settings).shape[2:]
    assert back == tuple(i + extra // s for i, extra, s in zip(sizes[0], a, stride))


# --- adjoint and matrix ---


@given(conv_cases())
def test_adjoint_of_conv(case):
    numbers = dot_product_test(
        lambda x: conv(x, case.weight, **case.settings),
        lambda y: conv_transpose(y, case.weight, output_padding=case.output_padding, **case.settings),
        case.large,
        case.small,
    )
    assert numbers.forward == numbers.adjoint


@given(conv_transpose_cases())
def test_adjoint_of_conv_transpose(case):
    first = tuple(slice(i) for i in case.small.shape[2:])  # what output_padding >= stride adds is left out
    numbers = dot_product_test(
        lambda y: conv_transpose(y, case.weight, output_padding=case.output_padding, **case.settings),
        lambda x: conv(x, case.weight, **case.settings)[(..., *first)],
        case.small,
        case.large,
    )
    assert numbers.forward == numbers.adjoint


@given(conv_cases(most_axes=3))
def test_conv_is_the_matrix_and_conv_transpose_its_transpose(case):
    matrix = conv_matrix(case.weight, case.large.shape[2:], **case.settings)
    y = conv(case.large, case.weight, **case.settings)
    assert np.array_equal(flat(y), matrix @ flat(case.large))
    x = conv_transpose(case.small, case.weight, output_padding=case.output_padding, **case.settings)
    assert np.array_equal(flat(x), matrix.T @ flat(case.small))


@given(conv_transpose_cases(most_axes=3))
def test_any_conv_transpose_is_a_transposed_matrix(case):
    matrix = conv_matrix(case.weight, case.large.shape[2:], **case.settings)
    rows = conv_output_size(case.large.shape[2:], case.weight.shape[2:], **spatial(case.settings))
    y = conv_transpose(case.small, case.weight, output_padding=case.output_padding, **case.settings)
    assert np.array_equal(flat(y), matrix.T @ flat(extended(case.small, rows)))


@given(conv_cases(most_axes=3))
def test_a_row_of_the_matrix_has_each_kernel_element_at_most_once(case):
    ones = np.ones(case.weight.shape[2:], int)
    matrix = conv_matrix(ones, case.large.shape[2:], **spatial(case.settings))
    assert set(np.unique(matrix)) <= {0, 1}
    assert (matrix.sum(axis=1) <= ones.size).all()
    counts = overlap(
        case.small.shape[2:],
        case.weight.shape[2:],
        output_padding=case.output_padding,
        **spatial(case.settings),
    )
    assert np.array_equal(matrix.sum(axis=0), counts.ravel())


# --- linearity ---


@given(conv_cases(), st.integers(-5, 5), st.integers(-5, 5))
def test_conv_is_linear_in_input_and_in_weight(case, a, b):
    x, w, other = case.large, case.weight, np.flip(case.large)
    y = conv(a * x + b * other, w, **case.settings)
    assert np.array_equal(y, a * conv(x, w, **case.settings) + b * conv(other, w, **case.settings))
    other = np.flip(w)
    y = conv(x, a * w + b * other, **case.settings)
    assert np.array_equal(y, a * conv(x, w, **case.settings) + b * conv(x, other, **case.settings))


@given(conv_transpose_cases(), st.integers(-5, 5), st.integers(-5, 5))
def test_conv_transpose_is_linear_in_input_and_in_weight(case, a, b):
    def apply(x, w):
        return conv_transpose(x, w, output_padding=case.output_padding, **case.settings)

    x, w = case.small, case.weight
    other = np.flip(x)
    assert np.array_equal(apply(a * x + b * other, w), a * apply(x, w) + b * apply(other, w))
    other = np.flip(w)
    assert np.array_equal(apply(x, a * w + b * other), a * apply(x, w) + b * apply(x, other))


@given(conv_transpose_cases())
def test_bias_is_one_number_for_each_channel(case):
    settings = {**case.settings, "output_padding": case.output_padding}
    with_bias = conv_transpose(case.small, case.weight, case.bias, **settings)
    difference = with_bias - conv_transpose(case.small, case.weight, **settings)
    assert np.array_equal(
        np.moveaxis(difference, 1, -1), np.broadcast_to(case.bias, np.moveaxis(difference, 1, -1).shape)
    )


# --- routes ---


@pytest.mark.parametrize("route", [routes.conv_loops, routes.conv_gemm], ids=lambda f: f.__name__)
@given(conv_cases(), st.booleans())
def test_routes_of_conv(route, case, with_bias):
    given = (case.large, case.weight, case.bias if with_bias else None)
    assert np.array_equal(route(*given, **case.settings), conv(*given, **case.settings))


@pytest.mark.parametrize(
    "route",
    [
        routes.conv_transpose_loops,
        routes.conv_transpose_stamps,
        routes.conv_transpose_zero_insertion,
        routes.conv_transpose_gemm,
        routes.conv_transpose_subpixel,
        routes.conv_transpose_fewer_products,
    ],
    ids=lambda f: f.__name__,
)
@given(conv_transpose_cases(), st.booleans())
def test_routes_of_conv_transpose(route, case, with_bias):
    given = (case.small, case.weight, case.bias if with_bias else None)
    settings = {**case.settings, "output_padding": case.output_padding}
    assert np.array_equal(route(*given, **settings), conv_transpose(*given, **settings))


# --- gradients ---


def directional(operator, backward, input, weight, grad_output, settings, output_channels):
    """Both operators are linear in each argument: <grad, change> is the whole change of the loss, exactly."""
    grads = backward(grad_output, input, weight, **settings)
    change = np.flip(input)
    assert (grads[0] * change).sum() == (operator(change, weight, **settings) * grad_output).sum()
    change = np.flip(weight)
    assert (grads[1] * change).sum() == (operator(input, change, **settings) * grad_output).sum()
    change = np.arange(output_channels)
    zero = np.zeros_like(input)
    assert (grads[2] * change).sum() == (operator(zero, weight, change, **settings) * grad_output).sum()


@given(conv_cases())
def test_gradients_of_conv(case):
    directional(conv, conv_backward, case.large, case.weight, case.small, case.settings, case.small.shape[1])


@given(conv_transpose_cases())
def test_gradients_of_conv_transpose(case):
    settings = {**case.settings, "output_padding": case.output_padding}
    directional(
        conv_transpose,
        conv_transpose_backward,
        case.small,
        case.weight,
        case.large,
        settings,
        case.large.shape[1],
    )


@given(conv_cases(most_axes=2))
def test_gradients_of_conv_by_finite_differences(case):
    grads = conv_backward(case.small, case.large, case.weight, **case.settings)
    by_weight = numerical_gradient(
        lambda w: (conv(case.large, w, **case.settings) * case.small).sum(), case.weight, step=1
    )
    assert np.array_equal(by_weight, grads[1])
    by_input = numerical_gradient(
        lambda x: (conv(x, case.weight, **case.settings) * case.small).sum(), case.large, step=1
    )
    assert np.array_equal(by_input, grads[0])


@given(conv_transpose_cases(most_axes=2))
def test_gradients_of_conv_transpose_by_finite_differences(case):
    settings = {**case.settings, "output_padding": case.output_padding}
    grads = conv_transpose_backward(case.large, case.small, case.weight, **settings)
    by_weight = numerical_gradient(
        lambda w: (conv_transpose(case.small, w, **settings) * case.large).sum(), case.weight, step=1
    )
    assert np.array_equal(by_weight, grads[1])
    by_input = numerical_gradient(
        lambda x: (conv_transpose(x, case.weight, **settings) * case.large).sum(), case.small, step=1
    )
    assert np.array_equal(by_input, grads[0])
