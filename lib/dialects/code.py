"""Small helpers that write the code of a translated layer."""

from typing import Any

import numpy as np

from ..shapes import Pairs


def origin(layer: Any, late_bias: np.ndarray | None) -> list[str]:
    """Where `weight` and `bias` of the code come from, as comments."""
    lines = [f"# weight: the translation's layer.weight, of shape {layer.weight.shape}"]
    if layer.bias is not None:
        lines += [f"# bias: its layer.bias, of shape {np.shape(layer.bias)}"]
    if late_bias is not None:
        lines += [f"# bias: its late_bias, of shape {np.shape(late_bias)}"]
    return lines


def call(function: str, *positional: Any, raw: bool = False, **named: Any) -> list[str]:
    """The lines of a call: on one line where it is short, one argument a line where it is not.

    Examples
    --------
    >>> call("layer = Layer", 2, stride=(2, 1))
    ['layer = Layer(2, stride=(2, 1))']
    """
    show = str if raw else repr
    arguments = [show(value) for value in positional] + [
        f"{name}={show(value)}" for name, value in named.items()
    ]
    line = f"{function}({', '.join(arguments)})"
    if len(line) <= 100:
        return [line]
    return [f"{function}(", *(f"    {argument}," for argument in arguments), ")"]


def slices(crop: Pairs, channels_last: bool) -> list[str]:
    """The line that cuts cells off the ends of the spatial axes; no line where nothing is cut.

    Examples
    --------
    >>> slices(((0, 1), (2, 0)), channels_last=True)
    ['y = y[:, :-1, 2:, :]']
    """
    cuts = [(max(before, 0), max(after, 0)) for before, after in crop]
    if not any(map(any, cuts)):
        return []
    spatial = [f"{before or ''}:{-after if after else ''}" for before, after in cuts]
    axes = [":", *spatial, ":"] if channels_last else [":", ":", *spatial]
    return [f"y = y[{', '.join(axes)}]"]
