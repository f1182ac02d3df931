"""The explorer's Python side: traits that refuse in words, a text/html that is always the same bytes."""

import gzip
import json
import re
import subprocess
import sys
from pathlib import Path

import ipywidgets
import numpy as np
import pytest
import traitlets

import lib.explorer
from lib import conv, conv_transpose, svg
from lib.explorer import CONTROLS, PANELS, Explorer, SideBySide

FRONT_END = Path(lib.explorer.__file__).with_name("explorer.js")


def state_of(html):
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)[1])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"stride": 0}, "stride must be at least 1 on every axis, got 0"),
        ({"stride": 5}, r"stride must be at most 4 on every axis in the explorer, got \(5, 5\)"),
        ({"padding": 2, "weight": [[1]]}, r"output size must be at least 1 on every axis, got \(-2, -2\)"),
        ({"output_padding": 1}, "output_padding must be smaller than stride or dilation"),
        (
            {"input": np.ones((11, 11)), "weight": [[1]]},
            "input_size must be at most 10 on every axis in the explorer",
        ),
        (
            {"input": np.ones((9, 9))},
            r"output_size must be at most 10 on every axis in the explorer, got \(11, 11\)",
        ),
        (
            {"input": np.ones((1, 1, 4, 4))},
            r"one 1-D or 2-D array without batch and channels, got shape \(1, 1, 4, 4\)",
        ),
        ({"input": [1, 2], "weight": [[1]]}, r"same number of axes, got \(2,\) and \(1, 1\)"),
        ({"input": [[np.nan]]}, "input must hold finite numbers"),
        ({"stride": (1, 2, 3)}, "stride must be an int or one entry per spatial axis"),
        ({"view": "windows"}, "view must be 'stamps' or 'window', got 'windows'"),
        (
            {"chosen": "output:4,0"},
            "chosen must name a cell of the picture, as 'output:0,1' does, got 'output:4,0'",
        ),
        ({"chosen": "output"}, "chosen must name a cell"),
        ({"step": 5}, "step must be None or from 0 to 4, got 5"),
        (
            {"stride": (1, 2), "per_axis": False},
            "per_axis must be True while sizes or settings differ between axes",
        ),
        ({"controls": ["strides"]}, "controls must be among transposed, view"),
        ({"panels": ["matrices"]}, "panels must be among padded, matrix"),
        ({"speed": 6}, "speed must be from 1 to 5, got 6"),
        ({"wanted_size": 0}, "wanted_size must be from 1 to 64, got 0"),
        ({"wanted_size": 65}, "wanted_size must be from 1 to 64, got 65"),
        ({"input": [[1, 2], [3]]}, "input must be an array, every row as long as the others"),
        (
            {"weight": [[2**53 + 1]]},
            "weight must hold numbers that a float64 holds exactly, got 9007199254740993",
        ),
        ({"chosen": "output:\u0663,1"}, "chosen must name a cell"),
    ],
)
def test_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        Explorer(**settings)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"stride": 1.5}, "stride must be an int, got 1.5"),
        ({"padding": True}, "padding must be an int, got True"),
        ({"input": [["a"]]}, "input must hold numbers, got dtype"),
        ({"input": [[1j]]}, "input must hold real numbers, got dtype complex128"),
        ({"strid": 2}, "Explorer has no argument 'strid'"),
    ],
)
def test_wrong_type(settings, message):
    with pytest.raises(TypeError, match=message):
        Explorer(**settings)


def test_refused_trait_keeps_its_value():
    explorer = Explorer(stride=2, output_padding=1)
    with pytest.raises(ValueError, match="output_padding must be smaller"):
        explorer.stride = 1
    assert explorer.stride == 2
    with (
        pytest.raises(ValueError, match="must be at least 1 on every axis"),
        explorer.hold_trait_notifications(),
    ):
        explorer.padding = 4
        explorer.input = [[7]]
    assert explorer.padding == 0
    assert explorer.input == [[1, 2], [3, 4]]


def test_several_traits_change_together():
    """Values that make sense only together are judged together."""
    explorer = Explorer()
    with explorer.hold_trait_notifications():
        explorer.weight = np.array([3, 1, 2])
        explorer.input = np.array([1.5, 2.0])
        explorer.stride = (3,)
    assert explorer.output_size == (6,)
    assert explorer.input == [1.5, 2.0]


def test_traits_are_observable_and_link():
    seen = []
    one, other = Explorer(), Explorer(input=np.arange(9).reshape(3, 3))
    one.observe(lambda change: seen.append((change.name, change.new)), ["stride", "input"])
    link = traitlets.link((one, "stride"), (other, "stride"))
    other.stride = 2
    one.input = np.array([[5, 6]])
    assert seen == [("stride", 2), ("input", [[5, 6]])]
    assert one.stride == 2
    link.unlink()


def test_interact_drives_an_explorer():
    explorer = Explorer()
    slider = ipywidgets.IntSlider(1, 1, 4)
    ipywidgets.interactive(lambda stride: explorer.set_trait("stride", stride), stride=slider)
    slider.value = 3
    assert explorer.stride == 3


def test_what_is_no_longer_there_is_dropped():
    explorer = Explorer(stride=2, chosen="output:4,4", step=4)
    explorer.stride = (1, 2)
    assert explorer.per_axis
    assert explorer.chosen == ""
    explorer.input = [[1]]
    assert explorer.step is None


@pytest.mark.parametrize("transposed", [False, True])
def test_output_size_is_that_of_the_operation(transposed):
    x, w = np.arange(20).reshape(4, 5), np.arange(1, 7).reshape(2, 3)
    explorer = Explorer(x, w, stride=(2, 1), padding=(0, 1), dilation=(1, 2), transposed=transposed)
    operation = conv_transpose if transposed else conv
    result = operation(x[None, None], w[None, None], stride=(2, 1), padding=(0, 1), dilation=(1, 2))
    assert explorer.output_size == result.shape[2:]


def test_html_carries_figure_and_state():
    html = Explorer(
        input=[[1, 2, 3]], weight=[[0.5, 2]], stride=2, chosen="input:0,1", controls=["reset", "stride"]
    ).html()
    state = state_of(html)
    assert state["input"] == [[1, 2, 3]]
    assert state["weight"] == [[0.5, 2]]
    assert state["controls"] == ["stride", "reset"]
    assert state["panels"] == list(PANELS)
    assert state["per_axis"] is True
    assert html.count("<svg") >= 3
    assert html.startswith("<div data-explorer>")
    assert state_of(Explorer().html())["controls"] == list(CONTROLS)


def test_mime_bundle():
    explorer = Explorer()
    data, _ = explorer._repr_mimebundle_()
    assert data["text/plain"] == "Explorer('transposed convolution, input 2 x 2, kernel 3 x 3, output 4 x 4')"
    assert data["text/html"] == explorer.html()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == explorer.model_id
    both = SideBySide(explorer, Explorer(stride=2))._repr_mimebundle_()
    assert both["text/html"].count("<div data-explorer>") == 2


def test_same_bytes_in_every_process():
    code = """
from lib.explorer import Explorer, SideBySide
explorer = Explorer(stride=2, chosen="output:1,1")
print(SideBySide(explorer, explorer)._repr_mimebundle_()["text/html"])
"""
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            cwd=Path(lib.explorer.__file__).parents[2],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
    assert len(runs.pop()) > 1000


def test_one_visual_language():
    """The front end has the very tokens of lib.svg."""
    source = FRONT_END.read_text(encoding="utf-8")
    for theme, constant in (("light", "LIGHT"), ("dark", "DARK")):
        written = re.search(rf'const {constant} = "(.*?)";', source)[1]
        assert dict(pair.split(":") for pair in written.split(";")) == svg.TOKENS[theme]


def test_small():
    """Front-end file below 40 KB, an explorer on a page below 30 KB, both compressed."""
    assert len(gzip.compress(FRONT_END.read_bytes())) < 40_000
    largest = Explorer(np.arange(100).reshape(10, 10), np.arange(25).reshape(5, 5), padding=2)
    assert len(gzip.compress(largest.html().encode())) < 30_000
