"""What paper and reading programs get of a page: everything that is to be read, and nothing to be pressed."""

import re
import xml.etree.ElementTree as ET

from lib.svg import HUES, TOKENS
from tools.editions import answers, links, pages, terms, texts

CHAPTER = """<article class="bd-article"><section id="start">
<h1><span class="section-number">5. </span>Padding crops<a class="headerlink" href="#start">#</a></h1>
<p>See <a href="07-size.html#lost">the lost size</a>, <a href="07-size.html#gone">what is gone</a>,
<a href="https://example.org/x">a source</a> and <a href="../_static/live.js">a file</a>.</p>
<div data-explorer><div class="tc-still"><svg viewBox="0 0 40 30"><text>7</text></svg></div>
<script type="application/json">{"speed": 3}</script></div>
<img class="only-light" src="../_images/a.png"/><img class="only-dark" src="../_images/a-dark.png"/>
<div class="cell" data-live="draw"><details class="hide above-input"><summary>code</summary><div
class="cell_input"><pre>draw()</pre></div></details><div class="cell_output"><pre>drawn</pre></div></div>
<div class="cell" data-live="stub"><div class="cell_input"><pre>check("05-one", ...)</pre></div><div
class="cell_output"><pre>05-one: not answered yet
</pre></div></div>
<div class="cell" data-live="predict"><div class="cell_input"><pre>1 + 1</pre></div><details
class="hide below-input"><summary>answer</summary><div class="cell_output"><pre>2</pre></div></details></div>
<audio src="a.wav"></audio><button>copy</button>
</section>
<section id="more"><h2>The <strong>crop</strong> of a stamp</h2><p>Text with a <strong>stride</strong>.</p>
<div class="exercise" id="05-one"><p class="admonition-title">Exercise 5.1 (One)</p></div>
<details class="solution dropdown"><summary class="admonition-title">Solution</summary>
<p>It is 8.</p></details>
</section></article>"""
SIZE = """<article class="bd-article"><section id="start"><h1>7. The lost size</h1>
<h2 id="lost">Lost</h2><p>Back to <a href="05-padding.html">padding</a>.</p></section></article>"""
GLOSSARY = """<article class="bd-article"><section id="start"><h1>Glossary</h1><dl>
<dt id="term-crop">crop</dt><dd>What padding takes.</dd><dt id="term-stride">stride</dt><dd>A step.</dd>
</dl></section></article>"""


def read(tmp_path, base=""):
    """The three pages, as an edition reads them out of a site."""
    (tmp_path / "chapters").mkdir(exist_ok=True)
    book = []
    for name, html in (("05-padding", CHAPTER), ("07-size", SIZE), ("glossary", GLOSSARY)):
        (tmp_path / "chapters" / f"{name}.html").write_text(html, encoding="utf-8")
        book.append(pages.read_page(tmp_path, "Part II", f"chapters/{name}", base))
    return book


def test_a_page_on_paper_has_what_is_read_and_nothing_to_press(tmp_path):
    chapter, *_ = read(tmp_path)
    assert (chapter.number, chapter.title) == ("5", "Padding crops")
    tree = chapter.tree
    assert not tree.select("script, button, audio, .headerlink, [data-live], [data-explorer]")
    assert [img["src"] for img in tree.select("img")] == ["../_images/a.png"], "paper is light"
    text = tree.get_text()
    assert "draw()" not in text and "drawn" in text, "what is folded away draws; what it draws is seen"
    assert "not answered yet" not in text and 'check("05-one", ...)' in text
    assert "1 + 1" in text, "what is predicted is in sight"
    assert "7" in tree.select_one("svg").get_text()


def test_what_moves_says_where_it_does(tmp_path):
    chapter, *_ = read(tmp_path)
    notes = [note.get_text() for note in chapter.tree.select(".alive")]
    assert len(notes) == 2 and all("chapters/05-padding.html#start" in note for note in notes)
    chapter, *_ = read(tmp_path, base="https://book.example/")
    targets = [link["href"] for link in chapter.tree.select(".alive a")]
    assert targets == ["https://book.example/chapters/05-padding.html#start"] * 2


def test_a_drawing_keeps_its_size_and_its_language(tmp_path):
    """In XML an attribute with small letters is another one: without viewBox a drawing is not scaled."""
    chapter, *_ = read(tmp_path)
    (svg,) = ET.fromstring(str(chapter.tree)).iter("{http://www.w3.org/2000/svg}svg")
    assert svg.get("viewBox") == "0 0 40 30"


def test_solutions_go_to_the_end_with_a_way_there_and_back(tmp_path):
    book = read(tmp_path)
    answers.take(book)
    chapter = book[0]
    solution = next(answer for answer in chapter.answers if "It is 8." in answer.get_text())
    assert "It is 8." not in chapter.tree.get_text()
    assert "Exercise 5.1 (One)" in solution.h3.get_text()
    there = [link for link in chapter.tree.select("a.page-of") if link["href"] == f"#{solution.h3['id']}"]
    assert len(there) == 1
    assert solution.select_one("a.back")["href"] == f"#{there[0].find_parent('p')['id']}"


def test_links_lead_to_places_and_to_the_site_or_are_words(tmp_path):
    def targets(base):
        book = read(tmp_path, base)
        names = links.name_all(book)
        links.relink(book, names, lambda page, place: f"#{place}", base)
        return {link.get_text(): link["href"] for link in book[0].tree.select("p > a[href]")}, book

    found, book = targets("")
    assert found["the lost size"] == "#07-size--lost" and book[1].tree.find(id="07-size--lost")
    assert found["what is gone"] == "#07-size--", "a place that is not there: the page"
    assert found["a source"] == "https://example.org/x" and "a file" not in found
    assert "a file" in book[0].tree.get_text()
    assert targets("https://book.example/")[0]["a file"] == "https://book.example/_static/live.js"


def test_the_index_begins_with_the_definition(tmp_path):
    book = read(tmp_path)
    index = terms.collect(book)
    assert index == [
        ("crop", ["glossary--term-crop", "05-padding--more"]),
        ("stride", ["glossary--term-stride", "05-padding--more"]),
    ]
    first, other = texts.index(index, lambda name: f"#{name}").select("p")[0].select("a")
    assert "definition" in first["class"] and "definition" not in other["class"]
    assert (first["href"], other["href"]) == ("#glossary--term-crop", "#05-padding--more")


def test_drawings_on_paper_have_the_light_colours_written_out():
    style = texts.figure_style()
    assert "var(" not in style and "@media" not in style
    shown = set(re.findall(r"#[0-9a-f]{6}", style))
    light, dark = ({**TOKENS[theme], **HUES[theme]} for theme in ("light", "dark"))
    assert set(HUES["light"].values()) <= shown and TOKENS["light"]["--tc-input"] in shown
    assert not shown & (set(dark.values()) - set(light.values()))
