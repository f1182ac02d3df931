"""The gallery: its cases have the sizes that they are known for, and what its page says of them holds."""

import importlib.util
import json
import re
from pathlib import Path
from urllib.parse import parse_qsl

import numpy as np
import pytest
from drawn import sheet, values

from lib import conv, conv_transpose
from lib.explorer import rules
from lib.gallery import CASES

PAGE = (Path(__file__).resolve().parent.parent / "chapters" / "gallery.md").read_text(encoding="utf-8")
# The settings of the animations of github.com/vdumoulin/conv_arithmetic: size of the convolution's input, of
# its output, padding, kernel, stride. The transposed ones swap the sizes.
KNOWN = {
    "no-padding-no-strides": (4, 2, 0, 3, 1),
    "arbitrary-padding-no-strides": (5, 6, 2, 4, 1),
    "half-padding-no-strides": (5, 5, 1, 3, 1),
    "full-padding-no-strides": (5, 7, 2, 3, 1),
    "no-padding-strides": (5, 2, 0, 3, 2),
    "padding-strides": (5, 3, 1, 3, 2),
    "padding-strides-odd": (6, 3, 1, 3, 2),
}


CONVOLUTIONS = {*KNOWN, "dilation"}


def made_anew():
    """The cases as they come from the module's own lines, run again."""
    spec = importlib.util.find_spec("lib.gallery")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.CASES


def output(name, **changes):
    case = made_anew()[name]
    settings = {key: value for key, value in {**case.settings, **changes}.items() if key != "letters"}
    operation = conv_transpose if settings.pop("transposed") else conv
    return operation(case.input[None, None], case.kernel[None, None], **settings)[0, 0]


@pytest.mark.parametrize("name", KNOWN)
def test_the_known_cases_have_their_sizes(name):
    cases = made_anew()
    large, small, padding, kernel, stride = KNOWN[name]
    for case, sizes in ((name, (large, small)), (f"{name}-transposed", (small, large))):
        given = cases[case].settings
        assert cases[case].input.shape == (sizes[0],) * 2 and output(case).shape == (sizes[1],) * 2
        assert cases[case].kernel.shape == (kernel, kernel)
        assert (given.get("padding", 0), given.get("stride", 1)) == (padding, stride)
        assert given["transposed"] == case.endswith("-transposed")
        assert len(cases[case].film()) == sizes[1] ** 2


def test_numbers_are_small_and_tell_their_places():
    """Inputs are digits, row by row, 0 after 9; kernels count from 1. Two cases have other numbers."""
    cases = made_anew()
    assert list(cases) == list(CASES)
    assert np.array_equal(
        cases["no-padding-no-strides"].input, [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11], [12, 13, 14, 15]]
    )
    for name in set(cases) - {"no-padding-no-strides", "checkerboard"}:
        numbers = cases[name].input.ravel().tolist()
        assert numbers == [int(digit) for digit in ("1234567890" * 5)[: len(numbers)]], name
    for name in set(cases) - {"checkerboard"}:
        kernel = cases[name].kernel
        assert kernel.ravel().tolist() == list(range(1, kernel.size + 1)), name
    assert set(cases["checkerboard"].input.ravel()) == set(cases["checkerboard"].kernel.ravel()) == {1}


def test_stamps_are_the_transposed_convolutions():
    for name, case in made_anew().items():
        assert case.settings["transposed"] == (name not in CONVOLUTIONS)
        assert case.view == "window" or case.settings["transposed"]
        assert case.input.ndim == (1 if "audio" in name else 2) and len(set(case.input.shape)) == 1
        assert case.view == ("stamps" if "stamps" in name else case.view)
    names = [name for name, case in made_anew().items() if case.twin]
    assert names == ["rotation", "groups"]


def test_two_films_beside_each_other_have_their_look_and_their_letters():
    for name in ("rotation", "groups"):
        film = CASES[name].film(theme="dark", numbers=False)
        assert film.theme == "dark" and len(film.panels) == 2 and film.title.endswith(", twice")
        assert len(sheet(film.still()).texts) == 1  # the licence
    said = [text.text for text in sheet(CASES["groups"].twin().still()).texts]
    assert said[:3] == ["y 1 1,1 = 8 adds 8 · w 1", "input y 1, 2 × 2", "output x 1, 4 × 4"]
    turned, not_turned = CASES["rotation"].film().description.split(". The kernel")[1:]
    assert turned.startswith(", rotated by 180 degrees,") and not not_turned.startswith(", rotated")
    last = sheet(CASES["rotation"].twin().still())
    plain = conv_transpose(np.array([[[[1, 2], [3, 4]]]]), np.arange(9, 0, -1).reshape(1, 1, 3, 3))[0, 0]
    assert np.array_equal(values(last.of("output")), plain)


def test_the_dilated_one_too():
    assert CASES["dilation"].input.shape == (7, 7) and output("dilation").shape == (3, 3)
    assert CASES["dilation"].settings == {"transposed": False, "dilation": 2}


def test_the_page_shows_every_case_once_and_in_order():
    assert re.findall(r"^```{film} (\S+)$", PAGE, re.MULTILINE) == list(CASES)
    assert len(re.findall(r"^### ", PAGE, re.MULTILINE)) == len(CASES)
    assert list(CASES).index("stamps") == 2 * len(KNOWN) + 1 == 15  # "The first fifteen"


@pytest.mark.parametrize("name", CASES)
def test_a_link_opens_the_explorer_after_the_first_step(name):
    key, _, query = CASES[name].fragment().partition("?")
    asked = {field: json.loads(value) for field, value in parse_qsl(query, strict_parsing=True)}
    assert key == "#explorer-1" and set(asked) == set(rules.FIELDS) - set(rules.RANGES)
    state = rules.changed(rules.opening([9], [9], {"transposed": False}), asked)
    assert np.array_equal(state["input"], CASES[name].input)
    assert np.array_equal(state["weight"], CASES[name].kernel)
    given = {**rules.DEFAULTS, **CASES[name].settings}
    assert all(state[field] == given[field] for field in (*rules.SETTINGS, "transposed"))
    assert rules.steps(state) == len(CASES[name].film()) and state["step"] == 1


def test_files_are_small():
    for name, case in CASES.items():
        if len(case.film()) <= 16:
            assert len(case.film().gif()) < 100_000, name


# ---- what the page says ----


def test_sizes_of_convolutions():
    assert (
        output("arbitrary-padding-no-strides").shape[0]
        == CASES["arbitrary-padding-no-strides"].input.shape[0] + 1
    )
    full = output("full-padding-no-strides", padding=0), output("full-padding-no-strides")
    assert (
        full[1].shape[0] - full[0].shape[0] == 4
    )  # two more windows at each end; the next would see nothing
    odd = CASES["padding-strides-odd"]
    changed = odd.input.copy()
    changed[-1], changed[:, -1] = 99, 99  # the last row is read, the row of padding after it is not
    assert not np.array_equal(conv(changed[None, None], odd.kernel[None, None], stride=2, padding=1)[0, 0],
                              output("padding-strides-odd"))  # fmt: skip
    more = output("padding-strides-odd", padding=((1, 0), (1, 0)))
    assert np.array_equal(more, output("padding-strides-odd"))


def test_half_padding_transposed_is_a_convolution_with_the_rotated_kernel():
    case = CASES["half-padding-no-strides-transposed"]
    rotated = case.kernel[::-1, ::-1]
    assert np.array_equal(
        conv(case.input[None, None], rotated[None, None], padding=1)[0, 0],
        output("half-padding-no-strides-transposed"),
    )


def test_one_film_is_the_other_by_stamps():
    assert np.array_equal(output("stamps"), output("no-padding-strides-transposed"))
    assert np.array_equal(output("audio"), output("audio-stamps")) and output("audio").shape == (8,)


def test_without_the_rotation_other_numbers_come_out():
    case = CASES["rotation"]
    assert not np.array_equal(
        conv_transpose(case.input[None, None], case.kernel[None, None, ::-1, ::-1])[0, 0], output("rotation")
    )


def test_what_stamps_reach():
    reached = {
        name: conv_transpose(
            np.ones((1, 1, *CASES[name].input.shape), int),
            np.ones((1, 1, *CASES[name].kernel.shape), int),
            **{key: value for key, value in CASES[name].settings.items() if key != "transposed"},
        )[0, 0]
        for name in ("kernel-as-large-as-stride", "checkerboard", "output-padding", "holes")
    }
    assert set(reached["kernel-as-large-as-stride"].ravel()) == {1}
    assert np.array_equal(output("checkerboard"), reached["checkerboard"])
    assert set(reached["checkerboard"].ravel()) == {1, 2, 4}
    assert not reached["output-padding"][-1].any() and not reached["output-padding"][:, -1].any()
    assert reached["output-padding"][:-1, :-1].all()
    assert not reached["holes"][1::2].any() and not reached["holes"][:, 1::2].any()
    assert reached["holes"][::2, ::2].all()


def test_padding_cuts_the_rim_away():
    assert np.array_equal(output("padding-crops"), output("padding-crops", padding=0)[1:-1, 1:-1])


def test_groups_are_layers_side_by_side():
    first = CASES["groups"]
    x = np.stack([first.input, [[5, 6], [7, 8]]])[None]
    w = np.stack([first.kernel, [[9, 8], [7, 6]]])[:, None]
    both = conv_transpose(x, w, stride=2, groups=2)[0]
    assert np.array_equal(both[0], output("groups"))
    shown = values(sheet(first.twin().still()).of("output"))
    assert np.array_equal(both[1], shown)


def test_the_code_of_the_page_runs(tmp_path, monkeypatch):
    (code,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(code, {})
    assert {path.name for path in tmp_path.iterdir()} == {"mine.svg", "mine.gif"}
