"""Chapter 16's comparison over many seeds: write chapters/16-many-seeds.json.

    python tools/many_seeds.py

Runs the chapter's own cells, so that there is one experiment and not two. It takes a few minutes and gives
the same file again, but for the last digits of another build of NumPy.
"""

import json
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
CHAPTER = ROOT / "chapters" / "16-in-networks.ipynb"
CELLS = ("imports", "data", "ends", "pattern")
SEEDS, STEPS = range(10), 1500


def one_run(seed):
    """For each last layer: PSNR on the photographs that were not seen, and the pattern on grey sheets."""
    sources = {cell.id: cell.source for cell in nbformat.read(CHAPTER, as_version=4).cells}
    chapter = {"SEED": seed, "STEPS": STEPS}
    for name in CELLS:
        exec(sources[name], chapter)
    found = {}
    for end in chapter["ends"]:
        network = chapter["new_network"](end)
        chapter["train"](network, chapter["nn"].Progress(chapter["batches"], f"{seed}: {end}"), rate=0.01)
        inner, truth = chapter["inner"], chapter["truth"]
        image = chapter["enlarge"](network, chapter["small"])
        strength = chapter["pattern"](chapter["enlarge"](network, chapter["sheets"]))
        found[end] = {"psnr": chapter["psnr"](image[inner], truth[inner]), "pattern": float(strength)}
    return found


if __name__ == "__main__":
    runs = [one_run(seed) for seed in SEEDS]
    # Rounded: what differs between builds of NumPy is no result.
    results = {
        measure: {end: [round(run[end][measure], 3) for run in runs] for end in runs[0]}
        for measure in ("psnr", "pattern")
    }
    target = CHAPTER.with_name("16-many-seeds.json")
    runs_of = {"steps": STEPS, "seeds": len(SEEDS)}
    target.write_text(json.dumps(runs_of | results, indent=1) + "\n", encoding="utf-8", newline="\n")
    print(f"{target.name}: {target.stat().st_size} bytes")
