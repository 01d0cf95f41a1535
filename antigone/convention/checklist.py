"""What must be public before a phase opens (the OECD's principles), and whether it is.

Most items are facts that the convention's own tables prove: nobody ticks them. The others are published elsewhere,
and recorded with their address (`actions.record_publication`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from antigone.convention.models import Appointment, Ballot, Convention, Member, Phase, Proposal, Publication

Kind = Publication.Kind
# Published elsewhere, or not in these tables alone.
RECORDED = frozenset(
    {Kind.ANNOUNCEMENT, Kind.SELECTION_METHOD, Kind.BRIEFING, Kind.EVIDENCE, Kind.EVALUATION}
)
# Each phase opens once these are public, in the order of time.
NEEDED = {
    Phase.SELECTION: (Kind.ANNOUNCEMENT, Kind.MANDATE, Kind.FUNDING),
    Phase.DELIBERATION: (Kind.SELECTION_METHOD, Kind.AGENDA, Kind.BRIEFING),
    Phase.ANSWERS: (Kind.EVIDENCE, Kind.RECORDINGS, Kind.REPORT),
    Phase.FOLLOW_UP: (Kind.ANSWERS,),
    Phase.CLOSED: (Kind.EVALUATION,),
}
# What the mandate cannot do without, as it is said where it is missing.
ESSENTIALS = {
    "question": gettext_lazy("the question put"),
    "commissioner": gettext_lazy("who commissions it"),
    "commitment": gettext_lazy("what the elected officials commit to"),
    "answers_due_date": gettext_lazy("the date by which each proposal is answered"),
    "criteria": gettext_lazy("the criteria of the panel"),
    "starts_date": gettext_lazy("the first day"),
    "ends_date": gettext_lazy("the last day"),
    "budget": gettext_lazy("the budget"),
    "funding": gettext_lazy("who pays"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the checklist: where it is public, or what is missing. One of the two is empty."""

    kind: str
    label: str
    phase: Phase
    address: str = ""
    published_at: datetime | None = None
    missing: str = ""

    @property
    def is_public(self) -> bool:
        return not self.missing


@dataclass(frozen=True, slots=True)
class Fact:
    """What the tables say of one item: where it is shown and since when, or what is missing of it."""

    # The name of an address of the convention.
    place: str = ""
    at: datetime | None = None
    missing: str = ""


def list_missing(convention: Convention) -> list[str]:
    """Say what a mandate lacks to be public; its days in order are part of it."""
    missing = [str(label) for name, label in ESSENTIALS.items() if getattr(convention, name) in ("", None)]
    first, last, due = convention.starts_date, convention.ends_date, convention.answers_due_date
    if first and last and last < first:
        missing.append(_("a last day that is not before the first"))
    if last and due and due < last:
        missing.append(_("a date of the answers that is not before the last day"))
    held = set(convention.appointments.values_list("role", flat=True))
    if Appointment.Role.GUARANTOR not in held:
        missing.append(_("a guarantor"))
    if Appointment.Role.ELECTED_OFFICIAL not in held:
        missing.append(_("an elected official who answers"))
    return missing


def next_phase(convention: Convention) -> Phase:
    """Return the phase after the one the convention is in; a closed one stays closed."""
    order = list(Phase)
    return order[min(order.index(Phase(convention.phase)) + 1, len(order) - 1)]


def list_items(convention: Convention, now: datetime) -> list[Item]:
    """Return the whole checklist; a constant number of queries."""
    recorded = {publication.kind: publication for publication in convention.publications.all()}
    return [
        _judge(convention, kind, phase, recorded.get(kind), now)
        for phase, kinds in NEEDED.items()
        for kind in kinds
    ]


def list_obstacles(convention: Convention, phase: Phase, now: datetime) -> list[str]:
    """Say all that keeps `phase` from opening now: items that are not public, facts that are not there."""
    items = [item for item in list_items(convention, now) if item.phase == phase]
    obstacles = [f"{item.label} ({item.missing})" for item in items if item.missing]
    if not convention.appointments.filter(role=Appointment.Role.GUARANTOR).exists():
        obstacles.append(_("a guarantor"))
    return [*obstacles, *(said for said in _list_unmet(convention, phase) if said)]


def _list_unmet(convention: Convention, phase: Phase) -> list[str]:
    """Say what must have happened before a phase, besides what is published."""
    if phase == Phase.DELIBERATION:
        return [_say_seated(convention)]
    if phase == Phase.ANSWERS:
        is_voting = convention.ballots.filter(state=Ballot.State.OPEN).exists()
        return [
            "" if convention.proposals.adopted().exists() else _("one adopted proposal at least"),
            _("the end of the votes that are open") if is_voting else "",
        ]
    if phase == Phase.CLOSED:
        return [_see_answers(convention).missing]
    return []


def _say_seated(convention: Convention) -> str:
    is_drawn = convention.draw is not None and convention.draw.is_drawn
    if is_drawn or Member.objects.sitting().filter(convention=convention).exists():
        return ""
    return _("members drawn by lot")


def _judge(
    convention: Convention, kind: Kind, phase: Phase, recorded: Publication | None, now: datetime
) -> Item:
    label = str(kind.label)
    if convention.is_reconstruction:
        return _recall(kind, label, phase, recorded)
    fact = FACTS[kind](convention, now) if kind in FACTS else None
    if fact is not None:
        address = reverse(fact.place, args=[convention.slug]) if fact.place else ""
        return Item(kind, label, phase, "" if fact.missing else address, fact.at, fact.missing)
    if recorded is not None:
        return Item(kind, label, phase, recorded.address, recorded.published_at)
    return Item(kind, label, phase, missing=_("its address is not recorded"))


def _recall(kind: Kind, label: str, phase: Phase, recorded: Publication | None) -> Item:
    """Say of a convention of the past what is known of it: its tables hold less than what was published."""
    if recorded is None:
        return Item(kind, label, phase, missing=_("not known"))
    return Item(kind, label, phase, recorded.address, recorded.published_at)


def _see_mandate(convention: Convention, now: datetime | None = None) -> Fact:
    missing = "" if convention.is_public else _("the mandate is not published")
    return Fact("convention:convention", convention.published_at, missing)


def _see_selection(convention: Convention, now: datetime | None = None) -> Fact | None:
    """A draw that is committed to says on its page how members are chosen; one that is not says nothing yet."""
    if convention.draw is None:
        return None
    if convention.draw.is_prepared:
        return Fact(missing=_("the draw is not committed to"))
    return Fact("convention:members", convention.draw.commitment.committed_at)


def _see_agenda(convention: Convention, now: datetime | None = None) -> Fact:
    first = convention.sessions.first()
    missing = (
        "" if first and first.is_agenda_published else _("the agenda of the first session is not published")
    )
    return Fact("convention:sessions", None, missing)


def _see_evidence(convention: Convention, now: datetime | None = None) -> Fact | None:
    published = list(convention.hearings.values_list("is_published", flat=True))
    if not published:
        return None
    return Fact("convention:sessions", None, "" if all(published) else _("a hearing is not published"))


def _see_minutes(convention: Convention, now: datetime) -> Fact:
    past = list(convention.sessions.filter(ends_at__lte=now).values_list("minutes_published_at", "recording"))
    if not past:
        return Fact(missing=_("no session has been held"))
    is_kept = all(published or recording for published, recording in past)
    missing = "" if is_kept else _("a past session has neither minutes nor a recording")
    return Fact("convention:sessions", None, missing)


def _see_report(convention: Convention, now: datetime | None = None) -> Fact:
    delivered = convention.avis.exclude(delivered_at=None).first()
    missing = "" if delivered else _("the avis is not delivered")
    return Fact("convention:avis", delivered.delivered_at if delivered else None, missing)


def _see_answers(convention: Convention, now: datetime | None = None) -> Fact:
    adopted, answered = count_answers(convention)
    if not adopted:
        return Fact(missing=_("no proposal is adopted yet"))
    missing = "" if adopted == answered else _("an adopted proposal has no published answer")
    return Fact("convention:answers", None, missing)


def _see_evaluation(convention: Convention, now: datetime | None = None) -> Fact | None:
    """A survey counts once it is closed; without any, an evaluation published elsewhere does."""
    surveys = list(convention.surveys.all())
    if not surveys:
        return None
    closed = [survey.closed_at for survey in surveys if survey.closed_at]
    missing = "" if closed else _("the survey of the members is not closed")
    return Fact("convention:surveys", min(closed, default=None), missing)


def count_answers(convention: Convention) -> tuple[int, int]:
    """Return how many proposals are adopted, and how many of them have a published answer."""
    adopted = convention.proposals.filter(state=Proposal.State.ADOPTED)
    return adopted.count(), adopted.exclude(answer__published_at=None).filter(answer__isnull=False).count()


FACTS: dict[Kind, Callable[[Convention, Any], Fact | None]] = {
    Kind.MANDATE: _see_mandate,
    Kind.FUNDING: _see_mandate,
    Kind.SELECTION_METHOD: _see_selection,
    Kind.AGENDA: _see_agenda,
    Kind.EVIDENCE: _see_evidence,
    Kind.RECORDINGS: _see_minutes,
    Kind.REPORT: _see_report,
    Kind.ANSWERS: _see_answers,
    Kind.EVALUATION: _see_evaluation,
}
