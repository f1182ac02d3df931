"""What a linear operator does to lengths, and how it is undone: from its two halves, forward and adjoint.

Nothing here builds a matrix. `forward` and `adjoint` are functions such as `conv` and `conv_transpose` with
the same weight and settings; that they belong together is what `lib.gradients.dot_product_test` tests.
"""

from collections.abc import Iterator, Sequence
from itertools import islice, product

import numpy as np
from numpy.typing import ArrayLike

from .gradients import Operator


def largest_singular_value(forward: Operator, adjoint: Operator, start: ArrayLike, steps: int = 100) -> float:
    """The most by which `forward` lengthens an array, by power iteration.

    Parameters
    ----------
    forward, adjoint : functions of one array
    start : array
        Shape of forward's input; random numbers will do, zeros will not.
    steps : int
        Forward and back so many times. The answer comes from below, and sooner the larger the gap to the next
        singular value is.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If `start` is zero, or steps is less than 1.

    Examples
    --------
    >>> double, start = (lambda x: 2 * x), np.ones(3)
    >>> largest_singular_value(double, double, start)
    2.0

    References
    ----------
    Yoshida and Miyato (2017). arXiv:1705.10941
    """
    x = np.asarray(start, float)
    if steps < 1 or not x.any():
        raise ValueError(f"start must not be zero and steps at least 1, got steps {steps}")
    for _ in range(steps):
        x = x / np.linalg.norm(x)
        y = forward(x)
        x = adjoint(y)
        if not x.any():  # start lay where forward gives nothing
            return 0.0
    return float(np.linalg.norm(y))


def circular_singular_values(weight: ArrayLike, input_size: Sequence[int], stride: int = 1) -> np.ndarray:
    """All singular values of a convolution with a circular border, exactly, one frequency at a time.

    Waves that agree on every `stride`-th cell become one wave of the output. So for each frequency of the
    output there is a small matrix, (out_channels, in_channels * stride ** axes), and the singular values of
    all of them are those of the operator. Its transpose has the same.

    Parameters
    ----------
    weight : array, shape (out_channels, in_channels, *kernel_size)
    input_size : sequence of int
        At least kernel_size and a multiple of the stride, on every axis.
    stride : int
        The same on every axis.

    Returns
    -------
    array, shape (frequencies, min(out_channels, in_channels * stride ** axes))
        The largest first at each frequency.

    Raises
    ------
    ValueError
        If input_size does not fit.

    Examples
    --------
    Two neighbours added: the constant is doubled, the finest wave is lost.

    >>> circular_singular_values(np.ones((1, 1, 2)), (4,)).round(4).ravel().tolist()
    [2.0, 1.4142, 0.0, 1.4142]

    References
    ----------
    Sedghi, Gupta and Long (2019) for stride 1. arXiv:1805.10408
    """
    weight, size = np.asarray(weight, float), tuple(input_size)
    fits = len(size) == weight.ndim - 2 and all(
        n >= k and n % stride == 0 for n, k in zip(size, weight.shape[2:])
    )
    if not fits:
        raise ValueError(
            f"input_size must be at least kernel_size and a multiple of stride on every axis, "
            f"got input_size {size}, weight {weight.shape}, stride {stride}"
        )
    axes = tuple(range(2, weight.ndim))
    response = np.fft.fftn(weight, size, axes)  # out, in, *frequency of the input
    aliases = product(range(stride), repeat=len(size))
    parts = [
        response[:, :, *(slice(a * n // stride, (a + 1) * n // stride) for a, n in zip(each, size))]
        for each in aliases
    ]
    matrices = np.concatenate(parts, axis=1)  # out, in * aliases, *frequency of the output
    matrices = matrices.reshape(*matrices.shape[:2], -1).transpose(2, 0, 1) / np.sqrt(stride ** len(size))
    return np.linalg.svd(matrices, compute_uv=False)


def landweber(forward: Operator, adjoint: Operator, y: ArrayLike, rate: float) -> Iterator[np.ndarray]:
    """Gradient steps on half the squared distance of forward(x) from y, from zero on, without end.

    Each step adds `rate` times adjoint(y - forward(x)). It comes nearer as long as `rate` is below 2 over the
    square of the largest singular value.

    Parameters
    ----------
    forward, adjoint : functions of one array
    y : array
        What forward is to give.
    rate : float

    Yields
    ------
    array
        x after one step, after two, ...

    Examples
    --------
    >>> third = landweber(lambda x: 2 * x, lambda y: 2 * y, np.array([8.0]), rate=0.125)
    >>> [float(next(third)[0]) for _ in range(3)]
    [2.0, 3.0, 3.5]

    References
    ----------
    Landweber (1951), American Journal of Mathematics 73, 615-624.
    """
    y = np.asarray(y, float)
    x = rate * adjoint(y)
    while True:
        yield x
        x = x + rate * adjoint(y - forward(x))


def conjugate_gradients(
    forward: Operator, adjoint: Operator, y: ArrayLike, damping: float = 0.0
) -> Iterator[np.ndarray]:
    """The same least squares by conjugate gradients, which needs far fewer steps (CGLS).

    With `damping` it is the distance plus damping times the squared length of x that becomes smallest, which
    holds back what noise would blow up (Tikhonov; with a flat spectrum of signal and noise, Wiener).

    Parameters
    ----------
    forward, adjoint : functions of one array
    y : array
    damping : float
        At least 0.

    Yields
    ------
    array
        x after one step, after two, ... It ends where the slope is zero; where it is so at once, the answer,
        zero, is all that comes.

    Raises
    ------
    ValueError
        If damping is negative.

    Examples
    --------
    >>> answers = conjugate_gradients(lambda x: 2 * x, lambda y: 2 * y, np.array([8.0, 2.0]))
    >>> [x.tolist() for x in answers]
    [[4.0, 1.0]]

    References
    ----------
    Hestenes and Stiefel (1952), Journal of Research of the National Bureau of Standards 49, 409-436.
    """
    if damping < 0:
        raise ValueError(f"damping must be at least 0, got {damping}")
    rest = np.asarray(y, float)
    slope = adjoint(rest)
    x, direction, size = np.zeros_like(slope), slope, np.vdot(slope, slope)
    if not size:
        yield x
    smallest = np.finfo(float).eps ** 2 * size  # nothing but rounding is left
    while size > smallest:
        moved = forward(direction)
        step = size / (np.vdot(moved, moved) + damping * np.vdot(direction, direction))
        x = x + step * direction
        rest = rest - step * moved
        slope = adjoint(rest) - damping * x
        before, size = size, np.vdot(slope, slope)
        direction = slope + size / before * direction
        yield x


def after(iterates: Iterator[np.ndarray], steps: int) -> np.ndarray:
    """The iterate after so many steps, or the last one if they end before.

    Examples
    --------
    >>> after(iter([np.array(1), np.array(2), np.array(3)]), 2)
    array(2)
    """
    *_, last = islice(iterates, steps)
    return last
