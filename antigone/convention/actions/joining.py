"""From a seat to an account: personal codes, each good for one person once."""

from django.db import transaction
from django.utils.translation import gettext_noop

from antigone.accounts.actions import create_person, give_role
from antigone.accounts.models import Person, Role
from antigone.convention.actions.documents import open_documents
from antigone.convention.actions.members import KEPT_IN
from antigone.convention.actions.rights import lock_convention, require_facilitator
from antigone.convention.models import Convention, Member
from antigone.errors import NotPossible, WrongInput
from antigone.selection.codes import hash_code, make_code, normalise_code


@transaction.atomic
def give_codes(*, convention: Convention, by: Person) -> list[tuple[Member, str]]:
    """Draw a new code for each member who sits and has no account yet, and return it: only its hash is kept.

    A code given before opens nothing any more.
    """
    require_facilitator(by, convention)
    locked = lock_convention(convention, *KEPT_IN)
    given = []
    for member in locked.members.sitting().filter(person=None).select_related("identity"):
        code = make_code()
        member.code_hash = hash_code(code)
        given.append((member, code))
    Member.objects.bulk_update([member for member, _code in given], ["code_hash"])
    return given


@transaction.atomic
def open_account(*, code: str, email: str, password: str) -> tuple[Person, Member]:
    """Make the account of the member whose code this is. A code that is wrong or used gets the same answer."""
    member = _find_member(code)
    person = create_person(
        email=email, name=member.identity.name[:150], password=password, roles=[Role.MEMBER]
    )
    return person, _link(member, person)


@transaction.atomic
def join_convention(*, code: str, by: Person) -> Member:
    """Give the seat whose code this is to somebody who has an account already."""
    member = _find_member(code)
    convention = member.convention
    has_part = any(
        part.filter(person=by).exists() for part in (convention.appointments, convention.departures)
    )
    if has_part or by.has_role(Role.OPERATOR) or convention.members.filter(person=by).exists():
        raise NotPossible(
            "cannot_be_member",
            gettext_noop(
                "This account cannot be that of a member here: it has a part in this convention already, or runs "
                "the machine. Sign out, then open an account with the code."
            ),
        )
    give_role(person=by, role=Role.MEMBER, by=None)
    return _link(member, by)


def _find_member(code: str) -> Member:
    """Return the member to whom this code was given, whose convention takes writing; hold the convention."""
    known = normalise_code(code)
    member = (
        Member.objects.sitting()
        .filter(code_hash=hash_code(known), person=None)
        .select_related("convention", "identity")
        .first()
        if known is not None
        else None
    )
    if member is None:
        raise _refuse_code()
    lock_convention(member.convention, *KEPT_IN)
    # Somebody else may have used it while this one waited.
    if not Member.objects.filter(pk=member.pk, code_hash=member.code_hash).exists():
        raise _refuse_code()
    return member


def _refuse_code() -> WrongInput:
    return WrongInput(
        "code_unknown",
        gettext_noop(
            "This code opens nothing: it is mistyped, or was used already. Read it again, or ask the team."
        ),
    )


def _link(member: Member, person: Person) -> Member:
    member.person = person
    member.code_hash = ""
    member.save(update_fields=["person", "code_hash"])
    open_documents(member)
    return member
