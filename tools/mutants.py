"""Change `lib` in every small way, one at a time, and see that a test fails: `make mutants`.

mutmut makes the changes in a copy under _build/mutants and runs only the tests that reach the changed
function. What no test notices must be explained in tools/mutants.md, which holds it as a diff; anything else
fails. ARGS names modules or packages (ARGS="shapes routes figures/wiring"); without it all of TESTS run,
which takes hours.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIB = ROOT / "lib"
WORK = ROOT / "_build" / "mutants"
# The tests that have to notice, tests/test_NAME.py; by module, or by package for all its modules.
TESTS = {
    "shapes/geometry": ["shapes", "ops", "routes"],
    "shapes/settings": ["shapes", "ops", "routes"],
    "shapes/sizes": ["shapes", "properties"],
    "shapes/solver": ["shapes"],
    "shapes/checks": ["shapes", "ops", "matrix", "gradients", "routes"],
    "shapes/reach": ["reach"],
    "ops": ["ops"],
    "fast": ["ops", "fast"],
    "blocks": ["fast", "pairs"],
    "pairs": ["pairs"],
    "matrix": ["matrix"],
    "gradients": ["gradients", "fast", "pairs"],
    "routes": ["routes", "properties"],
    "kernels": ["kernels"],
    "streaming": ["streaming"],
    "dialects": ["dialects", "dialects_translate"],
    # The chapters' files are data, and mutmut stops there: the failure that it forces is taken for an answer.
    "exercises/__init__": ["exercises"],
    "exercises/judging": ["exercises"],
    "exercises/registry": ["exercises"],
    "svg": ["svg"],
    "figures": ["figures", "films"],
    "moving": ["films"],
    "gallery": ["gallery"],
    "canvas": ["films"],
    "images": ["images"],
    "sounds": ["sounds"],
    "stacks": ["stacks"],
    "inverse": ["inverse"],
    "borders": ["borders"],
    "training": ["training"],
}
MUTMUT = [sys.executable, "-m", "mutmut"]

CONFIG = """
[tool.mutmut]
source_paths = ["lib/"]
only_mutate = {mutate}
also_copy = ["tests", "chapters"]
pytest_add_cli_args = ["-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = {tests}

[tool.pytest.ini_options]
pythonpath = [".", "tests"]
filterwarnings = ["error"]
"""


def modules():
    """Each module of `lib` that is changed -> the tests that have to notice."""
    found = {}
    for name, tests in TESTS.items():
        files = sorted((LIB / name).glob("*.py")) or [LIB / f"{name}.py"]
        with_functions = [path for path in files if "def " in path.read_text(encoding="utf-8")]
        found |= {path.relative_to(LIB).with_suffix("").as_posix(): tests for path in with_functions}
    return found


def chosen(names):
    """The modules that are named, by themselves or by their package."""
    known = modules()
    families = {module: {module, module.partition("/")[0]} for module in known}
    if strange := set(names).difference(*families.values()):
        sys.exit(
            f"modules must be among {', '.join(known)} or their packages, got {', '.join(sorted(strange))}"
        )
    return {module: known[module] for module in known if not names or families[module] & set(names)}


def copy(module, tests):
    """The parts of the project that the tests of `lib` need, with mutmut's settings."""
    folder = WORK / module
    shutil.rmtree(folder, ignore_errors=True)
    ignore = shutil.ignore_patterns("__pycache__", "site", ".ipynb_checkpoints")
    for part in ("lib", "tests", "chapters"):
        shutil.copytree(ROOT / part, folder / part, ignore=ignore)
    source = folder / "lib" / f"{module}.py"
    # mutmut leaves decorated functions alone, so they go without their cache. Only what chooses a way keeps
    # or gets one: a wrong choice costs time, which no test measures.
    text = re.sub(r"@lru_cache.*\n(?!def _cheapest)", "", source.read_text(encoding="utf-8"))
    text = re.sub(r"^(?=def (_stamps_cost|_room_is_multiplied)\()", "@lru_cache\n", text, flags=re.MULTILINE)
    source.write_text(text, encoding="utf-8")
    files = [f"tests/test_{name}.py" for name in tests]
    config = CONFIG.format(mutate=[f"lib/{module}.py"], tests=files)
    (folder / "pyproject.toml").write_text(config, encoding="utf-8")
    return folder


def changed(diff):
    """The lines taken out and put in, without their indent: what identifies a change while numbers shift."""
    lines = [line for line in diff.splitlines() if re.match(r"[-+](?![-+]{2})", line)]
    return tuple(line[0] + " " + line[1:].strip() for line in lines)


def explanations():
    text = (ROOT / "tools" / "mutants.md").read_text(encoding="utf-8")
    return {changed(block) for block in re.findall(r"```diff\n(.*?)```", text, re.DOTALL)}


def survey(module, tests, known):
    """Run all changes of one module; return how many there are, were noticed, are explained, are open."""
    folder = copy(module, tests)
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
    known, failed = explanations(), False
    for module, tests in chosen(sys.argv[1:]).items():
        changes, noticed, explained, open_ends = survey(module, tests, known)
        print(
            f"{module}: {changes} changes, {noticed} noticed, {explained} explained, {open_ends} open",
            flush=True,
        )
        failed |= bool(open_ends)
    sys.exit(failed)


if __name__ == "__main__":
    main()
