"""A vote that the door did not take: it did not know the address yet, or refused, and the reason is explained here."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from antigone.consultation.actions import cast_vote
from antigone.consultation.cookies import forget_cookie, set_cookie, write_cookie
from antigone.consultation.door import (
    MOST_BYTES,
    SentVote,
    invalid_vote,
    learn_address,
    read_sent_vote,
    read_vote,
    refuse_other_sites,
)
from antigone.consultation.models import Consultation
from antigone.consultation.views.people import get_consultation
from antigone.errors import AntigoneError
from antigone.web.explanations import explain


class SeeOther(HttpResponseRedirect):
    status_code = 303


def cast(request: HttpRequest, slug: str) -> HttpResponse:
    """Cast the vote of a form and go on to the page that it names; the view that calls this is `csrf_exempt`.

    A cookie that is not ours, or whose participant is gone, is taken away with the page that says so.
    """
    consultation = get_consultation(request, slug)
    if consultation.is_public:
        learn_address(slug, consultation.pk)
    try:
        refused: AntigoneError | None = getattr(request, "scope", {}).get("antigone.refused")
        if refused is not None:
            raise refused
        return _cast(request, consultation, _read_sent_vote(request))
    except AntigoneError as error:
        if error.code != "unknown_participant":
            raise
        response = explain(request, error)
        is_embedded = request.POST.get("next") == "integre"
        set_cookie(response, forget_cookie(consultation.pk, slug, is_embedded=is_embedded))
        return response


def _read_sent_vote(request: HttpRequest) -> SentVote:
    refuse_other_sites({name.lower(): value for name, value in request.headers.items()})
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MOST_BYTES:
        raise invalid_vote()
    return read_sent_vote(dict(request.POST.lists()))


def _cast(request: HttpRequest, consultation: Consultation, sent: SentVote) -> HttpResponse:
    now = timezone.now()
    address = request.META.get("REMOTE_ADDR", "")
    vote = read_vote(consultation.pk, sent, request.COOKIES, address, now=now)
    done = cast_vote(vote, now=now)
    response = SeeOther(sent.find_next(consultation.slug))
    if vote.participant_id is None:
        header = write_cookie(
            consultation.pk, consultation.slug, done.participant_id, is_embedded=sent.is_embedded
        )
        set_cookie(response, header)
    return response
