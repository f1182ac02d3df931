"""What the book says about itself: pointers lead where they promise, sources are cited."""

import re
from functools import cache
from pathlib import Path

import nbformat
import pytest

from tools.minutes import LINK, ROW, chapters, minutes, pointed_to, table

ROOT = Path(__file__).resolve().parent.parent
PAGES = [
    ROOT / "index.ipynb",
    *sorted(ROOT.glob("chapters/[!_]*.ipynb")),
    *sorted(ROOT.glob("chapters/*.md")),
]
NUMBERED = chapters()
CITE = re.compile(r"\{cite(?::[tp])?\}`([^`]+)`")
# In the text a word may stand in another form than in the glossary.
FORMS = {
    "C": ["matrix C"],
    "fan-in": ["fan-in"],
    "transpose": ["transposed", "transpose"],
    "equivalent direct convolution": ["padded picture", "equivalent convolution", "ordinary convolution"],
    "full result": ["full result"],
    "prime": ["prime"],
}
# Words of every page, which need no chapter before: the test of prerequisites leaves them out.
EVERYWHERE = {
    "C",
    "convolution",
    "input",
    "kernel",
    "weight",
    "window",
    "batch",
    "channel",
    "padding",
    "stamp",
} | {
    "transpose",
    "transposed convolution",
    "rotation",
    "adjoint",
    "prime",
    "crop",
    "stride",
}


@cache
def read(path):
    return nbformat.read(path, as_version=4)


def text_of(path):
    """All that a reader can read of a page, and the code."""
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8")
    return "\n\n".join(cell.source for cell in read(path).cells)


def plain(text):
    return re.sub(r"[-\s]+", " ", re.sub(r"[*_`]", "", text)).lower()


TEXTS = {path.stem: text_of(path) for path in PAGES}


def stem(number):
    return NUMBERED[number].stem


def count(term, text):
    """How often the term, or its plural, stands in a text. Of SAME or MAC only the capitals count."""
    if term.isupper():
        return len(re.findall(rf"(?<!\w){term}s?(?!\w)", text))
    return len(re.findall(rf"(?<!\w){re.escape(plain(term))}(e?s)?(?!\w)", plain(text)))


def says(page, term):
    return any(count(form, TEXTS[page]) for form in FORMS.get(term, [term]))


def glossary():
    """term: its explanation."""
    block = re.search(r"```\{glossary\}\n(.*?)\n```", TEXTS["glossary"], re.DOTALL)[1]
    entries = re.split(r"\n(?=\S)", block)
    return {entry.split("\n")[0]: "\n".join(entry.split("\n")[1:]) for entry in entries}


GLOSSARY = glossary()
POINTERS = [(term, number) for term, text in GLOSSARY.items() for number in LINK.findall(text)]


def test_the_glossary_is_read():
    assert len(GLOSSARY) > 50 and len(POINTERS) > 50
    assert says("06-stride", "stride") and not says("06-stride", "ICNR")


def test_the_glossary_is_in_the_order_of_the_alphabet():
    words = [term.lower().replace("_", " ") for term in GLOSSARY]
    assert words == sorted(words)


@pytest.mark.parametrize(("term", "number"), POINTERS, ids=lambda value: str(value))
def test_a_term_stands_where_the_glossary_points(term, number):
    assert says(stem(number), term), (
        f"the glossary sends the reader of {term!r} to chapter {number}, where it is not"
    )


def sentences(text):
    """Sentences of the text with their links kept; tables, fences and code are no sentences."""
    for part in re.split(r"\n\s*\n|(?<=[.?!:])\s+(?=[A-Z*\[])|^\|", text, flags=re.MULTILINE):
        if LINK.search(part):
            yield part


@pytest.mark.parametrize("page", sorted(set(TEXTS) - {"glossary", "api", "api-more"}))
def test_a_sentence_points_to_pages_that_have_its_words(page):
    """The glossary terms of a sentence with a pointer occur on one of the pages that it names."""
    for sentence in sentences(TEXTS[page]):
        targets = [stem(number) for number in LINK.findall(sentence)]
        words = re.sub(r"\]\([^)]*\)", "]", sentence)
        for term in set(GLOSSARY) - set(FORMS):
            if not count(term, words):
                continue
            assert any(says(target, term) for target in targets), f"{term!r}: {sentence!r}"


def needs(number):
    """The chapters that the table of a chapter names."""
    first = read(NUMBERED[number]).cells[0].source
    rows = [row for row in ROW.finditer(first) if row["where"] != "here"]
    return {other for row in rows for other in pointed_to(row["where"])}


def all_before(number):
    """What a reader who followed every table has read."""
    known = set()
    todo = needs(number)
    while todo:
        one = todo.pop()
        known.add(one)
        todo |= needs(one) - known
    return known


def body(number):
    """A chapter's text without its opening, summary, outlook and further reading."""
    cells = read(NUMBERED[number]).cells[1:]
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return text.split("\n## Summary")[0]


@pytest.mark.parametrize("number", NUMBERED)
def test_what_a_chapter_uses_is_in_its_table(number):
    earlier = {other for other in LINK.findall(body(number)) if other < number}
    missing = earlier - all_before(number)
    assert not missing, f"chapter {number} points back to {sorted(missing)}: name them under 'You need'"
    home = {}  # term: the first chapter that the glossary names for it
    for term, where in POINTERS:
        home[term] = min(where, home.get(term, "99"))
    for term, where in home.items():
        used = count(term, body(number))
        if term not in EVERYWHERE and where < number and used >= 3:
            assert where in all_before(number), (
                f"chapter {number} says {term!r} {used} times, chapter {where} explains"
            )


def test_settings_are_explained_before_they_are_used():
    """A call with stride, dilation, groups or output_padding needs the chapter that explains the word."""
    explained = {"output_padding=": "07", "dilation=": "08", "groups=": "09"}
    for number, path in NUMBERED.items():
        code = "\n".join(c.source for c in read(path).cells if c.cell_type == "code")
        for word, where in explained.items():
            if where < number and len(re.findall(rf"\b{word}", code)) >= 2:
                assert where in all_before(number), (
                    f"chapter {number} calls with {word}, chapter {where} explains it"
                )


def printed_minutes():
    """number: what the chapter's own table says that it takes."""
    tables = {number: read(path).cells[0].source for number, path in NUMBERED.items()}
    return {
        number: int(re.search(r"\| this chapter \| here \| (\d+) \|", text)[1])
        for number, text in tables.items()
    }


@pytest.mark.parametrize("number", NUMBERED)
def test_minutes(number):
    """The rule is in tools/minutes.py, and `python tools/minutes.py --write` writes the tables."""
    printed = printed_minutes()
    # A sentence more may tip the rounding; what is printed is never more than five minutes off.
    assert abs(printed[number] - minutes(read(NUMBERED[number]))) <= 5
    first = read(NUMBERED[number]).cells[0].source
    assert first == table(first, number, printed), "a row of the table is not what the chapters it names say"


def test_minutes_count_what_a_reader_reads():
    def cells(*sources, kind=nbformat.v4.new_markdown_cell, tags=()):
        made = [kind(source) for source in sources]
        for cell in made:
            cell.metadata = {"tags": list(tags)}
        return made

    lines = "\n".join(["x = 1"] * 50)
    text, exercise = cells("word " * 1000), cells("```{exercise} One\n```")
    code = cells(lines, kind=nbformat.v4.new_code_cell)
    folded = cells(lines, kind=nbformat.v4.new_code_cell, tags=["hide-input"])
    solution = cells("```{solution-start} one\n```", "word " * 1000, "```{solution-end}\n```")
    for parts, expected in (
        (text, 5),
        (text + exercise, 10),
        (text + code, 10),
        (text + folded + solution, 5),
    ):
        assert minutes(nbformat.v4.new_notebook(cells=parts)) == expected


def entries():
    """key: the text of the entry."""
    parts = re.split(r"^@\w+\{", (ROOT / "references.bib").read_text(encoding="utf-8"), flags=re.MULTILINE)[
        1:
    ]
    return {part.split(",")[0]: part for part in parts}


def test_every_source_is_cited_and_every_cited_source_is_there():
    cited = {key.strip() for text in TEXTS.values() for keys in CITE.findall(text) for key in keys.split(",")}
    assert cited == set(entries())


def test_key_and_year_of_a_source_agree():
    for key, entry in entries().items():
        assert re.search(r"year = \{(\d{4})\}", entry)[1] == re.search(r"\d{4}", key)[0], key


def test_the_tables_of_the_questions_are_in_the_order_of_the_sections():
    """Each section of both pages has a row on the first, and those of the second one there."""
    first, second = (TEXTS[f"questions-{name}"] for name in ("and-answers", "in-practice"))
    rows, sections = (
        [re.findall(form, text) for text in (first, second)]
        for form in (r"\]\(#(qa-[\w-]+)\) \|", r"\((qa-[\w-]+)\)=\n+## ")
    )
    assert rows[1] == sections[1]
    assert rows[0] == sections[0][:-1] + sections[1] + sections[0][-1:]


def test_the_landing_page_says_how_many_cells_are_not_compared():
    loose = {}
    for path in NUMBERED.values():
        tags = [cell.metadata.get("tags", []) for cell in read(path).cells]
        loose[path.stem] = sum("nbval-ignore-output" in some for some in tags)
    assert {page for page, count in loose.items() if count} == {"14-computed-fast"}
    assert loose["14-computed-fast"] == 4
    assert "four cells of [chapter 14]" in " ".join(TEXTS["index"].split())


# --- one letter, one meaning

LETTERS = re.compile(r"^\| (?P<letter>[^|]+) \| (?P<meaning>[^|]+) \| (?P<where>[^|]+) \|$", re.MULTILINE)


def letters():
    """letter: the chapters in which it has the meaning of the glossary's table."""
    part = TEXTS["glossary"].split("## Letters")[1]
    rows = list(LETTERS.finditer(part))[1:]  # behind the head
    known = {}
    for row in rows:
        for letter in re.findall(r"\$([^$]+)\$", row["letter"]):
            assert letter not in known, f"{letter} has two meanings"
            known[letter] = chapter_numbers(row["where"])
    return known


def chapter_numbers(where):
    if where.strip() == "all":
        return set(NUMBERED)
    numbers = set()
    for part in where.split(","):
        first, _, last = part.strip().partition(" to ")
        numbers |= {f"{n:02}" for n in range(int(first), int(last or first) + 1)}
    return numbers


def math(text):
    """The letters in the formulas of a text, without their primes and indices."""
    text = re.sub(r"```.*?```", lambda block: block[0].replace("`", ""), text, flags=re.DOTALL)
    formulas = re.findall(r"\$\$(.+?)\$\$", text, re.DOTALL) + re.findall(r"(?<!\$)\$([^$\n]+?)\$", text)
    for formula in formulas:
        formula = re.sub(r"\\(text|mathrm|mathsf)\s*\{[^}]*\}", " ", formula)
        formula = re.sub(r"_(\\text)?\{?(be|in|b|e)\}?(?![A-Za-z])", " ", formula)
        formula = re.sub(r"\\begin\{\w+\}|\\end\{\w+\}", " ", formula)
        formula = re.sub(r"\\(hat|tilde)\s+", r"\\\1", formula)
        yield from re.findall(r"\\hatk|\\kappa|(?<![\\A-Za-z])[A-Za-z](?![A-Za-z])", formula)


@pytest.mark.parametrize("number", NUMBERED)
def test_a_letter_in_a_formula_has_the_meaning_of_the_table(number):
    known = letters()
    text = "\n\n".join(cell.source for cell in read(NUMBERED[number]).cells if cell.cell_type == "markdown")
    for letter in sorted(set(math(text))):
        letter = letter.replace("\\hatk", "\\hat k")
        assert letter in known, f"{letter} is not in the glossary's table of letters"
        assert number in known[letter], f"{letter}: the table does not say that chapter {number} uses it"


# s, k, d, p, a or g in arithmetic that is set as text: d(k − 1) + 1 − s
IN_TEXT = re.compile(
    r"(?<![\w'’.])([skdpag])(?:\((?=[a-z0-9] ?[−+])|\s?[−·]\s?(?=[\w(])|\s[+/=]\s(?=[\w(⌈]))"
)


@pytest.mark.parametrize("number", NUMBERED)
def test_the_table_names_the_chapters_that_have_a_setting_in_their_text(number):
    text = "\n\n".join(cell.source for cell in read(NUMBERED[number]).cells if cell.cell_type == "markdown")
    text = re.sub(r"```[a-z]*\n.*?```|`[^`\n]*`|\$\$.+?\$\$|\$[^$\n]+\$", "", text, flags=re.DOTALL)
    for letter in set(IN_TEXT.findall(text)):
        assert number in letters()[letter], f"{letter}: the table does not say that chapter {number} uses it"


def test_letters_that_had_two_meanings():
    """q is a cell of the large array, r a phase, f a factor, a the output_padding, x the large side."""
    for number, path in NUMBERED.items():
        cells = read(path).cells
        code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
        assert not re.search(r"padding=q\b|for q in range\(k", code), f"{number}: q is a padding"
        assert not re.search(
            r"\bfor a in range\(\d|\ba, b = |lambda a\b|\[a, b\]|^a = np", code, re.MULTILINE
        ), number
        assert not re.search(r"\bfor r, k in|stride=r\b|factor r\b", code), f"{number}: r is a factor"
    chapter_14 = "\n".join(cell.source for cell in read(NUMBERED["14"]).cells if cell.cell_type == "code")
    assert not re.search(r"\bx(_small|_int)?\b", chapter_14), "chapter 14: the small side is y"
