"""One style sheet for all pages, cut to what they use.

The theme and the extensions bring ten sheets of 600 kB, of which the pages use a twelfth. A rule stays here
if each class, id, element and attribute in its selector occurs on some page, or as a word in a script, which
may set it later (an open menu, a chosen theme). What a pseudo-class asks (:hover, :not(...)) is never a
reason to go.
"""

import re
from dataclasses import dataclass, field

import tinycss2

# The theme's sheets in the order in which its pages load them, then the extensions', then ours.
SHEETS = [
    "basic.css",
    "styles/pydata-sphinx-theme.css",
    "pygments.css",
    "styles/sphinx-book-theme.css",
    "copybutton.css",
    "mystnb.*.css",
    "exercise.css",
    "sphinx-design.min.css",
    "figures.css",
    "live.css",
    "book.css",
]
TAG = re.compile(r"<([a-z][\w-]*)((?:\s+[^\s=>\"']+(?:=(?:\"[^\"]*\"|'[^']*'|[^\s>]+))?)*)\s*/?>")
ATTRIBUTE = re.compile(r"([^\s=>\"']+)(?:=(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+)))?")
NESTING = {"media", "supports", "layer", "container"}
# Signs of a rule that draws an icon out of the theme's font of icons, which is not here: icons.py draws them.
# Its letters are those that Unicode leaves to private use; in any other font they are a box.
ICON_FONT = re.compile(r"Font Awesome|var\(--fa-|--pst-icon|[\ue000-\uf8ff]")


@dataclass
class Used:
    """What occurs on the pages: elements, attributes, classes and ids; and every word of the scripts."""

    tags: set = field(default_factory=lambda: {"html", "body", "root", "host"})
    attributes: set = field(default_factory=set)
    names: set = field(default_factory=set)
    words: set = field(default_factory=set)

    def add_page(self, html):
        for tag, attributes in TAG.findall(html):
            self.tags.add(tag)
            if attributes:
                for name, *values in ATTRIBUTE.findall(attributes):
                    self.attributes.add(name)
                    if name in ("class", "id"):
                        self.names.update("".join(values).split())

    def add_script(self, text):
        self.words.update(re.findall(r"[A-Za-z_][\w-]*", text))

    def has_name(self, name):
        return name in self.names or name in self.words

    def has_tag(self, name):
        return name.lower() in self.tags or name in self.words

    def has_attribute(self, name):
        dataset = re.sub(r"-(\w)", lambda match: match[1].upper(), name.removeprefix("data-"))
        return name in self.attributes or name in self.words or dataset in self.words


@dataclass
class Rule:
    """A rule: what stands before its braces (a text a selector), and in them declarations or other rules."""

    heads: list
    declarations: list = field(default_factory=list)  # (name, value)
    rules: list = field(default_factory=list)
    selectors: list = field(default_factory=list)  # the heads as tokens; none for what begins with an @

    def __str__(self):
        inside = ";".join(map(":".join, self.declarations)) + "".join(map(str, self.rules))
        return f"{','.join(self.heads)}{{{inside}}}" if inside else ""


def tight(tokens):
    """The tokens as text, with no more white space than they need."""
    return re.sub(r"\s+", " ", tinycss2.serialize(tokens)).strip().replace(", ", ",")


def split(tokens, separator):
    """The parts of a list of tokens between the literal tokens `separator`."""
    parts = [[]]
    for token in tokens:
        if token.type == "literal" and token.value == separator:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def read_declarations(tokens):
    for item in tinycss2.parse_blocks_contents(tokens, skip_comments=True, skip_whitespace=True):
        if item.type == "declaration":
            yield item.name, tight(item.value) + ("!important" if item.important else "")


def read_rule(rule):
    if rule.type == "qualified-rule":
        selectors = split(rule.prelude, ",")
        return Rule([tight(s) for s in selectors], list(read_declarations(rule.content)), selectors=selectors)
    made = Rule([f"@{rule.at_keyword} {tight(rule.prelude)}".strip()])
    if rule.at_keyword in NESTING or rule.at_keyword.endswith("keyframes"):
        made.rules = read_rules(tinycss2.parse_rule_list(rule.content, True, True))
        if rule.at_keyword.endswith("keyframes"):
            for frame in made.rules:
                frame.selectors = []  # "from" and "50%" are no selectors
    else:
        made.declarations = list(read_declarations(rule.content))
    return made


def read_rules(rules):
    return [read_rule(rule) for rule in rules if rule.type != "error" and rule.content is not None]


def read_sheet(css):
    return read_rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True))


def may_match(selector, used):
    """Whether all that the selector names occurs somewhere; never false for one that matches."""
    before = None
    for token in selector:
        if token.type == "hash" or (token.type == "ident" and before == "."):
            there = used.has_name(token.value)
        elif token.type == "ident" and before != ":":
            there = used.has_tag(token.value)
        elif token.type == "[] block":
            names = [part.value for part in token.content if part.type == "ident"]
            there = not names or used.has_attribute(names[0])
        else:
            there = True
        if not there:
            return False
        before = token.value if token.type == "literal" else None
    return True


def draws_with_icon_font(rule):
    values = [value.replace("\\", "") for name, value in rule.declarations if not name.startswith("--")]
    return any(map(ICON_FONT.search, values))


def cut_selectors(rules, used):
    """Take away the selectors that can match nothing, and the rules that have none left."""
    kept = []
    for rule in rules:
        if rule.selectors:
            stay = [n for n, selector in enumerate(rule.selectors) if may_match(selector, used)]
            rule.heads, rule.selectors = [rule.heads[n] for n in stay], [rule.selectors[n] for n in stay]
        rule.rules = cut_selectors(rule.rules, used)
        if rule.heads and not draws_with_icon_font(rule):
            kept.append(rule)
    return kept


def all_declarations(rules):
    for rule in rules:
        yield from rule.declarations
        yield from all_declarations(rule.rules)


def cut_variables(rules, kept):
    for rule in rules:
        rule.declarations = [(n, v) for n, v in rule.declarations if not n.startswith("--") or n in kept]
        cut_variables(rule.rules, kept)


def cut_unasked(rules, elsewhere):
    """Take away the variables and movements that neither the rules nor the text `elsewhere` ask for."""
    named = set(re.findall(r"--[\w-]+", elsewhere))
    count = -1
    while count != (count := sum(1 for _ in all_declarations(rules))):
        values = " ".join(value for _, value in all_declarations(rules))
        cut_variables(rules, named | set(re.findall(r"var\(\s*(--[\w-]+)", values)))
    values = " ".join(v for n, v in all_declarations(rules) if n.startswith("animation")) + elsewhere
    return [rule for rule in rules if "keyframes " not in rule.heads[0] or rule.heads[0].split()[1] in values]


def full_sheet(static):
    """The sheets as they come, one after the other."""
    files = [path for pattern in SHEETS for path in sorted(static.glob(pattern))]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def small_sheet(static, pages, scripts):
    """The sheet for `pages` (their texts) that run `scripts` (one text)."""
    used = Used()
    used.add_script(scripts)
    for html in pages:
        used.add_page(html)
    rules = cut_selectors(read_sheet(full_sheet(static)), used)
    return "".join(map(str, cut_unasked(rules, scripts + "".join(pages))))
