"""A page with a front end's modules and nothing else: to ask its rules, without what is built around them."""

from contextlib import contextmanager

IMPORT = """async (source) => {
    const file = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    window.front = (await import(file)).default;
}"""


@contextmanager
def page_with_front(browser, source):
    """A page in which `front` is the default export of an ES module with this text."""
    page = browser.new_page()
    page.evaluate(IMPORT, source)
    yield page
    page.close()
