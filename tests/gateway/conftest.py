"""David develops at a company that declared a use, and holds a key; a scripted engine runs the models."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from antigone.accounts.actions import give_role
from antigone.accounts.models import Person, Role
from antigone.gateway.models import Key
from antigone.register.models import Use
from tests.gateway.town import make_key, make_use
from tests.scripted_engine import ScriptedEngine, serve_scripted_engine


@pytest.fixture(scope="module")
def scripted() -> Iterator[ScriptedEngine]:
    with serve_scripted_engine() as server:
        yield server


@pytest.fixture
def engines(settings: Settings, scripted: ScriptedEngine) -> ScriptedEngine:
    """The models “honest”, “dying” and so on, and one of each other kind."""
    settings.ENGINES = (
        *(
            scripted.engine(name, timeout_seconds=1)
            for name in ("honest", "refusing", "dying", "silent", "lying")
        ),
        scripted.engine("comparing", kind="rerank"),
        scripted.engine("counting", kind="embedding"),
    )
    return scripted


@pytest.fixture
def developer(david: Person) -> Person:
    give_role(person=david, role=Role.DEVELOPER, by=None)
    return david


@pytest.fixture
def use(developer: Person) -> Use:
    return make_use(developer)


@pytest.fixture
def key(use: Use, developer: Person, engines: ScriptedEngine) -> Key:
    return make_key(use, developer)
