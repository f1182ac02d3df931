"""The gallery: the cases of convolution arithmetic that are always drawn, and those that never are.

The first fifteen have the names and sizes of Dumoulin and Visin's animations. Each case is a film, with files
to take away, and a state of the explorer.
"""

import json
from collections.abc import Callable
from typing import Any, Literal, NamedTuple
from urllib.parse import urlencode

import numpy as np

from .explorer import rules
from .figures import film
from .moving import Film

View = Literal["window", "stamps"]


class Case(NamedTuple):
    """One case: what it takes, and how it is shown."""

    input: np.ndarray
    kernel: np.ndarray
    settings: dict[str, Any]  # of the operation
    view: View = "window"
    twin: Callable[..., Film] | None = None  # what plays beside it

    def film(self, **look: Any) -> Film:
        """The case as a film; `look` is what `figures.film` takes beyond the operation."""
        first = film(self.input, self.kernel, view=self.view, **self.settings, **look)
        return first.beside(self.twin(**look)) if self.twin else first

    def state(self) -> dict[str, Any]:
        """The explorer's state after the first step of the case."""
        view = "stamps" if self.view == "stamps" else "window"
        cell = "input" if view == "stamps" else "output"
        start = f"{cell}:{','.join('0' * self.input.ndim)}"
        return rules.opening(
            self.input, self.kernel, {**self.settings, "view": view, "step": 1, "chosen": start}
        )

    def fragment(self) -> str:
        """What the address of the explorer's page ends in to open this state."""
        told = {name: value for name, value in self.state().items() if name not in rules.RANGES}
        fields = {name: json.dumps(value, separators=(",", ":")) for name, value in told.items()}
        return f"#explorer-1?{urlencode(fields)}"


def _digits(*size):
    """1, 2, ..., 9, 0, 1, ... row by row."""
    return (np.arange(np.prod(size)) % 10 + 1).reshape(size) % 10


def _count(*size):
    return np.arange(1, np.prod(size) + 1).reshape(size)


def _down(size, kernel, **settings):
    return Case(_digits(size, size), _count(kernel, kernel), {"transposed": False, **settings})


def _up(size: int, kernel: int, view: View = "window", **settings: Any) -> Case:
    given = {"transposed": True, **settings}
    return Case(_digits(size, size), _count(kernel, kernel), given, view)


def _not_rotated(**look):
    return film(_count(2, 2), _count(3, 3), transposed=True, rotate=False, **look)


def _second_group(**look):
    given = {"stride": 2, "transposed": True, "view": "stamps", "letters": ("y 1", "w 1", "x 1")}
    return film([[5, 6], [7, 8]], [[9, 8], [7, 6]], **given, **look)


_ONES = np.ones((3, 3), int)
CASES = {
    "no-padding-no-strides": Case(np.arange(16).reshape(4, 4), _count(3, 3), {"transposed": False}),
    "arbitrary-padding-no-strides": _down(5, 4, padding=2),
    "half-padding-no-strides": _down(5, 3, padding=1),
    "full-padding-no-strides": _down(5, 3, padding=2),
    "no-padding-strides": _down(5, 3, stride=2),
    "padding-strides": _down(5, 3, stride=2, padding=1),
    "padding-strides-odd": _down(6, 3, stride=2, padding=1),
    "dilation": _down(7, 3, dilation=2),
    "no-padding-no-strides-transposed": _up(2, 3),
    "arbitrary-padding-no-strides-transposed": _up(6, 4, padding=2),
    "half-padding-no-strides-transposed": _up(5, 3, padding=1),
    "full-padding-no-strides-transposed": _up(7, 3, padding=2),
    "no-padding-strides-transposed": _up(2, 3, stride=2),
    "padding-strides-transposed": _up(3, 3, stride=2, padding=1),
    "padding-strides-odd-transposed": _up(3, 3, stride=2, padding=1, output_padding=1),
    "stamps": _up(2, 3, "stamps", stride=2),
    "rotation": Case(_count(2, 2), _count(3, 3), {"transposed": True}, twin=_not_rotated),
    "padding-crops": _up(3, 3, "stamps", stride=2, padding=1),
    "kernel-as-large-as-stride": _up(3, 2, "stamps", stride=2),
    "checkerboard": Case(_ONES, _ONES, {"stride": 2, "transposed": True}, "stamps"),
    "output-padding": _up(2, 3, "stamps", stride=2, output_padding=1),
    "dilated-transposed": _up(2, 3, "stamps", dilation=2),
    "holes": _up(3, 2, "stamps", stride=2, dilation=2),
    "audio": Case(_count(4), _count(4), {"stride": 2, "padding": 1, "transposed": True}),
    "audio-stamps": Case(_count(4), _count(4), {"stride": 2, "padding": 1, "transposed": True}, "stamps"),
    "groups": Case(
        _count(2, 2), _count(2, 2), {"stride": 2, "transposed": True}, "stamps", twin=_second_group
    ),
}
