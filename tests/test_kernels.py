"""Named kernels against what they are named for, and overlap counts against counting."""

from itertools import product
from math import ceil, gcd

import numpy as np
import pytest

from lib import conv, conv_transpose
from lib.kernels import (
    bilinear,
    bilinear_padding,
    box,
    depthwise,
    frequency_response,
    holes,
    merge_resize,
    nearest,
    overlap,
    phase_overlap,
    phase_sums,
    subpixel_init,
)
from lib.routes import phases, pixel_shuffle, rotate


def test_nearest_repeats_every_cell():
    x = np.arange(1, 7).reshape(1, 1, 2, 3)
    y = conv_transpose(x, nearest((2, 3))[None, None], stride=(2, 3))
    assert np.array_equal(y, x.repeat(2, axis=2).repeat(3, axis=3))
    assert nearest(2, axes=3).shape == (2, 2, 2)
    assert nearest(3).shape == (3, 3)


def test_box_is_average_pooling():
    x = np.arange(24).reshape(1, 1, 4, 6)
    y = conv(x, box((2, 3))[None, None], stride=(2, 3))
    assert np.allclose(y[0, 0], x.reshape(2, 2, 2, 3).mean(axis=(1, 3)), rtol=1e-15)
    assert box(4).tolist() == [[1 / 16] * 4] * 4
    assert box(4, axes=1).tolist() == [1 / 4] * 4


@pytest.mark.parametrize("factor", range(1, 9))
def test_bilinear_kernel_and_padding(factor):
    kernel, padding = bilinear(factor, axes=1), bilinear_padding(factor)
    size = 2 * factor - factor % 2
    half, middle = ceil(size / 2), (size - 1) / 2
    assert kernel.tolist() == [1 - abs(j - middle) / half for j in range(size)]
    assert padding == ceil((factor - 1) / 2)
    x = np.ones((1, 1, 5))
    y = conv_transpose(x, kernel[None, None], stride=factor, padding=padding)
    assert y.shape == (1, 1, 5 * factor)  # every axis grows exactly by factor
    assert np.allclose(y[..., factor:-factor], 1)  # and a flat image stays flat inside


def interpolate(x, factor):
    """Linear interpolation of a line, edges kept where they are (align_corners=False), border repeated."""
    at = (np.arange(len(x) * factor) + 0.5) / factor - 0.5
    return np.interp(at, np.arange(len(x)), x)


@pytest.mark.parametrize("factor", [2, 3, 4, 5])
def test_bilinear_is_interpolation_in_the_interior_and_everywhere_with_a_repeated_border(factor):
    x = np.array([3.0, 1.0, 4.0, 1.0, 5.0])
    kernel, padding = bilinear(factor, axes=1)[None, None], bilinear_padding(factor)
    wanted = interpolate(x, factor)
    y = conv_transpose(x[None, None], kernel, stride=factor, padding=padding)[0, 0]
    assert np.allclose(y[factor:-factor], wanted[factor:-factor])
    assert not np.isclose(y[0], wanted[0])
    assert not np.isclose(y[-1], wanted[-1])
    repeated = np.pad(x, 1, mode="edge")
    y = conv_transpose(repeated[None, None], kernel, stride=factor, padding=padding)[0, 0]
    assert np.allclose(y[factor:-factor], wanted)


def test_bilinear_on_two_axes_is_one_axis_after_the_other():
    kernel = bilinear((2, 3))
    assert np.array_equal(kernel, np.outer(bilinear(2, axes=1), bilinear(3, axes=1)))
    assert bilinear(2).shape == (4, 4)
    assert bilinear_padding((2, 3, 1)) == (1, 1, 0)


def test_depthwise_works_on_every_channel_alone():
    x = np.arange(12).reshape(1, 3, 4)
    weight = depthwise([1, 10], 3)
    y = conv_transpose(x, weight, groups=3)
    for channel in range(3):
        alone = conv_transpose(x[:, channel : channel + 1], [[[1, 10]]])
        assert np.array_equal(y[:, channel : channel + 1], alone)
    assert depthwise(box((2, 3)), 5).shape == (5, 1, 2, 3)
    kernel = np.array([1, 10])
    depthwise(kernel, 2)[0] = 5
    assert kernel.tolist() == [1, 10]


def test_subpixel_init_starts_as_nearest_neighbour():
    rng = np.random.default_rng(7)
    small = rng.integers(-9, 10, (2, 3, 2, 3))
    weight = subpixel_init(small, (2, 3))
    assert weight.shape == (2, 3, 4, 9)
    x = rng.integers(-9, 10, (1, 2, 4, 5))
    y = conv_transpose(x, weight, stride=(2, 3))
    assert np.array_equal(y, conv_transpose(x, small).repeat(2, axis=2).repeat(3, axis=3))
    # In the sub-pixel layout it is what the paper says: the kernels of all phases are equal.
    parts = phases(weight, (2, 3)).reshape(3, 6, 2, 2, 3)
    assert np.array_equal(parts, np.repeat(rotate(small, axes=2).swapaxes(0, 1)[:, None], 6, axis=1))
    y = pixel_shuffle(conv(x, phases(weight, (2, 3)), padding=(1, 2)), (2, 3))
    assert np.array_equal(y, conv_transpose(x, small).repeat(2, axis=2).repeat(3, axis=3))
    assert np.array_equal(subpixel_init(small, 2), subpixel_init(small, (2, 2)))


@pytest.mark.parametrize("q", range(3))
def test_merge_resize_is_repeat_then_conv_border_included(q):
    rng = np.random.default_rng(3)
    x, weight = rng.integers(-9, 10, (2, 3, 4, 5)), rng.integers(-9, 10, (2, 3, 3, 4))
    two_steps = conv(x.repeat(2, axis=2).repeat(3, axis=3), weight, padding=q)
    merged = merge_resize(weight, nearest((2, 3)))
    assert merged.shape == (3, 2, 4, 6)
    one_step = conv_transpose(x, merged, stride=(2, 3), padding=(2 - q, 3 - q))
    assert np.array_equal(one_step, two_steps)


def test_merge_resize_with_bilinear_is_two_layers_in_one():
    rng = np.random.default_rng(4)
    x, weight = rng.integers(-9, 10, (1, 3, 6)), rng.integers(-9, 10, (2, 3, 5))
    kernel = (bilinear(3, axes=1) * 3).astype(int)
    enlarged = conv_transpose(x, depthwise(kernel, 3), stride=3, groups=3)
    assert np.array_equal(
        conv_transpose(x, merge_resize(weight, kernel), stride=3), conv(enlarged, weight, padding=4)
    )


def test_phase_sums_are_what_a_flat_input_becomes():
    rng = np.random.default_rng(5)
    for k, s in product(range(1, 7), range(1, 4)):
        weight = rng.integers(-9, 10, (1, 3, k, 2))
        flat = conv_transpose(np.ones((1, 1, 9, 7), int), weight, stride=(s, 3))
        start = 7 * s  # behind the reach of the first stamps, at phase 0
        assert np.array_equal(phase_sums(weight, (s, 3))[0], flat[0, :, start : start + s, 9:12])
        assert np.array_equal(phase_sums(np.ones((1, 1, k), int), s)[0, 0], phase_overlap(k, s))
    assert phase_sums(np.ones((2, 5, 3, 4)), (2, 3)).shape == (2, 5, 2, 3)


def count(size, kernel_size, stride, padding, output_padding, dilation):
    """Overlap of one axis by visiting every input cell and every kernel element."""
    full = stride * (size - 1) + dilation * (kernel_size - 1) + 1 + output_padding
    counts = [0] * full
    for m, kappa in product(range(size), range(kernel_size)):
        counts[m * stride + kappa * dilation] += 1
    return counts[padding[0] : full - padding[1]]


def test_overlap_on_one_axis():
    for i, k, s, d in product((1, 3, 4), range(1, 6), range(1, 4), range(1, 4)):
        for padding, a in product([(0, 0), (1, 0), (0, 1)], range(max(s, d))):
            wanted = count(i, k, s, padding, a, d)
            if wanted:
                got = overlap((i,), k, stride=s, padding=(padding,), output_padding=a, dilation=d)
                assert got.tolist() == wanted
                assert got.dtype == int
                hollow = holes((i,), (k,), stride=s, padding=(padding,), output_padding=a, dilation=d)
                assert hollow.tolist() == [number == 0 for number in wanted]


def test_without_settings_the_stamps_lie_one_cell_apart():
    assert overlap((3,), 2).tolist() == [1, 2, 2, 1]
    assert holes((3,), 2).tolist() == [False] * 4


def test_overlap_of_one_axis_takes_one_int():
    assert np.array_equal(overlap(4, 3, stride=2), overlap((4,), 3, stride=2))


def test_overlap_on_two_axes_is_the_product():
    wanted = np.outer(count(3, 4, 2, (0, 1), 1, 3), count(4, 2, 3, (1, 0), 0, 1))
    settings = {"stride": (2, 3), "padding": ((0, 1), (1, 0)), "output_padding": (1, 0), "dilation": (3, 1)}
    assert np.array_equal(overlap((3, 4), (4, 2), **settings), wanted)
    assert np.array_equal(holes((3, 4), (4, 2), **settings), wanted == 0)
    assert overlap((2, 2), 2).tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]


@pytest.mark.parametrize(("k", "s", "d"), list(product(range(1, 7), range(1, 5), range(1, 5))))
def test_phase_overlap_is_the_interior_of_overlap(k, s, d):
    reach = d * (k - 1)
    start = -(-reach // s) * s  # a multiple of the stride behind which every kernel element has a partner
    line = overlap((2 * reach + 3,), k, stride=s, dilation=d)
    assert phase_overlap(k, s, d).tolist() == line[start : start + s].tolist()
    # ceil((k - r) / s) without dilation; uniform exactly if gcd(s, d) = 1 and s divides k
    if d == 1:
        assert phase_overlap(k, s).tolist() == [max(0, ceil((k - r) / s)) for r in range(s)]
    uniform = len(set(phase_overlap(k, s, d).tolist())) == 1
    assert uniform == (gcd(s, d) == 1 and k % s == 0)
    # never written: positions that are no multiple of gcd(s, d)
    never = [r for r, number in enumerate(phase_overlap(20, s, d)) if number == 0]
    assert never == [r for r in range(s) if r % gcd(s, d)]


def test_phase_overlap_on_several_axes():
    assert phase_overlap((3, 5), (2, 3)).tolist() == [[4, 4, 2], [2, 2, 1]]
    assert phase_overlap(3, (2, 1)).tolist() == [[6], [3]]
    assert phase_overlap(4, 2, (1, 2)).tolist() == [[8, 0], [8, 0]]
    assert phase_overlap(3, 2, axes=3).shape == (2, 2, 2)
    assert phase_overlap(3, 2, axes=3)[0, 0, 0] == 8
    assert phase_overlap(3, 2).dtype == int


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nearest(0), "factor must be at least 1"),
        (lambda: box(0), "size must be at least 1"),
        (lambda: bilinear((2, 0)), "factor must be at least 1"),
        (lambda: bilinear_padding(0), "factor must be at least 1"),
        (lambda: depthwise([1], 0), "channels must be at least 1"),
        (lambda: subpixel_init(np.ones((1, 1, 2)), 0), "factor must be at least 1"),
        (
            lambda: merge_resize(np.ones((1, 1, 3)), nearest(2)),
            r"resize must have the spatial axes of weight, got \(2, 2\) and \(1, 1, 3\)",
        ),
        (lambda: phase_sums(np.ones((1, 1, 2)), 0), "stride must be at least 1"),
        (lambda: overlap((3,), 0), "kernel_size must be at least 1"),
        (lambda: phase_overlap(3, 0), "stride must be at least 1"),
        (
            lambda: phase_overlap((3, 2), 2, axes=3),
            "kernel_size must be an int or one entry per spatial axis",
        ),
        (lambda: phase_overlap(3, 2, axes=0), "axes must be at least 1"),
        (lambda: nearest(2, axes=-1), "axes must be at least 1"),
        (lambda: phase_overlap(3, 2, (1, 0)), "dilation must be at least 1"),
        (lambda: frequency_response([1, 2], [0], 0), "dilation must be at least 1"),
        (lambda: phase_sums([1, 10, 100], 2), r"weight must have shape \(in_channels, .*\), got \(3,\)"),
        (lambda: subpixel_init([5, 7], 3), r"weight must have shape \(in_channels, .*\), got \(2,\)"),
        (lambda: overlap(0, 3), "input_size must be at least 1"),
    ],
)
def test_refused_with_a_clear_message(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_frequency_response_is_what_a_filter_does_to_a_wave():
    rng = np.random.default_rng(17)
    for _ in range(30):
        k, d = (int(n) for n in rng.integers(1, 6, 2))
        kernel, frequency = rng.integers(-9, 10, k), rng.uniform(-4, 4)
        wave = np.exp(1j * frequency * np.arange(60))
        filtered = np.convolve(wave, np.kron(kernel, np.eye(1, d)[0]), mode="full")[30:40]
        assert np.allclose(filtered, frequency_response(kernel, [frequency], d)[0] * wave[30:40])


def test_frequency_response_on_two_axes_is_the_padded_transform():
    kernel = np.random.default_rng(18).integers(-9, 10, (3, 5))
    expected = np.fft.fft2(kernel, (8, 8))
    assert np.allclose(frequency_response(kernel, 2 * np.pi * np.arange(8) / 8), expected)
    spread = np.zeros((5, 5))
    spread[::2] = kernel
    rows = frequency_response(kernel, 2 * np.pi * np.arange(8) / 8, (2, 1))
    assert np.allclose(rows, np.fft.fft2(spread, (8, 8)))
