"""The one fake: a model server that speaks real HTTP and writes what its model's name says.

It stands at the network's edge only. What it writes depends on nothing but the request.
"""

import asyncio
import json
import re
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiohttp import web

from antigone.gateway.engines import Engine, Kind
from antigone.gateway.snapshot import Model

_DOCUMENT = re.compile(r"<document number=(\d+)[^>]*>\n(.*?)\n</document>", re.DOTALL)


def honest(documents: dict[int, str], question: str) -> list[str]:
    """Quote the first sentence of the first document and say where it stands."""
    number, text = next(iter(documents.items()))
    return [f"« {first_sentence(text)} » [{number}]"]


def sloppy(documents: dict[int, str], question: str) -> list[str]:
    """Quote right but refer wrong, and add a remark of its own."""
    text = next(iter(documents.values()))
    return [first_sentence(text), " [47]\n\n", "Cette démarche est toujours très simple et rapide."]


def lying(documents: dict[int, str], question: str) -> list[str]:
    """Invent a quote, a number, an article of law and a source."""
    return [
        "« Le repas est offert à tous les habitants le 31 février. » [1] ",
        "L’amende est de 987 654 € selon l’article L. 9999-99 du code des licornes [12]. ",
        "Voir https://exemple.invalid/source.pdf et reglement-secret.pdf.",
    ]


def first_sentence(text: str) -> str:
    """Return the first whole sentence, not a heading."""
    found = re.search(r"^([^\n.]{15,}?[.!?])(?=\s|$)", text, re.MULTILINE)
    return found[1] if found else text.strip()


WRITERS: dict[str, Callable[[dict[int, str], str], list[str]]] = {
    "honest": honest,
    "sloppy": sloppy,
    "lying": lying,
}


# What its vectors count: words of one meaning, one a dimension.
SPOKEN_OF = ("piscine|bassin|nager|trempette", "repas|cantine|déjeuner", "coffre|sésame", "[aeiou]{3}")


@dataclass
class ScriptedEngine:
    """What the server was sent, and its address."""

    url: str = ""
    requests: list[dict[str, object]] = field(default_factory=list)
    left_early: int = 0
    # What the model “scripted” gives for vectors.
    vectors: object = None

    def engine(self, model: str, *, kind: Kind = "chat", timeout_seconds: int = 5) -> Engine:
        return Engine(
            name=model.capitalize(),
            url=self.url,
            model=model,
            licence="CC0-1.0",
            timeout_seconds=timeout_seconds,
            kind=kind,
        )

    def model(self, name: str, *, kind: Kind = "chat", timeout_seconds: int = 5) -> Model:
        """Give the model that this engine alone runs."""
        engine = self.engine(name, kind=kind, timeout_seconds=timeout_seconds)
        return Model(
            name,
            engine.name,
            kind,
            engines=(engine,),
            licence=engine.licence,
            context_tokens=engine.context_tokens,
        )

    async def chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(body)
        if body["model"] == "refusing":
            return web.json_response({"error": {"message": "overloaded"}}, status=500)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        try:
            async for piece in self._pieces(body):
                event = {"choices": [{"index": 0, "delta": {"content": piece}}]}
                await response.write(f"data: {json.dumps(event)}\n\n".encode())
        except (ConnectionResetError, asyncio.CancelledError):
            self.left_early += 1
            raise
        if body["model"] == "dying":
            assert request.transport is not None
            request.transport.abort()
            return response
        await response.write(b"data: [DONE]\n\n")
        return response

    async def rerank(self, request: web.Request) -> web.StreamResponse:
        """Prefer the shortest documents; answer in an order of its own, as servers do."""
        body = await request.json()
        self.requests.append(body)
        results: list[dict[str, float]] = [
            {"index": number, "relevance_score": 1 / len(text)}
            for number, text in enumerate(body["documents"])
        ]
        return await self._answer(body["model"], {"results": results[::-1]}, {"results": results[:1]})

    async def embed(self, request: web.Request) -> web.StreamResponse:
        """Count what texts speak of, whatever the words: see SPOKEN_OF."""
        body = await request.json()
        self.requests.append(body)
        vectors: list[dict[str, object]] = [
            {
                "index": number,
                "embedding": [len(re.findall(words, text, re.IGNORECASE)) for words in SPOKEN_OF],
            }
            for number, text in enumerate(body["input"])
        ]
        if body["model"] == "scripted":
            return web.json_response({"data": self.vectors})
        return await self._answer(body["model"], {"data": vectors[::-1]}, {"data": vectors[1:]})

    async def _answer(self, model: str, right: object, sloppy: object) -> web.Response:
        """Answer at once, well or badly, as the model's name says."""
        if model == "refusing":
            return web.json_response({"error": {"message": "overloaded"}}, status=500)
        if model == "silent":
            await asyncio.sleep(30)
        if model == "lying":
            return web.Response(text="[" * 10, content_type="application/json")
        return web.json_response(sloppy if model == "sloppy" else right)

    async def _pieces(self, body: dict[str, object]) -> AsyncIterator[str]:
        messages = body["messages"]
        assert isinstance(messages, list)
        documents = {int(number): text for number, text in _DOCUMENT.findall(messages[0]["content"])}
        model = str(body["model"])
        if model == "silent":
            await asyncio.sleep(30)
        if model == "slow":
            for turn in range(200):
                yield f"Phrase {turn} de trop. "
                await asyncio.sleep(0.05)
        for text in WRITERS.get(model, honest)(documents, messages[-1]["content"]):
            for piece in re.findall(r".{1,7}", text, re.DOTALL)[: 4 if model == "dying" else None]:
                yield piece


@contextmanager
def serve_scripted_engine() -> Iterator[ScriptedEngine]:
    """Serve on a free port of this machine, in a thread of its own."""
    scripted = ScriptedEngine()
    loop = asyncio.new_event_loop()
    runner = web.AppRunner(
        _application(scripted), access_log=None, shutdown_timeout=0.1, handler_cancellation=True
    )

    async def start() -> int:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        return int(runner.addresses[0][1])

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    port = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    scripted.url = f"http://127.0.0.1:{port}/v1"
    try:
        yield scripted
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def _application(scripted: ScriptedEngine) -> web.Application:
    application = web.Application(client_max_size=10_000_000)
    application.router.add_post("/v1/chat/completions", scripted.chat)
    application.router.add_post("/v1/rerank", scripted.rerank)
    application.router.add_post("/v1/embeddings", scripted.embed)
    return application
