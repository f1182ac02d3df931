"""matplotlib's plots in the colours of the figures."""

from typing import Any

from ..svg import TOKENS


def plot_style() -> dict[str, Any]:
    """matplotlib's rcParams for the book's plots, in the colours of the figures.

    Examples
    --------
    >>> plot_style()["figure.figsize"]
    (7.0, 3.0)
    """
    light = TOKENS["light"]
    return {
        "figure.figsize": (7.0, 3.0),
        "figure.dpi": 110,
        "savefig.facecolor": light["--tc-paper"],
        "text.color": light["--tc-ink"],
        "axes.labelcolor": light["--tc-ink"],
        "axes.edgecolor": light["--tc-line"],
        "xtick.color": light["--tc-line"],
        "ytick.color": light["--tc-line"],
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "grid.alpha": 0.3,
        "font.size": 10,
        "legend.frameon": False,
    }
