"""The size calculator: its rules are those of `lib`, over their whole range, and its page answers a reader.

The front end runs in the browser; `lib` is the oracle. Cases go in and out as JSON, many in one visit.
"""

import ast
import json
from collections import Counter

import numpy as np
import pytest
from calculator_code import run, run_live
from front_page import page_with_front

from lib import solve_sizes
from lib.calculator import front
from lib.dialects import Layer, translate
from lib.dialects.translate import FRAMEWORKS
from lib.kernels import overlap
from lib.stacks import StackLayer, stack_rows

NAMES = ("kernel_size", "stride", "padding", "output_padding", "dilation")


@pytest.fixture(scope="module")
def rules(browser):
    """A page in which `front` is what the modules of rules export; asks it for many cases at once."""
    source = front.module("solver.js", "dialects.js", "code.js", "answers.js", "stack.js", "state.js")
    with page_with_front(browser, source) as page:

        def ask(function, cases):
            """What a function of the page, `(front, case) => ...`, gives for each case."""
            code = f"(text) => JSON.stringify(JSON.parse(text).map((each) => ({function})(front, each)))"
            return json.loads(page.evaluate(code, json.dumps(cases)))

        yield ask


def values(rng, least, most):
    """What a solver's field may hold: nothing, one number, or a few in a row."""
    first = int(rng.integers(least, most + 1))
    several = list(range(first, first + int(rng.integers(1, 4))))
    return [None, [first], several][int(rng.integers(3))]


def solver_cases(count):
    rng = np.random.default_rng(0)
    known = [(28, 56), (25, 100), (224, 224), (56, 572), (100, 800), (4, 9), (9, 4), (1, 1), (1, 64), (7, 3)]
    for n in range(count):
        i, o = known[n] if n < len(known) else (int(rng.integers(1, 90)), int(rng.integers(1, 400)))
        free = n < len(known) or rng.random() < 0.15
        choices = {
            "kernel_size": None if free else values(rng, 1, 9),
            "stride": None if free else values(rng, 1, 6),
            "padding": None if free else values(rng, 0, 5),
            "output_padding": None if free else values(rng, 0, 3),
            "dilation": [1] if free else values(rng, 1, 3) or [1],
        }
        yield {"i": i, "o": o, "choices": choices}


def test_solver_is_that_of_lib_in_settings_order_and_words(rules):
    cases = list(solver_cases(600))
    function = """(front, { i, o, choices }) => {
        const { settings, nearest, reason } = front.solveAxis(i, o, choices);
        const marks = (one) => [front.isAlive(one), front.isEven(one)];
        const told = settings.map((one) => [one.k, one.s, one.p, one.a, one.d, ...marks(one)]);
        return { settings: told, nearest, reason };
    }"""
    none = 0
    for case, got in zip(cases, rules(function, cases)):
        chosen = {name: None if of is None else set(of) for name, of in case["choices"].items()}
        answer = solve_sizes(case["i"], case["o"], **chosen)
        wanted = [[*one, one.no_dead_cell, one.even_overlap] for one in answer.settings]
        assert got["settings"] == wanted, case
        assert got["nearest"] == list(answer.nearest) and got["reason"] == answer.reason, case
        none += not wanted
    assert 100 < none < 550


def random_words(rng, framework):
    """A layer's words in a framework, more often right than wrong, and the input's size."""
    axes = int(rng.integers(1, 4))
    some = lambda least, most: [int(n) for n in rng.integers(least, most + 1, axes)]  # noqa: E731
    words = {"kernel_size": some(1, 6), "strides": some(1, 4), "dilations": [1] * axes, "groups": 1}
    if rng.random() < 0.35:
        words["dilations"] = some(1, 3)
        if framework == "keras":
            words["strides"] = [1] * axes
    words |= {"output_padding": None, "output_shape": None, "flipped": False, "consistent": False}
    if rng.random() < 0.4:
        words["output_padding"] = some(0, 2)
    size = some(1, 6)
    pairs = rng.integers(0, 4, (axes, 2)).tolist()
    if framework == "torch":
        words |= {"padding": some(0, 3), "groups": int(rng.integers(1, 3))}
    elif framework == "keras":
        words["padding"] = str(rng.choice(["valid", "same"]))
    elif framework == "tensorflow":
        words["padding"] = ["SAME", "VALID", pairs][int(rng.integers(3))]
        smallest = [s * (i - 1) + 1 for s, i in zip(words["strides"], size)]
        if words["padding"] != "SAME":
            reach = [d * (k - 1) for d, k in zip(words["dilations"], words["kernel_size"])]
            smallest = [least + r for least, r in zip(smallest, reach)]
        words["output_shape"] = [max(1, least + int(rng.integers(-1, 4))) for least in smallest]
    elif framework == "jax":
        pairs = rng.integers(-2, 5, (axes, 2)).tolist()
        words["padding"] = ["SAME", "VALID", pairs][int(rng.integers(3))]
        words |= {"flipped": bool(rng.integers(2)), "consistent": bool(rng.integers(2))}
    else:
        words["auto_pad"] = str(rng.choice(["NOTSET", "NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"]))
        words["padding"] = pairs if words["auto_pad"] == "NOTSET" else [[0, 0]] * axes
        words["groups"] = int(rng.integers(1, 3))
        if rng.random() < 0.3:
            words["output_shape"] = [s * i + int(rng.integers(-2, 2)) for s, i in zip(words["strides"], size)]
            words["output_shape"] = [max(1, o) for o in words["output_shape"]]
    return {"framework": framework, "size": size, "words": words}


CHANNELS = (4, 6)


def lib_layer(case):
    """The same layer as `lib.dialects` has it, with a weight without pattern."""
    words, framework, axes = case["words"], case["framework"], len(case["size"])
    kernel, groups = words["kernel_size"], words["groups"]
    inside, outside = CHANNELS[0], CHANNELS[1] // groups
    strides, dilations = tuple(words["strides"]), tuple(words["dilations"])
    extra = None if words["output_padding"] is None else tuple(words["output_padding"])
    shape = (inside, outside, *kernel) if framework in ("torch", "onnx") else (*kernel, outside, inside)
    pairs = (
        [list(pair) for pair in words["padding"]] if not isinstance(words["padding"][0], (int, str)) else None
    )
    if framework == "torch":
        settings = {"stride": strides, "padding": tuple(words["padding"]), "dilation": dilations}
        settings |= {"output_padding": extra or 0, "groups": groups}
    elif framework == "keras":
        settings = {"strides": strides, "padding": words["padding"], "output_padding": extra}
        settings |= {"dilation_rate": dilations}
    elif framework == "tensorflow":
        settings = {"strides": strides, "dilations": dilations}
        settings["padding"] = [[0, 0], *pairs, [0, 0]] if pairs else words["padding"]
        settings["output_shape"] = [1, *words["output_shape"], CHANNELS[1]]
    elif framework == "jax":
        settings = {
            "strides": strides,
            "rhs_dilation": dilations,
            "use_consistent_padding": words["consistent"],
        }
        settings["padding"] = tuple(map(tuple, pairs)) if pairs else words["padding"]
        settings["transpose_kernel"] = not words["flipped"]
        shape = (*kernel, inside, outside) if words["flipped"] else shape
    else:
        settings = {"strides": list(strides), "dilations": list(dilations), "group": groups}
        settings |= {
            "auto_pad": words["auto_pad"],
            "output_padding": extra,
            "output_shape": words["output_shape"],
        }
        if words["auto_pad"] == "NOTSET":
            settings["pads"] = [before for before, _ in pairs] + [after for _, after in pairs]
    weight = np.random.default_rng(axes).integers(1, 100, shape)
    return Layer(framework, weight, settings=settings)


def lib_input(case):
    channels, read = FRAMEWORKS[case["framework"]].layout(lib_layer(case).weight, lib_layer(case).settings)
    x = np.random.default_rng(5).integers(-9, 10, (1, channels, *case["size"]))
    return np.transpose(x, np.argsort(read))


def lib_plan(case):
    """The plan, or None where `lib` refuses or no cell is left."""
    layer = lib_layer(case)
    try:
        plan = layer.plan(lib_input(case))
    except (TypeError, ValueError):
        return None
    return plan if min(plan.output_size(case["size"])) >= 1 else None


def word_cases(count, seed=0):
    rng = np.random.default_rng(seed)
    return [random_words(rng, list(FRAMEWORKS)[n % len(FRAMEWORKS)]) for n in range(count)]


TRANSLATED = """(front, { framework, size, words }) => {
    const { plan } = front.READ[framework](words, size);
    if (!plan) return null;
    const layer = { size, plan, channels: [4, 6], from: framework };
    const output = plan.axes.map((axis, n) => front.keptOf(axis, size[n]));
    const to = (name) => {
        const found = front.express(plan, name, size);
        if (found.refusal) return found;
        const code = front.codeOf(name, { layer, found, output });
        return { ...found, code, weight: front.weightMove(framework, name, size.length, plan.flipped) };
    };
    const names = ["torch", "keras", "tensorflow", "jax", "onnx"];
    const told = Object.fromEntries(names.map((name) => [name, to(name)]));
    return { plan, output, told };
}"""


def test_words_are_read_as_lib_reads_them_and_said_as_lib_says_them(rules):
    """1,000 layers, each in the words of all five frameworks: settings, crop, note, and the weight's move."""
    cases = word_cases(1000)
    read = refused = untold = 0
    for case, got in zip(cases, rules(TRANSLATED, cases)):
        plan = lib_plan(case)
        assert (got is None) == (plan is None), (case, got)
        refused += plan is None
        if plan is None:
            continue
        read += 1
        assert [axis["start"] for axis in got["plan"]["axes"]] == list(plan.start), case
        assert [axis["span"] for axis in got["plan"]["axes"]] == list(plan.span), case
        assert tuple(got["output"]) == plan.output_size(case["size"])
        for name, told in got["told"].items():
            try:
                there = translate(lib_layer(case), name, input_size=case["size"])
            except ValueError:
                assert told["refusal"], (case, name)
                untold += 1
                continue
            assert not told["refusal"], (case, name)
            check_told(case, name, told, there)
    assert read > 600 and refused > 100 and untold > 100


def as_lists(value):
    return [as_lists(each) for each in value] if isinstance(value, (tuple, list)) else value


def check_told(case, name, told, there):
    """Settings, crop, note and weight of the page are those of lib's translation."""
    settings = dict(there.layer.settings)
    kernel = settings.pop("kernel_size", None) or case["words"]["kernel_size"]
    shown = dict(told["settings"])
    assert (shown.pop("kernel_size", None) or shown.pop("kernel_shape")) == list(kernel)
    if name == "tensorflow":
        settings["span"] = settings.pop("output_shape").span
    settings.pop("transpose_kernel", None)
    assert shown == {key: as_lists(value) for key, value in settings.items()}, (case, name)
    assert told["crop"] == as_lists(there.crop), (case, name)
    assert told["note"] == there.note, (case, name)
    weight = eval(told["weight"], {"np": np, "weight": lib_layer(case).weight})  # our own words
    assert np.array_equal(weight, there.layer.weight), (case, name, told["weight"])


def coded_cases(rules, count, seed):
    """(framework, code, x, weight, wanted) of every layer that can be said there: whole numbers."""
    cases = word_cases(count, seed)
    for case, got in zip(cases, rules(TRANSLATED, cases)):
        if got is None:
            continue
        layer, x = lib_layer(case), lib_input(case)
        plan = layer.plan(x)
        first, wanted = np.transpose(x, plan.read), np.transpose(layer(x), np.argsort(plan.write))
        for name, told in got["told"].items():
            if "code" in told:
                there = translate(layer, name, input_size=case["size"]).layer
                _, read = FRAMEWORKS[name].layout(there.weight, there.settings)
                order = np.argsort(read)
                yield name, told["code"], first.transpose(order), there.weight, wanted.transpose(order)


def test_generated_code_gives_the_numbers_of_the_layer(rules):
    """It is Python, makes a weight of the right shape, and gives the size and the numbers of `lib`."""
    ran = Counter()
    for framework, code, x, weight, wanted in coded_cases(rules, 250, seed=7):
        ast.parse(code)
        y = run(framework, code, x, weight)
        assert np.shape(y) == wanted.shape, (framework, code)
        assert np.array_equal(y, wanted), (framework, code)
        ran[framework] += 1
        ran["added"] += ".pad(" in code or "Pad" in code
        ran["cut"] += "y = y[" in code
    assert min(ran[name] for name in FRAMEWORKS) > 60 and min(ran["added"], ran["cut"]) > 10, ran


NEEDS = {"onnx": "onnxruntime"}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_generated_code_runs_in_the_framework(rules, framework):
    """Where the framework is installed."""
    pytest.importorskip(NEEDS.get(framework, framework))
    keras = pytest.importorskip("keras") if framework == "keras" else None
    holes = keras is None or keras.backend.backend() != "tensorflow"  # which has no dilation here on CPUs
    for name, code, x, weight, wanted in coded_cases(rules, 60, seed=8):
        if name == framework and (holes or "dilation_rate" not in code):
            assert np.array_equal(run_live(framework, code, x, weight), wanted), code


def test_stack_is_that_of_lib(rules):
    rng = np.random.default_rng(3)
    cases = []
    for _ in range(500):
        layers = []
        for _ in range(int(rng.integers(1, 6))):
            kind = str(rng.choice(["conv", "conv_transpose", "pool"]))
            k, s, p, a, d = (int(rng.integers(*ends)) for ends in ((1, 6), (1, 4), (0, 3), (0, 3), (1, 3)))
            a = a if kind == "conv_transpose" or rng.random() < 0.05 else 0
            out, groups = int(rng.choice([2, 4, 6])), int(rng.choice([1, 1, 1, 2]))
            layers.append([kind, k, s, p, a, d, out, groups])
        cases.append({"size": [int(n) for n in rng.integers(8, 40, 2)], "layers": layers, "channels": 4})
    function = """(front, { size, layers, channels }) =>
        front.stackRows(size, front.stackOf(layers.map((one) => one.join(",")).join(";")), channels)"""
    whole = 0
    for case, got in zip(cases, rules(function, cases)):
        layers = [StackLayer(*layer) for layer in case["layers"]]
        count = len(got["rows"])
        assert bool(got["refusal"]) == (count < len(layers))
        if got["refusal"]:
            assert got["refusal"].startswith(f"layer {count + 1}: ")
            with pytest.raises(ValueError, match=f"layer {count + 1}: "):
                stack_rows(case["size"], layers, channels=4)
        rows = stack_rows(case["size"], layers[:count], channels=4)
        for row, shown in zip(rows, got["rows"], strict=True):
            assert list(shown.values()) == as_lists(tuple(row)), case
        whole += not got["refusal"]
    assert 150 < whole < 480


def test_counts_are_those_of_the_overlap(rules):
    """What is said of the first and the last cell, of the inside and of dead cells."""
    rng = np.random.default_rng(4)
    cases = []
    while len(cases) < 400:
        i, k, s, d = (int(rng.integers(*ends)) for ends in ((1, 9), (1, 6), (1, 5), (1, 4)))
        p, a = int(rng.integers(0, 4)), int(rng.integers(0, max(s, d)))
        if s * (i - 1) + d * (k - 1) + 1 + a - 2 * p >= 1:
            cases.append({"i": i, "k": k, "s": s, "p": p, "a": a, "d": d})
    function = """(front, { i, k, s, p, a, d }) =>
        front.countsOf({ k, s, d, start: p, span: d * (k - 1) + 1 + a - 2 * p }, i)"""
    for case, got in zip(cases, rules(function, cases)):
        i, k, s, p, a, d = case.values()
        counts = overlap((i,), k, stride=s, padding=p, output_padding=a, dilation=d)
        assert (got["first"], got["last"]) == (counts[0], counts[-1]), case
        assert got["dead"] == np.sum(counts == 0), case
        inside = overlap((40,), k, stride=s, dilation=d)[20 * s : 21 * s]
        assert got["inside"] == inside.tolist(), case


PAGE = "chapters/size-calculator.html"


def test_28_to_56_in_keras_and_back(visit, address):
    """Choose the second setting, then Keras: three steps, and "back" takes each of them back."""
    page = visit(address, PAGE, width=390)
    root = page.locator("[data-calculator]")
    root.get_by_label("kernel_size 4, stride 2, padding 1: even overlap, no dead cell").check()
    root.get_by_role("radio", name="Keras", exact=True).check()
    code = root.locator(".sc-code pre").text_content()
    assert 'Conv2DTranspose(8, kernel_size=4, strides=2, padding="same")' in code
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.go_back()
    assert root.get_by_role("radio", name="PyTorch", exact=True).is_checked()
    page.go_back()
    assert "The first: kernel_size 2, stride 2" in root.locator(".sc-answer").text_content()
    assert root.get_by_role("radio", name="kernel_size 2, stride 2, padding 0: even").is_checked()


def test_a_typed_size_is_answered_and_linked(visit, address):
    page = visit(address, PAGE)
    root = page.locator("[data-calculator]")
    root.get_by_label("input size").fill("25, 30")
    root.get_by_label("wanted output size").fill("100x60")
    said = root.get_by_role("status").first.text_content()
    assert said.startswith("25 to 100: ") and "30 to 60: " in said
    again = visit(address, PAGE + page.evaluate("location.hash")).locator("[data-calculator]")
    assert again.get_by_role("status").first.text_content() == said
    root.get_by_label("input size").fill("0x10")
    assert "at least 1" in root.get_by_role("alert").first.text_content()
    root.get_by_label("input size").fill("much")
    assert "input is a whole number" in root.get_by_role("alert").first.text_content()


@pytest.mark.parametrize("query", ["input=<b>", "nothing=1", "stack=conv", "%E0%A4%A", "to=alert(1)"])
def test_a_bad_link_is_refused_in_words_on_the_screen(visit, address, query):
    page = visit(address, f"{PAGE}#calculator?{query}")
    alert = page.locator("[data-calculator]").get_by_role("alert").first
    assert alert.text_content().startswith("This link cannot be opened: ")
    box = alert.bounding_box()
    assert 0 <= box["y"] < 900
    assert "28 to 56" in page.locator(".sc-answer").text_content()


def test_without_script_it_says_what_to_do(visit, address):
    context = visit.browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + PAGE)
    still = page.locator(".sc-still")
    assert still.is_visible() and "solve_sizes(28, 56)" in still.text_content()
    context.close()
