"""Make lib/guitar.npz: one second of a real guitar, from a sample of Sonic Pi's collection.

    apt download sonic-pi-samples && dpkg-deb -x sonic-pi-samples_*.deb samples
    pip install soundfile && python tools/make_guitar.py samples/usr/share/sonic-pi/samples/guit_e_fifths.flac

The recording is by Sub-d (freesound.org/people/Sub-d/sounds/46990), released under CC0: free of restrictions.
"""

import argparse
from pathlib import Path

import numpy as np
import soundfile

RATE = 8000  # samples a second


def resampled(sound, rate):
    """The sound at RATE: its spectrum up to RATE / 2, and nothing above."""
    seconds = len(sound) // rate
    spectrum = np.fft.rfft(sound[: seconds * rate])[: seconds * RATE // 2]
    return np.fft.irfft(spectrum, seconds * RATE) * RATE / rate


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recording", type=Path)
    sound, rate = soundfile.read(parser.parse_args().recording)
    second = resampled(sound.mean(axis=1), rate)[:RATE]
    target = Path(__file__).resolve().parent.parent / "lib" / "guitar.npz"
    whole = np.rint(second / np.abs(second).max() * 20000).astype(np.int16)
    np.savez_compressed(target, guitar=whole)
    print(f"{target.name}: {target.stat().st_size // 1024} KB")
