"""What holds for all of `lib`: modules stand on each other, and functions say what they take and give."""

import ast
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest

import lib

FOLDER = Path(lib.__file__).parent


def imported(path):
    """The modules of lib, each at its top level, that a file's relative imports name."""
    package = path.relative_to(FOLDER).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            target = [*package[: len(package) - node.level + 1], *filter(None, [node.module])]
            yield from [target[0].split(".")[0]] if target else (name.name for name in node.names)


def listed_on_the_api_page():
    table = (FOLDER.parent / "chapters" / "api.md").read_text(encoding="utf-8").split("```python")[0]
    rows = re.findall(r"^\|(.*?)\|", table, re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`lib\.(\w+)`", row)]


def listed_in_the_docstring():
    words = re.sub(r"\(.*?\)", "", lib.__doc__, flags=re.DOTALL)
    return re.findall(r"\w+", " ".join(re.findall(r":\s([^.]*)[.]", words)))


@pytest.mark.parametrize("listed", [listed_on_the_api_page, listed_in_the_docstring])
def test_each_module_imports_only_those_before_it(listed):
    order = listed()
    for number, name in enumerate(order):
        files = [*(FOLDER / name).rglob("*.py")] or [FOLDER / f"{name}.py"]
        needed = {other for path in files for other in imported(path)} - {name}
        assert needed <= set(order[:number]), name
    assert sorted(order) == sorted(found.name for found in pkgutil.iter_modules(lib.__path__))


def public_modules():
    """All but the chapters' specifications: readers see those as solutions, in the form asked for."""
    names = ["lib", *(found.name for found in pkgutil.walk_packages(lib.__path__, "lib."))]
    return [name for name in names if "._" not in name and ".chapter_" not in name]


def written_here(function):
    """Whether the text of a function stands in lib: a NamedTuple's or a dataclass's own methods do not."""
    code = getattr(function, "__code__", None)
    return code is not None and FOLDER in Path(code.co_filename).parents


def functions_of(owner):
    """The functions behind the public names and the special methods of a module or class."""
    for name, member in inspect.getmembers_static(owner):
        if name.startswith("_") and not name.endswith("__") and name != "_repr_mimebundle_":
            continue
        member = getattr(member, "fget", None) or getattr(member, "__func__", member)
        member = inspect.unwrap(member) if callable(member) else member
        if inspect.isclass(member) and inspect.ismodule(owner):
            yield from functions_of(member)
        elif written_here(member):
            yield member


def missing(function):
    """Parameters without a type, and "return" where that has none."""
    signature = inspect.signature(function)
    parameters = [p.name for p in signature.parameters.values() if p.annotation is p.empty]
    lacks_return = signature.return_annotation is signature.empty
    return [name for name in parameters if name not in ("self", "cls")] + ["return"] * lacks_return


@pytest.mark.parametrize("module", public_modules())
def test_every_public_function_says_what_it_takes_and_gives(module):
    functions = {f"{f.__module__}.{f.__qualname__}": f for f in functions_of(importlib.import_module(module))}
    assert {name: missing(f) for name, f in functions.items() if missing(f)} == {}


def test_none_is_passed_over():
    modules = map(importlib.import_module, public_modules())
    found = {f.__qualname__ for module in modules for f in functions_of(module)}
    methods = {"_Operator.__init__", "Network.parameters", "Explorer.hold_trait_notifications"}
    assert {*lib.__all__, "conv_size", *methods} <= found  # plain, kept by a cache, inherited, wrapped
    assert len(found) > 250
    assert missing(lambda x, *, y=1: x) == ["x", "y", "return"]
