"""Real images for the chapters, and how much of a chequered pattern an image holds."""

from pathlib import Path

import numpy as np

from .shapes import per_axis

_FILE = Path(__file__).with_name("photographs.npz")


def photographs():
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


def phase_means(image, stride):
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
    image = np.asarray(image, float)
    stride = per_axis("stride", stride, image.ndim, minimum=1)
    if any(n < s for n, s in zip(image.shape, stride)):
        raise ValueError(f"image must hold every phase of the stride, got image {image.shape}, stride {stride}")
    return np.array([
        image[tuple(slice(r, None, s) for r, s in zip(phase, stride))].mean() for phase in np.ndindex(*stride)
    ]).reshape(stride)


def stride_energy(image, stride):
    """The energy of a pattern that repeats with the stride: the variance of the phase means.

    In a spectrum it is the energy at the frequencies 1/s, 2/s, ... of each axis. A photograph has next to none; an
    image whose cells get more stamps at some phases than at others has a lot.

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
