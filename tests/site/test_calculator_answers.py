"""What the calculator says of an answer, and where it leads: held against `lib`, which counts.

The rules have a test of their own; here it is what a reader gets of them: the sentences, the stacks by name,
the layer in another framework's words, the link to the explorer, the rows of settings.
"""

import json
import re
from math import prod
from urllib.parse import parse_qsl

import numpy as np
import pytest
from front_page import page_with_front
from playwright.sync_api import expect

from lib import conv_output_size, solve_sizes
from lib.calculator import Calculator, front
from lib.dialects import Layer, translate
from lib.dialects.translate import FRAMEWORKS
from lib.explorer import Explorer
from lib.kernels import overlap
from lib.stacks import StackLayer, stack_rows

PAGE = "<!doctype html><html lang=en><meta charset=utf-8><title>Calculator</title>"
PAGE += "<style>{}</style>{}<script>{}</script></html>"


@pytest.fixture(scope="module")
def rules(browser):
    """A page in which `front` is what the modules export; asks it for many cases at once."""
    with page_with_front(browser, front.module("answers.js", "results.js", "state.js", "stack.js")) as page:

        def ask(function, cases):
            code = f"(text) => JSON.stringify(JSON.parse(text).map((each) => ({function})(front, each)))"
            return json.loads(page.evaluate(code, json.dumps(cases)))

        yield ask


@pytest.fixture
def opened(browser, tmp_path):
    """The calculator on a page of its own, at an address that asks for a state."""
    (tmp_path / "page.html").write_text(
        PAGE.format(
            front.style(),
            Calculator(28, 56).html(),
            f"{front.script()}TransposedConvolutionCalculator.boot(document)",
        ),
        encoding="utf-8",
    )
    pages = []

    def opened(**state):
        page = browser.new_page()
        pages.append(page)
        page.goto(f"{(tmp_path / 'page.html').as_uri()}#calculator?{query(state)}")
        page.locator(".sc-live").wait_for()
        return page

    yield opened
    for page in pages:
        page.close()


def query(state):
    return "&".join(f"{name}={text}" for name, text in state.items())


def layers(count, seed=0):
    """Layers of one axis with any crop: what `lib.conv_transpose` takes, and the input's size."""
    rng = np.random.default_rng(seed)
    while count:
        i, k, s, d = (int(rng.integers(1, most)) for most in (9, 8, 5, 4))
        p, a = int(rng.integers(0, 4)), int(rng.integers(0, max(s, d)))
        if s * (i - 1) + d * (k - 1) + 1 + a - 2 * p >= 1:
            yield {"i": i, "k": k, "s": s, "p": p, "a": a, "d": d}
            count -= 1


ASKED = """(front, { i, k, s, p, a, d }) =>
    front.askedNext({ k, s, d, start: p, span: d * (k - 1) + 1 + a - 2 * p }, i)"""


def test_what_is_said_of_a_layer_is_what_lib_counts(rules):
    """Of the inside, of dead cells, of the edges, and of the convolution that leads back."""
    cases = list(layers(400))
    kinds = {"uneven": 0, "dead": 0, "weaker": 0, "back": 0}
    for case, said in zip(cases, rules(ASKED, cases)):
        i, k, s, p, a, d = case.values()
        counts = overlap((i,), k, stride=s, padding=p, output_padding=a, dilation=d).tolist()
        inside = overlap((40,), k, stride=s, dilation=d)[20 * s : 21 * s].tolist()
        text = " ".join(said)

        uneven = min(inside) < max(inside)
        assert ("A checkerboard is possible" in text) == uneven, case
        if uneven:
            assert f"receive {', '.join(map(str, inside))} kernel elements" in text, case
        elif s > 1:
            assert f"receives {inside[0]}." in text, case

        dead = counts.count(0)
        found = re.search(r"(\d+) cells? of (\d+) receive", text)
        assert (tuple(map(int, found.groups())) if found else None) == ((dead, len(counts)) if dead else None)

        for which, at in (("first", counts[0]), ("last", counts[-1])):
            sentence = next((one for one in said if one.startswith(f"The {which} cell")), None)
            assert sentence or (which == "first" and counts[0] == counts[-1]), case
            if sentence:
                number = re.search(r"receives (\d+|nothing)", sentence)[1]
                assert number == (str(at) if at else "nothing"), case
                assert ("weaker edge" in sentence) == (0 < at < min(inside)), case
                kinds["weaker"] += "weaker edge" in sentence

        check_way_back(said, case, len(counts))
        kinds["uneven"] += uneven
        kinds["dead"] += dead > 0
        kinds["back"] += "back to" in text
    assert min(kinds.values()) > 30, kinds


def check_way_back(said, case, size):
    """The sizes that are named, and no other, are those that a convolution with the named padding takes back.

    It is the layer's own padding, at both ends: a convolution has no output_padding."""
    i, k, s, p, a, d = case.values()

    def sizes(padding):
        span, whole = d * (k - 1) + 1, sum(padding)
        fits = [o for o in range(1, s * i + span + s) if o + whole >= span]
        return [o for o in fits if conv_output_size((o,), k, stride=s, padding=[padding], dilation=d) == (i,)]

    sentence = next((one for one in said if "back to" in one), None)
    if a < s:
        assert (sentence is not None) == (size in sizes((p, p))), case
    if sentence:
        assert f"takes {size} back to {i}" in sentence
        named = re.search(r"padding (\d+)(?: before and (\d+) after)?,", sentence)
        padding = (int(named[1]), int(named[2] or named[1]))
        assert a >= s or padding == (p, p), case
        told = re.search(r"every size from (\d+) to (\d+)", sentence)
        assert (list(range(int(told[1]), int(told[2]) + 1)) if told else [size]) == sizes(padding), case


def test_a_layer_costs_what_a_stack_of_it_costs(rules):
    rng = np.random.default_rng(1)
    cases = []
    for _ in range(60):
        groups = int(rng.integers(1, 4))
        channels = [groups * int(n) for n in rng.integers(1, 5, 2)]
        axes = int(rng.integers(1, 4))
        size = [int(n) for n in rng.integers(2, 9, axes)]
        cases.append({"size": size, "channels": channels, "groups": groups, "k": int(rng.integers(1, 6))})
    function = """(front, { size, channels, groups, k }) => front.costOf({ size, channels,
        plan: { groups, axes: size.map(() => ({ k, s: 1, d: 1, start: 0, span: k })) } })"""
    for case, got in zip(cases, rules(function, cases)):
        inside, outside = case["channels"]
        layer = StackLayer("conv_transpose", case["k"], out_channels=outside, groups=case["groups"])
        (row,) = stack_rows(case["size"], [layer], channels=inside)
        assert got == {"weights": row.weights, "multiplications": row.multiplications}, case


def test_the_link_to_the_explorer_opens_the_layer_there(rules):
    """Where the explorer takes the layer, on as many cells as it can show, and nowhere else."""
    rng = np.random.default_rng(2)
    cases = []
    for one in layers(400, seed=3):
        other = {**one, **{name: int(rng.integers(1, 4)) for name in "ks"}, "a": 0}
        axes = [one] if rng.random() < 0.4 else [one, one if rng.random() < 0.5 else other]
        if all(output_of(axis) >= 1 for axis in axes):
            cases.append(axes)
    function = """(front, axes) => front.explorerLink({ size: axes.map(({ i }) => i), plan: { axes:
        axes.map(({ k, s, p, a, d }) => ({ k, s, d, start: p, span: d * (k - 1) + 1 + a - 2 * p })) } })"""
    linked = 0
    for axes, got in zip(cases, rules(function, cases)):
        inputs = [largest(axes, n) for n in range(len(axes))]
        assert (got is None) == (None in inputs), axes
        if got is None:
            continue
        linked += 1
        fields = {name: json.loads(text) for name, text in parse_qsl(got["query"])}
        explorer = Explorer(**fields)
        assert np.shape(explorer.input) == tuple(got["inputs"]) == tuple(inputs), axes
        assert np.shape(explorer.weight) == tuple(axis["k"] for axis in axes)
        assert explorer.transposed
        for name, letter in (("stride", "s"), ("padding", "p"), ("output_padding", "a"), ("dilation", "d")):
            shown = np.broadcast_to(getattr(explorer, name), len(axes)).tolist()
            assert shown == [axis[letter] for axis in axes], (axes, name)
    assert 50 < linked < len(cases) - 50


def output_of(axis, i=None):
    size, k, s, p, a, d = axis.values()
    return s * ((i or size) - 1) + d * (k - 1) + 1 + a - 2 * p


def largest(axes, n):
    """The largest input of axis n, up to 4 cells, that the explorer of so many axes takes; None if none."""
    _, k, s, p, a, d = axes[n].values()
    shape = (1,) * (len(axes) - 1)
    for i in range(min(axes[n]["i"], 4), 0, -1):
        try:
            Explorer(
                np.ones((*shape, i), int),
                np.ones((*shape, k), int),
                stride=(*shape, s),
                padding=(*(0 for _ in shape), p),
                output_padding=(*(0 for _ in shape), a),
                dilation=(*shape, d),
            )
        except ValueError:
            continue
        return i
    return None


# ---- stacks ----


def table(page):
    """The rows of the stack's table: the first word of each, and its cells."""
    rows = page.locator(".sc-table tbody tr").evaluate_all(
        "(rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent))"
    )
    return rows


def check_table(page):
    """Sizes, channels, fields, weights and sums are those that lib gives for the state in the address."""
    state = dict(parse_qsl(page.evaluate("location.hash").partition("?")[2]))
    size = [int(state["input"])] * int(state.get("axes", 2))
    kinds = [one.split(",") for one in state["stack"].split(";")]
    stack = [StackLayer(kind, *map(int, numbers)) for kind, *numbers in kinds]
    wanted = stack_rows(size, stack, channels=int(state.get("in_channels", 16)))
    first, *shown, total = table(page)
    number = lambda text: int(text.replace(",", ""))  # noqa: E731
    assert first[1] == " × ".join(map(str, size))
    assert len(shown) == len(wanted)
    for cells, row in zip(shown, wanted):
        assert cells[1] == " × ".join(map(str, row.size))
        assert int(cells[2]) == row.channels
        assert [int(n) for n in re.findall(r"\d+", cells[3])] == sorted(set(row.receptive_field))
        assert cells[4] == " ".join(map(str, row.overlap))
        assert (number(cells[5]), number(cells[6])) == (row.weights, row.multiplications)
    assert number(total[5]) == sum(row.weights for row in wanted)
    assert number(total[6]) == sum(row.multiplications for row in wanted)
    said = page.locator(".sc-answer").text_content()
    uneven = [n for n, row in enumerate(wanted, 1) if len(set(row.overlap)) > 1]
    told = re.search(r"checkerboard is possible from layer ([\d, ]+)", said)
    assert ([int(n) for n in told[1].split(", ")] if told else []) == uneven
    return wanted


# The weights of known networks, layer by layer: cells of the kernel, channels in, channels out. The U-Net of
# Ronneberger and others (2015) is without its skips: behind each enlargement half as many channels come in.
WIDTHS = (64, 128, 256, 512)
U_NET = [
    *((9, inside, outside) for inside, outside in zip((1, *WIDTHS), (*WIDTHS, 1024))),
    *((9, width, width) for width in (*WIDTHS, 1024)),
    *((4, 2 * width, width) for width in WIDTHS),
    *((9, width, width) for width in WIDTHS for _ in range(2)),
    (1, 64, 2),
]
DCGAN = [(16, inside, outside) for inside, outside in zip((100, 512, 256, 128, 64), (512, 256, 128, 64, 3))]


@pytest.mark.parametrize(
    ("name", "sizes", "layers"),
    [("U-Net", (572, 388), U_NET), ("DCGAN", (1, 64), DCGAN), ("3 × 3", (7, 28), [(9, 64, 32), (9, 32, 1)])],
)
def test_a_known_stack_is_the_known_one(opened, name, sizes, layers):
    page = opened(have="stack")
    button = page.get_by_role("button", name=re.compile(re.escape(name)))
    button.click()
    wanted = check_table(page)
    assert table(page)[0][1] == f"{sizes[0]} × {sizes[0]}"
    assert wanted[-1].size == (sizes[1],) * 2
    told = re.search(r"(\d+) to (\d+)", button.text_content())
    assert told is None or tuple(map(int, told.groups())) == sizes
    assert sum(row.weights for row in wanted) == sum(map(prod, layers))


def test_layers_are_added_changed_and_removed(opened):
    page = opened(
        have="stack", stack="conv,3,1,1,0,1,32,1;pool,2,2,0,0,1,1,1;conv_transpose,4,2,1,0,1,12,1", input=20
    )
    check_table(page)
    page.get_by_role("button", name="Add a layer").click()
    assert len(check_table(page)) == 4  # one like the last
    last = page.get_by_role("group", name="Layer 4")
    last.get_by_label("kernel_size").fill("3")
    last.get_by_label("output_padding").fill("1")
    expect(page.locator(".sc-table tbody tr").nth(4)).to_contain_text("40 × 40")
    check_table(page)
    page.get_by_role("button", name="Remove layer 2").click()
    assert [cells[0] for cells in table(page)[1:-1]] == ["1 convolution", "2 transposed", "3 transposed"]
    check_table(page)
    field = page.get_by_role("group", name="Layer 1").get_by_label("kernel_size")
    field.fill("much")
    assert field.get_attribute("aria-invalid") is not None
    check_table(page)  # as it was


# ---- a layer in other words ----

LAYERS = [
    {"kernel_size": "4x3", "stride": "3x1", "padding": "1x0", "output_padding": "2x0", "dilation": "1"},
    {"kernel_size": "5", "stride": "2", "padding": "2", "output_padding": "1", "dilation": "1"},
    {"kernel_size": "3x2", "stride": "1", "padding": "2x1", "output_padding": "", "dilation": "2x3"},
]
PLAN = """(front, query) => {
    const { layer } = front.layerOf(front.readLink(query).state);
    return layer && layer.plan.axes;
}"""


@pytest.mark.parametrize("texts", LAYERS)
def test_a_layer_stays_the_same_in_the_words_of_another_framework(opened, rules, texts):
    """PyTorch's layer, said in each framework that can say it, and back: it keeps the same cells."""
    page = opened(have="layer", input="9x7", **texts)
    per_axis = {
        name: [int(n) for n in text.split("x")] * (1 if "x" in text else 2)
        for name, text in texts.items()
        if text
    }
    kernel = per_axis.pop("kernel_size")
    layer = Layer(
        "torch", np.ones((1, 1, *kernel), int), settings={name: tuple(v) for name, v in per_axis.items()}
    )
    own = [
        {"k": k, "s": s, "d": d, "start": start, "span": span}
        for k, s, d, start, span in zip(kernel, *plan_of(layer))
    ]

    def plan():
        return rules(PLAN, [page.evaluate("location.hash").partition("?")[2]])[0]

    assert plan() == own
    said = 0
    for name in FRAMEWORKS:
        if name == "torch" or not exact(layer, name):
            continue
        page.locator('select[data-field="from"]').select_option(name)
        assert f"from={name}" in page.evaluate("location.hash") and plan() == own, name
        page.locator('select[data-field="from"]').select_option("torch")
        assert "from=" not in page.evaluate("location.hash") and plan() == own, name
        said += 1
    assert said >= 2


def plan_of(layer):
    plan = layer.plan(np.ones((1, 1, 9, 7), int))
    return plan.stride, plan.dilation, plan.start, plan.span


def exact(layer, name):
    try:
        return translate(layer, name, input_size=(9, 7)).exact
    except ValueError:
        return False


# ---- the settings of an axis ----


def test_every_setting_can_be_chosen_and_the_chosen_one_is_in_sight(opened):
    settings = solve_sizes(28, 56).settings
    assert len(settings) > 20
    chosen = settings[-1]
    page = opened(chosen="x".join([",".join(map(str, chosen))] * 2))
    rows = page.locator(".sc-settings tbody tr")
    assert rows.last.get_by_role("radio").is_checked()
    page = opened()
    rows, more = page.locator(".sc-settings tbody tr"), page.get_by_role("button", name="Show more")
    shown = rows.count()
    assert 0 < shown < len(settings)
    assert re.search(r"\d+", more.text_content())[0] == str(len(settings) - shown)
    more.click()
    texts = rows.evaluate_all(
        "(rows) => rows.map((row) => [...row.children].slice(1, 6).map((c) => +c.textContent))"
    )
    assert texts == [list(setting) for setting in settings]
    expect(more).to_be_hidden()
    rows.nth(20).click()
    kernel_size, stride, *_ = settings[20]
    expect(page.locator(".sc-answer")).to_contain_text(f"Chosen: kernel_size {kernel_size}, stride {stride}")
