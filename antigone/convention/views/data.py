"""The open data of a convention for everybody; the import of a past one for facilitators."""

from io import BytesIO

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from antigone.convention import actions, rules
from antigone.convention.forms.data import ImportForm
from antigone.convention.models import Convention
from antigone.convention.opendata.describing import describe_schema
from antigone.convention.opendata.parsing import ConventionFile, read_convention
from antigone.convention.opendata.tables import BY_NAME, TABLES
from antigone.convention.opendata.writing import open_scope, write_csv, write_json, write_zip
from antigone.convention.views.people import found, get_convention, person_of, require_person
from antigone.convention.views.shell import render_place


@require_safe
def data(request: HttpRequest, slug: str) -> HttpResponse:
    convention = get_convention(request, slug)
    tables = [(table.name, _(table.meaning)) for table in TABLES]
    return render_place(
        request,
        "convention/data/data.html",
        convention,
        {"tables": tables, "can_delete": _can_delete(request, convention)},
        place="convention:data",
    )


@require_safe
def download_json(request: HttpRequest, slug: str) -> HttpResponse:
    convention = get_convention(request, slug)
    pieces = write_json(open_scope(convention, timezone.now()))
    return _answer("".join(pieces).encode(), f"{slug}.json", "application/json")


@require_safe
def download_zip(request: HttpRequest, slug: str) -> HttpResponse:
    convention = get_convention(request, slug)
    file = BytesIO()
    write_zip(file, open_scope(convention, timezone.now()))
    return _answer(file.getvalue(), f"{slug}.zip", "application/zip")


@require_safe
def download_csv(request: HttpRequest, slug: str, table: str) -> HttpResponse:
    convention = get_convention(request, slug)
    pieces = write_csv(found(BY_NAME.get(table)), open_scope(convention, timezone.now()))
    return _answer("".join(pieces).encode(), f"{slug}-{table}.csv", "text/csv; charset=utf-8")


@require_safe
def schema(request: HttpRequest) -> JsonResponse:
    return JsonResponse(
        describe_schema(),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
        content_type="application/schema+json",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: HttpRequest) -> HttpResponse:
    """Check a file, or import it; whatever is wrong is listed, and nothing of it is kept."""
    person = require_person(request)
    if not rules.can_create(person) or person.organisation is None:
        raise Http404
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if request.method != "POST" or not form.is_valid():
        return _show_import(request, form)
    read = read_convention(form.cleaned_data["file"].read())
    if read.faults or request.POST.get("action") == "check":
        return _show_import(request, form, read)
    if not (read.lines["convention"][0].values["sources"] or form.cleaned_data["sources"].strip()):
        form.add_error("sources", _("The file does not say where its facts come from: write it here."))
        return _show_import(request, form)
    imported = actions.import_convention(
        file=read, organisation=person.organisation, by=person, sources=form.cleaned_data["sources"]
    )
    messages.success(request, _("The convention is imported. Everybody may read it."))
    if count := imported.documents_left_out:
        words = ngettext(
            "%(count)s document is not in this library and was left out.",
            "%(count)s documents are not in this library and were left out.",
            count,
        )
        messages.info(request, words % {"count": count})
    return redirect("convention:convention", imported.convention.slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, slug: str) -> HttpResponse:
    convention = get_convention(request, slug)
    if not _can_delete(request, convention):
        raise Http404
    if request.method != "POST":
        return render_place(request, "convention/data/delete.html", convention, {}, place="convention:data")
    actions.delete_reconstruction(convention=convention, by=require_person(request))
    messages.success(request, _("The imported convention is taken away."))
    return redirect("convention:conventions")


def _can_delete(request: HttpRequest, convention: Convention) -> bool:
    person = person_of(request)
    return (
        convention.is_reconstruction
        and person is not None
        and rules.can_create(person)
        and person.organisation_id == convention.organisation_id
    )


def _show_import(request: HttpRequest, form: ImportForm, read: ConventionFile | None = None) -> HttpResponse:
    is_wrong = bool(form.errors or (read is not None and read.faults))
    counts = [(name, len(lines)) for name, lines in read.lines.items() if lines] if read else []
    context = {"form": form, "read": read, "counts": counts, "faults": list(read.faults) if read else []}
    return render(request, "convention/data/import.html", context, status=422 if is_wrong else 200)


def _answer(content: bytes, filename: str, content_type: str) -> HttpResponse:
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=filename)}
    return HttpResponse(content, content_type=content_type, headers=headers)
