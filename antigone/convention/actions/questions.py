"""A question of a member, on its way to an expert and back: asked, sent, answered with sources."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.convention import rules
from antigone.convention.actions.rights import lock_convention, require_facilitator, require_member
from antigone.convention.models import Convention, ExpertAnswer, Hearing, Member, Phase, Question
from antigone.errors import NotAllowed, NotPossible, WrongInput

State = Question.State


@transaction.atomic
def ask_question(
    *, convention: Convention, text: str, by: Person, hearing: Hearing | None = None
) -> Question:
    """Ask, as a member: everybody reads the question, under the member's name in public."""
    locked = lock_convention(convention, Phase.DELIBERATION)
    return _ask(locked, text, require_member(by, locked), hearing)


@transaction.atomic
def note_question(
    *,
    convention: Convention,
    text: str,
    by: Person,
    member: Member | None = None,
    hearing: Hearing | None = None,
) -> Question:
    """Write down, as a facilitator, what a member asked aloud; `member` None: asked together, or without a name."""
    require_facilitator(by, convention)
    locked = lock_convention(convention, Phase.DELIBERATION)
    if member is not None and (member.convention_id != locked.pk or not member.is_sitting):
        raise WrongInput("member_elsewhere", gettext_noop("This member does not sit in this convention."))
    return _ask(locked, text, member, hearing)


@transaction.atomic
def send_question(*, question: Question, hearing: Hearing, by: Person) -> Question:
    """Put the question to the expert of this hearing; it may go to another until it is answered."""
    require_facilitator(by, question.convention)
    kept = _hold(question)
    _check_hearing(hearing, kept.convention)
    if kept.state not in (State.ASKED, State.SENT):
        raise _refuse_state(kept)
    kept.hearing, kept.state = hearing, State.SENT
    kept.save(update_fields=["hearing", "state"])
    return kept


@transaction.atomic
def answer_question(*, question: Question, text: str, sources: str, by: Person) -> ExpertAnswer:
    """Answer, as the expert asked; or write down, as a facilitator, what that expert said aloud.

    At least one source. Answering again corrects: what was said before stays, and is shown below.
    """
    kept = _hold(question)
    is_expert = rules.is_expert_asked(by, kept)
    if not is_expert and not rules.can_facilitate(by, kept.convention):
        raise NotAllowed(
            "not_expert_asked", gettext_noop("Only the expert to whom this question was sent may answer it.")
        )
    if kept.state not in (State.SENT, State.ANSWERED):
        raise _refuse_state(kept)
    if not text.strip() or not sources.strip():
        raise WrongInput(
            "answer_without_source",
            gettext_noop("An answer has words, and at least one source: a title or an address, one a line."),
        )
    kept.state = State.ANSWERED
    kept.save(update_fields=["state"])
    return ExpertAnswer.objects.create(
        question=kept,
        text=text.strip(),
        sources=sources.strip(),
        answered_at=timezone.now(),
        answered_by=by,
        is_spoken=not is_expert,
    )


@transaction.atomic
def withdraw_question(*, question: Question, by: Person) -> None:
    """Take a question back while nobody has answered it: its member, or a facilitator where it has none."""
    kept = _hold(question)
    own = rules.get_member(by, kept.convention)
    is_own = own is not None and own == kept.member
    if not is_own and not (kept.member is None and rules.can_facilitate(by, kept.convention)):
        raise NotAllowed(
            "not_own_question", gettext_noop("A question is taken back by the member who asked it.")
        )
    if kept.state not in (State.ASKED, State.SENT):
        raise _refuse_state(kept)
    kept.state = State.WITHDRAWN
    kept.save(update_fields=["state"])


def _ask(convention: Convention, text: str, member: Member | None, hearing: Hearing | None) -> Question:
    if not text.strip():
        raise WrongInput("question_empty", gettext_noop("Write the question."))
    if hearing is not None:
        _check_hearing(hearing, convention)
    last = convention.questions.aggregate(last=Max("number"))["last"] or 0
    return Question.objects.create(
        convention=convention,
        hearing=hearing,
        number=last + 1,
        member=member,
        text=text.strip(),
        asked_at=timezone.now(),
    )


def _hold(question: Question) -> Question:
    """Return the question as it is now, in a convention that takes writing."""
    lock_convention(question.convention, Phase.DELIBERATION)
    return Question.objects.select_related("convention", "hearing", "member").get(pk=question.pk)


def _check_hearing(hearing: Hearing, convention: Convention) -> None:
    if hearing.convention_id != convention.pk:
        raise WrongInput("hearing_elsewhere", gettext_noop("This hearing is not one of this convention."))


def _refuse_state(question: Question) -> NotPossible:
    return NotPossible(
        "question_at_another_state",
        gettext_noop("This question is now “%(state)s”. Reload its page to see what became of it."),
        state=question.get_state_display(),
    )
