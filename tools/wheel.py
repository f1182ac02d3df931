"""Build the wheel and use it where a stranger would: `make wheel`.

It is installed with what it needs into an empty environment, and used in a folder that has a `lib` of its
own: every public function (tools/wheel_use.py) and every chapter. Chapters say `from lib import ...`; the
copies that run here have the installed name in its place.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "_build" / "wheel"
PACKAGE = "transposed_convolution"
NEEDED_TO_RUN_CHAPTERS = ("ipykernel", "pytest", "nbval")


def build(folder):
    """Build the wheel into `folder` from the sources as they are, with the project's own packages."""
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", folder]
    subprocess.check_call([sys.executable, "-m", "pip", "wheel", *options, ROOT])
    (wheel,) = Path(folder).glob("*.whl")
    return wheel


def python_of(venv):
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def empty_environment(folder):
    """An environment without any package, not even pip; return its Python."""
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.check_call([sys.executable, "-m", "venv", "--without-pip", folder])
    return python_of(folder)


def install(python, *packages):
    """Install into the environment of another Python."""
    options = ["--quiet", "--disable-pip-version-check", "--only-binary=:all:", *packages]
    subprocess.check_call([sys.executable, "-m", "pip", "--python", python, "install", *options])


def work_folder(folder):
    """A folder as a user may have it: with a package `lib` that is not ours."""
    (folder / "lib").mkdir(parents=True)
    (folder / "lib" / "__init__.py").write_text('raise ImportError("this is the lib of the user")\n')
    return folder


def public_names():
    """What the book's pages of the library document, as the arguments of tools/wheel_use.py."""
    page = "\n".join(path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("chapters/api*.md")))
    names = re.findall(r"^\.\. auto(?:function|class):: lib\.(\S+)", page, re.MULTILINE)
    for module, members in re.findall(r"^\.\. automodule:: lib\.(\S+)\n   :members:(.*)", page, re.MULTILINE):
        names += [f"{module}.{name}" for name in re.findall(r"\w+", members) or ["*"]]
    return names


def use(python, folder):
    """Use all that is public, in `folder`; nothing of this project is on the path there."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    script = shutil.copy(ROOT / "tools" / "wheel_use.py", folder)
    command = [python, script, *public_names()]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8"
    )


def under_the_installed_name(source):
    """A cell's code with the package under the name that it has when it is installed."""
    source = re.sub(r"^(\s*from )lib\b", rf"\1{PACKAGE}", source, flags=re.MULTILINE)
    return re.sub(r"^(\s*import )lib$", rf"\1{PACKAGE} as lib", source, flags=re.MULTILINE)


def copy_chapters(folder):
    """Every page that has code, for the installed package."""
    for path in [ROOT / "index.ipynb", *sorted(ROOT.glob("chapters/[!_]*.ipynb"))]:
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.source = under_the_installed_name(cell.source)
        nbformat.write(notebook, folder / path.name)
    for data in ROOT.glob("chapters/*.json"):  # what a chapter reads beside it
        shutil.copy(data, folder)


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    wheel, python = build(WORK), empty_environment(WORK / "venv")
    install(python, wheel, *NEEDED_TO_RUN_CHAPTERS)
    folder = work_folder(WORK / "folder of a user")
    used = use(python, folder)
    print(used.stdout + used.stderr, end="", flush=True)
    if used.returncode:
        return used.returncode
    copy_chapters(folder)
    (folder / "pytest.ini").write_text("[pytest]\n")  # else the settings of this project would hold there too
    options = ["-q", "--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=600"]
    return subprocess.call([python, "-m", "pytest", *options, "."], cwd=folder)


if __name__ == "__main__":
    sys.exit(main())
