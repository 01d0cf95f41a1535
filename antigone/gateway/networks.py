"""Where engines may stand: on the city's own networks, and nowhere else."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_noop
from yarl import URL

from antigone.errors import WrongInput

Network = IPv4Network | IPv6Network
# Of one machine and its neighbours: what answers there hands out the secrets of machines that are rented.
NEVER = tuple(
    map(
        ip_network,
        ("169.254.0.0/16", "fe80::/10", "fd00:ec2::/32", "0.0.0.0/8", "224.0.0.0/4", "ff00::/8"),
    )
)


def parse_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Read ANTIGONE_ENGINE_NETWORKS; raises ImproperlyConfigured with the faulty part.

    >>> parse_networks(["10.0.0.0/8"])
    (IPv4Network('10.0.0.0/8'),)
    """
    networks = []
    for text in texts:
        try:
            networks.append(ip_network(text.strip()))
        except ValueError as error:
            raise ImproperlyConfigured(
                f"ANTIGONE_ENGINE_NETWORKS has “{text}”, which is no network ({error}). "
                "Write networks such as 10.0.0.0/8, separated by commas."
            ) from None
    return tuple(networks)


def is_allowed(address: str) -> bool:
    """Tell whether an engine may be spoken to at this address, a number and not a name."""
    return _is_in(address, tuple(settings.ENGINE_NETWORKS))


@lru_cache(maxsize=1_000)
def _is_in(address: str, networks: tuple[str, ...]) -> bool:
    try:
        ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return not any(ip in network for network in NEVER) and any(ip in n for n in parse_networks(networks))


def check_url(url: str) -> None:
    """Raise WrongInput where an engine cannot stand at this address; names are looked at when one connects."""
    try:
        parts = URL(url)  # as whatever connects reads it
        has_port = parts.explicit_port != 0
    except ValueError:
        parts, has_port = URL(), False
    host, has_user = parts.host, parts.raw_user is not None or parts.raw_password is not None
    if parts.scheme not in {"http", "https"} or not host or has_user or not has_port:
        raise WrongInput(
            "engine_address",
            gettext_noop(
                "“%(url)s” is not the address of an engine. Write one such as http://10.0.0.5:8000/v1."
            ),
            url=url[:200],
        )
    if is_number(host) and not is_allowed(host):
        raise WrongInput(
            "engine_elsewhere",
            gettext_noop(
                "%(host)s is not on the city’s networks (ANTIGONE_ENGINE_NETWORKS), and nothing leaves them. "
                "Choose an engine that stands there."
            ),
            host=host,
        )


def is_number(host: str) -> bool:
    """Tell whether a host is taken for an address, however it is written, and not looked up as a name.

    >>> [is_number(host) for host in ("10.0.0.1", "134744072", "::1", "engine.city.example")]
    [True, True, True, False]
    """
    return ":" in host or host.replace(".", "").isdigit()
