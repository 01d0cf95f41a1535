"""The front pages: which consultations there are, and one of them, the question first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from antigone.consultation import rules
from antigone.consultation.models import Consultation, State
from antigone.consultation.routing import find_live_picture
from antigone.consultation.summaries import list_summaries
from antigone.consultation.views.people import find_participant, get_consultation, person_of
from antigone.consultation.views.shell import render_place
from antigone.consultation.wording import say_value


@require_safe
def consultations(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    readable = Consultation.objects.readable_by(person).select_related("organisation")
    listed = list_summaries(readable, timezone.localdate())
    context = {
        "running": [one for one in listed if one.state == State.OPEN],
        "announced": [one for one in listed if one.state == State.ANNOUNCED],
        "over": [one for one in listed if one.state == State.CLOSED],
        "drafts": [one for one in listed if one.state == State.DRAFT],
        "can_create": rules.can_create(person),
    }
    return render(request, "consultation/consultations.html", context)


@require_safe
def consultation(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what is asked, by whom, until when, what will be done with it, and under which rules."""
    consultation = get_consultation(request, slug)
    picture = find_live_picture(consultation)
    participant, _forged = find_participant(request, consultation)
    closes = consultation.closes_date
    context = {
        "participation": picture.figures["participation"] if picture else None,
        "statements": consultation.statements.accepted().count(),
        "participant": participant,
        "days_left": (closes - timezone.localdate()).days if closes else None,
        "choices": [
            (one, say_value(one.kind, one.before), say_value(one.kind, one.after))
            for one in consultation.choices.all()
        ],
        "kept_pictures": consultation.pictures.frozen().only("pk", "title", "frozen_at"),
    }
    return render_place(
        request,
        "consultation/front/front.html",
        consultation,
        context,
        place="consultation:consultation",
    )
