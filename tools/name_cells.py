"""A plugin of pytest: a cell of a notebook that fails is named by its id, as authors know it."""

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """nbval counts cells, `Cell 3`; a chapter's cells have names, which say more."""
    report = yield
    cell = getattr(item, "cell", None)
    if report.failed and cell is not None:
        words = f"the cell {cell.get('id')!r} of {item.path.name}: make refresh writes what a run gives"
        report.sections.append(("which cell", words))
    return report
