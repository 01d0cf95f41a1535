"""What unites and what divides: the live page of results, and the pictures kept for good."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from antigone.consultation import actions
from antigone.consultation.charts import draw_map
from antigone.consultation.forms.reports import FreezeForm
from antigone.consultation.models import Consultation, Picture
from antigone.consultation.placing import Standing, place
from antigone.consultation.views.people import (
    find_participant,
    found,
    get_consultation,
    get_led,
    require_person,
)
from antigone.consultation.views.results import Results, say_groups
from antigone.consultation.views.shell import render_place
from antigone.consultation.wording import name_group
from antigone.errors import NotPossible
from antigone.web.explanations import say

PAGE = 50
REFRESH_SECONDS = 30
ALL = "toutes"


@require_safe
def report(request: HttpRequest, slug: str) -> HttpResponse:
    return show_report(request, get_consultation(request, slug), FreezeForm())


@require_safe
def kept_report(request: HttpRequest, slug: str, picture_id: int) -> HttpResponse:
    """Show a picture that was kept: its figures as they were, with the texts that are public now."""
    consultation = get_consultation(request, slug)
    kept = found(consultation.pictures.frozen().filter(pk=picture_id).first())
    context = {**_describe(request, consultation, kept, None), "kept": kept}
    return render_place(
        request, "consultation/reports/report.html", consultation, context, place="consultation:report"
    )


@login_required
@require_POST
def freeze(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = get_led(request, slug)
    form = FreezeForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            kept = actions.freeze_picture(
                consultation=consultation,
                by=require_person(request),
                title=form.cleaned_data["title"],
                now=timezone.now(),
            )
        except NotPossible as error:
            form.add_error(None, say(error))
            status = error.status
        else:
            messages.success(
                request, _("The picture is kept. Its address will always show the same figures.")
            )
            return redirect("consultation:kept_report", slug, kept.pk)
    return show_report(request, consultation, form, status=status)


def show_report(
    request: HttpRequest, consultation: Consultation, form: FreezeForm, *, status: int = 200
) -> HttpResponse:
    """Show the live picture, with the place of who looks at it where they voted."""
    picture = consultation.pictures.live().defer("history", "placing").first()
    standing = _find_standing(request, consultation, picture) if picture else None
    context = {
        **(_describe(request, consultation, picture, standing) if picture else {}),
        "kept_pictures": consultation.pictures.frozen().defer("figures", "placing", "history"),
        "form": form,
        "is_live": consultation.is_open(timezone.localdate()),
        "refresh_seconds": REFRESH_SECONDS,
    }
    template = "consultation/reports/report.html"
    response = render_place(
        request, template, consultation, context, place="consultation:report", status=status
    )
    if standing:
        patch_cache_control(response, private=True, no_store=True)
    return response


def _describe(
    request: HttpRequest, consultation: Consultation, picture: Picture, standing: Standing | None
) -> dict[str, Any]:
    results = Results(consultation, picture)
    described: dict[str, Any] = {"picture": picture, "results": results, "standing": standing}
    if not results.are_enough:
        return described
    with_statements = "affirmations" in request.GET
    size = max(len(results.numbers), 1) if ALL in request.GET else PAGE
    page = Paginator(results.numbers, size).get_page(request.GET.get("page"))
    return {
        **described,
        "groups_said": say_groups(results),
        "your_group": name_group(standing.group) if standing and standing.group is not None else "",
        "with_statements": with_statements,
        "map": draw_map(picture.figures, standing, with_statements=with_statements),
        "page": page,
        "lines": results.make_lines(page.object_list),
        "is_table_open": bool({"page", ALL} & set(request.GET)),
    }


def _find_standing(request: HttpRequest, consultation: Consultation, picture: Picture) -> Standing | None:
    """Place who looks at the page, where this browser voted; a forged cookie is nobody's."""
    participant, _forged = find_participant(request, consultation)
    if participant is None:
        return None
    votes = dict(participant.votes.values_list("statement__number", "value"))
    return place(picture, votes) if votes else None
