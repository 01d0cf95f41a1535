"""Who sits: taken from the draw, or typed where the draw was made elsewhere; who leaves."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from antigone.accounts.models import Person
from antigone.convention.actions.documents import close_documents
from antigone.convention.actions.rights import lock_convention, require_facilitator
from antigone.convention.models import Convention, Identity, Member, Phase
from antigone.errors import NotPossible
from antigone.selection.actions import answer_by_phone
from antigone.selection.models import Seat

SEATED_IN = (Phase.SELECTION, Phase.DELIBERATION)
KEPT_IN = (Phase.SELECTION, Phase.DELIBERATION, Phase.ANSWERS, Phase.FOLLOW_UP)


@dataclass(frozen=True, slots=True)
class NewMember:
    """Somebody who is to sit: who it is, and what the draw counted."""

    name: str
    contact: str = ""
    needs: str = ""
    features: dict[str, str] = field(default_factory=dict)
    seat: Seat | None = None


@transaction.atomic
def seat_members(*, convention: Convention, by: Person) -> list[Member]:
    """Seat those who hold a seat and do not sit yet; who was replaced or gave the seat up since leaves.

    A replacement is another member, with a number of their own: nobody speaks under the name of somebody else.
    """
    require_facilitator(by, convention)
    locked = lock_convention(convention, *SEATED_IN)
    if locked.draw is None or not locked.draw.is_drawn:
        raise NotPossible(
            "nobody_drawn",
            gettext_noop("The lot of this convention is not drawn here: there is nobody to seat yet."),
        )
    features = set(locked.draw.targets.values_list("feature", flat=True))
    sitting = {
        member.seat_id: member for member in locked.members.exclude(seat=None).select_related("identity")
    }
    arriving = []
    for seat in locked.draw.seats.select_related("holder"):
        former, holder = sitting.get(seat.pk), seat.holder
        stays = former is not None and former.identity.identifier == holder.identifier and not seat.is_vacant
        if former is not None and not stays:
            _take_leave(former)
        if not stays and not seat.is_vacant:
            counted = {name: value for name, value in holder.features.items() if name in features}
            arriving.append(NewMember(holder.identifier, features=counted, seat=seat))
    return _seat(locked, arriving)


@transaction.atomic
def add_members(*, convention: Convention, people: Sequence[NewMember], by: Person) -> list[Member]:
    """Seat people whose draw was made elsewhere; all of them or none."""
    require_facilitator(by, convention)
    locked = lock_convention(convention, *SEATED_IN)
    if locked.draw is not None:
        raise NotPossible(
            "members_are_drawn",
            gettext_noop(
                "This convention has its draw here: its members come from it, and from nowhere else."
            ),
        )
    return _seat(locked, people)


@transaction.atomic
def describe_member(*, member: Member, name: str, contact: str, needs: str, by: Person) -> None:
    """Correct who a member is: their name, how to reach them, what they need."""
    require_facilitator(by, member.convention)
    lock_convention(member.convention, *KEPT_IN)
    Identity.objects.filter(member=member).update(name=name, contact=contact, needs=needs)
    Member.objects.filter(pk=member.pk).exclude(published_name="").update(published_name=name[:150])


@transaction.atomic
def let_member_leave(*, member: Member, by: Person) -> None:
    """Note that a member sits no more; what they said stays, under the name they had.

    The draw is told that they give their seat up, so that somebody else may be called to it.
    """
    require_facilitator(by, member.convention)
    lock_convention(member.convention, *KEPT_IN)
    leaving = Member.objects.select_related("seat__draw", "seat__holder", "identity").get(pk=member.pk)
    seat = leaving.seat
    if seat is not None and not seat.is_vacant and seat.holder.identifier == leaving.identity.identifier:
        was_confirmed = seat.state == Seat.State.CONFIRMED
        state = Seat.State.WITHDRAWN if was_confirmed else Seat.State.DECLINED
        answer_by_phone(seat=seat, holder_id=seat.holder_id, state=state, by=by)
    _take_leave(leaving)


def choose_default_name(taken: set[str]) -> str:
    """Return a name for who has chosen none: a figure drawn by chance, which says nothing of the seat."""
    figures = range(100, max(1_000, 100 + 10 * len(taken)))
    while (name := gettext("Member %(figure)s") % {"figure": secrets.choice(figures)}) in taken:
        pass
    return name


def _seat(convention: Convention, people: Sequence[NewMember]) -> list[Member]:
    """Make the members with their identities, numbered after those who are there."""
    last = convention.members.aggregate(last=Max("number"))["last"] or 0
    taken, now, members = set(convention.members.values_list("pseudonym", flat=True)), timezone.now(), []
    for number, person in enumerate(people, last + 1):
        pseudonym = choose_default_name(taken)
        taken.add(pseudonym)
        members.append(
            Member(
                convention=convention,
                number=number,
                pseudonym=pseudonym,
                features=person.features,
                seat=person.seat,
                joined_at=now,
            )
        )
    Member.objects.bulk_create(members)
    Identity.objects.bulk_create(
        Identity(
            member=member,
            name=person.name,
            identifier=person.seat.holder.identifier if person.seat else "",
            contact=person.contact,
            needs=person.needs,
        )
        for member, person in zip(members, people, strict=True)
    )
    return members


def _take_leave(member: Member) -> None:
    """End a membership: the seat is free for somebody else, and the personal code opens nothing any more."""
    close_documents(member)
    member.left_at = member.left_at or timezone.now()
    member.seat = None
    member.code_hash = ""
    member.save(update_fields=["left_at", "seat", "code_hash"])
