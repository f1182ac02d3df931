"""The theme's icons as small drawings in the page, instead of half a megabyte of script and a font.

The theme writes `<i class="fa-solid fa-list"></i>`; its script, Font Awesome, would draw it in the browser
from a table of two thousand icons. We draw the dozen that the pages have, out of that table, in the build.
"""

import functools
import re
from pathlib import Path

import pydata_sphinx_theme
from sphinx.errors import ExtensionError

TABLE = Path(pydata_sphinx_theme.__file__).parent / "theme/pydata_sphinx_theme/static/scripts/fontawesome.js"
ICON = re.compile(r'<(i|span) class="([^"]*\bfa-[^"]*)"([^>]*)>\s*</\1>')
# What says how the icon is set and not which it is.
NOT_A_NAME = {"fa-solid", "fa-regular", "fa-brands", "fa-lg", "fa-fw"}


@functools.cache
def table():
    return TABLE.read_text(encoding="utf-8")


@functools.cache
def shape(name):
    """Width, height and path of the icon `name` (the table has the solid set last)."""
    found = re.findall(rf'[,{{]"?{name}"?:\[(\d+),(\d+),\[[^\]]*\],"[0-9a-f]+","([^"]+)"', table())
    if not found:
        raise ExtensionError(f"icon {name}: the theme's table of icons does not have it")
    return found[-1]


def draw(match):
    _, classes, attributes = match.groups()
    (name,) = [word for word in classes.split() if word.startswith("fa-") and word not in NOT_A_NAME]
    width, height, path = shape(name.removeprefix("fa-"))
    kept = ["icon", *(word for word in classes.split() if not word.startswith("fa"))]
    attributes = re.sub(r'\s*\btitle="[^"]*"', "", attributes)
    return (
        f'<svg class="{" ".join(kept)}"{attributes} viewBox="0 0 {width} {height}" aria-hidden="true">'
        f'<path d="{path}"/></svg>'
    )


def inline_icons(html):
    """`html` with every icon of the theme drawn in place."""
    return ICON.sub(draw, html)
