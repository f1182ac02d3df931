"""Exercises that check themselves: `check(name, answer)` compares with the specification and draws both.

The specification of exercise `NN-name` is registered in the module `chapter_NN` beside this file: the value
that is asked for; or, where a function is asked for, the slow function in plain loops and the cases to try
it on; or, where many answers are right, a function that says what is wrong with one.
"""

from collections.abc import Callable
from contextlib import suppress
from html import escape
from importlib import import_module
from typing import Any

import numpy as np

from .. import figures

_judges: dict[str, Callable] = {}  # name -> the function that gives the verdict on an answer


def value(name):
    """Register the decorated function: what it returns is the answer that is asked for."""

    def register(specification):
        _judges[name] = lambda answer: _compare(name, answer, specification(), "")
        return specification

    return register


def accepts(name):
    """Register the decorated function, for many right answers: it says what is wrong with one, or None."""

    def register(specification):
        def judge(answer):
            try:
                fault = specification(answer)
            except Exception as error:  # the answer is not even of the kind that is asked for
                fault = f"your answer cannot be read, {type(error).__name__}: {error}"
            return _right(name) if fault is None else Verdict(name, f"not yet: {fault}")

        _judges[name] = judge
        return specification

    return register


def function(name, *cases):
    """Register the decorated function as the slow specification of the function that is asked for.

    Each case is a tuple of positional arguments; a dictionary at its end gives keyword arguments.
    """

    def register(specification):
        _judges[name] = lambda answer: _check_function(name, answer, specification, cases)
        return specification

    return register


def check(name, answer):
    """Compare an answer with the specification of the exercise `name`.

    Parameters
    ----------
    name : str
        The exercise's name, for example "01-row-of-c".
    answer : array, number or function, as the exercise asks; None or ... while there is none

    Returns
    -------
    Verdict
        True where the answer is right. As the last line of a cell it shows what differs.

    Raises
    ------
    ValueError
        If there is no exercise of that name.

    Examples
    --------
    >>> check("01-row-of-c", None)
    01-row-of-c: not answered yet
    >>> check("14-volume", 27)
    14-volume: right
    """
    judge = _judge_of(name)
    return Verdict(name, "not answered yet") if answer is None or answer is Ellipsis else judge(answer)


class Verdict:
    """What `check` found: true or false, a sentence, and a drawing of both arrays where they can be drawn."""

    def __init__(self, name: str, sentence: str, right: bool = False, yours: Any = None, wanted: Any = None):
        self.sentence = f"{name}: {sentence}"
        self.right, self.yours, self.wanted = right, yours, wanted

    def __bool__(self):
        return self.right

    def __repr__(self):
        return self.sentence

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = {"text/plain": self.sentence}
        drawings = [] if self.right else [_drawing(self.yours, "yours"), _drawing(self.wanted, "wanted")]
        if any(drawings):
            bundle["text/html"] = f"<p>{escape(self.sentence, quote=False)}</p>" + "".join(drawings)
        return bundle


def _right(name, where=""):
    return Verdict(name, f"right{where}", right=True)


def _drawing(array, label):
    """The array as a figure, or nothing where there is nothing to draw or too much to read."""
    array = np.asarray(array)
    if array.dtype.kind not in "biuf" or array.ndim not in (1, 2) or not 0 < array.size <= 256:
        return ""
    array = array.astype(int) if array.dtype == bool else array
    return figures.grid(array, role="output", label=label).html()


def _judge_of(name):
    if name not in _judges:
        with suppress(ModuleNotFoundError):  # the message below says it better
            import_module(f"{__name__}.chapter_{str(name)[:2]}")
    if name not in _judges:
        raise ValueError(f"name must be that of an exercise of the book, such as '01-row-of-c', got {name!r}")
    return _judges[name]


def _check_function(name, answer, specification, cases):
    if not callable(answer):
        return Verdict(name, f"a function is asked for, got {type(answer).__name__}")
    for case in cases:
        *arguments, last = case
        keywords = last if isinstance(last, dict) else {}
        arguments = arguments if isinstance(last, dict) else [*arguments, last]
        shown = ", ".join([*map(_shown, arguments), *(f"{key}={value}" for key, value in keywords.items())])
        wanted = specification(*_copies(arguments), **keywords)
        try:
            yours = answer(*_copies(arguments), **keywords)
        except Exception as error:  # whatever the reader's code raises is the answer to the reader
            return Verdict(name, f"your function raised {type(error).__name__}: {error}, called with {shown}")
        verdict = _compare(name, yours, wanted, f" for {shown}")
        if not verdict:
            return verdict
    return _right(name, f", in {len(cases)} cases")


def _copies(arguments):
    return [a.copy() if isinstance(a, np.ndarray) else a for a in arguments]


def _shown(argument):
    """An argument in few words: an array by its shape."""
    return f"array of shape {argument.shape}" if isinstance(argument, np.ndarray) else repr(argument)


def _compare(name, yours, wanted, where):
    """Exact on integers; floats may differ in their last digits, since a sum may be taken in any order."""
    try:
        yours = np.asarray(yours)
    except ValueError:
        return Verdict(name, "the rows of your answer differ in length")
    wanted = np.asarray(wanted)
    numeric = all(each.dtype.kind in "biufc" for each in (yours, wanted))
    if yours.shape != wanted.shape:
        sentence = f"the shape should be {wanted.shape}, yours is {yours.shape}{where}"
        return Verdict(name, sentence, False, yours, wanted)
    if numeric and (np.issubdtype(wanted.dtype, np.inexact) or np.issubdtype(yours.dtype, np.inexact)):
        same = np.isclose(yours, wanted, rtol=1e-9, atol=1e-12)
    else:
        same = yours == wanted
    if np.all(same):
        return _right(name)
    if wanted.ndim == 0:
        return Verdict(name, f"not yet: {yours} is not it{where}")
    first = tuple(int(n) for n in np.argwhere(~same)[0])
    count = int(np.sum(~same))
    sentence = f"not yet: {count} of {wanted.size} numbers differ{where}, the first at {first}"
    return Verdict(name, sentence, False, yours, wanted)
