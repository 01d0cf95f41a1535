"""Small groups: dealt among those present, made again by anybody who follows, shown without features."""

import json
from itertools import combinations

import pytest

from antigone.accounts.models import Person
from antigone.convention import actions
from antigone.convention.actions.groups import recompose
from antigone.convention.models import Convention, Session
from antigone.errors import NotAllowed, WrongInput
from tests.convention.conftest import Opens
from tests.convention.test_sessions import place, plan


@pytest.fixture
def session(convention: Convention, alice: Person) -> Session:
    session = plan(convention, alice)
    states = dict.fromkeys(range(1, 10), "present") | {10: "excused"}
    actions.record_attendance(session=session, states=states, by=alice)
    return session


def test_deals_those_who_are_present(session: Session, alice: Person) -> None:
    composed = actions.compose_round(session=session, number=3, seed="dés", by=alice)
    seated = [member.number for group in composed.groups.all() for member in group.members.all()]
    assert sorted(seated) == list(range(1, 10))
    assert composed.balance["sizes"] == [3, 3, 3]
    assert composed.balance["again"] == 0
    everybody = actions.compose_round(session=session, number=3, present_only=False, by=alice)
    assert sum(everybody.balance["sizes"]) == 10
    assert everybody.number == 2
    assert everybody.seed


def test_a_stranger_makes_the_same_tables_again(
    session: Session, opens: Opens, esther: Person, alice: Person
) -> None:
    for _round in range(3):
        composed = actions.compose_round(session=session, number=3, by=alice)
    address = place(session, f"groupes/{composed.number}/")
    record = json.loads(opens(esther).get(f"{address}refaire.json").content)
    assert sorted(sorted(group) for group in recompose(record)) == sorted(record["groups"])
    assert record["seed"] == composed.seed
    assert "tag ok" in opens(esther).get(f"{address}?refaire").content.decode()
    told = json.dumps(record, ensure_ascii=False)
    assert not any(word in told for word in ("SECRET", "Membre", "Basile"))


def test_keeps_apart_those_who_met(session: Session, alice: Person) -> None:
    met: set[frozenset[int]] = set()
    rounds = [actions.compose_round(session=session, number=3, seed="dés", by=alice) for _round in range(2)]
    for composed in rounds:
        tables = [[member.pk for member in group.members.all()] for group in composed.groups.all()]
        pairs = {frozenset(pair) for table in tables for pair in combinations(table, 2)}
        assert composed.balance["again"] == len(pairs & met)
        met |= pairs
    assert rounds[1].balance["again"] <= 2


@pytest.mark.parametrize("number", [0, 5, 100])
def test_refuses_tables_of_one(session: Session, alice: Person, number: int) -> None:
    with pytest.raises(WrongInput):
        actions.compose_round(session=session, number=number, by=alice)


def test_shows_tables_and_no_feature(
    session: Session, opens: Opens, alice: Person, esther: Person, marc: Person
) -> None:
    address = place(session, "groupes/")
    assert opens(alice).post(address, {"number": "3", "among": "present"}).status_code == 302
    assert opens(alice).post(address, {"number": "9", "among": "present"}).status_code == 422
    assert opens(alice).post(address, {"number": "x", "among": "present"}).status_code == 422
    for page in (place(session), f"{address}1/"):
        shown = opens(None).get(page).content.decode()
        assert "Membre 3" in shown
        assert not any(feature in shown for feature in ("femme", "16-29", "genre"))
    assert "16-29" in opens(esther).get(f"{address}1/").content.decode()
    assert opens(None).get(f"{address}1/refaire.json").status_code == 302
    assert opens(marc).get(f"{address}1/refaire.json").status_code == 404
    assert opens(marc).get(f"{address}2/").status_code == 404
    with pytest.raises(NotAllowed):
        actions.compose_round(session=session, number=3, by=esther)
