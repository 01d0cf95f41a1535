"""The addresses of `/v1`."""

from pathlib import Path

from starlette.routing import Route, Router

from antigone.gateway.api import albert, audio, batches, models, responses, vectors, writing
from antigone.gateway.api.requests import JSON, Request, Resource, refuse_address

DESCRIPTION = Path(__file__).parent / "openapi.json"


async def describe(request: Request) -> None:
    """GET /v1/openapi.json: what this file of addresses offers, for programmes."""
    await request.answer(DESCRIPTION.read_bytes(), JSON)


def make_application() -> Router:
    """Return the ASGI application of `/v1`; what is asked most comes first."""
    routes = [
        Route("/v1/chat/completions", Resource(POST=writing.chat)),
        Route("/v1/embeddings", Resource(POST=vectors.embed)),
        Route("/v1/completions", Resource(POST=writing.complete)),
        Route("/v1/rerank", Resource(POST=vectors.rerank)),
        Route("/v1/responses", Resource(POST=responses.respond)),
        Route("/v1/audio/transcriptions", Resource(POST=audio.transcribe)),
        Route("/v1/files", Resource(GET=batches.list_files, POST=batches.create_file)),
        Route("/v1/files/{id}", Resource(GET=batches.show_file, DELETE=batches.delete_file)),
        Route("/v1/files/{id}/content", Resource(GET=batches.read_file)),
        Route("/v1/batches", Resource(GET=batches.list_batches, POST=batches.create_batch)),
        Route("/v1/batches/{id}", Resource(GET=batches.show_batch)),
        Route("/v1/batches/{id}/cancel", Resource(POST=batches.cancel_batch)),
        Route("/v1/search", Resource(POST=albert.find)),
        Route("/v1/collections", Resource(GET=albert.list_collections, POST=albert.create_collection)),
        Route("/v1/collections/{id}", Resource(GET=albert.show_collection, DELETE=albert.delete_collection)),
        Route("/v1/documents", Resource(GET=albert.list_documents, POST=albert.create_document)),
        Route("/v1/documents/{id}", Resource(GET=albert.show_document, DELETE=albert.delete_document)),
        Route("/v1/models", Resource(GET=models.list_models)),
        Route("/v1/models/{name:path}", Resource(GET=models.show_model)),
        Route("/v1/health", Resource(GET=models.show_health)),
        Route("/v1/openapi.json", Resource(GET=describe)),
    ]
    return Router(routes, default=refuse_address, redirect_slashes=False)
