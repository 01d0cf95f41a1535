"""Keys are made, shown once, and revoked."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import ip_network

from django.db import transaction
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.errors import NotFound, NotPossible, WrongInput
from antigone.gateway import rules
from antigone.gateway.models import Endpoint, Key
from antigone.gateway.snapshot import refresh
from antigone.register.models import Use

PREFIX = "antigone_"
SHOWN_CHARACTERS = 14
MOST_DAYS = 366


@transaction.atomic
def create_key(
    *,
    use: Use,
    name: str,
    by: Person,
    expires_at: datetime,
    now: datetime,
    model_names: Iterable[str] = (),
    endpoints: Iterable[str] = (),
    networks: Iterable[str] = (),
) -> tuple[Key, str]:
    """Make a key for a use that is active; return it with its secret, which nothing can show again."""
    if not rules.can_make_keys(by, use):
        raise NotFound(
            "use_not_found", gettext_noop("This use does not exist, or is not yours to decide on.")
        )
    use = Use.objects.select_for_update().get(pk=use.pk)
    if use.state != Use.State.ACTIVE:
        raise NotPossible(
            "use_not_active",
            gettext_noop("“%(name)s” is not active, so it has no keys. Wait until it is accepted."),
            name=use.name,
        )
    if not now < expires_at <= now + timedelta(days=MOST_DAYS):
        raise WrongInput(
            "key_expiry",
            gettext_noop("A key lives until a day to come, within %(days)s days. Choose another day."),
            days=MOST_DAYS,
        )
    secret = PREFIX + secrets.token_urlsafe(32)
    key = Key.objects.create(
        use=use,
        person=by,
        name=" ".join(name.split())[:120] or use.name,
        prefix=secret[:SHOWN_CHARACTERS],
        secret_sha256=hashlib.sha256(secret.encode()).hexdigest(),
        model_names=_check_models(model_names),
        endpoints=_check_endpoints(endpoints),
        networks=check_networks(networks),
        expires_at=expires_at,
    )
    return key, secret


@transaction.atomic
def revoke_key(*, key: Key, by: Person | None, now: datetime) -> None:
    """Take a key away: within a second nothing opens with it. `by` is None from the command line only."""
    if by is not None and not rules.can_revoke(by, key):
        raise NotFound("key_not_found", gettext_noop("This key does not exist, or is not yours."))
    key = Key.objects.select_for_update().get(pk=key.pk)
    if key.revoked_at is not None:
        raise NotPossible("key_revoked", gettext_noop("This key is revoked already. There is nothing to do."))
    key.revoked_at, key.revoked_by = now, by
    key.save()


def check_networks(texts: Iterable[str]) -> list[str]:
    """Return networks as they are kept; raise WrongInput with the one that is none.

    >>> check_networks(["10.1.2.3", "2001:db8::/32"])
    ['10.1.2.3/32', '2001:db8::/32']
    """
    networks = []
    for text in texts:
        try:
            networks.append(str(ip_network(text.strip())))
        except ValueError as error:
            raise WrongInput(
                "key_network",
                gettext_noop(
                    "“%(network)s” is not a network. Write one such as 10.1.0.0/16 or 192.0.2.7, one a line."
                ),
                network=text.strip()[:100],
            ) from error
    return networks


def _check_models(names: Iterable[str]) -> list[str]:
    known = {model.name for model in refresh().list_models()}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise WrongInput(
            "key_model",
            gettext_noop("There is no model “%(model)s”. Choose among those offered."),
            model=unknown[0],
        )
    return sorted(set(names))


def _check_endpoints(names: Iterable[str]) -> list[str]:
    unknown = [name for name in names if name not in Endpoint.values]
    if unknown:
        raise WrongInput(
            "key_endpoint",
            gettext_noop("There is no endpoint “%(endpoint)s”. Choose among those offered."),
            endpoint=unknown[0],
        )
    return sorted(set(names))
