"""Blocks of any sizes, joined, against `ops.conv_transpose` of the whole: exact, on integers."""

import numpy as np
import pytest

from lib.ops import conv_transpose
from lib.shapes import conv_transpose_output_size
from lib.streaming import StreamingConvTranspose


def drawn(rng, axes=1):
    """A layer: weight, bias and settings, the end's padding often larger than what a stamp leaves open."""
    stride, dilation = rng.integers(1, 5, axes), rng.integers(1, 4, axes)
    kernel = rng.integers(1, 6, axes)
    groups = int(rng.integers(1, 3))
    weight = rng.integers(-9, 10, (groups * rng.integers(1, 3), rng.integers(1, 3), *kernel))
    bias = rng.integers(-9, 10, groups * weight.shape[1]) if rng.integers(2) else None
    settings = {
        "stride": stride.tolist(),
        "padding": rng.integers(0, 7, (axes, 2)).tolist(),
        "output_padding": [int(rng.integers(max(s, d))) for s, d in zip(stride, dilation)],
        "dilation": dilation.tolist(),
        "groups": groups,
    }
    return weight, bias, settings


def blocks_of(rng, y):
    """y cut along time into pieces of one or more cells."""
    cuts = np.flatnonzero(rng.random(y.shape[2] - 1) < rng.random()) + 1
    return np.split(y, cuts, axis=2)


def exists(size, weight, settings):
    given = {name: value for name, value in settings.items() if name != "groups"}
    try:
        return conv_transpose_output_size(size, weight.shape[2:], **given)
    except ValueError:
        return False


@pytest.mark.parametrize("axes", [1, 2])
def test_blocks_joined_are_the_whole(axes):
    rng, tried, waited, nothing_left = np.random.default_rng(3), 0, 0, 0
    for _ in range(500):
        weight, bias, settings = drawn(rng, axes)
        y = rng.integers(-9, 10, (2, len(weight), *rng.integers(1, 9, axes)))
        if not exists(y.shape[2:], weight, settings):
            continue
        layer = StreamingConvTranspose(weight, bias, **settings)
        for _ in range(2):  # finish leaves it as new
            parts = [layer.push(block) for block in blocks_of(rng, y)]
            last = layer.finish()
            whole = conv_transpose(y, weight, bias, **settings)
            joined = np.concatenate([*parts, last], axis=2)
            assert joined.dtype == whole.dtype and np.array_equal(joined, whole), settings
        tried += 1
        waited += parts[0].shape[2] == 0
        nothing_left += last.shape[2] == 0
    assert tried > 200 and min(waited, nothing_left) > 10


def test_the_causal_crop_gives_at_once_all_that_it_gives():
    rng = np.random.default_rng(4)
    for _ in range(200):
        k, d, s = (int(n) for n in rng.integers(1, 6, 3))
        span = d * (k - 1) + 1
        if span < s:
            continue
        layer = StreamingConvTranspose(
            rng.integers(1, 9, (1, 1, k)), stride=s, dilation=d, padding=[(0, span - s)]
        )
        for n in rng.integers(1, 5, 3):
            assert layer.push(np.ones((1, 1, n), int)).shape == (1, 1, s * n)
        assert layer.finish().shape == (1, 1, 0)


def test_half_precision_is_rounded_once():
    """Whole numbers above 2048, which float16 cannot hold: their sums are exact in float32 alone."""
    rng = np.random.default_rng(5)
    y = rng.integers(400, 900, (1, 1, 40)).astype(np.float16)
    weight = np.ones((1, 1, 9), np.float16)
    layer = StreamingConvTranspose(weight)
    joined = np.concatenate([*(layer.push(y[:, :, n : n + 1]) for n in range(40)), layer.finish()], axis=2)
    whole = conv_transpose(y, weight)
    assert joined.dtype == np.float16 and np.array_equal(joined, whole)
    assert whole.max() > 2048


@pytest.mark.parametrize(
    "dtypes",
    [
        ("int8", "int8", "float64"),  # half a bias is not rounded away
        ("float32", "int8", None),
        ("int8", "float32", None),
        ("float64", "float16", "float32"),
        ("float16", "float64", None),
        ("int64", "int64", "int64"),
        ("complex64", "float32", None),
        ("float32", "complex64", "float64"),
        ("float32", "float32", "complex128"),
    ],
    ids=str,
)
def test_the_dtype_is_that_of_all_three_and_so_are_the_sums(dtypes):
    """Numbers that no smaller dtype holds: odd ones of 53 or 63 bits, fractions, imaginary ones."""
    given = [[[[3, -2, 5]]], [[[1, 7, -4, 2]]], [6]]
    parts = {"f": 0.375, "i": 1, "c": 1 + 0.5j}
    large = {"float64": 2**40 + 1, "int64": 2**55 + 1}
    y, weight, bias = (
        None
        if name is None
        else (np.array(array) * parts[np.dtype(name).kind] * large.get(name, 1)).astype(name)
        for array, name in zip(given, dtypes)
    )
    layer = StreamingConvTranspose(weight, bias, stride=2, padding=1)
    joined = np.concatenate([layer.push(y[:, :, :1]), layer.push(y[:, :, 1:]), layer.finish()], axis=2)
    whole = conv_transpose(y, weight, bias, stride=2, padding=1)
    assert joined.dtype == whole.dtype and joined.tolist() == whole.tolist()


@pytest.mark.parametrize(
    "dtypes", [("float32", "int8"), ("int8", "float32"), ("complex64", "int16")], ids=str
)
def test_blocks_may_differ_in_dtype(dtypes):
    """What is left open of the first is not rounded to the dtype of the second; a new sound begins anew."""
    first, second = (np.array([[values]], dtype) for values, dtype in zip(([1, 4], [5, 7]), dtypes))
    first, second = (
        part / part.dtype.type(2) if part.dtype.kind in "fc" else part for part in (first, second)
    )
    weight = np.array([[[1, 3, 5]]], np.int8)
    layer = StreamingConvTranspose(weight)
    joined = np.concatenate([layer.push(first), layer.push(second), layer.finish()], axis=2)
    whole = conv_transpose(np.concatenate([first, second], axis=2), weight)
    assert joined.dtype == whole.dtype and np.array_equal(joined, whole)
    assert layer.push(np.ones((1, 1, 1), np.int8)).dtype == np.int8


def test_what_does_not_fit_is_refused():
    weight = np.ones((2, 1, 3), int)
    for wrong in ({"stride": 0}, {"output_padding": 2}, {"padding": -1}, {"groups": 3}, {"bias": np.ones(2)}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            StreamingConvTranspose(weight, **wrong)
    with pytest.raises(ValueError, match=r"^weight must have shape \(in_channels, .* got \(3,\)"):
        StreamingConvTranspose(np.ones(3))
    with pytest.raises(TypeError, match="^weight must hold numbers, got dtype <U1"):
        StreamingConvTranspose([[["a"]]])
    layer = StreamingConvTranspose(weight)
    with pytest.raises(ValueError, match="^finish needs at least one push"):
        layer.finish()
    with pytest.raises(TypeError, match="^block must hold numbers, got dtype <U1"):
        layer.push([[["a"]]])
    layer.push(np.ones((1, 2, 4), int))
    with pytest.raises(ValueError, match="fit those before"):
        layer.push(np.ones((2, 2, 4), int))
    with pytest.raises(ValueError, match="3 channels"):
        layer.push(np.ones((1, 3, 4), int))
