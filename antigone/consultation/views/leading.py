"""What those who lead a consultation do: begin, write, publish, change in public, close, name moderators."""

from collections.abc import Sequence
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from antigone.consultation import rules
from antigone.consultation.actions.consultations import (
    choose_matrix,
    close_consultation,
    create_consultation,
    list_missing,
    publish_consultation,
    reopen_consultation,
    save_consultation,
)
from antigone.consultation.actions.team import dismiss_moderator, name_moderator
from antigone.consultation.forms.leading import (
    ChangeForm,
    ConsultationForm,
    MatrixForm,
    ModeratorForm,
    ReasonForm,
    ReopenForm,
)
from antigone.consultation.models import Consultation, Moderator, Participant
from antigone.consultation.views.people import get_followed, get_led, person_of, require_person
from antigone.consultation.views.shell import render_place
from antigone.errors import AntigoneError, NotPossible, WrongInput
from antigone.web.explanations import say

PLACE = "consultation:team"
# Fewer statements to begin with leave the first participants alone with a blank page.
SEEDS_ADVISED = 15


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    if not rules.can_create(person_of(request)):
        raise Http404
    form = ConsultationForm(request.POST) if request.method == "POST" else ConsultationForm()
    if request.method == "POST" and form.is_valid():
        consultation = create_consultation(texts=form.get_texts(), by=require_person(request))
        messages.success(request, _("The consultation is begun. Nobody but its team sees it yet."))
        return redirect("consultation:team", consultation.slug)
    return render(
        request, "consultation/leading/new.html", {"form": form}, status=422 if form.errors else 200
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Save it as far as it goes; once it is public, change it with a reason."""
    consultation = get_led(request, slug)
    kind = ChangeForm if consultation.is_public else ConsultationForm
    if request.method != "POST":
        return _show_form(request, consultation, kind(instance=consultation))
    # A form of its own object: what is typed never stands for what is saved.
    form = kind(request.POST, instance=get_led(request, slug))
    if not form.is_valid():
        return _show_form(request, consultation, form, status=422)
    try:
        save_consultation(
            consultation=consultation,
            texts=form.get_texts(),
            version=form.cleaned_data["version"] or 0,
            reason=form.cleaned_data.get("reason", ""),
            by=require_person(request),
            now=timezone.now(),
        )
    except (NotPossible, WrongInput) as error:
        return _refuse(request, consultation, form, error)
    messages.success(request, _("The consultation is saved."))
    return redirect("consultation:team", slug)


@login_required
@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = get_led(request, slug)
    publish_consultation(consultation=consultation, by=require_person(request), now=timezone.now())
    messages.success(request, _("The consultation is public."))
    return redirect("consultation:consultation", slug)


@login_required
@require_safe
def team(request: HttpRequest, slug: str) -> HttpResponse:
    return _show_team(request, get_followed(request, slug))


@login_required
@require_POST
def close(request: HttpRequest, slug: str) -> HttpResponse:
    consultation, form = get_led(request, slug), ReasonForm(request.POST)
    return _decide(request, consultation, form, "close_form", _("The consultation is closed."))


@login_required
@require_POST
def reopen(request: HttpRequest, slug: str) -> HttpResponse:
    consultation, form = get_led(request, slug), ReopenForm(request.POST)
    return _decide(request, consultation, form, "reopen_form", _("The consultation is open again."))


@login_required
@require_POST
def matrix(request: HttpRequest, slug: str) -> HttpResponse:
    consultation, form = get_led(request, slug), MatrixForm(request.POST)
    return _decide(request, consultation, form, "matrix_form", _("Your choice is public, with its reason."))


@login_required
@require_POST
def moderators(request: HttpRequest, slug: str) -> HttpResponse:
    consultation, form = get_led(request, slug), ModeratorForm(request.POST)
    return _decide(request, consultation, form, "moderator_form", _("The moderator is named."))


@login_required
@require_POST
def dismiss(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = get_led(request, slug)
    moderator = get_object_or_404(Moderator, pk=pk, consultation=consultation)
    dismiss_moderator(consultation=consultation, moderator=moderator, by=require_person(request))
    messages.success(request, _("The moderator’s part has ended. What they decided stays in the log."))
    return redirect("consultation:team", slug)


def _decide(
    request: HttpRequest, consultation: Consultation, form: Form, name: str, done: str
) -> HttpResponse:
    """Do what one of the forms of the team's page asks, or show that page with what is wrong."""
    status = 422
    if form.is_valid():
        try:
            _act(request, consultation, form, name)
        except AntigoneError as error:
            form.add_error(None, say(error))
            status = error.status
        else:
            messages.success(request, done)
            return redirect("consultation:team", consultation.slug)
    return _show_team(request, consultation, {name: form}, status=status)


def _act(request: HttpRequest, consultation: Consultation, form: Form, name: str) -> None:
    by, now, typed = require_person(request), timezone.now(), form.cleaned_data
    if name == "moderator_form":
        name_moderator(consultation=consultation, email=typed["email"], by=by, now=now)
        return
    given = {"consultation": consultation, "reason": typed["reason"], "by": by, "now": now}
    if name == "close_form":
        close_consultation(**given)
    elif name == "reopen_form":
        reopen_consultation(**given, closes_date=typed["closes_date"])
    else:
        choose_matrix(**given, publishes=typed["publishes"])


def _show_team(
    request: HttpRequest,
    consultation: Consultation,
    forms: dict[str, Form] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    unread = consultation.statements.unread()
    oldest = unread.first()
    today = timezone.localdate()
    context = {
        "missing": [] if consultation.is_public else list_missing(consultation),
        "seeds": consultation.statements.filter(is_seed=True).count(),
        "seeds_advised": SEEDS_ADVISED,
        "is_first_day_past": not consultation.is_public
        and consultation.opens_date is not None
        and consultation.opens_date < today,
        "unread": unread.count(),
        "oldest": oldest,
        "off_line": Participant.objects.off_line().filter(consultation=consultation).count(),
        "suspicions": consultation.suspicions.filter(state="open").count(),
        "codes": consultation.codes.count() if consultation.door == Consultation.Door.CODE else None,
        "named": consultation.moderators.select_related("person"),
        "kept": consultation.pictures.frozen().count(),
        "close_form": ReasonForm(auto_id="close_%s"),
        "reopen_form": ReopenForm(initial={"closes_date": today + timedelta(days=14)}, auto_id="reopen_%s"),
        "matrix_form": MatrixForm(
            initial={"publishes": "no" if consultation.publishes_matrix else "yes"}, auto_id="matrix_%s"
        ),
        "moderator_form": ModeratorForm(),
    }
    return render_place(
        request,
        "consultation/leading/team.html",
        consultation,
        {**context, **(forms or {})},
        place=PLACE,
        status=status,
    )


def _refuse(
    request: HttpRequest, consultation: Consultation, form: ConsultationForm, error: NotPossible | WrongInput
) -> HttpResponse:
    """Show what was typed; where somebody saved meanwhile, beside what they saved, ready to be saved over it."""
    saved: list[tuple[object, object]] = []
    if error.code == "consultation_changed_meanwhile":
        consultation = get_led(request, consultation.slug)
        saved = [
            (form.fields[name].label, getattr(consultation, name))
            for name, typed in form.get_texts().items()
            if getattr(consultation, name) != typed
        ]
        again = request.POST.copy()
        again["version"] = str(consultation.version)
        form = type(form)(again, instance=get_led(request, consultation.slug))
        form.is_valid()
    form.add_error(None, say(error))
    return _show_form(request, consultation, form, saved=saved, status=error.status)


def _show_form(
    request: HttpRequest,
    consultation: Consultation,
    form: ConsultationForm,
    *,
    saved: Sequence[tuple[object, object]] = (),
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "saved": saved}
    template = "consultation/leading/edit.html"
    return render_place(request, template, consultation, context, place=PLACE, status=status)
