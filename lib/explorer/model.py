"""The explorer without a kernel's machinery: its state, its still figure, and the form that a page shows.

Only NumPy is needed, so that `from lib.explorer import Explorer` works where Python runs in the page itself.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import figures
from ..svg import Figure
from . import rules

_NEUTRAL = {name: rules.DEFAULTS[name] for name in (*rules.SETTINGS, "bias")}


class Model:
    """What every explorer is, wherever its fields are kept: sizes, figure, words, and its form in a page."""

    __slots__ = ()
    input: list
    weight: list
    transposed: bool
    chosen: str
    controls: list[str]
    panels: list[str]

    def _state(self):
        return {name: getattr(self, name) for name in rules.FIELDS}

    @property
    def output_size(self) -> tuple[int, ...]:
        """The output's size as the settings stand."""
        return rules.sizes(self._state())["output"]

    def __repr__(self) -> str:
        kind = "transposed convolution" if self.transposed else "convolution"
        sizes = rules.sizes(self._state())
        words = [f"{role} {_times(sizes[role])}" for role in ("input", "kernel", "output")]
        given = {name: getattr(self, name) for name in _NEUTRAL}
        words += [f"{name} {value}" for name, value in given.items() if value != _NEUTRAL[name]]
        return f"Explorer({', '.join([kind, *words])!r})"

    def figure(self) -> Figure:
        """The still figure: what a page without script shows."""
        settings = {name: getattr(self, name) for name in _NEUTRAL}
        if not self.transposed:
            del settings["output_padding"]
        role, _, at = self.chosen.partition(":")
        small = "input" if self.transposed else "output"
        lit = tuple(int(n) for n in at.split(",")) if role == small else None
        arrays = np.array(self.input), np.array(self.weight)
        return figures.operation(*arrays, transposed=self.transposed, at=lit, **settings)

    def _told(self):
        """What a page must be told: the fields that differ from their defaults, so that a new field with a
        default changes no stored page."""
        every = {**self._state(), "controls": self.controls, "panels": self.panels}
        known = {**rules.DEFAULTS, "controls": list(rules.CONTROLS), "panels": list(rules.PANELS)}
        return {name: value for name, value in every.items() if name not in known or value != known[name]}

    def html(self) -> str:
        """The explorer for a page: the still figure, and the state that the page's script starts from."""
        state = json.dumps(self._told())
        state = state.replace("<", "\\u003c")  # nothing in the state can end the script element
        return "\n".join(
            [
                "<div data-explorer>",
                '<div class="tc-still">',
                self.figure().html(),
                "</div>",
                f'<script type="application/json">{state}</script>',
                "</div>",
            ]
        )


class _Field:
    """One field of the state as an attribute: to set it is to change the state, checked."""

    def __init__(self, name):
        self.name = name

    def __get__(self, explorer, owner=None):
        return self if explorer is None else explorer._values[self.name]

    def __set__(self, explorer, value):
        explorer._change({self.name: value})


class Explorer(Model):
    """One convolution or transposed convolution, taken in hand: every number, cell and setting linked.

    In a live notebook it is a widget: its fields are observable traits; set one from a cell and the picture
    moves, move a slider and the field has the new value. In a page it needs no kernel. What cannot be is
    refused with a ValueError, a wrong type with a TypeError.

    Parameters
    ----------
    input, weight : array, shape (*input_size) and (*kernel_size), 1-D or 2-D
        One channel, no batch. Default: the book's running example.
    stride, padding, output_padding, dilation : int or one int per axis
        As in `conv_transpose`; `conv` has no output_padding, and leaves it alone. An axis of padding may
        be a (before, after) pair.
    bias : number
        Added to every cell of the output.
    transposed : bool
    view : "stamps" or "window"
        What a step shows: an input cell's stamp on the output, or the window of an output cell on the padded
        input. Default: stamps if transposed.
    per_axis : bool
        One control for each axis. Default: where sizes or settings differ between axes.
    two_ends : bool
        One control for each end of padding. Default: where padding differs between the ends of an axis.
    chosen : str
        The chosen cell as the page names it: "output:1,2", "input:0,0", "kernel:2,2", "matrix:5,1"; or "".
    step : int or None
        How many steps are done; None shows the finished operation.
    speed : int
        1 to 5.
    wanted_size : int
        The N of "which settings give me size N", 1 to 64.
    controls, panels : sequence of str
        Those to show, of `CONTROLS` and `PANELS`. Default: all. They stay as they are.

    Examples
    --------
    >>> explorer = Explorer(input=[[1, 2], [3, 4]], stride=2, chosen="output:2,2")
    >>> explorer
    Explorer('transposed convolution, input 2 x 2, kernel 3 x 3, output 5 x 5, stride 2')
    >>> explorer.padding = 1
    >>> explorer.output_size
    (3, 3)
    >>> try:
    ...     explorer.stride = 5
    ... except ValueError as error:
    ...     print(error)
    stride must be at most 4 on every axis in the explorer, got (5, 5)
    >>> with explorer.hold_trait_notifications():  # what makes sense only together
    ...     explorer.input, explorer.weight = [1, 2, 3], [1, 10]
    >>> explorer.output_size
    (4,)
    """

    __slots__ = ("_controls", "_held", "_panels", "_values")

    def __init__(
        self,
        input: ArrayLike | None = None,
        weight: ArrayLike | None = None,
        *,
        controls: Iterable[str] | None = None,
        panels: Iterable[str] | None = None,
        **settings: Any,
    ) -> None:
        self._held: rules.State | None = None
        self._controls = rules.names("controls", controls, rules.CONTROLS)
        self._panels = rules.names("panels", panels, rules.PANELS)
        self._values = rules.opening(input, weight, settings)

    @property
    def controls(self) -> list[str]:  # type: ignore[override]
        """The controls that are shown."""
        return list(self._controls)

    @property
    def panels(self) -> list[str]:  # type: ignore[override]
        """The panels that are shown."""
        return list(self._panels)

    def _change(self, changes):
        if self._held is None:
            self._values = rules.changed(self._values, changes)
        else:
            self._held |= changes

    @contextmanager
    def hold_trait_notifications(self) -> Iterator[None]:
        """Judge several changes together, at the end; the name is the widget's."""
        self._held = {}
        try:
            yield
            held = self._held
        finally:
            self._held = None
        self._change(held)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self.html()}


for _name in rules.FIELDS:
    setattr(Explorer, _name, _Field(_name))


class SideBySide:
    """Explorers beside each other, or below each other where there is no room.

    Examples
    --------
    >>> SideBySide(Explorer(stride=1), Explorer(stride=2))
    SideBySide(Explorer('transposed convolution, input 2 x 2, kernel 3 x 3, output 4 x 4'), \
Explorer('transposed convolution, input 2 x 2, kernel 3 x 3, output 5 x 5, stride 2'))
    """

    def __init__(self, *explorers: Model) -> None:
        self.children = explorers

    def __repr__(self) -> str:
        return f"SideBySide({', '.join(map(repr, self.children))})"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": beside(self.children)}


def beside(explorers: Iterable[Model]) -> str:
    """The form of several explorers in a page."""
    return "\n".join(['<div class="tc-beside">', *(each.html() for each in explorers), "</div>"])


def _times(size):
    return " x ".join(str(n) for n in size)
