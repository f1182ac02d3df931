"""The built site as a reader has it: from a server or from the disk, on a screen or a phone."""

import re
from urllib.parse import unquote, urldefrag, urlparse

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from conftest import page_names

PHONE = 390
# What the theme writes itself. Everything else that axe finds is ours to mend.
UPSTREAM = {
    "region",  # the theme's logo stands outside a landmark
}
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
# Marks the places where axe looks at contrast: for each look of a text (its colour and size, and all that
# lies behind it) the three elements with the least inside. Of thousands of texts some fifty looks remain.
MARK_LOOKS = """() => {
    const looks = new Map();
    const seen = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
        e.getBoundingClientRect().width > 1;
    const nowhere = "svg, script, style, noscript";
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const e = texts.currentNode.parentElement;
        if (!texts.currentNode.textContent.trim() || e.closest(nowhere) || !seen(e)) continue;
        const { color, fontSize, fontWeight, textShadow } = getComputedStyle(e);
        const look = [color, fontSize, fontWeight, textShadow, Boolean(e.closest(":disabled"))];
        for (let behind = e; behind; behind = behind.parentElement) {
            const { backgroundColor, backgroundImage, opacity } = getComputedStyle(behind);
            if (backgroundColor !== "rgba(0, 0, 0, 0)" || backgroundImage !== "none" || opacity !== "1")
                look.push(backgroundColor, backgroundImage, opacity);
        }
        const key = look.join("|");
        looks.set(key, [...(looks.get(key) ?? []), e]);
    }
    const inside = (e) => e.getElementsByTagName("*").length;
    for (const e of document.querySelectorAll("[data-look]")) e.removeAttribute("data-look");
    for (const alike of looks.values()) {
        alike.sort((a, b) => inside(a) - inside(b));
        for (const e of alike.slice(0, 3)) e.setAttribute("data-look", "");
    }
    return looks.size;
}"""
FAILED_FONTS = """async () => [...await document.fonts.ready]
    .filter((font) => font.status === "error").map((font) => font.family)"""


def check_page(page):
    """What holds for every page however it is opened; the fixture `visit` adds requests and console."""
    for tag, name, html in page.evaluate(NAMES):
        assert len(name) >= 15, f"{tag} without a description: {html}"
        assert not re.search(r"\.(svg|png|jpe?g)$|[0-9a-f]{16,}", name), f"a file name says nothing: {html}"
    assert page.evaluate(RAW_FORMULAS) == [], "formulas that are not set"
    assert page.evaluate(FAILED_FONTS) == []
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], page.evaluate(WIDER_THAN_THE_PAGE)


def check_with_axe(page, context=None, **options):
    # preload would fetch the style sheets once more, which a page opened from the disk may not do
    options = {"preload": False, "resultTypes": ["violations"], **options}
    found = Axe().run(page, context=context, options=options).response["violations"]
    ours = [rule for rule in found if rule["id"] not in UPSTREAM]
    places = [(rule, node["html"][:200]) for rule in ours for node in rule["nodes"][:3]]
    assert not ours, "\n".join(f"{rule['id']}: {rule['help']}: {html}" for rule, html in places)


def check_structure(page):
    """Everything that axe knows but contrast, which takes most of its time."""
    check_with_axe(page, rules={"color-contrast": {"enabled": False}})


def check_contrast(page):
    """Contrast of the page's text, one place for each look. Text in drawings: tests/test_contrast.py."""
    page.evaluate("() => Promise.allSettled(document.getAnimations().map((change) => change.finished))")
    assert page.evaluate(MARK_LOOKS) > 5
    check_with_axe(page, {"include": [["[data-look]"]]}, runOnly=["color-contrast"])


def test_on_a_screen_from_a_server(visit, server, page_name):
    page = visit(server, page_name)
    check_page(page)
    check_structure(page)
    check_contrast(page)


def test_on_a_phone_from_the_disk(visit, site, page_name):
    page = visit(site.as_uri() + "/", page_name, width=PHONE, theme="dark")
    check_page(page)
    check_structure(page)
    check_contrast(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_page_of_source_is_a_page_of_the_book(visit, server, theme):
    """Coloured, legible, and no wider than the smallest phone; its lines scroll in their own box."""
    page = visit(server, "_modules/lib/fast.html#conv_transpose", width=320, theme=theme)
    check_page(page)
    check_structure(page)
    assert page.evaluate(MARK_LOOKS) > 3
    check_with_axe(page, {"include": [["[data-look]"]]}, runOnly=["color-contrast"])
    assert page.locator("article pre .k").count() > 10
    page.locator("#conv_transpose .viewcode-back").click()
    page.wait_for_url("**/chapters/api.html#lib.conv_transpose")


def test_the_look_of_a_text_is_what_contrast_depends_on(visit, site):
    """One word in an unhappy colour, on one line of many that look alike, is found; so is its ground."""
    page = visit(site.as_uri() + "/", "chapters/glossary.html")
    check_contrast(page)
    for style in ("color: #999", "background: #555", "opacity: 0.3"):
        last = page.locator("article p").last
        last.evaluate("(paragraph, style) => paragraph.style = style", style)
        with pytest.raises(AssertionError, match="color-contrast"):
            check_contrast(page)
        last.evaluate("(paragraph) => paragraph.removeAttribute('style')")


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


def test_solutions_are_folded_until_asked(visit, server):
    page = visit(server, "chapters/02-the-backward-pass.html")
    solution = page.locator(".solution").first
    inside = solution.locator("pre").first
    assert not inside.is_visible()
    solution.locator("summary").first.click()
    inside.wait_for(state="visible")


def test_every_link_within_the_book_arrives(site):
    files = [path for path in site.rglob("*.html") if "_static" not in path.parts]
    pages = {path: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in files}
    anchors = {path: {element["id"] for element in soup.select("[id]")} for path, soup in pages.items()}
    for path, soup in pages.items():
        anchors[path] |= {f"explorer-{n}" for n, _ in enumerate(soup.select("[data-explorer]"), 1)}
    broken = []
    for path, soup in pages.items():
        for element in soup.select("a[href], link[href], script[src], img[src]"):
            link = element.get("href") or element.get("src")
            if urlparse(link).scheme in ("http", "https", "mailto", "data"):
                continue
            assert not link.startswith("/"), f"{path.name}: {link} works in one folder only"
            file, anchor = urldefrag(link)
            target = (path.parent / unquote(urlparse(file).path)).resolve() if file else path
            there = anchors.get(target, {unquote(anchor)})  # of a file that is not a page, nothing is known
            anchor = re.sub(r"^(explorer-\d+)\?.*", r"\1", anchor)  # a state of the page's n-th explorer
            if not target.exists() or (anchor and unquote(anchor) not in there):
                broken.append(f"{path.relative_to(site)}: {link}")
    assert not broken, "\n".join(sorted(set(broken)))


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
