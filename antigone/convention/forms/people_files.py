"""The file of the members of a convention whose draw was made elsewhere → members, or a message for each line."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from antigone.convention.actions.members import NewMember
from antigone.convention.actions.names import clean_name
from antigone.core.sortition.tables import Table, fold_text, read_table
from antigone.errors import WrongInput
from antigone.selection.wording import translating_errors
from antigone.web.explanations import say

MOST_PEOPLE = 1_000
MOST_BYTES = 1_000_000
MOST_MESSAGES = 50
LONGEST = 200
LONGEST_NEED = 1_000
# What a column may be called, in either language, without case.
NAMES = ("nom", "name", "nom et prénom", "nom prénom")
CONTACTS = ("contact", "téléphone", "telephone", "courriel", "e-mail", "email")
NEEDS = ("besoins", "besoin", "needs")


def read_people(data: bytes, file: str) -> list[NewMember]:
    """Read everybody of a CSV file; raise ValidationError with a message for each line that cannot be taken."""
    if len(data) > MOST_BYTES:
        raise ValidationError(_("This file is too large to be a list of members: 1 MB at most."))
    try:
        with translating_errors():
            table = read_table(data, file)
    except WrongInput as error:
        raise ValidationError(say(error)) from error
    places = {kind: _find(table, names) for kind, names in _KINDS.items()}
    if places["name"] is None:
        raise ValidationError(
            _(
                "No column is called “name” or “nom”: the first line of the file gives the names of the columns."
            )
        )
    if not table.rows:
        raise ValidationError(_("This file names nobody."))
    if len(table.rows) > MOST_PEOPLE:
        raise ValidationError(
            _("%(count)s people are too many for a convention; the most is %(limit)s.")
            % {"count": len(table.rows), "limit": MOST_PEOPLE}
        )
    return _read_rows(table, places)


_KINDS = {"name": NAMES, "contact": CONTACTS, "needs": NEEDS}


def _find(table: Table, names: tuple[str, ...]) -> int | None:
    known = {fold_text(name) for name in names}
    return next((place for place, cell in enumerate(table.header) if fold_text(cell) in known), None)


def _read_rows(table: Table, places: dict[str, int | None]) -> list[NewMember]:
    others = [
        (place, name[:LONGEST])
        for place, name in enumerate(table.header)
        if name and place not in places.values()
    ]
    people, messages, lines = [], list[str](), dict[tuple[str, str], int]()
    for line, cells in table.rows:
        said = {kind: cells[place] if place is not None else "" for kind, place in places.items()}
        person = NewMember(
            name=clean_name(said["name"]),
            contact=clean_name(said["contact"]),
            needs=said["needs"].replace("\0", ""),
            features={name: clean_name(cells[place]) for place, name in others},
        )
        fault = _find_fault(person)
        first = lines.setdefault((fold_text(person.name), fold_text(person.contact)), line)
        if not fault and first != line:
            fault = _("the same person as on line %(line)s") % {"line": first}
        if fault:
            messages.append(_("Line %(line)s: %(fault)s.") % {"line": line, "fault": fault})
        people.append(person)
    if messages:
        raise ValidationError(_shorten(messages))
    return people


def _find_fault(person: NewMember) -> str:
    if not person.name:
        return _("nobody is named")
    if len(person.name) > LONGEST or len(person.contact) > LONGEST:
        return _("a name or a contact is longer than %(limit)s characters") % {"limit": LONGEST}
    if len(person.needs) > LONGEST_NEED:
        return _("the needs are longer than %(limit)s characters") % {"limit": LONGEST_NEED}
    if any(len(value) > LONGEST for value in person.features.values()):
        return _("a feature is longer than %(limit)s characters") % {"limit": LONGEST}
    return ""


def _shorten(messages: list[str]) -> list[str]:
    if len(messages) <= MOST_MESSAGES:
        return messages
    more = _("And %(count)s more lines.") % {"count": len(messages) - MOST_MESSAGES}
    return [*messages[:MOST_MESSAGES], more]
