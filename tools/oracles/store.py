"""Write what a framework computed as one small file, the same bytes for the same cases.

A file ``tests/data/<name>.npz`` holds two arrays and is read by ``tests/stored.py``:

``index``
    UTF-8 JSON as bytes: ``{"versions": {...}, "script": ..., "cases": [...]}``. A case is a dictionary of
    settings; its entry ``"arrays"`` maps a role (``input``, ``weight``, ``output``, ...) to the shape of that
    array. A case with the entry
    ``"refused"`` was refused by the framework: the entry is the first line of its message.
``values``
    int32, all those arrays one after another, flat, in the order in which ``index`` names them.

Every stored number is an integer, so that a test can ask for equality and not for closeness.
"""

import io
import json
import re
import zipfile
from pathlib import Path

import numpy as np

DATA = Path(__file__).resolve().parents[2] / "tests" / "data"
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # a fixed time stamp: the same cases give the same file


def whole_numbers(array):
    """The array as int32; refuses to round."""
    array = np.asarray(array)
    exact = np.rint(array).astype(np.int64)
    if not np.array_equal(exact, array) or (exact.size and np.abs(exact).max() >= 2**31):
        raise ValueError(f"only integers that fit int32 are stored, got {array}")
    return exact.astype(np.int32)


def first_line(error):
    """What a refusal is stored as: its type and the first line, without addresses or paths."""
    text = (str(error).strip().splitlines() or [""])[0]
    text = re.sub(r"\{\{.*?\}\} ?|0x[0-9a-f]+|(/[\w.+-]+){2,}/?(?=[\w.+-]+\.(?:cc|cpp|h|py))", "", text)
    return f"{type(error).__name__}: {text[:160]}"


def ramp(*shape):
    """1, 2, 3, ... in this shape: no symmetry that could hide a flip or an exchange of axes."""
    return np.arange(1, 1 + int(np.prod(shape))).reshape(shape)


def observe(name, run, call, arrays, **about):
    """One case: what `run(call, arrays)` returns, or that it refused."""
    case = {"name": name, **about, "call": call, "arrays": arrays}
    try:
        return {**case, "arrays": {**arrays, "output": run(call, arrays)}}
    except Exception as error:  # frameworks refuse with every kind of exception there is
        return {**case, "refused": first_line(error)}


def write(name, cases, versions, script):
    """Write ``tests/data/<name>.npz`` from cases whose ``"arrays"`` are arrays."""
    index, values = [], []
    for case in cases:
        arrays = {role: whole_numbers(array) for role, array in case.get("arrays", {}).items()}
        index.append({**case, "arrays": {role: list(array.shape) for role, array in arrays.items()}})
        values += [array.ravel() for array in arrays.values()]
    header = json.dumps({"versions": versions, "script": script, "cases": index}, separators=(",", ":"))
    members = {"index": np.frombuffer(header.encode(), np.uint8), "values": np.concatenate(values)}
    path = DATA / f"{name}.npz"
    with zipfile.ZipFile(path, "w") as archive:
        for member, array in members.items():
            content = io.BytesIO()
            np.lib.format.write_array(content, array, allow_pickle=False)
            info = zipfile.ZipInfo(f"{member}.npy", LONG_AGO)
            archive.writestr(info, content.getvalue(), zipfile.ZIP_DEFLATED, 9)
    refused = sum("refused" in case for case in cases)
    print(f"{path.name}: {len(cases)} cases, {refused} of them refused, {path.stat().st_size // 1024} KB")
