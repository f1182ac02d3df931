"""A picture that moves: the same frames as an SVG that plays by itself, and as a GIF."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .svg import Drawing, Figure, element, file_style, text_width

LICENCE = "Transposed Convolution, Understood · CC BY 4.0"
LICENCE_LINK = "https://creativecommons.org/licenses/by/4.0/"
LAST = 3  # the last frame is shown so many times as long: the finished picture
MARGIN, GAP = 16, 32


class Panel(NamedTuple):
    """What moves at one place of a film: `paint(sheet, frame, x, y)` draws a frame whose corner is (x, y)."""

    width: int
    height: int
    frames: int
    paint: Callable[[Drawing, int, int, int], None]


class Film:
    """Frames that follow each other, in light colours or dark ones.

    Parameters
    ----------
    title, description : str
        What it shows, in a few words and in full: both stand in the files too.
    panels : list of Panel
        Drawn beside each other; as many frames each.
    theme : "light" or "dark"
    seconds : float
        How long a frame is shown. The last one is shown three times as long.

    Examples
    --------
    >>> def paint(sheet, frame, x, y):
    ...     sheet.cell(x, y, 36, 36, "input", str(frame))
    >>> film = Film("numbers", "A cell counts from 0 to 2.", [Panel(36, 36, 3, paint)])
    >>> film, len(film)
    (Film('numbers, 3 frames'), 3)
    >>> film.gif()[:6]
    b'GIF89a'
    """

    def __init__(
        self,
        title: str,
        description: str,
        panels: Sequence[Panel],
        theme: str = "light",
        seconds: float = 0.8,
    ) -> None:
        if theme not in ("light", "dark"):
            raise ValueError(f"theme must be 'light' or 'dark', got {theme!r}")
        if not 0.02 <= seconds <= 60:  # what is quicker, browsers slow down
            raise ValueError(f"seconds must be from 0.02 to 60, got {seconds!r}")
        if len({panel.frames for panel in panels}) != 1:
            counts = [panel.frames for panel in panels]
            raise ValueError(f"panels must have as many frames each, got {counts}")
        self.title, self.description = title, " ".join(description.split())
        self.panels, self.theme, self.seconds = list(panels), theme, seconds

    def __repr__(self) -> str:
        return f"Film({f'{self.title}, {len(self)} frames'!r})"

    def __len__(self) -> int:
        return self.panels[0].frames

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, as an SVG has them."""
        wide = sum(panel.width for panel in self.panels) + GAP * (len(self.panels) - 1)
        tall = max(panel.height for panel in self.panels)
        return max(wide, text_width(LICENCE, 12)) + 2 * MARGIN, tall + 24 + 2 * MARGIN

    def paint(self, sheet: Drawing, frame: int) -> None:
        """Draw one frame: the panels in the middle, the licence beneath."""
        wide = sum(panel.width + GAP for panel in self.panels) - GAP
        tall = max(panel.height for panel in self.panels)
        x = (sheet.width - wide) // 2
        for panel in self.panels:
            panel.paint(sheet, frame, x, MARGIN + (tall - panel.height) // 2)
            x += panel.width + GAP
        sheet.text(sheet.width // 2, sheet.height - MARGIN, LICENCE, "small", "quiet")

    def beside(self, *others: "Film") -> "Film":
        """This film and others of as many frames, which play beside each other as one.

        Examples
        --------
        >>> from lib.figures import film
        >>> film([1, 2, 3], [1, 1]).beside(film([1, 2, 3], [1, -1]))
        Film('convolution: 3 cells and 2 cells to 2 cells, twice, 2 frames')
        """
        films = [self, *others]
        titles = list(dict.fromkeys(film.title for film in films))
        title = "; ".join(titles) if len(titles) == len(films) else f"{titles[0]}, twice"
        words = " ".join(film.description for film in films)
        panels = [panel for film in films for panel in film.panels]
        return Film(title, words, panels, self.theme, self.seconds)

    def still(self, frame: int = -1) -> Figure:
        """One frame as a figure; the last one by default, which is the finished picture."""
        sheet = Drawing(*self.size)
        self.paint(sheet, range(len(self))[frame])
        return Figure(self.title, self.description, [sheet])

    def svg(self) -> str:
        """The film as one SVG: a line that stays the same from frame to frame is written once.

        Viewers that play no animations, and readers who want no motion, see the last frame.
        """
        width, height = self.size
        runs = _runs([self._lines(frame) for frame in range(len(self))])
        head = f'<svg xmlns="http://www.w3.org/2000/svg" class="tc-file" width="{width}" height="{height}" '
        return "\n".join(
            [
                f'{head}viewBox="0 0 {width} {height}" role="img">',
                element("title", self.title),
                element("desc", self.description),
                element("metadata", f"{LICENCE} {LICENCE_LINK}"),
                file_style(self.theme),
                _turns([run for run in runs if run != (0, len(self))], len(self), self.seconds),
                element("rect", class_="tc-plate", x=0, y=0, width=width, height=height),
                *_written(runs, len(self)),
                "</svg>\n",
            ]
        )

    def _lines(self, frame, kind=Drawing):
        sheet = kind(*self.size)
        self.paint(sheet, frame)
        return sheet.lines

    def gif(self, scale: int = 1) -> bytes:
        """The film as a GIF that repeats, `scale` pixels for each of the SVG's."""
        from .canvas import palette  # Pillow, which it needs, may be missing where Python runs in a page

        file, delay = io.BytesIO(), round(100 * self.seconds) * 10  # a GIF counts hundredths of a second
        colours = palette(self.theme)
        first, *others = _changes([_indexed(image, colours) for image in self._images(scale)], len(colours))
        first.save(
            file,
            "GIF",
            save_all=True,
            append_images=others,
            duration=[delay] * (len(self) - 1) + [LAST * delay],
            loop=0,
            disposal=1,  # a frame stays, and the next one is drawn over it
            transparency=len(colours),
            comment=f"{self.title}. {LICENCE} {LICENCE_LINK}".encode(),
        )
        return file.getvalue()

    def _images(self, scale):
        """The frames as images; what is the same in all of them is drawn once."""
        from .canvas import Canvas

        canvas = Canvas(*self.size, self.theme, scale)
        frames = [self._lines(frame, Canvas) for frame in range(len(self))]
        same = set.intersection(*map(set, frames))
        ground = canvas.draw([line for line in frames[0] if line in same])
        for lines in frames:
            yield canvas.reduced(canvas.draw([line for line in lines if line not in same], ground))

    def save(self, path: str | Path) -> None:
        """Write a file: what its name ends in, .svg or .gif, says which kind."""
        path = Path(path)
        kinds = {".svg": lambda: self.svg().encode(), ".gif": self.gif}
        if path.suffix not in kinds:
            raise ValueError(f"path must end in .svg or .gif, got {str(path)!r}")
        path.write_bytes(kinds[path.suffix]())

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/plain": repr(self), "image/svg+xml": self.svg()}


def _runs(frames):
    """For each pair (first frame, end) the lines that are drawn in these frames and not right around them."""
    runs = {}
    sets = list(map(set, frames))
    for line in dict.fromkeys(line for lines in frames for line in lines):
        shown = [n for n, lines in enumerate(sets) if line in lines]
        starts = [n for n in shown if n - 1 not in shown]
        ends = [n + 1 for n in shown if n + 1 not in shown]
        for run in zip(starts, ends):
            runs.setdefault(run, []).append(line)
    return runs


def _written(runs, count):
    """The lines in groups, those that stay longest first: what comes and goes lies above."""
    for run in sorted(runs, key=lambda run: (run[0] - run[1], run)):
        still = run == (0, count)
        yield from runs[run] if still else [f'<g class="{_name(run)}">', *runs[run], "</g>"]


def _name(run):
    return f"f{run[0]}-{run[1]}"


def _turns(runs, count, seconds):
    """The style that shows each run of frames in its turn; without motion, the runs of the last frame."""
    if not runs:
        return "<style></style>"
    whole = count - 1 + LAST
    rules = [f"g{{animation:{round(seconds * whole, 2):g}s step-end infinite}}"]
    for start, end in runs:
        name, hidden = _name((start, end)), "" if end == count else "visibility:hidden;"
        rules.append(f".{name}{{{hidden}animation-name:{name}}}")
        before = f"0%{{visibility:hidden}}{_share(start, whole)}" if start else "0%"
        after = f"{_share(end, whole)}{{visibility:hidden}}" if end < count else ""
        rules.append(f"@keyframes {name}{{{before}{{visibility:visible}}{after}}}")
    rules.append("@media(prefers-reduced-motion:reduce){g{animation:none}}")
    return "\n".join(["<style>", *rules, "</style>"])


def _share(frame, whole):
    return f"{round(100 * frame / whole, 3):g}%"


def _indexed(image, colours):
    """An image with the numbers of the nearest colours, and Pillow's image of that palette."""
    from PIL import Image

    table = Image.new("P", (1, 1))
    table.putpalette([channel for colour in colours for channel in colour])
    return image.quantize(palette=table, dither=Image.Dither.NONE)


def _changes(images, clear):
    """The first image whole, of each other one what is new in it: the rest has the number `clear`."""
    yield images[0]
    for before, image in zip(images, images[1:]):
        old, new = np.asarray(before), np.asarray(image)
        changed = image.copy()
        changed.frombytes(np.where(old == new, clear, new).astype(np.uint8).tobytes())
        yield changed
