"""The open data of a consultation: totals for everybody; the votes of each participant where the city chose so."""

import random

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from antigone.consultation.models import Choice, Consultation, Picture, State
from antigone.consultation.opendata.describing import describe_schema
from antigone.consultation.opendata.polis import make_export
from antigone.consultation.opendata.schema import LICENCE_ADDRESS, Scope
from antigone.consultation.opendata.tables import BY_NAME, TABLES
from antigone.consultation.opendata.withholding import FLOOR
from antigone.consultation.opendata.writing import list_files, pack, write_csv, write_figures, write_json
from antigone.consultation.views.people import found, get_consultation, get_led
from antigone.consultation.views.shell import render_place
from antigone.core.opinion import write_export

# What names a picture in an address and in the name of a file: the beginning of its fingerprint.
NAME_LENGTH = 12


@require_safe
def data(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = get_consultation(request, slug)
    picture = _get_picture(request, consultation)
    choice = consultation.choices.filter(kind=Choice.Kind.MATRIX).first()
    context = {
        "picture": picture,
        "name": _name(picture),
        "query": f"?picture={_name(picture)}" if request.GET.get("picture") else "",
        "frozen": [(one, _name(one)) for one in Picture.objects.filter(consultation=consultation).frozen()],
        "tables": [(table.name, _(table.meaning)) for table in TABLES],
        "floor": FLOOR,
        "licence": LICENCE_ADDRESS,
        "gives_votes": _gives_votes(consultation),
        "choice": choice,
    }
    return render_place(
        request, "consultation/data/data.html", consultation, context, place="consultation:data"
    )


@require_safe
def download_json(request: HttpRequest, slug: str) -> HttpResponse:
    scope = _open_scope(request, slug)
    return _answer(write_json(scope), scope, "consultation.json", "application/json")


@require_safe
def download_figures(request: HttpRequest, slug: str) -> HttpResponse:
    scope = _open_scope(request, slug)
    return _answer(write_figures(scope), scope, "figures.json", "application/json")


@require_safe
def download_zip(request: HttpRequest, slug: str) -> HttpResponse:
    scope = _open_scope(request, slug)
    return _answer(pack(list_files(scope)), scope, "consultation.zip", "application/zip")


@require_safe
def download_csv(request: HttpRequest, slug: str, table: str) -> HttpResponse:
    scope = _open_scope(request, slug)
    content = write_csv(found(BY_NAME.get(table)), scope)
    return _answer(content, scope, f"{table}.csv", "text/csv; charset=utf-8")


@require_safe
def download_votes(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the votes of each participant: only where the city chose so, and once nobody votes any more."""
    consultation = get_consultation(request, slug)
    if not _gives_votes(consultation):
        raise Http404
    return _answer_export(request, consultation, "votes.zip", is_public=True)


@login_required
@require_safe
def download_polis(request: HttpRequest, slug: str) -> HttpResponse:
    """Give whoever leads it the files with which another tool goes on."""
    return _answer_export(request, get_led(request, slug), "polis.zip", is_public=False)


@require_safe
def schema(request: HttpRequest) -> JsonResponse:
    return JsonResponse(
        describe_schema(),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
        content_type="application/schema+json",
    )


def _gives_votes(consultation: Consultation) -> bool:
    """While votes come in, two exports would tell what the one vote between them was."""
    return consultation.publishes_matrix and consultation.find_state(timezone.localdate()) == State.CLOSED


def _get_picture(request: HttpRequest, consultation: Consultation) -> Picture | None:
    """Give the picture asked for by the beginning of its fingerprint, else the live one, else the last one frozen."""
    pictures = Picture.objects.filter(consultation=consultation)
    if name := request.GET.get("picture", ""):
        return found(
            pictures.filter(fingerprint__startswith=name).first() if len(name) >= NAME_LENGTH else None
        )
    return pictures.live().first() or pictures.frozen().first()


def _open_scope(request: HttpRequest, slug: str) -> Scope:
    consultation = get_consultation(request, slug)
    return Scope(consultation, _get_picture(request, consultation))


def _name(picture: Picture | None) -> str:
    return picture.fingerprint[:NAME_LENGTH] if picture else ""


def _answer_export(
    request: HttpRequest, consultation: Consultation, name: str, *, is_public: bool
) -> HttpResponse:
    picture = Picture.objects.live().filter(consultation=consultation).first()
    address = request.build_absolute_uri(reverse("consultation:consultation", args=[consultation.slug]))
    export = make_export(consultation, picture, random.SystemRandom(), is_public=is_public, url=address)
    return _answer(pack(write_export(export)), Scope(consultation, picture), name, "application/zip")


def _answer(content: bytes, scope: Scope, name: str, content_type: str) -> HttpResponse:
    parts = [scope.consultation.slug, _name(scope.picture), name]
    filename = "-".join(part for part in parts if part)
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=filename)}
    return HttpResponse(content, content_type=content_type, headers=headers)
