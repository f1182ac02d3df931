"""The live book in a real browser, with the real Python for the page."""

import gzip
import hashlib
import http.server
import io
import json
import re
import threading
import zipfile

import pytest
from conftest import PATIENCE, ROOT
from live_page import LivePage
from playwright.sync_api import expect

CHAPTER = "chapters/03-the-transposed-convolution.html"
QUESTIONS = "chapters/questions-and-answers.html"
EXERCISES = "chapters/exercises.html"


@pytest.fixture
def live(visit, server):
    """Open a page served as a reader's server would."""

    def open_page(name, **settings):
        return LivePage(visit(server, name, **settings))

    return open_page


@pytest.fixture(scope="module")
def opened(browser, server):
    """A page that is opened once, so that Python starts once."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: said.type in ("error", "warning") and faults.append(said.text))
    page.goto(server + QUESTIONS)
    yield LivePage(page)
    context.close()
    assert not faults


@pytest.fixture
def questions(opened):
    """That page, as it was printed, with Python as the tests before have left it."""
    for name in opened.names():
        if opened.cell(name).get_by_role("button", name="Restore", exact=True).is_visible():
            opened.restore(name)
    return opened


def opener(browser, server):
    """What opens pages in one context, with no watch on what they complain of: they fail on purpose."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)

    def open_page(name=QUESTIONS):
        page = context.new_page()
        page.goto(server + name)  # until the page's own script has run: its buttons work
        return LivePage(page)

    open_page.context, open_page.server = context, server
    return open_page


@pytest.fixture
def tabs(browser, server):
    """Open pages in a browser that has seen none of the book."""
    open_page = opener(browser, server)
    yield open_page
    open_page.context.close()


# Whether Python's memory after its start is kept, whole.
MEMORY = """async () => { for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) if (request.url.includes("/memory?"))
      return (await (await cache.match(request)).arrayBuffer()).byteLength > 1e6;
  } return false; }"""


@pytest.fixture(scope="module")
def shelf(browser, server):
    """A browser in which a page has run, so that Python's files and its memory are kept."""
    open_page = opener(browser, server)
    page = open_page()
    assert page.run(page.names()[0]) == "done"
    page.page.wait_for_function(MEMORY)
    yield open_page
    open_page.context.close()


@pytest.fixture
def kept(shelf):
    """Open pages in that browser, with nothing written or answered; they are closed in the end."""
    page = shelf.context.new_page()
    page.goto(shelf.server + EXERCISES)
    page.evaluate("localStorage.clear()")
    yield shelf
    for page in shelf.context.pages:
        page.close()


def requested(page, part):
    """The addresses with `part` in them that a page asks for from now on."""
    found = []
    page.on("request", lambda request: part in request.url and found.append(request.url))
    return found


def test_before_the_first_click_nothing_of_it_is_loaded(browser, server):
    page = browser.new_page()
    asked = requested(page, "/live")
    page.goto(server + CHAPTER)
    page.wait_for_load_state("networkidle")
    assert "The first run loads 9 MB" in LivePage(page).said()
    assert [re.search(r"_static/(.*)\?", url)[1] for url in asked] == ["live.js"]
    page.close()


def test_what_the_first_run_loads_is_compiled_and_at_most_ten_megabytes(site):
    folder = site / "_static" / "live"
    files = json.loads((folder / "files.json").read_text())
    assert sum(file["size"] for file in files["start"]) <= 10e6
    for file in files["start"] + files["plots"]:
        served = (folder / file["path"].split("?")[0]).read_bytes()
        content = gzip.decompress(served) if file["path"].split("?")[0].endswith(".gz") else served
        assert (len(served), hashlib.sha256(content).hexdigest()) == (file["size"], file["sha256"])
        if file["name"].endswith(".zip"):
            names = zipfile.ZipFile(io.BytesIO(content)).namelist()
            assert any(name.endswith(".pyc") for name in names), file["name"]
            assert file["name"] == "lib.zip" or not any(name.endswith(".py") for name in names)


LIVE = re.compile(
    r'<div class="tc-(?:bar|buttons)".*?</div>|<script[^>]*live\.js[^>]*></script>'
    r'| data-(?:live|state|same|exercise)(?:="[^"]*")?',
    re.DOTALL,
)


def test_before_the_first_click_a_page_weighs_at_most_five_kilobytes_more(site):
    def packed(text):
        return len(gzip.compress(text.encode()))

    files = [site / "_static" / "live.js", ROOT / "_ext" / "static" / "live.css"]
    shared = sum(packed(file.read_text(encoding="utf-8")) for file in files)
    for path in [site / "index.html", *site.glob("chapters/*.html")]:
        page = path.read_text(encoding="utf-8")
        if "data-live-page" in page:
            assert 0 < packed(page) - packed(LIVE.sub("", page)) <= 5000 - shared, path


def test_a_cell_is_changed_run_and_restored(questions):
    page = questions
    first, second = page.names()[:2]
    assert page.run(second) == "done" and page.same(second), "what the book printed comes out again"
    assert page.state(first) == "done", "the cells before it ran without being asked"
    page.write(second, "print('mine', 6 * 7)\n1 / 0")
    assert page.run(second) == "failed" and not page.same(second)
    assert page.output(second).split("\n")[0] == "mine 42"
    assert "ZeroDivisionError in line 2: division by zero" in page.output(second)
    page.wait_until_said("ZeroDivisionError in line 2")  # a reader who listens hears it
    assert page.cell(second).locator(".tc-error-line").is_visible()
    assert page.cell(second).get_attribute("data-stale") is None, "it is the newest result"
    page.restore(second)
    assert page.state(second) == "idle" and page.same(second)
    assert page.run(second) == "done" and page.same(second)


def test_a_change_above_runs_before_a_cell_below(live):
    page = live(CHAPTER)
    assert page.run("by-matrix") == "done" and page.same("by-matrix")
    assert page.run("fig-stamps") == "done" and page.same("fig-stamps")
    page.write(
        "numbers",
        "y = np.array([[1, 2], [3, 4]])\nkernel = np.eye(3, dtype=int)\nC = conv_matrix(kernel, (4, 4))",
    )
    assert page.run("by-matrix") == "done" and not page.same("by-matrix")
    assert page.output("by-matrix").split("\n")[0] == "array([[1, 2, 0, 0],"
    assert page.cell("numbers").locator(".tc-note").inner_text() == "✓ done", "it shows nothing to compare"
    assert page.run("fig-padded") == "done", "an assertion on the way speaks of the printed numbers"
    assert page.state("assert-library") == "failed" and "AssertionError in line" in page.output(
        "assert-library"
    )
    page.write(
        "numbers",
        "y = np.array([[1, 2], [3, 4]])\nkernel = np.ones((3, 3), int)\nC = conv_matrix(kernel, (4, 4))",
    )
    assert page.run("by-matrix") == "done"
    older = page.cell("fig-stamps")
    assert older.get_attribute("data-stale") is not None and "older than a change above" in note(older)
    page.restore()
    assert page.same("by-matrix") and page.same("fig-stamps") and older.get_attribute("data-stale") is None
    assert (
        page.cell("numbers")
        .locator("textarea")
        .input_value()
        .startswith("y = np.array([[1, 2], [3, 4]])\nkernel = np.arange")
    )


def note(cell):
    return cell.locator(".tc-note").evaluate("e => e.textContent + getComputedStyle(e, '::after').content")


def test_the_same_cell_twice_gives_the_same(questions):
    """A cell that changes what is there starts each time from what the cells before it left."""
    page = questions
    first, second = page.names()[:2]
    page.write(
        first, "import numpy as np\nrandom = np.random.default_rng(0)\ncount = 1\nrandom.integers(1000)"
    )
    page.write(second, "count += 1\nprint(count, random.integers(1000))")
    page.run(second)
    once = page.output(second)
    page.run(second)
    assert page.output(second) == once and once.startswith("2 ")


def test_an_explorer_of_the_readers_own_numbers_is_alive(questions):
    page = questions
    name = page.names()[0]
    page.write(
        name,
        "import numpy as np\nfrom lib.explorer import Explorer\n"
        "Explorer(np.array([[5, 7]]), np.array([[2, 3]]), stride=2)",
    )
    assert page.run(name) == "done"
    explorer = page.cell(name).locator("[data-explorer]")
    explorer.locator('[data-cell="output:0,3"]').click()
    assert (
        "7" in explorer.get_by_role("status").inner_text()
        and "21" in explorer.get_by_role("status").inner_text()
    )


def test_by_keyboard_alone(questions):
    page = questions
    first, second = page.names()[:2]
    fold = page.cell(first).locator(".above-input")
    if fold.get_attribute("open") is None:
        fold.locator("summary").focus()
        page.page.keyboard.press("Enter")
    edit = page.cell(first).get_by_role("button", name="Edit")
    if edit.count():  # until the first press on the page; then all code is written in place
        edit.focus()
        page.page.keyboard.press("Enter")
    else:
        page.cell(first).get_by_role("button", name="Run").focus()
        while not page.page.evaluate("document.activeElement.matches('textarea, body')"):
            page.page.keyboard.press("Shift+Tab")
    page.page.wait_for_selector(f'[data-live="{first}"] textarea:focus')
    page.page.keyboard.press("Tab")
    assert not page.page.evaluate("document.activeElement.matches('textarea')"), (
        "Tab leaves what is not being written"
    )
    page.page.keyboard.press("Shift+Tab")
    page.page.keyboard.press("Control+A")
    page.page.keyboard.type("for n in range(2):\nprint(n)\nif n:\nprint('end')")
    area = page.cell(first).locator("textarea")
    assert area.input_value() == "for n in range(2):\n    print(n)\n    if n:\n        print('end')"
    page.page.keyboard.press("Shift+Tab")
    assert area.input_value().endswith("\n    print('end')")
    page.page.keyboard.press("Control+Z")
    page.page.keyboard.press("Control+Enter")
    page.wait_for(first, "done")
    assert page.output(first) == "0\n1\nend"
    assert page.page.evaluate("document.activeElement.matches('textarea')"), "Control and Enter stays"
    page.page.keyboard.press("Shift+Enter")
    page.page.wait_for_selector(f'[data-live="{second}"] textarea:focus')


def test_an_endless_loop_is_stopped(questions):
    page = questions
    name = page.names()[0]
    page.write(name, "while True: pass")
    page.press("Run", name)
    page.wait_for(name, "running")
    page.press("Stop", name)
    page.wait_for(name, "idle")
    page.wait_until_said("Stopped")
    page.restore(name)
    assert page.run(name) == "done"


def test_a_long_cell_shows_what_it_prints_meanwhile(questions):
    page = questions
    name = page.names()[0]
    page.write(name, "import time\nfor n in range(10**9):\n    print(n)\n    time.sleep(0.05)")
    page.press("Run", name)
    page.wait_for(name, "running")
    page.page.wait_for_function(
        "() => document.querySelector('[data-live] .cell_output')?.textContent.includes('20')"
    )
    page.press("Stop")
    page.wait_for(name, "idle")


def test_edits_come_back_after_a_reload_and_go_with_restore(kept):
    page = kept(QUESTIONS)  # a reload breaks off what was being fetched for who writes
    name = page.names()[0]
    page.write(name, "print('still here')")
    page.page.reload()
    page.page.wait_for_selector(f'[data-live="{name}"][data-edited]')
    assert page.run(name) == "done" and page.output(name) == "still here"
    page.restore(name)
    page.page.reload()
    page.page.wait_for_load_state("networkidle")
    assert page.cell(name).locator("textarea").count() == 0, "nothing is left, so nothing is loaded"


def test_python_is_downloaded_once_and_then_starts_for_who_writes(tabs):
    """The first key starts it where nothing has to be downloaded for it, and only there."""
    page = tabs()
    name = page.names()[0]
    asked = requested(page.page, "/live/python/")
    page.write(name, "'ready'")
    assert asked == [] and page.run(name) == "done"
    assert len(asked) >= 6
    other = tabs(CHAPTER)
    again = requested(other.page, "/live/python/")
    other.write("numbers", "y = 7")
    other.wait_until_said("Python is here")
    assert other.state("numbers") == "idle"
    assert other.run("numbers") == "done" and again == []


def test_a_damaged_file_in_the_cache_is_fetched_again(kept):
    page = kept()
    name = page.names()[0]
    damaged = page.page.evaluate(
        """async () => { const [kept] = await caches.keys(); const cache = await caches.open(kept);
            const { url } = (await cache.keys()).find(({ url }) => url.includes("numpy"));
            await cache.put(url, new Response("nonsense")); return url; }"""
    )
    again = requested(page.page, "/live/python/")
    assert page.run(name) == "done" and page.same(name)
    assert again == [damaged]


def test_the_next_page_starts_from_the_memory_of_the_first(kept):
    """The secret of its hashes is the same then, and the random numbers are others all the same."""
    seen = []
    for page in (kept(), kept()):
        name = page.names()[0]
        page.write(name, "import random\nprint(hash('kernel'), random.random())")
        assert page.run(name) == "done"
        seen.append(page.output(name).split())
    (one, first), (other, second) = seen
    assert one == other and first != second


SPOIL = """async (honest) => {
  const [name] = await caches.keys(), cache = await caches.open(name);
  const { url } = (await cache.keys()).find(({ url }) => url.includes("/memory?"));
  const content = new Uint8Array(20 * 2 ** 20 + 144); // as long as a real one
  const digest = [...new Uint8Array(await crypto.subtle.digest("SHA-256", content))].join();
  await cache.put(url, new Response(content, { headers: { digest: honest ? digest : "another" } }));
}"""


@pytest.mark.parametrize(
    "honest", [False, True], ids=["its hash is another", "Python does not start from it"]
)
def test_python_starts_without_a_memory_that_is_spoilt(kept, honest):
    page = kept()
    page.page.evaluate(SPOIL, honest)
    name = page.names()[0]
    assert page.run(name) == "done" and page.same(name)
    page.page.wait_for_function(MEMORY)  # a new one


def test_a_download_that_fails_is_said_and_can_be_tried_again(tabs):
    page = tabs()
    name = page.names()[0]
    page.page.route("**/numpy-*", lambda route: route.abort())
    page.press("Run", name)
    page.wait_until_said("could not be loaded")
    assert page.state(name) == "idle"
    page.page.unroute("**/numpy-*")
    page.page.route("**/numpy-*", lambda route: route.fulfill(body="not a wheel"))
    page.press("Run", name)
    assert "numpy" in page.wait_until_said("not the whole file")
    page.page.unroute("**/numpy-*")
    assert page.run(name) == "done"


def test_loading_is_shown_and_can_be_cancelled(tabs):
    page = tabs()
    name = page.names()[0]
    held = []
    page.page.route("**/numpy-*", lambda route: held.append(route))
    page.press("Run", name)
    page.page.wait_for_selector("[data-live-page] progress:not([hidden])")
    assert page.cell(name).get_attribute("data-waiting") is not None
    page.press("Stop", name)
    page.wait_until_said("Stopped")
    page.page.unroute("**/numpy-*")
    assert page.run(name) == "done"


def test_a_verdict_with_a_drawing_can_be_read_on_a_dark_page(kept):
    page = kept(CHAPTER)
    page.page.emulate_media(color_scheme="dark")
    page.page.reload()
    page.write("stub-one-cell", 'check("03-one-cell", [4, 5, 7, 8])')
    assert page.run("stub-one-cell", "Check") == "done"
    words = page.cell("stub-one-cell").locator(".cell_output:has(svg) p").first
    colours = "e => [e, document.body].map((each) => getComputedStyle(each).color)"
    ink, text = words.evaluate(colours)
    assert "not yet" in words.inner_text() and ink == text


def test_two_tabs_work_side_by_side(kept):
    one, two = kept(CHAPTER), kept(CHAPTER)
    one.write("stub-size", 'answer = (8, 7)\ncheck("03-size", answer)')
    assert one.run("stub-size", "Check") == "done"
    assert two.run("numbers") == "done"
    two.write("stub-one-cell", 'answer = [8, 7, 5, 4]\ncheck("03-one-cell", answer)')
    assert two.run("stub-one-cell", "Check") == "done"
    for page in (one, two):
        page.page.wait_for_function("document.querySelector('nav .tc-done')?.textContent.includes('2/')")


# Ways out of a worker that code of the page could try; AWAY is another server, which answers everybody.
JS = "from pyodide.code import run_js\n"
ESCAPES = {
    "fetch": "from js import fetch\nfetch('AWAY')",
    "request": "from js import XMLHttpRequest as R\nr = R.new()\nr.open('GET', 'AWAY', False)\nr.send()",
    "socket": "from js import WebSocket\nWebSocket.new('AWAY'.replace('http', 'ws'))",
    "script": "from js import importScripts\nimportScripts('AWAY')",
    "module": JS + "run_js('import(\"AWAY\")')",
    "function": JS + "run_js('Object.getPrototypeOf(self).fetch?.call(self, \"AWAY\")')",
    "package": "import pyodide_js\npyodide_js.loadPackage('AWAY/x-1-py3-none-any.whl')",
    "worker": "from js import Worker\nWorker.new('AWAY')",
    "beacon": JS + 'run_js(\'navigator.sendBeacon("AWAY", "x")\')',
    "picture": "class P:\n    def _repr_html_(self): return '<img src=\"AWAY\">'\nP()",
    "urllib": "import urllib.request\nurllib.request.urlopen('AWAY').read()",
}


@pytest.fixture
def elsewhere():
    """Another server on this machine: its address, and who has asked it."""
    asked = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()

        do_POST = do_OPTIONS = do_GET

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/away", asked
        server.shutdown()


@pytest.mark.parametrize("pages", ["tabs", "kept"])
def test_code_reaches_nothing_outside_the_book(pages, elsewhere, request):
    """Neither in a Python that has begun from nothing nor in one that goes on from a memory."""
    away, asked = elsewhere
    page = request.getfixturevalue(pages)()
    assert page.page.evaluate("away => fetch(away).then(answer => answer.ok)", away), "the page itself could"
    asked.clear()
    name = page.names()[0]
    for way, code in ESCAPES.items():
        page.write(name, code.replace("AWAY", away))
        page.run(name)
        page.page.wait_for_timeout(200)
        assert asked == [], way


def test_a_link_carries_no_code(kept, server):
    page = kept(QUESTIONS + "?code=print(1)&run=1#code=print(1)")
    page.page.wait_for_timeout(300)
    assert set(map(page.state, page.names())) == {"idle"}
    assert page.page.locator("textarea").count() == 0


def test_the_colours_of_an_edited_cell_are_those_of_the_page(live):
    page = live(CHAPTER)
    pre = page.cell("hidden").locator("pre").first
    before = pre.evaluate(COLOURS)
    page.write("hidden", pre.inner_text().rstrip("\n"))
    assert pre.evaluate(COLOURS) == before


def test_the_colours_of_every_cell_would_stay_if_it_were_edited(live, site):
    """All that the book's code has: strings with code in them, names that are defined, errors."""
    page = live(CHAPTER)
    names = [path.relative_to(site).as_posix() for path in site.glob("_static/live/pages/**/*.json")]
    cells = page.page.evaluate(EVERY_CELL, [COLOURS, names])
    assert len(cells) > 500
    assert [pair for printed, edited in cells for pair in zip(printed, edited) if pair[0] != pair[1]] == []


# Each visible character with its colour.
COLOURS = """pre => {
  const found = [];
  const walk = document.createTreeWalker(pre, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) for (const letter of walk.currentNode.data)
    if (letter.trim()) found.push(letter + getComputedStyle(walk.currentNode.parentElement).color);
  return found;
}"""
# Of each cell of all pages: the same of its code as it is printed, and as it would be while it is edited.
EVERY_CELL = """async ([colours, names]) => {
  const { highlight } = await import(new URL("../_static/live/highlight.js", document.baseURI).href);
  const pre = document.querySelector("[data-live] .cell_input pre");
  const shown = (html) => { pre.innerHTML = html; return eval(colours)(pre); };
  const found = [];
  for (const name of names) {
    const get = async (path) => (await fetch(new URL(path, document.baseURI).href)).text();
    const { cells } = JSON.parse(await get(`../_static/live/pages/${name.slice(19)}`));
    const html = await get(`../${name.slice(19, -5)}.html`);
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const { id, source } of cells) {
      const code = page.querySelector(`[data-live="${id}"] .cell_input pre`);
      if (code) found.push([shown(code.innerHTML), shown(highlight(source))]);
    }
  }
  return found;
}"""


@pytest.mark.parametrize("scripts", [True, False], ids=["on paper", "without scripts"])
def test_what_cannot_be_pressed_is_not_shown(browser, server, scripts):
    page = browser.new_page(java_script_enabled=scripts)
    page.goto(server + CHAPTER)
    if scripts:
        page.emulate_media(media="print")
    tools = page.locator("[data-live-page], [data-live] > .tc-buttons")
    assert tools.count() > 30 and tools.locator("visible=true").count() == 0
    page.close()


def test_folded_code_is_one_word_and_its_buttons_come_with_it(live):
    page = live(CHAPTER)
    folds = page.page.locator("[data-live] > .above-input:not([open])")
    buttons = page.page.locator("[data-live] > .above-input:not([open]) + .tc-buttons")
    assert folds.count() == buttons.count() > 10
    assert buttons.locator("visible=true").count() == 0
    cell = page.page.locator("[data-live]").filter(has=page.page.locator(":scope > .above-input")).first
    cell.locator("summary").click()
    expect(cell.get_by_role("button", name="Run", exact=True)).to_be_visible()
    cell.locator("summary").click()
    expect(cell.get_by_role("button", name="Run", exact=True)).to_be_hidden()
    cell.evaluate("cell => { cell.dataset.stale = ''; }")  # a change above it: that must be said
    expect(cell.locator(".tc-buttons")).to_be_visible()


def test_a_page_that_shows_no_code_does_not_ask_to_change_it(live):
    assert live("index.html").said().startswith("Compute the pictures of this page again")
    assert live(CHAPTER).said().startswith("Change any code and run it")


def test_opened_as_a_file_the_page_says_what_to_type(visit, site):
    page = LivePage(visit(site.as_uri() + "/", QUESTIONS))
    assert "make serve" in page.said()
    assert page.page.get_by_role("button", name="Run", exact=True).count() == 0


def test_answers_are_exported_erased_and_imported(kept, tmp_path):
    page = kept(CHAPTER)
    page.write("stub-size", 'answer = (8, 7)\ncheck("03-size", answer)')
    assert page.run("stub-size", "Check") == "done" and "right" in page.output("stub-size")
    listing = kept(EXERCISES)
    line = listing.page.locator('[data-exercise-line="03-size"]')
    expect(line).to_contain_text("done")
    with listing.page.expect_download() as download:
        listing.press("Export")
    file = tmp_path / "answers.json"
    download.value.save_as(file)
    assert "answer = (8, 7)" in json.loads(file.read_text())["entries"]["03-size"]["answer"]
    listing.page.once("dialog", lambda dialog: dialog.accept())
    listing.press("Erase")
    expect(line).not_to_contain_text("done")
    nothing = tmp_path / "other.json"
    nothing.write_text('{"format": "something else"}')
    for chosen, words in ((nothing, "no answers"), (file, "1 answers")):
        with listing.page.expect_file_chooser() as chooser:
            listing.press("Import")
        chooser.value.set_files(chosen)
        listing.wait_until_said(words)
    expect(line).to_contain_text("done")


def test_an_answer_to_an_exercise_that_has_changed_is_not_taken(kept):
    page = kept(CHAPTER)
    page.page.evaluate(
        """() => localStorage.setItem("tc-exercise:03-size",
            JSON.stringify({ hash: "of another day", answer: "print('old')", right: true }))"""
    )
    page.page.reload()
    page.page.wait_for_selector('[data-live="stub-size"] textarea')
    assert "old" not in page.cell("stub-size").locator("textarea").input_value()
    assert page.page.locator('[id="03-size"] .tc-done').count() == 0


@pytest.fixture
def phone(live):
    return live(CHAPTER, width=390, has_touch=True, is_mobile=True, device_scale_factor=2)


def test_a_reader_with_a_phone_comes_back_another_day(phone):
    """Read chapter 3, change a number of the kernel, run; answer its exercises; come back."""
    page = phone
    page.write(
        "numbers",
        "y = np.array([[1, 2], [3, 4]])\nkernel = np.arange(2, 11).reshape(3, 3)\n"
        "C = conv_matrix(kernel, (4, 4))",
    )
    page.run("by-matrix")
    assert "36" not in page.output("by-matrix") and "40" in page.output("by-matrix")
    page.restore()
    page.write("stub-one-cell", 'answer = [4, 5, 7, 8]\ncheck("03-one-cell", answer)')
    page.run("stub-one-cell", "Check")
    assert "not yet" in page.output("stub-one-cell") and "order" in page.output("stub-one-cell")
    page.press("Hint", "stub-one-cell")
    expect(page.cell("stub-one-cell")).to_contain_text("Hint 1: Four stamps")
    page.write("stub-one-cell", 'answer = [8, 7, 5, 4]\ncheck("03-one-cell", answer)')
    page.run("stub-one-cell", "Check")
    assert page.output("stub-one-cell") == "03-one-cell: right"
    page.page.reload()
    page.page.wait_for_selector('[data-live="stub-one-cell"] textarea')
    expect(page.cell("stub-one-cell").locator("textarea")).to_have_value(re.compile(r"\[8, 7, 5, 4\]"))
    expect(page.cell("stub-one-cell")).to_contain_text("Hint 1")
    expect(page.page.locator('[id="03-one-cell"] .tc-done')).to_have_text(re.compile("^✓"))
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_keyboard_on_a_phones_screen_does_not_hide_the_cell(phone):
    """It leaves about half the screen: the cell that is being written and its button stay in it."""
    page = phone
    page.cell("swapped").locator(".cell_input pre").tap()
    area = page.cell("swapped").locator("textarea")
    area.wait_for()
    page.page.set_viewport_size({"width": 390, "height": 420})
    page.page.wait_for_function(
        """() => { const cell = document.querySelector('[data-live="swapped"]');
            const [area, run] = ["textarea", "[data-do=Run]"].map((each) => cell.querySelector(each));
            return innerHeight === 420 && area.getBoundingClientRect().top >= 0
              && run.getBoundingClientRect().bottom <= 420; }"""
    )
    assert page.page.evaluate("document.activeElement.matches('textarea')")
