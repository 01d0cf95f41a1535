"""To bring people in: the poster with its QR code, the codes of letters, the sites that may show the vote."""

import csv
import io
from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from antigone.consultation.actions.codes import MOST_CODES, make_codes
from antigone.consultation.actions.sites import choose_sites
from antigone.consultation.forms.inviting import CodesForm, SitesForm
from antigone.consultation.models import Consultation
from antigone.consultation.posters import draw_code, write_frame
from antigone.consultation.views.people import get_led, get_moderated, require_person
from antigone.consultation.views.shell import render_place
from antigone.errors import NotPossible, WrongInput
from antigone.web.explanations import say

PLACE = "consultation:team"


@require_safe
def poster(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a page to print: the question, the address, and its QR code."""
    consultation = get_moderated(request, slug)
    address = _find_address(request, consultation, "consultation:consultation")
    context = {"code": draw_code(address, _call_code()), "address": address.split("://", 1)[1].rstrip("/")}
    return render_place(request, "consultation/inviting/poster.html", consultation, context, place=PLACE)


@require_safe
def poster_code(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = get_moderated(request, slug)
    address = _find_address(request, consultation, "consultation:consultation")
    return _give(draw_code(address, _call_code()), f"{slug}.svg", "image/svg+xml")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: HttpRequest, slug: str) -> HttpResponse:
    """Make codes and give them, this once, as a file for the letters."""
    consultation = get_led(request, slug)
    form = CodesForm(request.POST) if request.method == "POST" else CodesForm()
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            made = make_codes(
                consultation=consultation, count=form.cleaned_data["count"], by=require_person(request)
            )
        except (NotPossible, WrongInput) as error:
            form.add_error(None, say(error))
            status = error.status
        else:
            address = _find_address(request, consultation, "consultation:vote")
            return _give(_write_codes(made, address), f"codes-{slug}.csv", "text/csv; charset=utf-8")
    total = consultation.codes.count()
    context = {
        "form": form,
        "total": total,
        "used": consultation.codes.filter(participant__isnull=False).count(),
        "left": MOST_CODES - total,
        "is_asked": consultation.door == Consultation.Door.CODE,
    }
    return render_place(
        request, "consultation/inviting/codes.html", consultation, context, place=PLACE, status=status
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sites(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose the sites that may show the vote, and read the lines to put in their pages."""
    consultation = get_led(request, slug)
    typed = request.POST if request.method == "POST" else None
    form = SitesForm(typed, consultation=consultation, initial={"sites": consultation.embedders})
    if form.is_valid():
        choose_sites(
            consultation=consultation,
            sites=form.cleaned_data["sites"],
            reason=form.cleaned_data.get("reason", ""),
            by=require_person(request),
            now=timezone.now(),
        )
        messages.success(request, _("The sites are saved."))
        return redirect("consultation:sites", slug)
    frame = write_frame(_find_address(request, consultation, "consultation:embedded"), consultation.title)
    context = {
        "form": form,
        "frame": frame if consultation.embedders else "",
        "is_open_door": consultation.door == Consultation.Door.OPEN,
    }
    return render_place(
        request,
        "consultation/inviting/sites.html",
        consultation,
        context,
        place=PLACE,
        status=422 if form.errors else 200,
    )


def _find_address(request: HttpRequest, consultation: Consultation, name: str) -> str:
    return request.build_absolute_uri(reverse(name, args=[consultation.slug]))


def _call_code() -> str:
    return _("QR code of the address of the consultation")


def _write_codes(codes: Sequence[str], address: str) -> str:
    """Write a line a letter. Codes begin with none of the signs that a spreadsheet takes for a formula."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["code", "address"])
    writer.writerows((code, address) for code in codes)
    return file.getvalue()


def _give(content: str, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
