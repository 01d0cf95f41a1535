"""What everybody reads: which proposals are answered, how, by when; each answer with what the members think of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from antigone.convention import rules
from antigone.convention.charts import draw_levels, write_bar
from antigone.convention.documents.avis import say_vote
from antigone.convention.documents.contents import gather_votes
from antigone.convention.forms.answers import GradeForm, MilestoneForm
from antigone.convention.models import (
    Appointment,
    Convention,
    FormerAnswer,
    Grade,
    Milestone,
    OfficialAnswer,
    Phase,
    Promise,
    Proposal,
    Tally,
    measure_answers,
)
from antigone.convention.views.people import found, get_convention, person_of
from antigone.convention.views.shell import render_place
from antigone.convention.wording import GRADES
from antigone.core.deliberation.differences import Piece, compare

Role = Appointment.Role
DRAFT_READERS = (Role.ELECTED_OFFICIAL, Role.FACILITATOR, Role.GUARANTOR)
STATES = {
    "accepted": _("Accepted"),
    "changed": _("Accepted with changes"),
    "refused": _("Declined"),
    "waiting": _("To be answered"),
    "overdue": _("Overdue"),
}
BAR_WIDTH = 600


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the board: what the officials say and what the members think of it, in two fields."""

    number: int
    href: str
    title: str
    theme: str
    state: str
    label: str
    commitment: str
    commitment_due_date: date | None
    tally: Tally
    former_tally: Tally
    steps: int
    steps_done: int
    steps_overdue: int

    @property
    def grades(self) -> str:
        count = self.tally.total
        return ngettext("%(count)s grade", "%(count)s grades", count) % {"count": count}

    @property
    def is_answered(self) -> bool:
        return self.state not in ("waiting", "overdue")


@dataclass(frozen=True, slots=True)
class Share:
    """How many proposals are in one state, and where that is drawn in a bar of 600."""

    state: str
    label: str
    count: int
    x: float
    width: float


@require_safe
def answers(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the board: every adopted proposal, from the delivery of the avis on."""
    convention = get_convention(request, slug)
    today = timezone.localdate()
    rows = list_rows(convention, today) if is_avis_out(convention) else []
    asked = request.GET.get("etat", "")
    kept = [row for row in rows if row.state == asked] if asked in STATES else rows
    context = {
        "rows": kept,
        "shares": draw_shares(rows),
        "asked": asked if asked in STATES else "",
        "total": len(rows),
        "promise": count_promise(convention, rows, today),
        "is_out": is_avis_out(convention),
        "can_read_drafts": rules.holds(person_of(request), convention, *DRAFT_READERS),
    }
    return render_place(
        request, "convention/answers/board.html", convention, context, place="convention:answers"
    )


@require_safe
def answer(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show one answer with its proposal; a draft only to those who may read drafts."""
    convention, shown = get_answer(request, slug, number)
    return show_answer(request, convention, shown)


def show_answer(
    request: HttpRequest,
    convention: Convention,
    shown: OfficialAnswer,
    *,
    grade_form: GradeForm | None = None,
    milestone_form: MilestoneForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    tallies = Grade.objects.filter(answer=shown).tally()
    tally, former = tallies.get((shown.pk, True), Tally()), tallies.get((shown.pk, False), Tally())
    milestones = [(step, step.is_overdue(today)) for step in shown.milestones.all()]
    member = rules.get_member(person_of(request), convention)
    own = Grade.objects.filter(answer=shown, member=member).first() if member is not None else None
    is_open = convention.phase in (Phase.ANSWERS, Phase.FOLLOW_UP) and not convention.is_reconstruction
    comments = shown.grades.filter(answer_version=shown.version).exclude(comment="") if tally.is_shown else []
    votes = gather_votes(convention, proposal=shown.proposal).get(shown.proposal.pk, ())
    context = {
        "answer": shown,
        "proposal": shown.proposal,
        "paragraphs": shown.proposal.paragraphs.current(),
        "votes": [(say_vote(vote), write_bar(vote.counts)) for vote in votes],
        "tally": tally,
        "bands": draw_levels(tally.counts, GRADES) if tally.is_shown else (),
        "former_tally": former,
        "former_bands": draw_levels(former.counts, GRADES) if former.is_shown else (),
        # By grade, then in the order of the alphabet: the order in which they came would say who.
        "comments": sorted((grade.level, grade.comment) for grade in comments),
        "milestones": milestones,
        "is_commitment_late": is_commitment_late(shown, [step for step, _late in milestones], today),
        "formers": compare_texts(shown),
        "own_grade": own,
        "is_open": is_open,
        "can_grade": member is not None and is_open and shown.is_published,
        "can_report": is_open and rules.holds(person_of(request), convention, *DRAFT_READERS[:2]),
        "grade_form": grade_form or make_grade_form(shown, own),
        "milestone_form": milestone_form or MilestoneForm(),
    }
    return render_place(
        request,
        "convention/answers/answer.html",
        convention,
        context,
        place="convention:answers",
        status=status,
    )


def get_answer(request: HttpRequest, slug: str, number: int) -> tuple[Convention, OfficialAnswer]:
    """Return an answer that the person may read: published, or a draft for those who may read drafts."""
    convention = get_convention(request, slug)
    answers = OfficialAnswer.objects.filter(
        proposal__convention=convention, proposal__number=number
    ).select_related("proposal__theme", "proposal__convention")
    shown = found(answers.first())
    if not shown.is_published and not rules.holds(person_of(request), convention, *DRAFT_READERS):
        raise Http404
    return convention, shown


def make_grade_form(shown: OfficialAnswer, own: Grade | None) -> GradeForm:
    """Give the form with what the member said of this text; of a former text they are asked again."""
    initial: dict[str, object] = {"version": shown.version}
    if own is not None and own.answer_version == shown.version:
        initial |= {"level": own.level, "comment": own.comment}
    return GradeForm(initial=initial)


def is_avis_out(convention: Convention) -> bool:
    """Tell whether what is adopted is known to everybody: the avis is delivered, or the convention is past it."""
    return convention.has_reached(Phase.ANSWERS) or convention.avis.exclude(delivered_at=None).exists()


def is_commitment_late(shown: OfficialAnswer, milestones: Iterable[Milestone], today: date) -> bool:
    """Tell whether the day of a commitment has passed while no step shows that it is held."""
    steps = list(milestones)
    held = bool(steps) and all(step.is_over for step in steps)
    return shown.commitment_due_date is not None and shown.commitment_due_date < today and not held


def list_rows(convention: Convention, today: date) -> list[Row]:
    """Give a line for each adopted proposal, with the number of queries of one: three."""
    proposals = (
        Proposal.objects.filter(convention=convention)
        .adopted()
        .select_related("theme", "answer")
        .order_by("theme__position", "theme", "number")
    )
    tallies = Grade.objects.filter(answer__proposal__convention=convention).tally()
    steps = {
        row["answer"]: row
        for row in Milestone.objects.filter(answer__proposal__convention=convention)
        .order_by()
        .values("answer")
        .annotate(
            total=Count("pk"),
            done=Count("pk", filter=Q(state=Milestone.State.DONE)),
            late=Count(
                "pk",
                filter=Q(due_date__lt=today, state__in=[Milestone.State.PLANNED, Milestone.State.UNDER_WAY]),
            ),
        )
    }
    due = convention.answers_due_date
    unanswered = "overdue" if due is not None and due < today else "waiting"
    base = reverse("convention:proposals", args=[convention.slug])
    return [_make_row(proposal, unanswered, tallies, steps, base) for proposal in proposals]


def _make_row(
    proposal: Proposal,
    unanswered: str,
    tallies: dict[tuple[int, bool], Tally],
    steps: Mapping[int, Mapping[str, Any]],
    base: str,
) -> Row:
    given = getattr(proposal, "answer", None)
    shown = given if given is not None and given.is_published else None
    state = shown.status if shown is not None else unanswered
    counted = steps.get(shown.pk, {}) if shown is not None else {}
    return Row(
        number=proposal.number,
        href=f"{base}{proposal.number}/{'reponse/' if shown is not None else ''}",
        title=proposal.title,
        theme=proposal.theme.title,
        state=state,
        label=str(STATES[state]),
        commitment=shown.commitment if shown is not None else "",
        commitment_due_date=shown.commitment_due_date if shown is not None else None,
        tally=tallies.get((shown.pk, True), Tally()) if shown is not None else Tally(),
        former_tally=tallies.get((shown.pk, False), Tally()) if shown is not None else Tally(),
        steps=counted.get("total", 0),
        steps_done=counted.get("done", 0),
        steps_overdue=counted.get("late", 0),
    )


def draw_shares(rows: list[Row]) -> list[Share]:
    """Lay the states of the proposals out in one bar, in the order of `STATES`."""
    shares: list[Share] = []
    x = 0.0
    for state, label in STATES.items():
        count = sum(row.state == state for row in rows)
        width = BAR_WIDTH * count / len(rows) if rows else 0.0
        shares.append(Share(state, str(label), count, x, width))
        x += width
    return [share for share in shares if share.count or share.state not in ("waiting", "overdue")]


def count_promise(convention: Convention, rows: list[Row], today: date) -> Promise:
    """Give the promise from lines that were read already, else from the tables."""
    if not rows:
        return measure_answers(convention, today)
    answered = sum(row.is_answered for row in rows)
    return Promise(len(rows), answered, convention.answers_due_date, today)


@dataclass(frozen=True, slots=True)
class ComparedText:
    """A former text of an answer, and what the one after it changed."""

    former: FormerAnswer
    label: str
    next_label: str
    reasons: tuple[Piece, ...]
    commitment: tuple[Piece, ...]
    next_due_date: date | None


def compare_texts(shown: OfficialAnswer) -> list[ComparedText]:
    """Give the former texts, the latest first, each compared with the one that replaced it."""
    compared: list[ComparedText] = []
    after: FormerAnswer | OfficialAnswer = shown
    for former in shown.formers.order_by("-number"):
        compared.append(
            ComparedText(
                former=former,
                label=former.get_status_display(),
                next_label=after.get_status_display(),
                reasons=compare(former.reasons, after.reasons),
                commitment=compare(former.commitment, after.commitment),
                next_due_date=after.commitment_due_date,
            )
        )
        after = former
    return compared
