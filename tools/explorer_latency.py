"""How long the explorer takes from a control's move to the new picture, in a real browser.

    python tools/explorer_latency.py [--moves 100]

The largest sizes offered, every panel open. A time runs from the control's event to the second frame after,
when the new picture is on the screen; waiting for the screen's next frames is part of it. The median and the
95th percentile are printed. Other work on the machine shows in these times: run it on a quiet one.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "site")]

from conftest import ARGUMENTS, find_browser  # noqa: E402

from lib.explorer import Explorer, front  # noqa: E402

LARGEST = {
    "2-D, input 10 x 10, kernel 5 x 5, padding 2": Explorer(
        np.arange(100).reshape(10, 10), np.arange(25).reshape(5, 5), padding=2, chosen="output:4,4"
    ),
    "2-D, padded window": Explorer(
        np.arange(36).reshape(6, 6), np.arange(25).reshape(5, 5), view="window", chosen="output:4,4"
    ),
    "1-D, input 24, kernel 7, padding 3": Explorer(np.arange(24), np.arange(7), padding=3, chosen="output:4"),
}
# Each move changes the whole picture, fits (it makes the output smaller), and is undone by the next.
MOVES = """async (moves) => {
    document.querySelectorAll("details").forEach((d) => { d.open = true; });
    const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const names = ["padding", "kernel_size", "input_size"];
    const sliders = [...document.querySelectorAll("[data-explorer] input[type=range]")];
    const inputs = Object.fromEntries(sliders.map((slider) => [slider.labels[0].textContent, slider]));
    const times = [];
    for (let n = 0; n < moves + 5; n++) {
        const input = inputs[names[n % 6 >> 1]];
        await frame();
        const before = performance.now();
        const wanted = Number(input.value) + ((n % 2 ? -1 : 1) * (input === inputs.padding ? 1 : -1));
        input.value = wanted;
        input.dispatchEvent(new Event("input", { bubbles: true }));
        if (Number(input.value) !== wanted) throw new Error("refused: not a move");
        const worked = performance.now() - before;
        await frame();
        if (n >= 5) times.push([worked, performance.now() - before]);
    }
    return times;
}"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--moves", type=int, default=100)
    moves = parser.parse_args().moves
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        for name, explorer in LARGEST.items():
            path = Path(folder) / "page.html"
            script = f"{front.script()}TransposedConvolutionExplorer.boot(document)"
            head, body = f"<style>{front.style()}</style>", f"{explorer.html()}<script>{script}</script>"
            path.write_text(f"<!doctype html><html>{head}{body}</html>", encoding="utf-8")
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(path.as_uri())
            for what, times in zip(
                ("computing and drawing", "until on the screen"), zip(*page.evaluate(MOVES, moves))
            ):
                p95 = statistics.quantiles(times, n=20)[-1]
                print(
                    f"{name}: {what}: median {statistics.median(times):.0f} ms, 95th percentile {p95:.0f} ms"
                )
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
