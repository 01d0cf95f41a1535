"""Proposals cite statements of a consultation held here, with what its votes said then; and statements know it."""

import json

import pytest
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.consultation.models import Consultation, Picture, Statement
from antigone.consultation.rules import list_citations
from antigone.convention import actions
from antigone.convention.forms.writing import AttachForm
from antigone.convention.models import Convention, Origin, Paragraph, Proposal
from antigone.convention.opendata.parsing import read_convention
from antigone.convention.opendata.writing import open_scope, write_json
from antigone.convention.provenance import Provenance
from antigone.errors import WrongInput
from tests.consultation.test_data import FIGURES, PRINT
from tests.consultation.town import add_statements, begin_consultation
from tests.convention.conftest import Opens
from tests.convention.pen import give_theme


@pytest.fixture
def consultation(alice: Person) -> Consultation:
    """A public consultation of eight statements, with its picture."""
    consultation = begin_consultation(alice)
    add_statements(consultation)
    Picture.objects.create(
        consultation=consultation, number=150, drawn_at=timezone.now(), fingerprint=PRINT, figures=FIGURES
    )
    return consultation


@pytest.fixture
def paragraph(convention: Convention, alice: Person) -> Paragraph:
    """A paragraph of a proposal, without an origin."""
    proposal = actions.create_proposal(
        convention=convention, theme=give_theme(convention, alice), title="Mieux manger", by=alice
    )
    return actions.add_paragraph(proposal=proposal, text="La ville sert deux repas végétariens.", by=alice)


def cite(paragraph: Paragraph, consultation: Consultation, *numbers: int, by: Person) -> list[Origin]:
    cited = list(consultation.statements.filter(number__in=numbers).select_related("consultation"))
    sources = actions.Sources(cited=cited)
    actions.attach_origins(paragraph=paragraph, version=paragraph.version, sources=sources, by=by)
    return list(Origin.objects.filter(version__paragraph=paragraph).order_by("pk"))


def export(convention: Convention) -> str:
    return "".join(write_json(open_scope(convention, timezone.now())))


def test_a_cited_statement_keeps_its_figures_of_that_day(
    convention: Convention, paragraph: Paragraph, consultation: Consultation, alice: Person
) -> None:
    (origin,) = cite(paragraph, consultation, 1, by=alice)
    Picture.objects.update(figures={}, fingerprint="f" * 64)
    assert (origin.figures["agrees"], origin.figures["number"], origin.figures["fingerprint"]) == (
        50,
        1,
        PRINT,
    )
    provenance = Provenance(convention)
    (source,) = provenance.read_sources(provenance.keys_of(paragraph)).values()
    assert (source.kind, source.number, source.detail) == ("cited", 1, "Vivre ici")
    assert source.text == consultation.statements.get(number=1).text
    assert source.address == "/consultations/vivre-ici/affirmations/1/"
    assert source.share == 40


def test_small_counts_are_withheld_where_a_statement_is_cited(
    paragraph: Paragraph, consultation: Consultation, alice: Person
) -> None:
    second, third, fifth = cite(paragraph, consultation, 2, 3, 5, by=alice)
    assert second.figures["groups"]["1"] is None
    assert (third.figures["votes"], third.figures["group_aware_consensus"]) == (None, None)
    assert fifth.figures == {"consultation": "vivre-ici", "number": 5}


def test_a_statement_is_cited_once(paragraph: Paragraph, consultation: Consultation, alice: Person) -> None:
    cite(paragraph, consultation, 1, 2, by=alice)
    assert len(cite(paragraph, consultation, 2, 4, by=alice)) == 3


@pytest.mark.parametrize("state", ["waiting", "rejected", "withdrawn"])
def test_only_accepted_statements_are_cited(
    state: str, paragraph: Paragraph, consultation: Consultation, alice: Person
) -> None:
    consultation.statements.filter(number=1).update(state=state)
    with pytest.raises(WrongInput) as refused:
        cite(paragraph, consultation, 1, by=alice)
    assert refused.value.code == "statement_not_citable"
    assert not Origin.objects.exists()


def test_statements_of_a_draft_are_not_cited(
    paragraph: Paragraph, consultation: Consultation, alice: Person
) -> None:
    Consultation.objects.update(published_at=None)
    with pytest.raises(WrongInput):
        cite(paragraph, consultation, 1, by=alice)


@pytest.mark.parametrize("state", ["rejected", "withdrawn"])
def test_what_was_taken_out_since_is_quoted_nowhere(
    state: str,
    convention: Convention,
    paragraph: Paragraph,
    consultation: Consultation,
    alice: Person,
    opens: Opens,
) -> None:
    """Its author may take it away, the moderators out: its number and its figures stay, its words do not."""
    cite(paragraph, consultation, 1, by=alice)
    Statement.objects.filter(number=1).update(
        state=state, text="" if state == "withdrawn" else "SECRET-words"
    )
    page = opens(alice).get(f"/conventions/{convention.slug}/paragraphes/{paragraph.pk}/")
    assert page.status_code == 200
    assert "SECRET" not in page.text
    assert "affirmations/1/" not in page.text
    document = json.loads(export(convention))
    assert [(one["statement"], one["agrees"]) for one in document["origins"]] == [("n° 1", 50)]


def test_a_citation_leaves_as_open_data_and_comes_back(
    convention: Convention, paragraph: Paragraph, consultation: Consultation, alice: Person
) -> None:
    cite(paragraph, consultation, 1, by=alice)
    first = export(Convention.objects.get(pk=convention.pk))
    (line,) = json.loads(first)["origins"]
    assert (line["consultation"], line["number"], line["votes"]) == ("vivre-ici", 1, 60)
    assert line["statement_source"] == "Vivre ici"
    assert convention.organisation is not None
    read = read_convention(first.encode())
    again = actions.import_convention(
        file=read, organisation=convention.organisation, by=None, sources="Essai"
    ).convention
    assert json.loads(export(again))["origins"] == [line]


def test_a_statement_knows_the_proposals_that_cite_it(
    convention: Convention, paragraph: Paragraph, consultation: Consultation, alice: Person
) -> None:
    statement = consultation.statements.get(number=1)
    assert list_citations(statement) == []
    cite(paragraph, consultation, 1, by=alice)
    (citation,) = list_citations(statement)
    assert citation.address == f"/conventions/{convention.slug}/propositions/{paragraph.proposal.number}/"
    assert "Mieux manger" in citation.title
    Proposal.objects.update(state="set_aside")
    assert list_citations(statement) == []
    Proposal.objects.update(state="draft")
    Convention.objects.update(published_at=None, phase="preparation")
    assert list_citations(statement) == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"cited": "1"}, "cited"),
        ({"consultation": "1"}, "cited"),
        ({"consultation": "1", "cited": "n° 1, 99"}, "cited"),
        ({"consultation": "1", "cited": "1, 2"}, "cited"),
    ],
)
def test_numbers_go_with_a_consultation_and_are_accepted_ones(
    given: dict[str, str], field: str, convention: Convention, consultation: Consultation
) -> None:
    consultation.statements.filter(number=2).update(state="rejected")
    data = {"version": "1", **given} | (
        {"consultation": str(consultation.pk)} if "consultation" in given else {}
    )
    form = AttachForm(data, convention=convention)
    assert list(form.errors) == [field]


def test_statements_are_cited_by_the_page(
    convention: Convention, paragraph: Paragraph, consultation: Consultation, alice: Person, opens: Opens
) -> None:
    browser = opens(alice)
    address = f"/conventions/{convention.slug}/paragraphes/{paragraph.pk}/origines/"
    assert "Its statements" in browser.get(address).text or "Ses affirmations" in browser.get(address).text
    answer = browser.post(
        address, {"version": "1", "consultation": str(consultation.pk), "cited": "n° 1, 4"}, follow=True
    )
    assert answer.status_code == 200
    assert [one.cited_id is not None for one in Origin.objects.all()] == [True, True]
    assert "affirmations/4/" in answer.text
    page = opens(None).get(f"/conventions/{convention.slug}/paragraphes/{paragraph.pk}/").text
    assert "affirmations/1/" in page


def test_without_a_consultation_nothing_is_asked(convention: Convention) -> None:
    assert "cited" not in AttachForm(convention=convention).fields
    assert Consultation.objects.count() == 0
