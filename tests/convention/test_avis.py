"""The avis: a draft for the team and the members, then one document that nothing changes any more."""

import hashlib
from datetime import timedelta
from io import BytesIO

import odfdo
import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.convention import actions
from antigone.convention.documents.contents import gather_contents
from antigone.convention.models import (
    Avis,
    AvisFile,
    Convention,
    Hearing,
    Member,
    Observation,
    Paragraph,
    Phase,
    Proposal,
    ProposalTranslation,
)
from antigone.errors import NotAllowed, NotPossible, WrongInput
from tests.convention.answering import adopt_proposal, adopt_proposals, write_opinion
from tests.convention.conftest import Opens, move_to

SITE = "https://ville.example/"


@pytest.fixture
def written(convention: Convention, alice: Person, esther: Person) -> Convention:
    """Two adopted proposals, two opinions of minorities, an observation, a hearing, a preamble and a method."""
    one, _two = adopt_proposals(convention, 2)
    write_opinion(convention, one, signatures=3)
    write_opinion(convention, None, signatures=4)
    now = timezone.now()
    for text, public_from in (("Vu de près", now), ("CACHE-observation", now + timedelta(days=9))):
        Observation.objects.create(
            convention=convention, text=text, written_at=now, written_by=esther, public_from=public_from
        )
    for name, is_published in (("Jeanne Curie", True), ("CACHE-audition", False)):
        Hearing.objects.create(
            convention=convention,
            expert_name=name,
            subject="L’énergie des machines",
            interests="Aucun",
            is_published=is_published,
        )
    actions.save_avis(
        convention=convention,
        language="fr",
        preamble="Nous, membres de la convention.",
        method="Trois sessions.",
        version=0,
        by=alice,
    )
    return convention


def deliver(convention: Convention, by: Person, language: str = "fr") -> Avis:
    return actions.deliver_avis(convention=convention, language=language, site=SITE, by=by)


def translate_all(convention: Convention, by: Person) -> None:
    for proposal in convention.proposals.adopted():
        actions.save_translation(
            proposal=proposal,
            language="en",
            title=f"Proposal {proposal.number}",
            paragraphs={
                row.pk: (row.version, f"Paragraph {row.position} in English.")
                for row in proposal.paragraphs.current()
            },
            version=0,
            by=by,
        )
    themes = {f"theme-{theme.pk}": f"Theme {theme.position}" for theme in convention.themes.all()}
    opinions = {
        f"opinion-{opinion.pk}-{part}": f"Opinion {part}"
        for opinion in convention.minority_opinions.all()
        for part in ("title", "text")
    }
    actions.save_passages(
        convention=convention,
        language="en",
        preamble="We, the members.",
        method="Three sessions.",
        passages=themes | opinions,
        version=0,
        by=by,
    )


def read_odt(file: AvisFile) -> str:
    return odfdo.Document(BytesIO(bytes(file.data))).get_formatted_text()


def test_the_draft_is_for_the_team_and_the_members(
    written: Convention, bob_member: Member, request: pytest.FixtureRequest, opens: Opens
) -> None:
    address = f"/conventions/{written.slug}/avis/"
    for name in ("alice", "esther", "bob"):
        assert "Proposition 1" in opens(request.getfixturevalue(name)).get(address).content.decode()
    for name in ("farid", "jeanne", "olivia", "marc", None):
        client = opens(request.getfixturevalue(name) if name else None)
        page = client.get(address)
        assert page.status_code == 200
        assert "Proposition 1" not in page.content.decode()
        assert client.get(f"/conventions/{written.slug}/avis.odt").status_code == 404
        assert client.get(f"{address}en/").status_code == 404


def test_the_avis_has_all_its_parts(written: Convention, alice: Person, opens: Opens) -> None:
    deliver(written, alice)
    page = opens(None).get(f"/conventions/{written.slug}/avis/").content.decode()
    for words in (
        "Paragraphe 2 de la proposition 1.",
        "Nous, membres de la convention.",
        "Trois sessions.",
        "Ce que nous aurions écrit",
        "Vu de près",
        "Jeanne Curie",
        "Membre 3",
        "60+",
        "Esther",
    ):
        assert words in page, words
    assert "CACHE" not in page
    assert "SECRET" not in page


def test_files_are_kept_with_their_hash(written: Convention, alice: Person, opens: Opens) -> None:
    avis = deliver(written, alice)
    page = opens(None).get(f"/conventions/{written.slug}/avis/").content.decode()
    for file in avis.files.all():
        sent = opens(None).get(f"/conventions/{written.slug}/avis.{file.kind}")
        assert hashlib.sha256(sent.content).hexdigest() == file.sha256
        assert file.sha256 in page
        assert f"avis.{file.kind}" in page


def test_the_odt_says_the_whole_avis_and_names_no_member(written: Convention, alice: Person) -> None:
    text = read_odt(deliver(written, alice).files.get(kind="odt"))
    for words in (
        "La ville et l’intelligence artificielle",
        "Paragraphe 1 de la proposition 2.",
        "Nous aurions voulu aller plus loin.",
        "Vu de près",
        "https://ville.example/conventions/",
    ):
        assert words in text, words
    for words in ("Membre 3", "SECRET", "CACHE"):
        assert words not in text


def test_the_pdf_says_the_same_and_is_tagged(written: Convention, alice: Person) -> None:
    file = deliver(written, alice).files.get(kind="pdf")
    pdf = pypdfium2.PdfDocument(bytes(file.data))
    text = " ".join(" ".join(page.get_textpage().get_text_bounded() for page in pdf).split())
    for words in ("Paragraphe 1 de la proposition 2.", "Nous aurions voulu aller plus loin.", "Vu de près"):
        assert words in text, words
    for words in ("Membre 3", "SECRET", "CACHE"):
        assert words not in text
    assert pdf.is_tagged()


def test_what_is_delivered_does_not_change(written: Convention, alice: Person, opens: Opens) -> None:
    before = {file.kind: file.sha256 for file in deliver(written, alice).files.all()}
    for writing in (
        lambda: actions.save_avis(
            convention=written, language="fr", preamble="Autre", method="", version=1, by=alice
        ),
        lambda: deliver(written, alice),
    ):
        with pytest.raises(NotPossible) as refusal:
            writing()
        assert refusal.value.code == "avis_already_delivered"
    assert {file.kind: file.sha256 for file in AvisFile.objects.all()} == before


def test_texts_votes_and_opinions_stay_as_they_were_delivered(
    written: Convention, alice: Person, bob: Person, bob_member: Member
) -> None:
    deliver(written, alice)
    proposal, theme = written.proposals.get(number=1), written.themes.first()
    for writing in (
        lambda: actions.set_proposal_aside(proposal=proposal, reason="Tard", by=alice),
        lambda: actions.create_proposal(convention=written, theme=theme, title="Après", by=alice),
        lambda: actions.write_minority_opinion(
            convention=written, proposal=proposal, title="Après", text="Trop tard", by=bob
        ),
    ):
        with pytest.raises(NotPossible) as refusal:
            writing()
        assert refusal.value.code == "avis_delivered"


def test_nothing_is_delivered_while_a_vote_is_open(written: Convention, alice: Person) -> None:
    ballot = written.ballots.get(number=1)
    ballot.state = "open"
    ballot.save()
    with pytest.raises(NotPossible) as refusal:
        deliver(written, alice)
    assert refusal.value.code == "avis_while_voting"
    ballot.state = "closed"
    ballot.save()
    written.proposals.filter(number=2).update(state=Proposal.State.VOTING)
    with pytest.raises(NotPossible):
        deliver(written, alice)
    assert not AvisFile.objects.exists()


def test_an_avis_has_a_proposal(convention: Convention, alice: Person) -> None:
    with pytest.raises(NotPossible) as refusal:
        deliver(convention, alice)
    assert refusal.value.code == "avis_without_proposal"


@pytest.mark.parametrize("name", ["esther", "farid", "jeanne", "olivia", "marc", "bob"])
def test_only_facilitators_write_and_deliver(
    written: Convention, bob_member: Member, request: pytest.FixtureRequest, opens: Opens, name: str
) -> None:
    person = request.getfixturevalue(name)
    with pytest.raises(NotAllowed):
        deliver(written, person)
    with pytest.raises(NotAllowed):
        actions.save_avis(convention=written, language="fr", preamble="", method="", version=1, by=person)
    client, base = opens(person), f"/conventions/{written.slug}/avis"
    for path in ("modifier/", "livrer/", "en/traduire/1/", "en/livrer/"):
        assert client.get(f"{base}/{path}").status_code == 404
        assert client.post(f"{base}/{path}").status_code == 404


@pytest.mark.parametrize("phase", [Phase.PREPARATION, Phase.SELECTION, Phase.ANSWERS, Phase.CLOSED])
def test_the_avis_belongs_to_the_deliberation(written: Convention, alice: Person, phase: Phase) -> None:
    move_to(written, phase)
    with pytest.raises(NotPossible) as refusal:
        deliver(written, alice)
    assert refusal.value.code == "phase_closed"


def test_the_second_to_write_loses_nothing(written: Convention, alice: Person, opens: Opens) -> None:
    typed = {"preamble": "Mon préambule", "method": "Ma méthode", "version": 0}
    page = opens(alice).post(f"/conventions/{written.slug}/avis/modifier/", typed)
    assert page.status_code == 409
    assert "Mon préambule" in page.content.decode()
    assert "Nous, membres de la convention." in page.content.decode()


def test_a_translation_follows_the_avis_when_it_is_complete(
    written: Convention, alice: Person, opens: Opens
) -> None:
    translate_all(written, alice)
    with pytest.raises(NotPossible) as refusal:
        deliver(written, alice, "en")
    assert refusal.value.code == "avis_translated_too_soon"
    deliver(written, alice)
    move_to(written, Phase.ANSWERS)
    text = read_odt(deliver(written, alice, "en").files.get(kind="odt"))
    assert "Paragraph 1 in English." in text
    assert "Minority opinion" in text
    page = opens(None).get(f"/conventions/{written.slug}/avis/en/")
    assert 'lang="en"' in page.content.decode()
    assert "Paragraph 2 in English." in page.content.decode()
    assert opens(None).get(f"/conventions/{written.slug}/avis.en.odt").status_code == 200


def test_another_version_is_to_be_translated_again(written: Convention, alice: Person) -> None:
    translate_all(written, alice)
    now = timezone.now()
    assert gather_contents(written, "en", now).missing == 0
    paragraph = Paragraph.objects.first()
    assert paragraph is not None
    Paragraph.objects.filter(pk=paragraph.pk).update(text="Réécrit.", version=2)
    contents = gather_contents(written, "en", now)
    assert contents.missing == 1
    assert any("Réécrit." in proposal.paragraphs for proposal in contents.proposals)
    deliver(written, alice)
    with pytest.raises(NotPossible) as refusal:
        deliver(written, alice, "en")
    assert refusal.value.code == "avis_not_translated"


def test_a_theme_renamed_is_to_be_translated_again(written: Convention, alice: Person) -> None:
    translate_all(written, alice)
    written.themes.filter(position=1).update(title="Autre thème")
    assert gather_contents(written, "en", timezone.now()).missing == 1


def test_a_translation_is_not_overwritten_unseen(written: Convention, alice: Person, opens: Opens) -> None:
    translate_all(written, alice)
    address = f"/conventions/{written.slug}/avis/en/traduire/1/"
    paragraph = Paragraph.objects.filter(proposal__number=1).first()
    assert paragraph is not None
    typed = {
        "title": "Mine",
        "version": 0,
        **{f"version-{row.pk}": 1 for row in Paragraph.objects.filter(proposal__number=1)},
        f"text-{paragraph.pk}": "My words, not lost.",
    }
    page = opens(alice).post(address, typed)
    assert page.status_code == 409
    assert "My words, not lost." in page.content.decode()
    assert "Paragraph 1 in English." in page.content.decode()
    typed["version"] = 1
    assert opens(alice).post(address, typed).status_code == 302
    assert ProposalTranslation.objects.get(proposal__number=1).title == "Mine"


def test_languages_are_those_of_the_city(written: Convention, alice: Person, opens: Opens) -> None:
    with pytest.raises(WrongInput):
        deliver(written, alice, "tlh")
    client = opens(alice)
    for path in ("tlh/", "tlh/traduire/", "fr/traduire/", "tlh/livrer/"):
        assert client.get(f"/conventions/{written.slug}/avis/{path}").status_code == 404


@pytest.mark.parametrize("language", ["fr", "en"])
def test_pages_of_the_team_open(written: Convention, alice: Person, opens: Opens, language: str) -> None:
    Person.objects.update(language=language)
    client, base = opens(alice), f"/conventions/{written.slug}/avis/"
    for path in ("", "en/", "modifier/", "livrer/", "en/traduire/", "en/traduire/1/"):
        assert client.get(base + path).status_code == 200, path
    assert client.post(f"{base}livrer/").status_code == 302
    translate_all(written, alice)
    assert client.post(f"{base}en/livrer/").status_code == 302
    assert client.get(f"{base}en/traduire/").status_code == 200


def test_the_page_reads_two_proposals_as_it_reads_twenty(
    written: Convention, alice: Person, opens: Opens
) -> None:
    client, address = opens(alice), f"/conventions/{written.slug}/avis/"
    client.get(address)
    with CaptureQueriesContext(connection) as small:
        client.get(address)
    theme = written.themes.first()
    assert theme is not None
    for number in range(3, 21):
        write_opinion(written, adopt_proposal(written, theme, number))
    Member.objects.bulk_create(
        Member(convention=written, number=n, pseudonym=f"Autre {n}", joined_at=timezone.now())
        for n in range(11, 40)
    )
    with CaptureQueriesContext(connection) as large:
        client.get(address)
    assert len(large) == len(small)
