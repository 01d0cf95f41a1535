"""The avis in another language: each text is translated for the very words that were adopted."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.convention.actions.avis import TRANSLATING, lock_avis
from antigone.convention.actions.rights import lock_convention, require_facilitator
from antigone.convention.documents.contents import list_passages
from antigone.convention.models import Avis, Convention, Proposal, ProposalTranslation
from antigone.errors import NotPossible, WrongInput


@transaction.atomic
def save_passages(
    *,
    convention: Convention,
    language: str,
    preamble: str,
    method: str,
    passages: Mapping[str, str],
    version: int,
    by: Person,
) -> Avis:
    """Keep what stands around the proposals: preamble, method, themes and minority opinions, by their key."""
    _check_language(convention, language)
    avis = lock_avis(convention, language, version, by)
    avis.preamble = preamble.strip()
    avis.method = method.strip()
    avis.passages = {
        passage.key: {"source": passage.source, "text": passages[passage.key].strip()}
        for passage in list_passages(convention, avis)
        if passages.get(passage.key, "").strip()
    }
    avis.save()
    return avis


@transaction.atomic
def save_translation(
    *,
    proposal: Proposal,
    language: str,
    title: str,
    paragraphs: Mapping[int, tuple[int, str]],
    version: int,
    by: Person,
) -> ProposalTranslation:
    """Keep a proposal in another language: for each paragraph, the version translated and the text.

    `version` is that of the translation read, 0 where there was none. A paragraph left blank is not translated.
    """
    convention = proposal.convention
    require_facilitator(by, convention)
    _check_language(convention, language)
    locked = lock_convention(convention, *TRANSLATING)
    if locked.avis.filter(language=language).exclude(delivered_at=None).exists():
        raise NotPossible(
            "translation_delivered",
            gettext_noop("The avis is delivered in this language: its translation changes no more."),
        )
    held = (
        ProposalTranslation.objects.select_for_update().filter(proposal=proposal, language=language).first()
    )
    if (held.version if held is not None else 0) != version:
        raise NotPossible(
            "translation_saved_since",
            gettext_noop(
                "Somebody saved another translation while you were writing. Yours is kept below: look at the other "
                "one, then save again."
            ),
        )
    current = set(proposal.paragraphs.current().values_list("pk", flat=True))
    translation = held or ProposalTranslation(proposal=proposal, language=language, version=0)
    translation.title = title.strip()
    translation.paragraphs = {
        str(pk): {"version": number, "text": text.strip()}
        for pk, (number, text) in paragraphs.items()
        if pk in current and text.strip()
    }
    translation.version += 1
    translation.saved_at = timezone.now()
    translation.save()
    return translation


def _check_language(convention: Convention, language: str) -> None:
    if language == convention.language:
        raise WrongInput(
            "translation_into_itself",
            gettext_noop("This is the language of the convention: nothing to translate."),
        )
