"""Who sees whom through a stack of layers: the receptive field, cell by cell."""

from collections.abc import Iterable, Mapping
from typing import Any

from .geometry import large_position
from .settings import as_int, check_settings


def receptive_field(layers: Iterable[Mapping[str, Any]], cell: int) -> list[int]:
    """Which input cells an output cell of a stack of layers depends on, on one axis.

    Cells are counted as if the arrays had no end: numbers below 0 or beyond the input's last cell lie in the
    padding. What lies between the first and the last need not be seen: dilation leaves gaps.

    Parameters
    ----------
    layers : sequence of dicts
        In the order in which they run. Each has `kernel_size` and may have `stride`, `padding`, `dilation`
        (one int each; padding may be [(before, after)]) and `transposed`: True for a transposed convolution.
    cell : int
        Its number in the output.

    Returns
    -------
    list of ints, in ascending order; empty if the cell is in a hole

    Raises
    ------
    ValueError
        If a setting makes no sense, or a layer has a key that is none of the five.

    Examples
    --------
    >>> up = {"transposed": True, "kernel_size": 3, "stride": 2}
    >>> receptive_field([up], 4), receptive_field([up], 5)  # the two phases
    ([1, 2], [2])
    >>> receptive_field([{"kernel_size": 3}, up], 4)  # behind a convolution with kernel 3
    [1, 2, 3, 4]
    """
    seen = {as_int("cell", cell)}
    for layer in reversed(list(layers)):
        step = _stamps if layer.get("transposed") else _windows
        seen = step(seen, *_settings_of(layer))
    return sorted(seen)


def _settings_of(layer):
    unknown = set(layer) - {"kernel_size", "stride", "padding", "dilation", "transposed"}
    if unknown or "kernel_size" not in layer:
        raise ValueError(
            "a layer must have kernel_size, and besides it stride, padding, dilation or transposed, "
            f"got {sorted(layer)}"
        )
    settings = check_settings(
        1, layer["kernel_size"], layer.get("stride", 1), layer.get("padding", 0), layer.get("dilation", 1)
    )
    return settings.kernel_size, settings.stride, settings.dilation, settings.padding


def _windows(seen, kernel_size, *settings):
    """The cells that the windows of these outputs of a convolution read."""
    places = ((m, tap) for m in seen for tap in range(*kernel_size))
    return {large_position((m,), (tap,), *settings)[0] for m, tap in places}


def _stamps(seen, kernel_size, stride, dilation, padding):
    """The cells whose stamps reach these outputs of a transposed convolution."""
    (s,), (d,), ((before, _),) = stride, dilation, padding
    places = (q + before - d * tap for q in seen for tap in range(*kernel_size))
    return {place // s for place in places if place % s == 0}
