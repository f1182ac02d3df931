"""Pictures to take away: what the saved files hold is what stood on the screen."""

import io
import re
import xml.etree.ElementTree as ET
from collections import Counter

import numpy as np
import pytest
from explorer_page import ExplorerPage
from front_page import page_with_front
from PIL import Image

from lib.explorer import Explorer, front, rules

PAGE = "<!doctype html><html lang=en {}><title>Save</title><style>{}</style>{}<script>{}</script></html>"
SVG = "{http://www.w3.org/2000/svg}"
ET.register_namespace("", SVG[1:-1])  # what is written again is SVG in a page too


SMALL = Explorer([[1, 2], [3, 4]], stride=2, padding=1, chosen="input:0,1")
LARGE = Explorer(np.arange(36).reshape(6, 6), np.arange(1, 26).reshape(5, 5), chosen="output:3,4")


@pytest.fixture(params=["", "data-theme=dark"], ids=["light", "dark"])
def opened(browser, request):
    pages = []

    def opened(state):
        page = browser.new_page()
        pages.append(page)
        script = f"{front.script()}TransposedConvolutionExplorer.boot(document)"
        page.set_content(PAGE.format(request.param, front.style(), state.html(), script))
        return ExplorerPage(page)

    yield opened
    for page in pages:
        page.close()


@pytest.fixture
def explorer(opened):
    return opened(SMALL)


def saved(explorer, way):
    with explorer.page.expect_download() as download:
        explorer.root.get_by_label("save as", exact=True).select_option(way)
    return download.value.path().read_bytes()


def texts_of(element):
    return Counter(text.text for text in element.iter(f"{SVG}text") if text.text)


def on_the_screen(explorer):
    return Counter(filter(None, explorer.root.locator(".tc-stage .tc-cell").all_text_contents()))


def test_svg_holds_every_number_on_the_stage(explorer):
    picture = ET.fromstring(saved(explorer, "SVG"))
    texts, shown = texts_of(picture), on_the_screen(explorer)
    assert shown and not shown - texts
    assert any("CC BY 4.0" in text for text in texts)
    assert explorer.status in picture.find(f"{SVG}title").text
    lit = explorer.root.locator(".tc-stage .tc-cell:is([data-lit], [data-chosen])").count()
    assert len([r for r in picture.iter(f"{SVG}rect") if r.get("stroke-width")]) == lit
    paper = explorer.root.evaluate("(root) => getComputedStyle(root).getPropertyValue('--tc-paper')")
    assert picture.find(f"{SVG}rect").get("fill") == paper
    assert "NaN" not in ET.tostring(picture, "unicode")


def test_moving_svg_holds_every_step(explorer):
    before = explorer.state
    picture = ET.fromstring(saved(explorer, "moving SVG"))
    assert explorer.state == before
    groups = picture.findall(f"{SVG}g")
    assert len(groups) == 4
    for group in groups:
        explorer.button("step").click()
        assert not on_the_screen(explorer) - texts_of(group)
    named = re.findall(r"@keyframes s(\d)", picture.find(f"{SVG}style").text)
    assert named == ["0", "1", "2", "3"]


def test_png(explorer):
    data = saved(explorer, "PNG")
    assert data.startswith(b"\x89PNG")
    width, height = (int.from_bytes(data[at : at + 4]) for at in (16, 20))
    assert width > 600
    assert height > 400
    picture = ET.fromstring(saved(explorer, "SVG"))  # sharp on a screen of two pixels for one
    assert [width, height] == [2 * int(picture.get(name)) for name in ("width", "height")]


def test_a_saved_cell_looks_as_on_the_screen(explorer):
    """Its corners, its cut corner, its small number, and the chosen one's frame thicker than the others'."""
    picture = ET.fromstring(saved(explorer, "SVG"))
    looks = """(cells) => cells.map((cell) => {
        const { borderTopLeftRadius, borderTopStyle } = getComputedStyle(cell);
        const kind = cell.matches(".tc-kernel");
        const { times, lit, chosen } = cell.dataset;
        return [parseFloat(borderTopLeftRadius), kind, times ?? "", lit !== undefined, chosen !== undefined];
    })"""
    shown = explorer.root.locator(".tc-stage .tc-view .tc-cell").evaluate_all(looks)
    frames = [r for r in picture.iter(f"{SVG}rect") if r.get("stroke-width")]
    shapes = [r for r in picture.findall(f"{SVG}rect") if r.get("width") != "100%" and r not in frames]
    assert [float(r.get("rx") or 0) for r in shapes] == pytest.approx([look[0] for look in shown], abs=0.06)
    assert len(picture.findall(f"{SVG}path")) == sum(look[1] for look in shown) > 9
    small = Counter(t.text for t in picture.findall(f"{SVG}text") if t.get("text-anchor") == "end")
    assert small == Counter(look[2] for look in shown if look[2]) and small
    widths = Counter(float(r.get("stroke-width")) for r in frames)
    (chosen, _), (lit, _) = sorted(widths.items(), reverse=True)
    assert widths[chosen] == sum(look[4] for look in shown) and chosen > lit
    assert widths[lit] == sum(look[3] and not look[4] for look in shown)


def test_a_moving_svg_takes_the_time_of_its_steps(explorer):
    """Each step begins when those before it have had their time; the last one is seen twice as long."""
    explorer.set("speed", 2)
    picture = ET.fromstring(saved(explorer, "moving SVG"))
    count, style = len(picture.findall(f"{SVG}g")), picture.find(f"{SVG}style").text
    for n, group in enumerate(picture.findall(f"{SVG}g")):
        assert f"animation:s{n} {(count + 1) * rules.DELAYS[1] / 1000:g}s step-end infinite" in group.get(
            "style"
        )
        frames = re.search(rf"@keyframes s{n}{{((?:[\d.]+%{{[^}}]*}})+)}}", style)[1]
        opacity = {float(at): value == "1" for at, value in re.findall(r"([\d.]+)%{opacity:(\d)}", frames)}
        wanted = {0.0: n == 0, 100 * n / (count + 1): True, 100 * (n + 1) / (count + 1): False}
        assert opacity == {at: on for at, on in wanted.items() if on or at == 0 or n < count - 1}


@pytest.mark.parametrize(
    ("way", "name"),
    [("SVG", ".svg"), ("PNG", ".png"), ("moving SVG", "-steps.svg"), ("GIF", "-steps.gif")],
)
def test_a_saved_file_has_the_name_of_its_kind(explorer, way, name):
    with explorer.page.expect_download() as download:
        explorer.root.get_by_label("save as", exact=True).select_option(way)
    assert download.value.suggested_filename == f"convolution{name}"


def seen(page, picture):
    """The pixels of an SVG, as the browser shows them."""
    text = ET.tostring(picture, "unicode")
    page.set_content(f"<body style='margin:0'>{text}</body>")
    size = {"width": int(picture.get("width")), "height": int(picture.get("height"))}
    page.set_viewport_size(size)
    image = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
    return np.asarray(image.convert("RGB")).astype(int)


def one_step(picture, n):
    """The SVG of a walk with one of its steps alone."""
    alone = ET.fromstring(ET.tostring(picture))
    for at, group in enumerate(alone.findall(f"{SVG}g")):
        if at == n:
            del group.attrib["style"]
        else:
            alone.remove(group)
    return alone


def test_gif_shows_each_step_in_its_turn(explorer):
    before = explorer.state
    moving, film = (
        ET.fromstring(saved(explorer, "moving SVG")),
        Image.open(io.BytesIO(saved(explorer, "GIF"))),
    )
    assert explorer.state == before
    assert film.n_frames == len(moving.findall(f"{SVG}g")) == 4
    assert film.info["loop"] == 0 and b"CC BY 4.0" in film.info["comment"]
    pause = rules.DELAYS[before["speed"] - 1]
    for n in range(4):
        film.seek(n)
        assert film.info["duration"] == (2 * pause if n == 3 else pause)
        frame = np.asarray(film.convert("RGB")).astype(int)
        wanted = seen(explorer.page, one_step(moving, n))
        assert frame.shape == wanted.shape
        assert np.mean(np.abs(frame - wanted).max(axis=2) > 24) < 0.002, n  # it has 255 colours
        others = [seen(explorer.page, one_step(moving, m)) for m in range(4) if m != n]
        assert all(np.mean(np.abs(frame - other).max(axis=2) > 24) > 0.004 for other in others)


def test_packed_bytes_are_read_back(browser):
    """Random numbers overflow the table of rows, long runs hardly fill it; Pillow reads both."""
    rng = np.random.default_rng(7)
    with page_with_front(browser, front.module("gif.js")) as page:
        for colours, size in ((2, (3, 5)), (200, (90, 91)), (255, (120, 77)), (400, (64, 64))):
            table = rng.integers(0, 256, (colours, 3))
            frames = [table[rng.integers(0, colours, size) // 2 * 2 % colours] for _ in range(3)]
            frames.append(np.where(rng.random(size)[..., None] < 0.1, 255 - frames[-1], frames[-1]))
            told = [(f[..., 0] + 256 * f[..., 1] + 65536 * f[..., 2]).ravel().tolist() for f in frames]
            data = page.evaluate(
                """async ([frames, size, delays]) => {
                    const opaque = (colour) => colour + 0xff000000;
                    const pixels = frames.map((one) => Uint32Array.from(one, opaque));
                    const film = new front.Gif(size, front.paletteOf(pixels), "words");
                    pixels.forEach((one, n) => film.add(one, delays[n]));
                    return [...new Uint8Array(await film.file.arrayBuffer())];
                }""",
                [told, size[::-1], [500, 20, 10, 1000]],
            )
            film = Image.open(io.BytesIO(bytes(data)))
            assert film.n_frames == 4
            for n, frame in enumerate(frames):
                film.seek(n)
                shown = np.asarray(film.convert("RGB")).astype(int)
                exact = len(np.unique(np.concatenate([f.reshape(-1, 3) for f in frames]), axis=0)) <= 255
                # 255 of 400 random colours: those that are left out move to one that is near
                assert np.array_equal(shown, frame) if exact else np.abs(shown - frame).mean() < 24


def test_the_map_of_a_large_matrix_is_in_the_picture(opened):
    explorer = opened(LARGE)
    picture = ET.fromstring(saved(explorer, "SVG"))
    (map_,) = picture.findall(f"{SVG}svg")
    paths = [path.get("d") for path in map_.findall(f"{SVG}path")]
    shown = [explorer.root.locator(f".tc-{kind}").get_attribute("d") for kind in ("entries", "lit-entries")]
    assert paths == shown and all(paths)
    fills = [path.get("fill") for path in map_.findall(f"{SVG}path")]
    assert len(set(fills)) == 2 and not {"none", None} & set(fills)
    box = explorer.root.locator(".tc-map").bounding_box()
    assert abs(float(map_.get("width")) - box["width"]) < 1


def test_nothing_lies_over_anything_else(opened):
    """The room between the pictures is taken out; they and their words stay apart, in a walk too."""
    explorer = opened(LARGE)
    moving = ET.fromstring(saved(explorer, "moving SVG"))
    pictures = [ET.fromstring(saved(explorer, "SVG")), *moving.findall(f"{SVG}g")]
    assert len(pictures) == 37
    for picture in (pictures[0], pictures[1], pictures[-1]):
        cells = [r for r in picture.findall(f"{SVG}rect") if r.get("stroke") and r.get("fill") != "none"]
        boxes = np.array([[float(r.get(name)) for name in ("x", "y", "width", "height")] for r in cells])
        assert len(boxes) > 400
        left, top = boxes[:, 0], boxes[:, 1]
        right, bottom = left + boxes[:, 2], top + boxes[:, 3]
        over = lambda a, b, c, d: np.minimum(b[:, None], d) - np.maximum(a[:, None], c)  # noqa: E731
        both = np.minimum(over(left, right, left, right), over(top, bottom, top, bottom))
        np.fill_diagonal(both, 0)
        assert both.max() < 2  # neighbours share a line
        words = [
            t for t in picture.findall(f"{SVG}text") if not t.get("text-anchor") and "CC BY" not in t.text
        ]
        assert len(words) > 4
        for word in words:
            x, y = float(word.get("x")), float(word.get("y"))
            assert not np.any((left < x + 5) & (x < right) & (top < y) & (y - 5 < bottom)), word.text
