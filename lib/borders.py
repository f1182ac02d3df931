"""Borders that are not zero: padding that copies numbers of the input; its adjoint folds them back.

`conv` and `conv_transpose` know zeros only. A convolution with another border is `pad`, then `conv` without
padding; so its adjoint is `conv_transpose` without padding, then `fold_back`.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from .shapes import PaddingPerAxis, padding_pairs

MODES = ("wrap", "reflect", "symmetric", "edge")  # numpy.pad's words; circular is wrap, replicate is edge


def pad(array: ArrayLike, padding: PaddingPerAxis, mode: str) -> np.ndarray:
    """An array with a border that is copied from it, on the spatial axes.

    Parameters
    ----------
    array : array, shape (batch, channels, *size)
    padding : int or one entry per spatial axis, each an int or a (before, after) pair
        Cells of the border.
    mode : "wrap", "reflect", "symmetric" or "edge"
        As in `numpy.pad`: the other end comes next; mirrored without and with the last cell; the last cell
        again and again.

    Returns
    -------
    array, shape (batch, channels, *padded_size)

    Raises
    ------
    ValueError
        If the mode is another one, or array has no spatial axis or no cell on one.

    Examples
    --------
    >>> [pad([[[1, 2, 3]]], 2, mode)[0, 0].tolist() for mode in ("wrap", "edge")]
    [[2, 3, 1, 2, 3, 1, 2], [1, 1, 1, 2, 3, 3, 3]]
    """
    array = _spatial("array", array)
    for axis, source in enumerate(_sources(array.shape[2:], padding, mode), start=2):
        array = np.take(array, source, axis)
    return array


def fold_back(array: ArrayLike, padding: PaddingPerAxis, mode: str) -> np.ndarray:
    """The adjoint of `pad`: what lies on the border is added to the cell that it was copied from.

    Parameters
    ----------
    array : array, shape (batch, channels, *padded_size)
    padding, mode
        Those of `pad`.

    Returns
    -------
    array, shape (batch, channels, *size)

    Raises
    ------
    ValueError
        If the mode is another one, or nothing is left inside the border.

    Examples
    --------
    The adjoint of a circular convolution with kernel 1 2 3:

    >>> from lib import conv_transpose
    >>> y, kernel = np.array([[[1, 10, 100, 1000, 10000]]]), np.array([[[1, 2, 3]]])
    >>> fold_back(conv_transpose(y, kernel), 1, "wrap")
    array([[[30012,   123,  1230, 12300, 23001]]])
    """
    array = _spatial("array", array)
    pairs = padding_pairs(padding, array.ndim - 2)
    size = tuple(n - before - after for n, (before, after) in zip(array.shape[2:], pairs))
    if min(size) < 1:
        raise ValueError(
            f"padding must leave at least one cell on every axis, got padding {pairs}, array {array.shape}"
        )
    for axis, source in enumerate(_sources(size, pairs, mode), start=2):
        folded = np.zeros((*array.shape[:axis], size[axis - 2], *array.shape[axis + 1 :]), array.dtype)
        places = (slice(None),) * axis + (source,)
        np.add.at(folded, places, array)  # type: ignore[arg-type]  # several may go to one cell
        array = folded
    return array


def _spatial(name: str, array: ArrayLike) -> np.ndarray:
    array = np.asarray(array)
    if array.ndim < 3 or min(array.shape[2:]) < 1:
        raise ValueError(
            f"{name} must have shape (batch, channels, *size) with a cell on every axis, got {array.shape}"
        )
    return array


def _sources(size: Sequence[int], padding: PaddingPerAxis, mode: str) -> list[np.ndarray]:
    """For each axis: from which cell every cell of the padded axis is copied."""
    if mode not in MODES:
        raise ValueError(f"mode must be one of {', '.join(MODES)}, got {mode!r}")
    pairs = padding_pairs(padding, len(size))
    return [np.pad(np.arange(n), pair, mode=mode) for n, pair in zip(size, pairs)]  # type: ignore[call-overload]
