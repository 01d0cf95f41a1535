import json
import random
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from antigone.core.sortition import errors
from antigone.core.sortition.certificate import verify
from antigone.core.sortition.objectives import distribute
from antigone.core.sortition.pool import Person, Pool
from antigone.core.sortition.pseudonyms import name_people, pseudonymise
from tests.core.sortition.pools import make_interesting_pool, read_paper_pool
from tests.core.sortition.public_draws import load_stranger, make_asked

SECRET = bytes(range(1, 33))


def restore(data: dict[str, Any], people: dict[str, str], homes: dict[str, str]) -> dict[str, Any]:
    """Give the true names back, in any order."""
    person, home = ({name: true for true, name in names.items()} for names in (people, homes))
    return {
        "people": sorted(
            (person[p["id"]], sorted(p["features"].items()), home.get(p["household"], ""))
            for p in data["people"]
        ),
        "panels": sorted((sorted(person[id] for id in p["members"]), p["weight"]) for p in data["panels"]),
        "groups": [sorted(person[id] for id in ids) for ids in data["groups"]],
        "classes": [sorted(home[name] for name in names) for names in data["household_classes"]],
        "chances": {person[id]: chance for id, chance in data["probabilities"].items()},
    }


@pytest.mark.parametrize("number", range(10))
def test_a_certificate_under_pseudonyms_says_and_proves_the_same(number: int) -> None:
    pool, targets, *_ = make_interesting_pool(np.random.default_rng(number), households=True)
    data = json.loads(json.dumps(distribute(pool, targets, households=True).certificate))
    before = json.dumps(data)
    named, names = pseudonymise(data, SECRET)
    assert json.dumps(data) == before
    assert verify(named).failures == ()
    load_stranger("verify_draw").check(json.loads(json.dumps(named)))
    same = {person.id: person.id for person in pool.people}
    homes = {person.household: person.household for person in pool.people}
    assert restore(named, dict(names.people), dict(names.households)) == restore(data, same, homes)


def test_no_true_name_is_left() -> None:
    asked = make_asked()
    text = json.dumps(pseudonymise(asked.certificate, SECRET)[0], ensure_ascii=False)
    assert not any(person.id in text for person in asked.pool.people)
    assert "home" not in text.replace("household", "")


def test_the_order_of_names_says_nothing_of_the_order_of_ids() -> None:
    """Of 4,000 pairs half are turned round, within five standard deviations, whatever the ids."""
    pool = Pool(tuple(Person(f"{number:03}", {}) for number in range(90)))
    _, names = name_people(pool, SECRET)
    turned = [names.people[a] > names.people[b] for a, b in combinations(sorted(names.people), 2)]
    spread = (90 * 89 * (2 * 90 + 5) / 72) ** 0.5
    assert abs(sum(turned) - len(turned) / 2) < 5 * spread
    _, others = name_people(pool, bytes(32))
    assert others.people != names.people


def test_names_are_the_same_for_any_order_of_people_and_panels() -> None:
    asked = make_asked()
    shuffled = json.loads(json.dumps(asked.certificate))
    stream = random.Random(1)
    for items in (
        shuffled["people"],
        shuffled["panels"],
        *shuffled["groups"],
        *shuffled["household_classes"],
    ):
        stream.shuffle(items)
    for panel in shuffled["panels"]:
        stream.shuffle(panel["members"])
    named, names = pseudonymise(asked.certificate, SECRET)
    assert json.dumps(pseudonymise(shuffled, SECRET)[0]) == json.dumps(named)
    turned = Pool(tuple(reversed(asked.pool.people)))
    assert name_people(turned, SECRET) == name_people(asked.pool, SECRET)
    assert name_people(asked.pool, SECRET)[1] == names


def test_all_that_is_published_is_in_the_order_of_pseudonyms() -> None:
    named, _ = pseudonymise(make_asked().certificate, SECRET)
    ids = [person["id"] for person in named["people"]]
    assert ids == sorted(ids) == list(named["probabilities"])
    assert ids[0] == "r0001"
    panels = [panel["members"] for panel in named["panels"]]
    assert panels == sorted(panels)
    assert all(names == sorted(names) for names in [*panels, *named["groups"], *named["household_classes"]])


def test_a_pool_named_first_has_the_same_chances() -> None:
    asked = make_asked()
    named, names = name_people(asked.pool, SECRET)
    fair = distribute(named, asked.targets, households=True)
    chances = asked.certificate["probabilities"]
    assert {id: float(fair.probabilities[names.people[id]]) for id in chances} == pytest.approx(chances)


def test_people_who_live_together_still_do() -> None:
    pool = Pool((Person("a", {}, "x"), Person("b", {}, "x"), Person("c", {}, "y"), Person("d", {})))
    named, names = name_people(pool, SECRET)
    homes = {person.id: person.household for person in named.people}
    assert homes[names.people["a"]] == homes[names.people["b"]] != homes[names.people["c"]]
    assert homes[names.people["d"]] == ""
    assert replace(named.people[0], id="", household="") == Person("", {})


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(errors.InvalidRandomness):
        name_people(make_asked().pool, b"secret")


def test_a_large_pool_has_as_many_digits_for_all() -> None:
    pool, _ = read_paper_pool("sf_e_like")
    _, names = name_people(pool, SECRET)
    assert sorted(names.people.values())[-1] == "r1727"
