"""What is read of recruitments: their list, the public notice, the counts, the check of a draw of contacts."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from antigone.core.sortition.contact_files import write_lines
from antigone.selection import rules
from antigone.selection.actions import recruitment as recruiting
from antigone.selection.counting import draw_replies, summarise_replies
from antigone.selection.forms import ContactsForm, PurgeForm, SeedForm, ToDrawForm
from antigone.selection.models import Invitation, Recruitment
from antigone.selection.registers import BETWEEN_STRATA
from antigone.selection.views.people import person_of
from antigone.selection.views.recruitment.people import get_announced, get_counted
from antigone.selection.wording import explain, say_percent
from antigone.web.limits import refuse_flood

NEEDS = {
    "childcare": _("childcare"),
    "mobility": _("help to come or to move about"),
    "plain_language": _("documents that are easy to read"),
    "interpreter": _("an interpreter"),
}


@require_safe
def recruitments(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    counted = Recruitment.objects.counted_by(person).select_related("organisation")
    context = {
        "counted": counted,
        "called": Recruitment.objects.called_by(person).open_to_replies().select_related("organisation"),
        "announced": Recruitment.objects.announced().select_related("organisation"),
        "can_recruit": rules.can_recruit(person),
    }
    return render(request, "selection/recruitment/recruitments.html", context)


@require_safe
def notice(request: HttpRequest, recruitment_id: int) -> HttpResponse:
    """Show everybody where the contacts come from, how they are drawn, and until when anything is kept."""
    shown = get_announced(request, recruitment_id)
    context = {
        "recruitment": shown,
        "can_count": rules.can_count(person_of(request), shown),
        "quotas": recruiting.list_quotas(shown, shown.size) if shown.size else (),
    }
    return render(request, "selection/recruitment/notice.html", context)


@login_required
@require_safe
def counts(request: HttpRequest, recruitment_id: int) -> HttpResponse:
    """Show the team how far a recruitment is; guarantors read the same, and no name."""
    shown = get_counted(request, recruitment_id)
    return show_counts(request, shown)


def show_counts(request: HttpRequest, shown: Recruitment, *, status: int = 200, **forms: Any) -> HttpResponse:
    """Render the page of a recruitment, with the forms that were refused."""
    can_lead = rules.can_lead(person_of(request), shown)
    context: dict[str, Any] = {
        "recruitment": shown,
        "can_lead": can_lead,
        "can_call": can_lead and shown.is_open,
        "strata": list(_describe_strata(shown)),
        "coverage": _describe_coverage(shown),
    }
    if can_lead:
        context |= {"seed_form": SeedForm(), "contacts_form": ContactsForm()}
        context |= {"draw_form": ToDrawForm(), "purge_form": PurgeForm()}
        context["callers"] = shown.callers.all()
    if shown.is_drawn or shown.is_purged:
        context |= _describe_replies(shown)
    return render(request, "selection/recruitment/counts.html", context | forms, status=status)


@login_required
@require_POST
def verify(request: HttpRequest, recruitment_id: int) -> HttpResponse:
    """Draw the contacts again from the hashes that stay, and tell whether all is as it was."""
    shown = get_counted(request, recruitment_id)
    refuse_flood(request, "verify")
    holds = recruiting.check_contacts(shown) if shown.seed else None
    return show_counts(request, shown, holds=holds)


@login_required
@require_safe
def hashes(request: HttpRequest, recruitment_id: int) -> StreamingHttpResponse:
    """Give what stays of each row, for whoever checks the draw elsewhere.

    To the team and the guarantors alone: beside the register itself, row numbers would say who was contacted.
    """
    shown = get_counted(request, recruitment_id)
    lines = write_lines(recruiting.make_contact_draw(shown), recruiting.read_rows(shown))
    response = StreamingHttpResponse(lines, content_type="application/jsonl; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="contacts.jsonl"'
    return response


def _describe_strata(recruitment: Recruitment) -> Iterator[dict[str, Any]]:
    """Give each stratum with its rows, its contacts, and why as many."""
    quotas = recruiting.list_quotas(recruitment, recruitment.size) if recruitment.size else ()
    contacts = {quota.stratum: quota for quota in quotas}
    for stratum, rows in recruitment.strata.items():
        yield {
            "name": stratum,
            "rows": rows,
            "share": say_percent(rows / recruitment.rows),
            "width": 100 * rows / max(recruitment.strata.values()),
            "quota": contacts.get(stratum),
            "why": explain(contacts[stratum]) if stratum in contacts else "",
        }


def _describe_coverage(recruitment: Recruitment) -> dict[str, Any]:
    """Tell how many rows say nothing of their stratum."""
    blank = sum(
        rows
        for stratum, rows in recruitment.strata.items()
        if not all(stratum.split(BETWEEN_STRATA)) and recruitment.strata_names
    )
    return {"blank": blank, "repeated": recruitment.report.get("repeated", 0)}


def _describe_replies(recruitment: Recruitment) -> dict[str, Any]:
    summary = recruitment.summary if recruitment.is_purged else summarise_replies(recruitment)
    invited = sum(summary["states"].values())
    states = [
        (label, summary["states"].get(state, 0))
        for state, label in Invitation.State.choices
        if state != Invitation.State.ANSWERED
    ]
    return {
        "summary": summary,
        "invited": invited,
        "rate": say_percent(summary["replies"] / invited) if invited else "",
        "states": states,
        "replied": draw_replies(recruitment, summary),
        "needs": [(label, summary["needs"].get(name, 0)) for name, label in NEEDS.items()],
        "dates": [(line, summary["dates"].get(line, 0)) for line in recruitment.dates],
    }
