"""Who is heard, as everybody reads it; what facilitators write of it; what awaits an expert."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from antigone.convention import actions, rules
from antigone.convention.forms.sessions import HearingForm
from antigone.convention.models import Appointment, Convention, Hearing, Question
from antigone.convention.views.markdown import write_html
from antigone.convention.views.people import (
    found,
    get_convention,
    get_convention_as,
    get_facilitated,
    person_of,
    require_person,
)
from antigone.convention.views.sessions import PLACE, list_hearings, with_asker
from antigone.convention.views.shell import render_place
from antigone.errors import NotPossible, WrongInput
from antigone.web.explanations import say


@require_safe
def hearings(request: HttpRequest, slug: str) -> HttpResponse:
    convention = get_convention(request, slug)
    follows = rules.can_follow(person_of(request), convention)
    listed = list_hearings(request, convention, follows=follows).prefetch_related("questions")
    context = {
        "hearings": [
            {
                "hearing": hearing,
                "summary": write_html(hearing.summary) if hearing.summary else "",
                "questions": sum(
                    question.state != Question.State.WITHDRAWN for question in hearing.questions.all()
                ),
            }
            for hearing in listed
        ]
    }
    return render_place(request, "convention/sessions/hearings.html", convention, context, place=PLACE)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan_hearing(request: HttpRequest, slug: str) -> HttpResponse:
    convention = get_facilitated(request, slug)
    initial = {"session": request.GET.get("session") or None}
    form = HearingForm(
        request.POST if request.method == "POST" else None, convention=convention, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        try:
            planned = actions.plan_hearing(
                convention=convention, by=require_person(request), **form.get_words()
            )
        except WrongInput as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("The hearing is planned; the public does not see it yet."))
            return redirect(f"{reverse('convention:hearings', args=[slug])}#hearing-{planned.pk}")
    return _show(request, convention, None, form, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hearing(request: HttpRequest, slug: str, hearing_id: int) -> HttpResponse:
    """Edit a hearing; where somebody saved it meanwhile, show both."""
    convention = get_facilitated(request, slug)
    kept = _get_hearing(convention, hearing_id)
    if request.method != "POST":
        form = HearingForm(instance=kept, convention=convention, initial={"version": kept.version})
        return _show(request, convention, kept, form)
    form = HearingForm(request.POST, convention=convention)
    if not form.is_valid():
        return _show(request, convention, kept, form, status=422)
    try:
        actions.change_hearing(
            hearing=kept, version=form.get_version(), by=require_person(request), **form.get_words()
        )
    except (NotPossible, WrongInput) as error:
        if error.code not in ("hearing_changed", "interests_missing"):
            raise
        kept = _get_hearing(convention, hearing_id)
        typed = request.POST.copy()
        typed["version"] = str(kept.version)
        form = HearingForm(typed, convention=convention)
        form.add_error(None, say(error))
        return _show(request, convention, kept, form, status=error.status)
    messages.success(request, _("Saved."))
    return redirect("convention:hearings", slug)


@login_required
@require_POST
def publish_hearing(request: HttpRequest, slug: str, hearing_id: int) -> HttpResponse:
    kept = _get_hearing(get_facilitated(request, slug), hearing_id)
    actions.publish_hearing(hearing=kept, by=require_person(request))
    messages.success(request, _("Everybody reads this hearing now."))
    return redirect("convention:hearings", slug)


@login_required
@require_safe
def awaiting(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an expert what awaits an answer, and what they answered."""
    convention = get_convention_as(request, slug, Appointment.Role.EXPERT)
    mine = Hearing.objects.of_expert(require_person(request)).filter(convention=convention)
    sent = with_asker(convention.questions.filter(hearing__in=mine))
    context = {
        "hearings": mine.select_related("session"),
        "awaiting": sent.filter(state=Question.State.SENT),
        "answered": sent.filter(state=Question.State.ANSWERED),
    }
    return render_place(request, "convention/sessions/awaiting.html", convention, context, place=PLACE)


def _get_hearing(convention: Convention, hearing_id: int) -> Hearing:
    return found(convention.hearings.select_related("convention").filter(pk=hearing_id).first())


def _show(
    request: HttpRequest,
    convention: Convention,
    hearing: Hearing | None,
    form: HearingForm,
    *,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "hearing": hearing, "is_conflict": status == NotPossible.status}
    return render_place(
        request, "convention/sessions/hearing.html", convention, context, place=PLACE, status=status
    )
