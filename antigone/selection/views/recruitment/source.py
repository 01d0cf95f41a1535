"""The register: chosen, described column by column, followed while it is imported; or numbers drawn by a seed."""

from collections.abc import Iterator

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from antigone.errors import NotPossible, WrongInput
from antigone.selection.actions import recruitment as recruiting
from antigone.selection.forms import ColumnsForm, NumbersForm, RegisterForm
from antigone.selection.models import Recruitment
from antigone.selection.registers import FAULTS, REFUSALS, inspect_register
from antigone.selection.views.people import require_person
from antigone.selection.views.recruitment.people import get_led
from antigone.web.explanations import say

REFRESH_SECONDS = 2


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def source(request: HttpRequest, recruitment_id: int) -> HttpResponse:
    """Take a file, or the plan of the numbers to draw."""
    led = get_led(request, recruitment_id)
    if not led.can_take_a_source:
        return redirect("recruitment:counts", led.pk)
    draws_numbers = led.source == Recruitment.Source.PHONES
    data = request.POST if request.method == "POST" else None
    form = NumbersForm(data) if draws_numbers else RegisterForm(data, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            _take(request, led, form)
        except (NotPossible, WrongInput) as error:
            form.add_error(None, say(error))
        else:
            return redirect("recruitment:progress" if draws_numbers else "recruitment:columns", led.pk)
    context = {
        "recruitment": led,
        "form": form,
        "draws_numbers": draws_numbers,
        "refusal": _explain_refusal(led),
        "faults": list(_explain_faults(led)),
    }
    return render(request, "selection/recruitment/source.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, recruitment_id: int) -> HttpResponse:
    """Say what each column holds, with its first cells in sight."""
    led = get_led(request, recruitment_id)
    path = recruiting.get_register_path(led.file)
    if led.state != Recruitment.State.MAPPING or not path.is_file():
        return redirect("recruitment:source", led.pk)
    form = ColumnsForm(request.POST if request.method == "POST" else None, layout=inspect_register(path))
    if request.method == "POST" and form.is_valid():
        try:
            recruiting.map_columns(
                recruitment=led,
                roles=form.get_roles(),
                drops_repeated=form.cleaned_data["drops_repeated"],
                by=require_person(request),
            )
        except WrongInput as error:
            form.add_error(None, say(error))
        else:
            return redirect("recruitment:progress", led.pk)
    context = {"recruitment": led, "form": form}
    return render(request, "selection/recruitment/columns.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def progress(request: HttpRequest, recruitment_id: int) -> HttpResponse:
    """Show how far the import is, then what came of it."""
    led = get_led(request, recruitment_id)
    if led.state != Recruitment.State.IMPORTING:
        goal = redirect("recruitment:source" if led.can_take_a_source else "recruitment:counts", led.pk)
        is_fragment = "HX-Request" in request.headers
        return HttpResponse(headers={"HX-Redirect": goal["Location"]}) if is_fragment else goal
    context = {"recruitment": led, "refresh_seconds": REFRESH_SECONDS}
    return render(request, "selection/recruitment/progress.html", context)


@login_required
@require_POST
def cancel(request: HttpRequest, recruitment_id: int) -> HttpResponse:
    led = get_led(request, recruitment_id)
    recruiting.cancel_register_import(recruitment=led, by=require_person(request))
    messages.info(request, _("The import is stopped. Nothing is kept of it."))
    return redirect("recruitment:source", led.pk)


def _take(request: HttpRequest, led: Recruitment, form: NumbersForm | RegisterForm) -> None:
    by = require_person(request)
    if isinstance(form, NumbersForm):
        recruiting.plan_numbers(recruitment=led, by=by, **form.cleaned_data)
        return
    file: UploadedFile[bytes] = form.cleaned_data["register"]
    recruiting.keep_register(recruitment=led, chunks=file.chunks(), by=by)


def _explain_refusal(recruitment: Recruitment) -> str:
    code = recruitment.report.get("code")
    return _(REFUSALS.get(code, REFUSALS["failed"])) if code else ""


def _explain_faults(recruitment: Recruitment) -> Iterator[tuple[int, str]]:
    for line, code in recruitment.report.get("faults", []):
        yield line, _(FAULTS[code])
