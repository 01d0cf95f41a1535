"""Recruitments of Alice's at each stage; Paul telephones for her; each test has tries of its own."""

from collections.abc import Callable

import pytest
from django.core.cache import caches

from antigone.accounts.actions import create_person
from antigone.accounts.models import Organisation, Person
from antigone.selection.actions import recruitment as recruiting
from antigone.selection.models import Invitation, Recruitment
from tests.selection.recruitment.town import make_terms, write_register

Fills = Callable[..., Recruitment]


@pytest.fixture(autouse=True)
def no_tries() -> None:
    caches["memory"].clear()


@pytest.fixture
def paul(city: Organisation) -> Person:
    """Paul is an agent of the city, whom Alice names to telephone."""
    return create_person(email="paul@ville.example", name="Paul", roles=["agent"], organisation=city)


@pytest.fixture
def begun(alice: Person) -> Recruitment:
    """A recruitment that awaits its register."""
    return recruiting.create_recruitment(terms=make_terms(), source="register", by=alice)


@pytest.fixture
def fill(begun: Recruitment, alice: Person) -> Fills:
    """Bring a file and import it, as the pages and the background do."""

    def fill(data: bytes, *, drops_repeated: bool = False, roles: list[str] | None = None) -> Recruitment:
        layout = recruiting.keep_register(recruitment=begun, chunks=[data], by=alice)
        recruiting.map_columns(
            recruitment=begun, roles=roles or layout.guess_roles(), drops_repeated=drops_repeated, by=alice
        )
        recruiting.run_register_import(begun.pk)
        return Recruitment.objects.get(pk=begun.pk)

    return fill


@pytest.fixture
def ready(fill: Fills) -> Recruitment:
    return fill(write_register(120))


@pytest.fixture
def drawn(ready: Recruitment, alice: Person, paul: Person) -> Recruitment:
    """Thirty of a hundred and twenty are invited."""
    recruiting.name_callers(recruitment=ready, people=[paul], by=alice)
    return recruiting.draw_contacts(recruitment=ready, size=30, seed="417", by=alice)


@pytest.fixture
def codes(drawn: Recruitment, alice: Person) -> dict[int, str]:
    """The codes of the letters, by the number of the invitation."""
    lines = (
        recruiting.export_letters(recruitment=drawn, reminds=False, by=alice).data.decode().splitlines()[1:]
    )
    return {int(line.split(",")[0]): line.rsplit(",", 1)[1] for line in lines}


@pytest.fixture
def invitation(drawn: Recruitment) -> Invitation:
    found = Invitation.objects.filter(recruitment=drawn).exclude(contact__phone="").first()
    assert found is not None
    return found
