"""What people send from the pages of the writing and of the votes, good and bad; nothing typed is lost."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.convention import actions
from antigone.convention.models import (
    Amendment,
    Ballot,
    Convention,
    Freeze,
    Member,
    MinorityOpinion,
    Proposal,
)
from tests.convention.conftest import Opens
from tests.convention.pen import begin_proposal, give_theme, give_words, list_paragraphs, seat_people

Sends = Callable[..., Any]


@pytest.fixture
def sends(convention: Convention, opens: Opens) -> Sends:
    """Send a form of the convention as somebody."""

    def send(person: Person | None, path: str, **data: object) -> HttpResponse:
        return opens(person).post(f"/conventions/{convention.slug}/{path}", data)  # type: ignore[return-value]

    return send


@pytest.fixture
def proposal(convention: Convention, alice: Person) -> Proposal:
    return begin_proposal(convention, alice)


def csv(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("notes.csv", data, "text/csv")


@pytest.mark.parametrize(
    "data",
    [
        "Texte;Thème;Membre\r\nÀ l’école aussi;Transparence;3\r\n".encode("utf-8-sig"),
        "Texte;Thème;Membre\r\nÀ l'école aussi;Transparence;3\r\n".encode("cp1252"),
        'text,theme,member\n"À l’école aussi",transparence,3\n'.encode(),
        "text\ttheme\tmember\nÀ l’école aussi\tTransparence\t3\n".encode("utf-16"),
    ],
)
def test_a_file_is_read_as_it_comes(convention: Convention, alice: Person, sends: Sends, data: bytes) -> None:
    give_theme(convention, alice)
    assert sends(alice, "contributions/recopier/", file=csv(data)).status_code == 302
    contribution = convention.contributions.get()
    assert contribution.text.replace("'", "’") == "À l’école aussi"
    assert (str(contribution.theme), contribution.member) == (
        "Transparence",
        convention.members.get(number=3),
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"autre\nBien\n",
        b"text,theme\nBien,Transparence\nMal,Inconnu\n",
        b"text,member\nBien,3\nMal,99\n",
        b"text\nBien\n" + b"x" * 2_001 + b"\n",
        b'text,theme\n"Bien,Transparence\n',
        b"PK\x03\x04\0\0\0text",
        b"text,theme\nBien,\n,Transparence\n",
        b"text\n" + b"a\n" * 1_100_000,
    ],
)
def test_a_bad_file_is_refused_whole_and_says_why(
    convention: Convention, alice: Person, sends: Sends, data: bytes
) -> None:
    give_theme(convention, alice)
    response = sends(alice, "contributions/recopier/", file=csv(data))
    assert response.status_code == 422
    assert b"errorlist" in response.content
    assert not convention.contributions.exists()


def test_each_bad_line_is_named(convention: Convention, alice: Person, sends: Sends) -> None:
    give_theme(convention, alice)
    response = sends(
        alice, "contributions/recopier/", file=csv(b"text,theme\nA,Un\nB,Transparence\nC,Deux\n")
    )
    named = re.findall(r"(?:Ligne|Line)\s(\d+)\b", response.content.decode())
    assert named == ["2", "4"]


def test_notes_are_copied_out_one_a_line(convention: Convention, alice: Person, sends: Sends) -> None:
    sends(alice, "contributions/recopier/", lines="Une idée\r\n\r\n  Une autre <b>idée</b>  \r\n")
    assert [each.text for each in convention.contributions.all()] == ["Une idée", "Une autre <b>idée</b>"]


def test_words_are_shown_as_words(convention: Convention, alice: Person, sends: Sends, opens: Opens) -> None:
    sends(alice, "contributions/recopier/", lines="<script>alert(1)</script>")
    page = opens(None).get(f"/conventions/{convention.slug}/contributions/1/").content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_a_member_contributes(convention: Convention, bob: Person, bob_member: Member, sends: Sends) -> None:
    assert sends(bob, "contributions/nouvelle/", text="Mes mots", is_named="on").status_code == 302
    assert sends(bob, "contributions/nouvelle/", text="").status_code == 422
    assert convention.contributions.get().member == bob_member


def test_the_second_to_save_sees_both_texts_and_loses_none(
    convention: Convention, proposal: Proposal, alice: Person, bob: Person, bob_member: Member, sends: Sends
) -> None:
    paragraph = list_paragraphs(proposal)[0]
    address = f"paragraphes/{paragraph.pk}/modifier/"
    assert sends(bob, address, text="Le texte de Bob.", version=1).status_code == 302
    response = sends(alice, address, text="Le texte d’Alice.", version=1, reason="Le mien")
    page = response.content.decode()
    assert response.status_code == 409
    assert "Le texte de Bob." in page
    assert "Le texte d’Alice.</textarea>" in page
    assert "Le mien" in page
    assert "Basile" in page
    assert "<del>" in page
    assert '<input type="hidden" name="version" value="2"' in page
    assert sends(alice, address, text="Le texte d’Alice.", version=2).status_code == 302
    paragraph.refresh_from_db()
    assert [each.text for each in paragraph.versions.all()[1:]] == ["Le texte de Bob.", "Le texte d’Alice."]


def test_text_typed_while_a_guarantor_freezes_is_given_back(
    convention: Convention, proposal: Proposal, alice: Person, esther: Person, sends: Sends
) -> None:
    Freeze.objects.create(
        convention=convention, phase=convention.phase, reason="R", frozen_at=timezone.now(), frozen_by=esther
    )
    paragraph = list_paragraphs(proposal)[0]
    response = sends(alice, f"paragraphes/{paragraph.pk}/modifier/", text="Tout mon texte.", version=1)
    assert response.status_code == 409
    assert "Tout mon texte.</textarea>" in response.content.decode()


def test_a_paragraph_is_split_at_the_line_of_hyphens(
    convention: Convention, proposal: Proposal, alice: Person, sends: Sends
) -> None:
    paragraph = list_paragraphs(proposal)[0]
    address = f"paragraphes/{paragraph.pk}/scinder/"
    for text in ("Sans coupe", "---\nVide d’un côté", "", "x" * 20_000):
        assert sends(alice, address, text=text, version=1).status_code == 422
    assert sends(alice, address, text="Un.\r\n ---- \r\nDeux.", version=1).status_code == 302
    assert [each.text for each in list_paragraphs(proposal)][:2] == ["Un.", "Deux."]


def test_paragraphs_are_merged_over_two_proposals(
    convention: Convention, proposal: Proposal, alice: Person, sends: Sends
) -> None:
    other = list_paragraphs(begin_proposal(convention, alice, "Une autre"))[0]
    first = list_paragraphs(proposal)[0]
    address = f"paragraphes/{first.pk}/fusionner/?p={other.pk}"
    assert sends(alice, address, text="Ensemble.", p=[first.pk, other.pk], v=[1, 7]).status_code == 409
    assert sends(alice, address, text="Ensemble.", p=[first.pk, other.pk], v=["x", ""]).status_code == 409
    assert sends(alice, address, text="Ensemble.", p=[first.pk, other.pk], v=[1, 1]).status_code == 302
    assert list_paragraphs(proposal)[0].text == "Ensemble."


def test_a_member_merges_only_what_they_write(
    convention: Convention, proposal: Proposal, alice: Person, bob: Person, bob_member: Member, sends: Sends
) -> None:
    closed = begin_proposal(convention, alice, "À d’autres")
    others = [convention.members.get(number=5)]
    actions.arrange_proposal(proposal=closed, theme=closed.theme, writers=others, version=1, by=alice)
    first, other = list_paragraphs(proposal)[0], list_paragraphs(closed)[0]
    address = f"paragraphes/{first.pk}/fusionner/?p={other.pk}"
    assert sends(bob, address, text="Ensemble.", p=[first.pk, other.pk], v=[1, 1]).status_code == 404
    assert len(list_paragraphs(closed)) == 2


def test_origins_are_given_by_number(
    convention: Convention, proposal: Proposal, alice: Person, sends: Sends
) -> None:
    paragraph = list_paragraphs(proposal)[0]
    address = f"paragraphes/{paragraph.pk}/origines/"
    assert sends(alice, address, version=1, contributions="c3 et 4").status_code == 302
    assert paragraph.versions.get().origins.count() == 3
    for wrong in ({"contributions": "3, 99"}, {"statement": "Sans lieu"}, {"contributions": "9" * 900}):
        assert sends(alice, address, version=1, **wrong).status_code == 422


def test_an_amendment_goes_from_the_member_to_the_text(
    convention: Convention, proposal: Proposal, alice: Person, bob: Person, bob_member: Member, sends: Sends
) -> None:
    paragraph = list_paragraphs(proposal)[0]
    address = f"paragraphes/{paragraph.pk}/amender/"
    assert sends(bob, address, text=paragraph.text, reason="Rien", version=1).status_code == 422
    assert sends(bob, address, text="De Bob.", reason="", version=1).status_code == 422
    assert sends(bob, address, text="De Bob.", reason="Mieux", version=1).status_code == 302
    amendment = Amendment.objects.get()
    decide = f"amendements/{amendment.pk}/decider/"
    assert sends(alice, decide, version=1, action="refuse").status_code == 422
    assert sends(alice, decide, version=1, action="accept").status_code == 302
    paragraph.refresh_from_db()
    assert paragraph.text == "De Bob."


def test_a_vote_goes_from_its_opening_to_its_result(
    convention: Convention, proposal: Proposal, alice: Person, bob: Person, bob_member: Member, sends: Sends
) -> None:
    assert sends(alice, "propositions/1/voter/", mode="telepathy").status_code == 422
    assert sends(alice, "propositions/1/voter/", mode="phones").status_code == 302
    assert sends(bob, "votes/1/juger/", level=7).status_code == 422
    assert sends(bob, "votes/1/juger/", level="").status_code == 422
    assert sends(bob, "votes/1/juger/", level=2).status_code == 302
    assert sends(bob, "votes/1/juger/", level=5).status_code == 302
    assert sends(alice, "votes/1/clore/").status_code == 302
    ballot = Ballot.objects.get()
    assert (ballot.counts, ballot.is_quorate) == ([0, 0, 0, 0, 1], False)
    assert sends(bob, "votes/1/juger/", level=5).status_code == 409


def test_hands_are_counted_on_the_page(
    convention: Convention, proposal: Proposal, alice: Person, sends: Sends
) -> None:
    sends(alice, "propositions/1/voter/", mode="hands")
    hands = {f"level_{level}": 0 for level in range(1, 6)}
    for wrong in ({"level_1": -1}, {"level_1": "x"}, {"level_1": ""}, {"level_5": 11}, {"level_5": 10**12}):
        assert sends(alice, "votes/1/clore/", **(hands | wrong)).status_code == 422
    assert sends(alice, "votes/1/clore/", **(hands | {"level_5": 10})).status_code == 302
    assert Ballot.objects.get().is_kept


def test_an_opinion_is_written_signed_and_withdrawn(
    convention: Convention, proposal: Proposal, alice: Person, bob: Person, bob_member: Member, sends: Sends
) -> None:
    (signer,) = seat_people(convention, 1)
    sends(bob, "opinions-minoritaires/nouvelle/", title="Non", text="Trop cher.", proposal=proposal.pk)
    opinion = MinorityOpinion.objects.get()
    assert opinion.proposal == proposal
    sends(signer, "opinions-minoritaires/1/signer/", action="sign")
    assert opinion.signatories.count() == 2
    assert sends(bob, "opinions-minoritaires/1/modifier/", title="Non", text="Autre").status_code == 409
    sends(signer, "opinions-minoritaires/1/signer/", action="unsign")
    assert opinion.signatories.count() == 1
    assert sends(alice, "opinions-minoritaires/1/papier/", number=99).status_code == 422
    assert sends(alice, "opinions-minoritaires/1/signer/", action="sign").status_code == 404
    assert sends(bob, "opinions-minoritaires/1/retirer/").status_code == 302
    opinion.refresh_from_db()
    assert opinion.withdrawn_at is not None


def test_contributions_chosen_begin_a_proposal(
    convention: Convention, alice: Person, bob: Person, bob_member: Member, sends: Sends
) -> None:
    theme = give_theme(convention, alice)
    words = give_words(convention, alice, theme)
    response = sends(bob, "propositions/nouvelle/", title="Une", theme=theme.pk, c=["1", "3", "x", "9" * 30])
    assert response.status_code == 302
    texts = [each.text for each in list_paragraphs(convention.proposals.get())]
    assert texts == [words[0].text, words[2].text]


def test_themes_are_added_ordered_and_deleted(convention: Convention, alice: Person, sends: Sends) -> None:
    for title in ("Un", "Deux"):
        assert sends(alice, "themes/", title=title).status_code == 302
    assert sends(alice, "themes/", title="un").status_code == 422
    first, second = convention.themes.all()
    sends(alice, f"themes/{second.pk}/ranger/", action="up")
    assert list(convention.themes.all()) == [second, first]
    sends(alice, f"themes/{first.pk}/ranger/", action="delete")
    assert list(convention.themes.all()) == [second]


def test_a_title_saved_meanwhile_is_shown_and_what_was_typed_is_kept(
    convention: Convention, proposal: Proposal, alice: Person, bob: Person, bob_member: Member, sends: Sends
) -> None:
    sends(bob, "propositions/1/titre/", title="Le titre de Bob", version=1)
    response = sends(alice, "propositions/1/titre/", title="Le titre d’Alice", version=1)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Le titre de Bob" in page
    assert 'value="Le titre d’Alice"' in page
    assert sends(alice, "propositions/1/titre/", title="Le titre d’Alice", version=2).status_code == 302
