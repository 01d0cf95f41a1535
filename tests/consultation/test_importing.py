"""A consultation comes from Polis with every vote that holds, leaves again the same; wrong files leave nothing."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from antigone.accounts.models import Organisation, Person
from antigone.cli import antigone, main
from antigone.consultation.actions.imports import Imported, import_consultation
from antigone.consultation.models import Consultation, Participant, State, Statement, Vote, VoteChange
from antigone.consultation.opendata.polis import make_export
from antigone.core.opinion import Export, Opinion, OpinionError, draw_picture, read_export, write_export
from antigone.core.opinion.documents import describe_picture
from antigone.errors import AntigoneError, NotAllowed, WrongInput
from tests.core.opinion.conversations import NAMES, load, needs_data

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HEADER = "comment-id,moderated,comment-body"
FILES = {
    "comments.csv": f"{HEADER}\n0,1,Des bancs\n1,1,Des arbres\n2,-1,Des insultes\n3,0,Des bancs\n4,0,Du calme\n",
    "votes.csv": (
        "timestamp,comment-id,voter-id,vote\n"
        "1700000000000,0,7,1\n1700000001000,0,7,-1\n1700000000500,1,7,0\n1700000002000,2,8,1\n1700000003000,3,8,1\n"
    ),
    "summary.csv": "topic,Le quartier\nconversation-description,Que manque-t-il ici ?\n",
}


def bring(files: Mapping[str, str], city: Organisation, **options: Any) -> Imported:
    export = read_export({name: text.encode() for name, text in files.items()})
    return import_consultation(export=export, organisation=city, by=None, now=NOW, **options)


def draw_log(consultation: Consultation) -> dict[str, Any]:
    """Draw the picture from the log, and give what it says of statements by their numbers."""
    opinion = Opinion()
    statements = {one.pk: one for one in consultation.statements.all()}
    opinion.add_statements(one.number for one in statements.values())
    rows = consultation.vote_changes.values_list("participant", "statement", "value").order_by("number")
    changes = list(rows)
    opinion.record_many(
        [who for who, _, _ in changes],
        [statements[what].number for _, what, _ in changes],
        [value for _, _, value in changes],
    )
    rejected = [one.number for one in statements.values() if one.state == Statement.State.REJECTED]
    meta = [one.number for one in statements.values() if one.is_meta]
    return describe_picture(draw_picture(opinion, rejected=rejected, meta=meta))


def draw_files(export: Export) -> dict[str, Any]:
    picture = draw_picture(export.count_votes(), rejected=export.rejected, meta=export.meta)
    return describe_picture(picture)


def without_people(figures: dict[str, Any], shift: int = 0) -> dict[str, Any]:
    """Leave out who is where, which an export numbers anew, and move the numbers of statements."""
    kept = {key: figures[key] for key in ("participation", "clear_groups", "silhouette", "group_sizes")}
    # A sum over people, in the order of their numbers: its last bit is theirs.
    kept["silhouette"] = round(kept["silhouette"], 12)
    for sides in ("consensus", "shared"):
        kept[sides] = {side: [n + shift for n in numbers] for side, numbers in figures[sides].items()}
    kept["divisive"] = [number + shift for number in figures["divisive"]]
    kept["statements"] = [one | {"id": one["id"] + shift} for one in figures["statements"]]
    return kept


def without_names(figures: dict[str, Any]) -> dict[str, Any]:
    statements = [
        {key: round(value, 9) if isinstance(value, float) else value for key, value in one.items()}
        | {"groups": sorted(sorted(group.items()) for group in one["groups"].values())}
        for one in figures["statements"]
    ]
    for one in statements:
        one["position"] = [round(place, 9) for place in one["position"]]
    return figures | {"statements": statements, "group_sizes": sorted(figures["group_sizes"].values())}


def test_files_become_a_closed_consultation_in_preparation(city: Organisation) -> None:
    imported = bring(FILES, city)
    consultation = imported.consultation
    assert (consultation.slug, consultation.title) == ("le-quartier", "Le quartier")
    assert consultation.find_state(NOW.date()) == State.DRAFT
    consultation.published_at = NOW
    assert consultation.find_state(NOW.date()) == State.CLOSED
    assert consultation.context == "Que manque-t-il ici ?"
    assert consultation.opens_date == consultation.closes_date == datetime(2023, 11, 14, tzinfo=UTC).date()


def test_moderation_is_kept(city: Organisation) -> None:
    """Polis shows what nobody looked at: where somebody voted it is shown here, else it waits."""
    statements = {one.number: one for one in bring(FILES, city).consultation.statements.all()}
    assert {number: one.state for number, one in statements.items()} == {
        1: "accepted",
        2: "accepted",
        3: "rejected",
        4: "accepted",
        5: "waiting",
    }
    assert [number for number, one in statements.items() if one.read_at is None] == [4, 5]
    assert [one.number for one in Statement.objects.unread()] == [4, 5]


def test_the_last_vote_holds_and_has_its_line(city: Organisation) -> None:
    imported = bring(FILES, city)
    assert (imported.participants, imported.votes, imported.shift) == (2, 4, 1)
    votes = Vote.objects.order_by("cast_at").values_list("statement__number", "value", "cast_at")
    start = datetime.fromtimestamp(1_700_000_000, UTC)
    assert list(votes) == [
        (2, 0, start + timedelta(seconds=0.5)),
        (1, -1, start + timedelta(seconds=1)),
        (3, 1, start + timedelta(seconds=2)),
        (4, 1, start + timedelta(seconds=3)),
    ]
    lines = VoteChange.objects.values_list("number", "participant", "statement", "value")
    expected = Vote.objects.order_by("cast_at").values_list("participant", "statement", "value")
    assert list(lines) == [(number, *vote) for number, vote in enumerate(expected, 1)]
    assert imported.consultation.last_number == 4
    assert {one.channel for one in Participant.objects.all()} == {Participant.Channel.IMPORT}


def test_nobody_is_the_author_of_what_was_imported(city: Organisation) -> None:
    files = FILES | {"comments.csv": "comment-id,moderated,author-id,comment-body\n0,1,7,Des bancs\n"}
    files["votes.csv"] = "comment-id,voter-id,vote\n0,7,1\n"
    assert [one.author for one in bring(files, city).consultation.statements.all()] == [None]


def test_a_person_imports_for_their_own_organisation_alone(
    city: Organisation, alice: Person, marc: Person, olivia: Person, farid: Person
) -> None:
    export = read_export({name: text.encode() for name, text in FILES.items()})
    for person in (marc, olivia, farid):
        with pytest.raises(NotAllowed):
            import_consultation(export=export, organisation=city, by=person, now=NOW)
    assert not Consultation.objects.exists()
    made = import_consultation(export=export, organisation=city, by=alice, now=NOW)
    assert Consultation.objects.led_by(alice).get() == made.consultation


WRONG: dict[str, tuple[dict[str, str], str]] = {
    "too long": ({"comments.csv": f"{HEADER}\n0,1,{'a' * 501}\n1,1,b\n2,1,c\n3,1,d\n"}, "import_statement_too_long"),
    "no text": ({"comments.csv": f"{HEADER}\n0,1,\u200b\n1,1,b\n2,1,c\n3,1,d\n"}, "import_statement_without_text"),
    "a number too large": (
        {"comments.csv": f"{HEADER}\n0,1,a\n1,1,b\n2,1,c\n3,1,d\n2147483647,1,e\n"}, "import_number_too_large",
    ),
    "no title": ({"summary.csv": "topic,\n"}, "import_without_title"),
    "a time of nowhere": (
        {"votes.csv": "timestamp,comment-id,voter-id,vote\n99999999999999999,0,7,1\n"}, "import_instant_too_late",
    ),
    "a time of nowhere of a statement": (
        {"comments.csv": f"timestamp,{HEADER}\n99999999999999999,0,1,a\n1,1,1,b\n1,2,1,c\n1,3,1,d\n"},
        "import_instant_too_late",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_has_no_place_here_is_told_and_nothing_is_kept(case: str, city: Organisation) -> None:
    changed, code = WRONG[case]
    with pytest.raises(WrongInput) as refused:
        bring(FILES | changed, city)
    assert refused.value.code == code
    assert not Consultation.objects.exists()
    assert not Participant.objects.exists()


@pytest.mark.parametrize("slug", ["importer", "Le Quartier", "é", "le-quartier"])
def test_an_address_is_taken_once(slug: str, city: Organisation) -> None:
    bring(FILES, city)
    with pytest.raises(WrongInput) as refused:
        bring(FILES, city, slug=slug)
    assert refused.value.code == "import_slug_taken"
    assert bring(FILES, city).consultation.slug == "le-quartier-2"


CASES = [pytest.param("made"), *[pytest.param(name, marks=needs_data) for name in NAMES]]


@pytest.mark.parametrize("name", CASES)
def test_what_comes_and_leaves_says_the_same(name: str, city: Organisation) -> None:
    """The same figures from the files, from the log after the import, and from the files written from it."""
    export = load(name)
    if not export.statements[-1].text:
        export = _with_texts(export)
    imported = import_consultation(export=export, organisation=city, by=None, now=NOW, title="Retour")
    expected = without_people(draw_files(export), imported.shift)
    assert without_people(draw_log(imported.consultation)) == expected
    leaving = make_export(imported.consultation, None, random.Random(1), is_public=False)
    again = read_export(write_export(leaving))
    assert count_votes(again) == count_votes(leaving)
    back = import_consultation(export=again, organisation=city, by=None, now=NOW, title="Aller")
    assert back.shift == 0
    # People have other numbers: of groups of one size, another may be named first, and last bits differ.
    assert without_names(without_people(draw_log(back.consultation))) == without_names(expected)


def _with_texts(export: Export) -> Export:
    return replace(
        export, statements=tuple(replace(one, text=f"Affirmation {one.id}") for one in export.statements)
    )


def count_votes(export: Export) -> list[tuple[int, ...]]:
    rows = (export.voters.tolist(), export.voted.tolist(), export.votes.tolist(), export.times.tolist())
    return sorted(zip(*rows, strict=True))


def count_by_statement(export: Export) -> list[tuple[int, int, int, int]]:
    figures = draw_files(export)["statements"]
    return [(one["id"], one["agrees"], one["disagrees"], one["passes"]) for one in figures]


CELL = st.sampled_from(
    ["0", "1", "-1", "2", "", " 1 ", "1.0", "x", "999999999999999999", "a,b", '"', "\u202e", "é"]
)
ROWS = st.lists(st.lists(CELL, min_size=1, max_size=5), max_size=6)
COLUMNS = st.permutations(["comment-id", "moderated", "comment-body", "timestamp", "author-id"])


def join(header: list[str], rows: list[list[str]]) -> str:
    return "\n".join(",".join(row) for row in [header, *rows]) + "\n"


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(COLUMNS, ROWS, st.permutations(["comment-id", "voter-id", "vote", "timestamp"]), ROWS)
def test_any_files_are_taken_whole_or_not_at_all(
    city: Organisation,
    comments: list[str],
    statements: list[list[str]],
    votes: list[str],
    cast: list[list[str]],
) -> None:
    files = {
        "comments.csv": join(comments, statements).encode(),
        "votes.csv": join(votes, cast).encode(),
        "summary.csv": b"topic,Essai\n",
    }
    with transaction.atomic():
        try:
            export = read_export(files)
            imported = import_consultation(export=export, organisation=city, by=None, now=NOW)
        except (OpinionError, AntigoneError):
            assert not Consultation.objects.exists()
            assert not Participant.objects.exists()
        else:
            last = {
                (who, what): how
                for who, what, how in zip(
                    export.voters.tolist(), export.voted.tolist(), export.votes.tolist(), strict=True
                )
            }
            assert imported.votes == Vote.objects.count() == VoteChange.objects.count() == len(last)
            assert sum(last.values()) == sum(vote.value for vote in Vote.objects.all())
        transaction.set_rollback(True)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(*[st.integers(1, 5)] * 2, st.sampled_from([-1, 0, 1])), max_size=30))
def test_any_votes_come_back_the_same(city: Organisation, cast: list[tuple[int, int, int]]) -> None:
    table = np.array(cast, dtype=np.int64).reshape(-1, 3)
    made = load("made")
    export = Export(
        statements=_with_texts(made).statements[1:6],
        voters=table[:, 0],
        voted=table[:, 1],
        votes=table[:, 2].astype(np.int8),
        times=np.full(len(cast), 1_700_000_000_000),
        participants=tuple(range(1, 6)),
        summary={"topic": "Essai"},
    )
    with transaction.atomic():
        imported = import_consultation(export=export, organisation=city, by=None, now=NOW)
        leaving = make_export(imported.consultation, None, random.Random(3), is_public=False)
        assert len(leaving.participants) == 5
        held = {(who, what): how for who, what, how in cast}
        assert sorted(leaving.votes.tolist()) == sorted(held.values())
        assert count_by_statement(leaving) == count_by_statement(export)
        transaction.set_rollback(True)


def test_an_export_has_no_hour_no_author_and_numbers_of_its_own(
    consultation: Consultation, camps: list[Participant]
) -> None:
    consultation.statements.filter(number=2).update(author=camps[0])
    Vote.objects.filter(participant=camps[0]).update(cast_at=datetime(2026, 11, 20, 14, 3, tzinfo=UTC))
    one, other = (make_export(consultation, None, random.Random(n), is_public=False) for n in (1, 2))
    assert all(time % 86_400_000 == 0 for time in one.times.tolist())
    assert {statement.author for statement in one.statements} == {None}
    assert set(one.participants) == set(range(1, len(camps) + 1))
    assert one.voters.tolist() != other.voters.tolist()


def test_what_was_withdrawn_or_merged_does_not_leave(
    consultation: Consultation, camps: list[Participant]
) -> None:
    first, second, third, fourth = consultation.statements.all()[:4]
    Statement.objects.filter(pk=first.pk).update(state="withdrawn", text="", key="")
    Statement.objects.filter(pk=second.pk).update(state="merged", merged_into=third)
    Statement.objects.filter(pk=fourth.pk).update(state="rejected")
    everything = make_export(consultation, None, random.Random(1), is_public=False)
    public = make_export(consultation, None, random.Random(1), is_public=True)
    assert [one.id for one in everything.statements] == [3, 4, 5, 6, 7, 8]
    assert everything.rejected == (4,)
    assert [one.id for one in public.statements] == [3, 5, 6, 7, 8]
    assert 4 not in public.voted


def run(*arguments: object) -> Any:
    return CliRunner().invoke(antigone, ["consultation", *map(str, arguments), "--language", "en"])


def test_the_commands_bring_a_folder_and_write_one(city: Organisation, tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    result = run("import", tmp_path, "--organisation", "ville", "--slug", "ici")
    assert result.exit_code == 0
    assert "Imported as “ici”: 5 statements, 2 participants, 4 votes that hold." in result.stdout
    assert "one more here" in result.stdout
    result = run("export", "ici", tmp_path / "out")
    assert "2 participants’ votes are in" in result.stdout
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "comments.csv", "votes.csv", "participants-votes.csv", "summary.csv",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["export", "nulle-part", "out"], "There is no consultation “nulle-part”"),
        (["import", ".", "--organisation", "nulle-part"], "There is no organisation “nulle-part”"),
        (["import", "nulle-part", "--organisation", "ville"], "cannot be read"),
    ],
)
def test_the_commands_say_what_is_wrong(
    arguments: list[str], words: str, city: Organisation, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["consultation", *arguments, "--language", "en"])
    assert left.value.code == 1
    assert words in capsys.readouterr().err
