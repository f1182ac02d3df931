"""The built site as one file: unpack it anywhere and open index.html; nothing else is needed."""

from .. import address
from . import shelf, zips
from .pages import SITE

README = """Transposed Convolution, Understood

Open index.html in a browser. Everything that stands still or moves works so, offline. To run the code of a
page too, serve this folder, for example with `python -m http.server`, and open http://localhost:8000/.
"""
NOT_READ = {"objects.inv", ".nojekyll"}  # what only Sphinx and a host read


def files_of(site):
    """The files of the archive: the site, and on its landing page what lies in the archive too."""
    name = f"{shelf.NAME}-site.zip"
    files = {"READ ME.txt": README.encode()}
    for path in sorted(site.rglob("*")):
        if path.is_file() and path.name not in {*NOT_READ, name}:
            files[path.relative_to(site).as_posix()] = path.read_bytes()
    text = files["index.html"].decode()
    files["index.html"] = shelf.filled(text, site, without=[name]).encode()
    return {f"{shelf.NAME}/{name}": content for name, content in files.items()}


def main():
    target = shelf.place(f"{shelf.NAME}-site.zip")
    files = files_of(SITE)
    zips.write(target, files)
    said = f"{len(files)} files, {target.stat().st_size / 1e6:.1f} MB"
    print(f"{target.relative_to(address.ROOT)}: {said}")
    shelf.show()


if __name__ == "__main__":
    main()
