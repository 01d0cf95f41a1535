"""A convention leaves as open data, comes back the same, and never with a fault or in half."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone, translation

from antigone.accounts.models import Organisation, Person
from antigone.convention import actions
from antigone.convention.models import (
    Appointment,
    Contribution,
    Convention,
    Departure,
    MandateChange,
    OfficialAnswer,
)
from antigone.convention.opendata.cells import from_cell, to_cell
from antigone.convention.opendata.columns import text
from antigone.convention.opendata.describing import describe_line, describe_schema
from antigone.convention.opendata.parsing import read_convention
from antigone.convention.opendata.tables import BY_NAME, TABLES
from antigone.convention.opendata.unpacking import MOST_BYTES
from antigone.convention.opendata.writing import open_scope, write_csv, write_json, write_zip
from antigone.errors import NotAllowed, NotPossible, WrongInput
from tests.convention.conftest import Opens

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "deploy" / "demo" / "convention"
FILES = sorted(path.name for path in DEMO.glob("*.json"))
NIGHT = (DEMO / "nuit.json").read_bytes()


def bring(data: bytes, city: Organisation) -> Convention:
    return actions.import_convention(file=read_convention(data), organisation=city, by=None).convention


def as_json(convention: Convention) -> str:
    return "".join(write_json(open_scope(convention, timezone.now())))


def as_zip(convention: Convention) -> bytes:
    file = io.BytesIO()
    write_zip(file, open_scope(convention, timezone.now()))
    return file.getvalue()


def change(**tables: Any) -> bytes:
    """Give the running convention with some tables replaced."""
    return json.dumps(json.loads(NIGHT) | tables).encode()


def say_faults(data: bytes) -> list[str]:
    with translation.override("en"):
        return [str(fault) for fault in read_convention(data).faults]


@pytest.mark.parametrize("name", FILES)
def test_what_is_exported_comes_back_the_same(name: str, city: Organisation) -> None:
    first = as_json(bring((DEMO / name).read_bytes(), city))
    again = bring(first.encode(), city)
    assert as_json(again) == first
    assert as_json(bring(as_zip(again), city)) == first


@pytest.mark.parametrize("name", FILES)
def test_nothing_of_a_file_is_lost(name: str, city: Organisation) -> None:
    written = json.loads((DEMO / name).read_text())
    exported = json.loads(as_json(bring((DEMO / name).read_bytes(), city)))
    for table, rows in written.items():
        assert len(exported[table]) == len(rows), table


def test_an_import_is_a_reconstruction_that_takes_no_writing(
    city: Organisation, alice: Person, esther: Person
) -> None:
    convention = bring(NIGHT, city)
    assert convention.is_reconstruction
    Appointment.objects.create(convention=convention, person=alice, name="Alice", role="facilitator")
    with pytest.raises(NotPossible):
        actions.appoint(convention=convention, person=esther, role="guarantor", by=alice)


@pytest.mark.parametrize(
    "cell", ["=1+1", "+33", "-2", "@SUM(A1)", "\tx", "'", "'a", "''", 'a;b\r\n"c"', "＝1", " x"]
)
def test_a_text_is_never_a_formula_and_comes_back(cell: str) -> None:
    written = to_cell(cell)
    assert written[0] not in "=+-@\t\r＝＋－＠"
    assert from_cell(written, text("title", "", 100)) == cell


def test_a_hostile_text_survives_the_zip(city: Organisation) -> None:
    convention = bring(NIGHT, city)
    Contribution.objects.filter(convention=convention, number=1).update(text='=HYPERLINK("x";"y")\n;\'é')
    again = bring(as_zip(convention), city)
    assert Contribution.objects.get(convention=again, number=1).text == '=HYPERLINK("x";"y")\n;\'é'


def test_a_csv_file_opens_in_a_french_spreadsheet(city: Organisation) -> None:
    pieces = list(write_csv(BY_NAME["proposals"], open_scope(bring(NIGHT, city), timezone.now())))
    assert pieces[0].startswith("\ufeffnumber;theme;title;state;")
    assert "2026-11-08T15:40:00Z" in "".join(pieces)


def test_a_file_of_another_program_is_read_too(city: Organisation) -> None:
    convention = bring(NIGHT, city)
    with zipfile.ZipFile(io.BytesIO(as_zip(convention))) as archive:
        files = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    again = io.BytesIO()
    with zipfile.ZipFile(again, "w") as archive:
        for name, content in files.items():
            archive.writestr(
                name, content.replace("’", "'").replace("\u202f", " ").encode("cp1252", "replace")
            )
    assert not read_convention(again.getvalue()).faults


INSTANT = "2024-02-01T00:00:00Z"
WRONG = {
    "nothing": (b"", "neither"),
    "a picture": (b"\x89PNG\r\n", "neither"),
    "half of a JSON": (NIGHT[:5000], "cannot be read"),
    "a deep JSON": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "cannot be read"),
    "a key twice": (b'{"format": "antigone-convention/1", "format": "x"}', "given twice"),
    "another format": (b'{"format": "antigone-pool/1"}', "another format"),
    "a huge number": (b'{"format": ' + b"9" * 10_000 + b"}", "cannot be read"),
    "no mandate": (b'{"format": "antigone-convention/1"}', "convention"),
    "an unknown table": (change(secrets=[]), "no such table"),
    "a table that is no list": (change(members={"a": 1}), "must be a list"),
    "a line that is no object": (change(members=["a"]), "members line 1"),
    "an unknown field": (change(themes=[{"theme": 1, "title": "A", "x": 1}]), "no such field"),
    "a number twice": (change(themes=[{"theme": 1, "title": "A"}, {"theme": 1, "title": "B"}]), "already"),
    "a wrong reference": (change(freezes=[], themes=[{"theme": 9, "title": "A"}]), "is not in the table"),
    "a text too long": (change(themes=[{"theme": 1, "title": "A" * 201}]), "201 characters"),
    "a control character": (change(themes=[{"theme": 1, "title": "A\u0000"}]), "no text has"),
    "a truth for a number": (change(themes=[{"theme": True, "title": "A"}]), "whole number"),
    "a number too large": (change(themes=[{"theme": 2**31, "title": "A"}]), "whole number"),
    "a wrong instant": (change(phases=[{"phase": "preparation", "opened_at": "2024-02-01"}]), "instant"),
    "the end of time": (
        change(phases=[{"phase": "preparation", "opened_at": "9999-12-31T23:59:59Z"}]), "instant",
    ),
    "a wrong choice": (change(phases=[{"phase": "x", "opened_at": "2024-02-01T00:00:00Z"}]), "none of"),
    "an address that runs": (
        change(publications=[{"kind": "mandate", "address": "javascript:alert(1)", "published_at": INSTANT}]),
        "https://",
    ),
    "too many lines": (change(themes=[{}] * 50_001), "more than 50000"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_file_is_told_and_nothing_is_kept(case: str, city: Organisation) -> None:
    data, expected = WRONG[case]
    assert any(expected in fault for fault in say_faults(data)), say_faults(data)[:5]
    with pytest.raises(WrongInput):
        actions.import_convention(file=read_convention(data), organisation=city, by=None)
    assert not Convention.objects.exists()


def test_a_zip_bomb_is_not_unpacked() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("themes.csv", b"0" * (MOST_BYTES + 10))
    assert len(bomb.getvalue()) < 100_000
    assert any("too large" in fault for fault in say_faults(bomb.getvalue()))


def test_a_broken_zip_is_told(city: Organisation) -> None:
    data = as_zip(bring(NIGHT, city))
    for cut in (len(data) // 2, len(data) - 30):
        assert say_faults(data[:cut]) == ["The ZIP archive is damaged."]


def test_an_imported_convention_may_be_taken_away(city: Organisation, alice: Person, marc: Person) -> None:
    for name in FILES:
        convention = bring((DEMO / name).read_bytes(), city)
        with pytest.raises(NotAllowed):
            actions.delete_reconstruction(convention=convention, by=marc)
        actions.delete_reconstruction(convention=convention, by=alice)
    assert not Convention.objects.exists()


def test_a_convention_held_here_is_never_taken_away(convention: Convention, alice: Person) -> None:
    with pytest.raises(NotPossible):
        actions.delete_reconstruction(convention=convention, by=alice)


def test_every_field_is_documented() -> None:
    lines = (ROOT / "docs" / "reference" / "convention-format.md").read_text().splitlines()
    for table in TABLES:
        start = lines.index(f"### `{table.name}`")
        section = lines[start : start + len(table.fields) + 8]
        for column in table.fields:
            assert describe_line(column) in section, f"{table.name}.{column.name}"


def test_the_schema_has_every_field() -> None:
    properties = describe_schema()["properties"]
    assert set(properties["contributions"]["items"]["properties"]) == {
        column.name for column in BY_NAME["contributions"].fields
    }


def test_pages_give_the_files(city: Organisation, opens: Opens) -> None:
    slug = bring(NIGHT, city).slug
    browser = opens(None)
    assert f"/conventions/{slug}/donnees/members.csv" in browser.get(f"/conventions/{slug}/donnees/").text
    assert browser.get(f"/conventions/{slug}/donnees/convention.json").status_code == 200
    assert browser.get(f"/conventions/{slug}/donnees/convention.zip").status_code == 200
    for table in TABLES:
        assert browser.get(f"/conventions/{slug}/donnees/{table.name}.csv").status_code == 200
    assert browser.get(f"/conventions/{slug}/donnees/payments.csv").status_code == 404
    assert browser.get("/conventions/importer/schema.json").json()["title"]


def test_what_is_not_public_is_not_in_the_files(city: Organisation, alice: Person) -> None:
    """Grades of a former text, the recording of a session without minutes, the counts of an open vote."""
    convention = bring((DEMO / "eau.json").read_bytes(), city)
    OfficialAnswer.objects.filter(proposal__convention=convention, proposal__number=1).update(version=2)
    convention.sessions.filter(number=1).update(minutes_published_at=None, recording="https://secret.example")
    convention.ballots.filter(number=1).update(state="open")
    exported = json.loads(as_json(convention))
    assert [grade["answer"] for grade in exported["grades"]] == [2, 3, 4]
    assert (exported["sessions"][0]["minutes"], exported["sessions"][0]["recording"]) == ("", "")
    assert exported["ballots"][0]["counts"] == []


def test_changes_of_the_mandate_and_departures_come_back(city: Organisation) -> None:
    convention = bring(NIGHT, city)
    now = timezone.now()
    MandateChange.objects.create(
        convention=convention, field="budget", before="1", after="2", reason="Erreur", changed_at=now
    )
    Departure.objects.create(
        convention=convention, name="Léa", role="expert", reason="Santé", is_own=True, left_at=now
    )
    first = as_json(convention)
    assert "Erreur" in first
    assert as_json(bring(first.encode(), city)) == first
