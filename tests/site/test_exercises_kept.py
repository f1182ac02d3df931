"""What a reader of exercises leaves in the browser, and the keys of the editor: none of it needs Python."""

import pytest
from live_page import LivePage
from playwright.sync_api import expect

CHAPTER = "chapters/03-the-transposed-convolution.html"
STUB = "stub-size"
KEPT = """([name, field]) => {
    const entry = JSON.parse(localStorage.getItem(`tc-exercise:${name}`) ?? "{}");
    return entry[field] !== undefined;
}"""


@pytest.fixture
def live(visit, server):
    def live(name=CHAPTER):
        page = LivePage(visit(server, name))
        page.settle = lambda: visit.settle(page.page)  # before it is left: a request that is cut off fails
        return page

    return live


def wait_until_kept(page, field):
    page.page.wait_for_function(KEPT, arg=["03-size", field])


def test_what_is_typed_comes_back_though_it_never_ran(live, server):
    page = live()
    text = "answer = (8, 7)  # not sure yet"
    page.write(STUB, text)
    wait_until_kept(page, "answer")
    page.settle()
    page.page.reload()
    expect(page.cell(STUB).locator("textarea")).to_have_value(text)
    page.settle()
    page.page.goto(server + "chapters/exercises.html")
    expect(page.page.locator('[data-exercise-line="03-size"]')).to_contain_text("begun")


def test_hints_come_one_after_the_other_and_stay(live):
    page = live()
    hints = page.cell(STUB).locator(".tc-hint")
    for count in (1, 2):
        page.press("Hint", STUB)
        expect(hints).to_have_count(count)
        expect(hints.last).to_contain_text(f"Hint {count}: ")
    button = page.cell(STUB).locator("[data-do=Hint]")
    expect(button).to_be_hidden()  # there is no third
    page.settle()
    page.page.reload()
    expect(hints).to_have_count(2)
    expect(button).to_be_hidden()


def test_a_solution_that_was_opened_is_open_another_day(live):
    page = live()
    page.write(STUB, "answer = (1, 1)")  # from now on the page keeps what is done
    solution = page.page.locator('[id="03-size"] ~ .solution').first
    assert solution.get_attribute("open") is None
    solution.locator("summary").first.click()
    wait_until_kept(page, "solution")
    page.settle()
    page.page.reload()
    expect(solution).to_have_attribute("open", "")


def test_the_keys_of_the_editor_move_whole_steps(live):
    page = live()
    page.write("numbers", "")
    area, keyboard = page.cell("numbers").locator("textarea"), page.page.keyboard
    area.focus()
    keyboard.type("if y:")
    keyboard.press("Enter")
    keyboard.type("a = 1")
    keyboard.press("Enter")
    assert area.input_value() == "if y:\n    a = 1\n    "
    keyboard.press("Backspace")  # a whole step of indentation
    keyboard.type("b = 2")
    assert area.input_value() == "if y:\n    a = 1\nb = 2"
    keyboard.press("Backspace")  # elsewhere one sign
    assert area.input_value() == "if y:\n    a = 1\nb = "
    keyboard.press("Control+A")
    keyboard.press("Tab")
    assert area.input_value() == "    if y:\n        a = 1\n    b = "
    keyboard.press("Shift+Tab")
    assert area.input_value() == "if y:\n    a = 1\nb = "
