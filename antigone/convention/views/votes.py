"""Votes: opened, given on a telephone or counted by hand, closed, read by everybody; never said to be secret."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from antigone.convention import actions, rules
from antigone.convention.forms.votes import HandsForm, JudgmentForm, OpenBallotsForm
from antigone.convention.models import Ballot, Convention
from antigone.convention.views.asking import Asked, ask
from antigone.convention.views.people import (
    found,
    get_convention,
    get_facilitated,
    get_membership,
    person_of,
    require_person,
)
from antigone.convention.views.results import Result, list_results
from antigone.convention.views.shell import render_place
from antigone.convention.wording import LEVELS

PAGE_SIZE = 20


def find_ballot(convention: Convention, number: int) -> Ballot:
    ballots = convention.ballots.select_related("proposal__theme", "paragraph", "convention")
    return found(ballots.filter(number=number).first())


@require_safe
def ballots(request: HttpRequest, slug: str) -> HttpResponse:
    """List every vote of the convention, the open ones first."""
    convention = get_convention(request, slug)
    ballots = convention.ballots.select_related("proposal", "paragraph").order_by("-number")
    page = Paginator(ballots.closed(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "open_ballots": ballots.filter(state=Ballot.State.OPEN),
        "page": page,
        "results": list_results(page),
        "cancelled": ballots.filter(state=Ballot.State.CANCELLED),
    }
    return render_place(
        request, "convention/votes/ballots.html", convention, context, place="convention:proposals"
    )


@require_safe
def ballot(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show the very words voted on and, once it is closed, the result; before, how many have voted, never how."""
    convention = get_convention(request, slug)
    ballot = find_ballot(convention, number)
    part = "#count" if request.GET.get("part") == "count" else ""
    return render_place(
        request,
        f"convention/votes/ballot.html{part}",
        convention,
        _describe(request, ballot),
        place="convention:proposals",
    )


def _describe(request: HttpRequest, ballot: Ballot) -> dict[str, Any]:
    member = rules.get_member(person_of(request), ballot.convention)
    is_open = ballot.state == Ballot.State.OPEN
    own = ballot.judgments.filter(member=member).first() if member else None
    return {
        "ballot": ballot,
        "versions": ballot.versions.order_by("paragraph__position", "paragraph"),
        "result": Result(ballot) if ballot.state == Ballot.State.CLOSED else None,
        "is_open": is_open,
        "is_cancelled": ballot.state == Ballot.State.CANCELLED,
        "is_by_phone": ballot.mode == Ballot.Mode.PHONES,
        "given": ballot.judgments.count() if is_open else 0,
        "own_level": LEVELS[own.level] if own else "",
        "needed": Result(ballot).needed_voters,
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_ballots(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    convention = get_facilitated(request, slug)
    proposal = found(convention.proposals.filter(number=number).first())
    form = OpenBallotsForm(request.POST if request.method == "POST" else None, proposal=proposal)

    def save() -> tuple[str, str]:
        given = form.cleaned_data
        opened = actions.open_ballots(
            proposal=proposal,
            mode=given["mode"],
            paragraphs=list(given["paragraphs"]),
            by=require_person(request),
        )
        told = ngettext(
            "The vote is open: the text no longer changes.",
            "%(count)s votes are open: the text no longer changes.",
            len(opened),
        ) % {"count": len(opened)}
        if len(opened) == 1:
            return reverse("convention:ballot", args=[slug, opened[0].number]), told
        return reverse("convention:ballots", args=[slug]), told

    asked = Asked(
        title=_("Put proposal %(number)s to the vote") % {"number": number},
        button=_("Open the vote"),
        back=reverse("convention:proposal", args=[slug, number]),
        lead=_("From now on and until the vote is closed, nobody changes the text."),
        template="convention/votes/open.html",
        context={"proposal": proposal},
    )
    return ask(request, convention, form, save, asked)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def judge(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Take a member's level, and another one until the vote is closed."""
    convention, member = get_membership(request, slug)
    ballot = find_ballot(convention, number)
    own = ballot.judgments.filter(member=member).first()
    initial = {"level": own.level} if own else {}
    form = JudgmentForm(request.POST if request.method == "POST" else None, initial=initial)
    address = reverse("convention:ballot", args=[slug, number])

    def save() -> tuple[str, str]:
        level = form.cleaned_data["level"]
        actions.give_judgment(ballot=ballot, level=level, by=require_person(request))
        told = _("Your judgment is saved: %(level)s. You may change it until the vote is closed.")
        return address, told % {"level": LEVELS[level]}

    asked = Asked(
        title=_("Give your judgment"),
        button=_("Give this judgment"),
        back=address,
        template="convention/votes/judge.html",
        context=_describe(request, ballot),
    )
    return ask(request, convention, form, save, asked)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def close_ballot(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Count the hands, or the judgments given on telephones, and say what the vote decides."""
    convention = get_facilitated(request, slug)
    ballot = find_ballot(convention, number)
    is_by_phone = ballot.mode == Ballot.Mode.PHONES
    data = request.POST if request.method == "POST" else None
    form = forms.Form(data) if is_by_phone else HandsForm(data)

    def save() -> tuple[str, str]:
        hands = form.get_hands() if isinstance(form, HandsForm) else None
        closed = actions.close_ballot(ballot=ballot, hands=hands, by=require_person(request))
        told = _("The vote is closed: the text is kept.")
        if not closed.is_kept:
            told = _("The vote is closed: the text is not kept, and can be written again.")
        if not closed.is_quorate:
            told = _("The vote is closed without a quorum: nothing is decided.")
        return reverse("convention:ballot", args=[slug, number]), told

    asked = Asked(
        title=_("Close the vote"),
        button=_("Close the vote and publish the result"),
        back=reverse("convention:ballot", args=[slug, number]),
        template="convention/votes/close.html",
        context=_describe(request, ballot),
    )
    return ask(request, convention, form, save, asked)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_ballot(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    convention = get_facilitated(request, slug)
    ballot = find_ballot(convention, number)
    address = reverse("convention:ballot", args=[slug, number])

    def save() -> tuple[str, str]:
        actions.cancel_ballot(ballot=ballot, by=require_person(request))
        return address, _("The vote is cancelled: nothing is decided.")

    form = forms.Form(request.POST if request.method == "POST" else None)
    asked = Asked(
        title=_("Cancel the vote"),
        button=_("Cancel this vote"),
        back=address,
        lead=_("Judgments already given count for nothing. The vote stays in the list, as cancelled."),
    )
    return ask(request, convention, form, save, asked)
