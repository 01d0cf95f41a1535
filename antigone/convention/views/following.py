"""After an answer: the steps towards what it commits to, and what the members think of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from antigone.convention import actions
from antigone.convention.forms.answers import GradeForm, MilestoneForm, ReportForm
from antigone.convention.models import Appointment, Milestone
from antigone.convention.views.answers import get_answer, show_answer
from antigone.convention.views.people import found, get_convention_as, get_membership, require_person
from antigone.convention.views.shell import render_place
from antigone.errors import NotPossible, WrongInput
from antigone.web.explanations import say

REPORTERS = (Appointment.Role.ELECTED_OFFICIAL, Appointment.Role.FACILITATOR)


@login_required
@require_POST
def add_milestone(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    get_convention_as(request, slug, *REPORTERS)
    convention, answer = get_answer(request, slug, number)
    form = MilestoneForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            actions.add_milestone(answer=answer, by=require_person(request), **form.cleaned_data)
        except (NotPossible, WrongInput) as error:
            form.add_error(None, say(error))
            status = error.status
        else:
            messages.success(request, _("The step is added."))
            return redirect("convention:answer", slug, number)
    return show_answer(request, convention, answer, milestone_form=form, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_milestone(request: HttpRequest, slug: str, number: int, milestone_id: int) -> HttpResponse:
    convention = get_convention_as(request, slug, *REPORTERS)
    milestone = found(
        Milestone.objects.filter(
            pk=milestone_id,
            answer__proposal__convention=convention,
            answer__proposal__number=number,
            answer__published_at__isnull=False,
        )
        .select_related("answer__proposal__convention")
        .first()
    )
    initial = {"state": milestone.state, "report": milestone.report, "address": milestone.address}
    form = ReportForm(request.POST) if request.method == "POST" else ReportForm(initial=initial)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.report_milestone(milestone=milestone, by=require_person(request), **form.cleaned_data)
        except (NotPossible, WrongInput) as error:
            form.add_error(None, say(error))
            status = error.status
        else:
            messages.success(request, _("The report is published."))
            return redirect("convention:answer", slug, number)
    context = {
        "milestone": milestone,
        "proposal": milestone.answer.proposal,
        "is_overdue": milestone.is_overdue(timezone.localdate()),
        "form": form,
    }
    return render_place(
        request,
        "convention/answers/milestone.html",
        convention,
        context,
        place="convention:answers",
        status=status,
    )


@login_required
@require_POST
def grade(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Take the grade of a member; of a text corrected meanwhile, show the new one first."""
    get_membership(request, slug)
    convention, answer = get_answer(request, slug, number)
    form = GradeForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            actions.grade_answer(answer=answer, by=require_person(request), **form.cleaned_data)
        except (NotPossible, WrongInput) as error:
            typed = request.POST.copy()
            typed["version"] = str(answer.version)
            form = GradeForm(typed)
            form.is_valid()
            form.add_error(None, say(error))
            status = error.status
        else:
            messages.success(request, _("Your grade is kept. You may change it."))
            return redirect("convention:answer", slug, number)
    return show_answer(request, convention, answer, grade_form=form, status=status)
