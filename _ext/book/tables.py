"""Wide tables take the room of the right margin, where the page has one."""

import re
from html import unescape

TABLE = re.compile(r'(<div class="pst-scrollable-table-container)(">\s*<table[^>]*>.*?</table>)', re.DOTALL)
ROW = re.compile(r"<tr.*?</tr>", re.DOTALL)
MANY, SOME = 5, 3  # columns
LONG = 100  # signs in a row: more than one line of the text


def is_wide(table):
    """Whether a table has many columns, or several and a row longer than a line of the text."""
    rows = ROW.findall(table)
    columns = len(re.findall(r"<t[hd][ >]", rows[0])) if rows else 0
    longest = max((len(" ".join(unescape(re.sub("<[^>]*>", " ", row)).split())) for row in rows), default=0)
    return columns >= MANY or (columns >= SOME and longest > LONG)


def widen(body):
    """`body` with the theme's class for wide things on each wide table."""
    return TABLE.sub(lambda match: f"{match[1]}{' full-width' * is_wide(match[2])}{match[2]}", body)
