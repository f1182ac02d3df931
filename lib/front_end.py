"""A front end as one text: its modules joined by a strict rule, since readers have no Node.

A module may import names from other modules by a relative path, and export functions, classes and constants;
all else is refused, so that joining is safe. Comments and indentation are left out.

`read` gives the text of a module by its name, which is a path: so some may be generated. What a module
imports is named from where it stands itself.
"""

import posixpath
import re

_IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.\.?/(?:[\w./]+/)?\w+\.js)";\n', re.MULTILINE)
_TOP = re.compile(r"^(export )?(?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)


def module(entries, read):
    """An ES module whose default export holds what the entries export."""
    body, exports = _joined(entries, read)
    return f"{body}export default {{ {', '.join(exports)} }};\n"


def script(entries, read, name):
    """The same as a classic script that sets `window.<name>`: browsers refuse modules on `file://` pages."""
    body, exports = _joined(entries, read)
    return f'(() => {{\n"use strict";\n{body}window.{name} = {{ {", ".join(exports)} }};\n}})();\n'


def _joined(entries, read):
    """The text of the entries and all that they import, each once, after what it imports."""
    texts = {}
    for name in entries:
        _add(name, read, texts, ())
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


def _add(name, read, texts, importers):
    """Add a module to `texts`, after those that it imports."""
    if name in importers:
        raise ValueError(f"{' imports '.join([*importers, name])}: modules must not import in a circle")
    if name in texts:
        return
    text = read(name)
    for wanted, path in _IMPORT.findall(text):
        source = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
        _add(source, read, texts, (*importers, name))
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
