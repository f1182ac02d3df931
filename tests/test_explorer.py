"""The explorer's Python side: traits that refuse in words, a text/html that is always the same bytes."""

import gzip
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import ipywidgets
import numpy as np
import pytest
import traitlets

import lib.explorer
from _ext import book, live
from lib import conv, conv_transpose, front_end, svg
from lib.explorer import LIMITS, Explorer, SideBySide, front, model, rules, widget

ROOT = Path(lib.explorer.__file__).parents[2]


def state_of(html):
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)[1])


@pytest.fixture(params=[widget, model], ids=["widget", "page"])
def kind(request):
    """The module of either explorer: the widget of a live notebook, the page's form without its machinery."""
    return request.param


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
        (
            {"padding": ((0, 1), (0, 1)), "two_ends": False},
            "two_ends must be True while padding differs between the ends of an axis",
        ),
        (
            {"padding": ((0, 5), 0), "stride": 4},
            r"padding must be at most 4 on every axis in the explorer, got \(\(0, 5\)",
        ),
        ({"padding": ((0, 1, 2), 0)}, r"padding of one axis must be an int or a \(before, after\) pair"),
        ({"bias": [1, 2]}, r"bias must be one number, got shape \(2,\)"),
        ({"bias": np.inf}, "bias must hold finite numbers"),
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
def test_refused(kind, settings, message):
    with pytest.raises(ValueError, match=message):
        kind.Explorer(**settings)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"stride": 1.5}, "stride must be an int, got 1.5"),
        ({"padding": True}, "padding must be an int, got True"),
        ({"input": [["a"]]}, "input must hold numbers, got dtype"),
        ({"input": [[1j]]}, "input must hold real numbers, got dtype complex128"),
        (
            {"strid": 2},
            "no argument 'strid'; it takes input, weight, stride, .*, controls, panels",
        ),
        ({"transposed": 1}, "transposed must be True or False, got 1"),
        ({"view": 2}, "view must be a string, got 2"),
        ({"speed": 2.0}, "speed must be an int, got 2.0"),
        ({"step": True}, "step must be an int, got True"),
    ],
)
def test_wrong_type(kind, settings, message):
    with pytest.raises(TypeError, match=message):
        kind.Explorer(**settings)


def test_refused_trait_keeps_its_value(kind):
    explorer = kind.Explorer(stride=2, output_padding=1)
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


def test_several_traits_change_together(kind):
    """Values that make sense only together are judged together."""
    explorer = kind.Explorer()
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


def test_what_is_no_longer_there_is_dropped(kind):
    explorer = kind.Explorer(stride=2, chosen="output:4,4", step=4)
    explorer.stride = (1, 2)
    assert explorer.per_axis
    assert explorer.chosen == ""
    explorer.input = [[1]]
    assert explorer.step is None


@pytest.mark.parametrize("transposed", [False, True])
def test_output_size_is_that_of_the_operation(kind, transposed):
    x, w = np.arange(20).reshape(4, 5), np.arange(1, 7).reshape(2, 3)
    explorer = kind.Explorer(x, w, stride=(2, 1), padding=(0, 1), dilation=(1, 2), transposed=transposed)
    operation = conv_transpose if transposed else conv
    result = operation(x[None, None], w[None, None], stride=(2, 1), padding=(0, 1), dilation=(1, 2))
    assert explorer.output_size == result.shape[2:]


def test_two_ends_and_a_bias(kind):
    """The state, the still figure and its words have them; an end that differs gets its own control."""
    x, w = np.arange(6).reshape(2, 3), np.arange(1, 7).reshape(3, 2)
    settings = {"stride": 2, "padding": ((0, 1), (1, 0)), "bias": -2.5}
    explorer = kind.Explorer(x, w, **settings)
    assert explorer.two_ends
    result = conv_transpose(x[None, None], w[None, None], [-2.5], stride=2, padding=((0, 1), (1, 0)))[0, 0]
    assert explorer.output_size == result.shape
    assert repr(explorer).endswith("stride 2, padding ((0, 1), (1, 0)), bias -2.5')")
    rows = "; ".join(" ".join(f"{number:g}" for number in row) for row in result)
    assert rows in explorer.figure().description
    assert "bias -2.5" in explorer.figure().description
    explorer.padding = (1, 0)
    assert explorer.two_ends and explorer.padding == (1, 0)
    explorer.two_ends = False
    assert state_of(explorer.html())["bias"] == -2.5


def test_html_carries_figure_and_state():
    html = Explorer(
        input=[[1, 2, 3]], weight=[[0.5, 2]], stride=2, chosen="input:0,1", controls=["reset", "stride"]
    ).html()
    state = state_of(html)
    assert state["input"] == [[1, 2, 3]]
    assert state["weight"] == [[0.5, 2]]
    assert state["controls"] == ["stride", "reset"]
    assert state["per_axis"] is True
    assert html.count("<svg") >= 3
    assert html.startswith("<div data-explorer>")


def test_html_tells_what_differs_from_the_defaults():
    """A new field with a default changes no stored page."""
    assert state_of(Explorer().html()) == {
        "input": [[1, 2], [3, 4]],
        "weight": [[1, 2, 3], [4, 5, 6], [7, 8, 9]],
    }
    told = state_of(Explorer(transposed=False, step=0, panels=[], controls=["step"]).html())
    assert {name: told[name] for name in told if name not in ("input", "weight")} == {
        "transposed": False, "view": "window", "step": 0, "panels": [], "controls": ["step"],
    }  # fmt: skip


def test_mime_bundle():
    explorer = Explorer()
    data, _ = explorer._repr_mimebundle_()
    assert data["text/plain"] == "Explorer('transposed convolution, input 2 x 2, kernel 3 x 3, output 4 x 4')"
    assert data["text/html"] == explorer.html()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == explorer.model_id
    both = SideBySide(explorer, Explorer(stride=2))._repr_mimebundle_()
    assert both["text/html"].count("<div data-explorer>") == 2
    # Where Python runs in the page itself, the same figure has the same form and nothing else.
    bare = model.SideBySide(model.Explorer(), model.Explorer(stride=2))
    assert model.Explorer()._repr_mimebundle_() == {name: data[name] for name in ("text/plain", "text/html")}
    assert bare._repr_mimebundle_() == {name: both[name] for name in ("text/plain", "text/html")}


WITHOUT = """
import importlib.abc
import sys


class Missing(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] in ("anywidget", "ipywidgets", "traitlets", "IPython", "comm"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


sys.meta_path.insert(0, Missing())
from lib.explorer import Explorer, SideBySide

explorer = Explorer(chosen="output:1,1")
explorer.padding = 1
try:
    explorer.padding = 3
except ValueError as error:
    print(error)
try:
    explorer.strid = 1
except AttributeError:
    print("no such field")
print(explorer, sorted(SideBySide(explorer)._repr_mimebundle_()))
"""


def test_without_widget_machinery():
    """What Python in the page has: no anywidget, ipywidgets, IPython."""
    command = [sys.executable, "-c", WITHOUT]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    refused, *rest = run.stdout.splitlines()
    assert refused.startswith("output size must be at least 1 on every axis, got (-2, -2)")
    assert rest == [
        "no such field",
        "Explorer('transposed convolution, input 2 x 2, kernel 3 x 3, output 2 x 2, padding 1') "
        "['text/html', 'text/plain']",
    ]


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
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
    assert len(runs.pop()) > 1000


def test_one_visual_language():
    """The front end's colours are those of lib.svg, and nothing in it is a colour of its own."""
    assert front.style().startswith(svg.theme_css("[data-explorer]") + "\n")
    own = (front.FOLDER / "explorer.css").read_text(encoding="utf-8")
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", own)


def test_small():
    """Front end below 40 KB, an explorer on a page below 30 KB, both compressed."""
    assert len(gzip.compress((front.script() + front.style()).encode())) < 40_000
    largest = Explorer(np.arange(100).reshape(10, 10), np.arange(25).reshape(5, 5), padding=2)
    assert len(gzip.compress(largest.html().encode())) < 30_000


def test_what_python_decides_the_front_end_is_told():
    """Limits and delays stand in one place; a faster speed waits less."""
    told = dict(re.findall(r"^const ([A-Z]+) = (.*);$", front.script(), re.MULTILINE))
    assert json.loads(told["LIMITS"]) == json.loads(json.dumps(LIMITS))
    assert json.loads(told["RANGES"]) == {"speed": [1, len(rules.DELAYS)], "wanted_size": [1, 64]}
    assert json.loads(told["DELAYS"]) == list(rules.DELAYS) == sorted(set(rules.DELAYS), reverse=True)


@pytest.fixture
def modules(tmp_path, monkeypatch):
    """Join modules that are written into a folder of the test's own."""
    monkeypatch.setattr(front, "FOLDER", tmp_path)

    def modules(**texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.js").write_text(text, encoding="utf-8")
        return front.module("a.js")

    return modules


def imports(name):
    return f'import {{ {name} }} from "./{name}.js";\n'


def test_modules_are_joined_in_the_order_of_their_imports(modules):
    text = modules(
        a=imports("b") + imports("c") + "\n/** Says it. */\nexport const a = () => b + c;\n",
        b=imports("c") + "// One more.\nexport const b = c + 1;\n",
        c="/* Only\n * here. */\nexport function c() {\n  return /** @type {any} */ (1);\n}\n",
    )
    assert text == (
        "function c() {\nreturn (1);\n}\nconst b = c + 1;\nconst a = () => b + c;\nexport default { a };\n"
    )


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"a": imports("b"), "b": "const b = 1;\n"}, "a.js imports b, which b.js does not export"),
        (
            {"a": imports("b") + "let c;\n", "b": "export const b = 1;\nlet c;\n"},
            "c is declared in b",
        ),
        ({"a": imports("b"), "b": imports("a")}, "a.js imports b.js imports a.js"),
        ({"a": 'import b from "./b.js";\n'}, "no import or export that can be joined"),
        ({"a": "export default 1;\n"}, "no import or export that can be joined"),
        ({"a": "export { a };\n"}, "no import or export that can be joined"),
        ({"a": "const a = `two\nlines`;\n"}, "a template must end in its line"),
    ],
)
def test_what_cannot_be_joined_is_refused(modules, texts, message):
    with pytest.raises(ValueError, match=message):
        modules(**texts)


def test_comments_go_and_strings_stay():
    text = (
        'const a = "b // c"; // one\n// two\n/** three\n * four */\nexport const d = `e // f`; // it is "g"\n'
    )
    kept = 'const a = "b // c";\nconst d = `e // f`; // it is "g"\n'
    assert kept in front_end.script(["one.js"], {"one.js": text}.__getitem__, "Name")


@pytest.mark.parametrize("name", sorted(path.name for path in front.FOLDER.glob("*[!s].[jc]s*")))
def test_a_changed_explorer_makes_pages_anew(tmp_path, monkeypatch, name):
    """Sphinx makes all pages anew when the extension's number changes."""
    before = book.env_version()
    folder = shutil.copytree(front.FOLDER, tmp_path / "front")
    monkeypatch.setattr(front, "FOLDER", folder)
    assert book.env_version() == before
    with open(folder / name, "a", encoding="utf-8") as file:
        file.write(".new { color: inherit }\n" if name.endswith(".css") else "window.aNewName = 1;\n")
    assert book.env_version() != before


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """The extensions at work on a copy of the project, without Python for the page."""
    for name in ("_ext", "lib", "chapters", "requirements"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb*"))
    for name in ("_toc.yml", "index.ipynb"):
        shutil.copy(ROOT / name, tmp_path)
    for part, name in ((book, "book"), (live, "live")):
        monkeypatch.setattr(part, "HERE", tmp_path / "_ext" / name)
        monkeypatch.setattr(part, "ROOT", tmp_path)
    monkeypatch.setattr(live.compiled, "ROOT", tmp_path)
    for part, name in ((live.compiled, "LOCK"), (live.runtime, "LIST")):
        monkeypatch.setattr(part, name, tmp_path / "requirements" / getattr(part, name).name)
    monkeypatch.setattr(front, "FOLDER", tmp_path / "lib" / "explorer" / "front")
    monkeypatch.setattr(live, "python_files", lambda: None)
    return tmp_path


def unseen(files, version):
    """The files that may change without another version. Each is put back."""
    before, missed = version(), []
    for path in files:
        content = path.read_bytes()
        path.write_bytes(content + b"\n.new { color: inherit }\nconst aNewName = 1;\n")
        if version() == before:
            missed.append(path.name)
        path.write_bytes(content)
    assert version() == before
    return missed


def test_each_file_that_shows_on_every_page_makes_pages_anew(copied):
    extension = [path for path in (copied / "_ext").rglob("*") if path.is_file()]
    assert len(extension) > 40 and not unseen([*extension, copied / "_toc.yml"], book.env_version)


def test_each_file_that_pages_load_for_python_makes_pages_anew(copied):
    """A page names the version of what it loads: with an old name it would get an old file from a cache."""
    lib = [path for path in (copied / "lib").rglob("*") if path.suffix in (".py", ".npz", ".json")]
    lists = [copied / "requirements" / name for name in ("pyodide.sha256", "pyodide-lock.json")]
    page = [path for path in (copied / "_ext" / "live").rglob("*") if path.is_file()]
    assert len(lib) > 70 and not unseen([*lib, *lists, *page], live.env_version)


def test_python_for_the_page_makes_pages_anew(copied, monkeypatch):
    before = live.env_version()
    monkeypatch.setattr(live, "python_files", lambda: copied)
    assert live.env_version() != before


def test_the_files_of_unchanged_pages_stay(tmp_path):
    """Sphinx writes a changed page alone; what the others load of their own has to be there still."""
    live.write_json(tmp_path, "pages/chapters/05-padding.json", {})
    live.write_json(tmp_path, "python/old.json", {})
    live.write_json(tmp_path, "old.json", {})
    live.clear(tmp_path, keep=live.PAGES)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["05-padding.json"]
    live.clear(tmp_path, keep=None)
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("part", ["script", "style"])
def test_a_changed_calculator_makes_pages_anew(monkeypatch, part):
    before = book.env_version()
    made = getattr(book.calculator, part)()
    monkeypatch.setattr(book.calculator, part, lambda: made + "/* new */")
    assert book.env_version() != before


def test_changed_rules_and_colours_make_pages_anew(monkeypatch):
    before = book.env_version()
    monkeypatch.setitem(rules.RANGES, "wanted_size", (1, 65))
    changed = book.env_version()
    monkeypatch.setitem(svg.TOKENS["dark"], "--tc-ink", "#000000")
    assert len({before, changed, book.env_version()}) == 3
