"""Stacks of layers, held against the matrices that they are."""

import numpy as np
import pytest

from lib import conv_matrix, conv_output_size
from lib.stacks import StackLayer, receptive_field, stack_rows


def matrix(layer, size):
    """The layer of a kernel of ones on one axis as a matrix, written with conv_matrix alone."""
    settings = {"stride": layer.stride, "padding": layer.padding, "dilation": layer.dilation}
    kernel = np.ones(layer.kernel_size, int)
    if layer.kind != "conv_transpose":
        return conv_matrix(kernel, (size,), **settings)
    large = layer.stride * (size - 1) + layer.dilation * (layer.kernel_size - 1) + 1 - 2 * layer.padding
    large += layer.output_padding
    assert conv_output_size(large, layer.kernel_size, **settings) == size
    return conv_matrix(kernel, (large,), **settings).T


def random_stack(rng):
    layers = []
    for _ in range(rng.integers(1, 5)):
        kind = str(rng.choice(["conv", "conv_transpose", "pool"]))
        k, s, d = int(rng.integers(1, 6)), int(rng.integers(1, 4)), int(rng.integers(1, 4))
        p, a = int(rng.integers(0, d * (k - 1) // 2 + 1)), int(rng.integers(0, s))
        a = a if kind == "conv_transpose" else 0
        layers.append(StackLayer(kind, k, s, p, a, d))
    return layers


def test_receptive_field_is_that_of_the_product_of_the_matrices():
    rng = np.random.default_rng(0)
    held = differ = dead = 0
    for _ in range(400):
        layers = random_stack(rng)
        size = 240
        product = np.eye(size, dtype=np.float32)
        for layer in layers:
            rows = matrix(layer, len(product)).astype(np.float32)
            if rows.shape[0] > 1000:
                break
            product = rows @ product
        else:
            period = int(np.prod([layer.stride for layer in layers if layer.kind == "conv_transpose"]))
            middle = product[len(product) // 2 :][:period]
            seen = [np.flatnonzero(row) for row in middle]
            if len(middle) < period or any(len(at) and (at[0] < 9 or at[-1] > size - 10) for at in seen):
                continue
            widths = [at[-1] - at[0] + 1 if len(at) else 0 for at in seen]
            assert receptive_field(layers) == (min(widths), max(widths)), layers
            held += 1
            differ += min(widths) < max(widths)
            dead += min(widths) == 0
    assert held > 250 and differ > 50 and dead > 20


def test_u_net():
    """572 to 388, as in the paper; the receptive field at the bottom and at the end."""
    conv, pool = StackLayer("conv", 3, out_channels=64), StackLayer("pool", 2, stride=2)
    up = StackLayer("conv_transpose", 2, stride=2, out_channels=64)
    layers = [conv, conv, pool] * 4 + [conv, conv] + [up, conv, conv] * 4
    rows = stack_rows((572, 572), layers)
    assert [row.size[0] for row in rows] == [
        *(570, 568, 284, 282, 280, 140, 138, 136, 68, 66, 64, 32, 30, 28),
        *(56, 54, 52, 104, 102, 100, 200, 198, 196, 392, 390, 388),
    ]
    assert rows[13].receptive_field == (140, 140)
    assert rows[-1].overlap == () and rows[-3].overlap == (1, 1)


def test_weights_and_multiplications_are_counted():
    """A depthwise layer, and one of each kind with sizes that differ between axes."""
    layers = [
        StackLayer("conv", 3, stride=2, padding=1, out_channels=6, groups=3),
        StackLayer("pool", 2, stride=1),
        StackLayer("conv_transpose", 4, stride=3, padding=1, output_padding=2, out_channels=4, groups=2),
    ]
    rows = stack_rows((9, 14), layers, channels=3)
    assert [row.size for row in rows] == [(5, 7), (4, 6), (13, 19)]
    assert [row.channels for row in rows] == [6, 6, 4]
    assert [row.weights for row in rows] == [6 * 1 * 9, 0, 6 * 2 * 16]
    assert [row.multiplications for row in rows] == [5 * 7 * 6 * 9, 0, 4 * 6 * 6 * 2 * 16]
    assert rows[2].overlap == (2, 1, 1)


def test_the_rows_of_dilated_layers():
    """17 = 3 * 4 + 2 * 2 + 1, then twice 2 * 2 less.

    Cells 3 q and 3 q + 2 behind the first layer come from cell q of the input, 3 q + 1 comes from q - 1. The
    pool reads n, n + 2, n + 4 of them, the last layer all from n to n + 8 in steps of 2.
    """
    kernel = {"kernel_size": 3, "dilation": 2}
    rows = stack_rows(
        5,
        [
            StackLayer("conv_transpose", stride=3, out_channels=4, **kernel),
            StackLayer("pool", groups=3, out_channels=7, **kernel),  # it has no use for either
            StackLayer("conv", out_channels=2, groups=2, **kernel),
        ],
    )
    assert rows == (
        ((17,), 4, (1, 1), (1, 1, 1), 1 * 4 * 3, 5 * 1 * 4 * 3),
        ((13,), 4, (1, 3), (), 0, 0),
        ((9,), 2, (3, 5), (), 4 * 2 // 2 * 3, 9 * 4 * 2 // 2 * 3),
    )
    counts = [n for row in rows for n in (*row.size, row.channels, *row.receptive_field, *row[-2:])]
    assert {type(count) for count in counts} == {int}


def test_dilation_by_the_stride_leaves_every_other_cell_out():
    layer = StackLayer("conv_transpose", 3, stride=2, dilation=2)
    assert [(row.size, row.overlap) for row in stack_rows(4, [layer])] == [((11,), (3, 0))]


def test_padding_moves_a_window_towards_the_first_cell():
    """Of the cells between, only every fourth is written: the window before cell 4 n holds it or does not."""
    up = StackLayer("conv_transpose", 1, stride=4)
    for padding, held in ((0, 1), (1, 1), (2, 1), (3, 0)):
        assert receptive_field([up, StackLayer("conv", 3, stride=4, padding=padding)]) == (held, held)


def test_one_cell_is_enough():
    assert [row.size for row in stack_rows((1, 3), [StackLayer("conv", 1)])] == [(1, 3)]
    with pytest.raises(ValueError, match="^input_size must be at least 1 on every axis, got 0"):
        stack_rows(0, [StackLayer("conv", 1)])


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (StackLayer("deconv", 3), "layer 2: kind must be one of conv, conv_transpose, pool, got 'deconv'"),
        (StackLayer("conv", 3, groups=2, out_channels=3), "layer 2: groups must divide the channels on both"),
        (StackLayer("conv", 9), "layer 2: output size must be at least 1"),
        (StackLayer("pool", 2, output_padding=1), "layer 2: output_padding must be 0 for pool"),
    ],
)
def test_refusals_name_the_layer(layer, message):
    with pytest.raises(ValueError, match=message):
        stack_rows(6, [StackLayer("conv", 1, out_channels=4), layer])
