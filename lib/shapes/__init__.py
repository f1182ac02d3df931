"""Sizes and checks: what every setting means, and which settings make sense.

From the ground up: geometry (where a kernel lies), settings (one entry per axis), sizes (in both directions),
solver (which settings give a size), reach (who sees whom through a stack), checks (of arrays).
"""

from .checks import (
    check_conv,
    check_conv_transpose,
    check_grad_output,
    check_groups,
    numbers,
    result_type,
    working_type,
)
from .geometry import Axes, Index, Pairs, cells, effective_size, full_size, large_position, tap_pairs, taps
from .reach import receptive_field
from .settings import PaddingPerAxis, PerAxis, Settings, check_settings, padding_pairs, per_axis
from .sizes import (
    conv_input_sizes,
    conv_output_size,
    conv_size,
    conv_transpose_output_size,
    conv_transpose_size,
    output_padding_for,
)
from .solver import SizeAnswer, SizeSetting, solve_sizes

__all__ = [
    "Axes",
    "Index",
    "PaddingPerAxis",
    "Pairs",
    "PerAxis",
    "Settings",
    "SizeAnswer",
    "SizeSetting",
    "cells",
    "check_conv",
    "check_conv_transpose",
    "check_grad_output",
    "check_groups",
    "check_settings",
    "conv_input_sizes",
    "conv_output_size",
    "conv_size",
    "conv_transpose_output_size",
    "conv_transpose_size",
    "effective_size",
    "full_size",
    "large_position",
    "numbers",
    "output_padding_for",
    "padding_pairs",
    "per_axis",
    "receptive_field",
    "result_type",
    "solve_sizes",
    "tap_pairs",
    "taps",
    "working_type",
]
