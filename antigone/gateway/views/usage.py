"""What an organisation used: pictures, tables, a file."""

import csv
import io
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from antigone.accounts.models import Organisation
from antigone.gateway import rules
from antigone.gateway.actions.usage import sum_usage
from antigone.gateway.charts import draw_days, sum_all, sum_by
from antigone.gateway.models import HourlyUsage, Key, Usage
from antigone.gateway.views.people import person_of, signed_in
from antigone.gateway.views.shell import render_place
from antigone.register.models import Use

# How many days are shown at once; the first is usual.
PERIODS = (30, 7, 90, 365)
SAME = ("hour", "endpoint", "model", "method", "requests", "refused", "failed")
COLUMNS = (
    "day", "use", "key", "model", "endpoint", "requests", "refused", "failed", "prompt_tokens", "output_tokens",
    "energy_wh", "energy_method", "carbon_g",
)  # fmt: skip


@login_required
@require_safe
def usage(request: HttpRequest) -> HttpResponse:
    """Lead developers to their organisation; let operators choose one."""
    person = signed_in(request)
    if rules.is_operator(person):
        return render_place(
            request,
            "gateway/usages.html",
            {"organisations": Organisation.objects.all()},
            place="gateway:usage",
        )
    if rules.is_developer(person) and person.organisation is not None:
        return redirect("gateway:usage_of", person.organisation.slug)
    raise Http404


@login_required
@require_safe
def of_organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what an organisation used."""
    organisation, days, first, last = _read(request, slug)
    rows = read_rows(organisation, first, last)
    context = {
        "organisation": organisation,
        "days": days,
        "periods": PERIODS,
        "bars": draw_days(rows, first, last),
        "whole": sum_all(rows),
        "tables": [
            {"title": _("By use"), "head": _("Use"), "rows": sum_by(rows, "use")},
            {"title": _("By model"), "head": _("Model"), "rows": sum_by(rows, "model")},
            {"title": _("By key"), "head": _("Key"), "rows": sum_by(rows, "key")},
        ],
    }
    return render_place(request, "gateway/usage.html", context, place="gateway:usage")


@login_required
@require_safe
def download(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the same as a CSV file."""
    organisation, _days, first, last = _read(request, slug)
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for row in read_rows(organisation, first, last):
        cells = [row["day"].isoformat(), row["use"], row["key"], row["model"], row["endpoint"]]
        cells += [row[name] for name in ("requests", "refused", "failed", "prompt", "output")]
        cells += [f"{row['energy']:.6f}", row["method"], f"{row['carbon']:.6f}"]
        writer.writerow([_as_cell(cell) for cell in cells])
    response = HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = (
        f'attachment; filename="antigone-{organisation.slug}-{first}-{last}.csv"'
    )
    return response


def read_rows(organisation: Organisation, first: date, last: date) -> list[dict[str, Any]]:
    """Return what an organisation used from one day to another, in days: sums of hours, and what is not summed yet."""
    start = timezone.make_aware(datetime.combine(first, time.min))
    end = timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min))
    summed = HourlyUsage.objects.filter(organisation_id=organisation.pk, hour__gte=start, hour__lt=end)
    sums: list[dict[str, Any]] = [
        {
            "use": row.use_name,
            "key": row.key_name,
            "prompt": row.prompt_tokens,
            "output": row.output_tokens,
            "energy": row.energy_wh,
            "carbon": row.carbon_g,
            **{name: getattr(row, name) for name in SAME},
        }
        for row in summed
    ]
    latest = max(
        (row["hour"] for row in HourlyUsage.objects.order_by("-hour").values("hour")[:1]), default=None
    )
    fresh_start = max(start, latest + timedelta(hours=1)) if latest else start
    fresh = Usage.objects.filter(organisation_id=organisation.pk, at__gte=fresh_start, at__lt=end)
    uses = dict(Use.objects.filter(organisation=organisation).values_list("pk", "name"))
    keys = dict(Key.objects.filter(use__organisation=organisation).values_list("pk", "name"))
    for row in sum_usage(fresh):
        sums.append({**row, "use": uses.get(row["use_id"], ""), "key": keys.get(row["key_id"], "")})
    return _by_day(sums)


def _by_day(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sum hours into days."""
    added = ("requests", "refused", "failed", "prompt", "output", "energy", "carbon")
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        same = {name: row[name] for name in ("use", "key", "model", "endpoint", "method")}
        same["day"] = timezone.localtime(row["hour"]).date()
        sums = found.setdefault(tuple(same.values()), {**same, **dict.fromkeys(added, 0)})
        for name in added:
            sums[name] += row[name] or 0
    return sorted(found.values(), key=lambda row: (row["day"], row["use"], row["key"], row["model"]))


def _read(request: HttpRequest, slug: str) -> tuple[Organisation, int, date, date]:
    """Return which organisation, and which days; another's is not there at all."""
    organisation = get_object_or_404(Organisation, slug=slug)
    if not rules.can_see_usage(person_of(request), organisation):
        raise Http404
    asked = request.GET.get("jours", "")
    days = int(asked) if asked in map(str, PERIODS) else PERIODS[0]
    last = timezone.localdate()
    return organisation, days, last - timedelta(days=days - 1), last


def _as_cell(value: object) -> object:
    """Return what a cell holds: a text that a spreadsheet would take for a formula gets ' before it."""
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text[:1] in "=+-@\t\r" and text else value
