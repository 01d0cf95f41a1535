"""After the purge nothing of anybody is left in the database; counts and the draw's check stay."""

import json
from datetime import timedelta

import pytest
from django.core import serializers
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.errors import NotPossible
from antigone.selection.actions import recruitment as recruiting
from antigone.selection.models import Contact, Invitation, Recruitment, Reply
from tests.selection.recruitment.town import make_answers, make_terms, write_register

pytestmark = pytest.mark.django_db


def dump() -> str:
    """Give all that the tables of recruitments hold."""
    rows = [
        *Recruitment.objects.all(),
        *Contact.objects.all(),
        *Invitation.objects.all(),
        *Reply.objects.all(),
    ]
    return serializers.serialize("json", rows)


def test_purge_leaves_nothing_of_anybody(
    drawn: Recruitment, codes: dict[int, str], invitation: Invitation, paul: Person, alice: Person
) -> None:
    recruiting.enter_reply(invitation=invitation, answers=make_answers(), by=paul)
    before = dump()
    assert "SECRET-REPLY" in before
    secret = bytes(Recruitment.objects.get().secret).hex()
    purged = recruiting.purge_recruitment(recruitment=drawn, by=alice)
    after = dump()
    for trace in ("SECRET", "CACHEE", "061234", "06 99", secret):
        assert trace not in after
    assert not Invitation.objects.exclude(contact=None, code_hash=None).exists()
    assert purged.summary["replies"] == 1
    assert purged.summary["features"]["genre"] == {"femme": 1, "homme": 0}
    assert json.dumps(purged.summary)
    assert not purged.callers.exists()


def test_purged_recruitment_changes_no_more(drawn: Recruitment, codes: dict[int, str], alice: Person) -> None:
    invitation = Invitation.objects.filter(recruitment=drawn)[0]
    recruiting.purge_recruitment(recruitment=drawn, by=alice)
    for act in (
        lambda: recruiting.purge_recruitment(recruitment=drawn, by=alice),
        lambda: recruiting.change_terms(recruitment=drawn, terms=make_terms(), by=alice),
        lambda: recruiting.name_callers(recruitment=drawn, people=[], by=alice),
        lambda: recruiting.keep_register(recruitment=drawn, chunks=[write_register(3)], by=alice),
        lambda: recruiting.draw_contacts(recruitment=drawn, size=3, seed="1", by=alice),
        lambda: recruiting.export_letters(recruitment=drawn, reminds=False, by=alice),
        lambda: recruiting.enter_reply(invitation=invitation, answers=make_answers(), by=alice),
        lambda: recruiting.create_draw_from_replies(recruitment=drawn, size=3, by=alice),
    ):
        with pytest.raises(NotPossible):
            act()


@pytest.mark.parametrize("stage", ["begun", "ready", "drawn"])
def test_day_of_the_purge_is_kept_at_every_stage(stage: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(stage)
    today = timezone.localdate()
    Recruitment.objects.update(reply_date=today - timedelta(days=1), purge_date=today + timedelta(days=1))
    assert recruiting.purge_due_recruitments() == 0
    Recruitment.objects.update(purge_date=today)
    assert recruiting.purge_due_recruitments() == 1
    assert Recruitment.objects.get().is_purged


def test_nobody_is_invited_once_the_day_has_come(ready: Recruitment, alice: Person) -> None:
    today = timezone.localdate()
    Recruitment.objects.update(reply_date=today - timedelta(days=1), purge_date=today)
    with pytest.raises(NotPossible):
        recruiting.draw_contacts(recruitment=ready, size=3, seed="1", by=alice)
