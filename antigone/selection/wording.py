"""The sentences of the engine, in the language of the page; its errors as those of the rooms."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol, get_args

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from antigone.core.sortition import SortitionError
from antigone.core.sortition.objectives import Objective
from antigone.core.sortition.phrases import Say
from antigone.errors import WrongInput
from antigone.selection.phrases import open_params

OBJECTIVES: Mapping[str, str | Promise] = {
    "leximin": _("Leximin: the smallest chance as large as can be, then the next, to the last"),
    "maximin": _("Maximin: the smallest chance as large as can be"),
    "nash": _("Nash: the product of the chances as large as can be"),
    "goldilocks": _("Goldilocks: no chance too small, none too large"),
    "random": _("Random: panels without an objective, to compare"),
}

PHASES: Mapping[str, str | Promise] = {
    "levels": _("Looking for the fairest chances"),
    "panels": _("Making panels that give them"),
    "weights": _("Weighing these panels"),
    "proof": _("Proving that nobody could have more"),
    "lottery": _("Making equal panels for the lottery"),
    "people": _("Looking at each respondent"),
    "conflicts": _("Looking for targets that conflict"),
    "prices": _("Measuring the price of each target"),
}


class Explained(Protocol):
    """What the engine found or refused, which can say itself in any language."""

    def explain(self, say: Say = str) -> str: ...


def explain(found: Explained) -> str:
    """Say what the engine found or refused in the language of the page."""
    return found.explain(gettext)


def explain_failure(code: str, params: Mapping[str, Any]) -> str:
    """Say an error that was kept by its code: the engine's, or one of the room's own."""
    kinds = {kind.code: kind for kind in _list_errors(SortitionError)}
    if code in kinds:
        try:
            return explain(kinds[code](**open_params(params)))
        except (KeyError, TypeError):  # kept by another version
            return explain(SortitionError())
    if code == "interrupted":
        return gettext(
            "The server stopped several times during this computation. Ask for less time or fewer people, "
            "and tell an operator."
        )
    return gettext("The computation failed on our side. Tell an operator, then try again.")


@contextmanager
def translating_errors() -> Iterator[None]:
    """Turn what the engine refuses into what a page tells its reader."""
    try:
        yield
    except SortitionError as error:
        raise WrongInput(error.code, explain(error)) from error


def list_objectives() -> list[tuple[str, str | Promise]]:
    """Give the objectives that the engine has, the default first."""
    return [(name, OBJECTIVES.get(name, name)) for name in get_args(Objective)]


def get_phase(phase: str) -> str:
    """Say what a computation is doing."""
    return str(PHASES.get(phase, _("In progress")))


def _list_errors(kind: type[SortitionError]) -> Iterator[type[SortitionError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _list_errors(below)


def say_percent(share: float, decimals: int = 1) -> str:
    """Write a share as a percentage, as the page's language does.

    >>> from django.utils import translation
    >>> with translation.override("en"):
    ...     say_percent(0.04762)
    '4.8%'
    """
    percent = round(100 * share, decimals)
    written = formats.number_format(percent, decimal_pos=0 if percent == int(percent) else decimals)
    return gettext("%(number)s%%") % {"number": written}


def say_one_in(chance: float) -> str:
    """Say a chance as people do: about one in so many.

    >>> from django.utils import translation
    >>> with translation.override("en"):
    ...     say_one_in(0.04762)
    'about one chance in 21'
    """
    if chance >= 0.995:
        return gettext("certain to be drawn")
    if chance >= 0.6:
        return gettext("about %(number)s chances in 10") % {"number": round(10 * chance)}
    return gettext("about one chance in %(number)s") % {"number": round(1 / chance)}
