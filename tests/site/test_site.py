"""The built site as a reader has it: from a server or from the disk, on a screen or a phone."""

import re

import pytest
from accessible import check_accessible
from conftest import page_names

PHONE = 390
NAMES = """() => [...document.querySelectorAll("article img, article [role=img], article svg")]
    .filter((e) => !e.closest("[aria-hidden=true], button, summary"))
    .filter((e) => !e.parentElement.closest("[role=img], svg"))
    .map((e) => [e.tagName, (e.getAttribute("alt") || e.getAttribute("aria-label")
        || e.querySelector(":scope > title")?.textContent || "").trim(), e.outerHTML.slice(0, 200)])"""
WIDER_THAN_THE_PAGE = """() => [...document.querySelectorAll("article *")]
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
    .map((e) => e.outerHTML.slice(0, 150)).slice(0, 5)"""
# A formula that was not set, and what MathML could not be made of.
RAW_FORMULAS = r"""() => [...document.querySelectorAll("article :is(p, li, td, div.math, merror)")]
    .filter((e) => e.matches("merror, div.math:not(:has(math))") || /\\[(\[]|\\[a-z]+\{/.test(e.innerText))
    .map((e) => e.textContent)"""
FAILED_FONTS = """async () => [...await document.fonts.ready]
    .filter((font) => font.status === "error").map((font) => font.family)"""


def check_page(page):
    """What holds for every page however it is opened; the fixture `visit` adds requests and console."""
    for tag, name, html in page.evaluate(NAMES):
        assert len(name) >= 15, f"{tag} without a description: {html}"
        assert not re.search(r"\.(svg|png|jpe?g)$|[0-9a-f]{16,}", name), f"a file name says nothing: {html}"
    assert page.evaluate(RAW_FORMULAS) == [], "formulas that are not set"
    assert page.evaluate(FAILED_FONTS) == []
    check_width(page)


def check_width(page):
    """Nothing scrolls sideways but what has a box of its own to scroll in."""
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], page.evaluate(WIDER_THAN_THE_PAGE)


def test_on_a_screen_from_a_server(visit, server, page_name):
    page = visit(server, page_name)
    check_page(page)
    check_accessible(page)


def test_on_a_phone_from_the_disk(visit, site, page_name):
    page = visit(site.as_uri() + "/", page_name, width=PHONE, theme="dark")
    check_page(page)
    check_accessible(page)
    page.set_viewport_size({"width": 320, "height": 900})  # the smallest
    check_width(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_page_of_source_is_a_page_of_the_book(visit, server, theme):
    """Coloured, legible, and no wider than the smallest phone; its lines scroll in their own box."""
    page = visit(server, "_modules/lib/fast.html#conv_transpose", width=320, theme=theme)
    check_page(page)
    check_accessible(page, looks=3)
    assert page.locator("article pre .k").count() > 10
    page.locator("#conv_transpose .viewcode-back").click()
    page.wait_for_url("**/chapters/api.html#lib.conv_transpose")


def test_the_look_of_a_text_is_what_contrast_depends_on(visit, site):
    """One word in an unhappy colour, on one line of many that look alike, is found; so is its ground, and a
    link that looks like the words around it."""
    page = visit(site.as_uri() + "/", "chapters/glossary.html")
    check_accessible(page)
    for style in ("color: #999", "background: #555", "opacity: 0.3"):
        last = page.locator("article p").last
        last.evaluate("(paragraph, style) => paragraph.style = style", style)
        with pytest.raises(AssertionError, match="color-contrast"):
            check_accessible(page)
        last.evaluate("(paragraph) => paragraph.removeAttribute('style')")
    link = page.locator("article p a[href]").last
    # Bare: over an element inside it axe cannot tell. Nearly of the colour around it: what is alike may be.
    alike = "(link) => { link.textContent = 'here'; link.style = 'color: #454f5f; text-decoration: none'; }"
    link.evaluate(alike)
    with pytest.raises(AssertionError, match="link-in-text-block"):
        check_accessible(page)


def test_a_picture_with_something_to_reach_in_it_is_looked_into(visit, site):
    """The parts of the others are away while axe looks, and back afterwards."""
    page = visit(site.as_uri() + "/", "chapters/glossary.html")
    picture = '<div role="img" aria-label="A picture"><svg width="9" height="9">{}<rect/></svg></div>'
    add = "(article, html) => article.insertAdjacentHTML('beforeend', html)"
    page.locator("article").evaluate(add, picture.format(""))
    check_accessible(page)
    assert page.locator("article [role=img] > svg > rect").count() == 1
    page.locator("article").evaluate(add, picture.format('<a href="#"><rect width="9" height="9"/></a>'))
    with pytest.raises(AssertionError, match="link-name|nested-interactive"):
        check_accessible(page)


def test_phone_menu(visit, address):
    page = visit(address, width=PHONE)
    chapter = page.locator(".bd-sidebar-primary a", has_text="A convolution is a matrix")
    assert not chapter.is_visible()
    page.locator("button.primary-toggle:visible").click()
    chapter.wait_for(state="visible")
    chapter.click()
    page.wait_for_url("**/chapters/01-a-convolution-is-a-matrix.html")
    assert "A convolution is a matrix" in page.locator("article h1").inner_text()


@pytest.mark.parametrize("width", [1280, PHONE])
def test_search(visit, address, width):
    page = visit(address, "chapters/bibliography.html", width=width)
    buttons = page.locator("button.search-button, button.search-button-field").locator("visible=true")
    assert buttons.count() == 1
    buttons.click()
    page.keyboard.type("transposed")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=transposed")
    page.wait_for_function("document.querySelectorAll('#search-results ul.search li').length > 2")
    assert page.locator("#search-results a", has_text="The transposed convolution").count() >= 1
    visit.settle(page)


def test_colour_button(visit, server):
    """The button goes round system, light and dark, and the choice is kept on the next page."""
    page = visit(server)
    seen = set()
    for _ in range(3):
        page.locator("button.theme-switch-button:visible").click()
        seen.add(page.evaluate("document.documentElement.dataset.mode"))
    assert seen == {"auto", "light", "dark"}
    while page.evaluate("document.documentElement.dataset.mode") != "dark":
        page.locator("button.theme-switch-button:visible").click()
    page.goto(server + "chapters/01-a-convolution-is-a-matrix.html")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_print(visit, server):
    """On paper: the text, without menus."""
    page = visit(server, "chapters/02-the-backward-pass.html", width=700)
    page.emulate_media(media="print")
    for selector in (".bd-sidebar-primary", ".bd-header-article", ".bd-sidebar-secondary"):
        assert not page.locator(selector).first.is_visible(), selector
    assert page.locator("h1").locator("visible=true").count() == 1
    assert page.locator("article p").first.is_visible()


def test_a_formula_of_its_own_stands_in_the_middle(visit, server):
    page = visit(server, "chapters/01-a-convolution-is-a-matrix.html")
    off = page.locator("div.math").evaluate_all(
        """boxes => boxes.map((box) => {
            const outer = box.getBoundingClientRect();
            const inner = box.querySelector("math").getBoundingClientRect();
            return Math.abs(outer.left + outer.right - inner.left - inner.right);
        })"""
    )
    assert off and max(off) <= 2


@pytest.mark.parametrize("chapter", ["15-dialects", "more-dialects"])
def test_names_in_tables_stay_whole_on_a_phone(visit, server, chapter):
    """The box of the table scrolls; a name in pieces of two letters cannot be read."""
    page = visit(server, f"chapters/{chapter}.html", width=390)
    lines = page.locator("article td code").evaluate_all(
        """names => names.filter((name) => name.offsetParent && !/[ ,]/.test(name.textContent))
            .map((name) => [name.getClientRects().length, name.textContent.length, name.textContent])"""
    )
    assert len(lines) > 10
    assert not [text for count, length, text in lines if count > 1 and length / count < 8]


def test_solutions_are_folded_until_asked(visit, server):
    page = visit(server, "chapters/02-the-backward-pass.html")
    solution = page.locator(".solution").first
    inside = solution.locator("pre").first
    assert not inside.is_visible()
    solution.locator("summary").first.click()
    inside.wait_for(state="visible")


def test_the_sheet_has_a_rule_for_all_that_drawings_use(site):
    """Drawings lose their own style on a page; a wire without a rule is not drawn at all."""
    sheet = (site / "_static" / "site.css").read_text(encoding="utf-8")
    used = set()
    for name in page_names():
        page = (site / name).read_text(encoding="utf-8")
        for figure in re.findall(r'<figure class="tc-figure".*?</figure>', page, re.DOTALL):
            for names in re.findall(r'class="(tc-[\w -]+)"', figure):
                used |= set(names.split())
    assert "tc-wire" in used
    plain = {"tc-tip"}  # the head of a wire is drawn by the rules of its hue
    assert not {name for name in used - plain if f".{name}" not in sheet}


def test_the_sheet_asks_for_no_letter_of_a_font_that_is_not_here(site):
    """Icons are drawn; a letter of the theme's icon font would be a box behind every exercise's title."""
    sheet = (site / "_static" / "site.css").read_text(encoding="utf-8")
    assert not re.findall(r"[^{}]*\{[^{}]*[\ue000-\uf8ff][^{}]*", sheet)


def test_what_the_site_carries(site):
    """What some page loads and no more: nothing that would ask a third party, no parts that no page uses."""
    names = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assert ".nojekyll" in names
    heavy = re.compile(r"thebe|require\.js|embed-amd|mathjax|fontawesome|bootstrap")
    assert not [name for name in names if heavy.search(name)]
    text = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.html"))
    text += "highlight.js photo.js"  # book.js fetches them
    text += "card.png"  # the picture of a shared link: pages name it once the book has an address
    live = "_static/live/"  # live.js fetches it when a reader runs a cell: test_live.py
    static = [name for name in names if name.startswith("_static/") and not name.startswith(live)]
    assert static and not [name for name in static if name.rpartition("/")[2] not in text]
