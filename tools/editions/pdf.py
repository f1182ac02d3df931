"""The book as PDF: all pages in one document, printed by Chromium.

A browser knows the number of a page only when it has printed it. So the document is printed, the pages of
all places are read out of the PDF, contents and index get their numbers, and it is printed again, until they
hold.
"""

import argparse
import html
import logging
import re
import sys
import time

from bs4 import BeautifulSoup
from playwright.sync_api import sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject

from .. import address
from . import answers, check, links, pages, shelf, terms, texts, when
from .pages import ROOT, SITE, new

WORK = ROOT / "_build" / "editions"
SIZES = {"A4": "a4", "phone": "phone"}
ROUNDS = 4
SHORT = 48  # characters of a running head
OPTIONS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
OPTIONS += ["--disable-component-update", "--font-render-hinting=none", "--allow-file-access-from-files"]
DATES = re.compile(rb"/(CreationDate|ModDate) \(D:[^)]*\)")


def where(page, place):
    return f"#{place}"


def document(book, base):
    """The whole book as one tree of HTML, its page numbers not yet filled in, and its index."""
    answers.take(book)
    index = terms.collect(book)
    names = links.name_all(book)
    links.relink(book, names, where, base)
    parts = [texts.title_page(base), texts.contents(book, where)]
    parts += [section(page) for page in book]
    parts += [texts.solutions(book), texts.index(index, lambda place: f"#{place}"), texts.imprint(base)]
    return "".join(str(part) for part in parts)


def section(page):
    """One page of the site as a section with its own running head."""
    article = new("section", attributes={"class": "page", "id": links.place(page)})
    article["style"] = f"page: {ident(page.slug)}"
    heading = page.tree.h1
    if page.number:
        label = new("span", f"{page.number} ", {"class": "number"})
        heading.insert(0, label)
    if page.part:
        heading.insert_before(new("p", page.part, {"class": "part"}))
    for picture in page.tree.select("img[src]"):
        picture["src"] = (SITE / page.name).parent.joinpath(picture["src"]).resolve().as_uri()
    article.append(page.tree)
    return article


def ident(slug):
    return f"p-{slug}"


def heads(book):
    """The running head of each page's sheets, and of what stands at the end."""
    named = [(ident(page.slug), f"{page.number} {page.title}".strip()) for page in book]
    named += [(ident(name), title) for name, title in texts.BACK.items()]
    rules = []
    for name, title in named:
        short = title if len(title) <= SHORT else title[: SHORT - 1].rstrip() + "…"
        words = short.replace("\\", "\\\\").replace('"', '\\"')
        rules.append(f'@page {name} {{ @top-right {{ content: "{words}"; }} }}')
    return "\n".join(rules)


def whole(body, book, size):
    """The document for one size of paper."""
    style = "\n".join(
        (texts.STYLE / f"{name}.css").read_text("utf-8") for name in ("common", "print", SIZES[size])
    )
    style = texts.figure_style() + style + texts.fonts() + heads(book)
    title = html.escape(texts.title())
    head = f'<meta charset="utf-8"><title>{title}</title><style>{style}</style>'
    return (
        f'<!doctype html><html lang="en"><head>{head}</head><body class="{SIZES[size]}">{body}</body></html>'
    )


def numbered(body, numbers):
    """The document with the page numbers of all places filled in."""

    def fill(match):
        return f"{match[1]}{numbers.get(match[2], '')}</span>"

    return re.sub(r'(<span class="page-number" data-for="([^"]+)">)[^<]*</span>', fill, body)


def places(file):
    """The page of each place that something links to."""
    reader = PdfReader(file)
    named = reader.named_destinations
    return {name.lstrip("/"): reader.get_destination_page_number(where) + 1 for name, where in named.items()}


def printed(browser, text, source, target):
    """Print a text of HTML into the file `target`."""
    source.write_text(text, encoding="utf-8", newline="\n")
    page = browser.new_page(java_script_enabled=False)
    page.goto(source.as_uri())
    page.pdf(path=target, prefer_css_page_size=True, print_background=True, outline=True, tagged=True)
    page.close()


def titles(body):
    """The headings of the document, in its order."""
    tree = BeautifulSoup(body, "html.parser")
    for link in tree.select("a.back"):
        link.decompose()
    return [" ".join(heading.get_text().split()) for heading in tree.select("h1, h2, h3, h4, h5, h6")]


def entries(writer):
    """The entries of a PDF's outline, in the document's order."""
    todo = [writer.root_object["/Outlines"].get("/First")]
    while todo:
        entry = todo.pop()
        if entry is not None:
            entry = entry.get_object()
            yield entry
            todo += [entry.get("/Next"), entry.get("/First")]


def entitled(file, names):
    """Give the outline its titles: Chromium joins wrapped lines, and doubles what moves to a new page."""
    writer = PdfWriter(clone_from=file)
    found = list(entries(writer))
    if len(found) != len(names):
        sys.exit(f"{file.name}: {len(found)} entries in the outline, {len(names)} headings in the book")
    for entry, name in zip(found, names, strict=True):
        entry[NameObject("/Title")] = TextStringObject(name)
    writer.write(file)


def undated(file, moment):
    """The same bytes for the same book: the dates in it are those of the commit."""
    stamp = time.strftime("D:%Y%m%d%H%M%S+00'00'", time.gmtime(moment)).encode()
    content = DATES.sub(lambda match: b"/%s (%s)" % (match[1], stamp), file.read_bytes())
    file.write_bytes(content)


def make(browser, body, book, size, target):
    """Print until the page numbers are those of the pages; return how many pages there are."""
    source, numbers = WORK / f"{target.stem}.html", {}
    for _ in range(ROUNDS):
        printed(browser, whole(numbered(body, numbers), book, size), source, target)
        found = places(target)
        if found == numbers:
            break
        numbers = found
    else:
        sys.exit(f"{target.name}: the page numbers did not settle in {ROUNDS} rounds")
    entitled(target, titles(body))
    undated(target, when.moment())
    return len(PdfReader(target).pages)


def checked(file, book):
    """Of a PDF: every chapter's title is in its outline, every link leads to a page of it."""
    reader = PdfReader(file)
    titles = {" ".join(text.split()) for text in outline(reader.outline)}
    check.need(
        [page.title for page in book if not any(page.title in title for title in titles)],
        "not in the outline",
    )
    known = set(reader.named_destinations)
    dead = [link for link in internal(reader) if link not in known and link.lstrip("/") not in known]
    check.need(dead, "links of the PDF that lead nowhere")


def outline(entries):
    for entry in entries:
        if isinstance(entry, list):
            yield from outline(entry)
        else:
            yield entry.title


def internal(reader):
    """The names that the links of a PDF lead to."""
    for page in reader.pages:
        for note in page.get("/Annots") or ():
            target = note.get_object().get("/Dest")
            if isinstance(target, str):
                yield str(target)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--size", choices=SIZES, action="append", help="default: both")
    options.add_argument("--browser", help="Chromium or Chrome, where it is not found")
    given = options.parse_args()
    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it counts Chromium's objects one by one
    WORK.mkdir(parents=True, exist_ok=True)
    base = address.site()
    book = pages.read(base=base)
    body = document(book, base)
    check.in_one_document(body, book)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=given.browser, args=OPTIONS)
        for size in given.size or SIZES:
            target = shelf.place(f"{shelf.NAME}-{SIZES[size]}.pdf")
            count = make(browser, body, book, size, target)
            checked(target, book)
            print(f"{target.relative_to(ROOT)}: {count} pages, {target.stat().st_size / 1e6:.1f} MB")
    shelf.show()


if __name__ == "__main__":
    main()
