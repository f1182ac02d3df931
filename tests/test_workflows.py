"""What runs on the web, where it cannot be tried from here: the rules that every workflow keeps."""

import re
from pathlib import Path

import pytest
import yaml

from tools.project import TASKS

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
WORKFLOWS = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in FILES}
JOBS = [(name, job) for name, workflow in WORKFLOWS.items() for job in workflow["jobs"]]
# Who may write, and what. Nobody else may.
RIGHTS = {
    ("pages", "notebooks"): {"contents": "write"},
    ("pages", "deploy"): {"pages": "write", "id-token": "write"},
    ("release", "release"): {"contents": "write"},
}
PINNED = re.compile(r"uses: (\S+)@[0-9a-f]{40} # v\d+(\.\d+)*$")


def job_of(name, job):
    return WORKFLOWS[name]["jobs"][job]


def triggers(name):
    return WORKFLOWS[name][True]  # YAML 1.1 reads the word `on` as true


def steps(name, job):
    return job_of(name, job).get("steps", [])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_action_is_pinned_by_its_full_hash(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        if "uses:" in line and "uses: ./" not in line:
            assert PINNED.search(line), line


def test_an_action_has_one_version_in_all_workflows():
    pins = re.findall(r"uses: (\S+)@(\S+) # (\S+)", "\n".join(path.read_text("utf-8") for path in FILES))
    assert len({action for action, *_ in pins}) == len(set(pins)) >= 5


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_may_read_and_no_more(name):
    assert WORKFLOWS[name]["permissions"] == {"contents": "read"}


@pytest.mark.parametrize(("name", "job"), JOBS)
def test_a_job_has_the_rights_that_it_needs_alone(name, job):
    assert job_of(name, job).get("permissions", {}) == RIGHTS.get((name, job), {})


@pytest.mark.parametrize(("name", "job"), JOBS)
def test_a_job_ends(name, job):
    made = job_of(name, job)
    assert "uses" in made or 1 <= made["timeout-minutes"] <= 90


@pytest.mark.parametrize(("name", "job"), JOBS)
def test_a_job_keeps_no_key_and_fetches_packages_once(name, job):
    for step in steps(name, job):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
        if step.get("uses", "").startswith("actions/setup-python@"):
            assert step["with"]["cache"] == "pip"
            assert list(ROOT.glob(step["with"]["cache-dependency-path"]))


def test_every_command_is_one_of_make():
    text = "\n".join(path.read_text(encoding="utf-8") for path in FILES)
    called = re.findall(r"(?:run|command): \W*make ([a-z]+)|run: python tools/project\.py ([a-z]+)", text)
    names = {name for pair in called for name in pair if name}
    assert names <= set(TASKS) and {"test", "lint", "pdf", "epub", "archive", "release", "links"} <= names


def test_nothing_is_published_before_every_test_has_passed():
    assert (
        job_of("pages", "tests")["uses"]
        == job_of("release", "tests")["uses"]
        == "./.github/workflows/tests.yml"
    )
    for name, job in RIGHTS:
        assert "tests" in job_of(name, job)["needs"], f"{name}: {job} waits for the tests"
    only = job_of("pages", "deploy")["if"]
    assert "refs/heads/main" in only and "pull_request" in only
    assert {"push", "pull_request"} <= set(triggers("pages")) and triggers("pages")["push"]["branches"] == [
        "main"
    ]
    assert "continue-on-error" not in str(
        {k: v for k, v in WORKFLOWS["tests"]["jobs"].items() if k != "ahead"}
    )


def test_foreign_code_never_runs_with_rights():
    for name in WORKFLOWS:
        assert not {"pull_request_target", "workflow_run"} & set(triggers(name)), name
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"run:[^\n]*\$\{\{ *github\.(event|head_ref)", text), (
            "words of others, in a shell"
        )


def test_links_and_packages_are_looked_at_every_week():
    assert triggers("weekly")["schedule"] and {"links", "audit"} <= set(WORKFLOWS["weekly"]["jobs"])


def test_bots_keep_the_pins_moving():
    bot = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text(encoding="utf-8"))
    assert {"github-actions", "npm"} == {update["package-ecosystem"] for update in bot["updates"]}
