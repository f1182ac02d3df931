"""What an explorer's state may be: its fields, their limits, and what is refused.

Decided here for the widget, for the page's form and, through `constants`, for the front end, which has no
Python: `front/rules.js` applies the same limits, and a test holds its verdicts against these.
"""

import operator
import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..shapes import cells, conv_output_size, conv_transpose_output_size, effective_size, numbers, per_axis
from ..shapes.settings import is_sequence, padding_pairs

State = dict[str, Any]  # values by the fields' names

# The least and the most that the controls offer, by number of axes. What does not fit is refused: a picture
# with more cells than this cannot be read.
_SETTINGS = {"stride": (1, 4), "padding": (0, 4), "output_padding": (0, 3), "dilation": (1, 3)}
LIMITS = {
    1: {"input_size": (1, 24), "kernel_size": (1, 7), **_SETTINGS, "output_size": (1, 24)},
    2: {"input_size": (1, 10), "kernel_size": (1, 5), **_SETTINGS, "output_size": (1, 10)},
}
SETTINGS = tuple(_SETTINGS)
GEOMETRY = ("input", "weight", "bias", *SETTINGS, "transposed")
CONTROLS = (
    *("transposed", "view", "dimensions", "per_axis", "two_ends", "input_size", "kernel_size", *SETTINGS),
    *("bias", "step", "speed", "reset", "undo", "preset", "code", "save", "link"),
)
PANELS = ("padded", "matrix", "wires", "size", "overlap", "solver")
VIEWS = ("stamps", "window")
DELAYS = (1600, 1000, 600, 300, 120)  # milliseconds of one step at speed 1, 2, ...
RANGES = {"speed": (1, len(DELAYS)), "wanted_size": (1, 64)}
LARGEST = 1e100  # a product of two numbers, and a sum of such products, stays finite
_FOUR = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]
# Changes of the example that have a name.
PRESETS: dict[str, State] = {
    "the example": {"chosen": "output:1,1"},
    "U-Net: 2 × 2, stride 2": {"weight": [[1, 2], [3, 4]], "stride": 2},
    "DCGAN: 4 × 4, stride 2, padding 1": {"weight": _FOUR, "stride": 2, "padding": 1},
    "checkerboard: 3 × 3, stride 2": {"input": [[1] * 3] * 3, "weight": [[1] * 3] * 3, "stride": 2},
    "bilinear: 4 × 4, stride 2, padding 1": {
        "input": [[16, 32, 16], [32, 64, 32], [16, 32, 16]],
        "weight": [[a * b / 16 for b in (1, 3, 3, 1)] for a in (1, 3, 3, 1)],
        **{"stride": 2, "padding": 1},
    },
    "holes: 2 × 2, stride 2, dilation 2": {"weight": [[1, 2], [3, 4]], "stride": 2, "dilation": 2},
    # The odd cell of TensorFlow's SAME is cut off at the end; a causal layer cuts nowhere else.
    "SAME: 3 × 3, stride 2, cut at the end": {"stride": 2, "padding": ((0, 1), (0, 1))},
    "causal: 1-D, 4, stride 2, cut at the end": {
        **{"input": [1, 2, 3, 4], "weight": [1, 2, 3, 4], "stride": 2, "padding": ((0, 2),)},
    },
}
# What a field holds that is not given. input and weight have no such value: every state has them.
DEFAULTS = {
    **{"stride": 1, "padding": 0, "output_padding": 0, "dilation": 1, "bias": 0, "transposed": True},
    **{"view": "stamps", "per_axis": False, "two_ends": False, "chosen": "", "step": None, "speed": 2},
    "wanted_size": 8,
}
FIELDS = ("input", "weight", *DEFAULTS)


def constants() -> dict[str, Any]:
    """What the front end must know of all this, by the name that it has there."""
    told = ("LIMITS", "RANGES", "LARGEST", "DEFAULTS", "FIELDS", "SETTINGS", "GEOMETRY", "CONTROLS", "PANELS")
    presets = {name: _of(**changes) for name, changes in PRESETS.items()}
    return {**{name: globals()[name] for name in (*told, "VIEWS", "DELAYS")}, "PRESETS": presets}


def _of(input: Any = None, weight: Any = None, **settings: Any) -> State:
    return opening(input, weight, settings)


def names(name: str, value: Iterable[str] | None, known: Sequence[str]) -> list[str]:
    """Names from a fixed list, in the list's order; None is all of them."""
    value = list(known) if value is None else list(value)
    for entry in value:
        if entry not in known:
            raise ValueError(f"{name} must be among {', '.join(known)}, got {entry!r}")
    return [entry for entry in known if entry in value]


def _array(name, value):
    """A 1-D or 2-D array as nested lists of Python numbers: what JSON holds and what compares by value."""
    array = numbers(name, value)
    if array.ndim not in LIMITS or array.size == 0:
        raise ValueError(
            f"{name} must be one 1-D or 2-D array without batch and channels, got shape {array.shape}"
        )
    return _shown(name, array)


def _number(name, value):
    """One number, as a Python number."""
    array = numbers(name, value)
    if array.ndim:
        raise ValueError(f"{name} must be one number, got shape {array.shape}")
    return _shown(name, array)


def _shown(name, array):
    """The numbers of an array as Python's own, if the front end can show them and compute with them."""
    if np.iscomplexobj(array):
        raise TypeError(f"{name} must hold real numbers, got dtype {array.dtype}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must hold finite numbers")
    if np.abs(array.astype(float)).max() > LARGEST:
        raise ValueError(f"{name} must hold numbers up to {LARGEST:g}, got {np.abs(array).max()}")
    for number in array.ravel().tolist():
        if float(number) != number:  # beyond 2**53; the front end would compute with another one
            raise ValueError(f"{name} must hold numbers that a float64 holds exactly, got {number}")
    return (array.astype(int) if array.dtype == bool else array).tolist()


def _setting(name, value):
    """One int, or one per axis as a tuple."""
    several = is_sequence(value)
    values = per_axis(name, value, len(value) if several else 1)
    return values if several else values[0]


def _padding(name, value):
    """The same, and an axis may have a (before, after) pair."""
    if not is_sequence(value):
        return _setting(name, value)
    pairs = padding_pairs(value, len(value))
    return tuple(pair if is_sequence(entry) else pair[0] for entry, pair in zip(value, pairs))


def _integer(name, value):
    if isinstance(value, (bool, np.bool_)) or not hasattr(value, "__index__"):
        raise TypeError(f"{name} must be an int, got {value!r}")
    return operator.index(value)


def _step(name, value):
    return None if value is None else _integer(name, value)


def _flag(name, value):
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False, got {value!r}")
    return bool(value)


def _text(name, value):
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string, got {value!r}")
    return value


_KINDS = {
    **dict.fromkeys(("input", "weight"), _array),
    **dict.fromkeys(SETTINGS, _setting),
    **{"padding": _padding, "bias": _number},
    **dict.fromkeys(("transposed", "per_axis", "two_ends"), _flag),
    **dict.fromkeys(("view", "chosen"), _text),
    **dict.fromkeys(RANGES, _integer),
    "step": _step,
}


def normal(name: str, value: Any) -> Any:
    """The value as the state keeps it, if it is of the field's kind."""
    return _KINDS[name](name, value)


def sizes(state: State) -> dict[str, tuple[int, ...]]:
    """Sizes by role, if the settings make sense and fit the picture."""
    input_size, kernel_size = np.shape(state["input"]), np.shape(state["weight"])
    if len(input_size) != len(kernel_size):
        raise ValueError(
            f"input and weight must have the same number of axes, got {input_size} and {kernel_size}"
        )
    limits, each = LIMITS[len(input_size)], _each_axis(state, len(input_size))
    output_size = _output_size(input_size, kernel_size, state["transposed"], **each)
    given = {"input_size": input_size, "kernel_size": kernel_size, **each, "output_size": output_size}
    for name, values in given.items():
        if np.max(values) > limits[name][1]:
            raise ValueError(
                f"{name} must be at most {limits[name][1]} on every axis in the explorer, got {values}"
            )
    spans = effective_size(kernel_size, each["dilation"])
    around = tuple(o + k - 1 for o, k in zip(output_size, spans))
    widened = tuple(i + sum(ends) for i, ends in zip(input_size, each["padding"]))
    return {
        "input": input_size,
        "kernel": kernel_size,
        "output": output_size,
        "padded": around if state["transposed"] else widened,
        "overlap": output_size if state["transposed"] else input_size,
        "matrix": (cells(output_size), cells(input_size)),
    }


def _each_axis(state, axes):
    rest = [name for name in SETTINGS if name != "padding"]
    each = {name: per_axis(name, state[name], axes, minimum=LIMITS[axes][name][0]) for name in rest}
    return {**each, "padding": padding_pairs(state["padding"], axes)}


def _output_size(input_size, kernel_size, transposed, output_padding, **settings):
    if transposed:
        return conv_transpose_output_size(input_size, kernel_size, output_padding=output_padding, **settings)
    return conv_output_size(input_size, kernel_size, **settings)


def steps(state: State) -> int:
    """How many steps the operation has in the state's view: one for each input, or each output."""
    return cells(sizes(state)["input" if state["view"] == "stamps" else "output"])


def differs_by_axis(state: State) -> bool:
    values = [np.shape(state["input"]), np.shape(state["weight"]), *(state[name] for name in SETTINGS)]
    return any(isinstance(value, tuple) and len(set(value)) > 1 for value in values)


def differs_by_end(state: State) -> bool:
    return any(before != after for before, after in padding_pairs(state["padding"], np.ndim(state["input"])))


def exists(state: State, cell: str) -> bool:
    """Whether the state's picture has this cell; "" is none."""
    found = re.fullmatch(r"([a-z]+):(0|[1-9][0-9]*)(?:,(0|[1-9][0-9]*))?", cell)
    size = sizes(state).get(found[1], ()) if found else ()
    at = [int(number) for number in found.groups()[1:] if number] if found else []
    return cell == "" or bool(size) and len(at) == len(size) and all(n < most for n, most in zip(at, size))


def check(state: State, name: str) -> None:
    """Refuse a state in which the field `name`, of the right kind, cannot have its value."""
    value = state[name]
    if name in GEOMETRY:
        sizes(state)
    elif name in RANGES and not RANGES[name][0] <= value <= RANGES[name][1]:
        raise ValueError(f"{name} must be from {RANGES[name][0]} to {RANGES[name][1]}, got {value}")
    elif name == "view" and value not in VIEWS:
        raise ValueError(f"view must be 'stamps' or 'window', got {value!r}")
    elif name == "per_axis" and not value and differs_by_axis(state):
        raise ValueError("per_axis must be True while sizes or settings differ between axes")
    elif name == "two_ends" and not value and differs_by_end(state):
        raise ValueError("two_ends must be True while padding differs between the ends of an axis")
    elif name == "chosen" and not exists(state, value):
        raise ValueError(f"chosen must name a cell of the picture, as 'output:0,1' does, got {value!r}")
    elif name == "step" and value is not None and not 0 <= value <= steps(state):
        raise ValueError(f"step must be None or from 0 to {steps(state)}, got {value}")


def settled(state: State) -> State:
    """The fields that a state's sizes decide: a control for each axis where axes differ, one for each end
    where ends differ, no cell that is gone, no step that is gone."""
    return {
        "per_axis": state["per_axis"] or differs_by_axis(state),
        "two_ends": state["two_ends"] or differs_by_end(state),
        "chosen": state["chosen"] if exists(state, state["chosen"]) else "",
        "step": state["step"] if state["step"] is None or state["step"] <= steps(state) else None,
    }


def changed(state: State, changes: State) -> State:
    """The state after `changes`: each checked in the new state, and what they leave behind settled."""
    new = {**state, **{name: normal(name, value) for name, value in changes.items()}}
    sizes(new)
    new |= {name: value for name, value in settled(new).items() if name not in changes}
    for name in changes:
        check(new, name)
    return new


def opening(input: ArrayLike | None, weight: ArrayLike | None, settings: State) -> State:
    """The state that an explorer starts from."""
    unknown = [name for name in settings if name not in DEFAULTS]
    if unknown:
        takes = ", ".join((*FIELDS, "controls", "panels"))
        raise TypeError(f"Explorer has no argument {unknown[0]!r}; it takes {takes}")
    transposed = settings.get("transposed", True)
    if input is None:
        input = [[1, 2], [3, 4]] if transposed else np.arange(16).reshape(4, 4)
    if weight is None:
        weight = np.arange(1, 4) if numbers("input", input).ndim == 1 else np.arange(1, 10).reshape(3, 3)
    view = "stamps" if transposed else "window"
    return changed(DEFAULTS, {"input": input, "weight": weight, "view": view, **settings})
