"""The size calculator: from two sizes to every setting, from a layer to its size, between frameworks.

On a page of the book it works with no kernel; in a notebook it shows the answer to the sizes it is given. Its
front end has the rules of `lib.shapes`, `lib.dialects` and `lib.stacks`; tests hold them against each other.
"""

import json
from html import escape
from typing import Any

from ..shapes import solve_sizes
from ..shapes.settings import as_int
from . import front

__all__ = ["Calculator", "front"]

_HEAD = ("kernel_size", "stride", "padding", "output_padding", "dilation", "what it means")
_SHOWN = 8
_WITHOUT_SCRIPT = (
    "<p>To try other numbers here, your browser must run scripts. By hand: an input of i cells "
    "becomes o = s (i - 1) + d (k - 1) + 1 + a - 2 p cells, with kernel_size k, stride s, padding p, "
    "output_padding a and dilation d. In Python:</p>",
    "<pre>from lib import solve_sizes",
    "solve_sizes(28, 56).settings</pre>",
)


class Calculator:
    """The settings of a transposed convolution that take one size to another, one axis like the other.

    Parameters
    ----------
    input_size, output_size : int
    axes : int, 1 to 3
        How many spatial axes the page opens with.

    Examples
    --------
    >>> Calculator(28, 56)
    Calculator('28 to 56: 27 settings, first kernel_size 2, stride 2, padding 0')
    >>> Calculator(28, 56).answer.settings[1]
    SizeSetting(kernel_size=4, stride=2, padding=1, output_padding=0, dilation=1)
    """

    def __init__(self, input_size: int = 28, output_size: int = 56, axes: int = 2) -> None:
        sizes = {
            "input_size": as_int("input_size", input_size),
            "output_size": as_int("output_size", output_size),
        }
        if as_int("axes", axes) not in (1, 2, 3):
            raise ValueError(f"axes must be 1, 2 or 3, got {axes}")
        self.answer = solve_sizes(**sizes)
        self.input_size, self.output_size = sizes.values()
        self.axes = axes

    def __repr__(self) -> str:
        return f"Calculator({f'{self.input_size} to {self.output_size}: {self._words()}'!r})"

    def _words(self):
        settings = self.answer.settings
        if not settings:
            return self.answer.reason
        count = f"{len(settings)} setting{'s' * (len(settings) > 1)}"
        k, s, p, a, _ = settings[0]
        return f"{count}, first kernel_size {k}, stride {s}, padding {p}" + (
            f", output_padding {a}" if a else ""
        )

    def html(self) -> str:
        """The calculator for a page: the answer as it stands, and the state that the script starts from."""
        state = {"input": str(self.input_size), "output": str(self.output_size), "axes": str(self.axes)}
        return "\n".join(
            [
                "<div data-calculator>",
                '<div class="sc-still">',
                f"<p>{escape(f'{self.input_size} to {self.output_size}: {self._words()}')}.</p>",
                *self._table(),
                *_WITHOUT_SCRIPT,
                "</div>",
                f'<script type="application/json">{json.dumps(state)}</script>',
                "</div>",
            ]
        )

    def _table(self):
        rows = [(*setting, _verdict(setting)) for setting in self.answer.settings[:_SHOWN]]
        if not rows:
            return []
        line = lambda tag, cells: f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in cells)}</tr>"  # noqa: E731
        body = [line("td", row) for row in rows]
        return ["<table>", f"<thead>{line('th', _HEAD)}</thead>", "<tbody>", *body, "</tbody>", "</table>"]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self.html()}


def _verdict(setting):
    """What a setting means, in the words of the page."""
    if not setting.no_dead_cell:
        return "dead cells can occur"
    return (
        "even overlap, no dead cell" if setting.even_overlap else "no dead cell; a checkerboard is possible"
    )
