"""What a reader meets on every page: titles, headings, folds, menus; on wide and on narrow screens."""

import re
from urllib.parse import unquote, urldefrag, urlparse

import pytest
from conftest import page_names, parsed
from playwright.sync_api import expect

TITLE = "Transposed Convolution, Understood"
EXTRA = ["search.html", "genindex.html", "404.html"]


@pytest.fixture(scope="module")
def soups(site):
    """Every page of the site, parsed once."""
    files = [path for path in sorted(site.rglob("*.html")) if "_static" not in path.parts]
    files = [path for path in files if path.name != "embed.html"]  # a figure for other people's pages
    return {path.relative_to(site).as_posix(): parsed(path) for path in files}


def test_each_page_has_one_title(soups):
    titles = {}
    for name, soup in soups.items():
        assert len(soup.select("h1")) == 1, name
        title = soup.title.get_text().strip()
        assert title.count(TITLE) == 1, f"{name}: {title}"
        assert titles.setdefault(title, name) == name, f"{name} and {titles[title]} have one title"
    assert set(EXTRA) <= set(soups)


def test_no_id_stands_twice(soups):
    for name, soup in soups.items():
        ids = [element["id"] for element in soup.select("[id]")]
        assert len(ids) == len(set(ids)), f"{name}: {sorted({i for i in ids if ids.count(i) > 1})}"


def test_every_link_within_the_book_arrives(soups, site):
    pages = {site / name: soup for name, soup in soups.items()}
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


def test_a_tool_stands_before_what_proves_it(soups):
    """Who comes for the calculator or the explorer meets it before any code and its buttons."""
    for name, tool in (("size-calculator", "[data-calculator]"), ("explorer", "[data-explorer]")):
        soup = soups[f"chapters/{name}.html"]
        first = soup.select_one(f"{tool}, article .cell_input, article .tc-bar")
        assert first is soup.select_one(tool), name


STRAY = """() => [...document.querySelectorAll("article p math, article li math")].filter((formula) => {
  const end = formula.nextSibling;
  const stop = end?.nodeType === Node.TEXT_NODE ? /^\\u2060?[.,;:]/.exec(end.data) : null;
  if (!stop) return false;
  const range = document.createRange();
  range.setStart(end, stop[0].length - 1);
  range.setEnd(end, stop[0].length);
  return range.getBoundingClientRect().top > formula.getBoundingClientRect().bottom;
}).map((formula) => formula.parentElement.textContent)"""


def test_no_line_begins_with_the_stop_behind_a_formula(visit, server):
    page = visit(server, "chapters/02-the-backward-pass.html")
    page.add_style_tag(content="* { content-visibility: visible !important; }")
    for width in range(320, 480, 4):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate(STRAY) == [], width


def test_each_page_describes_itself(soups):
    said = {}
    for name, soup in soups.items():
        if name in EXTRA:
            continue
        description = soup.select_one("meta[name=description]")["content"]
        assert 30 <= len(description) <= 200, f"{name}: {description}"
        assert not re.search(r"[\\$`]", description), f"{name}: {description}"
        assert said.setdefault(description, name) == name
        assert soup.select_one('meta[property="og:title"]')["content"], name


def test_what_is_folded_says_what_it_shows(soups):
    """Its visible name is one small word, which its spoken name begins with."""
    folds = [(name, fold) for name, soup in soups.items() for fold in soup.select("details.hide > summary")]
    assert len(folds) > 80
    for name, summary in folds:
        assert not summary.has_attr("aria-label"), name
        spoken = r"code that (draws: \S.*|prints .*|checks .*|prepares .*)|answer that the code above gives"
        assert re.fullmatch(spoken, summary.get_text()), name


def test_what_only_proves_is_folded(soups):
    """Imports and checks without output are there for honesty, not for reading."""
    for name, soup in soups.items():
        for code in soup.select("article div.cell_input"):
            lines = [line for line in code.get_text().splitlines() if line.strip()]
            imports = all(re.match(r"(from|import)\b|[ \w]*[\w,]+,?$|\)$|setup\(\)", line) for line in lines)
            asserts = all(line.startswith(("assert ", " ", ")", "]")) for line in lines)
            if (imports or asserts) and not code.find_parent(class_=["exercise", "solution"]):
                assert code.find_parent("details"), f"{name}: {lines[0]}"


def test_headings_shrink_in_order(visit, server):
    """No heading is larger or heavier than one above it in rank."""
    page = visit(server, "chapters/questions-and-answers.html")
    weights = page.evaluate(
        """() => ["h1", "h2", "h3"].map((name) => {
            const { fontSize } = getComputedStyle(document.querySelector(`article ${name}`));
            return parseFloat(fontSize);
        })"""
    )
    assert weights[0] > 1.2 * weights[1] and weights[1] > 1.2 * weights[2], weights


def test_nothing_scrolls_sideways_on_a_generated_page(browser, site, soups):
    """Search, index, sources; for the book's own pages test_site.py sees to it."""
    page = browser.new_page()
    generated = soups.keys() - set(page_names())
    assert {*EXTRA, "_modules/lib/ops.html"} <= generated
    wide = []
    for name in sorted(generated):
        page.goto(f"{site.as_uri()}/{name}")
        for width in (320, 390):
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wide.append((name, width))
    page.close()
    assert not wide


@pytest.mark.parametrize("side", ["primary", "secondary"])
def test_escape_gives_the_focus_back(visit, server, side):
    page = visit(server, "chapters/05-padding.html", width=390)
    button = page.locator(f"button.{side}-toggle:visible")
    button.click()
    page.locator(f"#pst-{side}-sidebar-modal[open]").wait_for()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_the_download_menu_is_reached_and_left_by_keyboard(visit, server):
    page = visit(server, "chapters/05-padding.html")
    menu = page.locator("details.dropdown-download-buttons")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    assert menu.locator("a", has_text=".ipynb").is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert not menu.locator("a").is_visible()
    assert menu.locator("summary").evaluate("(e) => e === document.activeElement")
    assert menu.locator("summary").evaluate("(e) => getComputedStyle(e).outlineStyle") != "none"


def test_the_cure_is_one_click_away(visit, address):
    """On the landing page the cat stands behind its fence until one asks for kernel 4."""
    page = visit(address, width=390)
    fence, cure = page.locator(".tc-cure img").all()
    assert fence.is_visible() and not cure.is_visible()
    page.get_by_label("kernel 4 in place of 3").click()
    assert cure.is_visible() and not fence.is_visible()


def test_the_landing_page_opens_on_the_picture(visit, server):
    """23 is chosen, its four terms are lit, and the first screen of a phone has the explorer on it."""
    page = visit(server, width=390)
    lit = page.locator('[data-explorer] [data-cell^="input:"][data-lit]')
    assert lit.count() == 4
    assert "23" in page.locator("[data-explorer] [role=status]").first.inner_text()
    assert page.locator("[data-explorer]").first.bounding_box()["y"] < 400
    doors = page.locator("#where-do-you-want-to-start > ul > li strong")
    assert doors.all_text_contents() == ["Understand", "Look up", "Calculate", "Run"]


def test_each_name_of_the_api_leads_to_its_own_lines(soups):
    """*source* beside a function or a class: a page of the book, at the lines of its definition."""
    pages = [soups["chapters/api.html"], soups["chapters/api-more.html"]]
    kinds = "dl.function > dt.sig, dl.class > dt.sig, dl.method > dt.sig"
    names = [name for page in pages for name in page.select(kinds)]
    assert len(names) > 80
    for name in names:
        (link,) = [a for a in name.select("a") if a.get_text() == "source"]
        page, _, anchor = link["href"].removeprefix("../").partition("#")
        block = soups[page].find(id=anchor)
        words = rf"(@\w+[^\n]*\n\s*)*(def|class) {anchor.rpartition('.')[2]}\b"
        code = block.get_text().replace("[docs]", "").strip()
        assert re.match(words, code), f"{name['id']}: {code[:80]}"


def test_the_source_of_the_readable_pair_is_short(soups):
    page = soups["_modules/lib/ops.html"]
    for name in ("conv", "conv_transpose"):
        code = page.find(id=name).get_text()
        body = code.split('"""')[-1]
        assert len(body.strip().splitlines()) <= 15, body
