"""The photograph that goes through a kernel: numbers of `lib`, and the words and pictures that follow."""

import itertools
import json

import numpy as np
import pytest
from accessible import check_accessible
from front_page import page_with_front

from lib import conv, conv_transpose
from lib.explorer import front
from lib.kernels import bilinear

PAGE = "<!doctype html><html lang=en data-theme={}><title>Photograph</title><main><h1>Photograph</h1>"
PAGE += "<div data-photo><p>Without script</p></div></main><script>{}</script></html>"


@pytest.fixture(params=["light", "dark"])
def page(browser, request):
    page = browser.new_page(viewport={"width": 390, "height": 800})
    script = f"{front.photo_script()}TransposedConvolutionPhoto.boot(document)"
    page.set_content(PAGE.format(request.param, script))
    yield page
    page.close()


def every_setting():
    for k, s, p, transposed in itertools.product(range(1, 8), range(1, 5), range(4), (True, False)):
        yield {"kernel_size": k, "stride": s, "padding": p, "transposed": transposed}


def layer(x, w, settings):
    operation = conv_transpose if settings["transposed"] else conv
    return operation(x[None, None], w[None, None], stride=settings["stride"], padding=settings["padding"])[
        0, 0
    ]


def test_every_setting_gives_the_numbers_of_lib(browser):
    """Whole numbers without pattern, every kernel, stride and padding of the sliders; and the overlap."""
    side = 9
    x = np.random.default_rng(0).integers(-99, 100, (side, side))
    function = """(text) => JSON.stringify(JSON.parse(text).map(({ x, w, side, settings }) => {
        const { values, overlap, size } = front.processed(x, side, w, settings);
        return { size, values: [...values], overlap: [...overlap] };
    }))"""
    cases = []
    for settings in every_setting():
        if settings["stride"] * (side - 1) + settings["kernel_size"] - 2 * settings["padding"] < 1:
            continue
        w = np.random.default_rng(settings["kernel_size"]).integers(1, 100, [settings["kernel_size"]] * 2)
        cases.append((w, settings))
    told = [{"x": x.ravel().tolist(), "w": w.ravel().tolist(), "side": side, "settings": s} for w, s in cases]
    with page_with_front(browser, front.module("photo.js")) as page:
        results = json.loads(page.evaluate(function, json.dumps(told)))
        tents = page.evaluate("[2, 3, 4].map((s) => front.KERNELS['a tent'](2 * s - s % 2))")
    for (w, settings), got in zip(cases, results):
        expected = layer(x, w, settings)
        assert got["size"] == len(expected), settings
        assert got["values"] == expected.ravel().tolist(), settings
        ones = [np.ones_like(x), np.ones_like(w)]
        if settings["transposed"]:
            counts = layer(*ones, settings)
        else:  # each window is stamped back on what it read; what no window reaches is read by none
            back = conv_transpose(
                np.ones_like(expected)[None, None], ones[1][None, None], stride=settings["stride"]
            )
            counts = np.zeros((side + 2 * settings["padding"],) * 2, int)
            counts[tuple(slice(n) for n in back.shape[2:])] = back[0, 0]
            counts = counts[settings["padding"] :, settings["padding"] :][:side, :side]
        assert got["overlap"] == counts.ravel().tolist(), settings
    assert len(cases) > 200
    for s, tent in zip((2, 3, 4), tents):
        assert np.allclose(tent, bilinear(s).ravel()), s


PIXELS = """(view) => {
    const canvas = document.querySelector(`canvas[data-photo-view=${view}]`);
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return [canvas.height, [...data].filter((_, n) => n % 4 === 0)];
}"""


def pixels(page, view):
    side, values = page.evaluate(PIXELS, view)
    return np.array(values).reshape(side, -1)


def move(page, name, value):
    page.get_by_role("slider", name=name).evaluate(
        """(slider, value) => {
            slider.value = value;
            slider.dispatchEvent(new Event("input", { bubbles: true }));
        }""",
        value,
    )


def test_the_picture_is_the_layer_s(page):
    cat = front.photograph()
    assert np.array_equal(pixels(page, "input"), cat)
    for k, s, p in [(3, 2, 0), (4, 2, 1), (5, 3, 2), (1, 4, 0)]:
        for name, value in [("kernel_size", k), ("stride", s), ("padding", p)]:
            move(page, name, value)
        settings = {"stride": s, "padding": p, "transposed": True}
        expected = np.floor(layer(cat.astype(float), np.full((k, k), s**2 / k**2), settings) + 0.5)
        shown = pixels(page, "output")
        assert shown.shape == expected.shape
        assert np.abs(shown - np.clip(expected, 0, 255)).max() <= 1  # a tie may fall to either side
        said = page.get_by_role("status").text_content()
        assert f"64 × 64 → {len(expected)} × {len(expected)}" in said
        assert ("no pattern" in said) is (k % s == 0)
    page.get_by_role("checkbox", name="transposed").uncheck()
    assert page.get_by_role("status").text_content().startswith("64 × 64 → 16 × 16")
    assert len(pixels(page, "output")) == 16


@pytest.mark.parametrize("kernel", ["all equal", "a tent", "random"])
def test_words_tell_how_bright_a_grey_surface_becomes(page, kernel):
    page.get_by_label("numbers of the kernel").select_option(kernel)
    for k, s in [(3, 2), (4, 2), (7, 3), (2, 3)]:
        move(page, "kernel_size", k)
        move(page, "stride", s)
        shades = pixels(page, "kernel").astype(float)
        weights = (255 - shades) / (255 - shades).sum() * s**2  # as far as the picture of the kernel tells
        inside = layer(np.ones((9, 9)), weights, {"stride": s, "padding": 0, "transposed": True})
        inside = inside[3 * s : 5 * s, 3 * s : 5 * s] * 100
        said = page.get_by_role("status").text_content()
        if "no pattern" in said:
            assert inside.max() - inside.min() < 3
            continue
        least, most = (int(word) for word in said.split("would get from ")[1].replace("%", "").split()[0:3:2])
        assert abs(least - inside.min()) < 3 and abs(most - inside.max()) < 3


def test_accessible(page):
    check_accessible(page, looks=2, allowed=())
    for control in page.locator("[data-photo] :is(input, select)").all():
        assert control.bounding_box()["height"] >= 16
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert not page.get_by_role("checkbox", name="transposed").is_checked()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert "kernel 4 × 4" in page.locator("[data-photo] figcaption").all_text_contents()
    page.set_viewport_size({"width": 320, "height": 256})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_page_loads_it_when_the_reader_comes_near(visit, address):
    page = visit(address, "chapters/explorer.html")
    loaded = "() => document.querySelector('script[src$=\"photo.js\"]') !== null"
    assert not page.evaluate(loaded)
    assert page.locator("[data-photo] p").text_content()
    page.locator("[data-photo]").scroll_into_view_if_needed()
    page.locator("[data-photo] canvas").first.wait_for()
    assert page.evaluate(loaded)
