"""The local Sphinx extension: a site that needs nothing from elsewhere.

It serves MathJax, the explorer's front end and our own style from the book's folder, so that the pages
work offline, from any folder and from `file://`. Vendored files are added here and not through a `_static`
folder of the book: Jupyter Book would link every script that it finds there on every page.
"""

import re
import shutil
import zlib
from importlib import metadata
from pathlib import Path

from lib.explorer import front

HERE = Path(__file__).parent
ROOT = HERE.parent
# The part of MathJax that a page loads: TeX in, HTML and CSS out, and the fonts of that output.
MATHJAX_FILES = re.compile(r"es5/(tex-chtml\.js|output/chtml/fonts/woff-v2/.*\.woff)$|dist-info/LICENSE$")


def mathjax_files():
    """Yield the name within the site's mathjax folder and the path of each file that the pages need."""
    for file in metadata.files("django-static-mathjax"):
        if MATHJAX_FILES.search(file.as_posix()):
            yield file.as_posix().rpartition("es5/")[2].rpartition("dist-info/")[2], Path(file.locate())


def add_static_files(app):
    """Add our style and scripts, and what comes from packages or from `lib`, to the site's static files."""
    made = Path(app.doctreedir) / "static"  # in the build; Sphinx copies and versions what is in it
    for name, source in mathjax_files():
        target = made / "mathjax" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    app.config.html_static_path += [str(HERE / "static"), str(made)]
    app.add_css_file("book.css")
    (made / "explorer.js").write_text(front.script(), encoding="utf-8", newline="\n")
    (made / "explorer.css").write_text(front.style(), encoding="utf-8", newline="\n")
    app.add_js_file("book.js", loading_method="defer")


def add_explorer(app, pagename, templatename, context, doctree):
    """Link the explorer's front end where an explorer is; before book.js, which brings it to life."""
    if "data-explorer" in context.get("body", ""):
        app.add_css_file("explorer.css")
        app.add_js_file("explorer.js", loading_method="defer", priority=400)


def mend_citations(app, pagename, templatename, context, doctree):
    """Take away docutils' roles for citations: one is deprecated, the other wants other children."""
    if "body" in context:
        context["body"] = context["body"].replace(' role="doc-biblioentry"', "").replace(' role="list"', "")


def escape_shapes(app, what, name, obj, options, lines):
    """Let the star in a shape such as (batch, *size) be a star: in a docstring it would begin an emphasis."""
    lines[:] = [re.sub(r"(?<![\w*`\\])\*(?=[a-z_]+[,)])", r"\\*", line) for line in lines]


def mark_as_plain_files(app, error):
    """Tell GitHub Pages to serve every folder; else it drops those whose name starts with an underscore."""
    if not error and app.builder.format == "html":
        (Path(app.outdir) / ".nojekyll").touch()


def setup(app):
    app.config.mathjax_path = "mathjax/tex-chtml.js"
    app.connect("builder-inited", add_static_files)
    app.connect("autodoc-process-docstring", escape_shapes, priority=100)  # before napoleon
    app.connect("html-page-context", mend_citations)
    app.connect("html-page-context", add_explorer)
    app.connect("build-finished", mark_as_plain_files)
    return {"env_version": env_version(), "parallel_read_safe": True, "parallel_write_safe": True}


def env_version():
    """A number that changes with the extension, the explorer or the order of chapters: they show on all
    pages, which Sphinx then makes anew."""
    paths = [path for path in sorted(HERE.rglob("*.*")) if path.suffix != ".pyc"]
    ours = [path.read_bytes() for path in [*paths, ROOT / "_toc.yml"]]
    return zlib.crc32(b"".join([*ours, front.script().encode(), front.style().encode()]))
