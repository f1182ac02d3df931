"""Films: each frame shows the operation's numbers, and both kinds of file show each frame in its turn.

Frames are read back from what they draw (tests/drawn.py), the SVG's turns from its style, the GIF by Pillow.
"""

import io
import re
from itertools import groupby
from xml.etree import ElementTree

import numpy as np
import pytest
from drawn import Box, marked, plane, roles, sheet, values
from PIL import Image
from test_figures import EITHER, LINES, TALL, UP, WIDE, Y, down, up

from lib.canvas import Canvas, _around, palette
from lib.figures import film
from lib.moving import LAST, LICENCE, Film, Panel
from lib.svg import TOKENS, text_width

W = np.arange(1, 10).reshape(3, 3)
SVG = "{http://www.w3.org/2000/svg}"


def frames(made):
    return [sheet(made.still(n)) for n in range(len(made))]


def by_places(cells):
    """Rows and columns of cells as an array of boxes."""
    return [cell.box for cell in plane(cells).ravel()]


def meeting(tiles, cells):
    """For each tile the cell in whose corner it stands."""
    under = []
    for tile in tiles:
        (cell,) = [c for c in cells if c.box.holds(tile.box)]
        assert tile.box.right == cell.box.right - 1 and tile.box.bottom == cell.box.bottom - 1
        under.append(cell)
    return under


@pytest.mark.parametrize("transposed, given", EITHER, ids=str)
def test_windows_make_the_output(transposed, given):
    moving = film(TALL, WIDE, transposed=transposed, **given)
    wanted = (up if transposed else down)(TALL, WIDE, **given)
    assert len(moving) == wanted.size
    for n, frame in enumerate(frames(moving)):
        made, source, tiles = frame.of("output", "empty"), frame.of("input", "zero"), frame.of("kernel")
        done = np.arange(wanted.size).reshape(wanted.shape) <= n
        assert np.array_equal(values(made), np.where(done, wanted, 0))
        assert np.array_equal(roles(made) == "output", done)
        assert np.array_equal(values(tiles), WIDE[::-1, ::-1] if transposed else WIDE)
        under = meeting(tiles, source)
        assert sum(int(c.text) * int(t.text) for c, t in zip(under, tiles)) == wanted.ravel()[n]
        (newest,) = [box for box in frame.outlines if any(box.holds(c.box) for c in made)]
        assert newest.holds(by_places(made)[n]) and newest.width < by_places(made)[n].width + 8
        others = [box for box in frame.outlines if box != newest]
        assert all(any(box.holds(cell.box) for box in others) for cell in under)
        outlined = [cell for cell in source if any(box.holds(cell.box) for box in others)]
        assert len(outlined) == WIDE.size
        assert [text.text for text in frame.texts if "strong" in text.kinds][0].endswith(
            f" = {wanted.ravel()[n]}"
        )


@pytest.mark.parametrize("given", LINES, ids=str)
def test_windows_on_one_axis(given):
    line, kernel = np.array([3, -1, 40, 2]), np.array([2, 7, -5])
    for transposed in (False, True):
        wanted = (up if transposed else down)(line, kernel, **given)
        last = frames(film(line, kernel, transposed=transposed, **given))[-1]
        assert np.array_equal(values(last.of("output"))[0], wanted)


@pytest.mark.parametrize("given", UP, ids=str)
def test_stamps_add_up_to_the_output(given):
    moving = film(TALL, WIDE, transposed=True, view="stamps", **given)
    whole = {name: value for name, value in given.items() if name != "padding"}
    assert len(moving) == TALL.size
    for n, frame in enumerate(frames(moving)):
        made, source, tiles = frame.of("output", "empty"), frame.of("input"), frame.of("kernel")
        there = (np.arange(TALL.size) <= n).reshape(TALL.shape)
        reached = up(there.astype(int), np.ones_like(WIDE), **whole) > 0
        assert np.array_equal(values(source), TALL)
        assert np.array_equal(values(made), up(TALL * there, WIDE, **whole))
        assert np.array_equal(roles(made) == "output", reached | (n == TALL.size - 1))
        assert np.array_equal(values(tiles), WIDE)
        only = up((np.arange(TALL.size) == n).reshape(TALL.shape).astype(int), np.ones_like(WIDE), **whole)
        assert np.array_equal(marked(made, meeting(tiles, made)), only > 0)
        assert any(box.holds(by_places(source)[n]) for box in frame.outlines)
    kept = ~marked(made, frame.struck)
    assert np.array_equal(values(made)[kept], up(TALL, WIDE, **given).ravel())


def test_a_stamp_where_none_came_is_nothing_until_the_end():
    """Holes: kernel 2, stride 2, dilation 2 reaches one cell in four."""
    *_, before, last = frames(film(Y, Y, stride=2, dilation=2, transposed=True, view="stamps"))
    assert len(before.of("output")) == 8 and len(last.of("output")) == 25
    assert np.count_nonzero(values(last.of("output"))) == 9


def test_with_the_rotation_forgotten_other_numbers_come_out():
    last = frames(film(Y, W, stride=2, transposed=True, rotate=False))[-1]
    assert np.array_equal(values(last.of("output")), up(Y, W[::-1, ::-1], stride=2))


def test_without_numbers_only_the_licence_is_written():
    for frame in frames(film(Y, W, stride=2, transposed=True, numbers=False)):
        assert [text.text for text in frame.texts] == [LICENCE]
        assert not any(cell.text for cell in frame.cells)
        assert len(frame.of("kernel")) == 9 and len(frame.of("output", "empty")) == 25


@pytest.mark.parametrize("numbers", [True, False])
@pytest.mark.parametrize("view", ["window", "stamps"])
def test_layout(view, numbers):
    for layout in ("below", "beside"):
        given = {"stride": 2, "transposed": True, "view": view, "numbers": numbers, "layout": layout}
        for frame in frames(film(Y, W, **given)):
            source, made = frame.of("input", "zero"), frame.of("output", "empty")
            if layout == "below":
                assert max(c.box.bottom for c in made) + 20 < min(c.box.y for c in source)
            else:
                assert max(c.box.right for c in source) + 20 < min(c.box.x for c in made)
            boxes = [c.box for c in frame.cells] + frame.outlines + [text.box for text in frame.texts]
            assert all(Box(0, 0, frame.width, frame.height).holds(box) for box in boxes)
            words = [text.box for text in frame.texts]
            assert not any(a.meets(b) for a in words for b in words if a is not b)
            ((x1, y1, x2, y2),) = frame.arrows
            way = Box(min(x1, x2) - 4, min(y1, y2) - 4, abs(x1 - x2) + 8, abs(y1 - y2) + 8)
            assert not any(way.meets(box) for box in words + [c.box for c in frame.cells])


FILMS = {
    "window": lambda **more: film(Y, W, stride=2, padding=1, transposed=True, **more),
    "stamps": lambda **more: film(Y, W, stride=2, transposed=True, view="stamps", **more),
    "one frame": lambda **more: film(W, W, **more),
    "beside": lambda **more: film(Y, Y, padding=1, **more).beside(film(Y, W[:2, :2], padding=1, **more)),
}


def as_text(elements):
    return sorted(ElementTree.tostring(element).strip() for element in elements)


def shown_at(root, time):
    """The lines of an SVG that are seen at a time: what stands outside of groups, and the groups' turns."""
    style = root.findall(f"{SVG}style")[1].text
    lines = []
    for element in root:
        if element.tag == f"{SVG}g":
            rule = re.search(rf"@keyframes {element.get('class')}{{(.*)}}$", style, re.MULTILINE)[1]
            turns = re.findall(r"([\d.]+)%{visibility:(\w+)}", rule)
            seen = [state for share, state in turns if float(share) / 100 <= time]
            lines += element if seen[-1] == "visible" else []
        elif element.tag.removeprefix(SVG) not in ("title", "desc", "metadata", "style"):
            lines.append(element)
    return as_text(lines[1:])  # without the plate


@pytest.mark.parametrize("name", FILMS)
def test_an_svg_shows_each_frame_in_its_turn(name):
    moving = FILMS[name](seconds=0.5)
    root = ElementTree.fromstring(moving.svg())
    count, style = len(moving), root.findall(f"{SVG}style")[1].text or ""
    for n in range(count):
        inside = "\n".join(moving.still(n).drawings[0].lines)
        one = ElementTree.fromstring(f'<svg xmlns="{SVG[1:-1]}">{inside}</svg>')
        for time in (n + 0.01, n + 0.99, *([n + LAST - 0.01] if n == count - 1 else [])):
            seen = shown_at(root, time / (count - 1 + LAST))
            assert seen == as_text(one)
    if count > 1:
        assert f"animation:{(count - 1 + LAST) / 2:g}s step-end infinite" in style


@pytest.mark.parametrize("name", sorted(set(FILMS) - {"one frame"}))
def test_without_motion_an_svg_shows_the_last_frame(name):
    moving = FILMS[name]()
    root = ElementTree.fromstring(moving.svg())
    style = root.findall(f"{SVG}style")[1].text
    assert "@media(prefers-reduced-motion:reduce){g{animation:none}}" in style
    hidden = set(re.findall(r"^\.(\S+){visibility:hidden;", style, re.MULTILINE))
    last = as_text(e for g in root.iter(f"{SVG}g") if g.get("class") not in hidden for e in g)
    assert last and set(last) <= set(shown_at(root, 0.999))
    gone = {g.get("class") for g in root.iter(f"{SVG}g")} - hidden
    assert all(name.endswith(f"-{len(moving)}") for name in gone)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_svg_says_what_it_shows_and_whose_it_is(theme):
    moving = FILMS["window"](theme=theme)
    root = ElementTree.fromstring(moving.svg())
    assert root.find(f"{SVG}title").text == moving.title
    assert root.find(f"{SVG}desc").text == moving.description
    assert "CC BY 4.0 https://creativecommons.org/licenses/by/4.0/" in root.find(f"{SVG}metadata").text
    assert "var(" not in moving.svg() and TOKENS[theme]["--tc-input"] in moving.svg()
    assert "rotated by 180 degrees" in moving.description
    assert "rotated" not in film(Y, W[:2, :2]).description


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", FILMS)
def test_a_gif_shows_each_frame_in_its_turn(name, theme):
    moving = FILMS[name](theme=theme, seconds=0.5)
    with Image.open(io.BytesIO(moving.gif())) as gif:
        assert gif.size == moving.size and gif.n_frames == len(moving)
        assert LICENCE.encode() in gif.info["comment"] and gif.info.get("loop", 0) == 0
        for n, frame in enumerate(frames(moving)):
            gif.seek(n)
            assert gif.info["duration"] == (500 if n < len(moving) - 1 else 500 * LAST)
            check_pixels(gif.convert("RGB"), frame, theme)


def check_pixels(image, frame, theme):
    """The fill of each cell near its left edge, and outlines on their left sides, have their colours."""
    colours = {name[5:]: tuple(bytes.fromhex(value[1:])) for name, value in TOKENS[theme].items()}
    colours["empty"] = colours["paper"]
    edges = [(box.x, (box.y + box.bottom) // 2) for box in frame.outlines]
    assert edges and all(image.getpixel(edge) == colours["accent"] for edge in edges)
    for cell in frame.cells:
        tile = cell.role == "kernel"
        x, y = cell.box.x + (2 if tile else 5), (cell.box.bottom - 2 if tile else cell.box.y + 15)
        if not any((c.box.x, c.box.y) == (cell.box.x, cell.box.y) for c in frame.struck):
            assert image.getpixel((x, y)) == colours[cell.role], (cell, (x, y))


def test_a_gif_may_be_larger():
    moving = FILMS["window"]()
    with Image.open(io.BytesIO(moving.gif(scale=2))) as gif:
        assert gif.size == tuple(2 * n for n in moving.size)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_gif_is_near_to_what_was_drawn(theme):
    """Of what is drawn no pixel is far from a colour of the palette."""
    moving = film(TALL, WIDE, transposed=True, stride=2, theme=theme)
    canvas = Canvas(*moving.size, theme)
    moving.paint(canvas, 7)
    drawn = np.asarray(canvas.reduced(canvas.draw(canvas.lines)), float)
    with Image.open(io.BytesIO(moving.gif())) as gif:
        gif.seek(7)
        far = np.abs(np.asarray(gif.convert("RGB"), float) - drawn).max(axis=2)
    assert far.mean() < 1 and np.mean(far > 48) < 0.002
    assert len(set(palette(theme))) == 30


@pytest.mark.parametrize("given", [{"stride": 2}, {"padding": 2}], ids=str)
def test_files_are_small(given):
    """A GIF takes four kilobytes a frame, an SVG two, and packed a quarter."""
    moving = film(np.arange(25).reshape(5, 5) % 10, W, transposed="stride" in given, **given)
    assert len(moving.gif()) < 8_000 + 4_000 * len(moving)
    assert len(moving.svg()) < 8_000 + 2_000 * len(moving)


def test_save_writes_what_its_name_says(tmp_path):
    moving = FILMS["stamps"]()
    moving.save(tmp_path / "a.svg")
    moving.save(str(tmp_path / "a.gif"))
    assert (tmp_path / "a.svg").read_bytes() == moving.svg().encode()
    assert (tmp_path / "a.gif").read_bytes() == moving.gif()
    with pytest.raises(ValueError, match=r"path must end in .svg or .gif, got 'a.png'"):
        moving.save("a.png")


def test_films_play_beside_each_other():
    one, other = film([1, 2, 3], [1, 5]), film([7, 8, 9], [2, 3])
    last = frames(one.beside(other))[-1]
    assert [cell.text for cell in last.of("output")] == ["11", "17", "38", "43"]
    assert one.beside(other).title == "convolution: 3 cells and 2 cells to 2 cells, twice"
    with pytest.raises(ValueError, match=r"panels must have as many frames each, got \[2, 3\]"):
        one.beside(film([1, 2, 3, 4], [1, 5]))


@pytest.mark.parametrize(
    "given, message",
    [
        ({"view": "stamps"}, "view must be 'window' for a convolution"),
        ({"view": "stamp"}, "view must be 'window' or 'stamps', got 'stamp'"),
        ({"layout": "above"}, "layout must be 'below' or 'beside', got 'above'"),
        ({"theme": "sepia"}, "theme must be 'light' or 'dark', got 'sepia'"),
        ({"seconds": 0}, "seconds must be from 0.02 to 60, got 0"),
        ({"stride": 0}, "stride"),
        ({"output_padding": 1}, "output_padding must be 0 for a convolution"),
    ],
    ids=str,
)
def test_refusals(given, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        film(W, Y, **given)


def test_repr():
    assert repr(Film("t", "d", FILMS["one frame"]().panels)) == "Film('t, 1 frames')"


# ---- the parts of a film ----


def recorded(width, height, calls, frames=2):
    """A panel that draws nothing and tells where it was asked to."""
    return Panel(width, height, frames, lambda sheet, frame, x, y: calls.append((frame, x, y)))


def test_panels_stand_beside_each_other_in_the_middle_above_the_licence():
    calls = []
    moving = Film("t", "d", [recorded(400, 60, calls), recorded(100, 20, calls), recorded(7, 61, calls)])
    still = sheet(moving.still(0))
    assert moving.size == (still.width, still.height) == (400 + 100 + 7 + 2 * 32 + 2 * 16, 61 + 24 + 2 * 16)
    assert calls == [(0, 16, 16), (0, 16 + 432, 16 + 20), (0, 16 + 564, 16)]  # half a pixel is rounded down
    (licence,) = still.texts
    assert (licence.text, licence.x, licence.y) == (LICENCE, still.width // 2, still.height - 16)
    assert licence.kinds == {"small", "quiet"}
    calls.clear()
    narrow = Film("t", "d", [recorded(36, 36, calls)])
    narrow.still()
    assert narrow.size[0] == text_width(LICENCE, 12) + 2 * 16  # room for the licence
    assert calls == [(1, (narrow.size[0] - 36) // 2, 16)]  # the last frame


def test_a_film_takes_its_words_and_its_time():
    panels = [recorded(9, 9, [])]
    moving = Film("t", " many\n words ", panels)
    assert (moving.description, moving.theme, moving.seconds) == ("many words", "light", 0.8)
    for seconds in (0.02, 60):
        assert Film("t", "d", panels, seconds=seconds).seconds == seconds
    for seconds in (0.019, 60.5):
        with pytest.raises(ValueError, match=f"seconds must be from 0.02 to 60, got {seconds}"):
            Film("t", "d", panels, seconds=seconds)


def test_titles_of_films_beside_each_other():
    one, two, three = (Film(title, f"{title}.", [recorded(9, 9, [])], "dark", 0.5) for title in "aba")
    assert one.beside(two).title == "a; b" and one.beside(three).title == "a, twice"
    joined = one.beside(two, Film("c", "c.", [recorded(9, 9, [])]))
    assert (joined.title, joined.description) == ("a; b; c", "a. b. c.")
    assert (joined.theme, joined.seconds, len(joined.panels)) == ("dark", 0.5, 3)


def test_the_last_frame_is_shown_three_times_as_long():
    """Of two frames the first has a quarter of the time; times are rounded to hundredths of a second."""

    def paint(sheet, frame, x, y):
        sheet.cell(x, y, 36, 36, "input", str(frame))

    moving = Film("t", "d", [Panel(36, 36, 2, paint)], seconds=0.1234)
    style = ElementTree.fromstring(moving.svg()).findall(f"{SVG}style")[1].text
    rules = dict(re.fullmatch(r"([^{]+){(.*)}", line).groups() for line in style.split("\n") if line)
    assert rules["g"] == "animation:0.49s step-end infinite"
    assert rules[".f0-1"] == "visibility:hidden;animation-name:f0-1"
    assert rules[".f1-2"] == "animation-name:f1-2"
    assert rules["@keyframes f0-1"] == "0%{visibility:visible}25%{visibility:hidden}"
    assert rules["@keyframes f1-2"] == "0%{visibility:hidden}25%{visibility:visible}"
    seven = Film("t", "d", [Panel(36, 36, 5, paint)])
    assert "14.286%{visibility:visible}" in seven.svg()  # one of seven
    still = Film("t", "d", [Panel(36, 36, 1, paint)])
    assert [e.text for e in ElementTree.fromstring(still.svg()).findall(f"{SVG}style")][1] is None
    for seconds, thousandths in ((0.1234, 120), (7, 7000)):
        slow = Film("t", "d", [Panel(36, 36, 2, paint)], seconds=seconds)
        with Image.open(io.BytesIO(slow.gif())) as gif:
            assert gif.info["duration"] == thousandths


@pytest.mark.parametrize("name", ["window", "stamps"])
def test_what_stays_longest_is_drawn_first(name):
    """What comes and goes lies above it."""
    moving = FILMS[name]()
    groups = [e.get("class") for e in ElementTree.fromstring(moving.svg()).iter(f"{SVG}g")]
    turns = [tuple(map(int, name[1:].split("-"))) for name in groups]
    lengths = [end - start for start, end in turns]
    assert lengths == sorted(lengths, reverse=True) and lengths[0] < len(moving) and len(set(lengths)) > 2


@pytest.mark.parametrize("name", ["window", "one frame"])
def test_no_stray_text_in_a_file(name):
    moving = FILMS[name]()
    root = ElementTree.fromstring(moving.svg())
    told = [text for e in root.iter() if e.tag == f"{SVG}text" for text in e.itertext()]
    told += [e.text for name in ("title", "desc", "metadata", "style") for e in root.findall(f"{SVG}{name}")]
    assert sorted(text for text in root.itertext() if text.strip()) == sorted(filter(None, told))
    size = {"width": str(moving.size[0]), "height": str(moving.size[1])}
    (plate,) = [e for e in root if e.get("class") == "tc-plate"]
    assert (plate.tag, plate.attrib) == (f"{SVG}rect", {"class": "tc-plate", "x": "0", "y": "0", **size})
    assert root.get("viewBox") == f"0 0 {moving.size[0]} {moving.size[1]}" and root.get("class") == "tc-file"


def test_a_gif_repeats_and_says_whose_it_is():
    moving = FILMS["stamps"]()
    with Image.open(io.BytesIO(moving.gif())) as gif:
        assert gif.info["loop"] == 0  # for ever
        words = f"{moving.title}. {LICENCE} https://creativecommons.org/licenses/by/4.0/"
        assert gif.info["comment"].decode() == words
        for n in range(1, len(moving)):
            gif.seek(n)
            assert gif.disposal_method == 1  # what was drawn stays


def test_a_page_gets_the_svg():
    moving = FILMS["one frame"]()
    assert moving._repr_mimebundle_() == {"text/plain": repr(moving), "image/svg+xml": moving.svg()}


# ---- pixels ----

LIGHT = {name[5:]: tuple(bytes.fromhex(value[1:])) for name, value in TOKENS["light"].items()}


def pixels(paint, width=60, height=50, **look):
    """What is painted, twice as large, as an array of colours' names."""
    canvas = Canvas(width, height, **look)
    paint(canvas)
    image = canvas.draw(canvas.lines)
    assert image.size == (2 * width, 2 * height)
    names = {colour: name for name, colour in LIGHT.items()}
    return np.array(
        [[names.get(tuple(pixel), "mixed") for pixel in row] for row in np.asarray(image).tolist()]
    )


def runs(line):
    """A line of colours as (colour, how many) pairs."""
    return [(name, len(list(group))) for name, group in groupby(line)]


def test_a_rectangle_has_its_border_on_its_edge():
    """One unit is two pixels: one of the border's lies outside, one inside."""
    shown = pixels(lambda sheet: sheet.rect(10, 15, 20, 12, "input"))
    across = [("paper", 19), ("line", 2), ("input", 38), ("line", 2), ("paper", 59)]
    assert runs(shown[40]) == across
    assert runs(shown[:, 40]) == [("paper", 29), ("line", 2), ("input", 22), ("line", 2), ("paper", 45)]
    assert shown[29, 19] == "line"  # not round
    shown = pixels(lambda sheet: sheet.rect(10, 15, 20, 12, "zero"))  # without a border
    assert runs(shown[40]) == [("paper", 20), ("zero", 40), ("paper", 60)]
    assert runs(shown[:, 40]) == [("paper", 30), ("zero", 24), ("paper", 46)]
    shown = pixels(
        lambda sheet: sheet.rect(10, 15, 20, 12, "lit", 4)
    )  # three units of border, nothing inside
    assert runs(shown[40]) == [("paper", 17), ("accent", 6), ("paper", 34), ("accent", 6), ("paper", 57)]
    assert shown[28, 18] == "paper"  # round


def test_a_corner_is_as_round_as_told():
    shown = pixels(lambda sheet: sheet.cell(10, 10, 30, 30, "output"))  # radius 10
    first = [int(np.flatnonzero(row != "paper")[0]) for row in shown[19:41]]
    assert first == sorted(first, reverse=True) and 34 <= first[0] <= 42 and 19 <= first[-1] <= 20
    assert shown[22, 22] == "paper" and shown[29, 29] == "output"  # 10 - 10 / sqrt(2) is 2.9


def test_a_kernels_cell_has_one_corner_cut():
    shown = pixels(lambda sheet: sheet.cut_rect(10, 10, 20, 16, 6))
    assert shown[22, 22] == "paper" and shown[34, 34] == "kernel" and shown[48, 56] == "kernel"
    assert shown[22, 56] == "kernel" and shown[48, 24] == "kernel"  # the other three are whole
    assert {"kernel", "line", "paper"} == set(shown.ravel())


def test_lines_arrows_and_their_heads():
    shown = pixels(lambda sheet: sheet.line(10, 20, 30, 20))
    rows, columns = np.nonzero(shown == "line")
    assert set(shown.ravel()) == {"line", "paper"} and len(set(rows)) == 2 and set(rows) <= {39, 40, 41}
    assert abs(columns.min() - 20) <= 1 and abs(columns.max() - 60) <= 1
    shown = pixels(lambda sheet: sheet.arrow(10, 20, 40, 20))
    rows, columns = np.nonzero(shown == "line")
    assert abs(columns.max() - 80) <= 1 and abs(columns.min() - 20) <= 1
    assert (
        15 <= np.count_nonzero(shown[:, 65] == "line") <= 17
    )  # the head is eight units wide where it begins
    shown = pixels(lambda sheet: sheet.line(10, 20, 30, 20, "lit"))
    assert np.count_nonzero(shown[:, 40] == "accent") == 6


def test_dots_and_dashes_go_around():
    shown = pixels(lambda sheet: sheet.rect(10, 10, 28, 24, "empty", 8))
    assert set(shown.ravel()) == {"line", "paper"} and shown[44, 48] == "paper"
    top = [name for name, _ in runs(shown[20, 2 * 18 : 2 * 30])]
    assert top.count("line") in (3, 4)  # one unit in four, twelve units
    dashed = pixels(lambda sheet: sheet.rect(10, 10, 28, 24, "span", 4))
    lengths = [count for name, count in runs(dashed[20, 2 * 15 : 2 * 33]) if name == "accent"][1:-1]
    assert lengths and all(8 <= count <= 10 for count in lengths)  # four units on, three off


@pytest.mark.parametrize("box", [(3, 5, 40, 24, 8), (0, 0, 17, 30, 4), (7, 1, 12, 12, 6)])
def test_points_around_a_round_rectangle(box):
    """On its border by the usual formula of its distance, a unit apart, clockwise from the upper left."""
    x, y, width, height, radius = box
    points = np.array(_around(*box))
    assert tuple(points[0]) == (x + radius, y) == tuple(points[-1])
    aside = np.abs(points - [x + width / 2, y + height / 2]) - [width / 2 - radius, height / 2 - radius]
    distance = np.hypot(*np.maximum(aside, 0).T) + np.minimum(aside.max(axis=1), 0) - radius
    assert np.allclose(distance, 0)
    steps = np.hypot(*np.diff(points, axis=0).T)
    assert steps.min() > 0.7 and steps.max() < 1.3
    middle = points - [x + width / 2, y + height / 2]
    turns = middle[:-1, 0] * middle[1:, 1] - middle[:-1, 1] * middle[1:, 0]
    assert (turns > 0).all() and abs(turns.sum() / 2 - (width * height - (4 - np.pi) * radius**2)) < 2


@pytest.mark.parametrize(
    "kinds", [(), ("small",), ("start",), ("end", "strong"), ("quiet", "small"), ("sign",)]
)
def test_letters_stand_where_they_do_in_an_svg(kinds):
    shown = pixels(lambda sheet: sheet.text(50, 40, "477", *kinds), width=100)
    rows, columns = np.nonzero(shown != "paper")
    font = 22 if "sign" in kinds else 12 if "small" in kinds else 14
    assert 78 <= rows.max() <= 80  # the baseline
    assert abs((rows.max() - rows.min()) / 2 - 0.73 * font) <= 1
    left, right = columns.min() / 2, columns.max() / 2
    wanted = {"start": left, "end": right}.get(
        next(iter({*kinds} & {"start", "end"}), ""), (left + right) / 2
    )
    assert abs(wanted - 50) <= 2
    assert (("line" if "quiet" in kinds else "ink") in shown) and (
        ("ink" if "quiet" in kinds else "line") not in shown
    )
    advance = 0.696 if "strong" in kinds else 0.636  # of DejaVu's digits, in em; ink lacks 0.12 at the ends
    assert abs((right - left) / font - (3 * advance - 0.12)) < 0.08


def test_a_ground_is_drawn_on_and_kept():
    canvas = Canvas(40, 30, "dark", scale=3)
    canvas.rect(5, 5, 10, 10, "zero")
    ground = canvas.draw(canvas.lines)
    before = ground.tobytes()
    canvas.rect(20, 5, 10, 10, "zero")
    both = canvas.draw(canvas.lines[1:], ground)
    assert ground.tobytes() == before and both.tobytes() == canvas.draw(canvas.lines).tobytes()
    assert canvas.reduced(both).size == (120, 90)
    dark = {name[5:]: tuple(bytes.fromhex(value[1:])) for name, value in TOKENS["dark"].items()}
    assert [canvas.reduced(both).getpixel((x, 30)) for x in (5, 30, 52, 75)] == [
        dark["paper"], dark["zero"], dark["paper"], dark["zero"]
    ]  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_palette_has_the_colours_and_what_lies_between_two_that_meet(theme):
    colours = {name[5:]: bytes.fromhex(value[1:]) for name, value in TOKENS[theme].items()}
    plain, mixed = palette(theme)[:8], palette(theme)[8:]
    assert plain == [tuple(colour) for colour in colours.values()]
    meet = [("ink", ground) for ground in ("input", "kernel", "output", "paper")]
    meet += [("line", ground) for ground in ("zero", "kernel", "output", "paper")]
    meet += [("accent", ground) for ground in ("input", "output", "paper")]
    wanted = {
        tuple(round(b + (a - b) * share) for a, b in zip(colours[one], colours[ground]))
        for one, ground in meet
        for share in (1 / 3, 2 / 3)
    }
    assert set(mixed) == wanted


def counting(frames):
    """A panel whose ground stays, on which a bar grows and a cell of each frame's own comes and goes."""

    def paint(sheet, frame, x, y):
        sheet.rect(x, y, 90, 40, "zero")
        sheet.rect(x, y, 90, 20, "input") if frame else None
        sheet.cell(x + 20 * frame, y, 20, 20, "output", str(frame))

    return Panel(90, 40, frames, paint)


def test_what_comes_and_goes_lies_above_what_stays():
    """In an SVG what is written later covers what is written before."""
    lines = Film("numbers", "A cell counts from 0 to 2.", [counting(3)]).svg().splitlines()
    ground, bar, *cells = (
        next(n for n, line in enumerate(lines) if wanted in line and "<style" not in line and "{" not in line)
        for wanted in ('class="tc-zero"', 'class="tc-input"', ">0<", ">1<", ">2<")
    )
    assert ground < bar < min(cells)
