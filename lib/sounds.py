"""A real sound, and a player: no more than the samples, in a form that every browser knows."""

from __future__ import annotations

import io
import wave
from base64 import b64encode
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

FULL = 32767  # the largest sample of 16 bits
_FILE = Path(__file__).with_name("guitar.npz")


def guitar() -> np.ndarray:
    """One second of a real guitar, free of restrictions (tools/make_guitar.py names who played it).

    Returns
    -------
    array of int64, shape (8000,)
        8000 samples a second, in steps of 16-bit sound.

    Examples
    --------
    >>> guitar().shape, int(abs(guitar()).max())
    ((8000,), 20000)
    """
    with np.load(_FILE) as file:
        return file["guitar"].astype(np.int64)


class Sound:
    """Samples to listen to. As the last line of a cell it shows a player.

    Parameters
    ----------
    samples : array, shape (count,), real
        The loudest of them is played at full strength.
    rate : int
        Samples a second, 1 to 192000.
    label : str
        What is heard, for whoever cannot hear it.

    Raises
    ------
    ValueError
        If the samples are not one axis of finite real numbers, or the rate is out of range.

    Examples
    --------
    >>> Sound([0, 1, 0, -1], 8000, "one period of a tone")
    Sound('one period of a tone, 4 samples at 8000 a second')
    """

    def __init__(self, samples: Any, rate: int, label: str) -> None:
        self.samples = np.asarray(samples)
        real = self.samples.dtype.kind in "iuf"
        if not real or self.samples.ndim != 1 or not self.samples.size or not np.isfinite(self.samples).all():
            raise ValueError(
                f"samples must be one axis of finite real numbers, got {self.samples.dtype} of shape "
                f"{self.samples.shape}"
            )
        if not 1 <= rate <= 192000:
            raise ValueError(f"rate must be from 1 to 192000 samples a second, got {rate}")
        self.rate, self.label = rate, label

    def __repr__(self) -> str:
        return f"Sound('{self.label}, {self.samples.size} samples at {self.rate} a second')"

    def wav(self) -> bytes:
        """The sound as the bytes of a WAV file: one channel, 16 bits a sample."""
        loudest = np.abs(self.samples.astype(float)).max() or 1
        file = io.BytesIO()
        with wave.open(file, "wb") as writer:
            writer.setnchannels(1)
            writer.setsampwidth(2)
            writer.setframerate(self.rate)
            writer.writeframes((self.samples / loudest * FULL).astype("<i2").tobytes())
        return file.getvalue()

    def _repr_html_(self) -> str:
        data = b64encode(self.wav()).decode()
        label = escape(self.label)
        return f'<audio src="data:audio/wav;base64,{data}" controls aria-label="{label}"></audio>'
