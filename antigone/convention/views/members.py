"""Who sits, as everybody may know it; and, for the team, who that is."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from antigone.convention import actions
from antigone.convention.charts import draw_features
from antigone.convention.forms.members import IdentityForm, PeopleForm
from antigone.convention.models import Attendance, Convention, Member
from antigone.convention.views.people import (
    found,
    get_convention,
    get_facilitated,
    get_followed,
    require_person,
)
from antigone.convention.views.shell import render_place
from antigone.convention.wording import sort_key
from antigone.errors import NotPossible
from antigone.web.explanations import say

PLACE = "convention:members"


@require_safe
def members(request: HttpRequest, slug: str) -> HttpResponse:
    """Show everybody who sits, by the names that they chose and in the order of these: never by seat."""
    convention = get_convention(request, slug)
    listed = sorted(convention.members.all(), key=lambda member: sort_key(member.shown_name))
    sitting = [member for member in listed if member.is_sitting]
    context = {
        "names": [member.shown_name for member in sitting],
        "left": [(member.shown_name, member.left_at) for member in listed if not member.is_sitting],
        "features": draw_features([member.features for member in sitting], _list_targets(convention)),
        "attendance": _measure_attendance(convention),
    }
    return render_place(request, "convention/members/members.html", convention, context, place=PLACE)


@login_required
@require_safe
def registry(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the team who sits in which seat: names to facilitators alone, and to nobody any pseudonym."""
    convention = get_followed(request, slug)
    return _show_registry(request, convention, PeopleForm())


@login_required
@require_POST
def add(request: HttpRequest, slug: str) -> HttpResponse:
    convention = get_facilitated(request, slug)
    form = PeopleForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show_registry(request, convention, form, status=422)
    try:
        added = actions.add_members(
            convention=convention, people=form.get_people(), by=require_person(request)
        )
    except NotPossible as error:
        form.add_error(None, say(error))
        return _show_registry(request, convention, form, status=error.status)
    _say_seated(request, len(added))
    return redirect("convention:registry", slug)


@login_required
@require_POST
def seat(request: HttpRequest, slug: str) -> HttpResponse:
    convention = get_facilitated(request, slug)
    _say_seated(request, len(actions.seat_members(convention=convention, by=require_person(request))))
    return redirect("convention:registry", slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def identity(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Let a facilitator correct who a member is, or note that they leave."""
    convention = get_facilitated(request, slug)
    member = found(convention.members.select_related("identity", "convention").filter(number=number).first())
    if not hasattr(member, "identity"):
        raise Http404
    form = IdentityForm(request.POST if request.method == "POST" else None, instance=member.identity)
    if request.method == "POST" and form.is_valid():
        actions.describe_member(member=member, by=require_person(request), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("convention:registry", slug)
    context = {"form": form, "number": number, "is_sitting": member.is_sitting}
    return render_place(
        request,
        "convention/members/identity.html",
        convention,
        context,
        place=PLACE,
        status=422 if form.errors else 200,
    )


@login_required
@require_POST
def leave(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    convention = get_facilitated(request, slug)
    member = found(convention.members.select_related("convention", "person").filter(number=number).first())
    actions.let_member_leave(member=member, by=require_person(request))
    messages.success(request, _("Seat %(number)s is free. What was said from it stays.") % {"number": number})
    return redirect("convention:registry", slug)


@login_required
@require_POST
def codes(request: HttpRequest, slug: str) -> HttpResponse:
    """Draw the personal codes and show them, this once, on sheets to print and cut."""
    convention = get_facilitated(request, slug)
    given = actions.give_codes(convention=convention, by=require_person(request))
    context = {"sheets": [(member.number, member.identity.name, code) for member, code in given]}
    return render_place(request, "convention/members/codes.html", convention, context, place=PLACE)


def _show_registry(
    request: HttpRequest, convention: Convention, form: PeopleForm, *, status: int = 200
) -> HttpResponse:
    listed = convention.members.select_related("identity")
    context: dict[str, Any] = {
        "rows": [_describe(member) for member in listed],
        "form": form,
        "draw": convention.draw,
        "without_account": sum(member.is_sitting and member.person_id is None for member in listed),
    }
    return render_place(
        request, "convention/members/registry.html", convention, context, place=PLACE, status=status
    )


def _describe(member: Member) -> dict[str, Any]:
    """Give what the team reads of a member: seat and person; the template shows the person to facilitators."""
    return {
        "number": member.number,
        "identity": getattr(member, "identity", None),
        "has_account": member.person_id is not None,
        "has_code": bool(member.code_hash),
        "left_at": member.left_at,
    }


def _list_targets(convention: Convention) -> dict[tuple[str, str], tuple[int, int]]:
    """Give the targets of the draw that everybody may read, by feature and value."""
    if convention.draw is None or convention.draw.is_prepared:
        return {}
    return {
        (target.feature, target.value): (target.min, target.max) for target in convention.draw.targets.all()
    }


def _measure_attendance(convention: Convention) -> float | None:
    """Give how many in a hundred were present, over all sessions; None before the first."""
    counts = Counter(
        Attendance.objects.filter(session__convention=convention).values_list("state", flat=True)
    )
    total = counts.total()
    return 100 * counts[Attendance.State.PRESENT] / total if total else None


def _say_seated(request: HttpRequest, count: int) -> None:
    if not count:
        messages.info(request, _("Everybody is seated already."))
        return
    said = ngettext("%(count)s member is seated.", "%(count)s members are seated.", count)
    messages.success(request, said % {"count": count})
