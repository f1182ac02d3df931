"""The receptive field against impulses: an input cell is seen if a 1 in it changes the output cell."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib import conv, conv_transpose
from lib.shapes import receptive_field

LAYER = st.fixed_dictionaries(
    {
        "transposed": st.booleans(),
        "kernel_size": st.integers(1, 4),
        "stride": st.integers(1, 3),
        "padding": st.integers(0, 2),
        "dilation": st.integers(1, 3),
    }
)


def run(layers, x):
    """The stack with kernels of ones: whatever is reached is above zero."""
    for layer in layers:
        kernel = np.ones((1, 1, layer["kernel_size"]), int)
        rest = {name: layer[name] for name in ("stride", "padding", "dilation")}
        x = (conv_transpose if layer["transposed"] else conv)(x, kernel, **rest)
    return x


@settings(max_examples=50, deadline=None)
@given(st.lists(LAYER, min_size=1, max_size=3), st.integers(0, 26))
def test_those_that_change_the_cell(layers, offset):
    changed = run(layers, np.eye(161, dtype=int)[:, None])[:, 0] > 0  # input cell, output cell
    middle = changed.shape[1] // 2  # far from both ends: nothing is cropped on the way
    cell = middle - min(offset, middle // 8)
    assert receptive_field(layers, cell) == np.flatnonzero(changed[:, cell]).tolist()


def test_a_hole_sees_nothing_and_phases_differ():
    up = {"transposed": True, "kernel_size": 2, "stride": 3}
    assert [receptive_field([up], cell) for cell in (6, 7, 8)] == [[2], [2], []]
    up = {"transposed": True, "kernel_size": 5, "stride": 2, "padding": [(1, 0)]}
    assert [len(receptive_field([up], cell)) for cell in (10, 11)] == [2, 3]
    assert receptive_field([], 7) == [7]
    assert {type(seen) for seen in receptive_field([up, {"kernel_size": 2}], 10)} == {int}


def test_without_settings_it_is_a_convolution_that_moves_by_one():
    assert receptive_field([{"kernel_size": 3}], 5) == [5, 6, 7]
    assert receptive_field([{"kernel_size": 3, "transposed": True}], 5) == [3, 4, 5]


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        ({"stride": 2}, "kernel_size"),
        ({"kernel_size": 3, "pad": 1}, "pad"),
        ({"kernel_size": 0}, "kernel_size"),
    ],
)
def test_refused(layer, message):
    with pytest.raises(ValueError, match=message):
        receptive_field([layer], 0)


def test_refusals_name_what_is_wrong():
    with pytest.raises(TypeError, match="^cell must be an int, got 1.5"):
        receptive_field([], 1.5)
    with pytest.raises(ValueError, match=r"^a layer must have kernel_size, .* got \['stride'\]"):
        receptive_field([{"stride": 2}], 0)
