"""The book's figures: one function for each kind of drawing, general in its settings.

Every function takes arrays and settings, checks them, and returns a `Figure` whose description says what is
drawn, with its numbers when they are few; `alt` replaces that description. A number stands in its cell, and
the same cell looks the same in every view: see `lib.svg` for what the colours and shapes mean.

Arrays here are bare: spatial axes only, one or two of them. A 1-D array is drawn as one row.
"""

from typing import NamedTuple

import numpy as np

from .ops import conv, conv_transpose
from .shapes import conv_output_size, conv_transpose_output_size, effective_size, padding_pairs, per_axis
from .shapes import numbers as as_numbers  # `numbers` is an argument here
from .svg import ROLES, TOKENS, Drawing, Figure, text_width

_EDGE = 6  # room around the cells for an outline
_CAPTION = 24  # height of a line of text above the cells


class _Cells(NamedTuple):
    """How large the cells of one figure are."""

    width: int
    height: int
    gap: int
    font: int

    def left(self, column):
        return column * (self.width + self.gap)

    def top(self, row):
        return row * (self.height + self.gap)

    def extent(self, rows, columns):
        """Width and height of a grid."""
        return self.left(columns) - self.gap, self.top(rows) - self.gap


def _cells_for(*texts, height=36, gap=4, font=14, room=8):
    """Cells as high as told, and wide enough for the longest of the texts."""
    longest = max((text_width(text, font) for text in texts), default=0)
    return _Cells(max(height, longest + room), height, gap, font)


def _small_cells_for(*texts):
    return _cells_for(*texts, height=24, gap=3, font=12)


# ---- arrays, positions and words ----


def _array(name, values, axes=(1, 2)):
    array = as_numbers(name, values)
    if not (np.issubdtype(array.dtype, np.integer) or np.issubdtype(array.dtype, np.floating)):
        raise TypeError(f"{name} must hold integers or floats, got dtype {array.dtype}")
    if array.ndim not in axes or array.size == 0:
        allowed = " or ".join(str(n) for n in axes)
        raise ValueError(f"{name} must have {allowed} axes and at least one cell, got shape {array.shape}")
    return array


def _number(value):
    """A number as its cell shows it: at most two decimals, never -0.

    >>> [_number(v) for v in (7, 2.0, -0.0, 0.3333, -12.5)]
    ['7', '2', '0', '0.33', '-12.5']
    """
    if value == int(value) if np.isfinite(value) else False:
        return str(int(value))
    text = f"{value:.2f}".rstrip("0").rstrip(".") if np.isfinite(value) else str(float(value))
    return "0" if text == "-0" else text


def _texts(array):
    return [_number(value) for value in np.asarray(array).ravel()]


def _position_text(index, size):
    """A cell's position as it is written: "2,3", on one axis "2"."""
    return ",".join(str(int(i)) for i in np.unravel_index(index, size))


def _size_text(shape, times=" × "):
    return (
        times.join(str(n) for n in shape)
        if len(shape) > 1
        else f"{shape[0]} cells"
        if times != " by "
        else str(*shape)
    )


def _spoken(array, limit=64):
    """Shape and, when they are few, the numbers row by row."""
    rows = array.reshape(-1, array.shape[-1])
    text = _size_text(array.shape, " by ") if array.ndim > 1 else f"{array.size} cells"
    if array.size > limit:
        return text
    return f"{text}, holding {'; '.join(' '.join(_texts(row)) for row in rows)}"


def _position(name, position, shape):
    """A position on the drawn plane: (row, column), row 0 for an array of one axis."""
    entries = tuple(position) if isinstance(position, (tuple, list, np.ndarray)) else (position,)
    entries = tuple(int(per_axis(name, entry, 1)[0]) for entry in entries)
    if len(entries) != len(shape) or any(entry >= n for entry, n in zip(entries, shape)):
        raise ValueError(f"{name} must be a position inside shape {tuple(shape)}, got {position!r}")
    return (0, *entries) if len(shape) == 1 else entries


def _positions(name, positions, shape):
    if not isinstance(positions, (list, tuple, set, frozenset, np.ndarray)):
        raise TypeError(f"{name} must be a list of positions, got {positions!r}")
    return [_position(name, position, shape) for position in positions]


def _letters(letters, transposed):
    """Names of input, kernel and output. C reads x and makes y, so C^T goes from y to x."""
    if letters is None:
        return ("y", "w", "x") if transposed else ("x", "w", "y")
    if not (
        isinstance(letters, (tuple, list)) and len(letters) == 3 and all(isinstance(n, str) for n in letters)
    ):
        raise ValueError(f"letters must be three strings, for input, kernel and output, got {letters!r}")
    return tuple(letters)


# ---- drawing cells ----


def _draw_cells(sheet, x, y, cells, values, roles):
    """A plane of cells with its top left corner at (x, y). `roles` is one role or a plane of them."""
    roles = np.broadcast_to(np.asarray(roles, dtype=object), values.shape)
    for (row, column), role in np.ndenumerate(roles):
        text = "" if role == "empty" else _number(values[row, column])
        sheet.cell(
            x + cells.left(column), y + cells.top(row), cells.width, cells.height, role, text, cells.font
        )


def _outline(sheet, x, y, cells, start, size=(1, 1), kind="lit"):
    """A frame around a block of cells."""
    width, height = cells.extent(*size)
    left, top = x + cells.left(start[1]), y + cells.top(start[0])
    sheet.rect(left - 2, top - 2, width + 4, height + 4, kind, radius=4)


def _strike(sheet, x, y, cells, at):
    left, top = x + cells.left(at[1]), y + cells.top(at[0])
    sheet.line(left, top + cells.height, left + cells.width, top)


def _draw_window(sheet, x, y, cells, start, kernel_size, dilation):
    """The window: one frame when its cells touch, else a frame for each and a dashed one around all."""
    if all(d == 1 or k == 1 for k, d in zip(kernel_size, dilation)):
        _outline(sheet, x, y, cells, start, kernel_size)
        return
    _outline(sheet, x, y, cells, start, effective_size(kernel_size, dilation), "span")
    for offset in np.ndindex(*kernel_size):
        _outline(sheet, x, y, cells, [a + d * k for a, d, k in zip(start, dilation, offset)])


def _sheet(cells, shape, caption, indent=0):
    """A sheet that fits a plane of cells under a caption, and where its first cell goes."""
    width, height = cells.extent(*shape)
    top = _EDGE + (_CAPTION if caption else 0)
    sheet = Drawing(indent + max(width, text_width(caption)) + 2 * _EDGE, top + height + _EDGE)
    if caption:
        sheet.text(_EDGE + indent, 16, caption, "start")
    return sheet, _EDGE + indent, top


def _plane_sheet(cells, plane, roles, caption, sign=""):
    """One plane of cells under its caption, with an operator's sign before it."""
    indent = {"": 0, "⋆ᵀ": 42}.get(sign, 32)
    sheet, x, y = _sheet(cells, plane.shape, caption, indent)
    middle = y + cells.extent(*plane.shape)[1] // 2
    if sign in ("⋆", "⋆ᵀ"):
        sheet.star(_EDGE + 9, middle)
        if sign == "⋆ᵀ":
            sheet.text(_EDGE + 23, middle - 4, "T", "small")
    elif sign.strip():
        sheet.text(_EDGE + 10, middle + 8, sign, "sign")
    _draw_cells(sheet, x, y, cells, plane, roles)
    return sheet, x, y


# ---- one operation, brought to the plane ----


class _Operation(NamedTuple):
    """Input, kernel and settings of one operation on a plane: one axis becomes one row."""

    axes: int
    input: np.ndarray
    kernel: np.ndarray
    stride: tuple
    padding: tuple
    output_padding: tuple
    dilation: tuple
    transposed: bool

    @property
    def settings(self):
        return {"stride": self.stride, "padding": self.padding, "dilation": self.dilation}

    @property
    def output(self):
        arrays = self.input[None, None], self.kernel[None, None]
        if self.transposed:
            return conv_transpose(*arrays, **self.settings, output_padding=self.output_padding)[0, 0]
        return conv(*arrays, **self.settings)[0, 0]

    def spatial(self, plane_size):
        """A plane's size or position with the axes that the reader gave."""
        return tuple(plane_size)[2 - self.axes :]

    def bare(self, plane):
        """A plane with the axes that the reader gave."""
        return plane.reshape(self.spatial(plane.shape))


def _operation(input, kernel, stride, padding, output_padding, dilation, transposed):
    input, kernel = _array("input", input), _array("kernel", kernel)
    if input.ndim != kernel.ndim:
        raise ValueError(
            f"kernel must have as many axes as input, got kernel {kernel.shape}, input {input.shape}"
        )
    axes = input.ndim
    stride = per_axis("stride", stride, axes, minimum=1)
    dilation = per_axis("dilation", dilation, axes, minimum=1)
    pairs = padding_pairs(padding, axes)
    output_padding = per_axis("output_padding", output_padding, axes)
    if any(output_padding) and not transposed:
        raise ValueError(f"output_padding must be 0 for a convolution, got {output_padding}")
    if transposed:
        conv_transpose_output_size(input.shape, kernel.shape, stride, pairs, output_padding, dilation)
    else:
        conv_output_size(input.shape, kernel.shape, stride, pairs, dilation)
    if axes == 1:
        input, kernel = input[np.newaxis], kernel[np.newaxis]
        stride, dilation, output_padding, pairs = (
            (1, *stride),
            (1, *dilation),
            (0, *output_padding),
            ((0, 0), *pairs),
        )
    return _Operation(axes, input, kernel, stride, pairs, output_padding, dilation, bool(transposed))


def _settings_text(op):
    """The settings that are not the default, in words."""
    words = []
    for name in ("stride", "padding", "output_padding", "dilation"):
        values = op.spatial(getattr(op, name))
        plain = [v[0] if isinstance(v, tuple) and v[0] == v[1] else v for v in values]
        if any(v != (1 if name in ("stride", "dilation") else 0) for v in plain):
            words.append(f"{name} {plain[0] if len(set(plain)) == 1 else tuple(plain)}")
    return ", ".join(words)


class _Picture(NamedTuple):
    """What the window slides over: the padded input; transposed, the zero-inserted and padded one."""

    values: np.ndarray
    roles: np.ndarray  # "input", or "zero" where there is nothing
    cells: np.ndarray  # number of the input cell, -1 where there is nothing
    first: tuple  # where the first window starts; not (0, 0) where padding beyond d (k - 1) crops
    crop: tuple  # (before, after) per axis: cells that no window sees
    step: tuple


def _picture(op):
    spread = op.stride if op.transposed else (1, 1)
    reach = [k - 1 for k in effective_size(op.kernel.shape, op.dilation)]
    if op.transposed:
        ends = [(r - b, r - a + o) for r, (b, a), o in zip(reach, op.padding, op.output_padding)]
    else:
        ends = op.padding
    grown = [(max(b, 0), max(a, 0)) for b, a in ends]
    crop = tuple((max(-b, 0), max(-a, 0)) for b, a in ends)
    cells = np.full([s * (n - 1) + 1 for s, n in zip(spread, op.input.shape)], -1)
    cells[:: spread[0], :: spread[1]] = np.arange(op.input.size).reshape(op.input.shape)
    cells = np.pad(cells, grown, constant_values=-1)
    values = np.where(cells >= 0, op.input.ravel()[cells], 0)
    roles = np.where(cells >= 0, "input", "zero")
    return _Picture(
        values, roles, cells, tuple(b for b, _ in crop), crop, (1, 1) if op.transposed else op.stride
    )


def _picture_words(op, picture):
    """What has been done to the input, in words."""
    done = ["zero-inserted"] if op.transposed and any(s > 1 for s in op.spatial(op.stride)) else []
    done += ["padded"] if any(n > 0 for n in _grown(op, picture)) else []
    done += ["cropped"] if np.any(picture.crop) else []
    return " ".join([" and ".join(done), "input"]).strip()


def _grown(op, picture):
    """How many cells the padding adds on each axis."""
    spread = op.stride if op.transposed else (1, 1)
    return [n - (s * (i - 1) + 1) for n, s, i in zip(picture.values.shape, spread, op.input.shape)]


def _struck(picture):
    """Positions of the picture that no window sees because the padding is more than full."""
    (top, bottom), (left, right) = picture.crop
    rows, columns = picture.values.shape
    return [
        (row, column)
        for row, column in np.ndindex(rows, columns)
        if row < top or row >= rows - bottom or column < left or column >= columns - right
    ]


# ---- the figures ----


def grid(
    values,
    role="input",
    *,
    label=None,
    lit=(),
    window=None,
    positions=False,
    struck=(),
    small=False,
    alt=None,
):
    """One array, a number in each cell.

    Parameters
    ----------
    values : array, shape (columns,), (rows, columns) or (channels, rows, columns)
        Three axes are drawn as one panel per channel.
    role : str, or an array of roles with the shape of `values`
        "input", "kernel", "output" or "zero".
    label : str, optional
        Caption; by default the role with its letter, and the size.
    lit : list of positions
        Cells to outline, as tuples (an int for one axis).
    window : (start, size), optional
        One outline around a block of cells.
    positions : bool
        Write row and column numbers beside the cells.
    struck : list of positions
        Cells to cross out.
    small : bool
        Smaller cells.
    alt : str, optional
        Description in place of the one written here.

    Examples
    --------
    >>> grid([[0, 1], [2, 3]], "output")
    Figure('output y, 2 x 2')
    >>> grid([[0, 1], [2, 3]], "output").description
    'Output y: 2 by 2, holding 0 1; 2 3.'
    """
    array = _array("values", values, axes=(1, 2, 3))
    roles = _roles(role, array.shape)
    lit, struck = _positions("lit", lit, array.shape), _positions("struck", struck, array.shape)
    single = isinstance(role, str)
    name = f"{ROLES[role].words} {ROLES[role].letter}" if single and role != "zero" else "cells"
    shown = f"{name}, {_size_text(array.shape)}" if label is None else label
    cells = (_small_cells_for if small else _cells_for)(*_texts(array))
    planes = array.reshape(-1, *np.atleast_2d(array).shape[-2:])
    drawings = []
    for channel, plane in enumerate(planes):
        caption = shown if array.ndim < 3 else f"channel {channel}" if channel else f"{shown}: channel 0"
        here = [p[-2:] for p in lit if array.ndim < 3 or p[0] == channel]
        gone = [p[-2:] for p in struck if array.ndim < 3 or p[0] == channel]
        frame = None if window is None else _window(window, plane.shape, array.ndim)
        plane_roles = roles.reshape(planes.shape)[channel]
        drawings.append(_grid_drawing(plane, plane_roles, cells, caption, here, gone, frame, positions))
    spoken = f"{shown if label else name.capitalize()}: {_spoken(array)}."
    for words, marked in (("Outlined", lit), ("Struck out", struck)):
        if marked:
            places = "; ".join(",".join(str(i) for i in p[-array.ndim :]) for p in marked)
            spoken += f" {words}: position {places}."
    if window is not None:
        spoken += f" {_window_spoken(window, array.ndim)}"
    return Figure(shown.replace(" × ", " x "), spoken if alt is None else alt, drawings)


def _roles(role, shape):
    names = np.asarray(role)
    if names.shape not in ((), shape):
        raise ValueError(f"role must be one name or an array of shape {shape}, got shape {names.shape}")
    for name in np.unique(names):
        if name not in ROLES:
            raise ValueError(f"role must be one of {', '.join(ROLES)}, got {str(name)!r}")
    return np.broadcast_to(names, shape)


def _window(window, plane_shape, axes):
    try:
        start, size = window
    except (TypeError, ValueError):
        raise ValueError(f"window must be a pair (start, size), got {window!r}") from None
    shape = plane_shape if axes > 1 else plane_shape[1:]
    start, size = _position("window", start, shape), per_axis("window", size, len(shape), minimum=1)
    size = (1, *size) if axes == 1 else size
    if any(a + n > m for a, n, m in zip(start, size, plane_shape)):
        raise ValueError(f"window must lie inside shape {tuple(shape)}, got {window!r}")
    return start, size


def _window_spoken(window, axes):
    start, size = window
    places = ",".join(str(i) for i in per_axis("window", start, axes))
    cells = " by ".join(str(n) for n in per_axis("window", size, axes))
    return f"A window of {cells} cells from position {places} is outlined."


def _grid_drawing(plane, roles, cells, caption, lit, struck, window, positions):
    sheet, x, y = _sheet(cells, plane.shape, caption, indent=20 if positions else 0)
    if positions:
        y += 18
        sheet.height += 18
        for column in range(plane.shape[1]):
            sheet.text(x + cells.left(column) + cells.width // 2, y - 7, str(column), "small", "quiet")
        for row in range(plane.shape[0] if plane.shape[0] > 1 else 0):
            sheet.text(x - 8, y + cells.top(row) + cells.height // 2 + 4, str(row), "small", "quiet", "end")
    _draw_cells(sheet, x, y, cells, plane, roles)
    for at in struck:
        _strike(sheet, x, y, cells, at)
    for at in lit:
        _outline(sheet, x, y, cells, at)
    if window is not None:
        _outline(sheet, x, y, cells, *window)
    return sheet


def operation(
    input, kernel, *, stride=1, padding=0, output_padding=0, dilation=1, transposed=False, at=None,
    letters=None, alt=None,
):  # fmt: skip
    """Input, kernel and output of one operation side by side.

    Parameters
    ----------
    input, kernel : array, one or two axes
    stride, padding, output_padding, dilation
        As in `conv` and `conv_transpose`.
    transposed : bool
        Draw `conv_transpose` instead of `conv`.
    at : position, optional
        For `conv` an output cell: it is outlined with the input cells of its window.
        Transposed, an input cell: it is outlined with the output cells that its stamp reaches.
    letters : three strings, optional
        Names of input, kernel and output; by default x, w, y, and y, w, x for the transposed convolution.
    alt : str, optional
        Description in place of the one written here.

    Examples
    --------
    >>> figure = operation(np.arange(16).reshape(4, 4), np.arange(1, 10).reshape(3, 3), at=(0, 0))
    >>> figure
    Figure('convolution, 4 x 4 and 3 x 3 to 2 x 2')
    >>> figure.description[-76:]
    'The window of output position 0,0 is outlined, and the output cell it makes.'
    """
    op = _operation(input, kernel, stride, padding, output_padding, dilation, transposed)
    letters, output = _letters(letters, transposed), op.output
    padded = np.pad(op.input, op.padding) if not transposed else op.input
    roles = np.full(padded.shape, "zero", dtype=object)
    inner = (
        tuple(slice(b, b + n) for (b, _), n in zip(op.padding, op.input.shape))
        if not transposed
        else (slice(None),) * 2
    )
    roles[inner] = "input"
    cells = _cells_for(*_texts(padded), *_texts(op.kernel), *_texts(output))
    planes = {"input": (padded, roles, ""), "kernel": (op.kernel, "kernel", "⋆ᵀ" if transposed else "⋆")}
    planes["output"] = (output, "output", "=")
    drawn = {}
    for letter, (name, (plane, plane_roles, sign)) in zip(letters, planes.items()):
        drawn[name] = _plane_sheet(
            cells, plane, plane_roles, f"{name} {letter}{', padded' if 'zero' in plane_roles else ''}", sign
        )
    spoken = _operation_spoken(op, output, letters)
    if at is not None:
        spoken += _light_operation(op, drawn, cells, at, output.shape)
    sizes = [_size_text(op.spatial(plane.shape)).replace("×", "x") for plane in (op.input, op.kernel, output)]
    title = f"{_name(op)}, {sizes[0]} and {sizes[1]} to {sizes[2]}"
    return Figure(title, spoken if alt is None else alt, [sheet for sheet, _, _ in drawn.values()])


def _name(op):
    return "transposed convolution" if op.transposed else "convolution"


def _operation_spoken(op, output, letters):
    settings = _settings_text(op)
    parts = [
        f"{name} {letter}, {_spoken(op.bare(plane))}"
        for name, letter, plane in zip(("Input", "kernel", "output"), letters, (op.input, op.kernel, output))
    ]
    sentences = ". ".join(part[0].upper() + part[1:] for part in parts)
    return f"{_name(op).capitalize()}{', ' + settings if settings else ''}. {sentences}."


def _light_operation(op, drawn, cells, at, output_size):
    """Outline one output cell with its window, or one input cell with its stamp; say so."""
    sheets = {name: sheet for name, (sheet, _, _) in drawn.items()}
    origin = {name: (x, y) for name, (_, x, y) in drawn.items()}
    small = op.input.shape if op.transposed else output_size
    at = _position("at", at, op.spatial(small))
    start = [a * s for a, s in zip(at, op.stride)]
    _outline(sheets["kernel"], *origin["kernel"], cells, (0, 0), op.kernel.shape)
    place = ",".join(str(i) for i in op.spatial(at))
    if not op.transposed:
        _draw_window(sheets["input"], *origin["input"], cells, start, op.kernel.shape, op.dilation)
        _outline(sheets["output"], *origin["output"], cells, at)
        return f" The window of output position {place} is outlined, and the output cell it makes."
    _outline(sheets["input"], *origin["input"], cells, at)
    reached = _stamp_cells(op, at, output_size)
    if len(reached) == op.kernel.size and all(d == 1 for d in op.dilation):
        _outline(sheets["output"], *origin["output"], cells, reached[0][0], op.kernel.shape)
    else:
        for cell, _ in reached:
            _outline(sheets["output"], *origin["output"], cells, cell)
    return (
        f" Input position {place} is outlined, with the {len(reached)} output cells that its stamp reaches."
    )


def _stamp_cells(op, at, output_size):
    """The output cells that one input cell's stamp reaches after the crop, each with its kernel index."""
    reached = []
    for offset in np.ndindex(*op.kernel.shape):
        cell = tuple(
            a * s + d * k - before
            for a, s, d, k, (before, _) in zip(at, op.stride, op.dilation, offset, op.padding)
        )
        if all(0 <= c < n for c, n in zip(cell, output_size)):
            reached.append((cell, offset))
    return reached


def walk(
    input, kernel, *, stride=1, padding=0, output_padding=0, dilation=1, transposed=False, rotate=True,
    frames=None, rows=True, letters=None, alt=None,
):  # fmt: skip
    """The window's walk, one frame per output cell, each tied to its row of the matrix.

    A frame shows the window on the padded input, the output as far as it is made, and beneath it the row of C
    whose numbers are the kernel's at the input cells under the window. Transposed, the window slides over the
    zero-inserted and padded input with the rotated kernel, and the row is one of C^T.

    Parameters
    ----------
    input, kernel : array, one or two axes
    stride, padding, output_padding, dilation
        As in `conv` and `conv_transpose`.
    transposed : bool
        The padded picture of `conv_transpose`.
    rotate : bool
        False draws the transposed picture with the rotation forgotten: other numbers come out.
    frames : list of int, optional
        Which output cells, counted in row-major order; all of them by default.
    rows : bool
        False leaves the row of the matrix out.
    letters : three strings, optional
        Names of input, kernel and output; by default x, w, y, and y, w, x for the transposed convolution.
    alt : str, optional
        Description in place of the one written here.

    Examples
    --------
    >>> walk(np.arange(16).reshape(4, 4), np.arange(1, 10).reshape(3, 3))
    Figure('walk of the window, 4 frames')
    """
    op = _operation(input, kernel, stride, padding, output_padding, dilation, transposed)
    letters, picture = _letters(letters, transposed), _picture(op)
    used = op.kernel[::-1, ::-1] if transposed and rotate else op.kernel
    output_size = op.output.shape
    everything = np.arange(np.prod(output_size)) if frames is None else frames
    chosen = [per_axis("frames", frame, 1)[0] for frame in everything]
    if not chosen or max(chosen) >= np.prod(output_size):
        raise ValueError(f"frames must be among the {np.prod(output_size)} output cells, got {frames!r}")
    steps = [_step(op, picture, used, index, output_size) for index in range(np.prod(output_size))]
    output = np.array([value for _, _, value in steps]).reshape(output_size)
    turned = ", rotated by 180°" if transposed and rotate else ", not rotated" if transposed else ""
    kernel_cells = _small_cells_for(*_texts(used))
    drawings = [_plane_sheet(kernel_cells, used, "kernel", f"kernel {letters[1]}{turned}")[0]]
    drawings[0].ends_row = True
    drawings += [_frame(op, picture, steps, index, output, letters, rows) for index in chosen]
    matrix_name = "Cᵀ" if transposed else "C"
    spoken = (
        f"The window of {_size_text(op.spatial(op.kernel.shape), ' by ')} cells slides over the "
        f"{_picture_words(op, picture)} {letters[0]}, {_spoken(op.bare(picture.values))}"
        f"{'; ' + _settings_text(op) if _settings_text(op) else ''}. "
        f"{_kernel_words(op, used, letters, rotate)} "
    )
    for index in chosen if len(chosen) <= 4 else ():
        row, start, value = steps[index]
        spoken += f"Frame {_position_text(index, op.spatial(output_size))}: output {_number(value)}"
        spoken += (
            f", row {index} of {matrix_name} is {' '.join(_texts(row))}. "
            if rows and row.size <= 16
            else ". "
        )
    if len(chosen) > 4:
        made = " ".join(_number(steps[index][2]) for index in chosen)
        spoken += f"{len(chosen)} frames make the outputs {made}."
        spoken += f" Under each frame stands its row of {matrix_name}." if rows else ""
    title = f"walk of the window, {len(chosen)} frame{'s' if len(chosen) > 1 else ''}"
    return Figure(title, spoken if alt is None else alt, drawings)


def _kernel_words(op, used, letters, rotate):
    numbers = "; ".join(" ".join(_texts(row)) for row in used)
    turned = (
        ", rotated by 180 degrees" if op.transposed and rotate else ", not rotated" if op.transposed else ""
    )
    return f"Kernel {letters[1]}{turned}: {numbers}."


def _step(op, picture, kernel, index, output_size):
    """One position of the window: the matrix row over all input cells, the window's start, and the output."""
    at = np.unravel_index(index, output_size)
    start = tuple(int(f + s * a) for f, s, a in zip(picture.first, picture.step, at))
    row, value = np.zeros(op.input.size, kernel.dtype), 0
    for offset in np.ndindex(*kernel.shape):
        tap = tuple(a + d * k for a, d, k in zip(start, op.dilation, offset))
        value += kernel[offset] * picture.values[tap]
        if picture.cells[tap] >= 0:
            row[picture.cells[tap]] = kernel[offset]
    return row, start, value


def _frame(op, picture, steps, index, output, letters, rows):
    """One frame: the window on the picture, an arrow, the output so far; beneath, the row of the matrix."""
    row, start, value = steps[index]
    cells = _small_cells_for(*_texts(picture.values), *_texts(output))
    width, height = cells.extent(*picture.values.shape)
    if op.axes == 1:  # the output stands beneath, each cell under the middle of its window
        first = picture.first[1] + (effective_size(op.kernel.shape, op.dilation)[1] - 1) // 2
        place = [(cells.left(first + picture.step[1] * n), height + 34) for n in range(output.size)]
        size = max(width, place[-1][0] + cells.width), 2 * height + 34
        top = 0
    else:
        tall = cells.extent(*output.shape)[1]
        top = max(tall - height, 0) // 2
        place = [
            (width + 44 + cells.left(column), top + (height - tall) // 2 + cells.top(line))
            for line, column in np.ndindex(*output.shape)
        ]
        size = place[-1][0] + cells.width, max(height, tall)
    caption = f"{letters[2]} {_position_text(index, op.spatial(output.shape))} = {_number(value)}"
    strip, strip_width = _strip_layout(op, row) if rows else (None, 0)
    x, y = _EDGE, _EDGE + _CAPTION
    sheet = Drawing(
        max(size[0], strip_width, text_width(caption)) + 2 * _EDGE, y + size[1] + (52 if rows else 0) + _EDGE
    )
    sheet.text(_EDGE, 16, caption, "start", "strong")
    _draw_cells(sheet, x, y + top, cells, picture.values, picture.roles)
    for at in _struck(picture):
        _strike(sheet, x, y + top, cells, at)
    _draw_window(sheet, x, y + top, cells, start, op.kernel.shape, op.dilation)
    if op.axes == 1:
        middle = x + place[index][0] + cells.width // 2
        sheet.arrow(middle, y + height + 5, middle, y + height + 29)
    else:
        middle = y + top + height // 2
        sheet.arrow(x + width + 8, middle, x + width + 36, middle)
    for n, (left, above) in enumerate(place):
        role, text = ("output", _number(output.ravel()[n])) if n <= index else ("empty", "")
        sheet.cell(x + left, y + above, cells.width, cells.height, role, text, cells.font)
    _outline(sheet, x + place[index][0], y + place[index][1], cells, (0, 0))
    if rows:
        name = f"row {index} of {'Cᵀ' if op.transposed else 'C'}"
        _draw_strip(sheet, y + size[1] + 30, op, row, strip, name)
    return sheet


def _strip_layout(op, row):
    """Cells of a matrix row, and its width: a wider gap after every row of the input."""
    cells = _cells_for(*_texts(row), height=17, gap=2, font=12)
    cells = cells._replace(height=22)
    return cells, cells.left(row.size) - cells.gap + 4 * (op.input.shape[0] - 1)


def _draw_strip(sheet, y, op, row, cells, name):
    sheet.text(_EDGE, y - 7, name, "small", "quiet", "start")
    for column, value in enumerate(row):
        x = _EDGE + cells.left(column) + 4 * (column // op.input.shape[1])
        sheet.cell(x, y, cells.width, cells.height, "kernel" if value else "zero", _number(value), cells.font)


def matrix(
    values, *, label="C", role="kernel", rows=None, columns=None, lit_rows=(), lit_columns=(), blocks=None,
    numbers=None, alt=None,
):  # fmt: skip
    """A matrix with its zeros.

    Parameters
    ----------
    values : array, shape (rows, columns)
    label : str
        Name of the matrix.
    role : str
        Role of the cells that are not zero.
    rows, columns : (letter, size), optional
        What the rows and columns stand for: ("y", (2, 2)) labels four rows 0,0 0,1 1,0 1,1.
    lit_rows, lit_columns : list of int
        Rows and columns to outline.
    blocks : (rows, columns), optional
        Draw a line after every so many rows and columns.
    numbers : bool, optional
        Write the numbers; by default when there are at most 32 rows and 32 columns.
    alt : str, optional
        Description in place of the one written here.

    Examples
    --------
    >>> matrix([[1, 2, 3, 0], [0, 1, 2, 3]], rows=("y", (2,)), columns=("x", (4,)))
    Figure('C, 2 x 4')
    """
    array = _array("values", values, axes=(2,))
    _roles(role, ())
    row_names, column_names = (_names(n, a, length) for n, a, length in (
        ("rows", rows, array.shape[0]), ("columns", columns, array.shape[1])))  # fmt: skip
    lit_rows = [p[-1] for p in _positions("lit_rows", lit_rows, array.shape[:1])]
    lit_columns = [p[-1] for p in _positions("lit_columns", lit_columns, array.shape[1:])]
    block = per_axis("blocks", blocks, 2, minimum=1) if blocks is not None else None
    numbers = max(array.shape) <= 32 if numbers is None else bool(numbers)
    caption = f"{label}, {array.shape[0]} × {array.shape[1]}"
    caption += f", rows {rows[0]}, columns {columns[0]}" if rows and columns else ""
    names = (row_names, column_names)
    sheet = _matrix_drawing(array, role, caption, *names, lit_rows, lit_columns, block, numbers)
    spoken = f"Matrix {label} of {array.shape[0]} rows and {array.shape[1]} columns, {_zeros(array)} zero."
    spoken += (
        f" Rows stand for the cells of {rows[0]}, columns for those of {columns[0]}."
        if rows and columns
        else ""
    )
    if array.size <= 64:
        spoken += " " + " ".join(f"Row {i}: {' '.join(_texts(row))}." for i, row in enumerate(array))
    if block:
        spoken += f" Lines divide it into blocks of {block[0]} by {block[1]}."
    for words, lit in (("Row", lit_rows), ("Column", lit_columns)):
        spoken += f" {words} {', '.join(map(str, lit))} outlined." if lit else ""
    return Figure(f"{label}, {array.shape[0]} x {array.shape[1]}", spoken if alt is None else alt, [sheet])


def _zeros(array):
    return f"{np.count_nonzero(array == 0)} of its {array.size} numbers"


def _names(name, axis, length):
    """Labels of the rows or columns: positions in the grid that they stand for."""
    if axis is None:
        return []
    try:
        letter, size = axis
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a pair (letter, size), got {axis!r}") from None
    size = per_axis(name, size, len(size) if isinstance(size, (tuple, list)) else 1, minimum=1)
    if np.prod(size) != length:
        raise ValueError(f"{name} must name {length} cells, got {letter!r} of size {size}")
    return [_position_text(index, size) for index in range(length)]


class _Matrix(NamedTuple):
    """Where the cells of a matrix stand: (x, y) of the first, and a wider gap between blocks."""

    cells: _Cells
    x: int
    y: int
    block: tuple

    def at(self, row, column):
        gaps = [4 * (index // every) if every else 0 for index, every in zip((row, column), self.block)]
        return self.x + self.cells.left(column) + gaps[1], self.y + self.cells.top(row) + gaps[0]

    def outline(self, sheet, first, last):
        """A frame around all cells from `first` to `last`."""
        (x, y), (right, bottom) = self.at(*first), self.at(*last)
        sheet.rect(
            x - 2,
            y - 2,
            right - x + self.cells.width + 4,
            bottom - y + self.cells.height + 4,
            "lit",
            radius=4,
        )


def _matrix_drawing(array, role, caption, row_names, column_names, lit_rows, lit_columns, block, numbers):
    if numbers:
        cells = _cells_for(*_texts(array), *column_names, height=26, gap=2, font=12, room=4)
    else:
        row_names = column_names = ()
        pitch = min(9, max(4, 680 // array.shape[1]))
        cells = _Cells(pitch - 1, pitch - 1, 1, 12)
    left = max((text_width(name, 12) + 10 for name in row_names), default=0)
    top = _CAPTION + (18 if column_names else 0) + _EDGE
    layout = _Matrix(cells, _EDGE + left, top, block or (0, 0))
    rows, columns = array.shape
    right, bottom = (
        end + size for end, size in zip(layout.at(rows - 1, columns - 1), (cells.width, cells.height))
    )
    sheet = Drawing(max(right, _EDGE + text_width(caption)) + _EDGE, bottom + _EDGE)
    sheet.text(_EDGE, 16, caption, "start")
    for column, name in enumerate(column_names):
        sheet.text(layout.at(0, column)[0] + cells.width // 2, top - 6, name, "small", "quiet")
    for row, name in enumerate(row_names):
        sheet.text(layout.x - 8, layout.at(row, 0)[1] + cells.height // 2 + 4, name, "small", "quiet", "end")
    if not numbers:  # one rectangle stands for all the zeros
        sheet.rect(layout.x - 1, top - 1, right - layout.x + 2, bottom - top + 2, "zero")
    for (row, column), value in np.ndenumerate(array):
        if numbers:
            text = _number(value)
            sheet.cell(
                *layout.at(row, column),
                cells.width,
                cells.height,
                role if value else "zero",
                text,
                cells.font,
            )
        elif value:
            sheet.rect(*layout.at(row, column), cells.width, cells.height, role)
    if block:
        for row in range(block[0], rows, block[0]):
            y = layout.at(row, 0)[1] - 3
            sheet.line(layout.x - 4, y, right + 4, y)
        for column in range(block[1], columns, block[1]):
            x = layout.at(0, column)[0] - 3
            sheet.line(x, top - 4, x, bottom + 4)
    for row in lit_rows:
        layout.outline(sheet, (row, 0), (row, columns - 1))
    for column in lit_columns:
        layout.outline(sheet, (0, column), (rows - 1, column))
    return sheet


def product(
    values, vector, *, label="C", rows=None, columns=None, vector_role="input", result_role="output",
    lit_row=None, alt=None,
):  # fmt: skip
    """A matrix times a vector: result = values @ vector, each a column of cells.

    Parameters
    ----------
    values : array, shape (rows, columns)
    vector : array, shape (columns,)
    label, rows, columns
        As in `matrix`; the letters also name the two vectors.
    vector_role, result_role : str
    lit_row : int, optional
        Outline this row, and the number that it makes.
    alt : str, optional
        Description in place of the one written here.

    Examples
    --------
    >>> product([[1, 2, 3, 0], [0, 1, 2, 3]], [4, 5, 6, 7])
    Figure('y = C x, 2 x 4')
    """
    array, vector = _array("values", values, axes=(2,)), _array("vector", vector, axes=(1,))
    if max(array.shape) > 32:
        raise ValueError(
            f"values must have at most 32 rows and 32 columns to show its numbers, got {array.shape}"
        )
    if vector.size != array.shape[1]:
        raise ValueError(
            f"vector must have one number per column, got {vector.size} for matrix {array.shape}"
        )
    lit = [] if lit_row is None else [_position("lit_row", lit_row, array.shape[:1])[-1]]
    result = array @ vector
    names = [axis[0] if axis else letter for axis, letter in ((rows, "y"), (columns, "x"))]
    row_names, column_names = _names("rows", rows, array.shape[0]), _names("columns", columns, array.shape[1])
    # The rows of the matrix are named once, at the result, which stands level with them.
    head = 18 if column_names else 0
    drawings = [
        _column_drawing(result, result_role, names[0], row_names, lit, head, "="),
        _matrix_drawing(array, "kernel", label, (), column_names, lit, (), None, True),
        _column_drawing(vector, vector_role, names[1], column_names, (), head),
    ]
    spoken = (
        f"{names[0]} = {label} {names[1]}. Matrix {label} of {array.shape[0]} rows "
        f"and {array.shape[1]} columns, "
        f"{_zeros(array)} zero. "
        f"{names[1]}: {' '.join(_texts(vector))}. {names[0]}: {' '.join(_texts(result))}."
    )
    if lit:
        spoken += f" Row {lit[0]} is outlined with the number that it makes, {_number(result[lit[0]])}."
    title = f"{names[0]} = {label} {names[1]}, {array.shape[0]} x {array.shape[1]}"
    return Figure(title, spoken if alt is None else alt, drawings)


def _column_drawing(vector, role, letter, names, lit, head, sign=""):
    """A vector as a column under its letter, `head` lower than usual, with a sign after it."""
    cells = _cells_for(*_texts(vector), height=26, gap=2, font=12)
    left = max((text_width(name, 12) + 10 for name in names), default=0)
    x, y = _EDGE + left, _CAPTION + head + _EDGE
    width, height = cells.extent(vector.size, 1)
    sheet = Drawing(x + width + _EDGE + (24 if sign else 0), y + height + _EDGE)
    sheet.text(x + width // 2, 16 + head, letter)
    for row, name in enumerate(names):
        sheet.text(x - 8, y + cells.top(row) + cells.height // 2 + 4, name, "small", "quiet", "end")
    _draw_cells(sheet, x, y, cells, vector[:, np.newaxis], role)
    for row in lit:
        _outline(sheet, x, y, cells, (row, 0))
    if sign:
        sheet.text(x + width + 20, y + height // 2 + 8, sign, "sign")
    return sheet


def stamps(
    input, kernel, *, stride=1, padding=0, output_padding=0, dilation=1, letters=None, alt=None,
):  # fmt: skip
    """Transposed convolution as stamps that add: one scaled kernel per input cell, then the sum.

    Parameters
    ----------
    input, kernel : array, one or two axes
    stride, padding, output_padding, dilation
        As in `conv_transpose`. What padding crops is drawn struck out.
    letters : three strings, optional
        Names of input, kernel and output; by default x, w, y, and y, w, x for the transposed convolution.
    alt : str, optional
        Description in place of the one written here.

    Examples
    --------
    >>> stamps([[1, 2], [3, 4]], np.arange(1, 10).reshape(3, 3))
    Figure('4 stamps and their sum')
    """
    op = _operation(input, kernel, stride, padding, output_padding, dilation, True)
    letters, output = _letters(letters, True), op.output
    full = op._replace(padding=((0, 0), (0, 0)))
    canvas = full.output
    crop = _Picture(canvas, None, None, None, op.padding, None)
    cells = _small_cells_for(*_texts(canvas), *_texts(op.input.ravel()[:, None] * op.kernel.ravel()))
    drawings = []
    spoken = f"Transposed convolution as stamps{', ' + _settings_text(op) if _settings_text(op) else ''}. "
    for index, at in enumerate(np.ndindex(*op.input.shape)):
        scale, stamp = op.input[at], np.zeros_like(canvas)
        roles = np.full(canvas.shape, "empty", dtype=object)
        for cell, offset in _stamp_cells(full, at, canvas.shape):
            stamp[cell], roles[cell] = scale * op.kernel[offset], "kernel"
        place = _position_text(index, op.spatial(op.input.shape))
        caption = f"{letters[0]} {place} = {_number(scale)}"
        sheet, x, y = _plane_sheet(cells, stamp, roles, caption, "+" if index else " ")
        for gone in _struck(crop):
            _strike(sheet, x, y, cells, gone)
        drawings.append(sheet)
        spoken += (
            f"Input {place} holds {_number(scale)} and adds {_number(scale)} times the kernel. "
            if op.input.size <= 9
            else ""
        )
    roles = np.full(canvas.shape, "output", dtype=object)
    sheet, x, y = _plane_sheet(cells, canvas, roles, f"sum {letters[2]}", "=")
    for gone in _struck(crop):
        _strike(sheet, x, y, cells, gone)
    drawings.append(sheet)
    spoken += f"Kernel {letters[1]}: {_spoken(op.bare(op.kernel))}. "
    spoken += f"Their sum is the output {letters[2]}, {_spoken(op.bare(output))}."
    spoken += " Cells that the padding crops are struck out." if np.any(op.padding) else ""
    return Figure(f"{op.input.size} stamps and their sum", spoken if alt is None else alt, drawings)


def padded(
    input, kernel_size, *, stride=1, padding=0, output_padding=0, dilation=1, transposed=True, window=True,
    letters=None, alt=None,
):  # fmt: skip
    """What the window slides over: the input with zeros inserted between its cells and around them.

    Parameters
    ----------
    input : array, one or two axes
    kernel_size : int or one int per axis
    stride, padding, output_padding, dilation
        As in `conv_transpose`: stride - 1 zeros between cells, dilation * (kernel_size - 1) - padding around
        them. Where that is negative, cells are cut off, and drawn struck out.
    transposed : bool
        False draws the padded input of `conv`.
    window : bool or int
        Outline the first window, the window of this number, or none.
    letters : three strings, optional
        Names of input, kernel and output; by default x, w, y, and y, w, x for the transposed convolution.
    alt : str, optional
        Description in place of the one written here.

    Examples
    --------
    >>> padded([[1, 2], [3, 4]], 3, stride=2)
    Figure('zero-inserted and padded input, 7 x 7')
    """
    array = _array("input", input)
    kernel = np.ones(per_axis("kernel_size", kernel_size, array.ndim, minimum=1), dtype=int)
    op = _operation(array, kernel, stride, padding, output_padding, dilation, transposed)
    letters, picture, output_size = _letters(letters, transposed), _picture(op), op.output.shape
    cells = (_cells_for if picture.values.size <= 81 else _small_cells_for)(*_texts(picture.values))
    what = _picture_words(op, picture)
    size = _size_text(op.spatial(picture.values.shape))
    sheet, x, y = _sheet(cells, picture.values.shape, f"{what} {letters[0]}, {size}")
    _draw_cells(sheet, x, y, cells, picture.values, picture.roles)
    for at in _struck(picture):
        _strike(sheet, x, y, cells, at)
    spoken = f"{what.capitalize()} {letters[0]}, {_spoken(op.bare(picture.values), 100)}"
    spoken += f"; {_settings_text(op)}." if _settings_text(op) else "."
    if _struck(picture):
        spoken += f" {len(_struck(picture))} cells that no window sees are struck out."
    if window is not False:
        index = 0 if window is True else per_axis("window", window, 1)[0]
        if index >= np.prod(output_size):
            raise ValueError(f"window must be among the {np.prod(output_size)} output cells, got {window!r}")
        row, start, _ = _step(op, picture, op.kernel, index, output_size)
        _draw_window(sheet, x, y, cells, start, op.kernel.shape, op.dilation)
        seen = np.count_nonzero(row)
        spoken += (
            f" The window of output position {_position_text(index, op.spatial(output_size))}, "
            f"{_size_text(op.spatial(op.kernel.shape), ' by ')}, is outlined; "
            f"{seen} of its {op.kernel.size} cells lie on the input."
        )
    return Figure(f"{what}, {size.replace('×', 'x')}", spoken if alt is None else alt, [sheet])


def operators(*, alt=None):
    """The two operators and their backward passes: the same two matrices, swapped.

    Examples
    --------
    >>> operators()
    Figure('two operators, swapped')
    """
    spoken = (
        "Convolution: forward, x goes through C to y; backward, the gradient of the loss by y goes through "
        "C transposed to the gradient by x. "
        "Transposed convolution: forward, y goes through C transposed to x; backward, the gradient by x goes "
        "through C to the gradient by y. Forward and backward are swapped."
    )
    pairs = (
        ("convolution", ("x", "input"), ("y", "output"), "C", "Cᵀ"),
        ("transposed convolution", ("y", "input"), ("x", "output"), "Cᵀ", "C"),
    )
    drawings = [_operator_drawing(*pair) for pair in pairs]
    return Figure("two operators, swapped", spoken if alt is None else alt, drawings)


def _operator_drawing(name, start, end, forward, backward):
    sheet = Drawing(320, 164)
    sheet.text(_EDGE, 18, name, "start", "strong")
    for y, symbol, labels, flip in ((32, forward, "{}", False), (108, backward, "∂L/∂{}", True)):
        for x, (letter, role) in ((_EDGE + 64, start), (250, end)):
            sheet.cell(x, y, 64, 44, role, labels.format(letter))
        tail, head = (250 - 8, 134 + 8) if flip else (134 + 8, 250 - 8)
        sheet.arrow(tail, y + 22, head, y + 22)
        sheet.text(192, y + 14, symbol, "strong")
        sheet.text(_EDGE, y + 27, "backward" if flip else "forward", "small", "quiet", "start")
    return sheet


def overlap(kernel_size, stride, *, input_size=4, padding=0, output_padding=0, dilation=1, alt=None):
    """How many stamps of a transposed convolution reach each output cell.

    Parameters
    ----------
    kernel_size, stride : int, or a pair for two axes
        One int draws one axis, with every stamp above the counts; a pair draws the map of a plane.
    input_size, padding, output_padding, dilation
        As in `conv_transpose`.
    alt : str, optional
        Description in place of the one written here.

    Examples
    --------
    >>> overlap(3, 2).description
    'Kernel 3, stride 2, 4 input cells: the output cells are reached by 1 1 2 1 2 1 2 1 1 stamps.'
    """
    axes = max(len(v) if isinstance(v, (tuple, list)) else 1 for v in (kernel_size, stride))
    if axes > 2:
        raise ValueError(f"kernel_size must have one or two axes, got {kernel_size!r}")
    size = per_axis("input_size", input_size, axes, minimum=1)
    kernel = np.ones(per_axis("kernel_size", kernel_size, axes, minimum=1), dtype=int)
    op = _operation(np.ones(size, dtype=int), kernel, stride, padding, output_padding, dilation, True)
    counts = op.output
    drawing = _overlap_bars(op, counts) if axes == 1 else _overlap_map(op, counts)
    words = [
        _size_text(op.spatial(v), " by ") if axes > 1 else str(*op.spatial(v))
        for v in (op.kernel.shape, op.stride)
    ]
    rows = "; ".join(" ".join(_texts(row)) for row in counts)
    extra = _settings_text(op._replace(stride=(1, 1)))
    spoken = (
        f"Kernel {words[0]}, stride {words[1]}{', ' + extra if extra else ''}, "
        f"{_size_text(op.spatial(op.input.shape), ' by ')} input cells: "
        f"the output cells are reached by {rows} stamps."
    )
    title = f"overlap, kernel {words[0].replace('by', 'x')}, stride {words[1].replace('by', 'x')}"
    return Figure(title, spoken if alt is None else alt, [drawing])


def _overlap_bars(op, counts):
    """Each input cell's stamp on its own line above the output, then the counts."""
    cells = _small_cells_for(*_texts(counts), f"w{op.kernel.size - 1}")
    left = text_width(f"x {op.input.size}", 12) + 16
    caption = ", ".join(filter(None, [f"kernel {op.kernel.size}", _settings_text(op)]))
    sheet, x, y = _sheet(cells, (op.input.size + 1, counts.size), caption, left)
    sheet.height += 8
    for index, at in enumerate(np.ndindex(*op.input.shape)):
        sheet.text(x - 10, y + cells.top(index) + 16, f"y {index}", "small", "quiet", "end")
        for cell, offset in _stamp_cells(op, at, counts.shape):
            sheet.cell(
                x + cells.left(cell[1]),
                y + cells.top(index),
                cells.width,
                cells.height,
                "kernel",
                f"w{offset[1]}",
                12,
            )
    bottom = y + cells.top(op.input.size) + 8
    sheet.text(x - 10, bottom + 16, "x", "small", "quiet", "end")
    _draw_counts(sheet, x, bottom, cells, counts)
    return sheet


def _overlap_map(op, counts):
    cells = _small_cells_for(*_texts(counts))
    sheet, x, y = _sheet(cells, counts.shape, "stamps that reach each output cell")
    _draw_counts(sheet, x, y, cells, counts)
    return sheet


def _draw_counts(sheet, x, y, cells, counts):
    """Counts in output cells, the paler the fewer; a cell that nothing reaches is a cell of the role zero."""
    for (row, column), count in np.ndenumerate(counts):
        role, opacity = ("output", int(100 * count // counts.max())) if count else ("zero", None)
        left, top = x + cells.left(column), y + cells.top(row)
        sheet.cell(left, top, cells.width, cells.height, role, _number(count), cells.font, opacity)


def sizes(kernel_size, *, stride=1, padding=0, dilation=1, input_sizes=None, alt=None):
    """Which input sizes a convolution takes to which output size, on one axis.

    Several sizes fall onto one; beneath each stands the output_padding with which `conv_transpose` returns.

    Parameters
    ----------
    kernel_size, stride, dilation : int
    padding : int or (before, after)
    input_sizes : list of int, optional
        Consecutive or not; by default all that give an output of one to four cells.
    alt : str, optional
        Description in place of the one written here.

    Examples
    --------
    >>> sizes(3, stride=2, padding=1, input_sizes=[7, 8]).description
    'Kernel 3, stride 2, padding 1. Input sizes 7, 8 give output size 4; back with output_padding 0, 1.'
    """
    setting = {
        "kernel_size": (kernel_size,),
        "stride": (stride,),
        "padding": (padding,),
        "dilation": (dilation,),
    }
    back = {**setting}
    if input_sizes is None:
        first = [
            conv_transpose_output_size((n,), **back)[0] if _fits(n, back) else 1 - stride for n in range(1, 5)
        ]
        input_sizes = [n + a for n in first for a in range(stride) if n + a >= 1]
    given = [per_axis("input_sizes", n, 1, minimum=1)[0] for n in input_sizes]
    if not given:
        raise ValueError("input_sizes must hold at least one size, got none")
    groups = {}
    for n in given:
        groups.setdefault(conv_output_size((n,), **setting)[0], []).append(n)
    before, after = padding_pairs((padding,), 1)[0]
    base = {o: stride * (o - 1) + dilation * (kernel_size - 1) + 1 - before - after for o in groups}
    drawing = _sizes_drawing(groups, base)
    shown = before if before == after else (before, after)
    spoken = f"Kernel {kernel_size}, stride {stride}" + (f", padding {shown}" if before or after else "")
    spoken += f", dilation {dilation}." if dilation > 1 else "."
    for output, inputs in groups.items():
        subject, verb = ("sizes", "give") if len(inputs) > 1 else ("size", "gives")
        spoken += f" Input {subject} {', '.join(map(str, inputs))} {verb} output size {output};"
        spoken += f" back with output_padding {', '.join(str(n - base[output]) for n in inputs)}."
    return Figure(f"sizes, kernel {kernel_size}, stride {stride}", spoken if alt is None else alt, [drawing])


def _fits(n, settings):
    try:
        conv_transpose_output_size((n,), **settings)
    except ValueError:
        return False
    return True


def _sizes_drawing(groups, base):
    cells = _cells_for(*(str(n) for inputs in groups.values() for n in inputs))
    count, left = sum(map(len, groups.values())), 96
    width = left + cells.left(count) + 16 * (len(groups) - 1)
    sheet = Drawing(width + 2 * _EDGE, 178)
    for y, text in ((31, "input size"), (121, "output size"), (157, "output_padding")):
        sheet.text(_EDGE, y, text, "small", "quiet", "start")
    x = _EDGE + left
    for output, inputs in groups.items():
        span = cells.left(len(inputs)) - cells.gap
        middle = x + span // 2
        centres = [x + cells.left(i) + cells.width // 2 for i in range(len(inputs))]
        for i, n in enumerate(inputs):
            sheet.cell(x + cells.left(i), 8, cells.width, cells.height, "input", str(n))
            sheet.line(centres[i], 46, centres[i], 66)
            sheet.text(centres[i], 157, str(n - base[output]), "small")
        if len(inputs) > 1:
            sheet.line(centres[0], 66, centres[-1], 66)
        sheet.arrow(middle, 66, middle, 96)
        sheet.cell(middle - cells.width // 2, 98, cells.width, cells.height, "output", str(output))
        x += cells.left(len(inputs)) + 16
    return sheet


def blocks(in_channels, out_channels, *, groups=1, transposed=False, alt=None):
    """The matrix over channels: one block per pair of channels, nothing outside the groups.

    Each filled block is the matrix of one kernel, named by its place in the weight.

    Parameters
    ----------
    in_channels, out_channels : int
        Of the operation that is drawn.
    groups : int
        Divides both.
    transposed : bool
        Draw the matrix of `conv_transpose`, whose weight has the input channels first.
    alt : str, optional
        Description in place of the one written here.

    Examples
    --------
    >>> blocks(4, 2, groups=2)
    Figure('blocks over channels, 2 x 4')
    """
    ins, outs, groups = (
        per_axis(name, value, 1, minimum=1)[0]
        for name, value in (("in_channels", in_channels), ("out_channels", out_channels), ("groups", groups))
    )
    if ins % groups or outs % groups:
        raise ValueError(f"groups must divide both channel counts, got groups {groups}, in {ins}, out {outs}")
    cells = _Cells(56, 40, 6, 14)
    sheet, x, y = _sheet(cells, (outs, ins), "Cᵀ by channels" if transposed else "C by channels", indent=44)
    y += 18
    sheet.height += 18
    for column in range(ins):
        sheet.text(x + cells.left(column) + cells.width // 2, y - 7, f"in {column}", "small", "quiet")
    per_group = outs // groups, ins // groups
    for out in range(outs):
        sheet.text(x - 8, y + cells.top(out) + cells.height // 2 + 4, f"out {out}", "small", "quiet", "end")
        for channel in range(ins):
            inside = out // per_group[0] == channel // per_group[1]
            index = (channel, out % per_group[0]) if transposed else (out, channel % per_group[1])
            role, text = ("kernel", f"w {index[0]},{index[1]}") if inside else ("zero", "0")
            sheet.cell(x + cells.left(channel), y + cells.top(out), cells.width, cells.height, role, text)
    filled = ins * outs // groups
    spoken = (
        f"Matrix of {outs} by {ins} blocks, one row per output channel, one column per input channel; "
        f"{groups} group{'s' if groups > 1 else ''}. "
        f"{filled} blocks hold a kernel's matrix, {ins * outs - filled} are zero. "
        f"Blocks are named by their place in the weight, {'input' if transposed else 'output'} channel first."
    )
    return Figure(f"blocks over channels, {outs} x {ins}", spoken if alt is None else alt, [sheet])


def beside(*figures, alt=None):
    """Several figures joined into one, for what must be seen together.

    Examples
    --------
    >>> beside(grid([1, 2]), grid([3, 4], "output"))
    Figure('input x, 2 cells; output y, 2 cells')
    """
    for figure in figures:
        if not isinstance(figure, Figure):
            raise TypeError(f"beside joins figures, got {figure!r}")
    if not figures:
        raise ValueError("beside needs at least one figure, got none")
    spoken = " ".join(figure.description for figure in figures) if alt is None else alt
    return Figure("; ".join(f.title for f in figures), spoken, [d for f in figures for d in f.drawings])


def plot_style():
    """matplotlib's rcParams for the book's plots, in the colours of the figures.

    Examples
    --------
    >>> plot_style()["figure.figsize"]
    (7.0, 3.0)
    """
    light = TOKENS["light"]
    return {
        "figure.figsize": (7.0, 3.0),
        "figure.dpi": 110,
        "savefig.facecolor": light["--tc-paper"],
        "text.color": light["--tc-ink"],
        "axes.labelcolor": light["--tc-ink"],
        "axes.edgecolor": light["--tc-line"],
        "xtick.color": light["--tc-line"],
        "ytick.color": light["--tc-line"],
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "grid.alpha": 0.3,
        "font.size": 10,
        "legend.frameon": False,
    }
