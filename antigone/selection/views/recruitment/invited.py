"""For the person who received a letter: the code, the form, thanks. No account, nothing kept in the browser."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from antigone.errors import WrongInput
from antigone.selection.actions import recruitment as recruiting
from antigone.selection.forms import InvitationCodeForm, ReplyForm
from antigone.selection.models import Invitation
from antigone.web.explanations import say
from antigone.web.limits import refuse_flood, refuse_flood_of_all

THANKS = {"oui": "answered", "non": "declined", "stop": "opted_out"}
OUTCOMES = {"decline": Invitation.State.DECLINED, "stop": Invitation.State.OPTED_OUT}


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Take a code, and show the form that it opens."""
    form = InvitationCodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _count_try(request)
        try:
            invitation = recruiting.find_invitation(form.cleaned_data["code"])
        except WrongInput as error:
            form.add_error("code", say(error))
        else:
            return _show(request, invitation, ReplyForm(recruitment=invitation.recruitment))
    return render(
        request, "selection/recruitment/code.html", {"form": form}, status=422 if form.errors else 200
    )


@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Take a yes with its answers, a no, or the wish to hear no more; the code is used up."""
    _count_try(request)
    typed, outcome = request.POST.get("code", ""), request.POST.get("outcome", "")
    try:
        invitation = recruiting.find_invitation(typed)
        if outcome in OUTCOMES:
            recruiting.refuse_by_code(code=typed, outcome=OUTCOMES[outcome])
            return redirect("invitation:thanks", "stop" if outcome == "stop" else "non")
        form = ReplyForm(request.POST, recruitment=invitation.recruitment)
        if not form.is_valid():
            return _show(request, invitation, form)
        recruiting.reply_by_code(code=typed, answers=form.get_answers())
    except WrongInput as error:
        refused = InvitationCodeForm({"code": typed[:100]})
        refused.add_error("code", say(error))
        return render(request, "selection/recruitment/code.html", {"form": refused}, status=error.status)
    return redirect("invitation:thanks", "oui")


@require_safe
def thanks(request: HttpRequest, said: str) -> HttpResponse:
    if said not in THANKS:
        raise Http404
    return render(request, "selection/recruitment/thanks.html", {"said": THANKS[said]})


def _show(request: HttpRequest, invitation: Invitation, form: ReplyForm) -> HttpResponse:
    context = {
        "recruitment": invitation.recruitment,
        "form": form,
        "code": request.POST.get("code", "")[:100],
        "title": _("Invitation to “%(title)s”") % {"title": invitation.recruitment.title},
    }
    status = 422 if form.errors else 200
    return render(request, "selection/recruitment/invitation.html", context, status=status)


def _count_try(request: HttpRequest) -> None:
    """Count before looking, right codes too: past the limit nobody learns anything."""
    refuse_flood(request, "invitation")
    refuse_flood_of_all("invitation_all")
