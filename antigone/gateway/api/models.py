"""The models that a key may use, and how the engines are."""

from typing import Any

from antigone.errors import AntigoneError
from antigone.gateway import routing
from antigone.gateway.api.requests import Request
from antigone.gateway.guards import find_model, may_use
from antigone.gateway.snapshot import Model, current


async def list_models(request: Request) -> None:
    """GET /v1/models."""
    snapshot, caller = request.find_caller()
    models = [describe_model(model) for model in snapshot.list_models() if may_use(caller, model)]
    await request.answer_json({"object": "list", "data": models})


async def show_model(request: Request) -> None:
    """GET /v1/models/{name}."""
    snapshot, caller = request.find_caller()
    await request.answer_json(describe_model(find_model(snapshot, caller, request.params["name"])))


def describe_model(model: Model) -> dict[str, Any]:
    """Return a model as OpenAI's object, with what clients of other gateways look for."""
    return {
        "id": model.name,
        "object": "model",
        "created": 0,
        "owned_by": model.maker or "antigone",
        "name": model.title,
        "type": model.kind,
        "aliases": list(model.aliases),
        "licence": model.licence,
        "max_context_length": model.context_tokens,
        "max_model_len": model.context_tokens,
        "capabilities": {"tools": model.has_tools, "vision": model.has_vision},
        "state": state_of(model),
    }


def state_of(model: Model) -> str:
    """Return how the best of a model's engines is."""
    if not model.engines:
        return routing.State.UP
    states = [routing.health_of(engine).state for engine in model.engines]
    best = (routing.State.UP, routing.State.TIRED, routing.State.UNKNOWN, routing.State.DOWN)
    return min(states, key=best.index)


async def show_health(request: Request) -> None:
    """GET /v1/health: whether requests can be answered, and what is wrong if not; open to everybody."""
    try:
        models = current().list_models()
    except AntigoneError as error:
        await request.answer_error(error)
        return
    states = {model.name: str(state_of(model)) for model in models}
    await request.answer_json({"status": "ok", "models": states})
