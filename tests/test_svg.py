"""The SVG writer: valid, deterministic, one element a line; roles told apart with and without colour."""

import re
from itertools import combinations
from xml.etree import ElementTree

import pytest

from lib.svg import ROLES, TOKENS, Drawing, Figure, element, text_width, theme_css


def sheet():
    drawing = Drawing(120, 60)
    drawing.cell(6, 6, 36, 36, "kernel", "7")
    drawing.arrow(50, 24, 90, 24)
    drawing.text(60, 50, "<a & b>", "small", "start")
    return drawing


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first, second):
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_numbers_are_legible_on_their_cells(theme):
    tokens = TOKENS[theme]
    for fill in ("input", "kernel", "output", "zero", "paper"):
        assert contrast(tokens["--tc-ink"], tokens[f"--tc-{fill}"]) >= 4.5
    for fill in ("zero", "paper"):  # quiet text and borders
        assert contrast(tokens["--tc-line"], tokens[f"--tc-{fill}"]) >= 4.5
    for fill in ("input", "kernel", "output", "zero", "paper"):  # outlines: graphics need 3
        assert contrast(tokens["--tc-accent"], tokens[f"--tc-{fill}"]) >= 3


def test_themes_define_the_same_tokens():
    assert list(TOKENS["light"]) == list(TOKENS["dark"])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_fills_differ(theme):
    fills = [TOKENS[theme][f"--tc-{role}"] for role in ("input", "kernel", "output", "zero", "paper")]
    assert len(set(fills)) == 5


def marks(role):
    """What of a cell remains when every colour is taken away: element, corners, border."""
    drawing = Drawing(40, 40)
    drawing.cell(0, 0, 36, 36, role)
    cell = ElementTree.fromstring(drawing.lines[0])
    style = Figure("a", "b", [drawing]).svg()
    rule = re.search(rf"\.tc-{role}{{(.*)}}", style)[1]
    return cell.tag, cell.get("rx"), "stroke:" in rule, "dasharray" in rule


def test_roles_differ_without_colour():
    for first, second in combinations(ROLES, 2):
        assert marks(first) != marks(second), (first, second)
    assert len({role.shape for role in ROLES.values()}) == len(ROLES)
    letters = [role.letter for role in ROLES.values() if role.letter]
    assert len(set(letters)) == len(letters) == 4


def test_standalone_is_valid_and_says_what_it_shows():
    root = ElementTree.fromstring(Figure("a < b", 'it says "7" & more', [sheet(), sheet()]).svg())
    names = [child.tag.split("}")[1] for child in root]
    assert names[:4] == ["title", "desc", "style", "rect"]
    assert (root[0].text, root[1].text) == ("a < b", 'it says "7" & more')
    assert root.get("role") == "img"
    plate = root[3]
    assert (plate.get("width"), plate.get("height")) == (root.get("width"), root.get("height"))
    assert "var(" not in Figure("a", "b", [sheet()]).svg()


def test_inline_is_valid_and_says_what_it_shows():
    html = Figure("a < b", 'it says "7" & more', [sheet(), sheet()]).html()
    root = ElementTree.fromstring(html)
    box = root.find("div")
    assert (root.tag, root.get("class")) == ("figure", "tc-figure")
    assert (box.get("role"), box.get("aria-label")) == ("img", 'a < b. it says "7" & more')
    assert len(box.findall("svg")) == 2


def test_inline_keeps_to_itself():
    html = Figure("a", "b", [sheet()]).html()
    assert not re.search(r"\bid=|url\(", html)
    assert all(
        name.startswith("tc-") for group in re.findall(r'class="([^"]*)"', html) for name in group.split()
    )
    for line in re.search(r"<style>\n(.*)\n</style>", html, re.S)[1].splitlines():
        assert ".tc-" in line  # no rule reaches anything but figures


def test_only_a_wide_figure_is_a_tab_stop():
    assert "tabindex" not in Figure("a", "b", [Drawing(320, 10)]).html()
    assert 'tabindex="0"' in Figure("a", "b", [Drawing(100, 10), Drawing(321, 10)]).html()


def test_bundle():
    bundle = Figure("C, 4 x 16", "a matrix", [sheet()])._repr_mimebundle_()
    assert list(bundle) == ["text/plain", "image/svg+xml", "text/html"]
    assert bundle["text/plain"] == "Figure('C, 4 x 16')"


def test_one_element_a_line():
    for line in Figure("a", "b", [sheet()]).svg().splitlines():
        assert line.count("<") <= (2 if "</" in line else 1)


def test_drawings_flow_into_rows():
    wide = [Drawing(300, 40), Drawing(300, 60), Drawing(200, 20)]
    moves = re.findall(r"translate\((\d+) (\d+)\)", Figure("a", "b", wide).svg(width=640))
    assert moves == [
        ("16", "26"),
        ("340", "16"),
        ("16", "100"),
    ]  # centred in its row; the third starts a new one
    wide[0].ends_row = True
    moves = re.findall(r"translate\((\d+) (\d+)\)", Figure("a", "b", wide).svg(width=640))
    assert moves == [("16", "16"), ("16", "80"), ("340", "100")]
    assert Figure("a", "b", wide).html().count("tc-break") == 2  # the style, and once


def test_dark_is_for_screens():
    css = theme_css(".box")
    light, dark = css.split("\n")
    assert light.startswith(".box{") and dark.startswith("@media screen{")
    assert all(f"{name}:{value}" in dark for name, value in TOKENS["dark"].items())
    for theme in ('html[data-theme="dark"] .box', '[data-jp-theme-light="false"] .box'):
        assert theme in dark


def test_arrow_ends_at_its_point():
    for x, y in ((10, 0), (-10, 0), (0, 10), (0, -10)):
        drawing = Drawing(40, 40)
        drawing.arrow(20, 20, 20 + x, 20 + y)
        head = drawing.lines[-1]
        assert f'points="{20 + x},{20 + y} ' in head


def test_text_width_grows():
    assert text_width("1234") == 4 * text_width("1") == 36
    assert text_width("1", 28) == 18
    assert text_width("1,1") == 23 < text_width("111")


def test_refusals():
    with pytest.raises(TypeError, match="x must be an int, got 1.5"):
        element("text", "a", x=1.5)
    with pytest.raises(TypeError, match="width must be an int"):
        Drawing(1.0, 2)
    with pytest.raises(ValueError, match="role must be one of input, kernel, output, zero, empty, got 'x'"):
        Drawing(1, 1).cell(0, 0, 1, 1, "x")
    with pytest.raises(ValueError, match="arrow must be horizontal or vertical"):
        Drawing(1, 1).arrow(0, 0, 5, 5)
    with pytest.raises(ValueError, match="description must say what is drawn"):
        Figure("a", " ", [sheet()])
    with pytest.raises(TypeError, match="title must be a string, got None"):
        Figure(None, "b", [sheet()])
    with pytest.raises(ValueError, match="drawings must hold at least one drawing"):
        Figure("a", "b", [])
