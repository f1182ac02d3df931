"""Build one commit twice and compare every byte: `make same`.

The two builds differ in all that must not matter: the folder, the time zone, the language, the seed of
Python's hashes (and with it the order of sets), the rights of new files, the time. Site, notebooks, EPUB,
archive and wheel are compared; with --pdf the PDF too, which takes minutes.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys

from .project import JUPYTER_BOOK, ROOT

WORK = ROOT / "_build" / "same"
BOOK = [*JUPYTER_BOOK, "build", ".", "-W", "-n", "--keep-going", "-q"]
WHEEL = ["-c", "from tools.wheel import build; build('_build/html/wheel')"]
EDITIONS = [["-m", "tools.editions.epub"], WHEEL, ["-m", "tools.editions.archive"]]
PLACES = {
    "one": {"TZ": "UTC", "PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8", "umask": 0o022},
    "zwei Bücher": {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "2", "LC_ALL": "C", "umask": 0o077},
}
SHOWN = 40


def clone(folder):
    """The last commit in a folder of its own, with Python for the page where it has been fetched."""
    subprocess.check_call(["git", "clone", "--quiet", ROOT, folder])
    if (ROOT / ".cache").exists():
        shutil.copytree(ROOT / ".cache", folder / ".cache")


def build(folder, settings, printed):
    """Build everything in a clone, under other circumstances than the other one."""
    others = {name: value for name, value in settings.items() if name != "umask"}
    environment = {**os.environ, "PYTHONPATH": str(folder), **others}
    commands = [BOOK, *([["-m", "tools.editions.pdf"]] if printed else []), *EDITIONS]
    for command in commands:
        print(f"{folder.name}: {command[1].splitlines()[0]}", flush=True)
        said = subprocess.run(
            [sys.executable, *command],
            cwd=folder,
            env=environment,
            umask=settings["umask"] if os.name != "nt" else -1,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        if said.returncode:
            sys.stdout.buffer.write(said.stdout)
            sys.exit(f"It could not be built in {folder}; the reason stands above.")


def digests(folder):
    """{name of a file: digest of its bytes}"""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


def different(one, other):
    """The files that are not in both folders with the same bytes."""
    here, there = digests(one), digests(other)
    return sorted(name for name in here.keys() | there.keys() if here.get(name) != there.get(name))


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--pdf", action="store_true", help="compare the PDF too")
    given = options.parse_args()
    shutil.rmtree(WORK, ignore_errors=True)
    for name, settings in PLACES.items():
        clone(WORK / name)
        build(WORK / name, settings, given.pdf)
    one, other = (WORK / name / "_build" / "html" for name in PLACES)
    names = different(one, other)
    if names:
        print("\n".join(names[:SHOWN]))
        sys.exit(f"{len(names)} files differ between two builds of one commit, in {WORK}.")
    print(f"{len(digests(one))} files, the same bytes in both builds.")


if __name__ == "__main__":
    main()
