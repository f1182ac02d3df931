"""The explorer in a page with no kernel, from a server and from a folder: all that one can do with it."""

import functools
import http.server
import json
import re
import threading

import numpy as np
import pytest
from accessible import check_accessible
from explorer_page import SETTINGS, ExplorerPage, kernel_numbers, lib_matrix, lib_output
from playwright.sync_api import expect

from lib import svg
from lib.explorer import LIMITS, Explorer, SideBySide, front, rules

# Asymmetric on purpose: another size and setting on each axis, numbers without pattern.
SETUPS = {
    "transposed": {},
    "convolution": {"input": np.arange(16).reshape(4, 4), "transposed": False},
    "window": {
        "input": [[3, -1, 4], [1, 5, -9]],
        "weight": [[2, 7], [1, -8], [2, 8]],
        "stride": (2, 1),
        "padding": (1, 0),
        "view": "window",
    },
    "stamps": {"input": [[2, 5], [7, 3]], "stride": 2, "padding": 1, "output_padding": 1, "view": "stamps"},
    "line": {"input": [2, 7, 1, 8], "weight": [3, -1, 4], "stride": 2, "dilation": 2, "padding": 1},
    "dilated": {
        "input": np.arange(30).reshape(5, 6),
        "weight": [[1, 2], [3, 4]],
        "dilation": 2,
        "transposed": False,
        "view": "stamps",
    },
    "large": {
        "input": np.arange(1, 37).reshape(6, 6),
        "weight": np.arange(1, 26).reshape(5, 5),
        "view": "window",
    },
    "tall": {"input": np.arange(1, 17).reshape(4, 4), "weight": np.arange(1, 26).reshape(5, 5)},
    "ends": {
        "input": [[3, -1], [2, 5], [1, 4]],
        "weight": [[2, 7, 1], [-8, 2, 8]],
        "stride": (1, 2),
        "padding": ((0, 1), (2, 0)),
        "bias": -3,
    },
    "few": {"controls": ["stride", "step"], "panels": ["matrix"]},
}
STATES = {name: Explorer(**settings) for name, settings in SETUPS.items()}
PAGE = """<!doctype html>
<html lang="en" data-theme="{theme}"><head><meta charset="utf-8"><title>Explorer</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<link rel="stylesheet" href="explorer.css">
<style>body {{ margin: 0; background: {paper} }} main {{ max-width: 1000px; margin: auto; padding: 16px
    }}</style></head>
<body><main><h1 style="color: {ink}">Explorer</h1>{explorers}</main><script
    src="explorer.js"></script><script>TransposedConvolutionExplorer.boot(document)</script></body></html>
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Pages with one explorer each, in light and dark, with the script of the book."""
    folder = tmp_path_factory.mktemp("explorers")
    (folder / "explorer.js").write_text(front.script(), encoding="utf-8")
    (folder / "explorer.css").write_text(front.style(), encoding="utf-8")
    two = SideBySide(STATES["stamps"], STATES["line"])
    pages = {name: explorer.html() for name, explorer in STATES.items()} | {
        "two": two._repr_mimebundle_()["text/html"],
        "far": f"{STATES['line'].html()}<div style='height: 4000px'></div>{STATES['stamps'].html()}",
    }
    for theme, paper, ink in [("light", "#fff", "#000"), ("dark", "#14181e", "#fff")]:
        for name, html in pages.items():
            text = PAGE.format(theme=theme, paper=paper, ink=ink, explorers=html)
            (folder / f"{name}-{theme}.html").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module", params=["served", "file"])
def where(request, folder):
    """The folder's address in each of the two ways that a page is read."""
    if request.param == "file":
        yield folder.as_uri() + "/"
        return

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=folder)
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def opened(visit, folder):
    """Open one of the pages from its folder."""

    def opened(name, theme="light", **settings):
        return ExplorerPage(visit(folder.as_uri() + "/", f"{name}-{theme}.html", **settings))

    return opened


@pytest.mark.parametrize("name", STATES)
def test_numbers_and_partners_of_every_cell(visit, where, name):
    explorer = ExplorerPage(visit(where, f"{name}-light.html"))
    explorer.check_numbers()
    for view in ("output", "input"):
        cells = list(explorer.cells(view))
        explorer.choose(f"{view}:{','.join(map(str, cells[-1]))}")
        explorer.check_chosen(view, cells[-1])
        for at, look in explorer.tour(view, cells[:: max(1, len(cells) // 8)]).items():
            explorer.check_chosen(view, at, look)


@pytest.mark.parametrize("name", ["transposed", "convolution", "line", "stamps"])
def test_every_slider_offers_what_can_be_and_nothing_else(opened, name):
    """At each position the state has the value and every number is that of lib; past the ends, up to the
    control's own limits, lib refuses, and at such an end a sentence says why."""
    explorer = opened(name)
    moved = refused = 0
    for field in ("input_size", "kernel_size", *SETTINGS):
        slider = explorer.field(field)
        if slider.is_disabled():
            assert field == "output_padding"
            continue
        before = explorer.state
        axes = np.ndim(before["input"])
        least, most = (int(slider.get_attribute(end)) for end in ("min", "max"))
        low, high = LIMITS[axes][field]
        arrays = {"input_size": "input", "kernel_size": "weight"}
        offered = range(max(low, least), min(high, most) + 1)
        for value, (said, look) in zip(offered, explorer.slide(field, offered), strict=True):
            state = look.state
            assert value == (np.shape(state[arrays[field]])[0] if field in arrays else state[field])
            explorer.check_numbers(look)
            if value == (least if least > low else most if most < high else None):
                assert said["note"]
            moved += 1
        for value in set(range(low, high + 1)).difference(offered):
            asked = {arrays[field]: np.ones([value] * axes)} if field in arrays else {field: value}
            with pytest.raises(ValueError, match="got"):
                rules.changed({**rules.DEFAULTS, **{f: before[f] for f in rules.FIELDS}}, asked)
            refused += 1
        explorer.button("reset").click()
        assert explorer.state == before
    assert moved > 15
    assert refused > 0


def test_output_padding_is_offered_only_below_stride_or_dilation(opened):
    explorer = opened("transposed")
    assert explorer.field("output_padding").is_disabled()
    explorer.set("stride", 3)
    assert explorer.field("output_padding").get_attribute("max") == "2"
    explorer.set("output_padding", 2)
    explorer.check_numbers()
    explorer.set("stride", 2)  # would leave output_padding 2 with stride 2
    assert explorer.state["stride"] == 3
    note = explorer.root.locator('[data-field="stride"] [role=alert]')
    assert "output_padding must be smaller than stride or dilation" in note.text_content()
    explorer.set("output_padding", 1)
    assert note.text_content() == ""
    explorer.set("stride", 2)
    assert explorer.state["stride"] == 2
    explorer.check_numbers()


@pytest.mark.parametrize("name", ["transposed", "convolution", "window", "dilated", "line", "ends"])
def test_transposed_switch_keeps_the_matrix(opened, name):
    explorer = opened(name)
    before, matrix = explorer.state, lib_matrix(explorer.state)
    explorer.field("transposed").click()
    after = explorer.state
    assert after["transposed"] is not before["transposed"]
    assert np.array_equal(lib_matrix(after), matrix.T)
    equation = explorer.root.locator("[data-view=matrix] figcaption").inner_text()
    assert ("Cᵀ y" in equation, "C x" in equation) == (after["transposed"], before["transposed"])
    assert np.shape(after["input"]) == lib_output(before).shape
    assert lib_output(after).shape == np.shape(before["input"])
    explorer.check_numbers()


def test_view_dimensions_and_per_axis(opened):
    explorer = opened("window")
    explorer.field("stamps").check()
    assert explorer.state["view"] == "stamps"
    explorer.field("padded window").check()
    assert explorer.state["view"] == "window"
    assert explorer.field("stride axis 0").input_value() == "2"
    explorer.set("stride axis 1", 3)
    assert explorer.state["stride"] == [2, 3]
    explorer.check_numbers()
    explorer.field("per_axis").uncheck()
    state = explorer.state
    assert state["stride"] == 2
    assert np.shape(state["input"]) == (2, 2)
    explorer.check_numbers()
    explorer.set("kernel_size", 2)
    assert np.shape(explorer.state["weight"]) == (2, 2)
    explorer.field("1-D").check()
    assert np.shape(explorer.state["input"]) == (2,)
    assert explorer.field("per_axis").is_disabled()
    explorer.check_numbers()
    explorer.set("input_size", 24)  # too long for its output
    explorer.set("input_size", 9)
    explorer.check_numbers()
    explorer.field("2-D").check()
    assert len(np.shape(explorer.state["input"])) == 2
    explorer.check_numbers()


@pytest.mark.parametrize("name", ["stamps", "line", "dilated", "ends"])
def test_stamps_add_up_step_by_step(opened, name):
    """After each step, the output is that of lib with the later inputs set to 0; padding's cuts keep
    their place."""
    explorer = opened(name)
    x = np.array(explorer.state["input"])
    explorer.button("step").click()
    for done, look in enumerate([explorer.look(), *explorer.steps(x.size - 1)], 1):
        state = look.state
        assert state["step"] == done
        assert state["chosen"] == f"input:{','.join(map(str, np.unravel_index(done - 1, x.shape)))}"
        partial = lib_output(state, np.where(np.arange(x.size).reshape(x.shape) < done, x, 0))
        shown = look.cells("output")
        assert all(float(text or 0) == partial[at] for at, text in shown.items())
    assert all(explorer.cells("output").values())
    explorer.button("step back").click()
    assert explorer.state["step"] == x.size - 1
    assert explorer.root.locator(".tc-counter").text_content() == f"{x.size - 1} / {x.size}"


@pytest.mark.parametrize("name", ["window", "convolution"])
def test_windows_compute_one_output_at_a_time(opened, name):
    explorer = opened(name)
    output = lib_output(explorer.state)
    explorer.button("step").click()
    for done, look in enumerate([explorer.look(), *explorer.steps(output.size - 1)], 1):
        shown = list(look.cells("output").values())
        assert [float(text) for text in shown[:done]] == list(output.ravel()[:done])
        assert not any(shown[done:])
        assert len(look.window) == np.size(look.state["weight"])
        assert sum(value * weight for value, weight in look.window) == output.ravel()[done - 1]


def test_play_runs_to_the_end_and_pauses(opened):
    explorer = opened("transposed")
    explorer.set("speed", 5)
    explorer.button("play").click()
    explorer.button("pause").wait_for()
    explorer.page.wait_for_function("document.querySelector('[data-explorer]').explorer.get('step') === 4")
    explorer.button("play").wait_for()
    assert explorer.root.get_by_role("status").get_attribute("aria-live") is None
    explorer.set("speed", 1)
    explorer.button("play").click()
    explorer.button("pause").click()
    assert explorer.state["step"] == 1
    explorer.set("stride", 2)
    assert explorer.state["step"] is None


def test_a_film_is_silent_and_a_step_by_hand_ends_it(opened):
    """A screen reader cannot follow a film; who steps by hand does not want the film to go on under it."""
    explorer = opened("transposed")
    explorer.page.clock.install(time=0)
    explorer.page.clock.pause_at(1000)
    status = explorer.root.get_by_role("status")
    for button, step in (("step", 2), ("step back", 0)):
        explorer.button("reset").click()
        explorer.button("play").click()
        assert explorer.state["step"] == 1 and status.get_attribute("aria-live") == "off"
        explorer.button(button).click()
        assert explorer.state["step"] == step and status.get_attribute("aria-live") is None
        assert explorer.button("play").count() == 1
        explorer.page.clock.run_for(10 * max(rules.DELAYS))
        assert explorer.state["step"] == step


def test_back_from_the_finished_picture_is_its_last_step(opened):
    explorer = opened("line")
    output = lib_output(explorer.state)
    steps = output.size if explorer.state["view"] == "window" else np.size(explorer.state["input"])
    assert explorer.state["step"] is None
    for step in range(steps, -1, -1):
        explorer.button("step back").click()
        assert explorer.state["step"] == step
    explorer.button("step back").dispatch_event("click")  # there is none before: it looks disabled
    assert explorer.state["step"] == 0
    explorer.button("step").click()
    assert explorer.state["step"] == 1


def test_reset_forgets_what_was_typed(opened):
    explorer = opened("transposed")
    opening = explorer.state
    explorer.choose("input:1,1")
    explorer.cell("input:1,1").press("Enter")
    explorer.field("value of y[1, 1]").fill("40")
    explorer.page.keyboard.press("Enter")
    explorer.set("stride", 3)
    explorer.button("reset").click()
    assert {**explorer.state, "chosen": opening["chosen"]} == opening
    explorer.set("input_size", 3)
    assert explorer.state["input"] == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]


@pytest.mark.parametrize(("speed", "delay"), list(enumerate(rules.DELAYS, 1)))
def test_a_higher_speed_waits_less(opened, speed, delay):
    explorer = opened("transposed")
    explorer.page.clock.install(time=0)
    explorer.page.clock.pause_at(1000)
    explorer.set("speed", speed)
    explorer.button("play").click()
    for step in (1, 2):
        assert explorer.state["step"] == step
        explorer.page.clock.run_for(delay - 1)
        assert explorer.state["step"] == step
        explorer.page.clock.run_for(1)
    explorer.button("pause").click()
    assert explorer.state["step"] == 3


def test_the_matrix_scrolls_to_the_chosen_cell(opened):
    """And the page does not: what the reader looks at stays where it is."""
    explorer = opened("tall")
    box = explorer.root.locator("[data-view=matrix] .tc-scroll")
    seen = """(box) => {
        const inner = box.querySelector("[data-lit], [data-chosen]").getBoundingClientRect();
        const outer = box.getBoundingClientRect();
        return inner.top >= outer.top && inner.bottom <= outer.bottom
            && inner.left >= outer.left && inner.right <= outer.right;
    }"""
    assert box.evaluate("(box) => box.scrollHeight > box.clientHeight")
    explorer.cell("output:7,7").scroll_into_view_if_needed()
    before = explorer.page.evaluate("scrollY")
    for cell in ("output:7,7", "output:0,0", "input:3,3", "kernel:4,4", "input:0,1"):
        explorer.choose(cell)
        assert box.evaluate(seen), cell
    assert explorer.page.evaluate("scrollY") == before


def test_the_lens_goes_where_the_reader_goes(opened):
    """To the first entry of the chosen cell, with the arrows, and with the mouse; the page stays."""
    explorer = opened("large")
    map_ = explorer.root.locator(".tc-map")
    explorer.cell("output:9,9").scroll_into_view_if_needed()
    before = explorer.page.evaluate("scrollY")
    for cell, at in [
        ("output:9,9", (9, 9)),
        ("output:0,0", (0, 0)),
        ("input:5,5", (5, 5)),
        ("input:0,1", (0, 1)),
    ]:
        explorer.choose(cell)
        explorer.check_chosen(cell.split(":")[0], at)
        explorer.check_numbers()
    assert explorer.page.evaluate("scrollY") == before
    explorer.cell("matrix:0,1").focus()
    press = explorer.page.keyboard.press
    for key, cell in [("End", "matrix:0,35"), ("ArrowRight", "matrix:0,35"), ("Home", "matrix:0,0")]:
        press(key)
        assert explorer.state["chosen"] == cell
        assert explorer.page.evaluate("document.activeElement.dataset.cell") == cell
    for row in range(1, 15):
        press("ArrowDown")
        assert explorer.page.evaluate("document.activeElement.dataset.cell") == f"matrix:{row},0"
    assert (2, 0) not in explorer.cells("matrix")
    box = map_.bounding_box()
    explorer.page.mouse.click(box["x"] + 1, box["y"] + box["height"] - 1)
    assert set(explorer.cells("matrix")) == {(r, c) for r in range(88, 100) for c in range(12)}
    mouse = explorer.page.mouse
    mouse.down()
    mouse.move(box["x"] + box["width"] - 1, box["y"] + 1, steps=4)
    mouse.up()
    assert set(explorer.cells("matrix")) == {(r, c) for r in range(12) for c in range(24, 36)}
    explorer.check_numbers()
    explorer.cell("input:5,5").hover()  # and what is pointed at leaves the lens where it is
    mouse.move(0, 0)
    assert (0, 35) in explorer.cells("matrix")
    assert explorer.root.locator("[data-view=matrix] [role=grid]").get_attribute("aria-rowcount") == "100"
    assert explorer.cell("matrix:0,24").get_attribute("aria-colindex") == "25"


def test_a_finger_moves_the_lens_and_not_the_page(opened):
    """A tap puts it there; taken by the lens it is dragged; a swipe beside it scrolls."""
    explorer = opened("large", width=390, has_touch=True)
    map_, lens = (explorer.root.locator(name) for name in (".tc-map", ".tc-lens"))
    map_.scroll_into_view_if_needed()
    box = map_.bounding_box()
    explorer.page.touchscreen.tap(box["x"] + box["width"] - 2, box["y"] + 2)
    at = "(lens) => [lens.getAttribute('y'), lens.getAttribute('x')].map(Number)"
    assert lens.evaluate(at) == [0, 24]
    before = explorer.page.evaluate("scrollY")
    swipe(explorer, lens, 120)
    assert lens.evaluate(at)[0] > 20
    assert explorer.page.evaluate("scrollY") == before


def swipe(explorer, element, down):
    """A finger that goes down, or up, from the middle of an element."""
    box, session = element.bounding_box(), explorer.page.context.new_cdp_session(explorer.page)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for kind, part in [("touchStart", 0), *(("touchMove", n / 8) for n in range(1, 9)), ("touchEnd", None)]:
        points = [] if part is None else [{"x": x, "y": y + part * down}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_a_swipe_over_a_slider_scrolls_and_does_not_move_it(opened):
    explorer = opened("large", width=390, has_touch=True)
    slider = explorer.field("kernel_size")
    slider.scroll_into_view_if_needed()
    before = explorer.page.evaluate("scrollY")
    swipe(explorer, slider, -150)
    explorer.page.wait_for_function(f"scrollY !== {before}")
    assert np.shape(explorer.state["weight"]) == (5, 5)


def test_four_times_enlarged_nothing_runs_off_the_side(opened):
    for name in ("ends", "large", "line"):
        explorer = opened(name)
        explorer.page.set_viewport_size({"width": 320, "height": 256})
        explorer.root.locator("details").evaluate_all("(all) => all.forEach((d) => { d.open = true; })")
        assert explorer.page.evaluate("document.documentElement.scrollWidth") <= 320, name


def test_padding_has_two_ends(opened):
    """Each end its own slider, by axis or for all, one for both again; a convolution pads where it cut."""
    explorer = opened("transposed")
    explorer.set("stride", 2)
    explorer.field("two_ends").check()
    explorer.set("padding after", 1)
    assert explorer.state["padding"] == [[0, 1], [0, 1]]
    assert lib_output(explorer.state).shape == (4, 4)
    explorer.check_numbers()
    explorer.choose("output:3,3")
    explorer.check_chosen("output", (3, 3))
    assert explorer.root.locator('[data-view="output"] .tc-cut').count() == 9
    assert "− 0 − 1 +" in explorer.root.locator(".tc-formula").text_content()
    explorer.field("per_axis").check()
    explorer.set("padding before axis 1", 1)
    assert explorer.state["padding"] == [[0, 1], [1, 1]]
    explorer.check_numbers()
    explorer.field("transposed").click()
    explorer.check_numbers()
    assert np.shape(explorer.state["input"]) == (4, 3)
    explorer.field("transposed").click()
    explorer.field("per_axis").uncheck()
    explorer.field("1-D").check()
    assert explorer.state["padding"] == [[0, 1]]
    explorer.check_numbers()
    explorer.field("2-D").check()
    explorer.field("two_ends").uncheck()
    assert explorer.state["padding"] == 0
    explorer.check_numbers()
    explorer.button("undo").click()
    assert explorer.state["padding"] == [[0, 1], [0, 1]]


@pytest.mark.parametrize("view", ["stamps", "padded window"])
def test_a_bias_is_added_to_each_output(opened, view):
    explorer = opened("transposed")
    explorer.field(view).check()
    explorer.field("bias").fill("-2,5")
    explorer.page.keyboard.press("Enter")
    assert explorer.state["bias"] == -2.5
    explorer.check_numbers()
    explorer.choose("output:1,1")
    explorer.check_chosen("output", (1, 1))
    assert explorer.status.endswith(" + bias (-2.5) = 20.5")
    explorer.set("kernel_size", 1)
    explorer.set("stride", 2)
    explorer.choose("output:1,1")
    assert explorer.status == "x[1, 1] = bias -2.5. No product lands here."
    explorer.check_numbers()
    for wrong in ("much", "", "0x10", "1e308"):
        explorer.field("bias").fill(wrong)
        explorer.page.keyboard.press("Tab")
        assert explorer.root.locator('[data-field="bias"] [role=alert]').text_content()
        assert explorer.field("bias").input_value() == "-2.5"
        assert explorer.state["bias"] == -2.5
    explorer.button("undo").click()


def test_the_bias_field_shows_the_bias_of_the_picture(opened):
    """Whatever changes it: an undo, a link, a reset; and not while somebody types."""
    explorer = opened("ends")
    field = explorer.field("bias")
    assert field.input_value() == "-3"
    explorer.page.evaluate("location.hash = '#explorer-1?bias=7.5'")
    expect(field).to_have_value("7.5")
    explorer.button("reset").click()
    expect(field).to_have_value("-3")
    field.fill("12")
    explorer.set("input_size axis 0", 2)  # what is half written stays while the picture is drawn anew
    expect(field).to_have_value("12")
    explorer.page.keyboard.press("Enter")
    assert explorer.state["bias"] == 12
    explorer.check_numbers()


DARK = {
    "the book": "<html data-theme='dark'><body>{}</body></html>",
    "JupyterLab": "<html><body data-jp-theme-light='false'>{}</body></html>",
    "Colab": "<html theme=dark><body>{}</body></html>",
    "VS Code": "<html><body class='vscode-body vscode-dark'>{}</body></html>",
}


@pytest.mark.parametrize("viewer", [*DARK, "light"])
def test_dark_where_its_viewer_is_dark(browser, viewer):
    """In each viewer that says it is dark: every colour of lib.svg, and native controls in the dark too."""
    page = browser.new_page()
    body = f"<style>{front.style()}</style><div data-explorer></div>"
    page.set_content(DARK.get(viewer, "<html><body>{}</body></html>").format(body))
    theme = "light" if viewer == "light" else "dark"
    read = """(names) => {
        const style = getComputedStyle(document.querySelector("[data-explorer]"));
        return [style.colorScheme, ...names.map((name) => style.getPropertyValue(name))];
    }"""
    scheme, *colours = page.evaluate(read, list(svg.TOKENS[theme]))
    assert colours == list(svg.TOKENS[theme].values())
    assert (scheme == "dark") is (theme == "dark")
    page.emulate_media(media="print")  # paper is light
    assert page.evaluate(read, list(svg.TOKENS["light"]))[1:] == list(svg.TOKENS["light"].values())
    page.close()


def test_pointing_shows_partners_without_choosing(opened):
    explorer = opened("transposed")
    explorer.choose("output:0,0")
    explorer.cell("output:1,1").hover()
    assert explorer.lit("input") == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert explorer.state["chosen"] == "output:0,0"
    explorer.page.mouse.move(0, 0)
    assert explorer.lit("input") == {(0, 0)}


def test_touch_chooses_and_a_second_touch_edits(opened):
    explorer = opened("transposed", width=390, has_touch=True)
    explorer.cell("kernel:1,2").tap()
    assert explorer.state["chosen"] == "kernel:1,2"
    assert explorer.lit("input") == {(0, 0), (0, 1), (1, 0), (1, 1)}
    explorer.cell("kernel:1,2").tap()
    explorer.field("value of w[1, 2]").fill("-20")
    explorer.page.keyboard.press("Enter")
    assert explorer.state["weight"][1][2] == -20
    explorer.check_numbers()


def test_a_number_that_is_only_looked_at_is_not_rounded(opened):
    explorer = opened("transposed")
    for value in ("0.123456", None):  # None: opened and closed again
        explorer.choose("kernel:1,2")
        explorer.cell("kernel:1,2").press("Enter")
        if value:
            explorer.field("value of w[1, 2]").fill(value)
        explorer.page.keyboard.press("Enter")
        assert explorer.state["weight"][1][2] == 0.123456
    assert explorer.cell("kernel:1,2").text_content() == "0.1235"


def test_by_keyboard_alone(opened):
    """One tab stop per view; arrows walk; numbers are edited where they stand; sliders and steps answer
    to keys."""
    explorer = opened("transposed")
    press = explorer.page.keyboard.press
    stops = []
    focused = "(({ dataset, textContent }) => dataset.cell || textContent)(document.activeElement)"
    for _ in range(40):
        press("Tab")
        stops.append(explorer.page.evaluate(focused))
    views = [stop.split(":")[0] for stop in stops if ":" in stop]
    assert views[:5] == ["input", "kernel", "output", "padded", "matrix"]
    explorer.page.reload()
    explorer = ExplorerPage(explorer.page)
    while explorer.page.evaluate("document.activeElement.dataset.cell") != "input:0,0":
        press("Tab")
    press("ArrowRight")
    press("ArrowDown")
    explorer.check_chosen("input", (1, 1))
    press("ArrowDown")  # the edge: it stays
    explorer.check_chosen("input", (1, 1))
    press("Home")
    explorer.check_chosen("input", (1, 0))
    press("Enter")
    press("Control+a")
    explorer.page.keyboard.type("2,5")
    press("Enter")
    assert explorer.state["input"] == [[1, 2], [2.5, 4]]
    explorer.check_numbers()
    press("7")  # a digit starts the edit
    press("Escape")
    assert explorer.state["input"] == [[1, 2], [2.5, 4]]
    press("Tab")
    press("Tab")
    press("End")
    explorer.check_chosen("output", (0, 3))
    while not (explorer.page.evaluate("document.activeElement.dataset.cell") or "").startswith("matrix:"):
        press("Tab")
    for _ in range(5):
        press("ArrowDown")
    assert explorer.state["chosen"] == "matrix:5,0"
    assert explorer.lit("output") == {(1, 1)}
    assert explorer.lit("input") == {(0, 0)}
    assert explorer.lit("kernel") == {(1, 1)}
    explorer.field("stride").focus()
    press("ArrowRight")
    assert explorer.state["stride"] == 2
    explorer.button("step").focus()
    press("Enter")
    assert explorer.state["step"] == 1


def test_matrix_kernel_and_padding_cells_tell_what_they_are(opened):
    explorer = opened("stamps")
    explorer.choose("kernel:0,1")
    assert explorer.status.startswith("w[0, 1] = 2 is in 2 products: ")
    explorer.choose("matrix:0,3")
    assert explorer.status == "Cᵀ[0, 3] = 0: y[1, 1] and x[0, 0] never meet"
    assert explorer.lit("input") == explorer.lit("output") == set()
    explorer.choose("matrix:0,0")
    assert explorer.status == "Cᵀ[0, 0] = w[1, 1] = 5: 2 × 5 = 10 into x[0, 0]"
    explorer.choose("padded:0,0")
    assert explorer.status == "0, put there by padding: nothing is there"
    explorer.choose("padded:1,2")
    assert explorer.status == "0, inserted between two inputs: nothing is there"
    explorer.choose("padded:1,3")
    explorer.check_chosen("input", (0, 1))


def test_size_formula_has_the_present_numbers(opened):
    explorer = opened("line")
    assert (
        "9 = 2 · (4 − 1) − 2 · 1 + 2 · (3 − 1) + 0 + 1" in explorer.root.locator(".tc-formula").text_content()
    )
    assert lib_output(explorer.state).shape == (9,)
    explorer.field("transposed").click()
    assert (
        "4 = ⌊(9 + 2 · 1 − 2 · (3 − 1) − 1) / 2⌋ + 1" in explorer.root.locator(".tc-formula").text_content()
    )


@pytest.mark.parametrize("name", ["stamps", "convolution", "large", "dilated"])
def test_overlap_map_counts_the_products(opened, name):
    explorer = opened(name)
    explorer.root.get_by_text("Overlap map").click()
    large = lib_matrix(explorer.state) if explorer.state["transposed"] else lib_matrix(explorer.state).T
    assert [int(text) for text in explorer.cells("overlap").values()] == np.count_nonzero(
        large, axis=1
    ).tolist()
    # The darkest shade is for the most alone, and whatever is met at all has a shade.
    shades = explorer.root.locator('[data-cell^="overlap:"]').evaluate_all(
        "(cells) => cells.map((c) => [Number(c.textContent), Number(c.className.match(/tc-shade-(\\d)/)[1])])"
    )
    most = max(count for count, _ in shades)
    assert {tuple(pair) for pair in shades} == {(n, -(-4 * n // most)) for n, _ in shades}
    assert all((shade > 0) == (n > 0) and (shade == 4) == (4 * n > 3 * most) for n, shade in shades)
    explorer.choose("overlap:1,1")
    explorer.check_chosen("output" if explorer.state["transposed"] else "input", (1, 1))


def test_solver_lists_settings_and_applies_them(opened):
    explorer = opened("transposed")
    explorer.root.get_by_text("Which settings give me size N?").click()
    explorer.field("wanted_size").fill("6")
    buttons = explorer.root.locator(".tc-solutions button")
    assert buttons.count() > 10
    for n in range(6):
        buttons.nth(n).click()
        assert lib_output(explorer.state).shape == (6, 6)
        explorer.check_numbers()
    # On a phone a setting takes two lines, and both are inside its button.
    explorer.page.set_viewport_size({"width": 390, "height": 844})
    spilt = "(all) => all.filter((b) => b.scrollHeight > b.clientHeight + 1).map((b) => b.textContent)"
    assert buttons.evaluate_all(spilt) == []
    # What the picture cannot hold is listed, not offered.
    explorer.field("wanted_size").fill("16")
    assert "listed only" in explorer.root.locator(".tc-solutions").text_content()
    assert buttons.count() == 0
    explorer.field("wanted_size").fill("60")
    assert "no setting" in explorer.root.locator(".tc-solutions").text_content()
    for wrong in ("65", "0", "-3", "2.5"):
        explorer.field("wanted_size").fill("60")
        explorer.field("wanted_size").fill("")
        explorer.field("wanted_size").press_sequentially(wrong)
        assert explorer.field("wanted_size").input_value() == wrong
        said = explorer.root.locator(".tc-solver [role=alert]").text_content()
        assert said == "wanted_size is a whole number from 1 to 64 here."
        assert explorer.state["wanted_size"] in (60, 6, 2)


@pytest.mark.parametrize("wanted", [1, 2, 3, 4])
def test_solver_of_a_convolution(opened, wanted):
    """Each answer, chosen, gives the size that was asked."""
    explorer = opened("convolution")
    explorer.root.get_by_text("Which settings give me size N?").click()
    explorer.field("wanted_size").fill(str(wanted))
    answers = explorer.press_each(".tc-solutions button")
    for text, look in answers:
        assert lib_output(look.state).shape == (wanted, wanted), text
        assert np.shape(look.state["input"]) == (4, 4)
    assert len(answers) > 10
    explorer.root.locator(".tc-solutions button").last.click()
    assert explorer.state == look.state


REFUSED = (
    *("stride=9", "input=[[1,2],[3]]", "weight=nothing", "padding=4", "view=3", "stride=[1,1,1]"),
    # Two sizes or two settings on one slider, which would show the first alone.
    *("per_axis=false", "per_axis=false&input=[[1,2],[3,4]]&stride=[1,2]", "wanted_size=65"),
    # A step and a cell that the operation does not have: Python refuses them too.
    *("two_ends=false&padding=[[0,1],[0,1]]", "bias=much", "padding=[[0,1,2],0]", "padding=[[0,5],0]"),
    *("step=99&stride=1&padding=0", 'chosen="output:9,9"', "stride=1%2"),
)


def test_link_reopens_the_state(opened):
    explorer = opened("window")
    explorer.set("dilation axis 1", 2)
    explorer.choose("output:1,1")
    explorer.choose("kernel:0,0")
    explorer.choose("kernel:0,0")
    explorer.field("value of w[0, 0]").fill("11")
    explorer.page.keyboard.press("Enter")
    state = explorer.state
    explorer.root.get_by_text("Link to this state").click()
    address = explorer.page.url
    explorer.page.goto("about:blank")
    explorer.page.goto(address)
    again = ExplorerPage(explorer.page)
    assert again.state == state
    again.check_numbers()
    # Another link on the same page; and links that cannot be.
    again.page.evaluate("location.hash = '#explorer-1?stride=1&padding=0'")
    again.page.wait_for_function("document.querySelector('[data-explorer]').explorer.get('stride') === 1")
    for wrong in REFUSED:
        again.page.evaluate("(hash) => { location.hash = '#explorer-1?' + hash; }", wrong)
        note = again.root.locator(".tc-said")
        note.get_by_text("refused").wait_for()
        assert not re.search("JSON|token|position", note.text_content())
        assert 0 <= note.bounding_box()["y"] < 900  # in sight
        assert again.state["stride"] == 1
    again.page.evaluate("location.hash = '#explorer-1?step=3&stride=1&padding=0'")
    again.page.wait_for_function("document.querySelector('.tc-said').textContent === ''")
    assert again.state["step"] == 3


@pytest.mark.parametrize("fragment", ["#%", "#explorer-1?stride=%", "#explorer-1%?x"])
def test_a_fragment_that_cannot_be_read_stops_no_explorer(visit, where, fragment):
    page = visit(where, f"two-light.html{fragment}")
    assert page.locator(".tc-live").count() == 2


def test_an_explorer_far_away_waits(visit, folder):
    """Until the reader comes near, the still figure stands for it; an address that names it wakes it."""
    page = visit(folder.as_uri() + "/", "far-light.html")
    awake = "[...document.querySelectorAll('[data-explorer]')].map((root) => Boolean(root.explorer))"
    assert page.evaluate(awake) == [True, False]
    assert page.locator(".tc-still").nth(1).is_visible()
    page.locator("[data-explorer]").nth(1).scroll_into_view_if_needed()
    page.locator(".tc-live").nth(1).wait_for()
    page = visit(folder.as_uri() + "/", "far-light.html#explorer-2?stride=3")
    page.locator("[data-explorer]").nth(1).locator(".tc-live").wait_for()  # the first may be far away now
    assert ExplorerPage(page, 1).state["stride"] == 3


def test_the_explorer_alone_in_a_frame(visit, tmp_path):
    (tmp_path / "embed.html").write_text(front.embed(), encoding="utf-8")
    frame = '<!doctype html><html lang=en><title>Course</title><link rel=icon href="data:,">'
    frame += "<iframe title=Explorer "
    frame += 'width=800 height=900 src="embed.html?theme=dark#explorer-1?stride=2"></iframe></html>'
    (tmp_path / "course.html").write_text(frame, encoding="utf-8")
    page = visit(tmp_path.as_uri() + "/", "course.html")
    inside = page.frame_locator("iframe")
    inside.locator('[data-cell="output:4,4"]').wait_for()
    assert inside.locator("html").get_attribute("data-theme") == "dark"
    inside.locator('[data-cell="output:2,2"]').click()
    assert inside.get_by_role("status").text_content().endswith("= 36")


def test_two_explorers_are_apart(opened):
    one = opened("two")
    two = ExplorerPage(one.page, 1)
    one.set("stride", 3)
    two.choose("output:4")
    assert one.state["stride"] == 3
    assert two.state["stride"] == 2
    two.check_chosen("output", (4,))
    one.check_numbers()
    one.field("padded window").check()
    assert two.field("stamps").is_checked()
    left, right = one.root.bounding_box(), two.root.bounding_box()
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] <= right["x"]


def test_only_the_asked_controls_and_panels(opened):
    explorer = opened("few")
    names = explorer.root.locator("input").evaluate_all(
        "(inputs) => inputs.map((i) => i.labels[0].textContent)"
    )
    assert names == ["stride"]
    assert explorer.root.locator("select, a").count() == 0
    assert explorer.root.locator("button").all_text_contents() == ["step back", "step", "play"]
    assert explorer.root.locator("details").count() == 0


@pytest.mark.parametrize("name", ["stamps", "window", "large", "line"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_while_stepping(opened, name, width):
    explorer = opened(name, width=width)
    boxes = """(root) => {
        const parts = "figure, button, .tc-status, .tc-formula, summary, [data-cell='output:0,0']";
        return [...root.querySelectorAll(parts)].map((part) => {
            const box = part.getBoundingClientRect();
            return [box.x, box.y + scrollY, box.width, box.height].map(Math.round).join();
        });
    }"""
    explorer.button("step").click()
    walked = """async (root, boxes) => {
        const step = [...root.querySelectorAll("button")].find((button) => button.textContent === "step");
        const seen = [boxes(root)], steps = [];
        for (let n = 0; n < 12; n += 1) {
            step.click();
            await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
            seen.push(boxes(root));
            steps.push(root.explorer.get("step"));
        }
        return [seen, steps];
    }"""
    seen, steps = explorer.root.evaluate(f"(root) => ({walked})(root, {boxes})")
    assert len(set(steps)) > 3
    assert seen == [seen[0]] * 13


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", ["transposed", "window", "line", "large", "ends"])
def test_accessible(opened, name, width, theme):
    explorer = opened(name, theme, width=width)
    explorer.root.locator("details").evaluate_all("(all) => all.forEach((d) => { d.open = true; })")
    explorer.choose(f"output:{','.join('0' * len(next(iter(explorer.cells('output')))))}")
    check_accessible(explorer.page, allowed=())
    assert explorer.root.locator("[role=status]").count() == 1
    small = explorer.root.evaluate(
        """(root) => [...root.querySelectorAll("button, label, summary, a, [data-cell], input[type=number]")]
            .filter((e) => { const b = e.getBoundingClientRect(); return b.width && (b.width < 24 ||
                b.height < 24); }).map((e) => e.outerHTML)"""
    )
    assert small == []
    assert explorer.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # Text stays inside its cell.
    spill = explorer.root.locator("[data-cell]").evaluate_all(
        "(cells) => cells.filter((c) => c.scrollWidth > c.clientWidth + 1).map((c) => c.outerHTML)"
    )
    assert spill == []


def test_print_shows_what_is_on_the_screen(opened):
    explorer = opened("stamps")
    explorer.set("stride", 1)
    explorer.choose("output:1,1")
    explorer.page.emulate_media(media="print")
    assert not explorer.root.locator(".tc-still").is_visible()
    assert explorer.cell("output:1,1").is_visible()
    assert explorer.root.get_by_role("status").is_visible()
    assert not explorer.button("play").is_visible()
    assert not explorer.field("stride").is_visible()


def test_without_script_the_still_figure_is_shown(browser, folder):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "stamps-light.html").as_uri())
    assert page.locator("[data-explorer] svg").first.is_visible()
    context.close()


def test_reduced_motion_is_respected(opened):
    moves = "(root) => getComputedStyle(root.querySelector('[data-cell^=output]')).transitionDuration"
    for motion, moving in (("no-preference", True), ("reduce", False)):
        explorer = opened("transposed", reduced_motion=motion)
        assert (explorer.root.evaluate(moves) != "0s") is moving
        explorer.page.evaluate("window.ghosts = 0")
        explorer.page.evaluate(
            """() => new MutationObserver((all) => all.forEach((one) => one.addedNodes.forEach((node) => {
                ghosts += node.classList?.contains("tc-ghost") ? 1 : 0;
            }))).observe(document.querySelector(".tc-live"), { childList: true })"""
        )
        explorer.button("step").click()
        explorer.page.wait_for_timeout(50)
        assert explorer.page.evaluate("ghosts") == (9 if moving else 0)  # a product each
        explorer.page.wait_for_function("!document.querySelector('.tc-ghost')")


GHOSTS = """(root) => {
    const frame = root.querySelector(".tc-live"), own = frame.getBoundingClientRect();
    const place = (element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        return [left - own.left, top - own.top, width, height].map(Math.round);
    };
    const around = () => {
        const all = [...root.querySelectorAll("[data-window]")].map(place);
        const [left, top] = [0, 1].map((axis) => Math.min(...all.map((box) => box[axis])));
        const ends = [0, 1].map((axis) => Math.max(...all.map((box) => box[axis] + box[axis + 2])));
        return [left, top, ends[0] - left, ends[1] - top];
    };
    const step = [...root.querySelectorAll("button")].find((button) => button.textContent === "step");
    const all = [...root.querySelectorAll("[data-cell]")];
    const cells = () => all.map((cell) => [cell.dataset.cell, place(cell)]);
    step.click();
    const before = root.querySelector("[data-window]") ? around() : null;
    for (const ghost of root.querySelectorAll(".tc-ghost")) ghost.remove();
    step.click();
    const ghosts = [...root.querySelectorAll(".tc-ghost")].map((ghost) => {
        const [{ effect }] = ghost.getAnimations(), frames = effect.getKeyframes();
        const sides = ["left", "top", "width", "height"];
        const box = (at) => sides.map((name) => Math.round(parseFloat(at[name])));
        return [ghost.textContent, box(frames[0]), box(frames.at(-1)), effect.getTiming().duration];
    });
    return { before, now: before && around(), ghosts, cells: Object.fromEntries(cells()) };
}"""


def test_a_stamp_flies_from_the_kernel_to_where_it_is_added(opened):
    explorer = opened("stamps", reduced_motion="no-preference")
    explorer.set("speed", 5)
    seen = explorer.ask(GHOSTS)
    state, numbers = explorer.state, kernel_numbers(explorer.state)
    assert state["chosen"] == "input:0,1"
    value, size = state["input"][0][1], lib_output(state).shape
    wanted = {}
    for row in np.flatnonzero(numbers[:, 1]):
        kernel = np.unravel_index(numbers[row, 1] - 1, np.shape(state["weight"]))
        output = np.unravel_index(row, size)
        product = value * np.array(state["weight"])[kernel]
        start, end = (",".join(map(str, map(int, at))) for at in (kernel, output))
        wanted[f"+{product}"] = [seen["cells"][f"kernel:{start}"], seen["cells"][f"output:{end}"]]
    assert {text: [start, end] for text, start, end, _ in seen["ghosts"]} == wanted
    assert all(0 < duration < rules.DELAYS[4] for *_, duration in seen["ghosts"])


def test_a_window_slides_from_the_step_before_to_this_one(opened):
    explorer = opened("window", reduced_motion="no-preference")
    seen = explorer.ask(GHOSTS)
    ((_, start, end, duration),) = seen["ghosts"]
    assert np.abs(np.subtract(start, seen["before"])).max() <= 1 and start != end
    assert np.abs(np.subtract(end, seen["now"])).max() <= 1
    assert 0 < duration < rules.DELAYS[explorer.state["speed"] - 1]


def test_the_way_back_shows_what_was_before(opened):
    explorer = opened("transposed")
    explorer.set("stride", 2)
    before = explorer.state
    explorer.page.evaluate("location.hash = '#explorer-1?stride=3&step=2'")
    explorer.page.wait_for_function("document.querySelector('[data-explorer]').explorer.get('stride') === 3")
    explorer.page.go_back()
    explorer.page.wait_for_function("document.querySelector('[data-explorer]').explorer.get('stride') === 2")
    assert explorer.state == before


def test_step_back_keeps_the_focus(opened):
    explorer = opened("transposed")
    explorer.button("step").click()
    explorer.button("step back").focus()
    for _ in range(2):
        explorer.page.keyboard.press("Enter")
    assert explorer.state["step"] == 0
    assert explorer.page.evaluate("document.activeElement.textContent") == "step back"


def test_space_on_a_cell_does_not_scroll(opened):
    explorer = opened("large", width=390)
    explorer.cell("input:0,0").focus()
    before = explorer.page.evaluate("scrollY")
    explorer.page.keyboard.press("Space")
    explorer.page.wait_for_timeout(100)
    assert explorer.page.evaluate("scrollY") == before
    assert explorer.state["chosen"] == "input:0,0"


@pytest.mark.parametrize(
    ("typed", "value"),
    [("2,5", 2.5), ("-1e3", -1000), ("1/4", 0.25), (".5", 0.5), ("+7", 7), ("−3", -3)]
    + [
        (wrong, None)
        for wrong in ("abc", "", "0x10", "1/0", "1/2/3", "1e308", "Infinity", "NaN", "--2", "1 2")
    ],
)
def test_a_typed_number_is_taken_or_refused_in_words(opened, typed, value):
    explorer = opened("transposed")
    explorer.choose("input:0,0")
    explorer.cell("input:0,0").press("Enter")
    explorer.field("value of y[0, 0]").fill(typed)
    explorer.page.keyboard.press("Enter")
    said = explorer.root.locator(".tc-said").text_content()
    assert bool(said) is (value is None)
    assert explorer.state["input"][0][0] == (1 if value is None else value)
    explorer.check_numbers()


def test_typed_numbers_outlast_sizes_dimensions_and_the_switch(opened):
    explorer = opened("transposed")
    explorer.choose("input:1,1")
    explorer.cell("input:1,1").press("Enter")
    explorer.field("value of y[1, 1]").fill("40")
    explorer.page.keyboard.press("Enter")
    for field, away, back in [("input_size", 1, 2), ("input_size", 4, 2)]:
        explorer.set(field, away)
        explorer.set(field, back)
        assert explorer.state["input"] == [[1, 2], [3, 40]]
    explorer.field("1-D").check()
    assert explorer.state["input"] == [1, 2]
    explorer.field("2-D").check()
    assert explorer.state["input"] == [[1, 2], [3, 40]]
    explorer.field("transposed").click()
    explorer.field("transposed").click()
    assert explorer.state["input"] == [[1, 2], [3, 40]]
    explorer.check_numbers()


@pytest.mark.parametrize(
    ("text", "array"),
    [
        ("1 2 3\n4 5 6", [[1, 2, 3], [4, 5, 6]]),
        ("1\t-2\n0.5\t1/4", [[1, -2], [0.5, 0.25]]),
        ("[[1, 2], [3, 4], [5, 6]]", [[1, 2], [3, 4], [5, 6]]),
        ("tensor([[1., 2.],\n        [3., 4.]])", [[1, 2], [3, 4]]),
        ("array([[7, 8, 9]], dtype=float32)", [[7, 8, 9]]),
        ("1,5 2,5", [[1.5, 2.5]]),
        ("1, 2, 3", [[1, 2, 3]]),
        ("1 2\n3", None),
        ("1 2 3 4 5 6 7 8 9 10 11", None),
    ],
)
def test_an_array_is_pasted(opened, text, array):
    explorer = opened("transposed")
    explorer.choose("input:0,0")
    explorer.cell("input:0,0").evaluate(
        """(cell, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text", text);
            const about = { clipboardData, bubbles: true, cancelable: true };
            cell.dispatchEvent(new ClipboardEvent("paste", about));
        }""",
        text,
    )
    assert explorer.state["input"] == (array or [[1, 2], [3, 4]])
    explorer.check_numbers()


def test_undo_goes_back_move_by_move(opened):
    explorer = opened("transposed")
    opening = explorer.state
    explorer.set("stride", 2)
    explorer.set("stride", 3)  # the same move, still under way
    explorer.field("padded window").check()
    explorer.choose("output:1,1")  # to choose a cell is no change
    explorer.button("undo").click()
    assert (explorer.state["view"], explorer.state["stride"]) == ("stamps", 3)
    explorer.cell("output:0,0").focus()
    explorer.page.keyboard.press("Control+z")
    assert {**explorer.state, "chosen": ""} == opening
    explorer.button("undo").click()
    assert explorer.root.locator(".tc-said").text_content() == "Nothing to undo."


@pytest.mark.parametrize("preset", rules.PRESETS)
def test_presets(opened, preset):
    explorer = opened("window")
    explorer.root.get_by_label("preset", exact=True).select_option(preset)
    expected = Explorer(**rules.PRESETS[preset])
    state = explorer.state
    assert {name: state[name] for name in rules.FIELDS} == json.loads(json.dumps(expected._state()))
    explorer.check_numbers()
    explorer.button("undo").click()
    assert explorer.state["stride"] == [2, 1]


def test_the_window_and_the_stamp_are_dragged(opened):
    """By mouse: taken by one of its cells, the window goes by places and the stamp by strides."""
    explorer = opened("transposed")
    explorer.field("padded window").check()
    explorer.choose("output:0,0")
    drag(explorer, "padded:1,1", "padded:3,2")
    explorer.check_chosen("output", (2, 1))
    explorer.field("stamps").check()
    explorer.set("stride", 2)
    explorer.choose("input:0,0")
    drag(explorer, "output:1,1", "output:3,1")
    explorer.check_chosen("input", (1, 0))
    drag(explorer, "output:2,0", "output:4,4")
    explorer.check_chosen("input", (1, 1))


def drag(explorer, start, end):
    explorer.cell(start).scroll_into_view_if_needed()
    places = [explorer.cell(name).bounding_box() for name in (start, end)]
    (x, y), (right, down) = ((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in places)
    mouse = explorer.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move((x + right) / 2, (y + down) / 2, steps=3)
    mouse.move(right, down, steps=3)
    mouse.up()
    mouse.move(0, 0)  # a mouse that rests on a cell points at it


def test_forced_colours_tell_roles_apart(opened):
    explorer = opened("stamps", forced_colors="active")
    looks = [
        explorer.cell(f"{view}:0,0").evaluate(
            """(cell) => {
                const { borderStyle, borderWidth, borderRadius } = getComputedStyle(cell);
                return [borderStyle, borderWidth, borderRadius].join();
            }"""
        )
        for view in ("input", "kernel", "output", "padded")
    ]
    assert len(set(looks)) == 4


def test_a_link_is_copied_with_a_word(opened):
    explorer = opened("transposed")
    explorer.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    explorer.set("stride", 2)
    explorer.button("copy link").click()
    explorer.root.get_by_text("Link copied").wait_for()
    copied = explorer.page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith("#explorer-1?stride=2")
