"""To vote: one statement at a time."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from antigone.consultation.cookies import forget_cookie, set_cookie
from antigone.consultation.door import EMBEDDED
from antigone.consultation.models import Consultation, Participant, State
from antigone.consultation.views.ballots import prepare_sheet
from antigone.consultation.views.casting import cast
from antigone.consultation.views.people import find_participant, get_consultation
from antigone.consultation.views.shell import render_place
from antigone.errors import AntigoneError
from antigone.web.explanations import explain


@csrf_exempt
@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def vote(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the next statement, or the one asked for; a vote that the door did not take comes here."""
    if request.method == "POST":
        return _cast(request, slug)
    consultation = get_consultation(request, slug)
    participant, is_forged = find_participant(request, consultation)
    if must_enter(consultation, participant):
        return redirect("consultation:enter", slug)
    context = describe_sheet(request, consultation, participant)
    context["asks_profile"] = consultation.profile_questions.exists()
    response = render_place(
        request, "consultation/voting/vote.html", consultation, context, place="consultation:vote"
    )
    if is_forged:
        set_cookie(response, forget_cookie(consultation.pk, slug))
    return response


def must_enter(consultation: Consultation, participant: Participant | None) -> bool:
    """Tell whether one comes in by a code or an account first."""
    is_open = consultation.find_state(timezone.localdate()) == State.OPEN
    return is_open and consultation.door != Consultation.Door.OPEN and participant is None


def allow_framing(response: HttpResponse, consultation: Consultation) -> None:
    """Let the sites that the consultation names show this page in a frame, and no other."""
    sites = consultation.embedders.split()
    if sites:
        response.xframe_options_exempt = True
        response._csp_replace = {"frame-ancestors": sites}  # type: ignore[attr-defined]
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"


def _cast(request: HttpRequest, slug: str) -> HttpResponse:
    """Cast a vote; sent without a page load, what refuses it is said above the ballot, which stays."""
    try:
        response = cast(request, slug)
    except AntigoneError as error:
        response = explain(request, error)
    if response.status_code >= 400 and request.POST.get("next") == EMBEDDED:
        allow_framing(response, get_consultation(request, slug))
    elif response.status_code >= 400:
        response.headers["HX-Retarget"] = "#refused"
        response.headers["HX-Reselect"] = ".notice"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def describe_sheet(
    request: HttpRequest, consultation: Consultation, participant: Participant | None
) -> dict[str, Any]:
    sheet = prepare_sheet(
        consultation,
        participant,
        wanted=request.GET.get("affirmation", ""),
        goes_on="encore" in request.GET,
        now=timezone.now(),
    )
    return {
        "sheet": sheet,
        "participant": participant,
        # After a vote without a page load, the next statement is read out; a page just opened begins at its top.
        "is_followed": bool(request.headers.get("HX-Request")),
    }
