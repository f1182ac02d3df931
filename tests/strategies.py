"""Random settings for property tests: nothing symmetric, small enough for loops, the same on every run."""

from typing import NamedTuple

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

# Derandomised: a failure today is the same failure tomorrow, and a green run stays green.
settings.register_profile(
    "book",
    derandomize=True,
    deadline=None,
    max_examples=60,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("book")


class Case(NamedTuple):
    """Whole-number arrays and settings of one operation; large and small are its two sides."""

    large: np.ndarray  # input of conv, output of conv_transpose
    weight: np.ndarray  # (channels of small, channels of large // groups, *kernel_size)
    small: np.ndarray  # output of conv, input of conv_transpose
    bias: np.ndarray  # one for each channel of the output
    settings: dict  # as conv takes them
    output_padding: tuple


def _integers(seed, *shape):
    return np.random.default_rng(seed).integers(-9, 10, shape)


@st.composite
def _settings(draw, axes):
    most = 3 if axes < 3 else 2
    per_axis = lambda low, high: tuple(draw(st.integers(low, high)) for _ in range(axes))  # noqa: E731
    kernel_size, stride, dilation = per_axis(1, most), per_axis(1, 3), per_axis(1, 3)
    padding = tuple(
        (draw(st.integers(0, d * (k - 1) + 1)), draw(st.integers(0, d * (k - 1) + 1)))
        for k, d in zip(kernel_size, dilation)
    )
    return kernel_size, {"stride": stride, "padding": padding, "dilation": dilation}


@st.composite
def _channels(draw):
    """groups, and the two numbers of channels: different from each other unless the draw is 1."""
    groups, per_group = draw(st.integers(1, 3)), draw(st.permutations([1, 2, 3]))
    return groups, groups * per_group[0], groups * per_group[1]


@st.composite
def conv_cases(draw, most_axes=4):
    """Any convolution: the small side is what conv makes of the large one."""
    axes, seed = draw(st.integers(1, most_axes)), draw(st.integers(0, 2**32 - 1))
    kernel_size, chosen = draw(_settings(axes))
    groups, large_channels, small_channels = draw(_channels())
    large_size, small_size, rest = [], [], []
    for k, s, (before, after), d in zip(kernel_size, *chosen.values()):
        reach = d * (k - 1) + 1
        least = max(1, reach - before - after)
        size = draw(st.integers(least, least + (4 if axes < 3 else 2)))
        large_size.append(size)
        small_size.append((size + before + after - reach) // s + 1)
        rest.append((size + before + after - reach) % s)
    batch = draw(st.integers(1, 2))
    return Case(
        large=_integers(seed, batch, large_channels, *large_size),
        weight=_integers(seed + 1, small_channels, large_channels // groups, *kernel_size),
        small=_integers(seed + 2, batch, small_channels, *small_size),
        bias=_integers(seed + 3, small_channels),
        settings={**chosen, "groups": groups},
        output_padding=tuple(rest),
    )


@st.composite
def conv_transpose_cases(draw, most_axes=4):
    """Any transposed convolution: the large side is what conv_transpose makes of the small one."""
    axes, seed = draw(st.integers(1, most_axes)), draw(st.integers(0, 2**32 - 1))
    kernel_size, chosen = draw(_settings(axes))
    groups, large_channels, small_channels = draw(_channels())
    large_size, small_size, output_padding = [], [], []
    for k, s, (before, after), d in zip(kernel_size, *chosen.values()):
        a = draw(st.integers(0, max(s, d) - 1))
        full = d * (k - 1) + 1 + a - before - after  # the output of a single cell
        least = 1 + max(0, -((full - 1) // s))
        size = draw(st.integers(least, least + (3 if axes < 3 else 1)))
        small_size.append(size)
        large_size.append(s * (size - 1) + full)
        output_padding.append(a)
    batch = draw(st.integers(1, 2))
    return Case(
        large=_integers(seed, batch, large_channels, *large_size),
        weight=_integers(seed + 1, small_channels, large_channels // groups, *kernel_size),
        small=_integers(seed + 2, batch, small_channels, *small_size),
        bias=_integers(seed + 3, large_channels),
        settings={**chosen, "groups": groups},
        output_padding=tuple(output_padding),
    )
