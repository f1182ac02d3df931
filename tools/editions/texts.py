"""What an edition says beside the pages: title, contents, solutions, index, imprint; and how figures look."""

import base64
import functools
import re
from itertools import groupby
from pathlib import Path

import matplotlib
import yaml

from lib import figures
from lib.svg import HUES, TOKENS

from .. import address
from . import links
from .pages import ROOT, new

STYLE = Path(__file__).parent / "style"
BACK = {"contents": "Contents", "solutions": "Solutions", "index-of-words": "Index", "imprint": "Imprint"}
SUBTITLE = "One operation, the same numbers in every view"
STYLES = re.compile(r"<style>(.*?)</style>", re.DOTALL)
VARIABLE = re.compile(r"var\((--tc-[\w-]+)\)")
FONTS = {
    ("Book", "normal", "normal"): "STIXGeneral.ttf",
    ("Book", "bold", "normal"): "STIXGeneralBol.ttf",
    ("Book", "normal", "italic"): "STIXGeneralItalic.ttf",
    ("Book", "bold", "italic"): "STIXGeneralBolIta.ttf",
    ("Book Sans", "normal", "normal"): "DejaVuSans.ttf",
    ("Book Sans", "bold", "normal"): "DejaVuSans-Bold.ttf",
    ("Book Mono", "normal", "normal"): "DejaVuSansMono.ttf",
    ("Book Mono", "bold", "normal"): "DejaVuSansMono-Bold.ttf",
}


@functools.cache
def citation():
    return yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))


def title():
    return citation()["title"]


def figure_style():
    """The style of the drawings, in the light colours and with no variables: old readers know none."""
    (style,) = STYLES.findall(figures.wires(1, [1]).html())
    colours = TOKENS["light"] | HUES["light"]
    style = re.sub(r"@media screen\{.*?\}\}", "", style)
    return VARIABLE.sub(lambda match: colours[match[1]], style)


def fonts():
    """Fonts that every machine has that can build the book: matplotlib's, and the book's for formulas."""
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    rules = [
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-style: {style}; '
        f'src: url("{(folder / name).as_uri()}"); }}'
        for (family, weight, style), name in FONTS.items()
    ]
    data = base64.b64encode((ROOT / "_ext/fonts/mathematics.woff2").read_bytes()).decode("ascii")
    rules.append(
        f'@font-face {{ font-family: "Book Mathematics"; src: url(data:font/woff2;base64,{data}); }}'
    )
    return "\n".join(rules)


def back_section(name, heading=True):
    section = new("section", attributes={"class": "page back-matter", "id": name, "style": f"page: p-{name}"})
    if heading:
        section.append(new("h1", BACK[name]))
    return section


def title_page(base):
    said = citation()
    section = new("section", attributes={"class": "title-page"})
    section.append(new("p", said["title"], {"class": "book-title"}))
    section.append(new("p", SUBTITLE, {"class": "subtitle"}))
    section.append(new("p", said["authors"][0]["name"]))
    section.append(new("p", f"Version {said['version']}, {said['date-released']}"))
    if base:
        line = new("p", "Where the figures move and the code runs: ")
        line.append(new("a", base, {"href": base}))
        section.append(line)
    return section


def number_of(place):
    """The room for the number of the page on which a place is."""
    return new("span", attributes={"class": "page-number", "data-for": place})


def line(words, href, place, kind):
    """One line of the contents: what, and on which page."""
    item = new("p", attributes={"class": kind})
    link = new("a", words, {"href": href})
    item.append(link)
    item.append(new("span", attributes={"class": "leader"}))
    item.append(number_of(place))
    return item


def contents(book, where):
    section = back_section("contents")
    for part, group in groupby(book, key=lambda page: page.part):
        if part:
            section.append(new("p", part, {"class": "part"}))
        for page in group:
            name = links.place(page)
            section.append(line(f"{page.number} {page.title}".strip(), where(page, name), name, "chapter"))
            for head in page.tree.select("section[id] > h2") if page.number else ():
                name = head.parent["id"]
                section.append(line(head.get_text().strip(), where(page, name), name, "section"))
    section.append(new("p", "", {"class": "part"}))
    for name in ("solutions", "index-of-words", "imprint"):
        section.append(line(BACK[name], f"#{name}", name, "chapter"))
    return section


def solutions(book):
    section = back_section("solutions")
    for page in book:
        if page.answers:
            section.append(new("h2", f"{page.number} {page.title}".strip()))
            for answer in page.answers:
                section.append(answer)
    return section


def index(entries, where):
    """The index: a page number for each place, the definition's first and bold."""
    section = back_section("index-of-words")
    columns = new("div", attributes={"class": "columns"})
    for word, places in entries:
        item = new("p", word)
        for count, name in enumerate(places):
            item.append(", " if count else "  ")
            link = new("a", attributes={"href": where(name), "class": "" if count else "definition"})
            link.append(number_of(name))
            item.append(link)
        columns.append(item)
    section.append(columns)
    return section


def imprint(base):
    section = back_section("imprint")
    said = citation()
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    credit = re.search(r"Credit as: (.*?)\.\n", licence, re.DOTALL)[1]
    repository = address.repository()
    texts = [
        f"{said['title']}, version {said['version']}, {said['date-released']}. {said['authors'][0]['name']}.",
        "Text and figures: Creative Commons Attribution 4.0 International (CC BY 4.0). Code: MIT License.",
        f"Credit as: {' '.join(credit.split())}.",
        "This edition leaves out code that only draws a figure or checks what the text says. It stands in "
        "the chapters' notebooks, and the tests of the book run all of it.",
        f"The book on the web: {base}" if base else "",
        f"Its sources: {repository}" if repository else "",
        "Set in STIX and DejaVu, formulas in TeX Gyre Schola Math, each under its own free licence.",
    ]
    for text in filter(None, texts):
        section.append(new("p", text))
    return section
