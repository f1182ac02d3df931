"""Begin a chapter: `make chapter NN=20 NAME=steps-in-time`.

It copies the template with labels of the chapter's own, gives its exercises a specification that passes, and
enters it in _toc.yml at the end of the numbered chapters. What is left is to write it.
"""

import json
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SPECIFICATION = '''"""Specifications of the exercises of chapter {number}, {title}."""

from .registry import value


@value(
    "{nn}-size",
    title="A short name",
    difficulty=1,
    asks="two numbers, rows and columns",
    hints=("Where does the last stamp begin?", "It begins at i - 1 and is k long."),
    wrong=(((5, 7), "the last stamp reaches beyond"), ((2, 6), "a convolution would make it smaller")),
)
def size():
    """Rows and columns of the output for an input of 5 x 7 and a kernel of 4 x 2."""
    return (5 - 1 + 4, 7 - 1 + 2)


@value(
    "{nn}-corner",
    title="Another short name",
    difficulty=2,
    asks="one number",
    hints=("Which stamps reach that cell?", "The last stamp alone, with its last number."),
    wrong=((9, "the stamp is scaled by its input"), (4, "the kernel's last number comes with it")),
)
def corner():
    """The last cell of the output of the running example."""
    return 4 * 9
'''
SECOND = """```{{exercise}} Another short name
:label: {nn}-corner

Ask for a second thing, such as the last number of the output above.
```"""
SECOND_SOLUTION = """```{{solution-start}} {nn}-corner
:class: dropdown
```

The last stamp alone reaches it."""


def fail(words):
    sys.exit(f"\n{words}")


def asked():
    """NN and NAME, checked."""
    nn, name = os.environ.get("NN", ""), os.environ.get("NAME", "")
    if not re.fullmatch(r"\d\d", nn) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        fail(
            "Give its number, two digits, and its name: make chapter NN=20 NAME=steps-in-time.\n"
            f"Got NN={nn!r}, NAME={name!r}."
        )
    taken = sorted((ROOT / "chapters").glob(f"{nn}-*"))
    if taken:
        fail(f"NN={nn} is taken by {taken[0].name}.")
    return nn, name


def notebook(nn):
    """The template with this chapter's labels, and a second exercise."""
    text = (ROOT / "chapters" / "_template.ipynb").read_text(encoding="utf-8")
    made = json.loads(text.replace("03-size", f"{nn}-size").replace("chapter_NN", f"chapter_{nn}"))
    cells = made["cells"]
    for one in cells:
        one["id"] = re.sub(r"^(exercise|stub|solution)-corner", r"\1-size", one["id"])
    at = next(number for number, one in enumerate(cells) if one["id"] == "summary")
    check = f'check("{nn}-corner", answer)'
    cells[at:at] = [
        cell("markdown", "exercise-corner", SECOND.format(nn=nn)),
        cell("code", "stub-corner", f"answer = None  # one number\n{check}"),
        cell("markdown", "solution-corner-start", SECOND_SOLUTION.format(nn=nn)),
        cell("code", "solution-corner", f"answer = result[-1, -1]\n{check}"),
        cell("markdown", "solution-corner-end", "```{solution-end}\n```"),
    ]
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def cell(kind, name, text):
    made = {"cell_type": kind, "id": name, "metadata": {}, "source": text.splitlines(keepends=True)}
    return made | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def entered(toc, nn, name):
    """The table of contents with the chapter at its place: after the last number that is smaller."""
    lines = toc.splitlines(keepends=True)
    before = [
        at
        for at, line in enumerate(lines)
        if (found := re.search(r"chapters/(\d\d)-", line)) and found[1] < nn
    ]
    lines.insert(before[-1] + 1, f"      - file: chapters/{nn}-{name}\n")
    return "".join(lines)


def main():
    nn, name = asked()
    chapter = ROOT / "chapters" / f"{nn}-{name}.ipynb"
    specification = ROOT / "lib" / "exercises" / f"chapter_{nn}.py"
    toc = ROOT / "_toc.yml"
    chapter.write_text(notebook(nn), encoding="utf-8", newline="\n")
    title = name.replace("-", " ")
    specification.write_text(
        SPECIFICATION.format(nn=nn, number=int(nn), title=title), encoding="utf-8", newline="\n"
    )
    toc.write_text(entered(toc.read_text(encoding="utf-8"), nn, name), encoding="utf-8", newline="\n")
    print(f"Made {chapter.relative_to(ROOT)} and {specification.relative_to(ROOT)}; _toc.yml has it.")
    print(f"Write it, then: make refresh ARGS={chapter.relative_to(ROOT).as_posix()}")
    print("and: python tools/minutes.py --write")


if __name__ == "__main__":
    main()
