from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antigone.core.sortition import errors
from antigone.core.sortition.pool import Person, Pool, Target, Targets
from antigone.core.sortition.reading import (
    read_flexibility,
    read_pool,
    read_targets,
    write_pool,
    write_targets,
)

DATA = Path(__file__).parents[4] / "shared" / "data" / "sortition"

TARGETS = Targets(2, (Target("age", "âgé", 0, 2), Target("age", "jeune", 1, 2)))

cells = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", errors.EmptyFile),
        ("\n \n", errors.EmptyFile),
        ("feature,value,min\nage,a,1\n", errors.MissingColumn),
        ("feature value min max\nage a 1 2\n", errors.MissingColumn),
        ("feature,value,min,max,max\nage,a,1,2,3\n", errors.RepeatedColumn),
        ("feature,value,min,max\n", errors.NoTargets),
        ("feature,value,min,max\n,a,1,2\n", errors.BlankCell),
        ("feature,value,min,max\nage,a,,2\n", errors.BlankCell),
        ("feature,value,min,max\nage,a,un,2\n", errors.InvalidNumber),
        ("feature,value,min,max\nage,a,1.5,2\n", errors.InvalidNumber),
        ("feature,value,min,max\nage,a,-1,2\n", errors.NegativeBound),
        ("feature,value,min,max\nage,a,2,1\n", errors.CrossedBounds),
        ("feature,value,min,max\nage,a,1,2\nage,a,1,2\n", errors.RepeatedTarget),
        ("feature,value,min,max\nage,a,1,2,3\n", errors.RaggedRow),
        ('feature,value,min,max\nage,"a,1,2\n', errors.UnreadableFile),
    ],
)
def test_targets_in_a_bad_file_are_refused(text: str, kind: type[errors.SortitionError]) -> None:
    with pytest.raises(kind) as caught:
        read_targets(text.encode(), 2)
    assert str(caught.value)
    assert "{" not in str(caught.value)


@pytest.mark.parametrize("size", [0, -3])
def test_targets_of_a_panel_without_seats_are_refused(size: int) -> None:
    with pytest.raises(errors.InvalidSize):
        read_targets(b"feature,value,min,max\nage,a,1,2\n", size)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("id,age\n", errors.EmptyPool),
        ("id,name\n1,a\n", errors.MissingColumn),
        ("id,age,age\n1,jeune,jeune\n", errors.RepeatedColumn),
        ("id,age\n1,jeune\n1,âgé\n", errors.RepeatedId),
        ("id,age\n,jeune\n", errors.MissingId),
        ("id,age\n1,jeune\n2\n", errors.MissingValue),
        ("id,age\n1,jeune\n2,  \n", errors.MissingValue),
        ("id,age\n1,jeune\n2,vieux\n", errors.UnknownValue),
        ("id,age\n1,jeune\n", errors.PoolTooSmall),
    ],
)
def test_people_in_a_bad_file_are_refused(text: str, kind: type[errors.SortitionError]) -> None:
    with pytest.raises(kind) as caught:
        read_pool(text.encode(), TARGETS)
    assert "{" not in str(caught.value)


def test_an_unknown_value_that_differs_by_case_is_hinted_at() -> None:
    with pytest.raises(errors.UnknownValue) as caught:
        read_pool(b"id,age\n1,jeune\n2,Jeune\n3,JEUNE\n", TARGETS)
    assert caught.value.params["count"] == 2
    assert "“jeune”" in str(caught.value.params["hint"])


def test_a_missing_column_that_differs_by_case_is_hinted_at() -> None:
    with pytest.raises(errors.MissingColumn, match="“Age”"):
        read_pool(b"id,Age\n1,jeune\n", TARGETS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_pool_is_the_same_whatever_program_wrote_it(encoding: str, separator: str, end: str) -> None:
    rows = [["id", "âge"], ["1", " jeune "], ["", ""], ["2", "âgé"]]
    targets = Targets(2, (Target("âge", "âgé", 0, 2), Target("âge", "jeune", 1, 2)))
    text = end.join(separator.join(row) for row in rows) + end
    assert read_pool(text.encode(encoding), targets) == Pool(
        (Person("1", {"âge": "jeune"}), Person("2", {"âge": "âgé"}))
    )


@pytest.mark.parametrize("data", [b"PK\x03\x04\0\0", b"\x81\xff\x8d,\n", b"\xff\xfea"])
def test_what_is_not_text_is_refused(data: bytes) -> None:
    with pytest.raises(errors.UnreadableFile):
        read_targets(data, 2)


def test_people_of_one_address_are_one_household() -> None:
    text = "id,rue,zip,age\n1,12 Rue A,75,jeune\n2,12  rue a,75,âgé\n3,,,jeune\n4,,,jeune\n"
    pool = read_pool(text.encode(), TARGETS, address_columns=["rue", "zip"])
    homes = [person.household for person in pool.people]
    assert homes[0] == homes[1] != ""
    assert homes[2:] == ["", ""]


def test_usual_columns_of_an_address_are_found_alone() -> None:
    text = "nationbuilder_id,primary_address1,primary_zip,age\n1,a,75,jeune\n2,a,75,jeune\n"
    first, second = read_pool(text.encode(), TARGETS).people
    assert (first.id, first.household) == ("1", second.household)


def test_the_first_column_identifies_people_where_none_is_named() -> None:
    assert read_pool(b"numero;age\n1;jeune\n2;jeune\n", TARGETS).people[1].id == "2"


def test_older_names_of_columns_are_read() -> None:
    assert read_targets(b"category,name,min,max\nage,a,1.0,2\n", 2).targets == (Target("age", "a", 1, 2),)


def test_limits_of_change_are_read() -> None:
    head = b"feature,value,min,max,min_flex,max_flex\n"
    assert read_flexibility(head + b"age,a,1,2,,-1\nage,b,1,2,1,2\n") == {
        ("age", "a"): (0, 10**9),
        ("age", "b"): (1, 2),
    }
    with pytest.raises(errors.InvalidFlexibility):
        read_flexibility(head + b"age,a,1,2,2,3\n")


def test_a_hundred_thousand_people_are_read() -> None:
    rows = "".join(f"p{number},jeune\n" for number in range(100_000))
    assert len(read_pool(f"id,age\n{rows}".encode(), TARGETS).people) == 100_000


def test_an_error_survives_the_border_of_a_process() -> None:
    import pickle

    error = pickle.loads(pickle.dumps(errors.PoolTooSmall(count=1, size=2, unit="people")))
    assert (type(error), error.params["size"]) == (errors.PoolTooSmall, 2)


@given(st.lists(st.tuples(cells, st.integers(0, 9), st.integers(0, 9)), min_size=1, unique_by=lambda t: t[0]))
def test_targets_written_are_read_again(items: list[tuple[str, int, int]]) -> None:
    targets = Targets(3, tuple(Target("f", value, low, low + more) for value, low, more in items))
    assert read_targets(write_targets(targets), 3) == targets


@given(st.lists(st.tuples(cells, st.sampled_from(["âgé", "jeune"])), min_size=2, unique_by=lambda t: t[0]))
def test_people_written_are_read_again(items: list[tuple[str, str]]) -> None:
    pool = Pool(tuple(Person(name, {"age": value}, "12rue") for name, value in items))
    assert read_pool(write_pool(pool), TARGETS) == pool


@pytest.mark.skipif(not DATA.exists(), reason="needs ../shared/data/sortition")
@pytest.mark.parametrize("name", ["mass_like", "sf_e_like"])
def test_files_of_the_peer_are_read(name: str) -> None:
    features = (DATA / name / "features.csv").read_bytes()
    targets = read_targets(features, 24)
    pool = read_pool((DATA / name / "candidates.csv").read_bytes(), targets)
    assert all(person.household for person in pool.people)
    assert len(read_flexibility(features)) == len(targets.targets)
