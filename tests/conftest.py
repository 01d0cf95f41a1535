"""What every test needs: a data folder of its own, and the people of the house by their names (DESIGN: Alice…).

Inès is a librarian, Chloé an agent, David works for a company. Zoé is a visitor: she has no account and is `None`.
"""

import importlib.util
from collections.abc import Generator, Iterator
from pathlib import Path

import hypothesis
import pytest
from pytest_django import Settings

from antigone.accounts.models import Group, Organisation, Person
from antigone.gateway import allowances, routing, snapshot, spool

# A machine that does much else is slow: that says nothing of what is tested.
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")

# Programmes for other environments; what needs what only `deploy/install llama` brings, and its tests say so.
collect_ignore = ["clients", *([] if importlib.util.find_spec("gguf") else ["tiny_model.py"])]


@pytest.fixture(autouse=True)
def data_folder(settings: Settings, tmp_path: Path) -> Path:
    """Keep what a test writes out of the data of whoever runs it."""
    folder = tmp_path / "data"
    folder.mkdir()
    settings.DATA_FOLDER = folder
    settings.FILES_FOLDER = folder / "files"
    settings.STATIC_ROOT = folder / "static"
    return folder


@pytest.fixture(autouse=True)
def gateway_of_a_new_process() -> Iterator[None]:
    """Forget what the gateway holds in memory: a test's database begins anew."""
    allowances.forget()
    routing.forget()
    snapshot.forget()
    yield
    spool.stop_writers()


@pytest.fixture
def city(db: None) -> Organisation:
    return Organisation.objects.create(
        name="Ville de Valmont", slug="ville", kind=Organisation.Kind.AUTHORITY
    )


@pytest.fixture
def librarians(city: Organisation) -> Group:
    return Group.objects.create(organisation=city, name="Documentalistes")


@pytest.fixture
def ines(city: Organisation, librarians: Group) -> Person:
    """Inès is a librarian."""
    person = Person.objects.create_person(email="ines@ville.example", name="Inès", organisation=city)
    person.groups.add(librarians)
    return person


@pytest.fixture
def chloe(city: Organisation) -> Person:
    """Chloé is an agent: she reads what the organisation reads."""
    return Person.objects.create_person(email="chloe@ville.example", name="Chloé", organisation=city)


@pytest.fixture
def david(db: None) -> Person:
    """David develops at a company, which is not the city."""
    company = Organisation.objects.create(name="Atelier", slug="atelier", kind=Organisation.Kind.COMPANY)
    return Person.objects.create_person(email="david@atelier.example", name="David", organisation=company)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help="fail when a test is skipped, as CI does")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where everything is there, save for the data that stands beside the repository."""
    report = yield
    if report.skipped and item.config.getoption("--no-skips") and "shared/data" not in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be: {report.longrepr}"
    return report
