"""The space of a member: nobody else opens these pages."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from antigone.convention import actions, rules
from antigone.convention.forms.members import NoteForm, PseudonymForm
from antigone.convention.models import Ballot, Convention, Judgment, Member, Note
from antigone.convention.views.exports import give_file, write_calendar
from antigone.convention.views.keeping import list_all_kept
from antigone.convention.views.people import (
    found,
    get_convention,
    get_membership,
    person_of,
    require_person,
)
from antigone.convention.views.shell import render_place
from antigone.errors import NotPossible, WrongInput
from antigone.library.models import Document
from antigone.web.explanations import say

PLACE = "convention:own"


@login_required
@require_safe
def own(request: HttpRequest, slug: str) -> HttpResponse:
    convention, member = get_membership(request, slug)
    return _show(request, convention, member)


@login_required
@require_POST
def pseudonym(request: HttpRequest, slug: str) -> HttpResponse:
    convention, member = get_membership(request, slug)
    form = PseudonymForm(request.POST)
    if form.is_valid():
        try:
            actions.choose_pseudonym(
                convention=convention,
                pseudonym=form.cleaned_data["pseudonym"],
                by=require_person(request),
            )
        except WrongInput as error:
            form.add_error("pseudonym", say(error))
        else:
            messages.success(request, _("This is how everybody knows you from now on."))
            return redirect(PLACE, slug)
    return _show(request, convention, member, pseudonym_form=form, status=422)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what it means to be named in public, then do it or undo it. Undoing stays open to who has left."""
    convention = get_convention(request, slug)
    member = found(Member.objects.of_person(person_of(request)).filter(convention=convention).first())
    if not member.is_sitting and not member.published_name:
        raise Http404
    if request.method == "POST":
        by = require_person(request)
        if request.POST.get("consent") == "given":
            actions.consent_to_name(convention=convention, by=by)
            messages.success(request, _("Your name is public."))
        else:
            actions.revoke_consent(convention=convention, by=by)
            messages.success(request, _("Your name is off every page of this site."))
        return redirect(PLACE if member.is_sitting else "convention:members", slug)
    context = {"member": member, "name": member.identity.name, "consents": member.consents.all()}
    return render_place(request, "convention/members/consent.html", convention, context, place=PLACE)


@login_required
@require_POST
def new_note(request: HttpRequest, slug: str) -> HttpResponse:
    convention, member = get_membership(request, slug)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _show(request, convention, member, note_form=form, status=422)
    actions.write_note(convention=convention, text=form.cleaned_data["text"], by=require_person(request))
    messages.success(request, _("Saved. Nobody else reads it."))
    return redirect(PLACE, slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, slug: str, note_id: int) -> HttpResponse:
    """Edit a note; where it was saved from another window meanwhile, show both."""
    convention, member = get_membership(request, slug)
    kept = _get_note(member, note_id)
    if request.method != "POST":
        return _show_note(
            request, convention, kept, NoteForm(instance=kept, initial={"version": kept.version})
        )
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _show_note(request, convention, kept, form, status=422)
    try:
        actions.save_note(
            note=kept,
            text=form.cleaned_data["text"],
            version=form.cleaned_data["version"] or 0,
            by=require_person(request),
        )
    except NotPossible as error:
        if error.code != "note_changed":
            raise
        kept = _get_note(member, note_id)
        form = NoteForm({"text": form.cleaned_data["text"], "version": kept.version})
        form.add_error(None, say(error))
        return _show_note(request, convention, kept, form, status=error.status)
    messages.success(request, _("Saved. Nobody else reads it."))
    return redirect(PLACE, slug)


@login_required
@require_POST
def erase_note(request: HttpRequest, slug: str, note_id: int) -> HttpResponse:
    _convention, member = get_membership(request, slug)
    actions.erase_note(note=_get_note(member, note_id), by=require_person(request))
    messages.success(request, _("The note is erased."))
    return redirect(PLACE, slug)


@login_required
@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the sessions as a calendar file, with what the members read of them."""
    convention = get_convention(request, slug)
    person = person_of(request)
    member = rules.get_member(person, convention)
    if member is None and not rules.can_follow(person, convention):
        raise Http404
    data = write_calendar(
        convention.sessions.all(),
        title=convention.title,
        host=request.get_host().partition(":")[0],
        stamp=timezone.now(),
    )
    return give_file(data, f"{slug}.ics", "text/calendar; charset=utf-8")


@login_required
@require_safe
def kept(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the member all that is kept about them, as JSON."""
    convention, member = get_membership(request, slug)
    data = json.dumps(list_all_kept(member), ensure_ascii=False, indent=1, default=str).encode()
    name = slugify(" ".join([convention.title, _("my data")]))[:80]
    return give_file(data, f"{name}.json", "application/json")


def _list_groups(member: Member) -> Any:
    """Give the tables where the member sat, in the order of time, with who sat there."""
    groups = member.small_groups.select_related("round__session").defer("round__record", "round__balance")
    others = Prefetch("members", Member.objects.only("pseudonym", "published_name").order_by("pseudonym"))
    return groups.order_by("round__session__number", "round__number").prefetch_related(others)


def _list_ballots(convention: Convention, member: Member) -> QuerySet[Ballot]:
    """Give the votes on telephones that are under way, each with whether the member has judged."""
    given = Judgment.objects.filter(member=member, ballot=OuterRef("pk"))
    open_ballots = convention.ballots.filter(state=Ballot.State.OPEN, mode=Ballot.Mode.PHONES)
    return open_ballots.select_related("proposal", "paragraph").annotate(has_judged=Exists(given))


def _get_note(member: Member, note_id: int) -> Note:
    return found(member.notes.filter(pk=note_id).first())


def _show_note(
    request: HttpRequest, convention: Convention, note: Note, form: NoteForm, *, status: int = 200
) -> HttpResponse:
    is_conflict = form.is_bound and bool(form.non_field_errors())
    context = {"note": note, "form": form, "is_conflict": is_conflict}
    return render_place(
        request, "convention/members/note.html", convention, context, place=PLACE, status=status
    )


def _show(
    request: HttpRequest,
    convention: Convention,
    member: Member,
    *,
    pseudonym_form: PseudonymForm | None = None,
    note_form: NoteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    readable = Document.objects.current().readable_by(person_of(request))
    payments = member.payments.all()
    total, paid = payments.sum_up()
    now = timezone.now()
    sessions = list(convention.sessions.all())
    context: dict[str, Any] = {
        "member": member,
        "coming": [session for session in sessions if session.ends_at >= now],
        "past": [session for session in sessions if session.ends_at < now],
        "groups": _list_groups(member),
        "ballots": _list_ballots(convention, member),
        "questions": member.questions.prefetch_related("answers"),
        "payments": payments,
        "total": total,
        "paid": paid,
        "due": total - paid,
        "documents": convention.documents.filter(document__in=readable).select_related("document", "session"),
        "notes": member.notes.all(),
        "pseudonym_form": pseudonym_form or PseudonymForm(initial={"pseudonym": member.pseudonym}),
        "note_form": note_form or NoteForm(),
    }
    return render_place(
        request, "convention/members/own.html", convention, context, place=PLACE, status=status
    )
