"""A live page as its reader has it: buttons by their names, cells by theirs, and what the page says."""

STARTED = 300_000  # milliseconds: Python starts in 2 s on a quiet machine, and in minutes on a busy one


# All cells at once: each question of its own is a journey to the browser and back.
EVERY_CELL = """() => Object.fromEntries([...document.querySelectorAll("[data-live]")].map((cell) => {
    const { live, state, same } = cell.dataset;
    return [live, [state, same !== undefined, cell.querySelector(".cell_output")?.innerText.trim() ?? ""]];
}))"""


class LivePage:
    """One open page; every wait is for a state that the page shows."""

    def __init__(self, page):
        self.page = page

    def cell(self, name):
        return self.page.locator(f'[data-live="{name}"]')

    def names(self):
        return self.page.locator("[data-live]").evaluate_all("cells => cells.map(cell => cell.dataset.live)")

    def unfold(self, name):
        """Open a cell's code where it is folded: its buttons come with it."""
        self.cell(name).evaluate(
            "cell => cell.querySelector(':scope > .above-input')?.setAttribute('open', '')"
        )

    def press(self, button, name=None):
        if name:
            self.unfold(name)
        root = self.cell(name) if name else self.page.locator("[data-live-page]")
        root.get_by_role("button", name=button, exact=True).click()

    def restore(self, name=None):
        """Give back what was printed, of one cell or of all, and wait until the page says so."""
        self.page.locator("[data-live-page] [role=status]").evaluate("status => { status.textContent = ''; }")
        self.press("Restore", name)
        self.wait_until_said("Restored." if name else "The page is as it was printed.")

    def state(self, name):
        return self.cell(name).get_attribute("data-state")

    def wait_for(self, name, *states):
        wanted = ", ".join(f'[data-live="{name}"][data-state="{state}"]' for state in states)
        self.page.wait_for_selector(wanted, timeout=STARTED, state="attached")

    def run(self, name, button="Run"):
        """Press a cell's button and wait for the end; return how it ended."""
        # The end of the run before is not the end of this one.
        self.cell(name).evaluate("cell => { cell.dataset.state = 'asked'; }")
        self.press(button, name)
        self.page.wait_for_function(
            """name => { const { dataset } = document.querySelector(`[data-live="${name}"]`);
                return dataset.waiting === undefined && ["done", "failed"].includes(dataset.state); }""",
            arg=name,
            timeout=STARTED,
        )
        return self.state(name)

    def write(self, name, text):
        """Replace a cell's code, as somebody who selects all and types."""
        # A page with answers wakes by itself, at any moment. Then the field lies over the code, and a
        # click by coordinates that was meant for the code would wait for ever.
        self.unfold(name)
        self.cell(name).locator(".cell_input pre").dispatch_event("click")
        area = self.cell(name).locator("textarea")
        area.wait_for()
        area.fill(text)

    def output(self, name):
        return self.cell(name).locator(".cell_output").inner_text().strip()

    def same(self, name):
        return self.cell(name).get_attribute("data-same") is not None

    def every_cell(self):
        """Of each cell, by its name: its state, whether it puts out what is printed, and what it puts out."""
        return self.page.evaluate(EVERY_CELL)

    def said(self):
        return self.page.locator("[data-live-page] [role=status]").inner_text()

    def wait_until_said(self, *words, timeout=STARTED):
        self.page.wait_for_function(
            """words => { const said = document.querySelector("[data-live-page] [role=status]").textContent;
                return words.some((word) => said.includes(word)); }""",
            arg=list(words),
            timeout=timeout,
        )
        return self.said()
