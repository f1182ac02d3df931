"""Sizes: which input sizes of a convolution fall onto one output size."""

from collections.abc import Iterable
from typing import NamedTuple

from ..shapes import conv_output_size, conv_transpose_output_size, full_size, padding_pairs
from ..svg import Drawing, Figure
from .cells import EDGE, Plane, cells_for
from .given import Padding, as_number

LEFT, BETWEEN = 96, 16  # room for the names of the rows; room between two groups


class _Group(NamedTuple):
    """The input sizes that fall onto one output size."""

    output: int
    inputs: list
    back: list  # the output_padding with which each comes back


def _groups(sizes, setting):
    """One group for each output size, in the order in which they are met."""
    inputs = {}
    for size in sizes:
        inputs.setdefault(conv_output_size((size,), **_on_one_axis(setting))[0], []).append(size)
    return [
        _Group(o, sizes, [n - _without_output_padding(o, setting) for n in sizes])
        for o, sizes in inputs.items()
    ]


def _without_output_padding(output, setting):
    """The size that comes back with output_padding 0; below 1 where the padding crops more than there is."""
    reached = full_size((output,), *((setting[name],) for name in ("kernel_size", "stride", "dilation")))
    return reached[0] - sum(setting["padding"])


def _on_one_axis(setting):
    return {name: (value,) for name, value in setting.items()}


def _as_sizes(input_sizes, setting):
    """The sizes that are drawn; by default all that give an output of one to four cells."""
    if input_sizes is None:
        input_sizes = [n for o in range(1, 5) for n in _all_with_output(o, setting)]
    sizes = [as_number("input_sizes", n, 1) for n in input_sizes]
    if not sizes:
        raise ValueError("input_sizes must hold at least one size, got none")
    return sizes


def _all_with_output(output, setting):
    stride = setting["stride"]
    first = _smallest(output, setting)
    return [first + a for a in range(stride) if first + a >= 1]


def _smallest(output, setting):
    try:
        return conv_transpose_output_size((output,), **_on_one_axis(setting))[0]
    except ValueError:  # all is padding
        return 1 - setting["stride"]


def _draw(groups):
    cells = cells_for(*(str(n) for group in groups for n in group.inputs))
    width = cells.left(sum(len(group.inputs) for group in groups)) + BETWEEN * (len(groups) - 1)
    sheet = Drawing(LEFT + width + 2 * EDGE, 178)
    for y, text in ((31, "input size"), (121, "output size"), (157, "output_padding")):
        sheet.text(EDGE, y, text, "small", "quiet", "start")
    x = EDGE + LEFT
    for group in groups:
        _draw_group(group, Plane(sheet, x, 8, cells))
        x += cells.left(len(group.inputs)) + BETWEEN
    return sheet


def _draw_group(group, plane):
    """Input sizes above, joined by lines; the output size that they share; their output paddings."""
    sheet, cells = plane.sheet, plane.cells
    centres = [plane.corner((0, column))[0] + cells.width // 2 for column in range(len(group.inputs))]
    for column, (size, back) in enumerate(zip(group.inputs, group.back)):
        plane.cell((0, column), "input", str(size))
        sheet.line(centres[column], 46, centres[column], 66)
        sheet.text(centres[column], 157, str(back), "small")
    if len(centres) > 1:
        sheet.line(centres[0], 66, centres[-1], 66)
    middle = plane.x + cells.extent(1, len(group.inputs))[0] // 2
    sheet.arrow(middle, 66, middle, 96)
    sheet.cell(middle - cells.width // 2, 98, cells.width, cells.height, "output", str(group.output))


def _spoken(groups, setting):
    before, after = setting["padding"]
    said = f"Kernel {setting['kernel_size']}, stride {setting['stride']}"
    said += f", padding {before if before == after else (before, after)}" if before or after else ""
    said += f", dilation {setting['dilation']}" if setting["dilation"] > 1 else ""
    return ". ".join([said, *(_group_spoken(group) for group in groups)]) + "."


def _group_spoken(group):
    subject, verb = ("sizes", "give") if len(group.inputs) > 1 else ("size", "gives")
    return (
        f"Input {subject} {', '.join(map(str, group.inputs))} {verb} output size {group.output}; "
        f"back with output_padding {', '.join(map(str, group.back))}"
    )


def sizes(
    kernel_size: int,
    *,
    stride: int = 1,
    padding: Padding = 0,
    dilation: int = 1,
    input_sizes: Iterable[int] | None = None,
) -> Figure:
    """Which input sizes a convolution takes to which output size, on one axis.

    Several sizes fall onto one; beneath each stands the output_padding with which `conv_transpose` returns.

    Parameters
    ----------
    kernel_size, stride, dilation : int
    padding : int or (before, after)
    input_sizes : list of int, optional
        Consecutive or not; by default all that give an output of one to four cells.

    Examples
    --------
    >>> sizes(3, stride=2, padding=1, input_sizes=[7, 8]).description
    'Kernel 3, stride 2, padding 1. Input sizes 7, 8 give output size 4; back with output_padding 0, 1.'
    """
    setting = {
        "kernel_size": as_number("kernel_size", kernel_size, 1),
        "stride": as_number("stride", stride, 1),
        "padding": padding_pairs((padding,), 1)[0],
        "dilation": as_number("dilation", dilation, 1),
    }
    groups = _groups(_as_sizes(input_sizes, setting), setting)
    title = f"sizes, kernel {kernel_size}, stride {stride}"
    return Figure(title, _spoken(groups, setting), [_draw(groups)])
