"""The live book in a real browser, with the real Python for the page."""

import pytest
from live_page import LivePage

QUESTIONS = "chapters/questions-and-answers.html"


@pytest.fixture
def live(visit, server):
    """Open a page served as a reader's server would."""

    def open_page(name, **settings):
        return LivePage(visit(server, name, **settings))

    return open_page


def test_a_cell_is_changed_run_and_restored(live):
    page = live(QUESTIONS)
    first, second = page.names()[:2]
    assert "9 MB" in page.said()
    assert page.run(second) == "done" and page.same(second), "what the book printed comes out again"
    assert page.state(first) == "done", "the cells before it ran without being asked"
    page.write(second, "print('mine', 6 * 7)\n1 / 0")
    assert page.run(second) == "failed" and not page.same(second)
    assert page.output(second).split("\n")[0] == "mine 42"
    assert "ZeroDivisionError in line 2: division by zero" in page.output(second)
    assert page.cell(second).locator(".tc-error-line").is_visible()
    page.press("Restore", second)
    assert page.state(second) == "idle" and page.same(second)
    assert page.run(second) == "done" and page.same(second)


def test_an_endless_loop_is_stopped(live):
    page = live(QUESTIONS)
    name = page.names()[0]
    page.write(name, "while True: pass")
    page.press("Run", name)
    page.wait_for(name, "running")
    page.press("Stop", name)
    page.wait_for(name, "idle", timeout=5000)
    page.press("Restore", name)
    assert page.run(name) == "done"


def test_opened_as_a_file_the_page_says_what_to_type(visit, site):
    page = LivePage(visit(site.as_uri() + "/", QUESTIONS))
    assert "make serve" in page.said() and page.said().count(".") <= 3
    assert page.page.get_by_role("button", name="Run", exact=True).count() == 0
