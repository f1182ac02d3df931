"""What an exercise is, and how a chapter's file registers one: its answer, its hints, its usual mistakes.

A file `chapter_NN` decorates a specification: `value` where one value is asked for, `function` where a
function is, `accepts` where many answers are right. Mistakes are data like the rest: `check` recognises them
and says more than where the numbers differ, and the tests hand every one of them in.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from textwrap import dedent
from typing import Any, NamedTuple, TypedDict, Unpack

import numpy as np

from .judging import RIGHT, Case, Finding, compare, same, try_function

Specification = Callable[..., Any]


class Mistake(NamedTuple):
    """A wrong answer that readers give, and what `check` says to it: what to look at, never the answer."""

    answer: Any
    says: str


class About(TypedDict, total=False):
    """What every exercise tells of itself."""

    title: str  # as in the chapter
    difficulty: int  # 1 look it up in the chapter, 2 think, 3 write a program or combine chapters
    asks: str  # the form of the answer, as in the stub
    hints: tuple[str, str]  # the first points, the second almost says it
    also_right: tuple[Any, ...]  # right answers besides the specification's own
    wrong: tuple[tuple[Any, str], ...]  # plausible mistakes, each with what is said to it


@dataclass(frozen=True, eq=False)
class Exercise:
    """An exercise of the book as data: for `check`, for a table of all exercises, for tests.

    Examples
    --------
    >>> exercise = registered("01-count")
    >>> exercise.title, exercise.chapter, exercise.difficulty, len(exercise.hints)
    ('Count before you build', 1, 1, 2)
    >>> exercise.wrong[0].answer
    20
    """

    name: str
    title: str
    difficulty: int
    asks: str
    hints: tuple[str, str]
    also_right: tuple[Any, ...]
    wrong: tuple[Mistake, ...]
    judge: Callable[[Any], Finding]
    solution: Any  # a value, or the slow function in plain loops
    cases: tuple[tuple[Any, ...], ...] = ()  # of a function: the arguments that it is tried on
    alone: bool = False  # whether the function must do without the book's own

    @property
    def chapter(self) -> int:
        """Number of the chapter in which the exercise stands."""
        return int(self.name[:2])

    @property
    def right(self) -> tuple[Any, ...]:
        """Answers that must be taken: the solution, the same in other forms, and others that are right."""
        return (self.solution, *_forms(self.solution), *self.also_right)

    @property
    def solution_text(self) -> str:
        """The solution as text: a value as Python writes it, a function as its source."""
        if not callable(self.solution):
            return repr(np.asarray(self.solution).tolist())
        source = inspect.getsource(self.solution)
        return dedent(source[source.index("def ") :]).rstrip()


_registered: dict[str, Exercise] = {}


def value(name: str, **about: Unpack[About]) -> Callable[[Specification], Specification]:
    """Register the decorated function: what it returns is the answer that is asked for."""

    def register(specification: Specification) -> Specification:
        wanted = specification()
        _add(name, about, lambda answer: compare(answer, wanted, about["asks"]), wanted)
        return specification

    return register


def accepts(name: str, example: Any, **about: Unpack[About]) -> Callable[[Specification], Specification]:
    """Register the decorated function, for many right answers: it says what is wrong with one, or None."""

    def register(specification: Specification) -> Specification:
        def judge(answer: Any) -> Finding:
            try:
                fault = specification(answer)
            except Exception as error:  # the answer is not even of the kind that is asked for
                fault = f"your answer cannot be read, {type(error).__name__}: {error}"
            return RIGHT if fault is None else Finding(f"not yet: {fault}")

        _add(name, about, judge, example)
        return specification

    return register


def function(
    name: str, *cases: tuple[Any, ...], alone: bool = False, **about: Unpack[About]
) -> Callable[[Specification], Specification]:
    """Register the decorated function as the slow specification of the function that is asked for.

    Each case is a tuple of positional arguments. With `alone` the answer may call no function of this book.
    """

    def register(specification: Specification) -> Specification:
        tried = [Case(specification, arguments) for arguments in cases]
        _add(name, about, lambda answer: try_function(answer, tried, alone), specification, cases, alone)
        return specification

    return register


def _add(
    name: str,
    about: About,
    judge: Callable[[Any], Finding],
    solution: Any,
    cases: tuple[tuple[Any, ...], ...] = (),
    alone: bool = False,
) -> None:
    mistakes = tuple(Mistake(*entry) for entry in about["wrong"])
    _registered[name] = Exercise(
        name,
        about["title"],
        about["difficulty"],
        about["asks"],
        about["hints"],
        about.get("also_right", ()),
        mistakes,
        lambda answer: _recognised(judge(answer), answer, mistakes, cases),
        solution,
        cases,
        alone,
    )


def _recognised(finding: Finding, answer: Any, mistakes: tuple[Mistake, ...], cases: tuple) -> Finding:
    """The finding, with what is to be said to the mistake that the answer is."""
    known = [] if finding.right else [m.says for m in mistakes if same(answer, m.answer, cases)]
    told = [says for says in known[:1] if says not in finding.sentence]
    return finding.add(told[0]) if told else finding


def registered(name: str) -> Exercise:
    """The exercise of that name, for example "01-count".

    Raises
    ------
    ValueError
        If there is no exercise of that name.
    """
    if name not in _registered:
        with suppress(ModuleNotFoundError):  # the message below says it better
            import_module(f"{__package__}.chapter_{str(name)[:2]}")
    if name not in _registered:
        raise ValueError(f"name must be that of an exercise of the book, such as '01-row-of-c', got {name!r}")
    return _registered[name]


def catalogue() -> list[Exercise]:
    """Every exercise of the book, chapter by chapter, in the order of the chapter.

    Examples
    --------
    >>> [exercise.name for exercise in catalogue()][:3]
    ['01-row-of-c', '01-count', '01-build-c']
    """
    for path in sorted(Path(__file__).parent.glob("chapter_*.py")):
        import_module(f"{__package__}.{path.stem}")
    return sorted(_registered.values(), key=lambda exercise: exercise.chapter)


def _forms(solution: Any) -> tuple[Any, ...]:
    """The solution as a list, a tuple, floats and int64: a reader may write any of them."""
    if callable(solution):
        ways = (_as_list, _as_tuple, _as_float, _as_whole)
        return tuple(_returning(solution, way) for way in ways)
    if np.asarray(solution).dtype.kind not in "biu":
        return ()
    forms = (_as_list(solution), _as_tuple(solution), _as_float(solution), np.int64(solution))
    return (*forms, [solution]) if np.ndim(solution) == 0 else forms


def _as_list(answer: Any) -> Any:
    return np.asarray(answer).tolist()


def _as_float(answer: Any) -> Any:
    return np.asarray(answer, float)


def _as_tuple(answer: Any) -> Any:
    answer = _as_list(answer)
    return tuple(_as_tuple(entry) for entry in answer) if isinstance(answer, list) else answer


def _as_whole(answer: Any) -> Any:
    """As int64 where every number is whole; other numbers have no such form."""
    whole = np.asarray(answer).astype(np.int64)
    return whole if np.array_equal(whole, answer) else answer


def _returning(answer: Callable, way: Callable) -> Callable:
    """The function with its results in another form."""
    return lambda *arguments: way(answer(*arguments))
