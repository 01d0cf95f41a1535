"""What facilitators do of a session: plan it, its agenda, who was there, its minutes, its documents."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from antigone.convention import actions
from antigone.convention.forms.sessions import AgendaForm, AttachForm, MinutesForm, SessionForm, UploadForm
from antigone.convention.models import AgendaItem, Attendance, Convention, Session
from antigone.convention.views.people import found, get_facilitated, person_of, require_person
from antigone.convention.views.sessions import FEWEST_DAYS, PLACE, get_session
from antigone.convention.views.shell import render_place
from antigone.errors import NotAllowed, NotPossible, WrongInput
from antigone.library.actions.refusals import describe_refusal
from antigone.web.explanations import say


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    convention = get_facilitated(request, slug)
    form = SessionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        planned = actions.plan_session(convention=convention, by=require_person(request), **form.get_words())
        messages.success(request, _("The session is planned."))
        days = sum(session.days for session in convention.sessions.all())
        if days < FEWEST_DAYS:
            messages.warning(request, say_short(days))
        return redirect("convention:session", slug, planned.number)
    context = {"form": form, "session": None}
    return _render(request, "edit", convention, context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Edit when and where; where somebody saved meanwhile, show both."""
    convention = get_facilitated(request, slug)
    session = get_session(convention, number)
    if request.method != "POST":
        form = SessionForm(instance=session, initial={"version": session.version})
        return _render(request, "edit", convention, {"form": form, "session": session})
    form = SessionForm(request.POST)
    if not form.is_valid():
        return _render(request, "edit", convention, {"form": form, "session": session}, status=422)
    try:
        actions.change_session(
            session=session, version=form.get_version(), by=require_person(request), **form.get_words()
        )
    except NotPossible as error:
        session = get_session(convention, number)
        again = SessionForm(_retype(request, session.version))
        return _show_conflict(request, "edit", session, again, error)
    messages.success(request, _("Saved."))
    return redirect("convention:session", slug, number)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def minutes(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    convention = get_facilitated(request, slug)
    session = get_session(convention, number)
    if request.method != "POST":
        form = MinutesForm(instance=session, initial={"version": session.version})
        return _render(request, "minutes", convention, {"form": form, "session": session})
    form = MinutesForm(request.POST)
    if not form.is_valid():
        return _render(request, "minutes", convention, {"form": form, "session": session}, status=422)
    by = require_person(request)
    try:
        actions.write_minutes(session=session, version=form.get_version(), by=by, **form.get_words())
    except NotPossible as error:
        session = get_session(convention, number)
        again = MinutesForm(_retype(request, session.version))
        return _show_conflict(request, "minutes", session, again, error)
    if request.POST.get("action") == "publish":
        actions.publish_minutes(session=session, by=by)
        messages.success(request, _("Saved and published."))
    else:
        messages.success(request, _("Saved."))
    return redirect("convention:session", slug, number)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def agenda(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Add points to the agenda, take them off, publish it."""
    convention = get_facilitated(request, slug)
    session = get_session(convention, number)
    form = AgendaForm(
        request.POST if request.method == "POST" else None, initial={"starts_at": session.starts_at}
    )
    if request.method == "POST" and form.is_valid():
        actions.add_agenda_item(session=session, by=require_person(request), **form.cleaned_data)
        return redirect("convention:agenda", slug, number)
    context = {"form": form, "session": session, "agenda": session.agenda.all()}
    return _render(request, "agenda", convention, context, status=422 if form.errors else 200)


@login_required
@require_POST
def change_agenda(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Publish the agenda, or take a point off it."""
    session = get_session(get_facilitated(request, slug), number)
    by = require_person(request)
    if request.POST.get("action") == "publish":
        actions.publish_agenda(session=session, by=by)
        messages.success(request, _("Everybody reads the agenda now."))
        return redirect("convention:session", slug, number)
    key = request.POST.get("remove", "")
    items = AgendaItem.objects.filter(session=session).select_related("session__convention")
    item = found(items.filter(pk=key).first() if key.isdecimal() and len(key) < 19 else None)
    actions.remove_agenda_item(item=item, by=by)
    return redirect("convention:agenda", slug, number)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One sheet: a line for each seat, a choice on each."""
    convention = get_facilitated(request, slug)
    session = get_session(convention, number)
    if request.method == "POST":
        typed = {name[5:]: state for name, state in request.POST.items() if name.startswith("seat-")}
        states = {
            int(seat): str(state) for seat, state in typed.items() if seat.isdecimal() and len(seat) < 10
        }
        actions.record_attendance(session=session, states=states, by=require_person(request))
        messages.success(request, _("The attendance is noted."))
        return redirect("convention:session", slug, number)
    noted = dict(session.attendances.values_list("member", "state"))
    listed = [
        member
        for member in convention.members.select_related("identity")
        if member.is_sitting or member.pk in noted
    ]
    context = {
        "session": session,
        "rows": [
            (member.number, getattr(member, "identity", None), noted.get(member.pk, "")) for member in listed
        ],
        "states": Attendance.State.choices,
    }
    return _render(request, "attendance", convention, context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Give the members a document of the library, or a file that goes to it."""
    convention = get_facilitated(request, slug)
    session = get_session(convention, number)
    person = person_of(request)
    attach = AttachForm(person=person, convention=convention)
    upload = UploadForm()
    if request.method == "POST" and "readers" in request.POST:
        upload = UploadForm(request.POST, request.FILES)
        if upload.is_valid() and _upload(request, session, upload):
            return redirect("convention:session", slug, number)
    elif request.method == "POST":
        attach = AttachForm(request.POST, person=person, convention=convention)
        if attach.is_valid():
            actions.attach_document(
                convention=convention,
                document=attach.cleaned_data["document"],
                session=session,
                by=require_person(request),
            )
            messages.success(request, _("The document is given to the members."))
            return redirect("convention:session", slug, number)
    context: dict[str, Any] = {
        "session": session,
        "attach": attach,
        "upload": upload,
        "documents": session.documents.select_related("document"),
    }
    status = 422 if attach.errors or upload.errors else 200
    return _render(request, "documents", convention, context, status=status)


@login_required
@require_POST
def detach(request: HttpRequest, slug: str, number: int, document_id: int) -> HttpResponse:
    session = get_session(get_facilitated(request, slug), number)
    attached = found(session.documents.select_related("convention").filter(pk=document_id).first())
    actions.detach_document(attached=attached, by=require_person(request))
    return redirect("convention:documents", slug, number)


def say_short(days: int) -> str:
    """Say that the sessions are fewer days than the OECD asks for."""
    return _("The sessions last %(days)s days in all; the OECD’s principles ask for %(fewest)s at least.") % {
        "days": days,
        "fewest": FEWEST_DAYS,
    }


def _upload(request: HttpRequest, session: Session, form: UploadForm) -> bool:
    """Add the file and say so; on a refusal, put its sentence into the form."""
    file = form.cleaned_data["file"]
    try:
        actions.upload_document(
            convention=session.convention,
            session=session,
            filename=file.name or "",
            data=file.read(),
            title=form.cleaned_data["title"],
            is_public=form.cleaned_data["readers"] == "public",
            by=require_person(request),
        )
    except (NotAllowed, WrongInput) as error:
        is_refusal = isinstance(error, WrongInput)
        form.add_error("file", describe_refusal(error.code, error.params) if is_refusal else say(error))
        return False
    messages.success(request, _("The document is in the library, and given to the members."))
    return True


def _retype(request: HttpRequest, version: int) -> Any:
    """Return what was typed, ready to be saved over the version that is there now."""
    typed = request.POST.copy()
    typed["version"] = str(version)
    return typed


def _show_conflict(
    request: HttpRequest, page: str, session: Session, form: Any, error: NotPossible
) -> HttpResponse:
    """Show what was typed beside what somebody else saved; any other refusal is a page of its own."""
    if error.code != "session_changed":
        raise error
    form.is_valid()
    form.add_error(None, say(error))
    context = {"form": form, "session": session, "saved": session}
    return _render(request, page, session.convention, context, status=error.status)


def _render(
    request: HttpRequest, page: str, convention: Convention, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    template = f"convention/sessions/{page}.html"
    return render_place(request, template, convention, context, place=PLACE, status=status)
