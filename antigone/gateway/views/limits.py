"""Limits: what is left of each, and setting them."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from antigone.accounts.models import Organisation
from antigone.gateway import actions, rules
from antigone.gateway.actions.limits import Limited, field_of, may_limit
from antigone.gateway.allowances import MILLIWATT_HOURS, find_window
from antigone.gateway.forms import LimitsForm
from antigone.gateway.models import Allowance, Key, Limit
from antigone.gateway.views.people import person_of, signed_in
from antigone.gateway.views.shell import render_place
from antigone.register.models import Use

KINDS: dict[str, type[Limited]] = {"organisation": Organisation, "use": Use, "key": Key}


@dataclass(frozen=True, slots=True)
class Left:
    """A limit with what was given out of it in the window that runs."""

    limit: Limit
    taken: int
    ends_at: datetime

    @property
    def left(self) -> int:
        return max(0, self.limit.amount - self.taken)

    @property
    def percent(self) -> float:
        return 100.0 * min(1.0, self.taken / self.limit.amount) if self.limit.amount else 100.0


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that can be limited, with its limits."""

    kind: str
    pk: int
    name: str
    left: list[Left]


@login_required
@require_safe
def limits(request: HttpRequest) -> HttpResponse:
    """Show the limits of the organisation, its uses and its keys; to operators those of everybody but keys."""
    person = signed_in(request)
    if rules.is_operator(person):
        things: list[Limited] = [*Organisation.objects.all(), *Use.objects.order_by("name")]
    elif rules.is_developer(person) and person.organisation is not None:
        things = [
            person.organisation,
            *Use.objects.of(person).order_by("name"),
            *Key.objects.of(person).usable(timezone.now()).order_by("name"),
        ]
    else:
        raise Http404
    context = {"rows": find_left(things), "is_operator": rules.is_operator(person)}
    return render_place(request, "gateway/limits.html", context, place="gateway:limits")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, of: str, pk: int) -> HttpResponse:
    """Set the limits of one thing."""
    if of not in KINDS:
        raise Http404
    thing: Limited = get_object_or_404(KINDS[of]._default_manager.all(), pk=pk)
    if not may_limit(person_of(request), thing):
        raise Http404
    held = {limit.measure: limit.amount for limit in Limit.objects.filter(**{of: thing})}
    form = LimitsForm(request.POST or None, initial=held)
    if form.is_bound and form.is_valid():
        actions.set_limits(of=thing, amounts=form.cleaned_data, by=signed_in(request))
        messages.success(request, _("The limits are set; they hold within a second."))
        return redirect("gateway:limits")
    return render_place(
        request,
        "gateway/edit_limits.html",
        {"form": form, "thing": thing},
        status=422 if form.is_bound else 200,
        place="gateway:limits",
    )


def find_left(things: list[Limited]) -> list[Row]:
    """Return the limits of things, with what was taken of each in the window that runs."""
    now = timezone.now().timestamp()
    limits = list(Limit.objects.select_related("organisation", "use", "key"))
    windows = {measure: find_window(measure, now) for measure in Limit.Measure.values}
    taken = dict(
        Allowance.objects.filter(
            window_start__in={datetime.fromtimestamp(window.start, UTC) for window in windows.values()}
        ).values_list("limit_id", "taken")
    )
    rows = []
    for thing in things:
        field = field_of(thing)
        left = [
            Left(
                limit,
                taken.get(limit.pk, 0)
                // (MILLIWATT_HOURS if limit.measure == Limit.Measure.ENERGY_MONTH else 1),
                datetime.fromtimestamp(windows[limit.measure].end, UTC),
            )
            for limit in limits
            if getattr(limit, f"{field}_id") == thing.pk
        ]
        rows.append(Row(field, thing.pk, thing.name, left))
    return rows
