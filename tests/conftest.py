"""What holds for every test: one thread for linear algebra, and which tests go together in parallel runs."""

import os

import pytest

# Products of matrices are small here, and threads that wait for each other on a busy machine cost minutes.
# Set before NumPy is loaded, and inherited by every kernel and server that a test starts.
for name in ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM"):
    os.environ.setdefault(f"{name}_NUM_THREADS", "1")


# Files of tests that share what takes long to make: every page read, or opened, once.
TOGETHER = tuple(f"tests/site/test_{name}.py" for name in ("reading", "editions_built", "weight"))


def place(item):
    """Where a test stands in a run: one process builds the site meanwhile, so its other tests come last."""
    if item.name == "test_what_the_site_carries":
        return 0
    if item.nodeid.startswith(TOGETHER):
        return 3
    if "tests/site/" in item.nodeid:
        return 4  # one by one, so that no process waits long for the other's last
    return 1 if item.path.stem in ("16-in-networks", "test_wheel") else 2  # the longest files are no tail


def pytest_collection_modifyitems(items):
    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist
def pytest_xdist_make_scheduler(config, log):
    """Tests of a file go to one process, a notebook being one kernel; those of the site go one by one."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            alone = nodeid.startswith("tests/site/") and not nodeid.startswith(TOGETHER)
            return nodeid if alone else nodeid.partition("::")[0]

    return Scheduling(config, log)
