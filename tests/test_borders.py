"""Borders that copy: against numpy.pad, and the adjoint against the matrix and the dot product."""

from itertools import product

import numpy as np
import pytest

from lib import conv, conv_transpose
from lib.borders import MODES, fold_back, pad

SIZES = ((5,), (4, 3), (2, 3, 4))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_pad_is_numpys_on_the_spatial_axes(mode, size):
    x = np.arange(2 * 3 * np.prod(size)).reshape(2, 3, *size) ** 2
    pairs = tuple((1 + axis % 2, 2 - axis % 2) for axis in range(len(size)))
    assert np.array_equal(pad(x, pairs, mode), np.pad(x, ((0, 0), (0, 0), *pairs), mode=mode))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("before, after", list(product(range(4), repeat=2)))
def test_fold_back_is_the_transposed_matrix(mode, before, after):
    size, padding = (4, 3), ((before, after), (after, 1))
    unit = np.eye(12, dtype=int).reshape(12, 1, *size)
    matrix = pad(unit, padding, mode).reshape(12, -1).T  # columns: what each cell is copied to
    z = np.arange(len(matrix)) ** 2 + 1
    shape = pad(unit[:1], padding, mode).shape
    assert np.array_equal(fold_back(z.reshape(shape), padding, mode).ravel(), matrix.T @ z)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("stride", [1, (2, 3)])
def test_with_conv_it_is_an_adjoint_pair(mode, stride):
    rng = np.random.default_rng(3)
    x, weight = rng.integers(-9, 10, (2, 3, 6, 7)), rng.integers(-9, 10, (4, 3, 3, 2))
    padding, settings = ((2, 1), (1, 0)), {"stride": stride, "dilation": (1, 2)}
    forward = conv(pad(x, padding, mode), weight, **settings)
    y = rng.integers(-9, 10, forward.shape)
    padded = pad(x, padding, mode).shape[2:]
    full = conv_transpose(y, weight, **settings)
    ends = [(0, n - f) for n, f in zip(padded, full.shape[2:])]  # cells that no window reached
    back = fold_back(np.pad(full, ((0, 0), (0, 0), *ends)), padding, mode)
    assert back.shape == x.shape
    assert np.sum(forward * y) == np.sum(x * back)


def test_the_numbers_of_the_issue():
    y, kernel = np.array([[[1, 10, 100, 1000, 10000]]]), np.array([[[1, 2, 3]]])
    full = conv_transpose(y, kernel)
    assert fold_back(full, 1, "wrap")[0, 0].tolist() == [30012, 123, 1230, 12300, 23001]
    assert fold_back(full, 1, "edge")[0, 0].tolist() == [13, 123, 1230, 12300, 53000]
    assert fold_back(full, 1, "reflect")[0, 0].tolist() == [12, 124, 1230, 42300, 23000]


@pytest.mark.parametrize("dtype", ["int8", "int64", "float32", "complex64"])
def test_the_dtype_stays(dtype):
    x = np.arange(1, 6).reshape(1, 1, 5).astype(dtype)
    padded = pad(x, (1,), "reflect")
    folded = fold_back(padded, (1,), "reflect")
    assert (padded.dtype, padded.tolist()) == (dtype, [[[2, 1, 2, 3, 4, 5, 4]]])
    assert (folded.dtype, folded.tolist()) == (dtype, [[[1, 4, 3, 8, 5]]])


@pytest.mark.parametrize("mode", MODES)
def test_one_cell_is_its_own_border(mode):
    assert pad([[[7]]], ((2, 1),), mode).tolist() == [[[7, 7, 7, 7]]]
    assert fold_back([[[1, 10, 100, 1000]]], ((2, 1),), mode).tolist() == [[[1111]]]


def test_refusals():
    with pytest.raises(ValueError, match="mode must be one of wrap, reflect, symmetric, edge, got 'zeros'"):
        pad(np.ones((1, 1, 3)), 1, "zeros")
    with pytest.raises(ValueError, match=r"array must have shape \(batch, channels, \*size\).* got \(3,\)"):
        fold_back(np.ones(3), 1, "wrap")
    with pytest.raises(ValueError, match=r"^array must have shape .* got \(1, 2, 0\)"):
        pad(np.ones((1, 2, 0)), 1, "wrap")
    with pytest.raises(ValueError, match=r"at least one cell on every axis, got padding \(\(2, 2\),\)"):
        fold_back(np.ones((1, 1, 4)), 2, "wrap")
