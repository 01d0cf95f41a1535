"""Replies come by telephone, by file or by the code of a letter, once each; closed, they come no more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.errors import NotAllowed, NotPossible, WrongInput
from antigone.selection.actions import recruitment as recruiting
from antigone.selection.actions.recruitment import replies
from antigone.selection.codes import hash_code, make_code
from antigone.selection.models import Contact, Draw, Invitation, Recruitment, Reply
from tests.selection.recruitment.conftest import Fills
from tests.selection.recruitment.town import DATES, FORMULA, HEADER, make_answers, yesterday

pytestmark = pytest.mark.django_db
REPLIES = "number,genre,âge,name,childcare,unavailable\n"


def refuse(code: str) -> str:
    with pytest.raises(WrongInput) as caught:
        recruiting.reply_by_code(code=code, answers=make_answers())
    return f"{caught.value.code}: {caught.value}"


def test_caller_enters_a_reply(invitation: Invitation, paul: Person) -> None:
    reply = recruiting.enter_reply(invitation=invitation, answers=make_answers(), by=paul)
    invitation.refresh_from_db()
    assert (invitation.state, reply.channel, reply.entered_by) == ("answered", "phone", paul)
    with pytest.raises(NotPossible) as caught:
        recruiting.enter_reply(invitation=invitation, answers=make_answers(), by=paul)
    assert caught.value.code == "invitation_answered"


@pytest.mark.parametrize("who", ["esther", "olivia", "marc", "chloe"])
def test_only_callers_and_facilitators_enter_replies(
    who: str, invitation: Invitation, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)
    for act in (
        lambda: recruiting.enter_reply(invitation=invitation, answers=make_answers(), by=person),
        lambda: recruiting.note_call(invitation=invitation, outcome="declined", by=person),
        lambda: recruiting.import_replies(
            recruitment=invitation.recruitment, data=b"", filename="", by=person
        ),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_caller_who_became_a_guarantor_does_not_call_any_more(invitation: Invitation, paul: Person) -> None:
    from antigone.accounts.actions import give_role

    give_role(person=paul, role="guarantor", by=None)
    with pytest.raises(NotAllowed):
        recruiting.enter_reply(invitation=invitation, answers=make_answers(), by=paul)


def test_code_serves_once_and_tells_nothing_of_why(codes: dict[int, str], drawn: Recruitment) -> None:
    number, code = next(iter(codes.items()))
    recruiting.reply_by_code(code=code.lower().replace("-", " "), answers=make_answers())
    assert Reply.objects.get().invitation.number == number
    used = refuse(code)
    assert used == refuse(make_code()) == refuse("") == refuse("x" * 5_000)
    assert Reply.objects.count() == 1


def test_only_hashes_of_codes_are_kept(codes: dict[int, str]) -> None:
    for invitation in Invitation.objects.exclude(code_hash=None):
        assert invitation.code_hash == hash_code(codes[invitation.number])


def test_reminder_brings_new_codes_and_ends_the_others(
    codes: dict[int, str], drawn: Recruitment, alice: Person
) -> None:
    number, code = next(iter(codes.items()))
    recruiting.reply_by_code(code=code, answers=make_answers())
    again = recruiting.export_letters(recruitment=drawn, reminds=True, by=alice)
    assert again.count == len(codes) - 1
    assert f"\n{number}," not in again.data.decode()
    assert refuse(list(codes.values())[1]).startswith("code_refused")
    with pytest.raises(NotPossible):
        recruiting.export_letters(recruitment=drawn, reminds=False, by=alice)


def test_no_more_contact_erases_at_once(codes: dict[int, str], drawn: Recruitment, alice: Person) -> None:
    number, code = next(iter(codes.items()))
    recruiting.refuse_by_code(code=code, outcome="opted_out")
    invitation = Invitation.objects.get(number=number)
    assert (invitation.state, invitation.code_hash) == ("opted_out", None)
    assert (invitation.contact.name, invitation.contact.address, invitation.contact.phone) == ("", "", "")
    assert recruiting.check_contacts(drawn) == (True, True)
    exports = recruiting.export_calls(recruitment=drawn, by=alice).data
    exports += recruiting.export_letters(recruitment=drawn, reminds=True, by=alice).data
    assert f"\n{number}," not in exports.decode()


def test_call_may_end_without_a_reply(invitation: Invitation, paul: Person) -> None:
    recruiting.note_call(invitation=invitation, outcome="unreachable", by=paul)
    recruiting.note_call(invitation=invitation, outcome="declined", by=paul)
    invitation.refresh_from_db()
    assert (invitation.state, invitation.calls) == ("declined", 2)
    with pytest.raises(WrongInput):
        recruiting.note_call(invitation=invitation, outcome="answered", by=paul)


@pytest.mark.parametrize("features", [{"genre": "femme"}, {"genre": "x", "âge": "60+"}, {}])
def test_reply_answers_every_question(invitation: Invitation, paul: Person, features: dict[str, str]) -> None:
    with pytest.raises(WrongInput):
        recruiting.enter_reply(invitation=invitation, answers=make_answers(features=features), by=paul)
    assert not Reply.objects.exists()


@pytest.mark.parametrize("closing", [{"reply_date": yesterday()}, {"state": "ready"}])
def test_closed_recruitment_takes_no_reply_on_any_path(
    closing: dict[str, object],
    codes: dict[int, str],
    drawn: Recruitment,
    invitation: Invitation,
    alice: Person,
) -> None:
    Recruitment.objects.update(**closing)
    drawn.refresh_from_db()
    assert refuse(next(iter(codes.values()))).startswith("code_refused")
    for act in (
        lambda: recruiting.enter_reply(invitation=invitation, answers=make_answers(), by=alice),
        lambda: recruiting.note_call(invitation=invitation, outcome="declined", by=alice),
        lambda: recruiting.import_replies(
            recruitment=drawn, data=REPLIES.encode(), filename="r.csv", by=alice
        ),
        lambda: recruiting.export_letters(recruitment=drawn, reminds=True, by=alice),
        lambda: recruiting.export_calls(recruitment=drawn, by=alice),
    ):
        with pytest.raises(NotPossible):
            act()
    assert not Reply.objects.exists()


def test_file_of_replies_is_taken_whole(drawn: Recruitment, paul: Person) -> None:
    data = (REPLIES + f"0001,femme,60+,Ada,oui,{DATES[0]}|{DATES[1]}\n2,homme,16-29,Bob,,\n").encode("cp1252")
    brought = recruiting.import_replies(recruitment=drawn, data=data, filename="r.csv", by=paul)
    assert (brought.count, brought.faults) == (2, ())
    first = Reply.objects.get(invitation__number=1)
    assert (first.name, first.childcare, first.unavailable, first.channel) == ("Ada", True, DATES, "csv")


def test_file_with_one_fault_is_not_taken_at_all(drawn: Recruitment, paul: Person) -> None:
    lines = [
        "1,femme,60+,Ada,,",
        "99,femme,60+,,,",
        "2,=1+1,60+,,,",
        "3,femme,60+,,peut-être,",
        "4,femme,60+,,,un jour",
        f"5,femme,60+,{'A' * 201},,",
        "6,femme,60+,,,",
        "006,femme,60+,,,",
    ]
    brought = recruiting.import_replies(
        recruitment=drawn, data=(REPLIES + "\n".join(lines)).encode(), filename="r.csv", by=paul
    )
    assert brought.count == 0
    assert [(fault.line, fault.code) for fault in brought.faults] == [
        (3, "number"), (4, "value"), (5, "flag"), (6, "date"), (7, "long"), (8, "twice"), (9, "twice"),
    ]  # fmt: skip
    assert not Reply.objects.exists()
    assert not Invitation.objects.filter(state="answered").exists()


@pytest.mark.parametrize("data", [b"", b"\x00", b"number\n1\n", REPLIES.encode().replace(b"genre", b"sexe")])
def test_file_that_is_no_file_of_replies_is_refused(drawn: Recruitment, paul: Person, data: bytes) -> None:
    with pytest.raises(WrongInput):
        recruiting.import_replies(recruitment=drawn, data=data, filename="r.csv", by=paul)


def test_exports_hold_no_formula(fill: Fills, alice: Person) -> None:
    data = f"{HEADER}\n{FORMULA};;@rue;V;+33 6 12 34 56 78;-N\n".encode()
    ready = fill(data)
    drawn = recruiting.draw_contacts(recruitment=ready, size=1, seed="1", by=alice)
    letters = (
        recruiting.export_letters(recruitment=drawn, reminds=False, by=alice).data.decode().splitlines()[1]
    )
    calls = recruiting.export_calls(recruitment=drawn, by=alice).data.decode().splitlines()[1]
    for line in (letters, calls):
        assert all(cell[:1] not in "=+-@" or not cell for cell in line.split(","))
    assert f"'{FORMULA}" in letters


def test_replies_become_a_draw(drawn: Recruitment, alice: Person) -> None:
    for number, invitation in enumerate(Invitation.objects.filter(recruitment=drawn)):
        features = {"genre": ("femme", "homme")[number % 2], "âge": ("16-29", "30-59", "60+")[number % 3]}
        unavailable = DATES[:1] if number == 0 else []
        answers = make_answers(features=features, unavailable=unavailable)
        recruiting.enter_reply(invitation=invitation, answers=answers, by=alice)
    draw = recruiting.create_draw_from_replies(
        recruitment=drawn, size=10, by=alice, tolerance=10, only_free=True
    )
    assert (draw.people, draw.size, draw.title) == (29, 10, "La nuit")
    assert {target.share for target in draw.targets.filter(feature="genre")} == {"52", "48"}
    kept = list(draw.respondents.values_list("identifier", "features"))
    assert all(identifier.isdecimal() for identifier, _features in kept)
    assert "SECRET" not in str(kept)
    assert Recruitment.objects.get().draw == draw


def test_draw_among_nobody_is_refused(drawn: Recruitment, alice: Person) -> None:
    with pytest.raises(NotPossible):
        recruiting.create_draw_from_replies(recruitment=drawn, size=10, by=alice)
    assert not Draw.objects.exists()


def test_letters_leave_out_those_without_an_address(alice: Person) -> None:
    from tests.selection.recruitment.town import make_terms

    made = recruiting.create_recruitment(terms=make_terms(), source="phones", by=alice)
    recruiting.plan_numbers(recruitment=made, count=5, mobile_share=100, prefixes=[], seed="1", by=alice)
    recruiting.run_register_import(made.pk)
    made.refresh_from_db()
    recruiting.draw_contacts(recruitment=made, size=5, seed="2", by=alice)
    with pytest.raises(NotPossible):
        recruiting.export_letters(recruitment=made, reminds=False, by=alice)
    assert recruiting.export_calls(recruitment=made, by=alice).count == 5


def test_search_finds_by_number_telephone_and_words(
    drawn: Recruitment, paul: Person, invitation: Invitation
) -> None:
    workable = Invitation.objects.workable_by(paul)
    phone = invitation.contact.phone
    spaced = "+33 " + " ".join([phone[1:2], phone[2:4], phone[4:6], phone[6:8], phone[8:]])
    for text in (str(invitation.number), phone, spaced, f"{invitation.contact.name} cachee"):
        assert invitation in workable.find(text), text
    assert not workable.find("   ").exists()
    assert not Invitation.objects.workable_by(None).exists()


def test_contact_erased_by_the_day_of_the_purge(drawn: Recruitment, codes: dict[int, str]) -> None:
    Recruitment.objects.update(
        reply_date=timezone.localdate() - timedelta(days=2), purge_date=timezone.localdate()
    )
    assert recruiting.purge_due_recruitments() == 1
    assert recruiting.purge_due_recruitments() == 0
    assert not Contact.objects.exclude(name="", address="", phone="").exists()


def test_reply_is_taken_back_and_entered_again(invitation: Invitation, paul: Person, olivia: Person) -> None:
    recruiting.enter_reply(invitation=invitation, answers=make_answers(), by=paul)
    with pytest.raises(NotAllowed):
        recruiting.reopen_invitation(invitation=invitation, by=olivia)
    recruiting.reopen_invitation(invitation=invitation, by=paul)
    assert not Reply.objects.exists()
    other = {"genre": "homme", "âge": "16-29"}
    recruiting.enter_reply(invitation=invitation, answers=make_answers(features=other), by=paul)
    assert Reply.objects.get().features == other


def test_who_wants_no_more_contact_is_left_alone(invitation: Invitation, paul: Person) -> None:
    recruiting.note_call(invitation=invitation, outcome="opted_out", by=paul)
    with pytest.raises(NotPossible) as caught:
        recruiting.reopen_invitation(invitation=invitation, by=paul)
    assert caught.value.code == "nothing_to_take_back"


def test_second_of_two_who_use_a_code_at_once_is_refused(
    codes: dict[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code = next(iter(codes.values()))
    seen_by_both = recruiting.find_invitation(code)
    monkeypatch.setattr(replies, "find_invitation", lambda _code: seen_by_both)
    recruiting.reply_by_code(code=code, answers=make_answers())
    assert refuse(code).startswith("code_refused")
    assert Reply.objects.count() == 1


def test_telephone_number_is_written_as_it_is_read_out() -> None:
    assert Contact(phone="0612345678").spoken_phone.split("\u00a0") == ["06", "12", "34", "56", "78"]
    assert Contact(phone="00442079460000").spoken_phone == "00442079460000"
