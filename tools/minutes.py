"""How long a chapter takes, and the minutes in its table "You need".

    python tools/minutes.py            print what each chapter takes
    python tools/minutes.py --write    write it into every table

The rule: 200 words of text a minute, 10 lines of visible code a minute, 5 minutes an exercise; rounded to
five minutes. Solutions and folded code (tag `hide-input`) are not counted: who opens them chooses to. A row
that points to chapters says what those take together, one that points out of the book keeps its number.
"""

import argparse
import re
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
WORDS, LINES, EXERCISE = 200, 10, 5  # words and lines a minute, minutes an exercise
ROW = re.compile(r"^\| (?P<what>.+) \| (?P<where>.+) \| (?P<minutes>\d+) \|$", re.MULTILINE)
LINK = re.compile(r"\]\((\d\d)-[\w-]+\.ipynb\)")


def chapters():
    """The numbered chapters, by number."""
    return {path.name[:2]: path for path in sorted(ROOT.glob("chapters/[0-9][0-9]-*.ipynb"))}


def without_solutions(cells):
    """The cells that a reader meets who opens nothing."""
    shown, inside = [], False
    for cell in cells:
        inside = inside or "{solution-start}" in cell.source
        if not inside:
            shown.append(cell)
        inside = inside and "{solution-end}" not in cell.source
    return shown


def minutes(notebook):
    """What a reader needs for a chapter, by the rule above.

    >>> cell = nbformat.v4.new_markdown_cell("word " * 2000)
    >>> minutes(nbformat.v4.new_notebook(cells=[cell]))
    10
    """
    cells = without_solutions(notebook.cells)
    text = [cell.source for cell in cells if cell.cell_type == "markdown"]
    code = [
        c.source for c in cells if c.cell_type == "code" and "hide-input" not in c.metadata.get("tags", [])
    ]
    words = sum(len(source.split()) for source in text)
    lines = sum(len(source.splitlines()) for source in code)
    exercises = sum(source.count("```{exercise}") for source in text)
    return 5 * round((words / WORDS + lines / LINES + EXERCISE * exercises) / 5)


def pointed_to(where):
    """The numbers of the chapters that a row points to; "01 to 03" means those between as well."""
    numbers = LINK.findall(where)
    if len(numbers) == 2 and re.search(r"\) to ", where):
        return [f"{n:02}" for n in range(int(numbers[0]), int(numbers[1]) + 1)]
    return numbers


def table(text, own, taken):
    """The first cell of a chapter with the right minutes; `taken` holds those of all chapters."""

    def right(row):
        numbers = pointed_to(row["where"])
        if row["where"] == "here":
            numbers = [own]
        count = sum(taken[number] for number in numbers) if numbers else row["minutes"]
        return f"| {row['what']} | {row['where']} | {count} |"

    return ROW.sub(right, text)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="write the minutes into the tables")
    write = parser.parse_args().write
    notebooks = {number: nbformat.read(path, as_version=4) for number, path in chapters().items()}
    taken = {number: minutes(notebook) for number, notebook in notebooks.items()}
    for number, notebook in notebooks.items():
        print(chapters()[number].stem, taken[number])
        if write:
            notebook.cells[0].source = table(notebook.cells[0].source, number, taken)
            chapters()[number].write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
