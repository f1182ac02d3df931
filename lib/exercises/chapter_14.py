"""Specifications of the exercises of chapter 14, Computed fast."""

from math import prod

from .registry import function, value


@value(
    "14-volume",
    title="A volume",
    difficulty=1,
    asks="one number",
    hints=(
        "On one axis, which share of the cells holds a number of the input?",
        "One cell in stride holds a number, on each axis. Volumes have three of them.",
    ),
    wrong=(
        (9, "a volume has three axes, and zeros are inserted along each"),
        (3, "that is one axis"),
        (26, "how many are done in all for each useful one, the useful one among them?"),
    ),
)
def volume():
    """One cell in stride ** axes holds a number: 3 ** 3 = 27 multiplications for each useful one."""
    return 3**3


@value(
    "14-shared",
    title="How many products?",
    difficulty=2,
    asks="one number",
    hints=(
        "On one axis: which taps belong to phase 0, to phase 1, to phase 2, and which shifts do they need?",
        "Tap j belongs to phase j % 3 and needs the shift j // 3. Do the phases need different shifts?",
    ),
    wrong=(
        (9, "phases that need the same shifts share a product"),
        (4, "that is the number of shifts: which phases need which of them?"),
        (3, "on one axis too, do the three phases need different shifts?"),
        (36, "those are the kernel's numbers"),
    ),
)
def shared():
    """Kernel 6, stride 3: every phase has 2 taps per axis and the same shifts, so all 9 share one product."""
    shifts = {tuple(j // 3 for j in range(6) if j % 3 == phase) for phase in range(3)}
    return len(shifts) ** 2


@function(
    "14-polynomials",
    (1,),
    (2,),
    (4,),
    (8,),
    (64,),
    title="Halves of halves",
    difficulty=2,
    asks="a function products(n)",
    hints=(
        "How many products of polynomials of n / 2 coefficients are there, and how many of n / 4?",
        "Each halving makes three times as many. With n = 1 one product is left.",
    ),
    also_right=(lambda n: 3 ** (n.bit_length() - 1),),
    wrong=(
        (lambda n: n * n, "that is every coefficient with every other: four products of halves"),
        (lambda n: 3 * (n // 2) ** 2 if n > 1 else 1, "the halves are cut again"),
        (lambda n: 2 * n - 1, "that is how many coefficients the product has"),
        (lambda n: 3 * n // 2 if n > 1 else 1, "three for two, and so on down to single numbers"),
    ),
)
def polynomials(n):
    """Three products of half as many coefficients, down to single numbers: 3 ** log2(n)."""
    count = 1
    while n > 1:
        n, count = n // 2, 3 * count
    return count


@function(
    "14-multiplications",
    (64, 32, (16, 16), (4, 4)),
    (3, 5, (7,), (9,)),
    (2, 7, (3, 4, 5), (1, 2, 3)),
    title="Count before you run",
    difficulty=1,
    asks="a function multiplications(in_channels, out_channels, size, kernel_size)",
    hints=(
        "What does one cell of the input do with the kernel?",
        "Every cell of every input channel meets every number of its kernel, once for each output channel.",
    ),
    wrong=(
        (
            lambda in_channels, out_channels, size, kernel_size: in_channels * prod(size) * prod(kernel_size),
            "every output channel has kernels of its own",
        ),
        (
            lambda in_channels, out_channels, size, kernel_size: (
                in_channels * out_channels * size[0] ** 2 * kernel_size[0] ** 2
            ),
            "sizes may differ by axis, and there need not be two axes",
        ),
        (
            lambda in_channels, out_channels, size, kernel_size: in_channels * out_channels * prod(size),
            "each cell meets every number of the kernel",
        ),
        (
            lambda in_channels, out_channels, size, kernel_size: (
                in_channels * out_channels * prod(size[:2]) * prod(kernel_size[:2])
            ),
            "there may be three axes",
        ),
    ),
)
def multiplications(in_channels, out_channels, size, kernel_size):
    """Every input cell of every channel meets every kernel element of every output channel once."""
    count = in_channels * out_channels
    for cells in (*size, *kernel_size):
        count *= cells
    return count
