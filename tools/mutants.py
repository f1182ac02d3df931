"""Change `lib` in every small way, one at a time, and see that a test fails: `make mutants`.

mutmut makes the changes in a copy under _build/mutants and runs only the tests that reach the changed
function. What no test notices must be explained in tools/mutants.md, which holds it as a diff; anything else
fails. ARGS names modules (ARGS="shapes routes"); without it all of MODULES run, which takes most of an hour.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "_build" / "mutants"
MODULES = ["shapes", "ops", "matrix", "gradients", "routes"]
TESTS = [
    "shapes",
    "ops",
    "matrix",
    "gradients",
    "routes",
    "field_formulas",
    "torch_data",
    "properties",
    "blocks",
]
MUTMUT = [sys.executable, "-m", "mutmut"]

CONFIG = """
[tool.mutmut]
source_paths = ["lib/"]
only_mutate = {mutate}
also_copy = ["tests"]
pytest_add_cli_args = ["-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = {tests}

[tool.pytest.ini_options]
pythonpath = [".", "tests"]
"""


def copy(modules):
    """The parts of the project that the tests of `lib` need, with mutmut's settings."""
    shutil.rmtree(WORK, ignore_errors=True)
    ignore = shutil.ignore_patterns("__pycache__", "explorer", "site")
    for folder in ("lib", "tests"):
        shutil.copytree(ROOT / folder, WORK / folder, ignore=ignore)
    mutate = [f"lib/{module}.py" for module in modules]
    tests = [f"tests/test_{name}.py" for name in TESTS]
    (WORK / "pyproject.toml").write_text(CONFIG.format(mutate=mutate, tests=tests), encoding="utf-8")


def changed(diff):
    """The lines taken out and put in, without their indent: what identifies a change while numbers shift."""
    lines = [line for line in diff.splitlines() if re.match(r"[-+](?![-+]{2})", line)]
    return tuple(line[0] + " " + line[1:].strip() for line in lines)


def explanations():
    text = (ROOT / "tools" / "mutants.md").read_text(encoding="utf-8")
    return {changed(block) for block in re.findall(r"```diff\n(.*?)```", text, re.DOTALL)}


def main():
    modules = sys.argv[1:] or MODULES
    if unknown := set(modules) - set(MODULES):
        sys.exit(f"modules must be among {', '.join(MODULES)}, got {', '.join(sorted(unknown))}")
    copy(modules)
    run = [*MUTMUT, "run", "--max-children", str(os.cpu_count() or 1)]
    with open(WORK / "log.txt", "wb") as log:
        code = subprocess.call(run, cwd=WORK, stdout=log, stderr=subprocess.STDOUT)
    if code:
        sys.exit(f"mutmut stopped with {code}; its words are in {WORK.relative_to(ROOT) / 'log.txt'}")
    results = subprocess.check_output([*MUTMUT, "results", "--all", "true"], cwd=WORK, text=True)
    states = dict(line.strip().split(": ") for line in results.splitlines() if ": " in line)
    known, open_ends = explanations(), 0
    left = [name for name, state in states.items() if state not in ("killed", "timeout")]
    for name in left:
        shown = subprocess.check_output([*MUTMUT, "show", name], cwd=WORK, text=True)
        if changed(shown) not in known:
            open_ends += 1
            print(f"{name}: {states[name]}", *changed(shown), "", sep="\n")
    noticed, explained = len(states) - len(left), len(left) - open_ends
    print(f"{len(states)} changes: {noticed} noticed, {explained} explained, {open_ends} open")
    sys.exit(bool(open_ends))


if __name__ == "__main__":
    main()
