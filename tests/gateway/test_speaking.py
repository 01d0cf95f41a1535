"""What the assistant asks of models goes over real HTTP, through the guards, and leaves its usage."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

import pytest
from asgiref.sync import async_to_sync

from antigone.errors import Unavailable
from antigone.gateway.clients import close_session, run_alone
from antigone.gateway.engines import Engine
from antigone.gateway.snapshot import Model, refresh
from antigone.gateway.speaking import Message, embed, rerank, stream_text
from tests.scripted_engine import ScriptedEngine, serve_scripted_engine

T = TypeVar("T")
MESSAGES: list[Message] = [
    {
        "role": "system",
        "content": '<document number=1 title="Tarifs">\nLe repas coûte 3 €. Le goûter 1 €.\n</document>',
    },
    {"role": "user", "content": "Combien coûte le repas ?"},
]


@pytest.fixture(scope="module")
def scripted() -> Iterator[ScriptedEngine]:
    with serve_scripted_engine() as server:
        yield server


@pytest.fixture(autouse=True)
def known(db: None) -> None:
    refresh()


def run(work: Callable[[], Awaitable[T]]) -> T:
    async def whole() -> T:
        try:
            return await work()
        finally:
            await close_session()

    return async_to_sync(whole)()


def model_of(engine: Engine) -> Model:
    return Model(engine.model, engine.name, engine.kind, engines=(engine,))


def read(model: Model, pieces: list[str] | None = None) -> str:
    received = pieces if pieces is not None else []

    async def work() -> str:
        async for piece in stream_text(model, MESSAGES, answer_tokens=50):
            received.append(piece)
        return "".join(received)

    return run(work)


def test_answer_comes_in_pieces(scripted: ScriptedEngine) -> None:
    pieces: list[str] = []
    assert read(scripted.model("honest"), pieces) == "« Le repas coûte 3 €. » [1]"
    assert len(pieces) > 2


def test_key_goes_to_the_engine_only_and_is_never_shown(scripted: ScriptedEngine) -> None:
    engine = Engine(name="E", url=scripted.url, model="honest", key="secret-key")
    read(model_of(engine))
    assert "secret-key" not in repr(engine)


@pytest.mark.parametrize(
    ("model", "code"),
    [("refusing", "engine_refused"), ("dying", "engine_interrupted"), ("silent", "engine_silent")],
)
def test_failure_is_told_apart(scripted: ScriptedEngine, model: str, code: str) -> None:
    with pytest.raises(Unavailable) as caught:
        read(scripted.model(model, timeout_seconds=1))
    assert caught.value.code == code
    assert model.capitalize() in str(caught.value)


def test_engine_that_is_down_is_told_apart() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unavailable) as caught:
        read(model_of(Engine(name="Éteint", url=f"http://127.0.0.1:{port}/v1", model="m")))
    assert caught.value.code == "engine_unreachable"


def test_engine_stops_writing_when_the_reader_leaves(scripted: ScriptedEngine) -> None:
    async def work() -> None:
        stream = stream_text(scripted.model("slow"), MESSAGES, answer_tokens=50)
        await anext(stream)
        await stream.aclose()  # type: ignore[attr-defined]
        for _ in range(100):
            if scripted.left_early:
                return
            await asyncio.sleep(0.05)

    scripted.left_early = 0
    run(work)
    assert scripted.left_early == 1


def test_proxy_of_the_environment_is_no_way_out(
    scripted: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert read(scripted.model("honest"))


def test_reranking_gives_a_score_to_each_text_in_the_order_given(scripted: ScriptedEngine) -> None:
    model = scripted.model("honest", kind="rerank")
    assert run_alone(rerank(model, "?", ["aaaa", "a", "aa"])) == [0.25, 1.0, 0.5]


@pytest.mark.parametrize(
    ("model", "code"),
    [
        ("refusing", "engine_refused"),
        ("silent", "engine_silent"),
        ("lying", "engine_interrupted"),
        ("sloppy", "engine_interrupted"),
    ],
)
def test_reranking_that_fails_is_told_apart(scripted: ScriptedEngine, model: str, code: str) -> None:
    served = scripted.model(model, kind="rerank", timeout_seconds=1)
    with pytest.raises(Unavailable) as caught:
        run_alone(rerank(served, "?", ["aaaa", "a"]))
    assert caught.value.code == code


def test_embedding_gives_a_vector_to_each_text_in_the_order_given(scripted: ScriptedEngine) -> None:
    model = scripted.model("honest", kind="embedding")
    assert run_alone(embed(model, ["un repas", "nager au bassin"])) == [[0, 1, 0, 0], [2, 0, 0, 0]]


@pytest.mark.parametrize(
    "data",
    [
        [],
        [{"index": 0, "embedding": []}],
        [{"index": 0, "embedding": [None]}],
        [{"index": 0, "embedding": ["NaN"]}],
        [{"index": 0, "embedding": [1]}, {"index": 1, "embedding": [1, 2]}],
        [{"index": 1, "embedding": [1]}],
        3,
        None,
    ],
)
def test_embedding_that_is_no_vector_is_refused(scripted: ScriptedEngine, data: object) -> None:
    scripted.vectors = data
    with pytest.raises(Unavailable) as caught:
        run_alone(embed(scripted.model("scripted", kind="embedding"), ["a"]))
    assert caught.value.code == "engine_interrupted"
