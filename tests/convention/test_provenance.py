"""Where each paragraph comes from is kept through two hundred edits, merges, splits and moves, in both directions."""

import random

import pytest

from antigone.accounts.models import Person
from antigone.convention import actions
from antigone.convention.models import Contribution, Convention, Member, Paragraph, Proposal
from antigone.convention.provenance import Provenance
from tests.convention.pen import give_theme

OPERATIONS = 200


class Ledger:
    """What should come from what, kept beside the actions by plain sets."""

    def __init__(self, proposals: list[Proposal], alice: Person, seed: int) -> None:
        self.proposals = proposals
        self.alice = alice
        self.random = random.Random(seed)
        self.expected: dict[int, set[int]] = {}

    def choose(self, number: int = 1) -> list[Paragraph]:
        current = list(Paragraph.objects.current().filter(proposal__in=self.proposals).order_by("pk"))
        return self.random.sample(current, min(number, len(current)))

    def add(self, contribution: Contribution) -> None:
        proposal = self.random.choice(self.proposals)
        sources = actions.Sources(contributions=[contribution])
        paragraph = actions.add_paragraph(
            proposal=proposal, text=contribution.text, sources=sources, by=self.alice
        )
        self.expected[paragraph.pk] = {contribution.pk}

    def edit(self) -> None:
        for paragraph in self.choose():
            actions.edit_paragraph(
                paragraph=paragraph, text=f"{paragraph.text[:200]}+", version=paragraph.version, by=self.alice
            )

    def merge(self) -> None:
        chosen = self.choose(self.random.randint(2, 3))
        if len(chosen) < 2:
            return
        text = " ".join(each.text for each in chosen)[:500]
        pairs = [(each, each.version) for each in chosen]
        merged = actions.merge_paragraphs(paragraphs=pairs, text=text, by=self.alice)
        self.expected[merged.pk] = set().union(*(self.expected.pop(each.pk) for each in chosen))

    def split(self) -> None:
        for paragraph in self.choose():
            parts = actions.split_paragraph(
                paragraph=paragraph,
                parts=["Une part.", "L’autre part."],
                version=paragraph.version,
                by=self.alice,
            )
            before = self.expected.pop(paragraph.pk)
            self.expected |= {part.pk: set(before) for part in parts}

    def move(self) -> None:
        for paragraph in self.choose():
            target = self.random.choice(self.proposals)
            moved = actions.move_paragraph(
                paragraph=paragraph, proposal=target, position=1, version=paragraph.version, by=self.alice
            )
            self.expected[moved.pk] = self.expected.pop(paragraph.pk)

    def retire(self) -> None:
        for paragraph in self.choose():
            actions.retire_paragraph(
                paragraph=paragraph, version=paragraph.version, reason="Redite", by=self.alice
            )
            self.expected.pop(paragraph.pk)


@pytest.mark.parametrize("seed", [1, 2026])
def test_provenance_survives_two_hundred_changes(convention: Convention, alice: Person, seed: int) -> None:
    theme = give_theme(convention, alice)
    words = [actions.Words(f"Parole {number}") for number in range(40)]
    contributions = actions.add_contributions(convention=convention, words=words, by=alice)
    proposals = [
        actions.create_proposal(convention=convention, theme=theme, title=f"P{number}", by=alice)
        for number in range(4)
    ]
    ledger = Ledger(proposals, alice, seed)
    waiting = list(contributions)
    for _ in range(20):
        ledger.add(waiting.pop())
    moves = [ledger.edit, ledger.edit, ledger.merge, ledger.split, ledger.split, ledger.move, ledger.retire]
    for count in range(OPERATIONS):
        if count % 10 == 0:
            ledger.add(waiting.pop())
        ledger.random.choice(moves)()

    provenance = Provenance(convention)
    current = {each.pk: each for each in Paragraph.objects.current().filter(proposal__in=proposals)}
    assert set(current) == set(ledger.expected)
    for pk, paragraph in current.items():
        found = {key for kind, key in provenance.keys_of(paragraph) if kind == "contribution"}
        assert found == ledger.expected[pk]
    for contribution in contributions:
        _, ends = provenance.follow(contribution)
        assert set(ends) & set(current) == {
            pk for pk, those in ledger.expected.items() if contribution.pk in those
        }


def test_an_origin_is_shown_in_its_very_words(
    convention: Convention, alice: Person, bob: Person, bob_member: Member
) -> None:
    said = actions.contribute(convention=convention, text="  Mes mots à moi.\r\nDeux lignes.  ", by=bob)
    proposal = actions.create_proposal(
        convention=convention, theme=give_theme(convention, alice), title="T", contributions=[said], by=alice
    )
    paragraph = Paragraph.objects.get(proposal=proposal)
    assert paragraph.text == said.text == "Mes mots à moi.\nDeux lignes."
    actions.edit_paragraph(paragraph=paragraph, text="Tout autre chose.", version=1, by=alice)
    paragraph.refresh_from_db()
    provenance = Provenance(convention)
    (source,) = provenance.read_sources(provenance.keys_of(paragraph)).values()
    assert (source.text, source.detail, source.number) == (said.text, "Basile", said.number)
    said.refresh_from_db()
    assert said.text == "Mes mots à moi.\nDeux lignes."


def test_a_statement_and_its_place_are_origins(convention: Convention, alice: Person) -> None:
    proposal = actions.create_proposal(
        convention=convention, theme=give_theme(convention, alice), title="T", by=alice
    )
    sources = actions.Sources(statements=[("La ville décide.", "Consultation, affirmation 12")])
    paragraph = actions.add_paragraph(proposal=proposal, text="A.", sources=sources, by=alice)
    actions.attach_origins(paragraph=paragraph, version=1, sources=sources, by=alice)
    provenance = Provenance(convention)
    (source,) = provenance.read_sources(provenance.keys_of(paragraph)).values()
    assert (source.kind, source.text, source.detail) == (
        "statement", "La ville décide.", "Consultation, affirmation 12",
    )  # fmt: skip
