"""Run the tests that concern what you changed, in less than a minute: `make quick`.

Changed is what differs from the commit where this branch left main (on main: from the last commit), and files
that git does not know yet. A test, a notebook or the examples of a docstring run when the file itself or what
it imports changed, however far behind. Of the site's tests only those run that are quick.
"""

import ast
import json
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SITE = "tests/site/test_site.py"
EVERY_PAGE = ["tests/site/test_reading.py::test_every_link_within_the_book_arrives"]
EVERY_PAGE += [f"{SITE}::test_what_the_site_carries"]
ONE_PAGE = SITE + "::test_on_a_screen_from_a_server[{}]"
EXPLORER = [
    "tests/site/test_explorer_geometry.py",
    "tests/site/test_explorer_controls.py::test_numbers_and_partners_of_every_cell",
]
PAGES_LOOKED_AT = 3  # of those that changed; each takes a few seconds


def git(*words):
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True).stdout.split("\n")


def changed_files():
    """The names of the files that differ, as git writes them."""
    base = git("merge-base", "HEAD", "main")[0] or "HEAD"
    names = git("diff", "--name-only", base) + git("ls-files", "--others", "--exclude-standard")
    return {name for name in names if name}


# --- who imports whom


def source(path):
    """The Python of a module or of a notebook's cells."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text
    cells = json.loads(text)["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


def file_of(folder, name):
    """The file of the module `name` in a folder, or None."""
    for path in (folder / f"{name}.py", folder / name / "__init__.py"):
        if path.exists():
            return path
    return None


def origin(package, name):
    """The files in which a package has `name`: its own module, or the one that __init__ takes it from."""
    if module := file_of(package, name):
        return {module}
    init = package / "__init__.py"
    if init.exists():
        for node in ast.parse(init.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom) and name in {a.asname or a.name for a in node.names}:
                return {init} | origin_in(module_path(init, node), name)
    return {init} if init.exists() else set()


def origin_in(path, name):
    """`name` in a module, or in a package."""
    return {path.with_suffix(".py")} if path.with_suffix(".py").exists() else origin(path, name)


def module_path(path, node):
    """Where the module of a `from ... import` in the file `path` lies, without its ending."""
    if node.level:
        start = path.parents[node.level - 1]
    else:  # a test imports its neighbours by their bare names
        first = (node.module or "").split(".")[0]
        start = path.parent if file_of(path.parent, first) else ROOT
    return start.joinpath(*(node.module or "").split(".")) if node.module else start


@cache
def imports(path):
    """The files of this project that a file imports itself."""
    found = set()
    for node in ast.walk(ast.parse(source(path))):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                found |= origin_in(module_path(path, node), alias.name)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                *folders, last = alias.name.split(".")
                found |= {file_of(ROOT.joinpath(*folders), last)} - {None}
    return frozenset(file for file in found if file.is_relative_to(ROOT) and ".venv" not in file.parts)


def reached(path):
    """All files that lie behind an import of `path`, itself included. An __init__ hands on names, no more."""
    seen, left = set(), [path]
    while left:
        file = left.pop()
        if file not in seen:
            seen.add(file)
            left += imports(file) if file.name != "__init__.py" or file == path else ()
    return seen


# --- what to run


def touched_modules(changed):
    """Python files that changed, and those that name a data file, a script or a style that changed."""
    modules = set()
    for path in (ROOT / name for name in changed):
        if path.suffix == ".py":
            modules.add(path)
            if path.parent.name == "exercises":  # found by name when they are asked for, not imported
                modules.add(path.with_name("__init__.py"))
        elif path.is_relative_to(ROOT / "lib"):
            near = [file for folder in (path.parent, path.parent.parent) for file in folder.glob("*.py")]
            modules |= {file for file in near if path.name in file.read_text(encoding="utf-8")} or set(near)
    return modules


def front_end(changed):
    return any(name.startswith("lib/explorer/") for name in changed)


def site_tests(changed):
    """The few tests of the site that fit."""
    pages = [name.rpartition(".")[0] for name in sorted(changed) if name.startswith(("chapters/", "index."))]
    pages = [name for name in pages if not Path(name).name.startswith("_")]
    if any(name.startswith(("_ext/", "_config", "_toc", "references")) for name in changed):
        pages = ["index", *pages]
    near = EVERY_PAGE + [ONE_PAGE.format(name) for name in pages[:PAGES_LOOKED_AT]] if pages else []
    return (EXPLORER if front_end(changed) else []) + near


def selected(changed):
    """What pytest has to run for these files."""
    modules = touched_modules(changed)
    tests = [*ROOT.glob("tests/test_*.py"), ROOT / "index.ipynb", *ROOT.glob("chapters/[!_]*.ipynb")]
    run = {path.relative_to(ROOT).as_posix() for path in tests if reached(path) & modules}
    run |= {name for name in changed if name.endswith(".ipynb") and not Path(name).name.startswith("_")}
    run |= {name for name in changed if name.startswith("lib/") and name.endswith(".py")}  # their examples
    run |= {name for name in changed if name.startswith("tests/site/test_")}
    run |= {"README.md"} & changed
    if any(name.startswith(("chapters/", "index.", "_toc")) for name in changed):
        run.add("tests/test_notebooks.py")
    return [name for name in sorted(run) if (ROOT / name).exists()] + site_tests(changed)


def main():
    changed = changed_files()
    tests = selected(changed)
    print(f"{len(changed)} files changed; `make test` runs everything.")
    if not tests:
        print("No test is near what changed.")
        return 0
    print("This runs:", *tests, sep="\n  ", flush=True)
    options = ["-n", "2", "--no-loadscope-reorder", "-q", *sys.argv[1:]]
    return subprocess.call([sys.executable, "-m", "pytest", *options, *tests], cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main())
