"""Specifications of the exercises of chapter 14, Computed fast."""

from . import function, value


@value("14-volume")
def volume():
    """One cell in stride ** axes holds a number: 3 ** 3 = 27 multiplications for each useful one."""
    return 3**3


@value("14-shared")
def shared():
    """Kernel 6, stride 3: every phase has 2 taps per axis and the same shifts, so all 9 share one product."""
    return 1


@function(
    "14-multiplications",
    (64, 32, (16, 16), (4, 4)),
    (3, 5, (7,), (9,)),
    (2, 7, (3, 4, 5), (1, 2, 3)),
)
def multiplications(in_channels, out_channels, size, kernel_size):
    """Every input cell of every channel meets every kernel element of every output channel once."""
    count = in_channels * out_channels
    for cells in (*size, *kernel_size):
        count *= cells
    return count
