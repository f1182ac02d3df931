"""The SVG writer: valid, deterministic, one element a line; roles told apart with and without colour."""

import math
import re
from itertools import combinations
from xml.etree import ElementTree

import pytest
from wcag import contrast

from lib.svg import (
    DASHES,
    HUES,
    ROLES,
    TOKENS,
    Drawing,
    Figure,
    element,
    file_rules,
    file_style,
    text_width,
    theme_css,
)


def sheet():
    drawing = Drawing(120, 60)
    drawing.cell(6, 6, 36, 36, "kernel", "7")
    drawing.arrow(50, 24, 90, 24)
    drawing.text(60, 50, "<a & b>", "small", "start")
    return drawing


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_wires_are_seen_and_told_apart(theme):
    hues = HUES[theme].values()
    assert len(set(hues)) == len(hues) and len(set(DASHES)) == len(DASHES)
    assert all(contrast(hue, TOKENS[theme]["--tc-paper"]) >= 4.5 for hue in hues)
    looks = {(n % len(hues), n % len(DASHES)) for n in range(20)}
    assert len(looks) == 20
    assert list(HUES["light"]) == list(HUES["dark"])


@pytest.mark.parametrize("x, y", [(30, 100), (-30, 100), (0, -50), (40, 0), (-13, -7)])
def test_a_wire_points_to_its_end(x, y):
    drawing = Drawing(300, 300)
    drawing.wire(100, 110, 100 + x, 110 + y, 6, faint=True)
    line, tip = (ElementTree.fromstring(text) for text in drawing.lines)
    assert line.get("class") == "tc-wire tc-hue-2 tc-faint tc-dash-1"
    assert tip.get("class") == "tc-tip tc-hue-2 tc-faint"
    (point, *back) = [[int(n) for n in pair.split(",")] for pair in tip.get("points").split()]
    assert point == [100 + x, 110 + y]
    length = (x * x + y * y) ** 0.5
    for corner, side in zip(back, (3, -3)):
        wanted = [point[0] - (8 * x - side * y) / length, point[1] - (8 * y + side * x) / length]
        assert all(abs(a - b) <= 0.51 for a, b in zip(corner, wanted))
    end = [int(line.get(name)) for name in ("x2", "y2")]
    assert abs(end[0] - point[0] + 6 * x / length) <= 0.51 and abs(end[1] - point[1] + 6 * y / length) <= 0.51
    assert [int(line.get(name)) for name in ("x1", "y1")] == [100, 110]
    with pytest.raises(ValueError, match="wire must have a length"):
        drawing.wire(1, 1, 1, 1, 0)


def test_only_figures_with_wires_carry_their_style():
    wired = Drawing(20, 20)
    wired.wire(0, 0, 9, 9, 0)
    for form in ("svg", "html"):
        assert "tc-hue" not in getattr(Figure("a", "b", [sheet()]), form)()
        style = getattr(Figure("a", "b", [sheet(), wired]), form)()
        for number in range(len(HUES["light"])):
            colour = HUES["light"][f"--tc-hue-{number}"] if form == "svg" else f"var(--tc-hue-{number})"
            assert f".tc-hue-{number}{{stroke:{colour};fill:{colour}}}" in style
        assert all(f".tc-dash-{n}{{stroke-dasharray:{dash}}}" in style for n, dash in enumerate(DASHES))
    assert HUES["dark"]["--tc-hue-3"] in Figure("a", "b", [wired]).html()


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


def said_in(root):
    """All text of a drawing but title, description and style: nothing stands between the elements."""
    told = {text for e in root if e.tag.split("}")[-1] in ("title", "desc", "style") for text in e.itertext()}
    return [text for text in root.itertext() if text.strip() and text not in told]


def test_standalone_is_valid_and_says_what_it_shows():
    root = ElementTree.fromstring(Figure("a < b", 'it says "7" & more', [sheet(), sheet()]).svg())
    names = [child.tag.split("}")[1] for child in root]
    assert names[:4] == ["title", "desc", "style", "rect"]
    assert (root[0].text, root[1].text) == ("a < b", 'it says "7" & more')
    assert root.get("role") == "img"
    size = {name: root.get(name) for name in ("width", "height")}
    assert root[3].attrib == {"class": "tc-plate", "x": "0", "y": "0", **size}  # all of it is paper
    assert said_in(root) == ["7", "<a & b>"] * 2
    assert "var(" not in Figure("a", "b", [sheet()]).svg()


def test_inline_is_valid_and_says_what_it_shows():
    html = Figure("a < b", 'it says "7" & more', [sheet(), sheet()]).html()
    root = ElementTree.fromstring(html)
    box = root.find("div")
    assert (root.tag, root.get("class")) == ("figure", "tc-figure")
    assert (box.get("role"), box.get("aria-label")) == ("img", 'a < b. it says "7" & more')
    assert len(box.findall("svg")) == 2
    assert said_in(box) == ["7", "<a & b>"] * 2


def test_inline_keeps_to_itself():
    html = Figure("a", "b", [sheet()]).html()
    assert not re.search(r"\bid=|url\(", html)
    assert all(
        name.startswith("tc-") for group in re.findall(r'class="([^"]*)"', html) for name in group.split()
    )
    for line in re.search(r"<style>\n(.*)\n</style>", html, re.S)[1].splitlines():
        assert ".tc-" in line  # no rule reaches anything but figures


def test_both_forms_hold_the_same_drawings():
    figure = Figure("a", "b", [sheet(), sheet()])
    inline = ElementTree.fromstring(figure.html()).find("div").findall("svg")
    assert [(svg.get("width"), svg.get("height"), svg.get("viewBox")) for svg in inline] == [
        ("120", "60", "0 0 120 60")
    ] * 2
    for svg in inline:
        assert [(e.attrib, e.text) for e in svg] == [
            (e.attrib, e.text) for e in map(ElementTree.fromstring, sheet().lines)
        ]
    for group in ElementTree.fromstring(figure.svg()).iter("{http://www.w3.org/2000/svg}g"):
        assert [e.attrib for e in group] == [ElementTree.fromstring(line).attrib for line in sheet().lines]


def test_other_words():
    figure = Figure("title", "long words", [sheet()])
    mine = figure.described(" mine  and\nshort ")
    assert (mine.title, mine.description, mine.drawings) == ("title", "mine and short", figure.drawings)
    assert figure.description == "long words"
    with pytest.raises(ValueError, match="description must say what is drawn"):
        figure.described("")


def test_a_stripped_page_says_how_to_see_the_figure():
    (line,) = ElementTree.fromstring(Figure("C, 4 x 16", "b", [sheet()]).html()).findall("p")
    assert line.text == "Drawing: C, 4 x 16. Run the notebook, or trust it, to see it."


def test_the_style_of_a_file_holds_the_light_colours():
    style = Figure("a", "b", [sheet()]).svg()
    for role in ("input", "kernel", "output", "zero"):
        assert f".tc-file .tc-{role}{{fill:{TOKENS['light'][f'--tc-{role}']}" in style
    page = Figure("a", "b", [sheet()]).html()
    assert ".tc-figure .tc-input{fill:var(--tc-input)" in page and "tc-plate" not in page


def test_only_a_wide_figure_is_a_tab_stop():
    assert "tabindex" not in Figure("a", "b", [Drawing(320, 10)]).html()
    html = Figure("a", "b", [Drawing(100, 10), Drawing(321, 10)]).html()
    assert ElementTree.fromstring(html).find("div").get("tabindex") == "0"


def test_bundle():
    bundle = Figure("C, 4 x 16", "a matrix", [sheet()])._repr_mimebundle_()
    assert list(bundle) == ["text/plain", "image/svg+xml", "text/html"]
    assert bundle["text/plain"] == "Figure('C, 4 x 16')"


def test_one_element_a_line():
    for line in Figure("a", "b", [sheet()]).svg().splitlines():
        assert line.count("<") <= (2 if "</" in line else 1)


def placed(figure, *width):
    """Where the drawings of a figure stand in its file: (x, y, right, bottom) each; size of the file."""
    root = ElementTree.fromstring(figure.svg(*width))
    moves = [
        re.fullmatch(r"translate\((\d+) (\d+)\)", g.get("transform")) for g in root if g.tag.endswith("}g")
    ]
    corners = [(int(move[1]), int(move[2])) for move in moves]
    boxes = [(x, y, x + d.width, y + d.height) for (x, y), d in zip(corners, figure.drawings, strict=True)]
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    return boxes, int(root.get("width")), int(root.get("height"))


FLOWS = {
    "one": [(300, 40)],
    "three": [(300, 40), (301, 61), (200, 20)],
    "exactly as wide": [(308, 40), (308, 40), (640, 30), (700, 10), (5, 5)],
    "a little too wide": [(308, 40), (310, 40), (300, 30)],
    "small ones": [(30 + n, 90 - 7 * n) for n in range(12)],
}


@pytest.mark.parametrize("sizes", FLOWS.values(), ids=FLOWS)
def test_drawings_flow_into_rows(sizes):
    """Rows of at most 640 pixels, 24 between drawings and between rows, 16 around, middles level."""
    boxes, width, height = placed(Figure("a", "b", [Drawing(*size) for size in sizes]), 640)
    rows = {}
    for box in boxes:
        rows.setdefault(box[1] + box[3], []).append(box)  # drawings of one row have their middles level
    rows = [row for twice in sorted(rows) for row in [rows[twice]]]
    bottom = 16 - 24
    for row in merged(rows):
        assert row[0][0] == 16 and all(b[0] - a[2] == 24 for a, b in zip(row, row[1:]))
        assert row[-1][2] - 16 <= 640 or len(row) == 1
        assert min(box[1] for box in row) == bottom + 24
        bottom = max(box[3] for box in row)
    assert height == bottom + 16 and width == max(box[2] for box in boxes) + 16
    # No row could have taken the drawing after it.
    for row, after in zip(merged(rows), merged(rows)[1:]):
        assert row[-1][2] - 16 + 24 + after[0][2] - after[0][0] > 640


def merged(rows):
    """Middles of drawings with an odd height lie half a pixel off: the same row."""
    joined = [list(rows[0])]
    for row in rows[1:]:
        if abs(sum(row[0][1::2]) - sum(joined[-1][0][1::2])) <= 1:
            joined[-1] += row
        else:
            joined.append(list(row))
    return [sorted(row) for row in joined]


def test_a_file_is_as_wide_as_the_page_of_a_laptop():
    """Rows of at most 680 pixels."""
    for wide, rows in ((356, 1), (357, 2)):
        boxes, *_ = placed(Figure("a", "b", [Drawing(300, 40), Drawing(wide, 40)]))
        assert len({box[1] for box in boxes}) == rows


def test_a_drawing_can_end_its_row():
    drawings = [Drawing(30, 40), Drawing(30, 60), Drawing(20, 20)]
    drawings[0].ends_row = True
    boxes, width, height = placed(Figure("a", "b", drawings))
    assert boxes == [(16, 16, 46, 56), (16, 80, 46, 140), (70, 100, 90, 120)]
    assert (width, height) == (106, 156)
    html = Figure("a", "b", drawings).html()
    breaks = [child.get("class") for child in ElementTree.fromstring(html).find("div")]
    assert breaks == [None, "tc-break", None, None]
    assert said_in(ElementTree.fromstring(html).find("div")) == []


def read_css(text):
    """A style as selector -> property -> value; what stands in @media is left out."""
    rules = {}
    for line in text.splitlines():
        if not line.startswith("@media"):
            selector, body = re.fullmatch(r"([^{}]+){([^{}]+)}", line).groups()
            rules.setdefault(selector, {}).update(part.split(":", 1) for part in body.split(";"))
    return rules


def style_of(markup):
    """The rules of the one style in a figure or a file."""
    (style,) = [e for e in ElementTree.fromstring(markup).iter() if e.tag.split("}")[-1] == "style"]
    return read_css(style.text.strip())


def test_the_style_of_a_page_says_how_a_figure_stands_in_it():
    wired = Drawing(20, 20)
    wired.wire(0, 0, 9, 9, 0)
    rules = style_of(Figure("a", "b", [wired]).html())
    colours = TOKENS["light"] | HUES["light"]
    assert {name: rules[".tc-figure"][name] for name in colours} == colours
    assert rules[".tc-figure"]["background"] == "var(--tc-paper)"
    assert rules[".tc-figure>div"]["flex-wrap"] == "wrap"
    assert rules[".tc-figure>div"]["overflow-x"] == "auto"  # what is too wide scrolls in its own box
    assert rules[".tc-figure>p"] == {"display": "none"}  # the line for viewers that strip styles
    assert rules[".tc-break"] == {"flex-basis": "100%"}
    assert rules[".tc-figure svg"] == {"flex": "none", "max-width": "none", "overflow": "visible"}
    plate = rules[".text_html:has(>.tc-figure)"]  # the book's theme would draw one of its own
    assert plate == {"background": "none!important", "padding": "0!important"}


def test_a_file_and_a_page_have_the_same_rules():
    for wires in (False, True):
        file, names = read_css("\n".join(file_style("dark", wires).splitlines()[1:-1])), set()
        for name, rule in file_rules("dark", wires).items():
            names.add(f".tc-file {name}")
            assert file[f".tc-file {name}"] == dict(part.split(":", 1) for part in rule.split(";"))
        assert set(file) == names
        assert any("tc-wire" in name for name in names) == wires
    assert file_rules("light") == file_rules("light", False) and file_style() == file_style("light", False)
    assert ElementTree.fromstring(file_style()).tag == "style"


def test_dark_is_for_screens():
    css = theme_css(".box")
    assert read_css(css)[".box"] == TOKENS["light"]
    light, dark = css.split("\n")
    assert light.startswith(".box{") and dark.startswith("@media screen{")
    assert all(f"{name}:{value}" in dark for name, value in TOKENS["dark"].items())
    pages = 'html[data-theme="dark"]', '[data-jp-theme-light="false"]', "html[theme=dark]", ".vscode-dark"
    # The book, JupyterLab, Colab, VS Code: each says it is dark in its own way.
    assert re.match(r"@media screen{(.*?){", dark)[1].split(",") == [f"{page} .box" for page in pages]


def test_each_part_of_a_drawing_is_the_element_of_svg_that_has_its_shape():
    drawing = Drawing(90, 80)
    drawing.rect(1, 2, 30, 40, "span", 5, 60)
    drawing.rect(3, 4, 5, 6, "lit")
    drawing.line(1, 2, 3, 5)
    drawing.line(1, 2, 3, 5, "cut")
    drawing.head([(1, 2), (3, 5), (8, 13)])
    drawing.cut_rect(10, 20, 9, 7, 2)
    drawing.text(4, 9, "7 < 8", "small", "end")
    drawing.wire(0, 0, 40, 30, 7)
    elements = [ElementTree.fromstring(line) for line in drawing.lines]
    (round_, plain, line, cut, head, kernel, text, wire, tip) = elements
    box = {"x": "1", "y": "2", "width": "30", "height": "40", "rx": "5", "fill-opacity": "60%"}
    assert (round_.tag, round_.attrib) == ("rect", {"class": "tc-span", **box})
    box = {"x": "3", "y": "4", "width": "5", "height": "6"}
    assert (plain.tag, plain.attrib) == ("rect", {"class": "tc-lit", **box})
    ends = {"x1": "1", "y1": "2", "x2": "3", "y2": "5"}
    assert (line.tag, line.attrib) == ("line", {"class": "tc-line", **ends})
    assert (cut.tag, cut.attrib) == ("line", {"class": "tc-cut", **ends})
    assert (head.tag, head.attrib) == ("polygon", {"class": "tc-head", "points": "1,2 3,5 8,13"})
    assert (kernel.tag, kernel.get("class")) == ("path", "tc-kernel")
    assert (text.tag, text.text) == ("text", "7 < 8")
    assert text.attrib == {"class": "tc-small tc-end", "x": "4", "y": "9"}
    assert (wire.tag, wire.get("class")) == ("line", "tc-wire tc-hue-3 tc-dash-2")  # of 4 hues, 5 dashes
    assert (tip.tag, tip.get("class")) == ("polygon", "tc-tip tc-hue-3")


def test_a_drawing_is_neither_a_frame_nor_the_end_of_its_row_unless_told():
    plain, frame = Drawing(9, 9), Drawing(9, 9)
    frame.is_frame = True
    html = Figure("a", "b", [plain, frame, plain]).html()
    (box,) = ElementTree.fromstring(html).findall("div")
    assert [child.tag for child in box] == ["svg"] * 3  # no breaks
    assert ["data-frame" in svg.attrib for svg in box] == [False, True, False]


def test_names_of_attributes():
    text = element("a", None, class_="b", stroke_width=3, refX=4)
    assert text == '<a class="b" stroke-width="3" refX="4"/>'


@pytest.mark.parametrize("x, y", [(10, 0), (-10, 0), (0, 10), (0, -10)])
def test_arrow_ends_at_its_point(x, y):
    drawing = Drawing(40, 40)
    drawing.arrow(20, 21, 20 + x, 21 + y)
    line, head = (ElementTree.fromstring(text) for text in drawing.lines)
    tip, one, other = ([int(n) for n in point.split(",")] for point in head.get("points").split())
    assert tip == [20 + x, 21 + y]
    along = [x // 10, y // 10]  # the head is 8 long and 8 wide, and the line ends inside it
    back = [tip[0] - 8 * along[0], tip[1] - 8 * along[1]]
    assert sorted([one, other]) == sorted([[back[0] + n * along[1], back[1] + n * along[0]] for n in (4, -4)])
    assert [int(line.get(name)) for name in ("x1", "y1")] == [20, 21]
    assert [int(line.get(n)) for n in ("x2", "y2")] == [tip[0] - 6 * along[0], tip[1] - 6 * along[1]]


def test_star_has_five_points_around_its_middle():
    drawing = Drawing(40, 40)
    drawing.star(20, 30)
    star = ElementTree.fromstring(drawing.lines[0])
    assert (star.tag, star.get("class")) == ("polygon", "tc-star")
    points = star.get("points").split()
    corners = {(int(x) - 20, int(y) - 30) for x, y in (point.split(",") for point in points)}
    assert len(corners) == 10 and corners == {(-x, y) for x, y in corners}  # the same left and right
    # In turn a tip and a hollow, all the way round, from the tip at the top; up is where y is smaller.
    angles = [
        math.degrees(math.atan2(int(x) - 20, 30 - int(y))) % 360 for x, y in (p.split(",") for p in points)
    ]
    assert all(abs(angle - 36 * n) < 12 for n, angle in enumerate(angles))
    assert sorted(x * x + y * y for x, y in corners)[5:] == [64, 68, 68, 74, 74]  # the tips, all as far out
    assert max(x * x + y * y for x, y in sorted(corners, key=lambda c: c[0] ** 2 + c[1] ** 2)[:5]) <= 16


@pytest.mark.parametrize("role", ROLES)
def test_a_cell_fills_its_box_and_centres_its_number(role):
    drawing = Drawing(100, 80)
    drawing.cell(7, 11, 40, 30, role, "5")
    shape, text = (ElementTree.fromstring(line) for line in drawing.lines)
    if role == "kernel":
        assert shape.get("d") == "M14 11H47V41H7V18Z"  # a quarter of the height is cut off its corner
    else:
        assert [int(shape.get(n)) for n in ("x", "y", "width", "height")] == [7, 11, 40, 30]
        assert shape.get("rx") == ("10" if role in ("output", "empty") else None)
    assert shape.get("class") == f"tc-{role}" and text.text == "5"
    assert [int(text.get(n)) for n in "xy"] == [27, 31]
    assert text.get("class") == ("tc-quiet" if role == "zero" else None)
    drawing.cell(0, 0, 20, 20, role, "5", font=12, opacity=40)
    shape, text = (ElementTree.fromstring(line) for line in drawing.lines[-2:])
    assert shape.get("fill-opacity") == (None if role == "kernel" else "40%")
    assert "tc-small" in text.get("class") and [int(text.get(n)) for n in "xy"] == [10, 14]


def test_a_cell_without_a_number_is_its_shape_alone():
    drawing = Drawing(40, 40)
    drawing.cell(0, 0, 6, 6, "kernel")
    assert drawing.lines == ['<path class="tc-kernel" d="M2 0H6V6H0V2Z"/>']


def test_text_width_grows():
    assert text_width("1234") == 4 * text_width("1") == 36
    assert text_width("1", 28) == 18
    assert text_width("1,1") == 23 < text_width("111")
    assert text_width("") == 0
    assert text_width("XYZ") == text_width("123")


@pytest.mark.parametrize("font", [12, 14])
@pytest.mark.parametrize(
    "text", ["0", "1234567890", "-12.75", "2,3", "input x, 4 × 4", "zero-inserted and padded input y, 6 × 7",
             "kernel w, rotated by 180°", "stamps that reach each output cell", "row 15 of Cᵀ"],
)  # fmt: skip
def test_text_width_is_enough_in_a_wide_font(text, font):
    """DejaVu Sans is the widest of the usual sans-serif fonts; its own measures come with matplotlib."""
    font_manager = pytest.importorskip("matplotlib.font_manager")
    ft2font = pytest.importorskip("matplotlib.ft2font")
    face = ft2font.FT2Font(font_manager.findfont("DejaVu Sans"))
    face.set_size(1000, 72)  # so large that no hint for small pixels counts
    face.set_text(text, 0)
    needed = face.get_width_height()[0] / 64 * font / 1000
    assert needed <= text_width(text, font) <= 2.2 * needed


def test_refusals():
    with pytest.raises(TypeError, match="x must be an int, got 1.5"):
        element("text", "a", x=1.5)
    for name, call in {
        "width": lambda: Drawing(1.5, 2),
        "height": lambda: Drawing(2, 1.5),
        "opacity": lambda: Drawing(1, 1).rect(0, 0, 1, 1, "lit", opacity=1.5),
        "x": lambda: Drawing(1, 1).star(1.5, 2),
        "y": lambda: Drawing(1, 1).star(2, 1.5),
        "x ": lambda: Drawing(1, 1).place(1.5, 2, Drawing(1, 1)),
        "y ": lambda: Drawing(1, 1).place(2, 1.5, Drawing(1, 1)),
    }.items():
        with pytest.raises(TypeError, match=f"^{name.strip()} must be an int, got 1.5"):
            call()
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
