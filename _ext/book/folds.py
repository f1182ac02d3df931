"""What a page keeps folded, as `<details>`: it opens without a script, and nothing moves while it loads.

Folded are solutions, cells tagged `hide-input`, the outputs of those tagged `hide-output` (a reader predicts
first), and here also cells that only prove: those that import or set up and nothing else, and those without
output whose name says that they assert what the text says (assert-..., ...-check). They keep the book honest;
they need not be read. The notebooks themselves are not touched.
"""

import ast
import json
import re

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx_exercise.nodes import solution_node

FOLDED, NEVER = "hide-input", {"hide-input", "remove-input", "remove-cell", "hide-cell"}
PROOF = re.compile(r"(^|-)assert(-|$)|-check$")
# The first child of a folded solution is its title: that is what one presses.
TITLE = re.compile(r'(<details class="solution[^>]*>\s*)<p class="admonition-title">(.*?)</p>', re.DOTALL)
CELL = re.compile(
    r'<details class="admonition hide above-input">\s*<summary.*?</summary>(.*?)(?=<div class="cell[ "]|$)',
    re.DOTALL,
)
# The output of a cell tagged `hide-output`: what a reader was asked to predict.
ANSWER = re.compile(r'<details class="admonition hide below-input">\s*<summary.*?</summary>', re.DOTALL)
SPOKEN = '<span class="visually-hidden"> {}</span>'
SHOWN = re.compile(r'(?:aria-label|alt)="([^".]*)')


def only_prepares(source):
    """Whether a cell imports, calls setup(), and does nothing else."""
    try:
        statements = ast.parse(source).body
    except SyntaxError:  # a line for IPython
        return False
    prepares = [isinstance(s, ast.Import | ast.ImportFrom) or ast.unparse(s) == "setup()" for s in statements]
    return bool(prepares) and all(prepares)


def proves(cell):
    """Whether a cell is there for the proof, not for the reader."""
    if cell["cell_type"] != "code" or cell.get("outputs"):
        return False
    return bool(PROOF.search(cell.get("id", ""))) or only_prepares("".join(cell["source"]))


def fold_proofs(app, docname, source):
    """Tag the cells that prove, in the text of the notebook that Sphinx is about to read."""
    if not source[0].lstrip().startswith("{"):
        return
    try:
        notebook = json.loads(source[0])
    except ValueError as error:
        raise ExtensionError(f"{docname}.ipynb is not a notebook: {error}") from None
    for cell in filter(proves, notebook["cells"]):
        tags = cell["metadata"].setdefault("tags", [])
        if not NEVER & set(tags):
            tags.append(FOLDED)
    source[0] = json.dumps(notebook)


def what_it_shows(inside):
    """What folded code does, in words: it draws what comes after it, prepares, or checks."""
    shown = SHOWN.search(inside)
    if shown:
        return f"that draws: {shown[1]}"
    if "text_plain" in inside or "stream" in inside:
        return "that prints what follows"
    return "that checks what the text says" if "assert" in inside else "that prepares this page"


def name_fold(match):
    spoken = SPOKEN.format(what_it_shows(match[1]))
    return f'<details class="hide above-input"><summary>code{spoken}</summary>{match[1]}'


def element(node):
    return "details" if "dropdown" in node["classes"] else "div"


def visit_solution(translator, node):
    translator.body.append(translator.starttag(node, element(node), CLASS="admonition"))


def depart_solution(translator, node):
    translator.body.append(f"</{element(node)}>\n")


def drop_repeated_ids(app, doctree, docname):
    """The contents of every exercise and solution bear the same two ids, which nothing links to."""
    for section in doctree.findall(nodes.section):
        if section["ids"] in (["exercise-content"], ["solution-content"]):
            section["ids"] = []


def mend_folds(body):
    body = TITLE.sub(r'\1<summary class="admonition-title">\2</summary>', body)
    spoken = SPOKEN.format("that the code above gives")
    body = ANSWER.sub(f'<details class="hide below-input"><summary>answer{spoken}</summary>', body)
    return CELL.sub(name_fold, body)


def setup(app):
    app.add_node(solution_node, override=True, html=(visit_solution, depart_solution))
    app.connect("source-read", fold_proofs)
    app.connect("doctree-resolved", drop_repeated_ids)
