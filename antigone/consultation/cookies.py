"""The signed cookie that makes a participant: a number and its seal, for one consultation, read by nothing else."""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_noop

from antigone.errors import WrongInput

# Long enough for a consultation of some months; six months at most without asking again.
COOKIE_SECONDS = 180 * 24 * 3600


def name_cookie(consultation_id: int, *, is_embedded: bool = False) -> str:
    """Name the cookie of a consultation; within a page of another site it is another one."""
    return f"antigone-consultation-{consultation_id}{'-embedded' if is_embedded else ''}"


def seal_participant(consultation_id: int, participant_id: int) -> str:
    """Give what the cookie holds."""
    return f"{participant_id}.{_seal(consultation_id, participant_id)}"


def read_participant(
    cookies: Mapping[str, str], consultation_id: int, *, is_embedded: bool = False
) -> int | None:
    """Give the number of the participant whose browser this is, None where it is nobody's yet.

    Raise WrongInput where the cookie was forged or damaged. Whether the participant is still there is another matter.
    """
    value = cookies.get(name_cookie(consultation_id, is_embedded=is_embedded))
    if not value:
        return None
    number, _point, seal = value.partition(".")
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    if is_number and constant_time_compare(seal, _seal(consultation_id, int(number))):
        return int(number)
    raise WrongInput(
        "unknown_participant",
        gettext_noop(
            "Your browser’s cookie for this consultation is not one of ours, or no longer valid. "
            "Begin again: what you vote now will count."
        ),
    )


def write_cookie(consultation_id: int, slug: str, participant_id: int, *, is_embedded: bool = False) -> str:
    """Write the header that sets the cookie, for the pages of this consultation alone.

    In a frame of another site a cookie is only kept apart for that site (`Partitioned`) and over TLS.
    """
    value = seal_participant(consultation_id, participant_id)
    if is_embedded:
        rules = "; SameSite=None; Secure; Partitioned"
    else:
        rules = "; SameSite=Lax" + ("; Secure" if settings.HTTPS else "")
    name = name_cookie(consultation_id, is_embedded=is_embedded)
    return f"{name}={value}; Path=/consultations/{slug}/; Max-Age={COOKIE_SECONDS}; HttpOnly{rules}"


def forget_cookie(consultation_id: int, slug: str, *, is_embedded: bool = False) -> str:
    """Write the header that takes the cookie away."""
    rules = "; SameSite=None; Secure; Partitioned" if is_embedded else "; SameSite=Lax"
    name = name_cookie(consultation_id, is_embedded=is_embedded)
    return f"{name}=; Path=/consultations/{slug}/; Max-Age=0; HttpOnly{rules}"


def set_cookie(response: HttpResponse, header: str) -> None:
    """Set a cookie on a page, by the header that `write_cookie` or `forget_cookie` wrote."""
    if "Partitioned" in header:  # which Python knows from 3.14 on
        response.headers["Set-Cookie"] = header
    else:
        response.cookies.load(header)


def _seal(consultation_id: int, participant_id: int) -> str:
    text = f"{consultation_id}:{participant_id}"
    return salted_hmac("antigone.consultation.cookies", text, algorithm="sha256").hexdigest()[:40]
