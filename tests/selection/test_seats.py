"""The seats once they are drawn: who comes, who is called instead, and what is refused."""

import csv
import io
from collections.abc import Callable

import pytest

from antigone.accounts.models import Person
from antigone.errors import NotAllowed, NotPossible, WrongInput
from antigone.selection import actions
from antigone.selection.actions.replace import seat_newcomer
from antigone.selection.letters import write_letters
from antigone.selection.models import Alternate, Draw, Replacement, Respondent, Seat, SeatAnswer, SeatCode
from antigone.selection.replacing import PASSED_SHOWN, Table, choose_newcomers, explain_choice
from antigone.selection.verifying import check_published
from tests.selection.conftest import Makes

pytestmark = pytest.mark.django_db


def say(draw: Draw, number: int, by: Person, *states: str) -> Seat:
    """Note what the holder of a seat says, one thing after the other."""
    for state in states:
        seat = draw.seats.get(number=number)
        actions.answer_by_phone(seat=seat, holder_id=seat.holder_id, state=state, by=by)
    return draw.seats.get(number=number)


def set_alternates(draw: Draw, *people: Respondent) -> None:
    draw.alternates.all().delete()
    for number, person in enumerate(people, 1):
        Alternate.objects.create(draw=draw, number=number, respondent=person, share=0.5)


def waiting(draw: Draw, like: Respondent | None = None, **values: str) -> list[Respondent]:
    """Give respondents who do not sit and have some values; or the very values of somebody."""
    seated = draw.seats.values("holder")
    wanted = like.features if like else values
    return [
        person
        for person in draw.respondents.exclude(pk__in=seated)
        if all(person.features[name] == value for name, value in wanted.items())
    ]


def free_seat(draw: Draw, by: Person, gender: str = "homme") -> Seat:
    """Have somebody of a gender decline."""
    seat = next(
        seat for seat in draw.seats.held().select_related("holder") if seat.holder.features["genre"] == gender
    )
    return say(draw, seat.number, by, Seat.State.DECLINED)


def replace(draw: Draw, seat: Seat, by: Person, **options: str) -> Replacement:
    choice = choose_newcomers(draw)[0]
    return actions.replace_member(seat=seat, newcomer=choice.newcomer, reason="declined", by=by, **options)


def test_seats_are_confirmed_and_declined_by_telephone(sitting: Draw, alice: Person) -> None:
    assert say(sitting, 1, alice, "confirmed").state == "confirmed"
    assert say(sitting, 2, alice, "declined").is_vacant
    assert say(sitting, 3, alice, "confirmed", "withdrawn").is_vacant
    assert say(sitting, 2, alice, "confirmed").state == "confirmed"
    kept = SeatAnswer.objects.filter(seat__number=2)
    assert [(row.state, row.how, row.by) for row in kept] == [
        ("declined", "phone", alice),
        ("confirmed", "phone", alice),
    ]


@pytest.mark.parametrize(
    ("before", "state"),
    [([], "withdrawn"), ([], "drawn"), (["confirmed"], "declined"), (["declined"], "withdrawn"), ([], "x")],
)
def test_answers_that_do_not_follow_are_refused(
    sitting: Draw, alice: Person, before: list[str], state: str
) -> None:
    say(sitting, 1, alice, *before)
    with pytest.raises(NotPossible) as caught:
        say(sitting, 1, alice, state)
    assert caught.value.code == "seat_answered"


def test_answer_is_of_who_holds_the_seat_now(sitting: Draw, alice: Person) -> None:
    seat = sitting.seats.get(number=1)
    with pytest.raises(NotPossible) as caught:
        actions.answer_by_phone(seat=seat, holder_id=seat.holder_id + 1, state="confirmed", by=alice)
    assert caught.value.code == "seat_given"


def test_codes_are_kept_as_hashes_and_answer_once(sitting: Draw, alice: Person) -> None:
    made = actions.make_codes(draw=sitting, is_for_all=False, by=alice)
    assert [seat.number for seat, _code in made] == [1, 2, 3, 4, 5, 6]
    assert not any(code in str(SeatCode.objects.values()) for _seat, code in made)
    first = made[0][1]
    assert actions.find_seat(code=first.lower().replace("-", " ")).number == 1
    assert actions.answer_by_code(code=first, is_coming=True).state == "confirmed"
    assert actions.answer_by_code(code=made[1][1], is_coming=False).state == "declined"
    answer = SeatAnswer.objects.get(seat__number=1)
    assert (answer.how, answer.by) == ("code", None)


def test_wrong_used_and_outdated_codes_are_told_apart_by_nobody(sitting: Draw, alice: Person) -> None:
    made = actions.make_codes(draw=sitting, is_for_all=False, by=alice)
    used, by_phone, replaced, remade = (code for _seat, code in made[:4])
    actions.answer_by_code(code=used, is_coming=True)
    say(sitting, 2, alice, "confirmed")
    seat = say(sitting, 3, alice, "declined")
    set_alternates(sitting, *waiting(sitting, seat.holder))
    replace(sitting, seat, alice)
    actions.make_codes(draw=sitting, is_for_all=True, by=alice)
    refusals = set()
    for code in (used, by_phone, replaced, remade, "0000-0000-0001", "", "x" * 200):
        for act in (
            lambda typed=code: actions.find_seat(code=typed),
            lambda typed=code: actions.answer_by_code(code=typed, is_coming=False),
        ):
            with pytest.raises(WrongInput) as caught:
                act()
            refusals.add((caught.value.code, str(caught.value)))
    assert len(refusals) == 1


def test_codes_are_made_for_those_who_have_none_or_for_all_who_have_not_answered(
    sitting: Draw, alice: Person
) -> None:
    actions.make_codes(draw=sitting, is_for_all=False, by=alice)
    assert actions.make_codes(draw=sitting, is_for_all=False, by=alice) == []
    seat = say(sitting, 1, alice, "declined")
    set_alternates(sitting, *waiting(sitting, seat.holder))
    replace(sitting, seat, alice)
    (newcomer,) = actions.make_codes(draw=sitting, is_for_all=False, by=alice)
    assert newcomer[0].number == 1
    say(sitting, 2, alice, "confirmed")
    numbers = [seat.number for seat, _c in actions.make_codes(draw=sitting, is_for_all=True, by=alice)]
    assert numbers == [1, 3, 4, 5, 6]


def test_letters_run_nothing_in_a_spreadsheet(sitting: Draw, alice: Person) -> None:
    Respondent.objects.filter(pk=sitting.seats.get(number=1).holder_id).update(identifier='=HYPERLINK("x")')
    made = actions.make_codes(draw=sitting, is_for_all=False, by=alice)
    rows = list(csv.reader(io.StringIO(write_letters(made, "https://ville.example/siege/").decode())))
    assert rows[1][1] == '\'=HYPERLINK("x")'
    assert [row[3] for row in rows[1:]] == [code for _seat, code in made]


def test_first_alternate_who_keeps_the_targets_is_called(sitting: Draw, alice: Person) -> None:
    seat = free_seat(sitting, alice)
    woman, man = waiting(sitting, genre="femme")[0], waiting(sitting, seat.holder)[0]
    set_alternates(sitting, woman, man)
    made = replace(sitting, seat, alice)
    assert (made.former, made.newcomer, made.keeps_targets) == (seat.holder, man, True)
    seat.refresh_from_db()
    assert (seat.holder, seat.respondent, seat.state) == (man, made.former, "drawn")
    words = " ".join(explain_choice(made.explanation))
    assert woman.pseudonym in words
    assert "femme" in words
    assert explain_choice(made.explanation)[-1].startswith(woman.pseudonym)


def test_panel_still_meets_its_targets_after_as_many_replacements_as_there_are_twins(
    sitting: Draw, alice: Person
) -> None:
    people = waiting(sitting)
    set_alternates(sitting, *people)
    for gender in ("homme", "femme", "homme"):
        replace(sitting, free_seat(sitting, alice, gender), alice)
    genders = [seat.holder.features["genre"] for seat in sitting.seats.select_related("holder")]
    assert genders.count("femme") == genders.count("homme") == 3
    assert all(Replacement.objects.values_list("keeps_targets", flat=True))


def test_who_declined_is_never_called_again(sitting: Draw, alice: Person) -> None:
    seat = free_seat(sitting, alice)
    men = waiting(sitting, seat.holder)[:2]
    set_alternates(sitting, *men)
    assert replace(sitting, seat, alice).newcomer == men[0]
    say(sitting, seat.number, alice, "declined")
    assert replace(sitting, seat, alice).newcomer == men[1]
    former = [row.former_id for row in Replacement.objects.order_by("pk")]
    assert former == [seat.holder_id, men[0].pk]


def test_where_no_alternate_keeps_the_targets_the_least_bad_takes_a_reason(
    sitting: Draw, alice: Person
) -> None:
    seat = free_seat(sitting, alice)
    set_alternates(sitting, *waiting(sitting, genre="femme")[:2])
    with pytest.raises(WrongInput) as caught:
        replace(sitting, seat, alice)
    assert caught.value.code == "replacement_without_reason"
    assert not Replacement.objects.exists()
    made = replace(sitting, seat, alice, decided_because="Plus un homme ne répond.")
    assert not made.keeps_targets
    words = explain_choice(made.explanation)[1]
    assert "homme" in words or "femme" in words
    assert "3" in words


def test_where_only_somebody_else_keeps_the_targets_a_person_decides_and_says_why(
    sitting: Draw, alice: Person
) -> None:
    seat = free_seat(sitting, alice)
    set_alternates(sitting, *waiting(sitting, genre="femme")[:2])
    alternate, other = choose_newcomers(sitting)
    assert (alternate.keeps_targets, other.keeps_targets) == (False, True)
    assert alternate.needs_reason
    assert other.needs_reason
    assert [name for name, _bounds, _home in other.explanation["passed"]][:2] == [
        str(row.respondent) for row in sitting.alternates.all()
    ]
    options = {"seat": seat, "newcomer": other.newcomer, "reason": "declined", "by": alice}
    with pytest.raises(WrongInput):
        actions.replace_member(**options)
    made = actions.replace_member(**options, decided_because="Garder la parité.")
    assert made.newcomer.features["genre"] == "homme"
    assert made.keeps_targets


def test_several_free_seats_are_filled_together_though_one_at_a_time(sitting: Draw, alice: Person) -> None:
    first, second = free_seat(sitting, alice), free_seat(sitting, alice, "femme")
    man, woman = waiting(sitting, first.holder)[0], waiting(sitting, second.holder)[0]
    set_alternates(sitting, woman, man)
    replace(sitting, first, alice)
    replace(sitting, second, alice)
    assert set(Replacement.objects.values_list("newcomer", "keeps_targets")) == {
        (man.pk, True),
        (woman.pk, True),
    }


def test_without_enough_alternates_the_pool_comes_after_them(sitting: Draw, alice: Person) -> None:
    seat = free_seat(sitting, alice)
    man = waiting(sitting, seat.holder)[0]
    set_alternates(sitting, man)
    replace(sitting, seat, alice)
    say(sitting, seat.number, alice, "declined")
    choice = choose_newcomers(sitting)[0]
    assert choice.keeps_targets
    assert choice.explanation["place"] == 0
    assert choice == choose_newcomers(sitting)[0]
    assert replace(sitting, seat, alice).newcomer not in (man, seat.holder)


def test_nobody_is_called_before_alternates_are_chosen_or_a_seat_is_free(
    sitting: Draw, alice: Person
) -> None:
    with pytest.raises(NotPossible) as caught:
        choose_newcomers(sitting)[0]
    assert caught.value.code == "no_free_seat"
    free_seat(sitting, alice)
    with pytest.raises(NotPossible) as caught:
        choose_newcomers(sitting)[0]
    assert caught.value.code == "alternates_not_chosen"


def test_explanation_names_some_of_those_passed_over_and_counts_the_rest(
    sitting: Draw, alice: Person
) -> None:
    seat = free_seat(sitting, alice)
    women = waiting(sitting, genre="femme")
    set_alternates(sitting, *women, *waiting(sitting, seat.holder))
    (choice,) = choose_newcomers(sitting)
    assert len(choice.explanation["passed"]) == PASSED_SHOWN < len(women)
    assert choice.explanation["passed_more"] == len(women) - PASSED_SHOWN
    assert str(len(women) - PASSED_SHOWN) in explain_choice(choice.explanation)[-1]


def test_two_facilitators_at_once_seat_one_person(sitting: Draw, alice: Person, ahmed: Person) -> None:
    seat, other = free_seat(sitting, alice), free_seat(sitting, alice)
    set_alternates(sitting, *waiting(sitting, genre="homme"))
    seen, choice = Table.read(sitting), choose_newcomers(sitting)[0]
    replace(sitting, seat, ahmed)
    for wanted in (seat, other):
        with pytest.raises(NotPossible) as caught:
            seat_newcomer(wanted, choice, seen, "declined", "", alice, seat.draw.created_at)
        assert caught.value.code == "seats_changed"
        with pytest.raises(NotPossible) as caught:
            actions.replace_member(seat=wanted, newcomer=choice.newcomer, reason="declined", by=alice)
        assert caught.value.code == "seats_changed"
    assert Replacement.objects.count() == 1


def test_seat_that_is_held_is_not_given(sitting: Draw, alice: Person) -> None:
    free = free_seat(sitting, alice)
    set_alternates(sitting, *waiting(sitting, free.holder))
    held = sitting.seats.held().first()
    with pytest.raises(NotPossible) as caught:
        replace(sitting, held, alice)
    assert caught.value.code == "seat_not_free"


def test_proof_of_the_lot_holds_after_replacements(sitting: Draw, alice: Person) -> None:
    seat = free_seat(sitting, alice)
    set_alternates(sitting, *waiting(sitting, seat.holder))
    replace(sitting, seat, alice)
    actions.publish_draw(draw=sitting, by=alice)
    assert check_published(Draw.objects.get(pk=sitting.pk)).is_valid


def test_household_of_a_member_is_passed_over(
    make: Makes, alice: Person, draw_out: Callable[..., Draw]
) -> None:
    sitting = draw_out(make(households=True))
    seat = free_seat(sitting, alice)
    homes = set(sitting.seats.held().values_list("holder__household", flat=True)) - {""}
    like = waiting(sitting, seat.holder)
    neighbours = [person for person in waiting(sitting) if person.household in homes]
    able = [person for person in like if person.household not in homes]
    set_alternates(sitting, *neighbours[:1], *able[:1])
    choice = choose_newcomers(sitting)[0]
    assert choice.newcomer == able[0].pseudonym
    assert choice.explanation["passed"] == [[neighbours[0].pseudonym, [], True]]


def test_nobody_else_answers_makes_codes_or_calls(
    sitting: Draw, alice: Person, esther: Person, olivia: Person, marc: Person, chloe: Person
) -> None:
    seat = free_seat(sitting, alice)
    set_alternates(sitting, *waiting(sitting, seat.holder))
    for person in (esther, olivia, marc, chloe):
        acts: list[Callable[[Person], object]] = [
            lambda by: say(sitting, 1, by, "confirmed"),
            lambda by: actions.make_codes(draw=sitting, is_for_all=True, by=by),
            lambda by: replace(sitting, seat, by),
        ]
        for act in acts:
            with pytest.raises(NotAllowed):
                act(person)
    assert not SeatCode.objects.exists()


def test_nobody_answers_before_the_lot(committed: Draw, alice: Person) -> None:
    with pytest.raises(NotPossible):
        actions.make_codes(draw=committed, is_for_all=True, by=alice)
