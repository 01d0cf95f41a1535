"""What moderation did, for everybody; the queue, one statement and the organisers' statements, for who moderates."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from antigone.consultation import actions
from antigone.consultation.forms.moderating import DecisionForm, EditForm, MergeForm, SeedsForm
from antigone.consultation.models import Consultation, ModerationDecision, Statement
from antigone.consultation.similar import find_similar
from antigone.consultation.views.people import (
    found,
    get_consultation,
    get_followed,
    get_led,
    get_moderated,
    require_person,
)
from antigone.consultation.views.shell import render_place
from antigone.consultation.views.statements import count_votes, find_figures
from antigone.errors import AntigoneError, NotPossible, WrongInput
from antigone.web.explanations import say

DECISIONS_PER_PAGE = 50
# For each of them every accepted statement is compared with it.
QUEUE_PER_PAGE = 10
PLACE = "consultation:decisions"
SEEN = re.compile(r"([0-9]{1,9}):([0-9]{1,18})")
# What the queue may show besides what is to be read.
SHOWS = {
    "unread": gettext_lazy("To be read"),
    "accepted": gettext_lazy("Those accepted"),
    "rejected": gettext_lazy("Those rejected"),
    "merged": gettext_lazy("Those merged"),
}


@dataclass(frozen=True, slots=True)
class Queued:
    """A statement of the queue, what the moderator sees of it, and those that say nearly the same."""

    statement: Statement
    seen: str
    similar: list[Statement]


@require_safe
def decisions(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the rules of moderation, what it decided in figures, and each decision; never what was rejected."""
    consultation = get_consultation(request, slug)
    log = consultation.decisions.select_related("statement__merged_into", "decided_by")
    context = {
        "page": Paginator(log, DECISIONS_PER_PAGE).get_page(request.GET.get("page")),
        "reasons": count_reasons(consultation),
        **count_statements(consultation),
    }
    return render_place(request, "consultation/moderating/decisions.html", consultation, context, place=PLACE)


def count_statements(consultation: Consultation) -> dict[str, Any]:
    """Count the statements that participants sent, by what became of them, and how long they waited for it."""
    sent = consultation.statements.filter(is_seed=False)
    states = dict(sent.order_by().values_list("state").annotate(count=Count("pk")))
    unread = sent.unread()
    waits = sent.exclude(read_at=None).values_list("created_at", "read_at")
    return {
        "sent": sum(states.values()),
        "seeds": consultation.statements.filter(is_seed=True).count(),
        "accepted": states.get(Statement.State.ACCEPTED, 0),
        "rejected": states.get(Statement.State.REJECTED, 0),
        "merged": states.get(Statement.State.MERGED, 0),
        "withdrawn": states.get(Statement.State.WITHDRAWN, 0),
        "waiting": unread.count(),
        "oldest": unread.values_list("created_at", flat=True).first(),
        "half_read_within": _measure_median([(created, read) for created, read in waits if read]),
    }


def count_reasons(consultation: Consultation) -> list[tuple[str, int]]:
    """Give each reason of the public list, with how many statements are rejected for it now."""
    rejections = consultation.decisions.filter(
        kind=ModerationDecision.Kind.REJECT, statement__state=Statement.State.REJECTED
    )
    last = dict(rejections.order_by("decided_at", "pk").values_list("statement", "reason"))
    reasons = list(last.values())
    return [(str(reason.label), reasons.count(reason.value)) for reason in ModerationDecision.Reason]


def _measure_median(waits: list[tuple[datetime, datetime]]) -> str:
    """Say within which time half of the statements were read; nothing where none was."""
    if not waits:
        return ""
    seconds = median((read - created).total_seconds() for created, read in waits)
    start = timezone.now()
    return timesince(start, start + timedelta(seconds=max(seconds, 60)), depth=1)


@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what waits for a moderator, and take a decision on several at once."""
    consultation = get_followed(request, slug)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    problem, status = "", 200
    if request.method == "POST":
        consultation = get_moderated(request, slug)
        try:
            told = _decide(request, consultation, form)
        except (NotPossible, WrongInput) as error:
            problem, status = say(error), error.status
        else:
            if told:
                messages.success(request, told)
                return redirect(request.get_full_path())
            status = 422
    show = request.GET.get("show", "unread")
    show = show if show in SHOWS else "unread"
    page = Paginator(_list_shown(consultation, show), QUEUE_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "queued": queue_up(consultation, list(page), with_similar=show == "unread"),
        "form": form,
        "problem": problem,
        "shows": SHOWS.items(),
        "show": show,
        "oldest": consultation.statements.unread().values_list("created_at", flat=True).first(),
    }
    return render_place(
        request, "consultation/moderating/queue.html", consultation, context, place=PLACE, status=status
    )


def _list_shown(consultation: Consultation, show: str) -> "QuerySet[Statement]":
    if show == "unread":
        return consultation.statements.unread()
    return consultation.statements.filter(state=show).order_by("-number")


def queue_up(consultation: Consultation, statements: list[Statement], *, with_similar: bool) -> list[Queued]:
    """Put beside each statement its last decision, so that none is taken over another, and its like."""
    last = find_last_decisions(statements)
    return [
        Queued(
            one,
            f"{one.number}:{last.get(one.pk, 0)}",
            find_similar(consultation, one.text, apart_from=one.pk) if with_similar else [],
        )
        for one in statements
    ]


def find_last_decisions(statements: list[Statement]) -> dict[int, int]:
    logged = ModerationDecision.objects.filter(statement__in=statements).order_by("pk")
    return dict(logged.values_list("statement", "pk"))


def read_seen(request: HttpRequest) -> dict[int, int]:
    """Read which statements were ticked, each with the last decision that the page showed."""
    matches = [SEEN.fullmatch(one) for one in request.POST.getlist("seen")]
    return {int(match[1]): int(match[2]) for match in matches if match}


def _decide(request: HttpRequest, consultation: Consultation, form: DecisionForm) -> str:
    """Take the decision that a form asks for; give what to tell, nothing where the form is wrong."""
    if not form.is_valid():
        return ""
    given, seen = form.cleaned_data, read_seen(request)
    by, now = require_person(request), timezone.now()
    if given["action"] == "accept":
        count = actions.accept_statements(
            consultation=consultation, seen=seen, by=by, now=now, note=given["note"]
        )
        told = ngettext("%(count)d statement is accepted.", "%(count)d statements are accepted.", count)
    elif given["action"] == "reject":
        count = actions.reject_statements(
            consultation=consultation,
            seen=seen,
            reason=given["reason"],
            by=by,
            now=now,
            note=given["note"],
        )
        told = ngettext("%(count)d statement is rejected.", "%(count)d statements are rejected.", count)
    else:
        is_meta = given["action"] == "meta"
        count = actions.mark_meta(consultation=consultation, seen=seen, is_meta=is_meta, by=by, now=now)
        told = ngettext("%(count)d statement is marked.", "%(count)d statements are marked.", count)
    return told % {"count": count}


@require_http_methods(["GET", "HEAD", "POST"])
def moderate(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show everything about one statement to who moderates or watches, and take a decision of a moderator."""
    consultation = get_followed(request, slug)
    statement = _get_statement(consultation, number)
    posted = request.POST if request.method == "POST" else None
    asked = posted.get("action", "") if posted is not None else ""
    edit = EditForm(posted if asked == "edit" else None, initial={"text": statement.text})
    decide = DecisionForm(posted if asked in DecisionForm.ACTIONS else None)
    merge = MergeForm((posted if asked == "merge" else request.GET) or None)
    problem, status = "", 200
    if posted is not None:
        consultation = get_moderated(request, slug)
        try:
            told = _act(request, statement, asked, edit=edit, decide=decide, merge=merge)
        except (NotPossible, WrongInput) as error:
            problem, status = say(error), error.status
            statement = _get_statement(consultation, number)
        else:
            if told:
                messages.success(request, told)
                return redirect("consultation:moderate", slug=slug, number=number)
            status = 422
    context = {
        "statement": statement,
        "problem": problem,
        "edit": edit,
        "decide": decide,
        "merge": merge,
        **_describe(consultation, statement, merge),
    }
    return render_place(
        request, "consultation/moderating/moderate.html", consultation, context, place=PLACE, status=status
    )


def _get_statement(consultation: Consultation, number: int) -> Statement:
    held = consultation.statements.select_related("merged_into").filter(number=number).first()
    statement = found(held)
    statement.consultation = consultation
    return statement


def _act(
    request: HttpRequest,
    statement: Statement,
    asked: str,
    *,
    edit: EditForm,
    decide: DecisionForm,
    merge: MergeForm,
) -> str:
    """Do what one of the forms of the page asks for; give what to tell, nothing where the form is wrong."""
    by, now = require_person(request), timezone.now()
    seen = read_seen(request).get(statement.number, 0)
    if asked == "edit":
        if not edit.is_valid():
            return ""
        actions.edit_statement(statement=statement, seen=seen, by=by, now=now, **edit.cleaned_data)
        return _("The statement is corrected; the words before stay in the log of the moderators.")
    if asked == "merge":
        if not merge.is_valid():
            return ""
        into = merge.cleaned_data["into"]
        moved = actions.merge_statement(statement=statement, into=into, seen=seen, by=by, now=now)
        told = ngettext("Merged: %(count)d vote went over.", "Merged: %(count)d votes went over.", moved)
        return told % {"count": moved}
    return _decide(request, statement.consultation, decide)


def _describe(consultation: Consultation, statement: Statement, merge: MergeForm) -> dict[str, Any]:
    last = find_last_decisions([statement]).get(statement.pk, 0)
    similar = find_similar(consultation, statement.text, apart_from=statement.pk) if statement.text else []
    into: int | None = merge.cleaned_data["into"] if merge.is_bound and merge.is_valid() else None
    others = consultation.statements.accepted().exclude(pk=statement.pk)
    is_final = statement.state in (Statement.State.MERGED, Statement.State.WITHDRAWN)
    return {
        "seen": f"{statement.number}:{last}",
        "log": statement.decisions.select_related("decided_by"),
        "similar": similar,
        "counts": count_votes(find_figures(consultation), statement.number),
        "target": others.filter(number=into).first() if into is not None else None,
        "into": into,
        "can_decide": not is_final,
        "can_edit": not is_final and not statement.votes.exists(),
        "can_merge": statement.state in (Statement.State.WAITING, Statement.State.ACCEPTED),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def seeds(request: HttpRequest, slug: str) -> HttpResponse:
    """Read many statements of the organisers, show them as they will be, then add them all or none."""
    consultation = get_led(request, slug)
    posted = request.POST if request.method == "POST" else None
    form = SeedsForm(posted, request.FILES or None, consultation=consultation)
    status = 200
    preview: list[str] = []
    if posted is not None:
        status = 422
        if form.is_valid() and posted.get("action") != "add":
            # “Change them” brings back the form, filled in.
            preview, status = ([] if posted.get("action") == "change" else form.statements), 200
        elif form.is_valid():
            try:
                made = actions.add_seeds(
                    consultation=consultation,
                    texts=form.statements,
                    by=require_person(request),
                    now=timezone.now(),
                )
            except AntigoneError as error:
                form.add_error(None, say(error))
                status = error.status
            else:
                told = ngettext("%(count)d statement is added.", "%(count)d statements are added.", len(made))
                messages.success(request, told % {"count": len(made)})
                return redirect("consultation:statements", slug=slug)
    context = {"form": form, "preview": preview, "lines": "\n".join(preview)}
    return render_place(
        request,
        "consultation/moderating/seeds.html",
        consultation,
        context,
        place="consultation:statements",
        status=status,
    )
