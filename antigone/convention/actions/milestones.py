"""What becomes of a commitment: steps with a date, and what shows that each is reached."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.convention import rules
from antigone.convention.actions.answers import ANSWERING
from antigone.convention.actions.rights import lock_convention
from antigone.convention.models import Convention, Milestone, OfficialAnswer
from antigone.errors import NotAllowed, NotPossible, WrongInput

State = Milestone.State


@transaction.atomic
def add_milestone(*, answer: OfficialAnswer, title: str, due_date: date, by: Person) -> Milestone:
    """Add a step towards what an answer commits to. Its date does not move: a step may only be given up."""
    _require_follower(by, answer.proposal.convention)
    lock_convention(answer.proposal.convention, *ANSWERING)
    if not OfficialAnswer.objects.published().filter(pk=answer.pk).exists():
        raise NotPossible(
            "milestone_before_answer",
            gettext_noop("Publish the answer first: its milestones follow what it commits to."),
        )
    if not title.strip():
        raise WrongInput("milestone_without_title", gettext_noop("Say what the step is."))
    return Milestone.objects.create(answer=answer, title=title.strip(), due_date=due_date)


@transaction.atomic
def report_milestone(*, milestone: Milestone, state: str, report: str, address: str, by: Person) -> Milestone:
    """Say where a step is. Reached, it has a proof; given up, a reason; either way it does not change any more."""
    convention = milestone.answer.proposal.convention
    _require_follower(by, convention)
    lock_convention(convention, *ANSWERING)
    held = Milestone.objects.select_for_update().get(pk=milestone.pk)
    if held.is_over:
        raise NotPossible(
            "milestone_over",
            gettext_noop(
                "“%(title)s” is reached or given up already. Add another step if there is more to do."
            ),
            title=held.title,
        )
    report, address = report.strip(), address.strip()
    if state not in State.values:
        raise WrongInput(
            "milestone_state_unknown", gettext_noop("Choose the state of this step in the list.")
        )
    if state == State.DONE and not (report or address):
        raise WrongInput(
            "milestone_without_proof",
            gettext_noop("Say what shows that this step is reached: an address, or a few words."),
        )
    if state == State.ABANDONED and not report:
        raise WrongInput("milestone_without_reason", gettext_noop("Say why this step is given up."))
    held.state = state
    held.report = report
    held.address = address
    held.reported_at = timezone.now()
    held.save(update_fields=["state", "report", "address", "reported_at"])
    return held


def _require_follower(by: Person, convention: Convention) -> None:
    if not (rules.can_answer(by, convention) or rules.can_facilitate(by, convention)):
        raise NotAllowed(
            "not_its_official_or_facilitator",
            gettext_noop("Only an elected official or a facilitator of this convention may do this."),
        )
