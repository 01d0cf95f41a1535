"""Proposals: all of them, one with its paragraphs and where each comes from; begun, arranged, set aside."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from antigone.convention import actions, rules
from antigone.convention.forms.writing import ArrangeForm, NewProposalForm, ReasonForm, TitleForm
from antigone.convention.models import Amendment, Ballot, Convention, Paragraph, Proposal, Theme
from antigone.convention.provenance import Provenance, Source
from antigone.convention.views.asking import Asked, ask, get_proposal, get_written_proposal
from antigone.convention.views.contributions import choose_contributions
from antigone.convention.views.people import found, get_convention, get_facilitated, person_of, require_person
from antigone.convention.views.results import (
    OPINIONS,
    ORIGINS,
    TO_VOTE,
    Result,
    list_results,
    say_count,
    say_result,
)
from antigone.convention.views.shell import render_place


@dataclass(slots=True)
class Listed:
    """A proposal in the list."""

    proposal: Proposal
    state: str
    # What is said of it in a line: votes, origins, minority opinions.
    facts: list[str]
    # The last vote on the whole, drawn; empty without one.
    strip: str


@dataclass(slots=True)
class Shown:
    """A paragraph on the page of its proposal."""

    paragraph: Paragraph
    sources: list[Source]
    amendments: list[Amendment] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)

    @property
    def last_vote(self) -> str:
        """Tell what the last vote that had its quorum said: "kept", "not_kept", or nothing where there was none."""
        decided = [result.ballot for result in self.results if result.ballot.is_quorate]
        if not decided:
            return ""
        return "kept" if decided[-1].is_kept else "not_kept"


@require_safe
def proposals(request: HttpRequest, slug: str) -> HttpResponse:
    """List the proposals by theme."""
    convention = get_convention(request, slug)
    words = request.GET.get("q", "").strip()[:200].replace("\0", "")
    state = request.GET.get("state", "")
    listed = convention.proposals.select_related("theme").annotate(
        opinions=Count("minority_opinions", filter=Q(minority_opinions__withdrawn_at=None), distinct=True)
    )
    if words:
        found_in = Paragraph.objects.current().filter(text__icontains=words).values("proposal")
        listed = listed.filter(Q(title__icontains=words) | Q(pk__in=found_in))
    if state in Proposal.State.values:
        listed = listed.filter(state=state)
    context = {
        "themes": _group(list_proposals(convention, listed)),
        "states": Proposal.State.choices,
        "state": state,
        "words": words,
        "open_ballots": convention.ballots.filter(state=Ballot.State.OPEN).select_related("proposal"),
    }
    return render_place(
        request, "convention/writing/proposals.html", convention, context, place="convention:proposals"
    )


def list_proposals(convention: Convention, proposals: Iterable[Proposal]) -> list[Listed]:
    """Add to proposals how many origins they have and what the last vote on the whole said: five queries."""
    provenance = Provenance(convention)
    versions: dict[int, list[tuple[int, int]]] = defaultdict(list)
    to_vote: Counter[int] = Counter()
    current = Paragraph.objects.current().filter(proposal__convention=convention).order_by()
    for proposal, pk, version, kept in current.values_list("proposal", "pk", "version", "kept_version"):
        versions[proposal].append((pk, version))
        to_vote[proposal] += version != kept
    votes = {ballot.proposal_id: ballot for ballot in convention.ballots.closed().filter(paragraph=None)}
    states = {value: str(label) for value, label in Proposal.State.choices}
    listed = []
    for each in proposals:
        result = Result(votes[each.pk]) if each.pk in votes else None
        is_draft = each.state == Proposal.State.DRAFT
        origins = provenance.count_sources(versions[each.pk])
        facts = [
            say_result(result) if result else "",
            say_count(TO_VOTE, to_vote[each.pk]) if is_draft and not result else "",
            say_count(ORIGINS, origins) if origins else "",
            say_count(OPINIONS, each.opinions) if each.opinions else "",  # type: ignore[attr-defined]
        ]
        strip = result.strip if result else ""
        listed.append(Listed(each, states[each.state], [fact for fact in facts if fact], strip))
    return listed


def _group(listed: Iterable[Listed]) -> list[tuple[Theme, list[Listed]]]:
    groups: dict[int, tuple[Theme, list[Listed]]] = {}
    for each in listed:
        theme = each.proposal.theme
        groups.setdefault(theme.pk, (theme, []))[1].append(each)
    return list(groups.values())


@require_safe
def proposal(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show a proposal: each paragraph with its state, its origins in full words, its amendments and its votes."""
    proposal = get_proposal(request, slug, number)
    person = person_of(request)
    ballots = list(proposal.ballots.select_related("paragraph"))
    closed = [ballot for ballot in ballots if ballot.state == Ballot.State.CLOSED]
    paragraphs = list(Paragraph.objects.filter(proposal=proposal).prefetch_related(
        Prefetch("amendments", Amendment.objects.select_related("member"))
    ))  # fmt: skip
    standing = [each for each in paragraphs if each.retired_at is None]
    context = {
        "proposal": proposal,
        "shown": _show(proposal.convention, standing, closed),
        "retired": [each for each in paragraphs if each.retired_at is not None],
        "left_amendments": _list_left(paragraphs),
        "results": list_results(ballot for ballot in closed if ballot.paragraph_id is None),
        "open_ballots": [ballot for ballot in ballots if ballot.state == Ballot.State.OPEN],
        "opinions": proposal.minority_opinions.filter(withdrawn_at=None).annotate(
            signed=Count("signatories")
        ),
        "answer": _find_answer(proposal),
        "writers": sorted((writer.shown_name for writer in proposal.writers.all()), key=str.casefold),
        "can_write": rules.can_write(person, proposal),
        "is_draft": proposal.state == Proposal.State.DRAFT,
        "is_all_kept": bool(standing) and all(each.is_kept for each in standing),
    }
    return render_place(
        request,
        "convention/writing/proposal.html",
        proposal.convention,
        context,
        place="convention:proposals",
    )


def _show(convention: Convention, paragraphs: list[Paragraph], closed: list[Ballot]) -> list[Shown]:
    provenance = Provenance(convention)
    keys = {paragraph.pk: provenance.keys_of(paragraph) for paragraph in paragraphs}
    sources = provenance.read_sources({key for each in keys.values() for key in each})
    return [
        Shown(
            paragraph,
            [sources[key] for key in keys[paragraph.pk]],
            list(paragraph.amendments.all()),
            list_results(ballot for ballot in closed if ballot.paragraph_id == paragraph.pk),
        )
        for paragraph in paragraphs
    ]


def _list_left(paragraphs: Iterable[Paragraph]) -> list[Amendment]:
    """List the amendments of retired paragraphs that nobody has decided."""
    return [
        amendment
        for paragraph in paragraphs
        if paragraph.retired_at is not None
        for amendment in paragraph.amendments.all()
        if amendment.state == Amendment.State.PROPOSED
    ]


def _find_answer(proposal: Proposal) -> object:
    answer = getattr(proposal, "answer", None)
    return answer if answer is not None and answer.is_published else None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_proposal(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a proposal, from contributions chosen in the list or from nothing."""
    convention = get_convention(request, slug)
    person = require_person(request)
    if not rules.can_facilitate(person, convention) and rules.get_member(person, convention) is None:
        raise Http404
    chosen = list(choose_contributions(request, convention).select_related("theme", "member"))
    theme = next((each.theme for each in chosen if each.theme), None)
    data = request.POST if request.method == "POST" else None
    form = NewProposalForm(data, convention=convention, initial={"theme": theme})

    def save() -> tuple[str, str]:
        given = form.cleaned_data
        began = actions.create_proposal(
            convention=convention,
            theme=given["theme"],
            title=given["title"],
            contributions=chosen,
            by=person,
        )
        return began_address(began), _("The proposal is begun.")

    def began_address(began: Proposal) -> str:
        return reverse("convention:proposal", args=[slug, began.number])

    asked = Asked(
        title=_("New proposal"),
        button=_("Begin the proposal"),
        back=reverse("convention:proposals", args=[slug]),
        lead=_("The words of the contributions chosen become its first paragraphs, as they are.")
        if chosen
        else "",
        template="convention/writing/chosen.html",
        context={"chosen": chosen},
    )
    return ask(request, convention, form, save, asked)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_title(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    proposal = get_written_proposal(request, slug, number)
    data = request.POST.copy() if request.method == "POST" else None
    form = TitleForm(data, initial={"title": proposal.title, "version": proposal.version})
    address = reverse("convention:proposal", args=[slug, number])

    def save() -> tuple[str, str]:
        given = form.cleaned_data
        if data is not None:  # typed again over a title saved meanwhile, it may be saved on purpose
            data["version"] = str(proposal.version)
        actions.save_title(
            proposal=proposal, title=given["title"], version=given["version"], by=require_person(request)
        )
        return address, _("The title is saved.")

    asked = Asked(
        title=_("Change the title"),
        button=_("Save"),
        back=address,
        lead=_("Saved now: %(title)s") % {"title": proposal.title},
    )
    return ask(request, proposal.convention, form, save, asked)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def arrange(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Choose the theme of a proposal and who writes in it."""
    convention = get_facilitated(request, slug)
    proposal = found(convention.proposals.filter(number=number).first())
    initial = {"theme": proposal.theme_id, "writers": proposal.writers.all(), "version": proposal.version}
    data = request.POST if request.method == "POST" else None
    form = ArrangeForm(data, convention=convention, initial=initial)
    address = reverse("convention:proposal", args=[slug, number])

    def save() -> tuple[str, str]:
        given = form.cleaned_data
        actions.arrange_proposal(
            proposal=proposal,
            theme=given["theme"],
            writers=list(given["writers"]),
            version=given["version"],
            by=require_person(request),
        )
        return address, _("The proposal is arranged.")

    asked = Asked(title=_("Theme and writers"), button=_("Save"), back=address)
    return ask(request, convention, form, save, asked)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def set_aside(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    convention = get_facilitated(request, slug)
    proposal = found(convention.proposals.filter(number=number).first())
    form = ReasonForm(request.POST if request.method == "POST" else None)
    address = reverse("convention:proposal", args=[slug, number])

    def save() -> tuple[str, str]:
        actions.set_proposal_aside(
            proposal=proposal, reason=form.cleaned_data["reason"], by=require_person(request)
        )
        return address, _("The proposal is set aside.")

    asked = Asked(
        title=_("Set proposal %(number)s aside") % {"number": number},
        button=_("Set it aside"),
        back=address,
        lead=_("It stays readable with its reason, and can be brought back."),
    )
    return ask(request, convention, form, save, asked)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bring_back(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    convention = get_facilitated(request, slug)
    proposal = found(convention.proposals.filter(number=number).first())
    address = reverse("convention:proposal", args=[slug, number])

    def save() -> tuple[str, str]:
        actions.bring_proposal_back(proposal=proposal, by=require_person(request))
        return address, _("The proposal is being written again.")

    form = forms.Form(request.POST if request.method == "POST" else None)
    asked = Asked(
        title=_("Bring proposal %(number)s back") % {"number": number}, button=_("Bring back"), back=address
    )
    return ask(request, convention, form, save, asked)
