"""The drawings: their numbers and places are the arrays', their marks the geometry's, their words are true.

Every figure is read back from the SVG that a page gets (tests/drawn.py) and compared with arrays that were
computed without `lib.figures`: stored outputs alone would let a wrong figure be blessed by `make refresh`.
"""

import os
import re
import subprocess
import sys
from itertools import combinations, product
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from drawn import Box, marked, pitch, plane, roles, sheet, sheets, values

from lib import conv, conv_matrix, conv_transpose, figures
from lib.svg import TOKENS, Figure

X = np.arange(16).reshape(4, 4)
W = np.arange(1, 10).reshape(3, 3)
Y = np.array([[1, 2], [3, 4]])
C = conv_matrix(W, (4, 4))
# Nothing is square, hardly two numbers are equal, and no axis has the settings of another.
TALL = np.array([[11, -2, 3], [40, 5, 16], [7, 88, 9], [1, 200, 30]])
WIDE = np.array([[2, -30], [5, 70], [1, 4]])


DOWN = [
    {},
    {"stride": (2, 1), "padding": 1},
    {"stride": (3, 2), "padding": ((0, 1), (1, 0))},
    {"padding": ((2, 0), (0, 1)), "dilation": (1, 2)},
    {"stride": (1, 2), "padding": ((0, 2), (2, 1)), "dilation": (1, 2)},
]
UP = [
    *DOWN,
    {"stride": (3, 2), "output_padding": (2, 1), "padding": ((1, 0), (0, 1))},
    {"stride": (2, 3), "dilation": (2, 1), "output_padding": (1, 2)},
    {"padding": ((3, 1), (0, 1))},  # more than full: the picture is cropped
]
EITHER = [*((False, given) for given in DOWN), *((True, given) for given in UP)]
LINES = [
    {"stride": 3},
    {"stride": 2, "padding": 1},
    {"stride": 2, "padding": ((2, 0),), "dilation": 2},
    {"padding": ((0, 1),), "dilation": 2},
    {"stride": 2, "padding": ((0, 2),)},
]


def up(y, w, **given):
    return conv_transpose(np.asarray(y)[None, None], np.asarray(w)[None, None], **given)[0, 0]


def down(x, w, **given):
    return conv(np.asarray(x)[None, None], np.asarray(w)[None, None], **given)[0, 0]


EXAMPLES = {
    "grid": lambda: figures.grid(X, lit=[(1, 2)], window=((0, 1), (3, 2)), positions=True, struck=[(3, 3)]),
    "grid small": lambda: figures.grid(TALL, "kernel", small=True, positions=True),
    "grid 1-D": lambda: figures.grid([1, -1000, 3.25], positions=True, lit=[1]),
    "channels": lambda: figures.grid(np.arange(12).reshape(2, 2, 3) / 4, "output", lit=[(1, 0, 2)]),
    "operation": lambda: figures.operation(X, W, stride=(1, 2), padding=((1, 0), 1), at=(2, 1)),
    "operation transposed": lambda: figures.operation(Y, W, stride=2, padding=1, transposed=True, at=(1, 0)),
    "operation holes": lambda: figures.operation(Y, W, dilation=(1, 2), transposed=True, at=(1, 0)),
    "operation 1-D": lambda: figures.operation([1, 2, 3, 4], [5, 600], at=1, dilation=2),
    "walk": lambda: figures.walk(X, W),
    "walk transposed": lambda: figures.walk(Y, W, stride=2, padding=1, output_padding=1, transposed=True),
    "walk 1-D": lambda: figures.walk([1, 2, 3, 4, 5, 6], [1, 10, 100], stride=2, dilation=2, padding=2),
    "walk 1-D transposed": lambda: figures.walk([1, 2, 3], [1, 10], stride=3, transposed=True),
    "matrix": lambda: figures.matrix(
        C, rows=("y", (2, 2)), columns=("x", (4, 4)), lit_rows=[1], lit_columns=[5, 6], blocks=(2, 4)
    ),
    "matrix without names": lambda: figures.matrix(C.T, role="output", label="Cᵀ", blocks=(4, 2)),
    "large matrix": lambda: figures.matrix(conv_matrix(W, (7, 8)), blocks=(6, 8), lit_rows=[3]),
    "product": lambda: figures.product(C, X.ravel(), rows=("y", (2, 2)), columns=("x", (4, 4)), lit_row=2),
    "product without names": lambda: figures.product(C.T, Y.ravel(), label="Cᵀ"),
    "stamps": lambda: figures.stamps(Y, W, stride=2, padding=1, output_padding=1),
    "stamps 1-D": lambda: figures.stamps([1, -2, 3], [10, 200], stride=3, padding=((0, 1),)),
    "padded": lambda: figures.padded(Y, (3, 2), stride=(2, 3)),
    "padded, many cells": lambda: figures.padded(np.arange(25).reshape(5, 5), 3, stride=2, dilation=2),
    "cropped": lambda: figures.padded(X, 2, padding=((2, 1), 1)),
    "operators": lambda: figures.operators(),
    "overlap": lambda: figures.overlap(3, 2, dilation=2),
    "overlap map": lambda: figures.overlap((3, 2), (2, 3), input_size=(4, 3)),
    "sizes": lambda: figures.sizes(3, stride=2, padding=1),
    "sizes in the hundreds": lambda: figures.sizes(5, stride=3, input_sizes=[1000, 1001, 1003]),
    "blocks": lambda: figures.blocks(4, 6, groups=2),
    "blocks transposed": lambda: figures.blocks(3, 2, transposed=True),
    "wires": lambda: figures.wires(5, [1, 2, 3]),
    "wires up": lambda: figures.wires(3, [1, 20, 3, -4], stride=2, padding=1, transposed=True, into=2),
    "wires, one in": lambda: figures.wires([0, 1, 0], [1, 2, 3], dilation=2, transposed=True, out_of=1),
    "beside": lambda: figures.beside(figures.grid([1, 2]), figures.grid([3], "kernel")),
}


# ---- every figure ----


@pytest.mark.parametrize("name", EXAMPLES)
def test_valid_and_described(name):
    figure = EXAMPLES[name]()
    root = ElementTree.fromstring(figure.svg())
    assert root[0].text == figure.title and root[1].text == figure.description
    assert len(figure.description) > 20
    assert figure.title.isascii() or "ᵀ" in figure.title


@pytest.mark.parametrize("name", EXAMPLES)
def test_everything_lies_on_its_sheet(name):
    for drawn in sheets(EXAMPLES[name]()):
        boxes = [cell.box for cell in drawn.cells] + drawn.outlines + drawn.spans + drawn.stars
        boxes += [text.box for text in drawn.texts]
        assert all(min(b.x, b.y) >= 0 for b in boxes)
        assert all(b.right <= drawn.width and b.bottom <= drawn.height for b in boxes)
        for x1, y1, x2, y2 in drawn.lines + drawn.arrows:
            assert 0 <= min(x1, x2) <= max(x1, x2) <= drawn.width
            assert 0 <= min(y1, y2) <= max(y1, y2) <= drawn.height


@pytest.mark.parametrize("name", sorted(set(EXAMPLES) - {"operators", "sizes", "sizes in the hundreds"}))
def test_a_sheet_is_as_large_as_what_it_shows(name):
    """Six pixels around the cells, which an outline needs: neither cut nor adrift."""
    for drawn in sheets(EXAMPLES[name]()):
        bottom = max(cell.box.bottom for cell in drawn.cells)
        assert drawn.height - bottom in (5, 6)  # 5: the sheet of zeros under a large matrix
        right = max([cell.box.right for cell in drawn.cells])
        others = [text.box.right for text in drawn.texts] + [max(w.x1, w.x2) for w in drawn.wires]
        if not others or right > max(others) + 30:
            assert drawn.width - right in (5, 6)
        assert drawn.width - max(right, *others, 0) <= 6 + drawn.width // 8


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_number_stands_in_the_middle_of_its_cell_and_fits(name):
    for drawn in sheets(EXAMPLES[name]()):
        for cell in drawn.cells:
            if cell.label:
                text = cell.label
                assert text.x == cell.box.middle[0]
                assert abs(text.y - cell.box.middle[1] - 0.36 * text.font) <= 1  # figures are 0.72 em high
                assert cell.box.holds(text.box.grown(1)), (cell, text.box)
                assert ("quiet" in text.kinds) == (cell.role == "zero")


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_covers_anything(name):
    for drawn in sheets(EXAMPLES[name]()):
        boxes = [cell.box for cell in drawn.cells if name != "large matrix" or cell.role != "zero"]
        boxes += [text.box for text in drawn.texts] + [star.grown(1) for star in drawn.stars]
        boxes += [arrow_box(*arrow) for arrow in drawn.arrows]
        assert not [pair for pair in combinations(boxes, 2) if pair[0].meets(pair[1])]


def arrow_box(x1, y1, x2, y2):
    """Four pixels to each side: its head."""
    aside = (4, 0) if x1 == x2 else (0, 4)
    left, top = min(x1, x2) - aside[0], min(y1, y2) - aside[1]
    return Box(left, top, abs(x2 - x1) + 2 * aside[0], abs(y2 - y1) + 2 * aside[1])


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_outline_lies_two_pixels_around_whole_cells(name):
    for drawn in sheets(EXAMPLES[name]()):
        lefts, rights = ({getattr(c.box, side) for c in drawn.cells} for side in ("x", "right"))
        tops, bottoms = ({getattr(c.box, side) for c in drawn.cells} for side in ("y", "bottom"))
        for box in drawn.outlines + drawn.spans:
            inner = box.grown(-2)
            assert inner.x in lefts and inner.right in rights
            assert inner.y in tops and inner.bottom in bottoms


@pytest.mark.parametrize("name", EXAMPLES)
def test_coordinates_are_integers(name):
    for line in EXAMPLES[name]().svg().split("</style>")[1].splitlines():
        assert not re.search(r' (x|y|x1|y1|x2|y2|width|height|points|d|rx)="[^"]*\.', line)


@pytest.mark.parametrize("name", EXAMPLES)
def test_other_words_change_nothing_else(name):
    figure = EXAMPLES[name]()
    mine = figure.described("mine\n  and  short")
    assert (mine.title, mine.description) == (figure.title, "mine and short")
    assert [d.lines for d in mine.drawings] == [d.lines for d in figure.drawings]
    assert figure.description != mine.description


def test_same_bytes_in_a_fresh_process_with_any_hash_seed():
    script = (
        "import hashlib\nfrom test_figures import EXAMPLES\n"
        "text = ''.join(f().svg() + f().html() for f in EXAMPLES.values())\n"
        "print(hashlib.sha256(text.encode()).hexdigest())"
    )
    tests = Path(__file__).parent
    path = os.pathsep.join(map(str, (tests.parent, tests)))
    runs = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=tests.parent,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "12345")
    }
    assert len(runs) == 1


def test_a_changed_cell_is_one_changed_line():
    changed = C.copy()
    changed[2, 5] = 7
    before, after = (figures.matrix(m).described("C").svg().splitlines() for m in (C, changed))
    assert C[2, 5] == 2 and len(before) == len(after)
    ((old, new),) = [(a, b) for a, b in zip(before, after) if a != b]
    assert old == new.replace(">7<", ">2<") and new != old


def test_two_figures_share_a_page():
    page = "".join(example().html() for example in EXAMPLES.values())
    assert not re.search(r"\sid=|href=|url\(|aria-labelledby", page)


# ---- grids ----


def test_grid_shows_its_numbers_and_roles_in_place():
    names = np.array([["input", "kernel", "zero"], ["output", "input", "input"]])
    figure = figures.grid([[5, -6, 0], [7, 8, 9]], names)
    cells = sheet(figure).cells
    assert np.array_equal(values(cells), [[5, -6, 0], [7, 8, 9]])
    assert np.array_equal(roles(cells), names)
    assert figure.description == "Cells: 2 by 3, holding 5 -6 0; 7 8 9."


def test_grid_marks():
    figure = figures.grid(TALL, lit=[(1, 2)], window=((2, 1), (2, 1)), struck=[(3, 0), (0, 1)])
    drawn = sheet(figure)
    assert drawn.outlined == [["16"], ["88", "200"]]
    struck = np.zeros((4, 3), bool)
    struck[3, 0] = struck[0, 1] = True
    assert np.array_equal(marked(drawn.cells, drawn.struck), struck) and len(drawn.lines) == 2
    assert figure.description == (
        "Input x: 4 by 3, holding 11 -2 3; 40 5 16; 7 88 9; 1 200 30. "
        "Outlined: position 1,2. Struck out: position 3,0; 0,1. "
        "A window of 2 by 1 cells from position 2,1 is outlined."
    )


def test_a_row_is_marked_by_ints():
    figure = figures.grid([5, 6, 7, 8], "output", lit=(3,), struck=[0], window=(1, 2))
    assert sheet(figure).outlined == [["8"], ["6", "7"]]
    assert [cell.text for cell in sheet(figure).struck] == ["5"]
    assert figure.description == (
        "Output y: 4 cells, holding 5 6 7 8. Outlined: position 3. Struck out: position 0. "
        "A window of 2 cells from position 1 is outlined."
    )


def test_cells_of_a_grid_have_one_size_and_distance():
    assert pitch(sheet(figures.grid(np.arange(6).reshape(2, 3))).cells) == ((40,), (40,))
    assert pitch(sheet(figures.grid(np.arange(6).reshape(2, 3), small=True)).cells) == ((27,), (27,))
    wide = sheet(figures.grid([[7], [7777777]])).cells
    assert {cell.box[2:] for cell in wide} == {(71, 36)}


def test_positions_are_written_beside_their_cells():
    drawn = sheet(figures.grid(TALL, positions=True))
    grid, (caption, *names) = plane(drawn.cells), drawn.texts
    assert caption.text == "input x, 4 × 3" and caption.box.bottom < names[0].box.y
    assert grid[0, 0].box.y == 6 + 24 + 18  # an outline's room, the caption, the numbers
    assert [(t.text, t.x) for t in names[:3]] == [(str(n), grid[0, n].box.middle[0]) for n in range(3)]
    assert all(0 < grid[0, 0].box.y - text.y < 10 for text in names[:3])
    assert [t.text for t in names[3:]] == ["0", "1", "2", "3"]
    for row, text in enumerate(names[3:]):
        assert abs(text.y - 4 - grid[row, 0].box.middle[1]) <= 1
        assert "end" in text.kinds and grid[row, 0].box.x - text.x == 8
    names = sheet(figures.grid([5, 6, 7], positions=True)).texts[1:]
    assert [text.text for text in names] == ["0", "1", "2"]  # one row has no number


def test_channels_are_panels():
    array = np.arange(24).reshape(2, 3, 4)
    figure = figures.grid(array, "output", lit=[(1, 0, 2)], struck=[(0, 2, 1)], window=((1, 1), (2, 3)))
    first, second = sheets(figure)
    assert np.array_equal(values(first.cells), array[0]) and np.array_equal(values(second.cells), array[1])
    assert first.outlined == [["5", "6", "7", "9", "10", "11"]]
    assert second.outlined == [["14"], ["17", "18", "19", "21", "22", "23"]]
    assert [cell.text for cell in first.struck] == ["9"] and second.struck == []
    assert [drawn.texts[0].text for drawn in (first, second)] == [
        "output y, 2 × 3 × 4: channel 0",
        "channel 1",
    ]
    assert figure.description.endswith(
        "Outlined: position 1,0,2. Struck out: position 0,2,1. "
        "A window of 2 by 3 cells from position 1,1 is outlined."
    )


def test_channels_have_their_own_roles():
    names = np.array([[["input", "zero"]], [["kernel", "output"]]])
    assert [roles(drawn.cells).tolist() for drawn in sheets(figures.grid(np.ones((2, 1, 2)), names))] == [
        [["input", "zero"]], [["kernel", "output"]]
    ]  # fmt: skip


def test_floats_are_shown_with_two_decimals():
    drawn = sheet(figures.grid([0.5, -0.001, 1 / 3, 2.0, 1e6 + 0.25, np.inf, np.nan]))
    assert [cell.text for cell in drawn.cells] == ["0.5", "0", "0.33", "2", "1000000.25", "inf", "nan"]


def test_a_label_is_caption_title_and_words():
    figure = figures.grid([[1]], label="mine, 1 × 1")
    assert sheet(figure).texts[0].text == "mine, 1 × 1"
    assert (figure.title, figure.description) == ("mine, 1 x 1", "mine, 1 × 1: 1 by 1, holding 1.")
    assert "holding" in figures.grid(np.ones(64)).description
    assert figures.grid(np.ones(65)).description == "Input x: 65 cells."


def test_beside_joins():
    figure = figures.beside(figures.grid([1, 2]), figures.grid([3], "kernel"))
    assert [drawn.numbers for drawn in sheets(figure)] == [[1, 2], [3]]
    assert figure.title == "input x, 2 cells; kernel w, 1 cells"
    assert figure.description == "Input x: 2 cells, holding 1 2. Kernel w: 1 cells, holding 3."


# ---- one operation ----


@pytest.mark.parametrize("given", DOWN, ids=str)
def test_operation_is_conv(given):
    out = down(TALL, WIDE, **given)
    for at in np.ndindex(*out.shape):
        left, kernel, right = sheets(figures.operation(TALL, WIDE, **given, at=at))
        inner, seen, whole = padded_and_window(TALL, WIDE, at, given)
        assert np.array_equal(values(left.cells), whole)
        assert np.array_equal(roles(left.cells) == "input", inner)
        assert np.array_equal(values(kernel.cells), WIDE) and np.array_equal(values(right.cells), out)
        lit = [cell for box in left.outlines for cell in left.inside(box)]
        assert np.array_equal(marked(left.cells, lit), seen)
        assert right.outlined == [[str(out[at])]]
        assert kernel.outlined == [[str(n) for n in WIDE.ravel()]]


def padded_and_window(x, w, at, given):
    """On the padded input of a convolution: which cells are input, which the window sees, the numbers."""
    stride, dilation = (np.broadcast_to(given.get(name, 1), 2) for name in ("stride", "dilation"))
    padding = given.get("padding", 0)
    pairs = padding if isinstance(padding, tuple) else ((padding,) * 2,) * 2
    inner = np.pad(np.ones(x.shape, bool), pairs)
    seen = np.zeros(inner.shape, bool)
    for row, column in np.ndindex(*w.shape):
        seen[at[0] * stride[0] + row * dilation[0], at[1] * stride[1] + column * dilation[1]] = True
    return inner, seen, np.pad(x, pairs)


@pytest.mark.parametrize("given", UP, ids=str)
def test_operation_is_conv_transpose(given):
    out = up(TALL, WIDE, **given)
    for at in [(0, 0), (2, 1), (3, 2)]:
        figure = figures.operation(TALL, WIDE, **given, transposed=True, at=at)
        left, kernel, right = sheets(figure)
        assert np.array_equal(values(left.cells), TALL) and set(roles(left.cells).ravel()) == {"input"}
        assert np.array_equal(values(right.cells), out)
        one = np.zeros_like(TALL)
        one[at] = 1
        reached = up(one, np.ones_like(WIDE), **given) > 0
        lit = [cell for box in right.outlines for cell in right.inside(box)]
        assert np.array_equal(marked(right.cells, lit), reached)
        assert left.outlined == [[str(TALL[at])]]
        assert figure.description.endswith(
            f"Input position {at[0]},{at[1]} is outlined, with the {reached.sum()} output cells "
            "that its stamp reaches."
        )


@pytest.mark.parametrize("transposed", [False, True])
def test_operation_stands_between_its_signs(transposed):
    first, second, third = sheets(figures.operation(TALL, WIDE, transposed=transposed))
    assert not first.stars and not third.stars and min(c.box.x for c in first.cells) == 6
    (star,) = second.stars
    middle = np.mean([[c.box.y, c.box.bottom] for c in second.cells])
    assert abs(star.middle[1] - middle) <= 1 and star.right < min(c.box.x for c in second.cells)
    assert [t.text for t in second.texts[1:]] == ["T"] * transposed
    (equals,) = [t for t in third.texts if "sign" in t.kinds]
    assert equals.text == "=" and equals.x < min(c.box.x for c in third.cells)
    for drawn in (first, second, third):  # a caption begins where its cells do
        assert (drawn.texts[0].x, drawn.texts[0].y) == (min(c.box.x for c in drawn.cells), 16)


def test_operation_words():
    figure = figures.operation(X, W, stride=(1, 2), padding=((1, 0), 1), at=(2, 1), letters=("a", "b", "c"))
    assert [drawn.texts[0].text for drawn in sheets(figure)] == ["input a, padded", "kernel b", "output c"]
    assert figure.title == "convolution, 4 x 4 and 3 x 3 to 3 x 2"
    assert figure.description == (
        "Convolution, stride (1, 2), padding ((1, 0), 1). "
        "Input a, 4 by 4, holding 0 1 2 3; 4 5 6 7; 8 9 10 11; 12 13 14 15. "
        "Kernel b, 3 by 3, holding 1 2 3; 4 5 6; 7 8 9. Output c, 3 by 2, holding 83 178; 198 348; 330 528. "
        "The window of output position 2,1 is outlined, and the output cell it makes."
    )
    figure = figures.operation([1, 2], [3, 4], stride=3, dilation=2, output_padding=1, transposed=True)
    assert figure.title == "transposed convolution, 2 cells and 2 cells to 7 cells"
    assert figure.description == (
        "Transposed convolution, stride 3, output_padding 1, dilation 2. Input y, 2 cells, holding 1 2. "
        "Kernel w, 2 cells, holding 3 4. Output x, 7 cells, holding 3 0 4 6 0 8 0."
    )


@pytest.mark.parametrize("transposed", [False, True])
def test_a_bias_is_added_to_every_cell_and_said(transposed):
    figure = figures.operation(X, W, bias=0.25, transposed=transposed)
    *_, last = sheets(figure)
    wanted = (up if transposed else down)(X, W) + 0.25
    assert [cell.text for cell in last.cells] == [f"{number:.2f}" for number in wanted.ravel()]
    assert figure.description.startswith(
        f"{'Transposed c' if transposed else 'C'}onvolution, bias 0.25. Input"
    )
    assert "bias 0.3333." in figures.operation(X, W, bias=1 / 3).description


def test_what_is_called_by_another_name_is_called_so_everywhere():
    for call in (figures.operation, figures.walk):
        figure = call([1, 2, 3], [4, 5], letters=["p", "q", "r"])
        said = figure.description + " ".join(text.text for one in sheets(figure) for text in one.texts)
        assert all(
            re.search(rf"\b{letter}\b", said) for letter in "pqr" if call != figures.walk or letter != "r"
        )
        assert not re.search(r"\b[xwy]\b", said)


# ---- walks ----


def padded_picture(input, kernel, given, transposed):
    """The picture that the window slides over, uncut: its cells' numbers in `input`, 0 for nothing; the crop.

    Written from the textbook's recipe, with np.pad and slices.
    """
    axes = input.ndim
    stride, dilation, extra = (
        np.broadcast_to(given.get(name, default), axes)
        for name, default in (("stride", 1), ("dilation", 1), ("output_padding", 0))
    )
    padding = given.get("padding", 0)
    pairs = padding if isinstance(padding, tuple) else (padding,) * axes
    pairs = [(p, p) if isinstance(p, int) else p for p in pairs]
    index = np.arange(1, input.size + 1).reshape(input.shape)
    if not transposed:
        return np.pad(index, pairs), [(0, 0)] * axes
    spread = np.zeros([s * (n - 1) + 1 for s, n in zip(stride, input.shape)], int)
    spread[tuple(slice(None, None, s) for s in stride)] = index
    full = [(d * (k - 1),) * 2 for d, k in zip(dilation, kernel.shape)]
    ends = [(f - b, f - a + e) for (f, _), (b, a), e in zip(full, pairs, extra)]
    crop = [(max(-b, 0), max(-a, 0)) for b, a in ends]
    return np.pad(spread, [(max(b, 0), max(a, 0)) for b, a in ends]), crop


@pytest.mark.parametrize("transposed, given", EITHER, ids=str)
def test_walk_goes_with_the_rows_of_the_matrix(transposed, given):
    check_walk(TALL[:3, :2] if transposed else TALL, WIDE, given, transposed)


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("given", LINES, ids=str)
def test_walk_on_one_axis(given, transposed):
    for kernel in ([1, 20, 3], [4, 5]):
        check_walk(np.array([5, -6, 70, 8]), np.array(kernel), given, transposed)


def check_walk(input, kernel, given, transposed):
    picture, crop = padded_picture(input, kernel, given, transposed)
    out = (up if transposed else down)(input, kernel, **given)
    matrix_settings = {name: value for name, value in given.items() if name != "output_padding"}
    matrix = conv_matrix(kernel, out.shape if transposed else input.shape, **matrix_settings)
    matrix = matrix.T if transposed else matrix
    first, *frames = sheets(figures.walk(input, kernel, **given, transposed=transposed))
    turned = np.flip(kernel) if transposed else kernel
    assert np.array_equal(values(first.cells), np.atleast_2d(turned))
    assert len(frames) == out.size
    for index, frame in enumerate(frames):
        check_frame(frame, input, np.atleast_2d(picture), crop, np.atleast_2d(out), matrix, index, kernel)


def check_frame(frame, input, picture, crop, out, matrix, index, kernel):
    count = picture.size
    shown, made, strip = (
        frame.cells[:count],
        frame.cells[count : count + out.size],
        frame.cells[-input.size :],
    )
    assert len(frame.cells) == count + out.size + input.size
    numbers = np.append(0, input)[picture]
    assert np.array_equal(values(shown), numbers)
    assert np.array_equal(roles(shown) == "input", picture > 0)
    # The row of the matrix, and the window: it lies on the input cells whose entries are not zero.
    assert [int(cell.text) for cell in strip] == matrix[index].tolist()
    assert [cell.role for cell in strip] == ["kernel" if n else "zero" for n in matrix[index]]
    *window, result = frame.outlines
    seen = marked(shown, [cell for box in window for cell in frame.inside(box)])
    assert seen.sum() == kernel.size
    under = np.unique(picture[seen])
    assert np.array_equal(under[under > 0] - 1, np.flatnonzero(matrix[index]))
    # What is made so far, and the newest of it.
    assert [cell.role for cell in made] == ["output"] * (index + 1) + ["empty"] * (out.size - index - 1)
    assert values(made).ravel()[: index + 1].tolist() == out.ravel()[: index + 1].tolist()
    assert [cell.box for cell in frame.inside(result)] == [made[index].box]
    # Struck is what lies in the crop, on its own side.
    outside = np.ones(picture.shape, bool)
    if picture.ndim == len(crop):
        outside[tuple(slice(b, n - a) for (b, a), n in zip(crop, picture.shape))] = False
    else:
        ((before, after),) = crop
        outside[:, before : picture.shape[1] - after] = False
    assert np.array_equal(marked(shown, frame.struck), outside)
    assert not (seen & outside).any()
    check_frame_layout(frame, shown, made, strip, input, index, kernel, seen)


def check_frame_layout(frame, shown, made, strip, input, index, kernel, seen):
    ((x1, y1, x2, y2),) = frame.arrows
    right, bottom = max(c.box.right for c in shown), max(c.box.bottom for c in shown)
    if kernel.ndim == 1:  # down from the picture to the output cell under the window's middle
        first, *_, last = np.flatnonzero(seen[0])  # of two middles the left one
        assert made[index].box.x == plane(shown)[0, (first + last) // 2].box.x
        assert x1 == x2 == made[index].box.middle[0]
        assert bottom < y1 < y2 < made[index].box.y
    else:  # from the middle of the picture to the output
        top = min(c.box.y for c in shown)
        assert y1 == y2 and abs(2 * y1 - top - bottom) <= 1
        assert right < x1 < x2 < min(c.box.x for c in made)
        output = min(c.box.y for c in made), max(c.box.bottom for c in made)
        assert abs(sum(output) - top - bottom) <= 2
    # The strip: beneath everything, under its name, a wider gap after each row of the input.
    (name,) = [text for text in frame.texts if text.text.startswith("row")]
    assert name.text in (f"row {index} of C", f"row {index} of Cᵀ")
    assert max(bottom, *(c.box.bottom for c in made)) < name.box.y and name.y + 7 == strip[0].box.y
    gaps = [b.box.x - a.box.right for a, b in zip(strip, strip[1:])]
    assert gaps == [6 if (n + 1) % input.shape[-1] == 0 else 2 for n in range(len(strip) - 1)]


def test_forgotten_rotation():
    kernel, *frames = sheets(figures.walk(Y, W, transposed=True, rotate=False))
    assert np.array_equal(values(kernel.cells), W)
    assert kernel.texts[0].text == "kernel w, not rotated"
    made = [int(cell.text) for cell in frames[-1].of("output")]
    assert made == up(Y, W[::-1, ::-1]).ravel().tolist() != up(Y, W).ravel().tolist()


def test_walk_takes_some_frames():
    figure = figures.walk(X, W, frames=[3, 1], rows=False, letters=("a", "b", "c"))
    kernel, last, second = sheets(figure)
    assert last.outlined[-1] == ["528"] and second.outlined[-1] == ["348"]
    assert [text.text for text in last.texts] == ["c 1,1 = 528"]
    assert kernel.texts[0].text == "kernel b"
    assert figure.title == "walk of the window, 2 frames"
    assert figure.description == (
        "The window of 3 by 3 cells slides over the input a, 4 by 4, holding "
        "0 1 2 3; 4 5 6 7; 8 9 10 11; 12 13 14 15. Kernel b: 1 2 3; 4 5 6; 7 8 9. "
        "Frame 1,1: output 528. Frame 0,1: output 348."
    )


def test_walk_words():
    figure = figures.walk([5, 6], [1, 2], stride=2, transposed=True)
    assert figure.title == "walk of the window, 4 frames"
    assert figure.description == (
        "The window of 2 cells slides over the zero-inserted and padded input y, 5 cells, "
        "holding 0 5 0 6 0; stride 2. Kernel w, rotated by 180 degrees: 2 1. "
        "Frame 0: output 5, row 0 of Cᵀ is 1 0. Frame 1: output 10, row 1 of Cᵀ is 2 0. "
        "Frame 2: output 6, row 2 of Cᵀ is 0 1. Frame 3: output 12, row 3 of Cᵀ is 0 2."
    )
    many = figures.walk([1, 2, 3, 4, 5, 6], [1, 10])
    assert many.description.endswith(
        "Kernel w: 1 10. 5 frames make the outputs 21 32 43 54 65. Under each frame stands its row of C."
    )
    assert figures.walk([1, 2], [3, 4], frames=[0]).title == "walk of the window, 1 frame"
    caption = sheets(figure)[0].texts[0].text
    assert caption == "kernel w, rotated by 180°"
    assert figures.walk([1], [1], transposed=True).description.startswith(
        "The window of 1 cells slides over the input y, 1 cells, holding 1. Kernel"
    )


def test_walk_leaves_wide_rows_out_of_its_words():
    assert "row 0 of C is" in figures.walk(np.arange(16), [1], frames=[0]).description
    assert "row 0" not in figures.walk(np.arange(17), [1], frames=[0]).description


# ---- matrices ----


def matrix_of(shape):
    """Numbers that tell their place, some of them zero."""
    rows, columns = np.indices(shape)
    return np.where((rows + 2 * columns) % 3 == 0, 0, 10 * rows + columns)


@pytest.mark.parametrize(
    "shape, block", [((3, 5), None), ((6, 4), (2, 3)), ((5, 7), (3, 2)), ((4, 4), (4, 1))]
)
@pytest.mark.parametrize("numbers", [True, False])
def test_matrix_shows_every_number_in_place(shape, block, numbers):
    array = matrix_of(shape)
    marks = {"lit_rows": [1], "lit_columns": [3, 0]}
    drawn = sheet(figures.matrix(array, role="output", blocks=block, numbers=numbers, **marks))
    size, gap, wider = (26, 2, 4) if numbers else (8, 1, 4)
    x0, y0 = min(c.box.x for c in drawn.cells if c.text or not numbers), 30
    x0 += 0 if numbers else 1  # the sheet of zeros reaches one pixel further
    places = {}
    for row, column in np.ndindex(*shape):
        down, right = (0, 0) if block is None else (row // block[0], column // block[1])
        at = x0 + column * (size + gap) + wider * right, y0 + row * (size + gap) + wider * down
        places[(*at, size, size)] = array[row, column]
    if numbers:
        assert {tuple(c.box): int(c.text) for c in drawn.cells} == places
        assert all((c.role == "zero") == (c.text == "0") for c in drawn.cells)
    else:
        zeros, *cells = drawn.cells
        assert {tuple(c.box) for c in cells} == {place for place, value in places.items() if value}
        assert zeros.role == "zero" and {c.role for c in cells} == {"output"}
        assert zeros.box.x == x0 - 1 and zeros.box.y == y0 - 1
        assert zeros.box.right == max(p[0] for p in places) + size + 1
        assert zeros.box.bottom == max(p[1] for p in places) + size + 1
    check_marks(drawn, places, shape, block, marks)


def check_marks(drawn, places, shape, block, marks):
    """Outlines around whole rows and columns, lines in the middle of the wider gaps."""
    boxes = np.array(list(places), int).reshape(*shape, 4)
    wanted = [np.vstack([boxes[row, 0], boxes[row, -1]]) for row in marks["lit_rows"]]
    wanted += [np.vstack([boxes[0, column], boxes[-1, column]]) for column in marks["lit_columns"]]
    for box, (first, last) in zip(drawn.outlines, wanted, strict=True):
        assert (box.x, box.y) == (first[0] - 2, first[1] - 2)
        assert (box.right, box.bottom) == (last[0] + last[2] + 2, last[1] + last[3] + 2)
    expected = set()
    left, top, right, bottom = boxes[0, 0, 0], boxes[0, 0, 1], *(boxes[-1, -1, :2] + boxes[-1, -1, 2:])
    if block:
        for row in range(block[0], shape[0], block[0]):
            y = (boxes[row - 1, 0, 1] + boxes[row - 1, 0, 3] + boxes[row, 0, 1]) // 2
            expected.add(("across", int(y), int(left - 4), int(right + 4)))
        for column in range(block[1], shape[1], block[1]):
            x = (boxes[0, column - 1, 0] + boxes[0, column - 1, 2] + boxes[0, column, 0]) // 2
            expected.add(("down", int(x), int(top - 4), int(bottom + 4)))
    found = {("across", y1, x1, x2) if y1 == y2 else ("down", x1, y1, y2) for x1, y1, x2, y2 in drawn.lines}
    assert found == expected


def test_matrix_names_stand_beside_their_rows_and_columns():
    array = matrix_of((6, 4))
    drawn = sheet(figures.matrix(array, rows=("y", (2, 3)), columns=("x", (4,)), label="M"))
    grid, (caption, *names) = plane(drawn.cells), drawn.texts
    assert caption.text == "M, 6 × 4, rows y, columns x"
    assert [t.text for t in names] == ["0", "1", "2", "3", "0,0", "0,1", "0,2", "1,0", "1,1", "1,2"]
    for column, text in enumerate(names[:4]):
        assert text.x == grid[0, column].box.middle[0] and 0 < grid[0, column].box.y - text.y < 10
    for row, text in enumerate(names[4:]):
        assert abs(text.y - 4 - grid[row, 0].box.middle[1]) <= 1
        assert "end" in text.kinds and grid[row, 0].box.x - text.x == 8


def test_matrix_words():
    figure = figures.matrix(
        C, rows=("y", (2, 2)), columns=("x", (4, 4)), lit_rows=[1], lit_columns=[5, 6], blocks=(2, 4)
    )
    assert figure.title == "C, 4 x 16"
    assert figure.description == (
        "Matrix C of 4 rows and 16 columns, 28 of its 64 numbers zero. "
        "Rows stand for the cells of y, columns for those of x. "
        "Row 0: 1 2 3 0 4 5 6 0 7 8 9 0 0 0 0 0. Row 1: 0 1 2 3 0 4 5 6 0 7 8 9 0 0 0 0. "
        "Row 2: 0 0 0 0 1 2 3 0 4 5 6 0 7 8 9 0. Row 3: 0 0 0 0 0 1 2 3 0 4 5 6 0 7 8 9. "
        "Lines divide it into blocks of 2 by 4. Row 1 outlined. Column 5, 6 outlined."
    )
    assert "Row 0" not in figures.matrix(np.ones((5, 13))).description


@pytest.mark.parametrize(
    "columns, distance", [(33, 9), (75, 9), (76, 8), (97, 7), (136, 5), (170, 4), (300, 4)]
)
def test_a_large_matrix_fills_the_page_as_far_as_its_cells_can_be_seen(columns, distance):
    """680 pixels are the page's width; a cell and its gap have at least four and at most nine."""
    array = np.ones((3, columns), int)
    zeros, *cells = sheet(figures.matrix(array)).cells
    assert pitch(cells) == ((distance,), (distance,))
    assert {cell.box[2:] for cell in cells} == {(distance - 1, distance - 1)}
    assert columns * distance <= 680 or distance == 4


def test_numbers_are_written_up_to_32_rows_and_columns():
    assert sheet(figures.matrix(np.ones((32, 32), int))).cells[0].text == "1"
    assert sheet(figures.matrix(np.ones((33, 2), int))).cells[1].text == ""
    assert sheet(figures.matrix(np.ones((2, 33), int))).cells[1].text == ""


def test_a_large_matrix_has_one_cell_per_number_that_is_not_zero():
    big = conv_matrix(W, (7, 8))
    zeros, *cells = sheet(figures.matrix(big)).cells
    drawn = np.zeros_like(big)
    for cell in cells:
        drawn[(cell.box.y - cells[0].box.y) // 9, (cell.box.x - cells[0].box.x) // 9] = 1
    assert np.array_equal(drawn, (big != 0).astype(int))
    assert len(figures.matrix(conv_matrix(W, (9, 9))).svg()) < 40_000


@pytest.mark.parametrize("names", [True, False])
def test_product_stands_level(names):
    array = matrix_of((6, 4))
    vector = np.array([1, -10, 100, 1000])
    named = {"rows": ("p", (2, 3)), "columns": ("q", (4,))} if names else {}
    figure = figures.product(array, vector, label="M", lit_row=4, **named)
    result, matrix, factor = sheets(figure)
    assert np.array_equal(values(matrix.cells), array)
    assert values(factor.cells).ravel().tolist() == vector.tolist()
    assert values(result.cells).ravel().tolist() == (array @ vector).tolist()
    assert roles(result.cells).ravel().tolist() == ["output"] * 6
    assert roles(factor.cells).ravel().tolist() == ["input"] * 4
    assert [c.box.y for c in plane(result.cells)[:, 0]] == [c.box.y for c in plane(matrix.cells)[:, 0]]
    assert factor.cells[0].box.y == matrix.cells[0].box.y
    assert result.outlined == [[str((array @ vector)[4])]]
    assert matrix.outlined == [[str(n) for n in array[4]]]
    (sign,) = [text for text in result.texts if "sign" in text.kinds]
    assert sign.text == "=" and result.cells[0].box.right < sign.box.x and sign.box.right <= result.width
    middle = (result.cells[0].box.y + result.cells[-1].box.bottom) // 2
    assert abs(sign.y - 8 - middle) <= 1
    for drawn, letter in ((result, "p" if names else "y"), (factor, "q" if names else "x")):
        assert drawn.texts[0].text == letter and drawn.texts[0].x == drawn.cells[0].box.middle[0]
        assert [t.text for t in drawn.texts[1:] if "end" in t.kinds] == (
            ["0,0", "0,1", "0,2", "1,0", "1,1", "1,2"][: len(drawn.cells)] if letter == "p"
            else ["0", "1", "2", "3"] if letter == "q" else []
        )  # fmt: skip


def test_product_words():
    figure = figures.product([[1, 2, 3, 0], [0, 1, 2, 3]], [4, 5, 6, 7], label="D", lit_row=1)
    assert figure.title == "y = D x, 2 x 4"
    assert figure.description == (
        "y = D x. Matrix D of 2 rows and 4 columns, 2 of its 8 numbers zero. x: 4 5 6 7. y: 32 38. "
        "Row 1 is outlined with the number that it makes, 38."
    )


# ---- stamps, the padded picture, overlap ----


@pytest.mark.parametrize("given", UP, ids=str)
def test_stamps_add_up(given):
    check_stamps(TALL, WIDE, given)


@pytest.mark.parametrize("given", LINES, ids=str)
def test_stamps_on_one_axis_add_up(given):
    check_stamps(np.array([5, -6, 70]), np.array([1, 20, 3, 1]), given)


def check_stamps(input, kernel, given):
    whole = {name: value for name, value in given.items() if name != "padding"}
    total = np.atleast_2d(up(input, kernel, **whole))
    *stamps, last = sheets(figures.stamps(input, kernel, **given))
    assert np.array_equal(values(last.cells), total) and set(roles(last.cells).ravel()) == {"output"}
    added = np.zeros_like(total)
    for at, stamp in zip(np.ndindex(*input.shape), stamps, strict=True):
        one = np.zeros_like(input)
        one[at] = input[at]
        assert np.array_equal(values(stamp.cells), np.atleast_2d(up(one, kernel, **whole)))
        one[at] = 1
        reached = np.atleast_2d(up(one, np.ones_like(kernel), **whole)) > 0
        assert np.array_equal(roles(stamp.cells), np.where(reached, "kernel", "empty"))
        added += values(stamp.cells)
    assert np.array_equal(added, total)
    check_struck(stamps, last, total, given.get("padding", 0))


def check_struck(stamps, last, total, padding):
    """Struck is what padding crops, on its own side."""
    pairs = [
        (p, p) if isinstance(p, int) else p for p in (padding if isinstance(padding, tuple) else [padding])
    ]
    pairs = pairs * 2 if not isinstance(padding, tuple) and total.shape[0] > 1 else pairs
    pairs = [(0, 0), *pairs][-2:]
    kept = np.zeros(total.shape, bool)
    kept[tuple(slice(b, n - a) for (b, a), n in zip(pairs, total.shape))] = True
    for drawn in (*stamps, last):
        assert np.array_equal(marked(drawn.cells, drawn.struck), ~kept)


def test_stamps_stand_after_their_signs():
    drawn = sheets(figures.stamps([1, 2, 3], [4, 5]))
    signs = [[t.text for t in one.texts if "sign" in t.kinds] for one in drawn]
    assert signs == [[], ["+"], ["+"], ["="]]
    assert len({min(c.box.x for c in one.cells) for one in drawn}) == 1  # the first leaves the room empty
    captions = [one.texts[0] for one in drawn]
    assert [t.text for t in captions] == ["y 0 = 1", "y 1 = 2", "y 2 = 3", "sum x"]
    assert {t.x for t in captions} == {drawn[0].cells[0].box.x}
    (sign,) = [t for t in drawn[1].texts if "sign" in t.kinds]
    assert sign.box.right < drawn[1].cells[0].box.x
    assert sign.y - 8 == drawn[1].cells[0].box.middle[1]


def test_stamps_words():
    figure = figures.stamps(
        [[1, 2], [3, 4]], [[5]], stride=(2, 1), padding=((1, 0), 0), letters=("a", "b", "c")
    )
    assert figure.title == "4 stamps and their sum"
    assert figure.description == (
        "Transposed convolution as stamps, stride (2, 1), padding ((1, 0), 0). "
        "Input 0,0 holds 1 and adds 1 times the kernel. Input 0,1 holds 2 and adds 2 times the kernel. "
        "Input 1,0 holds 3 and adds 3 times the kernel. Input 1,1 holds 4 and adds 4 times the kernel. "
        "Kernel b: 1 by 1, holding 5. Their sum is the output c, 2 by 2, holding 0 0; 15 20. "
        "Cells that the padding crops are struck out."
    )
    assert "struck" not in figures.stamps([1], [2]).description
    assert "Input 8 holds" in figures.stamps(np.arange(9), [2]).description
    assert "Input" not in figures.stamps(np.arange(10), [2]).description


@pytest.mark.parametrize("transposed, given", EITHER, ids=str)
def test_padded_is_the_textbooks_picture(transposed, given):
    out = (up if transposed else down)(TALL, WIDE, **given)
    picture, crop = padded_picture(TALL, WIDE, given, transposed)
    numbers = np.append(0, TALL)[picture]
    steps = (1, 1) if transposed else np.broadcast_to(given.get("stride", 1), 2)
    dilation = np.broadcast_to(given.get("dilation", 1), 2)
    for index in (0, out.size // 2, out.size - 1):
        figure = figures.padded(TALL, (3, 2), **given, transposed=transposed, window=index)
        drawn = sheet(figure)
        assert np.array_equal(values(drawn.cells), numbers)
        assert np.array_equal(roles(drawn.cells) == "input", picture > 0)
        at = np.unravel_index(index, out.shape)
        seen = np.zeros(picture.shape, bool)
        for offset in np.ndindex(3, 2):
            seen[tuple(c[0] + s * a + d * k for c, s, a, d, k in zip(crop, steps, at, dilation, offset))] = (
                True
            )
        lit = [cell for box in drawn.outlines for cell in drawn.inside(box)]
        assert np.array_equal(marked(drawn.cells, lit), seen)
        check_span(drawn, seen, dilation)
        kept = np.zeros(picture.shape, bool)
        kept[tuple(slice(b, n - a) for (b, a), n in zip(crop, picture.shape))] = True
        assert np.array_equal(marked(drawn.cells, drawn.struck), ~kept)
        assert figure.description.endswith(
            f"The window of output position {at[0]},{at[1]}, 3 by 2, is outlined; "
            f"{np.count_nonzero(picture[seen])} of its 6 cells lie on the input."
        )


def check_span(drawn, seen, dilation):
    """A window with holes has a dashed frame around all that it spans."""
    if all(d == 1 for d in dilation):
        assert drawn.spans == [] and len(drawn.outlines) == 1
        return
    (span,) = drawn.spans
    grid, (rows, columns) = plane(drawn.cells), np.nonzero(seen)
    assert span.grown(-2)[:2] == grid[rows.min(), columns.min()].box[:2]
    assert (span.right - 2, span.bottom - 2) == (
        grid[rows.max(), columns.max()].box.right,
        grid[rows.max(), columns.max()].box.bottom,
    )


@pytest.mark.parametrize("end", range(4))
def test_a_crop_is_struck_on_its_own_side(end):
    """More than full padding at one end of one axis: one line of cells goes, at that end."""
    pads = np.zeros(4, int)
    pads[end] = 3
    pairs = tuple(map(tuple, pads.reshape(2, 2).tolist()))
    figure = figures.padded(np.arange(1, 31).reshape(5, 6), (3, 3), padding=pairs)
    drawn = sheet(figure)
    gone = [(0, slice(None)), (-1, slice(None)), (slice(None), 0), (slice(None), -1)][end]
    expected = np.zeros(plane(drawn.cells).shape, bool)
    expected[gone] = True
    assert np.array_equal(marked(drawn.cells, drawn.struck), expected)
    assert f"{expected.sum()} cells that no window sees are struck out." in figure.description
    assert figure.title.startswith("padded and cropped input")


def test_padded_words():
    figure = figures.padded(Y, (3, 3), stride=2, padding=((1, 0), 0), window=False)
    assert figure.title == "zero-inserted and padded input, 6 x 7"
    assert sheet(figure).texts[0].text == "zero-inserted and padded input y, 6 × 7"
    assert figure.description == (
        "Zero-inserted and padded input y, 6 by 7, holding 0 0 0 0 0 0 0; 0 0 1 0 2 0 0; 0 0 0 0 0 0 0; "
        "0 0 3 0 4 0 0; 0 0 0 0 0 0 0; 0 0 0 0 0 0 0; stride 2, padding ((1, 0), 0)."
    )
    assert sheet(figure).outlines == []
    assert sheet(figures.padded([1, 2], 2, window=True)).outlined == [["0", "1"]]
    assert figures.padded([1, 2], 1).title == "input, 2 cells"
    assert figures.padded([1, 2, 3, 4], 1, padding=1).title == "cropped input, 4 cells"
    assert figures.padded([1, 2, 3], 2, transposed=False, padding=1).title == "padded input, 5 cells"
    one_axis = figures.padded([[1, 2]], (1, 1), stride=(2, 1))
    assert one_axis.title == "zero-inserted input, 1 x 2"


def test_padded_cells_shrink_when_there_are_many():
    assert pitch(sheet(figures.padded(np.ones((9, 9), int), 1)).cells) == ((40,), (40,))
    assert pitch(sheet(figures.padded(np.ones((9, 10), int), 1)).cells) == ((27,), (27,))


@pytest.mark.parametrize(
    "kernel_size, stride, dilation", [(3, 2, 1), (2, 3, 1), (3, 2, 2), (4, 2, 1), (5, 3, 1)]
)
@pytest.mark.parametrize("padding, extra", [(0, 0), (1, 0), (((0, 1),), 1)])
def test_overlap_counts(kernel_size, stride, dilation, padding, extra):
    given = {"stride": stride, "dilation": dilation, "padding": padding, "output_padding": extra}
    figure = figures.overlap(
        kernel_size, stride, input_size=5, **{k: v for k, v in given.items() if k != "stride"}
    )
    drawn = sheet(figure)
    counts = up(np.ones(5, int), np.ones(kernel_size, int), **given)
    below = drawn.of("output", "zero")
    assert values(below).ravel().tolist() == counts.tolist()
    check_shades(below, counts)
    columns = [cell.box.x for cell in below]
    lines = sorted({cell.box.y for cell in drawn.of("kernel")})
    matrix = conv_matrix(
        np.arange(1, kernel_size + 1),
        counts.shape,
        **{k: given[k] for k in ("stride", "padding", "dilation")},
    )
    found = np.zeros((5, counts.size), int)
    for cell in drawn.of("kernel"):
        found[lines.index(cell.box.y), columns.index(cell.box.x)] = int(cell.text.removeprefix("w")) + 1
    assert np.array_equal(found, matrix)
    assert below[0].box.y - lines[-1] == 27 + 8  # the counts stand a little lower
    names = [text for text in drawn.texts if "end" in text.kinds]
    assert [t.text for t in names] == ["y 0", "y 1", "y 2", "y 3", "y 4", "x"]
    tops = [*lines, below[0].box.y]
    assert [t.y - 4 - 12 for t in names] == tops and {columns[0] - t.x for t in names} == {10}


def check_shades(cells, counts):
    """The share of the most that a cell gets, in percent, rounded down; no shade where nothing arrives."""
    for cell, count in zip(cells, counts.ravel()):
        assert cell.role == ("output" if count else "zero")
        assert cell.opacity == (f"{100 * int(count) // int(counts.max())}%" if count else None)


@pytest.mark.parametrize("kernel_size, stride", [((3, 2), (2, 3)), ((5, 2), (2, 1)), ((1, 3), (2, 2))])
def test_overlap_map(kernel_size, stride):
    figure = figures.overlap(kernel_size, stride, input_size=(4, 3))
    drawn = sheet(figure)
    counts = up(np.ones((4, 3), int), np.ones(kernel_size, int), stride=stride)
    assert np.array_equal(values(drawn.cells), counts)
    check_shades(plane(drawn.cells).ravel(), counts)


def test_overlap_words():
    figure = figures.overlap((3, 2), (2, 1), input_size=(2, 1), padding=(1, 0))
    assert figure.title == "overlap, kernel 3 x 2, stride 2 x 1"
    assert figure.description == (
        "Kernel 3 by 2, stride 2 by 1, padding (1, 0), 2 by 1 input cells: "
        "the output cells are reached by 1 1; 2 2; 1 1 stamps."
    )
    assert sheet(figure).texts[0].text == "stamps that reach each output cell"
    caption = sheet(figures.overlap(3, 2, dilation=2)).texts[0].text
    assert caption == "kernel 3, stride 2, dilation 2"
    assert sheet(figures.overlap(3, 1)).texts[0].text == "kernel 3"


# ---- wires ----

WIRES = [
    {"stride": s, "dilation": d, "padding": p, "output_padding": a}
    for s, d, p, a in product((1, 2, 3), (1, 2, 3), (0, ((0, 2),), ((3, 1),)), (0, 1))
    if a < max(s, d)
]


def wired(figure, kernel, upper_size, lower_size):
    """The matrix that the wires draw: at the cells where a wire ends, its number by its look in the key."""
    key, drawn = sheets(figure)
    looks = {wire.look: int(cell.text) for wire, cell in zip(key.wires, key.cells, strict=True)}
    assert len(looks) == len(kernel) == len(key.wires)
    top = min(cell.box.y for cell in drawn.cells)
    upper = [c for c in drawn.cells if c.box.y == top and c.role != "zero"]
    lower = [c for c in drawn.cells if c.box.y != top]
    assert (len(upper), len(lower)) == (upper_size, lower_size)
    matrix = np.zeros((lower_size, upper_size), int)
    for wire in drawn.wires:
        (x_top, y_top), (x_low, y_low) = sorted([wire[:2], wire[2:4]], key=lambda end: end[1])
        (column,) = [n for n, cell in enumerate(upper) if cell.box.x < x_top < cell.box.right]
        (row,) = [n for n, cell in enumerate(lower) if cell.box.x < x_low < cell.box.right]
        assert y_top == upper[0].box.bottom + 3 and y_low == lower[0].box.y - 3
        assert matrix[row, column] == 0
        matrix[row, column] = looks[wire.look]
    return matrix, drawn, upper, lower


@pytest.mark.parametrize("given", WIRES, ids=str)
@pytest.mark.parametrize("kernel", [(7,), (2, 3), (2, -3, 5), (2, 3, 5, 7, 11)])
def test_wires_are_the_numbers_of_the_matrix(kernel, given):
    forward = {name: value for name, value in given.items() if name != "output_padding"}
    for size in (1, 4):
        try:
            out = up(np.ones(size, int), kernel, **given).size
        except ValueError:
            continue  # all is padding
        figure = figures.wires(size, kernel, **given, transposed=True)
        matrix, drawn, upper, lower = wired(figure, kernel, out, size)
        expected = conv_matrix(np.array(kernel), (out,), **forward)[:size]
        assert np.array_equal(matrix, expected)
        assert all(wire.y1 > wire.y2 and not wire.faint for wire in drawn.wires)
        assert len(drawn.cuts) == size * len(kernel) - np.count_nonzero(expected)
        assert {c.role for c in upper} == {"output"} and {c.role for c in lower} == {"input"}
        check_middles(drawn, upper, lower, len(kernel), given)
        check_labels(drawn, matrix)
        if not given["output_padding"]:
            check_wires_down(kernel, forward, out)


def check_wires_down(kernel, given, size):
    """The same wires, as a convolution sends its arrows."""
    out = down(np.ones(size, int), kernel, **given).size
    figure = figures.wires(size, kernel, **given)
    matrix, drawn, upper, lower = wired(figure, kernel, size, out)
    assert np.array_equal(matrix, conv_matrix(np.array(kernel), (size,), **given))
    assert all(wire.y1 < wire.y2 for wire in drawn.wires)
    assert {c.role for c in upper} == {"input"} and {c.role for c in lower} == {"output"}


def check_middles(drawn, upper, lower, taps, given):
    """Each lower cell stands under the middle of its window; padding stands beside the upper cells."""
    padding = given["padding"]
    before, after = padding[0] if isinstance(padding, tuple) else (padding, padding)
    row = sorted(c.box.x for c in drawn.cells if c.box.y == upper[0].box.y)
    assert len(row) == before + len(upper) + after and row[before] == upper[0].box.x
    distances = set(np.diff(row).tolist())
    assert len(distances) <= 1
    distance = distances.pop() if distances else 0
    for number, cell in enumerate(lower):
        middle = given["stride"] * number + given["dilation"] * (taps - 1) / 2
        assert cell.box.x == row[0] + middle * distance
    zeros = [c for c in drawn.cells if c.role == "zero"]
    assert len(zeros) == before + after and len(drawn.struck) == len(zeros)


def check_labels(drawn, matrix):
    """Each wire bears its number; no label covers another."""
    labels = [text for text in drawn.texts if "halo" in text.kinds]
    assert sorted(int(text.text) for text in labels) == sorted(matrix[matrix != 0].tolist())
    assert all(min(off_wire(text, wire) for wire in drawn.wires) <= 1 for text in labels)
    assert not [p for p in combinations([text.box for text in labels], 2) if p[0].meets(p[1])]


def off_wire(text, wire):
    """How far to the side of a wire the middle of a label stands."""
    share = (text.y - 4 - wire.y1) / (wire.y2 - wire.y1)
    assert 0 < share < 1
    return abs(wire.x1 + share * (wire.x2 - wire.x1) - text.x)


@pytest.mark.parametrize(
    "given", [{}, {"stride": 2}, {"dilation": 2}, {"padding": 1}, {"stride": 2, "dilation": 3}]
)
def test_into_an_upper_cell_the_numbers_come_in_reverse_order(given):
    kernel = np.array([2, 3, 5, 7])
    out = up(np.ones(4, int), kernel, **given).size
    matrix = conv_matrix(kernel, (out,), **given)
    for into in range(out):
        figure = figures.wires(4, kernel, **given, transposed=True, into=into)
        found, drawn, upper, _ = wired(figure, kernel, out, 4)
        assert np.array_equal(found, matrix)
        check_lit(drawn, upper[into], matrix[:, into])
        arrived = [n for n in matrix[:, into] if n]
        assert arrived == sorted(arrived, reverse=True)
        said = f"into x {into} come {' '.join(map(str, arrived)) or 'no numbers'}"
        assert figure.description.endswith(f"from left to right {said}.") and said in drawn.texts[0].text


@pytest.mark.parametrize("transposed", [False, True])
def test_out_of_a_lower_cell_the_kernel_comes(transposed):
    kernel = np.array([2, 3, 5])
    chosen = {"out_of": 1} if transposed else {"into": 1}
    figure = figures.wires(3 if transposed else 7, kernel, stride=2, transposed=transposed, **chosen)
    found, drawn, _, lower = wired(figure, kernel, 7, 3)
    check_lit(drawn, lower[1], found[1])
    assert f"{'out of y 1 go' if transposed else 'into y 1 come'} 2 3 5." in figure.description


def check_lit(drawn, cell, numbers):
    """The cell is outlined; its wires, and no others, are bold and labelled, in the order of their ends."""
    (box,) = drawn.outlines
    assert drawn.inside(box) == [cell]
    lit = [wire for wire in drawn.wires if not wire.faint]
    assert all(cell.box.x < wire.x1 < cell.box.right or cell.box.x < wire.x2 < cell.box.right for wire in lit)
    labels = sorted((text for text in drawn.texts if "halo" in text.kinds), key=lambda text: text.x)
    assert [int(text.text) for text in labels] == [n for n in numbers if n]
    assert len(lit) == len(labels)
    for text in labels:
        assert min(off_wire(text, wire) for wire in lit) <= 1
        assert abs(text.y - cell.box.middle[1]) < 60  # near the cell that is chosen


def test_one_goes_in_and_the_kernel_comes_out():
    _, drawn = sheets(figures.wires([0, 1, 0], [2, 3, 5], transposed=True, out_of=1))
    assert [int(c.text) for c in drawn.of("output")] == [0, 2, 3, 5, 0]
    assert [int(c.text) for c in drawn.of("input")] == [0, 1, 0]
    _, drawn = sheets(figures.wires(np.array([1, 10, 100, 1000]), [2, 3]))
    assert [int(c.text) for c in drawn.of("output")] == [32, 320, 3200]
    _, drawn = sheets(figures.wires(2, [1, 1], transposed=True, letters=("a", "b", "c")))
    assert [c.text for c in drawn.cells] == ["c0", "c1", "c2", "a0", "a1"]


def test_wires_words():
    figure = figures.wires(3, [1, 2, 3], stride=2, padding=1, output_padding=1, transposed=True, into=3)
    assert figure.title == "wires, 6 cells x and 3 cells y, up"
    assert [drawn.texts[0].text for drawn in sheets(figure)] == [
        "kernel w", "x = Cᵀ y, arrows up: into x 3 come 3 1"
    ]  # fmt: skip
    assert figure.description == (
        "Wires between 6 cells x above and 3 cells y below; stride 2, padding 1, output_padding 1. "
        "The kernel w is 1 2 3; each wire is one number of the matrix C, 8 in all. "
        "Arrows go up: C transposed. y 0 meets x 0 1 by 2 3. y 1 meets x 1 2 3 by 1 2 3. "
        "y 2 meets x 3 4 5 by 1 2 3. 1 more would end in the padding, and is cut. "
        "The wires of one cell are lit: from left to right into x 3 come 3 1."
    )
    assert sheets(figures.wires(5, [1, 2]))[1].texts[0].text == "y = C x, arrows down"
    assert "y 0 meets no cell." in figures.wires(2, [1], padding=1).description
    assert "2 more would end in the padding, and are cut." in figures.wires(2, [1], padding=1).description
    assert "meets" not in figures.wires(40, [1]).description


def test_wires_of_the_first_example_fit_a_phone():
    """390 pixels, less the page's margins."""
    for figure in (figures.wires(5, [1, 2, 3]), figures.wires(3, [1, 2, 3], stride=2, transposed=True)):
        assert max(drawing.width for drawing in figure.drawings) <= 320
        assert sum(drawing.width for drawing in figure.drawings) + 24 <= 680


# ---- sizes, channels, operators ----


@pytest.mark.parametrize(
    "kernel_size, stride, padding, dilation", [(5, 3, (1, 0), 2), (3, 2, 1, 1), (1, 3, 1, 1), (4, 1, 0, 1)]
)
def test_sizes_lead_back(kernel_size, stride, padding, dilation):
    given = {"stride": stride, "padding": (padding,), "dilation": dilation}
    drawn = sheet(figures.sizes(kernel_size, stride=stride, padding=padding, dilation=dilation))
    ones = np.ones(kernel_size, int)
    groups = {}
    for n in range(1, 40):
        try:
            groups.setdefault(down(np.ones(n, int), ones, **given).size, []).append(n)
        except ValueError:
            assert n < kernel_size * dilation
    inputs, outputs = drawn.of("input"), drawn.of("output")
    shown = [int(cell.text) for cell in outputs]
    assert shown == list(range(shown[0], 5)) and shown[0] <= 4
    assert [int(c.text) for c in inputs] == [n for o in shown for n in groups[o]]
    backs = [text for text in drawn.texts if text.text.isdigit()]
    for cell, back in zip(inputs, backs, strict=True):
        assert back.x == cell.box.middle[0] and back.y > outputs[0].box.bottom
    check_back(inputs, outputs, backs, given, ones, groups)
    check_groups(drawn, inputs, outputs, [groups[o] for o in shown])


def check_back(inputs, outputs, backs, given, ones, groups):
    sizes = iter(zip(inputs, backs))
    for output in outputs:
        for _ in groups[int(output.text)]:
            cell, back = next(sizes)
            if int(back.text) < max(given["stride"], given["dilation"]):
                out = up(np.ones(int(output.text), int), ones, **given, output_padding=int(back.text))
                assert out.size == int(cell.text)


def check_groups(drawn, inputs, outputs, groups):
    """Every input is joined to its output: down, across, and down with an arrow."""
    middles, first = [cell.box.middle[0] for cell in inputs], 0
    lines = set(drawn.lines)
    for output, group, (x1, y1, x2, y2) in zip(outputs, groups, drawn.arrows, strict=True):
        members = middles[first : first + len(group)]
        first += len(group)
        for x in members:
            (top,) = {(a, b) for x1, a, x2, b in lines if x1 == x2 == x}
            assert top[0] - 2 == inputs[0].box.bottom and top[1] == y1
        if len(members) > 1:
            assert (members[0], y1, members[-1], y1) in lines
        assert x1 == x2 == output.box.middle[0] and 2 * x1 == members[0] + members[-1]
        assert y2 + 2 == output.box.y
    assert len(lines) == len(inputs) + sum(len(group) > 1 for group in groups)
    rights = [inputs[sum(map(len, groups[:n]))].box for n in range(1, len(groups))]
    for box in rights:  # a wider gap between two groups
        before = max(c.box.right for c in inputs if c.box.right <= box.x)
        assert box.x - before == 4 + 16


def test_sizes_words():
    figure = figures.sizes(3, stride=2, padding=(1, 0), dilation=2, input_sizes=[8, 7, 6])
    assert figure.title == "sizes, kernel 3, stride 2"
    assert figure.description == (
        "Kernel 3, stride 2, padding (1, 0), dilation 2. Input size 8 gives output size 3; "
        "back with output_padding 0. Input sizes 7, 6 give output size 2; back with output_padding 1, 0."
    )
    assert [t.text for t in sheet(figure).texts[:3]] == ["input size", "output size", "output_padding"]


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("ins, outs, groups", [(4, 6, 2), (3, 2, 1), (6, 3, 3), (2, 4, 2)])
def test_blocks_name_the_weight(ins, outs, groups, transposed):
    figure = figures.blocks(ins, outs, groups=groups, transposed=transposed)
    drawn = sheet(figure)
    # A kernel of size 1, whose numbers tell their places in the weight: a block is one number.
    shape = (ins, outs // groups) if transposed else (outs, ins // groups)
    weight = 1 + np.arange(np.prod(shape)).reshape(*shape, 1)
    matrix = conv_matrix(weight, (1,), groups=groups)
    matrix = matrix.T if transposed else matrix
    grid = plane(drawn.cells)
    assert grid.shape == matrix.shape == (outs, ins)
    for place, cell in np.ndenumerate(grid):
        found = re.fullmatch(r"w (\d),(\d)", cell.text)
        assert cell.role == ("kernel" if found else "zero")
        assert matrix[place] == (weight[int(found[1]), int(found[2]), 0] if found else 0)
    caption, *names = drawn.texts
    assert caption.text == ("Cᵀ by channels" if transposed else "C by channels")
    assert [t.text for t in names] == [f"in {n}" for n in range(ins)] + [f"out {n}" for n in range(outs)]
    assert [t.x for t in names[:ins]] == [cell.box.middle[0] for cell in grid[0]]
    assert [t.y - 4 for t in names[ins:]] == [cell.box.middle[1] for cell in grid[:, 0]]
    filled = np.count_nonzero(matrix)
    assert f"{filled} blocks hold a kernel's matrix, {matrix.size - filled} are zero." in figure.description


def test_blocks_words():
    assert figures.blocks(2, 1, transposed=True).title == "blocks over channels, 1 x 2"
    assert figures.blocks(4, 2, groups=2).description == (
        "Matrix of 2 by 4 blocks, one row per output channel, one column per input channel; 2 groups. "
        "4 blocks hold a kernel's matrix, 4 are zero. "
        "Blocks are named by their place in the weight, output channel first."
    )
    assert "1 group. " in figures.blocks(1, 1, transposed=True).description
    assert figures.blocks(1, 1, transposed=True).description.endswith("weight, input channel first.")


def test_operators_are_swapped():
    drawings = sheets(figures.operators())
    for drawn, name, symbols, letters in zip(
        drawings, ("convolution", "transposed convolution"), (["C", "Cᵀ"], ["Cᵀ", "C"]), ("xy", "yx")
    ):
        title, *rest = [text for text in drawn.texts if "strong" in text.kinds]
        assert (title.text, [text.text for text in rest]) == (name, symbols)
        first, last = letters
        assert values_of(drawn) == [[first, last], [f"∂L/∂{first}", f"∂L/∂{last}"]]
        assert roles(drawn.cells).tolist() == [["input", "output"]] * 2
        forward, backward = drawn.arrows
        assert forward[0] < forward[2] and backward[0] > backward[2]
        for (left, right), arrow, symbol, side in zip(
            plane(drawn.cells), drawn.arrows, rest, ("forward", "backward")
        ):
            assert min(arrow[0], arrow[2]) - left.box.right == 8 == right.box.x - max(arrow[0], arrow[2])
            assert arrow[1] == arrow[3] == left.box.middle[1]
            assert symbol.x == (left.box.right + right.box.x) // 2 and symbol.box.bottom <= arrow[1] - 4
            (word,) = [text for text in drawn.texts if text.text == side]
            assert abs(word.y - 5 - left.box.middle[1]) <= 1
        assert drawn.width - max(c.box.right for c in drawn.cells) == 6


def values_of(drawn):
    return [[cell.text for cell in row] for row in plane(drawn.cells)]


def test_plot_style_is_known_to_matplotlib():
    matplotlib = pytest.importorskip("matplotlib")
    assert set(figures.plot_style()) <= set(matplotlib.rcParams)


def test_a_plot_has_the_colours_of_the_figures_and_letters_that_a_phone_shows():
    style, light = figures.plot_style(), TOKENS["light"]
    assert style["savefig.facecolor"] == light["--tc-paper"]
    assert style["text.color"] == style["axes.labelcolor"] == light["--tc-ink"]
    assert (
        {style[f"{name}.color"] for name in ("xtick", "ytick")}
        == {light["--tc-line"]}
        == {style["axes.edgecolor"]}
    )
    assert style["axes.grid"] and not style["axes.spines.top"] and not style["axes.spines.right"]
    assert style["figure.constrained_layout.use"] and not style["legend.frameon"]
    wide, _ = style["figure.figsize"]  # inches; letters are measured in 72nds of one
    assert abs(style["font.size"] / 72 / wide * 330 - 11) < 0.2  # of the 330 pixels that a phone has for it


def test_a_padded_picture_is_told_up_to_100_cells():
    assert "holding" in figures.padded(np.ones((10, 10), int), 1).description
    assert "holding" not in figures.padded(np.ones((10, 11), int), 1).description


# ---- refusals ----


@pytest.mark.parametrize(
    "call, error, match",
    [
        (lambda: figures.grid(["a"]), TypeError, "values must hold numbers, got dtype"),
        (lambda: figures.grid([1j]), TypeError, "values must hold integers or floats"),
        (lambda: figures.grid([[1, 2], [3]]), ValueError, "values must be an array, every row as long"),
        (lambda: figures.grid(np.zeros((0, 2))), ValueError, "at least one cell, got shape \\(0, 2\\)"),
        (lambda: figures.grid(np.zeros((1, 1, 1, 1))), ValueError, "values must have 1 or 2 or 3 axes"),
        (lambda: figures.grid(X, "x"), ValueError, "role must be one of input, kernel, .* got 'x'"),
        (
            lambda: figures.grid(X, ["input"]),
            ValueError,
            "role must be one name or an array of shape \\(4, 4\\)",
        ),
        (
            lambda: figures.grid(X, lit=[(4, 0)]),
            ValueError,
            "lit must be a position inside shape \\(4, 4\\), got \\(4, 0\\)",
        ),
        (lambda: figures.grid(X, lit=3), TypeError, "lit must be a list of positions, got 3"),
        (lambda: figures.grid(X, window=(0, 0, 3)), ValueError, "window must be a pair \\(start, size\\)"),
        (lambda: figures.grid(X, window=((2, 2), 3)), ValueError, "window must lie inside shape \\(4, 4\\)"),
        (lambda: figures.operation(X, [1, 2]), ValueError, "kernel must have as many axes as input"),
        (
            lambda: figures.operation(X, W, at=(2, 0)),
            ValueError,
            "at must be a position inside shape \\(2, 2\\)",
        ),
        (
            lambda: figures.operation(X, W, output_padding=1),
            ValueError,
            "output_padding must be 0 for a convolution",
        ),
        (lambda: figures.operation(X, W, letters=("x", "y")), ValueError, "letters must be three strings"),
        (lambda: figures.operation(Y, W), ValueError, "output size must be at least 1"),
        (
            lambda: figures.walk(X, W, frames=[4]),
            ValueError,
            "frames must be among the 4 output cells, got \\[4\\]",
        ),
        (lambda: figures.walk(X, W, frames=[]), ValueError, "frames must be among the 4 output cells"),
        (lambda: figures.walk(X, W, stride=0), ValueError, "stride must be at least 1"),
        (lambda: figures.matrix([1, 2]), ValueError, "values must have 2 axes"),
        (
            lambda: figures.matrix(C, rows=("y", (3, 2))),
            ValueError,
            "rows must name 4 cells, got 'y' of size \\(3, 2\\)",
        ),
        (
            lambda: figures.matrix(C, columns=4),
            ValueError,
            "columns must be a pair \\(letter, size\\), got 4",
        ),
        (
            lambda: figures.matrix(C, lit_rows=[4]),
            ValueError,
            "lit_rows must be a position inside shape \\(4,\\)",
        ),
        (lambda: figures.matrix(C, blocks=(0, 4)), ValueError, "blocks must be at least 1"),
        (lambda: figures.product(C, [1, 2]), ValueError, "vector must have one number per column, got 2"),
        (lambda: figures.product(np.ones((33, 1)), [1]), ValueError, "at most 32 rows and 32 columns"),
        (
            lambda: figures.stamps(Y, W, output_padding=1),
            ValueError,
            "output_padding must be smaller than stride",
        ),
        (
            lambda: figures.padded(Y, 3, window=16),
            ValueError,
            "window must be among the 16 output cells, got 16",
        ),
        (lambda: figures.wires(5, W), ValueError, "kernel must have 1 axes"),
        (lambda: figures.wires(0, [1]), ValueError, "input must be at least 1"),
        (lambda: figures.wires(X, [1]), ValueError, "input must have 1 axes"),
        (lambda: figures.wires(5, [1, 2], into=4), ValueError, "into must be a position inside"),
        (lambda: figures.wires(5, [1, 2], out_of=5), ValueError, "out_of must be a position inside"),
        (lambda: figures.wires(5, [1, 2], into=0, out_of=0), ValueError, "only one of into and out_of"),
        (lambda: figures.overlap((3, 3, 3), 2), ValueError, "kernel_size must have one or two axes"),
        (lambda: figures.sizes(3, input_sizes=[]), ValueError, "input_sizes must hold at least one size"),
        (lambda: figures.sizes(3, input_sizes=[2]), ValueError, "output size must be at least 1"),
        (lambda: figures.blocks(4, 3, groups=2), ValueError, "groups must divide both channel counts"),
        (lambda: figures.beside(), ValueError, "beside needs at least one figure"),
        (lambda: figures.beside(X), TypeError, "beside joins figures"),
    ],
)  # fmt: skip
def test_refused(call, error, match):
    with pytest.raises(error, match=match):
        call()


def test_every_function_has_an_example_here():
    public = set(figures.__all__) - {"plot_style", "film"}  # films: test_films.py
    assert {name for name in public if not any(key.startswith(name) for key in EXAMPLES)} == set()
    assert all(isinstance(example(), Figure) for example in EXAMPLES.values())


def test_the_running_example_fits_the_page():
    """A laptop's page has 680 pixels: two frames, four stamps, y = C x and both operators fit in a row."""
    y_is_c_x = EXAMPLES["product"]()
    for drawings in (
        figures.walk(X, W).drawings[1:3],
        figures.walk(Y, W, transposed=True).drawings[1:3],
        figures.stamps(Y, W).drawings[:4],
        y_is_c_x.drawings,
        figures.operators().drawings,
        figures.operation(X, W).drawings,
    ):
        assert sum(drawing.width for drawing in drawings) + 24 * (len(drawings) - 1) <= 680
    assert max(drawing.width for drawing in figures.walk(X, W).drawings) <= 340  # a phone
