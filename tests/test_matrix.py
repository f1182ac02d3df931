"""The matrix C against the definition of one of its cells, and its structure."""

import re

import numpy as np
import pytest

from lib import conv, conv_matrix, conv_output_size, conv_transpose


def test_the_running_example():
    w = np.arange(1, 10).reshape(3, 3)
    matrix = conv_matrix(w, (4, 4))
    assert matrix.tolist() == [
        [1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0, 0, 0, 0],
        [0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0, 0, 0],
        [0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0],
        [0, 0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9],
    ]


def test_a_cell_is_the_kernel_element_that_joins_output_and_input():
    # C[u, v] = w[kappa] where v = u s + kappa d - p, else 0; on two axes with every setting its own.
    size, kernel_size, stride, padding, dilation = (5, 4), (2, 3), (2, 1), ((1, 0), (0, 2)), (1, 2)
    w = np.arange(1, 7).reshape(kernel_size)
    output_size = conv_output_size(size, kernel_size, stride, padding, dilation)
    wanted = np.zeros((*output_size, *size), int)
    for u, kappa in np.ndindex((output_size[0], 2)):
        for v, lam in np.ndindex((output_size[1], 3)):
            row, column = 2 * u + kappa - 1, v + 2 * lam
            if 0 <= row < 5 and 0 <= column < 4:
                wanted[u, v, row, column] = w[kappa, lam]
    matrix = conv_matrix(w, size, stride=stride, padding=padding, dilation=dilation)
    assert np.array_equal(matrix, wanted.reshape(np.prod(output_size), 20))


def test_channels_and_groups_are_blocks():
    w = np.arange(1, 37).reshape(6, 2, 3)  # 6 out, 2 in for each of 3 groups
    matrix = conv_matrix(w, (4,), groups=3)
    blocks = matrix.reshape(6, 2, 6, 4)  # out, row, in, column
    for out, channel in np.ndindex(6, 6):
        same_group = out // 2 == channel // 2
        block = conv_matrix(w[out, channel % 2], (4,)) if same_group else np.zeros((2, 4), int)
        assert np.array_equal(blocks[out, :, channel], block)


def test_one_int_is_one_axis():
    assert conv_matrix([1, 2], 3).tolist() == [[1, 2, 0], [0, 1, 2]]
    assert conv_matrix([1, 2], np.array([3])).tolist() == [[1, 2, 0], [0, 1, 2]]
    assert conv_matrix([[[1, 2]]], 3).tolist() == [[1, 2, 0], [0, 1, 2]]


def test_padding_only_rows_are_zero():
    assert conv_matrix([1, 2], 1, padding=2).tolist() == [[0], [2], [1], [0]]


@pytest.mark.parametrize("dtype", ["bool", "int8", "float32", "complex128"])
def test_dtype_is_that_of_the_weight(dtype):
    assert conv_matrix(np.ones((2, 1, 3), dtype), (4,)).dtype == dtype


def test_weight_is_not_modified_and_not_shared():
    w = np.ones((1, 1, 1), int)
    matrix = conv_matrix(w, (1,))
    assert matrix.tolist() == [[1]]
    matrix[0, 0] = 5
    assert w.tolist() == [[[1]]]


def test_batch_is_the_same_matrix_for_each():
    rng = np.random.default_rng(2)
    x, w = rng.integers(-9, 10, (3, 2, 5, 4)), rng.integers(-9, 10, (3, 2, 2, 3))
    matrix = conv_matrix(w, (5, 4), stride=(2, 1))
    y = conv(x, w, stride=(2, 1))
    assert np.array_equal(y.reshape(3, -1), x.reshape(3, -1) @ matrix.T)
    z = conv_transpose(y, w, stride=(2, 1), output_padding=(1, 0))
    assert np.array_equal(z.reshape(3, -1), y.reshape(3, -1) @ matrix)


REFUSED = [
    (
        (np.ones((3, 3)), (4,)),
        {},
        ValueError,
        "weight must have shape (*kernel_size) or (out_channels, in_channels // groups, *kernel_size), "
        "got weight (3, 3) for input_size (4,)",
    ),
    (
        (np.ones(3), (4, 4)),
        {},
        ValueError,
        "weight must have shape (*kernel_size) or (out_channels, in_channels // groups, *kernel_size), "
        "got weight (3,) for input_size (4, 4)",
    ),
    (([1, 2], 0), {}, ValueError, "input_size must be at least 1 on every axis, got 0"),
    (([1, 2], 4.0), {}, TypeError, "input_size must be an int, got 4.0"),
    (([1, 2], 4), {"groups": 0}, ValueError, "groups must be at least 1, got 0"),
    (([1, 2], 4), {"groups": 1.5}, TypeError, "groups must be an int, got 1.5"),
    (
        ([1, 2], 4),
        {"groups": 2},
        ValueError,
        "groups must divide the first axis of weight, got groups 2, weight (1, 1, 2)",
    ),
    (([1, 2], 4), {"stride": 0}, ValueError, "stride must be at least 1 on every axis, got 0"),
    (
        ([1, 2], 1),
        {},
        ValueError,
        "output size must be at least 1 on every axis, got (0,) from input (1,), kernel (2,), "
        "stride (1,), padding ((0, 0),), dilation (1,)",
    ),
    ((np.ones((2, 0, 2)), 4), {}, ValueError, "weight must not be empty, got (2, 0, 2)"),
    (([1, 2], 4), {"dilation": 0}, ValueError, "dilation must be at least 1 on every axis, got 0"),
    (([1, 2], 4), {"padding": -1}, ValueError, "padding must be at least 0 on every axis, got -1"),
    ((["a", "b"], 4), {}, TypeError, "weight must hold numbers, got dtype <U1"),
    (
        ([[1, 2], [3]], 4),
        {},
        ValueError,
        "weight must be an array, every row as long as the others, got [[1, 2], [3]]",
    ),
]


@pytest.mark.parametrize(
    ("arguments", "settings", "error", "message"), REFUSED, ids=[m[:60] for *_, m in REFUSED]
)
def test_refused_with_a_clear_message(arguments, settings, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        conv_matrix(*arguments, **settings)
