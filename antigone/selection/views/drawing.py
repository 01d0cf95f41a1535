"""From the commitment to the panel: what facilitators do in public, what the team reads of it."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from antigone.core.sortition.alternates import Alternate as Chosen
from antigone.errors import NotPossible, WrongInput
from antigone.selection import actions, rules
from antigone.selection.charts import draw_quotas
from antigone.selection.forms import (
    AlternatesForm,
    CommitForm,
    DigitsForm,
    LettersForm,
    PublishForm,
    SignatureForm,
)
from antigone.selection.models import Computation, ComputedFile, Draw, Replacement, Respondent
from antigone.selection.results import count_alone, open_file, read_panels
from antigone.selection.views.computing import describe_result
from antigone.selection.views.cosigning import describe_signature
from antigone.selection.views.people import (
    get_computation,
    get_followed_draw,
    get_prepared_draw,
    get_readable_draw,
    person_of,
    require_person,
)
from antigone.selection.views.seats import describe_seats
from antigone.selection.wording import explain
from antigone.web.explanations import say

ALTERNATES_FOR_SEATS = 4


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def commit(request: HttpRequest, draw_id: int, computation_id: int) -> HttpResponse:
    draw = get_prepared_draw(request, draw_id)
    computation = get_computation(request, draw_id, computation_id)
    if not draw.is_prepared:
        return redirect("selection:draw", draw_id)
    form = CommitForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        total = sum(panel.weight for panel in read_panels(computation))
        try:
            actions.commit_draw(
                draw=draw, computation=computation, source=form.get_source(total), by=require_person(request)
            )
        except (NotPossible, WrongInput) as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("The draw is committed to: everybody can read its fingerprint."))
            return redirect("selection:draw", draw_id)
    context = {"draw": draw, "computation": computation, "form": form, **_describe_short(computation)}
    return render(request, "selection/commit.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lot(request: HttpRequest, draw_id: int) -> HttpResponse:
    """Take what fell in public."""
    draw = get_prepared_draw(request, draw_id)
    if draw.stage != Draw.Stage.COMMITTED:
        return redirect("selection:draw", draw_id)
    source = draw.commitment.document["randomness"]
    kind = DigitsForm if source["kind"] == "digits" else SignatureForm
    form: DigitsForm | SignatureForm = kind(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.note_outcome(draw=draw, fallen=form.get_fallen(), by=require_person(request))
        except (NotPossible, WrongInput) as error:
            form.add_error(None, say(error))
        else:
            return redirect("selection:panel", draw_id)
    context = {"draw": draw, "form": form, "source": source, "announced_at": draw.commitment.announced_at}
    return render(request, "selection/lot.html", context, status=422 if form.errors else 200)


@require_safe
def sheet(request: HttpRequest, draw_id: int) -> HttpResponse:
    """Show the panels that the lot chooses among, by number: to be printed, and read out."""
    draw = get_readable_draw(request, draw_id)
    is_open = draw.published_at is not None or rules.can_follow(person_of(request), draw)
    if draw.is_prepared or not is_open:
        raise Http404
    computation = draw.commitment.computation
    panels = read_panels(computation) if computation.lottery_size else []
    width = len(str(len(panels) - 1))
    rows = [(f"{number:0{width}}", " ".join(panel.members)) for number, panel in enumerate(panels)]
    return render(
        request,
        "selection/sheet.html",
        {"draw": draw, "rows": rows, "commitment": draw.commitment} | describe_signature(draw),
    )


@login_required
@require_safe
def panel(request: HttpRequest, draw_id: int) -> HttpResponse:
    """Show the members and their alternates to the team."""
    draw = get_followed_draw(request, draw_id)
    if not draw.is_drawn:
        raise Http404
    context = {
        **describe_panel(draw),
        **describe_seats(draw),
        "letters_form": LettersForm(),
        "alternates": _describe_alternates(draw),
        "alternates_form": _get_alternates_form(request, draw),
        "can_prepare": rules.can_prepare(person_of(request), draw),
    }
    return render(request, "selection/panel.html", context)


@login_required
@require_POST
def choose_alternates(request: HttpRequest, draw_id: int) -> HttpResponse:
    draw = get_prepared_draw(request, draw_id)
    form = AlternatesForm(request.POST)
    if not form.is_valid():
        raise WrongInput(
            "alternates_unreadable", _("Write how many alternates, and how many members may drop out.")
        )
    actions.choose_alternates(
        draw=draw,
        number=form.cleaned_data["number"],
        dropout=form.cleaned_data["dropout"],
        by=require_person(request),
    )
    return redirect("selection:panel", draw_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, draw_id: int) -> HttpResponse:
    draw = get_prepared_draw(request, draw_id)
    if draw.is_prepared or draw.published_at is not None:
        return redirect("selection:draw", draw_id)
    form = PublishForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.publish_draw(draw=draw, by=require_person(request))
        except NotPossible as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("The draw is published: everybody can check it."))
            return redirect("selection:draw", draw_id)
    people = open_file(draw.commitment.computation, ComputedFile.Kind.CERTIFICATE)["people"]
    context = {
        "draw": draw,
        "form": form,
        "alone": count_alone([person["features"] for person in people]),
        "features": list(dict.fromkeys(draw.targets.values_list("feature", flat=True))),
    }
    return render(request, "selection/publish.html", context, status=422 if form.errors else 200)


def describe_panel(draw: Draw) -> dict[str, Any]:
    """Give what pages say of a panel without naming anybody: its number, and how its targets are met."""
    drawn = count_values(draw.seats.values("respondent"))
    now = None
    if draw.seats.vacant().exists() or Replacement.objects.filter(seat__draw=draw).exists():
        now = count_values(draw.seats.held().values("holder"))
    panels = draw.commitment.document["panel_count"]
    return {
        "draw": draw,
        "outcome": draw.outcome,
        "panel_number": f"{draw.outcome.panel:0{len(str(panels - 1))}}",
        "quotas": draw_quotas(draw.targets.all(), draw.size, drawn, now),
        "has_changed": now is not None,
    }


def count_values(people: "QuerySet[Any, Any]") -> Counter[tuple[str, str]]:
    """Count the values of some respondents, given as a query for their keys."""
    counts: Counter[tuple[str, str]] = Counter()
    for features in Respondent.objects.filter(pk__in=people).values_list("features", flat=True):
        counts.update(features.items())
    return counts


def describe_source(draw: Draw) -> dict[str, Any]:
    """Give what pages say of the randomness announced, and of what fell."""
    outcome = draw.outcome.document if draw.is_drawn else {}
    return {
        "source": draw.commitment.document["randomness"],
        "announced_at": draw.commitment.announced_at,
        "series": [" ".join(map(str, numbers)) for numbers in outcome.get("series", [])],
        "signature": outcome.get("signature", ""),
    }


def _describe_short(computation: Computation) -> dict[str, Any]:
    return describe_result(computation) if computation.is_done else {}


def _describe_alternates(draw: Draw) -> list[tuple[int, str, str]]:
    """Give each alternate's number, identifier and why they were chosen."""
    return [
        (
            row.number,
            row.respondent.identifier,
            explain(
                Chosen(
                    row.respondent.identifier,
                    row.share,
                    tuple((feature, value) for feature, value in row.saves),
                )
            ),
        )
        for row in draw.alternates.select_related("respondent")
    ]


def _get_alternates_form(request: HttpRequest, draw: Draw) -> AlternatesForm | None:
    if draw.alternates.exists() or not rules.can_prepare(person_of(request), draw):
        return None
    return AlternatesForm(initial={"number": max(1, draw.size // ALTERNATES_FOR_SEATS)})
