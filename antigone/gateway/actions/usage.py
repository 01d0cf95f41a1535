"""What was used is summed by the hour; rows of single requests are erased after a while."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncHour

from antigone.accounts.models import Organisation
from antigone.gateway.models import HourlyUsage, Key, Usage
from antigone.register.models import Use

BY = ("organisation_id", "use_id", "key_id", "endpoint", "model", "method")
# A row may come late from the file of a process that was without a database.
LATE = timedelta(hours=2)
MOST_HOURS_AT_ONCE = 200


def sum_usage(rows: QuerySet[Usage]) -> QuerySet[Usage, dict[str, Any]]:
    """Return the sums of requests by hour, and by all that they are told apart by."""
    sums: QuerySet[Usage, dict[str, Any]] = (
        rows.annotate(hour=TruncHour("at"))
        .values("hour", *BY)
        .annotate(
            requests=Count("pk"),
            refused=Count("pk", filter=Q(status__gte=400, status__lt=500)),
            failed=Count("pk", filter=Q(status__gte=500)),
            prompt=Sum("prompt_tokens"),
            output=Sum("output_tokens"),
            milliseconds=Sum("total_ms"),
            energy=Coalesce(Sum("energy_wh"), 0.0),
            carbon=Coalesce(Sum("carbon_g"), 0.0),
        )
        .order_by()
    )
    return sums


def roll_up_usage(now: datetime) -> int:
    """Sum the hours that ended and are not summed yet, oldest first; return how many. Begun again, it goes on.

    An hour is summed whole in one transaction, and anew while late rows may still come.
    """
    ended = now.replace(minute=0, second=0, microsecond=0)
    first = Usage.objects.aggregate(first=Min("at"))["first"]
    last = HourlyUsage.objects.aggregate(last=Max("hour"))["last"]
    if first is None:
        return 0
    hour = first.replace(minute=0, second=0, microsecond=0)
    if last is not None:
        hour = max(hour, min(last + timedelta(hours=1), ended - LATE))
    done = 0
    while hour < ended and done < MOST_HOURS_AT_ONCE:
        _sum_hour(hour)
        hour += timedelta(hours=1)
        done += 1
    return done


@transaction.atomic
def _sum_hour(hour: datetime) -> None:
    rows = list(sum_usage(Usage.objects.filter(at__gte=hour, at__lt=hour + timedelta(hours=1))))
    names = {
        "organisation": dict(Organisation.objects.values_list("pk", "name")),
        "use": dict(Use.objects.values_list("pk", "name")),
        "key": dict(
            Key.objects.filter(pk__in=[row["key_id"] for row in rows if row["key_id"]]).values_list(
                "pk", "name"
            )
        ),
    }
    HourlyUsage.objects.filter(hour=hour).delete()
    HourlyUsage.objects.bulk_create(
        HourlyUsage(
            hour=hour,
            organisation_name=names["organisation"].get(row["organisation_id"], ""),
            use_name=names["use"].get(row["use_id"], ""),
            key_name=names["key"].get(row["key_id"], ""),
            requests=row["requests"],
            refused=row["refused"],
            failed=row["failed"],
            prompt_tokens=row["prompt"],
            output_tokens=row["output"],
            total_ms=row["milliseconds"],
            energy_wh=row["energy"],
            carbon_g=row["carbon"],
            **{name: row[name] for name in BY},
        )
        for row in rows
    )


def erase_old_usage(now: datetime) -> int:
    """Erase the rows of single requests after `USAGE_DAYS`; their sums stay. Return how many."""
    before = now - timedelta(days=settings.USAGE_DAYS)
    summed = HourlyUsage.objects.aggregate(last=Max("hour"))["last"]
    if summed is None:
        return 0
    erased, _kinds = Usage.objects.filter(at__lt=min(before, summed)).delete()
    return erased
