"""Files and batches, in OpenAI's shapes; those of one use are not there for another."""

from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop
from starlette.datastructures import UploadFile

from antigone.errors import NotFound
from antigone.gateway.actions import batches, files
from antigone.gateway.api.fields import check_text, wrong_field
from antigone.gateway.api.requests import Request
from antigone.gateway.databases import run_aside, run_in_database
from antigone.gateway.guards import check_scope
from antigone.gateway.models import Batch, BatchFile, Endpoint
from antigone.gateway.snapshot import Caller

PURPOSES = ("batch", "user_data", "assistants", "evals", "fine-tune", "vision")
BYTES = (b"content-type", b"application/octet-stream")
MOST_LISTED = 100


async def create_file(request: Request) -> None:
    """POST /v1/files."""
    caller = _find_caller(request)
    async with request.read_form(settings.API_FILE_BYTES) as form:
        sent, purpose = form.get("file"), form.get("purpose")
        if not isinstance(sent, UploadFile):
            raise wrong_field("file", "multipart file")
        if purpose not in PURPOSES:
            raise wrong_field("purpose", ", ".join(PURPOSES))
        check_text("file", sent.filename or "")
        await run_in_database(files.check_space, use_id=caller.use_id or 0, more=sent.size or 0)
        # Aside: a large file on a slow disk would keep everybody else's limits waiting.
        kept = await run_aside(
            files.keep_file,
            use_id=caller.use_id or 0,
            filename=sent.filename or "file",
            purpose=str(purpose),
            content=sent.file,
            now=timezone.now(),
        )
    await request.answer_json(describe_file(kept))


async def list_files(request: Request) -> None:
    """GET /v1/files."""
    caller = _find_caller(request)
    found = await _list(request, BatchFile.objects.of_use(caller.use_id or 0))
    await request.answer_json(_describe_list(found, [describe_file(file) for file in found[0]]))


async def show_file(request: Request) -> None:
    """GET /v1/files/{id}."""
    await request.answer_json(describe_file(await _find_file(request)))


async def read_file(request: Request) -> None:
    """GET /v1/files/{id}/content."""
    file = await _find_file(request)
    path = files.find_path(file.pk)
    if not path.exists():
        raise batches.no_file(file.pk)
    await request.begin(200, (BYTES, (b"content-length", b"%d" % path.stat().st_size)))
    with path.open("rb") as content:
        while piece := content.read(1_000_000):
            await request.write(piece)
    await request.write(b"", is_last=True)


async def delete_file(request: Request) -> None:
    """DELETE /v1/files/{id}."""
    file = await _find_file(request)
    identity = file.pk
    await run_in_database(files.delete_file, file)
    await request.answer_json({"id": identity, "object": "file", "deleted": True})


async def create_batch(request: Request) -> None:
    """POST /v1/batches."""
    body, _size = await request.read_json()
    caller = _find_caller(request)
    metadata = body.get("metadata") or {}
    if not isinstance(metadata, dict) or len(metadata) > 16:
        raise wrong_field("metadata", "{…}, 16")
    check_text("metadata", "".join(f"{name}{value}" for name, value in metadata.items()))
    check_text("input_file_id", str(body.get("input_file_id")))
    batch = await run_in_database(
        batches.create_batch,
        caller=caller,
        input_file_id=str(body.get("input_file_id")),
        url=str(body.get("endpoint")),
        window=str(body.get("completion_window")),
        metadata={str(name)[:64]: str(value)[:512] for name, value in metadata.items()},
        now=timezone.now(),
    )
    await request.answer_json(describe_batch(batch))


async def list_batches(request: Request) -> None:
    """GET /v1/batches."""
    caller = _find_caller(request)
    found = await _list(request, Batch.objects.of_use(caller.use_id or 0))
    await request.answer_json(_describe_list(found, [describe_batch(batch) for batch in found[0]]))


async def show_batch(request: Request) -> None:
    """GET /v1/batches/{id}."""
    await request.answer_json(describe_batch(await _find_batch(request)))


async def cancel_batch(request: Request) -> None:
    """POST /v1/batches/{id}/cancel."""
    batch = await _find_batch(request)
    cancelled = await run_in_database(batches.cancel_batch, batch=batch, now=timezone.now())
    await request.answer_json(describe_batch(cancelled))


def _find_caller(request: Request) -> Caller:
    _snapshot, caller = request.find_caller()
    check_scope(caller, Endpoint.BATCHES)
    return caller


async def _find_file(request: Request) -> BatchFile:
    caller, identity = _find_caller(request), request.params["id"]
    check_text("id", identity)
    file = await run_in_database(
        lambda: BatchFile.objects.of_use(caller.use_id or 0).filter(pk=identity).first()
    )
    if file is None:
        raise batches.no_file(identity)
    return file


async def _find_batch(request: Request) -> Batch:
    caller, identity = _find_caller(request), request.params["id"]
    check_text("id", identity)
    batch = await run_in_database(
        lambda: Batch.objects.of_use(caller.use_id or 0).filter(pk=identity).first()
    )
    if batch is None:
        raise NotFound(
            "batch_unknown",
            gettext_noop("There is no batch “%(batch)s” for this key’s use."),
            batch=str(identity)[:60],
        )
    return batch


async def _list(request: Request, rows: Any) -> tuple[list[Any], bool]:
    """Return the rows after the one that the request names, newest first, and whether there are more."""
    asked = {
        name: values[0] for name, values in parse_qs(request.scope["query_string"].decode("latin-1")).items()
    }
    limit = asked.get("limit", "20")
    if not limit.isascii() or not limit.isdigit() or len(limit) > 3 or not 1 <= int(limit) <= MOST_LISTED:
        raise wrong_field("limit", f"1…{MOST_LISTED}")

    check_text("after", asked.get("after", ""))

    def read() -> list[Any]:
        found = rows.order_by("-created_at", "-pk")
        if after := asked.get("after"):
            last = rows.filter(pk=after).first()
            found = found.filter(created_at__lt=last.created_at) if last else found.none()
        return list(found[: int(limit) + 1])

    found = await run_in_database(read)
    return found[: int(limit)], len(found) > int(limit)


def _describe_list(found: tuple[list[Any], bool], data: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "object": "list",
        "data": data,
        "first_id": data[0]["id"] if data else None,
        "last_id": data[-1]["id"] if data else None,
        "has_more": found[1],
    }


def describe_file(file: BatchFile) -> dict[str, Any]:
    """Return a file as OpenAI's object."""
    return {
        "id": file.pk,
        "object": "file",
        "bytes": file.bytes,
        "created_at": _seconds(file.created_at),
        "expires_at": _seconds(file.expires_at),
        "filename": file.filename,
        "purpose": file.purpose,
        "status": "processed",
        "status_details": None,
    }


def describe_batch(batch: Batch) -> dict[str, Any]:
    """Return a batch as OpenAI's object."""
    url = next(url for url, (endpoint, *_rest) in batches.ASKED.items() if endpoint == batch.endpoint)
    ended = _seconds(batch.ended_at)
    times = {
        name: ended if batch.state == name else None
        for name in ("completed", "failed", "expired", "cancelled")
    }
    return {
        "id": batch.pk,
        "object": "batch",
        "endpoint": url,
        "errors": {"object": "list", "data": batch.errors} if batch.errors else None,
        "input_file_id": batch.input_file_id,
        "completion_window": "24h",
        "status": batch.state,
        "output_file_id": batch.output_file_id,
        "error_file_id": batch.error_file_id,
        "created_at": _seconds(batch.created_at),
        "in_progress_at": _seconds(batch.started_at),
        "finalizing_at": None,
        "cancelling_at": _seconds(batch.cancelling_at),
        "expires_at": _seconds(batch.expires_at),
        **{f"{name}_at": at for name, at in times.items()},
        "request_counts": {"total": batch.total, "completed": batch.completed, "failed": batch.failed},
        "metadata": batch.metadata,
    }


def _seconds(at: datetime | None) -> int | None:
    return int(at.timestamp()) if at else None
