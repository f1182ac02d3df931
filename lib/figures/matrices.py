"""Matrices: the zeros written out, and a matrix times a vector."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..shapes import per_axis
from ..svg import Drawing, Figure, text_width
from .cells import CAPTION, EDGE, HEAD, Cells, Plane, cells_for, names_width
from .given import Axis, as_array, as_axis, as_indices, as_roles
from .words import cell_text, number_text, row_text, texts

LARGEST = 32  # rows and columns that are drawn with their numbers


class _Matrix(NamedTuple):
    """A matrix as it is drawn."""

    values: np.ndarray
    caption: str
    role: str = "kernel"
    row_names: tuple = ()
    column_names: tuple = ()
    lit_rows: Sequence[int] = ()
    lit_columns: Sequence[int] = ()
    block: tuple = (0, 0)


def _cell_names(axis):
    """The positions in the grid that rows or columns stand for."""
    return tuple(cell_text(index, axis[1]) for index in range(np.prod(axis[1]))) if axis else ()


def _matrix_cells(*texts):
    return cells_for(*texts, height=26, gap=2, font=12, room=4)


def _draw_numbers(matrix):
    """Every number in its cell, the names of rows and columns beside them."""
    cells = _matrix_cells(*texts(matrix.values), *matrix.column_names)._replace(block=matrix.block)
    plane = _empty(matrix, cells, names_width(matrix.row_names), HEAD if matrix.column_names else 0)
    for column, name in enumerate(matrix.column_names):
        plane.name_column(column, name, above=6)
    for row, name in enumerate(matrix.row_names):
        plane.name_row(row, name)
    plane.fill(matrix.values, np.where(matrix.values != 0, matrix.role, "zero"))
    return _marked(matrix, plane)


def _draw_pattern(matrix):
    """A large matrix: a small cell for every number that is not zero, one rectangle for all the zeros."""
    pitch = min(9, max(4, 680 // matrix.values.shape[1]))
    plane = _empty(matrix, Cells(pitch - 1, pitch - 1, 1, 12, matrix.block))
    width, height = plane.cells.extent(*matrix.values.shape)
    plane.sheet.rect(plane.x - 1, plane.y - 1, width + 2, height + 2, "zero")
    for at in np.argwhere(matrix.values):
        plane.sheet.rect(*plane.corner(at), plane.cells.width, plane.cells.height, matrix.role)
    return _marked(matrix, plane)


def _empty(matrix, cells, left=0, head=0):
    """The sheet with its caption, and where the cells go."""
    width, height = cells.extent(*matrix.values.shape)
    x, y = EDGE + left, EDGE + CAPTION + head
    sheet = Drawing(max(x + width, EDGE + text_width(matrix.caption)) + EDGE, y + height + EDGE)
    sheet.text(EDGE, 16, matrix.caption, "start")
    return Plane(sheet, x, y, cells)


def _marked(matrix, plane):
    """Lines between blocks, outlines around rows and columns."""
    rows, columns = matrix.values.shape
    _divide(plane, rows, columns)
    for row in matrix.lit_rows:
        plane.outline((row, 0), (1, columns))
    for column in matrix.lit_columns:
        plane.outline((0, column), (rows, 1))
    return plane.sheet


def _divide(plane, rows, columns):
    """A line in the middle of each wider gap."""
    width, height = plane.cells.extent(rows, columns)
    across, down = plane.cells.block
    for row in range(across, rows, across) if across else ():
        y = plane.corner((row, 0))[1] - 3
        plane.sheet.line(plane.x - 4, y, plane.x + width + 4, y)
    for column in range(down, columns, down) if down else ():
        x = plane.corner((0, column))[0] - 3
        plane.sheet.line(x, plane.y - 4, x, plane.y + height + 4)


def _draw_vector(vector, role, axis_letter, names, lit=(), head=0, sign=""):
    """A vector as a column under its letter, `head` lower than usual, with a sign after it."""
    cells = _matrix_cells_of_vector(vector)
    x, y = EDGE + names_width(names), CAPTION + head + EDGE
    width, height = cells.extent(vector.size, 1)
    sheet = Drawing(x + width + EDGE + (24 if sign else 0), y + height + EDGE)
    sheet.text(x + width // 2, 16 + head, axis_letter)
    plane = Plane(sheet, x, y, cells)
    for row, name in enumerate(names):
        plane.name_row(row, name)
    plane.fill(vector[:, np.newaxis], role)
    for row in lit:
        plane.outline((row, 0))
    if sign:
        sheet.text(x + width + 20, y + height // 2 + 8, sign, "sign")
    return sheet


def _matrix_cells_of_vector(vector):
    """As high as the matrix's, so that the rows stand level; somewhat wider."""
    return cells_for(*texts(vector), height=26, gap=2, font=12)


def _matrix_spoken(array, label, rows, columns, block, lit_rows, lit_columns):
    said = [_zeros_spoken(array, label)]
    if rows and columns:
        said.append(f"Rows stand for the cells of {rows[0]}, columns for those of {columns[0]}.")
    if array.size <= 64:
        said += [f"Row {number}: {row_text(row)}." for number, row in enumerate(array)]
    if any(block):
        said.append(f"Lines divide it into blocks of {block[0]} by {block[1]}.")
    for words, lit in (("Row", lit_rows), ("Column", lit_columns)):
        said += [f"{words} {', '.join(map(str, lit))} outlined."] if lit else []
    return " ".join(said)


def _zeros_spoken(array, label):
    zeros = f"{np.count_nonzero(array == 0)} of its {array.size} numbers zero"
    return f"Matrix {label} of {array.shape[0]} rows and {array.shape[1]} columns, {zeros}."


def matrix(
    values: ArrayLike,
    *,
    label: str = "C",
    role: str = "kernel",
    rows: Axis | None = None,
    columns: Axis | None = None,
    lit_rows: tuple[int, ...] = (),
    lit_columns: tuple[int, ...] = (),
    blocks: int | tuple[int, int] | None = None,
    numbers: bool | None = None,
) -> Figure:
    """A matrix with its zeros.

    Parameters
    ----------
    values : array, shape (rows, columns)
    label : str
        Name of the matrix.
    role : str
        Role of the cells that are not zero.
    rows, columns : (letter, size), optional
        What the rows and columns stand for: ("y", (2, 2)) labels four rows 0,0 0,1 1,0 1,1.
    lit_rows, lit_columns : list of int
        Rows and columns to outline.
    blocks : (rows, columns), optional
        Draw a line after every so many rows and columns.
    numbers : bool, optional
        Write the numbers; by default when there are at most 32 rows and 32 columns.

    Examples
    --------
    >>> matrix([[1, 2, 3, 0], [0, 1, 2, 3]], rows=("y", (2,)), columns=("x", (4,)))
    Figure('C, 2 x 4')
    """
    array = as_array("values", values, axes=(2,))
    as_roles(role, ())
    high, wide = array.shape
    rows, columns = as_axis("rows", rows, high), as_axis("columns", columns, wide)
    lit = as_indices("lit_rows", lit_rows, high), as_indices("lit_columns", lit_columns, wide)
    block = (0, 0) if blocks is None else per_axis("blocks", blocks, 2, minimum=1)
    named = f", rows {rows[0]}, columns {columns[0]}" if rows and columns else ""
    caption, names = f"{label}, {high} × {wide}{named}", (_cell_names(rows), _cell_names(columns))
    drawn = _Matrix(array, caption, role, *names, *lit, block)
    written = max(array.shape) <= LARGEST if numbers is None else numbers
    spoken = _matrix_spoken(array, label, rows, columns, block, *lit)
    drawing = (_draw_numbers if written else _draw_pattern)(drawn)
    return Figure(f"{label}, {high} x {wide}", spoken, [drawing])


def _as_factors(values, vector):
    """A matrix that is small enough for its numbers, and the vector that it multiplies."""
    array, vector = as_array("values", values, axes=(2,)), as_array("vector", vector, axes=(1,))
    if max(array.shape) > LARGEST:
        raise ValueError(
            f"values must have at most {LARGEST} rows and {LARGEST} columns to show its numbers, "
            f"got {array.shape}"
        )
    if vector.size != array.shape[1]:
        raise ValueError(
            f"vector must have one number per column, got {vector.size} for matrix {array.shape}"
        )
    return array, vector


def _product_spoken(array, vector, result, label, letters, lit):
    result_letter, vector_letter = letters
    said = [
        f"{result_letter} = {label} {vector_letter}.",
        _zeros_spoken(array, label),
        f"{vector_letter}: {row_text(vector)}.",
        f"{result_letter}: {row_text(result)}.",
    ]
    for row in lit:
        number = number_text(result[row])
        said.append(f"Row {row} is outlined with the number that it makes, {number}.")
    return " ".join(said)


def product(
    values: ArrayLike,
    vector: ArrayLike,
    *,
    label: str = "C",
    rows: Axis | None = None,
    columns: Axis | None = None,
    vector_role: str = "input",
    result_role: str = "output",
    lit_row: int | None = None,
) -> Figure:
    """A matrix times a vector: result = values @ vector, each a column of cells.

    Parameters
    ----------
    values : array, shape (rows, columns)
    vector : array, shape (columns,)
    label, rows, columns
        As in `matrix`; the letters also name the two vectors.
    vector_role, result_role : str
    lit_row : int, optional
        Outline this row, and the number that it makes.

    Examples
    --------
    >>> product([[1, 2, 3, 0], [0, 1, 2, 3]], [4, 5, 6, 7])
    Figure('y = C x, 2 x 4')
    """
    array, vector = _as_factors(values, vector)
    rows, columns = as_axis("rows", rows, array.shape[0]), as_axis("columns", columns, array.shape[1])
    lit = () if lit_row is None else as_indices("lit_row", (lit_row,), array.shape[0])
    result, letters = array @ vector, (rows[0] if rows else "y", columns[0] if columns else "x")
    head = HEAD if columns else 0
    drawings = [
        # The rows of the matrix are named once, at the result, which stands level with them.
        _draw_vector(result, result_role, letters[0], _cell_names(rows), lit, head, "="),
        _draw_numbers(_Matrix(array, label, column_names=_cell_names(columns), lit_rows=lit)),
        _draw_vector(vector, vector_role, letters[1], _cell_names(columns), head=head),
    ]
    title = f"{letters[0]} = {label} {letters[1]}, {array.shape[0]} x {array.shape[1]}"
    return Figure(title, _product_spoken(array, vector, result, label, letters, lit), drawings)
