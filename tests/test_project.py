"""What `make` hands on."""

import os

import pytest

from tools.project import arguments


@pytest.mark.skipif(os.name == "nt", reason="there a backslash is part of a path, and quotes stay")
def test_args_are_split_as_a_shell_splits_them(monkeypatch):
    monkeypatch.setenv("ARGS", "tests/test_ops.py -q -k 'link or solver'")
    assert arguments() == ["tests/test_ops.py", "-q", "-k", "link or solver"]
    monkeypatch.delenv("ARGS")
    assert arguments() == []
