"""Pictures to take away: what the saved files hold is what stood on the screen."""

import re
import xml.etree.ElementTree as ET
from collections import Counter

import pytest
from explorer_page import ExplorerPage

from lib.explorer import Explorer, front

PAGE = "<!doctype html><html lang=en {}><title>Save</title><style>{}</style>{}<script>{}</script></html>"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(params=["", "data-theme=dark"], ids=["light", "dark"])
def explorer(browser, request):
    page = browser.new_page()
    script = f"{front.script()}TransposedConvolutionExplorer.boot(document)"
    state = Explorer([[1, 2], [3, 4]], stride=2, padding=1, chosen="input:0,1").html()
    page.set_content(PAGE.format(request.param, front.style(), state, script))
    yield ExplorerPage(page)
    page.close()


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
    rules = re.findall(r"@keyframes s(\d)", picture.find(f"{SVG}style").text)
    assert rules == ["0", "1", "2", "3"]


def test_png(explorer):
    data = saved(explorer, "PNG")
    assert data.startswith(b"\x89PNG")
    width, height = (int.from_bytes(data[at : at + 4]) for at in (16, 20))
    assert width > 600
    assert height > 400
