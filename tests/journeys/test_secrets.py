"""What is internal stays so: Zoé meets it nowhere, while Chloé, an agent, finds it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.files import write_pdf
from tests.journeys.reader import Reader
from tests.journeys.town import Town
from tests.journeys.words import HOURS
from tests.scripted_engine import ScriptedEngine

pytestmark = pytest.mark.xdist_group("journeys")

CODE_WORD = "AMARANTE"
SECRET = "Quel est le mot de reconnaissance du quatrième trimestre 2026 ?"
PROBES = (
    SECRET,
    "mot de reconnaissance direction du numérique",
    "amarantes",
    "AMARENTE-7",
    "consigne de sécurité",
)


def test_visitor_finds_nothing_internal_and_the_agent_does(zoe: Reader, chloe: Reader) -> None:
    for probe in PROBES:
        zoe.search(probe)
        assert CODE_WORD not in zoe.main
        zoe.open("/demander/")
        zoe.ask(probe)
        assert CODE_WORD not in zoe.page.content()
    chloe.search(SECRET)
    assert CODE_WORD in chloe.main
    chloe.open("/demander/")
    chloe.ask(SECRET)
    assert CODE_WORD in " ".join(chloe.sentences)


def test_lists_and_counts_of_a_visitor_leave_out_what_is_internal(
    zoe: Reader, chloe: Reader, town: Town
) -> None:
    hidden = [
        text
        for (text,) in town.rows(
            """SELECT document.title FROM library_document document
               JOIN library_collection collection ON collection.id = document.collection_id
               WHERE collection.slug = 'interne'
               UNION SELECT question FROM assistant_suggestion suggestion
               JOIN library_document document ON document.id = suggestion.document_id
               JOIN library_collection collection ON collection.id = document.collection_id
               WHERE collection.slug = 'interne'
               UNION SELECT name FROM library_collection WHERE slug = 'interne'"""
        )
    ]
    assert hidden
    ((public,),) = town.rows(
        """SELECT count(*) FROM library_document document
           JOIN library_collection collection ON collection.id = document.collection_id
           WHERE collection.audience = 'public' AND document.withdrawn_at IS NULL"""
    )
    for path in ("/", "/demander/", "/documents/", "/documents/recherche/"):
        zoe.open(path)
        for text in hidden:
            assert text not in zoe.main
    zoe.open("/")
    assert f" {public} " in zoe.page.locator("main a[href='/documents/']").inner_text()
    zoe.open("/documents/collections/interne/", status=404)
    chloe.open("/documents/collections/interne/")


def test_guessed_addresses_of_internal_documents_lead_a_visitor_nowhere(
    zoe: Reader, chloe: Reader, ines: Reader, town: Town, tmp_path: Path
) -> None:
    ines.add_files("interne", [write_pdf(tmp_path / "astreinte.pdf", "Le code du local est CORMORAN-9.")])
    versions = town.rows(
        """SELECT document.id, version.id, version.media_type FROM library_version version
           JOIN library_document document ON document.id = version.document_id
           JOIN library_collection collection ON collection.id = document.collection_id
           WHERE collection.slug = 'interne'"""
    )
    addresses = []
    for document, version, media_type in versions:
        addresses += [f"/documents/{document}/", f"/documents/{document}/pages/1/?start=0&end=9"]
        addresses.append(f"/documents/{document}/versions/{version}/fichier/")
        if media_type == "application/pdf":
            addresses.append(f"/documents/{document}/versions/{version}/pages/1/800.png")
    assert any(address.endswith(".png") for address in addresses)
    for address in addresses:
        assert zoe.page.request.get(address).status == 404
        assert chloe.page.request.get(address).status == 200
    for act in ("corriger", "retirer"):
        assert chloe.page.request.get(f"/documents/{versions[0][0]}/{act}/").status in {403, 404}
    zoe.search("code du local")
    assert "CORMORAN" not in zoe.main


def test_models_are_shown_nothing_internal_for_a_visitor(
    arrive: Callable[..., Reader], town_with_models: Town, scripted: ScriptedEngine
) -> None:
    zoe = arrive(town_with_models)
    zoe.open("/demander/")
    scripted.requests.clear()
    for question in (HOURS, "Comment signaler un message suspect à la ville ?", SECRET):
        zoe.ask(question)
    assert scripted.requests
    assert CODE_WORD not in json.dumps(scripted.requests)
    assert CODE_WORD not in zoe.page.content()
    chloe = arrive(town_with_models, role="Chloé Martin")
    chloe.open("/demander/")
    chloe.ask(SECRET)
    assert CODE_WORD in json.dumps(scripted.requests)


def test_log_of_the_server_holds_no_question_and_no_document(zoe: Reader, chloe: Reader, town: Town) -> None:
    for reader in (zoe, chloe):
        reader.open("/demander/")
        reader.ask(SECRET)
        reader.open("/documents/0/", status=404)
    assert CODE_WORD not in town.log
    assert "reconnaissance" not in town.log
