"""Who sits: from a draw or a file, with a code and an account; money; and nobody's name beside their pseudonym."""

import re
from decimal import Decimal

import pytest
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from antigone.accounts.actions import create_person
from antigone.accounts.models import Organisation, Person
from antigone.convention import actions
from antigone.convention.actions.members import NewMember
from antigone.convention.forms.people_files import read_people
from antigone.convention.models import Convention, Member, Payment, Phase
from antigone.errors import NotAllowed, NotPossible, WrongInput
from antigone.selection.models import Draw, Respondent, Seat, Target
from tests.convention.conftest import Opens, move_to
from tests.convention.test_sessions import plan
from tests.convention.town import seat_members

PASSWORD = "quatre mots choisis au hasard"


@pytest.fixture(autouse=True)
def no_tries() -> None:
    caches["memory"].clear()


@pytest.fixture
def drawn(prepared: Convention, city: Organisation) -> Convention:
    """The convention with three seats drawn, among people whom only the team knows."""
    draw = Draw.objects.create(organisation=city, title="T", size=3, people=5, stage=Draw.Stage.DRAWN)
    Target.objects.create(draw=draw, position=1, feature="genre", value="femme", min=1, max=2)
    respondents = [
        Respondent.objects.create(
            draw=draw,
            identifier=f"SECRET-Nom-{index}",
            pseudonym=f"p{index}",
            features={"genre": "femme" if index % 2 else "homme", "adresse": "SECRET-rue"},
        )
        for index in range(5)
    ]
    for number, respondent in enumerate(respondents[:3], 1):
        Seat.objects.create(draw=draw, number=number, respondent=respondent, holder=respondent)
    prepared.draw = draw
    prepared.save()
    return move_to(prepared, Phase.SELECTION)


def test_seats_those_who_were_drawn_once(drawn: Convention, alice: Person) -> None:
    seated = actions.seat_members(convention=drawn, by=alice)
    assert [member.identity.name for member in seated] == [f"SECRET-Nom-{index}" for index in range(3)]
    assert all(set(member.features) == {"genre"} for member in seated)
    assert actions.seat_members(convention=drawn, by=alice) == []


def test_a_replacement_is_somebody_else(drawn: Convention, alice: Person) -> None:
    first = actions.seat_members(convention=drawn, by=alice)[0]
    assert drawn.draw is not None
    Seat.objects.filter(number=1).update(holder=drawn.draw.respondents.get(pseudonym="p4"))
    Seat.objects.filter(number=2).update(state=Seat.State.WITHDRAWN)
    actions.describe_member(member=first, name="Corrigé", contact="", needs="", by=alice)
    (arrived,) = actions.seat_members(convention=drawn, by=alice)
    first.refresh_from_db()
    assert arrived.number == 4
    assert arrived.identity.name == "SECRET-Nom-4"
    assert first.left_at is not None
    assert first.seat is None
    assert [member.number for member in drawn.members.sitting()] == [3, 4]
    assert arrived.seat is not None
    assert arrived.seat.number == 1


def test_who_leaves_gives_the_seat_up(drawn: Convention, alice: Person) -> None:
    leaving, staying, _other = actions.seat_members(convention=drawn, by=alice)
    Seat.objects.filter(pk=leaving.seat_id).update(state=Seat.State.CONFIRMED)
    for member in (leaving, staying):
        actions.let_member_leave(member=member, by=alice)
    assert list(Seat.objects.values_list("state", flat=True)) == ["withdrawn", "declined", "drawn"]
    assert actions.seat_members(convention=drawn, by=alice) == []


def test_a_name_by_default_says_nothing_of_the_seat(drawn: Convention, alice: Person) -> None:
    for member in actions.seat_members(convention=drawn, by=alice):
        figures = re.findall(r"\d+", member.pseudonym)
        assert figures
        assert str(member.number) not in figures


def test_nobody_is_seated_before_the_draw(prepared: Convention, alice: Person, esther: Person) -> None:
    move_to(prepared, Phase.SELECTION)
    with pytest.raises(NotPossible):
        actions.seat_members(convention=prepared, by=alice)
    with pytest.raises(NotAllowed):
        actions.seat_members(convention=prepared, by=esther)


def test_a_drawn_convention_takes_nobody_else(drawn: Convention, alice: Person) -> None:
    with pytest.raises(NotPossible):
        actions.add_members(convention=drawn, people=[NewMember("Ami")], by=alice)


@pytest.mark.parametrize(
    "data",
    [
        "nom;contact;besoins;âge\nÉlodie Noël;06 1;;30-59\n".encode(),
        "nom;contact;besoins;âge\nÉlodie Noël;06 1;;30-59\n".encode("cp1252"),
        "\ufeffNom,Contact,Besoins,âge\r\nÉlodie Noël,06 1,,30-59\r\n".encode(),
        "nom\tcontact\tbesoins\tâge\nÉlodie Noël\t06 1\t\t30-59".encode("utf-16"),
    ],
)
def test_reads_what_programs_write(data: bytes) -> None:
    (person,) = read_people(data, "m.csv")
    assert (person.name, person.contact, person.features) == ("Élodie Noël", "06 1", {"âge": "30-59"})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", 1),
        (b"nom\n", 1),
        (b"prenom;age\nA;3\n", 1),
        (b"nom;age\nA;3;4;5\n", 1),
        (b"PK\x03\x04\x00\x00", 1),
        (b"nom;contact\nA;1\n;2\nA;1\n" + b"x" * 201 + b";3\n", 3),
        (b"nom\n" + b"\n".join(b"p%d" % n for n in range(1_001)), 1),
        (b"nom;age\n" + b";3\n" * 80, 51),
        (b'nom;age\n"A;3\n', 1),
    ],
)
def test_refuses_a_file_line_by_line(data: bytes, said: int) -> None:
    with pytest.raises(ValidationError) as refused:
        read_people(data, "m.csv")
    assert len(refused.value.messages) == said


def test_adds_all_or_nobody(prepared: Convention, opens: Opens, alice: Person, esther: Person) -> None:
    move_to(prepared, Phase.SELECTION)
    address = f"/conventions/{prepared.slug}/membres/sieges/ajouter/"
    answer = opens(alice).post(address, {"lines": "nom;âge\nAnne;30\n;40\n"})
    assert answer.status_code == 422
    assert "3" in answer.content.decode()
    assert not prepared.members.exists()
    assert opens(alice).post(address, {"lines": "nom;âge\nAnne;30\nPaul;40\n"}).status_code == 302
    assert prepared.members.count() == 2
    assert opens(esther).post(address, {"lines": "nom\nZ\n"}).status_code == 404


def test_opens_an_account_with_a_code(convention: Convention, opens: Opens, alice: Person) -> None:
    page = opens(alice).post(f"/conventions/{convention.slug}/membres/sieges/codes/").content.decode()
    codes = re.findall(r"\w{4}-\w{4}-\w{4}(?=<)", page)
    assert len(set(codes)) == 10
    assert not any(code in str(list(Member.objects.values())) for code in codes)
    said = {"code": codes[0].lower().replace("-", " "), "email": "n@mail.example", "password": PASSWORD}
    browser = opens(None)
    assert browser.post("/conventions/rejoindre/", said).status_code == 302
    assert browser.get(f"/conventions/{convention.slug}/mon-espace/").status_code == 200
    member = Member.objects.exclude(person=None).get()
    assert member.code_hash == ""
    assert member.person is not None
    assert member.person.has_role("member")


def test_wrong_and_used_codes_get_one_answer(convention: Convention, opens: Opens, alice: Person) -> None:
    (_member, code), (_other, last) = actions.give_codes(convention=convention, by=alice)[:2]
    actions.open_account(code=code, email="a@mail.example", password=PASSWORD)
    said = {"email": "b@mail.example", "password": PASSWORD}
    answers = [
        opens(None).post("/conventions/rejoindre/", {**said, "code": wrong})
        for wrong in (code, "0000-0000-0000", "?", last[:-1])
    ]
    pages = {re.sub(r'value="[^"]*"', "", answer.content.decode()) for answer in answers}
    assert {answer.status_code for answer in answers} == {422}
    assert len(pages) == 1


def test_new_codes_make_the_former_useless(convention: Convention, alice: Person) -> None:
    _member, code = actions.give_codes(convention=convention, by=alice)[0]
    actions.give_codes(convention=convention, by=alice)
    with pytest.raises(WrongInput):
        actions.open_account(code=code, email="a@mail.example", password=PASSWORD)


def test_codes_are_not_tried_for_ever(convention: Convention, opens: Opens) -> None:
    said = {"code": "0000-0000-0000", "email": "b@mail.example", "password": PASSWORD}
    statuses = [opens(None).post("/conventions/rejoindre/", said).status_code for _try in range(105)]
    assert statuses[0] == 422
    assert statuses[-1] == 429


def test_an_address_taken_keeps_the_code(convention: Convention, alice: Person) -> None:
    _member, code = actions.give_codes(convention=convention, by=alice)[0]
    with pytest.raises(WrongInput):
        actions.open_account(code=code, email=alice.email, password=PASSWORD)
    actions.open_account(code=code, email="libre@mail.example", password=PASSWORD)


def test_who_has_a_part_becomes_no_member(
    convention: Convention,
    alice: Person,
    esther: Person,
    farid: Person,
    jeanne: Person,
    olivia: Person,
    bob: Person,
    bob_member: Member,
) -> None:
    _member, code = actions.give_codes(convention=convention, by=alice)[0]
    for person in (alice, esther, farid, jeanne, olivia, bob):
        with pytest.raises(NotPossible):
            actions.join_convention(code=code, by=person)
    chantal = create_person(email="chantal@mail.example", name="Chantal")
    assert actions.join_convention(code=code, by=chantal).person == chantal


def test_who_left_has_no_space(
    convention: Convention, bob_member: Member, opens: Opens, alice: Person, bob: Person
) -> None:
    assert opens(alice).post(f"/conventions/{convention.slug}/membres/sieges/1/depart/").status_code == 302
    assert opens(bob).get(f"/conventions/{convention.slug}/mon-espace/").status_code == 404
    with pytest.raises(NotAllowed):
        actions.ask_question(convention=convention, text="Encore ?", by=bob)
    page = opens(None).get(f"/conventions/{convention.slug}/membres/").content.decode()
    assert "Basile" in page


def test_indemnities_are_owed_once_then_paid(
    convention: Convention, bob_member: Member, opens: Opens, alice: Person, bob: Person
) -> None:
    session = plan(convention, alice)
    actions.record_attendance(session=session, states={1: "present", 2: "absent"}, by=alice)
    address = f"/conventions/{convention.slug}/membres/indemnites/"
    for _time in range(2):
        assert opens(alice).post(f"{address}session/{session.number}/").status_code == 302
    payment = Payment.objects.get()
    assert payment.amount == Decimal(184)
    said = {"number": "1", "kind": "travel", "label": "Train", "amount": "12.50"}
    assert opens(alice).post(address, said).status_code == 302
    assert opens(alice).post(address, {**said, "amount": "-3"}).status_code == 422
    assert opens(alice).post(address, {**said, "number": "99"}).status_code == 422
    assert opens(alice).post(f"{address}payer/", {"payment": [payment.pk, "x", "9" * 40]}).status_code == 302
    assert Payment.objects.filter(member=bob_member).sum_up() == (Decimal("196.50"), Decimal(184))
    assert opens(alice).post(f"{address}payer/", {"erase": payment.pk}).status_code == 409
    page = opens(bob).get(f"/conventions/{convention.slug}/mon-espace/").content.decode()
    assert "184,00" in page
    assert "12,50" in page


def test_accounts_are_the_facilitators(
    convention: Convention, opens: Opens, alice: Person, esther: Person, marc: Person
) -> None:
    member = convention.members.get(number=1)
    actions.describe_member(member=member, name='=HYPERLINK("x")', contact="", needs="", by=alice)
    actions.record_payment(member=member, kind="other", label="@SUM(1)", amount=Decimal(1), by=alice)
    address = f"/conventions/{convention.slug}/membres/indemnites/"
    table = opens(alice).get(f"{address}fichier.csv").content.decode("utf-8-sig")
    assert "'=HYPERLINK" in table
    assert "'@SUM(1)" in table
    assert member.pseudonym not in table
    for other in (esther, marc):
        assert opens(other).get(address).status_code == 404
        assert opens(other).get(f"{address}fichier.csv").status_code == 404


def test_public_page_shows_totals_in_the_order_of_names(convention: Convention, opens: Opens) -> None:
    for member in convention.members.all():
        member.pseudonym = f"{'jihgfedcba'[member.number - 1]}elle"
        member.save()
    page = opens(None).get(f"/conventions/{convention.slug}/membres/").content.decode()
    names = re.findall(r"<li>(\w)elle</li>", page)
    assert names == sorted(names)
    assert "genre" in page.lower()


def test_public_page_reads_as_much_for_three_as_for_thirty(prepared: Convention, opens: Opens) -> None:
    move_to(prepared, Phase.DELIBERATION)
    counts = []
    for number in (3, 30):
        prepared.members.all().delete()
        seat_members(prepared, number)
        with CaptureQueriesContext(connection) as queries:
            opens(None).get(f"/conventions/{prepared.slug}/membres/")
        counts.append(len(queries))
    assert counts[0] == counts[1] > 0
