"""What was promised by when, in words: how long is left, or how late it is."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from antigone.convention.models import Convention, ConventionQuerySet, Freeze, Phase


@dataclass(frozen=True, slots=True)
class Deadline:
    """The day by which each proposal is answered, and where that promise is."""

    due_date: date | None
    words: str
    is_late: bool
    adopted: int
    answered: int

    @property
    def unanswered(self) -> int:
        return self.adopted - self.answered

    @property
    def is_kept(self) -> bool:
        return self.adopted > 0 and not self.unanswered


def tell_deadline(convention: Convention, *, adopted: int, answered: int, today: date) -> Deadline:
    """Tell where the promise of an answer is: late from the day after, while anything is unanswered."""
    due = convention.answers_due_date
    is_answered = adopted == answered and convention.has_reached(Phase.ANSWERS)
    is_late = due is not None and due < today and not is_answered
    words = "" if due is None or is_answered else count_days((due - today).days)
    return Deadline(due, words, is_late, adopted, answered)


def list_promises(conventions: ConventionQuerySet, today: date) -> list[tuple[Convention, Deadline]]:
    """Give conventions, as a list shows them, each with where its promise is: two queries."""
    frozen = Prefetch("freezes", Freeze.objects.filter(lifted_at=None), to_attr="freezes_now")
    listed = conventions.select_related("organisation").with_answers().prefetch_related(frozen)
    return [
        (one, tell_deadline(one, adopted=one.adopted, answered=one.answered, today=today))  # type: ignore[attr-defined]
        for one in listed
    ]


def count_days(days: int) -> str:
    """Say how far a day is: ahead where `days` is positive, past where it is negative."""
    if days == 0:
        return _("today")
    if days > 0:
        return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
    return ngettext("%(days)d day late", "%(days)d days late", -days) % {"days": -days}
