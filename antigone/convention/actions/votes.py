"""Votes by majority judgment, declared non-secret: opened, given, closed; a text is kept, or written again."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.convention.actions.drafting import hold_deliberation, next_number, require_draft
from antigone.convention.actions.rights import require_facilitator, require_member
from antigone.convention.models import (
    Attendance,
    Ballot,
    Convention,
    Judgment,
    Paragraph,
    ParagraphVersion,
    Proposal,
)
from antigone.convention.wording import KEPT_FROM, LEVELS
from antigone.core.deliberation.judgment import judge
from antigone.errors import NotPossible, WrongInput


@transaction.atomic
def open_ballots(
    *, proposal: Proposal, mode: str, by: Person, paragraphs: Sequence[Paragraph] = ()
) -> list[Ballot]:
    """Put to the vote each of these paragraphs, or without any the whole proposal: its text is then frozen.

    The words voted on and the rules of the mandate are written down with the ballot.
    """
    require_facilitator(by, proposal.convention)
    convention = hold_deliberation(proposal.convention)
    held = convention.proposals.get(pk=proposal.pk)
    current = list(Paragraph.objects.current().filter(proposal=held))
    _require_votable(held, current, paragraphs)
    ballots = [
        _open(convention, held, paragraph, [paragraph], mode, by)
        for paragraph in current
        if paragraph in paragraphs
    ] or [_open(convention, held, None, current, mode, by)]
    held.state = Proposal.State.VOTING
    held.save(update_fields=["state"])
    return ballots


@transaction.atomic
def give_judgment(*, ballot: Ballot, level: int, by: Person) -> Judgment:
    """Give one's level from one's telephone; another one takes its place until the ballot is closed."""
    convention = hold_deliberation(ballot.convention)
    member = require_member(by, convention)
    held = _hold(ballot, Ballot.Mode.PHONES)
    if member.joined_at > held.opened_at:
        raise NotPossible(
            "joined_after_opening",
            gettext_noop("This vote was opened before you joined: only those who sat then take part in it."),
        )
    if level not in LEVELS:
        raise WrongInput(
            "level_unknown", gettext_noop("Choose one of the five levels, from “Reject” to “Very good”.")
        )
    judgment, _ = Judgment.objects.update_or_create(
        ballot=held, member=member, defaults={"level": level, "given_at": timezone.now()}
    )
    return judgment


@transaction.atomic
def close_ballot(*, ballot: Ballot, by: Person, hands: Sequence[int] | None = None) -> Ballot:
    """Close a ballot and say what it decides; a show of hands is given as how many raised theirs at each level."""
    require_facilitator(by, ballot.convention)
    hold_deliberation(ballot.convention)
    held = _hold(ballot, Ballot.Mode.PHONES if hands is None else Ballot.Mode.HANDS)
    now = timezone.now()
    counts = _count_judgments(held) if hands is None else _check_hands(held, hands, now)
    verdict = judge(
        counts, members=held.members, threshold=held.threshold, quorum=held.quorum, kept_from=KEPT_FROM
    )
    held.counts, held.is_quorate, held.is_kept = counts, verdict.is_quorate, verdict.is_kept
    held.state, held.closed_at = Ballot.State.CLOSED, now
    held.save(update_fields=["counts", "is_quorate", "is_kept", "state", "closed_at"])
    if held.is_kept:
        _keep(held)
    _end_voting(held, now)
    return held


@transaction.atomic
def cancel_ballot(*, ballot: Ballot, by: Person) -> Ballot:
    """Stop an open ballot: it decides nothing, and stays in the list."""
    require_facilitator(by, ballot.convention)
    hold_deliberation(ballot.convention)
    held = _hold(ballot, *Ballot.Mode.values)
    held.state, held.closed_at = Ballot.State.CANCELLED, timezone.now()
    held.save(update_fields=["state", "closed_at"])
    _end_voting(held, held.closed_at)
    return held


def _require_votable(proposal: Proposal, current: list[Paragraph], chosen: Sequence[Paragraph]) -> None:
    """Raise where the proposal cannot be voted on now, whole or for these paragraphs."""
    if not chosen or proposal.state != Proposal.State.VOTING:
        require_draft(proposal)
    if not current:
        raise NotPossible(
            "proposal_empty",
            gettext_noop("Proposal %(number)s has no paragraph to vote on."),
            number=proposal.number,
        )
    if set(chosen) - set(current):
        raise WrongInput(
            "paragraph_not_of_proposal",
            gettext_noop("One of these paragraphs is no longer in this proposal."),
        )
    if any(paragraph.is_kept for paragraph in chosen):
        raise NotPossible(
            "paragraph_kept",
            gettext_noop("One of these paragraphs was already kept, with the words that it has."),
        )
    open_ballots = proposal.ballots.filter(state=Ballot.State.OPEN)
    if open_ballots.filter(Q(paragraph=None) | Q(paragraph__in=chosen)).exists():
        raise NotPossible(
            "ballot_open", gettext_noop("This is already being voted on. Close that vote first.")
        )


def _open(
    convention: Convention,
    proposal: Proposal,
    paragraph: Paragraph | None,
    texts: Sequence[Paragraph],
    mode: str,
    by: Person,
) -> Ballot:
    if mode not in Ballot.Mode.values:
        raise WrongInput("ballot_mode_unknown", gettext_noop("Choose how to vote: by hands or by telephone."))
    members = convention.members.sitting().count()
    if not members or not 1 <= convention.vote_threshold <= 100 or convention.vote_quorum > 100:
        raise NotPossible(
            "vote_rules_missing",
            gettext_noop(
                "No vote can be held: the convention needs members, and a threshold from 1 to 100 %."
            ),
        )
    ballot = Ballot.objects.create(
        convention=convention,
        proposal=proposal,
        paragraph=paragraph,
        number=next_number([convention.ballots.aggregate(last=Max("number"))["last"]]),
        mode=mode,
        members=members,
        threshold=convention.vote_threshold,
        quorum=convention.vote_quorum,
        opened_at=timezone.now(),
        opened_by=by,
    )
    voted = Q(pk__in=())
    for text in texts:
        voted |= Q(paragraph=text, number=text.version)
    ballot.versions.set(ParagraphVersion.objects.filter(voted))
    return ballot


def _hold(ballot: Ballot, *modes: str) -> Ballot:
    """Return a ballot as it is now, the convention being held; raise NotPossible unless open, in one of `modes`."""
    now = Ballot.objects.select_related("proposal").get(pk=ballot.pk)
    if now.state != Ballot.State.OPEN:
        raise NotPossible("ballot_closed", gettext_noop("This vote is closed."))
    if now.mode not in modes:
        raise NotPossible(
            "ballot_otherwise",
            gettext_noop("This vote is held otherwise: %(mode)s."),
            mode=now.get_mode_display(),
        )
    return now


def _count_judgments(ballot: Ballot) -> list[int]:
    given = list(ballot.judgments.values_list("level", flat=True))
    return [given.count(level) for level in LEVELS]


def _check_hands(ballot: Ballot, hands: Sequence[int], now: datetime) -> list[int]:
    """Return the hands counted; raise WrongInput where they cannot be those of the members who are there."""
    if len(hands) != len(LEVELS) or min(hands) < 0:
        raise WrongInput(
            "hands_unreadable", gettext_noop("Give one number for each of the five levels, zero or more.")
        )
    here = _count_those_here(ballot, now)
    if sum(hands) > here:
        raise WrongInput(
            "too_many_hands",
            gettext_noop("These are %(hands)s hands for %(here)s members. Count the hands again."),
            hands=sum(hands),
            here=here,
        )
    return list(hands)


def _count_those_here(ballot: Ballot, now: datetime) -> int:
    """Count who may raise a hand: those present at the session under way where that was taken down, else all."""
    session = ballot.convention.sessions.filter(starts_at__lte=now, ends_at__gte=now).first()
    present = session.attendances.filter(state=Attendance.State.PRESENT).count() if session else 0
    return min(present or ballot.members, ballot.members)


def _keep(ballot: Ballot) -> None:
    """Write down that each paragraph voted on is kept with these very words."""
    for version in ballot.versions.select_related("paragraph"):
        version.paragraph.kept_version = version.number
        version.paragraph.save(update_fields=["kept_version"])


def _end_voting(ballot: Ballot, now: datetime) -> None:
    """Adopt the proposal, or have it written again, once nothing of it is being voted on.

    It is adopted when a vote on the whole keeps it, or when a vote keeps the last of its paragraphs.
    """
    proposal = ballot.proposal
    if proposal.ballots.filter(state=Ballot.State.OPEN).exists():
        return
    current = Paragraph.objects.current().filter(proposal=proposal)
    proposal.state = Proposal.State.DRAFT
    if ballot.is_kept and all(paragraph.is_kept for paragraph in current):
        proposal.state, proposal.adopted_at = Proposal.State.ADOPTED, now
    proposal.save(update_fields=["state", "adopted_at"])
