"""Which scripts a page loads: one that every page needs, and the others where there is work for them.

The theme and its extensions would load twelve, most of them before the page is shown. Here they are deferred,
joined by purpose, and asked for by the page that uses them.
"""

import re

from sphinx.errors import ExtensionError

# Script of the site -> the files of _static that are joined in it, in this order.
JOINED = {
    "site.js": [
        "documentation_options.js",
        "scripts/pydata-sphinx-theme.js",  # menus, search dialog, light and dark, contents of the page
        "scripts/sphinx-book-theme.js",  # full screen, menu of wide screens
        "clipboard.min.js",
        "copybutton.js",
        "book.js",
    ],
    "highlight.js": ["doctools.js", "sphinx_highlight.js"],  # marks the words that were searched; see book.js
    "search.js": ["language_data.js", "searchtools.js", "best-pages.js", "found.js"],
}
# Script of the site -> what the text of a page must contain to load it; highlight.js also: see book.js.
# What a reader has come for is first: on a slow line the explorer answers before the theme's menus are
# there.
WHERE = {
    "_static/explorer.js": "data-explorer",
    "_static/calculator.js": "data-calculator",
    "_static/site.js": "",
    "_static/live.js": "data-live-page",
    "_static/walk.js": "data-frame",
}
LATER = ["_static/photo.js"]  # book.js asks for it when the reader comes near
# What the theme does slowly -> what stands in its place. It looks, at every change of a page, which boxes
# scroll, and has the whole page laid out anew for each of them: 0.4 to 0.7 s (chapters 3 and 6) with a
# processor four times slower; book.js does it at once. And it does all its work in one piece, 0.2 s: here
# each part is a task of its own, so that a press is answered between two. (The script is deferred: the text
# is there.)
MENDED = {
    '"complete"===document.readyState?I():window.addEventListener("load",I)': "0",
    '"loading"!=document.readyState?e():document.addEventListener("DOMContentLoaded",e)': "setTimeout(e)",
}
SEARCH = ["_static/highlight.js", "_static/search.js", "searchindex.js"]


def loaded():
    """The names of all scripts in _static that some page may load."""
    return [name.removeprefix("_static/") for name in [*WHERE, *LATER, *SEARCH]]


def of_page(body, template):
    """The scripts that a page loads, in order; their names are paths within the site."""
    names = [name for name, mark in WHERE.items() if mark in body]
    return names + SEARCH if template == "search.html" else names


def mended(script):
    """The theme's script with something else in the place of expressions that it must have once."""
    for part, instead in MENDED.items():
        if script.count(part) != 1:
            raise ExtensionError(
                f"the theme's script has changed: {part} is there {script.count(part)} times"
            )
        script = script.replace(part, instead)
    return script


def write_scripts(static):
    """Join the scripts of the folder `static` of the site; return the text of all that pages may load."""
    for name, parts in JOINED.items():
        text = "\n;\n".join((static / part).read_text(encoding="utf-8") for part in parts)
        text = re.sub(r"^//# sourceMappingURL=.*", "", text, flags=re.MULTILINE)
        if name == "site.js":
            text = mended(text)
        (static / name).write_text(text, encoding="utf-8", newline="\n")
    there = [static / name for name in loaded() if (static / name).exists()]
    there += sorted((static / "live").glob("*.js"))  # what live.js loads after a click
    return "\n".join(path.read_text(encoding="utf-8") for path in there)
