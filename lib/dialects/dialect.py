"""What a framework has to tell, so that layers can be moved to it and from it: the protocol `Dialect`.

A module of this package that fills the protocol in and stands in `translate.FRAMEWORKS` is a dialect.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

import numpy as np

from ..shapes import Axes, Pairs
from .plan import Plan


class InputAxes(NamedTuple):
    """How a layer's input is laid out."""

    channels: int
    read: Axes  # where its axes stand, in the order (batch, channels, *size)


class Expressed(NamedTuple):
    """A plan said in a framework's words."""

    weight: np.ndarray  # in the framework's order of axes
    settings: dict[str, Any]  # the other arguments of its function
    crop: Pairs  # what is left to do: (before, after) cells to cut on each axis; a negative number adds
    note: str = ""  # what whoever runs this must know of the framework


class Dialect(Protocol):
    """A framework in two directions, as module or object.

    `plan` reads its settings and `express` finds those that say a plan; `layout` tells how inputs lie, `code`
    writes the layer down, and `LIMIT` says why a plan may leave something to crop.
    """

    LIMIT: str

    @property
    def plan(self) -> Callable[..., Plan]:
        """(input, weight, **settings): the layer in the book's terms; refuses what the framework refuses."""
        ...

    def layout(self, weight: np.ndarray, settings: dict[str, Any]) -> InputAxes:
        """Channels of the input, and where its axes stand."""
        ...

    def express(self, plan: Plan) -> Expressed:
        """Weight and settings of the layer nearest to a plan, and the crop that is left to do after it."""
        ...

    def code(self, layer: Any, crop: Pairs, late_bias: bool) -> list[str]:
        """The lines that take `x`, `weight` and perhaps `bias`, and give `y`."""
        ...
