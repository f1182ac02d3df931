"""Three products for four: the same numbers, exactly, in every block; and when it is chosen."""

import json
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from lib import blocks, conv_backward, conv_transpose, conv_transpose_backward, fast, ops, pairs
from lib.routes import conv_transpose_gemm, conv_transpose_loops, fewer_products
from lib.shapes import check_settings

forced = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def calls(monkeypatch):
    """Pairs wherever they serve, and the calls that they got."""
    seen, scatter, gather = [], pairs.scatter, pairs.gather
    monkeypatch.setattr(fast, "SAVED", -(10**9))
    monkeypatch.setattr(fast, "SAVED_BACKWARD", -(10**9))
    monkeypatch.setattr(pairs, "scatter", lambda *arrays: [seen.append(arrays), scatter(*arrays)])
    monkeypatch.setattr(pairs, "gather", lambda *arrays: [seen.append(arrays), gather(*arrays)][1])
    return seen


@st.composite
def layers(draw):
    """Arrays of whole numbers and settings that it serves: stride < kernel <= three strides on each axis."""
    axes, groups = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    ins, outs, *chosen = draw(st.permutations([1, 2, 3]))[:2]
    stride = [draw(st.integers(1, 3)) for _ in range(axes)]
    kernel_size = [draw(st.integers(s + 1, 3 * s)) for s in stride]
    size = [draw(st.integers(1, 7)) for _ in range(axes)]
    padding = tuple(
        (draw(st.integers(0, min(2, k - 1))), draw(st.integers(0, min(2, k - 1)))) for k in kernel_size
    )
    output_padding = tuple(draw(st.integers(0, s - 1)) for s in stride)
    kept = zip(size, kernel_size, stride, padding, output_padding)
    assume(all(s * (n - 1) + k + a > sum(cropped) for n, k, s, cropped, a in kept))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    x = rng.integers(-9, 10, (draw(st.integers(1, 3)), groups * ins, *size))
    w = rng.integers(-9, 10, (groups * ins, outs, *kernel_size))
    bias = rng.integers(-9, 10, groups * outs) if draw(st.booleans()) else None
    names = ("stride", "padding", "output_padding", "groups")
    return x, w, bias, dict(zip(names, (tuple(stride), padding, output_padding, groups)))


@pytest.mark.parametrize("block", [1, 60, 400, 3000, 10**9])
@forced
@given(layers())
def test_the_same_numbers(calls, monkeypatch, block, layer):
    monkeypatch.setattr(blocks, "BLOCK", block)
    *arrays, chosen = layer
    before = len(calls)
    assert np.array_equal(conv_transpose(*arrays, **chosen), ops.conv_transpose(*arrays, **chosen))
    assert len(calls) == before + 1


@pytest.mark.parametrize(("block", "outs"), [(1, 64), (60, 1), (3000, 2), (10**9, 64)])
@forced
@given(layers())
def test_the_same_gradients(calls, monkeypatch, block, outs, layer):
    monkeypatch.setattr(blocks, "BLOCK", block)
    monkeypatch.setattr(pairs, "OUTS", outs)
    x, w, _, chosen = layer
    shape = ops.conv_transpose(x, w, **chosen).shape
    grad = np.random.default_rng(x.size).integers(-9, 10, shape)
    before = len(calls)
    grad_x, grad_w, _ = conv_transpose_backward(grad, x, w, **chosen)
    assert len(calls) == before + 1
    del chosen["output_padding"]
    assert np.array_equal(grad_x, ops.conv(grad, w, **chosen))
    assert np.array_equal(grad_w, conv_backward(x, grad, w, **chosen)[1])


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("value", [np.nan, np.inf, 1e38])
def test_gradients_that_could_overflow_go_the_usual_way(calls, value, place):
    arrays = [np.ones(shape, "float32") for shape in ((1, 1, 10, 10), (1, 2, 4, 4), (2, 1, 4, 4))]
    arrays[place][0, 0, 1, 1] = value
    with np.errstate(invalid="ignore", over="ignore"):
        conv_transpose_backward(*arrays, stride=2)
    assert not calls
    arrays[place][0, 0, 1, 1] = 1e15
    conv_transpose_backward(*arrays, stride=2)
    assert len(calls) == 1


def test_gradients_of_mixed_dtypes_go_the_usual_way(calls):
    """One dtype a scratch."""
    arrays = [np.ones(shape, "float32") for shape in ((1, 1, 10, 10), (1, 2, 4, 4), (2, 1, 4, 4))]
    for place in range(3):
        wide = [array.astype("float64" if at == place else "float32") for at, array in enumerate(arrays)]
        grad_x, grad_w, grad_b = conv_transpose_backward(*wide, stride=2)
        wanted = ["float32" if place == other else "float64" for other in (1, 2)]
        assert [grad_x.dtype, grad_w.dtype] == wanted
        assert not calls


def test_gradients_of_half_precision_are_rounded_once(calls):
    arrays = [np.full(shape, 1.001, "float16") for shape in ((1, 300, 8), (1, 2, 3), (2, 300, 4))]
    halves = conv_transpose_backward(*arrays, stride=2)
    wide = conv_transpose_backward(*(array.astype("float32") for array in arrays), stride=2)
    assert len(calls) == 2
    assert all(half.dtype == "float16" for half in halves)
    assert all(np.array_equal(half, full.astype("float16")) for half, full in zip(halves, wide))


def test_gradients_along_the_imaginary_axis(calls, monkeypatch):
    rng = np.random.default_rng(8)
    grad, x, w = (
        rng.integers(-9, 10, (*shape, 2)).astype(float).view(complex)[..., 0]
        for shape in ((2, 2, 9, 8), (2, 4, 4, 4), (4, 1, 3, 4))
    )
    chosen = {"stride": 2, "padding": ((0, 0), (1, 1)), "groups": 2}
    ours = conv_transpose_backward(grad, x, w, **chosen)
    assert len(calls) == 1
    monkeypatch.setattr(fast, "SAVED_BACKWARD", np.inf)
    assert all(map(np.array_equal, ours, conv_transpose_backward(grad, x, w, **chosen)))
    assert len(calls) == 1


@pytest.mark.parametrize("block", [1, 100, 10**9])
def test_every_bit_of_64_and_the_middle_of_the_smallest(calls, monkeypatch, block):
    monkeypatch.setattr(blocks, "BLOCK", block)
    rng = np.random.default_rng(3)
    x, w = rng.integers(-(2**62), 2**62, (2, 6, 5, 4)), rng.integers(-(2**62), 2**62, (6, 2, 4, 3))
    chosen = {"stride": 2, "padding": ((1, 0), 1), "groups": 2}
    assert np.array_equal(conv_transpose(x, w, **chosen), conv_transpose_gemm(x, w, **chosen))
    x, w = x.astype("uint8"), w.astype("uint8")
    y = conv_transpose(x, w, **chosen)
    assert y.dtype == "uint8"
    assert np.array_equal(y, conv_transpose_gemm(x, w, **chosen))
    y = conv_transpose(x % 5 * 1j, w % 5, **chosen)
    assert np.array_equal(y, conv_transpose_gemm(x % 5, w % 5, **chosen) * 1j)
    assert len(calls) == 3


def test_an_output_beyond_the_stamps(calls):
    x, bias = np.arange(6).reshape(1, 2, 3), np.array([5])
    y = conv_transpose(x, np.arange(8).reshape(2, 1, 4), bias, stride=3, output_padding=2)
    assert np.array_equal(
        y, ops.conv_transpose(x, np.arange(8).reshape(2, 1, 4), bias, stride=3, output_padding=2)
    )
    assert y[0, 0, -1:].tolist() == [5]
    assert len(calls) == 1


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e38])
@pytest.mark.parametrize("place", [0, 1])
def test_what_could_overflow_goes_the_usual_way(calls, value, place):
    arrays = [np.ones((1, 2, 4, 4), "float32"), np.ones((2, 1, 4, 4), "float32")]
    arrays[place][0, 0, 1, 1] = value
    assert not calls
    with np.errstate(invalid="ignore", over="ignore"):
        y = conv_transpose(*arrays, stride=2)
        assert np.array_equal(y, conv_transpose_loops(*arrays, stride=2), equal_nan=True) or place == 1
    assert not calls
    arrays[place][0, 0, 1, 1] = 1e15
    conv_transpose(*arrays, stride=2)
    assert len(calls) == 1


@pytest.mark.parametrize("axes", [1, 2])
def test_what_could_overflow_is_known_from_the_lengths(axes):
    """On each axis two neighbours are added, and two taps: four times the product of both at most."""
    limit = np.finfo("float32").max / 4**axes
    half = np.full((1, 1, 1, *[1] * axes), np.sqrt(limit), "float32")
    assert pairs.moderate(half, np.float32(0.99) * half)
    assert not pairs.moderate(half, np.float32(1.01) * half)
    assert pairs.moderate(half.astype(float), 1.01 * half.astype(float))


def test_the_sides_of_a_block_take_two_blocks_of_scratch_and_its_results_one(monkeypatch):
    """Kernel 4, stride 2: a pair has 3 sides of each input channel and 6 results of each output channel."""
    monkeypatch.setattr(blocks, "BLOCK", 320)

    def rows(ins, outs):
        small, weight = np.empty((1, 1, ins, 80), "int8"), np.empty((1, ins, outs, 4), "int8")
        found, _, size = pairs._cut_up(small, weight, pairs.plan_of((4,), (2,)))
        assert size == (40,)
        return [high - low for _, low, high in found]

    assert rows(21, 1) == [10, 10, 10, 10]  # 10 * 63 of at most 640 numbers
    assert rows(1, 7) == [7, 7, 7, 7, 7, 5]  # 7 * 42 of at most 320


def test_no_sample_is_no_work(calls):
    assert conv_transpose(np.ones((0, 2, 3, 3)), np.ones((2, 1, 4, 4)), stride=2).shape == (0, 1, 8, 8)
    assert not calls


def counts(batch, ins, outs, size, kernel_size, **chosen):
    small = np.empty((batch, 1, ins, *size), "int8")
    weight = np.empty((1, ins, outs, np.prod(kernel_size)), "int8")
    return pairs.saved(
        small,
        weight,
        check_settings(len(size), kernel_size, **{"stride": 2, "padding": 0, "dilation": 1} | chosen),
    )


def test_what_is_saved_is_counted():
    # 4 pairs on each axis, 64 - 36 products of 3 * 5; nine sides of 3, 36 rows of 5 results, and of 15 taps
    # that count three times
    assert counts(1, 3, 5, (8, 8), (4, 4)) == 16 * 28 * 15 / (16 * (9 * 3 + 36 * 5) + 3 * 36 * 15)
    assert counts(2, 3, 5, (8, 7), (4, 4)) == (2 * 56 * 16 - 32 * 36) * 15 / (
        32 * (9 * 3 + 36 * 5) + 3 * 36 * 15
    )
    assert counts(1, 3, 5, (6,), (3,)) == 3 * 1 * 15 / (3 * (3 * 3 + 5 * 5) + 3 * 5 * 15)
    for kernel_size, stride in (((4, 4), 2), ((3, 5), (2, 2)), ((6, 2), (3, 1)), ((16,), 8)):
        settings = check_settings(len(kernel_size), kernel_size, stride, 0, 1)
        assert len(pairs.plan_of(kernel_size, settings.stride).at) == fewer_products(kernel_size, stride)[0]


@pytest.mark.parametrize(
    ("size", "kernel_size", "chosen"),
    [
        ((64, 64), (2, 2), {}),  # stamps side by side
        ((64, 64), (4, 2), {}),  # so on one axis
        ((64, 64), (4, 7), {}),  # reaches two pairs further
        ((64, 64), (4, 4), {"dilation": 2}),
        ((16, 16, 16), (4, 4, 4), {}),  # three axes
    ],
)
def test_where_it_does_not_serve(size, kernel_size, chosen):
    assert counts(1, 256, 256, size, kernel_size, **chosen) == -np.inf


def test_it_is_chosen_where_multiplications_are_many():
    measured = json.loads((Path(fast.__file__).parent / "measurements.json").read_text(encoding="utf-8"))
    names = set()
    for layer in measured["layers"]:
        if len(layer["size"]) < 3 and layer["groups"] == 1:
            channels = layer["in_channels"], layer["out_channels"]
            chosen = {name: tuple(layer[name]) for name in ("stride", "dilation")}
            if counts(1, *channels, layer["size"], tuple(layer["kernel_size"]), **chosen) > fast.SAVED:
                names.add(layer["name"])
    assert names == {"pix2pix-6", "pix2pix-7", "cyclegan-1", "cyclegan-2", "hifigan-2"}


@pytest.mark.parametrize("size", [32, 64])
def test_gradients_need_no_more(calls, size):
    x, w = np.ones((2, 512, size, size), "float32"), np.ones((512, 128, 4, 4), "float32")
    grad = np.ones((2, 128, 2 * size, 2 * size), "float32")
    results = conv_transpose_backward(grad, x, w, stride=2, padding=1)
    tracemalloc.start()
    results = conv_transpose_backward(grad, x, w, stride=2, padding=1)
    peak = tracemalloc.get_traced_memory()[1] - sum(result.nbytes for result in results)
    tracemalloc.stop()
    assert len(calls) == 2
    assert peak < 16 * 2**20 + w.nbytes * 36 // 16


@pytest.mark.parametrize("batch", [1, 4])
def test_extra_memory_is_16_mb_and_the_weight_with_its_taps_added(calls, batch):
    x, w = np.ones((batch, 512, 32, 32), "float32"), np.ones((512, 128, 4, 4), "float32")
    fast.conv_transpose(x, w, stride=2, padding=1)
    tracemalloc.start()
    y = fast.conv_transpose(x, w, stride=2, padding=1)
    peak = tracemalloc.get_traced_memory()[1] - y.nbytes
    tracemalloc.stop()
    assert len(calls) == 2
    assert peak < 16 * 2**20 + w.nbytes * 36 // 16


def test_float32_is_rounded_a_little_more(monkeypatch):
    """Measured: 1.5 times the root mean square error of the usual way."""
    rng = np.random.default_rng(4)
    x = rng.standard_normal((2, 96, 24, 25), dtype=np.float32)
    w = rng.standard_normal((96, 40, 4, 4), dtype=np.float32)
    exact = conv_transpose(x.astype(float), w.astype(float), stride=2)
    errors = []
    for least in (10**9, -(10**9)):
        monkeypatch.setattr(fast, "SAVED", least)
        errors.append(np.sqrt(((conv_transpose(x, w, stride=2) - exact) ** 2).mean()))
    assert errors[0] < 1e-6 * np.abs(exact).max()
    assert errors[0] != errors[1] < 2 * errors[0]


def test_gradients_in_float32_are_rounded_a_little_more(monkeypatch):
    """Measured: twice the root mean square error of the usual way."""
    rng = np.random.default_rng(4)
    grad, x, w = (
        rng.standard_normal(shape, dtype=np.float32)
        for shape in ((1, 32, 34, 36), (1, 64, 16, 17), (64, 32, 4, 4))
    )
    monkeypatch.setattr(fast, "SAVED_BACKWARD", np.inf)
    exact = conv_transpose_backward(*(array.astype(float) for array in (grad, x, w)), stride=2)[:2]
    errors = []
    for fast.SAVED_BACKWARD in (10**9, -(10**9)):  # the fixture puts it back
        found = conv_transpose_backward(grad, x, w, stride=2)
        errors.append([np.sqrt(((one - other) ** 2).mean()) for one, other in zip(found, exact)])
    for usual, fewer, array in zip(*errors, exact):
        assert usual < 1e-6 * np.abs(array).max()
        assert usual != fewer < 2.5 * usual


def test_half_precision_is_rounded_once(calls):
    x, w = np.full((1, 700, 2), 3.003, "float16"), np.full((700, 1, 3), 1.001, "float16")
    wide = conv_transpose(x.astype("float32"), w.astype("float32"), stride=2)
    assert np.array_equal(conv_transpose(x, w, stride=2), wide.astype("float16"))
    assert len(calls) == 2
