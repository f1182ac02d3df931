"""Plots for dark pages: lines and words stay legible, hues stay hues, photographs stay as they are."""

import base64
import io
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image
from wcag import contrast

from lib.svg import TOKENS

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "_ext"))

from book import dark, pictures  # noqa: E402

PAPER, INK = ([*bytes.fromhex(TOKENS["dark"][name][1:])] for name in ("--tc-paper", "--tc-ink"))
LINES = [f"C{n}" for n in range(10)] + ["grey"]


def turned(colour):
    return dark.turned(np.array([[round(255 * c) for c in to_rgb(colour)]]))[0]


def on_paper(colour):
    return contrast([c / 255 for c in colour], [c / 255 for c in PAPER])


def lab(colour):
    lightness, a, b = dark.oklab(np.array(colour))
    return lightness, np.hypot(a, b), np.angle(a + 1j * b, deg=True)


def test_white_becomes_paper_and_black_becomes_ink():
    assert np.abs(turned("white") - np.array(PAPER, int)).max() <= 2
    assert np.abs(turned("black") - np.array(INK, int)).max() <= 4


def test_oklab_of_known_colours():
    """Values of the author's page, bottosson.github.io/posts/oklab, for white, red, green and blue."""
    known = {"white": (1, 0, 0), "red": (0.628, 0.225, 0.126), "#00ff00": (0.866, -0.234, 0.179),
             "blue": (0.452, -0.032, -0.312)}  # fmt: skip
    for name, wanted in known.items():
        got = dark.oklab([255 * c for c in to_rgb(name)])
        assert np.allclose(got, wanted, atol=1e-3), name
        assert np.abs(dark.from_oklab(got) / 255 - to_rgb(name)).max() < 0.01


@pytest.mark.parametrize("colour", LINES)
def test_lines_are_legible_and_keep_their_hue(colour):
    new = turned(colour)
    assert on_paper(new) >= 3
    _, chroma, hue = lab(new)
    _, before, wanted = lab([round(255 * c) for c in to_rgb(colour)])
    if before > 0.05:
        assert abs((hue - wanted + 180) % 360 - 180) < 12 and chroma > 0.6 * before


@pytest.mark.parametrize("name", ["--tc-ink", "--tc-line"])
def test_words_are_legible(name):
    assert on_paper(turned(TOKENS["light"][name])) >= 4.5


def test_greys_are_turned_round():
    greys = [turned(str(n / 20))[0] for n in range(21)]
    assert greys == sorted(greys, reverse=True) and len(set(greys)) == 21


def sheet():
    """A white sheet with a word of black, and a photograph of noise."""
    rng = np.random.default_rng(8)
    pixels = np.full((120, 160, 3), 255, np.uint8)
    pixels[10:20, 30:33] = pixels[10:20, 40:43] = 0
    photo = np.repeat(rng.integers(0, 256, (60, 70, 1), dtype=np.uint8), 3, axis=2)
    pixels[40:100, 20:90] = photo
    return pixels, photo


def test_a_photograph_stays_and_the_sheet_around_it_turns():
    pixels, photo = sheet()
    made = np.asarray(dark.twin(pictures.few_colours(Image.fromarray(pixels))), int)
    assert np.abs(made[40:100, 20:90] - photo.astype(int)).max() <= 4
    assert np.abs(made[0, 0] - PAPER).max() <= 2 and np.abs(made[15, 31] - INK).max() <= 4
    assert np.abs(made[39, 20:90] - PAPER).max() <= 2


@pytest.mark.parametrize(("shades", "stays"), [(16, True), (6, False)])
def test_a_photograph_has_many_shades_and_bars_have_few(shades, stays):
    """A drawing of few flat colours turns with its sheet; a photograph of sixteen greys does not."""
    pixels = np.full((80, 100, 3), 255, np.uint8)
    greys = np.arange(shades, dtype=np.uint8) * (200 // shades)
    block = np.random.default_rng(2).permuted(np.resize(greys, 60 * 48)).reshape(48, 60)
    pixels[16:64, 20:80] = block[..., None]
    made = np.asarray(dark.twin(pictures.few_colours(Image.fromarray(pixels))), int)
    moved = np.abs(made[16:64, 20:80] - block[..., None].astype(int))
    assert (moved.max() <= 4) == stays and (moved.mean() > 50) != stays


def test_a_bare_photograph_has_no_twin():
    _, photo = sheet()
    assert dark.twin(pictures.few_colours(Image.fromarray(photo))) is None


def test_blocks_stand_apart():
    drawn = np.zeros((9, 12), bool)
    drawn[1:3, 1:4] = drawn[1:3, 6:7] = drawn[5:8, 2:9] = True
    assert list(dark.blocks(drawn)) == [(1, 3, 1, 4), (1, 3, 6, 7), (5, 8, 2, 9)]


def test_a_plot_is_turned_whole():
    figure, axes = plt.subplots(figsize=(4, 3))
    axes.plot([1, 3, 2])
    axes.bar([0, 1], [2, 3])
    file = io.BytesIO()
    figure.savefig(file, format="png")
    plt.close(figure)
    made = np.asarray(dark.twin(pictures.few_colours(Image.open(file))), int)
    assert (np.abs(made - PAPER).max(axis=2) <= 3).mean() > 0.3
    assert not (made.min(axis=2) > 250).any()  # nothing white is left


def test_pages_name_both_pictures(tmp_path):
    pixels, photo = sheet()
    Image.fromarray(pixels).save(tmp_path / "a.png")
    Image.fromarray(photo).save(tmp_path / "b.png")
    (tmp_path / "cache").mkdir()
    for _ in range(2):  # a second build makes no twin of a twin
        pictures.lighten(tmp_path, tmp_path / "cache")
    assert {path.name for path in tmp_path.glob("*.png")} == {"a.png", "a-dark.png", "b.png"}
    body = '<img alt="Noise." src="../x/a.png" /><img class="c" src="b.png" alt="n"/><img src="c.png">'
    assert pictures.measured(body, tmp_path) == (
        "<span>"
        '<img class="only-light" alt="Noise." src="../x/a.png" width="160" height="120" loading="lazy"/>'
        '<img class="only-dark" alt="Noise." src="../x/a-dark.png" width="160" height="120" loading="lazy"/>'
        "</span>"
        '<img class="dark-light c" src="b.png" alt="n" width="70" height="60" loading="lazy"/>'
        '<img src="c.png">'
    )


def test_a_picture_is_made_once_for_each_of_its_rules(tmp_path, monkeypatch):
    made = []
    for rules in (b"one", b"one", b"other"):
        monkeypatch.setattr(pictures, "RULES", rules)
        pictures.kept(b"picture", "", tmp_path, lambda path: made.append(path.write_bytes(b"small")))
    assert len(made) == 2


def stored():
    """Each picture that the chapters hold, by the name of its cell."""
    for path in sorted(ROOT.glob("chapters/[0-9]*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                if data := output.get("data", {}).get("image/png"):
                    with Image.open(io.BytesIO(base64.b64decode(data))) as image:
                        yield cell.id, image.convert("RGB")


PICTURES = list(stored())
NAMES = [name for name, _ in PICTURES]


def test_there_are_plots():
    assert len(PICTURES) > 20


@pytest.mark.parametrize("name, image", PICTURES, ids=NAMES)
def test_every_stored_plot_has_a_twin_without_a_plate(name, image):
    small = pictures.few_colours(image)
    made = np.asarray(dark.twin(small), int)
    white = np.asarray(small.convert("RGB")).min(axis=2) >= dark.WHITE
    # what was white is dark now, but for white in photographs
    assert (made.max(axis=2)[white] < 40).mean() > 0.9


@pytest.mark.parametrize("name, image", PICTURES, ids=NAMES)
def test_few_colours_keep_the_hues_apart(name, image):
    """Each colour of twenty pixels moves by less than a third of what lies between two hues that stand in one
    legend, purple and brown (114); chosen without care it moves by half, and both marks look alike."""
    small = pictures.few_colours(image).convert("RGB")
    before, after = (np.asarray(each).reshape(-1, 3).astype(int) for each in (image, small))
    _, which, counts = np.unique(before, axis=0, return_inverse=True, return_counts=True)
    often = counts[which.ravel()] >= 20
    assert np.abs(after - before).max(axis=1)[often].max() < 38
