"""Draw the picture that messengers show beside a link to the book: _ext/static/card.png, 1200 x 630.

    python tools/make_card.py

It needs Chromium, and is run once; only a change of the figure's look asks for it again.
"""

import io
import sys
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "site")]

from conftest import ARGUMENTS, find_browser  # noqa: E402

from lib import figures  # noqa: E402

PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; width: 1200px; height: 630px; background: #fff; font: 30px system-ui; color: #1b2026;
       display: flex; flex-direction: column; justify-content: center; align-items: center; gap: 24px }}
b {{ font-size: 50px }} .tc-figure {{ zoom: 1.9 }}
</style><b>Transposed Convolution, Understood</b>{figure}<span>Where does the 23 come from?</span>"""


def main():
    figure = figures.operation([[1, 2], [3, 4]], np.arange(1, 10).reshape(3, 3), transposed=True, at=(0, 0))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1200, "height": 630})
        page.set_content(PAGE.format(figure=figure.html()))
        image = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(64)
        browser.close()
    image.save(ROOT / "_ext" / "static" / "card.png", optimize=True)


if __name__ == "__main__":
    main()
