"""What is a participant's own: their votes and statements, their group, the way in, and the way out."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from antigone.consultation.actions.entering import enter_with_account, enter_with_code
from antigone.consultation.actions.submissions import (
    clean_statement,
    refuse_twin,
    submit_statement,
    withdraw_statement,
)
from antigone.consultation.actions.voting import forget_participant
from antigone.consultation.charts import draw_map
from antigone.consultation.cookies import forget_cookie, set_cookie, write_cookie
from antigone.consultation.door import seal_network
from antigone.consultation.forms.voting import CodeForm, StatementForm
from antigone.consultation.models import Consultation, Participant, Statement, Vote
from antigone.consultation.placing import Standing
from antigone.consultation.routing import find_live_picture
from antigone.consultation.similar import find_similar
from antigone.consultation.views.ballots import find_standing, list_votes
from antigone.consultation.views.people import find_participant, found, get_consultation, person_of
from antigone.consultation.views.results import Results
from antigone.consultation.views.shell import render_place
from antigone.consultation.views.voting import must_enter
from antigone.consultation.wording import name_group
from antigone.errors import AntigoneError
from antigone.web.explanations import say
from antigone.web.limits import find_network, refuse_flood, refuse_flood_of_all

PLACE = "consultation:vote"
SIDES = (Vote.Value.AGREE, Vote.Value.DISAGREE, Vote.Value.PASS)


@cache_control(private=True, no_store=True)
@require_safe
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one's own votes and statements, each of which can be changed or taken away."""
    consultation = get_consultation(request, slug)
    participant, _forged = find_participant(request, consultation)
    statements = _list_statements(participant)
    context = {
        "participant": participant,
        "votes": list_votes(participant),
        "statements": statements,
        # In the order of the ballot.
        "sides": [(side.value, side.label) for side in SIDES],
    }
    return render_place(request, "consultation/voting/review.html", consultation, context, place=PLACE)


@cache_control(private=True, no_store=True)
@require_safe
def group(request: HttpRequest, slug: str) -> HttpResponse:
    """Show which group one's votes are nearest to, what it says more than others, and what all share."""
    consultation = get_consultation(request, slug)
    participant, _forged = find_participant(request, consultation)
    picture = find_live_picture(consultation)
    votes = list_votes(participant)
    standing = find_standing(picture, votes)
    context = {"participant": participant, "standing": standing}
    if picture is not None and standing is not None and standing.enough:
        context |= _describe_group(Results(consultation, picture), standing)
    return render_place(request, "consultation/voting/group.html", consultation, context, place=PLACE)


def _describe_group(results: Results, standing: Standing) -> dict[str, Any]:
    """Say what the nearest group says more than the others, and what a majority of every group, or of all, shares."""
    described: dict[str, Any] = {"shared": results.shared or results.consensus}
    if not results.are_enough:
        return {}
    if standing.group is not None:
        name = name_group(standing.group)
        described["own"] = next((part for part in results.groups if part.name == name), None)
    return {**described, "map": draw_map(results.figures, standing)}


@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a statement: what is like it first, then, sent again, the statement itself."""
    consultation = get_consultation(request, slug)
    participant, _forged = find_participant(request, consultation)
    if must_enter(consultation, participant):
        return redirect("consultation:enter", slug)
    form = StatementForm(request.POST or None)
    similar: list[Statement] = []
    twin: object = None
    if request.method == "POST" and form.is_valid():
        refuse_flood(request, "statement")
        text = form.cleaned_data["text"]
        try:
            cleaned = clean_statement(text, consultation)
            refuse_twin(consultation, cleaned)
            similar = find_similar(consultation, cleaned) if "different" not in request.POST else []
            if not similar:
                return _submit(request, consultation, participant, cleaned)
        except AntigoneError as error:
            form.add_error("text", say(error))
            twin = error.params.get("number")
    status = 422 if form.errors else 200
    context = {"form": form, "similar": similar, "twin": twin, "participant": participant}
    return render_place(
        request, "consultation/voting/submit.html", consultation, context, place=PLACE, status=status
    )


def _submit(
    request: HttpRequest, consultation: Consultation, participant: Participant | None, text: str
) -> HttpResponse:
    now = timezone.now()
    network = seal_network(
        consultation.pk, find_network(request.META.get("REMOTE_ADDR", "")), timezone.localdate(now)
    )
    statement = submit_statement(
        consultation=consultation,
        participant_id=participant.pk if participant else None,
        text=text,
        network=network,
        now=now,
    )
    if statement.is_open:
        messages.success(request, _("Your statement is there: others now vote on it. Thank you."))
    else:
        messages.success(request, _("Your statement is sent. A moderator reads it, then others vote on it."))
    response = redirect("consultation:review", consultation.slug)
    if participant is None and statement.author is not None:
        set_cookie(response, write_cookie(consultation.pk, consultation.slug, statement.author.pk))
    return response


@require_POST
def withdraw(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Take one's own statement away."""
    consultation = get_consultation(request, slug)
    participant = found(find_participant(request, consultation)[0])
    withdraw_statement(
        consultation=consultation, participant_id=participant.pk, number=number, now=timezone.now()
    )
    messages.success(request, _("Your statement is withdrawn: its text is erased."))
    return redirect("consultation:review", slug)


@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, slug: str) -> HttpResponse:
    """Take everything away: votes, statements, what one said of oneself, and the cookie."""
    consultation = get_consultation(request, slug)
    participant = found(find_participant(request, consultation)[0])
    if request.method != "POST":
        context = {"participant": participant, "votes": len(list_votes(participant))}
        return render_place(request, "consultation/voting/erase.html", consultation, context, place=PLACE)
    forget_participant(consultation=consultation, participant_id=participant.pk, now=timezone.now())
    messages.success(
        request, _("Your votes and your statements are erased. The results follow within minutes.")
    )
    response = redirect("consultation:consultation", slug)
    set_cookie(response, forget_cookie(consultation.pk, slug))
    return response


@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """Come in by the code of a letter or by one's account; both lead to one's votes of before."""
    consultation = get_consultation(request, slug)
    if not must_enter(consultation, None):
        return redirect("consultation:vote", slug)
    form = CodeForm(request.POST or None)
    participant = None
    if request.method == "POST":
        refuse_flood(request, "door_code")
        refuse_flood_of_all("door_code_all")
        try:
            participant = _enter(request, consultation, form)
        except AntigoneError as error:
            form.add_error(None, say(error))
    if participant is None:
        context = {"form": form, "person": person_of(request)}
        status = 422 if form.errors else 200
        return render_place(
            request, "consultation/voting/enter.html", consultation, context, place=PLACE, status=status
        )
    response = redirect("consultation:vote", slug)
    set_cookie(response, write_cookie(consultation.pk, slug, participant.pk))
    return response


def _enter(request: HttpRequest, consultation: Consultation, form: CodeForm) -> Participant | None:
    now = timezone.now()
    if consultation.door == Consultation.Door.SIGN_IN:
        person = found(person_of(request))
        return enter_with_account(consultation=consultation, person=person, now=now)
    if not form.is_valid():
        return None
    return enter_with_code(consultation=consultation, typed=form.cleaned_data["code"], now=now)


def _list_statements(participant: Participant | None) -> list[Statement]:
    if participant is None:
        return []
    mine = participant.statements.exclude(state=Statement.State.WITHDRAWN).exclude(text="")
    return list(mine.select_related("merged_into").prefetch_related("decisions").order_by("-number"))
