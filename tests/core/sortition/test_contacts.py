from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antigone.core.sortition.commitments import hash_tree
from antigone.core.sortition.contacts import (
    ContactDraw,
    Row,
    RunningRoot,
    choose_rows,
    hash_cells,
    mark_household,
    rank_row,
    share_contacts,
    verify_contacts,
)

SECRET = bytes(range(32))
STRATA = ("centre", "nord", "sud")
COUNTS = st.dictionaries(st.text(max_size=3), st.integers(0, 400), min_size=1, max_size=8)


def make_rows(count: int, homes: int = 0) -> list[Row]:
    return [
        Row(
            number,
            STRATA[number * number % 7 % 3],
            mark_household(SECRET, str(number % homes)) if homes else "",
            hash_cells(SECRET, number, {"name": f"SECRET-{number}"}),
        )
        for number in range(1, count + 1)
    ]


def choose(rows: list[Row], size: int, seed: str, **options: bool) -> list[int]:
    quotas = {
        quota.stratum: quota.contacts
        for quota in share_contacts(Counter(row.stratum for row in rows), size)
    }  # fmt: skip
    return choose_rows(
        lambda: [(row.number, row.stratum, row.household) for row in rows], quotas, seed, **options
    )


def draw(rows: list[Row], size: int, seed: str = "417", **options: bool) -> ContactDraw:
    root = RunningRoot()
    for row in rows:
        root.add(row)
    only_one = options.get("one_per_household", False)
    return ContactDraw(root.finish(), seed, size, only_one, frozenset(choose(rows, size, seed, **options)))


@given(COUNTS, st.data())
def test_quotas_add_up_and_are_within_one_of_proportion(counts: dict[str, int], data: st.DataObject) -> None:
    total = sum(counts.values())
    size = data.draw(st.integers(0, total))
    quotas = share_contacts(counts, size)
    assert sum(quota.contacts for quota in quotas) == size
    for quota in quotas:
        assert 0 <= quota.contacts <= quota.rows
        assert abs(quota.contacts * total - size * quota.rows) < max(total, 1)


@given(COUNTS, st.data())
def test_quotas_do_not_depend_on_the_order_of_strata(counts: dict[str, int], data: st.DataObject) -> None:
    size = data.draw(st.integers(0, sum(counts.values())))
    assert share_contacts(counts, size) == share_contacts(dict(reversed(counts.items())), size)


def test_more_than_there_are_is_refused() -> None:
    with pytest.raises(ValueError, match="4 contacts"):
        share_contacts({"a": 3}, 4)


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=70))
def test_running_root_is_that_of_the_whole_tree(leaves: list[bytes]) -> None:
    root = RunningRoot()
    for leaf in leaves:
        root.add_leaf(leaf)
    assert root.finish() == hash_tree(leaves).hex()


@given(st.integers(0, 120), st.text(max_size=5), st.randoms())
def test_same_rows_and_seed_give_the_same_contacts_in_any_order(size: int, seed: str, chance: object) -> None:
    rows = make_rows(120)
    shuffled = list(rows)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert choose(rows, size, seed) == choose(shuffled, size, seed)
    assert len(choose(rows, size, seed)) == size


def test_smallest_ranks_of_each_stratum_are_contacted() -> None:
    rows = make_rows(300)
    chosen = set(choose(rows, 60, "417"))
    for stratum in STRATA:
        ranks = sorted((rank_row("417", row.number), row.number) for row in rows if row.stratum == stratum)
        taken = [number in chosen for _rank, number in ranks]
        assert taken == sorted(taken, reverse=True)


@given(st.integers(1, 90), st.integers(3, 200), st.text(max_size=4))
def test_one_of_a_household_is_that_of_the_plain_definition(size: int, homes: int, seed: str) -> None:
    rows = make_rows(200, homes)
    quotas = {q.stratum: q.contacts for q in share_contacts(Counter(row.stratum for row in rows), size)}
    left, seen, expected = dict(quotas), set(), []
    for row in sorted(rows, key=lambda row: rank_row(seed, row.number)):
        if left[row.stratum] and row.household not in seen:
            left[row.stratum] -= 1
            seen.add(row.household)
            expected.append(row.number)
    assert choose(rows, size, seed, one_per_household=True) == sorted(expected)


def test_every_row_of_a_stratum_is_drawn_as_often() -> None:
    rows = [Row(number, "a", "", b"") for number in range(1, 11)]
    drawn = Counter(number for seed in range(2_000) for number in choose(rows, 3, str(seed)))
    # 600 expected of each, standard deviation 20.5: five of them.
    assert all(497 < drawn[number] < 703 for number in range(1, 11))


def test_draw_is_verified_from_hashes_alone() -> None:
    rows = make_rows(200, homes=90)
    for only_one in (False, True):
        made = draw(rows, 40, one_per_household=only_one)
        assert verify_contacts(lambda: rows, made) == (True, True)


@pytest.mark.parametrize("change", ["stratum", "household", "hash", "number"])
def test_one_changed_row_breaks_the_root(change: str) -> None:
    rows = make_rows(50)
    value = {"stratum": "ailleurs", "household": "00", "hash": bytes(32), "number": 51}[change]
    changed = [replace(rows[0], **{change: value}), *rows[1:]]
    assert verify_contacts(lambda: changed, draw(rows, 10))[0] is False


def test_somebody_put_in_the_place_of_another_is_seen() -> None:
    rows = make_rows(50)
    made = draw(rows, 10)
    other = min({row.number for row in rows} - made.contacted)
    forged = replace(made, contacted=made.contacted - {min(made.contacted)} | {other})
    assert verify_contacts(lambda: rows, forged) == (True, False)
    assert verify_contacts(lambda: rows, replace(made, seed="418")) == (True, False)
    assert verify_contacts(lambda: rows, replace(made, size=51)) == (True, False)


def test_hash_tells_nothing_without_the_secret_and_binds_each_cell() -> None:
    cells = {"name": "Ada", "address": "12 rue Haute"}
    hashes = {
        hash_cells(SECRET, 1, cells),
        hash_cells(SECRET, 2, cells),
        hash_cells(bytes(32), 1, cells),
        hash_cells(SECRET, 1, cells | {"name": "Adam"}),
    }
    assert len(hashes) == 4
    assert mark_household(SECRET, "a") != mark_household(bytes(32), "a")
    assert mark_household(SECRET, "") == ""
