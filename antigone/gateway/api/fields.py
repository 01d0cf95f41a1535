"""Checks the fields of a request that this gateway itself relies on; all others go to the engine as they came."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop

from antigone.errors import WrongInput
from antigone.gateway.models import Endpoint
from antigone.gateway.snapshot import Model

MOST_TOKENS = 10_000_000
MOST_CHOICES = 16
# What engines are not told: the name that a programme gives to whoever sits before it, and what we keep ourselves.
# Nor what some of them read as orders to the server: to go before others, to fetch from elsewhere, to run code.
KEPT_BACK = frozenset(
    (
        *("user", "store", "metadata", "safety_identifier", "prompt_cache_key", "service_tier"),
        *("priority", "request_id", "rid", "id_slot", "kv_transfer_params", "logits_processors"),
        *("bootstrap_host", "bootstrap_port", "bootstrap_room", "custom_logit_processor"),
    )
)


def wrong_field(name: str, wanted: str) -> WrongInput:
    return WrongInput(
        "field_wrong", gettext_noop("“%(param)s” is wrong: it must be %(wanted)s."), param=name, wanted=wanted
    )


def check_text(name: str, text: str) -> None:
    """Raise WrongInput where a text that is kept holds U+0000, which PostgreSQL does not keep."""
    if "\0" in text:
        raise wrong_field(name, "U+0001…")


def check_list(body: Mapping[str, Any], name: str) -> None:
    """Raise WrongInput unless the field is a list with something in it."""
    if not isinstance(body.get(name), list) or not body[name]:
        raise wrong_field(name, "[…]")


def check_number(body: Mapping[str, Any], name: str, most: int, least: int = 1) -> None:
    """Raise WrongInput unless the field is absent, null, or a whole number from `least` to `most`."""
    value = body.get(name)
    if value is not None and (type(value) is not int or not least <= value <= most):
        raise wrong_field(name, f"{least}…{most}")


def check_kind(model: Model, kind: str) -> None:
    """Raise WrongInput where a model does something else than what is asked for."""
    if model.kind != kind:
        raise WrongInput(
            "model_of_another_kind",
            gettext_noop(
                "The model “%(model)s” does not do this: it is of the kind “%(kind)s”, and this needs “%(wanted)s”."
            ),
            model=model.name,
            kind=model.kind,
            wanted=kind,
            param="model",
        )


def check_writing(body: Mapping[str, Any]) -> None:
    """Check what chat and completions have in common."""
    if body.get("stream") not in (None, True, False):
        raise wrong_field("stream", "true, false")
    check_number(body, "max_tokens", MOST_TOKENS)
    check_number(body, "max_completion_tokens", MOST_TOKENS)
    check_number(body, "n", MOST_CHOICES)
    check_number(body, "best_of", MOST_CHOICES)
    options = body.get("stream_options")
    if options is not None and not isinstance(options, dict):
        raise wrong_field("stream_options", "{…}")


def check_chat(body: Mapping[str, Any], model: Model) -> None:
    """Check a request to chat/completions."""
    check_list(body, "messages")
    for message in body["messages"]:
        if not isinstance(message, dict) or not isinstance(message.get("role"), str):
            raise wrong_field("messages", '[{"role": "user", "content": "…"}]')
        if isinstance(message.get("content"), list):
            for part in message["content"]:
                check_part(part)
    if not isinstance(body.get("response_format"), dict | None):
        raise wrong_field("response_format", '{"type": "…"}')
    if not isinstance(body.get("tools"), list | None):
        raise wrong_field("tools", "[{…}]")
    check_writing(body)


def check_part(part: object) -> None:
    """Raise WrongInput where a picture or a recording is to be fetched: an engine would do so from within the city."""
    for name, value in part.items() if isinstance(part, dict) else ():
        if not name.endswith("_url"):
            continue
        url = value.get("url") if isinstance(value, dict) else value
        if url is not None and not (isinstance(url, str) and url[:5].lower() == "data:"):
            raise WrongInput(
                "content_elsewhere",
                gettext_noop(
                    "“%(param)s” is an address, and engines fetch nothing: send it whole, as “data:…”."
                ),
                param=name,
            )


def check_completions(body: Mapping[str, Any], model: Model) -> None:
    """Check a request to completions."""
    if not isinstance(body.get("prompt"), str | list):
        raise wrong_field("prompt", "“…”")
    check_writing(body)


def check_embeddings(body: Mapping[str, Any], model: Model) -> None:
    """Check a request to embeddings; texts as numbers of tokens only where the engine is known to take them."""
    given = body.get("input")
    if not given or not isinstance(given, str | list):
        raise wrong_field("input", "“…”, [“…”]")
    if body.get("encoding_format") not in (None, "float", "base64"):
        raise wrong_field("encoding_format", "float, base64")
    if isinstance(given, str) or all(isinstance(one, str) for one in given):
        return
    is_tokens = all(type(one) is int for one in given) or all(isinstance(one, list) for one in given)
    if not is_tokens:
        raise wrong_field("input", "“…”, [“…”]")
    if not all(engine.takes_tokens for engine in model.engines):
        raise WrongInput(
            "tokens_not_taken",
            gettext_noop(
                "“input” holds numbers of tokens, made with the vocabulary of another model: their vectors would mean "
                "nothing. Send texts (with LangChain: check_embedding_ctx_length=False)."
            ),
            param="input",
        )


def check_rerank(body: Mapping[str, Any], model: Model) -> None:
    """Check a request to rerank."""
    if not isinstance(body.get("query"), str):
        raise wrong_field("query", "“…”")
    check_list(body, "documents")
    check_number(body, "top_n", 100_000)


ENDPOINT_KINDS = {
    Endpoint.CHAT: "chat",
    Endpoint.COMPLETIONS: "chat",
    Endpoint.EMBEDDINGS: "embedding",
    Endpoint.RERANK: "rerank",
    Endpoint.TRANSCRIPTIONS: "transcription",
}
