"""Where elected officials write: drafts, their publication, corrections."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from antigone.convention import actions
from antigone.convention.forms.answers import AnswerForm, CorrectionForm
from antigone.convention.models import Appointment, Convention, OfficialAnswer, Proposal, measure_answers
from antigone.convention.views.answers import DRAFT_READERS
from antigone.convention.views.people import found, get_convention_as, require_person
from antigone.convention.views.shell import render_place
from antigone.errors import NotPossible, WrongInput
from antigone.web.explanations import say

OFFICIAL = Appointment.Role.ELECTED_OFFICIAL


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def drafts(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what is drafted and what is not answered yet; publish the drafts that officials choose, together."""
    if request.method == "POST":
        convention = get_convention_as(request, slug, OFFICIAL)
        chosen = [
            int(number)
            for number in request.POST.getlist("number")
            if number.isdecimal() and len(number) < 10
        ]
        try:
            published = actions.publish_answers(
                convention=convention, numbers=chosen, by=require_person(request)
            )
        except (NotPossible, WrongInput) as error:
            return _show_drafts(request, convention, refusal=say(error), status=error.status)
        count = len(published)
        messages.success(
            request,
            ngettext("%(count)s answer is published.", "%(count)s answers are published.", count)
            % {"count": count},
        )
        return redirect("convention:answers", slug)
    return _show_drafts(request, get_convention_as(request, slug, *DRAFT_READERS))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Draft an answer; once it is published, correct it."""
    convention = get_convention_as(request, slug, OFFICIAL)
    proposal = found(
        Proposal.objects.filter(convention=convention, number=number)
        .adopted()
        .select_related("theme", "convention", "answer")
        .first()
    )
    given: OfficialAnswer | None = getattr(proposal, "answer", None)
    if given is not None and given.is_published:
        return redirect("convention:correct_answer", slug, number)
    if request.method != "POST":
        initial = _read(given) if given is not None else _suggest(request, convention)
        return _show_form(request, proposal, given, AnswerForm(initial=initial))
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            actions.save_answer(
                proposal=proposal,
                text=form.get_text(),
                version=form.cleaned_data["version"],
                by=require_person(request),
            )
        except (NotPossible, WrongInput) as error:
            return _refuse(request, proposal, form, error)
        messages.success(
            request, _("The draft is kept. Nobody outside the team reads it before you publish it.")
        )
        return redirect("convention:drafts", slug)
    return _show_form(request, proposal, given, form, status=422)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Correct a published answer, whose former text stays on its page."""
    convention = get_convention_as(request, slug, OFFICIAL)
    given = found(
        OfficialAnswer.objects.published()
        .filter(proposal__convention=convention, proposal__number=number)
        .select_related("proposal__theme", "proposal__convention")
        .first()
    )
    if request.method != "POST":
        return _show_form(request, given.proposal, given, CorrectionForm(initial=_read(given)))
    form = CorrectionForm(request.POST)
    if form.is_valid():
        try:
            actions.correct_answer(
                answer=given,
                text=form.get_text(),
                why=form.cleaned_data["why"],
                version=form.cleaned_data["version"],
                by=require_person(request),
            )
        except (NotPossible, WrongInput) as error:
            return _refuse(request, given.proposal, form, error)
        messages.success(request, _("The answer is corrected. Its former text stays on this page."))
        return redirect("convention:answer", slug, number)
    return _show_form(request, given.proposal, given, form, status=422)


def _show_drafts(
    request: HttpRequest, convention: Convention, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    waiting = Proposal.objects.filter(convention=convention).unanswered().select_related("theme", "answer")
    rows = [(proposal, getattr(proposal, "answer", None)) for proposal in waiting]
    context = {
        "rows": rows,
        "drafted": sum(draft is not None for _proposal, draft in rows),
        "refusal": refusal,
        "promise": measure_answers(convention, timezone.localdate()),
    }
    return render_place(
        request,
        "convention/answers/drafts.html",
        convention,
        context,
        place="convention:answers",
        status=status,
    )


def _refuse(
    request: HttpRequest, proposal: Proposal, form: AnswerForm, error: NotPossible | WrongInput
) -> HttpResponse:
    """Give the form back with what was typed, beside what was saved meanwhile."""
    saved = OfficialAnswer.objects.filter(proposal=proposal).first()
    typed = request.POST.copy()
    typed["version"] = str(saved.version if saved is not None else 0)
    again = type(form)(typed)
    again.is_valid()
    again.add_error(None, say(error))
    is_conflict = error.code == "answer_saved_since"
    return _show_form(request, proposal, saved, again, is_conflict=is_conflict, status=error.status)


def _show_form(
    request: HttpRequest,
    proposal: Proposal,
    given: OfficialAnswer | None,
    form: AnswerForm,
    *,
    is_conflict: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "proposal": proposal,
        "paragraphs": proposal.paragraphs.current(),
        "answer": given,
        "form": form,
        "is_conflict": is_conflict,
        "is_correction": isinstance(form, CorrectionForm),
    }
    return render_place(
        request,
        "convention/answers/write.html",
        proposal.convention,
        context,
        place="convention:answers",
        status=status,
    )


def _read(given: OfficialAnswer) -> dict[str, Any]:
    names = ("status", "reasons", "commitment", "commitment_due_date", "answerer", "version")
    return {name: getattr(given, name) for name in names}


def _suggest(request: HttpRequest, convention: Convention) -> dict[str, Any]:
    """Begin an answer with the name and function under which the official is appointed."""
    appointment = convention.appointments.filter(person=require_person(request)).first()
    answerer = ", ".join(filter(None, [appointment.name, appointment.title])) if appointment else ""
    return {"version": 0, "answerer": answerer}
