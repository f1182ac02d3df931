"""The sizes of both operators, in both directions.

References
----------
Dumoulin and Visin (2016), A guide to convolution arithmetic for deep learning, arXiv:1603.07285.
"""

from functools import lru_cache
from typing import cast

from .geometry import effective_size, full_size
from .settings import Axes, PaddingPerAxis, PerAxis, Settings, all_per_axis


def _conv_size(input_size, kernel_size, stride, padding, dilation):
    # o = floor((i + p_before + p_after - (d (k - 1) + 1)) / s) + 1
    reach = effective_size(kernel_size, dilation)
    return tuple(
        (i + before + after - k) // s + 1
        for i, k, s, (before, after) in zip(input_size, reach, stride, padding)
    )


def _conv_transpose_size(input_size, kernel_size, stride, padding, output_padding, dilation):
    # o = s (i - 1) + d (k - 1) + 1 + a - p_before - p_after
    full = full_size(input_size, kernel_size, stride, dilation)
    return tuple(n + a - before - after for n, (before, after), a in zip(full, padding, output_padding))


def _check_output_padding(output_padding, stride, dilation):
    for a, s, d in zip(output_padding, stride, dilation):
        if a >= max(s, d):
            raise ValueError(
                f"output_padding must be smaller than stride or dilation on every axis, "
                f"got output_padding {output_padding}, stride {stride}, dilation {dilation}"
            )


def _check_output_size(output_size, given):
    if any(o < 1 for o in output_size):
        rest = ", ".join(f"{name} {value}" for name, value in given.items())
        raise ValueError(f"output size must be at least 1 on every axis, got {output_size} from {rest}")


def conv_output_size(
    input_size: PerAxis,
    kernel_size: PerAxis,
    stride: PerAxis = 1,
    padding: PaddingPerAxis = 0,
    dilation: PerAxis = 1,
) -> int | Axes:
    """Size of a convolution's output, in cells.

    Parameters
    ----------
    input_size, kernel_size, stride, dilation : int or one int per spatial axis
    padding : int or one entry per spatial axis, each an int or a (before, after) pair

    Returns
    -------
    int, or a tuple of ints when any argument is given per axis

    Raises
    ------
    ValueError
        If a setting is out of range or the window does not fit into the padded input even once.

    Examples
    --------
    >>> conv_output_size(4, 3)
    2
    >>> [conv_output_size(i, 3, stride=2, padding=1) for i in (7, 8)]   # two sizes, one result
    [4, 4]
    >>> conv_output_size((5, 8), 3, stride=(1, 2), padding=(0, (0, 1)))
    (3, 4)

    References
    ----------
    Dumoulin and Visin (2016), relationships 1 to 6 and 15.
    """
    axes, pairs, (input_size, kernel_size, stride, dilation) = all_per_axis(
        padding, input_size=input_size, kernel_size=kernel_size, stride=stride, dilation=dilation
    )
    output_size = _conv_size(input_size, kernel_size, stride, pairs, dilation)
    given = {"input": input_size, "kernel": kernel_size, "stride": stride, "padding": pairs}
    given |= {"dilation": dilation}
    _check_output_size(output_size, given)
    return output_size if axes else output_size[0]


def conv_transpose_output_size(
    input_size: PerAxis,
    kernel_size: PerAxis,
    stride: PerAxis = 1,
    padding: PaddingPerAxis = 0,
    output_padding: PerAxis = 0,
    dilation: PerAxis = 1,
) -> int | Axes:
    """Size of a transposed convolution's output, in cells.

    Parameters
    ----------
    input_size, kernel_size, stride, output_padding, dilation : int or one int per spatial axis
        `output_padding` must be smaller than `stride` or smaller than `dilation`.
    padding : int or one entry per spatial axis, each an int or a (before, after) pair
        The padding of the forward convolution, so here it crops the output.

    Returns
    -------
    int, or a tuple of ints when any argument is given per axis

    Raises
    ------
    ValueError
        If a setting is out of range or nothing is left after the crop.

    Examples
    --------
    >>> conv_transpose_output_size(2, 3)
    4
    >>> [conv_transpose_output_size(4, 3, stride=2, padding=1, output_padding=a) for a in (0, 1)]
    [7, 8]

    References
    ----------
    Dumoulin and Visin (2016), relationships 8 to 14.
    """
    axes, pairs, (input_size, kernel_size, stride, output_padding, dilation) = all_per_axis(
        padding,
        input_size=input_size,
        kernel_size=kernel_size,
        stride=stride,
        output_padding=output_padding,
        dilation=dilation,
    )
    _check_output_padding(output_padding, stride, dilation)
    output_size = _conv_transpose_size(input_size, kernel_size, stride, pairs, output_padding, dilation)
    given = {"input": input_size, "kernel": kernel_size, "stride": stride, "padding": pairs}
    given |= {"output_padding": output_padding, "dilation": dilation}
    _check_output_size(output_size, given)
    return output_size if axes else output_size[0]


def output_padding_for(
    input_size: PerAxis,
    kernel_size: PerAxis,
    stride: PerAxis = 1,
    padding: PaddingPerAxis = 0,
    dilation: PerAxis = 1,
) -> int | Axes:
    """The output_padding with which `conv_transpose` goes back to the size that `conv` came from.

    It is what the floor in `conv`'s size drops: (input_size + before + after - dilation (kernel_size - 1) -
    1) mod stride.

    Parameters
    ----------
    input_size, kernel_size, stride, padding, dilation
        As in `conv_output_size`: those of the convolution.

    Returns
    -------
    int, or a tuple of ints when any argument is given per axis

    Examples
    --------
    >>> [output_padding_for(i, 3, stride=2, padding=1) for i in (7, 8)]
    [0, 1]

    References
    ----------
    Dumoulin and Visin (2016), relationship 14.
    """
    conv_output_size(input_size, kernel_size, stride, padding, dilation)  # refuses what conv refuses
    axes, pairs, (input_size, kernel_size, stride, dilation) = all_per_axis(
        padding, input_size=input_size, kernel_size=kernel_size, stride=stride, dilation=dilation
    )
    rest = tuple(
        (i + before + after - k) % s
        for i, (before, after), k, s in zip(input_size, pairs, effective_size(kernel_size, dilation), stride)
    )
    return rest if axes else rest[0]


def conv_input_sizes(
    output_size: PerAxis,
    kernel_size: PerAxis,
    stride: PerAxis = 1,
    padding: PaddingPerAxis = 0,
    dilation: PerAxis = 1,
) -> range | tuple[range, ...]:
    """The input sizes that `conv` maps to this output size: `stride` sizes in a row.

    Returns
    -------
    range, or a tuple of ranges when any argument is given per axis
        Shorter where it would begin below 1, and empty if so much padding leaves no input that small an
        output.

    Examples
    --------
    >>> conv_input_sizes(4, 3, stride=2, padding=1)   # 7 and 8
    range(7, 9)
    >>> list(conv_input_sizes(1, 2, stride=3, padding=1))
    [1, 2]
    """
    axes, pairs, (output_size, kernel_size, stride, dilation) = all_per_axis(
        padding, output_size=output_size, kernel_size=kernel_size, stride=stride, dilation=dilation
    )
    smallest = _conv_transpose_size(output_size, kernel_size, stride, pairs, (0,) * len(stride), dilation)
    ranges = tuple(range(max(1, i), max(1, i + s)) for i, s in zip(smallest, stride))
    return ranges if axes else ranges[0]


@lru_cache(maxsize=256)
def conv_size(input_size: Axes, settings: Settings) -> Axes:
    """`conv_output_size` of checked settings."""
    kernel_size, stride, padding, _, dilation, _ = settings
    size = conv_output_size(input_size, kernel_size, stride, padding, dilation)
    return cast(Axes, size)  # of a tuple it is a tuple


@lru_cache(maxsize=256)
def conv_transpose_size(input_size: Axes, settings: Settings) -> Axes:
    """`conv_transpose_output_size` of checked settings."""
    return cast(Axes, conv_transpose_output_size(input_size, *settings[:-1]))
