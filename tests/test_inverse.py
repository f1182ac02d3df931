"""Singular values and least squares without a matrix, against the matrix and NumPy's own algebra."""

from functools import partial
from itertools import islice

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
    x, iterates = np.zeros(matrix.shape[1]), list(islice(landweber(forward, adjoint, y, rate), 5))
    assert len(iterates) == 5  # and it has no end
    for step, found in enumerate(iterates):
        x = x - rate * matrix.T @ (matrix @ x - y.ravel())
        assert np.allclose(found.ravel(), x, rtol=0, atol=1e-12), step


def differences(x):
    """Each cell less the one before; a dtype that comes in goes out."""
    return np.diff(x)


def differences_back(y):
    return -np.diff(y, prepend=y.dtype.type(0), append=y.dtype.type(0))


def test_few_bits_in_are_worked_in_many():
    """The differences of n cells have the singular values 2 sin(j pi / 2 n), j from 1 to n - 1."""
    start = np.array([1, -2, 3, -4, 6], np.float32)
    found = largest_singular_value(differences, differences_back, start, 300)
    assert found == pytest.approx(2 * np.cos(np.pi / 10), rel=1e-14)
    y = np.array([0.1, 0.7, -0.3, 0.2], np.float32)
    for iterates in (
        landweber(differences, differences_back, y, 0.25),
        conjugate_gradients(differences, differences_back, y),
    ):
        x = after(iterates, 1000)
        assert np.abs(np.diff(x) - y).max() < 1e-14
    weight = np.random.default_rng(9).normal(size=(2, 3, 2, 2)).astype(np.float32)
    few, many = (circular_singular_values(w, (4, 5)) for w in (weight, weight.astype(float)))
    assert few.dtype == float and np.array_equal(few, many)


def test_stride_and_damping_are_none_unless_given():
    waves = 2 * np.pi * np.arange(6) / 6
    found = circular_singular_values(np.array([[[1, 3]]]), (6,)).ravel()
    assert np.allclose(found, np.abs(1 + 3 * np.exp(1j * waves)), rtol=1e-14)
    scale = np.array([2.0, 4.0])
    iterates = conjugate_gradients(lambda x: scale * x, lambda y: scale * y, np.array([6, 20]))
    assert np.allclose(after(iterates, 9), [3, 5], rtol=1e-14)


def scaled(factor):
    """Conjugate gradients where each cell is multiplied by a number of its own: three singular values."""
    scale, y = np.array([3.0, 7.0, 11.0]), factor * np.array([3.0, 1.0, 4.0])
    return list(islice(conjugate_gradients(lambda x: scale * x, lambda y: scale * y, y), 50))


def test_conjugate_gradients_end_when_rounding_is_all_that_is_left():
    assert 3 <= len(scaled(1)) <= 4  # one for each singular value, and one for what they were rounded by
    for factor in (2.0**-40, 2.0**40):  # whatever the unit
        assert np.array_equal(scaled(factor), factor * np.array(scaled(1)))


def test_nothing_comes_from_nothing():
    assert [x.tolist() for x in conjugate_gradients(np.copy, np.copy, np.zeros(2))] == [[0, 0]]
    lost = conjugate_gradients(lambda x: x * [1, 0], lambda y: y * [1, 0], np.array([0, 5]))
    assert after(lost, 3).tolist() == [0, 0]


def test_after_so_many_or_at_the_end():
    assert [after(iter("abc"), steps) for steps in (1, 2, 3, 4)] == ["a", "b", "c", "c"]


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
