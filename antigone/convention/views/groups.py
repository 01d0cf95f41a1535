"""Small groups: composed by facilitators, read out in the room, made again by whoever doubts."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from antigone.convention import actions, rules
from antigone.convention.actions.groups import recompose
from antigone.convention.forms.sessions import GroupsForm
from antigone.convention.models import Convention, GroupRound
from antigone.convention.views.people import (
    found,
    get_convention,
    get_facilitated,
    get_followed,
    person_of,
    require_person,
)
from antigone.convention.views.sessions import PLACE, get_session, list_tables, seated
from antigone.convention.views.shell import render_place
from antigone.errors import WrongInput
from antigone.web.explanations import say


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def compose(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    convention = get_facilitated(request, slug)
    session = get_session(convention, number)
    form = GroupsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            composed = actions.compose_round(
                session=session,
                number=form.cleaned_data["number"],
                seed=form.cleaned_data["seed"],
                present_only=form.cleaned_data["among"] == "present",
                by=require_person(request),
            )
        except WrongInput as error:
            form.add_error(None, say(error))
        else:
            return redirect("convention:tables", slug, number, composed.number)
    context: dict[str, Any] = {
        "session": session,
        "form": form,
        "rounds": session.rounds.all(),
        "present": session.attendances.filter(state="present", member__left_at=None).count(),
        "sitting": convention.members.sitting().count(),
    }
    template = "convention/sessions/groups.html"
    status = 422 if form.errors else 200
    return render_place(request, template, convention, context, place=PLACE, status=status)


@require_safe
def tables(request: HttpRequest, slug: str, number: int, round_number: int) -> HttpResponse:
    """Show who sits at which table, to be printed for the room; to the team, how it was dealt."""
    convention = get_convention(request, slug)
    person = person_of(request)
    follows = rules.can_follow(person, convention)
    composed = _get_round(convention, number, round_number)
    context: dict[str, Any] = {
        "session": composed.session,
        "round": composed,
        "tables": list_tables(composed),
        "is_same": None,
    }
    if follows:
        context["balance"] = composed.balance
        if "refaire" in request.GET:
            again = [sorted(group) for group in recompose(composed.record)]
            context["is_same"] = again == composed.record["groups"]
    return render_place(request, "convention/sessions/tables.html", convention, context, place=PLACE)


@login_required
@require_safe
def record(request: HttpRequest, slug: str, number: int, round_number: int) -> HttpResponse:
    """Give what went into a round, for whoever wants to make it again: features under keys, no name."""
    convention = get_followed(request, slug)
    composed = _get_round(convention, number, round_number)
    if not composed.record:
        raise Http404
    response = JsonResponse(composed.record, json_dumps_params={"ensure_ascii": False, "indent": 1})
    name = f"groupes-{number}-{round_number}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _get_round(convention: Convention, number: int, round_number: int) -> GroupRound:
    rounds = GroupRound.objects.filter(session__convention=convention, session__number=number)
    wanted = rounds.filter(number=round_number).select_related("session")
    return found(wanted.prefetch_related(seated()).first())
