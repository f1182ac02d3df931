"""The directive `exercise-list`: every exercise of the book, by chapter, with its difficulty."""

from html import escape
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive

from lib import exercises

from . import notebooks

DIFFICULTY = {1: "look it up", 2: "think", 3: "write a program"}


class ExerciseList(Directive):
    def run(self):
        env = self.state.document.settings.env
        chapters = [notebooks.exercises_of(path) for path in notebooks.pages(env.srcdir)]
        for path in notebooks.pages(env.srcdir):
            env.note_dependency(str(path))
        html = "".join(chapter_html(chapter) for chapter in chapters if chapter["exercises"])
        return [nodes.raw("", f'<div class="tc-exercises">{html}</div>', format="html")]


def chapter_html(chapter):
    """One chapter: its name and its exercises, as links."""
    page = Path(chapter["page"]).name
    number = page[:2].lstrip("0")
    lines = "".join(exercise_html(page, exercise) for exercise in chapter["exercises"])
    return (
        f'<p><strong><a href="{page}">{number}. {escape(chapter["title"])}</a></strong></p><ol>{lines}</ol>'
    )


def exercise_html(page, exercise):
    name = exercise["name"]
    words = DIFFICULTY[exercises.registered(name).difficulty]
    link = f'<a href="{page}#{name}">{escape(exercise["title"])}</a>'
    return f'<li data-exercise-line="{name}">{link} ({words})</li>'
