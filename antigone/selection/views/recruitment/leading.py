"""What facilitators do: begin a recruitment, name callers, draw contacts, export, begin the draw, erase."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from antigone.errors import NotPossible, WrongInput
from antigone.selection import rules
from antigone.selection.actions import recruitment as recruiting
from antigone.selection.forms import CallersForm, ContactsForm, PurgeForm, SeedForm, TermsForm, ToDrawForm
from antigone.selection.views.people import person_of, require_person
from antigone.selection.views.recruitment.people import get_led
from antigone.selection.views.recruitment.reading import show_counts
from antigone.web.explanations import say


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    if not rules.can_recruit(person_of(request)):
        raise Http404
    form = TermsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = recruiting.create_recruitment(
                terms=form.get_terms(), source=form.cleaned_data["source"], by=require_person(request)
            )
        except WrongInput as error:
            form.add_error(None, say(error))
        else:
            return redirect("recruitment:source", made.pk)
    context = {"form": form, "recruitment": None}
    return render(request, "selection/recruitment/terms.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: HttpRequest, recruitment_id: int) -> HttpResponse:
    led = get_led(request, recruitment_id)
    form = TermsForm(request.POST if request.method == "POST" else None, recruitment=led)
    if request.method == "POST" and form.is_valid():
        try:
            recruiting.change_terms(recruitment=led, terms=form.get_terms(), by=require_person(request))
        except (NotPossible, WrongInput) as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("The recruitment is changed."))
            return redirect("recruitment:counts", led.pk)
    context = {"form": form, "recruitment": led}
    return render(request, "selection/recruitment/terms.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def callers(request: HttpRequest, recruitment_id: int) -> HttpResponse:
    led = get_led(request, recruitment_id)
    form = CallersForm(request.POST if request.method == "POST" else None, recruitment=led)
    if request.method == "POST" and form.is_valid():
        recruiting.name_callers(
            recruitment=led, people=form.cleaned_data["callers"], by=require_person(request)
        )
        messages.success(request, _("Those who telephone are named."))
        return redirect("recruitment:counts", led.pk)
    context = {"form": form, "recruitment": led}
    return render(request, "selection/recruitment/callers.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def seed(request: HttpRequest, recruitment_id: int) -> HttpResponse:
    """Announce where the seed will come from."""
    led = get_led(request, recruitment_id)
    form = SeedForm(request.POST)
    if form.is_valid():
        try:
            recruiting.announce_seed(recruitment=led, by=require_person(request), **form.cleaned_data)
        except (NotPossible, WrongInput) as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("The seed is announced: everybody can read where it will come from."))
            return redirect("recruitment:counts", led.pk)
    return show_counts(request, led, seed_form=form, status=422)


@login_required
@require_POST
def contacts(request: HttpRequest, recruitment_id: int) -> HttpResponse:
    """Draw whom to contact."""
    led = get_led(request, recruitment_id)
    form = ContactsForm(request.POST)
    if form.is_valid():
        try:
            recruiting.draw_contacts(recruitment=led, by=require_person(request), **form.cleaned_data)
        except (NotPossible, WrongInput) as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("The contacts are drawn, and each has a number."))
            return redirect("recruitment:counts", led.pk)
    return show_counts(request, led, contacts_form=form, status=422)


@login_required
@require_POST
def letters(request: HttpRequest, recruitment_id: int) -> HttpResponse:
    """Give the file of the letters, the only place where codes are ever shown."""
    led = get_led(request, recruitment_id)
    made = recruiting.export_letters(
        recruitment=led, reminds=request.POST.get("kind") == "reminder", by=require_person(request)
    )
    return _download(made.data, f"lettres-{led.pk}.csv")


@login_required
@require_POST
def calls(request: HttpRequest, recruitment_id: int) -> HttpResponse:
    """Give the file of the telephone numbers."""
    led = get_led(request, recruitment_id)
    made = recruiting.export_calls(recruitment=led, by=require_person(request))
    return _download(made.data, f"appels-{led.pk}.csv")


@login_required
@require_POST
def to_draw(request: HttpRequest, recruitment_id: int) -> HttpResponse:
    """Begin the draw of the panel among those who said yes."""
    led = get_led(request, recruitment_id)
    form = ToDrawForm(request.POST)
    if form.is_valid():
        try:
            draw = recruiting.create_draw_from_replies(
                recruitment=led, by=require_person(request), **form.cleaned_data
            )
        except (NotPossible, WrongInput) as error:
            form.add_error(None, say(error))
        else:
            return redirect("selection:prepare", draw.pk)
    return show_counts(request, led, draw_form=form, status=422)


@login_required
@require_POST
def purge(request: HttpRequest, recruitment_id: int) -> HttpResponse:
    """Erase the personal data before their day."""
    led = get_led(request, recruitment_id)
    form = PurgeForm(request.POST)
    if not form.is_valid():
        return show_counts(request, led, purge_form=form, status=422)
    recruiting.purge_recruitment(recruitment=led, by=require_person(request))
    messages.success(request, _("The personal data are erased. The draw of contacts can still be checked."))
    return redirect("recruitment:counts", led.pk)


def _download(data: bytes, filename: str) -> HttpResponse:
    response = HttpResponse(data, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
