"""The page for teachers: its tables are read from the chapters, its courses fit, its credit is right."""

import importlib.util
import re
import types
from pathlib import Path

import pytest
import yaml

from lib.exercises import catalogue
from tools import minutes

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "chapters" / "for-teachers.md").read_text(encoding="utf-8")
_spec = importlib.util.spec_from_file_location("teaching", ROOT / "_ext" / "book" / "teaching.py")
teaching = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(teaching)
COURSES = {
    heading: [re.findall(r"\d\d(?= )", line.partition("|")[0]) for line in lines.splitlines()]
    for heading, lines in re.findall(r"## ([^\n]*)\n(?:(?!```).)*?```\{course\}\n(.*?)\n```", PAGE, re.DOTALL)
}


def test_the_table_has_every_chapter_with_its_minutes_and_exercises():
    rows = teaching.table().splitlines()[2:]
    assert len(rows) == len(minutes.chapters())
    counts = [sum(map(int, row.split("|")[-2].split("+"))) for row in rows]
    assert sum(counts) == len(catalogue())
    for number, row in zip(minutes.chapters(), rows):
        difficulties = [each.difficulty for each in catalogue() if each.chapter == int(number)]
        wanted = " + ".join(str(difficulties.count(level)) for level in (1, 2, 3))  # the easy ones first
        assert row.split("|")[-2].strip() == wanted
    third = rows[2].split("|")
    assert third[2].strip() == "35" and "[1](" in third[3] and "[2](" in third[3]
    given = teaching.gives().splitlines()
    assert len(given) == len(rows)
    assert "three ways" in given[2] and "[Chapter 3](" in given[2]


def test_a_session_marked_with_a_star_is_without_exercises():
    """Its minutes are those of the chapters, less those that each exercise is counted with."""
    lines = types.SimpleNamespace(content=["05 06 | both", "05 06* | a talk"])
    *_, with_them, without = teaching.Course.text(lines).splitlines()
    exercises = sum(each.chapter in (5, 6) for each in catalogue())
    told = [int(row.split("|")[-2]) for row in (with_them, without)]
    assert exercises > 3 and told[0] - told[1] == exercises * minutes.EXERCISE > 0
    assert with_them.split("|")[1].strip() == "both" and with_them.count("](") == 2


def test_there_are_three_courses_and_a_course_teaches_what_it_needs_first():
    assert len(COURSES) == 3
    for sessions in COURSES.values():
        taught = [number for session in sessions for number in session]
        assert taught == sorted(set(taught)) and set(taught) <= set(minutes.chapters())


@pytest.mark.parametrize(("name", "most"), [("One hour", 60), ("One day", 360), ("Four weeks", 800)])
def test_a_course_fits_its_time(name, most):
    taught = [number for session in COURSES[name] for number in session]
    assert most / 2 < teaching.length(taught, with_exercises=name != "One hour") <= most


def test_a_session_of_the_four_weeks_is_at_most_two_hours_and_a_quarter():
    assert all(teaching.length(session) <= 135 for session in COURSES["Four weeks"])


def test_credit_and_citation_are_those_of_the_licence_and_the_citation_file():
    credit = re.search(r'Credit as: (".*?CC BY 4\.0)\.', (ROOT / "LICENSE").read_text("utf-8"), re.DOTALL)[1]
    assert " ".join(credit.split()) in " ".join(PAGE.split())
    said = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    for words in (
        said["title"],
        said["authors"][0]["name"],
        f"Version {said['version']}",
        str(said["date-released"])[:4],
    ):
        assert words in PAGE.partition("```bibtex")[2], words


def test_the_line_that_makes_a_figure_works(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    exec(re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)[1], {})
    assert (tmp_path / "stamps.svg").read_text(encoding="utf-8").startswith("<svg ")
