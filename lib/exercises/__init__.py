"""Exercises that check themselves: `check(name, answer)` says what to look at; `show=True` shows the answer.

The specification of exercise `NN-name` is registered in the module `chapter_NN` beside this file: the value
that is asked for; or, where a function is asked for, the slow function in plain loops and the cases to try
it on; or, where many answers are right, a function that says what is wrong with one.
"""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np

from .. import figures
from .judging import Finding
from .registry import Exercise, Mistake, catalogue, registered

__all__ = ["Exercise", "Mistake", "Verdict", "catalogue", "check", "registered"]


def check(name: str, answer: Any = None, show: bool = False) -> Verdict:
    """Compare an answer with the specification of the exercise `name`.

    Parameters
    ----------
    name : str
        The exercise's name, for example "01-row-of-c".
    answer : array, number or function, as the exercise asks; None or ... while there is none
    show : bool
        Whether to show an answer that is right. Without it the verdict says what to look at and no more.

    Returns
    -------
    Verdict
        True where the answer is right. As the last line of a cell it draws your numbers, those that differ
        outlined.

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
    >>> check("14-volume", 9)
    14-volume: not yet: 9 is not it. A volume has three axes, and zeros are inserted along each
    >>> check("14-volume", 9, show=True)
    14-volume: not yet: 9 is not it. A volume has three axes, and zeros are inserted along each
    An answer that is right:
    27
    """
    exercise = registered(name)
    missing = answer is None or answer is Ellipsis
    finding = Finding("not answered yet") if missing else exercise.judge(answer)
    return Verdict(name, finding, exercise.solution_text if show else "")


class Verdict:
    """What `check` found: true or false, a sentence, and a drawing of your numbers where there is one."""

    def __init__(self, name: str, finding: Finding, solution: str = "") -> None:
        self.name, self.finding, self.solution = name, finding, solution
        self.sentence = f"{name}: {finding.sentence}"
        self.right = finding.right

    def __bool__(self) -> bool:
        return self.right

    def __repr__(self) -> str:
        shown = f"\nAn answer that is right:\n{self.solution}" if self.solution else ""
        return self.sentence + shown

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        bundle = {"text/plain": repr(self)}
        if drawings := self._drawings():
            text = f"<p>{escape(self.sentence, quote=False)}</p>{drawings}"
            shown = f"<p>An answer that is right:</p><pre>{escape(self.solution, quote=False)}</pre>"
            bundle["text/html"] = text + (shown if self.solution else "")
        return bundle

    def _drawings(self) -> str:
        finding = self.finding
        drawn = _drawing(finding.yours, "yours", finding.differs)
        return drawn + (_drawing(finding.wanted, "wanted") if self.solution else "")


def _drawing(array: Any, label: str, differs: Any = None) -> str:
    """The array as a figure, or nothing where there is nothing to draw or too much to read."""
    array = np.asarray(array)
    if array.dtype.kind not in "iuf" or array.ndim not in (1, 2) or not 0 < array.size <= 256:
        return ""
    outlined = [] if differs is None else [tuple(map(int, position)) for position in np.argwhere(differs)]
    words = f"{label}, outlined where it differs" if outlined else label
    return figures.grid(array, role="output", label=words, lit=outlined).html()
