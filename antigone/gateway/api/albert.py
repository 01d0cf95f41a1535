"""Collections, documents and search, as the State's gateway (Albert) has them and La Suite's assistant asks.

A key reads and keeps what the person who holds it may: what another one may not read is not there.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import PurePosixPath
from typing import Any, TypeVar

import orjson
from django.conf import settings
from django.utils.translation import gettext_noop
from starlette.datastructures import UploadFile

from antigone.accounts.models import Person
from antigone.errors import NotFound, NotKnown, WrongInput
from antigone.gateway.api.fields import check_text, wrong_field
from antigone.gateway.api.requests import Request
from antigone.gateway.calls import Counted, finish
from antigone.gateway.databases import run_aside
from antigone.gateway.guards import Call, let_in
from antigone.gateway.models import Endpoint
from antigone.gateway.snapshot import Caller, Model
from antigone.library import actions as library
from antigone.library.actions.add import clean_filename
from antigone.library.models import Collection, Document
from antigone.library.search import search

T = TypeVar("T")
LIBRARY = Model("", "", "library")
MOST_RESULTS = 100
USUAL_RESULTS = 10
MOST_CHARACTERS = 10_000
# Of the best passage's score: La Suite's assistant asks for passages over 0.6.
NO_THRESHOLD = 0.0


@asynccontextmanager
async def counted(request: Request) -> AsyncGenerator[Caller]:
    """Take a request past the guards, and count it, as those to models are."""
    _snapshot, caller = request.find_caller()
    call = Call(caller, Endpoint.LIBRARY.value, LIBRARY, "", {})
    async with Counted(call):
        await let_in(call)
        yield caller
    await finish(call, 200)


async def create_collection(request: Request) -> None:
    """POST /v1/collections."""
    body, _size = await request.read_json()
    async with counted(request) as caller:
        name, description = body.get("name"), body.get("description") or ""
        if not isinstance(name, str) or not name.strip():
            raise wrong_field("name", "“…”")
        if not isinstance(description, str):
            raise wrong_field("description", "“…”")
        check_text("name", name)
        check_text("description", description)
        if body.get("visibility", "private") != "private":
            raise wrong_field("visibility", "private")
        made = await _as_person(
            caller,
            lambda person: library.create_own_collection(name=name, description=description, owner=person),
        )
    await request.answer_json(_describe_collection(made), status=201)


async def list_collections(request: Request) -> None:
    """GET /v1/collections."""
    async with counted(request) as caller:
        found = await _as_person(
            caller,
            lambda person: [
                _describe_collection(one)
                for one in Collection.objects.readable_by(person).with_document_count()
            ],
        )
    await request.answer_json({"object": "list", "data": found})


async def show_collection(request: Request) -> None:
    """GET /v1/collections/{id}."""
    async with counted(request) as caller:
        found = await _as_person(
            caller, lambda person: _describe_collection(_find_collection(request, person))
        )
    await request.answer_json(found)


async def delete_collection(request: Request) -> None:
    """DELETE /v1/collections/{id}."""
    async with counted(request) as caller:
        await _as_person(
            caller,
            lambda person: library.delete_own_collection(
                collection=_find_collection(request, person), by=person
            ),
        )
    await request.answer(b"", status=204)


async def create_document(request: Request) -> None:
    """POST /v1/documents."""
    request.find_caller()  # nobody unknown fills the disk
    async with (
        request.read_form(min(settings.API_FILE_BYTES, settings.DOCUMENT_BYTES)) as form,
        counted(request) as caller,
    ):
        sent = form.get("file")
        if not isinstance(sent, UploadFile):
            raise wrong_field("file", "multipart file")
        name = _read_name(form.get("metadata")) or _read_name(form.get("name")) or sent.filename or "document"
        check_text("metadata.document_name", name)
        number = form.get("collection_id") or form.get("collection")
        content = await sent.read()
        filename = sent.filename or name

        def add(person: Person) -> int:
            collection = _get_collection(number, person, is_kept=True)
            added = library.add_document(
                collection=collection,
                filename=_find_free_name(collection, filename, name),
                data=content,
                by=person,
                about=library.About(title=name[:300]),
            )
            return added.document.pk

        made = await _as_person(caller, add)
    await request.answer_json({"id": made, "object": "document", "name": name}, status=201)


async def list_documents(request: Request) -> None:
    """GET /v1/documents?collection_id=…"""
    asked = dict(
        part.split("=", 1)
        for part in request.scope["query_string"].decode("latin-1").split("&")
        if "=" in part
    )
    async with counted(request) as caller:

        def read(person: Person) -> list[dict[str, Any]]:
            documents = Document.objects.current().readable_by(person).order_by("pk")
            if "collection_id" in asked or "collection" in asked:
                number = asked.get("collection_id") or asked.get("collection")
                documents = documents.filter(collection=_get_collection(number, person))
            return [_describe_document(document) for document in documents[:1_000]]

        found = await _as_person(caller, read)
    await request.answer_json({"object": "list", "data": found})


async def show_document(request: Request) -> None:
    """GET /v1/documents/{id}."""
    async with counted(request) as caller:
        found = await _as_person(caller, lambda person: _describe_document(_find_document(request, person)))
    await request.answer_json(found)


async def delete_document(request: Request) -> None:
    """DELETE /v1/documents/{id}."""
    async with counted(request) as caller:
        await _as_person(
            caller,
            lambda person: library.delete_own_document(document=_find_document(request, person), by=person),
        )
    await request.answer(b"", status=204)


async def find(request: Request) -> None:
    """POST /v1/search: the passages that answer best, among the collections named or all that may be read."""
    body, size = await request.read_json()
    query = body.get("query", body.get("prompt"))
    if not isinstance(query, str) or not query.strip():
        raise wrong_field("query", "“…”")
    if len(query) > MOST_CHARACTERS:  # each word of it is looked for
        raise wrong_field("query", f"“…”, {MOST_CHARACTERS}")
    limit = body.get("limit", body.get("k"))
    limit = USUAL_RESULTS if limit is None else limit
    if type(limit) is not int or not 1 <= limit <= MOST_RESULTS:
        raise wrong_field("limit", f"1…{MOST_RESULTS}")
    threshold = body.get("score_threshold") or NO_THRESHOLD
    if not isinstance(threshold, int | float):
        raise wrong_field("score_threshold", "0…1")
    async with counted(request) as caller:
        found = await _as_person(caller, lambda person: _search(body, query, limit, float(threshold), person))
    usage = {"prompt_tokens": size // 4, "completion_tokens": 0, "total_tokens": size // 4}
    await request.answer_json({"object": "list", "data": found, "usage": usage})


def _search(
    body: dict[str, Any], query: str, limit: int, threshold: float, person: Person
) -> list[dict[str, Any]]:
    """Return passages with their score, a part of the best one's."""
    asked = body.get("collection_ids", body.get("collections"))
    if asked is not None and not isinstance(asked, list):
        raise wrong_field("collection_ids", "[…]")
    collections = [_get_collection(number, person) for number in asked] if asked else None
    documents = _read_filter(body)
    # Filters are applied to what is found: more is looked for, so that enough is left.
    results = search(
        query, person=person, collections=collections, limit=limit if documents is None else MOST_RESULTS
    )
    best = max((hit.score for hit in results.hits), default=0.0) or 1.0
    found = [
        {
            "object": "search_result",
            "method": "lexical",
            "score": round(max(0.0, hit.score / best), 6),
            "chunk": {
                "object": "chunk",
                "id": hit.passage.pk,
                "content": hit.passage.text,
                "metadata": {
                    "document_id": hit.passage.document_id,
                    "document_name": hit.passage.document.title,
                    "collection_id": hit.passage.document.collection_id,
                    "page": hit.passage.page.number,
                },
            },
        }
        for hit in results.hits
        if documents is None or documents(hit.passage.document)
    ]
    return [one for one in found if one["score"] >= threshold][:limit]  # type: ignore[operator]


def _read_filter(body: dict[str, Any]) -> Callable[[Document], bool] | None:
    """Return which documents are wanted, by their numbers or by their name."""
    numbers, wanted = body.get("document_ids"), body.get("metadata_filters")
    if isinstance(numbers, list) and numbers:
        return lambda document: document.pk in numbers
    if wanted is None:
        return None
    filters = wanted if isinstance(wanted, list) else [wanted]
    if not all(isinstance(one, dict) and one.get("type", "eq") == "eq" for one in filters):
        raise wrong_field("metadata_filters", '{"key": "document_name", "value": "…", "type": "eq"}')
    pairs = [(one.get("key"), one.get("value")) for one in filters]
    known = {"document_name": "title", "document_id": "pk"}
    if any(not isinstance(name, str) or name not in known for name, _value in pairs):
        raise wrong_field("metadata_filters.key", "document_name, document_id")
    return lambda document: all(getattr(document, known[str(name)]) == value for name, value in pairs)


async def _as_person(caller: Caller, work: Callable[[Person], T]) -> T:
    """Return what `work` returns for the person who holds the key."""

    def whole() -> T:
        person = (
            Person.objects.filter(pk=caller.person_id or 0, is_active=True)
            .select_related("organisation")
            .first()
        )
        if person is None:
            raise NotKnown("key_unknown", gettext_noop("The account of whoever holds this key is closed."))
        return work(person)

    return await run_aside(whole)


def _find_collection(request: Request, person: Person) -> Collection:
    return _get_collection(request.params["id"], person)


def _get_collection(number: object, person: Person, *, is_kept: bool = False) -> Collection:
    """Return a collection that the person may read, or keep; another one is not there at all."""
    kept = Collection.objects.kept_by(person) if is_kept else Collection.objects.readable_by(person)
    found = (
        kept.filter(pk=int(str(number))).first()
        if str(number).isdecimal() and len(str(number)) < 18
        else None
    )
    if found is None:
        raise NotFound(
            "collection_unknown",
            gettext_noop("There is no collection %(collection)s for this key."),
            collection=str(number)[:40],
        )
    return found


def _find_document(request: Request, person: Person) -> Document:
    number = str(request.params["id"])
    found = None
    if number.isdecimal() and len(number) < 18:
        found = Document.objects.current().readable_by(person).filter(pk=int(number)).first()
    if found is None:
        raise NotFound(
            "document_unknown",
            gettext_noop("There is no document %(document)s for this key."),
            document=number[:40],
        )
    return found


def _read_name(metadata: object) -> str:
    """Return the name of a document, written as it is or in a JSON object."""
    if not isinstance(metadata, str) or not metadata.strip():
        return ""
    if not metadata.lstrip().startswith("{"):
        return metadata.strip()
    try:
        read = orjson.loads(metadata)
    except orjson.JSONDecodeError as error:
        raise WrongInput(
            "metadata_not_json", gettext_noop("“metadata” is not JSON: send an object."), param="metadata"
        ) from error
    return str(read.get("document_name", "")) if isinstance(read, dict) else ""


def _find_free_name(collection: Collection, filename: str, title: str) -> str:
    """Return a name that no other document of the collection has: here two of one name are two documents."""
    # As the library will write it: two names may differ by an accent's bytes only.
    path = PurePosixPath(clean_filename(filename))
    suffix, number = (path.suffix or PurePosixPath(title).suffix or ".md")[:20], 1
    stem = path.stem[:400] or "document"
    name = f"{stem}{suffix}"
    while Document.objects.filter(collection=collection, filename=name).exists():
        number += 1
        name = f"{stem} ({number}){suffix}"
    return name


def _describe_collection(collection: Collection) -> dict[str, Any]:
    is_public = collection.audience == Collection.Audience.PUBLIC
    return {
        "object": "collection",
        "id": collection.pk,
        "name": collection.name,
        "description": collection.description,
        "visibility": "public" if is_public else "private",
        "documents": getattr(collection, "document_count", None),
        "created_at": int(collection.created_at.timestamp()),
    }


def _describe_document(document: Document) -> dict[str, Any]:
    return {
        "object": "document",
        "id": document.pk,
        "name": document.title,
        "collection_id": document.collection_id,
        "created_at": int(document.created_at.timestamp()),
    }
