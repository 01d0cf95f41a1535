"""The avis: what stands around its proposals, and its delivery, after which nothing of it changes."""

import hashlib
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.convention.actions.rights import lock_convention, require_facilitator
from antigone.convention.documents import write_odt, write_pdf
from antigone.convention.documents.avis import describe_avis
from antigone.convention.documents.contents import gather_contents
from antigone.convention.models import Avis, AvisFile, Ballot, Convention, Phase, Proposal
from antigone.errors import NotPossible, WrongInput

# A translation may come after the avis, not after the convention.
TRANSLATING = (Phase.DELIBERATION, Phase.ANSWERS, Phase.FOLLOW_UP)


@transaction.atomic
def save_avis(
    *, convention: Convention, language: str, preamble: str, method: str, version: int, by: Person
) -> Avis:
    """Keep the preamble and the method in a language; `version` is what was read, 0 where there was none."""
    avis = lock_avis(convention, language, version, by)
    avis.preamble = preamble.strip()
    avis.method = method.strip()
    avis.save()
    return avis


@transaction.atomic
def deliver_avis(*, convention: Convention, language: str, site: str, by: Person) -> Avis:
    """Deliver the avis in a language: its files are written once, and kept in these bytes with their hashes.

    `site` is the address of this Antigone, which the files name. Raise NotPossible where a proposal is being voted
    on, where none is adopted, or where something is not translated.
    """
    require_facilitator(by, convention)
    locked = lock_convention(convention, *_phases(convention, language))
    avis = _hold(locked, language) or Avis(convention=locked, language=language)
    _check_undelivered(avis)
    _check_votes_over(locked)
    now = timezone.now()
    contents = gather_contents(locked, language, now)
    if not contents.proposals:
        raise NotPossible(
            "avis_without_proposal", gettext_noop("No proposal is adopted yet: an avis without one is none.")
        )
    if contents.is_translation:
        _check_translated(locked, contents.missing)
    avis.delivered_at = now
    avis.save()
    write_files(avis, site=site, now=now)
    return avis


def write_files(avis: Avis, *, site: str, now: datetime) -> None:
    """Keep the avis as files, once and for all, with the hashes of their bytes."""
    document = describe_avis(gather_contents(avis.convention, avis.language, now), site=site, now=now)
    for kind, write in ((AvisFile.Kind.ODT, write_odt), (AvisFile.Kind.PDF, write_pdf)):
        data = write(document)
        AvisFile.objects.create(avis=avis, kind=kind, data=data, sha256=hashlib.sha256(data).hexdigest())


def lock_avis(convention: Convention, language: str, version: int, by: Person) -> Avis:
    """Hold the avis in a language to change it, with its next version; not saved yet."""
    require_facilitator(by, convention)
    locked = lock_convention(convention, *_phases(convention, language))
    avis = _hold(locked, language)
    if (avis.version if avis is not None else 0) != version:
        raise NotPossible(
            "avis_saved_since",
            gettext_noop(
                "Somebody saved another text of this avis while you were writing. Yours is kept below: look at the "
                "other one, then save again."
            ),
        )
    if avis is None:
        return Avis(convention=locked, language=language)
    _check_undelivered(avis)
    avis.version += 1
    return avis


def _phases(convention: Convention, language: str) -> tuple[Phase, ...]:
    if language not in dict(settings.LANGUAGES):
        raise WrongInput("avis_language_unknown", gettext_noop("The avis is not written in this language."))
    return (Phase.DELIBERATION,) if language == convention.language else TRANSLATING


def _hold(locked: Convention, language: str) -> Avis | None:
    return Avis.objects.select_for_update().filter(convention=locked, language=language).first()


def _check_undelivered(avis: Avis) -> None:
    if avis.delivered_at is not None:
        raise NotPossible(
            "avis_already_delivered", gettext_noop("This avis is delivered: nothing of it changes any more.")
        )


def _check_votes_over(locked: Convention) -> None:
    is_voting = locked.proposals.filter(state=Proposal.State.VOTING).exists()
    if is_voting or locked.ballots.filter(state=Ballot.State.OPEN).exists():
        raise NotPossible(
            "avis_while_voting",
            gettext_noop("A vote is still open. Close it before the avis is delivered."),
        )


def _check_translated(locked: Convention, missing: int) -> None:
    if not locked.avis.filter(language=locked.language).exclude(delivered_at=None).exists():
        raise NotPossible(
            "avis_translated_too_soon",
            gettext_noop(
                "Deliver the avis in the language of the convention first: its translation follows it."
            ),
        )
    if missing:
        raise NotPossible(
            "avis_not_translated",
            gettext_noop("The translation is not complete: %(missing)s texts are still to be translated."),
            missing=missing,
        )
