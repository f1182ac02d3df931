"""What people type when they look for a page, in their words and not in ours: found.json, page by page.

The search index gets these words as words of the page (hidden keywords), and a search for one of the phrases
has its page first. The rest is Sphinx's search.
"""

import json
from pathlib import Path

from docutils import nodes

TABLE = Path(__file__).with_name("found.json")


def phrases():
    return json.loads(TABLE.read_text(encoding="utf-8"))


def add_keywords(app, doctree):
    """Give the page the words of its phrases, for the index."""
    words = " ".join(phrases().get(app.env.docname, [])).split()
    if words:
        doctree += nodes.meta(name="keywords", content=",".join(dict.fromkeys(words)))


def write_script(made):
    """The table as the script of the search page reads it: phrase -> page; only pages that there are."""
    pages = {phrase.lower(): page for page, list_ in phrases().items() for phrase in list_}
    text = f"const BEST_PAGES = {json.dumps(pages, ensure_ascii=False)};\n"
    (made / "best-pages.js").write_text(text, encoding="utf-8", newline="\n")


def setup(app):
    app.connect("doctree-read", add_keywords)
