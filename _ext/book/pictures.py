"""The pictures of notebooks' outputs, made light: few colours, their size in the page, fetched when near."""

import re
import zlib
from pathlib import Path

from PIL import Image

IMG = re.compile(r'<img ([^>]*?)src="([^"]+\.png)"([^>]*?)\s*/?>')


def few_colours(image):
    if image.mode == "L":
        return image.copy()
    return image.convert("RGB").quantize(256, dither=Image.Dither.NONE)


def with_few_colours(path, cache):
    """Rewrite a PNG with at most 256 colours, which a plot or a grey photograph has in all but its edges."""
    data = path.read_bytes()
    kept = cache / f"{zlib.crc32(data):08x}.png"
    if not kept.exists():
        with Image.open(path) as image:
            if image.mode == "P":
                return
            small = few_colours(image)
        small.save(kept, optimize=True)
    if kept.stat().st_size < len(data):
        path.write_bytes(kept.read_bytes())


def lighten(folder, cache):
    """Make every PNG of the site's folder of images light."""
    cache.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.glob("*.png")):
        with_few_colours(path, cache)


def measured(body, folder):
    """`body` with each picture's size, so that nothing moves when it comes, and fetched when it is near."""

    def measure(match):
        before, source, after = match.groups()
        file = folder / Path(source).name
        if not file.exists() or "width=" in before + after:
            return match[0]
        with Image.open(file) as image:
            width, height = image.size
        return f'<img {before}src="{source}"{after} width="{width}" height="{height}" loading="lazy"/>'

    return IMG.sub(measure, body)
