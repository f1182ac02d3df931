"""What the frame around the text of every page must not do again."""

import re
from collections import Counter

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import page_names


def test_ids_titles_and_footers(site):
    """No id stands twice in a page, a page has one title, and no author is called "The authors"."""
    for name in page_names():
        html = (site / name).read_text(encoding="utf-8")
        bare = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
        twice = [id_ for id_, n in Counter(re.findall(r'\sid="([^"]+)"', bare)).items() if n > 1]
        assert not twice, (name, twice)
        assert len(re.findall(r"<h1\b", bare)) == 1, name
        title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)[1].strip()
        assert title.count("Transposed Convolution, Understood") == 1, (name, title)
        assert "By The" not in bare, name


NAMES = ["index.html", "chapters/05-padding.html", "chapters/exercises.html", "chapters/explorer.html"]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_read_in_a_control_is_in_its_name(visit, server, name):
    """axe's rule label-content-name-mismatch in the text of a page: folds, explorers, exercises."""
    page = visit(server, name)
    rule = {"type": "rule", "values": ["label-content-name-mismatch"]}
    options = {"runOnly": rule, "preload": False}
    found = Axe().run(page, context={"include": [["article"]]}, options=options).response
    assert [node["html"] for each in found["violations"] for node in each["nodes"]] == []
