"""How soon Python in the page answers, what it loads and what memory it takes: `make weight ARGS=--live`.

The time is from the click on Run of a cell of chapter 3, with the cells before it, to its result. Cold: the
browser has the page and nothing of Python; next page: another chapter, with Python's files kept. A line's
throughput and its 20 ms to and fro are Chromium's own emulation; the processor is as it is. Other work on
the machine shows: run it on a quiet one.
"""

import re
import statistics

LINES = {"this machine": None, "50 Mbit/s": 50e6, "10 Mbit/s": 10e6}
COLD = ("chapters/03-the-transposed-convolution.html", "by-matrix")
NEXT = ("chapters/05-padding.html", None)  # its first cell with a Run button
# Click, and note when the page says what.
CLICK = """async (name) => {
    const root = name ? document.querySelector(`[data-live="${name}"]`)
        : document.querySelector("[data-live]:has(.tc-tools:not([hidden]))");
    const said = document.querySelector("[data-live-page] [role=status]");
    const seen = {};
    const start = performance.now();
    const note = () => { seen[said.textContent] ??= performance.now() - start; };
    new MutationObserver(note).observe(said, { childList: true, characterData: true, subtree: true });
    const ended = new Promise((resolve) => new MutationObserver(() => {
        if (root.dataset.state === "done") resolve(performance.now() - start);
        if (root.dataset.state === "failed") resolve(NaN);
    }).observe(root, { attributes: true }));
    root.querySelector("[data-do=Run], [data-do=Check]").click();
    const done = await ended;
    return [seen["Starting Python …"] ?? 0, seen["Python is here."] ?? 0, done];
}"""
HEAP = "import pyodide_js\npyodide_js._module.HEAPU8.length"


def visit(context, address, name, cell, speed):
    """Open a page and run a cell: when all was loaded, when Python was there, when the result; in seconds."""
    page = context.new_page()
    page.goto(address + name, timeout=120_000)
    page.wait_for_load_state("networkidle")
    client = context.new_cdp_session(page)
    client.send("Network.enable")
    arrived = []
    client.on("Network.loadingFinished", lambda event: arrived.append(event["encodedDataLength"]))
    if speed:
        limits = {"offline": False, "latency": 20, "downloadThroughput": speed / 8, "uploadThroughput": 1e6}
        client.send("Network.emulateNetworkConditions", limits)
    times = [milliseconds / 1000 for milliseconds in page.evaluate(CLICK, cell)]
    return page, times, sum(arrived)


def heap(page):
    """Python's memory in bytes: that of its WebAssembly, which only grows."""
    cell = page.locator("[data-live]:has(textarea:visible)").first
    cell.locator("textarea").fill(HEAP)
    cell.locator("[data-do=Run], [data-do=Check]").click()
    output = cell.locator(".cell_output", has_text=re.compile(r"^\s*\d+\s*$"))
    output.wait_for()
    return int(output.inner_text())


def measure(browser, address, rounds=3):
    print(f"{'':32} {'loaded':>7} {'Python':>7} {'result':>7}  kB loaded")
    for line, speed in LINES.items():
        seen = {"cold": [], "next page": []}
        for _ in range(rounds):
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            context.set_default_timeout(120_000)
            for what, (name, cell) in (("cold", COLD), ("next page", NEXT)):
                page, times, size = visit(context, address, name, cell, speed)
                seen[what].append([*times, size / 1000])
            memory = heap(page)
            context.close()
        for what, rows in seen.items():
            loaded, python, result, size = map(statistics.median, zip(*rows))
            name = f"{line}, {what}"
            print(f"{name:32} {loaded:7.1f} {python:7.1f} {result:7.1f} {size:10.0f}", flush=True)
    print(f"Python's memory: {memory / 1e6:.0f} MB")
