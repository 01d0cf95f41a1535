"""The pages that ask for something: a form, one action, and what was typed kept where it could not be done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from antigone.convention import rules
from antigone.convention.models import Convention, Paragraph, Proposal
from antigone.convention.views.people import found, get_convention, person_of
from antigone.convention.views.shell import render_place
from antigone.errors import NotPossible, WrongInput
from antigone.web.explanations import say

Save = Callable[[], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page asks for: its title, what stands above the form, the button, where one goes without it."""

    title: str
    button: str
    back: str
    lead: str = ""
    template: str = "convention/writing/form.html"
    context: Mapping[str, Any] = field(default_factory=dict)
    place: str = "convention:proposals"


def ask(
    request: HttpRequest, convention: Convention, form: forms.Form, save: Save, asked: Asked
) -> HttpResponse:
    """Show a form, or do what it asks. `save` calls one action, and returns where to go and what to tell."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                address, told = save()
            except (NotPossible, WrongInput) as error:
                form.add_error(None, say(error))
                status = error.status
            else:
                messages.success(request, told)
                return redirect(address)
    context = {"form": form, "asked": asked, **asked.context}
    return render_place(request, asked.template, convention, context, place=asked.place, status=status)


def get_proposal(request: HttpRequest, slug: str, number: int) -> Proposal:
    """Return a proposal that the person may read."""
    convention = get_convention(request, slug)
    proposal = found(convention.proposals.filter(number=number).select_related("theme").first())
    proposal.convention = convention
    return proposal


def get_written_proposal(request: HttpRequest, slug: str, number: int) -> Proposal:
    """Return a proposal in which the person writes."""
    proposal = get_proposal(request, slug, number)
    return found(proposal if rules.can_write(person_of(request), proposal) else None)


def get_paragraph(request: HttpRequest, slug: str, pk: int) -> Paragraph:
    """Return a paragraph that the person may read, retired or not."""
    convention = get_convention(request, slug)
    paragraphs = Paragraph.objects.filter(proposal__convention=convention).select_related("proposal__theme")
    paragraph = found(paragraphs.filter(pk=pk).first())
    paragraph.proposal.convention = convention
    return paragraph


def get_written_paragraph(request: HttpRequest, slug: str, pk: int) -> Paragraph:
    """Return a paragraph that stands in a proposal in which the person writes."""
    paragraph = get_paragraph(request, slug, pk)
    may = paragraph.retired_at is None and rules.can_write(person_of(request), paragraph.proposal)
    return found(paragraph if may else None)
