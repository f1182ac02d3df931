"""The moment that everything built bears: that of the commit, so that two builds give the same bytes."""

import os

from .. import address


def moment():
    """Seconds since 1970: SOURCE_DATE_EPOCH, else the last commit's, else the first that a zip can hold."""
    said = os.environ.get("SOURCE_DATE_EPOCH") or address.git("log", "-1", "--format=%ct") or "315532800"
    return int(said)
