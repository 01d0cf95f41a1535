"""What a version of a paragraph takes from: the members' words, experts' answers, statements of a consultation."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.consultation.models import Statement
from antigone.consultation.opendata.citing import describe_statements
from antigone.convention.actions.drafting import clean_text, hold_draft, hold_paragraph
from antigone.convention.models import (
    Contribution,
    Convention,
    ExpertAnswer,
    Origin,
    Paragraph,
    ParagraphVersion,
)
from antigone.errors import WrongInput

STATEMENT_LENGTH = 2_000
SOURCE_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Sources:
    """Where some words come from; a statement of elsewhere goes with the place where it can be read."""

    contributions: Sequence[Contribution] = ()
    expert_answers: Sequence[ExpertAnswer] = ()
    statements: Sequence[tuple[str, str]] = ()
    cited: Sequence[Statement] = ()


NO_SOURCES = Sources()


@transaction.atomic
def attach_origins(*, paragraph: Paragraph, version: int, sources: Sources, by: Person) -> None:
    """Say that the paragraph as it stands also takes from these sources: what comes from it will inherit them."""
    proposal, _ = hold_draft(paragraph.proposal, by)
    hold_paragraph(paragraph, version, proposal)
    attach(paragraph.versions.get(number=version), proposal.convention, sources)


def attach(version: ParagraphVersion, convention: Convention, sources: Sources) -> None:
    """Write down the origins of a version, each once; raise WrongInput where one is of another convention."""
    origins = [
        *(Origin(version=version, contribution=each) for each in sources.contributions),
        *(Origin(version=version, expert_answer=each) for each in sources.expert_answers),
        *(_quote(version, statement, source) for statement, source in sources.statements),
        *_cite(version, sources.cited),
    ]
    owners = {each.convention_id for each in sources.contributions}
    owners |= {each.question.convention_id for each in sources.expert_answers}
    if owners - {convention.pk}:
        raise WrongInput("not_of_this_convention", gettext_noop("This belongs to another convention."))
    known = {_name(origin) for origin in version.origins.all()}
    Origin.objects.bulk_create(
        origin for name, origin in {_name(origin): origin for origin in origins}.items() if name not in known
    )


def _cite(version: ParagraphVersion, statements: Sequence[Statement]) -> list[Origin]:
    """Cite statements of consultations held here, with what their votes say now; raise WrongInput."""
    for statement in statements:
        if not statement.is_open or not statement.consultation.is_public:
            raise WrongInput(
                "statement_not_citable",
                gettext_noop(
                    "Statement %(number)d is not one of those that were accepted: it cannot be cited."
                ),
                number=statement.number,
            )
    figures = describe_statements(statements)
    return [Origin(version=version, cited=one, figures=figures[one.pk]) for one in statements]


def _quote(version: ParagraphVersion, statement: str, source: str) -> Origin:
    return Origin(
        version=version,
        statement=clean_text(statement, STATEMENT_LENGTH),
        statement_source=clean_text(source, SOURCE_LENGTH),
    )


def _name(origin: Origin) -> tuple[int | None, int | None, int | None, str, str]:
    return (
        origin.contribution_id,
        origin.expert_answer_id,
        origin.cited_id,
        origin.statement,
        origin.statement_source,
    )
