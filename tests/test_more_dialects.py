"""The rows "Run" of chapters/more-dialects.md: what those programs answered, against `lib`, every number."""

import re
from pathlib import Path

import numpy as np
import pytest

from lib import conv_transpose
from tools.oracles.make_more import LAYERS

ROOT = Path(__file__).resolve().parent.parent
with np.load(ROOT / "tests" / "data" / "more.npz") as archive:
    STORED = {name: archive[name].astype(int) for name in archive}
PROGRAMS = sorted({name.split(" layer")[0] for name in STORED if " layer" in name})
NAMES = {"paddlepaddle": "Paddle", "mlx": "MLX", "openvino": "OpenVINO"}
SETTINGS = ("stride", "padding", "output_padding", "dilation", "groups")


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("number", range(len(LAYERS)))
def test_answers(program, number):
    arrays = [STORED[f"{name} {number}"] for name in ("input", "weight", "bias")]
    settings = dict(zip(SETTINGS, LAYERS[number][1:]))
    assert np.array_equal(conv_transpose(*arrays, **settings), STORED[f"{program} layer {number}"])


def test_the_page_names_what_was_run():
    page = (ROOT / "chapters" / "more-dialects.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([A-Za-z]+) (\d+\.\d+) \|", page, re.MULTILINE)
    run = {(name, ".".join(release.split(".")[:2])) for name, release in map(str.split, PROGRAMS)}
    assert {(NAMES.get(name, name), release) for name, release in run} == set(rows)


def test_every_row_says_everything_and_where_it_was_read():
    page = (ROOT / "chapters" / "more-dialects.md").read_text(encoding="utf-8")
    tables = [part.split("\n\n")[0].split("\n")[2:] for part in re.split(r"\n\n(?=\| framework)", page)[1:]]
    assert [len(rows) for rows in tables] == [5, 7]
    for row in sum(tables, []):
        cells = [cell.strip() for cell in row.strip("| ").split(" | ")]
        assert all(len(cell) > 3 for cell in cells), row
    assert all("](https://" in row for row in tables[1])
