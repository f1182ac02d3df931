"""The gallery in a browser: nothing moves or is fetched before play, and every link leads to its state."""

import json

import pytest
from explorer_page import ExplorerPage
from PIL import Image

from lib.explorer import rules
from lib.gallery import CASES

PAGE = "chapters/gallery.html"
SHOWS = """(wanted) => {
    const { explorer } = document.querySelector("[data-explorer]");
    const same = ([name, value]) => JSON.stringify(explorer.get(name)) === JSON.stringify(value);
    return Object.entries(wanted).every(same);
}"""


def films(page):
    return page.locator(".film")


def below_the_button(film, part):
    """How far under the film's button a part of it begins: the page may scroll meanwhile."""
    return part.bounding_box()["y"] - film.locator("summary").bounding_box()["y"]


def moving(film, theme="light"):
    return film.locator(f"img.only-{theme}")


def test_nothing_is_fetched_before_play(visit, address):
    asked = []
    page = visit(address, PAGE)
    page.on("request", lambda request: asked.append(request.url))
    assert films(page).count() == len(CASES)
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    visit.settle(page)
    assert not any("/films/" in url for url in asked)
    assert page.evaluate("performance.getEntriesByType('resource').every((e) => !e.name.includes('/films/'))")


def test_a_phone_shows_each_still_whole(visit, server):
    page = visit(server, PAGE)
    page.set_viewport_size({"width": 390, "height": 844})
    for name, film in zip(CASES, films(page).all()):
        box = film.locator(".film-still [role=img]")
        wider = box.evaluate("(box) => box.scrollWidth - box.clientWidth")
        assert wider <= 0, f"{name}: {wider} pixels are out of sight"
        height = box.locator("svg").bounding_box()["height"]
        assert height > 100, f"{name}: {height} pixels high before a reader comes near"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_film_plays_in_the_place_of_its_still(visit, server, theme):
    page = visit(server, PAGE, theme=theme)
    for name, film in zip(CASES, films(page).all()):
        still, image = film.locator(".film-still"), moving(film, theme)
        place = below_the_button(film, still)
        film.locator("summary").click()
        image.evaluate("(image) => image.decode()")
        end = "-dark" if theme == "dark" else ""
        assert image.get_attribute("src") == f"../films/{name}{end}.svg"
        assert not still.is_visible() and image.is_visible()
        assert not moving(film, "light" if theme == "dark" else "dark").is_visible()
        assert image.evaluate("(i) => i.naturalWidth === i.width && i.naturalHeight === i.height")
        assert abs(below_the_button(film, image) - place) <= 8
        assert image.get_attribute("alt").endswith(CASES[name].film().description)
        film.locator("summary").click()
        assert still.is_visible()


def test_it_moves(visit, address):
    page = visit(address, PAGE)
    film = films(page).first
    film.locator("summary").press("Enter")
    image = moving(film)
    image.evaluate("(image) => image.decode()")
    first = image.screenshot()
    while image.screenshot() == first:  # until the next frame
        page.wait_for_timeout(50)


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_a_file_alone_respects_who_wants_no_motion(visit, server, motion):
    page = visit(server, "films/stamps.svg", reduced_motion=motion)
    assert (page.evaluate("document.getAnimations().length") == 0) == (motion == "reduce")
    seen = "(all) => all.filter((e) => getComputedStyle(e).visibility === 'visible').length"
    if motion == "reduce":  # the finished picture: 25 numbers
        assert page.locator("rect.tc-output").evaluate_all(seen) == 25
        assert page.locator("rect.tc-empty").evaluate_all(seen) == 0


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_a_film_is_as_wide_as_the_page(visit, server, width):
    page = visit(server, PAGE, width=width)
    for film in films(page).all():
        film.locator("summary").click()
        box = moving(film).bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_link_opens_the_explorer_in_its_state(visit, address):
    page = visit(address, PAGE)
    links = [film.get_by_text("open in the explorer") for film in films(page).all()]
    fragments = [link.get_attribute("href").partition("#")[2] for link in links]
    links[-1].click()
    page.wait_for_url("**/explorer.html#*")
    ExplorerPage(page)  # has come to life
    for case, fragment in zip(CASES.values(), fragments):
        page.evaluate("(fragment) => { location.hash = fragment; }", fragment)
        wanted = {name: value for name, value in case.state().items() if name not in rules.RANGES}
        page.wait_for_function(SHOWS, arg=json.loads(json.dumps(wanted)))


def test_files_to_take_away(visit, site, server):
    page = visit(server, PAGE)
    for name, film in zip(CASES, films(page).all()):
        links = film.locator("a[download]").evaluate_all(
            "(links) => links.map((a) => a.getAttribute('href'))"
        )
        ends = [f"{name}{end}.{kind}" for end in ("", "-dark") for kind in ("svg", "gif")]
        assert links == [f"../films/{end}" for end in ends]
        for link in links:
            file = (site / "chapters" / link).resolve()
            if file.suffix == ".gif":
                with Image.open(file) as gif:
                    assert gif.n_frames == len(CASES[name].film())
            else:
                assert file.read_text(encoding="utf-8").startswith("<svg ")
