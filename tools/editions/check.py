"""What holds for every edition: no page missing, no link dead, no picture without words."""

import re
import sys
import xml.etree.ElementTree as ET

from .links import SCHEME

LINK = re.compile(r'href="#([^"]*)"')
ID = re.compile(r'\sid="([^"]*)"')
NAMESPACE = re.compile(r"^\{[^}]*\}")


def need(faults, words):
    """Stop, and name the faults, if there are any."""
    found = sorted(set(faults))
    if found:
        sys.exit(f"{words} ({len(found)}): " + ", ".join(found[:12]))


def wordless(tree):
    """The pictures of a tree of XML without words for those who do not see them."""
    for parent in tree.iter():
        for child in parent:
            name = NAMESPACE.sub("", child.tag)
            if name == "img" and not child.get("alt"):
                yield f"img {child.get('src')}"
            if name == "svg" and not (said(child) or said(parent)):
                yield f"svg in {parent.get('class')}"


def said(element):
    """Whether an element brings words for those who do not see it, or is said to need none."""
    titled = any(NAMESPACE.sub("", child.tag) == "title" and child.text for child in element)
    return titled or element.get("aria-label") or element.get("aria-hidden") == "true"


def in_one_document(body, book):
    """Of a document that is to be printed: every page is there, and every link within it resolves."""
    names = ID.findall(body)
    need({name for name in names if names.count(name) > 1}, "names that stand twice")
    need(set(LINK.findall(body)) - set(names), "links within the book that lead nowhere")
    need([page.name for page in book if f'id="{page.slug}--"' not in body], "pages missing")
    need(wordless(ET.fromstring(f"<body>{body}</body>")), "pictures without words")


def package(files, names):
    """Of an EPUB's files: XML is well formed, no page is missing, every link and every picture is there."""
    texts = {name: ET.fromstring(data) for name, data in files.items() if name.endswith((".xhtml", ".opf"))}
    need([name for name in names if f"book/{name}" not in files], "pages missing")
    ids = {name: [tag.get("id") for tag in tree.iter() if tag.get("id")] for name, tree in texts.items()}
    need(
        [f"{name}#{one}" for name in ids for one in ids[name] if ids[name].count(one) > 1],
        "names that stand twice",
    )
    for name, tree in texts.items():
        if name.endswith(".xhtml"):
            need(dead_links(name, tree, files, ids), "links that lead nowhere")
            need(wordless(tree), f"pictures without words in {name}")
    listed = {
        f"book/{tag.get('href')}" for tag in texts["book/package.opf"].iter() if tag.tag.endswith("}item")
    }
    own = {"mimetype", "META-INF/container.xml", "book/package.opf"}
    need(set(files) - own ^ listed, "in the package and not in its list, or the reverse")


def dead_links(name, tree, files, ids):
    folder = name.rpartition("/")[0]
    for tag in tree.iter():
        target = tag.get("href") or tag.get("src") or ""
        if not target or SCHEME.match(target):
            continue
        path, _, anchor = target.partition("#")
        file = f"{folder}/{path}" if path else name
        if file not in files or (anchor and anchor not in ids[file]):
            yield f"{name} -> {target}"
