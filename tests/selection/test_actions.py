"""From the files to the published panel; what is refused on the way, and to whom."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.core.sortition.commitments import Digits
from antigone.errors import NotAllowed, NotPossible, WrongInput
from antigone.selection import actions
from antigone.selection.models import Alternate, Commitment, Computation, Draw, Respondent, Seat
from antigone.selection.reading import Upload, read_files
from antigone.selection.verifying import check_published
from tests.selection.conftest import Makes
from tests.selection.town import write_pool

pytestmark = pytest.mark.django_db


def test_respondents_are_kept_under_pseudonyms_without_their_addresses(make: Makes) -> None:
    draw = make(households=True)
    kept = list(draw.respondents.values_list("identifier", "pseudonym", "household"))
    assert len(kept) == draw.people == 40
    assert {pseudonym for _i, pseudonym, _h in kept} == {f"r{number:04}" for number in range(1, 41)}
    assert "CACHEE" not in str(kept).upper()
    by_number = [pseudonym for identifier, pseudonym, _h in sorted(kept, key=lambda row: int(row[0][7:]))]
    assert by_number != sorted(by_number)


def test_saved_targets_are_refused_when_another_saved_since(draw: Draw, alice: Person, ahmed: Person) -> None:
    def edit(minimum: int, by: Person) -> None:
        targets = list(draw.targets.all())
        targets[0].min = minimum
        actions.save_targets(draw=draw, size=6, targets=targets, version=1, by=by)

    edit(2, ahmed)
    with pytest.raises(NotPossible) as caught:
        edit(0, alice)
    assert (caught.value.code, caught.value.params["name"]) == ("targets_saved_since", "Ahmed")
    assert draw.targets.first().min == 2


def test_crossed_targets_are_not_saved(draw: Draw, alice: Person) -> None:
    targets = list(draw.targets.all())
    targets[0].min = 5
    with pytest.raises(WrongInput, match="5"):
        actions.save_targets(draw=draw, size=6, targets=targets, version=1, by=alice)
    assert Draw.objects.get().version == 1


def test_computation_gives_everybody_a_chance_and_proves_it(computed: Computation) -> None:
    assert computed.state == Computation.State.DONE
    assert computed.summary["status"] == "optimal"
    assert computed.summary["lottery"]["number"] == 100
    assert sum(computed.summary["bins"]) == 40
    assert computed.is_priced
    assert {file.kind for file in computed.files.all()} == {"certificate", "lottery", "sensitivity"}


def test_infeasible_draw_ends_as_a_state_with_its_reason(make: Makes, alice: Person) -> None:
    targets = b"feature,value,min,max\ngenre,femme,5,6\ngenre,homme,5,6"
    draw = make(targets=targets)
    started = actions.start_computation(
        draw=draw, objective="leximin", lottery_size=0, time_limit=10, by=alice
    )
    actions.run_computation(started.pk)
    started.refresh_from_db()
    assert (started.state, started.error_code) == (Computation.State.FAILED, "infeasible")


def test_one_computation_of_a_draw_at_a_time(draw: Draw, alice: Person) -> None:
    options = {"draw": draw, "objective": "leximin", "lottery_size": 0, "time_limit": 10, "by": alice}
    first = actions.start_computation(**options)
    with pytest.raises(NotPossible, match="under way"):
        actions.start_computation(**options)
    actions.cancel_computation(computation=first, by=alice)
    actions.start_computation(**options)


def test_unknown_computation_is_refused(draw: Draw, alice: Person) -> None:
    with pytest.raises(WrongInput):
        actions.start_computation(draw=draw, objective="nepotism", lottery_size=0, time_limit=10, by=alice)


def test_result_of_older_targets_is_not_committed_to(
    draw: Draw, computed: Computation, alice: Person
) -> None:
    actions.save_targets(draw=draw, size=6, targets=list(draw.targets.all()), version=1, by=alice)
    source = Digits("ici", timezone.now() + timedelta(hours=1), 10, 2)
    with pytest.raises(NotPossible) as caught:
        actions.commit_draw(draw=draw, computation=computed, source=source, by=alice)
    assert caught.value.code == "result_outdated"


def test_randomness_that_could_be_known_is_refused(draw: Draw, computed: Computation, alice: Person) -> None:
    source = Digits("ici", timezone.now() - timedelta(hours=1), 10, 2)
    with pytest.raises(WrongInput) as caught:
        actions.commit_draw(draw=draw, computation=computed, source=source, by=alice)
    assert caught.value.code == "early_randomness"
    assert not Commitment.objects.exists()


def test_committed_draw_changes_no_more(committed: Draw, computed: Computation, alice: Person) -> None:
    changes: list[Callable[[], object]] = [
        lambda: actions.save_targets(
            draw=committed, size=5, targets=list(committed.targets.all()), version=1, by=alice
        ),
        lambda: actions.start_computation(
            draw=committed, objective="leximin", lottery_size=0, time_limit=10, by=alice
        ),
        lambda: actions.delete_draw(draw=committed, by=alice),
        lambda: actions.commit_draw(
            draw=committed,
            computation=computed,
            source=Digits("ici", timezone.now() + timedelta(hours=1), 10, 2),
            by=alice,
        ),
    ]
    for change in changes:
        with pytest.raises(NotPossible) as caught:
            change()
        assert caught.value.code == "draw_committed"


def test_lot_before_its_time_is_refused(committed: Draw, alice: Person) -> None:
    Commitment.objects.update(announced_at=timezone.now() + timedelta(minutes=1))
    with pytest.raises(NotPossible) as caught:
        actions.note_outcome(draw=committed, fallen=[[4, 2]], by=alice)
    assert caught.value.code == "too_early"


@pytest.mark.parametrize("fallen", [[[4]], [[4, 2, 1]], [[4, 10]], [], [[4, 2], [4, 2]], "a1b2"])
def test_lot_that_was_not_announced_is_refused(committed: Draw, alice: Person, fallen: object) -> None:
    with pytest.raises(WrongInput) as caught:
        actions.note_outcome(draw=committed, fallen=fallen, by=alice)
    assert caught.value.code == "invalid_randomness"
    assert not Seat.objects.exists()


def test_digits_name_the_panel_of_the_sheet_once(committed: Draw, alice: Person) -> None:
    outcome = actions.note_outcome(draw=committed, fallen=[[4, 2]], by=alice)
    assert outcome.panel == 42
    assert Seat.objects.count() == 6
    with pytest.raises(NotPossible):
        actions.note_outcome(draw=committed, fallen=[[4, 3]], by=alice)


def test_drawn_and_published_draw_is_checked_to_the_last_line(committed: Draw, alice: Person) -> None:
    actions.note_outcome(draw=committed, fallen=[[4, 2]], by=alice)
    published = actions.publish_draw(draw=committed, by=alice)
    checked = check_published(Draw.objects.get(pk=published.pk))
    assert checked.is_valid
    assert {line.result for line in checked.lines} == {"passed"}


def test_panel_that_was_changed_afterwards_does_not_pass(committed: Draw, alice: Person) -> None:
    actions.note_outcome(draw=committed, fallen=[[4, 2]], by=alice)
    seated = committed.seats.values("respondent")
    other = committed.respondents.exclude(pk__in=seated).first()
    Seat.objects.filter(draw=committed, number=1).update(respondent=other)
    assert not check_published(Draw.objects.get(pk=committed.pk)).is_valid


def test_alternates_are_chosen_once_among_the_others(committed: Draw, alice: Person) -> None:
    actions.note_outcome(draw=committed, fallen=[[4, 2]], by=alice)
    draw = Draw.objects.get(pk=committed.pk)
    actions.choose_alternates(draw=draw, number=3, dropout=20, by=alice)
    chosen = set(Alternate.objects.values_list("respondent", flat=True))
    assert len(chosen) == 3
    assert chosen.isdisjoint(Seat.objects.values_list("respondent", flat=True))
    with pytest.raises(NotPossible):
        actions.choose_alternates(draw=draw, number=3, dropout=20, by=alice)


def test_draw_is_published_after_the_commitment_alone_and_once(
    draw: Draw, computed: Computation, alice: Person
) -> None:
    with pytest.raises(NotPossible) as caught:
        actions.publish_draw(draw=draw, by=alice)
    assert caught.value.code == "not_committed"


def test_erased_draw_takes_its_respondents_along(draw: Draw, computed: Computation, alice: Person) -> None:
    actions.delete_draw(draw=draw, by=alice)
    assert not Respondent.objects.exists()
    assert not Computation.objects.exists()


def test_nobody_else_acts(
    committed: Draw, computed: Computation, esther: Person, olivia: Person, marc: Person, chloe: Person
) -> None:
    source = Digits("ici", timezone.now() + timedelta(hours=1), 10, 2)
    for person in (esther, olivia, marc, chloe):
        acts: list[Callable[[Person], object]] = [
            lambda by: actions.save_targets(draw=committed, size=6, targets=[], version=1, by=by),
            lambda by: actions.start_computation(
                draw=committed, objective="leximin", lottery_size=0, time_limit=10, by=by
            ),
            lambda by: actions.cancel_computation(computation=computed, by=by),
            lambda by: actions.commit_draw(draw=committed, computation=computed, source=source, by=by),
            lambda by: actions.note_outcome(draw=committed, fallen=[[1, 2]], by=by),
            lambda by: actions.publish_draw(draw=committed, by=by),
            lambda by: actions.choose_alternates(draw=committed, number=1, dropout=10, by=by),
            lambda by: actions.delete_draw(draw=committed, by=by),
        ]
        for act in acts:
            with pytest.raises(NotAllowed):
                act(person)


def test_only_a_facilitator_with_an_organisation_begins_a_draw(
    make: Makes, alice: Person, esther: Person
) -> None:
    loaded = read_files(pool=Upload("p.csv", write_pool(12)), size=3)
    with pytest.raises(NotAllowed):
        actions.create_draw(title="x", question="", loaded=loaded, by=esther)
