"""Every framework's transposed convolution: its arguments, layouts, rules and refusals, computed by `lib`.

Each file has two directions: `plan` reads a framework's settings, `express` finds the settings that say a
plan.
"""

from .jax import jax_conv_transpose
from .keras import keras_conv_transpose
from .onnx import onnx_conv_transpose
from .tensorflow import tf_conv_transpose
from .torch import torch_conv_transpose, torch_output_padding
from .translate import Layer, Translation, translate

__all__ = [
    "Layer",
    "Translation",
    "jax_conv_transpose",
    "keras_conv_transpose",
    "onnx_conv_transpose",
    "tf_conv_transpose",
    "torch_conv_transpose",
    "torch_output_padding",
    "translate",
]
