"""The local Sphinx extension: a light site that needs nothing from elsewhere.

It works offline, from any folder and from `file://`. What the theme would load on every page is cut to what
the page uses, when the book is built: each of the other files here does one thing, and this one tells Sphinx
when. Our own files are added here and not through a `_static` folder of the book: Jupyter Book would link
every script that it finds there on every page.
"""

import functools
import re
import shutil
import zlib
from pathlib import Path

from lib import figures
from lib.calculator import front as calculator
from lib.explorer import front

from . import (
    films,
    folds,
    formulas,
    found,
    heads,
    icons,
    lean,
    pictures,
    scripts,
    sheet,
    sources,
    tables,
    take,
    teaching,
)

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
STATIC = HERE.parent / "static"
# Style sheet of the site -> what the text of a page must contain to load it.
SHEETS = {
    "_static/site.css": "",
    "_static/formulas.css": "<math",
    "_static/explorer.css": "data-explorer",
    "_static/calculator.css": "data-calculator",
}
# A link to a file of _static: it gets the version that makes a browser ask again after a change.
LINK = re.compile(r'(?<==")((?:\.\./)*_static/)([\w-]+\.(?:css|js))(?:\?v=\w*)?"')


def add_static_files(app):
    """Add our style and scripts, and what comes from packages or from `lib`, to the site's static files."""
    made = Path(app.doctreedir) / "static"  # in the build; Sphinx copies and versions what is in it
    made.mkdir(parents=True, exist_ok=True)
    app.config.html_static_path += [str(STATIC), str(made)]
    write_waking(made / "explorer.js", front.script(), "TransposedConvolutionExplorer")
    write_waking(made / "calculator.js", calculator.script(), "TransposedConvolutionCalculator")
    (made / "photo.js").write_text(front.photo_script(), encoding="utf-8", newline="\n")
    (made / "explorer.css").write_text(front.style(), encoding="utf-8", newline="\n")
    (made / "calculator.css").write_text(calculator.style(), encoding="utf-8", newline="\n")
    add_figure_style(made)
    found.write_script(made)


def write_waking(path, script, name):
    """A script that brings to life what it is for, in a task of its own (deferred: the text is there)."""
    waking = f"{script}setTimeout(() => {name}.boot(document));\n"
    path.write_text(waking, encoding="utf-8", newline="\n")


def add_figure_style(static):
    """The style of the drawings, as lib.figures writes it into each of them."""
    (style,) = lean.FIGURE_STYLE.findall(figures.wires(1, [1]).html())  # wires have rules of their own
    (static / "figures.css").write_text(style, encoding="utf-8", newline="\n")


def add_templates(app, config):
    config.templates_path.insert(0, str(HERE / "templates"))


def add_filters(app):
    if app.builder.format != "html":
        return  # it only asks whether links are alive, say
    app.builder.templates.environment.filters |= {
        "inline_icons": icons.inline_icons,
        "lean_frame": lean.lean_frame,
    }


def mend_body(app, pagename, templatename, context, doctree):
    """Mend what extensions write into the text of a page."""
    if pagename.startswith(sources.FOLDER):  # code, and whatever it writes is meant as it stands
        context["body"] = lean.lean(context["body"])
    elif "body" in context:
        # docutils' roles for citations: one is deprecated, the other wants other children
        body = context["body"].replace(' role="doc-biblioentry"', "").replace(' role="list"', "")
        body = lean.lean(formulas.hold(tables.widen(folds.mend_folds(body))))
        link = functools.partial(context["pathto"], resource=1)
        context["body"] = lean.data_as_files(body, Path(app.outdir) / "_images", link)


def choose_files(app, pagename, templatename, context, doctree):
    body = context.get("body", "")
    context["page_scripts"] = scripts.of_page(body, templatename)
    context["page_sheets"] = [name for name, mark in SHEETS.items() if mark in body]


def escape_shapes(app, what, name, obj, options, lines):
    """Let the star in a shape such as (batch, *size) be a star: in a docstring it would begin an emphasis."""
    lines[:] = [re.sub(r"(?<![\w*`\\])\*(?=[a-z_]+[,)])", r"\\*", line) for line in lines]


def notes_of_sphinx(app):
    """Where Sphinx looks for its notes, and where they lie meanwhile: a hash of this machine's folders is in
    them, which is no part of the site."""
    return Path(app.outdir) / ".buildinfo", Path(app.doctreedir) / "buildinfo"


def fetch_notes(app):
    here, there = notes_of_sphinx(app)
    if there.exists() and not here.exists():
        there.replace(here)


def put_notes_away(app):
    here, there = notes_of_sphinx(app)
    if here.exists():
        here.replace(there)


def finish(app, error):
    """When all pages are written: the files that depend on all of them, and away with what no page loads."""
    site = Path(app.outdir)
    static = site / "_static"
    if error or app.builder.format != "html":
        return
    put_notes_away(app)
    take.check_pages(site)
    if not (static / sheet.SHEETS[0]).exists():
        remove_unloaded(static)  # nothing was to be built, but extensions have copied their sheets
        return
    remove_former_pages(app, site)
    (site / "embed.html").write_text(front.embed(), encoding="utf-8", newline="\n")
    (site / ".nojekyll").touch()  # else GitHub Pages drops folders whose name starts with an underscore
    films.write_files(site, Path(app.doctreedir) / "films")
    pictures.lighten(site / "_images", Path(app.doctreedir) / "pictures")
    pages = {path: path.read_text(encoding="utf-8") for path in pages_of(site)}
    scripts_text = scripts.write_scripts(static)
    style = sheet.small_sheet(static, pages.values(), scripts_text)
    (static / "site.css").write_text(style, encoding="utf-8", newline="\n")
    formulas.write_sheet(static)
    remove_unloaded(static)
    versions = {path.name: zlib.crc32(path.read_bytes()) for path in static.glob("*.*")}
    for path, html in pages.items():
        linked = LINK.sub(lambda match: f'{match[1]}{match[2]}?v={versions[match[2]]:08x}"', html)
        linked = pictures.measured(linked, site / "_images")
        if linked != html:
            path.write_text(linked, encoding="utf-8", newline="\n")
    take.finish(app, site)


def remove_former_pages(app, site):
    """Away with the pages of an earlier build that the book no longer has: Sphinx leaves them there."""
    made = {*app.env.found_docs, "genindex", "search", *app.config.html_additional_pages, "404"}
    for path in site.rglob("*.html"):
        name = path.relative_to(site).with_suffix("").as_posix()
        if not name.startswith("_") and name not in made:
            path.unlink()


def pages_of(site):
    alone = site / "embed.html"  # the explorer without the book's frame
    return [path for path in sorted(site.rglob("*.html")) if "_static" not in path.parts and path != alone]


def remove_unloaded(static):
    """Away with the theme's parts that no page loads, fonts, maps and translations among them."""
    loaded = {*scripts.loaded(), *(Path(name).name for name in SHEETS), "favicon.svg", "card.png"}
    for path in static.iterdir():
        if path.is_dir() and path.name != "live":  # what Python in the page needs, see _ext/live
            shutil.rmtree(path)
        elif path.is_file() and path.name not in loaded:
            path.unlink()


def setup(app):
    app.connect("config-inited", add_templates)
    app.connect("builder-inited", add_static_files)
    app.connect("builder-inited", add_filters)
    app.connect("builder-inited", fetch_notes)
    app.connect("autodoc-process-docstring", escape_shapes, priority=100)  # before napoleon
    app.connect("html-page-context", mend_body)
    app.connect("html-page-context", choose_files, priority=900)  # when the text is final
    app.connect("build-finished", finish, priority=900)  # after the theme has written its pygments.css
    for part in (films, folds, formulas, found, heads, sources, take, teaching):
        part.setup(app)
    return {"env_version": env_version(), "parallel_read_safe": True, "parallel_write_safe": True}


def env_version():
    """A number that changes with the extension, explorer, calculator or the order of chapters: they show
    on all pages, which Sphinx then makes anew."""
    paths = [path for path in sorted(HERE.parent.rglob("*")) if path.is_file() and path.suffix != ".pyc"]
    ours = [path.read_bytes() for path in [*paths, ROOT / "_toc.yml"]]
    fronts = [made().encode() for one in (front, calculator) for made in (one.script, one.style)]
    fronts.append(front.photo_script().encode())
    return zlib.crc32(b"".join([*ours, *fronts]))
