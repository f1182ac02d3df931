"""Read what the real frameworks computed; ``tools/oracles/store.py`` writes it and tells the format."""

import json
from functools import cache
from pathlib import Path

import numpy as np

DATA = Path(__file__).parent / "data"


@cache
def load(name):
    """All cases of ``tests/data/<name>.npz``: dictionaries of settings, with ``"arrays"`` of int64."""
    with np.load(DATA / f"{name}.npz", allow_pickle=False) as archive:
        index, values = json.loads(archive["index"].tobytes()), archive["values"].astype(np.int64)
    position = 0
    for case in index["cases"]:
        for role, shape in case["arrays"].items():
            size = int(np.prod(shape, dtype=np.int64))
            case["arrays"][role] = values[position : position + size].reshape(shape)
            position += size
    assert position == values.size, f"{name}.npz holds {values.size} values, its index names {position}"
    return index["cases"]


def versions(name):
    """Which versions computed them."""
    with np.load(DATA / f"{name}.npz", allow_pickle=False) as archive:
        return json.loads(archive["index"].tobytes())["versions"]


def label(case):
    """A name for pytest's list: the case's own, or its settings."""
    return case["name"] if "name" in case else "-".join(f"{k}{v}" for k, v in case.items() if k != "arrays")
