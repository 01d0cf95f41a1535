"""Keeps the keys of engines sealed in the database: without the signing key of this Antigone they cannot be read."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext_noop

from antigone.errors import NotPossible

PURPOSE = b"antigone.gateway: keys of engines"


def seal(secret: str) -> str:
    """Return a secret so that only this Antigone reads it."""
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Return a secret that was sealed here; raise NotPossible where the signing key has changed since."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise NotPossible(
            "key_not_unsealed",
            gettext_noop(
                "The key of an engine was sealed with another signing key. Type it again in the administration."
            ),
        ) from error


def _box() -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(
        settings.SECRET_KEY.encode()
    )
    return Fernet(base64.urlsafe_b64encode(derived))
