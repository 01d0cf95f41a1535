"""The CSV files of Polis: read, written, and refused with what is wrong and where."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antigone.core.opinion import Export, OpinionError, Statement, errors, read_export, write_export
from antigone.core.opinion.phrases import Words
from tests.core.opinion.conversations import NAMES, load, needs_data, read_files

COMMENTS = """timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1000,Thu Jan  1 00:00:01 UTC 1970,0,4,2,1,1,"Des bancs, partout"
2000,Thu Jan  1 00:00:02 UTC 1970,1,5,1,2,-1,Moins de café près de l’école
"""
VOTES = """timestamp,datetime,comment-id,voter-id,vote
10,,0,4,-1
20,,0,4,1
20,,1,4,-1
30,,0,5,1
40,,1,5,1
50,,1,6,-1
"""
PEOPLE = """participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1
4,0,1,2,1,1,1,-1
5,0,1,2,2,0,1,1
6,,0,1,0,1,,-1
"""
SUMMARY = """topic,Des bancs
url,https://exemple.test/c
conversation-description,"Où s’asseoir,
et où boire ?"
"""


def make_files(**changed: str | bytes) -> dict[str, bytes]:
    files = {"comments": COMMENTS, "votes": VOTES, "participants-votes": PEOPLE, "summary": SUMMARY}
    files |= {name.replace("_", "-"): text for name, text in changed.items()}
    return {
        f"{name}.csv": text.encode() if isinstance(text, str) else text
        for name, text in files.items()
        if text
    }


def refuse(kind: type[OpinionError], **changed: str | bytes) -> OpinionError:
    with pytest.raises(kind) as refused:
        read_export(make_files(**changed))
    assert type(refused.value) is kind
    return refused.value


def describe(export: Export) -> tuple[object, ...]:
    arrays = (export.voters, export.voted, export.votes, export.times)
    return (
        export.statements, export.participants, dict(export.groups), dict(export.summary),
        *(array.tolist() for array in arrays),
    )  # fmt: skip


def test_a_consultation_is_read() -> None:
    export = read_export(make_files())
    assert export.statements[0] == Statement(
        0, "Des bancs, partout", author=4, moderation=1, created_at=1000, agrees=2, disagrees=1
    )
    assert export.votes.tolist() == [-1, 1, -1, 1, 1, -1]
    assert (export.groups, export.participants, export.rejected) == ({4: 0, 5: 0}, (4, 5, 6), (1,))
    assert export.summary["conversation-description"] == "Où s’asseoir,\net où boire ?"
    assert export.count_votes().votes.values.tolist() == [1, -1, 1, 1, -1]
    assert export.unused == ()


def test_the_last_vote_holds_whatever_the_order_of_the_file() -> None:
    header, *rows = VOTES.splitlines()
    turned = "\n".join([header, *reversed(rows)])
    held = [
        read_export(make_files(votes=text)).count_votes().votes.values.tolist() for text in (VOTES, turned)
    ]
    assert held[0] == held[1]


def test_the_matrix_alone_will_do() -> None:
    export = read_export(make_files(votes=""))
    assert export.count_votes().votes.values.tolist() == [1, -1, 1, 1, -1]
    assert export.times.tolist() == [-1] * 5


def test_the_other_name_of_the_matrix_is_read() -> None:
    files = make_files()
    files["participant-votes.csv"] = files.pop("participants-votes.csv")
    assert read_export(files).groups == {4: 0, 5: 0}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_of_spreadsheets_are_read(encoding: str) -> None:
    export = read_export(make_files(comments=COMMENTS.encode(encoding)))
    assert export.statements[1].text == "Moins de café près de l’école"


def test_semicolons_are_read() -> None:
    votes = VOTES.replace(",", ";")
    assert len(read_export(make_files(votes=votes)).votes) == 6


def test_columns_that_mean_nothing_are_named() -> None:
    votes = VOTES.replace(",vote\n", ",vote,mood\n", 1).replace(",-1\n", ",-1,sad\n")
    export = read_export(make_files(votes=votes))
    assert export.unused == (("votes.csv", "mood"),)


def test_signs_that_are_exchanged_are_refused_or_read_as_said() -> None:
    turned = VOTES.replace(",1\n", ",x\n").replace(",-1\n", ",1\n").replace(",x\n", ",-1\n")
    error = refuse(errors.WrongSigns, votes=turned, participants_votes="")
    assert error.params == {"file": "votes.csv", "other": "comments.csv"}
    files = make_files(votes=turned, participants_votes="")
    assert read_export(files, agree=-1).votes.tolist() == [-1, 1, -1, 1, 1, -1]


def test_two_files_that_say_the_contrary_are_refused() -> None:
    people = PEOPLE.replace("1,1,1,-1\n", "1,1,-1,1\n").replace("2,0,1,1\n", "2,0,-1,-1\n")
    with pytest.raises(errors.WrongSigns) as refused:
        read_export(make_files() | {"participants-votes.csv": people.encode()})
    assert refused.value.params == {"file": "participants-votes.csv", "other": "votes.csv"}


@needs_data
@pytest.mark.parametrize("name", NAMES)
def test_real_signs_exchanged_are_refused(name: str) -> None:
    files = read_files(name)
    rows = files["votes.csv"].decode().splitlines()
    turned = [rows[0]] + [f"{row.rpartition(',')[0]},{-int(row.rpartition(',')[2])}" for row in rows[1:]]
    with pytest.raises(errors.WrongSigns):
        read_export(files | {"votes.csv": "\n".join(turned).encode()})


def test_files_that_are_missing_are_named() -> None:
    with pytest.raises(errors.MissingFile) as refused:
        read_export({})
    assert refused.value.params == {"file": "comments.csv", "files": "–"}
    files = make_files()
    for name in ("votes.csv", "participants-votes.csv"):
        del files[name]
    with pytest.raises(errors.MissingFile) as refused:
        read_export(files)
    assert refused.value.params == {"file": "votes.csv", "files": "comments.csv, summary.csv"}


@pytest.mark.parametrize(
    ("file", "column"),
    [
        ("comments.csv", "comment-id"),
        ("comments.csv", "moderated"),
        ("votes.csv", "voter-id"),
        ("votes.csv", "comment-id"),
        ("votes.csv", "vote"),
        ("participants-votes.csv", "participant"),
        ("participants-votes.csv", "group-id"),
    ],
)
def test_a_column_that_is_missing_is_named(file: str, column: str) -> None:
    files = make_files()
    header, _, rest = files[file].partition(b"\n")
    names = [b"other" if name == column.encode() else name for name in header.split(b",")]
    with pytest.raises(errors.MissingColumn) as refused:
        read_export(files | {file: b",".join(names) + b"\n" + rest})
    assert (refused.value.params["file"], refused.value.params["column"]) == (file, column)
    assert column in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("10,,0,4,-1", "10,,0,4,2", "vote"),
        ("10,,0,4,-1", "10,,0,4,", "vote"),
        ("10,,0,4,-1", "10,,0,,-1", "voter-id"),
        ("10,,0,4,-1", "10,,0,quatre,-1", "voter-id"),
        ("10,,0,4,-1", "10,,0,٤,-1", "voter-id"),
        ("10,,0,4,-1", "10,,,4,-1", "comment-id"),
        ("10,,0,4,-1", f"10,,0,{10**30},-1", "voter-id"),
        ("10,,0,4,-1", "hier,,0,4,-1", "timestamp"),
    ],
)
def test_a_vote_that_cannot_be_read_is_shown_with_its_line(old: str, new: str, column: str) -> None:
    error = refuse(errors.InvalidCell, votes=VOTES.replace(old, new))
    assert (error.params["line"], error.params["column"]) == (2, column)


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("1,1,\"Des", "1,yes,\"Des", "moderated"),
        ("1000,Thu Jan  1 00:00:01 UTC 1970,0", "1000,Thu Jan  1 00:00:01 UTC 1970,-4", "comment-id"),
        (",0,4,2,1,1,", ",0,4,many,1,1,", "agrees"),
    ],
)  # fmt: skip
def test_a_statement_that_cannot_be_read_is_shown_with_its_line(old: str, new: str, column: str) -> None:
    error = refuse(errors.InvalidCell, comments=COMMENTS.replace(old, new))
    assert (error.params["file"], error.params["line"], error.params["column"]) == ("comments.csv", 2, column)


@pytest.mark.parametrize(("text", "is_read"), [("0.25", True), ("2", False), ("nan", False), ("much", False)])
def test_a_share_is_between_0_and_1(text: str, is_read: bool) -> None:
    comments = f"comment-id,moderated,is-meta,group-informed-consensus\n0,1,true,{text}\n1,1,,\n"
    if is_read:
        export = read_export(make_files(comments=comments))
        assert (export.statements[0].consensus, export.meta) == (0.25, (0,))
    else:
        assert refuse(errors.InvalidCell, comments=comments).params["column"] == "group-informed-consensus"


def test_what_is_there_twice_is_refused() -> None:
    error = refuse(errors.RepeatedStatement, comments=COMMENTS + "3000,,1,4,0,0,1,Encore\n")
    assert error.params == {"file": "comments.csv", "line": 4, "statement": 1}
    with pytest.raises(errors.RepeatedParticipant) as refused:
        read_export(make_files() | {"participants-votes.csv": (PEOPLE + "4,,0,0,0,0,,\n").encode()})
    assert refused.value.params == {"file": "participants-votes.csv", "line": 5, "participant": 4}
    error = refuse(errors.RepeatedColumn, votes=VOTES.replace("datetime", "vote"))
    assert error.params == {"file": "votes.csv", "column": "vote", "count": 2}


def test_votes_on_statements_that_are_nowhere_are_refused() -> None:
    error = refuse(errors.UnknownStatement, votes=VOTES + "60,,8,4,1\n60,,9,4,1\n")
    assert error.params == {"file": "votes.csv", "statement": 8, "count": 2}
    people = PEOPLE.replace("0,1\n", "0,7\n", 1)
    with pytest.raises(errors.UnknownStatement):
        read_export(make_files() | {"participants-votes.csv": people.encode()})


def test_bytes_that_are_no_table_are_refused() -> None:
    assert refuse(errors.EmptyFile, votes=b"\n \n").params == {"file": "votes.csv"}
    assert refuse(errors.UnreadableFile, votes=b"PK\x03\x04\n\0").params == {"file": "votes.csv", "line": 2}
    assert refuse(errors.UnreadableFile, votes=b"a\n\xe9\x81").params == {"file": "votes.csv", "line": 2}
    assert refuse(errors.UnreadableFile, votes=VOTES + '60,,0,"4').params["line"] == 8
    error = refuse(errors.RaggedRow, comments=COMMENTS.replace('"', ""))
    assert error.params == {"file": "comments.csv", "line": 2, "cells": 9, "columns": 8}


def test_errors_are_said_in_another_language_and_cross_processes() -> None:
    error = refuse(errors.InvalidCell, votes=VOTES.replace("10,,0,4,-1", "10,,0,4,2"))
    french = {
        error.message: "Ligne {line} : « {text} » ({column}) ; écrivez {expected}. {file}",
        error.params["expected"]: "1, 0 ou -1",
    }
    said = "Ligne 2 : « 2 » (vote) ; écrivez 1, 0 ou -1. votes.csv"
    assert error.explain(lambda template: french.get(template, template)) == said
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.params, str(again)) == (type(error), error.params, str(error))
    assert isinstance(again.params["expected"], Words)


@needs_data
@pytest.mark.parametrize("name", NAMES)
def test_a_real_consultation_is_written_and_read_as_it_was(name: str) -> None:
    export = load(name)
    files = write_export(export)
    again = read_export(files)
    assert again.unused == ()
    for ours, theirs in zip(again.statements, export.statements, strict=True):
        assert ours == theirs  # agrees and disagrees count all votes cast, as Polis's do
    assert describe(again)[1:3] == describe(export)[1:3]
    assert describe(again)[4:] == describe(export)[4:]
    assert {name: again.summary[name] for name in ("topic", "url")} == {
        name: export.summary[name] for name in ("topic", "url")
    }
    assert write_export(again) == files


@needs_data
@pytest.mark.parametrize("name", NAMES)
def test_the_matrix_written_is_the_one_that_polis_exported(name: str) -> None:
    written = write_export(load(name))["participants-votes.csv"]
    theirs, ours = (
        read_export({"comments.csv": read_files(name)["comments.csv"], "participants-votes.csv": data})
        for data in (read_files(name)["participants-votes.csv"], written)
    )
    assert ours.groups == theirs.groups
    found = [export.count_votes().votes for export in (ours, theirs)]
    assert np.array_equal(found[0].values, found[1].values)
    assert np.array_equal(found[0].participants, found[1].participants)


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
cells = st.tuples(st.integers(0, 6), st.integers(0, 4), st.sampled_from([1, 0, -1]))


@settings(deadline=None)
@given(bodies=st.lists(texts, min_size=5, max_size=5), cast=st.lists(cells, max_size=30), topic=texts)
def test_any_consultation_is_written_and_read_as_it_was(
    bodies: list[str], cast: list[tuple[int, int, int]], topic: str
) -> None:
    table = np.array(cast, dtype=np.int64).reshape(-1, 3)
    export = Export(
        statements=tuple(
            Statement(id, text, moderation=id % 3 - 1, is_seed=id == 2) for id, text in enumerate(bodies)
        ),
        voters=table[:, 0],
        voted=table[:, 1],
        votes=table[:, 2].astype(np.int8),
        times=np.arange(len(table), dtype=np.int64),
        participants=tuple(sorted(set(table[:, 0].tolist()))),
        groups={person: person % 2 for person in set(table[:, 0].tolist())},
        summary={"topic": topic},
    )
    again = read_export(write_export(export))
    assert [one.text for one in again.statements] == bodies
    assert [one.moderation for one in again.statements] == [-1, 0, 1, -1, 0]
    assert describe(again)[1:3] == describe(export)[1:3]
    assert describe(again)[4:] == describe(export)[4:]
    assert again.summary["topic"] == topic


def read_or_refuse(files: dict[str, bytes]) -> Export | OpinionError:
    try:
        return read_export(files)
    except OpinionError as error:
        return error


names = st.sampled_from(["comments.csv", "votes.csv", "participants-votes.csv", "summary.csv"])


@settings(deadline=None, max_examples=200)
@given(name=names, place=st.integers(0, 300), junk=st.binary(max_size=6), length=st.integers(0, 6))
def test_whatever_is_damaged_is_read_or_refused_in_words(
    name: str, place: int, junk: bytes, length: int
) -> None:
    files = make_files()
    data = files[name]
    files[name] = data[:place] + junk + data[place + length :]
    found = read_or_refuse(files)
    if isinstance(found, Export):
        assert found.count_votes().votes.participants.size <= len(found.participants)
    else:
        assert str(found).endswith(".")
