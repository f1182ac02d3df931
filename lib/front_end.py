"""A front end as one text: its modules joined by a strict rule, since readers have no Node.

A module may import names from other modules by a relative path, and export functions, classes and constants;
all else is refused, so that joining is safe. Comments and indentation are left out.

`read` gives the text of a module by its name, which is a path: so some may be generated. What a module
imports is named from where it stands itself.
"""

import posixpath
import re
from collections.abc import Callable, Iterable

Read = Callable[[str], str]
_IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.\.?/(?:[\w./]+/)?\w+\.js)";\n', re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*/\*(?:(?!\*/).)*\*/[ \t]*\n|^[ \t]*//[^\n]*\n", re.MULTILINE | re.DOTALL)
_END = re.compile(r"\s+// [^\"'`]*$")  # with no quote behind it, it is within no string
_CAST = re.compile(r"/\*\* @type \{.*?\} \*/ ?")  # within a line, for the checker of types
_PART = re.compile(r"^(?=(?:export )?(?:async )?(?:function|class|const|let) \w)", re.MULTILINE)
_TOP = re.compile(r"^(export )?(?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)


def module(entries: Iterable[str], read: Read) -> str:
    """An ES module whose default export holds what the entries export."""
    body, exports = _joined(entries, read)
    return f"{body}export default {{ {', '.join(exports)} }};\n"


def script(entries: Iterable[str], read: Read, name: str, only_used: bool = False) -> str:
    """The same as a classic script that sets `window.<name>`: browsers refuse modules on `file://` pages.

    `only_used` leaves out what nothing that is exported comes to, as much of what other front ends share.
    """
    body, exports = _joined(entries, read, only_used)
    return f'(() => {{\n"use strict";\n{body}window.{name} = {{ {", ".join(exports)} }};\n}})();\n'


def _joined(entries, read, only_used=False):
    """The text of the entries and all that they import, each once, after what it imports."""
    texts = {}
    for name in entries:
        _add(name, read, texts, ())
    owners = {}
    for name, text in texts.items():
        for declared in _names(text):
            if declared in owners:
                raise ValueError(f"{declared} is declared in {owners[declared]} and in {name}: one must go")
            owners[declared] = name
    exports = [declared for name in entries for exported, declared in _TOP.findall(texts[name]) if exported]
    if only_used:
        texts = _without_unused(texts, exports)
    body = "".join(
        _lean(name, re.sub(r"^export ", "", text, flags=re.MULTILINE)) for name, text in texts.items()
    )
    return body, exports


def _names(text):
    """All names that a module declares at its top, those of `const [A, B] = ...` too."""
    yield from (declared for _, declared in _TOP.findall(text))
    for several in re.findall(r"^(?:export )?(?:const|let) [\[{]([\w, ]+)[\]}] =", text, re.MULTILINE):
        yield from re.findall(r"\w+", several)


def _without_unused(texts, exports):
    """The texts without declarations whose names nothing mentions that is kept."""
    bare = {name: _COMMENT.sub("", text) for name, text in texts.items()}
    parts = [(name, part) for name, text in bare.items() for part in _PART.split(text)]
    declared = {found[2]: part for _, part in parts if (found := _TOP.match(part))}
    kept, open_names = set(), list(exports)
    open_names += [word for _, part in parts if not _TOP.match(part) for word in re.findall(r"\w+", part)]
    while open_names:
        name = open_names.pop()
        if name in declared and name not in kept:
            kept.add(name)
            open_names += re.findall(r"\w+", declared[name])
    return {
        name: "".join(
            part for of, part in parts if of == name and (not (m := _TOP.match(part)) or m[2] in kept)
        )
        for name in texts
    }


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
    """The text without comments on lines of their own or at the end of one, without types and indentation."""
    lines, comment = [], False
    for line in map(str.strip, text.split("\n")):
        starts = line.startswith("/*") and "*/" not in line[:-2]
        if line.count("`") % 2 and not (comment or starts or line.startswith("//")):
            raise ValueError(f"{name}: a template must end in its line, in {line!r}")
        if not (comment or starts or line.startswith("//") or not line):
            lines.append(_END.sub("", _CAST.sub("", line)) + "\n")
        comment = (comment or starts) and not line.endswith("*/")
    return "".join(lines)
