"""What the tests of the built site share: the site, built once; a browser; a watched visit to a page."""

import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
# The headless shell first: no window, no menus of its own, and a page opens in half the time.
BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)
INSTALLED = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)
FOLDER = Path("some readers", "Bücher")
PATIENCE = 180_000  # milliseconds: on a busy machine a page may take its time, and nothing fails for that
expect.set_options(timeout=PATIENCE)
# The browser asks its maker for nothing, and every host but this machine is unknown to it.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def find_browser():
    named = os.environ.get("CHROMIUM")
    if named and not shutil.which(named):
        pytest.fail(f"CHROMIUM must be a program that can be run, got {named!r}", pytrace=False)
    there = [named, *map(shutil.which, BROWSERS), *(path for path in INSTALLED if Path(path).exists())]
    return next(filter(None, there), None)


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium."""
    executable = find_browser()
    if not executable:
        words = (
            "These tests need Chromium or Chrome, and none was found. Debian, Ubuntu: apt install chromium. "
            "Elsewhere: install Chrome, or set CHROMIUM to the path of the program."
        )
        (pytest.fail if os.environ.get("CI") else pytest.skip)(words)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


def by_the_first(folder, make):
    """Of processes that test together, the first that comes fills `folder`; the others wait for it."""
    done = folder / "done.txt"
    try:
        folder.mkdir()
    except FileExistsError:
        end = time.monotonic() + 1800
        while not done.exists():
            assert time.monotonic() < end, "the process that builds the site does not end"
            time.sleep(0.1)
    else:
        words = make(folder)
        (folder / "words.txt").write_text(words, encoding="utf-8")
        (folder / "words.txt").rename(done)
    words = done.read_text(encoding="utf-8")
    assert not words, words


def build(out):
    """Build the book and move it to a folder of another name; return what went wrong."""
    command = "from jupyter_book.cli.main import main; main()"
    options = ["--path-output", str(out), "-W", "-n", "--keep-going", "-q"]
    result = subprocess.run(
        [sys.executable, "-c", command, "build", str(ROOT), *options],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
    )
    if result.returncode:
        return f"the book does not build:\n{result.stdout}\n{result.stderr}"
    (out / FOLDER).parent.mkdir()
    shutil.move(out / "_build" / "html", out / FOLDER)
    return ""


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder of the built site: a clean build, moved to a folder of another name before it is read.

    SITE=_build/html tests a site that is there, which is quicker while you work on a page.
    """
    if os.environ.get("SITE"):
        return Path(os.environ["SITE"]).resolve()
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent  # of all processes of this run
    by_the_first(shared / "site", build)
    return shared / "site" / FOLDER


@pytest.fixture(scope="session")
def server(site):
    """The address at which the site is served: under folders, as a copy on somebody's server may be."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=site.parent.parent)
    folder = quote(site.relative_to(site.parent.parent).as_posix())
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{folder}/"
        server.shutdown()


@pytest.fixture(params=["served", "file"])
def address(request, site):
    """The site's address, in each of the two ways that it is read."""
    if request.param == "file":
        return site.as_uri() + "/"
    return request.getfixturevalue("server")


# What a page does by itself is done: fonts are there, what they moved has moved.
SETTLED = """async () => {
    await document.fonts.ready;
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""


@functools.cache
def parsed(path):
    """A page of the site as BeautifulSoup reads it, once in a process: a page takes a tenth of a second."""
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


class Visit:
    """Opens pages and watches them: `complaints` says what they ask for elsewhere, miss, or complain of."""

    def __init__(self, browser):
        self.browser, self.contexts, self.complaints, self.open = browser, [], [], {}

    def __call__(self, address, name="index.html", width=1280, theme="light", **settings):
        size = {"width": width, "height": 900}
        context = self.browser.new_context(viewport=size, color_scheme=theme, **settings)
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        page = context.new_page()
        self.watch(page, address, name)
        page.goto(address + name)
        self.settle(page)
        return page

    def watch(self, page, address, name):
        self.open[page] = waiting = set()

        def asked(request):
            waiting.add(request)
            if not request.url.startswith((address, "data:", "blob:")):
                self.complaints.append(f"{name} asks for {request.url}")

        def failed(request):
            waiting.discard(request)
            self.complaints.append(f"{name} did not get {request.url}")

        def answered(response):
            if response.status >= 400:
                self.complaints.append(f"{name}: {response.status} for {response.url}")

        def said(message):
            if message.type in ("error", "warning"):
                self.complaints.append(f"{name}: {message.text}")

        page.on("request", asked)
        page.on("requestfinished", lambda request: waiting.discard(request))
        page.on("requestfailed", failed)
        page.on("response", answered)
        page.on("pageerror", lambda error: self.complaints.append(f"{name}: {error}"))
        page.on("console", said)

    def settle(self, page):
        """Wait until the page is still."""
        page.evaluate(SETTLED)
        while self.open[page]:
            page.wait_for_timeout(20)


@pytest.fixture
def visit(browser):
    """Open a page and watch it: a request that leaves the book, or a complaint in the console, fails."""
    visit = Visit(browser)
    yield visit
    for context in visit.contexts:
        context.close()
    assert not visit.complaints, "\n".join(dict.fromkeys(visit.complaints))


def page_names():
    """Every page of the book, from its table of contents."""
    toc = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    return ["index.html", *(f"{name}.html" for name in re.findall(r"- file: (\S+)", toc))]


@functools.cache
def has_explorer(name):
    notebook = (ROOT / name).with_suffix(".ipynb")
    return notebook.exists() and "data-explorer" in notebook.read_text(encoding="utf-8")


def pytest_generate_tests(metafunc):
    names = {"page_name": page_names(), "page_with_explorer": list(filter(has_explorer, page_names()))}
    for fixture in names.keys() & set(metafunc.fixturenames):
        metafunc.parametrize(fixture, names[fixture], ids=lambda name: name.removesuffix(".html"))
