"""What the tests of the built site share: the site, built once; a browser; a watched visit to a page."""

import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
INSTALLED = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)
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


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder of the built site: a clean build, moved to a folder of another name before it is read.

    SITE=_build/html tests a site that is there, which is quicker while you work on a page.
    """
    if os.environ.get("SITE"):
        return Path(os.environ["SITE"]).resolve()
    out = tmp_path_factory.mktemp("build")
    command = "from jupyter_book.cli.main import main; main()"
    options = ["--path-output", str(out), "-W", "-n", "--keep-going", "-q"]
    result = subprocess.run(
        [sys.executable, "-c", command, "build", str(ROOT), *options],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
    )
    assert result.returncode == 0, f"the book does not build:\n{result.stdout}\n{result.stderr}"
    folder = out / "some readers" / "Bücher"
    folder.parent.mkdir()
    shutil.move(out / "_build" / "html", folder)
    return folder


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


@pytest.fixture
def visit(browser):
    """Open a page and watch it: a request that leaves the book, or a complaint in the console, fails."""
    contexts, complaints = [], []

    def visit(address, name="index.html", width=1280, theme="light", **settings):
        size = {"width": width, "height": 900}
        context = browser.new_context(viewport=size, color_scheme=theme, **settings)
        contexts.append(context)
        page = context.new_page()

        def request(sent):
            if not sent.url.startswith((address, "data:", "blob:")):
                complaints.append(f"{name} asks for {sent.url}")

        def response(got):
            if got.status >= 400:
                complaints.append(f"{name}: {got.status} for {got.url}")

        page.on("request", request)
        page.on("response", response)
        page.on("requestfailed", lambda sent: complaints.append(f"{name} did not get {sent.url}"))
        page.on("pageerror", lambda error: complaints.append(f"{name}: {error}"))
        page.on(
            "console",
            lambda said: said.type in ("error", "warning") and complaints.append(f"{name}: {said.text}"),
        )
        page.goto(address + name)
        page.wait_for_load_state("networkidle")
        page.wait_for_function("!window.MathJax || Boolean(window.MathJax.startup?.promise)")
        page.evaluate("window.MathJax?.startup?.promise")
        return page

    yield visit
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(dict.fromkeys(complaints))


def page_names():
    """Every page of the book, from its table of contents."""
    toc = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    return ["index.html", *(f"{name}.html" for name in re.findall(r"- file: (\S+)", toc))]


def pytest_generate_tests(metafunc):
    if "page_name" in metafunc.fixturenames:
        metafunc.parametrize("page_name", page_names(), ids=lambda name: name.removesuffix(".html"))
