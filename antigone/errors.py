"""The errors of the rooms. A page (`web.middleware`) and `/v1` each translate them to HTTP once.

AntigoneError
├── NotKnown          nobody knows who asks (of a programme without a key that opens)
├── NotAllowed        the person may not do this
├── NotFound          it is not there, or the person may not know that it is
├── NotPossible       the state of things forbids it (withdrawn, closed, empty…)
├── WrongInput        what was typed or sent cannot be taken
│   └── TooLarge      it is more than this place takes
├── TooManyTries      it was asked too often for now
└── Unavailable       something that Antigone depends on does not answer
"""

from collections.abc import Mapping


class AntigoneError(Exception):
    """Say what happened, what it concerns and what to do, in a sentence that a person may read.

    `code` never changes and names the error in the API and in docs/errors.md; `params` fill the sentence,
    whose `template` is translated where a person reads it (mark it with `gettext_noop`).
    """

    status = 400

    def __init__(self, code: str, message: str, **params: object) -> None:
        super().__init__(message % params if params else message)
        self.code = code
        self.template = message
        self.params: Mapping[str, object] = params


class NotKnown(AntigoneError):
    status = 401


class NotAllowed(AntigoneError):
    status = 403


class NotFound(AntigoneError):
    status = 404


class NotPossible(AntigoneError):
    status = 409


class WrongInput(AntigoneError):
    status = 422


class TooLarge(WrongInput):
    status = 413


class TooManyTries(AntigoneError):
    status = 429


class Unavailable(AntigoneError):
    status = 503
