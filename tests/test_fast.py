"""The work behind conv and conv_transpose, cut small: every way to do it gives the same numbers.

How large a block is and whether stamps, phases or single taps are added up depends on sizes, and small tests
would see one way only. So each is forced here, against the loops.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import conv_cases, conv_transpose_cases

from lib import blocks, conv, conv_backward, conv_transpose, conv_transpose_backward, fast, ops
from lib.blocks import blocks_of
from lib.routes import conv_gemm, conv_loops, conv_transpose_gemm, conv_transpose_loops
from lib.shapes import cells, check_settings, conv_transpose_size

ALWAYS = 10**9
WAYS = [
    # numbers in a block, rows of a product at least, way
    (1, 1, "stamps"),
    (1, ALWAYS, "phases"),
    (1, 1, "col2im"),
    (60, 1, "stamps"),
    (60, 1, "phases"),
    (60, ALWAYS, "col2im"),
    (400, ALWAYS, "stamps"),
    (400, 1, "phases"),
    (ALWAYS, 1, "stamps"),
    (ALWAYS, ALWAYS, "stamps"),
    (ALWAYS, 1, "phases"),
    (ALWAYS, 1, "col2im"),
]


@pytest.fixture(params=WAYS, ids=lambda way: "block {} wide {} {}".format(*way))
def way(request, monkeypatch):
    block, wide, way = request.param
    monkeypatch.setattr(blocks, "BLOCK", block)
    monkeypatch.setattr(fast, "WIDE", wide)
    monkeypatch.setattr(fast, "_cheapest", lambda *_: way)


# The fixture holds for all examples of a test, which is what is meant here.
forced = settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@forced
@given(conv_cases())
def test_conv(way, case):
    arrays = (case.large, case.weight, case.bias)
    assert np.array_equal(conv(*arrays, **case.settings), conv_loops(*arrays, **case.settings))


@forced
@given(conv_transpose_cases())
def test_conv_transpose(way, case):
    chosen = {**case.settings, "output_padding": case.output_padding}
    for bias in (case.bias, None):
        arrays = (case.small, case.weight, bias)
        assert np.array_equal(conv_transpose(*arrays, **chosen), conv_transpose_loops(*arrays, **chosen))


@forced
@given(conv_cases(most_axes=3))
def test_gradients_of_conv(way, case):
    x, w, g = case.large, case.weight, case.small
    grad_input, grad_weight, grad_bias = conv_backward(g, x, w, **case.settings)
    assert (grad_input * x).sum() == (conv_loops(x, w, **case.settings) * g).sum()
    assert (grad_weight * np.flip(w)).sum() == (conv_loops(x, np.flip(w), **case.settings) * g).sum()
    assert grad_bias.sum() == g.sum()


@forced
@given(conv_transpose_cases(most_axes=3))
def test_gradients_of_conv_transpose(way, case):
    chosen = {**case.settings, "output_padding": case.output_padding}
    x, w, g = case.small, case.weight, case.large
    grad_input, grad_weight, grad_bias = conv_transpose_backward(g, x, w, **chosen)
    assert (grad_input * x).sum() == (conv_transpose_loops(x, w, **chosen) * g).sum()
    assert (grad_weight * np.flip(w)).sum() == (conv_transpose_loops(x, np.flip(w), **chosen) * g).sum()
    assert grad_bias.sum() == g.sum()


def test_blocks_are_few_alike_and_within_the_limit(monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK", 1000)
    whole = slice(0, 5)
    assert blocks_of(5, (4, 5), 10) == [(whole, 0, 4)]  # 5 samples of 4 * 5 * 10 = 200 numbers
    assert blocks_of(5, (4, 5), 11) == [(slice(0, 3), 0, 4), (slice(3, 5), 0, 4)]
    assert blocks_of(4, (4, 5), 13) == [(slice(0, 2), 0, 4), (slice(2, 4), 0, 4)]  # not 3 and 1
    assert blocks_of(2, (4, 5), 51) == [
        (slice(0, 1), 0, 2),
        (slice(0, 1), 2, 4),  # 3 rows would fit, 2 and 2 are alike
        (slice(1, 2), 0, 2),
        (slice(1, 2), 2, 4),
    ]
    assert blocks_of(1, (4, 5), 50) == [(slice(0, 1), 0, 4)]  # exactly full
    assert blocks_of(1, (3, 5), 500) == [(slice(0, 1), row, row + 1) for row in range(3)]  # at least a row
    assert blocks_of(1, (7,), 300) == [(slice(0, 1), low, min(low + 3, 7)) for low in (0, 3, 6)]
    assert blocks_of(0, (4, 5), 10) == []
    # 3 rows of 290 fit, not 3.4: in threes, where fours would be too large; 14 rows of 71, so 3 samples of 4
    assert [high - low for _, low, high in blocks_of(1, (10,), 290)] == [3, 3, 3, 1]
    assert [at.stop - at.start for at, _, _ in blocks_of(10, (4,), 71)] == [3, 3, 3, 1]


def test_a_layout_knows_whether_its_phases_reach_every_cell():
    def complete(size, large, kernel_size, stride, dilation):
        return fast.layout_of((size,), (large,), check_settings(1, kernel_size, stride, 0, dilation)).complete

    assert complete(3, 8, 4, 2, 1)
    assert not complete(3, 9, 4, 3, 2)  # 3 phases, but cell 4 is the first in phase 1: none covers 1
    assert not complete(3, 8, 2, 2, 3)  # the same: taps at 0 and 3, so nothing reaches cell 1
    assert not complete(3, 7, 1, 3, 1)  # a kernel shorter than the stride leaves gaps
    assert not complete(3, 10, 4, 2, 1)  # output_padding beyond the last stamp


def chosen_way(size, channels, kernel_size, batch=1, groups=1, **settings):
    settings = check_settings(len(size), kernel_size, **{"stride": 1, "padding": 0, "dilation": 1} | settings)
    layout = fast.layout_of(size, conv_transpose_size(size, settings), settings)
    return fast._cheapest(layout, batch, groups, *channels, cells(settings.kernel_size))


def test_the_way_is_chosen_by_what_it_has_to_do():
    # Few positions or few output channels: stamps. Few channels and a large stride: phases.
    assert chosen_way((4, 4), (512, 256), 4, stride=2, padding=1) == "stamps"
    assert chosen_way((32, 32), (64, 3), 4, stride=2, padding=1) == "stamps"
    assert chosen_way((16, 16), (21, 21), 64, stride=32) == "phases"
    assert chosen_way((64, 64), (1, 1), 4, stride=2, padding=1) == "phases"
    assert chosen_way((33, 33), (256, 256), 3, dilation=2, padding=2) != "col2im"
    assert chosen_way((32, 32), (512, 256), 2, stride=2) == "stamps"  # no two overlap: nothing to add


@pytest.mark.parametrize(
    ("size", "channels", "kernel_size", "dilation"),
    [
        ((33, 33), (256, 256), (3, 3), (36, 36)),
        ((33, 33), (256, 256), (3, 3), (24, 24)),
        ((33, 33), (256, 256), (3, 3), (12, 12)),
        ((16, 16), (64, 32), (12, 84), (1, 1)),
        ((33, 33), (64, 32), (4, 9), (33, 9)),
        ((200,), (32, 32), (3,), (1000,)),
    ],
)
def test_a_grid_of_room_is_not_multiplied(size, channels, kernel_size, dilation):
    """Seen: 24 to 50 times the time of the plain matrix product, all of it for cells without an input."""
    assert chosen_way(size, channels, kernel_size, dilation=dilation) == "col2im"


def test_no_layer_of_chapter_14_needs_its_taps_apart():
    measured = json.loads((Path(fast.__file__).parent / "measurements.json").read_text(encoding="utf-8"))
    layers = [layer for layer in measured["layers"] if layer["kind"] != "toy example"]
    assert len(layers) == 35
    names = ("stride", "padding", "output_padding", "dilation")
    for layer in layers:
        groups, size = layer["groups"], tuple(layer["size"])
        chosen = {name: tuple(layer[name]) * (len(size) if len(layer[name]) == 1 else 1) for name in names}
        channels = (layer["in_channels"] // groups, layer["out_channels"] // groups)
        assert chosen_way(size, channels, tuple(layer["kernel_size"]), groups=groups, **chosen) != "col2im"


@given(st.data())
def test_no_way_is_chosen_that_does_much_more_than_col2im(data):
    """What the chosen way multiplies and moves stays within twice the plain product and its additions."""
    axes = data.draw(st.integers(1, 3))
    each = lambda low, high: tuple(data.draw(st.integers(low, high)) for _ in range(axes))  # noqa: E731
    size, kernel_size, stride, dilation = each(2, 40), each(1, 9), each(1, 8), each(1, 40)
    ins, outs, batch = (data.draw(st.sampled_from([1, 3, 16, 64, 256])) for _ in range(3))
    settings = check_settings(axes, kernel_size, stride, 0, dilation)
    layout = fast.layout_of(size, conv_transpose_size(size, settings), settings)
    products = batch * cells(size) * outs * cells(kernel_size)
    plain = products * ins / fast.MULTIPLICATIONS + fast.STRIDED * products
    grid = cells(layout.grid) / cells(size)
    work = {
        "stamps": products * (ins / fast.MULTIPLICATIONS + fast.ADD * grid * (grid > 1)),
        "phases": products * grid * ins / fast.MULTIPLICATIONS
        + batch * cells(layout.grid) * ins * sum(map(len, layout.sharing))
        + fast.RELAY * ins * outs * cells(kernel_size),
        "col2im": plain,
    }
    assert work[fast._cheapest(layout, batch, 1, ins, outs, cells(kernel_size))] <= 2 * plain


def test_taps_apart_reach_the_cells_of_their_windows():
    settings = check_settings(1, 3, 2, ((1, 0),), 4)
    layout = fast.layout_of((3,), (12,), settings, apart=True)
    assert [phase.lines for phase in layout.phases] == [[(1, 3, 1)], [(0, 3, 3)], [(0, 3, 7)]]
    assert (layout.grid, layout.lead, layout.complete) == ((3,), 0, False)


def whole(view):
    """The array that a view looks into."""
    while view.base is not None:
        view = view.base
    return view


def test_scratch_of_columns_stays_within_the_limit(monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK", 1500)
    large = np.ones((3, 2, 3, 23, 10))  # batch, group, channel, *size
    found = list(fast.columns(large, (11, 5), check_settings(2, (3, 2), 2, 0, 1)))
    assert len(found) == 6
    assert all(500 < windows.size <= 1500 for *_, windows in found)


@pytest.mark.parametrize("way", ["stamps", "phases", "col2im"])
def test_scratch_of_the_routes_stays_within_the_limit(monkeypatch, way):
    monkeypatch.setattr(blocks, "BLOCK", 1500)
    monkeypatch.setattr(fast, "WIDE", 16)
    small, weight = np.ones((3, 2, 2, 11, 5)), np.ones((2, 2, 12, 4))  # group, in, out, taps
    # Four phases share a product.
    layout = fast.layout_of((11, 5), (22, 10), check_settings(2, 2, 2, 0, 1), apart=way == "col2im")
    sizes = [whole(block).size for *_, part in fast.ROUTES[way](small, weight, layout) for block in part]
    assert len(sizes) > 12
    assert 500 < max(sizes) <= 1500


@pytest.mark.parametrize("way", ["stamps", "phases", "col2im"])
def test_any_limit(monkeypatch, way):
    monkeypatch.setattr(fast, "_cheapest", lambda *_: way)
    rng = np.random.default_rng(11)
    for shape, weight_shape in (((7, 2, 3), (2, 1, 3)), ((3, 2, 4, 3), (2, 2, 3, 2))):
        x, w = rng.integers(-9, 10, shape), rng.integers(-9, 10, weight_shape)
        wanted = conv_transpose_loops(x, w, stride=2, padding=1)
        back = conv_loops(wanted, w, stride=2, padding=1)
        for block in range(1, 120, 3):
            monkeypatch.setattr(blocks, "BLOCK", block)
            assert np.array_equal(conv_transpose(x, w, stride=2, padding=1), wanted)
            assert np.array_equal(conv(wanted, w, stride=2, padding=1), back)


@pytest.mark.parametrize("batch", [1, 3, 7])
def test_many_samples_in_blocks(way, batch):
    rng = np.random.default_rng(8)
    x, w = rng.integers(-9, 10, (batch, 2, 9, 4)), rng.integers(-9, 10, (3, 2, 3, 2))
    chosen = {"stride": (2, 1), "padding": ((1, 0), (0, 2)), "dilation": (2, 1)}
    y = conv(x, w, **chosen)
    assert np.array_equal(y, conv_loops(x, w, **chosen))
    a = (0, 0)
    back = conv_transpose(y, w, output_padding=a, **chosen)
    assert np.array_equal(back, conv_transpose_loops(y, w, output_padding=a, **chosen))


def huge(rng, *shape):
    """Numbers of 64 bits whose products wrap around: a detour through another dtype loses their last bits."""
    return rng.integers(-(2**62), 2**62, shape)


@pytest.mark.parametrize(
    "chosen",
    [
        {"stride": (2, 1), "padding": ((1, 0), 2), "dilation": (1, 2), "groups": 2},
        {"stride": (2, 3), "padding": 1, "groups": 2},  # kernel and stride are equal: no two stamps overlap
        {"groups": 2},
    ],
)
def test_many_channels_and_every_bit(way, chosen):
    rng = np.random.default_rng(10)
    x, w = huge(rng, 2, 72, 5, 4), huge(rng, 72, 3, 2, 3)
    y = conv_transpose(x, w, **chosen)
    assert np.array_equal(y, conv_transpose_gemm(x, w, **chosen))
    assert np.array_equal(conv(y, w, **chosen), conv_gemm(y, w, **chosen))
    small, small_w = x % 7 * 1j, w % 7
    assert np.array_equal(
        conv_transpose(small, small_w, **chosen), conv_transpose(x % 7, small_w, **chosen) * 1j
    )
    other = huge(rng, *y.shape)
    grad_input, grad_weight, _ = conv_transpose_backward(other, x, w, **chosen)
    assert np.array_equal(grad_input, conv_gemm(other, w, **chosen))
    assert (grad_weight * w).sum() == (y * other).sum()
    grad_input, grad_weight, _ = conv_backward(x, other, w, **chosen)
    assert np.array_equal(grad_input, y)
    assert (grad_weight * w).sum() == (y * other).sum()


@pytest.mark.parametrize(
    ("shape", "weight_shape", "chosen"),
    [
        ((2, 16, 40, 40), (16, 24, 3, 3), {"stride": 1, "padding": 1}),
        ((3, 8, 64, 64), (8, 12, 4, 4), {"stride": 2, "padding": 1}),
        ((1, 4, 50, 70), (4, 2, 5, 3), {"stride": (3, 2), "dilation": (1, 2), "groups": 2}),
        ((40, 6, 500), (6, 3, 9), {"stride": 4, "padding": ((3, 2),), "groups": 3}),
        ((1, 32, 6, 5), (32, 40, 3, 3), {"stride": 2}),
        ((1, 4, 9, 10, 12), (4, 5, 3, 2, 3), {"stride": (2, 1, 3), "padding": 1}),
    ],
)
def test_sizes_of_real_layers(shape, weight_shape, chosen):
    """Too large for loops, so the matrix route is the reference; float64 holds the numbers exactly."""
    rng = np.random.default_rng(9)
    x, w = rng.integers(-9, 10, shape).astype(float), rng.integers(-9, 10, weight_shape).astype(float)
    y = conv_transpose(x, w, **chosen)
    assert np.array_equal(y, conv_transpose_gemm(x, w, **chosen))
    assert np.array_equal(conv(y, w, **chosen), conv_gemm(y, w, **chosen))
    assert np.array_equal(conv_transpose(x.astype("float32"), w.astype("float32"), **chosen), y)
    other = rng.integers(-9, 10, y.shape).astype(float)
    grad_input, grad_weight, _ = conv_transpose_backward(other, x, w, **chosen)
    assert np.array_equal(grad_input, conv_gemm(other, w, **chosen))
    assert (grad_weight * w).sum() == (y * other).sum() == (grad_input * x).sum()
    grad_input, grad_weight, _ = conv_backward(x, other, w, **chosen)
    assert np.array_equal(grad_input, y)
    assert (grad_weight * w).sum() == (y * other).sum()


@pytest.mark.parametrize("cells", [1, blocks.FEW, blocks.FEW + 1])
def test_a_product_with_few_cells_lies_cell_by_cell(cells):
    """BLAS needs half the time, measured with 16 cells and a matrix of 4096 by 512."""
    rng = np.random.default_rng(5)
    matrix, inputs = rng.integers(-9, 10, (2, 100, 3)), rng.integers(-9, 10, (2, 3, cells))
    product = blocks.multiply(matrix, inputs, blocks.Scratch(matrix.dtype))
    assert np.array_equal(product, matrix @ inputs)
    assert product.strides[2 if cells > blocks.FEW else 1] == product.itemsize


def test_what_blas_multiplies_goes_to_blas_and_nothing_else_does(monkeypatch):
    """It has products of float32, float64 and the complex ones; a product has the wider of two dtypes."""
    taken = []
    for name in ("matmul", "einsum"):
        usual = getattr(np, name)
        monkeypatch.setattr(np, name, lambda *a, n=name, f=usual, **k: [taken.append(n), f(*a, **k)][1])
    monkeypatch.setattr(blocks, "BLAS", "fdFD")  # as outside of a page
    wide = ["float32", "float64", "complex64", "complex128"]
    for one, other in [*zip(wide, wide), ("int8", "float32"), ("float32", "int8")]:
        blocks.matmul(np.ones((2, 3), one), np.ones((3, 4), other))
    assert taken == ["matmul"] * 6
    for dtype in ("int8", "int64", "longdouble"):
        blocks.matmul(np.ones((2, 3), dtype), np.ones((3, 4), dtype))
    assert taken[6:] == ["einsum"] * 3


NO_BLAS = ["int8", "int64", "float32", "float64", "complex128", "longdouble", "object"]


@pytest.mark.parametrize("dtype", NO_BLAS)
def test_a_product_without_blas_is_the_product(monkeypatch, dtype):
    """In a page NumPy has no BLAS, and integers have none anywhere: the same numbers, in `out` too."""
    monkeypatch.setattr(blocks, "BLAS", "")
    rng = np.random.default_rng(6)
    left, right = (rng.integers(-3, 4, shape).astype(dtype) for shape in ((2, 5, 3), (2, 7, 3)))
    right = right.swapaxes(1, 2)
    wanted, out = left @ right, np.full((2, 7, 5), 9, dtype).swapaxes(1, 2)
    assert np.array_equal(blocks.matmul(left, right), wanted) and wanted.any()
    assert blocks.matmul(left, right, out=out) is out and np.array_equal(out, wanted)
    assert np.array_equal(blocks.matmul(left[0], right), left[0] @ right)
    nothing = blocks.matmul(left[..., :0], right[:, :0], out=out)
    assert nothing.shape == (2, 5, 7) and not nothing.any()


@pytest.mark.parametrize("saved", [float("inf"), -1], ids=["all products", "fewer products"])
def test_the_engine_without_blas_is_the_readable_pair(monkeypatch, saved):
    """Floats that are whole numbers take the way that a page takes, all routes and both gradients."""
    rng = np.random.default_rng(7)
    x, w = rng.integers(-9, 10, (2, 4, 6, 5)), rng.integers(-9, 10, (4, 3, 4, 4))
    chosen = {"stride": 2, "padding": 1}
    other = rng.integers(-9, 10, (2, 3, 12, 10))
    wanted = conv_transpose_backward(other, x, w, **chosen)
    monkeypatch.setattr(blocks, "BLAS", "")
    for name in ("SAVED", "SAVED_BACKWARD"):
        monkeypatch.setattr(fast, name, saved)
    for dtype in (np.float32, np.float64):
        arrays = [array.astype(dtype) for array in (other, x, w)]
        assert np.array_equal(fast.conv_transpose(*arrays[1:], **chosen), ops.conv_transpose(x, w, **chosen))
        assert np.array_equal(fast.conv(arrays[0], arrays[2], **chosen), ops.conv(other, w, **chosen))
        assert all(map(np.array_equal, conv_transpose_backward(*arrays, **chosen), wanted))
