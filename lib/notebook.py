"""How a chapter prints and plots; called by the notebook, never at import."""

import numpy as np


def setup():
    """Set NumPy's print options and matplotlib's style for a chapter. Prints nothing.

    Numbers come with four digits and without exponents, so that they can be compared by eye.
    """
    np.set_printoptions(precision=4, suppress=True, linewidth=100)
    import matplotlib  # only notebooks need it: importing lib stays light

    matplotlib.rcParams.update(
        {
            "figure.figsize": (7.0, 3.0),
            "figure.dpi": 110,
            "savefig.facecolor": "white",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "grid.alpha": 0.3,
            "font.size": 10,
            "legend.frameon": False,
        }
    )
