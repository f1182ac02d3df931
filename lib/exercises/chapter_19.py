"""Specifications of the exercises of chapter 19, What C does, and what undoes it."""

import numpy as np

from .registry import function, value


def _folded(z, before, after, mode):
    """The adjoint of another border, for the wrong answers."""
    n = len(z) - before - after
    sources = np.pad(np.arange(n), (before, after), mode=mode)
    return np.array([np.sum(z[sources == cell]) for cell in range(n)])


@value(
    "19-ranks",
    title="Which waves are lost?",
    difficulty=2,
    asks="four numbers",
    hints=(
        "Which waves fit on a ring of six cells, and which of them does each kernel turn into zeros?",
        "1 1 and 1 2 1: try + - + - + -. 1 1 1: try every wave that repeats after three cells.",
    ),
    wrong=(
        ((6, 6, 6, 6), "does 1 1 let the wave + - + - through?"),
        ((5, 5, 5, 6), "how many independent waves repeat after three cells?"),
        ((1, 2, 1, 0), "that is what is lost; the rank is what is kept"),
        ((5, 4, 4, 6), "1 2 1 is 1 1 applied twice: is another wave lost the second time?"),
    ),
)
def ranks():
    """Six minus the frequencies of a ring of six at which the kernel's response is zero."""
    kernels = ([1, 1], [1, 1, 1], [1, 2, 1], [2, 1])
    waves = np.exp(2j * np.pi * np.outer(np.arange(6), np.arange(6)) / 6)
    return np.array([np.sum(np.abs(waves[:, : len(k)] @ k) > 1e-9) for k in kernels])


@value(
    "19-one-step",
    title="One step is enough",
    difficulty=2,
    asks="one number",
    hints=(
        "What is C times its transpose where stamps do not overlap?",
        "It multiplies by the sum of the kernel's squares.",
    ),
    wrong=(
        (6, "that is the kernel's length: C and its transpose each multiply by it"),
        (10, "squares, not numbers"),
        (18, "with that rate it begins to run away"),
        (32, "all three numbers of the kernel count"),
    ),
)
def one_step():
    """The sum of the kernel's squares."""
    return 2 * 2 + 4 * 4 + 4 * 4


@function(
    "19-fold-reflect",
    (np.array([5, 1, 7]), 0, 0),
    (np.array([1, 10, 100, 1000, 10000]), 1, 1),
    (np.arange(1, 9) ** 2, 3, 1),
    (np.arange(2, 9) ** 3, 0, 2),
    title="Fold a mirrored border back",
    difficulty=3,
    asks="a function fold_reflect(z, before, after)",
    hints=(
        "From which cell did np.pad copy the cell just before the first one?",
        "From the second. So the border is turned round and added from the second cell on.",
    ),
    wrong=(
        (
            lambda z, before, after: z[before : len(z) - after],
            "that crops: it is the adjoint of zeros",
        ),
        (
            lambda z, before, after: _folded(z, before, after, "symmetric"),
            "reflect does not repeat the cell at the edge",
        ),
        (
            lambda z, before, after: _folded(z, before, after, "wrap"),
            "that is the circular border",
        ),
    ),
)
def fold_reflect(z, before, after):
    """Each number goes to the cell that it was copied from, one at a time."""
    n = len(z) - before - after
    folded = np.zeros(n, z.dtype)
    for place, number in enumerate(z):
        cell = abs(place - before)  # mirrored at the first cell
        folded[cell if cell < n else 2 * (n - 1) - cell] += number  # and at the last
    return folded
