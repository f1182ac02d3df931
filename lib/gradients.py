"""Gradients of both operators, by input, weight and bias, and two ways to check any gradient.

Both operators are linear in their input, so the gradient by the input is the other operator with the same
weight: the transpose of C, and the transpose of its transpose. Both are linear in their weight too, and there
they even share one function: each weight element joins cells of the small array to cells of the large one,
whichever of the two is the input.

Complex numbers: for a real L and a complex array z, the gradient here is dL/dRe(z) + i dL/dIm(z), the
direction in which L grows fastest. It goes back through the conjugate transpose of C, as in PyTorch. (JAX's
`grad` returns its conjugate.) A real array has a real gradient, also where the others are complex.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from . import fast, pairs
from .blocks import matmul
from .fast import channels_before_batch, columns, conv_transpose
from .ops import grouped
from .shapes import (
    PaddingPerAxis,
    PerAxis,
    cells,
    check_conv,
    check_conv_transpose,
    check_grad_output,
    output_padding_for,
    result_type,
    working_type,
)

Operator = Callable[[np.ndarray], np.ndarray]
Backward = tuple[np.ndarray, np.ndarray, np.ndarray]


def conv_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    weight: ArrayLike,
    *,
    stride: PerAxis = 1,
    padding: PaddingPerAxis = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> Backward:
    """Gradients of a scalar L through `conv`, given dL/doutput.

    Parameters
    ----------
    grad_output : array, shape (batch, out_channels, *output_size)
        dL/doutput: one number for each cell of the output.
    input, weight, stride, padding, dilation, groups
        As they were given to `conv`. A bias plays no part in any gradient.

    Returns
    -------
    grad_input : array, shape of input
        ``conv_transpose(grad_output, weight)`` with the same settings: C^T times grad_output. Complex: C^H.
    grad_weight : array, shape of weight
        For each kernel element, the sum of grad_output times the (conjugate) input cells that it touched.
    grad_bias : array, shape (out_channels,)
        The sum of grad_output over the batch and all positions. Of a real bias it is the real part.

    Raises
    ------
    ValueError, TypeError
        If `conv` would refuse input, weight or settings, or grad_output has not the shape of its output.

    Examples
    --------
    >>> x, kernel = np.array([[[5, 6, 7]]]), np.array([[[1, 10]]])
    >>> grad_input, grad_weight, grad_bias = conv_backward(np.array([[[1, 2]]]), x, kernel)
    >>> grad_input              # 1 * [1, 10] and, one cell further, 2 * [1, 10]
    array([[[ 1, 12, 20]]])
    >>> grad_weight             # 1 * [5, 6] + 2 * [6, 7]
    array([[[17, 20]]])
    >>> grad_bias
    array([3])

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 9.5.
    """
    checked = check_conv(input, weight, None, stride, padding, dilation, groups)
    input, weight, _, settings, output_size = checked
    grad_output = check_grad_output(grad_output, input, weight, (len(input), len(weight), *output_size))
    kernel_size, stride, padding, _, dilation, groups = settings
    # The input cells behind the last window, which no output cell saw, come back as output_padding.
    rest = output_padding_for(input.shape[2:], kernel_size, stride, padding, dilation)
    same: Any = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    grad_input = conv_transpose(grad_output, weight.conj(), output_padding=rest, **same)
    grad_weight = _grad_weight(_wide(grad_output), _wide(input.conj()), settings, weight.shape)
    grad_weight = grad_weight.astype(result_type(grad_output=grad_output, input=input), copy=False)
    return _real_if(input, grad_input), _real_if(weight, grad_weight), _grad_bias(grad_output)


def conv_transpose_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    weight: ArrayLike,
    *,
    stride: PerAxis = 1,
    padding: PaddingPerAxis = 0,
    output_padding: PerAxis = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> Backward:
    """Gradients of a scalar L through `conv_transpose`, given dL/doutput.

    Parameters
    ----------
    grad_output : array, shape (batch, out_channels, *output_size)
        dL/doutput: one number for each cell of the output.
    input, weight, stride, padding, output_padding, dilation, groups
        As they were given to `conv_transpose`. A bias plays no part in any gradient.

    Returns
    -------
    grad_input : array, shape of input
        ``conv(grad_output, weight)`` with the same settings: C times grad_output. Complex: its conjugate.
    grad_weight : array, shape of weight
        For each kernel element, the sum of the (conjugate) input times the cells of grad_output that it wrote
        to.
    grad_bias : array, shape (out_channels,)
        The sum of grad_output over the batch and all positions. Of a real bias it is the real part.

    Raises
    ------
    ValueError, TypeError
        If `conv_transpose` would refuse input, weight or settings, or grad_output has not the shape of its
        output.

    Examples
    --------
    >>> x, kernel = np.array([[[1, 2]]]), np.array([[[1, 10]]])
    >>> grad_input, grad_weight, grad_bias = conv_transpose_backward(np.array([[[5, 6, 7]]]), x, kernel)
    >>> grad_input              # 5 + 60 and 6 + 70
    array([[[65, 76]]])
    >>> grad_weight             # 1 * [5, 6] + 2 * [6, 7], as for conv
    array([[[17, 20]]])
    >>> grad_bias
    array([18])
    """
    input, weight, _, settings, output_size = check_conv_transpose(
        input, weight, None, stride, padding, output_padding, dilation, groups
    )
    output_shape = (len(input), weight.shape[1] * settings.groups, *output_size)
    grad_output = check_grad_output(grad_output, input, weight, output_shape)
    large = grouped(_wide(grad_output), 1, settings.groups)
    small = grouped(_wide(input.conj()), 1, settings.groups)
    factors = _wide(weight.conj()).reshape(*small.shape[1:3], large.shape[2], -1)  # group, in, out, taps
    grad_input, grad_weight = _gradients(large, small, factors, settings)
    grad_input, grad_weight = grad_input.reshape(input.shape), grad_weight.reshape(weight.shape)
    grad_input = grad_input.astype(result_type(grad_output=grad_output, weight=weight), copy=False)
    grad_weight = grad_weight.astype(result_type(grad_output=grad_output, input=input), copy=False)
    return _real_if(input, grad_input), _real_if(weight, grad_weight), _grad_bias(grad_output)


def _gradients(large, small, weight, settings):
    """Gradients by small and by weight (group, in, out, taps), given what lies on large."""
    if _pairs_pay(large, small, weight, settings):
        return pairs.gather(large, small, weight, settings)
    # One im2col of large serves both: C times large, and each window times the cell behind it.
    matrix = weight.reshape(*weight.shape[:2], -1)
    to_small = np.empty(small.shape, np.result_type(large, weight))
    to_weight = np.zeros(matrix.shape, np.result_type(large, small))
    for samples, low, high, windows in columns(large, small.shape[3:], settings):
        target = channels_before_batch(to_small[samples])[:, :, :, low:high]
        target[...] = matmul(matrix, windows).reshape(target.shape)
        _add_products(to_weight, small[samples, :, :, low:high], windows, first=samples.start == low == 0)
    return to_small, to_weight


def _pairs_pay(large, small, weight, settings):
    """Whether both are sooner with fewer multiplications: enough are saved, and no sum can overflow."""
    return (
        large.dtype == small.dtype == weight.dtype
        and pairs.saved(small, weight, settings) > fast.SAVED_BACKWARD
        and pairs.moderate(large, weight)
        and pairs.moderate(large, small)
    )


def _wide(array):
    """The array in the dtype that sums are made in: half precision is rounded once, at the end."""
    return array.astype(working_type(array.dtype), copy=False)


def _real_if(array, gradient):
    """The gradient by `array`: what lies along the imaginary axis is no direction of a real array."""
    return gradient if np.iscomplexobj(array) or not np.iscomplexobj(gradient) else gradient.real.copy()


def _grad_weight(small, large, settings, shape):
    """Gradient by the weight: the cells that each kernel element joins, multiplied and added up.

    Each cell of small places the kernel once (the output of `conv`, the input of `conv_transpose`); large is
    the array that the kernel lies on.
    """
    small, large = grouped(small, 1, settings.groups), grouped(large, 1, settings.groups)
    tap_count = cells(settings.kernel_size)
    grad = np.zeros((*small.shape[1:3], large.shape[2] * tap_count), np.result_type(small, large))
    for samples, low, high, windows in columns(large, small.shape[3:], settings):
        _add_products(grad, small[samples, :, :, low:high], windows, first=samples.start == low == 0)
    return grad.reshape(shape)


def _add_products(grad, block, windows, first):
    """Each cell of a block of small times its window, added up, into grad (group, channels, channels * taps).

    grad still holds zeros when the first block comes.
    """
    block = channels_before_batch(block)  # group, channels, batch, *size
    block = block.reshape(*block.shape[:2], windows.shape[2])
    if first:
        matmul(block, windows.swapaxes(1, 2), out=grad)
    else:
        grad += matmul(block, windows.swapaxes(1, 2))


def _grad_bias(grad_output):
    """A bias is added to every cell of its channel, so it gets the gradients of all of them."""
    return _wide(grad_output).sum(axis=(0, *range(2, grad_output.ndim))).astype(grad_output.dtype)


def numerical_gradient(
    function: Callable[[np.ndarray], Any], array: ArrayLike, step: float = 1e-6
) -> np.ndarray:
    """Gradient of a scalar function by central differences, (f(x + step) - f(x - step)) / (2 step) per cell.

    Parameters
    ----------
    function : callable
        Takes an array like `array`, returns one number.
    array : array of any shape
    step : number
        For a function that is linear or quadratic in each cell, central differences are exact at any step:
        with step 1 and whole numbers, not even rounding is left.

    Returns
    -------
    array of float64, shape of `array`
        Of a complex array complex128: the derivative along the real axis plus i times that along the
        imaginary one.

    Examples
    --------
    >>> numerical_gradient(lambda x: (x**2).sum(), np.array([1, 2, 3]), step=1)
    array([2., 4., 6.])
    """
    array = np.asarray(array, complex if np.iscomplexobj(array) else float)
    gradient = np.zeros_like(array)
    for index in np.ndindex(*array.shape):
        for direction in (1, 1j) if np.iscomplexobj(array) else (1,):
            nudge = np.zeros_like(array)
            nudge[index] = step * direction
            change = function(array + nudge) - function(array - nudge)
            gradient[index] += direction * change / (2 * step)
    return gradient


class DotProducts(NamedTuple):
    """The two numbers of the dot-product test, equal if the second operator is the adjoint of the first."""

    forward: int | float | complex  # <forward(x), y>
    adjoint: int | float | complex  # <x, adjoint(y)>


def dot_product_test(forward: Operator, adjoint: Operator, x: ArrayLike, y: ArrayLike) -> DotProducts:
    """The dot-product test: <forward(x), y> and <x, adjoint(y)>.

    <a, b> is the sum of conj(a) b. Two linear operators are adjoint, one the (conjugate) transpose of the
    other, exactly when the two numbers agree for all x and y. One pair of random arrays that agrees makes a
    wrong adjoint very unlikely; whole numbers leave no rounding to excuse.

    Parameters
    ----------
    forward, adjoint : callables
        Take and return one array.
    x, y : arrays
        An input of `forward` and an input of `adjoint`, which is an output of `forward`.

    Returns
    -------
    DotProducts(forward, adjoint)

    Raises
    ------
    ValueError
        If the shapes do not go round: forward(x) must have the shape of y, and adjoint(y) that of x.

    Examples
    --------
    >>> from lib import conv, conv_transpose
    >>> weight = np.array([[[1, 2, 3]]])
    >>> x, y = np.array([[[4, 5, 6, 7]]]), np.array([[[8, 9]]])
    >>> dot_product_test(lambda x: conv(x, weight), lambda y: conv_transpose(y, weight), x, y)
    DotProducts(forward=598, adjoint=598)

    References
    ----------
    Claerbout, Image Estimation by Example, chapter 1.
    """
    x, y = np.asarray(x), np.asarray(y)
    forward_x, adjoint_y = np.asarray(forward(x)), np.asarray(adjoint(y))
    if forward_x.shape != y.shape or adjoint_y.shape != x.shape:
        raise ValueError(
            f"forward(x) must have the shape of y and adjoint(y) that of x, "
            f"got {forward_x.shape} for y {y.shape}, {adjoint_y.shape} for x {x.shape}"
        )
    return DotProducts((forward_x.conj() * y).sum().item(), (x.conj() * adjoint_y).sum().item())
