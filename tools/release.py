"""What a release is made of: `make release ARGS=v0.1.0`, as release.yml does from a tag.

The tag, pyproject.toml, CITATION.cff and the newest heading of the changelog must name one version; the notes
are the changelog's words for it.
"""

import re
import shutil
import sys
import tomllib
from pathlib import Path

import yaml

from .editions import shelf
from .wheel import build

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "_build" / "release"


def versions(root=ROOT):
    """Where a version stands, and which."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    newest = re.search(
        r"^## (\S+?),? ", (root / "CHANGELOG.md").read_text(encoding="utf-8") + " ", re.MULTILINE
    )
    return {
        "pyproject.toml": project["version"],
        "CITATION.cff": str(citation["version"]),
        "CHANGELOG.md": newest[1] if newest else "none",
    }


def notes(root=ROOT):
    """The changelog's words for its newest version."""
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    return re.split(r"^## .*\n", text, flags=re.MULTILINE)[1].strip() + "\n"


def check(tag, root=ROOT):
    """Stop if a version is not that of the tag, or is said to be unreleased."""
    wrong = {file: version for file, version in versions(root).items() if f"v{version}" != tag}
    if wrong:
        said = ", ".join(f"{file} has {version}" for file, version in wrong.items())
        sys.exit(f"The tag is {tag}, but {said}.")
    if re.search(r"^## .*unreleased", (root / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE):
        sys.exit(f"CHANGELOG.md calls its newest version unreleased: give it the day of {tag}.")


def main():
    words = [word for word in sys.argv[1:] if word != "--check"]
    if len(words) != 1:
        sys.exit("Name the tag: make release ARGS=v0.1.0")
    check(words[0])
    if "--check" in sys.argv:
        return
    shutil.rmtree(FOLDER, ignore_errors=True)
    files = FOLDER / "files"
    files.mkdir(parents=True)
    build(files)
    for name in shelf.WORDS:
        shutil.copy(shelf.place(name), files)
    (FOLDER / "notes.md").write_text(notes(), encoding="utf-8", newline="\n")
    for file in sorted(files.iterdir()):
        print(f"{file.name}: {shelf.size(file)}")


if __name__ == "__main__":
    main()
