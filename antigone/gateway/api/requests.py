"""One request to `/v1`: read within limits, known by its key, answered, and given up when whoever asked leaves."""

import asyncio
import itertools
import logging
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import orjson
from django.conf import settings
from django.utils.translation import gettext_noop
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect
from starlette.requests import Request as StarletteRequest

from antigone.errors import AntigoneError, NotFound, TooLarge, WrongInput
from antigone.gateway.api.errors import choose_language, describe_error, list_headers, status_of
from antigone.gateway.guards import authenticate
from antigone.gateway.snapshot import Caller, Snapshot, current

logger = logging.getLogger(__name__)
Header = tuple[bytes, bytes]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
# Numbers of requests: those of this process, one after the other.
PROCESS = secrets.token_hex(8)
_numbers = itertools.count(1)
WATCHED_AFTER_SECONDS = 0.05
JSON: Header = (b"content-type", b"application/json")


class Request:
    """What was asked, and the way back."""

    def __init__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        self.scope = scope
        self.method: str = scope["method"]
        self.params: Mapping[str, Any] = scope.get("path_params", {})
        self.headers: Mapping[bytes, bytes] = dict(scope["headers"])
        self.id = f"req_{PROCESS}{next(_numbers):08x}"
        self.has_begun = self.is_done = self.has_left = False
        self.receive, self._send = receive, send

    @property
    def language(self) -> str:
        return choose_language(self.headers)

    @property
    def address(self) -> str:
        """Return where it comes from, as the server was told by the connection or by the city's own proxy."""
        client = self.scope.get("client")
        return client[0] if client else ""

    def find_caller(self) -> tuple[Snapshot, Caller]:
        """Return who asks, and what is known of callers and models at this moment."""
        snapshot = current()
        kind, _, secret = self.headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        return snapshot, authenticate(
            snapshot, secret.strip() if kind.lower() == "bearer" else "", self.address
        )

    async def read_body(self, most: int | None = None) -> bytes:
        """Return the body; raise TooLarge past `most` bytes, before they are all there."""
        most = settings.API_BYTES if most is None else most
        announced = self.headers.get(b"content-length", b"")
        if announced.isdigit() and int(announced) > most:
            raise too_large(most)
        message = await self.receive()
        body: bytes = message.get("body", b"")
        if not message.get("more_body"):
            if len(body) > most:
                raise too_large(most)
            return body
        pieces = [body]
        size = len(body)
        while message.get("more_body"):
            message = await self.receive()
            pieces.append(message.get("body", b""))
            size += len(pieces[-1])
            if size > most:
                raise too_large(most)
        if message["type"] == "http.disconnect":
            self.has_left = True
            raise asyncio.CancelledError
        return b"".join(pieces)

    async def read_json(self) -> tuple[dict[str, Any], int]:
        """Return the object that the body is, and its size in bytes; raise WrongInput where it is none.

        Nothing is read of whoever shows no key: raises NotKnown.
        """
        self.find_caller()
        body = await self.read_body()
        try:
            read = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise WrongInput(
                "request_not_json",
                gettext_noop("The request is not JSON: %(problem)s. Send an object in UTF-8."),
                problem=str(error),
            ) from None
        if not isinstance(read, dict):
            raise WrongInput(
                "request_not_object", gettext_noop("The request is JSON, but not an object: send {…}.")
            )
        return read, len(body)

    @asynccontextmanager
    async def read_form(self, most: int) -> AsyncGenerator[FormData]:
        """Give a form with files, which wait on the disk and go with this block; raise WrongInput where it is none."""
        announced = self.headers.get(b"content-length", b"")
        if announced.isdigit() and int(announced) > most:
            raise too_large(most)
        received = 0

        async def receive() -> Any:
            nonlocal received
            message = await self.receive()
            received += len(message.get("body", b""))
            if received > most:
                raise too_large(most)
            return message

        try:
            form = await StarletteRequest(dict(self.scope), receive).form(max_files=10, max_fields=100)
        except ClientDisconnect:
            self.has_left = True
            raise asyncio.CancelledError from None
        except (HTTPException, MultiPartException) as error:
            raise WrongInput(
                "request_not_form",
                gettext_noop("The request is not a form with files (multipart/form-data): %(problem)s."),
                problem=getattr(error, "detail", None) or str(error),
            ) from None
        try:
            yield form
        finally:
            await form.close()

    def watched(self) -> "Watch":
        """Cancel what is done in this block when whoever asked leaves, once the body was read."""
        return Watch(self)

    async def begin(self, status: int, headers: Iterable[Header]) -> None:
        """Send the status and the headers."""
        self.has_begun = True
        await self._send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [*headers, (b"x-request-id", self.id.encode()), (b"cache-control", b"no-store")],
            }
        )

    async def write(self, data: bytes, *, is_last: bool = False) -> None:
        """Send some of the body, waiting for whoever reads slowly."""
        self.is_done = is_last
        await self._send({"type": "http.response.body", "body": data, "more_body": not is_last})

    async def answer(self, data: bytes, *headers: Header, status: int = 200) -> None:
        """Send a whole answer."""
        await self.begin(status, (*headers, (b"content-length", b"%d" % len(data))))
        await self.write(data, is_last=True)

    async def answer_json(self, body: object, *headers: Header, status: int = 200) -> None:
        await self.answer(orjson.dumps(body), JSON, *headers, status=status)

    async def answer_error(self, error: AntigoneError) -> None:
        """Say what forbids the request, as OpenAI's object; in mid-stream, as an event."""
        body = orjson.dumps({"error": describe_error(error, self.language)})
        if self.has_begun:
            await self.write(b"data: " + body + b"\n\ndata: [DONE]\n\n", is_last=True)
        else:
            await self.answer(body, JSON, *list_headers(error), status=status_of(error))


class Watch:
    """Looks whether whoever asked is still there; begins a moment later, for most are answered before."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._watcher: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._task = task
        self._timer = asyncio.get_running_loop().call_later(WATCHED_AFTER_SECONDS, self._begin)

    async def __aexit__(self, *_error: object) -> None:
        self._timer.cancel()
        if self._watcher is not None:
            self._watcher.cancel()

    def _begin(self) -> None:
        self._watcher = asyncio.get_running_loop().create_task(self._watch())

    async def _watch(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            pass
        if not self._request.is_done:
            self._request.has_left = True
            self._task.cancel()


Handler = Callable[[Request], Awaitable[None]]


class Resource:
    """One address, with what answers each method there. An ASGI application: errors become answers here, once."""

    def __init__(self, **handlers: Handler) -> None:
        self.handlers = handlers

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        try:
            await self._find(request)(request)
        except AntigoneError as error:
            await request.answer_error(error)
        except asyncio.CancelledError:
            if not request.has_left:
                raise
        except Exception:  # the edge of `/v1`: whoever asks is told, and the trace is for the log
            logger.exception("%s %s failed (%s).", request.method, scope["path"], request.id)
            await request.answer_error(broken())

    def _find(self, request: Request) -> Handler:
        method = "GET" if request.method == "HEAD" else request.method
        handler = self.handlers.get(method)
        if handler is None:
            raise MethodNotAllowed(
                "method_not_allowed",
                gettext_noop("This address takes %(methods)s, and not %(method)s."),
                methods=", ".join(sorted(self.handlers)),
                method=request.method[:20],
            )
        return handler


class MethodNotAllowed(AntigoneError):
    """The address is right, the method is not."""

    status = 405


def broken() -> AntigoneError:
    error = AntigoneError(
        "fault",
        gettext_noop("Something broke here; it is no fault of yours. The fault was noted: try again later."),
    )
    error.status = 500
    return error


def too_large(most: int) -> TooLarge:
    return TooLarge(
        "request_too_large",
        gettext_noop("The request has more than %(most)s bytes. Send less at a time."),
        most=most,
    )


async def refuse_address(scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
    """Answer for an address that is not there."""
    request = Request(scope, receive, send)
    await request.answer_error(
        NotFound(
            "address_unknown",
            gettext_noop("There is nothing at %(path)s. The addresses are in /v1/openapi.json."),
            path=str(scope["path"])[:200],
        )
    )
