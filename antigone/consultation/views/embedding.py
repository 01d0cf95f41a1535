"""The vote within a page of another site: its own cookie, which that site alone brings back, and a way out."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from antigone.consultation.actions.voting import forget_participant
from antigone.consultation.cookies import forget_cookie, read_participant, set_cookie
from antigone.consultation.door import refuse_other_sites
from antigone.consultation.models import Consultation, Participant
from antigone.consultation.views.ballots import list_votes
from antigone.consultation.views.casting import SeeOther
from antigone.consultation.views.people import found, get_consultation
from antigone.consultation.views.voting import allow_framing, describe_sheet
from antigone.errors import WrongInput


@cache_control(private=True, no_store=True)
@require_safe
def embedded(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the vote within a page of one of the sites that the consultation names, and of no other."""
    consultation = _get_embeddable(request, slug)
    participant = _find_participant(request, consultation)
    context = {
        **describe_sheet(request, consultation, participant),
        "consultation": consultation,
        "state": consultation.find_state(timezone.localdate()),
        "votes": list_votes(participant),
        # A browser that keeps no cookie in a frame would make a new participant of each vote.
        "has_lost_cookie": participant is None and _comes_back(request),
    }
    response = render(request, "consultation/voting/embedded.html", context)
    allow_framing(response, consultation)
    return response


@csrf_exempt  # the frame has no session: where the form comes from is read in what the browser says of it
@require_POST
def erase_embedded(request: HttpRequest, slug: str) -> HttpResponse:
    """Erase all that was voted within that site."""
    consultation = _get_embeddable(request, slug)
    refuse_other_sites({name.lower(): value for name, value in request.headers.items()})
    participant = found(_find_participant(request, consultation))
    forget_participant(consultation=consultation, participant_id=participant.pk, now=timezone.now())
    response = SeeOther(f"/consultations/{slug}/voter/integre/?efface")
    allow_framing(response, consultation)
    set_cookie(response, forget_cookie(consultation.pk, slug, is_embedded=True))
    return response


def _get_embeddable(request: HttpRequest, slug: str) -> Consultation:
    consultation = get_consultation(request, slug)
    is_open = consultation.is_public and consultation.door == Consultation.Door.OPEN
    if not is_open or not consultation.embedders.split():
        raise Http404
    return consultation


def _comes_back(request: HttpRequest) -> bool:
    return "voter/integre" in request.headers.get("Referer", "") and "efface" not in request.GET


def _find_participant(request: HttpRequest, consultation: Consultation) -> Participant | None:
    try:
        number = read_participant(request.COOKIES, consultation.pk, is_embedded=True)
    except WrongInput:
        return None
    return consultation.participants.filter(pk=number).first() if number is not None else None
