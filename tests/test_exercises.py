"""The checker: what it says of right, wrong and missing answers; every chapter's exercises have one."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from lib import conv_transpose, figures
from lib.exercises import Verdict, catalogue, check, registered
from lib.exercises.judging import Case, Finding, compare, try_function

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = sorted(ROOT.glob("chapters/[0-9]*.ipynb"))
EXERCISES = catalogue()
FUNCTIONS = [exercise for exercise in EXERCISES if len(exercise.cases) > 1]


def name_of(exercise):
    return exercise.name


def cells(path, kind):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == kind]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_exercise_of_a_chapter_has_a_specification_a_stub_and_a_solution(path):
    text, code = "\n".join(cells(path, "markdown")), "\n".join(cells(path, "code"))
    labels = re.findall(r"\{exercise\}[^\n]*\n:label: (\S+)", text)
    assert labels and len(set(labels)) == len(labels)
    for label in labels:
        assert label[:2] == path.stem[:2]
        assert label in {each.name for each in EXERCISES}, (
            f"register {label} in lib/exercises/chapter_{label[:2]}.py"
        )
        assert not check(label, None)
        assert code.count(f'check("{label}"') >= 2, f"{label}: a stub and a solution call check"
        assert f"{{solution-start}} {label}" in text


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_the_exercises_of_a_chapter_are_those_registered_and_in_its_order(path):
    found = re.findall(r"\{exercise\} ([^\n]*)\n:label: (\S+)", "\n".join(cells(path, "markdown")))
    here = [exercise for exercise in EXERCISES if exercise.chapter == int(path.stem[:2])]
    assert [(exercise.title, exercise.name) for exercise in here] == found


@pytest.mark.parametrize("exercise", EXERCISES, ids=name_of)
class TestEveryExercise:
    def test_takes_what_is_right_in_every_form(self, exercise):
        assert len(exercise.right) > 2 or np.asarray(exercise.solution).dtype.kind == "U"
        for answer in exercise.right:
            assert check(exercise.name, answer), (check(exercise.name, answer), answer)

    def test_refuses_plausible_mistakes_and_says_what_to_look_at(self, exercise):
        assert len(exercise.wrong) >= 2
        for mistake in exercise.wrong:
            verdict = check(exercise.name, mistake.answer)
            assert not verdict, mistake
            assert mistake.says.lower() in repr(verdict).lower(), (repr(verdict), mistake.says)

    def test_a_verdict_says_no_answer_until_it_is_asked_for(self, exercise):
        answer = exercise.solution_text
        for wrong in (exercise.wrong[0].answer, 0.5, [7, 7, 7], lambda *_: 7):
            shown = check(exercise.name, wrong)._repr_mimebundle_()
            assert ">wanted<" not in "".join(shown.values()) and "that is right" not in shown["text/plain"]
            assert callable(exercise.solution) or len(answer) < 4 or answer not in shown["text/plain"]
            assert answer in check(exercise.name, wrong, show=True)._repr_mimebundle_()["text/plain"]
        assert answer in repr(check(exercise.name, None, show=True))

    def test_has_two_hints_which_are_not_the_answer(self, exercise):
        assert len(exercise.hints) == 2 and exercise.difficulty in (1, 2, 3)
        for hint in exercise.hints:
            assert 20 < len(hint) < 240 and hint[-1] in ".?"
            assert (
                callable(exercise.solution)
                or len(exercise.solution_text) < 4
                or (exercise.solution_text.strip("[]") not in hint)
            )

    def test_the_tolerance_is_that_of_rounding(self, exercise):
        """One number in a million wrong is wrong, in every place; the last digit of a float is not."""
        if np.asarray(exercise.solution).dtype.kind in "iu":
            right = np.asarray(exercise.solution, float)
            for place in np.ndindex(right.shape):
                shift = np.zeros(right.shape)
                shift[place] = 1e-6 * max(1, abs(right[place]))
                assert not check(exercise.name, right + shift), place
                assert not check(exercise.name, right + 1e6 * shift) or exercise.name in SEVERAL
            if exercise.name not in SEVERAL:
                assert check(exercise.name, right * (1 + 1e-12))
        if exercise.cases:
            for number in range(len(exercise.cases)):
                assert not check(exercise.name, shifted(exercise, number, 1e-6)), number
            assert check(exercise.name, shifted(exercise, 0, 1e-12))


SEVERAL = ("04-hidden", "05-keep-size", "12-even-kernel")  # more than one answer is right


def shifted(exercise, number, by):
    """A function that is right but for one number of one case."""
    calls = iter(range(10**6))

    def answer(*arguments):
        result = np.array(exercise.solution(*arguments), float)
        if next(calls) == number:
            result.flat[-1] += by * max(1, abs(result.flat[-1]))
        return result

    return answer


def refusing(exercise, cases):
    """Which registered mistakes some of these cases refuse."""
    tried = [Case(exercise.solution, case) for case in cases]
    return [not try_function(mistake.answer, tried, alone=False).right for mistake in exercise.wrong]


# The cases without which a registered mistake would be taken, by number. A hard case replaced by an easy one
# changes this table.
HARD = {
    "01-build-c": [1],
    "02-backward": [1],
    "03-gather": [1],
    "05-gather": [2, 3],
    "06-gather": [2, 3],
    "07-output-size": [2, 3],
    "11-two-layers": [1],
    "14-multiplications": [2],
    "15-same": [2],
    "15-flax": [1],
}


@pytest.mark.parametrize("exercise", FUNCTIONS, ids=name_of)
def test_the_hard_cases_are_hard(exercise):
    cases = exercise.cases
    assert not all(refusing(exercise, cases[:1])), "some mistake survives the easiest case"
    needed = [n for n in range(len(cases)) if not all(refusing(exercise, cases[:n] + cases[n + 1 :]))]
    assert needed == HARD.get(exercise.name, [])


@pytest.mark.parametrize("exercise", [e for e in FUNCTIONS if e.alone], ids=name_of)
def test_what_is_not_allowed_is_refused(exercise):
    def by_the_book(*arguments):
        conv_transpose(np.ones((1, 1, 2)), np.ones((1, 1, 2)))
        return exercise.solution(*arguments)

    verdict = repr(check(exercise.name, by_the_book))
    assert (
        verdict
        == f"{exercise.name}: not yet: your function calls conv_transpose, and it should do without lib"
    )


def test_what_is_not_allowed_is_what_the_chapter_says():
    text = "\n".join(cell for path in CHAPTERS for cell in cells(path, "markdown"))
    exercises = re.findall(r"\{exercise\}[^\n]*\n:label: (\S+)\n(.*?)\n```", text, re.DOTALL)
    forbidden = {
        name for name, asked in exercises if "no function of `lib`" in " ".join(asked.lower().split())
    }
    assert forbidden == {exercise.name for exercise in EXERCISES if exercise.alone}


def test_a_profiler_of_the_reader_stays():
    import sys

    def profiler(*_):
        return None

    before = sys.getprofile()
    sys.setprofile(profiler)
    try:
        check("02-backward", lambda kernel, slopes: slopes)
        assert sys.getprofile() is profiler
    finally:
        sys.setprofile(before)


@pytest.mark.parametrize("nothing", [None, ...])
def test_no_answer_yet(nothing):
    verdict = check("01-count", nothing)
    assert not verdict and repr(verdict) == "01-count: not answered yet"


def test_a_value_right_and_wrong():
    right = [0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0]
    assert repr(check("01-row-of-c", right)) == "01-row-of-c: right" and check("01-row-of-c", right)
    wrong = right[:4] + [2] + right[5:]
    verdict = check("01-row-of-c", wrong)
    assert not verdict
    said = "1 of 16 numbers differ, the first in place 4 (counted from 0), where yours is 2"
    assert repr(verdict) == f"01-row-of-c: not yet: {said}"
    html = verdict._repr_mimebundle_()["text/html"]
    assert "yours, outlined where it differs" in html and "Outlined: position 4." in html
    assert html.count('class="tc-lit"') == 1 and "wanted" not in html
    html = check("01-row-of-c", wrong, show=True)._repr_mimebundle_()["text/html"]
    assert "yours" in html and "wanted" in html and "[0, 0, 0, 0, 1, 2, 3, 0, 4" in html
    assert "text/html" not in check("01-row-of-c", right)._repr_mimebundle_()


def test_a_number_wrong():
    assert repr(check("01-count", 89)) == "01-count: not yet: 89 is not it"
    assert "how many numbers does each of them hold?" in repr(check("01-count", 20))


def test_yes_or_no_is_not_told_by_place():
    verdict = check("12-blur", [1, 1, 1, 0, 1])
    assert repr(verdict) == "12-blur: not yet: 1 of 5 are not right"
    assert 'class="tc-lit"' not in verdict._repr_mimebundle_().get("text/html", "")


def test_shapes_and_kinds_of_answers_that_cannot_be_compared():
    asked = "what is asked for: a list of 16 numbers"
    for answer, fault in (
        ([1, 2, 3], "yours is of shape (3,)"),
        (5, "yours is one number"),
        ([[1, 2], [3]], "the rows of yours differ in length"),
        ("?", "yours is of type str"),
        (abs, "yours is a function"),
    ):
        assert repr(check("01-row-of-c", answer)) == f"01-row-of-c: not yet: {fault}; {asked}"
    assert not check("02-impostor", "b") and check("02-impostor", "a")
    assert "a function is asked for, got int" in repr(check("01-build-c", 7))
    assert check("01-count", [90]) and check("01-count", [[90.0]])


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_exercise_gives_a_verdict_on_any_answer(path):
    """A verdict that can be shown, whatever the answer is: a reader's first try may be of any kind."""
    answers = [
        0,
        1.5,
        "?",
        {},
        [],
        [[1, 2], [3]],
        ([1], "?"),
        1j,
        np.zeros((3, 3)),
        np.zeros((0, 2)),
        object(),
    ]
    returned = [None, [], "?", True, [[True, False]], [[1], [2, 3]]]
    functions = [lambda *_, value=value, **__: value for value in returned]
    for name in set(re.findall(r":label: (\d\d-\S+)", "\n".join(cells(path, "markdown")))):
        for answer in answers + functions:
            shown = check(name, answer)._repr_mimebundle_()
            assert shown["text/plain"].startswith(f"{name}: ")


def test_a_sentence_is_text_in_html():
    verdict = Verdict("00-none", Finding("not yet: for <function f>", yours=[1], wanted=[2]))
    assert "<p>00-none: not yet: for &lt;function f&gt;</p>" in verdict._repr_mimebundle_()["text/html"]


def drawing(numbers, label, lit=()):
    return figures.grid(np.array(numbers), role="output", label=label, lit=list(lit)).html()


def html(**found):
    solution = found.pop("solution", "")
    verdict = Verdict("00-none", Finding("not yet: so", **found), *[solution] * bool(solution))
    return verdict._repr_mimebundle_().get("text/html")


def test_a_verdict_draws_your_numbers_and_what_is_wanted_when_it_is_asked_for():
    found = {"yours": [5, 6, 7], "differs": np.array([False, True, True]), "wanted": [[5], [8]]}
    yours = drawing([5, 6, 7], "yours, outlined where it differs", [(1,), (2,)])
    assert html(**found) == f"<p>00-none: not yet: so</p>{yours}"
    answer = "<p>An answer that is right:</p><pre>1 &lt; 2</pre>"
    assert html(solution="1 < 2", **found) == (
        f"<p>00-none: not yet: so</p>{yours}{drawing([[5], [8]], 'wanted')}{answer}"
    )
    assert html(yours=[5, 6]) == f"<p>00-none: not yet: so</p>{drawing([5, 6], 'yours')}"
    assert html(solution="[5, 6]", yours=[5], wanted=["b"]) == (
        f"<p>00-none: not yet: so</p>{drawing([5], 'yours')}{answer.replace('1 &lt; 2', '[5, 6]')}"
    )
    assert repr(Verdict("00-none", Finding("not yet: so"))) == "00-none: not yet: so"


def test_what_is_too_much_to_read_or_no_grid_of_numbers_is_not_drawn():
    assert html(yours=np.arange(256)) and html(yours=np.ones((16, 16), "uint8"))
    for nothing in (np.arange(257), np.ones((2, 2, 2)), 5, [], [True, False], ["a"], [1j], None):
        assert html(yours=nothing) is None


def test_a_function_is_tried_on_every_case():
    verdict = check("02-backward", lambda kernel, slopes: None)
    assert "your function returned None" in repr(verdict) and "has it a return?" in repr(verdict)

    def fits_the_first_case_only(kernel, input_size):
        matrix = np.zeros((4, 16), int)
        for row, (i, j) in enumerate(np.ndindex(2, 2)):
            grid = np.zeros((4, 4), int)
            grid[i : i + 3, j : j + 3] = kernel
            matrix[row] = grid.ravel()
        return matrix

    verdict = check("01-build-c", fits_the_first_case_only)
    assert not verdict and "your function raised ValueError" in repr(verdict)
    assert "called with kernel=[[1, 2, 3], [4, 5, 6]], input_size=(4, 5)" in repr(verdict)


def test_a_function_that_changes_its_arguments_does_not_change_the_case():
    exercise = registered("02-backward")
    before = [[np.copy(argument) for argument in case] for case in exercise.cases]

    def spoils(kernel, slopes):
        result = exercise.solution(kernel.copy(), slopes.copy())
        kernel[:], slopes[:] = 0, 0
        return result

    assert check("02-backward", spoils)
    for case, kept in zip(exercise.cases, before, strict=True):
        assert all(map(np.array_equal, case, kept))


def test_a_case_is_told_with_its_numbers_if_they_are_few():
    case = Case(lambda kernel, size: None, (np.arange(12), 3))
    assert str(case) == "kernel=[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], size=3"
    assert str(case._replace(arguments=(np.ones((13, 1)), 3))) == "kernel=an array of shape (13, 1), size=3"


def test_a_finding_keeps_both_arrays_to_be_drawn_and_takes_a_sentence_more():
    finding = compare([1, 2, 3], [4, 5], "two numbers")
    assert (finding.yours.tolist(), finding.wanted.tolist()) == ([1, 2, 3], [4, 5])
    assert Finding("not yet").add("look at it").sentence == "not yet. Look at it"


@pytest.mark.parametrize("name", ["99-nothing", "01-nothing", "", 1, None])
def test_an_unknown_name_is_refused(name):
    with pytest.raises(ValueError, match="name must be that of an exercise of the book"):
        check(name, 1)
    with pytest.raises(ValueError, match="name must be that of an exercise of the book"):
        registered(name)
