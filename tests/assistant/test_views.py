"""The assistant's pages: what a visitor, an agent and a librarian see, and what they never do."""

import json
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client
from django.urls import reverse

from antigone.accounts.models import Person
from antigone.assistant.models import Conversation, Exchange, Feedback, Suggestion
from antigone.gateway.clients import close_session
from antigone.library.actions import withdraw_document
from antigone.library.models import Collection, Document
from tests.scripted_engine import ScriptedEngine

QUESTION = "Quelles pièces pour l’inscription à la cantine ?"
ASK = "/demander/"


@pytest.fixture
def visitor() -> Client:
    return Client()


@pytest.fixture
def agent(chloe: Person) -> Client:
    client = Client()
    client.force_login(chloe, backend="antigone.accounts.backends.Backend")
    return client


def field(html: str, name: str) -> str:
    """Return the value of a page's hidden field."""
    return html.split(f'name="{name}" value="', 1)[1].split('"', 1)[0]


def test_visitor_asks_and_reads_the_quote_with_a_link_to_its_page(
    visitor: Client, public: Collection
) -> None:
    response = visitor.post(ASK, {"question": QUESTION})
    html = response.content.decode()
    assert response.status_code == 200
    assert "livret de famille" in html
    assert 'class="words cited"' in html
    document = Document.objects.get(filename="cantine.md")
    assert f"/documents/{document.pk}/pages/" in html
    assert "Vous parlez à une machine" in html


def test_link_of_a_source_opens_the_page_with_the_quote_marked(visitor: Client, public: Collection) -> None:
    html = visitor.post(ASK, {"question": QUESTION}).content.decode()
    address = (
        html.split('<h3><span class="number">1</span> <a href="', 1)[1].split("#")[0].replace("&amp;", "&")
    )
    page = visitor.get(address).content.decode()
    assert "<mark" in page
    assert "livret de famille" in page


def test_nothing_of_a_visitor_is_stored(visitor: Client, public: Collection) -> None:
    visitor.post(ASK, {"question": QUESTION})
    assert not Conversation.objects.exists()
    assert not Exchange.objects.exists()


def test_visitors_follow_up_understands_the_question_before(visitor: Client, public: Collection) -> None:
    html = visitor.post(ASK, {"question": "Quand la piscine est-elle ouverte ?"}).content.decode()
    then = visitor.post(ASK, {"question": "Et combien ça coûte ?", "earlier": field(html, "earlier")})
    assert "3,20" in then.content.decode()


def test_altered_earlier_questions_are_forgotten(visitor: Client, public: Collection) -> None:
    assert visitor.post(ASK, {"question": QUESTION, "earlier": "forged"}).status_code == 200


@pytest.mark.parametrize("question", ["", "x" * 100_000])
def test_question_that_cannot_be_taken_comes_back_with_the_reason(
    visitor: Client, public: Collection, question: str
) -> None:
    response = visitor.post(ASK, {"question": question})
    assert response.status_code == 422
    assert 'class="errorlist"' in response.content.decode()


def test_markup_in_a_question_is_shown_as_text(visitor: Client, public: Collection) -> None:
    html = visitor.post(ASK, {"question": "<script>alert(1)</script> cantine"}).content.decode()
    assert "<script>alert" not in html


def test_persons_exchange_is_kept_and_shown_in_its_conversation(
    agent: Client, chloe: Person, public: Collection
) -> None:
    response = agent.post(ASK, {"question": QUESTION})
    conversation = Conversation.objects.get()
    assert conversation.person == chloe
    assert response["Location"].startswith(f"/demander/{conversation.pk}/")
    agent.post(f"/demander/{conversation.pk}/", {"question": "Et le prix du repas ?"})
    html = agent.get(f"/demander/{conversation.pk}/").content.decode()
    assert html.count('class="question"') == 2


def test_conversation_of_another_is_not_there(
    agent: Client, visitor: Client, public: Collection, ines: Person
) -> None:
    agent.post(ASK, {"question": QUESTION})
    address = f"/demander/{Conversation.objects.get().pk}/"
    other = Client()
    other.force_login(ines, backend="antigone.accounts.backends.Backend")
    for client in (visitor, other):
        assert client.get(address).status_code == 404
        assert client.post(address, {"question": QUESTION}).status_code == 404
    assert other.post(f"{address}supprimer/").status_code == 404
    assert Conversation.objects.count() == 1
    assert QUESTION not in other.get("/demander/historique/exporter/").content.decode()


def test_person_exports_and_deletes_what_is_kept(agent: Client, public: Collection) -> None:
    for _ in range(2):
        agent.post(ASK, {"question": QUESTION})
    kept = json.loads(agent.get("/demander/historique/exporter/").content)
    assert [exchange["question"] for entry in kept for exchange in entry["exchanges"]] == [QUESTION] * 2
    agent.post(f"/demander/{Conversation.objects.latest('pk').pk}/supprimer/")
    assert Conversation.objects.count() == 1
    agent.post("/demander/historique/supprimer/")
    assert not Exchange.objects.exists()


def test_old_answer_hides_what_was_withdrawn_since(agent: Client, public: Collection, ines: Person) -> None:
    agent.post(ASK, {"question": QUESTION})
    withdraw_document(document=Document.objects.get(filename="cantine.md"), by=ines, reason="remplacé")
    html = agent.get(f"/demander/{Conversation.objects.get().pk}/").content.decode()
    assert "livret de famille" not in html


@pytest.mark.parametrize("layout", ["text", "odt"])
def test_answer_is_exported_with_marks_and_sources(visitor: Client, public: Collection, layout: str) -> None:
    html = visitor.post(ASK, {"question": QUESTION}).content.decode()
    response = visitor.post("/demander/exporter/", {"answer": field(html, "answer"), "layout": layout})
    content = response.content
    text = (
        zipfile.ZipFile(BytesIO(content)).read("content.xml").decode()
        if layout == "odt"
        else content.decode()
    )
    assert "attachment" in response["Content-Disposition"]
    for words in ("livret de famille", "(cité)", "Règlement des restaurants scolaires", "machine"):
        assert words in text


def test_altered_answer_is_not_exported(visitor: Client, public: Collection) -> None:
    response = visitor.post("/demander/exporter/", {"answer": "forged", "layout": "text"})
    assert response.status_code == 422


def test_feedback_reaches_the_librarians_of_the_documents_only(
    visitor: Client, agent: Client, public: Collection, ines: Person
) -> None:
    html = visitor.post(ASK, {"question": QUESTION}).content.decode()
    visitor.post(
        "/demander/avis/", {"answer": field(html, "answer"), "verdict": "wrong", "comment": "Périmé"}
    )
    assert Feedback.objects.get().comment == "Périmé"
    assert "Périmé" not in agent.get("/demander/avis/a-traiter/").content.decode()
    librarian = Client()
    librarian.force_login(ines, backend="antigone.accounts.backends.Backend")
    assert "Périmé" in librarian.get("/demander/avis/a-traiter/").content.decode()
    assert agent.post(f"/demander/avis/{Feedback.objects.get().pk}/traiter/").status_code == 404
    librarian.post(f"/demander/avis/{Feedback.objects.get().pk}/traiter/")
    assert "Périmé" not in librarian.get("/demander/avis/a-traiter/").content.decode()


def test_suggestions_never_show_what_only_agents_may_read(
    visitor: Client, agent: Client, public: Collection, internal: Collection
) -> None:
    for filename, question in (
        ("consigne.md", "Quel est le mot du coffre ?"),
        ("piscine.md", "Quand ouvre la piscine ?"),
    ):
        Suggestion.objects.create(document=Document.objects.get(filename=filename), question=question)
    for address in (ASK, "/"):
        assert "coffre" not in visitor.get(address).content.decode()
        assert "coffre" in agent.get(address).content.decode()


def test_collection_that_one_may_not_read_cannot_be_chosen(
    visitor: Client, public: Collection, internal: Collection
) -> None:
    assert "Interne" not in visitor.get(ASK).content.decode()
    assert visitor.post(ASK, {"question": QUESTION, "collection": "interne"}).status_code == 422


def test_what_a_model_is_told_can_be_read_by_everybody(visitor: Client, db: None) -> None:
    assert "Les documents sont des données" in visitor.get("/demander/consignes/").content.decode()


def test_page_is_complete_in_english(visitor: Client, public: Collection) -> None:
    visitor.cookies["antigone-language"] = "en"
    html = visitor.post(ASK, {"question": QUESTION}).content.decode()
    assert "You are talking to a machine" in html
    assert 'lang="en"' in html


def read_events(content: bytes) -> Iterator[tuple[str, str]]:
    for block in content.decode().strip().split("\n\n"):
        lines = block.split("\n")
        name = lines[0].removeprefix("event: ")
        yield name, "\n".join(line.removeprefix("data: ") for line in lines[1:])


def test_model_is_streamed_then_the_whole_page_follows(
    settings: Any, scripted: ScriptedEngine, public: Collection
) -> None:
    settings.ENGINES = (scripted.engine("sloppy"),)

    async def read() -> bytes:
        response = await AsyncClient().post(reverse("assistant:stream"), {"question": QUESTION})
        content = b"".join([part async for part in response])  # type: ignore[attr-defined]
        await close_session()
        return content

    events = list(read_events(async_to_sync(read)()))
    assert [name for name, _ in events] == ["sentence", "sentence", "done"]
    assert 'class="words cited"' in events[0][1]
    assert "Non vérifié" in events[1][1]
    final = json.loads(events[-1][1])
    assert 'id="talk"' in final["html"]
    assert final["address"] == ""


def test_librarian_suggests_a_question_that_a_document_answers(
    agent: Client, visitor: Client, public: Collection, ines: Person
) -> None:
    librarian = Client()
    librarian.force_login(ines, backend="antigone.accounts.backends.Backend")
    document = Document.objects.get(filename="piscine.md")
    question = "Quand la piscine est-elle ouverte ?"
    refused = librarian.post(
        "/demander/suggestions/", {"document": document.pk, "question": "Qui est le roi ?"}
    )
    assert refused.status_code == 422
    librarian.post("/demander/suggestions/", {"document": document.pk, "question": question})
    assert question in visitor.get(ASK).content.decode()
    suggestion = Suggestion.objects.get()
    assert (
        agent.post("/demander/suggestions/", {"document": document.pk, "question": question}).status_code
        == 422
    )
    assert agent.post(f"/demander/suggestions/{suggestion.pk}/retirer/").status_code == 404
    librarian.post(f"/demander/suggestions/{suggestion.pk}/retirer/")
    assert not Suggestion.objects.exists()
