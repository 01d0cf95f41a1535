"""The form of a vote: whom it is from, where it is from, what it may hold; the door and the view refuse the same."""

import asyncio
import http.client
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import caches
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings

from antigone.accounts.models import Person
from antigone.consultation import writer as writing
from antigone.consultation.actions import Cast, NewVote, forget_participant
from antigone.consultation.cookies import name_cookie, seal_participant
from antigone.consultation.door import (
    MOST_BYTES,
    learn_address,
    open_door,
    read_sent_vote,
    refuse_other_sites,
    seal_network,
)
from antigone.consultation.models import Consultation, Participant, Statement, Vote
from antigone.consultation.writer import Writer, write_batch
from antigone.errors import AntigoneError, NotAllowed, Unavailable, WrongInput
from antigone.web.limits import Message, find_network
from tests.consultation.storm import PATH, PREPARE, House, find_port

FORM = "application/x-www-form-urlencoded"
FORGED = ["x", "1", "1.", "1.0000", "-1.0", "9" * 30 + ".a", "².abc", "1.é", "None.x", "1;2.x"]
WRONG = [
    {},
    {"statement": "1"},
    {"vote": "1"},
    {"statement": "1", "vote": "3"},
    {"statement": "1", "vote": "+1"},
    {"statement": "1", "vote": " 1"},
    {"statement": "-1", "vote": "1"},
    {"statement": "1.0", "vote": "1"},
    {"statement": "١", "vote": "1"},
    {"statement": "9" * 10, "vote": "1"},
    {"statement": "1' OR 1=1", "vote": "1"},
    {"statement": "1", "vote": "1", "important": "yes"},
    {"statement": "1", "vote": "1", "next": "https://ailleurs.example"},
    {"statement": "1", "vote": "1", "next": "//ailleurs.example"},
    {"statement": ["1", "2"], "vote": "1"},
    {"statement": "1", "vote": ["1", "-1"]},
]


@pytest.fixture(autouse=True)
def no_tries() -> None:
    caches["memory"].clear()


@pytest.fixture
def zoe() -> Client:
    return Client()


def vote(client: Client, statement: object = 1, value: object = 1, **more: Any) -> Any:
    return client.post(PATH, {"statement": statement, "vote": value, **more})


def error_of(client: Client, fields: dict[str, Any], **more: Any) -> tuple[int, str]:
    answer = client.post(PATH, fields, headers={"accept": "application/json"}, **more)
    return answer.status_code, answer.json()["error"]["code"]


# The form


@pytest.mark.parametrize("fields", WRONG)
def test_form_that_is_no_vote_is_refused(
    fields: dict[str, Any], zoe: Client, consultation: Consultation
) -> None:
    assert error_of(zoe, fields) == (422, "invalid_vote")
    assert not Participant.objects.exists()


def test_form_of_a_vote_is_read() -> None:
    sent = read_sent_vote({"statement": ["12"], "vote": ["-1"], "important": ["1"], "next": ["revoir"]})
    assert (sent.statement, sent.value, sent.is_important) == (12, -1, True)
    assert sent.find_next("vivre-ici") == "/consultations/vivre-ici/voter/revoir/#n12"


def test_vote_makes_a_cookie_which_votes_again(zoe: Client, consultation: Consultation) -> None:
    answer = vote(zoe)
    assert (answer.status_code, answer.headers["Location"]) == (303, PATH)
    assert answer.headers["Cache-Control"] == "private, no-store"
    cookie = answer.cookies[name_cookie(consultation.pk)]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == (
        "/consultations/vivre-ici/",
        "Lax",
        True,
    )
    answer = vote(zoe, 2, -1, important="1", next="revoir")
    assert answer.headers["Location"] == PATH + "revoir/#n2"
    assert not answer.cookies
    who = Participant.objects.get()
    assert list(who.votes.values_list("statement__number", "value", "is_important")) == [
        (1, 1, False),
        (2, -1, True),
    ]
    vote(zoe, 1, 2)
    assert list(who.votes.values_list("statement__number", flat=True)) == [2]


def test_embedded_page_has_a_cookie_of_its_own(zoe: Client, consultation: Consultation) -> None:
    vote(zoe)
    answer = vote(zoe, next="integre")
    assert answer.headers["Location"] == PATH + "integre/"
    assert answer.headers["Set-Cookie"].startswith(name_cookie(consultation.pk, is_embedded=True))
    assert answer.headers["Set-Cookie"].endswith("; HttpOnly; SameSite=None; Secure; Partitioned")
    assert Participant.objects.count() == 2


@pytest.mark.parametrize("value", FORGED)
def test_forged_cookie_is_said_and_taken_away(value: str, zoe: Client, consultation: Consultation) -> None:
    name = name_cookie(consultation.pk)
    zoe.cookies[name] = value
    answer = vote(zoe)
    assert (answer.status_code, answer.cookies[name].value) == (422, "")
    assert not Participant.objects.exists()


def test_cookie_of_another_consultation_is_not_taken(
    zoe: Client, consultation: Consultation, camps: list[Participant]
) -> None:
    zoe.cookies[name_cookie(consultation.pk)] = seal_participant(consultation.pk + 1, camps[0].pk)
    assert error_of(zoe, {"statement": 1, "vote": 0}) == (422, "unknown_participant")
    assert not Vote.objects.filter(statement__number=1, value=0).exists()


def test_cookie_of_whoever_was_forgotten_is_taken_away(zoe: Client, consultation: Consultation) -> None:
    vote(zoe)
    cookie = zoe.cookies[name_cookie(consultation.pk)].value
    who = Participant.objects.get()
    forget_participant(consultation=consultation, participant_id=who.pk, now=who.joined_at)
    assert vote(zoe).status_code == 422
    assert vote(zoe).status_code == 303
    assert zoe.cookies[name_cookie(consultation.pk)].value != cookie
    assert Participant.objects.exclude(pk=who.pk).count() == 1


@pytest.mark.parametrize("state", ["closed", "draft", "gone"])
def test_consultation_that_is_not_open_is_said(state: str, zoe: Client, consultation: Consultation) -> None:
    if state == "gone":
        consultation.statements.all().delete()
        consultation.delete()
    else:
        consultation.published_at = None if state == "draft" else consultation.published_at
        consultation.closed_at = consultation.created_at if state == "closed" else None
        consultation.save()
    assert vote(zoe).status_code == (409 if state == "closed" else 404)
    assert not Participant.objects.exists()


def test_statements_that_are_hidden_are_not_told_apart_from_none(
    zoe: Client, consultation: Consultation
) -> None:
    consultation.statements.filter(number=1).update(state=Statement.State.WAITING, text="SECRET-phrase")
    answers = [zoe.post(PATH, {"statement": number, "vote": 1}) for number in (1, 77)]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].content.replace(b"1", b"77") != b""
    assert b"SECRET-" not in answers[0].content


def test_large_form_is_refused(zoe: Client, consultation: Consultation) -> None:
    assert error_of(zoe, {"statement": 1, "vote": 1, "x": "y" * MOST_BYTES}) == (422, "invalid_vote")


# Where it comes from


@pytest.mark.parametrize(
    ("headers", "is_ours"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "http://ville.example"}, False),
        ({"origin": "http://ville.example"}, True),
        ({"origin": "HTTP://VILLE.example"}, True),
        ({"origin": "http://ville.example:8000"}, False),
        ({"origin": "http://ville.example.ailleurs.example"}, False),
        ({"origin": "http://ailleurs.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://["}, False),
        ({"origin": "file://ville.example"}, False),
        ({"referer": "http://ville.example/consultations/x/voter/"}, True),
        ({"referer": "http://ailleurs.example/http://ville.example/"}, False),
        ({}, True),
    ],
)
def test_vote_is_taken_from_our_pages_alone(headers: dict[str, str], is_ours: bool) -> None:
    if is_ours:
        refuse_other_sites({"host": "ville.example", **headers})
        return
    with pytest.raises(NotAllowed) as refused:
        refuse_other_sites({"host": "ville.example", **headers})
    assert refused.value.code == "vote_from_elsewhere"


def test_over_tls_a_page_without_it_is_elsewhere(settings: Settings) -> None:
    settings.HTTPS = True
    refuse_other_sites({"host": "ville.example", "origin": "https://ville.example"})
    with pytest.raises(NotAllowed):
        refuse_other_sites({"host": "ville.example", "origin": "http://ville.example"})


def test_vote_from_elsewhere_is_refused_without_a_cookie_too(zoe: Client, consultation: Consultation) -> None:
    elsewhere = {"headers": {"origin": "https://ailleurs.example"}}
    assert vote(zoe).status_code == 303
    for client in (zoe, Client(enforce_csrf_checks=True)):
        answer = client.post(PATH, {"statement": 1, "vote": -1}, **elsewhere)
        assert answer.status_code == 403
        assert not answer.cookies.get(name_cookie(consultation.pk))
    assert [vote.value for vote in Vote.objects.all()] == [1]


# How often


@pytest.mark.parametrize("name", ["vote", "vote_network", "participant_network", "participant_all"])
def test_flood_is_refused(name: str, zoe: Client, consultation: Consultation, settings: Settings) -> None:
    settings.TRIES = settings.TRIES | {name: (2, 60)}
    newcomers = name.startswith("participant")
    clients = [Client() if newcomers else zoe for _vote in range(4)]
    statuses = [vote(client, number).status_code for number, client in enumerate(clients, 1)]
    assert statuses == ([303, 303, 429, 429] if name != "vote" else [303, 303, 303, 429])
    elsewhere = Client(REMOTE_ADDR="2001:db8::1")
    assert vote(elsewhere).status_code == (429 if name == "participant_all" else 303)


def test_network_is_kept_under_a_name_of_the_day() -> None:
    today, tomorrow = date(2026, 1, 1), date(2026, 1, 2)
    first = seal_network(1, "192.0.2.7", today)
    assert first == seal_network(1, "192.0.2.7", today)
    assert len({first, seal_network(2, "192.0.2.7", today), seal_network(1, "192.0.2.8", today)}) == 3
    later = seal_network(1, "192.0.2.7", tomorrow)
    # Nor does the day before come back.
    assert len({first, later, seal_network(1, "192.0.2.7", today)}) == 3


def test_address_is_kept_nowhere(zoe: Client, consultation: Consultation) -> None:
    vote(Client(REMOTE_ADDR="192.0.2.77"))
    vote(Client(REMOTE_ADDR="2001:db8:1:2::77"))
    vote(Client(REMOTE_ADDR="2001:db8:1:2::78"))
    networks = list(Participant.objects.order_by("pk").values_list("network", flat=True))
    assert [len(network) for network in networks] == [32] * 3
    assert networks[1] == networks[2] != networks[0]


# The writer


def test_database_that_fails_loses_no_vote_silently(
    consultation: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise OperationalError("disk is full")

    monkeypatch.setattr(writing, "cast_votes", fail)
    monkeypatch.setattr(writing.connection, "close", lambda: None)
    outcomes = write_batch([NewVote(consultation.pk, None, 1, 1)] * 2)
    assert [outcome.code for outcome in outcomes if isinstance(outcome, Unavailable)] == [
        "votes_not_saved"
    ] * 2


def test_every_vote_is_answered_after_its_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever becomes of a batch, those who wait are told: cast, refused, or not saved; those who left, nothing."""
    batches: list[int] = []
    threads: list[threading.Thread] = []

    def write(votes: list[NewVote]) -> list[Cast | AntigoneError]:
        batches.append(len(votes))
        threads.append(threading.current_thread())
        if any(vote.statement == 13 for vote in votes):
            raise ZeroDivisionError
        return [Cast(1, vote.statement) if vote.value else WrongInput("no", "no") for vote in votes]

    monkeypatch.setattr(writing, "write_batch", write)
    monkeypatch.setattr(threading, "excepthook", lambda _arguments: None)

    async def cast(*numbers: int) -> list[object]:
        writer = Writer()
        sent = [writer.cast(NewVote(1, None, number, number % 5)) for number in numbers]
        leaves = asyncio.ensure_future(writer.cast(NewVote(1, None, 1, 1)))
        await asyncio.sleep(0)
        leaves.cancel()
        return [*await asyncio.gather(*sent, return_exceptions=True)]

    outcomes = asyncio.run(cast(1, 5, 2))
    assert [getattr(outcome, "code", "cast") for outcome in outcomes] == ["cast", "no", "cast"]
    (fault,) = asyncio.run(cast(13))
    assert getattr(fault, "code", "") == "votes_not_saved"
    threads[-1].join(60)
    assert not threads[-1].is_alive()
    assert sum(batches) >= 4


def test_votes_that_cannot_wait_are_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_WAITING", 2)
    monkeypatch.setattr(writing, "write_batch", lambda votes: [Cast(1, 1)] * len(votes))

    async def flood() -> list[object]:
        writer = Writer()
        writer._thread = threading.current_thread()  # nobody writes yet
        return [*await asyncio.gather(*(stand(writer) for _vote in range(3)), return_exceptions=True)]

    async def stand(writer: Writer) -> Cast:
        return await asyncio.wait_for(writer.cast(NewVote(1, None, 1, 1)), 0.05)

    outcomes = asyncio.run(flood())
    assert [type(outcome) for outcome in outcomes] == [TimeoutError, TimeoutError, Unavailable]


# The door, on a real server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, int]]:
    house, port = House(tmp_path_factory.mktemp("door")), find_port()
    house.do(PREPARE)
    with house.serve(port):
        yield house, port


Post = Callable[..., http.client.HTTPResponse]


@pytest.fixture
def post(server: tuple[House, int]) -> Post:
    """Post to the server, once the door knows the address."""

    def post(body: bytes | dict[str, Any], **headers: str) -> http.client.HTTPResponse:
        content = body if isinstance(body, bytes) else urlencode(body, doseq=True).encode()
        sent = {"Content-Type": FORM} | {name.replace("_", "-"): value for name, value in headers.items()}
        # One for each: the server closes those that wait for a slow machine.
        with closing(http.client.HTTPConnection("127.0.0.1", server[1], timeout=30)) as connection:
            connection.request("POST", PATH, content, sent)
            answer = connection.getresponse()
            answer.read()
        return answer

    assert post({"statement": 1, "vote": 1}).status == 303
    return post


def count_rows(house: House) -> list[int]:
    """Count votes and participants, beside the server."""
    tables = ("consultation_vote", "consultation_participant")
    with closing(sqlite3.connect(house.folder / "antigone.sqlite3", timeout=20)) as database:
        return [database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]


def test_door_answers_as_the_view_does(post: Post) -> None:
    first = post({"statement": 1, "vote": 1}, Origin="http://127.0.0.1", Host="127.0.0.1")
    headers = {name.lower(): value for name, value in first.getheaders()}
    assert (first.status, headers["location"]) == (303, PATH)
    for name, value in {
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "private, no-store",
        "x-frame-options": "DENY",
    }.items():
        assert headers[name] == value
    assert "default-src 'none'" in headers["content-security-policy"]
    # A page of Django says where the language is chosen; the door has none to say.
    assert "content-language" not in headers
    cookie = headers["set-cookie"].partition(";")[0]
    again = post({"statement": 2, "vote": -1, "next": "revoir"}, Cookie=f"autre=1; {cookie}")
    assert (again.status, again.headers["Location"]) == (303, PATH + "revoir/#n2")
    assert "Set-Cookie" not in again.headers


@pytest.mark.parametrize("fields", WRONG)
def test_door_refuses_what_the_view_refuses(fields: dict[str, Any], post: Post) -> None:
    answer = post(fields, Accept="application/json")
    assert answer.status == 422


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"\xff\xfe=%ff&&&=", {}, 422),
        (b"statement=1&vote=1" + b"&x=" + b"y" * MOST_BYTES, {}, 422),
        (b"&".join(b"x=1" for _field in range(200)), {}, 422),
        (b'{"statement": 1, "vote": 1}', {"Content_Type": "application/json"}, 422),
        (b"statement=1&vote=1", {"Origin": "https://ailleurs.example"}, 403),
        (b"statement=1&vote=1", {"Sec_Fetch_Site": "cross-site"}, 403),
        (b"statement=1&vote=1", {"Host": "ailleurs.example"}, 400),
        (b"statement=99&vote=1", {}, 422),
        (b"statement=1&vote=1", {"Cookie": "antigone-consultation-1=1.forged"}, 422),
    ],
)
def test_door_hands_on_what_it_does_not_take(
    body: bytes, headers: dict[str, str], status: int, post: Post, server: tuple[House, int]
) -> None:
    before = count_rows(server[0])
    assert post(body, **headers).status == status
    assert count_rows(server[0]) == before


def test_door_knows_nothing_of_other_addresses() -> None:
    """What is no vote, or of an address that the view has not told, reaches Django as it came."""
    reached: list[Message] = []

    async def django(scope: Message, receive: Callable[[], Awaitable[Message]], send: object) -> None:
        reached.append(scope | {"body": (await receive())["body"]})

    async def receive() -> Message:
        return {"type": "http.request", "body": b"statement=1&vote=9"}

    async def send(_message: Message) -> None:
        raise AssertionError("the door answered")

    scope = {
        "type": "http",
        "method": "POST",
        "path": PATH,
        "headers": [
            (b"host", b"localhost"),
            (b"content-type", FORM.encode()),
            (b"content-length", b"18"),
        ],
    }
    door = open_door(django)
    learn_address("connue", 1)
    for changes in (
        {"path": "/consultations/inconnue/voter/"},
        {"method": "GET", "path": "/consultations/connue/voter/"},
        {"path": "/consultations/connue/"},
        {"path": "/consultations/connue/voter"},
    ):
        asyncio.run(door(scope | changes, receive, send))
    assert [one.get("antigone.refused") for one in reached] == [None] * 4
    asyncio.run(door(scope | {"path": "/consultations/connue/voter/"}, receive, send))
    assert reached[-1]["antigone.refused"].code == "invalid_vote"
    assert {one["body"] for one in reached} == {b"statement=1&vote=9"}


def test_leader_previews_without_voting(alice: Person, consultation: Consultation) -> None:
    Consultation.objects.update(published_at=None)
    client = Client()
    client.force_login(alice)
    assert error_of(client, {"statement": 1, "vote": 1}) == (409, "consultation_not_open")


@pytest.mark.parametrize(
    ("address", "network", "wider"),
    [
        ("192.0.2.7", "192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2ff::9", "2001:db8:1:2ff::/64", "2001:db8:1:200::/56"),
        ("::ffff:192.0.2.7", "192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/56"),
    ],
)
def test_network_of_an_address(address: str, network: str, wider: str) -> None:
    assert (find_network(address), find_network(address, 56)) == (network, wider)


def test_newcomers_of_one_household_are_limited_whatever_network_they_take(
    settings: Settings, zoe: Client, consultation: Consultation
) -> None:
    settings.TRIES = {**settings.TRIES, "participant_network": (2, 60)}
    statuses = []
    for number in range(3):
        zoe.cookies.clear()
        statuses.append(
            zoe.post(
                PATH, {"statement": 1, "vote": 1}, REMOTE_ADDR=f"2001:db8:1:2{number:02x}::1"
            ).status_code
        )
    assert statuses == [303, 303, 429]
