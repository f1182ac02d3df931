"""The wires of the explorer: one for each number of the matrix, over the whole range of the controls."""

import itertools
import json

import numpy as np
import pytest
from explorer_page import ExplorerPage, kernel_numbers

from lib.explorer import LIMITS, Explorer, front

PAGE = "<!doctype html><html lang=en><title>Wires</title><style>{}</style>{}<script>{}</script></html>"
WIRES = """(root) => [...root.querySelectorAll("[data-wire]")].map((wire) => [
    wire.dataset.wire.split(",").map(Number), wire.getAttribute("class"),
    wire.querySelector("line").className.baseVal, wire.textContent, wire.hasAttribute("data-lit")])"""

CHANGE = """(root, fields) => {
    const other = ([name, value]) => JSON.stringify(root.explorer.get(name)) !== JSON.stringify(value);
    for (const [name, value] of Object.entries(fields).filter(other)) root.explorer.set(name, value);
}"""


def opened(browser, explorer):
    page = browser.new_page()
    script = f"{front.script()}TransposedConvolutionExplorer.boot(document)"
    page.set_content(PAGE.format(front.style(), explorer.html(), script))
    return ExplorerPage(page)


def states(count):
    """One-dimensional states of the whole range of the controls."""
    rng = np.random.default_rng(3)
    ranges = {name: (least, most + 1) for name, (least, most) in LIMITS[1].items() if name != "output_size"}
    while count:
        drawn = {name: int(rng.integers(*ends)) for name, ends in ranges.items()}
        arrays = [
            rng.permutation(np.arange(1, drawn.pop(name) + 1)) for name in ("input_size", "kernel_size")
        ]
        try:
            yield Explorer(*arrays, transposed=bool(rng.integers(2)), panels=["wires"], **drawn)
        except ValueError:
            continue
        count -= 1


def test_a_wire_for_each_number_of_the_matrix(browser):
    explorer = opened(browser, Explorer([1, 2, 3], panels=["wires"]))
    for state in states(60):
        fields = {name: value for name, value in state._state().items() if name != "step"}
        explorer.root.evaluate(CHANGE, json.loads(json.dumps(fields)))
        shown = explorer.state
        numbers = kernel_numbers(shown)
        wires = explorer.root.evaluate(WIRES)
        expected = {(int(column), numbers[row, column] - 1, int(row)) for row, column in np.argwhere(numbers)}
        assert {tuple(wire) for wire, *_ in wires} == expected
        assert len(wires) == len(expected)
        for (_, kernel, _), hue, dash, text, _ in wires:
            assert hue == f"tc-hue-{kernel % 4}"
            assert dash == f"tc-wire tc-dash-{kernel % 5}"
            assert text == str(shown["weight"][kernel])
    explorer.page.close()


@pytest.mark.parametrize("transposed", [True, False])
def test_the_wires_of_the_chosen_cell_are_lit(browser, transposed):
    settings = {"transposed": transposed, "panels": ["wires"], "controls": ["stride"]}
    explorer = opened(browser, Explorer([3, 1, 2, 5], [7, 8, 9], **settings))
    for view, n in itertools.product(("input", "output"), range(2)):
        explorer.root.locator(f'[data-wired="{view}:{n}"]').click()
        explorer.check_chosen(view, (n,))
        lit = {tuple(wire) for wire, *_, lit in explorer.root.evaluate(WIRES) if lit}
        numbers = kernel_numbers(explorer.state)
        met = np.argwhere(numbers)
        own = 0 if view == "output" else 1
        assert lit == {(int(c), numbers[r, c] - 1, int(r)) for r, c in met if (r, c)[own] == n}
    if transposed:  # into one upper cell the kernel's numbers come in reverse order, from left to right
        explorer.root.locator('[data-wired="output:2"]').click()
        came = explorer.root.locator("[data-wire][data-lit]").evaluate_all(
            """(wires) => wires.map((wire) => [wire.querySelector("line").x2.baseVal.value, wire.textContent])
                .sort(([a], [b]) => a - b).map(([, text]) => text)"""
        )
        assert came == ["9", "8", "7"]
    explorer.page.close()


PLACES = """(root) => {
    const wires = [...root.querySelectorAll("[data-wire]")].map((wire) => {
        const { x2, y2 } = wire.querySelector("line"), tip = wire.querySelector("polygon").points[0];
        return [wire.dataset.wire, [x2.baseVal.value, y2.baseVal.value], [tip.x, tip.y]];
    });
    const cells = [...root.querySelectorAll("[data-wired]")].map((cell) => {
        const { x, y, width, height } = cell.querySelector("rect").getBBox();
        return [cell.dataset.wired, [x, y, width, height]];
    });
    const words = root.querySelector(".tc-wires figcaption").textContent;
    return { wires, cells: Object.fromEntries(cells), words };
}"""


@pytest.mark.parametrize("transposed", [True, False])
def test_arrows_end_at_the_output_and_a_small_cell_stands_under_its_window(browser, transposed):
    settings = {"stride": 2, "dilation": 2, "padding": 1, "transposed": transposed, "panels": ["wires"]}
    explorer = opened(browser, Explorer(np.arange(1, 8 - 3 * transposed), [7, 8, 9], **settings))
    seen = explorer.root.evaluate(PLACES)
    cells = {name: np.array(box) for name, box in seen["cells"].items()}
    assert seen["wires"]
    for name, (x, y), tip in seen["wires"]:
        assert tip == [x, y]
        _, _, output = name.split(",")
        left, top, width, height = cells[f"output:{output}"]
        assert left <= x <= left + width, name
        assert abs(y - (top + height if transposed else top)) < 8, name
    assert ("up" in seen["words"], "down" in seen["words"]) == (transposed, not transposed)
    upper, lower = ("output", "input") if transposed else ("input", "output")
    middle = lambda name: cells[name][0] + cells[name][2] / 2  # noqa: E731
    distance = middle(f"{upper}:1") - middle(f"{upper}:0")
    for n in range(sum(name.startswith(lower) for name in cells)):
        window = np.mean([2 * n + 2 * tap - 1 for tap in range(3)])  # the places that it meets, padding too
        assert abs(middle(f"{lower}:{n}") - middle(f"{upper}:0") - window * distance) < 1e-6
    explorer.page.close()
