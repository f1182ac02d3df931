"""Make lib/photographs.npz: six real photographs as small grey images, from scikit-image's samples.

    pip install scikit-image && python tools/make_photographs.py

All six are free of restrictions: astronaut (NASA, public domain), camera (Lav Varshney, CC0), chelsea
(Stefan van der Walt, CC0), coffee (Rachel Michetti, CC0), rocket (SpaceX, public domain), gravel
(CC0Textures, CC0).
"""

from pathlib import Path

import numpy as np
from skimage import data

NAMES = ("astronaut", "camera", "chelsea", "coffee", "rocket", "gravel")
SIZE = 128


def small_grey(image):
    """The largest centred square whose side is a multiple of SIZE, grey, averaged down to SIZE x SIZE."""
    grey = image @ [0.2125, 0.7154, 0.0721] if image.ndim == 3 else image.astype(float)
    factor = min(grey.shape) // SIZE
    top, left = ((n - factor * SIZE) // 2 for n in grey.shape)
    square = grey[top : top + factor * SIZE, left : left + factor * SIZE]
    blocks = square.reshape(SIZE, factor, SIZE, factor)
    return np.round(blocks.mean(axis=(1, 3))).astype(np.uint8)


if __name__ == "__main__":
    target = Path(__file__).resolve().parent.parent / "lib" / "photographs.npz"
    np.savez_compressed(target, **{name: small_grey(getattr(data, name)()) for name in NAMES})
    print(f"{target.name}: {target.stat().st_size // 1024} KB")
