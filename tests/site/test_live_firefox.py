"""One smoke test in Firefox, driven by its own protocol, WebDriver BiDi: a cell of chapter 3 runs there."""

import itertools
import json
import os
import re
import shutil
import subprocess
import time

import pytest
import websocket

CHAPTER = "chapters/03-the-transposed-convolution.html"
RUN = """(async () => {
  const cell = document.querySelector('[data-live="by-matrix"]');
  [...cell.querySelectorAll("button")].find((button) => button.textContent === "Run").click();
  while (!["done", "failed"].includes(cell.dataset.state)) await new Promise((then) => setTimeout(then, 100));
  const { innerText } = cell.querySelector(".cell_output");
  return `${cell.dataset.state} ${cell.hasAttribute("data-same")} ${innerText}`;
})()"""


class Firefox:
    """A headless Firefox with a profile of its own."""

    def __init__(self, program, profile):
        command = [
            program,
            "--headless",
            "--profile",
            str(profile),
            "--remote-debugging-port=0",
            "--no-remote",
        ]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, encoding="utf-8")
        self.numbers = itertools.count(1)
        for line in self.process.stderr:
            if found := re.search(r"WebDriver BiDi listening on (ws://\S+)", line):
                self.socket = websocket.create_connection(
                    f"{found[1]}/session", timeout=300, suppress_origin=True
                )
                break
        self.ask("session.new", capabilities={})

    def ask(self, method, **parameters):
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while (answer := json.loads(self.socket.recv())).get("id") != number:
            pass  # an event
        assert answer["type"] == "success", answer
        return answer["result"]

    def evaluate(self, address, script):
        """What a script gives on the page at an address."""
        context = self.ask("browsingContext.getTree")["contexts"][0]["context"]
        self.ask("browsingContext.navigate", context=context, url=address, wait="complete")
        target = {"context": context}
        result = self.ask("script.evaluate", expression=script, target=target, awaitPromise=True)
        return result["result"]["value"]

    def close(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait(30)
        self.process.stderr.close()


@pytest.fixture
def firefox(tmp_path):
    program = next(filter(None, map(shutil.which, ("firefox-esr", "firefox"))), None)
    if not program:
        words = (
            "This test needs Firefox. Debian: apt install firefox-esr; Ubuntu, elsewhere: install firefox."
        )
        (pytest.fail if os.environ.get("CI") else pytest.skip)(words)
    profile = tmp_path / "profile"
    profile.mkdir()
    browser = Firefox(program, profile)
    yield browser
    browser.close()


def test_a_cell_runs_in_firefox(firefox, server):
    start = time.monotonic()
    answer = firefox.evaluate(server + CHAPTER, RUN)
    assert answer.startswith("done true array([[ 1,  4,  7,  6],"), (answer, time.monotonic() - start)
