"""Write the golden files of `translate`, `tests/data/translate`, after running each in its framework.

Run in an environment that has one or several of the frameworks:  python tools/oracles/make_translate.py

A file whose framework is not installed is left as it is; one whose lines do not give the layer's numbers,
exactly, on integers, is not written, and the script stops.
"""

import importlib.util
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
from translate_cases import GOLDEN, NAMES, arrays, run, translation_of  # noqa: E402 (the path comes first)

NEEDS = {"onnx": "onnxruntime"}


def _needs_jax(translation):
    import keras

    dilated = np.max(translation.layer.settings["dilation_rate"]) > 1
    return dilated and keras.backend.backend() == "tensorflow"


def main():
    GOLDEN.mkdir(exist_ok=True)
    for case in NAMES:
        (name, _, framework), (_, translation) = case.partition("."), translation_of(case)
        if not importlib.util.find_spec(NEEDS.get(framework, framework)):
            print(f"{name}.{framework}: not installed, left as it is")
            continue
        if framework == "keras" and _needs_jax(translation):
            print(f"{name}.keras: TensorFlow has no dilation on CPUs; run again with KERAS_BACKEND=jax")
            continue
        x, wanted = arrays(name, translation)
        result = run(framework, translation.code, translation, x)
        if not np.array_equal(result, wanted):
            raise SystemExit(f"{name}.{framework}: the printed lines give other numbers\n{translation.code}")
        (GOLDEN / f"{case}.txt").write_text(translation.code + "\n", encoding="utf-8")
        print(f"{name}.{framework}: run, exact, {result.size} numbers")


if __name__ == "__main__":
    main()
