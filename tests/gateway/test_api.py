"""`/v1` answers as OpenAI's clients expect, counts each request, and says what is wrong."""

import pytest

from antigone.gateway.models import Key, Usage
from tests.gateway.town import ask, chat
from tests.scripted_engine import ScriptedEngine

STREAMED = {"stream": True}


def test_models_are_listed_with_what_clients_look_for(key: Key) -> None:
    models = {model["id"]: model for model in ask("GET", "/v1/models").json["data"]}
    assert {"honest", "comparing", "counting", "antigone-extractive"} <= set(models)
    assert models["honest"]["max_context_length"] == 8_192
    assert ask("GET", "/v1/models/honest").json["licence"] == "CC0-1.0"


def test_streamed_answer_ends_with_its_usage_where_it_is_wanted(key: Key) -> None:
    reply = ask("POST", "/v1/chat/completions", chat(**STREAMED, stream_options={"include_usage": True}))
    *pieces, usage, done = reply.events
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert "".join(piece["choices"][0]["delta"]["content"] for piece in pieces)
    assert usage["choices"] == []
    assert usage["usage"]["completion_tokens"] == len(pieces)
    assert done == "[DONE]"


def test_streamed_answer_tells_no_usage_unasked(key: Key) -> None:
    events = ask("POST", "/v1/chat/completions", chat(**STREAMED)).events
    assert all(event["choices"] for event in events[:-1])


def test_each_request_leaves_one_row_without_its_text(key: Key) -> None:
    ask("POST", "/v1/chat/completions", chat(content="Le sésame est AMARANTE", **STREAMED))
    row = Usage.objects.get()
    assert (row.key_id, row.use_id, row.model, row.engine, row.status) == (
        key.pk, key.use_id, "honest", "Honest", 200,
    )  # fmt: skip
    assert row.output_tokens > 0
    assert row.first_ms is not None
    assert "AMARANTE" not in str(Usage.objects.values().get())


@pytest.mark.parametrize("model", ["refusing", "silent"])
def test_engine_that_fails_before_its_first_byte_is_an_error_of_its_own_status(key: Key, model: str) -> None:
    reply = ask("POST", "/v1/chat/completions", chat(model, **STREAMED))
    assert reply.status == 503
    assert reply.headers["retry-after"]
    assert reply.headers["x-should-retry"] == "true"
    assert Usage.objects.get().error == reply.error["code"]


def test_engine_that_dies_on_the_way_says_so_in_an_event(key: Key) -> None:
    reply = ask("POST", "/v1/chat/completions", chat("dying", **STREAMED))
    assert reply.status == 200
    *pieces, error, done = reply.events
    assert pieces
    assert error["error"]["code"] == "engine_interrupted"
    assert done == "[DONE]"
    row = Usage.objects.get()
    assert (row.status, row.error, row.output_tokens) == (503, "engine_interrupted", len(pieces))


def test_vectors_come_as_numbers_or_packed(key: Key) -> None:
    body = {"model": "counting", "input": ["un repas", "nager"]}
    (second, first) = ask("POST", "/v1/embeddings", body).json["data"]
    assert first == {"index": 0, "embedding": [0, 1, 0, 0]}
    packed = ask("POST", "/v1/embeddings", {**body, "encoding_format": "base64"}).json["data"]
    assert packed[1]["embedding"] == "AAAAAAAAgD8AAAAAAAAAAA=="
    assert second["index"] == 1


def test_tokens_of_another_vocabulary_are_refused_with_what_to_do(key: Key) -> None:
    reply = ask("POST", "/v1/embeddings", {"model": "counting", "input": [[1, 2, 3]]})
    assert reply.status == 400
    assert "check_embedding_ctx_length=False" in reply.error["message"]


def test_documents_are_put_in_order(key: Key) -> None:
    body = {"model": "comparing", "query": "?", "documents": ["aaaa", "a"]}
    results = ask("POST", "/v1/rerank", body).json["results"]
    assert {result["index"]: result["relevance_score"] for result in results} == {0: 0.25, 1: 1.0}


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "request_not_json"),
        (b"{", "request_not_json"),
        (b"\xff\xfe", "request_not_json"),
        (b"[" * 100_000, "request_not_json"),
        (b'{"model": NaN}', "request_not_json"),
        (b"[]", "request_not_object"),
        (b'"a"', "request_not_object"),
        (b'{"messages": []}', "model_unknown"),
        (b'{"model": 3}', "model_unknown"),
        (b'{"model": "honest"}', "field_wrong"),
        (b'{"model": "honest", "messages": [3]}', "field_wrong"),
        (b'{"model": "honest", "messages": [{"role": "user"}], "stream": "yes"}', "field_wrong"),
        (b'{"model": "honest", "messages": [{"role": "user"}], "max_tokens": 0}', "field_wrong"),
        (b'{"model": "honest", "messages": [{"role": "user"}], "n": 1e300}', "field_wrong"),
        (b'{"model": "counting", "messages": [{"role": "user"}]}', "model_of_another_kind"),
    ],
)
def test_wrong_request_says_what_is_wrong(key: Key, raw: bytes, code: str) -> None:
    reply = ask("POST", "/v1/chat/completions", raw=raw)
    assert reply.status in (400, 404)
    assert reply.error["code"] == code
    assert reply.error["type"] in ("invalid_request_error", "not_found_error")
    assert reply.headers["x-should-retry"] == "false"


def test_unknown_model_lists_those_that_are_allowed(key: Key) -> None:
    reply = ask("POST", "/v1/chat/completions", chat("gpt-4\x07"))
    assert reply.status == 404
    assert "honest" in reply.error["message"]


def test_larger_request_than_allowed_is_refused_unread(key: Key, settings: object) -> None:
    settings.API_BYTES = 100  # type: ignore[attr-defined]
    assert ask("POST", "/v1/chat/completions", raw=b"x" * 101).status == 413
    assert ask("POST", "/v1/chat/completions", raw=b"x", headers={"content-length": "101"}).status == 413


def test_address_and_method_that_are_not_there(key: Key) -> None:
    assert ask("GET", "/v1/nothing").error["code"] == "address_unknown"
    assert ask("DELETE", "/v1/models").status == 405


def test_errors_are_in_the_language_asked_for(key: Key) -> None:
    english = ask("GET", "/v1/models", key="no", headers={"accept-language": "en-GB,fr;q=0.5"}).error
    assert english["message"].startswith("This key opens nothing")
    assert ask("GET", "/v1/models", key="no").error["message"] != english["message"]


def test_engine_is_told_nothing_of_who_asks(key: Key, engines: ScriptedEngine) -> None:
    engines.requests.clear()
    ask("POST", "/v1/chat/completions", chat(user="david", metadata={"a": "b"}, seed=3, **STREAMED))
    (body,) = engines.requests
    assert body["seed"] == 3
    assert not {"user", "metadata"} & set(body)
