"""Minority opinions: a text of its own, on a proposal or on all, signed until the avis is delivered."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.convention.actions.drafting import clean_text, hold_deliberation, next_number, require_own
from antigone.convention.actions.rights import require_facilitator, require_member
from antigone.convention.models import Convention, Member, MinorityOpinion, Proposal
from antigone.errors import NotAllowed, NotPossible, WrongInput

TITLE_LENGTH = 300
TEXT_LENGTH = 10_000


@transaction.atomic
def write_minority_opinion(
    *, convention: Convention, title: str, text: str, by: Person, proposal: Proposal | None = None
) -> MinorityOpinion:
    """Write what one holds against a proposal, or beside them all; its author is the first to sign it."""
    held = hold_deliberation(convention)
    member = require_member(by, held)
    require_own(held, [proposal])
    opinion = MinorityOpinion.objects.create(
        convention=held,
        proposal=proposal,
        number=next_number([held.minority_opinions.aggregate(last=Max("number"))["last"]]),
        title=clean_text(title, TITLE_LENGTH),
        text=clean_text(text, TEXT_LENGTH),
        member=member,
        written_at=timezone.now(),
    )
    opinion.signatories.add(member)
    return opinion


@transaction.atomic
def edit_minority_opinion(*, opinion: MinorityOpinion, title: str, text: str, by: Person) -> MinorityOpinion:
    """Change one's own opinion while nobody else has signed it: nobody signs words that change afterwards."""
    held, member = _hold_own(opinion, by)
    if held.signatories.exclude(pk=member.pk).exists() or held.paper_signatures:
        raise NotPossible(
            "opinion_signed",
            gettext_noop("Others have signed these words. Withdraw this opinion and write another one."),
        )
    held.title, held.text = clean_text(title, TITLE_LENGTH), clean_text(text, TEXT_LENGTH)
    held.save(update_fields=["title", "text"])
    return held


@transaction.atomic
def withdraw_minority_opinion(*, opinion: MinorityOpinion, by: Person) -> MinorityOpinion:
    """Take back one's own opinion: it is in no avis, and the page says that it was withdrawn."""
    held, _ = _hold_own(opinion, by)
    held.withdrawn_at = timezone.now()
    held.save(update_fields=["withdrawn_at"])
    return held


@transaction.atomic
def sign_minority_opinion(*, opinion: MinorityOpinion, by: Person, is_signed: bool = True) -> MinorityOpinion:
    """Sign an opinion, or take one's signature back; its author signs as long as it stands."""
    convention = hold_deliberation(opinion.convention)
    member = require_member(by, convention)
    held = _find(opinion)
    if is_signed:
        held.signatories.add(member)
    elif held.member_id == member.pk:
        raise NotPossible(
            "author_signs", gettext_noop("You wrote this opinion. Withdraw it if you no longer hold it.")
        )
    else:
        held.signatories.remove(member)
    return held


@transaction.atomic
def count_paper_signatures(*, opinion: MinorityOpinion, number: int, by: Person) -> MinorityOpinion:
    """Write down how many members signed on paper, beside those who signed here."""
    require_facilitator(by, opinion.convention)
    convention = hold_deliberation(opinion.convention)
    held = _find(opinion)
    most = convention.members.sitting().count() - held.signatories.count()
    if not 0 <= number <= max(most, 0):
        raise WrongInput(
            "too_many_signatures",
            gettext_noop("At most %(most)s members can still have signed on paper. Count again."),
            most=max(most, 0),
        )
    held.paper_signatures = number
    held.save(update_fields=["paper_signatures"])
    return held


def _hold_own(opinion: MinorityOpinion, by: Person) -> tuple[MinorityOpinion, Member]:
    convention = hold_deliberation(opinion.convention)
    member = require_member(by, convention)
    held = _find(opinion)
    if held.member_id != member.pk:
        raise NotAllowed(
            "not_its_author", gettext_noop("Only the member who wrote this may change it or withdraw it.")
        )
    return held, member


def _find(opinion: MinorityOpinion) -> MinorityOpinion:
    """Return an opinion as it is now, its convention being held; raise NotPossible where it is withdrawn."""
    now = MinorityOpinion.objects.get(pk=opinion.pk)
    if now.withdrawn_at is not None:
        raise NotPossible("opinion_withdrawn", gettext_noop("This opinion was withdrawn."))
    return now
