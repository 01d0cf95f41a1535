"""Files as people have them, clumsy and hostile ones too: a line for each fault, none of its words."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antigone.errors import WrongInput
from antigone.selection.registers import (
    FAULTS,
    Entry,
    Fault,
    Spool,
    check_roles,
    clean_phone,
    inspect_register,
    read_register,
)
from tests.selection.recruitment.town import write_register

ROLES = ["name", "name", "address", "address", "phone", "stratum"]


def read(
    path: Path, data: bytes, roles: list[str] | None = None, source: str = "register"
) -> list[Entry | Fault]:
    path = path / "register.csv"
    path.write_bytes(data)
    layout = inspect_register(path)
    return list(read_register(path, layout, roles or layout.guess_roles(), source))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_usual_files_are_read_alike(tmp_path: Path, encoding: str, separator: str) -> None:
    found = read(tmp_path, write_register(5, encoding=encoding, separator=separator))
    assert [entry.name for entry in found if isinstance(entry, Entry)] == [
        f"SECRET-{n} Zoé" for n in range(1, 6)
    ]
    assert found[0] == Entry(
        2, "SECRET-1 Zoé", "0 rue CACHEE Valmont", "0612340001", "Nord", "0ruecacheevalmont", found[0].key
    )


def test_columns_of_usual_names_are_guessed(tmp_path: Path) -> None:
    path = tmp_path / "ban.csv"
    path.write_text(
        "id;id_fantoir;numero;rep;nom_voie;code_postal;code_insee;nom_commune;x;y\n"
        "34172_1;;12;bis;Rue Haute;34000;34172;Montpellier;1;2\n"
    )
    layout = inspect_register(path)
    assert layout.guess_roles() == [
        "identifier", "", "address", "address", "address", "address", "", "address", "", "",
    ]  # fmt: skip
    (entry,) = read_register(path, layout, layout.guess_roles(), "addresses")
    assert isinstance(entry, Entry)
    assert entry.address == "12 bis Rue Haute 34000 Montpellier"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Ada;;1 rue;V;;N;more", "ragged"),
        (";;1 rue;V;;N", "no_name"),
        ("Ada;;;;;N", "unreachable"),
        ("Ada;;1 rue;V;12;N", "phone"),
        ("Ada;;1 rue;V;=1+1;N", "phone"),
        (f"{'A' * 301};;1 rue;V;;N", "too_long"),
        (f"Ada;;{'A' * 501};V;;N", "too_long"),
        ('"Ada\nEve";;1 rue;V;;N', "control"),
        ("Ada\x07;;1 rue;V;;N", "control"),
        ("Ada\u202eEve;;1 rue;V;;N", "control"),
        ('"Ada;;1 rue;V;;N', "quotes"),
        ('A"d"a;"x"y;1 rue;V;;N', "quotes"),
        ("A" * 30_000, "line_too_long"),
        ('"' + "A\n" * 90_000, "quotes"),
    ],
)  # fmt: skip
def test_wrong_line_is_named_without_its_words(tmp_path: Path, line: str, code: str) -> None:
    header = "nom;prénom;adresse;commune;téléphone;quartier\nBob;;2 rue;V;;N\n"
    found = read(tmp_path, (header + line).encode())
    assert isinstance(found[0], Entry)
    faults = [fault for fault in found if isinstance(fault, Fault)]
    assert [fault.code for fault in faults] == [code]
    assert faults[0].code in FAULTS
    assert faults[0].line >= 3
    assert "Ada" not in repr(faults)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "register_empty"),
        (b"\r\n\r\n", "register_empty"),
        (b"PK\x03\x04\0\0", "register_not_text"),
        (b"nom;adresse\n\x81\x8d;1 rue\n", "register_not_text"),
        (b";".join([b"c"] * 101), "register_not_a_table"),
    ],
)
def test_file_that_is_no_table_is_refused(tmp_path: Path, data: bytes, code: str) -> None:
    with pytest.raises(WrongInput) as caught:
        read(tmp_path, data)
    assert caught.value.code == code


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    data = b"nom;adresse\n\n\nAda;1 rue\n;2 rue\n"
    assert [found.line for found in read(tmp_path, data)] == [4, 5]


def test_header_alone_brings_nobody(tmp_path: Path) -> None:
    assert read(tmp_path, b"nom;adresse\n") == []


def test_blank_stratum_is_one_of_its_own_and_several_make_pairs(tmp_path: Path) -> None:
    data = b"nom;adresse;a;b\nAda;1 rue;x;y\nBob;2 rue;;y\n"
    found = read(tmp_path, data, ["name", "address", "stratum", "stratum"])
    assert [entry.stratum for entry in found if isinstance(entry, Entry)] == ["x · y", " · y"]


def test_same_row_has_the_same_key_whatever_its_case(tmp_path: Path) -> None:
    data = b"nom;adresse;x\nAda;1 rue;1\nADA; 1  Rue ;1\nAda;1 rue;2\n"
    first, again, other = (found.key for found in read(tmp_path, data) if isinstance(found, Entry))
    assert first == again != other


def test_identifier_tells_namesakes_apart(tmp_path: Path) -> None:
    data = b"id;nom;adresse\n1;Ada;1 rue\n2;Ada;1 rue\n1;Eve;3 rue\n"
    keys = [found.key for found in read(tmp_path, data) if isinstance(found, Entry)]
    assert keys[0] != keys[1]
    assert keys[0] == keys[2]


@given(st.text(max_size=30))
def test_any_telephone_number_is_clean_or_none(text: str) -> None:
    cleaned = clean_phone(text)
    assert (
        cleaned is None
        or cleaned == ""
        or (cleaned.isascii() and cleaned.isdecimal() and 10 <= len(cleaned) <= 17)
    )


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "register.csv"
    path.write_bytes(data)
    try:
        layout = inspect_register(path)
    except WrongInput:
        return
    for found in read_register(path, layout, ["name", *[""] * (len(layout.header) - 1)], "register"):
        assert isinstance(found, Entry | Fault)


@pytest.mark.parametrize(
    ("roles", "source"),
    [(["name"], "register"), (["address"], "register"), ([""], "addresses"), (["phone"], "addresses")],
)
def test_roles_that_a_source_needs_are_asked_for(roles: list[str], source: str) -> None:
    with pytest.raises(WrongInput) as caught:
        check_roles(roles, source)
    assert caught.value.code == "columns_missing"


@pytest.fixture
def spool() -> Iterator[Spool]:
    spool = Spool()
    yield spool
    spool.close()


def test_spool_gives_rows_back_in_their_order_and_knows_keys(spool: Spool) -> None:
    rows = [(number, "s", "", "n", "a", "p", bytes(32)) for number in (2, 1, 3)]
    for row in rows:
        spool.add(row)
    assert list(spool.read()) == sorted(rows)
    assert [spool.is_new(key) for key in (b"a", b"b", b"a")] == [True, True, False]
