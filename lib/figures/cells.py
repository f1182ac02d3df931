"""Cells on a sheet: how large they are, where they stand, and what is drawn on them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..shapes import effective_size
from ..svg import Drawing, text_width
from .words import number_text

EDGE = 6  # room around the cells for an outline
CAPTION = 24  # height of a line of text above the cells
HEAD = 18  # height of a line of small text between caption and cells
_SIGN_ROOM = {"": 0, "⋆ᵀ": 42}  # width of a sign before the cells; of any other 32
WIDER = 4  # how much wider the gap is that divides two blocks


class Cells(NamedTuple):
    """How large the cells of one figure are, and how far apart."""

    width: int
    height: int
    gap: int
    font: int
    block: tuple[int, int] = (0, 0)  # a wider gap after so many rows and columns; 0: none

    def left(self, column: int) -> int:
        return column * (self.width + self.gap) + _wider(column, self.block[1])

    def top(self, row: int) -> int:
        return row * (self.height + self.gap) + _wider(row, self.block[0])

    def extent(self, rows: int, columns: int) -> tuple[int, int]:
        """Width and height of a plane of cells."""
        return self.left(columns - 1) + self.width, self.top(rows - 1) + self.height


def _wider(index, every):
    return WIDER * (index // every) if every else 0


def cells_for(
    *texts: str, height: int = 36, width: int | None = None, gap: int = 4, font: int = 14, room: int = 8
) -> Cells:
    """Cells as high as told, and wide enough for the longest of the texts."""
    longest = max((text_width(text, font) for text in texts), default=0)
    return Cells(max(width or height, longest + room), height, gap, font)


def small_cells_for(*texts: str) -> Cells:
    return cells_for(*texts, height=24, gap=3, font=12)


def names_width(names: Iterable[str]) -> int:
    """Room for names to the left of the cells."""
    return max((text_width(name, 12) + 10 for name in names), default=0)


class Plane(NamedTuple):
    """Rows and columns of cells whose top left corner stands at (x, y) of a sheet."""

    sheet: Drawing
    x: int
    y: int
    cells: Cells

    def corner(self, at: Sequence[int]) -> tuple[int, int]:
        row, column = at
        return self.x + self.cells.left(column), self.y + self.cells.top(row)

    def cell(self, at: Sequence[int], role: str, text: str = "", opacity: int | None = None) -> None:
        self.sheet.cell(
            *self.corner(at), self.cells.width, self.cells.height, role, text, self.cells.font, opacity
        )

    def fill(self, values: np.ndarray, roles: ArrayLike) -> None:
        """A number in each cell; `roles` is one role or a plane of them."""
        for at, role in np.ndenumerate(np.broadcast_to(np.asarray(roles, dtype=object), values.shape)):
            self.cell(at, role, "" if role == "empty" else number_text(values[at]))

    def outline(self, first: Sequence[int], size: Sequence[int] = (1, 1), kind: str = "lit") -> None:
        """A frame around a block of cells."""
        left, top = self.corner(first)
        right, bottom = self.corner([a + n - 1 for a, n in zip(first, size)])
        width, height = right - left + self.cells.width, bottom - top + self.cells.height
        self.sheet.rect(left - 2, top - 2, width + 4, height + 4, kind, radius=4)

    def outline_window(
        self, start: Sequence[int], kernel_size: Sequence[int], dilation: Sequence[int]
    ) -> None:
        """One frame when the window's cells touch, else a frame for each and a dashed one around all."""
        if all(d == 1 or k == 1 for k, d in zip(kernel_size, dilation)):
            self.outline(start, kernel_size)
            return
        self.outline(start, effective_size(kernel_size, dilation), "span")
        for offset in np.ndindex(*kernel_size):
            self.outline([a + d * k for a, d, k in zip(start, dilation, offset)])

    def strike(self, positions: Iterable[Sequence[int]]) -> None:
        """Cross cells out."""
        for at in positions:
            left, top = self.corner(at)
            self.sheet.line(left, top + self.cells.height, left + self.cells.width, top)

    def name_column(self, column: int, name: str, above: int = 7) -> None:
        x, y = self.corner((0, column))
        self.sheet.text(x + self.cells.width // 2, y - above, name, "small", "quiet")

    def name_row(self, row: int, name: str, before: int = 8) -> None:
        x, y = self.corner((row, 0))
        self.sheet.text(x - before, y + self.cells.height // 2 + 4, name, "small", "quiet", "end")


def captioned(
    cells: Cells, shape: Sequence[int], caption: str, *, indent: int = 0, head: int = 0, foot: int = 0
) -> Plane:
    """An empty plane of cells under its caption, on a sheet of its own that fits it."""
    width, height = cells.extent(*shape)
    top = EDGE + CAPTION + head
    sheet = Drawing(indent + max(width, text_width(caption)) + 2 * EDGE, top + height + EDGE + foot)
    sheet.text(EDGE + indent, 16, caption, "start")
    return Plane(sheet, EDGE + indent, top, cells)


def signed(cells: Cells, values: np.ndarray, roles: ArrayLike, caption: str, sign: str) -> Plane:
    """A plane of numbers under its caption, with an operator's sign before it.

    The signs are "⋆", "⋆ᵀ", what a font has, " ", which leaves the room empty, and "", which takes none.
    """
    plane = captioned(cells, values.shape, caption, indent=_SIGN_ROOM.get(sign, 32))
    middle = plane.y + cells.extent(*values.shape)[1] // 2
    if sign in ("⋆", "⋆ᵀ"):
        plane.sheet.star(EDGE + 9, middle)
        if sign == "⋆ᵀ":
            plane.sheet.text(EDGE + 23, middle - 4, "T", "small")
    elif sign.strip():
        plane.sheet.text(EDGE + 10, middle + 8, sign, "sign")
    plane.fill(values, roles)
    return plane
