"""Transposed convolution in NumPy, small enough to read in an evening.

From the ground up: shapes, ops (to read), blocks, pairs, fast (the same two operators, used everywhere),
matrix, gradients, routes, kernels, borders, inverse, streaming, stacks, images, sounds, training, dialects.
Then what shows it: svg, canvas, moving, figures, front_end, explorer, gallery, calculator, exercises,
notebook. Each imports only those before.
"""

from .fast import conv, conv_transpose
from .gradients import conv_backward, conv_transpose_backward
from .matrix import conv_matrix
from .notebook import setup
from .shapes import conv_output_size, conv_transpose_output_size, solve_sizes

__all__ = [
    "conv",
    "conv_backward",
    "conv_matrix",
    "conv_output_size",
    "conv_transpose",
    "conv_transpose_backward",
    "conv_transpose_output_size",
    "setup",
    "solve_sizes",
]
