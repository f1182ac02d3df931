"""The explorer in a real JupyterLab: the test starts a server and drives the notebook in the browser."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest
from conftest import ROOT
from explorer_page import ExplorerPage, lib_output

CELLS = """
import ipywidgets
from lib.explorer import Explorer, SideBySide
explorer = Explorer()
explorer
----
explorer.stride = 3
----
print('stride', explorer.stride, 'output', explorer.output_size, 'kernel', explorer.weight[0])
----
with explorer.hold_trait_notifications():
    explorer.input = [[5, 6, 7]] * 3
    explorer.transposed = False
    explorer.stride = 1
    explorer.weight = [[1, 2], [3, 4]]
explorer.chosen = 'output:1,1'
----
try:
    explorer.padding = 9
except ValueError as error:
    print('refused:', error)
----
other = Explorer(stride=2)
link = ipywidgets.link((explorer, 'stride'), (other, 'stride'))
SideBySide(explorer, other)
""".strip().split("\n----\n")
RAN = r"(n) => /\[\d+\]/.test(document.querySelectorAll('.jp-Notebook .jp-InputArea-prompt')[n].textContent)"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab with one notebook; nothing of the reader's own settings is read or
    written."""
    folder = tmp_path_factory.mktemp("lab")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    notebook.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(notebook, folder / "explorer.ipynb")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {
        f"JUPYTER_{name}_DIR": str(folder / ".jupyter" / name.lower())
        for name in ("CONFIG", "DATA", "RUNTIME")
    }
    own |= {"IPYTHONDIR": str(folder / ".ipython"), "PYTHONPATH": str(ROOT), "JUPYTER_PREFER_ENV_PATH": "1"}
    options = [
        *("--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}", "--port-retries=0"),
        *(f"--notebook-dir={folder}", "--IdentityProvider.token=", "--LabApp.news_url="),
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    with open(folder / "log.txt", "w", encoding="utf-8") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options], stdout=log, stderr=log, env={**os.environ, **own}
        )
        address = f"http://127.0.0.1:{port}/"
        try:
            for _ in range(240):
                try:
                    json.load(urllib.request.urlopen(address + "api", timeout=5))
                    break
                except OSError:
                    assert server.poll() is None, (folder / "log.txt").read_text(encoding="utf-8")
                    time.sleep(0.5)
            yield address
        finally:
            server.terminate()
            server.wait(30)


def test_explorer_in_a_live_notebook(lab, browser):
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.set_default_timeout(90_000)
    # The page shows the cells, and says "idle", before a kernel is connected; what is run then is lost
    # without a word. So wait until the kernel has answered.
    with page.expect_websocket(lambda socket: "/api/kernels/" in socket.url) as kernel:
        page.goto(lab + "lab/tree/explorer.ipynb")
    kernel.value.wait_for_event("framereceived", lambda frame: "kernel_info_reply" in str(frame))
    cells = page.locator(".jp-Notebook .jp-CodeCell")
    cells.nth(len(CELLS) - 1).wait_for()

    def run(n):
        """Run cell `n`; return what it prints."""
        cells.nth(n).locator(".jp-Editor").click()
        page.keyboard.press("Shift+Enter")
        page.wait_for_function(RAN, arg=n)
        return cells.nth(n).locator(".jp-OutputArea-output").all_text_contents()

    def shows(name, value):
        page.wait_for_function(
            """([name, value]) => {
                const { explorer } = document.querySelector("[data-explorer]");
                return JSON.stringify(explorer.get(name)) === value;
            }""",
            arg=[name, json.dumps(value, separators=(",", ":"))],
        )

    run(0)
    explorer = ExplorerPage(page)
    explorer.check_numbers()
    explorer.set("stride", 2)  # a slider moves the picture, and Python sees it
    explorer.check_numbers()
    explorer.choose("kernel:0,1")
    explorer.choose("kernel:0,1")
    explorer.field("value of w[0, 1]").fill("20")
    page.keyboard.press("Enter")
    assert "".join(run(2)) == "stride 2 output (5, 5) kernel [1, 20, 3]\n"
    run(1)  # a cell moves the slider and the picture
    shows("stride", 3)
    explorer.check_numbers()
    assert explorer.field("stride").input_value() == "3"
    run(3)  # several traits at once
    shows("chosen", "output:1,1")
    explorer.check_numbers()
    explorer.check_chosen("output", (1, 1))
    assert lib_output(explorer.state).shape == (2, 2)
    assert "padding must be at most 4" in "".join(run(4))
    assert explorer.state["padding"] == 0
    # By keyboard: the arrows walk through the cells and the notebook does not move.
    explorer.cell("output:0,0").focus()
    page.keyboard.press("ArrowDown")
    explorer.check_chosen("output", (1, 0))
    run(5)  # beside another, with a link between their strides
    three = page.locator("[data-explorer]")
    three.nth(2).locator(".tc-live").wait_for()
    ExplorerPage(page, 1).set("stride", 2)
    page.wait_for_function(
        "[...document.querySelectorAll('[data-explorer]')].every((e) => e.explorer.get('stride') === 2)"
    )
    for n in range(3):
        ExplorerPage(page, n).check_numbers()
    page.close()
