"""The door of votes: the POST of a vote is read, counted and written without the machinery of a page.

`open_door` stands before Django and takes `POST /consultations/<slug>/voter/` alone. What it does not know or refuses
it hands on as it came, with the reason, and the view (`views/casting.py`), which does the same through the functions of
this file, explains it on a page. A form of the browser, no token: a page that another site shows in a frame has no
session, so where a request comes from is read in the headers that browsers set and pages cannot.
"""

import hmac
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http import parse_cookie
from django.http.request import split_domain_port, validate_host
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.consultation.actions.voting import NewVote
from antigone.consultation.cookies import read_participant, write_cookie
from antigone.consultation.writer import Writer
from antigone.core.opinion import AGREE, DISAGREE, PASS, WITHDRAWN
from antigone.errors import AntigoneError, NotAllowed, WrongInput
from antigone.web.limits import Application, Message, count_try, find_network
from antigone.web.middleware import list_safe_headers

MOST_BYTES = 2_000
ADDRESS = re.compile(r"/consultations/([-a-zA-Z0-9_]+)/voter/")
VALUES = {"1": AGREE, "0": PASS, "-1": DISAGREE, "2": WITHDRAWN}
EMBEDDED = "integre"
REVIEW = "revoir"
# Where one goes back to: the next statement, the review of one's votes, the page within another site.
NEXT = {"": "", REVIEW: "revoir/", EMBEDDED: "integre/"}
# How long the door goes by the number that the view told it for an address, in seconds.
KNOWN_SECONDS = 60.0

Receive = Callable[[], Awaitable[Message]]
_known: dict[str, tuple[int, float]] = {}


@dataclass(frozen=True, slots=True)
class SentVote:
    """What the form of a vote says."""

    statement: int
    value: int
    is_important: bool
    next: str

    @property
    def is_embedded(self) -> bool:
        return self.next == EMBEDDED

    def find_next(self, slug: str) -> str:
        """Give the address of the page that follows; where one's votes are reviewed, of the vote just changed."""
        row = f"#n{self.statement}" if self.next == REVIEW else ""
        return f"/consultations/{slug}/voter/{NEXT[self.next]}{row}"


def read_sent_vote(fields: Mapping[str, Sequence[str]]) -> SentVote:
    """Read the fields of a form, strictly; raise WrongInput where they are not a vote."""
    if any(len(fields.get(name, ())) > 1 for name in ("statement", "vote", "important", "next")):
        raise invalid_vote()
    statement, vote, important, following = (
        (*fields.get(name, ()), "")[0] for name in ("statement", "vote", "important", "next")
    )
    is_number = statement.isascii() and statement.isdigit() and len(statement) < 10
    if not is_number or vote not in VALUES or important not in ("", "1") or following not in NEXT:
        raise invalid_vote()
    return SentVote(int(statement), VALUES[vote], important == "1", following)


def read_vote(
    consultation_id: int, sent: SentVote, cookies: Mapping[str, str], address: str, *, now: datetime
) -> NewVote:
    """Say whose a sent vote is, within the limits on votes; raise WrongInput or TooManyTries.

    Limits are generous (TRIES in the settings): a school, a library or a telephone company is one network.
    """
    network = find_network(address)
    participant = read_participant(cookies, consultation_id, is_embedded=sent.is_embedded)
    count_try("vote_network", f"{consultation_id}:{network}")
    if participant is None:
        count_try("participant_network", f"{consultation_id}:{find_network(address, 56)}")
        count_try("participant_all", str(consultation_id))
    else:
        count_try("vote", str(participant))
    sealed = seal_network(consultation_id, network, timezone.localdate(now)) if participant is None else ""
    return NewVote(
        consultation_id, participant, sent.statement, sent.value, sent.is_important, network=sealed
    )


def seal_network(consultation_id: int, network: str, today: date) -> str:
    """Give what is kept of a network: the same for everybody who comes from it on one day, to see a burst by.

    The key is drawn each day in the memory of the process and stands nowhere else: whoever holds the database and
    `secret.key` cannot find the address again by trying all of them. A restart, midnight or a second process gives
    the same network another name; a burst lasts minutes, and each part of it still shows.
    """
    text = f"{consultation_id}:{network}"
    return hmac.digest(_draw_key(today), text.encode(), "sha256").hex()[:32]


@lru_cache(maxsize=1)
def _draw_key(_today: date) -> bytes:
    return secrets.token_bytes(32)


def refuse_other_sites(headers: Mapping[str, str]) -> None:
    """Raise NotAllowed unless a page of ours sent the form; names of `headers` are in small letters.

    Browsers say so in Sec-Fetch-Site over TLS, else in Origin, the oldest in Referer. What sends none of the three is
    no browser, and nobody's cookie is in it that this somebody did not put there; the cookie is also SameSite.
    """
    site = headers.get("sec-fetch-site")
    source = headers.get("origin") or headers.get("referer")
    is_ours = site in ("same-origin", "none") if site else not source or _is_ours(source, headers)
    if not is_ours:
        raise NotAllowed(
            "vote_from_elsewhere",
            gettext_noop(
                "This vote was sent by a page of another site. Vote on the consultation’s own page."
            ),
        )


def _is_ours(source: str, headers: Mapping[str, str]) -> bool:
    try:
        parts = urlsplit(source)
    except ValueError:
        return False
    schemes = ("https",) if settings.HTTPS else ("http", "https")
    return parts.scheme in schemes and parts.netloc.lower() == headers.get("host", "").lower()


def invalid_vote() -> WrongInput:
    return WrongInput("invalid_vote", gettext_noop("Choose “Agree”, “Disagree” or “Pass”."))


def learn_address(slug: str, consultation_id: int) -> None:
    """Keep for a minute which consultation an address is: the view found it, the door asks no database."""
    _known[slug] = (consultation_id, time.monotonic() + KNOWN_SECONDS)


def open_door(application: Application) -> Application:
    """Return the ASGI application with the door of votes before it."""
    writer = Writer()

    async def enter(scope: Message, receive: Receive, send: Callable[[Message], Awaitable[None]]) -> None:
        match = ADDRESS.fullmatch(scope["path"]) if _is_post(scope) else None
        headers = _read_headers(scope) if match else {}
        consultation_id = _find_known(match[1]) if match and _is_vote(headers) else None
        if match is None or consultation_id is None:
            await application(scope, receive, send)
            return
        messages = await _receive_all(receive)
        try:
            refuse_other_sites(headers)
            sent = read_sent_vote(_parse(messages))
            cookies = parse_cookie(headers.get("cookie", ""))
            address = scope["client"][0] if scope.get("client") else ""
            vote = read_vote(consultation_id, sent, cookies, address, now=timezone.now())
            cast = await writer.cast(vote)
        except AntigoneError as error:
            scope["antigone.refused"] = error
            await application(scope, _replay(messages, receive), send)
            return
        cookie = None
        if vote.participant_id is None:
            cookie = write_cookie(
                consultation_id, match[1], cast.participant_id, is_embedded=sent.is_embedded
            )
        await _send_on(send, sent, match[1], cookie)

    return enter


def _is_post(scope: Message) -> bool:
    return bool(scope["type"] == "http" and scope["method"] == "POST")


def _read_headers(scope: Message) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        headers[key] = f"{headers[key]}; {text}" if key == "cookie" and key in headers else text
    return headers


def _is_vote(headers: Mapping[str, str]) -> bool:
    """Tell whether it is a small form, sent to one of our names."""
    length, kind = (
        headers.get("content-length", ""),
        headers.get("content-type", "").partition(";")[0].strip(),
    )
    if not length.isdigit() or int(length) > MOST_BYTES or kind != "application/x-www-form-urlencoded":
        return False
    host, _port = split_domain_port(headers.get("host", ""))
    return validate_host(host, settings.ALLOWED_HOSTS)


def _find_known(slug: str) -> int | None:
    consultation_id, until = _known.get(slug, (None, 0.0))
    return consultation_id if time.monotonic() < until else None


async def _receive_all(receive: Receive) -> list[Message]:
    """Receive the body, which the server holds to the length announced."""
    messages = [await receive()]
    while messages[-1].get("more_body"):
        messages.append(await receive())
    return messages


def _parse(messages: Sequence[Message]) -> dict[str, list[str]]:
    body = b"".join(message.get("body", b"") for message in messages)
    try:
        return parse_qs(body.decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=10)
    except ValueError as error:
        raise invalid_vote() from error


def _replay(messages: Sequence[Message], receive: Receive) -> Receive:
    left = list(messages)

    async def give() -> Message:
        return left.pop(0) if left else await receive()

    return give


async def _send_on(
    send: Callable[[Message], Awaitable[None]], sent: SentVote, slug: str, cookie: str | None
) -> None:
    headers = [
        *list_safe_headers(is_framed=sent.is_embedded),
        ("location", sent.find_next(slug)),
        ("content-length", "0"),
        *([("set-cookie", cookie)] if cookie else []),
    ]
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": 303, "headers": encoded})
    await send({"type": "http.response.body", "body": b""})
