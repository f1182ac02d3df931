"""Build the book with plain Sphinx, without Jupyter Book 1: `make newer`.

Jupyter Book 1 turns _config.yml into settings of Sphinx and calls it; it is frozen at Sphinx 7. Here we do
the same for whatever Sphinx is installed. What differs then is listed in CONTRIBUTING; what fails is the work
to be done when the day comes.
"""

import importlib.metadata
import os
import sys
import time
from pathlib import Path

import yaml
from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "_build" / "newer"
LEFT_OUT = {"jupyter_book", "sphinx_comments", "sphinx_jupyterbook_latex"}  # parts of Jupyter Book 1


def settings():
    """The settings of _config.yml as Sphinx has them."""
    given = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    made = dict(given["sphinx"]["config"])
    extensions = [name for name in made.pop("extensions") if name not in LEFT_OUT]
    at_home = given["html"]["home_page_in_navbar"]
    theme = {"path_to_docs": "", "home_page_in_toc": at_home, **made.pop("html_theme_options")}
    return made | {
        "extensions": extensions,
        "project": given["project"],
        "author": given["author"],
        "copyright": given["copyright"],
        "html_title": given["title"],
        "html_theme": "sphinx_book_theme",
        "html_theme_options": theme,
        "html_favicon": given["html"]["favicon"],
        "exclude_patterns": [*given["exclude_patterns"], "_build", "**.ipynb_checkpoints"],
        "external_toc_path": "_toc.yml",
        "external_toc_exclude_missing": True,
        "bibtex_bibfiles": given["bibtex_bibfiles"],
        "myst_enable_extensions": given["parse"]["myst_enable_extensions"],
        "myst_url_schemes": ["mailto", "http", "https"],
        "numfig": True,
        "use_multitoc_numbering": True,
        "nb_execution_mode": "off",
        "nb_output_stderr": given["execute"]["stderr_output"],
    }


def main():
    os.environ.setdefault("LIVE", "no")
    sys.path[:0] = [str(ROOT), str(ROOT / "_ext")]
    for name in ("sphinx", "myst-nb", "myst-parser", "sphinx-book-theme", "pydata-sphinx-theme"):
        print(f"{name} {importlib.metadata.version(name)}")
    start = time.monotonic()
    app = Sphinx(
        srcdir=str(ROOT),
        confdir=None,
        outdir=str(OUT / "html"),
        doctreedir=str(OUT / "doctrees"),
        buildername="html",
        confoverrides=settings(),
        freshenv=True,
        status=None,
    )
    app.build()
    said = f"Built in {time.monotonic() - start:.0f} s, with {app._warncount} warnings"
    print(f"{said}: {OUT / 'html' / 'index.html'}")
    sys.exit(bool(app.statuscode or app._warncount))


if __name__ == "__main__":
    main()
