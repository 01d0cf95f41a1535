"""A phase opens after the one before it, once what precedes it is public; the draw comes after the mandate."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from antigone.accounts.models import Organisation, Person
from antigone.convention import actions
from antigone.convention.checklist import NEEDED, RECORDED, list_items
from antigone.convention.models import (
    Avis,
    Ballot,
    Convention,
    Hearing,
    OfficialAnswer,
    Phase,
    Proposal,
    Publication,
    Session,
    Survey,
    Theme,
)
from antigone.errors import NotAllowed, NotPossible, WrongInput
from antigone.selection.models import Commitment, Computation, Draw
from tests.convention.conftest import Opens, move_to
from tests.convention.town import seat_members

Kind = Publication.Kind
ORDER = list(Phase)


def record(convention: Convention, kind: str, by: Person) -> None:
    actions.record_publication(convention=convention, kind=kind, address="https://ville.example/page", by=by)


def hold_session(convention: Convention) -> Session:
    now = timezone.now()
    return Session.objects.create(
        convention=convention, number=convention.sessions.count() + 1, title="S", is_agenda_published=True,
        starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=1), minutes_published_at=now,
    )  # fmt: skip


def adopt(convention: Convention) -> Proposal:
    theme = Theme.objects.create(convention=convention, title="T", position=1)
    return Proposal.objects.create(
        convention=convention, theme=theme, number=1, title="P", state=Proposal.State.ADOPTED
    )


def answer(proposal: Proposal) -> OfficialAnswer:
    now = timezone.now()
    return OfficialAnswer.objects.create(
        proposal=proposal, status="refused", reasons="Non.", answerer="F", saved_at=now, published_at=now
    )


@pytest.fixture
def ready(prepared: Convention, alice: Person) -> Convention:
    """A convention of which everything is public, from the announcement to the evaluation."""
    actions.publish_mandate(convention=prepared, by=alice)
    for kind in (Kind.ANNOUNCEMENT, Kind.SELECTION_METHOD, Kind.BRIEFING):
        record(prepared, kind, alice)
    seat_members(prepared, 10)
    hold_session(prepared)
    Hearing.objects.create(
        convention=prepared, expert_name="E", subject="S", interests="Aucun", is_published=True
    )
    Avis.objects.create(convention=prepared, language="fr", delivered_at=timezone.now())
    answer(adopt(prepared))
    Survey.objects.create(convention=prepared, title="Q", opened_at=timezone.now(), closed_at=timezone.now())
    prepared.refresh_from_db()
    return prepared


def unpublish(convention: Convention) -> None:
    Convention.objects.filter(pk=convention.pk).update(published_at=None)


def unvote(convention: Convention) -> None:
    Ballot.objects.create(
        convention=convention, proposal=convention.proposals.get(), number=1, mode="hands", members=10,
        threshold=50, quorum=50, opened_at=timezone.now(),
    )  # fmt: skip


# What is taken away, and the phase that then does not open.
MISSING: dict[str, tuple[Phase, Callable[[Convention], object]]] = {
    "announcement": (Phase.SELECTION, lambda c: c.publications.filter(kind=Kind.ANNOUNCEMENT).delete()),
    "mandate": (Phase.SELECTION, unpublish),
    "guarantor": (Phase.SELECTION, lambda c: c.appointments.filter(role="guarantor").delete()),
    "method": (Phase.DELIBERATION, lambda c: c.publications.filter(kind=Kind.SELECTION_METHOD).delete()),
    "agenda": (Phase.DELIBERATION, lambda c: c.sessions.update(is_agenda_published=False)),
    "sessions": (Phase.DELIBERATION, lambda c: c.sessions.all().delete()),
    "briefing": (Phase.DELIBERATION, lambda c: c.publications.filter(kind=Kind.BRIEFING).delete()),
    "members": (Phase.DELIBERATION, lambda c: c.members.update(left_at=timezone.now())),
    "hearing": (Phase.ANSWERS, lambda c: c.hearings.update(is_published=False)),
    "hearings": (Phase.ANSWERS, lambda c: c.hearings.all().delete()),
    "minutes": (Phase.ANSWERS, lambda c: c.sessions.update(minutes_published_at=None)),
    "avis": (Phase.ANSWERS, lambda c: c.avis.update(delivered_at=None)),
    "adopted": (Phase.ANSWERS, lambda c: c.proposals.update(state="set_aside")),
    "open vote": (Phase.ANSWERS, unvote),
    "answer": (Phase.FOLLOW_UP, lambda c: OfficialAnswer.objects.update(published_at=None)),
    "no answer": (Phase.FOLLOW_UP, lambda c: OfficialAnswer.objects.all().delete()),
    "evaluation": (Phase.CLOSED, lambda c: c.surveys.update(closed_at=None)),
    "no evaluation": (Phase.CLOSED, lambda c: c.surveys.all().delete()),
    "closed without answer": (Phase.CLOSED, lambda c: OfficialAnswer.objects.update(published_at=None)),
}


@pytest.mark.parametrize("name", MISSING)
def test_a_phase_does_not_open_while_something_is_missing(
    ready: Convention, alice: Person, name: str
) -> None:
    phase, take_away = MISSING[name]
    before = ORDER[ORDER.index(phase) - 1]
    Convention.objects.filter(pk=ready.pk).update(phase=before)
    take_away(ready)
    with pytest.raises(NotPossible) as caught:
        actions.open_phase(convention=ready, phase=phase, by=alice)
    assert caught.value.code == "phase_not_ready"
    ready.refresh_from_db()
    assert ready.phase == before


def test_with_everything_public_it_goes_from_mandate_to_end(ready: Convention, alice: Person) -> None:
    for phase in ORDER[1:]:
        actions.open_phase(convention=ready, phase=phase, by=alice)
        ready.refresh_from_db()
        assert ready.phase == phase
    assert ready.closed_at
    assert [opening.phase for opening in ready.openings.all()] == ORDER
    with pytest.raises(NotPossible):
        actions.open_phase(convention=ready, phase=Phase.CLOSED, by=alice)


@pytest.mark.parametrize("phase", [*(one for one in Phase.values if one != Phase.SELECTION), "", "x"])
def test_phases_open_one_after_the_other(ready: Convention, alice: Person, phase: str) -> None:
    with pytest.raises(NotPossible) as caught:
        actions.open_phase(convention=ready, phase=phase, by=alice)
    assert caught.value.code == "not_the_next_phase"


def test_only_facilitators_open_phases(
    ready: Convention, esther: Person, farid: Person, marc: Person, opens: Opens
) -> None:
    for person in (esther, farid, marc):
        with pytest.raises(NotAllowed):
            actions.open_phase(convention=ready, phase=Phase.SELECTION, by=person)
        address = f"/conventions/{ready.slug}/etapes/ouvrir/"
        assert opens(person).post(address, {"phase": "selection"}).status_code == 404


def test_nobody_records_by_hand_what_the_tables_prove(ready: Convention, alice: Person) -> None:
    for kind in set(Kind) - RECORDED:
        with pytest.raises(NotPossible):
            record(ready, kind, alice)


def test_an_unpublished_hearing_is_not_hidden_by_an_address(ready: Convention, alice: Person) -> None:
    ready.hearings.update(is_published=False)
    record(ready, Kind.EVIDENCE, alice)
    item = next(item for item in list_items(ready, timezone.now()) if item.kind == Kind.EVIDENCE)
    assert not item.is_public


@pytest.mark.parametrize("address", [
    "", " ", "javascript:alert(1)", "//evil.example", "/\\evil.example", "ftp://x.example/", "https://", "http:x",
    "page", "data:text/html,x", "https://x.example/a b", "/" + "x" * 500, "/a\nb", " javascript:alert(1)",
])  # fmt: skip
def test_an_address_is_that_of_a_page(
    prepared: Convention, alice: Person, address: str, opens: Opens
) -> None:
    with pytest.raises(WrongInput):
        actions.record_publication(convention=prepared, kind=Kind.BRIEFING, address=address, by=alice)
    place = f"/conventions/{prepared.slug}/etapes/publication/"
    assert opens(alice).post(place, {"kind": "briefing", "address": address}).status_code == 422


def test_an_address_is_mended_and_its_date_kept(prepared: Convention, alice: Person) -> None:
    record(prepared, Kind.BRIEFING, alice)
    first = prepared.publications.get()
    actions.record_publication(convention=prepared, kind=Kind.BRIEFING, address="/dossier", by=alice)
    again = prepared.publications.get()
    assert (again.address, again.published_at) == ("/dossier", first.published_at)


def test_a_convention_of_the_past_shows_what_is_known_of_it(ready: Convention, alice: Person) -> None:
    Publication.objects.create(
        convention=ready, kind=Kind.REPORT, address="https://ville.example/avis", published_at=timezone.now()
    )
    ready.is_reconstruction = True
    known = {item.kind: item.address for item in list_items(ready, timezone.now()) if item.is_public}
    assert known[Kind.REPORT] == "https://ville.example/avis"
    assert Kind.EVALUATION not in known


def test_every_kind_of_publication_is_needed_once() -> None:
    needed = [kind for kinds in NEEDED.values() for kind in kinds]
    assert sorted(needed) == sorted(Kind)


def test_the_checklist_is_read_in_as_many_queries_for_thirty_as_for_three(ready: Convention) -> None:
    counted = []
    for number in (3, 30):
        while ready.sessions.count() < number:
            hold_session(ready)
        one = Convention.objects.get(pk=ready.pk)
        with CaptureQueriesContext(connection) as queries:
            list_items(one, timezone.now())
        counted.append(len(queries))
    assert 0 < counted[0] == counted[1]


def test_the_team_follows_the_checklist_and_opens_the_phase(
    ready: Convention, alice: Person, esther: Person, opens: Opens
) -> None:
    address = f"/conventions/{ready.slug}/etapes/"
    assert opens(esther).get(address).context["obstacles"] == []
    assert opens(alice).post(f"{address}ouvrir/", {"phase": "selection"}).status_code == 302
    ready.refresh_from_db()
    assert ready.phase == Phase.SELECTION
    ready.publications.filter(kind=Kind.BRIEFING).delete()
    assert opens(alice).post(f"{address}ouvrir/", {"phase": "deliberation"}).status_code == 409
    assert opens(alice).get(address).context["obstacles"]


@pytest.fixture
def draw(city: Organisation) -> Draw:
    return Draw.objects.create(organisation=city, title="Tirage", size=10, people=50)


def test_a_draw_is_attached_after_the_mandate(
    ready: Convention, draw: Draw, alice: Person, opens: Opens
) -> None:
    address = f"/conventions/{ready.slug}/etapes/tirage/"
    assert opens(alice).post(address, {"draw": draw.pk}).status_code == 422
    move_to(ready, Phase.SELECTION)
    assert opens(alice).post(address, {"draw": draw.pk}).status_code == 302
    ready.refresh_from_db()
    assert ready.draw == draw
    assert [person.name for person in draw.cosigners.all()] == ["Esther"]
    item = next(item for item in list_items(ready, timezone.now()) if item.kind == Kind.SELECTION_METHOD)
    assert not item.is_public


def test_a_draw_of_others_is_not_attached(
    ready: Convention, draw: Draw, alice: Person, marc: Person, opens: Opens
) -> None:
    move_to(ready, Phase.SELECTION)
    draw.organisation = marc.organisation  # type: ignore[assignment]
    draw.save()
    with pytest.raises(NotPossible):
        actions.attach_draw(convention=ready, draw=draw, by=alice)
    address = f"/conventions/{ready.slug}/etapes/tirage/"
    assert opens(alice).post(address, {"draw": draw.pk}).status_code == 422
    assert opens(alice).post(address, {"draw": "x"}).status_code == 422


def test_a_draw_committed_to_is_not_replaced(
    ready: Convention, draw: Draw, alice: Person, city: Organisation
) -> None:
    move_to(ready, Phase.SELECTION)
    actions.attach_draw(convention=ready, draw=draw, by=alice)
    Draw.objects.filter(pk=draw.pk).update(stage=Draw.Stage.COMMITTED)
    other = Draw.objects.create(organisation=city, title="Autre", size=10, people=50)
    with pytest.raises(NotPossible) as caught:
        actions.attach_draw(convention=ready, draw=other, by=alice)
    assert caught.value.code == "draw_attached"


@pytest.mark.parametrize(
    ("days", "is_asked", "code"),
    [(-1, True, "draw_before_mandate"), (1, False, "draw_without_guarantor"), (1, True, "")],
)
def test_a_draw_committed_to_is_attached_if_it_came_after_and_a_guarantor_signs_it(
    ready: Convention, draw: Draw, alice: Person, esther: Person, days: int, is_asked: bool, code: str
) -> None:
    move_to(ready, Phase.SELECTION)
    assert ready.published_at
    computation = Computation.objects.create(draw=draw, targets_version=1, objective="leximin", time_limit=1)
    at = ready.published_at + timedelta(days=days)
    Commitment.objects.create(
        draw=draw, computation=computation, root="0" * 64, document={}, secret=b"x", announced_at=at, committed_at=at,
    )  # fmt: skip
    Draw.objects.filter(pk=draw.pk).update(stage=Draw.Stage.COMMITTED)
    draw.cosigners.set([esther] if is_asked else [])
    if not code:
        assert actions.attach_draw(convention=ready, draw=draw, by=alice).draw == draw
        return
    with pytest.raises(NotPossible) as caught:
        actions.attach_draw(convention=ready, draw=draw, by=alice)
    assert caught.value.code == code
