"""Grids: arrays with a number in each cell, and figures beside each other."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..svg import ROLES, Figure
from .cells import HEAD, captioned, cells_for, small_cells_for
from .given import PerAxis, Position, Positions, as_array, as_block, as_positions, as_roles
from .words import array_text, place_text, sentence, size_text, spoken_size, texts, title_text


class _Panel(NamedTuple):
    """One channel of a grid, and what is marked on it."""

    caption: str
    values: np.ndarray
    roles: np.ndarray
    lit: list
    struck: list
    block: tuple | None


def _panels(array, roles, caption, lit, struck, block):
    """The array as planes: one, or one for each channel."""
    if array.ndim < 3:
        plane = np.atleast_2d(array)
        return [_Panel(caption, plane, roles.reshape(plane.shape), lit, struck, block)]
    return [
        _Panel(
            f"channel {channel}" if channel else f"{caption}: channel 0",
            array[channel],
            roles[channel],
            [at for c, *at in lit if c == channel],
            [at for c, *at in struck if c == channel],
            block,
        )
        for channel in range(len(array))
    ]


def _draw(panel, cells, positions):
    shape = panel.values.shape
    plane = captioned(
        cells, shape, panel.caption, indent=20 if positions else 0, head=HEAD if positions else 0
    )
    if positions:
        _number_axes(plane, shape)
    plane.fill(panel.values, panel.roles)
    plane.strike(panel.struck)
    for at in panel.lit:
        plane.outline(at)
    if panel.block is not None:
        plane.outline(*panel.block)
    return plane.sheet


def _number_axes(plane, shape):
    """The numbers of the columns, and of the rows if there are several."""
    for column in range(shape[1]):
        plane.name_column(column, str(column))
    for row in range(shape[0] if shape[0] > 1 else 0):
        plane.name_row(row, str(row))


def _name(role):
    """Words and letter of a grid that has one role."""
    return (
        f"{ROLES[role].words} {ROLES[role].letter}" if isinstance(role, str) and role != "zero" else "cells"
    )


def _marks_spoken(lit, struck, block, axes):
    said = []
    for words, marked in (("Outlined", lit), ("Struck out", struck)):
        if marked:
            said.append(f"{words}: position {'; '.join(place_text(at[-axes:]) for at in marked)}.")
    if block is not None:
        start, size = (values[-axes:] for values in block)
        said.append(f"A window of {spoken_size(size)} cells from position {place_text(start)} is outlined.")
    return said


def grid(
    values: ArrayLike,
    role: str | ArrayLike = "input",
    *,
    label: str | None = None,
    lit: Positions = (),
    window: tuple[Position, PerAxis] | None = None,
    positions: bool = False,
    struck: Positions = (),
    small: bool = False,
) -> Figure:
    """One array, a number in each cell.

    Parameters
    ----------
    values : array, shape (columns,), (rows, columns) or (channels, rows, columns)
        Three axes are drawn as one panel per channel.
    role : str, or an array of roles with the shape of `values`
        "input", "kernel", "output" or "zero".
    label : str, optional
        Caption; by default the role with its letter, and the size.
    lit : list of positions
        Cells to outline, as tuples (an int for one axis).
    window : (start, size), optional
        One outline around a block of cells, on every panel the same.
    positions : bool
        Write row and column numbers beside the cells.
    struck : list of positions
        Cells to cross out.
    small : bool
        Smaller cells.

    Examples
    --------
    >>> grid([[0, 1], [2, 3]], "output")
    Figure('output y, 2 x 2')
    >>> grid([[0, 1], [2, 3]], "output").description
    'Output y: 2 by 2, holding 0 1; 2 3.'
    """
    array = as_array("values", values, axes=(1, 2, 3))
    roles = as_roles(role, array.shape)
    lit, struck = as_positions("lit", lit, array.shape), as_positions("struck", struck, array.shape)
    block = None if window is None else as_block("window", window, array.shape[-2:])
    caption = f"{_name(role)}, {size_text(array.shape)}" if label is None else label
    cells = (small_cells_for if small else cells_for)(*texts(array))
    panels = _panels(array, roles, caption, lit, struck, block)
    spoken = [f"{label or sentence(_name(role))}: {array_text(array)}."]
    spoken += _marks_spoken(lit, struck, block, array.ndim)
    return Figure(title_text(caption), " ".join(spoken), [_draw(panel, cells, positions) for panel in panels])


def beside(*figures: Figure) -> Figure:
    """Several figures joined into one, for what must be seen together.

    Examples
    --------
    >>> beside(grid([1, 2]), grid([3, 4], "output"))
    Figure('input x, 2 cells; output y, 2 cells')
    """
    for figure in figures:
        if not isinstance(figure, Figure):
            raise TypeError(f"beside joins figures, got {figure!r}")
    if not figures:
        raise ValueError("beside needs at least one figure, got none")
    return Figure(
        "; ".join(figure.title for figure in figures),
        " ".join(figure.description for figure in figures),
        [drawing for figure in figures for drawing in figure.drawings],
    )
