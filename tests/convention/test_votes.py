"""Votes: the rules of the mandate at their edges, what a result does to the text, minority opinions."""

from datetime import timedelta

import pytest
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.convention import actions
from antigone.convention.models import (
    Attendance,
    Avis,
    Ballot,
    Convention,
    Judgment,
    Member,
    Paragraph,
    Proposal,
    Session,
)
from antigone.errors import NotAllowed, NotPossible, WrongInput
from tests.convention.conftest import Opens
from tests.convention.pen import begin_proposal, list_paragraphs, seat_people


@pytest.fixture
def proposal(convention: Convention, alice: Person) -> Proposal:
    return begin_proposal(convention, alice)


def vote_by_hands(
    proposal: Proposal, alice: Person, hands: list[int], paragraphs: list[Paragraph] | None = None
) -> Ballot:
    (ballot,) = actions.open_ballots(proposal=proposal, mode="hands", paragraphs=paragraphs or [], by=alice)
    closed = actions.close_ballot(ballot=ballot, hands=hands, by=alice)
    proposal.refresh_from_db()
    return closed


@pytest.mark.parametrize(
    ("threshold", "quorum", "hands", "is_quorate", "is_kept"),
    [
        (50, 50, [0, 0, 2, 3, 0], True, True),  # exactly the quorum, more than half
        (50, 50, [0, 0, 4, 4, 0], True, False),  # exactly half is not more than half
        (60, 50, [0, 0, 4, 6, 0], True, True),  # exactly 60 %
        (61, 50, [0, 0, 4, 6, 0], True, False),
        (50, 50, [0, 0, 0, 4, 0], False, False),  # everybody for, but no quorum
        (50, 0, [0, 0, 0, 0, 1], True, True),
        (50, 0, [0, 0, 0, 0, 0], True, False),  # nobody votes
        (100, 100, [0, 0, 0, 0, 10], True, True),
        (100, 100, [1, 0, 0, 0, 9], True, False),
    ],
)
def test_a_text_is_kept_as_the_mandate_says(
    convention: Convention,
    proposal: Proposal,
    alice: Person,
    threshold: int,
    quorum: int,
    hands: list[int],
    is_quorate: bool,
    is_kept: bool,
) -> None:
    convention.vote_threshold, convention.vote_quorum = threshold, quorum
    convention.save()
    ballot = vote_by_hands(proposal, alice, hands)
    assert (ballot.is_quorate, ballot.is_kept) == (is_quorate, is_kept)
    assert proposal.state == (Proposal.State.ADOPTED if is_kept else Proposal.State.DRAFT)
    assert all(each.is_kept is is_kept for each in list_paragraphs(proposal))


@pytest.mark.parametrize("hands", [[0, 0, 0, 6, 5], [0, 0, 0, -1, 3], [1, 2, 3], [1] * 6])
def test_hands_that_cannot_be_leave_the_vote_open(
    proposal: Proposal, alice: Person, hands: list[int]
) -> None:
    (ballot,) = actions.open_ballots(proposal=proposal, mode="hands", by=alice)
    with pytest.raises(WrongInput):
        actions.close_ballot(ballot=ballot, hands=hands, by=alice)
    assert Ballot.objects.get(pk=ballot.pk).state == Ballot.State.OPEN


def test_no_more_hands_than_members_present(
    convention: Convention, proposal: Proposal, alice: Person
) -> None:
    now = timezone.now()
    hour = timedelta(hours=1)
    session = Session.objects.create(
        convention=convention, number=1, title="S", starts_at=now - hour, ends_at=now + hour
    )
    Attendance.objects.bulk_create(
        Attendance(session=session, member=member, state="present" if member.number <= 6 else "absent")
        for member in convention.members.all()
    )
    (ballot,) = actions.open_ballots(proposal=proposal, mode="hands", by=alice)
    with pytest.raises(WrongInput) as caught:
        actions.close_ballot(ballot=ballot, hands=[0, 0, 0, 7, 0], by=alice)
    assert caught.value.code == "too_many_hands"
    assert actions.close_ballot(ballot=ballot, hands=[0, 0, 0, 6, 0], by=alice).is_kept


def test_a_vote_freezes_the_text_and_keeps_its_words(proposal: Proposal, alice: Person) -> None:
    first, second = list_paragraphs(proposal)
    (ballot,) = actions.open_ballots(proposal=proposal, mode="hands", by=alice)
    for paragraph in (first, second):
        with pytest.raises(NotPossible) as caught:
            actions.edit_paragraph(paragraph=paragraph, text="Autre.", version=1, by=alice)
        assert caught.value.code == "proposal_not_draft"
    actions.close_ballot(ballot=ballot, hands=[5, 5, 0, 0, 0], by=alice)
    actions.edit_paragraph(paragraph=first, text="Autre.", version=1, by=alice)
    again = vote_by_hands(proposal, alice, [0, 0, 0, 5, 5])
    assert [each.text for each in ballot.versions.all()] == [first.text, second.text]
    assert {each.text for each in again.versions.all()} == {"Autre.", second.text}
    assert proposal.state == Proposal.State.ADOPTED


def test_a_proposal_is_adopted_with_the_last_of_its_paragraphs(proposal: Proposal, alice: Person) -> None:
    first, second = list_paragraphs(proposal)
    vote_by_hands(proposal, alice, [0, 0, 0, 9, 1], [first])
    assert proposal.state == Proposal.State.DRAFT
    with pytest.raises(NotPossible) as caught:
        actions.open_ballots(
            proposal=proposal, mode="hands", paragraphs=[*list_paragraphs(proposal)][:1], by=alice
        )
    assert caught.value.code == "paragraph_kept"
    vote_by_hands(proposal, alice, [0, 0, 0, 9, 1], [second])
    assert proposal.state == Proposal.State.ADOPTED
    assert proposal.adopted_at is not None


def test_a_kept_paragraph_that_changes_is_voted_on_again(proposal: Proposal, alice: Person) -> None:
    first = list_paragraphs(proposal)[0]
    vote_by_hands(proposal, alice, [0, 0, 0, 9, 1], [first])
    actions.edit_paragraph(paragraph=first, text="Autre.", version=1, by=alice)
    first.refresh_from_db()
    assert not first.is_kept


def test_nothing_but_a_vote_adopts(proposal: Proposal, alice: Person) -> None:
    first, second = list_paragraphs(proposal)
    vote_by_hands(proposal, alice, [0, 0, 0, 9, 1], [first])
    actions.retire_paragraph(paragraph=second, version=1, reason="Redite", by=alice)
    vote_by_hands(proposal, alice, [9, 1, 0, 0, 0])
    assert proposal.state == Proposal.State.DRAFT
    (cancelled,) = actions.open_ballots(proposal=proposal, mode="hands", by=alice)
    actions.cancel_ballot(ballot=cancelled, by=alice)
    proposal.refresh_from_db()
    assert proposal.state == Proposal.State.DRAFT


def test_several_paragraphs_are_voted_on_at_once(proposal: Proposal, alice: Person) -> None:
    paragraphs = list_paragraphs(proposal)
    first, second = actions.open_ballots(proposal=proposal, mode="hands", paragraphs=paragraphs, by=alice)
    with pytest.raises(NotPossible):
        actions.open_ballots(proposal=proposal, mode="hands", paragraphs=paragraphs[:1], by=alice)
    actions.close_ballot(ballot=first, hands=[0, 0, 0, 5, 5], by=alice)
    proposal.refresh_from_db()
    assert proposal.state == Proposal.State.VOTING
    actions.cancel_ballot(ballot=second, by=alice)
    proposal.refresh_from_db()
    assert proposal.state == Proposal.State.DRAFT
    assert [each.is_kept for each in list_paragraphs(proposal)] == [True, False]


def test_a_proposal_without_text_is_not_voted_on(
    convention: Convention, proposal: Proposal, alice: Person
) -> None:
    empty = actions.create_proposal(convention=convention, theme=proposal.theme, title="Vide", by=alice)
    with pytest.raises(NotPossible):
        actions.open_ballots(proposal=empty, mode="hands", by=alice)
    with pytest.raises(WrongInput):
        actions.open_ballots(proposal=proposal, mode="raised fists", by=alice)
    with pytest.raises(NotAllowed):
        actions.open_ballots(proposal=proposal, mode="hands", by=seat_people(convention, 1)[0])


def test_members_judge_on_their_telephones_and_may_change_their_mind(
    convention: Convention, proposal: Proposal, alice: Person
) -> None:
    people = seat_people(convention, 6)
    (ballot,) = actions.open_ballots(proposal=proposal, mode="phones", by=alice)
    for person in people:
        actions.give_judgment(ballot=ballot, level=2, by=person)
    for person in people[:4]:
        actions.give_judgment(ballot=ballot, level=5, by=person)
    with pytest.raises(NotPossible):
        actions.close_ballot(ballot=ballot, hands=[0, 0, 0, 0, 10], by=alice)
    closed = actions.close_ballot(ballot=ballot, by=alice)
    assert (closed.counts, closed.is_kept, Judgment.objects.count()) == ([0, 2, 0, 0, 4], True, 6)
    with pytest.raises(NotPossible):
        actions.give_judgment(ballot=ballot, level=1, by=people[0])


def test_who_may_not_judge_does_not(
    convention: Convention, proposal: Proposal, alice: Person, bob: Person
) -> None:
    (late, left) = seat_people(convention, 2)
    (ballot,) = actions.open_ballots(proposal=proposal, mode="phones", by=alice)
    convention.members.filter(person=late).update(joined_at=timezone.now())
    convention.members.filter(person=left).update(left_at=timezone.now())
    with pytest.raises(NotPossible):
        actions.give_judgment(ballot=ballot, level=3, by=late)
    for person in (left, alice, bob):
        with pytest.raises(NotAllowed):
            actions.give_judgment(ballot=ballot, level=3, by=person)


@pytest.mark.parametrize("level", [0, 6, -1])
def test_there_are_five_levels(
    proposal: Proposal, alice: Person, bob: Person, bob_member: Member, level: int
) -> None:
    (ballot,) = actions.open_ballots(proposal=proposal, mode="phones", by=alice)
    with pytest.raises(WrongInput):
        actions.give_judgment(ballot=ballot, level=level, by=bob)


def test_the_page_says_how_many_judged_and_never_how_before_the_end(
    proposal: Proposal, alice: Person, bob: Person, bob_member: Member, opens: Opens
) -> None:
    (ballot,) = actions.open_ballots(proposal=proposal, mode="phones", by=alice)
    actions.give_judgment(ballot=ballot, level=1, by=bob)
    address = f"/conventions/{proposal.convention.slug}/votes/{ballot.number}/"
    for person in (None, alice):
        page = opens(person).get(address).content.decode()
        assert '<span class="big">1</span>' in page
        assert "level-1" not in page
        assert "Basile" not in page
        assert "n’est pas secret" in page or "is not secret" in page


def test_a_minority_opinion_is_signed_and_counted(
    convention: Convention, proposal: Proposal, alice: Person, bob: Person, bob_member: Member, opens: Opens
) -> None:
    signer, other = seat_people(convention, 2)
    opinion = actions.write_minority_opinion(
        convention=convention, proposal=proposal, title="Non", text="Trop cher.", by=bob
    )
    actions.edit_minority_opinion(opinion=opinion, title="Non", text="Bien trop cher.", by=bob)
    actions.sign_minority_opinion(opinion=opinion, by=signer)
    actions.sign_minority_opinion(opinion=opinion, by=signer)
    actions.count_paper_signatures(opinion=opinion, number=3, by=alice)
    page = opens(None).get(f"/conventions/{convention.slug}/opinions-minoritaires/1/").content.decode()
    assert "Basile" in page
    assert convention.members.get(person=signer).pseudonym not in page
    with pytest.raises(NotPossible):
        actions.edit_minority_opinion(opinion=opinion, title="Non", text="Autre chose.", by=bob)
    with pytest.raises(NotPossible):
        actions.sign_minority_opinion(opinion=opinion, is_signed=False, by=bob)
    with pytest.raises(NotAllowed):
        actions.withdraw_minority_opinion(opinion=opinion, by=other)
    with pytest.raises(WrongInput):
        actions.count_paper_signatures(opinion=opinion, number=9, by=alice)


def test_opinions_stay_once_the_avis_is_delivered(
    convention: Convention, bob: Person, bob_member: Member
) -> None:
    opinion = actions.write_minority_opinion(convention=convention, title="Non", text="Non.", by=bob)
    Avis.objects.create(convention=convention, language="fr", delivered_at=timezone.now())
    with pytest.raises(NotPossible):
        actions.withdraw_minority_opinion(opinion=opinion, by=bob)
    with pytest.raises(NotPossible):
        actions.write_minority_opinion(convention=convention, title="Non", text="Non.", by=bob)
