"""Votes cast off line: the sheet to print, and the pages where a moderator enters, corrects and deletes them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from antigone.consultation import actions
from antigone.consultation.forms.sheets import CorrectionForm, SheetForm, SheetsForm
from antigone.consultation.models import Consultation, Participant, Vote
from antigone.consultation.views.people import found, get_moderated, require_person
from antigone.consultation.views.shell import render_place
from antigone.errors import NotPossible, WrongInput
from antigone.web.explanations import say

PER_PAGE = 50
PLACE = "consultation:team"


def get_sheet(consultation: Consultation, pk: int) -> Participant:
    """Return what was entered from a sheet; votes cast on line are nobody's to read."""
    sheet = found(consultation.participants.off_line().exclude(sheet="").filter(pk=pk).first())
    sheet.consultation = consultation
    return sheet


@require_safe
def sheets(request: HttpRequest, slug: str) -> HttpResponse:
    """List the sheets that were entered."""
    consultation = get_moderated(request, slug)
    entered = consultation.participants.off_line().exclude(sheet="").select_related("entered_by")
    words = request.GET.get("q", "").strip()[:40]
    listed = entered.filter(sheet__icontains=words) if words else entered
    votes = Vote.objects.filter(participant__in=entered)
    context = {
        "page": Paginator(listed.annotate(count=Count("votes")).order_by("-pk"), PER_PAGE).get_page(
            request.GET.get("page")
        ),
        "words": words,
        "channels": [
            (
                channel.label,
                entered.filter(channel=channel).count(),
                votes.filter(participant__channel=channel).count(),
            )
            for channel in (Participant.Channel.PAPER, Participant.Channel.PHONE)
        ],
        "is_open": consultation.is_open(timezone.localdate()),
    }
    return render_place(request, "consultation/sheets/sheets.html", consultation, context, place=PLACE)


@require_safe
def print_sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the sheet to print: the accepted statements under their numbers, three boxes each."""
    consultation = get_moderated(request, slug)
    context = {"statements": consultation.statements.accepted()}
    return render_place(request, "consultation/sheets/print.html", consultation, context)


@require_http_methods(["GET", "HEAD", "POST"])
def enter_sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter one sheet, then go on with the next one."""
    consultation = get_moderated(request, slug)
    statements = list(consultation.statements.accepted())
    initial = {"channel": request.GET.get("channel", Participant.Channel.PAPER)}
    posted = request.POST if request.method == "POST" else None
    form = SheetForm(posted, statements=statements, initial=initial)
    status = 200
    if posted is not None:
        status = 422
        if form.is_valid():
            sheet = actions.Sheet(form.cleaned_data["sheet"], form.read_votes())
            channel = form.cleaned_data["channel"]
            if _enter(request, consultation, form, channel, [sheet]):
                address = redirect("consultation:enter_sheet", slug=slug)
                address["Location"] += f"?channel={channel}"
                return address
            status = 409
    context = {"form": form, "sheet": None}
    return render_place(
        request, "consultation/sheets/enter.html", consultation, context, place=PLACE, status=status
    )


@require_http_methods(["GET", "HEAD", "POST"])
def import_sheets(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter a file of sheets, all or none."""
    consultation = get_moderated(request, slug)
    posted = request.POST if request.method == "POST" else None
    form = SheetsForm(posted, request.FILES or None, consultation=consultation)
    status = 200
    if posted is not None:
        status = 422
        if form.is_valid():
            if _enter(request, consultation, form, form.cleaned_data["channel"], form.sheets):
                return redirect("consultation:sheets", slug=slug)
            status = 409
    numbers = consultation.statements.accepted().values_list("number", flat=True)
    context = {"form": form, "header": ";".join(["sheet", *map(str, numbers[:6])])}
    return render_place(
        request, "consultation/sheets/import.html", consultation, context, place=PLACE, status=status
    )


def _enter(
    request: HttpRequest,
    consultation: Consultation,
    form: forms.Form,
    channel: str,
    sheets: list[actions.Sheet],
) -> bool:
    """Enter sheets and tell so, or put on the form why they cannot be."""
    try:
        actions.enter_sheets(
            consultation=consultation,
            channel=channel,
            sheets=sheets,
            by=require_person(request),
            now=timezone.now(),
        )
    except (NotPossible, WrongInput) as error:
        form.add_error(None, say(error))
        return False
    told = ngettext("%(count)d sheet is entered.", "%(count)d sheets are entered.", len(sheets))
    if len(sheets) == 1:
        told = _("Sheet %(number)s is entered.") % {"number": sheets[0].number}
    messages.success(request, told % {"count": len(sheets)} if len(sheets) > 1 else told)
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Correct what was entered from a sheet."""
    consultation = get_moderated(request, slug)
    entered = get_sheet(consultation, pk)
    held = dict(entered.votes.values_list("statement__number", "value"))
    posted = request.POST if request.method == "POST" else None
    form = CorrectionForm(posted, statements=list(consultation.statements.accepted()), held=held)
    status = 200
    if posted is not None:
        status = 422
        if form.is_valid():
            try:
                actions.correct_sheet(
                    participant=entered,
                    votes=form.read_votes(),
                    by=require_person(request),
                    now=timezone.now(),
                )
            except (NotPossible, WrongInput) as error:
                form.add_error(None, say(error))
                status = error.status
            else:
                messages.success(request, _("Sheet %(number)s is corrected.") % {"number": entered.sheet})
                return redirect("consultation:sheets", slug=slug)
    context: dict[str, Any] = {"form": form, "sheet": entered}
    return render_place(
        request, "consultation/sheets/enter.html", consultation, context, place=PLACE, status=status
    )


@require_POST
def delete_sheet(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = get_moderated(request, slug)
    entered = get_sheet(consultation, pk)
    actions.delete_sheet(
        participant=entered,
        reason=request.POST.get("reason", "")[:2_000],
        by=require_person(request),
        now=timezone.now(),
    )
    messages.success(request, _("Sheet %(number)s is deleted with its votes.") % {"number": entered.sheet})
    return redirect("consultation:sheets", slug=slug)
