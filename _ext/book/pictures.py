"""The pictures of notebooks' outputs, made light: few colours, their size in the page, fetched when near.

A plot has a twin for dark pages, see dark.py; the page shows the one that goes with it and fetches no other.
"""

import re
import zlib
from pathlib import Path

from PIL import Image

from . import dark

IMG = re.compile(r'<img ([^>]*?)src="([^"]+)\.png"([^>]*?)\s*/?>')
DARK = "-dark"  # what the name of a twin ends in
# By which pictures are made: others make others.
RULES = b"".join(Path(module).read_bytes() for module in (__file__, dark.__file__))
AS_IT_IS = "dark-light"  # the theme's class for a picture that is the same in both themes


def few_colours(image):
    """The picture in 256 colours, enough for a grey photograph; in 96 if it is a plot, chosen with more care:
    without `kmeans` two hues that have few pixels become one."""
    if image.mode == "P":
        return image.copy()
    small = image.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    if not dark.is_plot(small):
        return small
    return image.convert("RGB").quantize(96, kmeans=3, dither=Image.Dither.NONE)


def kept(data, end, cache, make):
    """The file in `cache` that `make` wrote by these rules for a picture with these bytes, now or earlier."""
    path = cache / f"{zlib.crc32(RULES + data):08x}{end}.png"
    if not path.exists():
        make(path)
    return path


def with_few_colours(path, cache):
    """Rewrite a PNG with few colours."""
    data = path.read_bytes()

    def make(small):
        with Image.open(path) as image:
            few_colours(image).save(small, optimize=True)

    small = kept(data, "", cache, make)
    if small.stat().st_size < len(data):
        path.write_bytes(small.read_bytes())


def add_twin(path, cache):
    """Put a picture's twin beside it, if it has one."""
    with Image.open(path) as image:
        twin = dark.twin(few_colours(image))
    if twin:
        file = kept(path.read_bytes(), DARK, cache, lambda file: few_colours(twin).save(file, optimize=True))
        path.with_stem(path.stem + DARK).write_bytes(file.read_bytes())


def lighten(folder, cache):
    """Make every PNG of the site's folder of images light, and its twin."""
    cache.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.glob("*.png")):
        if not path.stem.endswith(DARK):
            with_few_colours(path, cache)
            add_twin(path, cache)


def measured(body, folder):
    """`body` with each picture's size, so that nothing moves when it comes, and each plot's twin."""

    def measure(match):
        before, source, after = match.groups()
        name = Path(source).name
        if not (folder / f"{name}.png").exists() or "width=" in before + after:
            return match[0]
        with Image.open(folder / f"{name}.png") as image:
            size = 'width="{}" height="{}"'.format(*image.size)

        def img(end, kind):
            words = f'{before}src="{source}{end}.png"{after}'
            if 'class="' in words:
                words = words.replace('class="', f'class="{kind} ', 1)
            else:
                words = f'class="{kind}" {words}'
            return f'<img {words} {size} loading="lazy"/>'

        if not (folder / f"{name}{DARK}.png").exists():
            return img("", AS_IT_IS)
        # in a box of their own: the theme hides a caption that stands beside a picture of the other theme
        return f"<span>{img('', 'only-light')}{img(DARK, 'only-dark')}</span>"

    return IMG.sub(measure, body)
