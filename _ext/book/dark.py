"""Plots in the dark: a twin of each plot with its lightness turned round, made when the book is built.

matplotlib draws on white paper. In a dark page that would be a glaring plate, so the page has two pictures:
black ink becomes light, paper becomes the page's ground, and a hue stays a hue. Photographs stay as they are.
"""

import numpy as np
from PIL import Image

from lib.svg import TOKENS

WHITE = 250  # and above: paper
PHOTO = 24  # pixels a side, at least, of what may be a photograph
SHADES = 8  # colours, at least, that nine tenths of a photograph are of
LINE, VIVID = (
    0.68,
    0.1,
)  # OKLab's lightness of a line in the dark; its chroma from which on a colour has a hue
# Linear light to OKLab (B. Ottosson, 2020): one number for lightness as an eye sees it, two for the hue.
LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def oklab(rgb):
    """OKLab of colours whose channels are 0 to 255."""
    part = np.asarray(rgb, float) / 255
    light = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return np.cbrt(light @ LMS.T) @ LAB.T


def from_oklab(lab):
    light = np.clip((lab @ np.linalg.inv(LAB).T) ** 3 @ np.linalg.inv(LMS).T, 0, 1)
    part = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.round(255 * part).astype(np.uint8)


def turned(rgb):
    """Colours for a dark page: white becomes its paper, black its ink, and what lies between is turned round.

    The more of a hue a colour has, the less it may become darker than LINE: lines of all hues stay legible.
    """
    paper, ink = (
        oklab(list(bytes.fromhex(TOKENS["dark"][name].removeprefix("#"))))[0]
        for name in ("--tc-paper", "--tc-ink")
    )
    lab = oklab(rgb)
    lightness = ink + (paper - ink) * lab[..., 0]
    hue = np.clip(np.hypot(lab[..., 1], lab[..., 2]) / VIVID, 0, 1)
    lab[..., 0] = lightness + hue * np.maximum(LINE - lightness, 0)
    return from_oklab(lab)


def runs(line):
    """The (start, end) of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], line.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist()))


def blocks(drawn, top=0, left=0):
    """What stands apart on paper, as (top, bottom, left, right): cut at white rows and columns."""
    for down in runs(drawn.any(axis=1)):
        band = drawn[slice(*down)]
        for across in runs(band.any(axis=0)):
            part = band[:, slice(*across)]
            if part.shape == drawn.shape:
                yield top, top + part.shape[0], left, left + part.shape[1]
            else:
                yield from blocks(part, top + down[0], left + across[0])


def is_photograph(part, drawn):
    """Whether a block is large and full, of many colours that come often: bars and lines have few."""
    often = np.sort(np.unique_counts(part[drawn]).counts)[::-1]
    shades = np.searchsorted(np.cumsum(often), 0.9 * often.sum()) + 1
    return min(drawn.shape) >= PHOTO and drawn.mean() > 0.5 and shades >= SHADES


def parts(image):
    """A picture of few colours (mode P) as numbers of colours, its colours, and what is not white paper."""
    index, colours = np.asarray(image), np.array(image.getpalette("RGB")).reshape(-1, 3)
    return index, colours, colours.min(axis=1)[index] < WHITE


def stands_on_paper(drawn):
    """Whether the rim is white: it is not where a photograph is the whole picture."""
    return not any(side.any() for side in (drawn[0], drawn[-1], drawn[:, 0], drawn[:, -1]))


def photographs(index, drawn):
    """The places of the photographs on a sheet."""
    for top, bottom, left, right in blocks(drawn):
        place = slice(top, bottom), slice(left, right)
        if is_photograph(index[place], drawn[place]):
            yield place


def is_plot(image):
    """Whether a picture holds lines and words alone."""
    index, _, drawn = parts(image)
    return stands_on_paper(drawn) and not any(True for _ in photographs(index, drawn))


def twin(image):
    """A picture of few colours (mode P) for dark pages; None if it does not stand on paper."""
    index, colours, drawn = parts(image)
    if not stands_on_paper(drawn):
        return None
    dark = turned(colours)[index]
    for place in photographs(index, drawn):
        dark[place] = colours[index[place]]
    return Image.fromarray(dark)
