"""One paragraph: where it comes from and what it became, word by word; written, moved, merged, split, retired."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from antigone.convention import actions, rules
from antigone.convention.forms.writing import (
    AttachForm,
    EditForm,
    MergeForm,
    MoveForm,
    ParagraphForm,
    RetireForm,
    SplitForm,
)
from antigone.convention.models import Ballot, Descent, Paragraph, ParagraphVersion
from antigone.convention.provenance import Provenance
from antigone.convention.views.asking import (
    Asked,
    ask,
    get_paragraph,
    get_written_paragraph,
    get_written_proposal,
)
from antigone.convention.views.people import found, person_of, require_person
from antigone.convention.views.results import list_results
from antigone.convention.views.shell import render_place
from antigone.core.deliberation.differences import Piece, compare
from antigone.errors import NotPossible, WrongInput
from antigone.web.explanations import say

HISTORY_PAGE = 15
MOST_MERGED = 20


@dataclass(frozen=True, slots=True)
class Step:
    """A version in the history of a paragraph: how it was made, from which, and what changed."""

    version: ParagraphVersion
    kind: str
    parents: Sequence[ParagraphVersion]
    pieces: Sequence[Piece]


@require_safe
def paragraph(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show the chain of a paragraph, from the members' words to the answer, and its history below."""
    paragraph = get_paragraph(request, slug, pk)
    proposal, convention = paragraph.proposal, paragraph.proposal.convention
    provenance = Provenance(convention)
    lineage = provenance.lineage(paragraph)
    keys = provenance.keys_of(paragraph)
    sources = provenance.read_sources(keys)
    page = Paginator(lineage, HISTORY_PAGE).get_page(request.GET.get("page"))
    ballots = convention.ballots.closed().filter(versions__in=lineage).select_related("proposal", "paragraph")
    answer = getattr(proposal, "answer", None)
    context = {
        "paragraph": paragraph,
        "proposal": proposal,
        "sources": [sources[key] for key in keys],
        "total": len(lineage),
        "page": page,
        "history": _read_history(list(page.object_list)),
        "results": list_results(ballots.distinct()),
        "became": Paragraph.objects.filter(pk__in=provenance.descendants(paragraph)).select_related(
            "proposal"
        ),
        "amendments": paragraph.amendments.select_related("member"),
        "answer": answer if answer is not None and answer.is_published else None,
        "can_write": paragraph.retired_at is None and rules.can_write(person_of(request), proposal),
        "is_draft": proposal.state == proposal.State.DRAFT,
        "open_ballot": proposal.ballots.filter(state=Ballot.State.OPEN).first(),
    }
    return render_place(
        request, "convention/writing/paragraph.html", convention, context, place="convention:proposals"
    )


def _read_history(lineage: Sequence[int]) -> list[Step]:
    """Read versions and the versions that they were made from: three queries."""
    versions = {
        version.pk: version
        for version in ParagraphVersion.objects.filter(pk__in=lineage).select_related(
            "member", "paragraph__proposal"
        )
    }
    ascents = defaultdict(list)
    for descent in Descent.objects.filter(child__in=lineage).select_related("parent__paragraph__proposal"):
        ascents[descent.child_id].append(descent)
    return [_describe(versions[pk], ascents[pk]) for pk in lineage]


def _describe(version: ParagraphVersion, ascents: Sequence[Descent]) -> Step:
    parents = [descent.parent for descent in ascents]
    old = "\n\n".join(parent.text for parent in parents)
    kind = ascents[0].kind if ascents else ""
    pieces = compare(old, version.text) if parents and old != version.text else ()
    return Step(version, kind, parents, pieces)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_paragraph(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    proposal = get_written_proposal(request, slug, number)
    form = ParagraphForm(request.POST if request.method == "POST" else None, convention=proposal.convention)
    address = reverse("convention:proposal", args=[slug, number])

    def save() -> tuple[str, str]:
        added = actions.add_paragraph(
            proposal=proposal,
            text=form.cleaned_data["text"],
            sources=form.get_sources(),
            by=require_person(request),
        )
        return f"{address}#p{added.pk}", _("The paragraph is added.")

    asked = Asked(title=_("Add a paragraph"), button=_("Add this paragraph"), back=address)
    return ask(request, proposal.convention, form, save, asked)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_paragraph(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take another version; where somebody saved one meanwhile, show both with what differs, and lose neither."""
    paragraph = get_written_paragraph(request, slug, pk)
    proposal = paragraph.proposal
    address = f"{reverse('convention:proposal', args=[slug, proposal.number])}#p{pk}"
    asked = Asked(
        title=_("Edit a paragraph"),
        button=_("Save this version"),
        back=address,
        template="convention/writing/edit.html",
        context={"paragraph": paragraph, "proposal": proposal},
    )
    if request.method != "POST":
        initial = {"text": paragraph.text, "version": paragraph.version}
        return _show_edit(
            request, paragraph, EditForm(convention=proposal.convention, initial=initial), asked
        )
    form = EditForm(request.POST, convention=proposal.convention)
    if not form.is_valid():
        return _show_edit(request, paragraph, form, asked, status=422)
    given = form.cleaned_data
    try:
        actions.edit_paragraph(
            paragraph=paragraph,
            text=given["text"],
            version=given["version"],
            reason=given["reason"],
            sources=form.get_sources(),
            by=require_person(request),
        )
    except (NotPossible, WrongInput) as error:
        paragraph = get_paragraph(request, slug, pk)
        typed = request.POST.copy()
        typed["version"] = str(paragraph.version)
        form = EditForm(typed, convention=proposal.convention)
        form.add_error(None, say(error))
        is_conflict = error.code in ("paragraph_saved_since", "paragraph_retired")
        pieces = compare(paragraph.text, given["text"]) if is_conflict else ()
        return _show_edit(request, paragraph, form, asked, pieces=pieces, status=error.status)
    messages.success(request, _("The new version is saved."))
    return redirect(address)


def _show_edit(
    request: HttpRequest,
    paragraph: Paragraph,
    form: EditForm,
    asked: Asked,
    *,
    pieces: Sequence[Piece] = (),
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        **asked.context,
        "form": form,
        "asked": asked,
        "pieces": pieces,
        "paragraph": paragraph,
        "latest": paragraph.versions.select_related("member").get(number=paragraph.version),
    }
    convention = paragraph.proposal.convention
    return render_place(request, asked.template, convention, context, place=asked.place, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def attach_origins(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say what else a paragraph comes from, without changing its text."""
    paragraph = get_written_paragraph(request, slug, pk)
    convention = paragraph.proposal.convention
    data = request.POST if request.method == "POST" else None
    form = AttachForm(data, convention=convention, initial={"version": paragraph.version})
    address = reverse("convention:paragraph", args=[slug, pk])

    def save() -> tuple[str, str]:
        actions.attach_origins(
            paragraph=paragraph,
            version=form.cleaned_data["version"],
            sources=form.get_sources(),
            by=require_person(request),
        )
        return address, _("The origins are written down.")

    asked = Asked(
        title=_("Where this paragraph comes from"),
        button=_("Add these origins"),
        back=address,
        template="convention/writing/onto.html",
        context={"paragraph": paragraph},
    )
    return ask(request, convention, form, save, asked)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def split_paragraph(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    paragraph = get_written_paragraph(request, slug, pk)
    data = request.POST if request.method == "POST" else None
    form = SplitForm(data, initial={"text": paragraph.text, "version": paragraph.version})
    address = reverse("convention:proposal", args=[slug, paragraph.proposal.number])

    def save() -> tuple[str, str]:
        given = form.cleaned_data
        parts = actions.split_paragraph(
            paragraph=paragraph,
            parts=given["text"],
            version=given["version"],
            reason=given["reason"],
            by=require_person(request),
        )
        return f"{address}#p{parts[0].pk}", _("The paragraph is split: each part comes from it.")

    asked = Asked(
        title=_("Split a paragraph"),
        button=_("Split here"),
        back=address,
        lead=_("Each part keeps all that the paragraph comes from."),
    )
    return ask(request, paragraph.proposal.convention, form, save, asked)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move_paragraph(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    paragraph = get_written_paragraph(request, slug, pk)
    convention = paragraph.proposal.convention
    initial = {
        "proposal": paragraph.proposal_id,
        "position": paragraph.position,
        "version": paragraph.version,
    }
    data = request.POST if request.method == "POST" else None
    form = MoveForm(data, convention=convention, initial=initial)

    def save() -> tuple[str, str]:
        given = form.cleaned_data
        moved = actions.move_paragraph(
            paragraph=paragraph,
            proposal=given["proposal"],
            position=given["position"],
            version=given["version"],
            by=require_person(request),
        )
        address = reverse("convention:proposal", args=[slug, given["proposal"].number])
        return f"{address}#p{moved.pk}", _("The paragraph is moved.")

    asked = Asked(
        title=_("Move a paragraph"),
        button=_("Move here"),
        back=reverse("convention:proposal", args=[slug, paragraph.proposal.number]),
        lead=_("In another proposal it is voted on again; its page says where it comes from."),
        template="convention/writing/onto.html",
        context={"paragraph": paragraph},
    )
    return ask(request, convention, form, save, asked)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def retire_paragraph(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    paragraph = get_written_paragraph(request, slug, pk)
    data = request.POST if request.method == "POST" else None
    form = RetireForm(data, initial={"version": paragraph.version})
    address = reverse("convention:proposal", args=[slug, paragraph.proposal.number])

    def save() -> tuple[str, str]:
        given = form.cleaned_data
        actions.retire_paragraph(
            paragraph=paragraph, version=given["version"], reason=given["reason"], by=require_person(request)
        )
        return address, _("The paragraph is retired.")

    asked = Asked(
        title=_("Retire a paragraph"),
        button=_("Retire it"),
        back=address,
        lead=_("It leaves the proposal. Its page stays, with its versions and the reason."),
        template="convention/writing/onto.html",
        context={"paragraph": paragraph},
    )
    return ask(request, paragraph.proposal.convention, form, save, asked)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def merge_paragraphs(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Choose what is merged with a paragraph, then write the text that replaces them all."""
    first = get_written_paragraph(request, slug, pk)
    convention = first.proposal.convention
    asked = Asked(
        title=_("Merge paragraphs"),
        button=_("Merge them"),
        back=f"{reverse('convention:proposal', args=[slug, first.proposal.number])}#p{pk}",
        template="convention/writing/merge.html",
    )
    sent = [each for each in request.GET.getlist("p") if each.isdecimal() and len(each) < 10][:MOST_MERGED]
    rows = Paragraph.objects.current().filter(proposal__convention=convention).select_related("proposal")
    others = list(rows.filter(pk__in=sent).exclude(pk=pk).order_by("proposal__number", "position"))
    if not others:
        rows = rows.filter(proposal__state=first.proposal.State.DRAFT).exclude(pk=pk)
        context = {"asked": asked, "first": first, "choices": rows.order_by("proposal__number", "position")}
        return render_place(request, asked.template, convention, context, place=asked.place)
    for other in others:
        other.proposal.convention = convention
        found(other if rules.can_write(person_of(request), other.proposal) else None)
    chosen = [first, *others]
    data = request.POST if request.method == "POST" else None
    form = MergeForm(data, initial={"text": "\n\n".join(each.text for each in chosen)})

    def save() -> tuple[str, str]:
        given = form.cleaned_data
        read = dict(zip(request.POST.getlist("p"), request.POST.getlist("v"), strict=False))
        pairs = [(each, _read_number(read.get(str(each.pk), ""))) for each in chosen]
        merged = actions.merge_paragraphs(
            paragraphs=pairs, text=given["text"], reason=given["reason"], by=require_person(request)
        )
        address = reverse("convention:proposal", args=[slug, first.proposal.number])
        return f"{address}#p{merged.pk}", _("The paragraphs are merged: the new one comes from all of them.")

    asked = Asked(asked.title, asked.button, asked.back, template=asked.template, context={"chosen": chosen})
    return ask(request, convention, form, save, asked)


def _read_number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
