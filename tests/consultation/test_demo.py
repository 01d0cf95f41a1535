"""The consultations of the demonstration hold together, whatever the day, and load once."""

import random
import tomllib
from pathlib import Path

import pytest
from django.db.models import F
from django.utils import timezone

from antigone.accounts.models import Organisation, Person
from antigone.consultation.actions.demo import OPEN, OVER, load_demo_consultations
from antigone.consultation.models import (
    Consultation,
    Participant,
    State,
    Statement,
    Suspicion,
    Vote,
    VoteChange,
)
from antigone.consultation.opendata.polis import make_export
from antigone.core.opinion import draw_picture

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "demo" / "consultation"


@pytest.fixture
def loaded(alice: Person) -> dict[str, Consultation]:
    """The two consultations, by the name of their file."""
    load_demo_consultations(folder=FOLDER, by=alice)
    slugs = {name: tomllib.loads((FOLDER / name).read_text())["slug"] for name in (OPEN, OVER)}
    return {name: Consultation.objects.get(slug=slug) for name, slug in slugs.items()}


def test_one_is_open_and_one_is_over(loaded: dict[str, Consultation], alice: Person) -> None:
    today = timezone.localdate()
    assert loaded[OPEN].find_state(today) == State.OPEN
    assert loaded[OVER].find_state(today) == State.CLOSED
    counts = Vote.objects.count(), Participant.objects.count(), Consultation.objects.count()
    load_demo_consultations(folder=FOLDER, by=alice)
    assert counts == (Vote.objects.count(), Participant.objects.count(), Consultation.objects.count())


@pytest.mark.parametrize("name", [OPEN, OVER])
def test_votes_follow_the_log_and_nothing_is_in_the_future(
    name: str, loaded: dict[str, Consultation]
) -> None:
    consultation, now = loaded[name], timezone.now()
    lines = consultation.vote_changes.order_by("number")
    assert list(lines.values_list("number", flat=True)) == list(range(1, consultation.last_number + 1))
    assert consultation.last_number == Vote.objects.filter(statement__consultation=consultation).count()
    instants = list(lines.values_list("cast_at", flat=True))
    assert instants == sorted(instants)
    assert instants[-1] <= now
    assert not Participant.objects.filter(joined_at__gt=now).exists()
    assert not consultation.statements.filter(created_at__gt=now).exists()
    assert not VoteChange.objects.exclude(statement__state=Statement.State.ACCEPTED).exists()
    assert not Vote.objects.filter(cast_at__lt=F("participant__joined_at")).exists()


@pytest.mark.parametrize(("name", "groups"), [(OPEN, 3), (OVER, 2)])
def test_opinions_fall_into_clear_groups_with_something_in_common(
    name: str, groups: int, loaded: dict[str, Consultation]
) -> None:
    export = make_export(loaded[name], None, random.Random(1), is_public=False)
    picture = draw_picture(export.count_votes(), rejected=export.rejected, meta=export.meta)
    assert picture.groups.are_clear
    assert len(picture.groups.sizes) >= groups
    assert picture.shared.agree
    assert picture.divisive


def test_moderation_suspicions_and_profiles_are_there(loaded: dict[str, Consultation]) -> None:
    consultation = loaded[OPEN]
    states = set(consultation.statements.values_list("state", flat=True))
    assert states == {"accepted", "rejected", "merged", "waiting"}
    rejected = consultation.statements.filter(state="rejected")
    assert all(one.decisions.get().reason for one in rejected)
    assert Suspicion.objects.get(consultation=consultation).participants.count() == 24
    assert consultation.profile_questions.count() == 2
    assert Vote.objects.filter(is_important=True).exists()


def test_nothing_is_loaded_for_whoever_has_a_consultation_already(
    alice: Person, city: Organisation, consultation: Consultation
) -> None:
    load_demo_consultations(folder=FOLDER, by=alice)
    assert list(Consultation.objects.all()) == [consultation]
