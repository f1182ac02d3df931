"""Plots stand on the page's own ground, in both themes, and a page fetches the one that it shows."""

import pytest

PAGES = ["chapters/12-checkerboards.html", "chapters/17-upsampling-is-filtering.html"]
CORNER = """async (image) => {
    await image.decode();
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d");
    pen.drawImage(image, 0, 0);
    return `rgb(${[...pen.getImageData(1, 1, 1, 1).data].slice(0, 3).join(", ")})`;
}"""
GROUND = "() => getComputedStyle(document.body).backgroundColor"
PLATE = "(i) => { const s = getComputedStyle(i); return [s.backgroundColor, s.paddingTop, s.filter]; }"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_plots_have_no_plate(visit, server, name, theme):
    page = visit(server, name, theme=theme)
    plots = page.locator(f"article img.only-{theme}")
    assert plots.count() > 2
    page.locator("article details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    for plot in plots.all():
        plot.scroll_into_view_if_needed()
        assert plot.evaluate(CORNER) == page.evaluate(GROUND)
        caption = plot.locator("xpath=ancestor::figure/figcaption")
        assert caption.is_visible()
        if theme == "dark":
            assert plot.evaluate(PLATE) == ["rgba(0, 0, 0, 0)", "0px", "none"]
    urls = page.evaluate("performance.getEntriesByType('resource').map((e) => e.name)")
    pictures = [url for url in urls if "/_images/" in url and url.endswith(".png")]
    assert len(pictures) >= plots.count()
    assert all(("-dark.png" in url) == (theme == "dark") for url in pictures)


@pytest.mark.parametrize("name", PAGES)
def test_paper_gets_the_light_plots(visit, server, name):
    page = visit(server, name, theme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    unfolded = [page.locator(f"img.only-{theme}:not(details *)").all() for theme in ("light", "dark")]
    for light, dark in zip(*unfolded, strict=True):
        assert light.is_visible() and not dark.is_visible()
