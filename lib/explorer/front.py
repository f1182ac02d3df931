"""The explorer's front end as one text: its modules joined by a strict rule, since readers have no Node.

`module` is an ES module (anywidget's), `script` a classic script (a page's: browsers refuse module scripts on
pages opened from `file://`), `style` the style sheet of both. A module may import names from its neighbours,
and export functions, classes and constants; all else is refused, so that joining is safe. Comments and
indentation are left out.
"""

import json
import re
from pathlib import Path

from .. import svg
from . import rules

FOLDER = Path(__file__).parent / "front"
_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./(\w+\.js)";\n', re.MULTILINE)
_TOP = re.compile(r"^(export )?(?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)


def module(*entries):
    """An ES module whose default export holds what the entries (default: main.js) export."""
    body, exports = _joined(entries)
    return f"{body}export default {{ {', '.join(exports)} }};\n"


def script(*entries, name="TransposedConvolutionExplorer"):
    """The same as a classic script that sets `window.<name>`."""
    body, exports = _joined(entries)
    return f'(() => {{\n"use strict";\n{body}window.{name} = {{ {", ".join(exports)} }};\n}})();\n'


def style():
    """The style sheet: the colours of `lib.svg`, light and dark, and the explorer's own rules."""
    dark = svg.in_the_dark("[data-explorer]", "color-scheme:dark")
    own = re.sub(r"/\*.*?\*/\n?", "", _read("explorer.css"), flags=re.DOTALL)
    return "\n".join([svg.theme_css("[data-explorer]"), dark, *filter(None, map(str.strip, own.split("\n")))])


def _read(name):
    if name == "constants.js":  # generated: what Python decides, for the front end to import
        return "".join(f"export const {key} = {json.dumps(of)};\n" for key, of in rules.constants().items())
    return (FOLDER / name).read_text(encoding="utf-8")


def _joined(entries):
    """The text of the entries and all that they import, each once, after what it imports."""
    entries = entries or ("main.js",)
    texts = {}
    for name in entries:
        _add(name, texts, ())
    owners = {}
    for name, text in texts.items():
        for _, declared in _TOP.findall(text):
            if declared in owners:
                raise ValueError(f"{declared} is declared in {owners[declared]} and in {name}: one must go")
            owners[declared] = name
    exports = [declared for name in entries for exported, declared in _TOP.findall(texts[name]) if exported]
    body = "".join(
        _lean(name, re.sub(r"^export ", "", text, flags=re.MULTILINE)) for name, text in texts.items()
    )
    return body, exports


def _add(name, texts, importers):
    """Add a module to `texts`, after those that it imports."""
    if name in importers:
        raise ValueError(f"{' imports '.join([*importers, name])}: modules must not import in a circle")
    if name in texts:
        return
    text = _read(name)
    for wanted, source in _IMPORT.findall(text):
        _add(source, texts, (*importers, name))
        there = {declared for exported, declared in _TOP.findall(texts[source]) if exported}
        for each in filter(None, map(str.strip, wanted.split(","))):
            if each not in there:
                raise ValueError(f"{name} imports {each}, which {source} does not export")
    text = _IMPORT.sub("", text)
    for line in re.findall(r"^(?:import|export)\b.*", text, re.MULTILINE):
        if not _TOP.match(line):
            raise ValueError(f"{name}: {line!r} is no import or export that can be joined")
    texts[name] = text


def _lean(name, text):
    """The text without comment lines and indentation."""
    lines, comment = [], False
    for line in map(str.strip, text.split("\n")):
        starts = line.startswith("/*") and "*/" not in line[:-2]
        if line.count("`") % 2 and not (comment or starts or line.startswith("//")):
            raise ValueError(f"{name}: a template must end in its line, in {line!r}")
        if not (comment or starts or line.startswith("//") or not line):
            lines.append(line + "\n")
        comment = (comment or starts) and not line.endswith("*/")
    return "".join(lines)
