"""Enough of training to compare upsampling layers on real images: layers, a loss, Adam, patches.

A layer has two methods. `forward(x)` returns its output and keeps what the way back needs. `backward(grad)`
takes dL/doutput, returns dL/dinput and keeps dL/dparameter in `gradients`, one array for each of its
`parameters`. The operators and their gradients are the library's own; nothing here knows how a convolution is
computed.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike

from .fast import conv, conv_transpose
from .gradients import Backward, conv_backward, conv_transpose_backward
from .kernels import box, depthwise
from .routes import every, pixel_shuffle
from .shapes import PaddingPerAxis, PerAxis

# --- layers


class Layer(Protocol):
    """What every layer has."""

    @property
    def parameters(self) -> Sequence[np.ndarray]:
        """The arrays that training changes in place."""
        ...

    @property
    def gradients(self) -> Sequence[np.ndarray]:
        """dL/dparameter for each of them, from the last call of `backward`."""
        ...

    def forward(self, x: np.ndarray) -> np.ndarray:
        """The output for x, shape (batch, channels, *size)."""
        ...

    def backward(self, grad: np.ndarray) -> np.ndarray:
        """dL/dx, given dL/doutput of the last call of `forward`."""
        ...


class _Operator:
    """An operator of the library with a weight and a bias that learn."""

    _operator: Callable[..., np.ndarray]
    _backward: Callable[..., Backward]
    gradients: Sequence[np.ndarray]

    def __init__(self, weight: ArrayLike, **settings: Any) -> None:
        """Take a copy of weight, for training to change; the bias starts at zero."""
        self.settings = settings
        self.parameters: Sequence[np.ndarray] = [
            np.array(weight, float),
            np.zeros(self._out_channels(np.asarray(weight))),
        ]

    def _out_channels(self, weight: np.ndarray) -> int:
        raise NotImplementedError

    def forward(self, x: ArrayLike) -> np.ndarray:
        self.x = x
        return self._operator(x, *self.parameters, **self.settings)

    def backward(self, grad: ArrayLike) -> np.ndarray:
        weight, _ = self.parameters
        grad_x, *self.gradients = self._backward(grad, self.x, weight, **self.settings)
        return grad_x


class Conv(_Operator):
    """`conv` as a layer: `weight` and the settings as `conv` takes them.

    Examples
    --------
    >>> layer = Conv(np.array([[[1, 10]]]), stride=2)
    >>> layer.forward(np.array([[[1, 2, 3, 4]]]))
    array([[[21., 43.]]])
    >>> layer.backward(np.array([[[1.0, 2.0]]]))        # C^T: a stamp for each output
    array([[[ 1., 10.,  2., 20.]]])
    >>> grad_weight, grad_bias = layer.gradients
    >>> grad_weight, grad_bias                          # 1 * [1, 2] + 2 * [3, 4]
    (array([[[ 7., 10.]]]), array([3.]))
    """

    _operator, _backward = staticmethod(conv), staticmethod(conv_backward)

    def _out_channels(self, weight):
        return weight.shape[0]


class ConvTranspose(_Operator):
    """`conv_transpose` as a layer: `weight` and the settings as `conv_transpose` takes them.

    Examples
    --------
    >>> layer = ConvTranspose(np.array([[[1, 10]]]), stride=2)
    >>> layer.forward(np.array([[[1, 2]]]))
    array([[[ 1., 10.,  2., 20.]]])
    >>> layer.backward(np.array([[[1.0, 2.0, 3.0, 4.0]]]))      # C: a window for each input
    array([[[21., 43.]]])
    """

    _operator, _backward = staticmethod(conv_transpose), staticmethod(conv_transpose_backward)

    def _out_channels(self, weight):
        return weight.shape[1] * self.settings.get("groups", 1)


class _Weightless:
    """A layer with nothing to learn."""

    parameters: Sequence[np.ndarray] = ()
    gradients: Sequence[np.ndarray] = ()


class Relu(_Weightless):
    """What is below zero becomes zero; back comes what arrives where nothing was cut.

    Examples
    --------
    >>> layer = Relu()
    >>> layer.forward(np.array([-1, 2, -3, 4])), layer.backward(np.array([10, 20, 30, 40]))
    (array([0, 2, 0, 4]), array([ 0, 20,  0, 40]))
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.positive = x > 0
        return np.where(self.positive, x, 0)

    def backward(self, grad: np.ndarray) -> np.ndarray:
        return np.where(self.positive, grad, 0)


class PixelShuffle(_Weightless):
    """`pixel_shuffle` as a layer. It only moves numbers, so the way back moves them back.

    Examples
    --------
    >>> layer = PixelShuffle(2)
    >>> layer.forward(np.array([[[1, 2, 3], [10, 20, 30]]]))
    array([[[ 1, 10,  2, 20,  3, 30]]])
    >>> layer.backward(np.array([[[1, 10, 2, 20, 3, 30]]]))
    array([[[ 1,  2,  3],
            [10, 20, 30]]])
    """

    def __init__(self, factor: PerAxis) -> None:
        self.factor = factor

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.shape = x.shape
        return pixel_shuffle(x, self.factor)

    def backward(self, grad: np.ndarray) -> np.ndarray:
        factor = [large // small for large, small in zip(grad.shape[2:], self.shape[2:])]
        phases = (every(phase, factor) for phase in np.ndindex(*factor))
        # batch, channels, phase, *size: the channels of x run over (channel, *phase)
        return np.stack([grad[phase] for phase in phases], axis=2).reshape(self.shape)


class FixedKernel(_Weightless):
    """`conv_transpose` with a kernel that does not learn, the same for each channel on its own.

    `FixedKernel(nearest(2), stride=2)` enlarges, `FixedKernel(box(2), padding=1)` blurs. The way back is
    `conv` with the same kernel: for `nearest(2)` it adds up the four cells that one has become.

    Examples
    --------
    >>> layer = FixedKernel(np.array([1, 1]), stride=2)
    >>> layer.forward(np.array([[[3, 5]]])), layer.backward(np.array([[[1, 2, 10, 20]]]))
    (array([[[3, 3, 5, 5]]]), array([[[ 3, 30]]]))
    """

    def __init__(self, kernel: ArrayLike, stride: PerAxis = 1, padding: PaddingPerAxis = 0) -> None:
        self.kernel = kernel
        self.settings = {"stride": stride, "padding": padding}

    def forward(self, x: np.ndarray) -> np.ndarray:
        return self._depthwise(conv_transpose, x)

    def backward(self, grad: np.ndarray) -> np.ndarray:
        return self._depthwise(conv, grad)

    def _depthwise(self, operator, array):
        channels = array.shape[1]
        return operator(array, depthwise(self.kernel, channels), groups=channels, **self.settings)


class Network:
    """Layers one after the other, forward; and backward in the opposite order.

    Examples
    --------
    >>> network = Network([Conv(np.array([[[2]]])), Relu()])
    >>> network.forward(np.array([[[-1, 3]]]))
    array([[[0., 6.]]])
    >>> network.backward(np.array([[[1.0, 1.0]]]))
    array([[[0., 2.]]])
    >>> [gradient.tolist() for gradient in network.gradients]
    [[[[3.0]]], [1.0]]
    """

    def __init__(self, layers: Iterable[Layer]) -> None:
        self.layers = list(layers)

    @property
    def parameters(self) -> list[np.ndarray]:
        """The arrays that training changes: of all layers, in order."""
        return [array for layer in self.layers for array in layer.parameters]

    @property
    def gradients(self) -> list[np.ndarray]:
        """dL/dparameter for each of the parameters, from the last call of `backward`."""
        return [array for layer in self.layers for array in layer.gradients]

    def forward(self, x: np.ndarray) -> np.ndarray:
        """The output for x, shape (batch, channels, *size)."""
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, grad: np.ndarray) -> np.ndarray:
        """dL/dx, given dL/doutput of the last call of `forward`."""
        for layer in reversed(self.layers):
            grad = layer.backward(grad)
        return grad


def random_weight(rng: np.random.Generator, shape: tuple[int, ...], terms: float) -> np.ndarray:
    """Random numbers that keep the scale of what passes through: variance 2 / terms (He initialisation).

    Parameters
    ----------
    rng : numpy.random.Generator
    shape : tuple of int
    terms : number
        How many products are added in one output cell. For `conv` that is in_channels // groups times the
        cells of the kernel. For `conv_transpose` it is that number divided by the cells of the stride: only
        every s-th element of a stamp lands on the same cell as its neighbour's.

    Examples
    --------
    >>> random_weight(np.random.default_rng(0), (3, 1, 4, 4), terms=3 * 16 / 4).shape
    (3, 1, 4, 4)

    References
    ----------
    He, Zhang, Ren and Sun (2015), Delving deep into rectifiers. arXiv:1502.01852
    """
    return rng.normal(0, np.sqrt(2 / terms), shape)


# --- training


def mean_squared_error(output: ArrayLike, target: ArrayLike) -> tuple[float, np.ndarray]:
    """The loss, and its gradient by output.

    Examples
    --------
    >>> mean_squared_error(np.array([1, 2, 3, 4]), np.array([1, 2, 3, 6]))
    (1.0, array([ 0.,  0.,  0., -1.]))
    """
    difference = _difference(output, target)
    return float(np.mean(difference**2)), 2 * difference / difference.size


def _difference(output, target):
    output, target = np.asarray(output), np.asarray(target)
    if output.shape != target.shape:
        raise ValueError(f"target must have the shape of output, {output.shape}, got {target.shape}")
    return output - target


class Adam:
    """Gradient descent with a step of its own size for every number (Adam).

    Each number moves by `rate` times the running mean of its gradient, over the root of the running mean of
    its square: about `rate` a step while the gradient keeps its sign, less where it wavers.

    Examples
    --------
    >>> weight = np.array([5.0, -3.0])
    >>> adam = Adam([weight], rate=0.1)
    >>> adam.step([np.array([100.0, -0.5])])        # the sizes differ, the first steps do not
    >>> weight.round(6)
    array([ 4.9, -2.9])

    References
    ----------
    Kingma and Ba (2015), Adam: a method for stochastic optimization. arXiv:1412.6980
    """

    def __init__(
        self, parameters: Sequence[np.ndarray], rate: float = 1e-3, decay: tuple[float, float] = (0.9, 0.999)
    ) -> None:
        """Take the arrays that `step` will change in place."""
        self.parameters, self.rate, self.decay = parameters, rate, decay
        self.steps = 0
        self.means = [np.zeros_like(p) for p in parameters]
        self.squares = [np.zeros_like(p) for p in parameters]

    def step(self, gradients: Sequence[np.ndarray]) -> None:
        """Change every parameter by its gradient."""
        if [np.shape(g) for g in gradients] != [p.shape for p in self.parameters]:
            raise ValueError(
                f"gradients must have the shapes of the parameters, {[p.shape for p in self.parameters]}, "
                f"got {[np.shape(g) for g in gradients]}"
            )
        self.steps += 1
        fast, slow = self.decay
        for parameter, gradient, mean, square in zip(self.parameters, gradients, self.means, self.squares):
            mean += (1 - fast) * (gradient - mean)
            square += (1 - slow) * (gradient**2 - square)
            # Both means start at zero and are too small at first, by a factor that is known.
            corrected, spread = mean / (1 - fast**self.steps), square / (1 - slow**self.steps)
            parameter -= self.rate * corrected / (np.sqrt(spread) + 1e-8)


class Progress:
    """A sequence that shows how far a loop over it has come: one mark for every sixteenth part.

    The bar grows while the loop runs and ends the same every time, so that stored outputs can be compared.

    Examples
    --------
    >>> sum(Progress(range(60), "adding"))
    adding           ================
    1770
    """

    def __init__(self, items: Collection, label: str, marks: int = 16) -> None:
        self.items, self.label, self.marks = items, label, marks

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator:
        print(f"{self.label:16}", end=" ", flush=True)
        for number, item in enumerate(self.items):
            yield item
            done, before = (self.marks * n // len(self) for n in (number + 1, number))
            print("=" * (done - before), end="", flush=True)
        print()


def train(
    network: Network, batches: Collection[tuple[np.ndarray, np.ndarray]], rate: float = 1e-3
) -> list[float]:
    """Train a network, one step for each batch, with Adam and a rate that falls to zero in a straight line.

    Parameters
    ----------
    network : Network
        Its parameters are changed.
    batches : iterable with a length, of pairs (x, target)
    rate : number
        Of the first step.

    Returns
    -------
    list of float
        The loss of each batch, before its step.

    Examples
    --------
    >>> network = Network([Conv(np.zeros((1, 1, 1)))])              # to learn: 3 x + 1
    >>> batches = [(np.array([[[0, 1]]]), np.array([[[1, 4]]]))] * 300
    >>> losses = train(network, batches, rate=0.1)
    >>> losses[0], round(losses[-1], 4)
    (8.5, 0.0)
    >>> [array.round(2).ravel().tolist() for array in network.parameters]
    [[3.0], [1.0]]
    """
    adam, losses = Adam(network.parameters), []
    for number, (x, target) in enumerate(batches):
        loss, grad = mean_squared_error(network.forward(x), target)
        network.backward(grad)
        adam.rate = rate * (1 - number / len(batches))
        adam.step(network.gradients)
        losses.append(loss)
    return losses


# --- images


def random_patches(images: np.ndarray, size: int, count: int, rng: np.random.Generator) -> np.ndarray:
    """Square patches from random places of random images.

    Parameters
    ----------
    images : array, shape (images, height, width)
    size, count : int
        The patches' side in cells, and how many.
    rng : numpy.random.Generator

    Returns
    -------
    array, shape (count, 1, size, size)

    Examples
    --------
    >>> images = np.arange(2 * 5 * 7).reshape(2, 5, 7)
    >>> random_patches(images, 3, 8, np.random.default_rng(0)).shape
    (8, 1, 3, 3)
    """
    images = np.asarray(images)
    if images.ndim != 3 or min(images.shape[1:]) < size:
        raise ValueError(
            f"images must be (images, height, width), none smaller than {size}, got {images.shape}"
        )
    which = rng.integers(len(images), size=count)
    top, left = (rng.integers(n - size + 1, size=count) for n in images.shape[1:])
    patches = [images[k, i : i + size, j : j + size] for k, i, j in zip(which, top, left)]
    return np.stack(patches)[:, np.newaxis]


def shrink(images: ArrayLike, factor: int) -> np.ndarray:
    """Images made smaller: each cell is the mean of factor x factor cells.

    Examples
    --------
    >>> shrink(np.array([[[[1, 3, 5, 7], [1, 3, 5, 7]]]]), 2)
    array([[[[2., 6.]]]])
    """
    return conv(images, depthwise(box(factor), 1), stride=factor)


def psnr(image: ArrayLike, truth: ArrayLike) -> float:
    """Peak signal-to-noise ratio in decibels, of images from 0 to 1; 10 more is a tenth of the squared error.

    Examples
    --------
    >>> truth = np.zeros(4)
    >>> psnr(truth + 0.1, truth), psnr(truth + 0.01, truth)
    (20.0, 40.0)
    """
    error = np.mean(_difference(image, truth) ** 2)
    return float(-10 * np.log10(error)) if error else np.inf
