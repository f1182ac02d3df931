"""The matrix over channels: one block for each pair of channels."""

from typing import NamedTuple

from ..svg import Figure
from .cells import HEAD, Cells, captioned
from .given import as_number

_CELLS = Cells(56, 40, 6, 14)


class _Channels(NamedTuple):
    ins: int
    outs: int
    groups: int
    transposed: bool

    def place(self, out, channel):
        """The block's place in the weight; None outside the groups."""
        ins, outs = self.ins // self.groups, self.outs // self.groups  # of one group
        if out // outs != channel // ins:
            return None
        return (channel, out % outs) if self.transposed else (out, channel % ins)


def _as_channels(in_channels, out_channels, groups, transposed):
    ins = as_number("in_channels", in_channels, 1)
    outs = as_number("out_channels", out_channels, 1)
    groups = as_number("groups", groups, 1)
    if ins % groups or outs % groups:
        raise ValueError(f"groups must divide both channel counts, got groups {groups}, in {ins}, out {outs}")
    return _Channels(ins, outs, groups, bool(transposed))


def _draw(channels):
    name = "Cᵀ by channels" if channels.transposed else "C by channels"
    plane = captioned(_CELLS, (channels.outs, channels.ins), name, indent=44, head=HEAD)
    for channel in range(channels.ins):
        plane.name_column(channel, f"in {channel}")
    for out in range(channels.outs):
        plane.name_row(out, f"out {out}")
        for channel in range(channels.ins):
            place = channels.place(out, channel)
            if place is None:
                plane.cell((out, channel), "zero", "0")
            else:
                plane.cell((out, channel), "kernel", f"w {place[0]},{place[1]}")
    return plane.sheet


def _spoken(channels):
    ins, outs, groups, transposed = channels
    filled = ins * outs // groups
    return (
        f"Matrix of {outs} by {ins} blocks, one row per output channel, one column per input channel; "
        f"{groups} group{'s' if groups > 1 else ''}. "
        f"{filled} blocks hold a kernel's matrix, {ins * outs - filled} are zero. "
        f"Blocks are named by their place in the weight, {'input' if transposed else 'output'} channel first."
    )


def blocks(in_channels: int, out_channels: int, *, groups: int = 1, transposed: bool = False) -> Figure:
    """The matrix over channels: one block per pair of channels, nothing outside the groups.

    Each filled block is the matrix of one kernel, named by its place in the weight.

    Parameters
    ----------
    in_channels, out_channels : int
        Of the operation that is drawn.
    groups : int
        Divides both.
    transposed : bool
        Draw the matrix of `conv_transpose`, whose weight has the input channels first.

    Examples
    --------
    >>> blocks(4, 2, groups=2)
    Figure('blocks over channels, 2 x 4')
    """
    channels = _as_channels(in_channels, out_channels, groups, transposed)
    title = f"blocks over channels, {channels.outs} x {channels.ins}"
    return Figure(title, _spoken(channels), [_draw(channels)])
