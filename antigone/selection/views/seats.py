"""The seats once they are drawn: who comes, by telephone or with a code; who is called instead of whom."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from antigone.errors import NotPossible, WrongInput
from antigone.selection import actions
from antigone.selection.forms import LettersForm, ReplaceForm, SeatAnswerForm, SeatCodeForm
from antigone.selection.letters import write_letters
from antigone.selection.models import Draw, Replacement, Respondent, Seat, SeatAnswer
from antigone.selection.replacing import Choice, choose_newcomers, explain_choice
from antigone.selection.views.computing import download
from antigone.selection.views.people import get_prepared_draw, require_person
from antigone.web.explanations import say
from antigone.web.limits import refuse_flood


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a seat, in words for the team."""

    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A seat as the team sees it: what may be answered now, and all that happened."""

    seat: Seat
    answers: list[tuple[str, str]]
    history: list[Event]


@dataclass(frozen=True, slots=True)
class Offer:
    """Somebody who may be called, why, and the form that does it."""

    choice: Choice
    newcomer: Respondent
    lines: list[str]
    form: ReplaceForm


@login_required
@require_POST
def answer_by_phone(request: HttpRequest, draw_id: int, seat_id: int) -> HttpResponse:
    seat = _get_seat(get_prepared_draw(request, draw_id), seat_id)
    form = SeatAnswerForm(request.POST)
    if not form.is_valid():
        raise WrongInput("seat_answer_unreadable", _("Choose one of the answers of the page."))
    state = form.cleaned_data["state"]
    actions.answer_by_phone(
        seat=seat, holder_id=form.cleaned_data["holder"], state=state, by=require_person(request)
    )
    words = {"number": seat.number, "state": Seat.State(state).label}
    messages.success(request, _("Seat %(number)s: %(state)s.") % words)
    return redirect(f"{reverse('selection:panel', args=[draw_id])}#seat-{seat.number}")


@login_required
@require_POST
def letters(request: HttpRequest, draw_id: int) -> HttpResponse:
    """Give the file that letters are printed from: the only place where codes are ever written."""
    draw = get_prepared_draw(request, draw_id)
    form = LettersForm(request.POST)
    if not form.is_valid():
        raise WrongInput("letters_unreadable", _("Choose for whom codes are to be made."))
    made = actions.make_codes(draw=draw, is_for_all=form.cleaned_data["for_all"], by=require_person(request))
    if not made:
        messages.info(request, _("Nobody waits for a letter: no code was made."))
        return redirect(f"{reverse('selection:panel', args=[draw_id])}#letters")
    table = write_letters(made, request.build_absolute_uri(reverse("seat:answer")))
    return download(table, f"draw-{draw_id}-letters.csv", "text/csv; charset=utf-8")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest, draw_id: int, seat_id: int) -> HttpResponse:
    """Show who is to be called to a free seat, and why; call that person once the facilitator says so."""
    draw = get_prepared_draw(request, draw_id)
    seat = _get_seat(draw, seat_id)
    if not seat.is_vacant:
        messages.info(request, _("This seat is not free any more."))
        return redirect("selection:panel", draw_id)
    asked = request.POST.get("newcomer", "")
    try:
        offers = [
            _offer(request, seat, choice, is_asked=choice.newcomer == asked)
            for choice in choose_newcomers(draw)
        ]
        if request.method != "POST":
            return _show_offers(request, seat, offers)
        form = next((offer.form for offer in offers if offer.choice.newcomer == asked), None)
        if form is not None and not form.is_valid():
            return _show_offers(request, seat, offers, status=422)
        given = form.cleaned_data if form else {"newcomer": asked, "reason": seat.state}
        actions.replace_member(seat=seat, by=require_person(request), **given)
    except (NotPossible, WrongInput) as error:
        return _show_offers(request, seat, [], problem=say(error), status=error.status)
    words = {"newcomer": asked, "number": seat.number}
    messages.success(request, _("%(newcomer)s is called to seat %(number)s.") % words)
    return redirect(f"{reverse('selection:panel', args=[draw_id])}#seat-{seat.number}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    """Let whoever holds a letter say whether they come. A code stays out of addresses, and answers once."""
    if request.method != "POST":
        return render(request, "selection/seat.html", {"form": SeatCodeForm()})
    refuse_flood(request, "seat")
    form = SeatCodeForm(request.POST)
    said = request.POST.get("answer")
    if not form.is_valid():
        return render(request, "selection/seat.html", {"form": form}, status=422)
    code = form.cleaned_data["code"]
    try:
        if said in ("yes", "no"):
            seat = actions.answer_by_code(code=code, is_coming=said == "yes")
            context = {"seat": seat, "draw": seat.draw, "is_coming": said == "yes"}
            return render(request, "selection/seat.html", context)
        seat = actions.find_seat(code=code)
    except WrongInput as error:
        form.add_error("code", say(error))
        return render(request, "selection/seat.html", {"form": form}, status=error.status)
    return render(request, "selection/seat.html", {"asked": seat, "draw": seat.draw, "code": code})


def describe_seats(draw: Draw) -> dict[str, Any]:
    """Give the team every seat, with what happened to it, and how many are in which state."""
    answers = SeatAnswer.objects.select_related("respondent", "by")
    replacements = Replacement.objects.select_related("former", "newcomer", "by")
    seats = draw.seats.select_related("respondent", "holder").prefetch_related(
        Prefetch("answers", answers), Prefetch("replacements", replacements)
    )
    return {"seats": [_describe_seat(seat) for seat in seats], "states": count_states(draw)}


def count_states(draw: Draw) -> list[tuple[str, int]]:
    """Count the seats by state, in the order of states; those that no seat has are left out."""
    counted = dict(draw.seats.order_by().values_list("state").annotate(Count("pk")))
    return [(str(state.label), counted[state.value]) for state in Seat.State if counted.get(state.value)]


def describe_replacements(draw: Draw) -> list[dict[str, Any]]:
    """Give every replacement as everybody may read it: pseudonyms, reasons, no name."""
    made: QuerySet[Replacement] = Replacement.objects.filter(seat__draw=draw)
    return [
        {
            "number": row.seat.number,
            "former": row.former.pseudonym,
            "newcomer": row.newcomer.pseudonym,
            "reason": row.get_reason_display(),
            "keeps_targets": row.keeps_targets,
            "lines": explain_choice(row.explanation),
            "decided_because": row.decided_because,
            "at": row.at,
        }
        for row in made.select_related("seat", "former", "newcomer")
    ]


def _describe_seat(seat: Seat) -> SeatRow:
    words = {
        Seat.State.CONFIRMED: _("Comes"),
        Seat.State.DECLINED: _("Does not come"),
        Seat.State.WITHDRAWN: _("Withdraws"),
    }
    said = [
        Event(
            row.at,
            _("%(person)s: %(state)s, %(how)s%(by)s")
            % {
                "person": row.respondent.identifier,
                "state": row.get_state_display(),
                "how": row.get_how_display(),
                "by": f" ({row.by.name})" if row.by else "",
            },
        )
        for row in seat.answers.all()
    ]
    given = [
        Event(
            row.at,
            _("%(newcomer)s called in place of %(former)s (%(reason)s)")
            % {
                "newcomer": row.newcomer.identifier,
                "former": row.former.identifier,
                "reason": row.get_reason_display(),
            },
        )
        for row in seat.replacements.all()
    ]
    choices = [(str(state), words[state]) for state in Seat.ANSWERS[Seat.State(seat.state)]]
    return SeatRow(seat, choices, sorted([*said, *given], key=lambda event: event.at))


def _offer(request: HttpRequest, seat: Seat, choice: Choice, *, is_asked: bool) -> Offer:
    form = ReplaceForm(
        request.POST if is_asked else None,
        needs_reason=choice.needs_reason,
        initial={"newcomer": choice.newcomer, "reason": seat.state},
        auto_id=f"id_{choice.newcomer}_%s",
    )
    newcomer = seat.draw.respondents.get(pseudonym=choice.newcomer)
    return Offer(choice, newcomer, explain_choice(choice.explanation), form)


def _show_offers(
    request: HttpRequest, seat: Seat, offers: list[Offer], *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {"draw": seat.draw, "seat": seat, "offers": offers, "problem": problem}
    return render(request, "selection/replace.html", context, status=status)


def _get_seat(draw: Draw, seat_id: int) -> Seat:
    return get_object_or_404(draw.seats.select_related("draw", "respondent", "holder"), pk=seat_id)
