"""One name for every place of the book, whatever file it ends up in.

A place is `page--anchor`; the page itself is `page--`. An edition says where a place is (`#place` in one
document, `page.xhtml#place` in a package); links out of the book stay, and links to a part of the site that
is no page become plain text unless the site's address is known.
"""

import re
from posixpath import dirname, join, normpath
from urllib.parse import quote, unquote

SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)
NOT_IN_A_NAME = re.compile(r"[^\w.-]")


def place(page, anchor=""):
    """The name of a place, fit for an id of HTML and of XML."""
    return f"{page.slug}--{NOT_IN_A_NAME.sub('-', anchor)}"


def name_all(pages):
    """Rename every id of every page; return the names. An id that comes twice keeps its first place."""
    names = set()
    for page in pages:
        for tree in (page.tree, *page.answers):
            for tag in tree.find_all(id=True):
                name = place(page, tag["id"])
                if name in names:
                    del tag["id"]
                else:
                    tag["id"] = name
                    names.add(name)
        names.add(place(page))
    return names


def resolve(page, target, by_file):
    """(page, anchor) of a link within the book, (None, path) of one to another file of the site."""
    path, _, anchor = target.partition("#")
    file = normpath(join(dirname(page.name), unquote(path))) if path else f"{page.name}.html"
    if file in by_file:
        return by_file[file], unquote(anchor)
    return None, file + (f"#{anchor}" if anchor else "")


def relink(pages, names, where, base=""):
    """Point every link of the pages to `where(page, place)`."""
    by_file = {f"{page.name}.html": page for page in pages}
    for page in pages:
        for tree in (page.tree, *page.answers):
            for link in tree.select("a[href]"):
                mend(page, link, by_file, names, where, base)
            for tag in tree.select("a:not([href])"):
                tag.name = "span"


def mend(page, link, by_file, names, where, base):
    if SCHEME.match(link["href"]):
        return
    target, anchor = resolve(page, link["href"], by_file)
    if target is None:
        if base:
            link["href"] = base + quote(anchor, safe="/#%?=&")
        else:
            link.unwrap()
        return
    name = place(target, anchor)
    link["href"] = where(target, name if name in names else place(target))
