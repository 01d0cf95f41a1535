import json

import pytest

from antigone.errors import WrongInput
from antigone.selection.reading import Columns, Upload, parse_shares, read_files
from tests.selection.town import make_pool, write_pool, write_targets

POOL = Upload("pool.csv", write_pool(40))

FOR_FOUR = Upload(
    "t.json",
    b'{"format": "antigone-targets/1", "size": 4, "targets": [{"feature": "a", "value": "b", "min": 0, "max": 1}]}',
)


def refuse(**options: object) -> WrongInput:
    with pytest.raises(WrongInput) as caught:
        read_files(**{"pool": POOL, "size": 6, **options})
    return caught.value


def test_pool_and_targets_of_the_peers_format_are_read() -> None:
    loaded = read_files(pool=POOL, size=6, targets=Upload("t.csv", write_targets(6)), households=True)
    assert len(loaded.pool.people) == 40
    assert loaded.columns == Columns("id", ("household",))
    assert loaded.count_people()["genre", "femme"] == 24
    assert {target.feature for target in loaded.targets.targets} == {"âge", "genre"}


def test_windows_1252_with_semicolons_is_read() -> None:
    data = write_pool(40).decode().replace(",", ";").encode("cp1252")
    assert read_files(pool=Upload("p.csv", data), size=6).count_people()["âge", "60+"] > 0


def test_columns_that_are_no_feature_are_not_kept() -> None:
    data = b"id,name,email,side\n1,Zita,z@x.example,north\n2,Yves,y@x.example,south\n"
    loaded = read_files(
        pool=Upload("p.csv", data),
        size=1,
        targets=Upload("t.csv", b"feature,value,min,max\nside,north,0,1\nside,south,0,1\n"),
    )
    assert [dict(person.features) for person in loaded.pool.people] == [{"side": "north"}, {"side": "south"}]


def test_without_targets_columns_of_few_values_begin_wide_open() -> None:
    loaded = read_files(pool=POOL, size=6)
    assert {target.feature for target in loaded.targets.targets} == {"âge", "genre"}
    assert {(target.min, target.max) for target in loaded.targets.targets} == {(0, 6)}


def test_columns_may_be_named() -> None:
    data = b"who,home,side,other\nann,h1,north,x\nbob,h1,south,y\n"
    loaded = read_files(
        pool=Upload("p.csv", data), size=1, columns=Columns("who", ("home",), ("side",)), households=True
    )
    assert [(person.id, person.household) for person in loaded.pool.people] == [("ann", "h1"), ("bob", "h1")]
    assert {target.feature for target in loaded.targets.targets} == {"side"}


def test_json_pool_is_read_without_targets() -> None:
    people = [{"id": person.id, "features": dict(person.features)} for person in make_pool(12).people]
    data = json.dumps({"format": "antigone-pool/1", "people": people}).encode()
    assert len(read_files(pool=Upload("p.json", data), size=3).pool.people) == 12


def test_census_shares_make_bands() -> None:
    loaded = read_files(pool=POOL, size=10, shares="genre;femme;520\ngenre;homme;480")
    assert [(target.min, target.max) for target in loaded.targets.targets] == [(5, 6), (4, 5)]
    assert loaded.shares["genre", "femme"] == "520"


def test_shares_are_read_with_or_without_a_header() -> None:
    assert (
        parse_shares("feature,value,count\nage,18+,3") == parse_shares("age\t18+\t3") == {"age": {"18+": "3"}}
    )


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"pool": Upload("p.csv", b"")}, "empty_file"),
        ({"pool": Upload("p.csv", b"PK\x03\x04\0\0")}, "unreadable_file"),
        ({"pool": Upload("p.csv", b"id,side\n")}, "no_targets"),
        ({"pool": Upload("p.json", b"{}")}, "invalid_document"),
        ({"targets": Upload("t.csv", b"feature,value\n")}, "missing_column"),
        ({"targets": Upload("t.csv", write_targets(6) + b"\nsport,oui,0,6")}, "missing_column"),
        ({"targets": Upload("t.csv", b"feature,value,min,max\ngenre,femme,4,2")}, "crossed_bounds"),
        ({"targets": Upload("t.csv", b"feature,value,min,max\ngenre,femme,2,4")}, "unknown_value"),
        ({"targets": FOR_FOUR}, "sizes_differ"),
        ({"size": 50}, "pool_too_small"),
        ({"shares": "genre,femme"}, "shares_unreadable"),
        ({"shares": "genre,femme,-3"}, "invalid_shares"),
        ({"pool": Upload("p.csv", b"id,side\n1,a\n1,b\n")}, "repeated_id"),
        ({"pool": Upload("p.csv", b"id,side\n1,a\n2,b\n"), "households": True, "size": 1}, "no_addresses"),
    ],
)  # fmt: skip
def test_wrong_files_are_refused_with_their_reason(options: dict[str, object], code: str) -> None:
    assert refuse(**options).code == code


def test_hundred_thousand_rows_are_read() -> None:
    rows = "".join(f"{number},{'north' if number % 3 else 'south'}\n" for number in range(100_000))
    loaded = read_files(pool=Upload("p.csv", b"id,side\n" + rows.encode()), size=50)
    assert len(loaded.pool.people) == 100_000
