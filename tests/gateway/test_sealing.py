"""Keys of engines are sealed in the database."""

import pytest
from pytest_django import Settings

from antigone.errors import NotPossible
from antigone.gateway.sealing import seal, unseal


def test_sealed_key_comes_back_and_is_not_seen() -> None:
    assert "secret" not in seal("secret-é")
    assert unseal(seal("secret-é")) == "secret-é"


def test_another_signing_key_does_not_open_it(settings: Settings) -> None:
    sealed = seal("secret")
    settings.SECRET_KEY = "another signing key, of more than 32 characters"
    with pytest.raises(NotPossible) as caught:
        unseal(sealed)
    assert caught.value.code == "key_not_unsealed"
