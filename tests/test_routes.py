"""The pieces of the routes against numbers by hand, and the routes in one setting that has everything."""

import re

import numpy as np
import pytest

from lib import conv, conv_transpose, routes
from lib.gradients import dot_product_test
from lib.routes import (
    col2im,
    im2col,
    insert_zeros,
    pad_or_crop,
    phases,
    pixel_shuffle,
    rotate,
    swap_channels,
)
from lib.shapes import check_settings

CONV = [routes.conv_loops, routes.conv_gemm]
CONV_TRANSPOSE = [
    routes.conv_transpose_loops,
    routes.conv_transpose_stamps,
    routes.conv_transpose_zero_insertion,
    routes.conv_transpose_gemm,
    routes.conv_transpose_subpixel,
    routes.conv_transpose_fewer_products,
]
SETTINGS = {"stride": (2, 3), "padding": ((1, 0), (0, 2)), "dilation": (1, 2), "groups": 2}


def test_insert_zeros():
    array = np.array([[1, 2, 3], [4, 5, 6]])
    assert insert_zeros(array, (1, 3)).tolist() == [[1, 0, 0, 2, 0, 0, 3], [4, 0, 0, 5, 0, 0, 6]]
    assert insert_zeros(array, (3,)).tolist() == [[1, 0, 0, 2, 0, 0, 3], [4, 0, 0, 5, 0, 0, 6]]
    assert insert_zeros(array, 2).tolist() == [[1, 0, 2, 0, 3], [0, 0, 0, 0, 0], [4, 0, 5, 0, 6]]
    assert insert_zeros(array.astype("float32"), 2).dtype == "float32"
    assert insert_zeros([7], 5).tolist() == [7]


def test_rotate():
    array = np.arange(1, 9).reshape(2, 2, 2)
    assert rotate(array).tolist() == [[[8, 7], [6, 5]], [[4, 3], [2, 1]]]
    assert rotate(array, axes=2).tolist() == [[[4, 3], [2, 1]], [[8, 7], [6, 5]]]
    assert rotate(array, axes=1).tolist() == [[[2, 1], [4, 3]], [[6, 5], [8, 7]]]
    assert not np.array_equal(rotate(array[0]), array[0].T)


def test_swap_channels():
    weight = np.arange(12).reshape(4, 3)[..., None]  # 2 groups: rows 0 1 and rows 2 3
    assert swap_channels(weight)[..., 0].tolist() == weight[..., 0].T.tolist()
    wanted = [[0, 3], [1, 4], [2, 5], [6, 9], [7, 10], [8, 11]]
    assert swap_channels(weight, groups=2)[..., 0].tolist() == wanted
    assert np.array_equal(swap_channels(swap_channels(weight, groups=2), groups=2), weight)


def test_pad_or_crop():
    array = np.arange(1, 7).reshape(2, 3)
    assert pad_or_crop(array, [(1, 0), (0, 2)]).tolist() == [[0] * 5, [1, 2, 3, 0, 0], [4, 5, 6, 0, 0]]
    assert pad_or_crop(array, [(-1, 0), (-2, 1)]).tolist() == [[6, 0]]
    assert pad_or_crop(array, [(1, -2)]).tolist() == [[0, 1], [0, 4]]
    assert pad_or_crop(array, [(0, 0)]).tolist() == array.tolist()
    assert pad_or_crop([5, 6], [(-1, -1)]).tolist() == []
    assert pad_or_crop([1, 2, 3, 4], [(2, -5)]).tolist() == [0]
    assert pad_or_crop([5], [(-2, 4)]).tolist() == [0, 0, 0]  # cropped beyond its own end, into the zeros


def test_im2col():
    array = np.arange(1, 13).reshape(1, 2, 6)
    columns = im2col(array, (2,), stride=2, padding=((1, 0),), dilation=3)
    assert columns.tolist() == [[[0, 2], [3, 5], [0, 8], [9, 11]]]
    assert im2col(array, (2,)).tolist()[0][1] == [2, 3, 4, 5, 6]
    two = np.arange(1, 7).reshape(1, 1, 2, 3)
    assert im2col(two, (2, 2)).tolist() == [[[1, 2], [2, 3], [4, 5], [5, 6]]]
    for dtype in ("int8", "float32", "complex64"):
        assert im2col(two.astype(dtype), (2, 2), padding=1).dtype == dtype


def test_col2im():
    columns = np.arange(1, 13).reshape(1, 4, 3)
    # Channel 0: 1 2 3 at 0 2 4, and 4 5 6 one cell further; channel 1 likewise.
    plain = col2im(columns, (3,), 2, stride=2)
    assert plain.tolist() == [[[1, 4, 2, 5, 3, 6], [7, 10, 8, 11, 9, 12]]]
    shifted = col2im(columns, (3,), (2,), 2, ((1, 0),), 1, 1)
    assert shifted.tolist() == [[[4, 2, 5, 3, 6, 0], [10, 8, 11, 9, 12, 0]]]
    apart = col2im(columns, (3,), (2,), dilation=2)
    assert apart.tolist() == [[[1, 2, 3 + 4, 5, 6], [7, 8, 9 + 10, 11, 12]]]


def test_one_axis_may_be_one_int():
    columns = np.array([[[1, 2, 3], [10, 20, 30]]])
    assert np.array_equal(col2im(columns, 3, 2), col2im(columns, (3,), (2,)))


def test_col2im_is_the_adjoint_of_im2col():
    rng = np.random.default_rng(4)
    kernel_size, settings = (2, 3), ((2, 1), ((1, 0), (0, 2)))
    x = rng.integers(-9, 10, (2, 3, 5, 6))
    columns = rng.integers(-9, 10, im2col(x, kernel_size, *settings, dilation=(1, 2)).shape)
    numbers = dot_product_test(
        lambda x: im2col(x, kernel_size, *settings, dilation=(1, 2)),
        lambda y: col2im(y, (3, 4), kernel_size, *settings, dilation=(1, 2)),
        x[:, :, :5],
        columns,
    )
    assert numbers.forward == numbers.adjoint


def test_phases():
    weight = np.arange(1, 21).reshape(2, 2, 5)
    small = phases(weight, 2)
    assert small.shape == (4, 2, 3)
    # output channel 0 phase 0, phase 1, then output channel 1; each: from input channel 0, from input channel
    # 1
    assert small.tolist() == [
        [[5, 3, 1], [15, 13, 11]],
        [[0, 4, 2], [0, 14, 12]],
        [[10, 8, 6], [20, 18, 16]],
        [[0, 9, 7], [0, 19, 17]],
    ]
    assert phases(weight, (2,), groups=2).shape == (8, 1, 3)
    assert phases(np.ones((1, 1, 4, 3)), (2, 3)).shape == (6, 1, 2, 1)


def test_pixel_shuffle():
    array = np.arange(24).reshape(1, 12, 1, 2)
    shuffled = pixel_shuffle(array, (2, 3))
    assert shuffled.tolist() == [
        [
            [[0, 2, 4, 1, 3, 5], [6, 8, 10, 7, 9, 11]],
            [[12, 14, 16, 13, 15, 17], [18, 20, 22, 19, 21, 23]],
        ]
    ]
    assert pixel_shuffle(array[:, :4], 2).tolist() == [[[[0, 2, 1, 3], [4, 6, 5, 7]]]]


def test_stamps_have_room_for_the_uncropped_output_and_no_more():
    settings = check_settings(2, (3, 2), (2, 3), 1, (1, 2), output_padding=(1, 0))
    assert routes._uncropped((4, 5), settings) == (2 * 3 + 3 + 1, 3 * 4 + 3)


@pytest.mark.parametrize("route", CONV, ids=lambda f: f.__name__)
def test_conv_routes_with_every_setting(route):
    rng = np.random.default_rng(5)
    x, w, bias = rng.integers(-9, 10, (2, 4, 4, 7)), rng.integers(-9, 10, (6, 2, 3, 2)), np.arange(6)
    assert np.array_equal(route(x, w, bias, **SETTINGS), conv(x, w, bias, **SETTINGS))
    assert np.array_equal(route(x[:, :2], w), conv(x[:, :2], w))


@pytest.mark.parametrize("route", CONV_TRANSPOSE, ids=lambda f: f.__name__)
def test_conv_transpose_routes_with_every_setting(route):
    rng = np.random.default_rng(6)
    x, w, bias = rng.integers(-9, 10, (2, 4, 2, 3)), rng.integers(-9, 10, (4, 3, 3, 2)), np.arange(6)
    settings = {**SETTINGS, "output_padding": (1, 2)}
    assert np.array_equal(route(x, w, bias, **settings), conv_transpose(x, w, bias, **settings))
    assert np.array_equal(route(x, w), conv_transpose(x, w))


@pytest.mark.parametrize("route", CONV + CONV_TRANSPOSE, ids=lambda f: f.__name__)
def test_routes_keep_dtype_inputs_and_batch_0(route):
    x, w = np.ones((2, 2, 3), "float32"), np.ones((2, 2, 2), "float32")
    bias = np.ones(2, "float32")
    for array in (x, w, bias):
        array.flags.writeable = False
    assert route(x, w).dtype == "float32"
    assert route(x, w, bias).dtype == "float32"
    assert route(x, w, bias.astype(float)).dtype == "float64"
    assert route(x.astype("int16"), w.astype("int32")).dtype == "int32"
    assert route(x.astype("int32"), w.astype("int16")).dtype == "int32"
    output = route(x, w, bias)
    assert route(x[:0], w, bias).shape == (0, *output.shape[1:])
    assert np.array_equal(route(x.tolist(), w.tolist(), bias.tolist()), output)


@pytest.mark.parametrize(
    ("size", "kernel_size", "stride", "counted"),
    [
        # products for each pair of channels: a third of four saved for each pair of kernel elements
        ((6,), (4,), 2, 3 * 6),  # of 24
        ((4, 6), (4, 4), 2, 6 * 36),  # nine of sixteen: 216 of 384
        ((4, 6), (3, 3), 2, 6 * 25),  # of 36 each
        ((2, 4, 2), (4, 4, 4), 2, 2 * 216),  # 27 of 64
        ((4, 4), (5, 3), (2, 1), 4 * 8 * 5),  # 0 2, 1 3, 4 alone; 0 1, 2 alone
        ((4, 4), (2, 2), 2, 4 * 16),  # stamps side by side: nothing saved
        ((3,), (4,), 2, 2 * 6),  # the last cell's neighbour is a zero
    ],
)
def test_fewer_products_are_as_many_as_said(monkeypatch, size, kernel_size, stride, counted):
    done, mix = [], routes._mix

    def counting(cells, weight):
        done.append(cells.shape[0] * weight.size)
        return mix(cells, weight)

    monkeypatch.setattr(routes, "_mix", counting)
    x, w = np.ones((1, 2, *size), int), np.ones((2, 3, *kernel_size), int)
    routes.conv_transpose_fewer_products(x, w, stride=stride)
    assert sum(done) == 2 * 3 * counted
    pairs = np.prod([-(-n // 2) for n in size])
    fewer, usual = routes.fewer_products(kernel_size, stride)
    assert fewer * pairs == counted
    assert usual == 2 ** len(size) * np.prod(kernel_size)


def test_fewer_products_add_in_the_dtype_of_the_result():
    x, w = np.full((1, 1, 2), 100, "int8"), np.full((1, 1, 2), 300, "int16")  # 100 + 100 is no int8
    y = routes.conv_transpose_fewer_products(x, w)
    assert (y.dtype, y.tolist()) == (np.int16, conv_transpose(x, w).tolist())


def test_fewer_products_leave_nothing_of_the_neighbour_that_the_last_cell_gets():
    """0 * inf is nan, and lies where output_padding adds a zero."""
    x, w = np.array([[[1.0, 2.0, 3.0]]]), np.array([[[np.inf, 1.0]]])
    y = routes.conv_transpose_fewer_products(x, w, stride=2, output_padding=1)
    assert y.tolist() == [[[np.inf, 1, np.inf, 2, np.inf, 3, 0]]]


def test_fewer_products_are_rounded_a_little_more():
    """Measured: 1.2 times the root mean square error of the stamps, which add in another order."""
    rng = np.random.default_rng(7)
    x = rng.standard_normal((2, 24, 8, 7), dtype=np.float32)
    w = rng.standard_normal((24, 5, 4, 4), dtype=np.float32)
    exact = conv_transpose(x.astype(float), w.astype(float), stride=2)
    worst = {}
    for route in (routes.conv_transpose_stamps, routes.conv_transpose_fewer_products):
        worst[route] = np.sqrt(((route(x, w, stride=2) - exact) ** 2).mean())
    usual, fewer = worst.values()
    assert fewer < 2 * usual
    assert fewer < 1e-6 * np.abs(exact).max()


REFUSED = [
    (
        lambda: col2im(np.ones((1, 4, 2)), (3,), (2,)),
        "columns must have shape (batch, channels * 2, 3), "
        "got (1, 4, 2) for input_size (3,), kernel_size (2,)",
    ),
    (
        lambda: col2im(np.ones((1, 5, 3)), (3,), (2,)),
        "columns must have shape (batch, channels * 2, 3), "
        "got (1, 5, 3) for input_size (3,), kernel_size (2,)",
    ),
    (
        lambda: col2im(np.ones((1, 4, 3)), (3,), 0),
        "kernel_size must be at least 1 on every axis, got 0",
    ),
    (
        lambda: col2im(np.ones((1, 4, 3)), (3,), 2, padding=2),
        "output size must be at least 1 on every axis, got (0,) from input (3,), kernel (2,), stride (1,), "
        "padding ((2, 2),), output_padding (0,), dilation (1,)",
    ),
    (
        lambda: im2col(np.ones((1, 1, 3)), (0,)),
        "kernel_size must be at least 1 on every axis, got (0,)",
    ),
    (
        lambda: im2col(np.ones((1, 1, 3)), 4),
        "output size must be at least 1 on every axis, got (0,) from input (3,), kernel (4,), stride (1,), "
        "padding ((0, 0),), dilation (1,)",
    ),
    (
        lambda: pixel_shuffle(np.ones((1, 6, 2, 2)), (2, 2)),
        "channels must be a multiple of 4 for factor (2, 2), got (1, 6, 2, 2)",
    ),
    (lambda: pixel_shuffle(np.ones((1, 6, 2)), 0), "factor must be at least 1 on every axis, got 0"),
    (lambda: insert_zeros([[1, 2]], (2, 0)), "stride must be at least 1 on every axis, got (2, 0)"),
    (lambda: phases(np.ones((1, 1, 3)), 0), "stride must be at least 1 on every axis, got 0"),
    (
        lambda: swap_channels(np.ones((3, 2, 2)), groups=2),
        "groups must divide the first axis of weight, got groups 2, weight (3, 2, 2)",
    ),
    (lambda: swap_channels(np.ones((3, 2, 2)), groups=0), "groups must be at least 1, got 0"),
    (
        lambda: insert_zeros([1, 2], (2, 2)),
        "stride must have at most one entry per axis, got (2, 2) for shape (2,)",
    ),
    (
        lambda: pad_or_crop([1, 2], [(0, 1), (1, 0)]),
        "pairs must be at most one for each axis of the array, got [(0, 1), (1, 0)] for shape (2,)",
    ),
    (
        lambda: pad_or_crop([1, 2, 3, 4], [(1, -6)]),
        "pairs must not crop more cells than there are, got [(1, -6)] for shape (4,)",
    ),
    (lambda: routes.fewer_products((3, 0), 2), "kernel_size must be at least 1 on every axis, got (3, 0)"),
    (lambda: routes.fewer_products((3, 2), (2, 0)), "stride must be at least 1 on every axis, got (2, 0)"),
    (lambda: rotate([1, 2], axes=-1), "axes must be at least 0 on every axis, got -1"),
    (lambda: rotate([1, 2], axes=2), "axes must be at most those of kernel, got 2 for shape (2,)"),
    (
        lambda: insert_zeros(np.ones((2, 0)), 2),
        "array must have at least one cell on every stretched axis, got shape (2, 0)",
    ),
    (
        lambda: swap_channels(np.ones((3, 2))),
        "weight must have shape (first, second // groups, *kernel_size), got (3, 2)",
    ),
    (
        lambda: phases([1, 2, 3], 2),
        "weight must have shape (in_channels, out_channels // groups, *kernel_size), got (3,)",
    ),
    (
        lambda: pixel_shuffle([1, 2], 2),
        "array must have shape (batch, channels * cells of factor, *size), got (2,)",
    ),
    (
        lambda: phases([[1], [1, 2]], 2),
        "weight must be an array, every row as long as the others, got [[1], [1, 2]]",
    ),
    (lambda: col2im(np.ones((1, 2, 3)), 0, 2), "input_size must be at least 1 on every axis, got 0"),
    (lambda: im2col([1, 2], 2), "array must have shape (batch, channels, *size), got (2,)"),
    (
        lambda: col2im([1, 2], 2, 1),
        "columns must have shape (batch, channels * 1, 2), got (2,) for input_size (2,), kernel_size (1,)",
    ),
]


@pytest.mark.parametrize(("call", "message"), REFUSED, ids=[message[:60] for _, message in REFUSED])
def test_refused_with_a_clear_message(call, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()
