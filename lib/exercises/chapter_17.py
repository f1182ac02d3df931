"""Specifications of the exercises of chapter 17, Upsampling is filtering."""

import numpy as np

from .registry import function, value


@value(
    "17-images",
    title="Where do they land?",
    difficulty=1,
    asks="whole numbers, in Hz, rising",
    hints=(
        "The spectrum of the input repeats every 1000 Hz, and it is mirrored at 0.",
        "Lines lie at 300 and at -300 Hz, and 1000, 2000, ... further. Which of them are from 0 to 2000?",
    ),
    wrong=(
        ([300, 1300], "a tone has a line at a negative frequency too: where do the copies of that one lie?"),
        ([700, 1300, 1700], "those are the images: the tone itself is in the stretched sound, too"),
        (
            [300, 600, 900, 1200, 1500, 1800],
            "those are multiples of the tone: what lies around multiples of 1000?",
        ),
        ([300, 700], "4000 numbers a second hold frequencies up to 2000 Hz"),
    ),
)
def images():
    """Lines of a tone of 300 Hz, 1000 numbers a second, three zeros behind each: taken from a spectrum."""
    stretched = np.zeros(4000)
    stretched[::4] = np.cos(2 * np.pi * 300 * np.arange(1000) / 1000)
    return np.flatnonzero(np.abs(np.fft.rfft(stretched)) > 1)


@value(
    "17-response",
    title="Two numbers without a sine",
    difficulty=2,
    asks="two whole numbers, H(0) and H(π)",
    hints=(
        "At ω = π a wave changes its sign from cell to cell.",
        "Add the eight numbers with the signs + - + - + - + -. What remains for ω = 0?",
    ),
    wrong=(
        ([33, 3], "the first number of the kernel stands at κ = 0: which sign has it?"),
        ([-3, 33], "H(0) comes first"),
        ([15, 18], "those are the phase sums: one response is their sum, the other their difference"),
        ([33, 33], "at ω = π every second number changes its sign"),
    ),
)
def response():
    """The kernel 3 1 4 1 5 9 3 7 against the waves 1, 1, 1, ... and 1, -1, 1, ..., in a loop."""
    flat = turning = 0
    for tap, weight in enumerate([3, 1, 4, 1, 5, 9, 3, 7]):
        flat += weight
        turning += weight * (-1) ** tap
    return np.array([flat, turning])


@value(
    "17-hops",
    title="Which hops add up?",
    difficulty=2,
    asks="five times True or False",
    hints=(
        "Square the window, then compute the phase sums for each hop. Are they equal?",
        "The squared window is a constant and two waves, of one and of two turns in its 12 cells. A hop of "
        "12 / n cancels every wave whose number of turns n does not divide.",
    ),
    wrong=(
        ([True, True, True, False, True], "that is the window itself: it is multiplied in twice"),
        ([True, True, True, True, True], "the hop must divide 12: look at the phase sums for 5"),
        ([True] * 3 + [True, False], "5 does not divide 12: look at the phase sums"),
    ),
)
def hops():
    """Whether copies of the squared window of 12 cells, laid 2, 3, 4, 5, 6 apart, add up to a constant."""
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(12) / 12)) ** 2
    verdicts = []
    for hop in (2, 3, 4, 5, 6):
        line = np.zeros(hop * 40 + 12)
        for start in range(0, hop * 40, hop):
            line[start : start + 12] += window
        verdicts.append(bool(np.ptp(line[12 : 12 + 8 * hop]) < 1e-9))
    return verdicts


def _without_old(state, block, kernel, stride):
    return state_after([0] * len(state), block, kernel, stride)


def _last_stamp_only(state, block, kernel, stride):
    return [block[-1] * weight for weight in kernel[stride:]]


def _not_moved(state, block, kernel, stride):
    size = len(state)
    cells = state_after([0] * size, block, kernel, stride)
    return [old + new for old, new in zip(state, cells)]


@function(
    "17-state",
    ([5, 6], [1, 2, 3], [1, 10, 100, 1000], 2),
    ([1, 2, 3, 4, 5], [7], [1, 2, 3, 4, 5, 6], 1),
    ([2, 4, 6, 8, 10, 12, 14], [3, -1], [1, 2, 3, 4, 5, 6, 7, 8, 9], 2),
    ([], [1, 2], [3, 4, 5], 3),
    alone=True,
    title="What stays open",
    difficulty=3,
    asks="a function state_after(state, block, kernel, stride)",
    hints=(
        "Lay the old state and the stamps of the block on one line, long enough. Which cells are finished?",
        "The state begins at cell 0, the stamp of the block's cell m at stride * m. After n cells of input "
        "the first stride * n are finished; the kernel_size - stride cells behind them stay open.",
    ),
    wrong=(
        (_without_old, "a short block leaves some of the old state open, too"),
        (
            _last_stamp_only,
            "where the kernel is longer than two strides, more stamps than the last reach out",
        ),
        (_not_moved, "the old state moves: its first cells are finished with the block"),
    ),
)
def state_after(state, block, kernel, stride):
    """The len(kernel) - stride sums that are open after a block: one channel, plain lists."""
    line = list(state) + [0] * (stride * len(block))
    for m, number in enumerate(block):
        for tap, weight in enumerate(kernel):
            line[stride * m + tap] += number * weight
    return line[stride * len(block) :]
