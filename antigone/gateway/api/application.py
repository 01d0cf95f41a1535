"""The addresses of `/v1`."""

from pathlib import Path

from starlette.routing import Route, Router

from antigone.gateway.api import models, vectors, writing
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
        Route("/v1/models", Resource(GET=models.list_models)),
        Route("/v1/models/{name:path}", Resource(GET=models.show_model)),
        Route("/v1/health", Resource(GET=models.show_health)),
        Route("/v1/openapi.json", Resource(GET=describe)),
    ]
    return Router(routes, default=refuse_address, redirect_slashes=False)
