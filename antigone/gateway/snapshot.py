"""What a process of the gateway knows without asking the database: callers by their key, models with their engines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network

from antigone.gateway.engines import Engine

Network = IPv4Network | IPv6Network


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
    created: int = 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All of it at one moment, never changed: another takes its place."""

    callers: Mapping[str, Caller] = field(default_factory=dict)
    models: Mapping[str, Model] = field(default_factory=dict)
    revision: int = -1
