"""Sounds, read back with Python's own reader of WAV files."""

import io
import re
import wave
from base64 import b64decode

import numpy as np
import pytest

from lib.sounds import Sound, guitar


def played(sound):
    """The samples that a player reads, and how it reads them."""
    data = re.search(r'src="data:audio/wav;base64,([^"]+)"', sound._repr_html_())[1]
    with wave.open(io.BytesIO(b64decode(data))) as reader:
        samples = np.frombuffer(reader.readframes(reader.getnframes()), "<i2")
        return samples.tolist(), reader.getframerate(), reader.getnchannels(), reader.getsampwidth()


@pytest.mark.parametrize("kind", [int, float, np.int16])
def test_the_loudest_sample_is_played_at_full_strength(kind):
    sound = Sound(np.array([0, 2, -4, 1], kind), 8000, "four steps")
    assert played(sound) == ([0, 16383, -32767, 8191], 8000, 1, 2)


def test_the_guitar_is_one_second_of_16_bits():
    """It swings around zero and sounds to its end; whole numbers with room to be multiplied."""
    samples = guitar()
    assert samples.shape == (8000,) and samples.dtype == np.int64
    assert abs(samples).max() <= 32767 and abs(samples.mean()) < 0.02 * samples.std()
    assert min(part.std() for part in np.split(samples, 10)) > 1000


@pytest.mark.parametrize("rate", [1, 192000])
def test_the_slowest_and_the_fastest(rate):
    assert played(Sound([3], rate, "one step"))[:2] == ([32767], rate)


def test_silence_is_silent():
    assert played(Sound([0, 0], 44100, "nothing")) == ([0, 0], 44100, 1, 2)


def test_the_label_is_text():
    assert 'aria-label="a &lt;b&gt; &quot;c&quot;"' in Sound([1], 8000, 'a <b> "c"')._repr_html_()


@pytest.mark.parametrize(
    "samples, rate, words",
    [
        ([[1, 2]], 8000, r"samples must be one axis .* got int64 of shape \(1, 2\)"),
        ([], 8000, "samples must be one axis"),
        ([1, np.nan], 8000, "samples must be one axis of finite"),
        ([1j], 8000, "samples must be one axis .* got complex128"),
        ([1], 0, "rate must be from 1 to 192000 samples a second, got 0"),
        ([1], 192001, "rate must be from 1"),
    ],
)
def test_what_cannot_be_played_is_refused(samples, rate, words):
    with pytest.raises(ValueError, match=words):
        Sound(samples, rate, "a sound")
