"""Contributions, proposals, paragraphs, amendments: what each action does, and what it refuses."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.convention import actions
from antigone.convention.models import (
    Amendment,
    Convention,
    Descent,
    Freeze,
    Member,
    Paragraph,
    ParagraphVersion,
    Phase,
    Proposal,
)
from antigone.errors import NotAllowed, NotPossible, WrongInput
from tests.convention.conftest import move_to
from tests.convention.pen import begin_proposal, give_theme, give_words, list_paragraphs, seat_people


@pytest.fixture
def proposal(convention: Convention, alice: Person) -> Proposal:
    return begin_proposal(convention, alice)


@pytest.fixture
def paragraph(proposal: Proposal) -> Paragraph:
    return list_paragraphs(proposal)[0]


def test_the_first_paragraphs_are_the_words_of_the_members(proposal: Proposal) -> None:
    words = [each.text for each in proposal.convention.contributions.all()[:2]]
    assert [each.text for each in list_paragraphs(proposal)] == words


def test_numbers_go_on_and_are_never_given_twice(convention: Convention, alice: Person) -> None:
    give_words(convention, alice)
    give_words(convention, alice)
    assert list(convention.contributions.values_list("number", flat=True)) == list(range(1, 9))


def test_putting_words_under_a_theme_changes_no_word(convention: Convention, alice: Person) -> None:
    theme = give_theme(convention, alice)
    words = give_words(convention, alice)
    actions.classify_contributions(convention=convention, contributions=words[:2], theme=theme, by=alice)
    assert [each.text for each in theme.contributions.all()] == [each.text for each in words[:2]]


@pytest.mark.parametrize("text", ["", "   \n ", "x" * 2_001, "nul\0"])
def test_words_that_cannot_be_taken_leave_nothing(convention: Convention, alice: Person, text: str) -> None:
    words = [actions.Words("Bien."), actions.Words(text)]
    with pytest.raises(WrongInput):
        actions.add_contributions(convention=convention, words=words, by=alice)
    assert not convention.contributions.exists()


def test_a_member_may_leave_their_name_out(convention: Convention, bob: Person, bob_member: Member) -> None:
    assert actions.contribute(convention=convention, text="A", by=bob, is_named=False).member is None
    assert actions.contribute(convention=convention, text="A", by=bob).member == bob_member


def test_an_edit_is_another_version_that_comes_from_the_first(
    paragraph: Paragraph, bob: Person, bob_member: Member
) -> None:
    before = paragraph.text
    actions.edit_paragraph(paragraph=paragraph, text="Autre.", version=1, reason="Plus clair", by=bob)
    first, second = ParagraphVersion.objects.filter(paragraph=paragraph)
    assert (first.text, second.text, second.member, second.reason) == (
        before,
        "Autre.",
        bob_member,
        "Plus clair",
    )
    assert Descent.objects.get(parent=first, child=second).kind == Descent.Kind.EDIT


def test_the_second_of_two_edits_is_refused_and_the_first_stays(
    paragraph: Paragraph, alice: Person, bob: Person, bob_member: Member
) -> None:
    actions.edit_paragraph(paragraph=paragraph, text="De Bob.", version=1, by=bob)
    with pytest.raises(NotPossible) as caught:
        actions.edit_paragraph(paragraph=paragraph, text="D’Alice.", version=1, by=alice)
    assert caught.value.code == "paragraph_saved_since"
    paragraph.refresh_from_db()
    assert (paragraph.text, paragraph.version) == ("De Bob.", 2)


def test_the_same_text_is_no_version(paragraph: Paragraph, alice: Person) -> None:
    with pytest.raises(WrongInput):
        actions.edit_paragraph(paragraph=paragraph, text=f" {paragraph.text}\n", version=1, by=alice)


@pytest.mark.parametrize("text", ["", " ", "x" * 10_001, "\0"])
def test_a_paragraph_is_a_text(paragraph: Paragraph, alice: Person, text: str) -> None:
    with pytest.raises(WrongInput):
        actions.edit_paragraph(paragraph=paragraph, text=text, version=1, by=alice)


def test_a_move_inside_keeps_versions_and_changes_the_order(proposal: Proposal, alice: Person) -> None:
    first, second = list_paragraphs(proposal)
    actions.move_paragraph(paragraph=second, proposal=proposal, position=1, version=1, by=alice)
    assert list_paragraphs(proposal) == [second, first]
    assert ParagraphVersion.objects.filter(paragraph=second).count() == 1


def test_a_move_to_another_proposal_begins_there_from_the_version_left(
    convention: Convention, proposal: Proposal, alice: Person
) -> None:
    other = begin_proposal(convention, alice, "Une autre")
    paragraph = list_paragraphs(proposal)[0]
    moved = actions.move_paragraph(paragraph=paragraph, proposal=other, position=2, version=1, by=alice)
    assert [each.pk for each in list_paragraphs(other)][1] == moved.pk
    assert paragraph not in list_paragraphs(proposal)
    assert Descent.objects.get(child__paragraph=moved).kind == Descent.Kind.MOVE


def test_a_merge_takes_the_place_of_the_first(
    convention: Convention, proposal: Proposal, alice: Person
) -> None:
    other = begin_proposal(convention, alice, "Une autre")
    first, second = list_paragraphs(proposal)
    pairs = [(first, 1), (list_paragraphs(other)[1], 1)]
    merged = actions.merge_paragraphs(paragraphs=pairs, text="Ensemble.", by=alice)
    assert list_paragraphs(proposal) == [merged, second]
    assert len(list_paragraphs(other)) == 1


def test_a_merge_is_refused_where_one_was_saved_since(proposal: Proposal, alice: Person) -> None:
    first, second = list_paragraphs(proposal)
    actions.edit_paragraph(paragraph=second, text="Autre.", version=1, by=alice)
    with pytest.raises(NotPossible):
        actions.merge_paragraphs(paragraphs=[(first, 1), (second, 1)], text="Ensemble.", by=alice)
    assert len(list_paragraphs(proposal)) == 2


def test_one_paragraph_twice_is_no_merge(paragraph: Paragraph, alice: Person) -> None:
    with pytest.raises(WrongInput):
        actions.merge_paragraphs(paragraphs=[(paragraph, 1), (paragraph, 1)], text="Deux fois.", by=alice)


def test_a_split_takes_the_place_of_the_paragraph(proposal: Proposal, alice: Person) -> None:
    first, second = list_paragraphs(proposal)
    parts = actions.split_paragraph(paragraph=first, parts=["Un.", "Deux.", "Trois."], version=1, by=alice)
    assert list_paragraphs(proposal) == [*parts, second]
    with pytest.raises(NotPossible) as caught:
        actions.edit_paragraph(paragraph=first, text="Encore.", version=1, by=alice)
    assert caught.value.code == "paragraph_retired"


@pytest.mark.parametrize("parts", [[], ["Seul."], ["Un.", " "], ["x"] * 21])
def test_a_split_makes_several_texts(
    proposal: Proposal, paragraph: Paragraph, alice: Person, parts: list[str]
) -> None:
    with pytest.raises(WrongInput):
        actions.split_paragraph(paragraph=paragraph, parts=parts, version=1, by=alice)
    assert len(list_paragraphs(proposal)) == 2


def test_retiring_needs_a_reason_and_keeps_the_words(
    proposal: Proposal, paragraph: Paragraph, alice: Person
) -> None:
    with pytest.raises(WrongInput):
        actions.retire_paragraph(paragraph=paragraph, version=1, reason=" ", by=alice)
    actions.retire_paragraph(paragraph=paragraph, version=1, reason="Redite", by=alice)
    assert paragraph not in list_paragraphs(proposal)
    assert ParagraphVersion.objects.filter(paragraph=paragraph).exists()


def test_writers_alone_write_where_some_are_named(
    convention: Convention,
    proposal: Proposal,
    paragraph: Paragraph,
    alice: Person,
    bob: Person,
    bob_member: Member,
) -> None:
    (other,) = seat_people(convention, 1)
    actions.arrange_proposal(
        proposal=proposal, theme=proposal.theme, writers=[bob_member], version=1, by=alice
    )
    actions.edit_paragraph(paragraph=paragraph, text="De Bob.", version=1, by=bob)
    with pytest.raises(NotAllowed):
        actions.edit_paragraph(paragraph=paragraph, text="D’un autre.", version=2, by=other)
    assert actions.propose_amendment(
        paragraph=paragraph, version=2, text="D’un autre.", reason="Mieux", by=other
    )


def test_a_title_saved_meanwhile_is_not_overwritten(proposal: Proposal, alice: Person) -> None:
    actions.save_title(proposal=proposal, title="Un", version=1, by=alice)
    with pytest.raises(NotPossible):
        actions.save_title(proposal=proposal, title="Deux", version=1, by=alice)


def test_a_proposal_is_set_aside_for_a_reason_and_brought_back(
    proposal: Proposal, paragraph: Paragraph, alice: Person
) -> None:
    actions.set_proposal_aside(proposal=proposal, reason="Hors mandat", by=alice)
    with pytest.raises(NotPossible):
        actions.edit_paragraph(paragraph=paragraph, text="Encore.", version=1, by=alice)
    actions.bring_proposal_back(proposal=proposal, by=alice)
    assert actions.edit_paragraph(paragraph=paragraph, text="Encore.", version=1, by=alice)


def test_an_accepted_amendment_is_the_next_version_in_the_name_of_its_author(
    paragraph: Paragraph, alice: Person, bob: Person, bob_member: Member
) -> None:
    amendment = actions.propose_amendment(
        paragraph=paragraph, version=1, text="De Bob.", reason="Mieux", by=bob
    )
    actions.accept_amendment(amendment=amendment, version=1, by=alice)
    paragraph.refresh_from_db()
    latest = paragraph.versions.get(number=2)
    assert (paragraph.text, latest.member, latest.reason) == ("De Bob.", bob_member, "Mieux")
    with pytest.raises(NotPossible):
        actions.refuse_amendment(amendment=amendment, decision="Trop tard", by=alice)


def test_an_amendment_of_an_old_text_is_put_together_with_the_new_one(
    paragraph: Paragraph, alice: Person, bob: Person, bob_member: Member
) -> None:
    amendment = actions.propose_amendment(
        paragraph=paragraph, version=1, text="De Bob.", reason="Mieux", by=bob
    )
    actions.edit_paragraph(paragraph=paragraph, text="D’Alice.", version=1, by=alice)
    with pytest.raises(NotPossible) as caught:
        actions.accept_amendment(amendment=amendment, version=2, by=alice)
    assert caught.value.code == "amendment_of_old_text"
    actions.accept_amendment(amendment=amendment, version=2, text="Des deux.", by=alice)
    latest = paragraph.versions.get(number=3)
    amendment.refresh_from_db()
    assert (latest.text, latest.member, amendment.text) == ("Des deux.", None, "De Bob.")


def test_a_refusal_has_a_reason_and_a_withdrawal_an_author(
    convention: Convention, paragraph: Paragraph, alice: Person, bob: Person, bob_member: Member
) -> None:
    (other,) = seat_people(convention, 1)
    amendment = actions.propose_amendment(
        paragraph=paragraph, version=1, text="De Bob.", reason="Mieux", by=bob
    )
    with pytest.raises(WrongInput):
        actions.refuse_amendment(amendment=amendment, decision="", by=alice)
    with pytest.raises(NotAllowed):
        actions.withdraw_amendment(amendment=amendment, by=other)
    actions.withdraw_amendment(amendment=amendment, by=bob)
    assert Amendment.objects.get(pk=amendment.pk).state == Amendment.State.WITHDRAWN


Writing = Callable[[Convention, Paragraph, Person, Person], Any]
EVERY_WRITING: dict[str, Writing] = {
    "contribute": lambda c, p, a, b: actions.contribute(convention=c, text="A", by=b),
    "copy out": lambda c, p, a, b: give_words(c, a),
    "create": lambda c, p, a, b: begin_proposal(c, a),
    "theme": lambda c, p, a, b: actions.delete_theme(theme=c.themes.get(), by=a),
    "title": lambda c, p, a, b: actions.save_title(proposal=p.proposal, title="A", version=1, by=a),
    "aside": lambda c, p, a, b: actions.set_proposal_aside(proposal=p.proposal, reason="A", by=a),
    "add": lambda c, p, a, b: actions.add_paragraph(proposal=p.proposal, text="A", by=b),
    "edit": lambda c, p, a, b: actions.edit_paragraph(paragraph=p, text="A", version=1, by=b),
    "split": lambda c, p, a, b: actions.split_paragraph(paragraph=p, parts=["A", "B"], version=1, by=a),
    "retire": lambda c, p, a, b: actions.retire_paragraph(paragraph=p, version=1, reason="A", by=a),
    "move": lambda c, p, a, b: actions.move_paragraph(paragraph=p, proposal=p.proposal, version=1, by=a),
    "amend": lambda c, p, a, b: actions.propose_amendment(paragraph=p, version=1, text="A", reason="B", by=b),
    "vote": lambda c, p, a, b: actions.open_ballots(proposal=p.proposal, mode="hands", by=a),
    "dissent": lambda c, p, a, b: actions.write_minority_opinion(convention=c, title="A", text="B", by=b),
}  # fmt: skip


@pytest.mark.parametrize("name", EVERY_WRITING)
def test_nothing_is_written_frozen_nor_in_another_phase(
    convention: Convention,
    paragraph: Paragraph,
    alice: Person,
    bob: Person,
    bob_member: Member,
    esther: Person,
    name: str,
) -> None:
    freeze = Freeze.objects.create(
        convention=convention, phase=convention.phase, reason="R", frozen_at=timezone.now(), frozen_by=esther
    )
    with pytest.raises(NotPossible) as caught:
        EVERY_WRITING[name](convention, paragraph, alice, bob)
    assert caught.value.code == "convention_frozen"
    freeze.delete()
    for phase in (Phase.ANSWERS, Phase.FOLLOW_UP, Phase.CLOSED):
        move_to(convention, phase)
        with pytest.raises(NotPossible) as caught:
            EVERY_WRITING[name](convention, paragraph, alice, bob)
        assert caught.value.code == "phase_closed"


@pytest.mark.parametrize("name", EVERY_WRITING)
def test_strangers_write_nothing(
    convention: Convention,
    paragraph: Paragraph,
    esther: Person,
    farid: Person,
    olivia: Person,
    marc: Person,
    ahmed: Person,
    name: str,
) -> None:
    for stranger in (esther, farid, olivia, marc, ahmed):
        with pytest.raises(NotAllowed):
            EVERY_WRITING[name](convention, paragraph, stranger, stranger)
