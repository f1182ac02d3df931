"""What stands in the head of a page for those who have not opened it: search engines, messengers."""

import textwrap

from docutils import nodes
from sphinx import addnodes

CARD = "_static/card.png"
CARD_ALT = "A 2 x 2 grid and a 3 x 3 kernel make a 4 x 4 grid; the stamp of the first cell is outlined."


def description(doctree):
    """The first paragraph of a page, as plain text of at most 200 characters."""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, (nodes.section, addnodes.desc_content)):
            text = " ".join(paragraph.astext().split())
            return textwrap.shorten(text, 200, placeholder=" …")
    return ""


def describe(app, pagename, templatename, context, doctree):
    base = app.config.html_baseurl
    context["description"] = doctree and (
        description(doctree) or f"{context['title']}: a page of {app.config.project}"
    )
    context |= {"card": f"{base.rstrip('/')}/{CARD}", "card_alt": CARD_ALT, "pageurl_root": base}


def setup(app):
    app.connect("html-page-context", describe)
