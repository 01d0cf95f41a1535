"""Who is let in, for what, from where; a key that is revoked opens nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.errors import Unavailable
from antigone.gateway import snapshot
from antigone.gateway.models import Key, Limit, Usage
from antigone.register.models import Use
from tests.gateway.town import SECRET, ask, chat, make_key, make_use, set_limit

Measure = Limit.Measure


def status(body: object = None, **asked: object) -> int:
    return ask("POST", "/v1/chat/completions", body or chat(stream=True), **asked).status  # type: ignore[arg-type]


def test_key_opens(key: Key) -> None:
    assert status() == 200


@pytest.mark.parametrize("secret", [None, "", "antigone_wrong", SECRET + "x", "é"])
def test_nobody_is_let_in_without_a_key(key: Key, secret: str | None) -> None:
    reply = ask("POST", "/v1/chat/completions", chat(), key=secret)
    assert reply.status == 401
    assert reply.headers["www-authenticate"] == "Bearer"
    assert not Usage.objects.exists()


def test_revoked_and_expired_keys_open_nothing(key: Key) -> None:
    assert status() == 200
    key.revoked_at = timezone.now()
    key.save()
    assert status() == 401
    key.revoked_at, key.expires_at = None, timezone.now() + timedelta(seconds=60)
    key.save()
    assert status() == 200
    key.expires_at = timezone.now() - timedelta(seconds=1)
    key.save()
    assert status() == 401


def test_key_expires_in_memory_too(key: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    key.expires_at = timezone.now() + timedelta(seconds=60)
    key.save()
    snapshot.refresh()
    later = timezone.now().timestamp() + 61
    monkeypatch.setattr("antigone.gateway.guards.time.time", lambda: later)
    assert status(refreshed=False) == 401


def test_key_goes_with_its_use_and_with_its_holder(key: Key, use: Use, developer: Person) -> None:
    use.state = Use.State.SUSPENDED
    use.save()
    assert status() == 401
    use.state = Use.State.ACTIVE
    use.save()
    assert status() == 200
    developer.is_active = False
    developer.save()
    assert status() == 401


def test_key_goes_when_its_holder_changes_house(key: Key, developer: Person, city: object) -> None:
    developer.organisation = city  # type: ignore[assignment]
    developer.save()
    assert status() == 401


def test_key_is_for_its_models_endpoints_and_networks(use: Use, developer: Person, engines: object) -> None:
    make_key(
        use, developer, model_names=["honest"], endpoints=["chat"], networks=["10.0.0.0/8", "2001:db8::/32"]
    )
    assert status(address="10.1.2.3") == 200
    assert status(address="::ffff:10.1.2.3") == 200
    assert status(address="2001:db8::1") == 200
    assert status(address="127.0.0.1") == 403
    assert status(address="") == 403
    assert status(chat("dying"), address="10.1.2.3") == 404
    reply = ask("POST", "/v1/completions", {"model": "honest", "prompt": "a"}, address="10.1.2.3")
    assert reply.error["code"] == "endpoint_not_allowed"
    names = [model["id"] for model in ask("GET", "/v1/models", address="10.1.2.3").json["data"]]
    assert names == ["honest"]


def test_process_that_cannot_look_refuses_everybody(key: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot.refresh()
    monkeypatch.setattr(snapshot, "STALE_SECONDS", -1.0)
    with pytest.raises(Unavailable):
        snapshot.current()
    reply = ask("POST", "/v1/chat/completions", chat(), refreshed=False)
    assert (reply.status, reply.error["code"]) == (503, "database_unreachable")
    assert ask("GET", "/v1/health", key=None, refreshed=False).status == 503


@pytest.mark.parametrize("of", ["organisation", "use", "key"])
def test_limit_holds_whoever_it_is_of(key: Key, of: str) -> None:
    thing = {"organisation": key.use.organisation, "use": key.use, "key": key}[of]
    set_limit(Measure.REQUESTS_DAY, 2, **{of: thing})
    assert [status(), status()] == [200, 200]
    reply = ask("POST", "/v1/chat/completions", chat())
    assert reply.status == 429
    assert reply.error["code"] == "limit_reached"
    assert thing.name in reply.error["message"]
    assert int(reply.headers["retry-after"]) <= 86_400
    assert Usage.objects.filter(status=429).count() == 1


def test_limit_of_zero_forbids(key: Key) -> None:
    set_limit(Measure.TOKENS_MONTH, 0, use=key.use)
    reply = ask("POST", "/v1/chat/completions", chat())
    assert (reply.status, reply.error["code"]) == (403, "limit_of_zero")


def test_request_that_can_never_be_within_a_limit_says_so(key: Key) -> None:
    set_limit(Measure.TOKENS_MINUTE, 300, use=key.use)
    reply = ask("POST", "/v1/chat/completions", chat(max_tokens=1_000))
    assert (reply.status, reply.error["code"]) == (429, "request_over_limit")
    assert reply.headers["x-should-retry"] == "false"
    assert status(chat(max_tokens=100, stream=True)) == 200


def test_tokens_are_counted_as_they_were_and_not_as_they_might_be(key: Key) -> None:
    set_limit(Measure.TOKENS_DAY, 1_500, key=key)
    assert [status(chat(max_tokens=900, stream=True)) for _ in range(3)] == [200, 200, 200]


def test_others_do_not_pay_for_a_use_that_spent_its_limit(key: Key, developer: Person) -> None:
    other = make_use(developer, name="Traduire")
    make_key(other, developer, secret="antigone_other")
    set_limit(Measure.REQUESTS_DAY, 1, use=key.use)
    assert [status(), status()] == [200, 429]
    assert status(key="antigone_other") == 200
