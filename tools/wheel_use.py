"""Use the installed package as a stranger does; tools/wheel.py runs this where the package is installed.

The arguments name what the book's API page documents: `conv`, `figures.grid`, or `routes.*` for all of
it. All examples of all docstrings run, and each of these functions has one. Then an explorer and a figure are
displayed, an exercise is checked, and what comes in files is read.
"""

import doctest
import importlib
import inspect
import pkgutil
import re
import sys

PACKAGE = "transposed_convolution"
NO_EXAMPLE = {"setup", "show", "spatial"}  # used below; the last is a check that many examples go through


def modules():
    """The package and everything below it, imported."""
    package = importlib.import_module(PACKAGE)
    names = [found.name for found in pkgutil.walk_packages(package.__path__, PACKAGE + ".")]
    return [package, *map(importlib.import_module, names)]


def run_examples(module):
    """Run the examples of a module's docstrings, under the package's own name; return whose they are."""
    used = set()
    for test in doctest.DocTestFinder().find(module):
        for example in test.examples:
            for part in ("source", "want", "exc_msg"):
                text = getattr(example, part)
                setattr(example, part, text and re.sub(r"\blib\b", PACKAGE, text))
        result = doctest.DocTestRunner().run(test)
        assert not result.failed, test.name
        if result.attempted:
            used.add(test.name)
    return used


def documented(name):
    """The functions and classes that one argument names."""
    module, _, last = f"{PACKAGE}.{name}".rpartition(".")
    home = importlib.import_module(module)
    if last != "*":
        return [getattr(home, last)]
    return [
        member
        for key, member in vars(home).items()
        if (inspect.isfunction(member) or inspect.isclass(member))
        and not key.startswith("_")
        and member.__module__ == module
    ]


def check_displays():
    """What a notebook shows: figures, explorers, the calculator, photographs, the verdict on an exercise."""
    from IPython.core.formatters import DisplayFormatter
    from transposed_convolution import figures, setup
    from transposed_convolution.calculator import Calculator
    from transposed_convolution.exercises import check
    from transposed_convolution.explorer import Explorer, SideBySide
    from transposed_convolution.images import photographs, show

    def displayed(thing):
        return DisplayFormatter().format(thing)[0]

    setup()
    show(photographs())
    assert "<svg" in displayed(figures.grid([[1, 2], [3, 4]]))["image/svg+xml"]
    explorer = Explorer(stride=2)
    for shown in (explorer, SideBySide(explorer, Explorer(padding=1))):
        html = displayed(shown)["text/html"]
        assert "data-explorer" in html and "<svg" in html
    assert "export default" in explorer._esm  # what brings it to life in a notebook
    assert "data-calculator" in displayed(Calculator(28, 56))["text/html"]
    assert check("01-count", 90)
    assert not check("01-count", 15)


def main():
    found = modules()
    used = set().union(*map(run_examples, found))
    check_displays()
    public = [thing for name in sys.argv[1:] for thing in documented(name)]
    for thing in filter(inspect.isfunction, public):
        name = f"{thing.__module__}.{thing.__qualname__}"
        assert name in used or thing.__name__ in NO_EXAMPLE, f"{name} has no example"
    print(f"{len(found)} modules imported, {len(public)} public names used")


if __name__ == "__main__":
    main()
