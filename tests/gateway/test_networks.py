"""Engines stand on the city's networks; an address elsewhere is refused when typed and when a name leads to it."""

import socket

import pytest
from asgiref.sync import async_to_sync
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from antigone.errors import Unavailable, WrongInput
from antigone.gateway.clients import Resolver, close_session, look, prepare
from antigone.gateway.engines import Engine
from antigone.gateway.networks import check_url, is_allowed, parse_networks


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "192.168.0.9", "::1", "fd00::5", "::ffff:10.0.0.1"]
)
def test_the_citys_networks_are_allowed(address: str) -> None:
    assert is_allowed(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "169.254.169.254", "fe80::1", "0.0.0.0", "2001:db8::1", "::ffff:8.8.8.8", "", "a"]
)
def test_others_are_not(address: str) -> None:
    assert not is_allowed(address)


def test_never_means_never(settings: Settings) -> None:
    settings.ENGINE_NETWORKS = ("0.0.0.0/0",)
    assert is_allowed("8.8.8.8")
    assert not is_allowed("169.254.169.254")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://10.0.0.1", "engine_address"),
        ("http://", "engine_address"),
        ("http://a:b@10.0.0.1/v1", "engine_address"),
        ("http://10.0.0.1:99999/v1", "engine_address"),
        ("file:///etc/passwd", "engine_address"),
        ("http://8.8.8.8/v1", "engine_elsewhere"),
        ("http://[fe80::1]/v1", "engine_elsewhere"),
        ("http://169.254.169.254/latest", "engine_elsewhere"),
        # Other ways to write 8.8.8.8, that the system would connect to without looking a name up.
        ("http://134744072/v1", "engine_elsewhere"),
        ("http://8.525320/v1", "engine_elsewhere"),
        ("http://010.010.010.010/v1", "engine_elsewhere"),
        ("http://8。8。8。8/v1", "engine_elsewhere"),
        ("http://[fd00:ec2::254]/latest", "engine_elsewhere"),
        ("http://:b@10.0.0.1/v1", "engine_address"),
    ],
)
def test_address_of_an_engine_is_checked_when_typed(url: str, code: str) -> None:
    with pytest.raises(WrongInput) as caught:
        check_url(url)
    assert caught.value.code == code


def test_engine_of_the_settings_is_not_spoken_to_elsewhere() -> None:
    with pytest.raises(Unavailable) as caught:
        prepare(Engine("E", "http://8.8.8.8/v1", "m"), "models")
    assert caught.value.code == "engine_elsewhere"


def test_name_that_leads_elsewhere_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is looked at when one connects: it may lead elsewhere than when it was typed."""

    def lie(host: str, port: int, *_others: object, **_named: object) -> object:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", port))]

    async def resolve() -> None:
        await Resolver().resolve("engine.example", 80)

    async def ask() -> None:
        try:
            await look(Engine("E", "http://engine.example/v1", "m"), 2.0)
        finally:
            await close_session()

    monkeypatch.setattr(socket, "getaddrinfo", lie)
    with pytest.raises(OSError, match="networks"):
        async_to_sync(resolve)()
    with pytest.raises(Unavailable) as caught:
        async_to_sync(ask)()
    assert caught.value.code == "engine_unreachable"


def test_wrong_setting_says_what_to_write() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"10\.0\.0\.0/8"):
        parse_networks(["10.0.0.0/8", "ten"])
