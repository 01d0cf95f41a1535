"""What facilitators do before the commitment: begin a draw, edit its targets with a diagnosis beside them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from antigone.errors import NotPossible, WrongInput
from antigone.selection import actions, rules
from antigone.selection.diagnosing import (
    LIVE_SECONDS,
    MOST_LIVE_PEOPLE,
    PATIENT_SECONDS,
    Finding,
    examine,
    explain_bands,
)
from antigone.selection.forms import ComputeForm, CosignersForm, NewDrawForm, TargetsForm
from antigone.selection.models import Draw
from antigone.selection.reading import read_files
from antigone.selection.views.people import get_followed_draw, get_prepared_draw, person_of, require_person
from antigone.selection.wording import say_percent
from antigone.web.explanations import say

COMPUTATIONS_SHOWN = 10


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    if not rules.can_create(person_of(request)):
        raise Http404
    form = NewDrawForm(request.POST, request.FILES) if request.method == "POST" else NewDrawForm()
    if request.method == "POST" and form.is_valid():
        try:
            loaded = read_files(**form.get_question())
        except WrongInput as error:
            form.add_error(None, say(error))
        else:
            draw = actions.create_draw(
                title=form.cleaned_data["title"],
                question=form.cleaned_data["question"],
                loaded=loaded,
                by=require_person(request),
            )
            return redirect("selection:prepare", draw.pk)
    return render(request, "selection/new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: HttpRequest, draw_id: int) -> HttpResponse:
    """Show the draw to its team; take edits of its targets from its facilitators."""
    draw = get_followed_draw(request, draw_id)
    if request.method != "POST":
        return _show(request, draw, TargetsForm(draw=draw))
    draw = get_prepared_draw(request, draw_id)
    form = TargetsForm(request.POST, draw=draw)
    if not form.is_valid():
        return _show(request, draw, form, status=422)
    asked = request.POST.get("action")
    if asked == "apply":
        return _apply(request, draw, form)
    if asked != "save":
        return _show(request, draw, form, is_edited=True, seconds=PATIENT_SECONDS)
    try:
        actions.save_targets(
            draw=draw,
            size=form.cleaned_data["size"],
            targets=form.get_targets(),
            version=form.cleaned_data["version"],
            by=require_person(request),
        )
    except (NotPossible, WrongInput) as error:
        return _refuse(request, draw, error)
    messages.success(request, _("The targets are saved."))
    return redirect("selection:prepare", draw_id)


@login_required
@require_POST
def diagnosis(request: HttpRequest, draw_id: int) -> HttpResponse:
    """Answer the diagnosis alone, for targets that are being typed."""
    draw = get_prepared_draw(request, draw_id)
    form = TargetsForm(request.POST, draw=draw)
    finding = (
        _examine(draw, form, LIVE_SECONDS) if form.is_valid() else Finding(None, _("A cell is not a number."))
    )
    return render(
        request, "selection/draw.html#diagnosis", {"draw": draw, "finding": finding, "can_edit": True}
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, draw_id: int) -> HttpResponse:
    draw = get_prepared_draw(request, draw_id)
    if request.method != "POST":
        return render(request, "selection/delete.html", {"draw": draw})
    actions.delete_draw(draw=draw, by=require_person(request))
    messages.success(request, _("The draw and its respondents are erased."))
    return redirect("selection:draws")


def _refuse(request: HttpRequest, draw: Draw, error: NotPossible | WrongInput) -> HttpResponse:
    """Show what was typed beside what was saved meanwhile, ready to be saved again."""
    if error.code == "draw_committed":
        raise error
    draw = get_prepared_draw(request, draw.pk)
    typed = request.POST.copy()
    typed["version"] = str(draw.version)
    form = TargetsForm(typed, draw=draw)
    form.is_valid()
    form.add_error(None, say(error))
    is_conflict = isinstance(error, NotPossible)
    return _show(request, draw, form, is_edited=True, is_conflict=is_conflict, status=error.status)


def _apply(request: HttpRequest, draw: Draw, form: TargetsForm) -> HttpResponse:
    """Put the cheapest changes into the cells, to be looked at and saved."""
    finding = _examine(draw, form, PATIENT_SECONDS)
    if finding.changed is None:
        return _show(request, draw, form, is_edited=True)
    bounds = {(target.feature, target.value): target for target in finding.changed.targets}
    typed = QueryDict(mutable=True)
    typed["version"], typed["size"] = str(form.cleaned_data["version"]), str(form.cleaned_data["size"])
    for target in form.targets:
        changed = bounds[target.feature, target.value]
        typed[f"min_{target.pk}"], typed[f"max_{target.pk}"] = str(changed.min), str(changed.max)
    messages.info(request, _("The changes are in the table. Look at them, then save."))
    return _show(request, draw, TargetsForm(typed, draw=draw), is_edited=True)


def _examine(draw: Draw, form: TargetsForm, seconds: float) -> Finding:
    """Diagnose what was typed; a pool too large to be read at each keystroke waits for the button."""
    if draw.people > MOST_LIVE_PEOPLE and seconds < PATIENT_SECONDS:
        return Finding(None, _("The pool is large: press “Check these targets” to have it examined."))
    size = form.cleaned_data["size"] if form.is_bound else draw.size
    return examine(draw, size, form.get_targets() if form.is_bound else form.targets, seconds=seconds)


def _show(
    request: HttpRequest,
    draw: Draw,
    form: TargetsForm,
    *,
    is_edited: bool = False,
    is_conflict: bool = False,
    seconds: float = LIVE_SECONDS,
    status: int = 200,
) -> HttpResponse:
    can_edit = draw.is_prepared and rules.can_prepare(person_of(request), draw)
    finding = None
    if draw.is_prepared and (not form.is_bound or form.is_valid() or is_conflict):
        finding = _examine(draw, form, seconds)
    computations = draw.computations.select_related("asked_by")[:COMPUTATIONS_SHOWN]
    context: dict[str, Any] = {
        "draw": draw,
        "form": form,
        "features": [(name, _add_shares(rows, draw)) for name, rows in form.list_features()],
        "has_shares": any(target.share for target in form.targets),
        "bands": explain_bands(draw, form.targets),
        "finding": finding,
        "can_edit": can_edit,
        "is_edited": is_edited,
        "is_conflict": is_conflict,
        "compute_form": ComputeForm() if can_edit else None,
        "computations": computations,
        "cosigners": draw.cosigners.all(),
        "cosigners_form": CosignersForm(draw=draw) if can_edit else None,
        "can_step_down": draw.is_prepared and rules.can_cosign(person_of(request), draw),
        "refused": draw.refused_commitments.all(),
        "is_computing": any(computation.is_unfinished for computation in computations),
    }
    return render(request, "selection/draw.html", context, status=status)


def _add_shares(rows: list[Any], draw: Draw) -> list[tuple[Any, str]]:
    """Give each row with the share of the pool that has its value."""
    return [(row, say_percent(row.target.people / draw.people)) for row in rows]
