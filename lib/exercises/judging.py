"""An answer held against what is wanted: what differs, and where to look; never what the answer is."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

BOOK = __name__.partition(".")[0]  # "lib", or the name under which it is installed


@dataclass(frozen=True, eq=False)
class Finding:
    """What a comparison found."""

    sentence: str
    right: bool = False
    yours: Any = None
    differs: Any = None  # True where the reader's array is not what is wanted
    wanted: Any = None

    def add(self, words: str) -> Finding:
        """The same with a sentence more."""
        return replace(self, sentence=f"{self.sentence}. {words[0].upper()}{words[1:]}")


RIGHT = Finding("right", right=True)


class Case(NamedTuple):
    """One call on which a function is tried."""

    specification: Callable
    arguments: tuple[Any, ...]

    def copies(self) -> list[Any]:
        """The arguments anew: what a reader's function does to them must not reach the next call."""
        return [a.copy() if isinstance(a, np.ndarray) else a for a in self.arguments]

    def __str__(self) -> str:
        names = inspect.signature(self.specification).parameters
        return ", ".join(f"{name}={_shown(a)}" for name, a in zip(names, self.arguments))


def _shown(argument: Any) -> str:
    """An argument in few words: a large array by its shape."""
    if not isinstance(argument, np.ndarray):
        return repr(argument)
    return str(argument.tolist()) if argument.size <= 12 else f"an array of shape {argument.shape}"


def compare(yours: Any, wanted: Any, asks: str, where: str = "") -> Finding:
    """Exact on integers; floats may differ in their last digits, since a sum may be taken in any order."""
    wanted = np.asarray(wanted)
    array, fault = _as_array(yours, wanted)
    if fault:
        return Finding(f"not yet: {fault}{where}; what is asked for: {asks}", yours=array, wanted=wanted)
    differs = ~_close(array, wanted)
    if not differs.any():
        return RIGHT
    yes_or_no = wanted.dtype == bool  # where the answer is yes or no, a place would be the answer
    sentence = f"not yet: {_what_differs(array, differs, yes_or_no)}{where}"
    return Finding(sentence, yours=array, differs=None if yes_or_no else differs, wanted=wanted)


def _as_array(yours: Any, wanted: np.ndarray) -> tuple[Any, str]:
    """The answer as an array of the form that is wanted, and what speaks against it."""
    if callable(yours):
        return None, "yours is a function"
    try:
        array = np.asarray(yours)
    except ValueError:
        return None, "the rows of yours differ in length"
    if (array.dtype.kind in "biufc") != (wanted.dtype.kind in "biufc"):
        return None, f"yours is of type {type(yours).__name__}"
    if array.size == 1 and wanted.ndim == 0:
        return array.reshape(()), ""  # [90] for 90
    if array.shape != wanted.shape:
        return array, f"yours is {'one number' if array.ndim == 0 else f'of shape {array.shape}'}"
    return array, ""


def _close(yours: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    if "c" in (yours.dtype.kind, wanted.dtype.kind) or "f" in (yours.dtype.kind, wanted.dtype.kind):
        return np.isclose(yours, wanted, rtol=1e-9, atol=1e-12)
    return np.asarray(yours == wanted)


def _what_differs(array: np.ndarray, differs: np.ndarray, yes_or_no: bool) -> str:
    if array.ndim == 0:
        return f"{array} is not it"
    count = f"{int(differs.sum())} of {array.size}"
    if yes_or_no:
        return f"{count} are not right"
    first = tuple(int(n) for n in np.argwhere(differs)[0])
    return f"{count} numbers differ, the first {place(first)}, where yours is {array[first]}"


def place(position: tuple[int, ...]) -> str:
    """A position in words.

    Examples
    --------
    >>> place((4,)), place((1, 0)), place((0, 1, 2))
    ('in place 4 (counted from 0)', 'in row 1, column 0 (counted from 0)', 'at index (0, 1, 2)')
    """
    if len(position) == 1:
        return f"in place {position[0]} (counted from 0)"
    if len(position) == 2:
        return f"in row {position[0]}, column {position[1]} (counted from 0)"
    return f"at index {position}"


def try_function(answer: Any, cases: list[Case], alone: bool) -> Finding:
    """The first case in which a function does not give what the specification gives."""
    if not callable(answer):
        return Finding(f"a function is asked for, got {type(answer).__name__}")
    for case in cases:
        wanted = np.asarray(case.specification(*case.copies()))
        called: list[str] = []
        try:
            with _calls_of_the_book(called):
                yours = answer(*case.copies())
        except Exception as error:  # whatever the reader's code raises is the answer to the reader
            sentence = f"your function raised {type(error).__name__}: {error}, called with {case}"
            return Finding(sentence, wanted=wanted)
        if alone and called:
            return Finding(f"not yet: your function calls {called[0]}, and it should do without {BOOK}")
        if yours is None:
            return Finding(
                f"not yet: your function returned None for {case}: has it a return?", wanted=wanted
            )
        finding = compare(yours, wanted, "a result of another size", f", for {case}")
        if not finding.right:
            return finding
    return replace(RIGHT, sentence=f"right, in {len(cases)} cases")


@contextmanager
def _calls_of_the_book(called: list[str]) -> Iterator[None]:
    """Write down every function of the book that is called; the exercises' own do not count."""

    def see(frame, event, _argument):
        module = frame.f_globals.get("__name__", "")
        if event == "call" and module.startswith(f"{BOOK}.") and not module.startswith(__package__):
            called.append(frame.f_code.co_name)

    before = sys.getprofile()
    sys.setprofile(see)
    try:
        yield
    finally:
        sys.setprofile(before)


def same(answer: Any, mistake: Any, cases: tuple[tuple[Any, ...], ...]) -> bool:
    """Whether an answer is a known mistake: the same value, or a function with the same results."""
    if not cases:
        return not callable(answer) and _equal(answer, mistake)
    return callable(answer) and all(
        _equal(_result(answer, arguments), _result(mistake, arguments)) for arguments in cases
    )


def _result(answer: Callable, arguments: tuple[Any, ...]) -> Any:
    try:
        return answer(*Case(answer, arguments).copies())
    except Exception as error:  # two functions that fail alike are alike
        return type(error).__name__


def _equal(one: Any, other: Any) -> bool:
    try:
        return bool(np.array_equal(one, other))
    except (ValueError, TypeError):  # rows of different length
        return False
