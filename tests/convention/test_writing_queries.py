"""Every public page of the writing and of the votes asks the database as often for thirty proposals as for three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from antigone.accounts.models import Person
from antigone.convention import actions
from antigone.convention.models import Convention, Member, Paragraph
from tests.convention.conftest import Opens
from tests.convention.pen import begin_proposal, list_paragraphs

PAGES = (
    "propositions/",
    "propositions/1/",
    "paragraphes/{paragraph}/",
    "contributions/",
    "contributions/1/",
    "votes/",
    "votes/1/",
    "opinions-minoritaires/",
)


def write_some(convention: Convention, alice: Person, bob: Person, number: int) -> None:
    """Write proposals of three paragraphs, edited, amended, voted on twice, dissented from."""
    for _ in range(number):
        proposal = begin_proposal(convention, alice, "Encore")
        for paragraph in list_paragraphs(proposal):
            actions.edit_paragraph(paragraph=paragraph, text=f"Version de {paragraph.pk}.", version=1, by=bob)
            actions.propose_amendment(paragraph=paragraph, version=2, text="Autre.", reason="Mieux", by=bob)
        actions.write_minority_opinion(
            convention=convention, proposal=proposal, title="Non", text="N", by=bob
        )
        paragraphs = list_paragraphs(proposal)[:1]
        (part,) = actions.open_ballots(proposal=proposal, mode="hands", paragraphs=paragraphs, by=alice)
        actions.close_ballot(ballot=part, hands=[5, 5, 0, 0, 0], by=alice)
        (whole,) = actions.open_ballots(proposal=proposal, mode="hands", by=alice)
        actions.close_ballot(ballot=whole, hands=[0, 0, 0, 5, 5], by=alice)


def lengthen(paragraph: Paragraph, first: int, last: int, bob: Person) -> None:
    for version in range(first, last):
        actions.edit_paragraph(paragraph=paragraph, text=f"Version {version + 1}.", version=version, by=bob)


@pytest.mark.parametrize("signed_in", [False, True])
def test_queries_are_as_many_for_three_as_for_thirty(
    convention: Convention, alice: Person, bob: Person, bob_member: Member, opens: Opens, signed_in: bool
) -> None:
    story = list_paragraphs(begin_proposal(convention, alice, "Longue histoire"))[0]
    lengthen(story, 1, 4, bob)
    write_some(convention, alice, bob, 3)
    client = opens(alice if signed_in else None)

    def count() -> dict[str, int]:
        counts = {}
        for page in PAGES:
            address = f"/conventions/{convention.slug}/{page.format(paragraph=story.pk)}"
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts[page] = len(queries)
        return counts

    few = count()
    write_some(convention, alice, bob, 27)
    lengthen(story, 4, 14, bob)
    assert count() == few
    assert max(few.values()) <= 24
