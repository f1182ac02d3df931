"""What each page weighs and how soon it answers, beside a bare Jupyter Book.

    python tools/weight.py [--site _build/html] [--bare | --live] [PAGE ...]

Bytes are as a server sends them (gzip; pictures and fonts as they are). First: a first visit, without
scrolling; next: the same after a visit to the landing page, whose files the browser has. The times are taken
in Chromium on a line of 1.6 Mbit/s with 150 ms to and fro and a processor four times slower: first paint;
when the explorer answers (its controls are there); blocking (what tasks of more than 50 ms take beyond that);
and the layout's shift. Other work on the machine shows in the times: run it on a quiet one. --bare builds an
empty book with the theme as it comes, and measures it too. --live measures Python in the page instead
(weight_live.py).
"""

import argparse
import functools
import gzip
import http.server
import re
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests" / "site")]

import weight_live  # noqa: E402
from conftest import ARGUMENTS, find_browser, page_names  # noqa: E402

PACKED = re.compile(r"\.(png|jpe?g|webp|gif|woff2|wav|gz)$")
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000}
WATCH = """
window.seen = { paint: 0, blocking: 0, shift: 0, answer: 0 };
const watch = (type, add) =>
    new PerformanceObserver((list) => list.getEntries().forEach(add)).observe({ type, buffered: true });
watch("paint", (entry) => { if (entry.name === "first-contentful-paint") seen.paint = entry.startTime; });
watch("longtask", (entry) => { seen.blocking += Math.max(0, entry.duration - 50); });
watch("layout-shift", (entry) => { if (!entry.hadRecentInput) seen.shift += entry.value; });
const answers = setInterval(() => {
    if (!document.querySelector("[data-explorer] button, [data-explorer] input")) return;
    seen.answer = performance.now();
    clearInterval(answers);
}, 10);
"""


class Packing(http.server.SimpleHTTPRequestHandler):
    """A server that packs what it sends, as those of readers do."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            return self.send_error(404)
        data = packed(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "max-age=600")
        if not PACKED.search(path.name):
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        return self.wfile.write(data)


@functools.cache
def packed(path):
    data = path.read_bytes()
    return data if PACKED.search(path.name) else gzip.compress(data, 6)


def serve(folder):
    handler = functools.partial(Packing, directory=folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


def wait_until_still(page, asked):
    """Until two seconds bring no request. (On a slow line Chromium at times never says "networkidle".)"""
    before = -1
    while before < len(asked):
        before = len(asked)
        page.wait_for_timeout(2000)


def fetched(browser, address, name, slow):
    """The files of the book that a first visit fetches, how many go elsewhere, and the times."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.add_init_script(WATCH)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    if slow:
        client = context.new_cdp_session(page)
        client.send("Network.enable")
        client.send("Network.emulateNetworkConditions", SLOW)
        client.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(address + name, timeout=120_000)
    wait_until_still(page, asked)
    seen = page.evaluate("seen")
    urls = [url for url in asked if url.startswith("http")]
    context.close()
    ours = [url.removeprefix(address).partition("?")[0] for url in urls if url.startswith(address)]
    return ours, len(urls) - len(ours), seen


def bare_book(folder):
    """An empty Jupyter Book as it comes; its page loads MathJax from elsewhere, which is not counted."""
    (folder / "_config.yml").write_text(
        "title: Bare\nhtml: {use_repository_button: false}\n", encoding="utf-8"
    )
    (folder / "_toc.yml").write_text("format: jb-book\nroot: index\n", encoding="utf-8")
    (folder / "index.md").write_text("# Bare\n\nA formula: $y = Cx$.\n", encoding="utf-8")
    command = "from jupyter_book.cli.main import main; main()"
    subprocess.run(
        [sys.executable, "-c", command, "build", str(folder), "-q"], check=True, capture_output=True
    )
    return folder / "_build" / "html"


def row(name, size, requests, following, elsewhere, seen):
    times = f"{seen['paint']:6.0f} {seen['answer']:7.0f} {seen['blocking']:8.0f} {seen['shift']:6.3f}"
    more = f"  and {elsewhere} from elsewhere" if elsewhere else ""
    return f"{name:40} {size / 1000:7.1f} {requests:8} {following / 1000:7.1f} {times}{more}"


def measure(browser, folder, names):
    address = serve(folder)
    kept, _, _ = fetched(browser, address, "index.html", slow=False)
    for name in names:
        files, elsewhere, seen = fetched(browser, address, name, slow=True)
        weigh = {file: len(packed(folder / file)) for file in set(files) if (folder / file).is_file()}
        following = sum(size for file, size in weigh.items() if file not in kept)
        print(row(name, sum(weigh.values()), len(files), following, elsewhere, seen), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--site", default=str(ROOT / "_build" / "html"))
    parser.add_argument("--bare", action="store_true", help="measure an empty book as it comes, too")
    parser.add_argument("--live", action="store_true", help="measure how soon Python in the page answers")
    parser.add_argument("pages", nargs="*", help="default: every page")
    options = parser.parse_args()
    folder = Path(options.site).resolve()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        if options.live:
            weight_live.measure(browser, serve(folder))
        else:
            weigh_pages(browser, folder, options.pages, options.bare)
        browser.close()


def weigh_pages(browser, folder, names, bare):
    print(
        f"{'':40} {'first':>7} {'requests':>8} {'next':>7} {'paint':>6} {'answer':>7} {'blocking':>8}  shift"
    )
    print(f"{'':40} {'kB':>7} {'':>8} {'kB':>7} {'ms':>6} {'ms':>7} {'ms':>8}")
    measure(browser, folder, names or [*page_names(), "genindex.html", "search.html"])
    if bare:
        print("a bare Jupyter Book")
        with tempfile.TemporaryDirectory() as empty:
            measure(browser, bare_book(Path(empty)), ["index.html"])


if __name__ == "__main__":
    main()
