"""The explorer's front end computes what `lib` computes: sizes, numbers, matrices, windows, partners, solver.

The front-end file runs in the browser and gets settings from the whole range of the explorer's controls;
`lib` is the oracle. Inputs and kernels hold whole numbers without pattern: a misplaced product changes a sum.
"""

import contextlib
import itertools
import json
from functools import cache

import numpy as np
import pytest
from front_page import page_with_front

from lib import conv, conv_matrix, conv_output_size, conv_transpose, conv_transpose_output_size, solve_sizes
from lib.explorer import LIMITS, front, rules

SETTINGS = ("stride", "padding", "output_padding", "dilation")


@pytest.fixture(scope="module")
def page(browser):
    """A page in which `front` is what the front end's modules export."""
    source = front.module("geometry.js", "picture.js", "rules.js")
    with page_with_front(browser, source) as page:
        yield page


@cache
def values(name, size):
    """Whole numbers without pattern; the same for a size in every test."""
    rng = np.random.default_rng([len(name), *size])
    return rng.integers(1, 100, size) * rng.choice([-1, 1], size)


def lib_size(case):
    """The output size, or None where `lib` or the picture's limits refuse."""
    limits = LIMITS[len(case["input_size"])]
    given = {name: case[name] for name in ("input_size", "kernel_size", "stride", "padding", "dilation")}
    try:
        if case["transposed"]:
            size = conv_transpose_output_size(**given, output_padding=case["output_padding"])
        else:
            size = conv_output_size(**given)
    except ValueError:
        return None
    return size if max(size) <= limits["output_size"][1] else None


def lib_result(case):
    x, w = (values(name, case[name])[np.newaxis, np.newaxis] for name in ("input_size", "kernel_size"))
    given = {name: case[name] for name in ("stride", "padding", "dilation")}
    if case["transposed"]:
        return conv_transpose(x, w, **given, output_padding=case["output_padding"])[0, 0]
    return conv(x, w, **given)[0, 0]


def lib_matrix(case, size):
    """The matrix as the page shows it: rows are output cells."""
    given = {name: case[name] for name in ("stride", "padding", "dilation")}
    kernel = values("kernel_size", case["kernel_size"])
    if not case["transposed"]:
        return conv_matrix(kernel, case["input_size"], **given)
    # output_padding may reach the stride where dilation is larger. The convolution of so large a grid has
    # more cells
    # than our input: its first ones.
    full = conv_output_size(size, case["kernel_size"], **given)
    rows = conv_matrix(kernel, size, **given).reshape(*full, -1)
    return rows[tuple(slice(n) for n in case["input_size"])].reshape(-1, np.prod(size)).T


def every_setting_1d():
    limits = LIMITS[1]
    ranges = [
        range(limits[name][0], limits[name][1] + 1) for name in ("input_size", "kernel_size", *SETTINGS)
    ]
    for transposed, (i, k, s, p, a, d) in itertools.product((False, True), itertools.product(*ranges)):
        if transposed or a == 0:
            yield {
                "transposed": transposed, "input_size": (i,), "kernel_size": (k,),
                "stride": (s,), "padding": (p,), "output_padding": (a,), "dilation": (d,),
            }  # fmt: skip


def every_pair_of_ends():
    """One axis, every padding before and after, for inputs that are short, odd and long."""
    ranges = [range(LIMITS[1][name][0], LIMITS[1][name][1] + 1) for name in ("kernel_size", *SETTINGS)]
    ends = ranges[2]
    choices = itertools.product((2, 7), ranges[0], ranges[1], itertools.product(ends, ends), *ranges[3:])
    for transposed, (i, k, s, pair, a, d) in itertools.product((False, True), choices):
        if (transposed or a == 0) and pair[0] != pair[1]:
            yield {
                "transposed": transposed, "input_size": (i,), "kernel_size": (k,), "two_ends": True,
                "stride": (s,), "padding": (pair,), "output_padding": (a,), "dilation": (d,),
            }  # fmt: skip


def random_settings_2d(count, seed=0):
    rng = np.random.default_rng(seed)
    limits = LIMITS[2]
    for _ in range(count):
        case = {"transposed": bool(rng.integers(2))}
        for name in ("input_size", "kernel_size", *SETTINGS):
            case[name] = tuple(int(n) for n in rng.integers(limits[name][0], limits[name][1] + 1, 2))
        if rng.integers(2):
            ends = rng.integers(limits["padding"][0], limits["padding"][1] + 1, (2, 2))
            case |= {"padding": tuple(map(tuple, ends.tolist())), "two_ends": True}
        yield case


def states(cases):
    """The cases as the front end keeps them, with their numbers."""
    return [
        {
            **case,
            "input": values("input_size", case["input_size"]).tolist(),
            "weight": values("kernel_size", case["kernel_size"]).tolist(),
        }
        for case in cases
    ]


# Text goes in and out: JSON is read much faster than the browser's protocol passes nested values.
IN_THE_PAGE = """(text) => JSON.stringify(JSON.parse(text).map((told) => {
    const state = front.completed({ per_axis: true, bias: 0, ...told });
    if (front.refusal(state)) return null;
    const pic = front.picture(state);
    const axes = pic.axes;
    const x = state.input.flat(), w = state.weight.flat();
    // What the padded picture gives: the window's cells times the kernel numbers that stand on them.
    const read = (at) => {
        const there = at.map((g, n) => pic.padded[n][g]);
        if (!there.every(Number.isInteger)) return 0;
        return x[there.reduce((flat, v, n) => flat * pic.input_size[n] + v, 0)];
    };
    const seen = pic.output.map((_, flat) => {
        const at = axes.length === 1 ? [flat] : [Math.floor(flat / axes[1].o), flat % axes[1].o];
        const window = front.windowOf(pic, `output:${at}`);
        const place = (name) => name.split(":")[1].split(",").map(Number);
        return window.reduce((sum, [name, kernel]) => sum + read(place(name)) * w[kernel], 0);
    });
    return { size: pic.output_size, output: pic.output, seen };
}))"""


def hold_against_lib(page, cases):
    """Each case: refused by both, or the same size and numbers, also as the padded picture shows them.
    Returns how many were drawn."""
    drawn = 0
    cases = iter(cases)
    while batch := tuple(itertools.islice(cases, 4000)):
        for case, got in zip(batch, json.loads(page.evaluate(IN_THE_PAGE, json.dumps(states(batch))))):
            size = lib_size(case)
            assert (got is None) == (size is None), case
            if size is not None:
                expected = lib_result(case)
                assert tuple(got["size"]) == size == expected.shape, case
                assert np.array_equal(got["output"], expected.ravel()), case
                assert np.array_equal(got["seen"], expected.ravel()), case
                drawn += 1
    return drawn


def test_every_setting_in_one_dimension(page):
    """The whole range of the controls."""
    assert hold_against_lib(page, every_setting_1d()) > 15_000


def test_every_pair_of_ends(page):
    assert hold_against_lib(page, every_pair_of_ends()) > 8_000


def test_settings_in_two_dimensions_each_axis_its_own(page):
    assert hold_against_lib(page, random_settings_2d(24_000)) > 2_000


def drawable(count, seed):
    """Settings in two dimensions that can be drawn."""
    cases = (case for case in random_settings_2d(100 * count, seed) if lib_size(case))
    return list(itertools.islice(cases, count))


def test_matrix_is_that_of_lib(page):
    cases = drawable(150, seed=1)
    got = page.evaluate(
        "(states) => states.map((s) => front.matrix(front.picture(s), s.weight.flat()))", states(cases)
    )
    for case, matrix in zip(cases, got):
        assert np.array_equal(matrix, lib_matrix(case, lib_size(case))), case


def test_partners_are_the_nonzero_entries(page):
    """Row of an output, column of an input: exactly the cells whose entry in the matrix is not zero light
    up."""
    cases = drawable(40, seed=2)
    for case, state in zip(cases, states(cases)):
        size, matrix = lib_size(case), lib_matrix(case, lib_size(case))
        assert 0 not in values("kernel_size", case["kernel_size"])  # else a partner's entry could be zero
        name = lambda view, flat, size: f"{view}:{','.join(str(n) for n in np.unravel_index(flat, size))}"  # noqa: E731
        sides = [("output", size, matrix), ("input", case["input_size"], matrix.T)]
        for view, own, rows in sides:
            other, other_size = ("input", case["input_size"]) if view == "output" else ("output", size)
            cells = [name(view, flat, own) for flat in range(len(rows))]
            lit = page.evaluate(
                """([state, cells]) => {
                    const pic = front.picture(state);
                    return cells.map((cell) => [...front.partners(pic, cell)]);
                }""",
                [state, cells],
            )
            for flat, (row, names) in enumerate(zip(rows, lit)):
                partners = {name(other, n, other_size) for n in np.flatnonzero(row)}
                assert {n for n in names if n.startswith(f"{other}:")} == partners, (case, cells[flat])
                entries = {(flat, n) if view == "output" else (n, flat) for n in np.flatnonzero(row)}
                assert {n for n in names if n.startswith("matrix:")} == {
                    f"matrix:{r},{c}" for r, c in entries
                }


def test_padded_picture_is_that_of_lib(page):
    """Zero-inserted and padded, cell by cell."""
    cases = [case for case in drawable(300, seed=3) if case["transposed"]]
    assert len(cases) >= 20
    got = page.evaluate("(states) => states.map((s) => front.picture(s).padded)", states(cases))
    for case, axes in zip(cases, got):
        x = values("input_size", case["input_size"])
        expected = zero_insertion_padded(x, case)
        rows = [
            [0 if isinstance(r, str) or isinstance(c, str) else int(x[r, c]) for c in axes[1]]
            for r in axes[0]
        ]
        assert np.array_equal(rows, expected), case


def zero_insertion_padded(x, case):
    """Written out here on purpose: NumPy's own slicing and padding, one axis after the other."""
    for axis, (k, s, p, a, d) in enumerate(zip(case["kernel_size"], *(case[name] for name in SETTINGS))):
        wide = np.zeros([s * (n - 1) + 1 if m == axis else n for m, n in enumerate(x.shape)], int)
        wide[tuple(slice(None, None, s) if m == axis else slice(None) for m in range(2))] = x
        before, after = p if isinstance(p, tuple) else (p, p)
        edge, end = d * (k - 1) - before, d * (k - 1) - after + a
        pad = [(max(edge, 0), max(end, 0)) if m == axis else (0, 0) for m in range(2)]
        wide = np.pad(wide, pad)
        cut = slice(max(-edge, 0), wide.shape[axis] - max(-end, 0))
        x = wide[tuple(cut if m == axis else slice(None) for m in range(2))]
    return x


def test_solver_gives_the_answers_of_lib_in_its_order(page):
    limits = {name: list(LIMITS[1][name]) for name in ("kernel_size", *SETTINGS)}
    ranges = {name: range(low, high + 1) for name, (low, high) in limits.items()}
    found = 0
    for i, o in [(1, 1), (2, 4), (2, 5), (3, 16), (4, 8), (7, 14), (5, 5), (9, 3), (6, 24), (24, 1)]:
        got = page.evaluate("([i, o, limits]) => front.solveSizes(i, o, limits, true)", [i, o, limits])
        expected = solve_sizes(i, o, **ranges).settings
        fields = ("kernel_size", "stride", "padding", "output_padding", "dilation")
        assert [tuple(setting[name] for name in fields) for setting in got] == [
            tuple(setting) for setting in expected
        ]
        assert [setting["even"] for setting in got] == [setting.even_overlap for setting in expected]
        assert [setting["alive"] for setting in got] == [setting.no_dead_cell for setting in expected]
        found += len(got)
    assert found > 200


# For each field, values that it may have and values of every other kind.
VALUES = {
    "input": [[1, 2, 3], [[1, 2], [3, 4]], [[1, 2, 3]], [[0.5], [2]],
              3, [], [[]], [[1, 2], [3]], "12", None, [None]],
    "weight": [[1, 2], [[1, 2, 3]] * 3, [[2]], [[[1]]], [list(range(6))] * 2, ["1"], [[1], 2]],
    "stride": [1, 2, 4, 5, 0, -1, [1, 2], [2, 2], [2], [1, 1, 1], 1.5, "2", None, True],
    "padding": [0, 1, 2, 4, 5, -1, [0, 1], [4, 0], [[0, 1], [0, 1]], [[1, 0], 2], [[1, 1], [1, 1]],
                [[0, 1]], [[0, 5], 0], [[0, -1], 0], [[0, 1, 2], 0],
                [[[0, 1]]], [[0.5, 1], 0], [[]], 0.5, None],
    "bias": [0, 3, -2.5, 1e200, "1", None, [1], True],
    "two_ends": [True, False, 1, None],
    "output_padding": [0, 1, 3, 4, -1, [1, 0], [0, 0], None],
    "dilation": [1, 2, 3, 4, 0, [1, 3], 2.5],
    "transposed": [True, False, 1, "yes", None],
    "view": ["stamps", "window", "windows", "", 3],
    "per_axis": [True, False, 0, None],
    "chosen": ["", "output:0,1", "input:0", "kernel:1,1", "matrix:2,1", "padded:0,0", "overlap:1,1",
               "output:9,9", "output", "output:-1,0", "output:00,1", "Output:0,0", "nothing:0,0",
               "output:0,0 ", 3, None],
    "step": [None, 0, 1, 4, 25, -1, 1.5, "1"],
    "speed": [1, 5, 0, 6, 2.5, "2"],
    "wanted_size": [1, 64, 0, 65, 7.5, None],
}  # fmt: skip


def random_changes(count):
    """Changes of one to four fields, more often to a value that fits than to one that cannot be."""
    rng = np.random.default_rng(11)
    for _ in range(count):
        fields = rng.choice(list(VALUES), rng.integers(1, 5), replace=False)
        yield {field: VALUES[field][int(rng.integers(len(VALUES[field])) * rng.random())] for field in fields}


def python_says(opening, change):
    """The state after a change as JSON holds it, or None where Python refuses it."""
    try:
        return json.loads(json.dumps(rules.changed(opening, change)))
    except (TypeError, ValueError):
        return None


def test_the_page_refuses_what_python_refuses_and_nothing_else(page):
    openings = [
        rules.opening(None, None, {}),
        rules.opening(None, None, {"transposed": False, "chosen": "output:1,1", "step": 4}),
        rules.opening(
            [[1, 2, 3], [4, 5, 6]], None, {"stride": (2, 1), "padding": (1, 0), "chosen": "input:1,2"}
        ),
        rules.opening([1, 2, 3, 4], None, {"stride": 3, "dilation": 2, "output_padding": 2, "step": 1}),
    ]
    taken = 0
    for opening in openings:
        changes = list(random_changes(1500))
        text = json.dumps([opening, changes])
        asked = """(text) => {
            const [opening, changes] = JSON.parse(text);
            const all = changes.map((change) => front.changed(opening, change));
            return JSON.stringify(all.map(({ state, wrong }) => (wrong ? null : state)));
        }"""
        for change, got in zip(changes, json.loads(page.evaluate(asked, text))):
            expected = python_says(opening, change)
            assert (got is None) == (expected is None), (change, got, expected)
            if got:
                there = expected["chosen"].split(":")[0] in ("padded", "overlap")
                assert {**got, "chosen": ""} == {**expected, "chosen": ""}, change
                assert there or got["chosen"] == expected["chosen"], change
                taken += 1
    assert taken > 500


def every_size_1d(transposed):
    """For each input size, the settings of the whole range by the size that `lib` says they give."""
    names = ("kernel_size", *SETTINGS) if transposed else ("kernel_size", "stride", "padding", "dilation")
    size_of = conv_transpose_output_size if transposed else conv_output_size
    ranges = [range(LIMITS[1][name][0], LIMITS[1][name][1] + 1) for name in names]
    for i in range(1, 25):
        reached = {}
        for values_ in itertools.product(*ranges):
            with contextlib.suppress(ValueError):
                reached.setdefault(size_of((i,), **dict(zip(names, values_)))[0], set()).add(values_)
        yield i, reached


@pytest.mark.parametrize("transposed", [True, False])
def test_solver_lists_every_setting_and_no_other(page, transposed):
    """The whole range of input sizes and wanted sizes, both operations, against the sizes that lib gives."""
    names = ["kernel_size", *SETTINGS] if transposed else ["kernel_size", "stride", "padding", "dilation"]
    asked = """([i, names, limits, transposed]) => JSON.stringify(
        Array.from({ length: 64 }, (_, n) => front.solveSizes(i, n + 1, limits, transposed)
            .map((setting) => names.map((name) => setting[name]))))"""
    limits = {name: list(ends) for name, ends in LIMITS[1].items()}
    found = 0
    for i, reached in every_size_1d(transposed):
        for n, got in enumerate(json.loads(page.evaluate(asked, [i, names, limits, transposed])), 1):
            assert len(got) == len(set(map(tuple, got)))
            assert set(map(tuple, got)) == reached.get(n, set()), (i, n)
            found += len(got)
    assert found > 5000


@pytest.mark.parametrize("transposed", [True, False])
def test_solver_says_which_cells_nothing_meets(page, transposed):
    """`alive` as lib's matrix has it: with many input cells, every cell of the large side is met."""
    limits = {name: list(ends) for name, ends in LIMITS[1].items()}
    checked = set()
    for i, n in [(24, 44), (24, 23), (24, 26), (24, 50), (23, 12), (24, 11), (22, 20), (24, 6)]:
        got = page.evaluate("(a) => front.solveSizes(...a)", [i, n, limits, transposed])
        for setting in got:
            k, s, p, a, d = (setting[name] for name in ("kernel_size", *SETTINGS))
            small, large = (i, n) if transposed else (n, i)
            met = {s * m + d * j - p for m in range(small) for j in range(k)}
            assert setting["alive"] == (set(range(large)) <= met), (i, n, setting)
            checked.add(setting["alive"])
    assert checked == {True, False}
