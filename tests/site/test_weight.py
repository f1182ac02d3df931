"""What a page weighs: bytes as a server sends them (gzip), and requests."""

import gzip
import re

import pytest
from conftest import page_names

FIRST, REQUESTS, NEXT = 150_000, 15, 30_000
# Pages with photographs may weigh more, pictures above the fold included.
PHOTOGRAPHS = {
    f"chapters/{name}.html" for name in ("01-a-convolution-is-a-matrix", "12-checkerboards", "16-in-networks")
}
WITH_PHOTOGRAPHS = 80_000
PACKED = re.compile(r"\.(png|jpe?g|webp|gif|woff2|wav)$")


def sent(path):
    """The bytes that a server sends for a file: packed, unless it is of a kind that is packed already."""
    data = path.read_bytes()
    return len(data) if PACKED.search(path.name) else len(gzip.compress(data, 6))


@pytest.fixture(scope="module")
def visits(browser, site, server):
    """For each page: the files of the site that a first visit to it fetches."""
    found = {}
    for name in page_names():
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = context.new_page()
        asked = []
        page.on("request", asked.append)
        page.goto(server + name)
        page.wait_for_load_state("networkidle")
        urls = [request.url for request in asked if request.url.startswith(server)]
        found[name] = [url.removeprefix(server).partition("?")[0] for url in urls]
        context.close()
    return found


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
        limit = WITH_PHOTOGRAPHS if name in PHOTOGRAPHS else NEXT
        assert weight <= limit, f"{name}: {weight} bytes: {sorted(set(files) - kept)}"
