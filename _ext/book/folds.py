"""What a page keeps folded, as `<details>`: it opens without a script, and nothing moves while it loads."""

import re

from docutils import nodes
from sphinx_exercise.nodes import solution_node

# The first child of a folded solution is its title: that is what one presses.
TITLE = re.compile(r'(<details class="solution[^>]*>\s*)<p class="admonition-title">(.*?)</p>', re.DOTALL)


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
    return TITLE.sub(r'\1<summary class="admonition-title">\2</summary>', body)


def setup(app):
    app.add_node(solution_node, override=True, html=(visit_solution, depart_solution))
    app.connect("doctree-resolved", drop_repeated_ids)
