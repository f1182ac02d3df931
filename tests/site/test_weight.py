"""What a page weighs: bytes as a server sends them (gzip), and requests."""

import gzip
import html
import re

import pytest
from conftest import page_names

FIRST, REQUESTS, NEXT = 150_000, 15, 30_000
# Pages with photographs, or a plot so near their top that the browser fetches it at once, may weigh more.
WITH_PICTURES = 80_000
PICTURES = {
    f"chapters/{name}.html"
    for name in (
        "gallery",
        "01-a-convolution-is-a-matrix",
        "10-n-dimensions",
        "12-checkerboards",
        "16-in-networks",
        "17-upsampling-is-filtering",
    )
}
SHIFT = 0.02  # of the layout: the share of the window that moves, times how far
SCRIPTS = re.compile(r"\.js(\?|$)")
MOVES = """
window.moved = 0;
new PerformanceObserver((list) => list.getEntries().forEach((move) => { moved += move.value; }))
    .observe({ type: "layout-shift", buffered: true });
"""
PAINTED = """new Promise((then) =>
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(then, 100))))"""
PACKED = re.compile(r"\.(png|jpe?g|webp|gif|woff2|wav)$")


def sent(path):
    """The bytes that a server sends for a file: packed, unless it is of a kind that is packed already."""
    data = path.read_bytes()
    return len(data) if PACKED.search(path.name) else len(gzip.compress(data, 6))


def fetched(browser, server, name):
    """The files of the site that a first visit to a page fetches, and how far what is shown moves.

    The scripts come after the first picture, as they do on a slow line: what they then put in may move what
    somebody has begun to read.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    urls, held = [], []
    page.on("request", lambda request: urls.append(request.url))
    page.add_init_script(MOVES)
    page.route(SCRIPTS, lambda route: held.append(route))
    page.goto(server + name, wait_until="commit")
    page.wait_for_function("performance.getEntriesByType('paint').length > 1")
    assert held, "scripts were held back"
    for route in held:
        route.continue_()
    page.unroute(SCRIPTS)
    page.wait_for_load_state("networkidle")
    moved = page.evaluate("moved")
    context.close()
    return [url.removeprefix(server).partition("?")[0] for url in urls if url.startswith(server)], moved


@pytest.fixture(scope="module")
def seen(browser, server):
    return {name: fetched(browser, server, name) for name in page_names()}


@pytest.fixture(scope="module")
def visits(seen):
    return {name: files for name, (files, _) in seen.items()}


def test_nothing_moves_while_a_page_comes(seen):
    moving = {name: moved for name, (_, moved) in seen.items() if moved > SHIFT}
    assert not moving


def test_nothing_moves_in_a_page_opened_as_a_file(browser, site):
    """Its buttons cannot work: they are not there from the start, and do not vanish later."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(MOVES)
    page.goto((site / "chapters" / "size-calculator.html").as_uri())
    page.locator("[data-calculator] input").first.wait_for()
    page.evaluate(PAINTED)
    assert page.evaluate("moved") <= SHIFT
    page.close()


def test_first_visit_is_light(visits, site):
    for name, files in visits.items():
        weight = sum(sent(site / file) for file in set(files))
        assert weight <= FIRST, f"{name}: {weight} bytes: {files}"
        assert len(files) <= REQUESTS, f"{name}: {files}"


def test_next_page_is_light(visits, site):
    """Who comes from the landing page has its files."""
    kept = set(visits["index.html"])
    for name, files in visits.items():
        weight = sum(sent(site / file) for file in set(files) - kept)
        limit = WITH_PICTURES if name in PICTURES else NEXT
        assert weight <= limit, f"{name}: {weight} bytes: {sorted(set(files) - kept)}"


def test_the_mathematics_font_has_every_character(browser, site):
    """Each character of a formula is as wide whatever font would stand in for the book's."""
    page = browser.new_page()
    page.goto(site.as_uri() + "/chapters/10-n-dimensions.html")
    found = set()
    for path in site.rglob("*.html"):
        for formula in re.findall(r"<math.*?</math>", path.read_text(encoding="utf-8"), re.DOTALL):
            found |= set(html.unescape(re.sub(r"<[^>]*>", "", formula)))
    assert len(found) > 50
    missing = page.evaluate(
        """async (characters) => {
            await document.fonts.load('20px "Book Mathematics"');
            const draw = document.createElement("canvas").getContext("2d");
            const width = (fallback, text) => {
                draw.font = `40px "Book Mathematics", ${fallback}`;
                return draw.measureText(text).width;
            };
            return characters.filter((c) => width("monospace", c) !== width("serif", c));
        }""",
        sorted(found - set(" \u2061\u00a0")),
    )
    page.close()
    assert not missing, f"add to tools/make_math_font.py: {missing}"
