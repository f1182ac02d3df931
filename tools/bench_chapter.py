"""Turn the results of `tools.bench --output FILE` into lib/measurements.json, which chapter 14 reads.

Used as ``python -m tools.bench_chapter FILE [FILE ...]``, runs of one day and machine. The layers are taken
from one thread, batch 1, forward, with the engines lib, lib-stamps, lib-phases, torch, product, gemm and
copy at least; of every combination of threads, batch and direction the means over the real layers. If several
files have the same layer and engine, the fastest call of all of them counts.
"""

import json
import sys
from pathlib import Path
from statistics import geometric_mean

from tools.bench import BASELINE
from tools.bench_engines import COPY, GEMM, MACHINE
from tools.bench_layers import EDGE, LAYERS, NOT_REAL

TARGET = Path(__file__).parents[1] / "lib" / "measurements.json"
RENAMED = {"lib-stamps": "stamps", "lib-phases": "phases"}


def joined(runs):
    """The records of all runs, a layer, direction, number of threads and batch each: the fastest calls."""
    found = {}
    for record in (record for run in runs for record in run["records"]):
        key = tuple(record[name] for name in ("layer", "direction", "threads", "batch"))
        engines = found.setdefault(key, record | {"engines": {}})["engines"]
        for name, engine in record["engines"].items():
            kept = engines.setdefault(name, engine)
            kept["best"] = min(kept["best"], engine["best"])
    for record in found.values():
        for engine in record["engines"].values():
            engine["best_ratio"] = engine["best"] / record["engines"][BASELINE]["best"]
    return list(found.values())


def means(records):
    """For each combination of the run, every engine's time over PyTorch's: the mean over the real layers."""
    ratios = {}
    for record in records:
        if LAYERS[record["layer"]].kind in NOT_REAL:
            continue
        found = ratios.setdefault((record["direction"], record["threads"], record["batch"]), {})
        for name, engine in record["engines"].items():
            if name not in MACHINE:
                found.setdefault(RENAMED.get(name, name), []).append(engine["best_ratio"])
    forward_first = sorted(ratios.items(), key=lambda item: (item[0][0] != "forward", *item[0][1:]))
    for (direction, threads, batch), engines in forward_first:
        line = {"direction": direction, "threads": threads, "batch": batch}
        for name, values in engines.items():
            line[name] = {"ratio": round(geometric_mean(values), 3), "layers": len(values)}
        yield json.dumps(line)


def main():
    runs = [json.loads(Path(name).read_text()) for name in sys.argv[1:]]
    records = joined(runs)
    lines, speeds = [], {"gemm": [], "copy": []}
    for record in records:
        if (record["direction"], record["threads"], record["batch"]) != ("forward", 1, 1):
            continue
        layer = LAYERS[record["layer"]]
        if layer.kind == EDGE:
            continue
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
    about = runs[0]["about"] | {
        "threads": 1,
        "multiplications_per_second": float(f"{GEMM / min(speeds['gemm']):.3g}"),
        "copies_per_second": float(f"{COPY / min(speeds['copy']):.3g}"),
    }
    parts = {"layers": lines, "means": means(records)}
    parts = [f'"{name}": [\n' + ",\n".join(part) + "\n]" for name, part in parts.items()]
    TARGET.write_text(f'{{"about": {json.dumps(about)},\n' + ",\n".join(parts) + "}\n")


if __name__ == "__main__":
    main()
