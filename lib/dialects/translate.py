"""Move a layer from one framework to another, and prove on numbers that nothing has shifted."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike

from ..shapes import Pairs
from . import jax, keras, onnx, tensorflow, torch
from .code import origin
from .dialect import Dialect
from .plan import Plan, run, window

FRAMEWORKS: dict[str, Dialect] = {
    "torch": torch,
    "tensorflow": tensorflow,
    "keras": keras,
    "jax": jax,
    "onnx": onnx,
}


@dataclass(frozen=True, eq=False)
class Layer:
    """A transposed convolution as one framework describes it; call it on an input to compute it.

    Parameters
    ----------
    framework : "torch", "tensorflow", "keras", "jax" or "onnx"
    weight : array, in the framework's layout
    bias : array, shape (out_channels,), optional
        Added to every cell of its channel, whether or not the framework's own function has an argument for
        it.
    settings : dict
        The other arguments of `torch_conv_transpose`, `tf_conv_transpose`, ... `output_shape` of "tensorflow"
        may be a function that takes the input's shape, so that the layer works at every size.

    Examples
    --------
    >>> layer = Layer("torch", np.arange(1, 4).reshape(1, 1, 3), settings={"stride": 2, "padding": 1})
    >>> layer(np.ones((1, 1, 3), int))
    array([[[2, 4, 2, 4, 2]]])
    """

    framework: str
    weight: np.ndarray
    bias: np.ndarray | None = None
    settings: dict = field(default_factory=dict)

    def __post_init__(self) -> None:
        _known(self.framework)

    def __call__(self, input: ArrayLike) -> np.ndarray:
        """The layer's output for an input in the framework's own order of axes."""
        return run(self.plan(input), input, self.bias)

    def plan(self, input: ArrayLike) -> Plan:
        """The layer in the terms of `lib.conv_transpose`, for an input of this shape."""
        settings = dict(self.settings)
        if callable(settings.get("output_shape")):
            settings["output_shape"] = settings["output_shape"](np.shape(input))
        return FRAMEWORKS[self.framework].plan(input, self.weight, **settings)


@dataclass(frozen=True, eq=False)
class Translation:
    """A layer in another framework, with what has to be done after it; call it on an input to compute both.

    Attributes
    ----------
    layer : Layer
        Weight and settings there. Its arrays have that framework's usual order of axes.
    crop : tuple of (before, after) pairs, one per spatial axis
        Cells to cut off the layer's output; a negative number stands for cells of zeros to add. All zeros
        where a setting of the layer says everything.
    late_bias : array or None
        The bias, where cells have to be added before it.
    code : str
        The lines to write in the other framework: they take `x`, `weight` and, if there is one, `bias`, and
        give `y`. Comments at their head say where `weight` and `bias` come from. The lines for JAX hold for
        Flax too: its layers take the same pairs, with the same `transpose_kernel`.
    note : str
        Why something is left to do after the layer; empty where nothing is.
    """

    layer: Layer
    crop: Pairs
    late_bias: np.ndarray | None
    code: str
    note: str

    @property
    def exact(self) -> bool:
        """Whether the layer says it all by itself."""
        return not any(map(any, self.crop))

    def __call__(self, input: ArrayLike) -> np.ndarray:
        """The translated layer's output, cropped or padded as it has to be."""
        plan = self.layer.plan(input)
        output = run(plan, input, self.layer.bias)
        first = np.transpose(output, np.argsort(plan.write))  # batch, channels, *size
        size = [n - sum(pair) for n, pair in zip(first.shape[2:], self.crop)]
        kept = window(first, [before for before, _ in self.crop], size)
        if self.late_bias is not None:
            kept = kept + np.reshape(self.late_bias, (-1, *[1] * len(size)))
        return np.transpose(kept, plan.write)

    def __repr__(self) -> str:
        rest = "" if self.exact else f", then crop {self.crop}"
        return f"Translation({self.layer.framework}: {self.layer.settings}{rest})"


def translate(layer: Layer, to: str, input_size: Sequence[int] | None = None) -> Translation:
    """The same layer in another framework, checked on numbers.

    Parameters
    ----------
    layer : Layer
    to : "torch", "tensorflow", "keras", "jax" or "onnx"
    input_size : one int per spatial axis, optional
        Needed where `output_shape` is a list: it says the crop for one input size only.

    Returns
    -------
    Translation
        Before it is returned, both layers are run on integers, at two input sizes, and their results compared
        exactly.

    Raises
    ------
    ValueError
        If the other framework has no such layer; the message says why and what would do instead.

    Examples
    --------
    TensorFlow's SAME with an odd number of cells to crop is no setting of PyTorch:

    >>> same = Layer("keras", np.arange(1, 4).reshape(3, 1, 1), settings={"strides": 2, "padding": "same"})
    >>> there = translate(same, "torch")
    >>> there.layer.settings["padding"], there.layer.settings["output_padding"], there.crop
    ((0,), (0,), ((0, 1),))
    >>> there(np.ones((1, 1, 3), int))
    array([[[1, 2, 4, 2, 4, 2]]])
    >>> print(there.code)
    # weight: the translation's layer.weight, of shape (1, 1, 3)
    import torch
    <BLANKLINE>
    layer = torch.nn.ConvTranspose1d(
        1,
        1,
        kernel_size=(3,),
        stride=(2,),
        padding=(0,),
        output_padding=(0,),
        groups=1,
        dilation=(1,),
        bias=False,
    )
    with torch.no_grad():
        layer.weight.copy_(torch.as_tensor(weight))
    y = layer(x)
    y = y[:, :, :-1]
    """
    _known(to)
    size = _probe_size(layer, input_size)
    translation = _express(layer, to, size)
    _check(layer, to, size)
    return translation


def _known(framework):
    if framework not in FRAMEWORKS:
        raise ValueError(f"framework must be one of {', '.join(FRAMEWORKS)}, got {framework!r}")


def _fixed(layer):
    """Whether the layer's settings hold for one input size only."""
    shape = layer.settings.get("output_shape")
    return shape is not None and not callable(shape)


def _probe_size(layer, input_size):
    """An input size at which the layer keeps cells of its own, each axis another, unless one is given."""
    axes = np.ndim(layer.weight) - 2
    if input_size is None and _fixed(layer):
        raise ValueError(
            f"input_size must be given: output_shape {layer.settings['output_shape']} "
            f"says the crop for one input size only"
        )
    if input_size is not None:
        return tuple(input_size)
    for smallest in (3, 10, 30, 100, 300):  # padding may eat a small input whole
        size = tuple(range(smallest, smallest + axes))
        try:
            plan = layer.plan(_probe(layer, size))
        except ValueError as error:
            refusal = error
            continue
        added = [sum(max(-end, 0) for end in pair) for pair in plan.crop]
        output_size = plan.output_size(size)
        if all(n > more for n, more in zip(output_size, added)):
            return size
        refusal = ValueError(f"layer must have an output, got size {output_size} of input size {size}")
    raise refusal


def _probe(layer, size):
    """Integers, all different, in the shape of an input of the layer."""
    channels, read = FRAMEWORKS[layer.framework].layout(layer.weight, layer.settings)
    batch = layer.settings["output_shape"][0] if layer.framework == "tensorflow" and _fixed(layer) else 1
    first = np.arange(1, 1 + batch * channels * int(np.prod(size))).reshape(batch, channels, *size)
    return np.transpose(first, np.argsort(read))


def _express(layer, to, size):
    """The layer in another framework, not yet checked."""
    module, plan = FRAMEWORKS[to], layer.plan(_probe(layer, size))
    weight, settings, crop, said = module.express(plan)
    adds = any(end < 0 for pair in crop for end in pair)
    weight = np.ascontiguousarray(weight)  # a plain array: PyTorch takes no flipped views
    target = Layer(to, weight, None if adds else layer.bias, settings)
    late_bias = layer.bias if adds else None
    note = [f"Left to do after the layer: {module.LIMIT}."] if any(map(any, crop)) else []
    note += [said] if said else []
    return Translation(
        target,
        crop,
        late_bias,
        "\n".join(origin(target, late_bias) + module.code(target, crop, late_bias is not None)),
        " ".join(note),
    )


def _check(layer, to, size):
    """Run both layers on integers, at two input sizes where the layer has two, and compare exactly."""
    weight = np.arange(1, 1 + np.size(layer.weight)).reshape(np.shape(layer.weight))
    bias = None if layer.bias is None else 1000 * np.arange(1, 1 + np.size(layer.bias))
    twin = replace(layer, weight=weight, bias=bias)
    translation = _express(twin, to, size)
    for bigger in range(1 if _fixed(layer) else 2):
        here = _probe(twin, [n + bigger for n in size])
        plan = twin.plan(here)
        first = np.transpose(here, plan.read)  # batch, channels, *size
        there = np.transpose(
            first, np.argsort(FRAMEWORKS[to].layout(translation.layer.weight, translation.layer.settings)[1])
        )
        wanted = np.transpose(twin(here), np.argsort(plan.write))
        result = translation(there)
        result = np.transpose(result, np.argsort(translation.layer.plan(there).write))
        if not np.array_equal(wanted, result):
            raise AssertionError(
                f"{translation!r} is not {layer.framework}: {layer.settings} at input size {first.shape[2:]}"
            )
