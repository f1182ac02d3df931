"""Real images for the chapters, and how much of a chequered pattern an image holds."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from .shapes import per_axis

_FILE = Path(__file__).with_name("photographs.npz")


def photographs() -> dict[str, np.ndarray]:
    """Six small photographs, free of restrictions (tools/make_photographs.py names their authors).

    Returns
    -------
    dict of str to array, shape (128, 128), float64 from 0 (black) to 1 (white)

    Examples
    --------
    >>> list(photographs())
    ['astronaut', 'camera', 'chelsea', 'coffee', 'rocket', 'gravel']
    """
    with np.load(_FILE) as file:
        return {name: file[name] / 255 for name in file.files}


def phase_means(image: ArrayLike, stride: int | Sequence[int]) -> np.ndarray:
    """The mean of all cells that have the same position modulo the stride.

    Parameters
    ----------
    image : array of any number of axes
    stride : int or one int per axis

    Returns
    -------
    array, shape (*stride)

    Examples
    --------
    >>> phase_means(np.array([1, 5, 1, 5, 1, 5]), 2)
    array([1., 5.])
    """
    cells = np.asarray(image, float)
    steps = per_axis("stride", stride, cells.ndim, minimum=1)
    if any(n < s for n, s in zip(cells.shape, steps)):
        raise ValueError(
            f"image must hold every phase of the stride, got image {cells.shape}, stride {steps}"
        )
    means = [
        cells[tuple(slice(r, None, s) for r, s in zip(phase, steps))].mean() for phase in np.ndindex(*steps)
    ]
    return np.array(means).reshape(steps)


def stride_energy(image: ArrayLike, stride: int | Sequence[int]) -> float:
    """The energy of a pattern that repeats with the stride: the variance of the phase means.

    In a spectrum it is the energy at the frequencies 1/s, 2/s, ... of each axis. A photograph has next to
    none; an image whose cells get more stamps at some phases than at others has a lot.

    Parameters
    ----------
    image : array of any number of axes
    stride : int or one int per axis

    Returns
    -------
    float, in squared units of the image

    Examples
    --------
    >>> stride_energy(np.array([1, 5, 1, 5, 1, 5]), 2)
    4.0
    >>> stride_energy(np.array([1, 5, 1, 5, 1, 5]), 3)
    0.0

    References
    ----------
    Odena, Dumoulin and Olah (2016), Deconvolution and checkerboard artifacts, doi:10.23915/distill.00003.
    """
    return float(phase_means(image, stride).var())


def show(pictures: Mapping[str, ArrayLike], *, columns: int = 3, stretch: bool = False) -> None:
    """Draw grey pictures side by side; a notebook shows them below its cell.

    Each cell is a square of whole pixels, so that nothing chequered is drawn that is not in the array.

    Parameters
    ----------
    pictures : dict of title to array, shape (height, width), the same for all
        From 0 (black) to 1 (white). What lies outside is drawn black or white.
    columns : int
        How many stand in a row.
    stretch : bool
        True: the smallest number of each picture is black, its largest white.

    Raises
    ------
    ValueError
        If there is no picture, or not all have the same two axes.
    """
    arrays = [np.asarray(picture) for picture in pictures.values()]
    if not arrays or arrays[0].ndim != 2 or any(a.shape != arrays[0].shape for a in arrays):
        raise ValueError(f"pictures must have the same two axes, got {[a.shape for a in arrays]}")
    (columns,) = per_axis("columns", columns, 1, minimum=1)
    import matplotlib.pyplot as plt  # only notebooks need it: importing lib stays light

    height, width = arrays[0].shape
    scale = max(1, 510 // (columns * width))  # pixels for each cell
    gap, title = 10, 30
    rows = -(-len(arrays) // columns)
    total = np.array([columns * (scale * width + gap), rows * (scale * height + gap + title)])
    figure = plt.figure(figsize=total / plt.rcParams["figure.dpi"], layout="none")
    for number, (name, array) in enumerate(zip(pictures, arrays)):
        row, column = divmod(number, columns)
        left, bottom = column * (scale * width + gap), (rows - 1 - row) * (scale * height + gap + title)
        box = np.array([left, bottom, scale * width, scale * height]) / np.tile(total, 2)
        axes = figure.add_axes(box)
        limits = (None, None) if stretch else (0, 1)
        axes.imshow(array, cmap="gray", vmin=limits[0], vmax=limits[1], interpolation="nearest")
        axes.set_axis_off()
        axes.set_title(name, fontsize=12)
