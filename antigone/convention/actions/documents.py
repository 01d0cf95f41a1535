"""The documents given to the members: the library keeps them, in collections of the convention's own."""

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from antigone.accounts.models import Group, Person
from antigone.convention.actions.rights import lock_convention, require_facilitator
from antigone.convention.actions.sessions import PLANNED_IN
from antigone.convention.models import Appointment, Convention, ConventionDocument, Member, Session
from antigone.errors import NotPossible, WrongInput
from antigone.library.actions import About, add_document
from antigone.library.models import Collection, Document

TEAM = (Appointment.Role.FACILITATOR, Appointment.Role.GUARANTOR)


@transaction.atomic
def attach_document(
    *, convention: Convention, document: Document, by: Person, session: Session | None = None
) -> ConventionDocument:
    """Give the members a document that the library has and `by` may read: it stays read by whom it was."""
    require_facilitator(by, convention)
    locked = lock_convention(convention, *PLANNED_IN)
    if not Document.objects.current().readable_by(by).filter(pk=document.pk).exists():
        raise NotPossible(
            "document_not_readable",
            gettext_noop("This document is not in the library, or not for you to read."),
        )
    if session is not None and session.convention_id != locked.pk:
        raise WrongInput("session_elsewhere", gettext_noop("This session is not one of this convention."))
    last = locked.documents.aggregate(last=Max("position"))["last"] or 0
    attached, _new = ConventionDocument.objects.update_or_create(
        convention=locked,
        document=document,
        defaults={"session": session},
        create_defaults={"session": session, "position": last + 1, "added_at": timezone.now()},
    )
    return attached


@transaction.atomic
def detach_document(*, attached: ConventionDocument, by: Person) -> None:
    """Take a document off the convention's list; the library keeps it."""
    require_facilitator(by, attached.convention)
    lock_convention(attached.convention, *PLANNED_IN)
    attached.delete()


def upload_document(
    *,
    convention: Convention,
    filename: str,
    data: bytes,
    title: str,
    is_public: bool,
    by: Person,
    session: Session | None = None,
) -> ConventionDocument:
    """Add a file to the library for everybody, or for the members and the team, and give it to the members.

    The file is read outside of any transaction, as the library does.
    """
    collection = _prepare_collection(convention, by, is_public=is_public)
    about = About(title=title, publisher=convention.title[:200])
    added = add_document(collection=collection, filename=filename, data=data, by=by, about=about)
    return attach_document(convention=convention, document=added.document, by=by, session=session)


def open_documents(member: Member) -> None:
    """Let the account of a member read the documents that are for the members alone."""
    if member.person is not None:
        _get_group(member.convention, "membres").people.add(member.person)


def close_documents(member: Member) -> None:
    """End what `open_documents` began."""
    if member.person is not None:
        _get_group(member.convention, "membres").people.remove(member.person)


def open_team_documents(appointment: Appointment) -> None:
    """Let a facilitator or a guarantor read what is for the members alone, where there is something already."""
    group = _find_groups(appointment.convention, "membres").first()
    if group is not None and appointment.person is not None and appointment.role in TEAM:
        group.people.add(appointment.person)


def close_team_documents(appointment: Appointment) -> None:
    """End what being of the team opened: reading what is for the members, keeping the collections."""
    if appointment.person is not None:
        for group in _find_groups(appointment.convention, "membres", "equipe"):
            group.people.remove(appointment.person)


@transaction.atomic
def _prepare_collection(convention: Convention, by: Person, *, is_public: bool) -> Collection:
    """Return the collection of the convention that these readers may read, and make `by` its librarian."""
    require_facilitator(by, convention)
    locked = lock_convention(convention, *PLANNED_IN)
    slug = f"convention-{locked.pk}" if is_public else f"convention-{locked.pk}-membres"
    name = locked.title if is_public else gettext("%(title)s: for the members") % {"title": locked.title}
    collection, _new = Collection.objects.get_or_create(
        slug=slug,
        defaults={
            "name": name[:200],
            "organisation": locked.organisation,
            "audience": Collection.Audience.PUBLIC if is_public else Collection.Audience.GROUPS,
        },
    )
    team = _get_group(locked, "equipe")
    team.people.add(by)
    collection.librarians.add(team)
    if not is_public:
        readers = _get_group(locked, "membres")
        readers.people.add(
            *Person.objects.filter(memberships__convention=locked, memberships__left_at=None),
            *Person.objects.filter(
                appointments__convention=locked,
                appointments__role__in=TEAM,
            ),
        )
        collection.readers.add(readers)
    return collection


def _get_group(convention: Convention, name: str) -> Group:
    """Return a group of the convention's: who reads or keeps its documents in the library."""
    return Group.objects.get_or_create(
        organisation=convention.organisation, name=f"convention-{convention.pk}-{name}"
    )[0]


def _find_groups(convention: Convention, *names: str) -> QuerySet[Group]:
    """Return those of the convention's groups that were made."""
    full = [f"convention-{convention.pk}-{name}" for name in names]
    return Group.objects.filter(organisation=convention.organisation_id, name__in=full)
