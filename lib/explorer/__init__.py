"""The interactive figure: one operation, taken in hand, in a live notebook and in a page with no kernel.

    rules    what its state may be
    model    the state, the still figure, and the form that a page shows; needs NumPy alone
    widget   the same with observable traits, for a live notebook; needs anywidget
    front    the front end's modules and style as one text

The front end computes geometry and numbers itself; tests hold both against `lib` over the range of its
controls.
"""

from .rules import CONTROLS, LIMITS, PANELS, VIEWS

try:
    from .widget import Explorer, SideBySide
except ModuleNotFoundError as missing:
    if missing.name not in ("anywidget", "ipywidgets", "traitlets"):
        raise
    from .model import Explorer, SideBySide  # type: ignore[assignment]

__all__ = ["CONTROLS", "LIMITS", "PANELS", "VIEWS", "Explorer", "SideBySide"]
