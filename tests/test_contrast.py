"""Text in the book's drawings is legible: every pair of text and ground that a stored figure has, computed.

A checker in the browser leaves text in SVG undecided; the colours are ours, so they can be proven once.
"""

import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
from drawn import read
from wcag import channels, contrast

from lib.svg import _RULES, TOKENS

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "index.ipynb", *sorted(ROOT.glob("chapters/[!_]*.ipynb"))]
FIGURE = re.compile(r'<figure class="tc-figure">.*?</figure>', re.DOTALL)


def over(fill, paper, opacity):
    """The colour of a fill that lets the paper through."""
    return [opacity * f + (1 - opacity) * p for f, p in zip(fill, paper)]


def figures():
    for page in PAGES:
        for cell in nbformat.read(page, as_version=4).cells:
            for output in cell.get("outputs", []):
                html = output.get("data", {}).get("text/html", "")
                yield from (ElementTree.fromstring(found) for found in FIGURE.findall(html))


def token_of(kinds):
    """The token that colours a text, from the style that the figure brings."""
    rules = dict(_RULES)
    names = ["text", *(f".tc-{kind}" for kind in sorted(kinds))]
    found = [re.search(r"fill:var[(](--tc-\w+)[)]", rules.get(name, "")) for name in names]
    return [match[1] for match in found if match][-1]


def grounds(sheet):
    """Each text of a drawing with the cell behind it: (token, role, opacity)."""
    texts = [(cell.label, cell) for cell in sheet.cells if cell.label]
    for text in sheet.texts:
        behind = [c for c in sheet.cells if c.box.meets(text.box)] or [None]
        texts += [(text, cell) for cell in behind]
    for text, cell in texts:
        role = "paper" if cell is None or cell.role == "empty" else cell.role
        yield token_of(text.kinds), role, cell.opacity if cell else None


@pytest.fixture(scope="module")
def pairs():
    return Counter(pair for figure in figures() for svg in figure.iter("svg") for pair in grounds(read(svg)))


def test_the_figures_were_read(pairs):
    assert sum(pairs.values()) > 2000
    inks = {token: {role for t, role, _ in pairs if t == token} for token in ("--tc-ink", "--tc-line")}
    assert inks["--tc-ink"] >= {"input", "kernel", "output", "paper"}
    assert "zero" in inks["--tc-line"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_is_legible_on_its_ground(pairs, theme):
    colours = {name: channels(colour) for name, colour in TOKENS[theme].items()}
    for token, role, opacity in pairs:
        share = 1 if opacity is None else int(opacity.rstrip("%")) / 100
        ground = over(colours[f"--tc-{role}"], colours["--tc-paper"], share)
        assert contrast(colours[token], ground) >= 4.5, (theme, token, role, opacity)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_a_reader_may_draw_is_legible_too(theme):
    """The number in a cell of each role, quiet text and borders where nothing is, outlines on everything."""
    colours = {name: channels(colour) for name, colour in TOKENS[theme].items()}
    for fill in ("input", "kernel", "output", "zero", "paper"):
        assert contrast(colours["--tc-ink"], colours[f"--tc-{fill}"]) >= 4.5
        assert contrast(colours["--tc-accent"], colours[f"--tc-{fill}"]) >= 3  # graphics need 3
    for fill in ("zero", "paper"):
        assert contrast(colours["--tc-line"], colours[f"--tc-{fill}"]) >= 4.5


def test_contrast_is_that_of_the_standard():
    """Values printed in WCAG 2.1 and its techniques: black on white 21, #777 on white 4.48."""
    assert contrast(channels("#000000"), channels("#ffffff")) == pytest.approx(21)
    assert contrast(channels("#777777"), channels("#ffffff")) == pytest.approx(4.48, abs=0.005)
