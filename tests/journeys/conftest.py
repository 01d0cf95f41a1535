"""Journeys: people going through whole paths, in a real browser, on a real server.

Every module marks itself as of one xdist group, so that `--dist loadgroup` gives all to one worker and its
servers. The fixtures are the package's, not the session's: a browser driven from here keeps an event loop
running in this thread, in which other tests could not use the database.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.journeys.reader import Reader
from tests.journeys.town import Town, serve_town
from tests.scripted_engine import ScriptedEngine, serve_scripted_engine

CHROMIUM_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# A machine that does much else is slow; nothing here waits longer than it must.
expect.set_options(timeout=30_000)
MODELS = ("honest", "sloppy", "lying", "dying", "slow")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not here. Type: sudo apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def demonstration(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demonstration made by `antigone run --demo`, whose server is stopped again."""
    folder = tmp_path_factory.mktemp("demonstration")
    with serve_town(folder):
        return folder


@pytest.fixture(scope="package")
def town(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The demonstration, where quotes alone answer."""
    with serve_town(shutil.copytree(demonstration, tmp_path_factory.mktemp("town") / "data")) as town:
        yield town


@pytest.fixture(scope="package")
def scripted() -> Iterator[ScriptedEngine]:
    with serve_scripted_engine() as scripted:
        yield scripted


@pytest.fixture(scope="package")
def town_with_models(
    demonstration: Path, scripted: ScriptedEngine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """The demonstration, where models of every temper answer."""
    engines = json.dumps([asdict(scripted.engine(model)) for model in MODELS])
    folder = shutil.copytree(demonstration, tmp_path_factory.mktemp("models") / "data")
    with serve_town(folder, engines=engines) as town:
        yield town


@pytest.fixture
def arrive(browser: Browser) -> Iterator[Callable[..., Reader]]:
    """Let somebody arrive in a town with a browser of their own; all they met is checked at the end."""
    readers: list[Reader] = []
    with ExitStack() as stack:

        def arrive(town: Town, *, role: str = "", width: int = 1280, javascript: bool = True) -> Reader:
            context = browser.new_context(
                base_url=town.url,
                viewport={"width": width, "height": 800},
                java_script_enabled=javascript,
                accept_downloads=True,
            )
            stack.callback(context.close)
            reader = Reader(context, town.url)
            readers.append(reader)
            if role:
                reader.become(role)
            return reader

        yield arrive
        for reader in readers:
            reader.check()


@pytest.fixture
def zoe(arrive: Callable[..., Reader], town: Town) -> Reader:
    """Zoé is a visitor."""
    return arrive(town)


@pytest.fixture
def chloe(arrive: Callable[..., Reader], town: Town) -> Reader:
    """Chloé is an agent."""
    return arrive(town, role="Chloé Martin")


@pytest.fixture
def ines(arrive: Callable[..., Reader], town: Town) -> Reader:
    """Inès is a librarian."""
    return arrive(town, role="Inès Benali")
