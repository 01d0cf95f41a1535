"""A convention of the past comes from a file of open data; it is there to be read, and may be taken away again."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Organisation, Person
from antigone.convention import rules
from antigone.convention.actions.mandate import choose_slug
from antigone.convention.models import (
    Ballot,
    Contribution,
    Convention,
    ExpertAnswer,
    Member,
    OfficialAnswer,
    Origin,
    Proposal,
)
from antigone.convention.opendata.building import Builder
from antigone.convention.opendata.parsing import ConventionFile
from antigone.errors import NotAllowed, NotPossible, WrongInput


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file: the convention, and how many of its documents this library does not have."""

    convention: Convention
    documents_left_out: int


@transaction.atomic
def import_convention(
    *, file: ConventionFile, organisation: Organisation, by: Person | None, sources: str = ""
) -> Imported:
    """Build a convention of the past, marked as a reconstruction and read-only; `by` is None on the terminal only.

    `sources` are kept where the file says none. Raise WrongInput where the file has a fault: nothing is then kept.
    """
    if by is not None and (not rules.can_create(by) or by.organisation_id != organisation.pk):
        raise NotAllowed(
            "not_facilitator_of_organisation",
            gettext_noop("Only a facilitator who belongs to an organisation may begin a convention."),
        )
    if file.faults:
        raise WrongInput(
            "convention_file_refused",
            gettext_noop("The file has faults, and nothing of it was kept. The first: %(fault)s"),
            fault=str(next(iter(file.faults))),
        )
    now = timezone.now()
    mandate: dict[str, Any] = dict(file.lines["convention"][0].values)
    mandate["sources"] = mandate["sources"] or sources.strip()
    convention = Convention.objects.create(
        **mandate,
        organisation=organisation,
        slug=choose_slug(mandate["title"]),
        is_reconstruction=True,
        created_by=by,
    )
    builder = Builder(convention, file.lines, now)
    builder.build()
    return Imported(convention, builder.left_out)


@transaction.atomic
def delete_reconstruction(*, convention: Convention, by: Person) -> None:
    """Take an imported convention away: a facilitator of its organisation, and nothing but a reconstruction."""
    if not rules.can_create(by) or by.organisation_id != convention.organisation_id:
        raise NotAllowed(
            "not_its_facilitator", gettext_noop("Only a facilitator of this convention may do this.")
        )
    locked = Convention.objects.select_for_update().get(pk=convention.pk)
    if not locked.is_reconstruction:
        raise NotPossible(
            "not_a_reconstruction",
            gettext_noop("Only a convention that was imported may be taken away."),
        )
    # What others point at goes after them.
    Ballot.objects.filter(convention=locked).delete()
    OfficialAnswer.objects.filter(proposal__convention=locked).delete()
    Origin.objects.filter(version__paragraph__proposal__convention=locked).delete()
    locked.minority_opinions.all().delete()
    Proposal.objects.filter(convention=locked).delete()
    Contribution.objects.filter(convention=locked).delete()
    ExpertAnswer.objects.filter(question__convention=locked).delete()
    locked.questions.all().delete()
    Member.objects.filter(convention=locked).delete()
    locked.delete()
