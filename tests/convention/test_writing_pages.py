"""Every page of the writing and of the votes, as each role sees it; nothing that must not be seen is served."""

import pytest
from django.test import Client

from antigone.accounts.models import Person
from antigone.convention import actions
from antigone.convention.models import (
    Ballot,
    Convention,
    Member,
    Phase,
)
from tests.convention.conftest import Opens, move_to
from tests.convention.pen import begin_proposal, list_paragraphs, seat_people

PUBLIC = (
    "propositions/",
    "propositions/?q=machine&state=draft",
    "propositions/1/",
    "propositions/2/",
    "paragraphes/{paragraph}/",
    "paragraphes/{merged}/",
    "amendements/{amendment}/",
    "contributions/",
    "contributions/?q=machine&theme=none",
    "contributions/1/",
    "votes/",
    "votes/1/",
    "votes/2/",
    "votes/2/?part=count",
    "opinions-minoritaires/",
    "opinions-minoritaires/1/",
)
WRITERS = (
    "propositions/nouvelle/",
    "propositions/nouvelle/?c=1&c=2",
    "propositions/1/titre/",
    "propositions/1/paragraphe/",
    "paragraphes/{paragraph}/modifier/",
    "paragraphes/{paragraph}/origines/",
    "paragraphes/{paragraph}/scinder/",
    "paragraphes/{paragraph}/fusionner/",
    "paragraphes/{paragraph}/fusionner/?p={other}",
    "paragraphes/{paragraph}/deplacer/",
    "paragraphes/{paragraph}/retirer/",
)
FACILITATORS = (
    "propositions/1/organiser/",
    "propositions/1/ecarter/",
    "propositions/1/reprendre/",
    "propositions/1/voter/",
    "amendements/{amendment}/decider/",
    "contributions/recopier/",
    "contributions/classer/?c=1",
    "themes/",
    "themes/{theme}/",
    "votes/2/clore/",
    "votes/2/annuler/",
    "opinions-minoritaires/1/papier/",
)
MEMBERS = (
    "contributions/nouvelle/",
    "paragraphes/{paragraph}/amender/",
    "votes/2/juger/",
    "opinions-minoritaires/nouvelle/?proposal=1",
)
AUTHORS = (
    "amendements/{amendment}/retirer/",
    "opinions-minoritaires/1/modifier/",
    "opinions-minoritaires/1/retirer/",
)

# What only a page that offers to write links to.
OFFERS = (
    "nouvelle/", "modifier/", "paragraphe/", "voter/", "amender/", "decider/", "signer/", "recopier/", "organiser/",
    "ecarter/", "juger/", "clore/", "annuler/", 'type="checkbox"',
)  # fmt: skip


@pytest.fixture
def written(convention: Convention, alice: Person, bob: Person, bob_member: Member) -> dict[str, int]:
    """A convention with something of everything: an edit, a merge, an amendment, an opinion, two votes."""
    first, second, third = (begin_proposal(convention, alice, title) for title in ("Un", "Deux", "Trois"))
    paragraph, other = list_paragraphs(first)
    actions.edit_paragraph(
        paragraph=paragraph, text="Une machine le dit.", version=1, by=bob, reason="Plus court"
    )
    merged = actions.merge_paragraphs(
        paragraphs=[(each, 1) for each in list_paragraphs(second)], text="Ensemble.", by=alice
    )
    amendment = actions.propose_amendment(
        paragraph=paragraph, version=2, text="Une machine le dit toujours.", reason="Toujours.", by=bob
    )
    actions.write_minority_opinion(
        convention=convention, proposal=first, title="Non", text="Trop cher.", by=bob
    )
    (hands,) = actions.open_ballots(proposal=second, mode=Ballot.Mode.HANDS, by=alice)
    actions.close_ballot(ballot=hands, hands=[1, 1, 1, 4, 3], by=alice)
    (phones,) = actions.open_ballots(proposal=third, mode=Ballot.Mode.PHONES, by=alice)
    actions.give_judgment(ballot=phones, level=4, by=bob)
    return {
        "paragraph": paragraph.pk,
        "other": other.pk,
        "merged": merged.pk,
        "amendment": amendment.pk,
        "theme": first.theme_id,
    }


def ask(client: Client, convention: Convention, path: str, written: dict[str, int]) -> int:
    response = client.get(f"/conventions/{convention.slug}/{path.format(**written)}")
    assert b"SECRET-" not in response.content.replace(b"SECRET-Bob-Lefevre</summary>", b"").replace(
        b"SECRET-Compte-10</summary>", b""
    )
    return response.status_code


def test_everybody_reads_what_is_public(
    convention: Convention, written: dict[str, int], opens: Opens, alice: Person, esther: Person, bob: Person
) -> None:
    for person in (None, alice, esther, bob):
        for path in PUBLIC:
            assert ask(opens(person), convention, path, written) == 200, (person, path)


def test_each_page_that_writes_is_there_for_those_who_write_alone(
    convention: Convention,
    written: dict[str, int],
    opens: Opens,
    alice: Person,
    esther: Person,
    farid: Person,
    olivia: Person,
    marc: Person,
    bob: Person,
) -> None:
    (other_member,) = seat_people(convention, 1)
    rights = {
        WRITERS: (alice, bob, other_member),
        FACILITATORS: (alice,),
        MEMBERS: (bob, other_member),
        AUTHORS: (bob,),
    }
    for paths, allowed in rights.items():
        for path in paths:
            for person in (alice, bob, other_member, esther, farid, olivia, marc):
                expected = 200 if person in allowed else 404
                assert ask(opens(person), convention, path, written) == expected, (person.name, path)
            assert ask(opens(None), convention, path, written) == 302


def test_nothing_is_there_before_the_mandate_is_published(
    prepared: Convention, opens: Opens, marc: Person
) -> None:
    for path in ("propositions/", "contributions/", "votes/", "opinions-minoritaires/"):
        for person in (None, marc):
            assert opens(person).get(f"/conventions/{prepared.slug}/{path}").status_code == 404


def test_what_belongs_to_another_convention_is_not_there(
    convention: Convention, written: dict[str, int], opens: Opens, alice: Person
) -> None:
    other = actions.create_convention(title="Une autre", question="Q ?", commissioner="C", by=alice)
    for path in ("propositions/1/", "paragraphes/{paragraph}/", "amendements/{amendment}/", "contributions/1/",
                 "votes/1/", "opinions-minoritaires/1/", "paragraphes/{paragraph}/modifier/"):  # fmt: skip
        assert ask(opens(alice), other, path, written) == 404, path


def test_numbers_too_large_for_any_table_are_not_there(convention: Convention, opens: Opens) -> None:
    for path in (
        "propositions",
        "paragraphes",
        "contributions",
        "votes",
        "opinions-minoritaires",
        "amendements",
    ):
        assert opens(None).get(f"/conventions/{convention.slug}/{path}/{10**30}/").status_code == 404


def test_nothing_offers_to_write_once_the_time_is_over(
    convention: Convention, written: dict[str, int], opens: Opens, alice: Person, bob: Person
) -> None:
    move_to(convention, Phase.ANSWERS)
    for person in (alice, bob):
        for path in PUBLIC:
            page = (
                opens(person).get(f"/conventions/{convention.slug}/{path.format(**written)}").content.decode()
            )
            main = page.split("<main", 1)[-1]
            for word in OFFERS:
                assert word not in main, (person.name, path, word)
