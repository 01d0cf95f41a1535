"""What a process of the gateway knows without asking the database: callers by their key, models with their engines.

A request is let in or refused from memory. Twice a second the process looks whether anything changed (`Revision`), and
reads it all again when it did: a key revoked, a use suspended or a person's account closed is refused within a second
by every process. A process that could not look for `STALE_SECONDS` refuses everybody: what it knows may be old.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.errors import AntigoneError, Unavailable
from antigone.gateway.engines import Engine
from antigone.gateway.models import DeclaredEngine, Key, Limit, Passport, Revision
from antigone.register.models import ASSISTANT, Use

logger = logging.getLogger(__name__)
Network = IPv4Network | IPv6Network
STALE_SECONDS = 5.0
# All is read again now and then, whatever the revision says.
WHOLE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class KnownLimit:
    """A limit that holds for a caller; `of` and `name` say whose it is."""

    id: int
    measure: str
    amount: int
    of: str
    name: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: an organisation, for a use, by a key; the assistant's pages and the playground have none."""

    organisation_id: int | None
    organisation_name: str
    use_id: int | None
    use_name: str
    key_id: int | None = None
    key_name: str = ""
    person_id: int | None = None
    # Empty: all models that are offered, all endpoints, from everywhere.
    model_names: frozenset[str] = frozenset()
    endpoints: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()
    # Seconds since 1970; None: never.
    expires_at: float | None = None
    limits: tuple[KnownLimit, ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """A model as programmes ask for it, and the engines that run it. Without an engine: one that is built in."""

    name: str
    title: str
    kind: str
    aliases: tuple[str, ...] = ()
    engines: tuple[Engine, ...] = ()
    maker: str = ""
    licence: str = ""
    languages: tuple[str, ...] = ()
    context_tokens: int | None = None
    total_parameters: float | None = None
    active_parameters: float | None = None
    has_tools: bool = False
    has_vision: bool = False
    runs_where: str = ""
    zone: str = "FRA"
    is_built_in: bool = False


# Models that are part of Antigone: rooms above add here, as they start, the model and what answers for it.
# The answerer takes a request's body and gives back that of the answer, as the chat completions of OpenAI.
Answerer = Callable[[Mapping[str, Any], int | None], Coroutine[Any, Any, dict[str, Any]]]
BUILT_IN: dict[str, tuple[Model, Answerer]] = {}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All of it at one moment, never changed: another takes its place."""

    # By the SHA-256 of their secret; by the number of their key; of uses without a key, by the number of the use.
    callers: Mapping[str, Caller] = field(default_factory=dict)
    keys: Mapping[int, Caller] = field(default_factory=dict)
    uses: Mapping[int, Caller] = field(default_factory=dict)
    assistant: Caller = field(default_factory=lambda: Caller(None, "", None, ASSISTANT))
    # By their name and by their other names.
    models: Mapping[str, Model] = field(default_factory=dict)
    revision: int = -1
    declared: Sequence[Engine] = ()

    def list_models(self, kind: str | None = None) -> list[Model]:
        """Return the models that are offered, once each, those of the settings first."""
        found = {model.name: model for model in self.models.values()}
        return [model for model in found.values() if kind is None or model.kind == kind]


_latest = Snapshot()
_looked_at = _read_at = float("-inf")


def current() -> Snapshot:
    """Return what is known, from memory; raise Unavailable where that is too old to be trusted."""
    if time.monotonic() - _looked_at > STALE_SECONDS:
        raise Unavailable(
            "database_unreachable",
            gettext_noop(
                "The database does not answer: nobody can be let in for now. Try again in a moment."
            ),
        )
    return _latest


def refresh(*, at_least_every: float = 0.0) -> Snapshot:
    """Look in the database whether anything changed, read it again if so, and return what is known."""
    global _latest, _looked_at, _read_at
    now = time.monotonic()
    if now - _looked_at < at_least_every and _latest.declared is settings.ENGINES:
        return _latest
    revision = Revision.objects.read()
    is_same = revision == _latest.revision and _latest.declared is settings.ENGINES
    if not is_same or now - _read_at > WHOLE_SECONDS:
        _latest = read_all(revision)
        _read_at = now
    _looked_at = now
    return _latest


def forget() -> None:
    """Forget what is known, so that the next look reads it all."""
    global _latest, _looked_at, _read_at
    _latest, _looked_at, _read_at = Snapshot(), float("-inf"), float("-inf")


def read_all(revision: int) -> Snapshot:
    """Read callers and models."""
    limits = _read_limits()
    active = {use.pk: use for use in Use.objects.active().select_related("organisation")}
    uses = {pk: _caller_of(use, limits) for pk, use in active.items()}
    keys = Key.objects.usable(timezone.now()).filter(
        use__in=uses, person__is_active=True, person__organisation=F("use__organisation")
    )
    known = {key.secret_sha256: _with_key(uses[key.use_id], key, limits) for key in keys}
    assistant = next((uses[pk] for pk, use in active.items() if use.slug == ASSISTANT), Snapshot().assistant)
    return Snapshot(
        callers=known,
        keys={caller.key_id: caller for caller in known.values() if caller.key_id is not None},
        uses=uses,
        assistant=assistant,
        models=_read_models(),
        revision=revision,
        declared=settings.ENGINES,
    )


Limits = Mapping[tuple[str, int], tuple[KnownLimit, ...]]


def _read_limits() -> Limits:
    found: defaultdict[tuple[str, int], tuple[KnownLimit, ...]] = defaultdict(tuple)
    for limit in Limit.objects.select_related("organisation", "use", "key"):
        for of in ("organisation", "use", "key"):
            if (thing := getattr(limit, of)) is not None:
                found[of, thing.pk] += (KnownLimit(limit.pk, limit.measure, limit.amount, of, thing.name),)
    return found


def _caller_of(use: Use, limits: Limits) -> Caller:
    return Caller(
        organisation_id=use.organisation_id,
        organisation_name=use.organisation.name,
        use_id=use.pk,
        use_name=use.name,
        limits=limits["organisation", use.organisation_id] + limits["use", use.pk],
    )


def _with_key(caller: Caller, key: Key, limits: Limits) -> Caller:
    return replace(
        caller,
        key_id=key.pk,
        key_name=key.name,
        person_id=key.person_id,
        model_names=frozenset(key.model_names),
        endpoints=frozenset(key.endpoints),
        networks=tuple(ip_network(network) for network in key.networks),
        expires_at=key.expires_at.timestamp() if key.expires_at else None,
        limits=caller.limits + limits["key", key.pk],
    )


def _read_models() -> dict[str, Model]:
    """Return the models by all their names: those of the settings, those with a passport, those built in."""
    passports = {passport.name: passport for passport in Passport.objects.filter(is_offered=True)}
    hidden = set(Passport.objects.filter(is_offered=False).values_list("name", flat=True))
    engines: defaultdict[str, list[Engine]] = defaultdict(list)
    for engine in (*settings.ENGINES, *_read_declared(passports.values())):
        engines[engine.public_name].append(engine)
    models = {
        name: _model_of(name, serving, passports.get(name))
        for name, serving in engines.items()
        if name not in hidden
    }
    models |= {name: model for name, (model, _answer) in BUILT_IN.items()}
    aliases = {alias: model for model in models.values() for alias in model.aliases}
    return aliases | models


def _read_declared(passports: Iterable[Passport]) -> list[Engine]:
    """Return the engines declared in the administration; without those whose key cannot be read."""
    rows = DeclaredEngine.objects.filter(is_enabled=True, passport__in=list(passports))
    engines = []
    for row in rows.select_related("passport"):
        try:
            engines.append(row.as_engine())
        except AntigoneError as error:
            logger.warning("The engine %s is left out: %s", row.name, error)
    return engines


def _model_of(name: str, engines: Sequence[Engine], passport: Passport | None) -> Model:
    first = engines[0]
    if passport is None:
        return Model(
            name=name,
            title=first.name,
            kind=first.kind,
            engines=tuple(engines),
            licence=first.licence,
            context_tokens=first.context_tokens,
        )
    return Model(
        name=name,
        title=passport.title or first.name,
        kind=passport.kind,
        aliases=_read_names(passport.aliases),
        engines=tuple(engine for engine in engines if engine.kind == passport.kind),
        maker=passport.maker,
        licence=passport.licence,
        languages=_read_names(passport.languages),
        context_tokens=passport.context_tokens or first.context_tokens,
        total_parameters=passport.total_parameters,
        active_parameters=passport.active_parameters,
        has_tools=passport.has_tools,
        has_vision=passport.has_vision,
        runs_where=passport.runs_where,
        zone=passport.zone,
    )


def _read_names(typed: object) -> tuple[str, ...]:
    """Return the names in a list that somebody typed: whatever else stands there keeps nobody out."""
    return tuple(name for name in typed if isinstance(name, str)) if isinstance(typed, list) else ()
