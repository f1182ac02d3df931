"""What a figure is given: every check of arguments, each bringing its argument to one form.

A position on the drawn plane is (row, column), and so is a size; an array of one axis is row 0 of a plane.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..shapes import Axes, PaddingPerAxis, PerAxis, numbers, per_axis
from ..svg import ROLES

Padding = PaddingPerAxis
Position = int | Sequence[int]
Positions = Iterable[Position]
Axis = tuple[str, PerAxis]  # the letter of an array and its size: what rows or columns of a matrix stand for


def as_array(name: str, values: Any, axes: tuple[int, ...] = (1, 2)) -> np.ndarray:
    array = numbers(name, values)
    if not (np.issubdtype(array.dtype, np.integer) or np.issubdtype(array.dtype, np.floating)):
        raise TypeError(f"{name} must hold integers or floats, got dtype {array.dtype}")
    if array.ndim not in axes or array.size == 0:
        allowed = " or ".join(str(n) for n in axes)
        raise ValueError(f"{name} must have {allowed} axes and at least one cell, got shape {array.shape}")
    return array


def as_number(name: str, value: Any, minimum: int = 0) -> int:
    return per_axis(name, value, 1, minimum)[0]


def as_roles(role: ArrayLike, shape: Axes) -> np.ndarray:
    """A role for each cell."""
    names = np.asarray(role)
    if names.shape not in ((), shape):
        raise ValueError(f"role must be one name or an array of shape {shape}, got shape {names.shape}")
    for name in np.unique(names):
        if name not in ROLES:
            raise ValueError(f"role must be one of {', '.join(ROLES)}, got {str(name)!r}")
    return np.broadcast_to(names, shape)


def as_position(name: str, position: Any, shape: Axes) -> Axes:
    """A position inside `shape`, on the plane if the shape has one axis."""
    entries = tuple(position) if isinstance(position, (tuple, list, np.ndarray)) else (position,)
    entries = tuple(as_number(name, entry) for entry in entries)
    if len(entries) != len(shape) or any(entry >= n for entry, n in zip(entries, shape)):
        raise ValueError(f"{name} must be a position inside shape {tuple(shape)}, got {position!r}")
    return (0, *entries) if len(shape) == 1 else entries


def as_positions(name: str, positions: Any, shape: Axes) -> list[Axes]:
    if not isinstance(positions, (list, tuple, set, frozenset, np.ndarray)):
        raise TypeError(f"{name} must be a list of positions, got {positions!r}")
    return [as_position(name, position, shape) for position in positions]


def as_block(name: str, block: Any, shape: Axes) -> tuple[Axes, Axes]:
    """A block of cells inside `shape`, as (start, size) on the plane."""
    try:
        start, size = block
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a pair (start, size), got {block!r}") from None
    start, size = as_position(name, start, shape), per_axis(name, size, len(shape), minimum=1)
    size = (1, *size) if len(shape) == 1 else size
    # A row stands for an array of one axis: compared from the last axis, its shape is enough.
    if any(a + n > m for a, n, m in zip(start[::-1], size[::-1], shape[::-1])):
        raise ValueError(f"{name} must lie inside shape {tuple(shape)}, got {block!r}")
    return start, size


def as_letters(letters: Any, transposed: bool) -> tuple[str, str, str]:
    """Names of input, kernel and output. C reads x and makes y, so C^T goes from y to x."""
    if letters is None:
        return ("y", "w", "x") if transposed else ("x", "w", "y")
    if not (
        isinstance(letters, (tuple, list)) and len(letters) == 3 and all(isinstance(n, str) for n in letters)
    ):
        raise ValueError(f"letters must be three strings, for input, kernel and output, got {letters!r}")
    return tuple(letters)


def as_axis(name: str, axis: Any, length: int) -> tuple[str, Axes] | None:
    """What `length` rows or columns stand for: (letter, size), or None."""
    if axis is None:
        return None
    try:
        letter, size = axis
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a pair (letter, size), got {axis!r}") from None
    size = per_axis(name, size, len(size) if isinstance(size, (tuple, list)) else 1, minimum=1)
    if np.prod(size) != length:
        raise ValueError(f"{name} must name {length} cells, got {letter!r} of size {size}")
    return letter, size


def as_indices(name: str, indices: Any, length: int) -> list[int]:
    """Numbers of rows or columns."""
    return [column for _, column in as_positions(name, indices, (length,))]
