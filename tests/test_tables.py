"""Which tables of the site reach into the right margin."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "_ext"))

from book import tables

BOX = '<div class="pst-scrollable-table-container">'


def table(columns, words="word"):
    rows = "".join(
        f'<tr class="row">{"".join(f"<{tag}><p>{words}</p></{tag}>" for _ in range(columns))}</tr>'
        for tag in ("th", "td")
    )
    return f'{BOX}<table class="table">{rows}</table></div>'


@pytest.mark.parametrize(
    "columns, words, wide",
    [
        (5, "word", True),
        (4, "word", False),
        (4, "a cell of a few words", False),
        (4, "a cell of so many words that its row would take two lines", True),
        (4, "a" * 25, True),  # 103 signs: two lines
        (4, "a" * 24, False),  # 99: one line
        (2, "prose " * 40, False),  # its lines would be too long to read
        (3, '<code class="a b c d e f g h i j k l m n o p q r s t u v w x y z">k</code>', False),
    ],
)
def test_wide_tables_are_marked(columns, words, wide):
    made = tables.widen(f"<p>before</p>{table(columns, words)}<p>after</p>")
    assert (f'{BOX[:-2]} full-width">' in made) == wide
    assert made.replace(" full-width", "") == f"<p>before</p>{table(columns, words)}<p>after</p>"


def test_each_table_is_judged_alone():
    made = tables.widen(table(2) + table(6) + table(2))
    assert made == table(2) + table(6).replace('container">', 'container full-width">') + table(2)
