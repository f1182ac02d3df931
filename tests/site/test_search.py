"""Who searches finds: the right page stands first, and what is shown of it is its text."""

import re

import pytest
from playwright.sync_api import expect

RIGHT = {
    "output_padding": "07-output-padding",
    "checkerboard artifacts": "12-checkerboards",
    "deconvolution": "04-what-it-is-not",
    "transposed convolution": "03-the-transposed-convolution",
    "conv2d_transpose": "15-dialects",
    "Conv1DTranspose": "15-dialects",
    "ConvTranspose3d": "10-n-dimensions",
    "bilinear": "13-relatives",
    "kernel rotated": "03-the-transposed-convolution",
    "size calculator": ("size-calculator", "cheat-sheet"),
    "output size": ("size-calculator", "cheat-sheet"),
    "SAME padding": "15-dialects",
    "asymmetric padding": "10-n-dimensions",
    "learnable upsampling": "13-relatives",
    "unfold": "09-channels-and-groups",
    "receptive field": ("size-calculator", "cheat-sheet"),
    "batchnorm": "16-in-networks",
    "causal": "10-n-dimensions",
    "nondeterministic": "questions-and-answers",
    "fan_in": "09-channels-and-groups",
    "state_dict": "questions-in-practice",
    "size mismatch": "questions-in-practice",
    "kaiming": "questions-and-answers",
    "vocoder": "17-upsampling-is-filtering",
    "mixed precision": "18-gpu-and-few-bits",
    "Lipschitz": "19-what-undoes-it",
    "TensorRT": "more-dialects",
    "转置卷积": "03-the-transposed-convolution",
    "反卷积": "04-what-it-is-not",
}
FIRST = "#search-results ul.search li:first-child"


@pytest.fixture(scope="module")
def searching(browser, server):
    """Search for something; the page of results when it is complete."""
    page = browser.new_page()

    def search(query):
        page.goto(server + "search.html")
        page.locator("form.bd-search input").locator("visible=true").first.fill(query)
        page.keyboard.press("Enter")
        page.wait_for_url("**/search.html?q=*")
        page.locator("#search-results", has_text=re.compile("found [0-9]+ page|not match")).wait_for()
        return page

    yield search
    page.close()


@pytest.mark.parametrize("query", RIGHT)
def test_the_right_page_is_first(searching, query):
    right = RIGHT[query] if isinstance(RIGHT[query], tuple) else (RIGHT[query],)
    found = searching(query).locator(f"{FIRST} a").get_attribute("href")
    assert found.partition("#")[0] in [f"chapters/{name}.html" for name in right]


def test_an_excerpt_is_text_of_the_page(searching):
    """No menus, no buttons, no raw TeX."""
    excerpt = searching("stride").locator(f"{FIRST} p.context")
    excerpt.wait_for()
    text = excerpt.inner_text()
    assert "stride" in text.lower() and len(text) > 80
    assert not re.search(r"\\[a-z(\[]|Toggle|Search|Contents|\.ipynb|Ctrl", text), text


def test_words_of_two_boxes_are_two_words_in_an_excerpt(searching):
    """A term and its meaning; and what is raised stays so."""
    page = searching("checkerboard")
    excerpts = page.locator("#search-results p.context")
    for words in ("checkerboard A pattern", "the loss by C^"):
        expect(excerpts.filter(has_text=words)).to_have_count(1)


def test_chinese_and_code_words_are_found_as_they_are(searching):
    for query in ("反卷积", "output_padding"):
        assert searching(query).locator("#search-results ul.search li").count() >= 1


@pytest.mark.parametrize("query", ["checkerboard", "stride", "padding"])
def test_a_place_is_found_once(searching, query):
    """The heading of a page and the page are one place; its title is the page's."""
    links = searching(query).locator("#search-results ul.search > li > a")
    places = links.evaluate_all("links => links.map(({ href }) => href.replace(/[?]highlight=[^#]*/, ''))")
    assert len(places) > 3 and len(set(places)) == len(places)
    assert not [title for title in links.all_inner_texts() if re.match(r"(\d+\. )?(.+) > \2$", title)]
