"""Amendments: proposed by members, decided by facilitators, withdrawn by their author; read by everybody."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from antigone.convention import actions
from antigone.convention.forms.writing import AmendForm, DecideForm
from antigone.convention.models import Amendment, Convention
from antigone.convention.views.asking import Asked, ask, get_paragraph
from antigone.convention.views.people import (
    found,
    get_convention,
    get_facilitated,
    get_membership,
    require_person,
)
from antigone.convention.views.shell import render_place
from antigone.core.deliberation.differences import compare


def find_amendment(convention: Convention, pk: int) -> Amendment:
    amendments = Amendment.objects.filter(paragraph__proposal__convention=convention)
    amendment = found(amendments.select_related("paragraph__proposal", "member").filter(pk=pk).first())
    amendment.paragraph.proposal.convention = convention
    return amendment


@require_safe
def amendment(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show what a member proposed, what it changes, and what became of it."""
    convention = get_convention(request, slug)
    amendment = find_amendment(convention, pk)
    base = amendment.paragraph.versions.filter(number=amendment.base).first()
    context = {
        "amendment": amendment,
        "paragraph": amendment.paragraph,
        "pieces": compare(base.text if base else "", amendment.text),
        "is_proposed": amendment.state == Amendment.State.PROPOSED,
    }
    return render_place(
        request, "convention/writing/amendment.html", convention, context, place="convention:proposals"
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take another wording from a member."""
    convention, _member = get_membership(request, slug)
    paragraph = get_paragraph(request, slug, pk)
    initial = {"text": paragraph.text, "version": paragraph.version}
    form = AmendForm(request.POST if request.method == "POST" else None, initial=initial)
    address = reverse("convention:paragraph", args=[slug, pk])

    def save() -> tuple[str, str]:
        given = form.cleaned_data
        proposed = actions.propose_amendment(
            paragraph=paragraph,
            version=given["version"],
            text=given["text"],
            reason=given["reason"],
            by=require_person(request),
        )
        return reverse("convention:amendment", args=[slug, proposed.pk]), _("Your amendment is proposed.")

    asked = Asked(
        title=_("Propose an amendment"),
        button=_("Propose this amendment"),
        back=address,
        lead=_(
            "Everybody reads it under your name in public. The facilitators accept or refuse it, and say why."
        ),
        template="convention/writing/onto.html",
        context={"paragraph": paragraph},
    )
    return ask(request, convention, form, save, asked)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decide_amendment(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Accept or refuse an amendment; over a text that has changed since, both are shown and put together."""
    convention = get_facilitated(request, slug)
    amendment = find_amendment(convention, pk)
    paragraph = amendment.paragraph
    is_old = amendment.base != paragraph.version
    data = request.POST.copy() if request.method == "POST" else None
    initial = {"version": paragraph.version, "text": amendment.text}
    form = DecideForm(data, is_old=is_old, initial=initial)
    base = paragraph.versions.filter(number=amendment.base).first()

    def save() -> tuple[str, str]:
        given = form.cleaned_data
        if data is not None:
            data["version"] = str(paragraph.version)
        address = reverse("convention:amendment", args=[slug, pk])
        person = require_person(request)
        if request.POST.get("action") == "accept":
            actions.accept_amendment(
                amendment=amendment,
                version=given["version"],
                text=given.get("text") or None,
                decision=given["decision"],
                by=person,
            )
            return address, _("The amendment is accepted: its words are in the paragraph.")
        actions.refuse_amendment(amendment=amendment, decision=given["decision"], by=person)
        return address, _("The amendment is refused, and the reason is public.")

    asked = Asked(
        title=_("Decide on an amendment"),
        button=_("Accept"),
        back=reverse("convention:amendment", args=[slug, pk]),
        template="convention/writing/decide.html",
        context={
            "amendment": amendment,
            "paragraph": paragraph,
            "is_old": is_old,
            "pieces": compare(base.text if base else "", amendment.text),
            "since": compare(base.text if base else "", paragraph.text) if is_old else (),
        },
    )
    return ask(request, convention, form, save, asked)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_amendment(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    convention, member = get_membership(request, slug)
    amendment = find_amendment(convention, pk)
    found(amendment if amendment.member_id == member.pk else None)
    address = reverse("convention:amendment", args=[slug, pk])

    def save() -> tuple[str, str]:
        actions.withdraw_amendment(amendment=amendment, by=require_person(request))
        return address, _("Your amendment is withdrawn.")

    form = forms.Form(request.POST if request.method == "POST" else None)
    asked = Asked(
        title=_("Withdraw your amendment"),
        button=_("Withdraw it"),
        back=address,
        lead=_("It stays readable, and is said to be withdrawn."),
    )
    return ask(request, convention, form, save, asked)
