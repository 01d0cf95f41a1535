"""For those who telephone: find the invitation, fill in the form, go on to the next; or bring a file of replies."""

from collections.abc import Iterator

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from antigone.errors import NotPossible, WrongInput
from antigone.selection.actions import recruitment as recruiting
from antigone.selection.actions.recruitment.replies import FAULTS, LineFault
from antigone.selection.forms import FindForm, RepliesForm, ReplyForm
from antigone.selection.models import Invitation, Recruitment
from antigone.selection.models.recruitment import InvitationQuerySet
from antigone.selection.views.people import person_of, require_person
from antigone.selection.views.recruitment.people import get_called
from antigone.web.explanations import say

FOUND_SHOWN = 20


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest, recruitment_id: int) -> HttpResponse:
    """Look for an invitation; the one that is found alone is opened at once.

    Names and telephone numbers are sent, not written in an address: browsers and servers keep lists of addresses.
    """
    called = get_called(request, recruitment_id)
    form = FindForm(request.POST if request.method == "POST" else None)
    found: list[Invitation] = []
    if form.is_bound and form.is_valid():
        found = list(_invitations(request, called).find(form.cleaned_data["q"])[: FOUND_SHOWN + 1])
        if len(found) == 1:
            return redirect("recruitment:reply", called.pk, found[0].number)
    context = {
        "recruitment": called,
        "form": form,
        "found": found[:FOUND_SHOWN],
        "is_cut": len(found) > FOUND_SHOWN,
        "next": _next(request, called),
    }
    return render(request, "selection/recruitment/find.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, recruitment_id: int, number: int) -> HttpResponse:
    """Take what somebody says on the telephone, then go back to the search."""
    called = get_called(request, recruitment_id)
    invitation = _invitations(request, called).filter(number=number).first()
    if invitation is None or invitation.contact is None:
        raise Http404
    outcome = request.POST.get("outcome", "")
    form = ReplyForm(
        request.POST if request.method == "POST" and outcome == "yes" else None, recruitment=called
    )
    if not form.is_bound:
        form.initial = {"name": invitation.contact.name, "reach": invitation.contact.spoken_phone}
    if request.method == "POST":
        try:
            if outcome == "again":
                recruiting.reopen_invitation(invitation=invitation, by=require_person(request))
                return redirect("recruitment:reply", called.pk, number)
            if outcome != "yes":
                recruiting.note_call(invitation=invitation, outcome=outcome, by=require_person(request))
            elif form.is_valid():
                recruiting.enter_reply(
                    invitation=invitation, answers=form.get_answers(), by=require_person(request)
                )
        except (NotPossible, WrongInput) as error:
            messages.warning(request, say(error))
            return redirect("recruitment:find", called.pk)
        if not form.errors:
            messages.success(request, _("Invitation %(number)s is noted.") % {"number": number})
            return redirect("recruitment:find", called.pk)
    context = {"recruitment": called, "invitation": invitation, "form": form}
    return render(request, "selection/recruitment/reply.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def replies(request: HttpRequest, recruitment_id: int) -> HttpResponse:
    """Take a file of replies, whole or not at all."""
    called = get_called(request, recruitment_id)
    form = RepliesForm(request.POST, request.FILES) if request.method == "POST" else RepliesForm()
    faults: list[tuple[int, str]] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["replies"]
        try:
            brought = recruiting.import_replies(
                recruitment=called, data=file.read(), filename=file.name or "", by=require_person(request)
            )
        except (NotPossible, WrongInput) as error:
            form.add_error(None, say(error))
        else:
            faults = list(_explain(brought.faults))
            if not faults:
                messages.success(request, _("Replies taken: %(count)s.") % {"count": brought.count})
                return redirect("recruitment:find", called.pk)
    context = {
        "recruitment": called,
        "form": form,
        "faults": faults[:100],
        "fault_count": len(faults),
        "features": [feature for feature, _values in called.features],
    }
    status = 422 if form.errors or faults else 200
    return render(request, "selection/recruitment/replies.html", context, status=status)


def _invitations(request: HttpRequest, recruitment: Recruitment) -> InvitationQuerySet:
    found = Invitation.objects.workable_by(person_of(request)).filter(recruitment=recruitment)
    return found.select_related("contact", "recruitment")


def _next(request: HttpRequest, recruitment: Recruitment) -> Invitation | None:
    """Give whom to call next: those called least, in the order of the invitations."""
    waiting = _invitations(request, recruitment).awaited().exclude(contact__phone="")
    return waiting.order_by("calls", "number").first()


def _explain(faults: tuple[LineFault, ...]) -> Iterator[tuple[int, str]]:
    for fault in faults:
        yield fault.line, _(FAULTS[fault.code]) % fault.params
