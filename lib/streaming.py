"""A transposed convolution of a sound that has not ended: block by block, the same numbers as on the whole.

A convolution over blocks must remember *inputs*, those that the next windows read again. A transposed
convolution must remember *outputs*: sums that stamps still to come add to. That is overlap-add.
"""

import numpy as np
from numpy.typing import ArrayLike

from .fast import conv_transpose
from .shapes import (
    PaddingPerAxis,
    PerAxis,
    check_conv_transpose,
    effective_size,
    numbers,
    padding_pairs,
    result_type,
    working_type,
)


class StreamingConvTranspose:
    """`conv_transpose` over blocks of its input: what it hands out, joined, is the result on the whole.

    Time is the first spatial axis; others (an image in a film, say) come whole in every block. An output cell
    is handed out as soon as no later stamp reaches it.

    Parameters
    ----------
    weight, bias, stride, padding, output_padding, dilation, groups
        As in `conv_transpose`, and refused as there. With padding (0, d * (k - 1) + 1 - stride), the causal
        crop, n input cells give stride * n output cells at once, and nothing is left for `finish`.

    Examples
    --------
    >>> weight = np.array([[[1, 10, 100]]])
    >>> layer = StreamingConvTranspose(weight, stride=2)
    >>> [layer.push([[[1]]]).tolist(), layer.push([[[2]]]).tolist(), layer.finish().tolist()]
    [[[[1, 10]]], [[[102, 20]]], [[[200]]]]
    >>> conv_transpose([[[1, 2]]], weight, stride=2).tolist()
    [[[1, 10, 102, 20, 200]]]
    """

    def __init__(
        self,
        weight: ArrayLike,
        bias: ArrayLike | None = None,
        *,
        stride: PerAxis = 1,
        padding: PaddingPerAxis = 0,
        output_padding: PerAxis = 0,
        dilation: PerAxis = 1,
        groups: int = 1,
    ) -> None:
        array = numbers("weight", weight)
        if array.ndim < 3:
            raise ValueError(
                "weight must have shape (in_channels, out_channels // groups, *kernel_size), "
                f"got {array.shape}"
            )
        long_enough = [before + after + 1 for before, after in padding_pairs(padding, array.ndim - 2)]
        # All is checked before the first block, on one that holds nothing.
        trial = np.broadcast_to(np.int8(0), (1, len(array), *long_enough))
        checked = check_conv_transpose(trial, weight, bias, stride, padding, output_padding, dilation, groups)
        _, self._weight, self._bias, self._settings, _ = checked
        (span, *_), s = (
            effective_size(self._settings.kernel_size, self._settings.dilation),
            self._settings.stride[0],
        )
        (self._before, after) = self._settings.padding[0]
        self._overlap = max(0, span - s)  # cells of a stamp that the next one reaches, too
        self._gap = max(0, s - span)  # cells between two stamps
        self._rest = span - s + self._settings.output_padding[0] - after  # behind the last stride
        self._held = max(0, -self._rest)  # what the end crops is not known before the end: so many cells wait
        self.reset()

    def reset(self) -> None:
        """Forget every block."""
        self._open: np.ndarray | None = None  # output cells not handed out yet
        self._type: np.ndarray | None = None  # no number, in the dtype of all that came
        self._crop = self._held + self._before  # cells at the beginning that are not handed out at all

    def push(self, block: ArrayLike) -> np.ndarray:
        """The output cells that are finished once `block` has come.

        Parameters
        ----------
        block : array, shape (batch, in_channels, n, *other axes)
            The next n input cells, at least one; batch and other axes as in the first block.

        Returns
        -------
        array, shape (batch, out_channels, cells, *other axes)
            The next stride * n cells, fewer at the beginning if `padding` crops or a crop of the end must be
            waited for. Of no cells if n is as small as that.

        Raises
        ------
        ValueError, TypeError
            As `conv_transpose`, and if the block does not fit those before.
        """
        block = numbers("block", block)
        dtype = result_type(block=block, weight=self._weight, bias=self._bias, before=self._type)
        stamps = self._stamps(block, working_type(dtype))
        opened = self._opened(stamps)
        sums = np.concatenate([opened, np.zeros_like(stamps[:, :, self._overlap :])], axis=2)
        sums[:, :, self._held :] += stamps
        done = sums.shape[2] - opened.shape[2]  # stride * n
        self._open, self._type = sums[:, :, done:], np.empty(0, dtype)
        return self._handed_out(sums[:, :, :done])

    def finish(self) -> np.ndarray:
        """The last output cells, to which nothing is added any more; then everything is forgotten.

        Raises
        ------
        ValueError
            If no block has been pushed.
        """
        if self._open is None:
            raise ValueError("finish needs at least one push before it")
        rest, ends = max(0, self._rest), [(0, 0)] * self._open.ndim
        ends[2] = (0, rest)  # more than enough for what output_padding adds behind the last stamp
        last = self._handed_out(np.pad(self._open, ends)[:, :, :rest])
        self.reset()
        return last

    def _stamps(self, block, working):
        """Everything that the block adds to the output, nothing cropped on the time axis, with no bias."""
        settings = self._settings
        return conv_transpose(
            block.astype(working, copy=False),
            self._weight.astype(working, copy=False),
            stride=settings.stride,
            padding=((0, 0), *settings.padding[1:]),
            output_padding=(self._gap, *settings.output_padding[1:]),
            dilation=settings.dilation,
            groups=settings.groups,
        )

    def _opened(self, stamps):
        """The cells not handed out yet; at the beginning there are none, so they are zeros."""
        shape = (*stamps.shape[:2], self._held + self._overlap, *stamps.shape[3:])
        if self._open is None:
            return np.zeros(shape, stamps.dtype)
        if self._open.shape != shape:
            raise ValueError(f"block must fit those before: its sums are {shape}, theirs {self._open.shape}")
        return self._open

    def _handed_out(self, cells):
        """Cells without those that `padding` crops at the beginning, with the bias, in the result's dtype."""
        cropped = min(self._crop, cells.shape[2])
        self._crop -= cropped
        cells = cells[:, :, cropped:]
        if self._bias is not None:
            cells = cells + self._bias.reshape(len(self._bias), *[1] * (cells.ndim - 2))
        return cells.astype(self._type.dtype)
