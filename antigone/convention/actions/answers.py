"""The elected officials answer each adopted proposal: a draft, its publication, corrections that hide nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.convention.actions.rights import lock_convention, require_official
from antigone.convention.models import Convention, FormerAnswer, OfficialAnswer, Phase, Proposal
from antigone.errors import NotPossible, WrongInput

# Shorter reasons say nothing: “No budget.” is a refusal without one.
SHORTEST_REASONS = 40
ANSWERING = (Phase.ANSWERS, Phase.FOLLOW_UP)
Status = OfficialAnswer.Status


@dataclass(frozen=True, slots=True)
class AnswerText:
    """What an answer says, as it was typed."""

    status: str
    reasons: str
    answerer: str
    commitment: str = ""
    commitment_due_date: date | None = None


@transaction.atomic
def save_answer(*, proposal: Proposal, text: AnswerText, version: int, by: Person) -> OfficialAnswer:
    """Keep the draft of an answer, which the public does not see; `version` is what was read, 0 for none yet."""
    convention = proposal.convention
    require_official(by, convention)
    lock_convention(convention, *ANSWERING)
    _check_adopted(proposal)
    _check_text(text)
    answer = OfficialAnswer.objects.select_for_update().filter(proposal=proposal).first()
    if answer is not None and answer.is_published:
        raise NotPossible(
            "answer_published",
            gettext_noop(
                "The answer to proposal %(number)s is published. Correct it: its former text stays visible."
            ),
            number=proposal.number,
        )
    _check_version(answer, version)
    if answer is None:
        answer = OfficialAnswer(proposal=proposal)
    else:
        answer.version += 1
    return _write(answer, text, by)


@transaction.atomic
def publish_answers(*, convention: Convention, numbers: Sequence[int], by: Person) -> list[OfficialAnswer]:
    """Publish together the drafts that answer the proposals of these numbers: all of them, or none."""
    require_official(by, convention)
    locked = lock_convention(convention, *ANSWERING)
    wanted = set(numbers)
    drafts = list(
        OfficialAnswer.objects.drafts()
        .filter(proposal__convention=locked, proposal__number__in=wanted)
        .select_for_update()
        .select_related("proposal")
    )
    if not drafts or len(drafts) != len(wanted):
        raise NotPossible(
            "no_draft_to_publish",
            gettext_noop(
                "Choose drafts that are not published yet; one of those chosen is not there any more. Reload the page."
            ),
        )
    now = timezone.now()
    for draft in drafts:
        _check_adopted(draft.proposal)
        _check_text(_read(draft))
        draft.published_at = now
    OfficialAnswer.objects.bulk_update(drafts, ["published_at"])
    return drafts


@transaction.atomic
def correct_answer(
    *, answer: OfficialAnswer, text: AnswerText, why: str, version: int, by: Person
) -> OfficialAnswer:
    """Change what a published answer says; what it said stays on its page, with why it was corrected."""
    convention = answer.proposal.convention
    require_official(by, convention)
    lock_convention(convention, *ANSWERING)
    held = OfficialAnswer.objects.select_for_update().get(pk=answer.pk)
    if held.published_at is None:
        raise NotPossible(
            "answer_not_published",
            gettext_noop("This answer is still a draft: change the draft, there is nothing to correct."),
        )
    _check_version(held, version)
    _check_text(text)
    if not why.strip():
        raise WrongInput("correction_without_why", gettext_noop("Say why the answer is corrected."))
    if _read(held) == _strip(text):
        raise WrongInput("correction_changes_nothing", gettext_noop("Nothing is changed in this answer."))
    now = timezone.now()
    FormerAnswer.objects.create(
        answer=held,
        number=held.version,
        status=held.status,
        reasons=held.reasons,
        commitment=held.commitment,
        commitment_due_date=held.commitment_due_date,
        answerer=held.answerer,
        published_at=held.corrected_at or held.published_at,
        corrected_at=now,
        why=why.strip(),
    )
    held.version += 1
    held.corrected_at = now
    return _write(held, text, by)


def _write(answer: OfficialAnswer, text: AnswerText, by: Person) -> OfficialAnswer:
    said = _strip(text)
    answer.status = said.status
    answer.reasons = said.reasons
    answer.commitment = said.commitment
    answer.commitment_due_date = said.commitment_due_date
    answer.answerer = said.answerer
    answer.answered_by = by
    answer.saved_at = timezone.now()
    answer.save()
    return answer


def _read(answer: OfficialAnswer) -> AnswerText:
    return AnswerText(
        status=answer.status,
        reasons=answer.reasons,
        answerer=answer.answerer,
        commitment=answer.commitment,
        commitment_due_date=answer.commitment_due_date,
    )


def _strip(text: AnswerText) -> AnswerText:
    """Give a text as it is kept: no space around, one kind of line end, no date without a commitment."""
    commitment = _clean(text.commitment)
    return AnswerText(
        status=text.status,
        reasons=_clean(text.reasons),
        answerer=_clean(text.answerer),
        commitment=commitment,
        commitment_due_date=text.commitment_due_date if commitment else None,
    )


def _clean(text: str) -> str:
    return "\n".join(text.splitlines()).strip()


def _check_adopted(proposal: Proposal) -> None:
    if proposal.state != Proposal.State.ADOPTED:
        raise NotPossible(
            "proposal_not_adopted",
            gettext_noop("Proposal %(number)s is not adopted: only adopted proposals are answered."),
            number=proposal.number,
        )


def _check_version(answer: OfficialAnswer | None, version: int) -> None:
    if (answer.version if answer is not None else 0) != version:
        raise NotPossible(
            "answer_saved_since",
            gettext_noop(
                "Somebody saved another text of this answer while you were writing. Yours is kept below: look at "
                "the other one, then save again."
            ),
        )


def _check_text(text: AnswerText) -> None:
    """Refuse an answer that would be one in name only."""
    said = _strip(text)
    if said.status not in Status.values:
        raise WrongInput(
            "answer_status_unknown",
            gettext_noop("An answer is “accepted”, “accepted with changes” or “declined”. Choose one."),
        )
    if len(said.reasons) < SHORTEST_REASONS:
        raise WrongInput(
            "answer_without_reasons",
            gettext_noop("An answer gives its reasons: at least a sentence of %(least)s characters."),
            least=SHORTEST_REASONS,
        )
    if not said.answerer:
        raise WrongInput("answer_without_answerer", gettext_noop("Say who answers: a name and a function."))
    if said.status != Status.REFUSED and not said.commitment:
        raise WrongInput(
            "answer_without_commitment",
            gettext_noop(
                "A proposal that is accepted has a commitment, with its date. Say what will be done."
            ),
        )
    if said.commitment and said.commitment_due_date is None:
        raise WrongInput(
            "commitment_without_date", gettext_noop("A commitment has a date. Say by which day.")
        )
