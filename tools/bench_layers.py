"""The layers that `make bench` times: transposed convolutions of published networks, at their sizes there."""

from math import prod
from typing import NamedTuple

import numpy as np

from lib.shapes import conv_transpose_output_size


class Numbers(NamedTuple):
    """How many numbers a layer must read or write at least once."""

    input: int
    weight: int
    output: int


class Layer(NamedTuple):
    """One transposed convolution, one entry per spatial axis; `kind` says what makes it cheap or dear."""

    name: str
    kind: str
    in_channels: int
    out_channels: int
    size: tuple[int, ...]
    kernel_size: tuple[int, ...]
    stride: tuple[int, ...] = (1,)
    padding: tuple[int, ...] = (0,)
    output_padding: tuple[int, ...] = (0,)
    dilation: tuple[int, ...] = (1,)
    groups: int = 1

    def settings(self):
        names = ("stride", "padding", "output_padding", "dilation", "groups")
        return {name: getattr(self, name) for name in names}

    def arrays(self, batch):
        """Input, weight, bias and output gradient, float32, always the same numbers."""
        rng = np.random.default_rng(0)
        shapes = [
            (batch, self.in_channels, *self.size),
            (self.in_channels, self.out_channels // self.groups, *self.kernel_size),
            (self.out_channels,),
            (batch, self.out_channels, *self.output_size),
        ]
        return [rng.standard_normal(shape, dtype=np.float32) for shape in shapes]

    @property
    def output_size(self):
        settings = self.stride, self.padding, self.output_padding, self.dilation
        return conv_transpose_output_size(self.size, self.kernel_size, *settings)

    def multiplications(self, batch=1):
        """The useful ones: every input cell times every kernel element, those that padding crops included."""
        pairs = self.in_channels * self.out_channels // self.groups
        return batch * pairs * prod(self.size + self.kernel_size)

    def numbers(self, batch=1):
        inputs = batch * self.in_channels * prod(self.size)
        weights = self.in_channels * self.out_channels // self.groups * prod(self.kernel_size)
        return Numbers(inputs, weights, batch * self.out_channels * prod(self.output_size))


def _layer(name, kind, channels, size, kernel_size, *more, axes=2, dilation=1, groups=1):
    """The same setting on every axis; `more` is stride, padding, output_padding, as far as needed."""
    stride, padding, output_padding = (*more, *(1, 0, 0)[len(more) :])
    per_axis = [(value,) * axes for value in (size, kernel_size, stride, padding, output_padding, dilation)]
    return Layer(name, kind, *channels, *per_axis, groups)


FEW, OVERLAP, DISJOINT = "few positions", "overlapping, many channels", "kernel = stride"
TOY = "toy example"  # the book's 2 x 2 -> 4 x 4: no layer of a network, so no part of any mean
EDGE = "long shifts"  # large dilation or kernel on a small array: made to be hard, no part of any mean either
NOT_REAL = (TOY, EDGE)
THIN, UPSAMPLING, DEPTHWISE = "one or three output channels", "few channels, big upsampling", "depthwise"

LAYERS = [
    _layer("toy", TOY, (1, 1), 2, 3),
    _layer("dcgan-1", FEW, (100, 512), 1, 4),
    _layer("dcgan-2", FEW, (512, 256), 4, 4, 2, 1),
    _layer("dcgan-3", FEW, (256, 128), 8, 4, 2, 1),
    _layer("dcgan-4", OVERLAP, (128, 64), 16, 4, 2, 1),
    _layer("dcgan-5", THIN, (64, 3), 32, 4, 2, 1),
    _layer("dcgan-k5", OVERLAP, (256, 128), 8, 5, 2, 2, 1),
    _layer("wavegan", FEW, (1024, 512), 16, 25, 4, 11, 1, axes=1),
    _layer("fcn-32s", UPSAMPLING, (21, 21), 16, 64, 32),
    _layer("fcn-8s-pool4", UPSAMPLING, (21, 21), 34, 4, 2),
    _layer("fcn-8s-final", UPSAMPLING, (21, 21), 70, 16, 8),
    _layer("fcn-bilinear", DEPTHWISE, (21, 21), 70, 16, 8, groups=21),
    _layer("bilinear-x2", DEPTHWISE, (64, 64), 64, 4, 2, 1, groups=64),
    _layer("unet-1", DISJOINT, (1024, 512), 16, 2, 2),
    _layer("unet-2", DISJOINT, (512, 256), 32, 2, 2),
    _layer("unet-4", DISJOINT, (128, 64), 128, 2, 2),
    _layer("sam-mask", DISJOINT, (256, 64), 64, 2, 2),
    _layer("unet3d-deep", DISJOINT, (320, 256), 8, 2, 2, axes=3),
    _layer("unet3d-shallow", DISJOINT, (64, 32), 32, 2, 2, axes=3),
    _layer("pix2pix-3", FEW, (1024, 512), 4, 4, 2, 1),
    _layer("pix2pix-5", OVERLAP, (1024, 256), 16, 4, 2, 1),
    _layer("pix2pix-6", OVERLAP, (512, 128), 32, 4, 2, 1),
    _layer("pix2pix-7", OVERLAP, (256, 64), 64, 4, 2, 1),
    _layer("pix2pix-8", THIN, (128, 3), 128, 4, 2, 1),
    _layer("cyclegan-1", OVERLAP, (256, 128), 64, 3, 2, 1, 1),
    _layer("cyclegan-2", OVERLAP, (128, 64), 128, 3, 2, 1, 1),
    _layer("3dgan-2", FEW, (512, 256), 4, 4, 2, 1, axes=3),
    _layer("3dgan-3", OVERLAP, (256, 128), 8, 4, 2, 1, axes=3),
    _layer("3dgan-4", OVERLAP, (128, 64), 16, 4, 2, 1, axes=3),
    _layer("3dgan-5", THIN, (64, 1), 32, 4, 2, 1, axes=3),
    _layer("hifigan-1", OVERLAP, (512, 256), 128, 16, 8, 4, axes=1),
    _layer("hifigan-2", OVERLAP, (256, 128), 1024, 16, 8, 4, axes=1),
    _layer("hifigan-3", OVERLAP, (128, 64), 8192, 4, 2, 1, axes=1),
    _layer("hifigan-4", UPSAMPLING, (64, 32), 16384, 4, 2, 1, axes=1),
    _layer("dilated", OVERLAP, (64, 32), 32, 3, 1, 2, dilation=2),
    _layer("fsrcnn-x4", THIN, (56, 1), 64, 9, 4, 4, 3),
    _layer("dilation-36", EDGE, (256, 256), 33, 3, dilation=36),
    _layer("dilation-24", EDGE, (256, 256), 33, 3, 1, 24, dilation=24),
    Layer("kernel-12x84", EDGE, 64, 32, (16, 16), (12, 84), *[(value, value) for value in (1, 0, 0, 1)]),
    Layer("dilation-33x9", EDGE, 64, 32, (33, 33), (4, 9), *[(value, value) for value in (1, 0, 0)], (33, 9)),
]
