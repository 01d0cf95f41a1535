"""Every change of a use: declared, accepted or refused, suspended, resumed, retired."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_noop

from antigone.accounts.models import Organisation, Person
from antigone.errors import NotAllowed, NotFound, NotPossible, WrongInput
from antigone.register import rules
from antigone.register.models import ASSISTANT, Use

State = Use.State
# From which states a decision is taken, and to which it leads.
DECISIONS: dict[str, tuple[frozenset[str], str]] = {
    "accept": (frozenset({State.DECLARED, State.REFUSED}), State.ACTIVE),
    "refuse": (frozenset({State.DECLARED}), State.REFUSED),
    "suspend": (frozenset({State.ACTIVE}), State.SUSPENDED),
    "resume": (frozenset({State.SUSPENDED}), State.ACTIVE),
    "retire": (frozenset({State.ACTIVE, State.SUSPENDED}), State.RETIRED),
}
# Decisions that take something away are given with their reason, which everybody reads.
WITH_REASON = frozenset({"refuse", "suspend", "retire"})


@transaction.atomic
def declare_use(*, name: str, purpose: str, audience: str, by: Person) -> Use:
    """Declare what the person's organisation wants to ask the machine for; it waits for a decision."""
    if not rules.can_declare(by) or by.organisation is None:
        raise NotAllowed(
            "use_not_declared",
            gettext_noop(
                "Only the developers of an organisation declare its uses. Ask an operator for that role."
            ),
        )
    name, purpose = " ".join(name.split()), purpose.strip()
    if not name or not purpose:
        raise WrongInput("use_incomplete", gettext_noop("Give the use a name and say what it is for."))
    try:
        with transaction.atomic():
            return Use.objects.create(
                name=name,
                slug=_find_slug(name),
                purpose=purpose,
                audience=audience,
                organisation=by.organisation,
                declared_by=by,
            )
    except IntegrityError as error:
        raise NotPossible(
            "use_exists",
            gettext_noop("Your organisation has a use called “%(name)s” already. Choose another name."),
            name=name,
        ) from error


@transaction.atomic
def decide_use(*, use: Use, decision: str, by: Person, now: datetime, reason: str = "") -> Use:
    """Accept, refuse, suspend, resume or retire a use; keys follow within a second, on every process."""
    if not rules.can_decide(by):
        raise NotFound(
            "use_not_found", gettext_noop("This use does not exist, or is not yours to decide on.")
        )
    use = Use.objects.select_for_update().get(pk=use.pk)
    allowed, following = DECISIONS[decision]
    if use.state not in allowed:
        raise NotPossible(
            "use_in_another_state",
            gettext_noop(
                "“%(name)s” is in the state “%(state)s”: this cannot be decided any more. Load the page again."
            ),
            name=use.name,
            state=use.get_state_display(),
        )
    reason = " ".join(reason.split())
    if decision in WITH_REASON and not reason:
        raise WrongInput("use_reason_missing", gettext_noop("Say why: everybody reads the reason."))
    use.state, use.reason = following, reason
    use.decided_by, use.decided_at = by, now
    use.save()
    return use


@transaction.atomic
def ensure_assistant_use() -> Use | None:
    """Return the use under which the assistant's pages ask; made once there is a city, None before."""
    city = Organisation.objects.filter(kind=Organisation.Kind.AUTHORITY).order_by("pk").first()
    if city is None:
        return None
    use, _created = Use.objects.get_or_create(
        slug=ASSISTANT,
        defaults={
            "name": "Assistant",
            "purpose": "Répondre aux questions des habitants et des agents avec les documents de la ville, "
            "chaque phrase vérifiée.",
            "audience": Use.Audience.PUBLIC,
            "organisation": city,
            "state": State.ACTIVE,
        },
    )
    return use


def _find_slug(name: str) -> str:
    """Return an address for the use that no other one has."""
    stem = slugify(name)[:40] or "usage"
    slug, number = stem, 1
    while Use.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{stem}-{number}"
    return slug
