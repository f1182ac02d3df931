"""The book's figures: one function for each kind of drawing, general in its settings.

Every function takes arrays and settings, checks them, and returns a `Figure` whose description says what is
drawn, with its numbers when they are few; `Figure.described` puts other words in its place. A number stands
in its cell, and the same cell looks the same in every view: see `lib.svg` for what the colours and shapes
mean.

`film` gives no `Figure` but a `Film`: frames that follow each other, to save as SVG or GIF.

Arrays here are bare: spatial axes only, one or two of them. A 1-D array is drawn as one row.

One file holds one family of figures, in the order in which a figure comes about: what is to be drawn, the
drawing, the words, the public function. All of them stand on `given` (every check of arguments), `words`
(numbers and sizes as text), `cells` (cells on a sheet) and `model` (one operation brought to the plane).
"""

from .channels import blocks
from .films import film
from .grids import beside, grid
from .matrices import matrix, product
from .operations import operation
from .overlaps import overlap
from .pictures import padded
from .plots import plot_style
from .ranges import sizes
from .scatter import stamps
from .swapped import operators
from .walks import walk
from .wiring import wires

__all__ = [
    "beside",
    "blocks",
    "film",
    "grid",
    "matrix",
    "operation",
    "operators",
    "overlap",
    "padded",
    "plot_style",
    "product",
    "sizes",
    "stamps",
    "walk",
    "wires",
]
