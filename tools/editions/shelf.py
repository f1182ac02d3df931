"""What there is to take, listed on the landing page: files that are there, and no others.

The landing page has an empty list (`data-shelf`). The build fills it with what it makes itself, and each
edition that is made later adds itself.
"""

import html
import re
import shutil

from .pages import SITE

FOLDER = "take"
NAME = "transposed-convolution-understood"
# What the list says of each file, in its order.
WORDS = {
    f"{NAME}-a4.pdf": "PDF, to print: A4",
    f"{NAME}-phone.pdf": "PDF for a phone's screen",
    f"{NAME}.epub": "EPUB, for an e-reader",
    f"{NAME}-notebooks.zip": "all chapters as notebooks, with all they need inside",
    f"{NAME}-site.zip": "this site, to unpack and open anywhere, offline",
}
LIST = re.compile(r"(<div data-shelf[^>]*>).*?(</div>)", re.DOTALL)


def place(name, site=SITE):
    """Where a file of the shelf lies."""
    folder = site / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name


def clear(site=SITE):
    """Away with what an earlier build has made: it is older than the pages."""
    shutil.rmtree(site / FOLDER, ignore_errors=True)


def size(file):
    """A file's size as people say it."""
    count = file.stat().st_size
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1e3))} kB"


def lines(site, without=()):
    """The list's lines for the files that are there."""
    for name, words in WORDS.items():
        file = site / FOLDER / name
        if file.exists() and name not in without:
            yield f'<li><a href="{FOLDER}/{name}" download>{html.escape(words)}</a> ({size(file)})</li>'


def filled(text, site=SITE, without=()):
    """The landing page's text with its list filled."""
    found = "".join(lines(site, without))
    return LIST.sub(rf"\g<1>{'<ul>' + found + '</ul>' if found else ''}\g<2>", text)


def show(site=SITE):
    """Fill the list of the landing page."""
    page = site / "index.html"
    text = page.read_text(encoding="utf-8")
    if filled(text, site) != text:
        page.write_text(filled(text, site), encoding="utf-8", newline="\n")
