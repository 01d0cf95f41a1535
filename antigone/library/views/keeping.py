"""What librarians do: add documents, follow imports, withdraw, restore."""

from collections import Counter

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from antigone.library import actions
from antigone.library.actions.refusals import describe_refusal
from antigone.library.forms import AddForm, DescribeForm, WithdrawForm
from antigone.library.models import Import, ImportedFile
from antigone.library.views.people import (
    get_kept_collection,
    get_kept_document,
    get_kept_import,
    require_person,
)

IMPORTS_A_PAGE = 30
REFRESH_SECONDS = 2


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    collection = get_kept_collection(request, slug)
    form = AddForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        started = actions.start_import(
            collection=collection,
            uploads=[actions.Upload(file.name or "", file.chunks()) for file in form.get_files()],
            by=require_person(request),
            about=form.get_about(),
            brings_back=form.cleaned_data["brings_back"],
        )
        return redirect("library:import", started.pk)
    return render(request, "library/add.html", {"collection": collection, "form": form})


@login_required
@require_safe
def imports(request: HttpRequest, slug: str) -> HttpResponse:
    collection = get_kept_collection(request, slug)
    listed = collection.imports.select_related("asked_by").with_progress()
    page = Paginator(listed, IMPORTS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "library/imports.html", {"collection": collection, "page": page})


@login_required
@require_safe
def import_(request: HttpRequest, import_id: int) -> HttpResponse:
    shown = get_kept_import(request, import_id)
    files = list(shown.files.select_related("document"))
    counts = Counter(file.state for file in files)
    moves = shown.state in (Import.State.WAITING, Import.State.RUNNING)
    context = {
        "import": shown,
        "rows": [(file, describe_refusal(file.error_code, file.error_params)) for file in files],
        "counts": [(state.label, counts[state]) for state in ImportedFile.State if counts[state]],
        "done": len(files) - counts[ImportedFile.State.WAITING],
        "total": len(files),
        "moves": moves,
        "is_stopped": shown.state == Import.State.STOPPED,
        "refresh_seconds": REFRESH_SECONDS,
    }
    return render(request, "library/import.html", context)


@login_required
@require_POST
def cancel(request: HttpRequest, import_id: int) -> HttpResponse:
    started = get_kept_import(request, import_id)
    actions.cancel_import(started=started, by=require_person(request))
    return redirect("library:import", import_id)


@login_required
@require_POST
def resume(request: HttpRequest, import_id: int) -> HttpResponse:
    started = get_kept_import(request, import_id)
    actions.resume_import(started=started, by=require_person(request))
    return redirect("library:import", import_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def describe(request: HttpRequest, document_id: int) -> HttpResponse:
    document = get_kept_document(request, document_id)
    form = DescribeForm(request.POST or None, instance=document)
    if request.method == "POST" and form.is_valid():
        actions.describe_document(document=document, by=require_person(request), about=form.get_about())
        messages.success(request, _("Saved."))
        return redirect("library:document", document_id)
    return render(request, "library/describe.html", {"document": document, "form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, document_id: int) -> HttpResponse:
    document = get_kept_document(request, document_id)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.withdraw_document(
            document=document, by=require_person(request), reason=form.cleaned_data["reason"]
        )
        messages.success(request, _("“%(title)s” is withdrawn.") % {"title": document.title})
        return redirect("library:document", document_id)
    return render(request, "library/withdraw.html", {"document": document, "form": form})


@login_required
@require_POST
def restore(request: HttpRequest, document_id: int) -> HttpResponse:
    document = get_kept_document(request, document_id)
    actions.restore_document(document=document, by=require_person(request))
    messages.success(request, _("“%(title)s” is back in the library.") % {"title": document.title})
    return redirect("library:document", document_id)
