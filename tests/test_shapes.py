"""Sizes, the size solver and every refusal, against counting by hand."""

import re
from itertools import product

import ml_dtypes
import numpy as np
import pytest

from lib import conv_output_size, conv_transpose_output_size, shapes, solve_sizes
from lib.shapes import SizeAnswer, SizeSetting, conv_input_sizes, output_padding_for, padding_pairs, per_axis

PADDING = [(0, 0), (1, 1), (0, 3), (2, 0), (5, 4)]
AXIS = list(product(range(1, 8), range(1, 5), range(1, 5), PADDING, range(1, 4)))  # i, k, s, padding, d


def windows(i, k, s, padding, d):
    """Where the windows of one axis start: as long as the kernel's last element lies on the padded input."""
    padded, starts = sum(padding) + i, []
    while len(starts) * s + d * (k - 1) < padded:
        starts.append(len(starts) * s)
    return starts


@pytest.mark.parametrize("d", [1, 2, 3])
def test_conv_size_is_the_number_of_windows(d):
    for i, k, s, padding, dilation in AXIS:
        if dilation != d:
            continue
        count = len(windows(i, k, s, padding, d))
        if count:
            assert conv_output_size((i,), k, s, (padding,), d) == (count,)
        else:
            with pytest.raises(ValueError, match="output size must be at least 1"):
                conv_output_size((i,), k, s, (padding,), d)


def test_conv_transpose_size_is_the_reach_of_the_stamps_less_the_crop():
    for i, k, s, padding, d in AXIS:
        for a in range(max(s, d)):
            last = max(m * s + kappa * d for m in range(i) for kappa in range(k))
            left = last + 1 + a - sum(padding)
            if left >= 1:
                assert conv_transpose_output_size((i,), k, s, (padding,), a, d) == (left,)
            else:
                with pytest.raises(ValueError, match="output size must be at least 1"):
                    conv_transpose_output_size((i,), k, s, (padding,), a, d)


def test_output_padding_for_goes_back_to_every_size():
    for i, k, s, padding, d in AXIS:
        if windows(i, k, s, padding, d):
            o = conv_output_size((i,), k, s, (padding,), d)
            a = output_padding_for((i,), k, s, (padding,), d)
            assert a[0] < s
            assert conv_transpose_output_size(o, k, s, (padding,), a, d) == (i,)


def test_conv_input_sizes_are_all_that_conv_maps_there():
    for o, k, s, padding, d in AXIS:
        found = [i for i in range(1, 60) if len(windows(i, k, s, padding, d)) == o]
        assert list(*conv_input_sizes((o,), k, s, (padding,), d)) == found


def test_one_int_in_one_int_out():
    for answer in (
        conv_output_size(5, 3, 2, 1, 1),
        conv_transpose_output_size(5, 3, 2, 1, 1, 1),
        output_padding_for(6, 3, 2, 1, 1),
    ):
        assert type(answer) is int
    assert conv_output_size(5, 3, 2, 1, 1) == 3
    assert conv_output_size(5, 3) == 3
    assert conv_transpose_output_size(5, 3) == 7
    assert conv_transpose_output_size(5, 3, 2, 1, 1, 1) == 10
    assert output_padding_for(6, 3, 2, 1, 1) == 1
    assert conv_input_sizes(3, 3, 2, 1, 1) == range(5, 7)
    assert conv_input_sizes(3, 3) == range(5, 6)
    assert output_padding_for(6, 3) == 0


def test_any_argument_per_axis_gives_a_tuple():
    assert conv_output_size(7, (3, 2), 2) == (3, 3)
    assert conv_output_size(7, 3, (1, 2)) == (5, 3)
    assert conv_output_size(7, 3, 2, ((0, 1), 2)) == (3, 5)
    assert conv_output_size(7, 3, 2, 0, [1, 3]) == (3, 1)
    assert conv_transpose_output_size(7, 3, 2, 0, (0, 1)) == (15, 16)
    assert conv_transpose_output_size(7, 3, (2, 3), ((1, 2), 0), (0, 2), np.array([1, 2])) == (12, 25)
    assert output_padding_for((7, 8), 3, 2, 0, 1) == (0, 1)
    assert conv_input_sizes((3, 2), 3, (2, 3), 1) == (range(5, 7), range(4, 7))


def test_per_axis_takes_what_stands_for_an_int():
    assert per_axis("stride", np.int32(2), 3) == (2, 2, 2)
    assert per_axis("stride", np.array(2), 1) == (2,)
    assert per_axis("stride", np.array([1, 2]), 2) == (1, 2)
    assert all(type(s) is int for s in per_axis("stride", np.array([1, 2]), 2))
    assert per_axis("output_padding", 0, 2) == (0, 0)
    assert padding_pairs((1, (0, 2), [3, np.int8(4)]), 3) == ((1, 1), (0, 2), (3, 4))
    assert padding_pairs(((1, 2),), 1) == ((1, 2),)


REFUSED = [
    (lambda: per_axis("stride", 1.0, 2), TypeError, "stride must be an int, got 1.0"),
    (lambda: per_axis("stride", (1, "2"), 2), TypeError, "stride must be an int, got '2'"),
    (lambda: per_axis("stride", (1.0, 2.0), 2), TypeError, "stride must be an int, got 1.0"),
    (lambda: per_axis("stride", True, 2), TypeError, "stride must be an int, got True"),
    (lambda: per_axis("stride", np.True_, 2), TypeError, "stride must be an int, got np.True_"),
    (lambda: per_axis("stride", None, 2), TypeError, "stride must be an int, got None"),
    (lambda: per_axis("padding", "same", 2), TypeError, "padding must be an int, got 'same'"),
    (
        lambda: per_axis("stride", (1, 2), 3),
        ValueError,
        "stride must be an int or one entry per spatial axis, got (1, 2) for 3 axes",
    ),
    (
        lambda: per_axis("stride", [1, 2], 1),
        ValueError,
        "stride must be an int or one entry per spatial axis, got [1, 2] for 1 axis",
    ),
    (
        lambda: per_axis("stride", (1, 2, 0), 3, minimum=1),
        ValueError,
        "stride must be at least 1 on every axis, got (1, 2, 0)",
    ),
    (
        lambda: per_axis("output_padding", -1, 3),
        ValueError,
        "output_padding must be at least 0 on every axis, got -1",
    ),
    (
        lambda: padding_pairs(((1, 2, 3), 0), 2),
        ValueError,
        "padding of one axis must be an int or a (before, after) pair, got (1, 2, 3)",
    ),
    (
        lambda: padding_pairs((0, (1, -1)), 2),
        ValueError,
        "padding must be at least 0 on every axis, got (0, (1, -1))",
    ),
    (
        lambda: padding_pairs((-1, 0), 2),
        ValueError,
        "padding must be at least 0 on every axis, got (-1, 0)",
    ),
    (lambda: padding_pairs(0.5, 2), TypeError, "padding must be an int, got 0.5"),
    (
        lambda: padding_pairs((1, 2), 3),
        ValueError,
        "padding must be an int or one entry per spatial axis, got (1, 2) for 3 axes",
    ),
    (
        lambda: conv_output_size((4, 5), (2, 3, 4), padding=1),
        ValueError,
        "sizes and settings must agree on the number of spatial axes, "
        "got input_size (4, 5), kernel_size (2, 3, 4), stride 1, dilation 1, padding 1",
    ),
    (lambda: conv_output_size(0, 1), ValueError, "input_size must be at least 1 on every axis, got 0"),
    (lambda: conv_output_size(4, 0), ValueError, "kernel_size must be at least 1 on every axis, got 0"),
    (lambda: conv_output_size(4, 1, 0), ValueError, "stride must be at least 1 on every axis, got 0"),
    (
        lambda: conv_output_size(4, 1, dilation=0),
        ValueError,
        "dilation must be at least 1 on every axis, got 0",
    ),
    (
        lambda: conv_output_size((5, 4), (3, 4), (1, 2), (0, (1, 0)), (2, 3)),
        ValueError,
        "output size must be at least 1 on every axis, got (1, -2) from input (5, 4), kernel (3, 4), "
        "stride (1, 2), padding ((0, 0), (1, 0)), dilation (2, 3)",
    ),
    (
        lambda: conv_transpose_output_size(1, 2, 3, 2, 1, 2),
        ValueError,
        "output size must be at least 1 on every axis, got (0,) from input (1,), kernel (2,), "
        "stride (3,), padding ((2, 2),), output_padding (1,), dilation (2,)",
    ),
    (
        lambda: conv_transpose_output_size((4, 4), 3, (2, 3), 0, (1, 3), (1, 2)),
        ValueError,
        "output_padding must be smaller than stride or dilation on every axis, "
        "got output_padding (1, 3), stride (2, 3), dilation (1, 2)",
    ),
    (
        lambda: conv_transpose_output_size(0, 3),
        ValueError,
        "input_size must be at least 1 on every axis, got 0",
    ),
    (
        lambda: conv_transpose_output_size(4, 3, output_padding=-1),
        ValueError,
        "output_padding must be at least 0 on every axis, got -1",
    ),
    (
        lambda: output_padding_for(2, 3),
        ValueError,
        "output size must be at least 1 on every axis, got (0,) from input (2,), kernel (3,), "
        "stride (1,), padding ((0, 0),), dilation (1,)",
    ),
    (
        lambda: output_padding_for(4, 3, 1, 0, 2),
        ValueError,
        "output size must be at least 1 on every axis, got (0,) from input (4,), kernel (3,), "
        "stride (1,), padding ((0, 0),), dilation (2,)",
    ),
    (lambda: conv_input_sizes(0, 3), ValueError, "output_size must be at least 1 on every axis, got 0"),
    (lambda: solve_sizes(0, 3), ValueError, "input_size must be at least 1 on every axis, got 0"),
    (lambda: solve_sizes(3, 0), ValueError, "output_size must be at least 1 on every axis, got 0"),
    (
        lambda: solve_sizes((3, 4), (5, 6, 7)),
        ValueError,
        "sizes and settings must agree on the number of spatial axes, "
        "got input_size (3, 4), output_size (5, 6, 7)",
    ),
    (
        lambda: solve_sizes((3, 4), 8, stride=(1, 2, 3)),
        ValueError,
        "sizes and settings must agree on the number of spatial axes, "
        "got input_size (3, 4), output_size 8, stride (1, 2, 3)",
    ),
    (
        lambda: solve_sizes(3, 5, stride=range(3)),
        ValueError,
        "stride must be an int or a range of ints, at least 1, got range(0, 3)",
    ),
    (
        lambda: solve_sizes(3, 5, kernel_size=range(0)),
        ValueError,
        "kernel_size must be an int or a range of ints, at least 1, got range(0, 0)",
    ),
    (
        lambda: solve_sizes(3, 5, padding=-1),
        ValueError,
        "padding must be an int or a range of ints, at least 0, got -1",
    ),
    (
        lambda: solve_sizes(3, 5, output_padding=[1, {0, -2}]),
        ValueError,
        f"output_padding must be an int or a range of ints, at least 0, got { ({0, -2})!r}",
    ),
    (
        lambda: solve_sizes(3, 5, dilation=0),
        ValueError,
        "dilation must be an int or a range of ints, at least 1, got 0",
    ),
    (lambda: solve_sizes(3, 5, stride=1.5), TypeError, "stride must be an int, got 1.5"),
    (lambda: solve_sizes(3, 5, stride=[(1, 2)]), TypeError, "stride must be an int, got (1, 2)"),
    (lambda: solve_sizes(3, 5, padding={True}), TypeError, "padding must be an int, got True"),
]


@pytest.mark.parametrize(("call", "error", "message"), REFUSED, ids=[message[:60] for *_, message in REFUSED])
def test_refused_with_a_clear_message(call, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        call()


# --- the size solver ---


def by_trying(i, o, ranges):
    """Every setting that conv_transpose_output_size accepts and that gives o."""
    found = set()
    for k, s, p, a, d in product(*ranges):
        try:
            if conv_transpose_output_size(i, k, s, p, a, d) == o:
                found.add((k, s, p, a, d))
        except ValueError:
            pass
    return found


def default_ranges(i, o, d=1):
    """What the docstring promises, one setting after the other: (k, s, p, a, d)."""
    strides = {s for s in range(1, -(-o // i) + 1) if s <= 64 or o / i - 1 < s < o / i + 1}
    for s in strides:
        longest = max(2 * s, s + 24, o - s * (i - 1))
        for k in range(1, longest + 1):
            if d * (k - 1) + 1 < longest + d:
                yield from ((k, s, p, a, d) for p in range(d * (k - 1) + 1) for a in range(min(4, max(s, d))))


@pytest.mark.parametrize("i", [1, 2, 5])
@pytest.mark.parametrize("d", [1, 3])
def test_solve_sizes_finds_every_setting_and_no_other(i, d):
    for o in range(1, 26, 3):
        answer = solve_sizes(i, o, dilation=d)
        wanted = {each for each in default_ranges(i, o, d) if by_formula(i, *each) == o}
        assert len(answer.settings) == len(set(answer.settings))
        assert set(answer.settings) == wanted
        assert bool(answer.settings) != bool(answer.reason)
        if answer.settings:
            assert answer[1:] == ((), "")


def by_formula(i, k, s, p, a, d):
    return s * (i - 1) + d * (k - 1) + 1 + a - 2 * p


def test_solve_sizes_in_given_ranges():
    ranges = {"kernel_size": {5, 3}, "stride": 2, "padding": {0, 6}, "output_padding": range(3)}
    ranges |= {"dilation": {1, 3}}
    answer = solve_sizes(4, 14, **ranges)
    assert set(answer.settings) == by_trying(4, 14, ([3, 5], [2], [0, 6], [0, 1, 2], [1, 3]))
    assert len(answer.settings) == 1
    assert answer.settings[0] == SizeSetting(kernel_size=3, stride=2, padding=0, output_padding=1, dilation=3)


# One axis of layers in use: (i, k, s, p, a, d), from DCGAN, WaveGAN, FCN, U-Net, SAM, pix2pix, CycleGAN,
# 3D-GAN, HiFi-GAN, a dilated layer, FSRCNN; tools/bench_layers.py has the layers whole.
REAL = [
    (1, 4, 1, 0, 0, 1), (4, 4, 2, 1, 0, 1), (8, 5, 2, 2, 1, 1), (16, 25, 4, 11, 1, 1), (16, 64, 32, 0, 0, 1),
    (34, 4, 2, 0, 0, 1), (70, 16, 8, 0, 0, 1), (16, 2, 2, 0, 0, 1), (1, 4, 2, 1, 0, 1), (64, 3, 2, 1, 1, 1),
    (128, 16, 8, 4, 0, 1), (8192, 4, 2, 1, 0, 1), (32, 3, 1, 2, 0, 2), (64, 9, 4, 4, 3, 1),
]  # fmt: skip


@pytest.mark.parametrize(("i", "k", "s", "p", "a", "d"), REAL)
def test_solve_sizes_knows_real_layers(i, k, s, p, a, d):
    assert SizeSetting(k, s, p, a, d) in solve_sizes(i, by_formula(i, k, s, p, a, d), dilation=d).settings


@pytest.mark.parametrize("ratio", [1, 2, 3, 8, 16, 100, 1000])
@pytest.mark.parametrize("i", [2, 10, 100])
def test_any_whole_ratio_is_reached_evenly_and_without_a_dead_cell(i, ratio):
    best = solve_sizes(i, ratio * i).settings[0]
    assert best.even_overlap
    assert best.no_dead_cell
    usual = SizeSetting(2 * ratio - ratio % 2, ratio, ratio // 2, 0, 1)  # of bilinear enlargement
    assert usual in solve_sizes(i, ratio * i).settings


def test_the_usual_layer_for_eight_times():
    assert [setting[:3] for setting in solve_sizes(100, 800).settings[:2]] == [(8, 8, 0), (16, 8, 4)]
    assert solve_sizes(100, 800, stride=8).settings[0].kernel_size == 8


def test_solve_sizes_prefers_live_cells_then_even_overlap():
    answer = solve_sizes(3, 12, kernel_size=range(1, 9), dilation={1, 2})
    rows = [
        (not setting.no_dead_cell, not setting.even_overlap, *(setting[at] for at in (3, 4, 0, 1, 2)))
        for setting in answer.settings
    ]
    assert rows == sorted(rows)
    assert {row[:2] for row in rows} == {(False, False), (False, True), (True, False), (True, True)}


def test_the_cell_that_output_padding_adds_beyond_the_stamps_is_dead():
    assert not SizeSetting(2, 2, 0, 1, 1).no_dead_cell
    assert SizeSetting(4, 2, 1, 1, 1).no_dead_cell
    settings = solve_sizes(5, 11, kernel_size=range(1, 5), stride=2, padding=range(2)).settings
    assert [setting[:4] for setting in settings] == [(4, 2, 1, 1), (3, 2, 0, 0), (2, 2, 0, 1)]


@pytest.mark.parametrize(("k", "s", "d"), list(product(range(1, 8), range(1, 5), range(1, 5))))
def test_no_dead_cell_means_that_every_cell_is_reached(k, s, d):
    reach = d * (k - 1) + 1
    for p, a in product(range(reach + 2), range(max(s, d))):
        setting = SizeSetting(k, s, p, a, d)
        for i in ((reach - 1) // s + 1, (reach - 1) // s + 2, 40):  # 40 is long
            wanted = set(range(by_formula(i, *setting)))
            dead = wanted - {s * t + d * j - p for t in range(i) for j in range(k)}
            if setting.no_dead_cell or i == 40:
                assert bool(dead) != setting.no_dead_cell


@pytest.mark.parametrize(("k", "s", "d"), list(product(range(1, 9), range(1, 6), range(1, 6))))
def test_even_overlap_means_equal_counts(k, s, d):
    counts = [sum((kappa * d) % s == r for kappa in range(k)) for r in range(s)]
    assert SizeSetting(k, s, 0, 0, d).even_overlap == (len(set(counts)) == 1)


@pytest.mark.parametrize(
    ("arguments", "ranges", "nearest", "reason"),
    [
        (
            (4, 9),
            {"kernel_size": 4, "stride": 2, "output_padding": 0},
            (8, 10),
            "every size that these ranges reach from 4 is even, which equal padding at both ends cannot "
            "change: take 10 and crop 1 more with a (before, after) padding, or allow output_padding",
        ),
        (
            (4, 8),
            {"kernel_size": 3, "stride": 2, "output_padding": 0},
            (7, 9),
            "every size that these ranges reach from 4 is odd, which equal padding at both ends cannot "
            "change: take 9 and crop 1 more with a (before, after) padding, or allow output_padding",
        ),
        (
            (4, 40),
            {"kernel_size": range(1, 8), "stride": range(1, 5)},
            (22,),
            "no setting in these ranges takes 4 beyond 22: 40 needs a larger stride, kernel_size, dilation "
            "or output_padding, or less padding",
        ),
        (
            (9, 2),
            {"padding": 0, "stride": 2},
            (17,),
            "no setting in these ranges takes 9 below 17: take 17 and crop 15 more with a (before, after) "
            "padding, or use more padding (to shrink is what conv does)",
        ),
        (
            (9, 12),
            {"padding": 0, "stride": 2, "output_padding": 0},
            (17,),
            "no setting in these ranges takes 9 below 17: take 17 and crop 5 more with a (before, after) "
            "padding, or use more padding",
        ),
        (
            (3, 9),
            {"kernel_size": {1, 2}, "stride": {2, 5}, "padding": 0, "output_padding": 0},
            (6, 11),
            "these ranges reach 6 and 11 from 3, nothing between: take 11 and crop 2 more with a "
            "(before, after) padding",
        ),
        (
            (3, 10),
            {"kernel_size": 4, "stride": {2, 4}, "padding": 0, "output_padding": 0},
            (8, 12),
            "these ranges reach 8 and 12 from 3, nothing between: take 12 and crop 2 more with a "
            "(before, after) padding",
        ),
        (
            (3, 9),
            {"stride": 1, "output_padding": 1},
            (),
            "output_padding must be smaller than stride or dilation, and no choice in these ranges is",
        ),
        (
            (1, 1),
            {"kernel_size": 1, "padding": 1, "output_padding": 0},
            (),
            "every padding in these ranges crops all that an input of 1 gives: use less padding",
        ),
    ],
)
def test_solve_sizes_says_why_not(arguments, ranges, nearest, reason):
    assert solve_sizes(*arguments, **ranges) == SizeAnswer((), nearest, reason)


def test_the_advice_holds():
    # take 10 and crop 1 more
    (pair,) = solve_sizes(4, 10, kernel_size=4, stride=2, output_padding=0).settings
    assert conv_transpose_output_size((4,), 4, 2, ((pair.padding, pair.padding + 1),)) == (9,)


def test_solve_sizes_tries_what_it_says():
    """Strides to 64 and the quotient; kernels to what fills the output without padding."""
    assert {setting.stride for setting in solve_sizes(1, 70).settings} == {*range(1, 65), 70}
    assert SizeSetting(99, 1, 0, 0, 1) in solve_sizes(2, 100).settings
    assert solve_sizes(4, 9, kernel_size=6, stride=2, output_padding=0).nearest == (8, 10)
    even = solve_sizes(4, 9, kernel_size={2, 4}, stride=2, output_padding=0)
    assert even.nearest == (8, 10) and "every size that these ranges reach from 4 is even" in even.reason
    same = solve_sizes(4, 4, kernel_size=2, stride=2, padding=0, output_padding=0)
    assert same.nearest == (8,) and "shrink" not in same.reason


def test_solve_sizes_per_axis():
    answers = solve_sizes((4, 5), (8, 300), stride=2)
    assert answers == (solve_sizes(4, 8, stride=2), solve_sizes(5, 300, stride=2))
    assert solve_sizes(4, (8, 9)) == (solve_sizes(4, 8), solve_sizes(4, 9))


def test_a_tuple_is_one_entry_per_axis_as_everywhere():
    answers = solve_sizes(4, 9, kernel_size=(1, 3), stride=[2, range(1, 3)], padding=(None, {0, 1}))
    one = solve_sizes(4, 9, kernel_size=1, stride=2)
    assert answers == (one, solve_sizes(4, 9, kernel_size=3, stride=range(1, 3), padding={0, 1}))
    assert solve_sizes(4, 9, kernel_size=(3,)) == (solve_sizes(4, 9, kernel_size=3),)


@pytest.mark.parametrize(
    ("dtype", "working"),
    [
        *((name, name) for name in ("bool", "int8", "uint8", "int16", "uint16", "int32", "uint64")),
        *((name, "float32") for name in ("float16", ml_dtypes.bfloat16, ml_dtypes.float8_e5m2, "float32")),
        *((name, name) for name in ("float64", "complex64", "complex128")),
    ],
    ids=str,
)
def test_only_floats_of_few_bits_are_added_up_in_another_dtype(dtype, working):
    assert shapes.working_type(np.dtype(dtype)) == working


@pytest.mark.parametrize("check", [shapes.check_conv, shapes.check_conv_transpose])
@pytest.mark.parametrize(
    ("dtypes", "words"),
    [
        (("bfloat16", "float16", None), "input bfloat16, weight float16"),
        (("bfloat16", "int8", "float16"), "input bfloat16, weight int8, bias float16"),
        (("int8", "bfloat16", "float16"), "input int8, weight bfloat16, bias float16"),
    ],
)
def test_dtypes_without_a_common_one_are_refused_before_any_work(check, dtypes, words):
    ones = (np.ones((1, 1, 3)), np.ones((1, 1, 2)), np.ones(1))
    arrays = [None if name is None else array.astype(name) for array, name in zip(ones, dtypes)]
    settings = (1, 0, 0, 1, 1) if check is shapes.check_conv_transpose else (1, 0, 1, 1)
    with pytest.raises(TypeError, match=f"^the dtypes must have a common one in NumPy, got {words}$"):
        check(*arrays, *settings)


def test_check_settings():
    plain = shapes.check_settings(2, 3, 1, 0, 1)
    assert plain == shapes.Settings((3, 3), (1, 1), ((0, 0), (0, 0)), (0, 0), (1, 1), 1)
    given = shapes.check_settings(1, [3], (2,), ((0, 4),), 5, output_padding=[6], groups=7)
    assert given == shapes.Settings((3,), (2,), ((0, 4),), (6,), (5,), 7)


def test_cells():
    assert shapes.cells((2, 3, 4)) == 24
    assert shapes.cells(()) == 1
