"""What the site ships that others made, and its licences: licences.txt, beside the landing page.

It is written from the packages that are installed, so that its versions are those of this build.
"""

from importlib.metadata import distribution
from pathlib import Path

FONT = Path(__file__).parent.parent / "fonts" / "LICENSE"
# Package -> what of it is in the site; its licence stands in the package.
PACKAGES = {
    "sphinx": "search.js and highlight.js: search and its marks",
    "pydata-sphinx-theme": "site.js, site.css and the frame of every page",
    "sphinx-book-theme": "site.js, site.css and the frame of every page",
    "sphinx-copybutton": "site.js: the button that copies code; with it clipboard.js by Zeno Rocha, MIT",
    "sphinx-design": "site.css: boxes and tabs",
    "Pygments": "site.css: the colours of code",
}
# What comes inside those packages, with licences of its own.
INSIDE = """Bootstrap, in site.js and site.css: MIT, the Bootstrap authors, https://getbootstrap.com
Font Awesome Free, icons drawn in the pages: CC BY 4.0, Fonticons, Inc., https://fontawesome.com/license/free
Popper, in site.js: MIT, the Popper contributors, https://popper.js.org
Python for the page, in _static/live/python: Pyodide, CPython, NumPy, matplotlib; see LICENCES.txt there."""
# Which of the site's files hold what is not ours; all others are the book's own.
OF_OTHERS = {"site.js", "site.css", "search.js", "highlight.js", "formulas.css"}
OURS = {"walk.js", "explorer.js", "explorer.css", "calculator.js", "calculator.css", "live.js"}
HEAD = """What this site is made of
=========================

The book's own text and figures: CC BY 4.0. Its code: MIT License. Credit as:
"Transposed Convolution, Understood", the authors of Transposed Convolution, Understood, CC BY 4.0.

What others made:
"""


def texts(package):
    """The texts of the licence that a package brings."""
    files = [
        file
        for file in package.files or ()
        if "licen" in file.name.lower() and file.suffix in {"", ".txt", ".md", ".rst"}
    ]
    return [
        file.locate().read_text(encoding="utf-8").strip()
        for file in sorted(files)
        if "dist-info" in str(file)
    ]


def listed():
    """The list, and after it each licence."""
    lines, full = [HEAD], []
    for name, part in PACKAGES.items():
        package = distribution(name)
        said = package.metadata.get("License-Expression") or package.metadata.get("License") or "see below"
        said = said if "\n" not in said else "see below"
        lines.append(f"{package.name} {package.version}, {part}. {said}")
        full += [f"\n{'-' * 79}\n{package.name} {package.version}\n\n{text}" for text in texts(package)]
    lines.append(INSIDE)
    lines.append(f"\n{'-' * 79}\nformulas.css\n\n{FONT.read_text(encoding='utf-8').strip()}")
    return "\n".join([*lines, *full]) + "\n"


def write(site):
    (site / "licences.txt").write_text(listed(), encoding="utf-8", newline="\n")
