"""Votes cast off line: entered under the same rules, all of a file or none, corrected and deleted with their lines."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from antigone.accounts.models import Person
from antigone.consultation.actions import Sheet, correct_sheet, delete_sheet, enter_sheets
from antigone.consultation.forms.sheets import SheetsForm
from antigone.consultation.models import Consultation, Participant, Statement, Vote, VoteChange
from antigone.core.opinion import WITHDRAWN
from antigone.errors import AntigoneError, NotAllowed, NotPossible
from tests.consultation.conftest import Opens
from tests.consultation.writing import SECRET, send_statement

NOW = timezone.now()


def enter(
    consultation: Consultation, by: Person, *sheets: Sheet, channel: str = "paper"
) -> list[Participant]:
    return enter_sheets(consultation=consultation, channel=channel, sheets=sheets, by=by, now=NOW)


def read_log() -> list[tuple[int, int, int]]:
    return list(VoteChange.objects.values_list("number", "statement__number", "value"))


def test_sheet_is_a_participant_marked_as_such(consultation: Consultation, chloe: Person) -> None:
    (person,) = enter(consultation, chloe, Sheet("P-1", {1: 1, 2: -1, 3: 0}), channel="phone")
    assert (person.channel, person.sheet, person.entered_by) == ("phone", "P-1", chloe)
    votes = dict(Vote.objects.values_list("statement__number", "value"))
    assert votes == {1: 1, 2: -1, 3: 0}
    assert read_log() == [(1, 1, 1), (2, 2, -1), (3, 3, 0)]
    assert list(Participant.objects.off_line()) == [person]


@pytest.mark.parametrize(
    "wrong",
    [
        Sheet("P-1", {1: 1}),
        Sheet("P-3", {99: 1}),
        Sheet("P-3", {9: 1}),
        Sheet("P-3", {1: 7}),
        Sheet("P-3", {1: WITHDRAWN}),
        Sheet("P-3", {}),
        Sheet("", {1: 1}),
        Sheet("P-2", {1: 1}),
    ],
)
def test_sheets_are_entered_whole_or_not_at_all(
    consultation: Consultation, chloe: Person, wrong: Sheet
) -> None:
    send_statement(consultation)
    enter(consultation, chloe, Sheet("P-1", {1: 1}))
    before = read_log()
    with pytest.raises(AntigoneError):
        enter(consultation, chloe, Sheet("P-2", {1: 1}), wrong)
    assert read_log() == before
    assert Participant.objects.off_line().count() == 1


def test_only_moderators_enter_and_only_while_it_is_open(
    consultation: Consultation, chloe: Person, esther: Person, olivia: Person, marc: Person
) -> None:
    for person in (esther, olivia, marc):
        with pytest.raises(NotAllowed):
            enter(consultation, person, Sheet("P-1", {1: 1}))
    (sheet,) = enter(consultation, chloe, Sheet("P-1", {1: 1}))
    consultation.closed_at = NOW
    consultation.save()
    sheet.consultation = consultation
    with pytest.raises(NotPossible, match="is closed"):
        enter(consultation, chloe, Sheet("P-2", {1: 1}))
    with pytest.raises(NotPossible, match="is closed"):
        correct_sheet(participant=sheet, votes={1: -1}, by=chloe, now=NOW)
    assert Vote.objects.get().value == 1


def test_correction_leaves_its_lines(consultation: Consultation, chloe: Person) -> None:
    (sheet,) = enter(consultation, chloe, Sheet("P-1", {1: 1, 2: -1, 3: 0}))
    Statement.objects.filter(number=3).update(state=Statement.State.REJECTED)
    correct_sheet(participant=sheet, votes={1: -1}, by=chloe, now=NOW)
    # What moderation took out since stays as it was.
    assert dict(Vote.objects.values_list("statement__number", "value")) == {1: -1, 3: 0}
    assert read_log()[3:] == [(4, 1, -1), (5, 2, WITHDRAWN)]


def test_deleted_sheet_leaves_only_that_votes_went(consultation: Consultation, chloe: Person) -> None:
    (sheet,) = enter(consultation, chloe, Sheet("P-1", {1: 1, 2: -1}))
    delete_sheet(participant=sheet, by=chloe, now=NOW)
    assert not Participant.objects.exists()
    assert not Vote.objects.exists()
    assert {value for _number, _statement, value in read_log()} == {WITHDRAWN}


def test_sheet_is_deleted_after_the_end_by_a_leader_for_a_public_reason(
    consultation: Consultation, chloe: Person, alice: Person, opens: Opens
) -> None:
    first, second = enter(consultation, chloe, Sheet("SECRET-1", {1: 1}), Sheet("SECRET-2", {1: 1}))
    Consultation.objects.filter(pk=consultation.pk).update(closed_at=NOW)
    address = reverse("consultation:delete_sheet", args=[consultation.slug, first.pk])
    assert opens(chloe).post(address, {"reason": "Une erreur"}).status_code == 403
    assert opens(alice).post(address, {"reason": " "}).status_code == 422
    assert Vote.objects.count() == 2
    assert opens(alice).post(address, {"reason": "À sa demande"}).status_code == 302
    assert Vote.objects.get().participant == second
    choice = consultation.choices.get()
    assert (choice.kind, choice.reason) == ("sheet", "À sa demande")
    page = opens(None).get(reverse("consultation:consultation", args=[consultation.slug])).content.decode()
    assert "SECRET" not in page
    assert "À sa demande" in page


def test_votes_cast_on_line_are_nobodys_to_change(
    consultation: Consultation, camps: list[Participant], chloe: Person, opens: Opens
) -> None:
    with pytest.raises(NotPossible, match="on line"):
        correct_sheet(participant=camps[0], votes={}, by=chloe, now=NOW)
    with pytest.raises(NotPossible, match="on line"):
        delete_sheet(participant=camps[0], by=chloe, now=NOW)
    browser = opens(chloe)
    for name in ("sheet", "delete_sheet"):
        address = reverse(f"consultation:{name}", args=[consultation.slug, camps[0].pk])
        assert browser.get(address).status_code in (404, 405)
        assert browser.post(address).status_code == 404
    assert camps[0].votes.exists()


def test_sheets_are_the_moderators(
    consultation: Consultation,
    opens: Opens,
    chloe: Person,
    esther: Person,
    farid: Person,
    olivia: Person,
    marc: Person,
) -> None:
    (sheet,) = enter(consultation, chloe, Sheet("SECRET-7", {1: 1}))
    addresses = [
        reverse(f"consultation:{name}", args=[consultation.slug, *rest])
        for name, *rest in (
            ["sheets"],
            ["print_sheet"],
            ["enter_sheet"],
            ["import_sheets"],
            ["sheet", sheet.pk],
        )
    ]
    for address in addresses:
        assert opens(chloe).get(address).status_code == 200
        for person in (None, esther, farid, olivia, marc):
            answer = opens(person).get(address)
            assert answer.status_code == 404
            assert "SECRET-7" not in answer.content.decode()
    delete = reverse("consultation:delete_sheet", args=[consultation.slug, sheet.pk])
    for person in (None, esther, farid, olivia, marc):
        assert opens(person).post(delete).status_code == 404
    assert opens(chloe).post(delete).status_code == 302
    assert not Participant.objects.exists()


def test_sheet_is_typed_in(consultation: Consultation, chloe: Person, opens: Opens) -> None:
    send_statement(consultation)
    browser, address = opens(chloe), reverse("consultation:enter_sheet", args=[consultation.slug])
    assert "SECRET" not in browser.get(address).content.decode()
    form = {"channel": "phone", "sheet": "12", "statement-1": "1", "statement-2": "-1", "statement-3": ""}
    entered = browser.post(address, form)
    assert entered["Location"].endswith("?channel=phone")
    assert dict(Vote.objects.values_list("statement__number", "value")) == {1: 1, 2: -1}
    again = browser.post(address, form)
    assert again.status_code == 409
    assert 'value="12"' in again.content.decode()
    for wrong in ({"sheet": "Jean Dupont"}, {"channel": "online"}, {"statement-1": "2"}):
        assert browser.post(address, {**form, **wrong}).status_code == 422
    person = Participant.objects.get(sheet="12")
    sheet = reverse("consultation:sheet", args=[consultation.slug, person.pk])
    page = browser.get(sheet).content.decode()
    # Each statement has one radio ticked, that of no vote too.
    assert page.count(" checked") == 8
    assert browser.post(sheet, {"statement-1": "0"}).status_code == 302
    assert dict(person.votes.values_list("statement__number", "value")) == {1: 0}


def test_printed_sheet_has_only_what_was_accepted(
    consultation: Consultation, chloe: Person, opens: Opens
) -> None:
    send_statement(consultation)
    page = opens(chloe).get(reverse("consultation:print_sheet", args=[consultation.slug])).content.decode()
    assert SECRET not in page
    assert page.count('<td class="box">') == 24


def read(consultation: Consultation, data: bytes) -> SheetsForm:
    file = {"file": SimpleUploadedFile("bulletins.csv", data)}
    return SheetsForm({"channel": "paper"}, file, consultation=consultation)


def test_file_of_sheets_is_read(consultation: Consultation) -> None:
    text = "Bulletin;1;2;5\nP-1;1;-1;0\n\nP-2;d’accord;pas d'accord;\nP-3;+;−;Je passe\n"
    form = read(consultation, text.encode())
    assert form.is_valid()
    assert form.sheets == [
        Sheet("P-1", {1: 1, 2: -1, 5: 0}),
        Sheet("P-2", {1: 1, 2: -1}),
        Sheet("P-3", {1: 1, 2: -1, 5: 0}),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sheet;1",
        "nom;1\nP-1;1",
        "sheet\nP-1",
        "sheet;99\nP-1;1",
        "sheet;9\nP-1;1",
        "sheet;1;01\nP-1;1;1",
        "sheet;x\nP-1;1",
        "sheet;1\nP-1;2",
        "sheet;1\nP-1;",
        "sheet;1\nP-1;1\nP-1;1",
        "sheet;1\nDEJA-1;1",
        "sheet;1\n;1",
        "sheet;1\nJean Dupont;1",
        "sheet;1\nP-1;1;1",
        'sheet;1\n"P-1;1',
        "sheet;1\nP-1;1\0",
    ],
)
def test_wrong_files_enter_nothing(
    consultation: Consultation, chloe: Person, opens: Opens, text: str
) -> None:
    send_statement(consultation)
    enter(consultation, chloe, Sheet("DEJA-1", {1: 1}))
    address = reverse("consultation:import_sheets", args=[consultation.slug])
    file = SimpleUploadedFile("bulletins.csv", text.encode())
    answer = opens(chloe).post(address, {"channel": "paper", "file": file})
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert Participant.objects.off_line().count() == 1


def test_each_line_has_its_message(consultation: Consultation) -> None:
    form = read(consultation, b"sheet;1\nP-1;9\nP-2;1\nP-2;1\nP-3;\n")
    assert not form.is_valid()
    assert len(form.errors["file"]) == 3
    many = read(consultation, b"sheet;1\n" + b"".join(b"P-%d;9\n" % number for number in range(50)))
    assert not many.is_valid()
    assert len(many.errors["file"]) == 21


def test_file_is_entered(consultation: Consultation, chloe: Person, opens: Opens) -> None:
    rows = "".join(f"P-{number};1;-1\n" for number in range(300))
    file = SimpleUploadedFile("bulletins.csv", f"sheet;1;2\n{rows}".encode())
    address = reverse("consultation:import_sheets", args=[consultation.slug])
    assert opens(chloe).post(address, {"channel": "paper", "file": file}).status_code == 302
    assert Participant.objects.off_line().count() == 300
    consultation.refresh_from_db()
    assert consultation.last_number == Vote.objects.count() == 600


class TestAnyFile(TestCase):
    """Whatever is in a file, it is read or refused with a sentence."""

    @settings(max_examples=60, deadline=None)
    @given(
        st.one_of(
            st.binary(max_size=200),
            st.lists(st.text('sheet;,12-+\n"é ’', max_size=30), max_size=6).map(
                lambda lines: ("sheet;1;2\n" + "\n".join(lines)).encode()
            ),
        )
    )
    def test_is_read_or_refused(self, data: bytes) -> None:
        form = read(make_bare_consultation(), data)
        assert form.is_valid() != bool(form.errors)
        if form.is_valid():
            assert all(sheet.number and sheet.votes for sheet in form.sheets)


def make_bare_consultation() -> Consultation:
    from antigone.accounts.models import Organisation
    from tests.consultation.town import add_statements

    city, _is_new = Organisation.objects.get_or_create(slug="ville", name="Ville", kind="authority")
    consultation, is_new = Consultation.objects.get_or_create(slug="x", title="X", organisation=city)
    if is_new:
        add_statements(consultation)
    return consultation
