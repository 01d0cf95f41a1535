"""What participants may say of themselves: the leader's page of questions."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from antigone.consultation.actions.profiles import (
    MOST_QUESTIONS,
    delete_profile_question,
    read_draft,
    save_profile_question,
)
from antigone.consultation.forms.profiles import MODELS, DeleteForm, ProfileForm, fill_model, write_options
from antigone.consultation.models import Consultation, ProfileQuestion
from antigone.consultation.views.people import found, get_led, require_person
from antigone.consultation.views.shell import render_place
from antigone.errors import NotPossible
from antigone.web.explanations import say

PLACE = "consultation:team"


@login_required
@require_safe
def profiles(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = get_led(request, slug)
    questions = consultation.profile_questions.prefetch_related("options")
    context = {
        "questions": questions,
        "models": [(name, text) for name, (text, _options) in MODELS.items()],
        "can_add": len(questions) < MOST_QUESTIONS,
    }
    return render_place(request, "consultation/inviting/profiles.html", consultation, context, place=PLACE)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_profile(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = get_led(request, slug)
    return _edit(request, consultation, None, fill_model(request.GET.get("modele", "")))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_profile(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = get_led(request, slug)
    question = found(consultation.profile_questions.filter(pk=pk).first())
    draft = read_draft(question)
    written = {"text": draft.text, "options": write_options(draft), "source": draft.source}
    return _edit(request, consultation, question, written)


@login_required
@require_POST
def delete_profile(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = get_led(request, slug)
    form = DeleteForm(request.POST)
    if not form.is_valid():
        return redirect("consultation:edit_profile", slug, pk)
    delete_profile_question(
        consultation=consultation,
        question_id=pk,
        reason=form.cleaned_data["reason"],
        by=require_person(request),
        now=timezone.now(),
    )
    messages.success(request, _("The question is deleted, with the answers that it was given."))
    return redirect("consultation:profiles", slug)


def _edit(
    request: HttpRequest,
    consultation: Consultation,
    question: ProfileQuestion | None,
    written: dict[str, str],
) -> HttpResponse:
    typed = request.POST if request.method == "POST" else None
    form = ProfileForm(typed, consultation=consultation, initial=written)
    status = 422 if form.errors else 200
    if form.is_valid():
        try:
            save_profile_question(
                consultation=consultation,
                question_id=question.pk if question else None,
                draft=form.get_draft(),
                reason=form.cleaned_data.get("reason", ""),
                by=require_person(request),
                now=timezone.now(),
            )
        except NotPossible as error:
            form.add_error(None, say(error))
            status = error.status
        else:
            messages.success(request, _("The question is saved."))
            return redirect("consultation:profiles", consultation.slug)
    context = {"form": form, "question": question}
    return render_place(
        request, "consultation/inviting/profile.html", consultation, context, place=PLACE, status=status
    )
