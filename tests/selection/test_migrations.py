"""A database from before seats could be given again keeps its draws."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from antigone.selection import actions
from antigone.selection.models import Draw
from antigone.selection.verifying import check_published


@pytest.mark.django_db(transaction=True)
def test_seats_drawn_before_are_held_by_those_who_were_drawn(committed: Draw, alice: object) -> None:
    actions.note_outcome(draw=committed, fallen=[[4, 2]], by=alice)
    drawn = dict(committed.seats.values_list("number", "respondent"))
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        MigrationExecutor(connection).migrate([("selection", "0002_recruitment")])
        before = MigrationExecutor(connection).loader.project_state([("selection", "0002_recruitment")]).apps
        seats = before.get_model("selection", "Seat").objects
        assert dict(seats.values_list("number", "respondent")) == drawn
    finally:
        MigrationExecutor(connection).migrate(latest)
    kept = Draw.objects.get()
    assert dict(kept.seats.values_list("number", "holder")) == drawn
    assert set(kept.seats.values_list("state", flat=True)) == {"drawn"}
    assert not kept.awaits_cosignature()
    actions.publish_draw(draw=kept, by=alice)
    assert check_published(kept).is_valid
