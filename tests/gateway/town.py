"""Asks `/v1` as a programme does, without a server between: the application itself, over ASGI."""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from asgiref.sync import async_to_sync
from django.utils.text import slugify

from antigone.accounts.models import Person
from antigone.gateway import snapshot
from antigone.gateway.api.application import make_application
from antigone.gateway.clients import close_session
from antigone.gateway.models import Key, Limit
from antigone.gateway.spool import move_rows
from antigone.register.models import Use

SECRET = "antigone_" + "d" * 43


@dataclass
class Reply:
    """What came back."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> dict[str, Any]:
        error: dict[str, Any] = self.json["error"]
        return error

    @property
    def events(self) -> list[Any]:
        """Return the events of a stream, read; the last is “[DONE]”."""
        data = [event[6:] for event in self.body.split(b"\n\n") if event.startswith(b"data: ")]
        return [one.decode() if one == b"[DONE]" else json.loads(one) for one in data]


def ask(
    method: str,
    path: str,
    body: object = None,
    *,
    key: str | None = SECRET,
    headers: Mapping[str, str] | None = None,
    address: str = "127.0.0.1",
    raw: bytes | None = None,
    refreshed: bool = True,
) -> Reply:
    """Send a request to `/v1` and return the reply; what it used is then in the table."""
    if refreshed:
        snapshot.refresh()
    data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
    sent = {"content-length": str(len(data)), **(headers or {})}
    if key is not None:
        sent["authorization"] = f"Bearer {key}"
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "root_path": "",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        "client": (address, 5_000),
    }
    reply = async_to_sync(_send)(scope, data)
    move_rows()
    return reply


async def _send(scope: dict[str, Any], data: bytes) -> Reply:
    messages = [{"type": "http.request", "body": data, "more_body": False}]
    forever, reply = asyncio.Event(), Reply()

    async def receive() -> Any:
        if messages:
            return messages.pop()
        await forever.wait()
        return None

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            reply.status = message["status"]
            reply.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            reply.body += message["body"]

    try:
        await make_application()(scope, receive, send)
    finally:
        await close_session()
    return reply


def make_use(person: Person, *, name: str = "Résumer", state: str = Use.State.ACTIVE) -> Use:
    assert person.organisation is not None
    return Use.objects.create(
        name=name,
        slug=slugify(name),
        purpose="Résumer des comptes rendus.",
        audience=Use.Audience.ORGANISATION,
        organisation=person.organisation,
        state=state,
        declared_by=person,
    )


def make_key(use: Use, person: Person, *, secret: str = SECRET, **fields: Any) -> Key:
    return Key.objects.create(
        use=use,
        person=person,
        name="Essai",
        prefix=secret[:14],
        secret_sha256=hashlib.sha256(secret.encode()).hexdigest(),
        **fields,
    )


def set_limit(measure: str, amount: int, **of: Any) -> Limit:
    return Limit.objects.create(measure=measure, amount=amount, **of)


def chat(model: str = "honest", content: str = "Bonjour", **fields: Any) -> dict[str, Any]:
    """Return a request; what scripted engines write quotes the document in its first message."""
    document = "<document number=1>\nLe repas coûte 3 €. Le goûter coûte 1 €.\n</document>"
    messages = [{"role": "system", "content": document}, {"role": "user", "content": content}]
    return {"model": model, "messages": messages, **fields}
