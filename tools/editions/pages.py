"""The pages of the built site, in the book's order, made still: what a sheet of paper can hold of them."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from .. import address

ROOT = address.ROOT
SITE = ROOT / "_build" / "html"
# What only a screen can do, and what says nothing on paper.
DEAD = (
    ".headerlink, .tc-bar, .toctree-wrapper, script, noscript, template, button, progress, .copybtn, "
    ".tc-buttons, .bd-search, [hidden], .visually-hidden, .only-dark, details.hide.above-input"
)
CASED = {"viewbox": "viewBox", "preserveaspectratio": "preserveAspectRatio"}  # html.parser makes all small
UNANSWERED = re.compile(r": not answered yet\s*$")


@dataclass
class Page:
    """One page: its place in the site, its title, the part it stands in, and its text as a tree."""

    name: str  # as in _toc.yml: chapters/05-padding
    part: str
    tree: Tag
    title: str = ""
    number: str = ""
    answers: list = field(default_factory=list)

    @property
    def slug(self):
        return self.name.rpartition("/")[2]


def order(root=ROOT):
    """(part, name) of every page that _toc.yml names, the landing page first."""
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    named = [(part["caption"], chapter["file"]) for part in toc["parts"] for chapter in part["chapters"]]
    return [("", toc["root"]), *named]


def read(site=SITE, root=ROOT, base=""):
    """Every page of the built site, made still; `base` is the site's address, where it is known."""
    return [read_page(site, part, name, base) for part, name in order(root)]


def read_page(site, part, name, base):
    soup = BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
    page = Page(name, part, soup.select_one("article.bd-article"))
    name_page(page)
    still(page, base)
    return page


def name_page(page):
    """Take the title and the number out of the heading."""
    heading = page.tree.h1
    for link in heading.select(".headerlink"):
        link.decompose()
    number = heading.select_one(".section-number")
    page.number = number.get_text().strip(" .") if number else ""
    if number:
        number.decompose()
    page.title = heading.get_text().strip()


def still(page, base):
    """Take away what cannot be pressed, and show instead of it what stands still."""
    name_places(page.tree)
    for widget in page.tree.select("[data-explorer], [data-calculator]"):
        widget.insert_after(moves_there(page, widget, base, "This figure moves, and takes other numbers"))
        unwrap(widget, ".tc-still", ".sc-still")
    for film in page.tree.select(".film"):
        film.append(moves_there(page, film, base, "This figure moves"))
        unwrap(film, ".film-still", ".alive")
    for sound in page.tree.select("audio"):
        sound.replace_with(moves_there(page, sound, base, "This sound can be heard"))
    for choice in page.tree.select("input, select, form, label:has(input)"):
        choice.decompose()
    for dead in page.tree.select(DEAD):
        dead.decompose()
    for output in page.tree.select(".cell_output"):
        if UNANSWERED.search(output.get_text()):
            output.decompose()
    open_outputs(page.tree)
    sources(page.tree, base)
    keep_case(page.tree)
    bare(page.tree)


def name_places(tree):
    """A cell's name as the place to link to, where the page has none."""
    for cell in tree.select(".cell[data-live]"):
        if not cell.get("id"):
            cell["id"] = "cell-" + cell["data-live"]


def unwrap(widget, *names):
    """Keep of a widget its still form alone."""
    kept = widget.select(", ".join(names))
    for child in list(widget.children):
        if not any(child is one for one in kept):
            child.extract()


def moves_there(page, thing, base, words):
    """A line that says where the thing is alive: the address, or the page's file where there is none."""
    section = thing.find_parent("section", id=True)
    place = f"{page.name}.html" + (f"#{section['id']}" if section else "")
    note = new("p", words + (": " if base else " on the page "), {"class": "alive"})
    note.append(
        new("a", base + place, {"href": base + place, "class": "url"}) if base else new("code", place)
    )
    return note


def new(name, text="", attributes=None):
    tag = BeautifulSoup("", "html.parser").new_tag(name, attrs=attributes or {})
    if text:
        tag.string = text
    return tag


def open_outputs(tree):
    """A folded output has its summary taken away: paper cannot unfold it."""
    for fold in tree.select("details.hide"):
        if fold.summary:
            fold.summary.decompose()
        fold.unwrap()


def sources(tree, base):
    """A name of the API has a link to its source, which only the site has."""
    for link in tree.select("dt.sig > a"):
        link.insert_before(" ")
        if not base:
            link.decompose()


def keep_case(tree):
    """The attributes of SVG whose capital letters the parser has dropped, and the names of its language."""
    for svg in tree.select("svg"):
        for name, cased in CASED.items():
            if name in svg.attrs:
                svg.attrs[cased] = svg.attrs.pop(name)
        svg["xmlns"] = "http://www.w3.org/2000/svg"
    for formula in tree.select("math"):
        formula["xmlns"] = "http://www.w3.org/1998/Math/MathML"


def bare(tree):
    """Away with attributes that only the site's scripts read, with comments, and with what is then empty."""
    for tag in tree.find_all(True):
        for name in [
            name for name in tag.attrs if name.startswith("data-") or name in ("loading", "tabindex")
        ]:
            del tag[name]
    for text in tree.find_all(string=lambda text: type(text) is not NavigableString):
        text.extract()
    for cell in tree.select(".cell, .cell_input, .cell_output"):
        if not cell.get_text(strip=True) and not cell.find(["img", "svg"]):
            cell.decompose()


def picture_files(pages, site=SITE):
    """Every picture that the pages show, as path in the site -> file."""
    found = {}
    for page in pages:
        for picture in page.tree.select("img[src]"):
            file = (site / page.name).parent.joinpath(picture["src"].partition("?")[0]).resolve()
            found[file.relative_to(Path(site).resolve()).as_posix()] = file
    return found
