"""Engines that help to search: they change the order of what a person may read, and nothing else."""

import logging
import threading

import pytest
from asgiref.sync import async_to_sync
from click.testing import CliRunner
from django.test import AsyncClient, Client
from django.urls import reverse
from pytest_django import Settings

from antigone.accounts.models import Person
from antigone.assistant import actions
from antigone.assistant.asking import answer_question, find_model, inquire
from antigone.assistant.commands import embed
from antigone.gateway.clients import close_session
from antigone.gateway.engines import Engine
from antigone.gateway.speaking import find_first
from antigone.library.actions import add_document
from antigone.library.models import Collection, Passage, PassageVector
from antigone.portal.commands import _embed_some
from tests.scripted_engine import ScriptedEngine

POOLS = "Quand ouvre la piscine ?"


@pytest.fixture
def pools(public: Collection) -> Collection:
    """Two documents that answer alike, the shorter one found last by its words."""
    for name, text in (
        ("longue", "# Piscine longue\n\nLa piscine ouvre : quand la piscine ouvre, elle ouvre à neuf heures du matin."),
        ("courte", "# Bassin\n\nLa piscine est à dix heures."),
    ):  # fmt: skip
        add_document(collection=public, filename=f"{name}.md", data=text.encode(), by=None)
    return public


def sources(question: str, person: Person | None = None) -> list[str]:
    return [source.filename for source in inquire(question, person=person).sources]


def test_reranking_moves_what_the_engine_prefers(
    pools: Collection, scripted: ScriptedEngine, settings: Settings
) -> None:
    before = sources(POOLS)
    settings.ENGINES = (scripted.engine("honest", kind="rerank"),)
    after = sources(POOLS)
    assert sorted(after) == sorted(before)
    assert after.index("courte.md") < before.index("courte.md")


def test_reranking_is_told_only_what_the_reader_may_read(
    pools: Collection, internal: Collection, scripted: ScriptedEngine, settings: Settings, chloe: Person
) -> None:
    settings.ENGINES = (scripted.engine("honest", kind="rerank"),)
    for person, told in ((chloe, True), (None, False)):
        scripted.requests.clear()
        inquire("Le mot de passe du coffre à la piscine", person=person)
        assert ("chef de service" in str(scripted.requests)) == told
        assert scripted.requests


@pytest.mark.parametrize("model", ["refusing", "lying", "sloppy", "silent"])
def test_reranking_that_fails_leaves_the_order_of_words_and_no_trace_of_the_question(
    pools: Collection,
    scripted: ScriptedEngine,
    settings: Settings,
    model: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = sources(POOLS)
    settings.ENGINES = (scripted.engine(model, kind="rerank", timeout_seconds=1),)
    with caplog.at_level(logging.INFO):
        assert sources(POOLS) == before
    assert model.capitalize() in caplog.text
    assert "piscine" not in caplog.text


def test_engines_that_only_help_to_search_are_not_offered(
    public: Collection, scripted: ScriptedEngine, settings: Settings
) -> None:
    settings.ENGINES = (scripted.engine("reranker", kind="rerank"),)
    assert find_model("") is None
    assert find_model("Reranker") is None
    assert answer_question("Faut-il un bonnet de bain à la piscine ?", person=None).engine == ""
    settings.ENGINES = (*settings.ENGINES, scripted.engine("honest"))
    assert find_model("") is not None
    page = Client().get(reverse("assistant:ask")).content.decode()
    assert "Honest" in page
    assert "Reranker" not in page


NO_WORD = "Où faire trempette ?"


@pytest.fixture
def embedder(
    scripted: ScriptedEngine, settings: Settings, public: Collection, internal: Collection
) -> Engine:
    """The engine that made the vectors of all that was added."""
    engine = scripted.engine("honest", kind="embedding")
    settings.ENGINES = (engine,)
    model = find_first("embedding")
    assert model is not None
    assert sum(actions.embed_passages(model)) == Passage.objects.count() > 0
    return engine


def test_question_finds_by_its_meaning_what_shares_no_word_with_it(
    embedder: Engine, scripted: ScriptedEngine, settings: Settings
) -> None:
    assert sources(NO_WORD)[0] == "piscine.md"
    answer = answer_question(NO_WORD, person=None, model=scripted.model("honest"))
    assert answer.engine == "Honest"
    assert answer.sources[0].filename == "piscine.md"
    settings.ENGINES = ()
    assert sources(NO_WORD) == []


def test_visitor_never_finds_by_its_meaning_what_is_internal(embedder: Engine, chloe: Person) -> None:
    assert sources("Quel est le sésame ?", chloe)[0] == "consigne.md"
    assert "consigne.md" not in sources("Quel est le sésame ?")


@pytest.mark.parametrize("model", ["refusing", "lying", "sloppy", "silent"])
def test_embedding_that_fails_leaves_the_search_as_it_was(
    embedder: Engine, scripted: ScriptedEngine, settings: Settings, model: str
) -> None:
    settings.ENGINES = ()
    before = inquire(POOLS, person=None)
    settings.ENGINES = (scripted.engine(model, kind="embedding", timeout_seconds=1),)
    assert inquire(POOLS, person=None) == before


def test_command_makes_the_vectors_that_are_missing(embedder: Engine, settings: Settings) -> None:
    PassageVector.objects.first().delete()  # type: ignore[union-attr]
    assert "1 passages have a new vector" in CliRunner().invoke(embed).output
    assert "0 passages have a new vector" in CliRunner().invoke(embed).output
    settings.ENGINES = ()
    refused = CliRunner().invoke(embed)
    assert refused.exit_code == 1
    assert "docs/settings.md" in refused.output


def test_worker_makes_the_vectors_that_are_missing_and_survives_an_engine_that_fails(
    embedder: Engine, scripted: ScriptedEngine, settings: Settings
) -> None:
    PassageVector.objects.all().delete()
    settings.ENGINES = (scripted.engine("refusing", kind="embedding"),)
    _embed_some(threading.Event())
    assert not PassageVector.objects.exists()
    settings.ENGINES = (embedder,)
    _embed_some(threading.Event())
    assert not Passage.objects.without_vector(embedder.model).exists()


def test_streamed_answer_is_helped_by_both_engines(
    embedder: Engine, scripted: ScriptedEngine, settings: Settings
) -> None:
    settings.ENGINES = (
        embedder,
        scripted.engine("comparing", kind="rerank"),
        scripted.engine("writing"),
    )
    scripted.requests.clear()

    async def read() -> bytes:
        response = await AsyncClient().post(reverse("assistant:stream"), {"question": NO_WORD})
        content = b"".join([part async for part in response])  # type: ignore[attr-defined]
        await close_session()
        return content

    assert "Piscine municipale" in async_to_sync(read)().decode()
    assert [request["model"] for request in scripted.requests] == ["honest", "comparing", "writing"]
