"""The index: every word of the glossary and every name of the library, and the sections that speak of it.

A section speaks of a word where the word stands in its heading or in bold: there it is explained.
"""

import re
from collections import defaultdict

from .links import place

API, GLOSSARY = "api", "glossary"


def terms_of(pages):
    """The glossary's words, each with the id of its place (before places are renamed)."""
    for page in pages:
        if page.slug == GLOSSARY:
            return {
                " ".join(term.get_text().split()): (page, term["id"]) for term in page.tree.select("dt[id]")
            }
    return {}


def names_of(pages):
    """The library's public names: `conv_transpose()`, with its place."""
    for page in pages:
        if page.slug == API:
            found = [dt for dt in page.tree.select("dt.sig[id]") if dt["id"].count(".") <= 3]
            return {shown(dt): (page, dt["id"]) for dt in found}
    return {}


def shown(dt):
    """A library's name as an index shows it: the name, then its module."""
    *module, name = dt["id"].split(".")
    is_call = "py" in (dt.parent.get("class") or []) and "function" in dt.parent["class"]
    return f"{name}{'()' * is_call} ({'.'.join(module)})"


def spoken(page):
    """(words, id of the section) of each heading and bold word of a page."""
    for tag in page.tree.select("h2, h3, strong"):
        section = tag.find_parent("section", id=True)
        if section is not None:
            yield " ".join(tag.get_text().split()).lower(), section["id"]


def collect(pages):
    """The index as a sorted list of (word, [places]); the first place is the definition."""
    terms = terms_of(pages)
    entries = {word: [place(*where)] for word, where in {**terms, **names_of(pages)}.items()}
    patterns = {word: re.compile(rf"(?<!\w){re.escape(word.lower())}(?!\w)") for word in terms}
    also = defaultdict(list)
    for page in pages:
        if page.number:  # chapters alone: the back matter mentions everything
            for words, section in spoken(page):
                for word, pattern in patterns.items():
                    name = place(page, section)
                    if pattern.search(words) and name not in also[word]:
                        also[word].append(name)
    for word, places in also.items():
        entries[word] += places
    return sorted(entries.items(), key=lambda entry: (entry[0].lower().lstrip("_"), entry[0]))
