"""A city's draws: Alice facilitates, Esther is the guarantor, Olivia runs the machine, Marc facilitates elsewhere."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from antigone.accounts.actions import create_person
from antigone.accounts.models import Organisation, Person
from antigone.core.sortition.commitments import Digits
from antigone.selection import actions
from antigone.selection.actions.commit import seal_draw
from antigone.selection.models import Computation, Draw
from antigone.selection.reading import Upload, read_files
from tests.selection.town import AGES, write_pool, write_targets

Opens = Callable[[Person | None], Client]
Makes = Callable[..., Draw]


@pytest.fixture
def alice(city: Organisation) -> Person:
    """Alice facilitates for the city."""
    return create_person(email="alice@ville.example", name="Alice", roles=["facilitator"], organisation=city)


@pytest.fixture
def ahmed(city: Organisation) -> Person:
    """Ahmed facilitates with Alice."""
    return create_person(email="ahmed@ville.example", name="Ahmed", roles=["facilitator"], organisation=city)


@pytest.fixture
def esther(db: None) -> Person:
    """Esther is the guarantor."""
    return create_person(email="esther@garants.example", name="Esther", roles=["guarantor"])


@pytest.fixture
def olivia(city: Organisation) -> Person:
    """Olivia runs the machine, with the city."""
    return create_person(email="olivia@ville.example", name="Olivia", roles=["operator"], organisation=city)


@pytest.fixture
def marc(db: None) -> Person:
    """Marc facilitates for another authority."""
    other = Organisation.objects.create(name="Métropole", slug="metropole", kind="authority")
    return create_person(email="marc@metro.example", name="Marc", roles=["facilitator"], organisation=other)


@pytest.fixture
def opens() -> Opens:
    """Give the browser of a person; of Zoé, a visitor, for None."""

    def opens(person: Person | None) -> Client:
        client = Client()
        if person:
            client.force_login(person)
        return client

    return opens


@pytest.fixture
def make(alice: Person) -> Makes:
    """Make a draw of Alice's, of 6 among 40 unless told otherwise."""

    def make(*, people: int = 40, size: int = 6, **options: object) -> Draw:
        targets = options.pop("targets", write_targets(size))
        loaded = read_files(
            pool=Upload("pool.csv", write_pool(people)),
            size=size,
            targets=Upload("targets.csv", targets) if targets else None,
            **options,
        )
        return actions.create_draw(title="La nuit", question="Que faire la nuit ?", loaded=loaded, by=alice)

    return make


@pytest.fixture
def draw(make: Makes) -> Draw:
    return make()


@pytest.fixture
def computed(draw: Draw, alice: Person) -> Computation:
    """The chances of the draw, with a lottery of 100."""
    started = actions.start_computation(
        draw=draw, objective="leximin", lottery_size=100, time_limit=60, by=alice
    )
    actions.run_computation(started.pk)
    started.refresh_from_db()
    return started


@pytest.fixture
def committed(draw: Draw, computed: Computation, alice: Person) -> Draw:
    """The draw, committed to yesterday; its lot was announced for an hour ago, and may be drawn now."""
    now = timezone.now()
    source = Digits("À la mairie", now - timedelta(hours=1), 10, 2)
    seal_draw(draw, computed, source, alice, now - timedelta(days=1))
    return Draw.objects.get(pk=draw.pk)


@pytest.fixture
def draw_out(alice: Person) -> Callable[[Draw], Draw]:
    """Take a draw in preparation to its panel."""

    def draw_out(draw: Draw) -> Draw:
        started = actions.start_computation(
            draw=draw, objective="leximin", lottery_size=100, time_limit=60, by=alice
        )
        actions.run_computation(started.pk, with_prices=False)
        started.refresh_from_db()
        now = timezone.now()
        source = Digits("À la mairie", now - timedelta(hours=1), 10, 2)
        seal_draw(draw, started, source, alice, now - timedelta(days=1))
        actions.note_outcome(draw=draw, fallen=[[4, 2]], by=alice)
        return Draw.objects.get(pk=draw.pk)

    return draw_out


@pytest.fixture
def sitting(make: Makes, draw_out: Callable[[Draw], Draw]) -> Draw:
    """A panel of three women and three men, exactly, and of any age."""
    rows = [
        "feature,value,min,max",
        *(f"âge,{age},0,6" for age in AGES),
        "genre,femme,3,3",
        "genre,homme,3,3",
    ]
    return draw_out(make(targets="\n".join(rows).encode()))
