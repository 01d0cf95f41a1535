"""The evaluation by the members: written by the facilitators, answered once, read by everybody once closed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from antigone.accounts.models import Person
from antigone.convention import actions, rules
from antigone.convention.charts import Band, draw_levels
from antigone.convention.forms.surveys import SheetForm, SurveyForm
from antigone.convention.models import Convention, QuestionResult, Survey
from antigone.convention.models.surveys import FLOOR
from antigone.convention.views.people import (
    found,
    get_convention,
    get_facilitated,
    person_of,
    require_person,
)
from antigone.convention.views.shell import render_place
from antigone.convention.wording import SURVEY_LEVELS
from antigone.errors import NotPossible, WrongInput
from antigone.web.explanations import say


@require_safe
def surveys(request: HttpRequest, slug: str) -> HttpResponse:
    convention = get_convention(request, slug)
    context = {"surveys": Survey.objects.readable_by(person_of(request), convention)}
    return render_place(request, "convention/mandate/surveys.html", convention, context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    return _write(request, get_facilitated(request, slug), None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, survey_id: int) -> HttpResponse:
    convention = get_facilitated(request, slug)
    return _write(request, convention, found(convention.surveys.filter(pk=survey_id).first()))


@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, slug: str, survey_id: int) -> HttpResponse:
    """Show the results of a survey, or the sheet to the members while it is open; take their answers."""
    convention = get_convention(request, slug)
    person = person_of(request)
    survey = found(Survey.objects.readable_by(person, convention).filter(pk=survey_id).first())
    survey.convention = convention
    form = SheetForm(request.POST or None, survey=survey) if _may_answer(person, survey) else None
    if request.method == "POST":
        form = found(form)
        if form.is_valid():
            try:
                actions.answer_survey(survey=survey, answers=form.get_answers(), by=require_person(request))
            except (NotPossible, WrongInput) as error:
                form.add_error(None, say(error))
            else:
                messages.success(request, _("Thank you. Your answers are kept without your name."))
                return redirect("convention:survey", slug, survey_id)
    context = {
        "survey": survey,
        "form": form,
        "floor": FLOOR,
        "results": [(result, _draw(result)) for result in survey.read_results()],
    }
    status = 422 if form is not None and form.errors else 200
    return render_place(request, "convention/mandate/survey.html", convention, context, status=status)


@login_required
@require_POST
def open_to_members(request: HttpRequest, slug: str, survey_id: int) -> HttpResponse:
    convention = get_facilitated(request, slug)
    survey = found(convention.surveys.filter(pk=survey_id).first())
    actions.open_survey(survey=survey, by=require_person(request))
    messages.success(request, _("The members can answer."))
    return redirect("convention:survey", slug, survey_id)


@login_required
@require_POST
def close(request: HttpRequest, slug: str, survey_id: int) -> HttpResponse:
    convention = get_facilitated(request, slug)
    survey = found(convention.surveys.filter(pk=survey_id).first())
    actions.close_survey(survey=survey, by=require_person(request))
    messages.success(request, _("The survey is closed, and everybody reads its results."))
    return redirect("convention:survey", slug, survey_id)


def _write(request: HttpRequest, convention: Convention, survey: Survey | None) -> HttpResponse:
    form = SurveyForm(request.POST if request.method == "POST" else None, survey=survey)
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_survey(
                convention=convention,
                survey=survey,
                title=form.cleaned_data["title"],
                questions=form.get_questions(),
                by=require_person(request),
            )
        except (NotPossible, WrongInput) as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("The survey is saved. Members see it once it is open."))
            return redirect("convention:survey", convention.slug, saved.pk)
    status = 422 if form.errors else 200
    context = {"form": form, "survey": survey}
    return render_place(request, "convention/mandate/survey_form.html", convention, context, status=status)


def _may_answer(person: Person | None, survey: Survey) -> bool:
    member = rules.get_member(person, survey.convention)
    return member is not None and survey.is_open and not survey.answered_by.filter(pk=member.pk).exists()


def _draw(result: QuestionResult) -> tuple[Band, ...]:
    return draw_levels(result.counts, SURVEY_LEVELS)
