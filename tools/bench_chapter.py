"""Turn the results of `tools.bench --output FILE` into lib/measurements.json, which chapter 14 reads.

Used as ``python -m tools.bench_chapter FILE``. The run must be one thread, batch 1, forward, and hold the
engines lib, lib-stamps, lib-phases, torch, gemm and copy; the others are taken along.
"""

import json
import sys
from pathlib import Path

from tools.bench_layers import LAYERS

TARGET = Path(__file__).parents[1] / "lib" / "measurements.json"
RENAMED = {"lib-stamps": "stamps", "lib-phases": "phases"}


def main():
    results = json.loads(Path(sys.argv[1]).read_text())
    lines, speeds = [], {"gemm": [], "copy": []}
    for record in results["records"]:
        layer = LAYERS[record["layer"]]
        line = layer._asdict() | {
            "output_size": layer.output_size,
            "multiplications": layer.multiplications(),
        }
        for name, engine in record["engines"].items():
            if name in speeds:
                speeds[name].append(engine["best"])
            else:
                line[RENAMED.get(name, name)] = float(f"{engine['best']:.3g}")  # seconds
        lines.append(json.dumps(line))
    about = results["about"] | {
        "threads": results["records"][0]["threads"],
        "multiplications_per_second": float(f"{1024**3 / min(speeds['gemm']):.3g}"),
        "copies_per_second": float(f"{2**22 / min(speeds['copy']):.3g}"),
    }
    body = ",\n".join(lines)
    TARGET.write_text(f'{{"about": {json.dumps(about)},\n"layers": [\n{body}\n]}}\n')


if __name__ == "__main__":
    main()
