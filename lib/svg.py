"""The book's drawings as text: deterministic SVG, integer coordinates, one element a line.

The same call gives the same bytes on any machine, and a changed cell is one changed line, so that a stored
figure can be compared like any other output. No element has an id and every class starts with `tc-`, so that
the figures of a page do not meet.

What a colour means, and how a role is told apart without colour, is defined here once,
for figures and explorer.
"""

import math
import operator
import re
from collections.abc import Iterable
from html import escape
from typing import Any, NamedTuple

# Fills of the roles; ink for text; line for borders, arrows and quiet text; accent for what is pointed at.
# Okabe and Ito's colour-blind-safe blue, orange and green, as tints whose numbers keep a contrast of 4.5.
TOKENS = {
    "light": {
        "--tc-input": "#cfe4f7",
        "--tc-kernel": "#fbdca6",
        "--tc-output": "#c3ebd8",
        "--tc-zero": "#eef0f2",
        "--tc-ink": "#1b2026",
        "--tc-paper": "#ffffff",
        "--tc-line": "#5c6670",
        "--tc-accent": "#b5124f",
    },
    "dark": {
        "--tc-input": "#1e4c74",
        "--tc-kernel": "#71480c",
        "--tc-output": "#12573f",
        "--tc-zero": "#22282f",
        "--tc-ink": "#f1f3f5",
        "--tc-paper": "#121212",
        "--tc-line": "#9ba6b2",
        "--tc-accent": "#ff86b3",
    },
}


class Role(NamedTuple):
    """What a cell stands for: its letter, its words, and the shape that shows it without colour."""

    letter: str
    words: str
    shape: str


ROLES = {
    "input": Role("x", "input", "square"),
    "kernel": Role("w", "kernel", "square with one corner cut"),
    "output": Role("y", "output", "rounded square"),
    "zero": Role("0", "nothing there", "square without a border"),
    "empty": Role("", "not computed yet", "dotted rounded square"),
}

# A colour for each number of a kernel where its wires are drawn: lines, so stronger than the fills.
# Colours come back after four numbers, dashes after five: the pair after twenty.
HUES = {
    "light": {
        "--tc-hue-0": "#0b5fa5",
        "--tc-hue-1": "#b04300",
        "--tc-hue-2": "#00714f",
        "--tc-hue-3": "#8a3a8f",
    },
    "dark": {
        "--tc-hue-0": "#7cc0f2",
        "--tc-hue-1": "#ffa35c",
        "--tc-hue-2": "#5bd8ae",
        "--tc-hue-3": "#e7a3ea",
    },
}
DASHES = ("none", "8 4", "2 3", "9 3 2 3", "16 4")

# Where a theme says that it is dark: the book's, JupyterLab's, Colab's, VS Code's.
_DARK = ('html[data-theme="dark"]', '[data-jp-theme-light="false"]', "html[theme=dark]", ".vscode-dark")

_RULES = (
    (
        "text",
        "fill:var(--tc-ink);font:14px system-ui,sans-serif;text-anchor:middle",
    ),
    (".tc-small", "font-size:12px"),
    (".tc-start", "text-anchor:start"),
    (".tc-end", "text-anchor:end"),
    (".tc-strong", "font-weight:700"),
    (".tc-sign", "font-size:22px"),
    (".tc-quiet", "fill:var(--tc-line)"),
    (".tc-input", "fill:var(--tc-input);stroke:var(--tc-line)"),
    (".tc-kernel", "fill:var(--tc-kernel);stroke:var(--tc-line)"),
    (".tc-output", "fill:var(--tc-output);stroke:var(--tc-line)"),
    (".tc-zero", "fill:var(--tc-zero)"),
    (".tc-empty", "fill:none;stroke:var(--tc-line);stroke-dasharray:1 3"),
    (".tc-line", "fill:none;stroke:var(--tc-line)"),
    (".tc-lit", "fill:none;stroke:var(--tc-accent);stroke-width:3"),
    (".tc-span", "fill:none;stroke:var(--tc-accent);stroke-dasharray:4 3"),
    (".tc-head", "fill:var(--tc-line)"),
    (".tc-star", "fill:var(--tc-ink)"),
    (".tc-plate", "fill:var(--tc-paper)"),
)
# Only figures with wires carry these.
_WIRE_RULES = (
    *(
        (f".tc-hue-{n}", f"stroke:var(--tc-hue-{n});fill:var(--tc-hue-{n})")
        for n in range(len(HUES["light"]))
    ),
    *((f".tc-dash-{n}", f"stroke-dasharray:{dash}") for n, dash in enumerate(DASHES)),
    (".tc-wire", "stroke-width:2"),
    (".tc-faint", "opacity:.35"),
    (".tc-cut", "fill:none;stroke:var(--tc-line);stroke-dasharray:1 4"),
    (".tc-halo", "stroke:var(--tc-paper);stroke-width:4px;stroke-linejoin:round;paint-order:stroke"),
)
_BOX = "margin:0 0 1rem;padding:0;background:var(--tc-paper);color:var(--tc-ink)"
_FLOW = "display:flex;flex-wrap:wrap;align-items:center;gap:16px 24px;overflow-x:auto;padding:4px"


def theme_css(selector: str, tokens: dict[str, dict[str, str]] = TOKENS) -> str:
    """The custom properties inside `selector`: light, dark where the page is dark, light in print.

    Examples
    --------
    >>> print(theme_css(".box").splitlines()[0][:42])
    .box{--tc-input:#cfe4f7;--tc-kernel:#fbdca
    """
    light, dark = (
        ";".join(f"{name}:{value}" for name, value in tokens[theme].items()) for theme in ("light", "dark")
    )
    return f"{selector}{{{light}}}\n{in_the_dark(selector, dark)}"


def in_the_dark(selector: str, rule: str) -> str:
    """The CSS that gives `selector` a rule on screen where the page is dark."""
    selectors = ",".join(f"{theme} {selector}" for theme in _DARK)
    return f"@media screen{{{selectors}{{{rule}}}}}"


def _page_style(wires):
    """Style of a figure inside a page: follows the theme, scrolls inside its own box."""
    rules = [
        theme_css(".tc-figure"),
        *([theme_css(".tc-figure", HUES)] if wires else []),
        f".tc-figure{{{_BOX}}}",
        f".tc-figure>div{{{_FLOW}}}",
        ".tc-figure>p{display:none}",
        ".tc-break{flex-basis:100%}",
        ".tc-figure svg{flex:none;max-width:none;overflow:visible}",
        # The book's theme puts a white plate behind notebook HTML in dark mode; a figure brings its own.
        ".text_html:has(>.tc-figure){background:none!important;padding:0!important}",
        *(f".tc-figure {name}{{{rule}}}" for name, rule in _rules(wires) if name != ".tc-plate"),
    ]
    return "\n".join(["<style>", *rules, "</style>"])


def file_rules(theme: str, wires: bool = False) -> dict[str, str]:
    """The rules of a drawing in one theme, its colours written out: for viewers without custom properties.

    Examples
    --------
    >>> file_rules("dark")[".tc-input"]
    'fill:#1e4c74;stroke:#9ba6b2'
    """
    colours = TOKENS[theme] | HUES[theme]
    return {
        name: re.sub(r"var[(](--tc-[a-z0-9-]+)[)]", lambda m: colours[m[1]], rule)
        for name, rule in _rules(wires)
    }


def file_style(theme: str = "light", wires: bool = False) -> str:
    """The style of a drawing that is a file of its own."""
    rules = [f".tc-file {name}{{{rule}}}" for name, rule in file_rules(theme, wires).items()]
    return "\n".join(["<style>", *rules, "</style>"])


def _rules(wires):
    return _RULES + _WIRE_RULES if wires else _RULES


def element(tag: str, content: str | None = None, /, **attributes: str | int | None) -> str:
    """One SVG element as one line. Attributes keep their order; one that is None is left out.

    Numbers must be integers: they are the same text on every machine.

    Examples
    --------
    >>> element("text", "a < b", x=3, y=4, class_="tc-small")
    '<text x="3" y="4" class="tc-small">a &lt; b</text>'
    >>> element("rect", x=0, y=0, width=8, height=8)
    '<rect x="0" y="0" width="8" height="8"/>'
    """
    words = [tag]
    for name, value in attributes.items():
        if value is not None:
            text = value if isinstance(value, str) else str(_integer(name, value))
            words.append(f'{name.removesuffix("_").replace("_", "-")}="{escape(text)}"')
    return f"<{' '.join(words)}/>" if content is None else f"<{' '.join(words)}>{escape(content)}</{tag}>"


def _integer(name, value):
    try:
        return operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be an int, got {value!r}") from None


def text_width(text: str, font: int = 14) -> int:
    """Pixels that are enough for numbers and usual words in any usual sans-serif font of this size."""
    narrow = sum(text.count(sign) for sign in ".,; ")
    return -(-(2 * len(text) - narrow) * font * 32 // 100)


class Drawing:
    """A sheet of SVG elements with its own size; several of them make a figure."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = _integer("width", width), _integer("height", height)
        self.lines: list[Any] = []
        self.ends_row = False  # True: what follows in the figure starts a new row
        self.is_frame = False  # True: one of many that a page may show in turn

    def rect(
        self,
        x: int,
        y: int,
        width: int,
        height: int,
        kind: str,
        radius: int | None = None,
        opacity: int | None = None,
    ) -> None:
        """A rectangle; `kind` is the class without its prefix, `opacity` that of its fill in percent."""
        percent = None if opacity is None else f"{_integer('opacity', opacity)}%"
        self.lines.append(
            element(
                "rect",
                class_=f"tc-{kind}",
                x=x,
                y=y,
                width=width,
                height=height,
                rx=radius,
                fill_opacity=percent,
            )
        )

    def line(self, x1: int, y1: int, x2: int, y2: int, kind: str = "line") -> None:
        self.lines.append(element("line", class_=f"tc-{kind}", x1=x1, y1=y1, x2=x2, y2=y2))

    def arrow(self, x1: int, y1: int, x2: int, y2: int) -> None:
        """A horizontal or vertical arrow from the first point to the second."""
        if (x1 == x2) == (y1 == y2):
            raise ValueError(f"arrow must be horizontal or vertical, got {(x1, y1)} to {(x2, y2)}")
        dx, dy = (x2 > x1) - (x2 < x1), (y2 > y1) - (y2 < y1)
        self.line(x1, y1, x2 - 6 * dx, y2 - 6 * dy)
        back, side = (x2 - 8 * dx, y2 - 8 * dy), (4 * dy, 4 * dx)
        corners = [(x2, y2), (back[0] + side[0], back[1] + side[1]), (back[0] - side[0], back[1] - side[1])]
        self.head(corners)

    def head(self, corners: Iterable[tuple[int, int]]) -> None:
        """The head of an arrow."""
        self.lines.append(
            element("polygon", class_="tc-head", points=" ".join(f"{x},{y}" for x, y in corners))
        )

    def wire(self, x1: int, y1: int, x2: int, y2: int, number: int, faint: bool = False) -> None:
        """An arrow in any direction, in colour and dashes of a kernel's number; `faint` when others count."""
        length = math.hypot(x2 - x1, y2 - y1)
        if not length:
            raise ValueError(f"wire must have a length, got {(x1, y1)} to {(x2, y2)}")
        along = (x2 - x1) / length, (y2 - y1) / length
        back = [
            (x2 - 8 * along[0] + side * along[1], y2 - 8 * along[1] - side * along[0]) for side in (3, -3)
        ]
        corners = [(x2, y2), *((round(x), round(y)) for x, y in back)]
        hue = f"tc-hue-{number % len(HUES['light'])}{' tc-faint' if faint else ''}"
        dash = f"tc-wire {hue} tc-dash-{number % len(DASHES)}"
        end = round(x2 - 6 * along[0]), round(y2 - 6 * along[1])
        self.lines.append(element("line", class_=dash, x1=x1, y1=y1, x2=end[0], y2=end[1]))
        points = " ".join(f"{x},{y}" for x, y in corners)
        self.lines.append(element("polygon", class_=f"tc-tip {hue}", points=points))

    def star(self, x: int, y: int) -> None:
        """The sign of cross-correlation, centred at (x, y); drawn, since fonts differ about it."""
        corners = ((0, -8), (2, -2), (8, -2), (3, 1), (5, 7), (0, 4), (-5, 7), (-3, 1), (-8, -2), (-2, -2))
        points = " ".join(f"{_integer('x', x) + dx},{_integer('y', y) + dy}" for dx, dy in corners)
        self.lines.append(element("polygon", class_="tc-star", points=points))

    def text(self, x: int, y: int, text: str, *kinds: str) -> None:
        """Text whose baseline's middle is at (x, y); kinds: small, start, end, strong, sign, quiet, halo."""
        self.lines.append(
            element("text", text, class_=" ".join(f"tc-{kind}" for kind in kinds) or None, x=x, y=y)
        )

    def cell(
        self,
        x: int,
        y: int,
        width: int,
        height: int,
        role: str,
        text: str = "",
        font: int = 14,
        opacity: int | None = None,
    ) -> None:
        """One cell of a role, in the role's shape, with its number in the middle."""
        if role not in ROLES:
            raise ValueError(f"role must be one of {', '.join(ROLES)}, got {role!r}")
        if role == "kernel":
            self.cut_rect(x, y, width, height, max(2, height // 4))
        else:
            radius = height // 3 if role in ("output", "empty") else None
            self.rect(x, y, width, height, role, radius, opacity)
        if text:
            kinds = [*(["quiet"] if role == "zero" else []), *(["small"] if font < 14 else [])]
            self.text(x + width // 2, y + height // 2 + (font + 2) // 3, text, *kinds)

    def cut_rect(self, x: int, y: int, width: int, height: int, cut: int) -> None:
        """A square with one corner cut: a kernel's cell."""
        path = f"M{x + cut} {y}H{x + width}V{y + height}H{x}V{y + cut}Z"
        self.lines.append(element("path", class_="tc-kernel", d=path))

    def place(self, x: int, y: int, drawing: "Drawing") -> None:
        """Another drawing, with its origin at (x, y)."""
        self.lines += [
            f'<g transform="translate({_integer("x", x)} {_integer("y", y)})">',
            *drawing.lines,
            "</g>",
        ]


class Figure:
    """A figure of one or more drawings, which flow into as many lines as the page needs.

    Parameters
    ----------
    title : str
        A few words; what `repr` shows.
    description : str
        What a reader who cannot see the figure should hear.
    drawings : list of Drawing

    Examples
    --------
    >>> sheet = Drawing(40, 40)
    >>> sheet.cell(2, 2, 36, 36, "input", "7")
    >>> figure = Figure("one cell", "An input cell that holds 7.", [sheet])
    >>> figure
    Figure('one cell')
    >>> '<text x="20" y="25">7</text>' in figure.svg()
    True
    """

    def __init__(self, title: str, description: str, drawings: Iterable[Drawing]) -> None:
        for name, value in (("title", title), ("description", description)):
            if not isinstance(value, str):
                raise TypeError(f"{name} must be a string, got {value!r}")
            if not value.strip():
                raise ValueError(f"{name} must say what is drawn, got {value!r}")
        self.title, self.description, self.drawings = title, " ".join(description.split()), list(drawings)
        if not self.drawings:
            raise ValueError(f"drawings must hold at least one drawing, got none for {title!r}")

    def __repr__(self) -> str:
        return f"Figure({self.title!r})"

    def described(self, description: str) -> "Figure":
        """The same figure with other words for a reader who cannot see it.

        Examples
        --------
        >>> Figure("one cell", "A cell.", [Drawing(9, 9)]).described("Where the stamp begins.").description
        'Where the stamp begins.'
        """
        return Figure(self.title, description, self.drawings)

    def svg(self, width: int = 680) -> str:
        """The figure on its own, in light colours on a plate of paper: legible in any viewer."""
        margin, gap, sheet = 16, 24, Drawing(0, 0)
        top, right = margin, 0
        for row in _rows(self.drawings, width, gap):
            left, height = margin, max(drawing.height for drawing in row)
            for drawing in row:
                sheet.place(left, top + (height - drawing.height) // 2, drawing)
                left += drawing.width + gap
            right, top = max(right, left - gap + margin), top + height + gap
        bottom = top - gap + margin
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" class="tc-file" width="{right}" height="{bottom}" '
                f'viewBox="0 0 {right} {bottom}" role="img">',
                element("title", self.title),
                element("desc", self.description),
                file_style(wires=self._wires),
                element("rect", class_="tc-plate", x=0, y=0, width=right, height=bottom),
                *sheet.lines,
                "</svg>",
            ]
        )

    def html(self) -> str:
        """The figure inside a page: in its light or dark colours, wrapped and scrolled to its width."""
        spoken = escape(f"{self.title}. {self.description}")
        # A box that scrolls on a phone must be reachable by keyboard.
        reach = ' tabindex="0"' if max(drawing.width for drawing in self.drawings) > 320 else ""
        lines = [
            '<figure class="tc-figure">',
            _page_style(self._wires),
            # Viewers that strip styles and drawings from HTML (an untrusted notebook, GitHub) show this line.
            element("p", f"Drawing: {self.title}. Run the notebook, or trust it, to see it."),
            f'<div role="img"{reach} aria-label="{spoken}">',
        ]
        for drawing in self.drawings:
            width, height = drawing.width, drawing.height
            frame = ' data-frame=""' if drawing.is_frame else ""
            lines += [
                f'<svg{frame} width="{width}" height="{height}" viewBox="0 0 {width} {height}">',
                *drawing.lines,
                "</svg>",
            ]
            lines += ['<div class="tc-break"></div>'] if drawing.ends_row else []
        return "\n".join([*lines, "</div>", "</figure>"])

    @property
    def _wires(self):
        return any("tc-wire" in line for drawing in self.drawings for line in drawing.lines)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "image/svg+xml": self.svg(), "text/html": self.html()}


def _rows(drawings, width, gap):
    """Drawings dealt into rows no wider than `width`, one at least per row."""
    rows, used = [], 0
    for drawing in drawings:
        if not rows or rows[-1][-1].ends_row or used + gap + drawing.width > width:
            rows.append([])
            used = -gap
        rows[-1].append(drawing)
        used += gap + drawing.width
    return rows
