"""Specifications of the exercises of chapter 13, Relatives."""

import numpy as np

from .registry import function, value


@value(
    "13-three-times",
    title="Three times",
    difficulty=2,
    asks="a list of numbers",
    hints=(
        "Send one single 1 through both steps. What comes out is the kernel.",
        "The 1 becomes three ones side by side. A convolution does not rotate its kernel, so what does one 1 "
        "leave behind?",
    ),
    wrong=(
        ([1, 11, 111, 110, 100], "a convolution leaves its kernel rotated behind"),
        ([111, 111, 111], "the convolution also reaches beyond the three copies"),
        ([100, 10, 1], "the cell is there three times"),
    ),
)
def three_times():
    """What one cell becomes: three ones in a row, each of which the convolution with 1, 10, 100 reads."""
    repeated = np.pad([1, 1, 1], 2)
    return [1 * a + 10 * b + 100 * c for a, b, c in zip(repeated, repeated[1:], repeated[2:])]


@value(
    "13-eight-times",
    title="Eight times",
    difficulty=2,
    asks="three numbers, kernel size, stride and padding",
    hints=(
        "The stride is the factor. How many large cells lie less than one small cell away from a small "
        "cell's middle?",
        "For an even factor the triangle is two factors long. Half a factor sticks out at each end.",
    ),
    wrong=(
        ((8, 8, 0), "that copies each cell; bilinear blends two neighbours on each axis"),
        ((15, 8, 7), "that puts corners on corners, and does not multiply the size by 8"),
        ((16, 8, 8), "with this padding the size is not multiplied by 8"),
        ((16, 8, 0), "half a factor of cells sticks out at each end"),
    ),
)
def eight_times():
    """Kernel size, stride, padding: the large cells that a small cell reaches, and those before cell 0."""
    f = 8
    reached = [q for q in range(-2 * f, 2 * f) if abs((q + 0.5) / f - 0.5) < 1]
    return np.array([len(reached), f, sum(q < 0 for q in reached)])


@value(
    "13-tied",
    title="Whose child?",
    difficulty=2,
    asks="four times True or False",
    hints=(
        "Which kernels of four numbers can three numbers a, b, c make? Write the four in terms of a, b, c.",
        "The kernel is a, a + b, b + c, c. Nobody says that b is positive.",
    ),
    wrong=(
        ([False, True, False, False], "b may be negative: look at 2 0 1 3 again"),
        ([True] * 4, "look at 1 0 0 0: which a, b, c would give it?"),
        ([True, True, True, False], "look at 1 2 3 4: which a, b, c would give it?"),
    ),
)
def tied():
    """Whether three numbers a, b, c give the kernel a, a + b, b + c, c: found by trying them."""
    kernels = [[1, 2, 3, 4], [1, 3, 3, 1], [2, 0, 1, 3], [1, 0, 0, 0]]
    return [[a, b - a, d] == [a, c - d, d] for a, b, c, d in kernels]


def _small(factor, size):
    return np.arange(1, factor * factor * size * size + 1).reshape(-1, 1, size, size)


def _side_by_side(small, factor):
    """The parts next to each other, as tiles."""
    size = factor * small.shape[2]
    tiles = small[:, 0, ::-1, ::-1].reshape(factor, factor, *small.shape[2:])
    return tiles.swapaxes(1, 2).reshape(size, size)


@function(
    "13-from-subpixel",
    (_small(2, 2), 2),
    (_small(2, 3), 2),
    (_small(3, 1), 3),
    (_small(3, 2), 3),
    title="The way back",
    difficulty=3,
    asks="a function together(small, factor)",
    hints=(
        "Part number 0 holds every factor-th number of the kernel, beginning at (0, 0). Where does part 1 "
        "begin?",
        "Part n begins at row n // factor and column n % factor. A convolution reads it rotated, "
        "so turn it back.",
    ),
    wrong=(
        (lambda small, factor: together(small[..., ::-1, ::-1], factor), "each part is stored rotated"),
        (lambda small, factor: together(small, factor).T, "the parts go along a row first"),
        (_side_by_side, "a part's numbers lie a factor apart in the kernel, not side by side"),
        (lambda small, factor: together(small, 2), "the factor is not always 2"),
    ),
)
def together(small, factor):
    """Each number of the large kernel looked up, one at a time."""
    m = small.shape[2]
    kernel = np.zeros((factor * m, factor * m), small.dtype)
    for i, j in np.ndindex(*kernel.shape):
        phase = i % factor * factor + j % factor
        kernel[i, j] = small[phase, 0, m - 1 - i // factor, m - 1 - j // factor]
    return kernel
