"""The drawings: their numbers are the arrays', their outlines the geometry's, their words are true."""

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from lib import conv, conv_matrix, conv_transpose, figures
from lib.svg import ROLES, Figure

X = np.arange(16).reshape(4, 4)
W = np.arange(1, 10).reshape(3, 3)
Y = np.array([[1, 2], [3, 4]])
C = conv_matrix(W, (4, 4))

EXAMPLES = {
    "grid": lambda: figures.grid(X, lit=[(1, 2)], window=((0, 1), (3, 2)), positions=True, struck=[(3, 3)]),
    "channels": lambda: figures.grid(np.arange(12).reshape(2, 2, 3) / 4, "output", lit=[(1, 0, 2)]),
    "operation": lambda: figures.operation(X, W, stride=(1, 2), padding=((1, 0), 1), at=(2, 1)),
    "operation transposed": lambda: figures.operation(Y, W, stride=2, padding=1, transposed=True, at=(1, 0)),
    "walk": lambda: figures.walk(X, W),
    "walk transposed": lambda: figures.walk(Y, W, stride=2, padding=1, output_padding=1, transposed=True),
    "walk 1-D": lambda: figures.walk(
        [1, 2, 3, 4, 5, 6], [1, 10, 100], stride=2, dilation=2, padding=(2, 1)[0]
    ),
    "matrix": lambda: figures.matrix(
        C, rows=("y", (2, 2)), columns=("x", (4, 4)), lit_rows=[1], lit_columns=[5, 6], blocks=(2, 4)
    ),
    "large matrix": lambda: figures.matrix(conv_matrix(W, (7, 8)), blocks=(6, 8)),
    "product": lambda: figures.product(C, X.ravel(), rows=("y", (2, 2)), columns=("x", (4, 4)), lit_row=2),
    "stamps": lambda: figures.stamps(Y, W, stride=2, padding=1, output_padding=1),
    "padded": lambda: figures.padded(Y, (3, 2), stride=(2, 3)),
    "cropped": lambda: figures.padded(X, 2, padding=((2, 1), 1)),
    "operators": lambda: figures.operators(),
    "overlap": lambda: figures.overlap(3, 2, dilation=2),
    "overlap map": lambda: figures.overlap((3, 2), (2, 3), input_size=(4, 3)),
    "sizes": lambda: figures.sizes(3, stride=2, padding=1),
    "blocks": lambda: figures.blocks(4, 6, groups=2),
    "beside": lambda: figures.beside(figures.grid([1, 2]), figures.grid([3], "kernel")),
}


def elements(figure):
    """Every drawn element as (class without its prefix, attributes, text), drawing by drawing."""
    drawings = []
    for drawing in figure.drawings:
        root = ElementTree.fromstring("<svg>" + "".join(drawing.lines) + "</svg>")
        drawings.append(
            [(e.get("class", "tc-").split()[0][3:], e.attrib, e.text) for e in root.iter() if e is not root]
        )
    return drawings


def corner(kind, attributes):
    """Top left corner of a cell or outline."""
    if "d" in attributes:  # a square with one corner cut
        path = re.match(r"M\d+ (\d+)H\d+V\d+H(\d+)V", attributes["d"])
        return int(path[2]), int(path[1])
    return int(attributes["x"]), int(attributes["y"])


def cells(drawing):
    """Cells of one drawing in the order drawn: (role, text, corner)."""
    found = []
    for kind, attributes, text in drawing:
        if kind in ROLES:
            found.append([kind, "", corner(kind, attributes)])
        elif text and found and not found[-1][1] and "tc-start" not in attributes.get("class", ""):
            found[-1][1] = text
    return found


def numbers(drawing, *roles):
    return [int(text) for role, text, _ in cells(drawing) if not roles or role in roles]


def outlined(drawing):
    """The texts of the cells inside each outline of the drawing."""
    inside = []
    for kind, attributes, _ in drawing:
        if kind == "lit":
            left, top, width, height = (int(attributes[name]) for name in ("x", "y", "width", "height"))
            inside.append(
                [t for _, t, (x, y) in cells(drawing) if left < x < left + width and top < y < top + height]
            )
    return inside


# ---- every figure ----


@pytest.mark.parametrize("name", EXAMPLES)
def test_valid_and_described(name):
    figure = EXAMPLES[name]()
    root = ElementTree.fromstring(figure.svg())
    assert root[0].text == figure.title and root[1].text == figure.description
    assert len(figure.description) > 20
    ElementTree.fromstring(figure.html())


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_leaves_its_sheet(name):
    for drawing, found in zip(EXAMPLES[name]().drawings, elements(EXAMPLES[name]())):
        for _, attributes, text in found:
            if "width" in attributes:
                assert 0 <= int(attributes["x"]) <= drawing.width - int(attributes["width"])
                assert 0 <= int(attributes["y"]) <= drawing.height - int(attributes["height"])
            elif text:
                assert (
                    0 <= int(attributes["x"]) <= drawing.width
                    and 10 <= int(attributes["y"]) <= drawing.height
                )


@pytest.mark.parametrize("name", EXAMPLES)
def test_coordinates_are_integers(name):
    for line in EXAMPLES[name]().svg().split("</style>")[1].splitlines():
        assert not re.search(r' (x|y|x1|y1|x2|y2|width|height|points|d|rx)="[^"]*\.', line)


@pytest.mark.parametrize("name", EXAMPLES)
def test_cells_do_not_overlap(name):
    for found in elements(EXAMPLES[name]()):
        corners = [place for _, _, place in cells(found)]
        assert len(set(corners)) == len(corners)


@pytest.mark.parametrize("name", EXAMPLES)
def test_other_words_change_nothing_else(name):
    figure = EXAMPLES[name]()
    mine = figure.described("mine\n  and  short")
    assert (mine.title, mine.description) == (figure.title, "mine and short")
    assert [d.lines for d in mine.drawings] == [d.lines for d in figure.drawings]
    assert figure.description != mine.description


def test_same_bytes_in_a_fresh_process_with_any_hash_seed():
    script = (
        "import hashlib\nfrom tests.test_figures import EXAMPLES\n"
        "text = ''.join(f().svg() + f().html() for f in EXAMPLES.values())\n"
        "print(hashlib.sha256(text.encode()).hexdigest())"
    )
    root = Path(__file__).parent.parent
    runs = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=root,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
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


# ---- the numbers ----


def test_grid_shows_its_numbers_and_roles():
    roles = [["input", "kernel"], ["output", "zero"]]
    (found,) = elements(figures.grid([[5, -6], [7, 0]], roles))
    assert [(role, text) for role, text, _ in cells(found)] == [
        ("input", "5"), ("kernel", "-6"), ("output", "7"), ("zero", "0")
    ]  # fmt: skip
    assert figures.grid([[5, -6], [7, 0]], roles).description == "Cells: 2 by 2, holding 5 -6; 7 0."


def test_grid_marks():
    figure = figures.grid(X, lit=[(1, 2)], window=((0, 1), (3, 2)), struck=[(3, 3)])
    (found,) = elements(figure)
    assert outlined(found) == [["6"], ["1", "2", "5", "6", "9", "10"]]
    (strike,) = [a for kind, a, _ in found if kind == "line"]
    assert (int(strike["x1"]), int(strike["y2"])) == cells(found)[15][2]
    assert figure.description.endswith(
        "Outlined: position 1,2. Struck out: position 3,3. "
        "A window of 3 by 2 cells from position 0,1 is outlined."
    )


def test_channels_are_panels():
    figure = figures.grid(np.arange(12).reshape(2, 2, 3), "output", lit=[(1, 0, 2)])
    first, second = elements(figure)
    assert numbers(first) == list(range(6)) and numbers(second) == list(range(6, 12))
    assert outlined(first) == [] and outlined(second) == [["8"]]


def test_floats_are_shown_with_two_decimals():
    (found,) = elements(figures.grid([0.5, -0.001, 1 / 3, 2.0, 1e6 + 0.25]))
    assert [text for _, text, _ in cells(found)] == ["0.5", "0", "0.33", "2", "1000000.25"]


def test_cells_grow_with_their_numbers():
    widths = []
    for value in (7, 7777777):
        (found,) = elements(figures.grid([value]))
        widths.append(int(found[1][1]["width"]))
    assert widths == [36, 71]


def test_operation_is_conv():
    figure = figures.operation(X, W, stride=(1, 2), padding=((1, 0), 1), at=(2, 1))
    left, kernel, right = elements(figure)
    padded = np.pad(X, ((1, 0), (1, 1)))
    assert numbers(left) == padded.ravel().tolist() and numbers(left, "input") == X.ravel().tolist()
    assert numbers(kernel) == W.ravel().tolist()
    out = conv(X[None, None], W[None, None], stride=(1, 2), padding=((1, 0), 1))[0, 0]
    assert numbers(right) == out.ravel().tolist()
    assert outlined(left) == [[str(n) for n in padded[2:5, 2:5].ravel()]]
    assert outlined(right) == [[str(out[2, 1])]]


def test_operation_is_conv_transpose():
    settings = {"stride": 2, "padding": 1, "output_padding": 1}
    figure = figures.operation(Y, W, **settings, transposed=True, at=(0, 1))
    left, _, right = elements(figure)
    out = conv_transpose(Y[None, None], W[None, None], **settings)[0, 0]
    assert numbers(left) == [1, 2, 3, 4] and numbers(right) == out.ravel().tolist()
    assert outlined(left) == [["2"]]
    mark = np.zeros((1, 1, 2, 2), int)
    mark[0, 0, 0, 1] = 1
    reached = conv_transpose(mark, np.ones((1, 1, 3, 3), int), **settings)[0, 0]
    assert [text for (text,) in outlined(right)] == [str(n) for n in out[reached > 0]]
    assert f"with the {reached.sum()} output cells" in figure.description


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"stride": 2, "padding": 1},
        {"stride": (2, 1), "padding": ((0, 2), 1), "dilation": (1, 2)},
    ],
)
def test_walk_goes_with_the_rows_of_the_matrix(settings):
    x = np.arange(2, 32).reshape(5, 6)
    figure = figures.walk(x, W, **settings)
    kernel, *frames = elements(figure)
    assert numbers(kernel) == W.ravel().tolist()
    out = conv(x[None, None], W[None, None], **settings)[0, 0].ravel()
    matrix = conv_matrix(W, (5, 6), **settings)
    assert len(frames) == len(out)
    for index, frame in enumerate(frames):
        check_frame(frame, x, out, matrix, index)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"stride": 2, "padding": 1, "output_padding": 1},
        {"stride": (3, 1), "padding": ((0, 2), 1), "dilation": (1, 2)},
        {"padding": ((3, 2), (1, 3))},  # more than full: the picture is cropped
    ],
)
def test_transposed_walk_goes_with_the_rows_of_the_transpose(settings):
    y = np.arange(1, 21).reshape(4, 5)
    figure = figures.walk(y, W, transposed=True, **settings)
    kernel, *frames = elements(figure)
    assert numbers(kernel) == W[::-1, ::-1].ravel().tolist()
    out = conv_transpose(y[None, None], W[None, None], **settings)[0, 0]
    forward = {key: value for key, value in settings.items() if key != "output_padding"}
    matrix = conv_matrix(W, out.shape, **forward).T
    assert len(frames) == out.size
    for index, frame in enumerate(frames):
        check_frame(frame, y, out.ravel(), matrix, index)


def check_frame(frame, input, out, matrix, index):
    found = cells(frame)
    strip = found[-input.size :]
    assert [int(text) for _, text, _ in strip] == matrix[index].tolist()
    assert {role for role, text, _ in strip if text != "0"} <= {"kernel"}
    assert numbers(frame, "input") == input.ravel().tolist()
    made = [text for role, text, _ in found if role == "output"]
    assert made == [str(n) for n in out[: index + 1]]
    assert sum(role == "empty" for role, _, _ in found) == len(out) - index - 1
    *window, (result,) = outlined(frame)
    assert result == str(out[index])
    # The window's numbers, times the kernel's in the row, are the output.
    seen = [int(text) for cell in window for text in cell]
    under = input.ravel()[matrix[index] != 0].tolist()
    assert [n for n in seen if n] == [n for n in under if n]


def test_forgotten_rotation():
    kernel, *frames = elements(figures.walk(Y, W, transposed=True, rotate=False))
    assert numbers(kernel) == W.ravel().tolist()
    made = numbers(frames[-1], "output")
    right = conv_transpose(Y[None, None], W[::-1, ::-1][None, None])[0, 0]
    assert (
        made == right.ravel().tolist() != conv_transpose(Y[None, None], W[None, None])[0, 0].ravel().tolist()
    )


def test_walk_takes_some_frames():
    figure = figures.walk(X, W, frames=[3, 1], rows=False)
    kernel, last, second = elements(figure)
    assert outlined(last)[-1] == ["528"] and outlined(second)[-1] == ["348"]
    assert "row" not in "".join(text or "" for _, _, text in last)
    assert "Frame 1,1: output 528." in figure.description


def test_matrix_shows_every_zero_and_label():
    figure = figures.matrix(C, rows=("y", (2, 2)), columns=("x", (4, 4)), lit_rows=[1], lit_columns=[5])
    (found,) = elements(figure)
    shown = cells(found)
    assert [int(text) for _, text, _ in shown] == C.ravel().tolist()
    assert all((role == "zero") == (text == "0") for role, text, _ in shown)
    assert outlined(found) == [[str(n) for n in C[1]], [str(n) for n in C[:, 5]]]
    texts = [text for _, _, text in found]
    assert texts.count("1,1") == 2 and texts.count("3,2") == 1
    assert (
        "28 of its 64 numbers zero" in figure.description and "Row 1: 0 1 2 3 0 4 5 6" in figure.description
    )


def test_blocks_are_divided_by_lines():
    (found,) = elements(figures.matrix(C, blocks=(2, 4)))
    lines = [a for kind, a, _ in found if kind == "line"]
    assert sorted(a["x1"] == a["x2"] for a in lines) == [False, True, True, True]
    (left, _), (right, _) = cells(found)[3][2], cells(found)[4][2]
    assert any(left < int(a["x1"]) < right for a in lines if a["x1"] == a["x2"])


def test_a_large_matrix_has_one_cell_per_number_that_is_not_zero():
    big = conv_matrix(W, (7, 8))
    (found,) = elements(figures.matrix(big))
    filled = [corner("rect", a) for kind, a, _ in found if kind == "kernel"]
    assert len(filled) == np.count_nonzero(big)
    xs, ys = (sorted(set(axis)) for axis in zip(*filled))
    drawn = np.zeros_like(big)
    for x, y in filled:
        drawn[ys.index(y), xs.index(x)] = 1
    assert np.array_equal(drawn, (big != 0).astype(int))
    assert len(figures.matrix(conv_matrix(W, (9, 9))).svg()) < 40_000


def test_product_stands_level():
    result, matrix, vector = elements(figures.product(C.T, Y.ravel(), label="Cᵀ", lit_row=5))
    assert numbers(result) == [1, 4, 7, 6, 7, 23, 33, 24, 19, 53, 63, 42, 21, 52, 59, 36]
    assert numbers(matrix) == C.T.ravel().tolist() and numbers(vector) == [1, 2, 3, 4]
    assert [y for *_, (_, y) in cells(result)] == [y for *_, (_, y) in cells(matrix)][::4]
    assert outlined(result) == [["23"]] and outlined(matrix) == [["5", "4", "2", "1"]]


def test_stamps_add_up():
    figure = figures.stamps(Y, W, stride=2, padding=1, output_padding=1)
    *stamps, total = elements(figure)
    full = conv_transpose(Y[None, None], W[None, None], stride=2, output_padding=1)[0, 0]
    assert numbers(total) == full.ravel().tolist()
    places = [place for *_, place in cells(total)]
    added = np.zeros(full.size, int)
    for scale, stamp in zip((1, 2, 3, 4), stamps):
        assert numbers(stamp, "kernel") == (scale * W).ravel().tolist()
        for role, text, place in cells(stamp):
            added[places.index(place)] += int(text) if role == "kernel" else 0
    assert np.array_equal(added, full.ravel())
    struck = [kind for kind, _, _ in total if kind == "line"]
    assert (
        len(struck)
        == full.size
        - conv_transpose(Y[None, None], W[None, None], stride=2, output_padding=1, padding=1).size
    )


def test_padded_shows_zero_insertion():
    (found,) = elements(figures.padded(Y, (3, 2), stride=(2, 3), window=0))
    expected = np.zeros((7, 6), int)
    expected[2:5:2, 1:5:3] = Y
    assert numbers(found) == expected.ravel().tolist() and numbers(found, "input") == [1, 2, 3, 4]
    assert outlined(found) == [["0"] * 5 + ["1"]]


def test_padding_beyond_full_strikes_cells_out():
    figure = figures.padded(X, 2, padding=((2, 1), 1))
    (found,) = elements(figure)
    assert numbers(found) == X.ravel().tolist()
    assert len([kind for kind, _, _ in found if kind == "line"]) == 4
    assert outlined(found) == [["4", "5", "8", "9"]]
    assert figure.title == "cropped input, 4 x 4"


def test_forward_padding():
    (found,) = elements(figures.padded(X, 3, padding=((1, 0), (0, 2)), transposed=False, stride=2, window=1))
    padded = np.pad(X, ((1, 0), (0, 2)))
    assert numbers(found) == padded.ravel().tolist()
    assert outlined(found) == [[str(n) for n in padded[0:3, 2:5].ravel()]]


@pytest.mark.parametrize("kernel_size, stride, dilation", [(3, 2, 1), (2, 3, 1), (3, 2, 2), (4, 2, 1)])
def test_overlap_counts(kernel_size, stride, dilation):
    figure = figures.overlap(kernel_size, stride, dilation=dilation, input_size=5)
    (found,) = elements(figure)
    ones = np.ones((1, 1, 5), int), np.ones((1, 1, kernel_size), int)
    counts = conv_transpose(*ones, stride=stride, dilation=dilation).ravel()
    assert numbers(found, "output", "zero") == counts.tolist()
    assert all((role == "zero") == (text == "0") for role, text, _ in cells(found))
    taps = [(text, x) for role, text, (x, _) in cells(found) if role == "kernel"]
    assert len(taps) == 5 * kernel_size
    columns = [x for role, _, (x, _) in cells(found) if role in ("output", "zero")]
    assert [sum(x == column for _, x in taps) for column in columns] == counts.tolist()


def test_overlap_map():
    (found,) = elements(figures.overlap((3, 2), (2, 3), input_size=(4, 3)))
    counts = conv_transpose(np.ones((1, 1, 4, 3), int), np.ones((1, 1, 3, 2), int), stride=(2, 3))
    assert numbers(found) == counts.ravel().tolist()


def test_sizes_lead_back():
    figure = figures.sizes(5, stride=3, padding=(1, 0), dilation=2)
    (found,) = elements(figure)
    inputs, outputs = numbers(found, "input"), numbers(found, "output")
    assert outputs == [1, 2, 3, 4] and inputs == list(range(8, 20))
    quiet = [int(text) for kind, _, text in found if kind == "small" and text.isdigit()]
    assert sorted(quiet) == sorted(4 * [0, 1, 2])
    for n, o, a in zip(inputs, np.repeat(outputs, 3), 4 * [0, 1, 2]):
        zeros = np.zeros((1, 1, o), int), np.zeros((1, 1, 5), int)
        back = conv_transpose(*zeros, stride=3, padding=((1, 0),), dilation=2, output_padding=a)
        assert back.shape[-1] == n
        assert f"{n}" in figure.description


@pytest.mark.parametrize("transposed", [False, True])
def test_blocks_name_the_weight(transposed):
    (found,) = elements(figures.blocks(4, 6, groups=2, transposed=transposed))
    shown = np.array([text for _, text, _ in cells(found)]).reshape(6, 4)
    weight = np.arange(1, 13).reshape(
        (4, 3) if transposed else (6, 2)
    )  # kernel of size 1: a block is one number
    if transposed:
        matrix = conv_matrix(weight[..., None], (1,), groups=2).T
    else:
        matrix = conv_matrix(weight[..., None], (1,), groups=2)
    for (out, channel), text in np.ndenumerate(shown):
        place = re.match(r"w (\d),(\d)", text)
        assert matrix[out, channel] == (weight[int(place[1]), int(place[2])] if place else 0)


def test_operators_are_swapped():
    left, right = elements(figures.operators())
    symbols = [[text for kind, a, text in d if "tc-strong" in a.get("class", "")][1:] for d in (left, right)]
    assert symbols == [["C", "Cᵀ"], ["Cᵀ", "C"]]


def test_beside_joins():
    figure = figures.beside(figures.grid([1, 2]), figures.grid([3], "kernel"))
    assert [numbers(d) for d in elements(figure)] == [[1, 2], [3]]
    assert figure.description == "Input x: 2 cells, holding 1 2. Kernel w: 1 cells, holding 3."


def test_plot_style_is_known_to_matplotlib():
    matplotlib = pytest.importorskip("matplotlib")
    assert set(figures.plot_style()) <= set(matplotlib.rcParams)


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
    public = set(figures.__all__) - {"plot_style"}
    assert {name for name in public if not any(key.startswith(name) for key in EXAMPLES)} == set()
    assert all(isinstance(example(), Figure) for example in EXAMPLES.values())


def test_the_running_example_fits_the_page():
    """A laptop's page has 680 pixels: two frames, four stamps, y = C x and both operators fit in a row."""
    product = EXAMPLES["product"]()
    for drawings in (
        figures.walk(X, W).drawings[1:3],
        figures.walk(Y, W, transposed=True).drawings[1:3],
        figures.stamps(Y, W).drawings[:4],
        product.drawings,
        figures.operators().drawings,
        figures.operation(X, W).drawings,
    ):
        assert sum(drawing.width for drawing in drawings) + 24 * (len(drawings) - 1) <= 680
    assert max(drawing.width for drawing in figures.walk(X, W).drawings) <= 340  # a phone
