"""What members are owed, and what they were paid: until the convention is closed."""

from collections.abc import Collection
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.convention.actions.rights import lock_convention, require_facilitator
from antigone.convention.models import Attendance, Convention, Member, Payment, Phase, Session
from antigone.errors import NotPossible, WrongInput

PAID_IN = (Phase.SELECTION, Phase.DELIBERATION, Phase.ANSWERS, Phase.FOLLOW_UP)


@transaction.atomic
def owe_indemnities(*, session: Session, by: Person) -> int:
    """Owe the indemnity of the mandate, for each day, to all who were present and do not have it yet."""
    require_facilitator(by, session.convention)
    locked = lock_convention(session.convention, *PAID_IN)
    if not locked.indemnity:
        raise NotPossible(
            "no_indemnity",
            gettext_noop("The mandate of this convention gives no indemnity: there is none to record."),
        )
    having = Payment.objects.filter(session=session, kind=Payment.Kind.INDEMNITY).values("member")
    present = Member.objects.filter(
        attendances__session=session, attendances__state=Attendance.State.PRESENT
    ).exclude(pk__in=having)
    now = timezone.now()
    owed = Payment.objects.bulk_create(
        Payment(
            member=member,
            session=session,
            kind=Payment.Kind.INDEMNITY,
            label=session.title,
            amount=locked.indemnity * session.days,
            owed_at=now,
            recorded_by=by,
        )
        for member in present
    )
    return len(owed)


@transaction.atomic
def record_payment(
    *,
    member: Member,
    kind: str,
    label: str,
    amount: Decimal,
    by: Person,
    session: Session | None = None,
) -> Payment:
    """Owe a member what something cost them."""
    require_facilitator(by, member.convention)
    locked = lock_convention(member.convention, *PAID_IN)
    if session is not None and session.convention_id != locked.pk:
        raise WrongInput("session_elsewhere", gettext_noop("This session is not one of this convention."))
    return Payment.objects.create(
        member=member,
        session=session,
        kind=kind,
        label=label,
        amount=amount,
        owed_at=timezone.now(),
        recorded_by=by,
    )


@transaction.atomic
def mark_paid(*, convention: Convention, payments: Collection[int], by: Person) -> int:
    """Note that these payments were made; those made already stay as they are. Return how many were new."""
    require_facilitator(by, convention)
    locked = lock_convention(convention, *PAID_IN)
    return Payment.objects.filter(member__convention=locked, pk__in=payments, paid_at=None).update(
        paid_at=timezone.now()
    )


@transaction.atomic
def cancel_payment(*, payment: Payment, by: Person) -> None:
    """Erase what was recorded by mistake and is not paid."""
    require_facilitator(by, payment.member.convention)
    lock_convention(payment.member.convention, *PAID_IN)
    erased, _kinds = Payment.objects.filter(pk=payment.pk, paid_at=None).delete()
    if not erased:
        raise NotPossible("payment_made", gettext_noop("This was paid: it stays in the accounts."))
