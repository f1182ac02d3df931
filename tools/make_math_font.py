"""Cut a mathematics font down to the characters of the book's formulas.

    python tools/make_math_font.py texgyreschola-math.otf

TeX Gyre Schola Math (Debian: fonts-texgyre-math; also at gust.org.pl) becomes _ext/fonts/mathematics.woff2,
22 kB of its 577. Run it when tests/site/test_weight.py says that a formula has a character that the font
lacks: add it here. It needs brotli (`pip install brotli`).
"""

import string
import sys
from pathlib import Path

from fontTools import subset

TARGET = Path(__file__).resolve().parent.parent / "_ext" / "fonts" / "mathematics.woff2"
UPRIGHT = string.digits + string.ascii_letters + "()[]{}|/+-=<>.,:;!  "
GREEK = "αβγδεκλμπσφω"
# A browser shows the one letter of a variable as the italic letter of Unicode's mathematical alphabets.
ITALIC = [chr(0x1D434 + n) for n in range(52) if chr(0x1D434 + n) != "\U0001d455"] + ["ℎ"]
ITALIC += [chr(0x1D6FC + n) for n in range(26)]  # Greek
SIGNS = "−×·⋅∗∘≤≥≠≈∈∂∑∏√∞⊤‖⌊⌋⌈⌉⟨⟩→…⋯′ˆ\u0302\u2061\U0001d5b3"  # the last is the T of the transpose


def main():
    (source,) = sys.argv[1:]
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = []  # without the other forms of a letter in a script: half the size
    options.hinting = False
    options.desubroutinize = True
    font = subset.load_font(source, options)
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join([UPRIGHT, GREEK, *ITALIC, SIGNS]))
    cutter.subset(font)
    for record in font["name"].names:  # what was changed bears another name
        if record.nameID in (1, 4, 6, 16):
            record.string = "Book Mathematics" if record.nameID != 6 else "BookMathematics"
    font["head"].modified = font["head"].created  # the same bytes each time
    font.recalcTimestamp = False
    subset.save_font(font, TARGET, options)
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes, {len(font.getBestCmap())} characters")


if __name__ == "__main__":
    main()
