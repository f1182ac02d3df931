"""Singular values and least squares without a matrix, against the matrix and NumPy's own algebra."""

from functools import partial

import numpy as np
import pytest

from lib import conv, conv_matrix, conv_transpose
from lib.borders import pad
from lib.inverse import (
    after,
    circular_singular_values,
    conjugate_gradients,
    landweber,
    largest_singular_value,
)

SETTINGS = [
    {},
    {"stride": (2, 1), "padding": (1, 0)},
    {"stride": 2, "dilation": (1, 2), "padding": ((0, 1), (2, 1))},
    {"groups": 2, "stride": (1, 2)},
]


def pair(seed, **settings):
    """forward, adjoint and matrix of one random layer, on an input that leaves no rest."""
    rng = np.random.default_rng(seed)
    weight = rng.normal(size=(4, 6 // settings.get("groups", 1), 3, 2))
    y_size = (3, 4)
    size = conv_transpose(np.ones((1, 4, *y_size)), weight, **settings).shape[2:]
    forward, adjoint = (
        partial(conv, weight=weight, **settings),
        partial(conv_transpose, weight=weight, **settings),
    )
    return forward, adjoint, conv_matrix(weight, size, **settings), (1, 6, *size), (1, 4, *y_size)


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_largest_singular_value_is_that_of_the_matrix(settings):
    forward, adjoint, matrix, x_shape, y_shape = pair(0, **settings)
    values = np.linalg.svd(matrix, compute_uv=False)
    start = np.random.default_rng(1)
    found = largest_singular_value(forward, adjoint, start.normal(size=x_shape), 500)
    back = largest_singular_value(adjoint, forward, start.normal(size=y_shape), 500)
    assert found == pytest.approx(values[0], rel=1e-6) and back == pytest.approx(values[0], rel=1e-6)


def test_largest_singular_value_comes_from_below():
    forward, adjoint, matrix, x_shape, _ = pair(2)
    start = np.random.default_rng(1).normal(size=x_shape)
    found = [largest_singular_value(forward, adjoint, start, steps) for steps in (1, 2, 4, 8, 16)]
    assert found == sorted(found) and found[-1] <= np.linalg.norm(matrix, 2) * (1 + 1e-12)


def circular_matrix(weight, size, stride):
    """Column by column: what the circular convolution makes of each cell."""
    count = weight.shape[1] * np.prod(size)
    unit = np.eye(count).reshape(count, weight.shape[1], *size)
    border = [(0, k - 1) for k in weight.shape[2:]]
    return conv(pad(unit, border, "wrap"), weight, stride=stride).reshape(count, -1).T


@pytest.mark.parametrize("stride, size", [(1, (5, 4)), (2, (4, 6)), (3, (3, 6)), (2, (8,)), (2, (2, 4, 2))])
@pytest.mark.parametrize("channels", [(1, 1), (2, 3), (5, 1)])
def test_circular_singular_values_are_those_of_the_matrix(stride, size, channels):
    kernel_size = [2 + n % 2 for n in range(len(size))]
    kernel_size = [min(k, n) for k, n in zip(kernel_size, size)]
    weight = np.random.default_rng(4).normal(size=(*channels, *kernel_size))
    values = np.sort(circular_singular_values(weight, size, stride).ravel())[::-1]
    wanted = np.linalg.svd(circular_matrix(weight, size, stride), compute_uv=False)
    assert len(values) == len(wanted) and np.allclose(values, wanted, rtol=0, atol=1e-12 * wanted[0])


@pytest.mark.parametrize("damping", [0, 0.3])
@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_conjugate_gradients_end_at_the_least_squares(settings, damping):
    forward, adjoint, matrix, x_shape, y_shape = pair(5, **settings)
    y = np.random.default_rng(6).normal(size=y_shape)
    x = after(conjugate_gradients(forward, adjoint, y, damping), 400)
    rows = np.vstack([matrix, np.sqrt(damping) * np.eye(matrix.shape[1])])
    wanted = np.linalg.lstsq(rows, np.append(y.ravel(), np.zeros(matrix.shape[1])), rcond=None)[0]
    assert x.shape == x_shape and np.allclose(x.ravel(), wanted, rtol=0, atol=1e-8 * np.abs(wanted).max())


def test_landweber_is_plain_gradient_descent():
    forward, adjoint, matrix, _, y_shape = pair(7)
    y, rate = np.random.default_rng(8).normal(size=y_shape), 1 / np.linalg.norm(matrix, 2) ** 2
    x = np.zeros(matrix.shape[1])
    for step, found in zip(range(5), landweber(forward, adjoint, y, rate)):
        x = x - rate * matrix.T @ (matrix @ x - y.ravel())
        assert np.allclose(found.ravel(), x, rtol=0, atol=1e-12), step


def test_refusals():
    with pytest.raises(ValueError, match="start must not be zero and steps at least 1, got steps 100"):
        largest_singular_value(np.copy, np.copy, np.zeros(3))
    with pytest.raises(
        ValueError, match=r"input_size .* got input_size \(5,\), weight \(1, 1, 2\), stride 2"
    ):
        circular_singular_values(np.ones((1, 1, 2)), (5,), 2)
    with pytest.raises(ValueError, match="damping must be at least 0, got -1"):
        next(conjugate_gradients(np.copy, np.copy, np.ones(3), -1))


def test_what_gives_nothing_has_no_length():
    assert largest_singular_value(lambda x: 0 * x, lambda y: 0 * y, np.ones(3)) == 0
