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
