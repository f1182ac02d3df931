"""How a chapter prints and plots; called by the notebook, never at import."""

from importlib.util import find_spec
from typing import Any

import numpy as np


def setup() -> None:
    """Set NumPy's print options and matplotlib's style for a chapter. Prints nothing.

    Numbers come with four digits and without exponents, so that they can be compared by eye.
    """
    np.set_printoptions(precision=4, suppress=True, linewidth=80)
    if find_spec("matplotlib"):  # in the page it comes only where a cell imports it
        style_plots()


def style_plots() -> None:
    """Give matplotlib the style of the book's plots."""
    import matplotlib  # only notebooks need it: importing lib stays light

    from .figures import plot_style

    style: Any = plot_style()  # matplotlib lists by name what keys there may be
    matplotlib.rcParams.update(style)
