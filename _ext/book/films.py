"""Films of the gallery: on its page a still of each that plays on request, and files to take away.

A page says which: a directive `film` with the case's name, as lib.gallery has it. The moving pictures are
files of their own, made when the book is built, and fetched when a reader presses play.
"""

import zlib
from html import escape
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive

from lib.gallery import CASES

FOLDER = "films"  # of the site
THEMES = {"light": "", "dark": "-dark"}
LIB = Path(__file__).resolve().parents[2] / "lib"
ON_PAGE = """<div class="film">
<details><summary>play<span class="visually-hidden"> {title}</span></summary>{moving}</details>
<div class="film-still" style="--shape: {width} / {height}">
{still}
</div>
<p class="film-links"><a href="{page}{fragment}">open in the explorer</a> {files}</p>
</div>"""
MOVING = (
    '<img class="only-{theme}" src="{file}" alt="{words}" width="{width}" height="{height}" loading="lazy"/>'
)
FILE = '<a href="{path}/{name}{end}.{kind}" download>{words}</a>'


class FilmOnPage(Directive):
    required_arguments = 1

    def run(self):
        (name,) = self.arguments
        if name not in CASES:
            raise self.error(f"no film {name!r}: lib.gallery has {', '.join(CASES)}")
        docname = self.state.document.settings.env.docname
        return [nodes.raw("", on_page(name, "../" * docname.count("/")), format="html")]


def on_page(name, root):
    """A film as HTML, on a page from which `root` leads to the site's own folder."""
    film, path = CASES[name].film(), f"{root}{FOLDER}"
    width, height = film.size
    words = escape(f"{film.title}. {film.description}")
    moving = [
        MOVING.format(theme=theme, file=f"{path}/{name}{end}.svg", words=words, width=width, height=height)
        for theme, end in THEMES.items()
    ]
    files = [
        FILE.format(path=path, name=name, end=end, kind=kind, words=f"{kind.upper()}{end.replace('-', ', ')}")
        for end in THEMES.values()
        for kind in ("svg", "gif")
    ]
    return ON_PAGE.format(
        title=escape(film.title),
        moving="".join(moving),
        width=width,
        height=height,
        still=film.still().html(),
        page=f"{root}chapters/explorer.html",
        fragment=escape(CASES[name].fragment()),
        files=" ".join(files),
    )


def write_files(site, cache):
    """The files of all films; `cache` keeps those of an earlier build that was made by the same code."""
    folder = site / FOLDER
    folder.mkdir(exist_ok=True)
    cache.mkdir(parents=True, exist_ok=True)
    code = "".join((LIB / name).read_text(encoding="utf-8") for name in ("canvas.py", "moving.py"))
    for name, case in CASES.items():
        for theme, end in THEMES.items():
            film = case.film(theme=theme)
            svg = film.svg()
            kept = cache / f"{zlib.crc32((code + svg).encode()):08x}.gif"
            if not kept.exists():
                kept.write_bytes(film.gif())
            (folder / f"{name}{end}.svg").write_text(svg, encoding="utf-8", newline="\n")
            (folder / f"{name}{end}.gif").write_bytes(kept.read_bytes())


def setup(app):
    app.add_directive("film", FilmOnPage)
