"""Runs the cells of a page in Pyodide, as a notebook runs them: the part of the live book that is Python.

A cell's result depends on its own source and on those of the cells before it, on nothing else: the names as
they were after each cell are kept, and a cell that runs again starts from those after the cell before it.
"""

import ast
import base64
import copy
import hashlib
import io
import json
import logging
import sys
import time
import traceback
import types

SECONDS = 0.1  # between two reports of what is being printed
UNCOMPARED = ("image/png", "image/jpeg")  # their bytes differ between versions of what draws them


class Book:
    """The names that the cells share, as they are now and as they were after each cell."""

    def __init__(self):
        module = types.ModuleType("__main__")
        sys.modules["__main__"] = module
        self.names = module.__dict__
        self.names["display"] = show
        sys.modules |= ipython()
        time.process_time = time.perf_counter  # the page has one clock, and it is not the processor's
        self.after = {"": snapshot(self.names)}
        self.rooms = {}  # the names of each exercise, so that no answer gets in the way of the page
        self.latest = ""

    def run(self, cell, source, base, room, report):
        """Run one cell; return as JSON what a notebook would store of it.

        It starts from the names as they were after the cell `base`. In a `room` it has a copy of them to
        itself, or, with None for `base`, goes on in the room as it is.
        """
        if base is not None:
            self.go_to(base)
            self.rooms[room] = dict(self.names)
        names = self.rooms[room] if room else self.names
        if not room:
            self.latest = None  # until the cell has ended, the names are those of no cell
        outputs = Outputs(report)
        right = outputs.execute(cell, source, names)
        if not room:
            self.after[cell] = snapshot(names)
            self.latest = cell
        return json.dumps({"outputs": outputs.list, "digest": digest(outputs.list), "right": right})

    def go_to(self, cell):
        if cell != self.latest:
            kept = snapshot(self.after[cell])
            self.names.clear()
            self.names.update(kept)
            self.latest = cell


def snapshot(names):
    """The names as they are. Random generators are copied: they are what one cell makes and others use up."""
    module = sys.modules.get("numpy.random")  # NumPy loads it when it is first asked for
    random = module.Generator if module else ()
    return {name: copy.deepcopy(it) if isinstance(it, random) else it for name, it in names.items()}


class Outputs:
    """What one cell puts out, in the form of a notebook's outputs."""

    current = None

    def __init__(self, report):
        self.list, self.report, self.reported = [], report, time.monotonic()

    def execute(self, cell, source, names):
        """Run the source, collecting what it prints, shows and returns, or the error that ends it.

        Returns whether an exercise's answer is right, if the cell ends with a verdict on it.
        """
        Outputs.current = self
        streams = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = Stream(self, "stdout"), Stream(self, "stderr")
        file = f"<cell {cell}>"
        try:
            statements, last = split(source, file)
            exec(statements, names)
            value = eval(last, names) if last else None
            if value is not None:
                self.list.append({"output_type": "execute_result", "data": bundle(value)})
            show_plots()
            return verdict(value)
        except BaseException as error:  # SystemExit and KeyboardInterrupt too: the page goes on
            self.list.append({"output_type": "error", **words(error, file, source)})
            close_plots()
            return None
        finally:
            sys.stdout, sys.stderr = streams
            Outputs.current = None

    def write(self, name, text):
        last = self.list[-1] if self.list else {}
        if last.get("name") == name:
            last["text"] += text
        else:
            self.list.append({"output_type": "stream", "name": name, "text": text})
        if time.monotonic() - self.reported > SECONDS:
            self.report(json.dumps(self.list))
            self.reported = time.monotonic()


class Stream(io.TextIOBase):
    """What takes the place of sys.stdout while a cell runs."""

    def __init__(self, outputs, name):
        self.outputs, self.name = outputs, name

    def writable(self):
        return True

    def write(self, text):
        if text:
            self.outputs.write(self.name, text)
        return len(text)


def split(source, file):
    """The compiled statements of a cell, and its last line where that is an expression."""
    tree = ast.parse(source, file)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = compile(ast.Expression(tree.body.pop().value), file, "eval")
    return compile(tree, file, "exec"), last


def bundle(value):
    """The forms in which a value shows itself, by MIME type."""
    data = {}
    if hasattr(value, "_repr_mimebundle_") and not isinstance(value, type):
        data = value._repr_mimebundle_()
        data = dict(data[0] if isinstance(data, tuple) else data or {})
    for mime, method in (("text/html", "_repr_html_"), ("image/svg+xml", "_repr_svg_")):
        if mime not in data and hasattr(value, method) and not isinstance(value, type):
            data[mime] = getattr(value, method)()
    plots = sys.modules.get("matplotlib.figure")
    if plots and isinstance(value, plots.Figure):
        data["image/png"] = picture(value)
    data.setdefault("text/plain", repr(value))
    return {mime: it for mime, it in data.items() if isinstance(it, str)}


class HTML:
    """What a notebook's `IPython.display.HTML` is; all of IPython would take longer to load than a page."""

    def __init__(self, data):
        self.data = data

    def __repr__(self):
        return "<IPython.core.display.HTML object>"

    def _repr_html_(self):
        return self.data


def ipython():
    """The two names of IPython that a page has, as the modules in which a notebook finds them."""
    package, display = types.ModuleType("IPython"), types.ModuleType("IPython.display")
    package.display, display.HTML, display.display = display, HTML, show
    package.get_ipython, package.version_info = lambda: None, (0, 0)  # matplotlib asks: nothing of it runs
    return {"IPython": package, "IPython.display": display}


def verdict(value):
    """True or false for what `check` returns, None for any other value."""
    exercises = sys.modules.get("lib.exercises")
    return value.right if exercises and isinstance(value, exercises.Verdict) else None


def show(*values):
    """Show values now, as a notebook's `display` does."""
    for value in values:
        Outputs.current.list.append({"output_type": "display_data", "data": bundle(value)})


def show_plots(*arguments, **settings):
    """Show the figures that pyplot holds open, as a notebook does at the end of a cell and at plt.show()."""
    plt = sys.modules.get("matplotlib.pyplot")
    for number in plt.get_fignums() if plt else ():
        show(plt.figure(number))
    close_plots()


def close_plots():
    plt = sys.modules.get("matplotlib.pyplot")
    if plt:
        plt.close("all")


def picture(figure):
    """A plot as a PNG with two pixels for one, sharp on a phone."""
    file = io.BytesIO()
    figure.savefig(file, format="png", bbox_inches="tight", dpi=2 * figure.dpi)
    return base64.b64encode(file.getvalue()).decode()


def plots_are_here():
    """matplotlib has been loaded: give it the book's style, and let plt.show() show in the page."""
    logging.getLogger("matplotlib.font_manager").setLevel("ERROR")  # uncompiled, it makes its list of fonts
    import matplotlib.pyplot as plt

    from lib.notebook import style_plots

    style_plots()
    plt.show = show_plots


def words(error, file, source):
    """An error as its name, its sentence and the line of the cell that it leads back to."""
    name, text = type(error).__name__, str(error)
    if isinstance(error, SyntaxError) and error.filename == file:
        return {"ename": name, "evalue": error.msg, "line": error.lineno}
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    line = lines[-1] if lines else None
    missing = error.name if isinstance(error, ModuleNotFoundError) else None
    return {"ename": name, "evalue": text, "line": line, "missing": missing}


def comparable(outputs):
    """What has to be the same bytes for a result to be the printed one; the rule is that of `make test`."""
    kept = []
    for output in outputs:
        kind = output["output_type"]
        if kind == "stream":
            if kept and kept[-1][:2] == [kind, output["name"]]:
                kept[-1][2] += output["text"]
            else:
                kept.append([kind, output["name"], output["text"]])
        elif kind == "error":
            kept.append([kind, output["ename"], output["evalue"]])
        else:
            data = {mime: "" if mime in UNCOMPARED else it for mime, it in output["data"].items()}
            kept.append([kind, data])
    return kept


def digest(outputs):
    """A short name for the comparable part of outputs: equal names, equal bytes."""
    text = json.dumps(comparable(outputs), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
