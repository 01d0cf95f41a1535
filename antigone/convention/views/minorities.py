"""Minority opinions: read by everybody, written and signed by members, signatures on paper counted by facilitators."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from antigone.convention import actions, rules
from antigone.convention.forms.votes import OpinionForm, PaperForm
from antigone.convention.models import Convention, MinorityOpinion
from antigone.convention.views.asking import Asked, ask
from antigone.convention.views.people import (
    found,
    get_convention,
    get_facilitated,
    get_membership,
    person_of,
    require_person,
)
from antigone.convention.views.shell import render_place
from antigone.errors import NotPossible
from antigone.web.explanations import say


def find_opinion(convention: Convention, number: int) -> MinorityOpinion:
    opinions = convention.minority_opinions.select_related("proposal", "member")
    return found(opinions.annotate(signed=Count("signatories")).filter(number=number).first())


@require_safe
def minorities(request: HttpRequest, slug: str) -> HttpResponse:
    """List the minority opinions."""
    convention = get_convention(request, slug)
    opinions = convention.minority_opinions.select_related("proposal").annotate(signed=Count("signatories"))
    return render_place(
        request,
        "convention/votes/minorities.html",
        convention,
        {"opinions": opinions},
        place="convention:proposals",
    )


@require_safe
def minority(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show an opinion and how many sign it, never who but its author."""
    convention = get_convention(request, slug)
    opinion = find_opinion(convention, number)
    member = rules.get_member(person_of(request), convention)
    context = {
        "opinion": opinion,
        "has_signed": member is not None and opinion.signatories.filter(pk=member.pk).exists(),
        "is_author": member is not None and opinion.member_id == member.pk,
    }
    return render_place(
        request, "convention/votes/minority.html", convention, context, place="convention:proposals"
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_minority(request: HttpRequest, slug: str) -> HttpResponse:
    convention, _member = get_membership(request, slug)
    asked_for = request.GET.get("proposal", "")
    numbered = convention.proposals.filter(
        number=asked_for if asked_for.isdecimal() and len(asked_for) < 10 else 0
    )
    data = request.POST if request.method == "POST" else None
    form = OpinionForm(data, convention=convention, initial={"proposal": numbered.first()})

    def save() -> tuple[str, str]:
        given = form.cleaned_data
        opinion = actions.write_minority_opinion(
            convention=convention,
            title=given["title"],
            text=given["text"],
            proposal=given["proposal"],
            by=require_person(request),
        )
        return reverse("convention:minority", args=[slug, opinion.number]), _("Your opinion is published.")

    asked = Asked(
        title=_("Write a minority opinion"),
        button=_("Publish this opinion"),
        back=reverse("convention:minorities", args=[slug]),
        lead=_("It goes into the avis beside the proposals, with the number of those who sign it."),
    )
    return ask(request, convention, form, save, asked)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_minority(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    convention, member = get_membership(request, slug)
    opinion = find_opinion(convention, number)
    found(opinion if opinion.member_id == member.pk else None)
    initial = {"title": opinion.title, "text": opinion.text}
    data = request.POST if request.method == "POST" else None
    form = OpinionForm(data, convention=convention, is_new=False, initial=initial)
    address = reverse("convention:minority", args=[slug, number])

    def save() -> tuple[str, str]:
        given = form.cleaned_data
        actions.edit_minority_opinion(
            opinion=opinion, title=given["title"], text=given["text"], by=require_person(request)
        )
        return address, _("Your opinion is saved.")

    asked = Asked(title=_("Change your opinion"), button=_("Save"), back=address)
    return ask(request, convention, form, save, asked)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_minority(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    convention, member = get_membership(request, slug)
    opinion = find_opinion(convention, number)
    found(opinion if opinion.member_id == member.pk else None)
    address = reverse("convention:minority", args=[slug, number])

    def save() -> tuple[str, str]:
        actions.withdraw_minority_opinion(opinion=opinion, by=require_person(request))
        return address, _("Your opinion is withdrawn.")

    form = forms.Form(request.POST if request.method == "POST" else None)
    asked = Asked(
        title=_("Withdraw your opinion"),
        button=_("Withdraw it"),
        back=address,
        lead=_("It will not be in the avis. Its page stays, and says that it was withdrawn."),
    )
    return ask(request, convention, form, save, asked)


@login_required
@require_POST
def sign_minority(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Sign an opinion, or take one's signature back."""
    convention, _member = get_membership(request, slug)
    opinion = find_opinion(convention, number)
    is_signed = request.POST.get("action") != "unsign"
    try:
        actions.sign_minority_opinion(opinion=opinion, is_signed=is_signed, by=require_person(request))
    except NotPossible as error:
        messages.error(request, say(error))
    else:
        messages.success(
            request, _("You sign this opinion.") if is_signed else _("You no longer sign this opinion.")
        )
    return redirect("convention:minority", slug, number)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def count_paper(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    convention = get_facilitated(request, slug)
    opinion = find_opinion(convention, number)
    data = request.POST if request.method == "POST" else None
    form = PaperForm(data, initial={"number": opinion.paper_signatures})
    address = reverse("convention:minority", args=[slug, number])

    def save() -> tuple[str, str]:
        actions.count_paper_signatures(
            opinion=opinion, number=form.cleaned_data["number"], by=require_person(request)
        )
        return address, _("The signatures on paper are counted.")

    asked = Asked(
        title=_("Signatures on paper"),
        button=_("Save"),
        back=address,
        lead=_("How many members signed on paper, and not here."),
    )
    return ask(request, convention, form, save, asked)
