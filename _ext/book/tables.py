"""Tables with many columns take the room of the right margin, where the page has one."""

import re

TABLE = re.compile(r'(<div class="pst-scrollable-table-container)(">\s*<table[^>]*>.*?</table>)', re.DOTALL)
MANY = 5


def widen(body):
    """`body` with the theme's class for wide things on each table of many columns."""

    def mark(match):
        first_row = match[2].partition("</tr>")[0]
        wide = len(re.findall(r"<t[hd][ >]", first_row)) >= MANY
        return f"{match[1]}{' full-width' * wide}{match[2]}"

    return TABLE.sub(mark, body)
