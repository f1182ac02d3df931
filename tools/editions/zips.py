"""Zip files that depend on their content alone: names in order, one date, no trace of the machine."""

import time
import zipfile

from . import when

FIRST = (1980, 1, 1, 0, 0, 0)  # a zip holds nothing older


def write(target, files, plain=()):
    """Write {name: bytes}, in the order of names after those in `plain`, which are stored as they are."""
    date = max(time.gmtime(when.moment())[:6], FIRST)
    part = target.with_name(target.name + ".part")
    with zipfile.ZipFile(part, "w") as archive:
        for name in [*plain, *sorted(set(files) - set(plain))]:
            entry = zipfile.ZipInfo(name, date)
            entry.create_system = 3  # as on Unix, wherever it is made
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_STORED if name in plain else zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name], compresslevel=9)
    part.replace(target)
