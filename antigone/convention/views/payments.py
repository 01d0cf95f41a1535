"""What members are owed: the accounts of the facilitators."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from antigone.convention import actions
from antigone.convention.forms.members import PaymentForm
from antigone.convention.models import Payment
from antigone.convention.views.exports import defuse_rows, give_file
from antigone.convention.views.people import found, get_facilitated, require_person
from antigone.convention.views.shell import render_place
from antigone.core.sortition.tables import write_table

MOST_DIGITS = 18


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def payments(request: HttpRequest, slug: str) -> HttpResponse:
    """Show all that is owed and paid, by seat; take the costs of one member."""
    convention = get_facilitated(request, slug)
    form = PaymentForm(request.POST if request.method == "POST" else None, convention=convention)
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        member = found(convention.members.filter(number=typed.pop("number")).first())
        actions.record_payment(member=member, by=require_person(request), **typed)
        messages.success(request, _("Recorded: it is owed."))
        return redirect("convention:payments", slug)
    listed = Payment.objects.filter(member__convention=convention).select_related("member__identity")
    total, paid = listed.sum_up()
    context: dict[str, Any] = {
        "form": form,
        "payments": listed,
        "total": total,
        "paid": paid,
        "due": total - paid,
        "sessions": convention.sessions.all(),
    }
    return render_place(
        request,
        "convention/members/payments.html",
        convention,
        context,
        place="convention:members",
        status=422 if form.errors else 200,
    )


@login_required
@require_POST
def indemnities(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    convention = get_facilitated(request, slug)
    session = found(convention.sessions.select_related("convention").filter(number=number).first())
    owed = actions.owe_indemnities(session=session, by=require_person(request))
    said = ngettext("%(count)s indemnity is owed.", "%(count)s indemnities are owed.", owed)
    messages.success(request, said % {"count": owed} if owed else _("All who were present have it already."))
    return redirect("convention:payments", slug)


@login_required
@require_POST
def pay(request: HttpRequest, slug: str) -> HttpResponse:
    """Note what was paid of the lines that are ticked, or erase one that was a mistake."""
    convention = get_facilitated(request, slug)
    by = require_person(request)
    if erased := request.POST.get("erase"):
        payment = found(
            Payment.objects.filter(member__convention=convention, pk__in=_list_keys([erased]))
            .select_related("member__convention")
            .first()
        )
        actions.cancel_payment(payment=payment, by=by)
        messages.success(request, _("The line is erased."))
        return redirect("convention:payments", slug)
    paid = actions.mark_paid(
        convention=convention, payments=_list_keys(request.POST.getlist("payment")), by=by
    )
    said = ngettext("%(count)s payment is noted as made.", "%(count)s payments are noted as made.", paid)
    messages.success(request, said % {"count": paid})
    return redirect("convention:payments", slug)


@login_required
@require_safe
def payments_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the accounts as a table, for the treasurer: names, and no pseudonym."""
    convention = get_facilitated(request, slug)
    rows: list[list[str | int]] = [
        [
            payment.member.number,
            payment.member.identity.name,
            payment.get_kind_display(),
            payment.label,
            str(payment.amount),
            f"{timezone.localtime(payment.owed_at):%Y-%m-%d}",
            f"{timezone.localtime(payment.paid_at):%Y-%m-%d}" if payment.paid_at else "",
        ]
        for payment in Payment.objects.filter(member__convention=convention).select_related(
            "member__identity"
        )
    ]
    header = [_("seat"), _("name"), _("kind"), _("for what"), _("euros"), _("owed on"), _("paid on")]
    table = write_table(header, defuse_rows(rows))
    return give_file(b"\xef\xbb\xbf" + table, f"indemnites-{slug}.csv", "text/csv; charset=utf-8")


def _list_keys(typed: list[str]) -> list[int]:
    return [int(key) for key in typed if key.isascii() and key.isdecimal() and len(key) <= MOST_DIGITS]
