"""What leaves a consultation: totals with a floor, held to one table of fields; the votes of people where chosen."""

import csv
import io
import json
import random
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from antigone.accounts.models import Person
from antigone.consultation.drawing import refresh_picture
from antigone.consultation.models import (
    Choice,
    Consultation,
    ModerationDecision,
    Participant,
    Picture,
    ProfileAnswer,
    ProfileQuestion,
    Statement,
)
from antigone.consultation.opendata.describing import describe_line, describe_schema
from antigone.consultation.opendata.polis import make_export
from antigone.consultation.opendata.schema import Scope
from antigone.consultation.opendata.tables import BY_NAME, TABLES
from antigone.consultation.opendata.withholding import FLOOR, OUTSIDE, find_withheld, publish_figures
from antigone.consultation.opendata.writing import list_files, pack, write_csv, write_json
from antigone.core.opinion import read_export, write_export
from tests.consultation.conftest import Opens
from tests.consultation.town import add_statements

ROOT = Path(__file__).resolve().parents[2]
PAGE = "/consultations/vivre-ici/donnees/"
PRINT = "ab12cd34ef56" + "0" * 52


def count(agrees: int, disagrees: int = 0, passes: int = 0) -> dict[str, int]:
    return {"agrees": agrees, "disagrees": disagrees, "passes": passes, "votes": agrees + disagrees + passes}


def say(total: dict[str, int], *groups: dict[str, int], important: int = 0) -> dict[str, Any]:
    return {
        "out": False,
        **total,
        "important": important,
        "groups": {str(number): group for number, group in enumerate(groups)},
        "group_aware_consensus": 0.4,
        "group_aware_consensus_disagree": 0.1,
        "gap": 0.5,
        "split": 0.3,
        "extremity": 1.5,
        "priority": 2.0,
        "position": [0.1, 0.2],
    }


FIGURES: dict[str, Any] = {
    "format": "antigone-picture/1",
    "participation": {
        "participants": 60, "grouped": 55, "statements": 4, "votes": 150, "agrees": 100, "disagrees": 40,
        "passes": 10, "median_votes": 6, "filled": 0.5,
    },
    "clear_groups": True,
    "silhouette": 0.41,
    "group_sizes": {"0": 30, "1": 25},
    "consensus": {"agree": [1, 4], "disagree": []},
    "shared": {"agree": [1], "disagree": []},
    "divisive": [2, 4],
    "representative": {
        "0": [{"statement": 1, "side": "agree", "count": 28, "votes": 30, "probability": 0.9, "ratio": 1.2}],
        "1": [{"statement": 2, "side": "disagree", "count": 3, "votes": 3, "probability": 0.8, "ratio": 2.0}],
    },
    "statements": {
        "1": say(count(50, 8, 2), count(28, 2), count(17, 6, 2), important=12),
        "2": say(count(20, 11), count(18, 8), count(0, 3), important=2),
        "3": say(count(3, 1), count(2), count(1)),
        "4": say(count(40), count(20), count(20)),
    },
    "map": {"points": "SECRET-points"},
    "channels": {"online": 40, "paper": 17, "phone": 3},
    "apart": None,
    "placing": "SECRET-placing",
}  # fmt: skip


@pytest.fixture
def picture(consultation: Consultation) -> Picture:
    return Picture.objects.create(
        consultation=consultation, number=150, drawn_at=timezone.now(), fingerprint=PRINT, figures=FIGURES
    )


@given(st.dictionaries(st.sampled_from("ABCDEF"), st.integers(0, 30)), st.integers(0, 12))
def test_nothing_small_is_found_by_subtraction(cells: dict[str, int], outside: int) -> None:
    """What is not told is nothing, or of two cells at least and five votes at least, or one cell of five."""
    everything = cells | {OUTSIDE: outside}
    withheld = find_withheld(everything, hidden=[OUTSIDE])
    assert not [name for name, votes in cells.items() if 0 < votes < FLOOR and name not in withheld]
    hidden = [everything[name] for name in withheld if everything[name]]
    told = [votes for name, votes in everything.items() if name not in withheld and votes]
    if told:
        assert not hidden or sum(hidden) >= FLOOR
        assert not any(votes < FLOOR for votes in hidden) or len(hidden) > 1


@given(st.lists(st.integers(1, 40), min_size=2, max_size=6))
def test_no_more_is_withheld_than_is_needed(votes: list[int]) -> None:
    """One more cell at most goes with the small ones, the smallest, and only where they could be found alone."""
    cells = {str(number): one for number, one in enumerate(votes)}
    withheld = find_withheld(cells)
    small = [one for one in votes if one < FLOOR]
    others = sorted(one for one in votes if one >= FLOOR)
    is_needed = bool(small and others) and (len(small) == 1 or sum(small) < FLOOR)
    assert sorted(cells[name] for name in withheld) == sorted(small + (others[:1] if is_needed else []))


def test_a_small_group_takes_another_with_it(picture: Picture) -> None:
    told = publish_figures(FIGURES, {1, 2, 3, 4})["statements"]
    assert told["1"]["groups"] == FIGURES["statements"]["1"]["groups"]
    assert told["1"]["group_aware_consensus"] == 0.4
    # Three of group B voted, and two of no group: a subtraction finds the sum of both, five.
    assert told["2"]["groups"] == {"0": count(18, 8), "1": None}
    assert (told["2"]["votes"], told["2"]["gap"], told["2"]["group_aware_consensus"]) == (31, None, None)
    assert (told["1"]["important"], told["2"]["important"]) == (12, None)


def test_a_statement_of_few_votes_has_no_counts(picture: Picture) -> None:
    told = publish_figures(FIGURES, {1, 2, 3, 4})
    assert told["statements"]["3"] | {"out": False} == {
        name: None for name in told["statements"]["3"] if name not in ("groups", "out")
    } | {"groups": {"0": None, "1": None}, "out": False}
    assert told["participation"]["votes"] == 60 + 31 + 40


def test_what_is_not_known_to_be_public_is_left_out(picture: Picture) -> None:
    assert "SECRET" not in json.dumps(publish_figures(FIGURES, {1, 2, 3, 4}))
    assert publish_figures(FIGURES, {1, 2, 3, 4})["channels"] == {"online": 40, "paper": None, "phone": None}


def test_what_a_withheld_group_says_is_in_no_list(picture: Picture) -> None:
    told = publish_figures(FIGURES, {1, 2, 3, 4})
    assert [one["statement"] for one in told["representative"]["0"]] == [1]
    assert told["representative"]["1"] == []


@pytest.mark.parametrize(("left_out", "is_told"), [(4, False), (5, True)])
def test_few_who_are_set_apart_are_not_found_by_subtraction(left_out: int, is_told: bool) -> None:
    apart = {**FIGURES, "participation": {**FIGURES["participation"], "participants": 60 - left_out}}
    told = publish_figures({**FIGURES, "apart": apart}, {1, 2, 3, 4})["apart"]
    assert (told is not None) == is_told


@pytest.mark.parametrize(("left_out", "is_told"), [(0, True), (4, False), (5, True)])
def test_few_votes_of_those_set_apart_are_not_found_on_one_statement(left_out: int, is_told: bool) -> None:
    one = FIGURES["statements"]["1"]
    fewer = {**one, "votes": one["votes"] - left_out, "agrees": one["agrees"] - left_out}
    apart = {
        **FIGURES,
        "participation": {**FIGURES["participation"], "participants": 50},
        "statements": {"1": fewer},
    }
    told = publish_figures({**FIGURES, "apart": apart}, {1, 2, 3, 4})["apart"]["statements"]
    assert ("1" in told) == is_told
    if is_told:
        assert (told["1"]["votes"], told["1"]["groups"]) == (one["votes"] - left_out, {})


def test_what_moderation_took_out_is_in_no_file(consultation: Consultation, picture: Picture) -> None:
    now = timezone.now()
    for number, (state, text) in enumerate(
        [("rejected", "SECRET-1"), ("waiting", "SECRET-2"), ("withdrawn", "")], 2
    ):
        consultation.statements.filter(number=number).update(state=state, text=text)
    rejected = consultation.statements.get(number=2)
    for reason in ("hateful", "personal"):
        ModerationDecision.objects.create(
            consultation=consultation,
            statement=rejected,
            kind="reject",
            reason=reason,
            note="SECRET-3",
            decided_at=now,
        )
    scope = Scope(consultation, picture)
    files = list_files(scope)
    for content in files.values():
        assert b"SECRET" not in content
    document = json.loads(files["consultation.json"])
    assert [one["number"] for one in document["statements"]] == [1, 5, 6, 7, 8]
    assert {one["statement"] for one in document["group_votes"]} == {1}
    assert document["findings"] == [
        {"finding": "consensus", "side": "agree", "place": 1, "statement": 1},
        {"finding": "shared", "side": "agree", "place": 1, "statement": 1},
    ]
    counts = {(one["state"], one["reason"]): one["statements"] for one in document["moderation"]}
    assert counts["rejected", "personal"] == 1
    assert (counts["rejected", "hateful"], counts["rejected", "not_said"], counts["accepted", ""]) == (
        0,
        0,
        5,
    )


def test_profiles_have_a_floor(consultation: Consultation, camps: list[Participant]) -> None:
    question = ProfileQuestion.objects.create(consultation=consultation, text="Votre âge ?", source="Insee")
    options = [
        question.options.create(text=text, position=n) for n, text in enumerate(("-30", "30-60", "+60"))
    ]
    for option, people in zip(options, (camps[:2], camps[2:9], camps[9:20]), strict=True):
        for person in people:
            ProfileAnswer.objects.create(participant=person, question=question, option=option)
    drawn = refresh_picture(consultation, timezone.now())
    # Whoever answers after the picture is in none of its totals: two of them would tell their answer.
    ProfileAnswer.objects.create(participant=camps[20], question=question, option=options[2])
    rows = list(BY_NAME["profiles"].list_rows(Scope(consultation, drawn)))
    assert [(row["answer"], row["participants"]) for row in rows] == [
        ("-30", None),
        ("30-60", None),
        ("+60", 11),
    ]


def test_every_field_is_documented() -> None:
    lines = (ROOT / "docs" / "reference" / "consultation-data-format.md").read_text().splitlines()
    for table in TABLES:
        start = lines.index(f"### `{table.name}`")
        section = lines[start : start + len(table.fields) + 8]
        assert [line for line in section if line.startswith("| `")] == [
            describe_line(one) for one in table.fields
        ]


@pytest.mark.parametrize("has_picture", [True, False])
def test_every_value_is_what_its_field_says(
    has_picture: bool, consultation: Consultation, picture: Picture
) -> None:
    Choice.objects.create(consultation=consultation, kind="days", reason="Pluie", made_at=timezone.now())
    document = json.loads(write_json(Scope(consultation, picture if has_picture else None)))
    properties = describe_schema()["properties"]
    assert set(document) == set(properties)
    types = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "null": type(None)}
    for name, rows in document.items():
        if name == "format":
            continue
        told = properties[name] if name == "consultation" else properties[name]["items"]
        for row in [rows] if name == "consultation" else rows:
            assert set(row) == set(told["properties"])
            for field, value in row.items():
                kinds = told["properties"][field]["type"]
                allowed = tuple(types[kind] for kind in (kinds if isinstance(kinds, list) else [kinds]))
                assert isinstance(value, allowed), f"{name}.{field}"
                if "enum" in told["properties"][field]:
                    assert value in told["properties"][field]["enum"], f"{name}.{field}"


def test_a_text_is_never_a_formula(empty: Consultation) -> None:
    add_statements(empty, ["=HYPERLINK(1)", "+1", "Oui ; non"])
    rows = csv.reader(
        io.StringIO(write_csv(BY_NAME["statements"], Scope(empty, None)).decode("utf-8-sig")), delimiter=";"
    )
    assert [row[1] for row in rows] == ["text", "'=HYPERLINK(1)", "'+1", "Oui ; non"]


def test_the_same_data_makes_the_same_bytes(consultation: Consultation, picture: Picture) -> None:
    one, other = (pack(list_files(Scope(consultation, picture))) for _ in range(2))
    assert one == other


def test_the_page_gives_every_file_by_the_fingerprint(
    consultation: Consultation, picture: Picture, opens: Opens
) -> None:
    browser = opens(None)
    page = browser.get(PAGE)
    assert page.status_code == 200
    assert PRINT in page.text
    for name in (
        "consultation.json",
        "figures.json",
        "consultation.zip",
        *(f"{one.name}.csv" for one in TABLES),
    ):
        answer = browser.get(PAGE + name)
        assert answer.status_code == 200
        assert f'filename="vivre-ici-ab12cd34ef56-{name}"' in answer["Content-Disposition"]
    assert browser.get(PAGE + "participants.csv").status_code == 404
    assert browser.get("/consultations/importer/schema.json").json()["title"]


def test_a_frozen_picture_is_asked_for_by_its_name(
    consultation: Consultation, picture: Picture, opens: Opens
) -> None:
    other = "f" * 64
    figures = {**FIGURES, "silhouette": 0.9}
    Picture.objects.create(
        consultation=consultation, number=100, drawn_at=timezone.now(), fingerprint=other, figures=figures,
        frozen_at=timezone.now(), title="Rapport de mai",
    )  # fmt: skip
    browser = opens(None)
    assert "Rapport de mai" in browser.get(PAGE).text
    told = browser.get(PAGE + "consultation.json?picture=ffffffffffff").json()["consultation"]
    assert (told["silhouette"], told["fingerprint"]) == (0.9, other)
    assert browser.get(PAGE + "consultation.json").json()["consultation"]["silhouette"] == 0.41
    for name in ("f", "0" * 12):
        assert browser.get(f"{PAGE}?picture={name}").status_code == 404


def test_without_a_picture_there_are_the_question_and_the_statements(
    consultation: Consultation, opens: Opens
) -> None:
    told = opens(None).get(PAGE + "consultation.json").json()
    assert len(told["statements"]) == 8
    assert (told["consultation"]["votes"], told["group_votes"]) == (None, [])
    assert opens(None).get(PAGE).status_code == 200


def test_a_draft_is_not_there(consultation: Consultation, opens: Opens, alice: Person, marc: Person) -> None:
    Consultation.objects.update(published_at=None)
    for person in (None, marc):
        for name in ("", "consultation.json", "statements.csv", "votes.zip"):
            assert opens(person).get(PAGE + name).status_code == 404
    assert opens(alice).get(PAGE + "consultation.json").status_code == 200


@pytest.mark.parametrize(("is_chosen", "is_closed"), [(False, True), (True, False), (True, True)])
def test_the_votes_of_people_are_there_only_by_choice_and_once_closed(
    is_chosen: bool, is_closed: bool, consultation: Consultation, camps: list[Participant], opens: Opens
) -> None:
    Consultation.objects.update(
        publishes_matrix=is_chosen, closed_at=timezone.now() - timedelta(days=1) if is_closed else None
    )
    answer = opens(None).get(PAGE + "votes.zip")
    assert answer.status_code == (200 if is_chosen and is_closed else 404)
    assert ("votes.zip" in opens(None).get(PAGE).text) == (is_chosen and is_closed)
    if answer.status_code == 200:
        export = read_export(unzip(answer.content))
        assert len(export.participants) == len(camps)
        assert all(time % 86_400_000 == 0 for time in export.times.tolist())


def unzip(data: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_only_who_leads_takes_the_files_of_polis(
    consultation: Consultation, camps: list[Participant], opens: Opens, alice: Person, chloe: Person,
    esther: Person, farid: Person, olivia: Person, marc: Person,
) -> None:  # fmt: skip
    for person in (chloe, esther, farid, olivia, marc):
        assert opens(person).get(PAGE + "polis.zip").status_code == 404
        assert "polis.zip" not in opens(person).get(PAGE).text
    assert opens(None).get(PAGE + "polis.zip").status_code == 302
    assert "polis.zip" in opens(alice).get(PAGE).text
    export = read_export(unzip(opens(alice).get(PAGE + "polis.zip").content))
    assert len(export.votes) == 22 * 8


def test_files_of_polis_come_in_by_the_page(
    consultation: Consultation, camps: list[Participant], opens: Opens, alice: Person
) -> None:
    files = write_export(make_export(consultation, None, random.Random(1), is_public=False))
    address = "/consultations/importer/polis/"
    many = [SimpleUploadedFile(f"2026-11-25-{name}", content) for name, content in files.items()]
    answer = opens(alice).post(address, {"exported": many, "agree": "1", "title": "Retour"})
    assert answer.status_code == 302
    assert Consultation.objects.get(slug="retour").participants.count() == len(camps)
    zipped = SimpleUploadedFile("export.zip", pack(files))
    answer = opens(alice).post(address, {"exported": zipped, "agree": "1", "title": "Encore"})
    assert answer["Location"] == "/consultations/encore/equipe/"


@pytest.mark.parametrize(
    ("files", "agree", "words"),
    [
        ({"votes.csv": b"a"}, "1", "comments.csv"),
        ({"comments.csv": b"comment-id,moderated\n1,1\n", "votes.csv": b"comment-id,voter-id,vote\n9,1,1\n"}, "1", "9"),
        ({"comments.csv": b"comment-id,moderated\n1,1\n", "votes.csv": b"comment-id,voter-id,vote\n1,1,1\n"}, "1",
         "comment-body"),
        ({"export.zip": b"PK\x03\x04damaged"}, "1", "ZIP"),
    ],
)  # fmt: skip
def test_wrong_files_are_told_on_the_page(
    files: dict[str, bytes], agree: str, words: str, opens: Opens, alice: Person
) -> None:
    many = [SimpleUploadedFile(name, content) for name, content in files.items()]
    answer = opens(alice).post(
        "/consultations/importer/polis/", {"exported": many, "agree": agree, "title": "Essai"}
    )
    assert answer.status_code == 422
    assert words in answer.text
    assert not Consultation.objects.exists()


def test_only_who_may_begin_a_consultation_imports(
    opens: Opens, chloe: Person, esther: Person, farid: Person, olivia: Person, alice: Person
) -> None:
    for person in (chloe, esther, farid, olivia):
        assert opens(person).get("/consultations/importer/polis/").status_code == 404
    assert opens(alice).get("/consultations/importer/polis/").status_code == 200


def test_numbers_of_the_public_votes_follow_nobody(
    consultation: Consultation, camps: list[Participant]
) -> None:
    Statement.objects.filter(number=1).update(author=camps[0])
    export = make_export(consultation, None, random.Random(5), is_public=True)
    assert {one.author for one in export.statements} == {None}
    assert list(export.participants) == list(range(1, len(camps) + 1))
    first = make_export(consultation, None, random.Random(5), is_public=True)
    assert first.voters.tolist() == export.voters.tolist()


def test_an_export_has_the_groups_of_the_picture(
    consultation: Consultation, camps: list[Participant], picture: Picture
) -> None:
    picture.history = {"participants": [one.pk for one in camps], "labels": [0] * 12 + [-1] + [1] * 9}
    export = make_export(consultation, picture, random.Random(1), is_public=True)
    assert sorted(export.groups.values()) == [0] * 12 + [1] * 9
    (alone,) = set(export.participants) - set(export.groups)
    votes = dict(
        zip(zip(export.voters.tolist(), export.voted.tolist(), strict=True), export.votes, strict=True)
    )
    assert votes[alone, 3] == consultation.statements.get(number=3).votes.get(participant=camps[12]).value
