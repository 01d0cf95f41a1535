"""The name of a member in public: one that they choose, or their real one for as long as they consent."""

import unicodedata

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.convention.actions.members import KEPT_IN, choose_default_name
from antigone.convention.actions.rights import lock_convention, require_member
from antigone.convention.models import Consent, Convention, Member
from antigone.errors import NotAllowed, NotPossible, WrongInput

SHORTEST, LONGEST = 2, 60
# Shorter words of a name ("de", "Le") say nothing of who bears it.
TELLING = 3


@transaction.atomic
def choose_pseudonym(*, convention: Convention, pseudonym: str, by: Person) -> Member:
    """Let a member choose under which name everybody knows them.

    Raise WrongInput where it cannot be read, is somebody else's, or gives away their own name without consent.
    """
    locked = lock_convention(convention, *KEPT_IN)
    member = require_member(by, locked)
    member.pseudonym = _check_pseudonym(member, clean_name(pseudonym))
    member.save(update_fields=["pseudonym"])
    return member


@transaction.atomic
def consent_to_name(*, convention: Convention, by: Person) -> Member:
    """Publish the real name of a member, who asks for it, in the place of the pseudonym."""
    locked = lock_convention(convention, *KEPT_IN)
    member = require_member(by, locked)
    if member.published_name:
        raise NotPossible("consent_given", gettext_noop("Your name is public already."))
    member.published_name = member.identity.name[:150]
    member.save(update_fields=["published_name"])
    Consent.objects.create(member=member, is_given=True, said_at=timezone.now())
    return member


@transaction.atomic
def revoke_consent(*, convention: Convention, by: Person) -> Member:
    """Take a real name off every page. A right, and no writing to the convention: nothing stands against it,
    not even a freeze, the end of the convention or having left it."""
    Convention.objects.select_for_update().get(pk=convention.pk)
    member = Member.objects.of_person(by).filter(convention=convention).select_related("identity").first()
    if member is None:
        raise NotAllowed("not_its_member", gettext_noop("Only a member of this convention may do this."))
    if not member.published_name:
        raise NotPossible(
            "consent_not_given", gettext_noop("Your name is not public: nothing is to be undone.")
        )
    member.published_name = ""
    if _tells_name(member, member.pseudonym):  # chosen while the name was public
        member.pseudonym = choose_default_name(_list_taken(member))
    member.save(update_fields=["published_name", "pseudonym"])
    Consent.objects.create(member=member, is_given=False, said_at=timezone.now())
    return member


def clean_name(text: str) -> str:
    r"""Write a name one way: letters composed, single spaces, nothing that a page does not show.

    >>> clean_name("  Ba\u200bsile\n ")
    'Basile'
    """
    composed = unicodedata.normalize("NFKC", text)
    shown = (
        " " if letter.isspace() else letter
        for letter in composed
        if letter.isspace() or unicodedata.category(letter)[0] != "C"
    )
    return " ".join("".join(shown).split())


def fold_name(text: str) -> str:
    """Give what two spellings of a name share: letters and figures, without accents or case.

    >>> fold_name("Zoé  LE-Gall")
    'zoe le gall'
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = (letter for letter in plain if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in kept).split())


def _check_pseudonym(member: Member, pseudonym: str) -> str:
    if not SHORTEST <= len(pseudonym) <= LONGEST or not fold_name(pseudonym):
        raise WrongInput(
            "pseudonym_unreadable",
            gettext_noop("Choose a name of %(shortest)s to %(longest)s characters, with letters."),
            shortest=SHORTEST,
            longest=LONGEST,
        )
    if fold_name(pseudonym) in {fold_name(name) for name in _list_taken(member)}:
        raise WrongInput(
            "pseudonym_taken", gettext_noop("Somebody in this convention has this name. Choose another.")
        )
    if not member.published_name and _tells_name(member, pseudonym):
        raise WrongInput(
            "pseudonym_is_name",
            gettext_noop(
                "This gives away your own name, or a part of it. Choose another; or consent to your name being public."
            ),
        )
    return pseudonym


def _list_taken(member: Member) -> set[str]:
    """List the names that everybody reads of others here: members past and present, and the team."""
    others = Member.objects.filter(convention=member.convention_id).exclude(pk=member.pk)
    names = {name for pair in others.values_list("pseudonym", "published_name") for name in pair if name}
    return names | set(member.convention.appointments.values_list("name", flat=True))


def _tells_name(member: Member, pseudonym: str) -> bool:
    """Tell whether a word of the member's name stands in the pseudonym."""
    names = [member.identity.name, member.person.name if member.person else ""]
    words = {word for name in names for word in fold_name(name).split() if len(word) >= TELLING}
    folded = fold_name(pseudonym)
    joined = folded.replace(" ", "")
    return any(word in folded.split() or (len(word) > TELLING and word in joined) for word in words)
