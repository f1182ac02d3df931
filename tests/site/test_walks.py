"""A long walk is one picture with a slider; without a script, and on paper, its frames stand side by side."""

import re

import pytest

WALKS = {"chapters/03-the-transposed-convolution.html": 16, "chapters/06-stride.html": 7}


def walk(page):
    return page.locator(".tc-figure:has(svg[data-frame])")


def shown(figure):
    return [frame for frame in figure.locator("svg[data-frame]").all() if frame.is_visible()]


def title(figure):
    """The title of the one frame that is seen."""
    (title,) = figure.evaluate(
        """(figure) => [...figure.querySelectorAll("svg[data-frame]")]
            .filter((frame) => frame.checkVisibility())
            .map((frame) => frame.querySelector("text").textContent)"""
    )
    return title


@pytest.mark.parametrize("name", WALKS)
def test_the_slider_walks(visit, address, name):
    page = visit(address, name)
    figure, count = walk(page), WALKS[name]
    slider, button = figure.get_by_label("frame", exact=True), figure.get_by_role("button")
    titles = []
    for n in range(1, count + 1):
        titles.append(title(figure))
        assert slider.get_attribute("aria-valuetext") == f"{n} of {count}: {titles[-1]}"
        slider.press("ArrowRight")
    assert len(set(titles)) == count and title(figure) == titles[-1]
    slider.press("Home")
    assert title(figure) == titles[0]
    button.press("Enter")
    assert button.text_content() == "pause" and title(figure) == titles[1]
    while title(figure) == titles[1]:
        page.wait_for_timeout(20)
    button.press(" ")
    assert button.text_content() == "play"
    slider.fill(str(count - 1))
    button.click()  # the last step, and it stops
    assert button.text_content() == "play" and title(figure) == titles[-1]
    button.click()
    assert title(figure) == titles[0]


def test_frames_are_the_output_cells_in_order(visit, server):
    page = visit(server, "chapters/03-the-transposed-convolution.html")
    texts = walk(page).locator("svg[data-frame] > text:first-of-type").all_text_contents()
    assert [re.match(r"x (\d,\d) = ", text)[1] for text in texts] == [
        f"{a},{b}" for a in range(4) for b in range(4)
    ]


@pytest.mark.parametrize("name", WALKS)
def test_without_scripts_every_frame_is_there(browser, server, name):
    page = browser.new_page(java_script_enabled=False)
    page.goto(server + name)
    assert len(shown(walk(page))) == WALKS[name]
    page.close()


@pytest.mark.parametrize("name", WALKS)
def test_on_paper_every_frame_is_there(visit, server, name):
    page = visit(server, name)
    page.emulate_media(media="print")
    assert len(shown(walk(page))) == WALKS[name]
    assert not page.locator(".tc-turns").is_visible()


@pytest.mark.parametrize("name", WALKS)
def test_nothing_moves_when_the_script_comes(browser, visit, server, name):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.route("**/walk.js*", lambda route: route.abort())
    page.goto(server + name)
    assert len(shown(walk(page))) == 1
    before = walk(page).bounding_box()["height"]
    page.close()
    assert walk(visit(server, name)).bounding_box()["height"] == before
