"""Engines and passports are declared; the catalogue of known models is loaded."""

import tomllib
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.errors import NotAllowed
from antigone.gateway import rules
from antigone.gateway.models import DeclaredEngine, Passport
from antigone.gateway.networks import check_url
from antigone.gateway.sealing import seal

CATALOGUE = settings.BASE_DIR / "deploy" / "models" / "catalogue.toml"


@transaction.atomic
def save_engine(*, engine: DeclaredEngine, key: str | None, by: Person | None) -> DeclaredEngine:
    """Save an engine, at an address where one may stand; `key` None leaves its key as it is, empty takes it away.

    `by` is None from the command line only.
    """
    if by is not None and not rules.is_operator(by):
        raise NotAllowed("engine_not_yours", gettext_noop("Only operators declare engines."))
    check_url(engine.url)
    if key is not None:
        engine.sealed_key = seal(key) if key else ""
    engine.save()
    return engine


@transaction.atomic
def load_catalogue(names: Iterable[str] | None = None) -> list[str]:
    """Add the passports of known models that are not there yet, not offered until somebody says so; return their names.

    A passport that the city has already is never changed.
    """
    known = set(Passport.objects.values_list("name", flat=True))
    added = []
    for entry in read_catalogue():
        if entry["name"] not in known and (names is None or entry["name"] in names):
            Passport.objects.create(**entry)
            added.append(entry["name"])
    return added


def read_catalogue() -> list[dict[str, Any]]:
    """Return the models of the catalogue, as fields of passports."""
    models: list[dict[str, Any]] = tomllib.loads(CATALOGUE.read_text())["models"]
    return models
