"""The engines that a city declares: OpenAI-compatible servers on its own machines."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

HOW_TO = (
    'Write a JSON list such as [{"name": "Mistral Small", "url": "http://10.0.0.5:8000/v1", '
    '"model": "mistral-small", "licence": "Apache-2.0"}], or the path of a file that holds it.'
)
# What an engine does: it writes answers, puts passages in order, turns texts into vectors, or writes down speech.
Kind = Literal["chat", "rerank", "embedding", "transcription"]
# How it is spoken to: as OpenAI's, or (to rerank) as Text Embeddings Inference wants it.
Protocol = Literal["openai", "tei"]


@dataclass(frozen=True, slots=True)
class Engine:
    """One model on one server. `key` is sent as a bearer token; it is never shown nor logged.

    `model` is what the server calls it, `serves` the name under which programmes ask for it. Several engines that
    serve the same name share its requests, `concurrency` at a time each.
    """

    name: str
    url: str
    model: str
    licence: str = ""
    key: str = ""
    timeout_seconds: int = 60
    context_tokens: int = 8_192
    kind: Kind = "chat"
    serves: str = ""
    concurrency: int = 32
    protocol: Protocol = "openai"
    # Whether it takes texts as numbers of tokens: only where programmes use the model's own vocabulary.
    takes_tokens: bool = False

    @property
    def public_name(self) -> str:
        """Give the name under which programmes ask for its model."""
        return self.serves or self.model

    def __repr__(self) -> str:
        return f"Engine({self.name!r}, {self.url!r}, {self.model!r})"


def parse_engines(text: str) -> tuple[Engine, ...]:
    """Read ANTIGONE_ENGINES: a JSON list, or the path of a file that holds one.

    Raises ImproperlyConfigured with the faulty part and what to write instead.

    >>> parse_engines('[{"name": "Essai", "url": "http://127.0.0.1:8080/v1/", "model": "tiny"}]')
    (Engine('Essai', 'http://127.0.0.1:8080/v1', 'tiny'),)
    >>> parse_engines("")
    ()
    """
    text = text.strip()
    if not text:
        return ()
    if text.startswith("{"):  # never shown: it may hold a key
        raise ImproperlyConfigured(f"ANTIGONE_ENGINES is one engine and not a list. {HOW_TO}")
    if not text.startswith("["):
        try:
            text = Path(text).read_text()
        except OSError as error:
            raise ImproperlyConfigured(
                f"ANTIGONE_ENGINES names the file “{text}”, which cannot be read. {HOW_TO}"
            ) from error
    try:
        entries = json.loads(text)
    except ValueError as error:
        raise ImproperlyConfigured(f"ANTIGONE_ENGINES is not JSON ({error}). {HOW_TO}") from error
    if not isinstance(entries, list):
        raise ImproperlyConfigured(f"ANTIGONE_ENGINES is not a list. {HOW_TO}")
    return tuple(_parse_engine(entry) for entry in entries)


def _parse_engine(entry: Any) -> Engine:
    try:
        engine = Engine(**entry)
    except TypeError as error:
        raise ImproperlyConfigured(
            f"ANTIGONE_ENGINES has an entry that cannot be read ({error}). {HOW_TO}"
        ) from None
    if not all(isinstance(value, str) and value for value in (engine.name, engine.url, engine.model)):
        raise ImproperlyConfigured(f"ANTIGONE_ENGINES has an entry without name, url or model. {HOW_TO}")
    if engine.kind not in get_args(Kind):
        raise ImproperlyConfigured(
            f"The engine “{engine.name}” has the kind “{engine.kind}”. "
            f"The kinds are: {', '.join(get_args(Kind))}. {HOW_TO}"
        )
    if engine.protocol not in get_args(Protocol):
        raise ImproperlyConfigured(
            f"The engine “{engine.name}” has the protocol “{engine.protocol}”. "
            f"The protocols are: {', '.join(get_args(Protocol))}. {HOW_TO}"
        )
    for name in ("timeout_seconds", "concurrency", "context_tokens"):
        number = getattr(engine, name)
        if type(number) is not int or number < 1:
            raise ImproperlyConfigured(
                f"The engine “{engine.name}” has {name} “{number}”. Write a whole number, 1 or more. {HOW_TO}"
            )
    parts = urlsplit(engine.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ImproperlyConfigured(f"The engine “{engine.name}” has the address “{engine.url}”. {HOW_TO}")
    return Engine(**{**entry, "url": engine.url.rstrip("/")})


def list_engines(kind: Kind) -> list[Engine]:
    """Return the engines of that kind, in the order in which the city declared them."""
    return [engine for engine in settings.ENGINES if engine.kind == kind]


def find_first(kind: Kind) -> Engine | None:
    """Return the first engine of that kind; None when the city declared none."""
    return next(iter(list_engines(kind)), None)
