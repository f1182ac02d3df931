"""Change `lib` in every small way, one at a time, and see that a test fails: `make mutants`.

mutmut makes the changes in a copy under _build/mutants and runs only the tests that reach the changed
function. What no test notices must be explained in tools/mutants.md, which holds it as a diff; anything else
fails. ARGS names modules (ARGS="shapes/solver routes"); without it all of TESTS run, which takes most of an
hour.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "_build" / "mutants"
# The tests that have to notice, module by module; tests/test_NAME.py.
TESTS = {
    "shapes/geometry": ["shapes", "ops", "routes"],
    "shapes/settings": ["shapes", "ops", "routes"],
    "shapes/sizes": ["shapes", "properties"],
    "shapes/solver": ["shapes"],
    "shapes/checks": ["shapes", "ops", "matrix", "gradients", "routes"],
    "ops": ["ops"],
    "fast": ["ops", "fast"],
    "matrix": ["matrix"],
    "gradients": ["gradients", "fast"],
    "routes": ["routes", "properties"],
}
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


def copy(module):
    """The parts of the project that the tests of `lib` need, with mutmut's settings."""
    folder = WORK / module
    shutil.rmtree(folder, ignore_errors=True)
    ignore = shutil.ignore_patterns("__pycache__", "explorer", "site")
    for part in ("lib", "tests"):
        shutil.copytree(ROOT / part, folder / part, ignore=ignore)
    source = folder / "lib" / f"{module}.py"
    # mutmut leaves decorated functions alone, so they go without their cache. Only what chooses a way keeps
    # or gets one: a wrong choice costs time, which no test measures.
    text = re.sub(r"@lru_cache.*\n(?!def _cheapest)", "", source.read_text(encoding="utf-8"))
    text = re.sub(r"^(?=def (_stamps_cost|_room_is_multiplied)\()", "@lru_cache\n", text, flags=re.MULTILINE)
    source.write_text(text, encoding="utf-8")
    tests = [f"tests/test_{name}.py" for name in TESTS[module]]
    config = CONFIG.format(mutate=[f"lib/{module}.py"], tests=tests)
    (folder / "pyproject.toml").write_text(config, encoding="utf-8")
    return folder


def changed(diff):
    """The lines taken out and put in, without their indent: what identifies a change while numbers shift."""
    lines = [line for line in diff.splitlines() if re.match(r"[-+](?![-+]{2})", line)]
    return tuple(line[0] + " " + line[1:].strip() for line in lines)


def explanations():
    text = (ROOT / "tools" / "mutants.md").read_text(encoding="utf-8")
    return {changed(block) for block in re.findall(r"```diff\n(.*?)```", text, re.DOTALL)}


def survey(module, known):
    """Run all changes of one module; return how many there are, were noticed, are explained, are open."""
    folder = copy(module)
    run = [*MUTMUT, "run", "--max-children", str(os.cpu_count() or 1)]
    with open(folder / "log.txt", "wb") as log:
        code = subprocess.call(run, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
    if code:
        sys.exit(f"mutmut stopped with {code}; its words are in {(folder / 'log.txt').relative_to(ROOT)}")
    results = subprocess.check_output([*MUTMUT, "results", "--all", "true"], cwd=folder, text=True)
    states = dict(line.strip().split(": ") for line in results.splitlines() if ": " in line)
    left = [name for name, state in states.items() if state not in ("killed", "timeout")]
    open_ends = 0
    for name in left:
        shown = changed(subprocess.check_output([*MUTMUT, "show", name], cwd=folder, text=True))
        if shown not in known:
            open_ends += 1
            print(f"{name}: {states[name]}", *shown, "", sep="\n")
    return len(states), len(states) - len(left), len(left) - open_ends, open_ends


def main():
    modules = sys.argv[1:] or list(TESTS)
    if unknown := set(modules) - set(TESTS):
        sys.exit(f"modules must be among {', '.join(TESTS)}, got {', '.join(sorted(unknown))}")
    known, failed = explanations(), False
    for module in modules:
        changes, noticed, explained, open_ends = survey(module, known)
        print(
            f"{module}: {changes} changes, {noticed} noticed, {explained} explained, {open_ends} open",
            flush=True,
        )
        failed |= bool(open_ends)
    sys.exit(failed)


if __name__ == "__main__":
    main()
