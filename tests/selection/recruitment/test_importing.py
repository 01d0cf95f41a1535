"""A register comes in whole or not at all; what is refused, stopped or killed leaves nothing."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.errors import NotAllowed, NotPossible, WrongInput
from antigone.selection.actions import recruitment as recruiting
from antigone.selection.actions.recruitment import importing
from antigone.selection.models import Contact, Recruitment
from tests.selection.recruitment.conftest import Fills
from tests.selection.recruitment.town import HEADER, make_terms, write_register, yesterday

pytestmark = pytest.mark.django_db


def list_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_register_is_imported_with_its_fingerprint(fill: Fills, data_folder: Path) -> None:
    made = fill(write_register(120, encoding="cp1252"))
    assert (made.state, made.rows, made.strata_names) == ("ready", 120, "quartier")
    assert sum(made.strata.values()) == 120
    assert len(made.root) == 64
    contact = Contact.objects.get(recruitment=made, number=2)
    assert (contact.name, contact.address, contact.phone) == (
        "SECRET-2 Zoé",
        "1 rue CACHEE Valmont",
        "0612340002",
    )
    assert contact.household == Contact.objects.get(recruitment=made, number=3).household
    assert list_files(data_folder) == []


def test_only_named_columns_are_kept(fill: Fills) -> None:
    made = fill(write_register(5), roles=["name", "", "address", "", "", ""])
    contact = Contact.objects.filter(recruitment=made).first()
    assert (contact.name, contact.address, contact.phone, contact.stratum) == (
        "SECRET-1",
        "0 rue CACHEE",
        "",
        "",
    )


def test_refused_file_tells_each_line_and_leaves_nothing(fill: Fills, data_folder: Path) -> None:
    lines = write_register(250).decode().split("\r\n")
    lines[10] = ";;SECRET street;V;;N"
    lines[200] = lines[7]
    made = fill("\r\n".join(lines).encode())
    assert (made.state, made.rows, made.root, made.file, made.columns) == ("refused", 0, "", "", [])
    assert made.report["faults"] == [[11, "no_name"], [201, "repeated"]]
    assert "SECRET" not in str(made.report)
    assert not Contact.objects.exists()
    assert list_files(data_folder) == []


def test_first_hundred_faults_are_told_and_all_are_counted(fill: Fills) -> None:
    made = fill((HEADER + "\n" + ";;1 rue;V;;N\n" * 250).encode())
    assert len(made.report["faults"]) == 100
    assert made.report["fault_count"] == 250


def test_lines_given_twice_are_left_out_where_that_was_asked(fill: Fills) -> None:
    data = write_register(20) + b"\r\n" + write_register(20).split(b"\r\n")[3]
    made = fill(data, drops_repeated=True)
    assert (made.state, made.rows, made.report["repeated"]) == ("ready", 20, 1)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (HEADER.encode(), "nobody"),
        (
            (HEADER + "\n" + "".join(f"Ada;;{n} rue;V;;Q{n}\n" for n in range(501))).encode(),
            "too_many_strata",
        ),
    ],
)
def test_whole_file_may_be_refused(fill: Fills, data: bytes, code: str) -> None:
    made = fill(data)
    assert (made.state, made.report["code"]) == ("refused", code)


def test_file_that_is_no_table_is_not_kept(begun: Recruitment, alice: Person, data_folder: Path) -> None:
    with pytest.raises(WrongInput):
        recruiting.keep_register(recruitment=begun, chunks=[b"PK\0"], by=alice)
    assert list_files(data_folder) == []
    assert Recruitment.objects.get().state == "draft"


def test_second_file_takes_the_place_of_the_first(
    begun: Recruitment, alice: Person, data_folder: Path
) -> None:
    for rows in (3, 4):
        recruiting.keep_register(recruitment=begun, chunks=[write_register(rows)], by=alice)
    (path,) = list_files(data_folder)
    assert path.read_bytes() == write_register(4)
    assert path.stat().st_mode & 0o077 == 0


def test_file_that_nobody_describes_goes_after_a_day(
    begun: Recruitment, alice: Person, data_folder: Path
) -> None:
    recruiting.keep_register(recruitment=begun, chunks=[write_register(3)], by=alice)
    recruiting.clean_registers()
    assert len(list_files(data_folder)) == 1
    Recruitment.objects.update(kept_at=timezone.now() - timedelta(hours=25))
    (path,) = list_files(data_folder)
    os.utime(path, (0, 0))
    assert recruiting.clean_registers() == 1
    assert list_files(data_folder) == []
    assert Recruitment.objects.get().state == "draft"


def test_cancelled_import_leaves_nothing(begun: Recruitment, alice: Person, data_folder: Path) -> None:
    layout = recruiting.keep_register(recruitment=begun, chunks=[write_register(30)], by=alice)
    recruiting.map_columns(recruitment=begun, roles=layout.guess_roles(), drops_repeated=False, by=alice)
    begun.refresh_from_db()
    recruiting.cancel_register_import(recruitment=begun, by=alice)
    recruiting.run_register_import(begun.pk)
    assert Recruitment.objects.get().state == "draft"
    assert not Contact.objects.exists()
    assert list_files(data_folder) == []
    with pytest.raises(NotPossible):
        recruiting.cancel_register_import(recruitment=begun, by=alice)


def test_fault_of_ours_ends_as_a_state_and_keeps_nothing(
    begun: Recruitment, alice: Person, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = recruiting.keep_register(recruitment=begun, chunks=[write_register(30)], by=alice)
    recruiting.map_columns(recruitment=begun, roles=layout.guess_roles(), drops_repeated=False, by=alice)
    monkeypatch.setattr(importing, "ROWS_AT_ONCE", -1)  # in the middle of the transaction
    recruiting.run_register_import(begun.pk)
    made = Recruitment.objects.get()
    assert (made.state, made.report, made.root, bytes(made.secret)) == (
        "refused",
        {"code": "failed"},
        "",
        b"",
    )
    assert not Contact.objects.exists()
    assert list_files(data_folder) == []


def test_import_that_always_brings_the_server_down_is_given_up(begun: Recruitment, alice: Person) -> None:
    layout = recruiting.keep_register(recruitment=begun, chunks=[write_register(3)], by=alice)
    recruiting.map_columns(recruitment=begun, roles=layout.guess_roles(), drops_repeated=False, by=alice)
    Recruitment.objects.update(attempts=3)
    assert recruiting.resume_register_imports() == 1
    recruiting.run_register_import(begun.pk)
    assert Recruitment.objects.get().report == {"code": "interrupted"}


def test_numbers_are_drawn_by_a_seed(alice: Person) -> None:
    found = []
    for _time in range(2):
        made = recruiting.create_recruitment(terms=make_terms(), source="phones", by=alice)
        recruiting.plan_numbers(
            recruitment=made, count=40, mobile_share=75, prefixes=["0467"], seed="417", by=alice
        )
        recruiting.run_register_import(made.pk)
        made.refresh_from_db()
        assert (made.state, made.strata) == ("ready", {"0467": 10, "mobile": 30})
        found.append(list(Contact.objects.filter(recruitment=made).values_list("phone", flat=True)))
    assert found[0] == found[1]
    assert len(set(found[0])) == 40


def test_more_numbers_than_there_are_is_refused(alice: Person) -> None:
    made = recruiting.create_recruitment(terms=make_terms(), source="phones", by=alice)
    recruiting.plan_numbers(
        recruitment=made, count=2_000, mobile_share=0, prefixes=["0467123"], seed="1", by=alice
    )
    recruiting.run_register_import(made.pk)
    assert Recruitment.objects.get().report == {"code": "too_many_numbers"}


def test_addresses_invite_the_household(alice: Person) -> None:
    made = recruiting.create_recruitment(terms=make_terms(), source="addresses", by=alice)
    data = b"id;numero;nom_voie;nom_commune;quartier\n" + b"".join(
        b"%d;%d;rue;V;N\n" % (n, n) for n in range(9)
    )
    layout = recruiting.keep_register(recruitment=made, chunks=[data], by=alice)
    recruiting.map_columns(recruitment=made, roles=layout.guess_roles(), drops_repeated=False, by=alice)
    recruiting.run_register_import(made.pk)
    assert set(Contact.objects.values_list("name", flat=True)) == {""}
    assert Contact.objects.get(number=3).address == "2 rue V"


@pytest.mark.parametrize("who", ["esther", "olivia", "marc", "chloe"])
def test_only_facilitators_of_the_organisation_act(
    who: str, begun: Recruitment, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)
    for act in (
        lambda: recruiting.keep_register(recruitment=begun, chunks=[write_register(3)], by=person),
        lambda: recruiting.map_columns(recruitment=begun, roles=["name"], drops_repeated=False, by=person),
        lambda: recruiting.change_terms(recruitment=begun, terms=make_terms(), by=person),
        lambda: recruiting.name_callers(recruitment=begun, people=[], by=person),
        lambda: recruiting.draw_contacts(recruitment=begun, size=1, seed="1", by=person),
        lambda: recruiting.purge_recruitment(recruitment=begun, by=person),
        lambda: recruiting.export_letters(recruitment=begun, reminds=False, by=person),
        lambda: recruiting.export_calls(recruitment=begun, by=person),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize("who", ["esther", "olivia", "chloe"])
def test_only_facilitators_begin(who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        recruiting.create_recruitment(terms=make_terms(), source="register", by=request.getfixturevalue(who))


def test_watchers_are_not_named_to_telephone(
    begun: Recruitment, alice: Person, esther: Person, olivia: Person
) -> None:
    for person in (esther, olivia):
        with pytest.raises(NotAllowed):
            recruiting.name_callers(recruitment=begun, people=[person], by=alice)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reply_date": yesterday()}, "dates_out_of_order"),
        ({"purge_date": make_terms().reply_date}, "dates_out_of_order"),
        ({"purge_date": timezone.localdate() + timedelta(days=1_200)}, "dates_out_of_order"),
        ({"features": {}}, "no_features"),
        ({"features": {"genre": {"femme": "x"}}}, "invalid_shares"),
    ],
)
def test_terms_that_make_no_sense_are_refused(alice: Person, changes: dict[str, object], code: str) -> None:
    with pytest.raises(WrongInput) as caught:
        recruiting.create_recruitment(terms=make_terms(**changes), source="register", by=alice)
    assert caught.value.code == code


def test_announced_purge_comes_sooner_but_not_later(ready: Recruitment, alice: Person) -> None:
    later = ready.purge_date + timedelta(days=1)
    with pytest.raises(NotPossible) as caught:
        recruiting.change_terms(recruitment=ready, terms=make_terms(purge_date=later), by=alice)
    assert caught.value.code == "purge_not_later"
    sooner = ready.purge_date - timedelta(days=1)
    recruiting.change_terms(recruitment=ready, terms=make_terms(purge_date=sooner), by=alice)
    assert Recruitment.objects.get().purge_date == sooner


def test_form_does_not_change_once_people_are_invited(drawn: Recruitment, alice: Person) -> None:
    recruiting.change_terms(recruitment=drawn, terms=make_terms(title="Autrement"), by=alice)
    with pytest.raises(NotPossible) as caught:
        recruiting.change_terms(recruitment=drawn, terms=make_terms(dates=[]), by=alice)
    assert caught.value.code == "form_fixed"


def test_register_is_not_changed_once_it_is_sealed(ready: Recruitment, alice: Person) -> None:
    with pytest.raises(NotPossible):
        recruiting.keep_register(recruitment=ready, chunks=[write_register(3)], by=alice)
    with pytest.raises(NotPossible):
        recruiting.map_columns(recruitment=ready, roles=["name", "address"], drops_repeated=False, by=alice)
