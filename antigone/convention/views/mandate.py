"""What facilitators do with the mandate: begin, write, publish, correct in public."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from antigone.convention import actions, rules
from antigone.convention.checklist import list_missing
from antigone.convention.forms.conventions import CorrectionForm, MandateForm
from antigone.convention.models import Convention
from antigone.convention.views.people import get_facilitated, person_of, require_person
from antigone.convention.views.shell import render_place
from antigone.errors import NotPossible, WrongInput
from antigone.web.explanations import say


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    if not rules.can_create(person_of(request)):
        raise Http404
    form = MandateForm(request.POST) if request.method == "POST" else MandateForm()
    if request.method == "POST" and form.is_valid():
        convention = actions.create_convention(**form.get_mandate(), by=require_person(request))
        messages.success(request, _("The convention is begun. Nobody but its team sees it yet."))
        return redirect("convention:team", convention.slug)
    return render(request, "convention/mandate/new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mandate(request: HttpRequest, slug: str) -> HttpResponse:
    """Save the mandate as far as it goes; once it is public, correct it with a reason."""
    convention = get_facilitated(request, slug)
    kind = CorrectionForm if convention.is_public else MandateForm
    if request.method != "POST":
        return _show(request, convention, kind(instance=convention))
    # A form of its own object: what is typed never stands for what is saved.
    form = kind(request.POST, instance=get_facilitated(request, slug))
    if not form.is_valid():
        return _show(request, convention, form, status=422)
    try:
        _save(convention, form, request)
    except (NotPossible, WrongInput) as error:
        return _refuse(request, convention, form, error)
    messages.success(request, _("The mandate is saved."))
    return redirect("convention:mandate", slug)


@login_required
@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    convention = get_facilitated(request, slug)
    actions.publish_mandate(convention=convention, by=require_person(request))
    messages.success(request, _("The mandate is public."))
    return redirect("convention:convention", slug)


def _save(convention: Convention, form: MandateForm, request: HttpRequest) -> None:
    given: dict[str, Any] = {
        "convention": convention,
        "mandate": form.get_mandate(),
        "by": require_person(request),
    }
    version = form.cleaned_data["version"] or 0
    if isinstance(form, CorrectionForm):
        actions.correct_mandate(**given, reason=form.cleaned_data["reason"], version=version)
    else:
        actions.save_mandate(**given, version=version)


def _refuse(
    request: HttpRequest, convention: Convention, form: MandateForm, error: NotPossible | WrongInput
) -> HttpResponse:
    """Show what was typed; where somebody saved meanwhile, beside what they saved, ready to be saved over it."""
    saved: list[tuple[object, object]] = []
    if error.code == "mandate_changed_meanwhile":
        convention = get_facilitated(request, convention.slug)
        saved = [
            (form.fields[name].label, getattr(convention, name))
            for name, typed in form.get_mandate().items()
            if getattr(convention, name) != typed
        ]
        again = request.POST.copy()
        again["version"] = str(convention.version)
        form = type(form)(again, instance=get_facilitated(request, convention.slug))
        form.is_valid()
    form.add_error(None, say(error))
    return _show(request, convention, form, saved=saved, status=error.status)


def _show(
    request: HttpRequest,
    convention: Convention,
    form: MandateForm,
    *,
    saved: Sequence[tuple[object, object]] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "saved": saved,
        "missing": [] if convention.is_public else list_missing(convention),
    }
    return render_place(
        request,
        "convention/mandate/mandate.html",
        convention,
        context,
        place="convention:convention",
        status=status,
    )
