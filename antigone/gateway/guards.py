"""The guards that every request to a model passes, in this order, whoever asks and from wherever.

known (`authenticate`) → allowed (`check_scope`) → within limits → privacy → charter; then the engine, then the usage
row (`calls.py`). The pages of the assistant, the playground, batches and `/v1` pass the same ones.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

from aiohttp import FormData
from django.utils.translation import gettext_noop

from antigone.errors import NotAllowed, NotFound, NotKnown
from antigone.gateway.allowances import Reserved, reserve
from antigone.gateway.engines import Engine
from antigone.gateway.snapshot import Caller, Model, Snapshot

# What an answer is counted for until one knows how long it was, where the request does not say.
USUAL_ANSWER_TOKENS = 256
BYTES_A_TOKEN = 4


@dataclass(slots=True)
class Call:
    """One request to a model: who asks, for what, with which words; and, as it goes, what becomes of it."""

    caller: Caller
    endpoint: str
    model: Model
    # Where engines answer it, under their address; and the request's body, as OpenAI's.
    path: str
    body: dict[str, Any]
    # About how long the request is, to count it before an engine has.
    size: int = 0
    at: float = field(default_factory=time.time)
    started: float = field(default_factory=time.perf_counter)
    # What makes the request anew for an engine, where it is a form with a file and not JSON.
    make_form: Callable[[str], FormData] | None = None
    reserved: Reserved | None = None
    engine: Engine | None = None
    first_at: float | None = None
    prompt_tokens: int = 0
    output_tokens: int = 0

    @property
    def likely_tokens(self) -> int:
        """Return about how many tokens the request and its answers may take."""
        prompt = self.size // BYTES_A_TOKEN + 1
        if self.endpoint not in ("chat", "completions"):
            return prompt
        most = self.body.get("max_completion_tokens") or self.body.get("max_tokens") or USUAL_ANSWER_TOKENS
        asked = self.body.get("prompt")
        # Completions write to each prompt of a list; numbers in a list are the tokens of a single one.
        prompts = len(asked) if isinstance(asked, list) and not all(type(one) is int for one in asked) else 1
        answers = max(int(self.body.get("n") or 1), int(self.body.get("best_of") or 1))
        return prompt + int(most) * answers * prompts


def authenticate(snapshot: Snapshot, secret: str, address: str) -> Caller:
    """Return who shows this key; raise NotKnown where it opens nothing, NotAllowed from elsewhere than it may."""
    caller = snapshot.callers.get(hashlib.sha256(secret.encode()).hexdigest()) if secret else None
    if caller is None or (caller.expires_at is not None and caller.expires_at <= time.time()):
        raise NotKnown(
            "key_unknown",
            gettext_noop(
                "This key opens nothing: it is unknown, expired or revoked, or its use is not active. "
                "Send a valid one as “Authorization: Bearer …”."
            ),
        )
    if caller.networks and not _is_from(address, caller):
        raise NotAllowed(
            "key_from_elsewhere",
            gettext_noop("This key is not taken from your network. Ask whoever made it."),
        )
    return caller


def find_model(snapshot: Snapshot, caller: Caller, name: object) -> Model:
    """Return the model that a request names, among those the caller may use; raise NotFound with their names."""
    model = snapshot.models.get(name) if isinstance(name, str) else None
    if model is None or not may_use(caller, model):
        raise NotFound(
            "model_unknown",
            gettext_noop("There is no model “%(model)s” for this key. The models are: %(models)s."),
            model=str(name)[:120],
            models=", ".join(one.name for one in snapshot.list_models() if may_use(caller, one)) or "—",
        )
    return model


def may_use(caller: Caller, model: Model) -> bool:
    """Tell whether a caller is limited to other models."""
    return not caller.model_names or model.name in caller.model_names


def check_scope(caller: Caller, endpoint: str) -> None:
    """Raise NotAllowed where the caller's key is for other endpoints."""
    if caller.endpoints and endpoint not in caller.endpoints:
        raise NotAllowed(
            "endpoint_not_allowed",
            gettext_noop("This key is for %(endpoints)s, and not for %(endpoint)s."),
            endpoints=", ".join(sorted(caller.endpoints)),
            endpoint=endpoint,
        )


async def let_in(call: Call) -> None:
    """Take a request of a known caller through the guards; raise what forbids it."""
    check_scope(call.caller, call.endpoint)
    if call.caller.limits:
        call.reserved = await reserve(call.caller.limits, call.likely_tokens)
    scan_privacy(call)
    decide_by_charter(call)


def scan_privacy(call: Call) -> None:
    """Look for personal data in a request. Nothing is looked for until the city's rules say what to do with it."""


def decide_by_charter(call: Call) -> None:
    """Ask the charter whether a request may be made. There is no charter until the city adopts one: all may."""


def _is_from(address: str, caller: Caller) -> bool:
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None) or ip
    return any(mapped in network for network in caller.networks)
