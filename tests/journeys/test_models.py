"""A model answers: sentence by sentence, each with its mark, until it ends or is stopped."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.reader import Reader
from tests.journeys.town import Town
from tests.journeys.words import HOURS, OPENING, in_french
from tests.scripted_engine import ScriptedEngine

pytestmark = pytest.mark.xdist_group("journeys")

CANTEEN = "Quelles pièces faut-il pour inscrire un enfant à la cantine ?"


@pytest.fixture
def zoe(arrive: Callable[..., Reader], town_with_models: Town) -> Reader:
    zoe = arrive(town_with_models)
    zoe.open("/demander/")
    return zoe


def wait_until(condition: Callable[[], bool]) -> None:
    limit = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < limit, "it never happened"
        time.sleep(0.05)


def being_written(reader: Reader) -> Locator:
    """The sentences of an answer that is not whole yet."""
    return reader.page.locator("[aria-live=polite] > p")


def test_sentences_of_a_model_bear_their_marks(zoe: Reader) -> None:
    zoe.ask(HOURS, engine="Sloppy")
    expect(zoe.answer.locator(".words.cited")).to_have_count(1)
    expect(zoe.answer.locator(".words.unverified")).to_have_count(1)
    assert in_french("not verified").capitalize() in zoe.answer.locator(".answer .tag.warn").inner_text()
    assert "[47]" not in zoe.main
    expect(zoe.answer.locator(".reference")).to_have_count(1)


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no javascript"])
def test_honest_model_is_named_and_all_it_says_is_checked(
    arrive: Callable[..., Reader], town_with_models: Town, javascript: bool
) -> None:
    zoe = arrive(town_with_models, javascript=javascript)
    zoe.open("/demander/")
    zoe.ask(HOURS)
    expect(zoe.answer.locator(".words.cited")).to_have_count(1)
    expect(zoe.answer.locator(".said .tag.ok")).to_be_visible()
    assert "Honest" in zoe.main


def test_reader_sees_sentences_come_one_by_one_and_stops_the_model(
    zoe: Reader, scripted: ScriptedEngine
) -> None:
    before = scripted.left_early
    zoe.send(HOURS, engine="Slow")
    expect(being_written(zoe).nth(0)).to_be_visible()
    expect(being_written(zoe).nth(3)).to_be_visible()
    expect(zoe.page.locator("form.ask button.button")).to_be_disabled()
    expect(zoe.page.locator("article button[type=button]")).to_be_focused()
    zoe.page.keyboard.press("Enter")
    expect(zoe.page.locator("article [role=status]")).to_contain_text("Arrêté")
    expect(zoe.page.locator("form.ask [name=question]")).to_be_focused()
    wait_until(lambda: scripted.left_early > before)
    zoe.ask(CANTEEN, engine="Honest")
    expect(zoe.answer.locator(".words.cited")).to_have_count(1)


def test_reader_who_leaves_stops_the_model_too(zoe: Reader, scripted: ScriptedEngine) -> None:
    before = scripted.left_early
    zoe.send(HOURS, engine="Slow")
    being_written(zoe).first.wait_for()
    zoe.page.goto("about:blank")
    wait_until(lambda: scripted.left_early > before)
    zoe.open("/")


@pytest.mark.parametrize("engine", ["Lying", "Dying"])
def test_answer_of_a_model_that_lies_or_dies_is_replaced_by_quotes_with_the_reason(
    zoe: Reader, engine: str
) -> None:
    zoe.ask(HOURS, engine=engine)
    expect(zoe.answer.locator(".notice.warning")).to_contain_text(engine)
    assert OPENING in zoe.sentences[0]
    expect(zoe.answer.locator(".words:not(.cited)")).to_have_count(0)
    for lie in ("987 654", "licornes", "exemple.invalid", "31 février"):
        assert lie not in zoe.main


def test_visitors_page_alone_keeps_the_exchange_before(zoe: Reader) -> None:
    zoe.ask(HOURS)
    zoe.ask(CANTEEN)
    expect(zoe.page.locator("#talk > .exchange")).to_have_count(2)
    expect(zoe.page.locator("#talk > .exchange").first).to_contain_text(HOURS)
    expect(zoe.page.locator("#last")).to_contain_text(CANTEEN)
    expect(zoe.page.locator("#last .question")).to_be_focused()
    for exchange in zoe.page.locator("#talk > .exchange").all():
        (address,) = {link.get_attribute("href") for link in exchange.locator(".answer .reference").all()}
        expect(exchange.locator(f".source{address}")).to_have_count(1)
    ids = zoe.page.locator("[id]").evaluate_all("elements => elements.map(element => element.id)")
    assert len(ids) == len(set(ids))
    assert in_french("Go on") in zoe.page.locator("form.ask").inner_text()
    zoe.open("/demander/")
    expect(zoe.page.locator(".exchange")).to_have_count(0)


def test_agents_conversation_is_kept_at_an_address_of_its_own(
    arrive: Callable[..., Reader], town_with_models: Town
) -> None:
    chloe = arrive(town_with_models, role="Chloé Martin")
    chloe.open("/demander/")
    chloe.ask(HOURS)
    chloe.ask(CANTEEN)
    address = chloe.page.url
    assert address.rstrip("/").rpartition("/")[2].isdecimal()
    chloe.open(address)
    expect(chloe.page.locator("#talk > .exchange")).to_have_count(2)
    expect(chloe.answer.locator(".words.cited")).to_have_count(1)


def test_markup_is_shown_and_never_run_while_a_model_writes(zoe: Reader) -> None:
    question = "<img src=x onerror=alert(1)> horaires de la mairie"
    zoe.ask(question)
    assert question in zoe.main
    expect(zoe.page.locator("main img")).to_have_count(0)
