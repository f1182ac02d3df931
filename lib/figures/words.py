"""Numbers, positions, sizes and settings as a figure writes them and as its description says them."""

from collections.abc import Iterable, Sequence
from typing import Any, SupportsInt

import numpy as np
from numpy.typing import ArrayLike

from .model import Operation


def number_text(value: Any) -> str:
    """A number as its cell shows it: at most two decimals, never -0.

    >>> [number_text(v) for v in (7, 2.0, -0.0, 0.3333, -12.5)]
    ['7', '2', '0', '0.33', '-12.5']
    """
    if not np.isfinite(value):
        return str(float(value))
    if value == int(value):
        return str(int(value))
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def texts(values: ArrayLike) -> list[str]:
    return [number_text(value) for value in np.asarray(values).ravel()]


def row_text(values: ArrayLike) -> str:
    return " ".join(texts(values))


def rows_text(plane: np.ndarray) -> str:
    """Row after row: "1 2; 3 4"."""
    return "; ".join(row_text(row) for row in plane)


def place_text(position: Iterable[SupportsInt]) -> str:
    """A position as it is written: "2,3", on one axis "2"."""
    return ",".join(str(int(i)) for i in position)


def cell_text(index: int, size: Sequence[int]) -> str:
    """The position of the cell that has this number in row-major order."""
    return place_text(np.unravel_index(index, size))


def size_text(shape: Sequence[int]) -> str:
    """A size as a caption shows it.

    >>> size_text((4, 5)), size_text((4,))
    ('4 × 5', '4 cells')
    """
    return " × ".join(str(n) for n in shape) if len(shape) > 1 else f"{shape[0]} cells"


def spoken_size(shape: Sequence[int]) -> str:
    """A size in words: "4 by 5", on one axis "4"."""
    return " by ".join(str(n) for n in shape)


def title_text(text: str) -> str:
    """A caption as `repr` shows it on any terminal."""
    return text.replace("×", "x")


def sentence(text: str) -> str:
    """The first letter made large, nothing else changed."""
    return text[0].upper() + text[1:]


def array_text(array: np.ndarray, limit: int = 64) -> str:
    """Size and, when they are few, the numbers row by row."""
    size = spoken_size(array.shape) if array.ndim > 1 else f"{array.size} cells"
    if array.size > limit:
        return size
    return f"{size}, holding {rows_text(array.reshape(-1, array.shape[-1]))}"


def settings_text(op: Operation) -> str:
    """The settings of an operation that are not the default: "stride 2, padding (1, (0, 2))"."""
    said = []
    for name, default in (("stride", 1), ("padding", 0), ("output_padding", 0), ("dilation", 1)):
        values = [_one_if_equal(value) for value in op.spatial(getattr(op, name))]
        if any(value != default for value in values):
            said.append(f"{name} {values[0] if len(set(values)) == 1 else tuple(values)}")
    if op.bias:
        said.append(f"bias {op.bias:.4g}")
    return ", ".join(said)


def _one_if_equal(value):
    """Padding that is the same before and after as one number."""
    return value[0] if isinstance(value, tuple) and value[0] == value[1] else value


def after(separator: str, text: str) -> str:
    """A separator and the text, or nothing when there is no text."""
    return f"{separator}{text}" if text else ""
