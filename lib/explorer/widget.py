"""The explorer in a live notebook: the same rules, with its fields as observable traits (anywidget)."""

from collections.abc import Iterable
from typing import Any

import anywidget
import ipywidgets
import traitlets
from numpy.typing import ArrayLike

from . import front, model, rules


class RefusedValue(traitlets.TraitError, ValueError):
    """A value that cannot be shown. A TraitError as well, so that traitlets puts the old value back."""


class RefusedType(traitlets.TraitError, TypeError):
    """A value of a wrong type. A TraitError as well, so that traitlets puts the old value back."""


def _judged(judge, *arguments):
    """The rule's answer; its refusal as one that traitlets understands."""
    try:
        return judge(*arguments)
    except TypeError as error:
        raise RefusedType(str(error)) from None
    except ValueError as error:
        raise RefusedValue(str(error)) from None


class _Trait(traitlets.TraitType):
    """A field of the state, of whatever kind the rules give it."""

    def validate(self, explorer, value):
        return _judged(rules.normal, self.name, value)


class Explorer(model.Model, anywidget.AnyWidget):
    __doc__ = model.Explorer.__doc__

    _esm = front.module()
    _css = front.style()

    # In a class body, vars() is the class's own namespace.
    vars().update({name: _Trait(rules.DEFAULTS.get(name)).tag(sync=True) for name in rules.FIELDS})
    controls = traitlets.List(traitlets.Unicode(), read_only=True).tag(sync=True)
    panels = traitlets.List(traitlets.Unicode(), read_only=True).tag(sync=True)

    def __init__(
        self,
        input: ArrayLike | None = None,
        weight: ArrayLike | None = None,
        *,
        controls: Iterable[str] | None = None,
        panels: Iterable[str] | None = None,
        **settings: Any,
    ) -> None:
        self.set_trait("controls", rules.names("controls", controls, rules.CONTROLS))
        self.set_trait("panels", rules.names("panels", panels, rules.PANELS))
        super().__init__(**rules.opening(input, weight, settings))

    @traitlets.validate(*rules.FIELDS)
    def _check(self, proposal):
        name = proposal.trait.name
        _judged(rules.check, {**self._state(), name: proposal.value}, name)
        return proposal.value

    @traitlets.observe(*rules.GEOMETRY, "view")
    def _settle(self, change):
        for name, value in rules.settled(self._state()).items():
            setattr(self, name, value)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle: Any = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle
        return {**data, "text/html": self.html()}, metadata


class SideBySide(ipywidgets.HBox):
    __doc__ = model.SideBySide.__doc__

    def __init__(self, *explorers: Explorer) -> None:
        for explorer in explorers:
            explorer.layout.flex = "1 1 340px"
        super().__init__(explorers, layout=ipywidgets.Layout(flex_flow="row wrap", width="100%"))

    def __repr__(self) -> str:
        return model.SideBySide.__repr__(self)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        data = super()._repr_mimebundle_(**kwargs)
        return {**data, "text/plain": repr(self), "text/html": model.beside(self.children)}
