"""An explorer on a page, as a test sees it: what it shows, and what `lib` says that it must show."""

import json
import re

import numpy as np

from lib import conv, conv_matrix, conv_output_size, conv_transpose

SETTINGS = ("stride", "padding", "output_padding", "dilation")


def lib_output(state, input=None):
    """The output that `lib` computes for a state of the explorer, for another input if given."""
    x, w = (
        np.array(a)[np.newaxis, np.newaxis]
        for a in (state["input"] if input is None else input, state["weight"])
    )
    settings = {name: state[name] for name in ("stride", "padding", "dilation")}
    bias = [state.get("bias", 0)]
    if state["transposed"]:
        return conv_transpose(x, w, bias, **settings, output_padding=state["output_padding"])[0, 0]
    return conv(x, w, bias, **settings)[0, 0]


def lib_matrix(state, weight=None):
    """The matrix that the page shows: rows are output cells, columns input cells."""
    weight = np.array(state["weight"] if weight is None else weight)
    settings = {name: state[name] for name in ("stride", "padding", "dilation")}
    if not state["transposed"]:
        return conv_matrix(weight, np.shape(state["input"]), **settings)
    size = lib_output(state).shape
    # Where output_padding reaches the stride, the convolution of so large a grid has more cells than our
    # input.
    full = conv_output_size(size, weight.shape, **settings)
    rows = conv_matrix(weight, size, **settings).reshape(*full, -1)
    return rows[tuple(slice(n) for n in np.shape(state["input"]))].reshape(-1, np.prod(size)).T


def kernel_numbers(state):
    """The matrix with, for each entry, the number of its kernel cell counted from 1; 0 where nothing
    meets."""
    shape = np.shape(state["weight"])
    return lib_matrix(state, np.arange(1, np.prod(shape) + 1).reshape(shape))


# All that a test asks about, in one answer: each question of its own is a journey to the browser and back.
STATE = """(root) => {
    const fields = ["input", "weight", "stride", "padding", "output_padding", "dilation", "transposed",
        "view", "per_axis", "two_ends", "bias", "chosen", "step", "speed", "wanted_size", "controls",
        "panels"];
    return Object.fromEntries(fields.map((field) => [field, root.explorer.get(field)]));
}"""
LOOK = """(root) => {
    const cells = {}, lit = {}, paths = {};
    for (const cell of root.querySelectorAll("[data-cell]")) {
        const [view, at] = cell.dataset.cell.split(":");
        (cells[view] ??= []).push([at, cell.textContent]);
        if (cell.hasAttribute("data-lit")) (lit[view] ??= []).push(at);
    }
    for (const kind of ["entries", "lit-entries"])
        paths[kind] = root.querySelector(`.tc-${kind}`)?.getAttribute("d") ?? "";
    const window = [...root.querySelectorAll("[data-view=padded] [data-window]")]
        .map((cell) => [Number(cell.textContent), Number(cell.dataset.times.slice(1))]);
    const status = root.querySelector("[role=status]")?.textContent;
    return { cells, lit, paths, window, state: (STATE)(root), status };
}""".replace("STATE", STATE)
# What a press with the mouse is made of, without the mouse's way there.
TOUR = """(root, names) => names.map((name) => {
    const cell = root.querySelector(`[data-cell="${name}"]`);
    cell.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
    cell.click();
    return (LOOK)(root);
})""".replace("LOOK", LOOK)

STEPS = """(root, count) => Array.from({ length: count }, () => {
    [...root.querySelectorAll("button")].find((button) => button.textContent === "step").click();
    return (LOOK)(root);
})""".replace("LOOK", LOOK)
# Moving a slider as a hand does: every change is an input event.
SLIDES = """(root, [label, values]) => values.map((value) => {
    const named = (input) => [...input.labels].some((one) => one.textContent === label);
    const slider = [...root.querySelectorAll("input[type=range]")].find(named);
    slider.value = value;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    const note = slider.closest("[data-field]").querySelector(".tc-note")?.textContent;
    const refused = root.querySelectorAll("[data-refused]").length;
    return [{ value: slider.value, note, refused }, (LOOK)(root)];
})""".replace("LOOK", LOOK)

PRESSES = """(root, selector) => [...root.querySelectorAll(selector)].map((_, n) => {
    const button = root.querySelectorAll(selector)[n];  // a press may draw them anew
    button.click();
    return [button.textContent, (LOOK)(root)];
})""".replace("LOOK", LOOK)


# As text: Playwright looks at every number of an answer several times over, on both sides of its way.
AS_TEXT = (
    """(root, given) => JSON.stringify((SCRIPT)(root, given), (_, it) => it === undefined ? null : it)"""
)


def at_place(text):
    return tuple(map(int, text.split(",")))


class Look:
    """What an explorer shows at one moment."""

    def __init__(self, seen):
        self.seen, self.state, self.status = seen, seen["state"], seen["status"]

    def cells(self, view):
        """The texts of a view's cells by position."""
        return {at_place(at): text for at, text in self.seen["cells"].get(view, [])}

    def lit(self, view):
        return {at_place(at) for at in self.seen["lit"].get(view, [])}

    @property
    def window(self):
        """The cells under the window, each with the kernel number that it meets."""
        return self.seen["window"]

    def mapped(self, kind):
        """The entries that the map of a large matrix shows: all of them, or those that are "lit-entries"."""
        runs = [map(int, run) for run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", self.seen["paths"][kind])]
        return {(row, column + n) for column, row, length in runs for n in range(length)}


class ExplorerPage:
    """The `n`-th explorer of a page; `root` is its [data-explorer] element."""

    def __init__(self, page, n=0):
        self.page, self.root = page, page.locator("[data-explorer]").nth(n)
        self.root.scroll_into_view_if_needed()  # it comes to life when the reader comes near
        self.root.locator(".tc-live").wait_for()
        self.root.locator("details.tc-more").evaluate_all("(all) => all.forEach((d) => { d.open = true; })")

    def field(self, name):
        return self.root.get_by_label(name, exact=True)

    def button(self, name):
        return self.root.get_by_role("button", name=name, exact=True)

    def cell(self, name):
        return self.root.locator(f'[data-cell="{name}"]')

    def ask(self, script, given=None):
        """What a function of the explorer's element answers."""
        return json.loads(self.root.evaluate(AS_TEXT.replace("SCRIPT", script), given))

    def look(self):
        return Look(self.ask(LOOK))

    def tour(self, view, places):
        """Choose one cell after the other, and look at each."""
        names = [f"{view}:{','.join(map(str, at))}" for at in places]
        return dict(zip(places, map(Look, self.ask(TOUR, names)), strict=True))

    def steps(self, count):
        """Press "step" so many times, and look after each."""
        return list(map(Look, self.ask(STEPS, count)))

    def slide(self, name, values):
        """Move a slider to one value after the other: its value, its note, what is refused; and a look."""
        return [(slider, Look(seen)) for slider, seen in self.ask(SLIDES, [name, list(values)])]

    def press_each(self, selector):
        """Press one button after the other; the text of each, and what the explorer then shows."""
        return [(text, Look(seen)) for text, seen in self.ask(PRESSES, selector)]

    @property
    def state(self):
        """The fields as the page's model holds them."""
        return self.ask(STATE)

    def cells(self, view):
        return self.look().cells(view)

    def lit(self, view):
        return self.look().lit(view)

    @property
    def status(self):
        return self.root.get_by_role("status").text_content()

    def set(self, name, value):
        """Move a slider as a hand does: every change is an input event."""
        self.field(name).evaluate(
            """(slider, value) => {
                slider.value = value;
                slider.dispatchEvent(new Event("input", { bubbles: true }));
            }""",
            value,
        )

    def choose(self, name):
        """Choose a cell with the mouse."""
        self.cell(name).click()

    def check_numbers(self, look=None):
        """Input, kernel, output and matrix show what `lib` computes for the present state; a matrix that is
        too large its map, and its cells under the lens."""
        look = look or self.look()
        state = look.state
        arrays = {"input": state["input"], "kernel": state["weight"], "output": lib_output(state)}
        if "matrix" in state["panels"]:
            arrays["matrix"] = lib_matrix(state)
        for view, array in arrays.items():
            array, shown = np.array(array), look.cells(view)
            lensed = view == "matrix" and array.size > 1024
            assert len(shown) == (np.prod(np.minimum(array.shape, 12)) if lensed else array.size), view
            assert all(float(text) == array[at] for at, text in shown.items()), (view, state)
            if lensed:
                assert look.mapped("entries") == set(map(tuple, np.argwhere(kernel_numbers(state)).tolist()))

    def check_chosen(self, view, at, look=None):
        """A chosen output or input cell lights exactly its partners, and the formula has their numbers."""
        look = look or self.look()
        state, numbers = look.state, kernel_numbers(look.state)
        input_size, kernel_size = np.shape(state["input"]), np.shape(state["weight"])
        output = lib_output(state)
        assert state["chosen"] == f"{view}:{','.join(map(str, at))}"
        own, other, rows = (
            ("output", "input", numbers) if view == "output" else ("input", "output", numbers.T)
        )
        sizes = {"input": input_size, "output": output.shape}
        flat = int(np.ravel_multi_index(at, sizes[own]))
        partners = np.flatnonzero(rows[flat])
        place = lambda n, size: tuple(int(i) for i in np.unravel_index(n, size))  # noqa: E731
        assert look.lit(other) == {place(n, sizes[other]) for n in partners}
        assert look.lit("kernel") == {place(rows[flat, n] - 1, kernel_size) for n in partners}
        assert look.lit(own) == set()
        if "matrix" in state["panels"]:
            entries = {(flat, int(n)) if own == "output" else (int(n), flat) for n in partners}
            assert look.lit("matrix") == entries & set(look.cells("matrix"))
            assert bool(look.lit("matrix")) == bool(entries)
            if numbers.size > 1024:
                assert look.mapped("lit-entries") == entries
        x, w = np.array(state["input"]).ravel(), np.array(state["weight"]).ravel()
        if view == "output":
            assert look.status.startswith(
                f"{'x' if state['transposed'] else 'y'}[{', '.join(map(str, at))}] = "
            )
            said = re.findall(r"\(?(-?[\d.]+)\)? × \(?(-?[\d.]+)\)?", look.status)
            assert [(float(a), float(b)) for a, b in said] == [(x[n], w[rows[flat, n] - 1]) for n in partners]
            total = re.search(r"(?:=|= bias) (-?[\d.]+)(\. No product lands here\.)?$", look.status)
            told = re.search(r"\+ bias \(?(-?[\d.]+)", look.status)
            assert (float(told[1]) if told else 0) == (state["bias"] if len(partners) else 0)
            assert float(total[1]) == output[at]
            assert bool(total[2]) == (not len(partners))
        else:
            assert look.status.startswith(
                f"{'y' if state['transposed'] else 'x'}[{', '.join(map(str, at))}] = "
            )
            assert f"{len(partners)} product" in look.status
            into = "x" if state["transposed"] else "y"
            products = r"\(?(-?[\d.]+)\)? × \(?(-?[\d.]+)\)? = (-?[\d.]+) into " + into + r"\[([\d, ]+)\]"
            said = re.findall(products, look.status)
            expected = [(x[flat], w[rows[flat, n] - 1], place(n, output.shape)) for n in partners[:4]]
            assert [(float(a), float(b), tuple(map(int, to.split(", ")))) for a, b, _, to in said] == expected
            assert all(float(a) * float(b) == float(c) for a, b, c, _ in said)
