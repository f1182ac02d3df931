"""The interactive figure: one operation, taken in hand, in a live notebook and in a page with no kernel.

`Explorer` is a widget (anywidget). Its front end, explorer.js, is one file that also runs in the built page:
the text/html form carries the still figure and the state, and the page's script brings it to life. The front
end computes geometry and numbers itself; tests hold both against `lib` over the range of the controls.
"""

import json
import re
from pathlib import Path

import anywidget
import ipywidgets
import numpy as np
import traitlets

from .. import figures
from ..shapes import cells, conv_output_size, conv_transpose_output_size, effective_size, numbers, per_axis

# The least and the most that the controls offer, by number of axes. What does not fit is refused: a picture
# with more cells than this cannot be read.
_SETTINGS = {"stride": (1, 4), "padding": (0, 4), "output_padding": (0, 3), "dilation": (1, 3)}
LIMITS = {
    1: {"input_size": (1, 24), "kernel_size": (1, 7), **_SETTINGS, "output_size": (1, 24)},
    2: {"input_size": (1, 10), "kernel_size": (1, 5), **_SETTINGS, "output_size": (1, 10)},
}
_NEUTRAL = {"stride": 1, "padding": 0, "output_padding": 0, "dilation": 1}
CONTROLS = (
    *("transposed", "view", "dimensions", "per_axis", "input_size", "kernel_size", *_SETTINGS),
    *("step", "speed", "reset", "link"),
)
SPEEDS, WANTED = (1, 5), (1, 64)
PANELS = ("padded", "matrix", "size", "overlap", "solver")
VIEWS = ("stamps", "window")


class RefusedValue(traitlets.TraitError, ValueError):
    """A value that cannot be shown. A TraitError as well, so that traitlets puts the old value back."""


class RefusedType(traitlets.TraitError, TypeError):
    """A value of a wrong type. A TraitError as well, so that traitlets puts the old value back."""


def _refuse(error):
    raise (RefusedType if isinstance(error, TypeError) else RefusedValue)(str(error)) from None


def _numbers(name, value):
    """A 1-D or 2-D array as nested lists of Python numbers."""
    array = numbers(name, value)
    if np.iscomplexobj(array):
        raise TypeError(f"{name} must hold real numbers, got dtype {array.dtype}")
    if array.ndim not in LIMITS or array.size == 0:
        raise ValueError(
            f"{name} must be one 1-D or 2-D array without batch and channels, got shape {array.shape}"
        )
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must hold finite numbers")
    for number in array.ravel().tolist():
        if float(number) != number:  # beyond 2**53; the front end would compute with another one
            raise ValueError(f"{name} must hold numbers that a float64 holds exactly, got {number}")
    return (array.astype(int) if array.dtype == bool else array).tolist()


class Numbers(traitlets.TraitType):
    """A 1-D or 2-D array, kept as nested lists: what a front end can read and what compares by value."""

    def validate(self, obj, value):
        try:
            return _numbers(self.name, value)
        except (TypeError, ValueError) as error:
            _refuse(error)


class Setting(traitlets.TraitType):
    """One int, or one per axis as a tuple."""

    def validate(self, obj, value):
        axes = len(value) if isinstance(value, (tuple, list, np.ndarray)) else 1
        try:
            values = per_axis(self.name, value, axes)
        except (TypeError, ValueError) as error:
            _refuse(error)
        return values if isinstance(value, (tuple, list, np.ndarray)) else values[0]


def _names(name, value, known):
    """Names from a fixed list, in the list's order; None is all of them."""
    value = list(known) if value is None else list(value)
    for entry in value:
        if entry not in known:
            raise ValueError(f"{name} must be among {', '.join(known)}, got {entry!r}")
    return [entry for entry in known if entry in value]


class Explorer(anywidget.AnyWidget):
    """One convolution or transposed convolution, taken in hand: every number, cell and setting linked.

    All arguments but `controls` and `panels` are observable traits: set one from a cell and the picture
    moves, move a slider and the trait has the new value. What cannot be is refused with a ValueError, a wrong
    type with a TraitError.

    Parameters
    ----------
    input, weight : array, shape (*input_size) and (*kernel_size), 1-D or 2-D
        One channel, no batch. Default: the book's running example.
    stride, padding, output_padding, dilation : int or one int per axis
        As in `conv_transpose`; `conv` has no output_padding, and leaves it alone.
    transposed : bool
    view : "stamps" or "window"
        What a step shows: an input cell's stamp on the output, or the window of an output cell on the padded
        input. Default: stamps if transposed.
    per_axis : bool
        One control for each axis. Default: where sizes or settings differ between axes.
    chosen : str
        The chosen cell as the page names it: "output:1,2", "input:0,0", "kernel:2,2", "matrix:5,1"; or "".
    step : int or None
        How many steps are done; None shows the finished operation.
    speed : int
        1 to 5.
    wanted_size : int
        The N of "which settings give me size N", 1 to 64.
    controls, panels : sequence of str
        Those to show, of `CONTROLS` and `PANELS`. Default: all.

    Examples
    --------
    >>> explorer = Explorer(input=[[1, 2], [3, 4]], stride=2, chosen="output:2,2")
    >>> explorer
    Explorer('transposed convolution, input 2 x 2, kernel 3 x 3, output 5 x 5, stride 2')
    >>> explorer.padding = 1
    >>> explorer.output_size
    (3, 3)
    >>> explorer.stride = 5
    Traceback (most recent call last):
    ...
    lib.explorer.RefusedValue: stride must be at most 4 on every axis in the explorer, got (5, 5)
    """

    _esm = Path(__file__).parent / "explorer.js"

    input = Numbers().tag(sync=True)
    weight = Numbers().tag(sync=True)
    stride = Setting(1).tag(sync=True)
    padding = Setting(0).tag(sync=True)
    output_padding = Setting(0).tag(sync=True)
    dilation = Setting(1).tag(sync=True)
    transposed = traitlets.Bool(True).tag(sync=True)
    view = traitlets.Unicode("stamps").tag(sync=True)
    per_axis = traitlets.Bool(False).tag(sync=True)
    chosen = traitlets.Unicode("").tag(sync=True)
    step = traitlets.Int(None, allow_none=True).tag(sync=True)
    speed = traitlets.Int(2).tag(sync=True)
    wanted_size = traitlets.Int(8).tag(sync=True)
    controls = traitlets.List(traitlets.Unicode(), read_only=True).tag(sync=True)
    panels = traitlets.List(traitlets.Unicode(), read_only=True).tag(sync=True)
    limits = traitlets.Dict(read_only=True).tag(sync=True)

    _STATE = (
        *(
            "input",
            "weight",
            *_SETTINGS,
            "transposed",
            "view",
            "per_axis",
            "chosen",
            "step",
            "speed",
            "wanted_size",
        ),
        *("controls", "panels", "limits"),
    )
    _GEOMETRY = ("input", "weight", *_SETTINGS, "transposed")

    def __init__(self, input=None, weight=None, *, controls=None, panels=None, **settings):
        transposed = settings.get("transposed", True)
        if input is None:
            input = [[1, 2], [3, 4]] if transposed else np.arange(16).reshape(4, 4)
        if weight is None:
            weight = np.arange(1, 4) if numbers("input", input).ndim == 1 else np.arange(1, 10).reshape(3, 3)
        unknown = [name for name in settings if name not in self._STATE]
        if unknown:
            raise TypeError(
                f"Explorer has no argument {unknown[0]!r}; it takes {', '.join(self._STATE[:-1])}"
            )
        settings.setdefault("view", "stamps" if transposed else "window")
        self.set_trait("controls", _names("controls", controls, CONTROLS))
        self.set_trait("panels", _names("panels", panels, PANELS))
        self.set_trait(
            "limits",
            {str(axes): {name: list(ends) for name, ends in of.items()} for axes, of in LIMITS.items()},
        )
        super().__init__(input=input, weight=weight, **settings)

    @property
    def output_size(self):
        """The output's size as the settings stand."""
        return self._sizes()["output"]

    def _sizes(self, **changed):
        """Sizes by role; raises what lib.shapes raises when the settings make no sense."""
        now = {name: changed.get(name, getattr(self, name)) for name in self._GEOMETRY}
        input_size, kernel_size = np.shape(now["input"]), np.shape(now["weight"])
        if len(input_size) != len(kernel_size):
            raise ValueError(
                f"input and weight must have the same number of axes, got {input_size} and {kernel_size}"
            )
        limits = LIMITS[len(input_size)]
        each = {
            name: per_axis(name, now[name], len(input_size), minimum=limits[name][0]) for name in _SETTINGS
        }
        output_padding = each.pop("output_padding")
        if now["transposed"]:
            output_size = conv_transpose_output_size(
                input_size, kernel_size, output_padding=output_padding, **each
            )
        else:
            output_size = conv_output_size(input_size, kernel_size, **each)
        given = {
            "input_size": input_size,
            "kernel_size": kernel_size,
            **each,
            "output_padding": output_padding,
        }
        for name, values in {**given, "output_size": output_size}.items():
            if max(values) > limits[name][1]:
                raise ValueError(
                    f"{name} must be at most {limits[name][1]} on every axis in the explorer, got {values}"
                )
        spans = effective_size(kernel_size, each["dilation"])
        around = [o + k - 1 for o, k in zip(output_size, spans)]
        padded = around if now["transposed"] else [i + 2 * p for i, p in zip(input_size, each["padding"])]
        return {
            "input": input_size,
            "kernel": kernel_size,
            "output": output_size,
            "padded": tuple(padded),
            "overlap": output_size if now["transposed"] else input_size,
            "matrix": (cells(output_size), cells(input_size)),
        }

    def _differs_by_axis(self):
        values = [np.shape(self.input), np.shape(self.weight), *(getattr(self, name) for name in _SETTINGS)]
        return any(isinstance(value, tuple) and len(set(value)) > 1 for value in values)

    @traitlets.validate(*_GEOMETRY)
    def _check_geometry(self, proposal):
        try:
            self._sizes(**{proposal.trait.name: proposal.value})
        except (TypeError, ValueError) as error:
            _refuse(error)
        return proposal.value

    @traitlets.validate("view")
    def _check_view(self, proposal):
        if proposal.value not in VIEWS:
            raise RefusedValue(f"view must be 'stamps' or 'window', got {proposal.value!r}")
        return proposal.value

    @traitlets.validate("per_axis")
    def _check_per_axis(self, proposal):
        if not proposal.value and self._differs_by_axis():
            raise RefusedValue("per_axis must be True while sizes or settings differ between axes")
        return proposal.value

    @traitlets.validate("speed", "wanted_size")
    def _check_range(self, proposal):
        name, (least, most) = proposal.trait.name, SPEEDS if proposal.trait.name == "speed" else WANTED
        if not least <= proposal.value <= most:
            raise RefusedValue(f"{name} must be from {least} to {most}, got {proposal.value}")
        return proposal.value

    @traitlets.validate("chosen")
    def _check_chosen(self, proposal):
        if not self._exists(proposal.value):
            raise RefusedValue(
                f"chosen must name a cell of the picture, as 'output:0,1' does, got {proposal.value!r}"
            )
        return proposal.value

    @traitlets.validate("step")
    def _check_step(self, proposal):
        if proposal.value is not None and not 0 <= proposal.value <= self._steps():
            raise RefusedValue(f"step must be None or from 0 to {self._steps()}, got {proposal.value}")
        return proposal.value

    def _steps(self):
        return cells(self._sizes()["input" if self.view == "stamps" else "output"])

    def _exists(self, cell):
        if cell == "":
            return True
        found = re.fullmatch(r"(\w+):(\d+)(?:,(\d+))?", cell, re.ASCII)
        size = found and self._sizes().get(found[1])
        at = [int(number) for number in found.groups()[1:] if number] if found else []
        return bool(size) and len(at) == len(size) and all(n < most for n, most in zip(at, size))

    @traitlets.observe(*_GEOMETRY, "view")
    def _keep_consistent(self, change):
        """After a change of geometry: a control for each axis where axes differ, no cell that is gone."""
        if self._differs_by_axis():
            self.per_axis = True
        if not self._exists(self.chosen):
            self.chosen = ""
        if self.step is not None and self.step > self._steps():
            self.step = None

    def __repr__(self):
        kind = "transposed convolution" if self.transposed else "convolution"
        sizes = self._sizes()
        words = [f"{role} {_times(sizes[role])}" for role in ("input", "kernel", "output")]
        words += [
            f"{name} {getattr(self, name)}"
            for name, value in _NEUTRAL.items()
            if getattr(self, name) != value
        ]
        return f"Explorer({', '.join([kind, *words])!r})"

    def figure(self):
        """The still figure: what is printed, and what a page without script shows."""
        settings = {
            name: getattr(self, name) for name in _SETTINGS if name != "output_padding" or self.transposed
        }
        role, _, at = self.chosen.partition(":")
        lit = (
            tuple(int(n) for n in at.split(","))
            if role == ("input" if self.transposed else "output")
            else None
        )
        return figures.operation(
            np.array(self.input), np.array(self.weight), transposed=self.transposed, at=lit, **settings
        )

    def html(self):
        """The explorer for a page: the still figure, and the state that the page's script starts from."""
        state = json.dumps({name: getattr(self, name) for name in self._STATE})
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

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return {**data, "text/html": self.html()}, metadata


def _times(size):
    return " x ".join(str(n) for n in size)


class SideBySide(ipywidgets.HBox):
    """Explorers beside each other, or below each other where there is no room.

    Examples
    --------
    >>> SideBySide(Explorer(stride=1), Explorer(stride=2))
    SideBySide(Explorer('transposed convolution, input 2 x 2, kernel 3 x 3, output 4 x 4'), \
Explorer('transposed convolution, input 2 x 2, kernel 3 x 3, output 5 x 5, stride 2'))
    """

    def __init__(self, *explorers):
        for explorer in explorers:
            explorer.layout.flex = "1 1 340px"
        super().__init__(explorers, layout=ipywidgets.Layout(flex_flow="row wrap", width="100%"))

    def __repr__(self):
        return f"SideBySide({', '.join(map(repr, self.children))})"

    def _repr_mimebundle_(self, **kwargs):
        data = super()._repr_mimebundle_(**kwargs)
        html = "\n".join(['<div class="tc-beside">', *(child.html() for child in self.children), "</div>"])
        return {**data, "text/plain": repr(self), "text/html": html}


__all__ = ["CONTROLS", "LIMITS", "PANELS", "VIEWS", "Explorer", "SideBySide"]
