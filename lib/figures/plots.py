"""matplotlib's plots in the colours of the figures."""

from typing import Any

from ..svg import TOKENS


def plot_style() -> dict[str, Any]:
    """matplotlib's rcParams for the book's plots, in the colours of the figures.

    A plot is as wide as a phone shows it with letters of 11 pixels; a wider one would be made smaller there,
    its letters too.

    Examples
    --------
    >>> plot_style()["figure.figsize"]
    (4.2, 2.8)
    """
    light = TOKENS["light"]
    return {
        "figure.figsize": (4.2, 2.8),
        "figure.dpi": 110,
        "figure.constrained_layout.use": True,
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
