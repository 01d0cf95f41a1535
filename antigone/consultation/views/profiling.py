"""What participants say of themselves, if they like: to see who is missing, and for nothing else."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from antigone.consultation.actions.profiling import answer_profile
from antigone.consultation.forms.profiling import ProfileForm
from antigone.consultation.views.people import find_participant, get_consultation
from antigone.consultation.views.shell import render_place


@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def my_profile(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = get_consultation(request, slug)
    participant, _forged = find_participant(request, consultation)
    form = ProfileForm(request.POST or None, consultation=consultation, participant=participant)
    if participant is not None and request.method == "POST" and form.is_valid():
        answer_profile(consultation=consultation, participant_id=participant.pk, answers=form.get_answers())
        messages.success(
            request, _("What you said of yourself is kept. You can change it or take it back here.")
        )
        return redirect("consultation:vote", slug)
    context = {"form": form, "participant": participant}
    return render_place(
        request,
        "consultation/voting/profile.html",
        consultation,
        context,
        place="consultation:vote",
        status=422 if form.errors else 200,
    )
