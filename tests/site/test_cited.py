"""Figures can be cited: those of chapters have a number, a caption and an address, and references arrive."""

import re

import pytest
from conftest import page_names, parsed

CHAPTERS = [name for name in page_names() if re.match(r"chapters/\d\d-", name)]


@pytest.mark.parametrize("name", CHAPTERS)
def test_figures_are_numbered_by_chapter(site, name):
    page = parsed(site / name)
    captions = page.select("figure > figcaption")
    numbers = [caption.select_one(".caption-number").get_text().strip() for caption in captions]
    chapter = int(name[9:11])
    assert numbers == [f"Figure {chapter}.{n}" for n in range(1, len(captions) + 1)] and numbers
    for caption in captions:
        words = caption.select_one(".caption-text").get_text().strip()
        assert 10 < len(words) < 120 and words.endswith(".")
        assert re.match(rf"fig-{name[9:11]}-[a-z-]+", caption.parent["id"])
        assert caption.parent.select("svg, img"), words


@pytest.mark.parametrize("name", CHAPTERS)
def test_references_to_figures_say_their_number(site, name):
    page = parsed(site / name)
    for link in page.select("a.reference.internal:has(.std-numref)"):
        target, _, anchor = link["href"].partition("#")
        other = site / "chapters" / target if target else site / name
        there = parsed(other).find(id=anchor)
        assert there.select_one(".caption-number").get_text().strip() == link.get_text()
