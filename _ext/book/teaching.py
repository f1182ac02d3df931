"""What a teacher wants to know of the chapters, read from the chapters: minutes, needs, abilities, exercises.

Three directives, for chapters/for-teachers.md: `chapter-table`, `chapter-abilities`, and `course` with the
numbers of its chapters, which adds up their minutes. Nothing is written down twice, so nothing can go stale.
"""

import re

import nbformat
from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList

from lib import exercises
from tools import minutes

BULLET = re.compile(r"\*\*In this chapter[^\n]*\n\n(.*?)\n\n", re.DOTALL)
LEVELS = {1: "to look up", 2: "to think", 3: "to write a program"}


def chapters():
    """Number -> notebook, of every numbered chapter."""
    return {number: nbformat.read(path, as_version=4) for number, path in minutes.chapters().items()}


def abilities(notebook):
    """What a reader can do afterwards, as one line."""
    lines = re.split(r"^- ", BULLET.search(notebook.cells[0].source)[1], flags=re.MULTILINE)[1:]
    return " ".join(" ".join(line.split()) for line in lines)


def title(notebook):
    return re.search(r"^# (.+)$", notebook.cells[0].source, re.MULTILINE)[1]


def needed(notebook):
    """The numbers of the chapters that its table names."""
    rows = [row for row in minutes.ROW.finditer(notebook.cells[0].source) if row["where"] != "here"]
    return sorted({number for row in rows for number in minutes.pointed_to(row["where"])})


def levels(number):
    """How many exercises of each difficulty a chapter has."""
    own = [each.difficulty for each in exercises.catalogue() if each.chapter == int(number)]
    return [own.count(level) for level in LEVELS]


def link(number, words=None):
    return f"[{words or int(number)}]({minutes.chapters()[number].name})"


def row(number, notebook):
    needs = ", ".join(link(other) for other in needed(notebook)) or "nothing"
    cells = [link(number, f"{int(number)}. {title(notebook)}"), minutes.minutes(notebook), needs]
    cells.append(" + ".join(map(str, levels(number))))
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def table():
    head = "| Chapter | Minutes | Needs | Exercises |\n|---|---|---|---|"
    return "\n".join([head, *(row(*chapter) for chapter in chapters().items())])


def gives():
    """What the reader can do after each chapter: a list, as such a column is too narrow on a phone."""
    items = chapters().items()
    return "\n".join(
        f"- {link(number, f'Chapter {int(number)}')}: {abilities(notebook)}" for number, notebook in items
    )


def length(numbers, with_exercises=True):
    """What chapters take together, in minutes."""
    every = chapters()
    spared = 0 if with_exercises else minutes.EXERCISE * sum(sum(levels(number)) for number in numbers)
    return sum(minutes.minutes(every[number]) for number in numbers) - spared


class Written(Directive):
    """Writes Markdown into the page, as if it stood there."""

    has_content = True

    def run(self):
        for path in minutes.chapters().values():
            self.state.document.settings.env.note_dependency(str(path))
        node = nodes.container()
        self.state.nested_parse(StringList(self.text().splitlines(), "chapters"), self.content_offset, node)
        return node.children


class ChapterTable(Written):
    def text(self):
        return table()


class ChapterAbilities(Written):
    def text(self):
        return gives()


class Course(Written):
    """Sessions, one a line: `01 02 03 | what happens`; a star before the bar leaves out the exercises."""

    def text(self):
        lines = ["| Session | Chapters | Minutes |", "|---|---|---|"]
        for line in self.content:
            numbers, _, what = line.partition("|")
            own = re.findall(r"\d\d", numbers)
            count = length(own, "*" not in numbers)
            lines.append(f"| {what.strip()} | {', '.join(link(number) for number in own)} | {count} |")
        return "\n".join(lines)


def setup(app):
    app.add_directive("chapter-table", ChapterTable)
    app.add_directive("chapter-abilities", ChapterAbilities)
    app.add_directive("course", Course)
