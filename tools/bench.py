"""Time `lib.fast` against other engines over real layers: `make bench`, or `python -m tools.bench --help`.

Every engine runs in a process of its own (the waiting threads of one disturb another) and they take turns
on each layer, so that on a noisy machine the ratio between them still holds. Results are compared before
they are timed.
"""

import argparse
import datetime
import importlib.metadata
import importlib.util
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import geometric_mean, median

import numpy as np

from tools.bench_engines import CHECKED, COPY, ENGINES, GEMM, MACHINE
from tools.bench_layers import LAYERS, NOT_REAL, TOY

ROOT = Path(__file__).parents[1]
BASELINE = "torch"
NEEDS = {
    "torch": ["torch"],
    "torch-channels-last": ["torch"],
    "onnxruntime": ["onnxruntime", "onnx"],
    "jax": ["jax"],
}
THREAD_VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


class Engine:
    """One engine in a process of its own, that answers one request at a time."""

    def __init__(self, name, threads, clock, environment=()):
        settings = os.environ | {variable: str(threads) for variable in THREAD_VARIABLES} | dict(environment)
        for variable in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):  # would measure another machine than this
            settings.pop(variable, None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tools.bench_engines", name, str(threads), clock],
            cwd=ROOT,
            env=settings,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def ask(self, **request):
        print(json.dumps(request), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"engine {self.process.args[3]} ended at {request}")
        return json.loads(answer)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def load(path):
    with np.load(path) as file:
        return [file[name] for name in file.files]


def same_results(ours, theirs):
    """Equal to what float32 can hold: 1e-4 of the largest number, which leaves room for the order of a long
    sum."""
    return all(
        a.shape == b.shape and np.abs(a - b).max(initial=0) <= 1e-4 * np.abs(b).max(initial=1)
        for a, b in zip(ours, theirs)
    )


def measure(engines, index, batch, direction, rounds, folder):
    """Time one layer with every engine in turn; {engine: {"seconds", "memory", "ratio"}}, ratio to the
    baseline."""
    ready, reference = {}, None
    for name, engine in engines.items():
        request = {"do": "prepare", "layer": index, "batch": batch, "direction": direction}
        if name in CHECKED:
            request["result"] = str(Path(folder) / f"{name}.npz")
        answer = engine.ask(**request)
        if not answer["ready"]:
            continue
        if name in CHECKED:
            results = load(request["result"])
            reference = results if reference is None else reference
            if not same_results(results, reference):
                raise ValueError(
                    f"{name} disagrees with {next(iter(ready))} on {LAYERS[index].name}, {direction}"
                )
        ready[name] = {"memory": answer.get("memory"), "rounds": [], "fastest": []}
    for _ in range(rounds):
        for name, record in ready.items():
            times = engines[name].ask(do="turn")["times"]
            record["rounds"].append(median(times))
            record["fastest"].append(min(times))
    for record in ready.values():
        record["seconds"], record["best"] = median(record["rounds"]), min(record["fastest"])
        if BASELINE in ready:
            record["ratio"] = median(a / b for a, b in zip(record["rounds"], ready[BASELINE]["rounds"]))
            record["best_ratio"] = record["best"] / min(ready[BASELINE]["fastest"])
    return {
        name: {
            key: record[key] for key in ("memory", "seconds", "best", "ratio", "best_ratio") if key in record
        }
        for name, record in ready.items()
    }


def ratio_of(engine, best):
    """Time over the baseline's: the median of the rounds, or of the fastest calls; nan without a baseline."""
    return engine.get("best_ratio" if best else "ratio", float("nan"))


def describe(record, names, best):
    """One line of the table: the first engine's milliseconds, speed, share of the roof and extra memory, then
    everyone's ratio to the baseline."""
    layer, engines = LAYERS[record["layer"]], record["engines"]
    first = next(iter(engines.values()))
    seconds = first["best" if best else "seconds"]
    useful = layer.multiplications(record["batch"]) * (1 + (record["direction"] == "backward"))
    memory, output_bytes = first["memory"] or 0, 4 * layer.numbers(record["batch"]).output
    figures = [f"{layer.name:15}{record['batch']:3}{seconds * 1e3:10.3f}{2 * useful / seconds / 1e9:7.0f}"]
    figures.append(f"{100 * roof(record, useful) / seconds:5.0f}")
    figures.append(f"{memory / 2**20:6.1f}{memory / output_bytes:7.2f}")
    return " ".join(figures + [cell(engines.get(name), best) for name in names])


def roof(record, useful):
    """Seconds that the multiplications alone would take, or reading and writing alone, whichever is longer.

    At the speeds of the machine's own product and copy in the same turns; nan if they were not timed.
    """
    engines, numbers = record["engines"], LAYERS[record["layer"]].numbers(record["batch"])
    if not {"gemm", "copy"} <= engines.keys():
        return float("nan")
    return max(useful / GEMM * engines["gemm"]["best"], sum(numbers) / COPY * engines["copy"]["best"])


def cell(engine, best):
    return "       -" if engine is None else f"{ratio_of(engine, best):8.2f}"


def summary(records, names, best):
    """Geometric means of the ratios: over all real layers, then kind by kind."""
    lines = []
    kinds = list(dict.fromkeys(layer.kind for layer in LAYERS if layer.kind not in NOT_REAL))
    for title, among in [("real layers", kinds), *((kind, [kind]) for kind in kinds)]:
        chosen = [r["engines"] for r in records if LAYERS[r["layer"]].kind in among]
        means = []
        for name in names:
            ratios = [ratio_of(engines[name], best) for engines in chosen if name in engines]
            means.append(f"{geometric_mean(ratios):8.2f}" if ratios else "       -")
        if chosen:
            lines.append(f"{title:55} " + " ".join(means))
    return lines


def versions():
    names = ("numpy", "torch", "onnxruntime", "jax")
    found = {}
    for name in names:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def processor():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next(
        (line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor()
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, nargs="+", default=[2, 1])
    parser.add_argument("--batch", type=int, nargs="+", default=[1, 8])
    parser.add_argument(
        "--direction", nargs="+", default=["forward", "backward"], choices=["forward", "backward"]
    )
    parser.add_argument("--engines", nargs="+", default=list(ENGINES), choices=list(ENGINES))
    parser.add_argument("--layers", nargs="+", help="names, or beginnings of names")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--keep-pages", action="store_true", help="tell the C allocator to keep freed pages (glibc)"
    )
    parser.add_argument(
        "--best", action="store_true", help="show the fastest calls: less noise on a busy machine"
    )
    parser.add_argument(
        "--cpu", action="store_true", help="count processor time: for one thread on a busy machine"
    )
    parser.add_argument("--output", type=Path, help="write all results as JSON")
    options = parser.parse_args()
    missing = [
        name for name in options.engines if not all(map(importlib.util.find_spec, NEEDS.get(name, ())))
    ]
    if missing:
        print("left out, not installed:", ", ".join(missing))
    names = [name for name in options.engines if name not in missing]
    clock = "process_time" if options.cpu else "perf_counter"
    compared = [name for name in names if name not in MACHINE]
    environment = (
        {"MALLOC_TRIM_THRESHOLD_": str(2**33), "MALLOC_MMAP_MAX_": "0"} if options.keep_pages else {}
    )
    chosen = [
        i
        for i, layer in enumerate(LAYERS)
        if not options.layers or layer.name.startswith(tuple(options.layers))
    ]
    records = []
    with tempfile.TemporaryDirectory() as folder:
        for threads in options.threads:
            engines = {name: Engine(name, threads, clock, environment) for name in names}
            for direction in options.direction:
                print(
                    f"\n{direction}, threads: {threads}; {names[0]}, then each one's time over {BASELINE}'s"
                )
                head = [f"{name[:8]:>8}" for name in compared]
                print("layer          batch     ms GFLOPS roof% extra MB /output " + " ".join(head))
                part = []
                for index in chosen:
                    for batch in options.batch:
                        if LAYERS[index].kind == TOY and batch > 1:
                            continue  # the toy example is one call of one sample
                        result = measure(engines, index, batch, direction, options.rounds, folder)
                        part.append(
                            {
                                "layer": index,
                                "batch": batch,
                                "threads": threads,
                                "direction": direction,
                                "engines": result,
                            }
                        )
                        print(describe(part[-1], compared, options.best), flush=True)
                if BASELINE in names:
                    print("\n".join(summary(part, compared, options.best)))
                records += part
            for engine in engines.values():
                engine.close()
    if options.output:
        about = {
            "date": datetime.date.today().isoformat(),
            "processor": processor(),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "versions": versions(),
        }
        about |= {"clock": clock, "load": os.getloadavg() if hasattr(os, "getloadavg") else None}
        for record in records:
            record |= LAYERS[record["layer"]]._asdict()
        options.output.write_text(json.dumps({"about": about, "records": records}, indent=1) + "\n")


if __name__ == "__main__":
    main()
