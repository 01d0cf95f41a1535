"""Whatever is typed or sent, nothing breaks, and nothing is written by who may not write."""

import itertools

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms.models import model_to_dict

from antigone.accounts.models import Person
from antigone.convention.models import Convention, Member, Question, Session
from antigone.convention.urls import members, sessions
from tests.convention.conftest import Opens
from tests.convention.test_names import lived  # noqa: F401 (a fixture)

FIELDS = """
    lines name contact needs code email password pseudonym consent text version number kind label
    amount payment erase title starts_at ends_at place practical minutes recording document readers
    among seed expert expert_name expert_title session subject interests summary hearing sources
    public_from remove action seat-1 seat-x state page
"""
HOSTILE = ("\0", "9" * 40, "<é>" * 2_000)
ARGUMENTS = {"number": 1, "hearing_id": 1, "round_number": 1, "note_id": 1, "document_id": 1}


def list_addresses(convention: Convention) -> list[str]:
    """Give every address of the members and sessions, its parts filled with what may or may not be there."""
    routes = [str(pattern.pattern) for pattern in (*members.urlpatterns, *sessions.urlpatterns)]
    found = []
    for route in routes:
        address = route.replace("<slug:slug>", convention.slug)
        for name, value in ARGUMENTS.items():
            address = address.replace(f"<int:{name}>", str(value))
        found.append(f"/conventions/{address}")
    return found


def photograph(convention: Convention) -> list[object]:
    """Take down all that a stranger could change."""
    rows = itertools.chain(Member.objects.all(), Session.objects.all(), Question.objects.all())
    return [str(model_to_dict(row)) for row in rows]


@pytest.mark.parametrize("value", HOSTILE)
def test_nothing_that_is_typed_breaks_a_page(
    lived: Convention,  # noqa: F811
    opens: Opens,
    alice: Person,
    bob: Person,
    value: str,
) -> None:
    sent = dict.fromkeys(FIELDS.split(), value)
    for person in (alice, bob):
        browser = opens(person)
        for address in list_addresses(lived):
            caches["memory"].clear()
            file = SimpleUploadedFile("a.csv", b"\xff\xfe\x00" + value.encode())
            statuses = {
                browser.get(address, {"state": value, "page": value, "hearing": value}).status_code,
                browser.post(address, {**sent, "file": file}).status_code,
            }
            assert max(statuses) < 500, (address, person)


def test_nobody_without_a_part_writes_anywhere(
    lived: Convention,  # noqa: F811
    opens: Opens,
    farid: Person,
    marc: Person,
    olivia: Person,
) -> None:
    before = photograph(lived)
    sent = {
        "title": "T", "text": "T", "starts_at": "2030-01-01T09:00", "ends_at": "2030-01-02T09:00", "lines": "nom\nZ",
        "pseudonym": "Zorro", "consent": "given", "minutes": "M", "action": "publish", "seat-1": "absent",
        "number": "3", "among": "present", "subject": "S", "interests": "I", "expert_name": "E",
        "hearing": "1", "sources": "S",
    }  # fmt: skip
    for person in (None, farid, marc, olivia):
        browser = opens(person)
        for address in list_addresses(lived):
            if not address.endswith("/rejoindre/"):
                assert browser.post(address, sent).status_code in (302, 404, 405), (address, person)
    assert photograph(lived) == before
