"""Random states of the explorer, asked of the page by a link; every number that it then shows is `lib`'s.

STATES=1000 asks for a thousand; without it a few are asked.
"""

import json
import os
from urllib.parse import urlencode

import numpy as np
import pytest
from explorer_page import SETTINGS, kernel_numbers, lib_matrix, lib_output
from test_explorer_geometry import zero_insertion_padded

from lib.explorer import LIMITS, Explorer, front

COUNT = int(os.environ.get("STATES", "60"))

ASK = """async (hash) => {
    const root = document.querySelector("[data-explorer]");
    const said = new Promise((done) => addEventListener("hashchange", done, { once: true }));
    location.hash = hash;
    await said;
    const views = {};
    for (const cell of root.querySelectorAll("[data-cell]")) {
        const [view, at] = cell.dataset.cell.split(":");
        const lit = cell.hasAttribute("data-lit");
        (views[view] ||= []).push([at.split(",").map(Number), cell.textContent, lit]);
    }
    const padded = [...root.querySelectorAll("[data-view=padded] [role=row]")].map((row) =>
        [...row.children].map((cell) => Number(cell.textContent)));
    const map = root.querySelector(".tc-map");
    return JSON.stringify({
        views, padded,
        refused: root.querySelector(".tc-said").textContent,
        status: root.querySelector("[role=status]").textContent,
        sizes: root.querySelector(".tc-sizes").textContent,
        map: map.hasAttribute("hidden") ? null : map.querySelector(".tc-entries").getAttribute("d"),
        stride: root.explorer.get("stride"),
    });
}"""


def random_state(rng):
    """Fields over the whole range of the controls and a little beyond, each axis and end its own."""
    axes = int(rng.integers(1, 3))
    some = lambda name, more=0: tuple(  # noqa: E731
        int(n) for n in rng.integers(LIMITS[axes][name][0] - more, LIMITS[axes][name][1] + 1 + more, axes)
    )
    beyond = int(rng.random() < 0.05)
    fields = {name: some(name, beyond) for name in SETTINGS}
    if rng.integers(2):
        ends = rng.integers(LIMITS[axes]["padding"][0], LIMITS[axes]["padding"][1] + 1, (axes, 2))
        fields["padding"] = tuple(map(tuple, ends.tolist()))
    arrays = {"input": "input_size", "weight": "kernel_size"}
    fields |= {name: rng.integers(-9, 10, some(size)).tolist() for name, size in arrays.items()}
    fields |= {"bias": int(rng.integers(-9, 10) * rng.integers(2)), "transposed": bool(rng.integers(2))}
    fields["view"] = str(rng.choice(["stamps", "window"]))
    return fields


def completed(rng, fields):
    """The state with a step or a chosen cell, or None where Python refuses it."""
    try:
        explorer = Explorer(**fields)
    except ValueError:
        return None
    state = json.loads(json.dumps(explorer._state()))
    output = lib_output(state)
    cell = np.unravel_index(rng.integers(output.size), output.shape)
    unit = np.size(state["input"]) if state["view"] == "stamps" else output.size
    state["step"] = int(rng.integers(unit + 1)) if rng.integers(2) else None
    state["chosen"] = f"output:{','.join(str(int(n)) for n in cell)}"
    return state


def by_place(cells):
    return {tuple(at): text for at, text, _ in cells}


def same(cells, array):
    """All cells of an array, each with its number."""
    array = np.array(array)
    return by_place(cells) == {at: f"{number:g}" for at, number in np.ndenumerate(array)}


def shown_output(state):
    """What each output cell shows after the state's steps: a number, or nothing."""
    output, step = lib_output(state), state["step"]
    if step is None:
        return {at: f"{number:g}" for at, number in np.ndenumerate(output)}
    if state["view"] == "window":
        return {at: f"{n:g}" if flat < step else "" for flat, (at, n) in enumerate(np.ndenumerate(output))}
    x = np.array(state["input"])
    partial = lib_output(state, np.where(np.arange(x.size).reshape(x.shape) < step, x, 0))
    reached = np.any(kernel_numbers(state)[:, :step], axis=1).reshape(output.shape)
    there = reached | (state["bias"] != 0) | (step == x.size)
    return {at: f"{number:g}" if there[at] else "" for at, number in np.ndenumerate(partial)}


def padded_picture(state):
    x, axes = np.array(state["input"]), np.ndim(state["input"])
    case = {name: state[name] if isinstance(state[name], list) else [state[name]] * axes for name in SETTINGS}
    pairs = [tuple(p) if isinstance(p, list) else (p, p) for p in case["padding"]]
    if not state["transposed"]:
        return np.pad(x, pairs)
    # The two helpers speak of two axes: one axis is a row.
    if axes == 1:
        case = {name: [1 if name in ("stride", "dilation") else 0, *case[name]] for name in SETTINGS}
        pairs = [(0, 0), *pairs]
    plane, kernel = (np.atleast_2d(np.array(state[name])) for name in ("input", "weight"))
    return zero_insertion_padded(plane, {**case, "padding": pairs, "kernel_size": kernel.shape})


def check(state, shown):
    assert not shown["refused"], shown["refused"]
    views, matrix, numbers = shown["views"], lib_matrix(state), kernel_numbers(state)
    assert same(views["input"], state["input"]) and same(views["kernel"], state["weight"])
    assert by_place(views["output"]) == shown_output(state)
    assert np.array_equal(shown["padded"], np.atleast_2d(padded_picture(state)))
    cells = by_place(views["matrix"])
    assert all(text == f"{matrix[at]:g}" for at, text in cells.items())
    assert len(cells) == (matrix.size if shown["map"] is None else np.prod(np.minimum(matrix.shape, 12)))
    large = numbers if state["transposed"] else numbers.T
    counts = np.count_nonzero(large, axis=1)
    assert [int(text) for text in by_place(views["overlap"]).values()] == counts.tolist()
    output = lib_output(state)
    at = tuple(map(int, state["chosen"].split(":")[1].split(",")))
    partners = np.flatnonzero(numbers[np.ravel_multi_index(at, output.shape)])
    lit = {tuple(place) for place, _, light in views["input"] if light}
    assert lit == {tuple(map(int, np.unravel_index(n, np.shape(state["input"])))) for n in partners}
    total = shown["status"].removesuffix(". No product lands here.").rpartition("= ")[2].removeprefix("bias ")
    assert total == f"{output[at]:g}", shown["status"]
    times = " × ".join(map(str, output.shape))
    assert shown["sizes"].endswith(f"output {times}")


@pytest.fixture
def page(browser, tmp_path):
    (tmp_path / "embed.html").write_text(front.embed(), encoding="utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "embed.html").as_uri())
    page.locator("details").evaluate_all("(all) => all.forEach((one) => { one.open = true; })")
    yield page
    page.close()


def ask(page, fields):
    told = {name: json.dumps(value) for name, value in fields.items() if value is not None}
    return json.loads(page.evaluate(ASK, f"#explorer-1?{urlencode(told)}"))


def test_random_states_show_the_numbers_of_lib(page):
    rng = np.random.default_rng(2026)
    checked = refused = 0
    while checked < COUNT:
        fields = random_state(rng)
        state = completed(rng, fields)
        shown = ask(page, state or fields)
        if state is None:
            assert shown["refused"], fields
            refused += 1
        else:
            check(state, shown)
            checked += 1
    assert refused > COUNT / 4
