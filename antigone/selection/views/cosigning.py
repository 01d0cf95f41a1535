"""The guarantors' signature of a commitment: who is asked, who signs or refuses, what everybody reads of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from antigone.core.sortition.documents import dump_json
from antigone.errors import NotPossible, WrongInput
from antigone.selection import actions, rules
from antigone.selection.forms import CosignersForm, RefuseForm, SignForm
from antigone.selection.models import Cosignature, Draw
from antigone.selection.views.computing import download
from antigone.selection.views.people import (
    get_followed_draw,
    get_prepared_draw,
    get_readable_draw,
    person_of,
    require_person,
)
from antigone.web.explanations import say


@login_required
@require_POST
def name_cosigners(request: HttpRequest, draw_id: int) -> HttpResponse:
    draw = get_prepared_draw(request, draw_id)
    form = CosignersForm(request.POST, draw=draw)
    if not form.is_valid():
        raise WrongInput("cosigners_unknown", _("Choose the guarantors to ask from the list."))
    actions.name_cosigners(draw=draw, people=form.cleaned_data["people"], by=require_person(request))
    messages.success(request, _("From now on nothing is drawn without the signature of a guarantor."))
    return redirect("selection:prepare", draw_id)


@login_required
@require_POST
def step_down(request: HttpRequest, draw_id: int) -> HttpResponse:
    draw = get_followed_draw(request, draw_id)
    if not rules.can_cosign(person_of(request), draw):
        raise Http404
    actions.step_down(draw=draw, by=require_person(request))
    messages.success(request, _("You are no longer asked to sign this draw."))
    return redirect("selection:prepare", draw_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cosign(request: HttpRequest, draw_id: int) -> HttpResponse:
    """Let a guarantor sign or refuse; once the lot is due without a signature, let the facilitator void it."""
    draw, person = get_followed_draw(request, draw_id), require_person(request)
    can_sign = rules.can_cosign(person, draw)
    if not can_sign and not rules.can_prepare(person, draw):
        raise Http404
    if not draw.awaits_cosignature():
        return redirect("selection:draw", draw_id)
    is_late = timezone.now() >= draw.commitment.announced_at
    root = {"root": draw.commitment.root}
    sign_form, refuse_form = SignForm(initial=root), RefuseForm(initial=root)
    if request.method == "POST" and request.POST.get("action") == "sign":
        sign_form = SignForm(request.POST)
        if sign_form.is_valid():
            try:
                actions.cosign_draw(draw=draw, by=person, **sign_form.cleaned_data)
            except NotPossible as error:
                sign_form.add_error(None, say(error))
            else:
                messages.success(request, _("You have signed: the lot can be drawn when it is due."))
                return redirect("selection:draw", draw_id)
    elif request.method == "POST":
        refuse_form = RefuseForm(request.POST)
        if refuse_form.is_valid():
            try:
                actions.refuse_commitment(draw=draw, by=person, **refuse_form.cleaned_data)
            except (NotPossible, WrongInput) as error:
                refuse_form.add_error(None, say(error))
            else:
                messages.success(request, _("This commitment is void. The draw is in preparation again."))
                return redirect("selection:draw", draw_id)
    context = {
        "draw": draw,
        "commitment": draw.commitment,
        "can_sign": can_sign,
        "is_late": is_late,
        "sign_form": sign_form if can_sign and not is_late else None,
        "refuse_form": refuse_form if can_sign or is_late else None,
        "names": list(draw.cosigners.values_list("name", flat=True)),
    }
    status = 422 if sign_form.errors or refuse_form.errors else 200
    return render(request, "selection/cosign.html", context, status=status)


@require_safe
def refused_commitment(request: HttpRequest, draw_id: int, refused_id: int) -> HttpResponse:
    """Give a commitment that was refused, as it was published."""
    draw = get_readable_draw(request, draw_id)
    refused = get_object_or_404(draw.refused_commitments, pk=refused_id)
    return download(dump_json(refused.document), f"commitment-refused-{refused.pk}.json")


def describe_signature(draw: Draw) -> dict[str, Any]:
    """Give what everybody reads: who signed or is still to, and what was refused before."""
    return {
        "cosignature": Cosignature.objects.filter(draw=draw).first(),
        "awaited": list(draw.cosigners.values_list("name", flat=True)) if draw.awaits_cosignature() else [],
        "refused": draw.refused_commitments.all(),
    }
