"""The chances: computed, followed, cancelled, read; one respondent's on demand."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from antigone.core.sortition.explanations import Sensitivity
from antigone.core.sortition.tables import defuse, write_table
from antigone.errors import WrongInput
from antigone.selection import actions, rules
from antigone.selection.actions.compute import UNKNOWN
from antigone.selection.charts import draw_histogram
from antigone.selection.forms import ComputeForm, FindPersonForm
from antigone.selection.models import Computation, ComputedFile, Respondent
from antigone.selection.people import name_identifiers
from antigone.selection.results import open_file, read_file, read_sensitivity
from antigone.selection.views.people import (
    get_computation,
    get_prepared_draw,
    person_of,
    require_person,
)
from antigone.selection.wording import (
    explain,
    explain_failure,
    get_phase,
    list_objectives,
    say_one_in,
    say_percent,
)

REFRESH_SECONDS = 2
PRICES_SHOWN = 40
# A change of the smallest chance that nobody would see.
LEAST_PRICE = 5e-5
EXCLUDED_SHOWN = 50


@login_required
@require_POST
def compute(request: HttpRequest, draw_id: int) -> HttpResponse:
    draw = get_prepared_draw(request, draw_id)
    form = ComputeForm(request.POST)
    if not form.is_valid():
        raise WrongInput("computation_unknown", UNKNOWN)
    started = actions.start_computation(
        draw=draw,
        objective=form.cleaned_data["objective"],
        lottery_size=form.cleaned_data["lottery"],
        time_limit=form.cleaned_data["time_limit"],
        by=require_person(request),
    )
    return redirect("selection:computation", draw_id, started.pk)


@login_required
@require_safe
def computation(request: HttpRequest, draw_id: int, computation_id: int) -> HttpResponse:
    shown = get_computation(request, draw_id, computation_id)
    response = _show(request, shown)
    if request.headers.get("HX-Target") == "progress" and not shown.is_unfinished:
        response.headers["HX-Refresh"] = (
            "true"  # what is asked for while it runs is not on the page of its end
        )
    return response


@login_required
@require_POST
def cancel(request: HttpRequest, draw_id: int, computation_id: int) -> HttpResponse:
    get_prepared_draw(request, draw_id)
    shown = get_computation(request, draw_id, computation_id)
    actions.cancel_computation(computation=shown, by=require_person(request))
    return redirect("selection:computation", draw_id, computation_id)


@login_required
@require_POST
def find_person(request: HttpRequest, draw_id: int, computation_id: int) -> HttpResponse:
    """Show one respondent's chance, and what moves it. Asked by POST: an identifier stays out of addresses."""
    shown = get_computation(request, draw_id, computation_id)
    form = FindPersonForm(request.POST)
    found: Respondent | None = None
    if form.is_valid():
        readable = Respondent.objects.readable_by(person_of(request)).filter(draw=shown.draw)
        found = readable.filter(identifier=form.cleaned_data["person"].strip()).first()
        if found is None:
            form.add_error("person", _("Nobody in this pool has this identifier."))
    return _show(request, shown, form=form, found=found, status=422 if form.errors else 200)


@login_required
@require_safe
def certificate(request: HttpRequest, draw_id: int, computation_id: int) -> HttpResponse:
    shown = get_computation(request, draw_id, computation_id)
    return download(read_file(shown, ComputedFile.Kind.CERTIFICATE), f"draw-{draw_id}.json")


@login_required
@require_safe
def names(request: HttpRequest, draw_id: int, computation_id: int) -> HttpResponse:
    """Give the team the table that says which identifier is behind which pseudonym."""
    shown = get_computation(request, draw_id, computation_id)
    rows = Respondent.objects.readable_by(person_of(request)).filter(draw=shown.draw)
    people = ((name, defuse(identifier)) for name, identifier in rows.values_list("pseudonym", "identifier"))
    table = write_table(["pseudonym", "identifier"], people)
    return download(table, f"draw-{draw_id}-pseudonyms.csv", "text/csv; charset=utf-8")


def download(data: bytes, name: str, content_type: str = "application/json") -> HttpResponse:
    """Answer a file that no cache keeps."""
    response = HttpResponse(data, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _show(
    request: HttpRequest,
    shown: Computation,
    *,
    form: FindPersonForm | None = None,
    found: Respondent | None = None,
    status: int = 200,
) -> HttpResponse:
    draw = shown.draw
    moves = shown.is_unfinished or (shown.is_done and not shown.is_priced)
    context: dict[str, Any] = {
        "draw": draw,
        "computation": shown,
        "objective": get_objective(shown),
        "phase": get_phase(shown.phase),
        "moves": moves,
        "refresh_seconds": REFRESH_SECONDS,
        "failure": explain_failure(shown.error_code, shown.error_params) if shown.error_code else "",
        "can_prepare": rules.can_prepare(person_of(request), draw),
        "is_outdated": draw.is_prepared and shown.targets_version != draw.version,
    }
    if shown.is_done:
        context |= describe_result(shown)
        sensitivity = _open_sensitivity(shown)
        context |= _describe_excluded(shown) | {
            "prices": _list_prices(sensitivity) if sensitivity else [],
            "has_prices": sensitivity is not None,
            "person_form": form or FindPersonForm(),
            "found": found and _describe_person(shown, found, sensitivity),
        }
    return render(request, "selection/computation.html", context, status=status)


def get_objective(shown: Computation) -> str:
    """Say what was sought."""
    return str(dict(list_objectives()).get(shown.objective, shown.objective))


def describe_result(shown: Computation) -> dict[str, Any]:
    """Give what pages say of a result: of the team's, and of the public's."""
    summary, draw = shown.summary, shown.draw
    lottery = summary["lottery"]
    return {
        "summary": summary,
        "objective": get_objective(shown),
        "minimum": say_percent(summary["minimum"], 2),
        "one_in": say_one_in(summary["minimum"]),
        "maximum": say_percent(summary["maximum"], 2),
        "equal": say_percent(draw.size / draw.people, 2),
        "bound": say_percent(min(1.0, summary["minimum"] + summary["gap"]), 2),
        "histogram": draw_histogram(
            summary["bins"], summary["width"], draw.size / draw.people, summary["maximum"]
        ),
        "lottery": lottery,
        "is_best_lottery": bool(lottery) and lottery["minimum"] >= lottery["best_minimum"],
        "crossings": [
            (" · ".join((*row["first"], *row["second"])), row["people"], say_percent(row["presence"]))
            for row in summary["crossings"]["rarest"]
        ],
    }


def _describe_excluded(shown: Computation) -> dict[str, Any]:
    excluded = shown.summary["excluded"]
    named = name_identifiers(shown.draw, excluded[:EXCLUDED_SHOWN])
    return {"excluded_count": len(excluded), "excluded": sorted(named.values())}


def _open_sensitivity(shown: Computation) -> Sensitivity | None:
    has_prices = shown.files.filter(kind=ComputedFile.Kind.SENSITIVITY).exists()
    return read_sensitivity(open_file(shown, ComputedFile.Kind.SENSITIVITY)) if has_prices else None


def _list_prices(sensitivity: Sensitivity) -> list[str]:
    """Say the changes that move the smallest chance, or leave no panel."""
    moving = [
        price
        for price in sensitivity.list_prices()
        if price.after is None or abs(price.after - price.before) > LEAST_PRICE
    ]
    return [explain(price) for price in moving[:PRICES_SHOWN]]


def _describe_person(
    shown: Computation, found: Respondent, sensitivity: Sensitivity | None
) -> dict[str, Any]:
    chance = open_file(shown, ComputedFile.Kind.CERTIFICATE)["probabilities"][found.pseudonym]
    is_known = sensitivity is not None and found.pseudonym in sensitivity.type_of
    moves = sensitivity.list_moves(found.pseudonym) if sensitivity is not None and is_known else ()
    return {
        "identifier": found.identifier,
        "pseudonym": found.pseudonym,
        "features": found.features,
        "chance": say_percent(chance, 2),
        "one_in": say_one_in(chance) if chance > 0 else _("can never be drawn"),
        "moves": [explain(move) for move in moves],
    }
