"""The opinion picture on the terminal: what it prints, what it writes, what it refuses, in both languages."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from antigone.cli import antigone, main
from antigone.core.opinion import write_export
from tests.core.opinion.conversations import DATA, NAMES, make_votes, needs_data
from tests.core.opinion.test_reading import make_files

WORDS = {
    "agree": "A majority of every group agrees",
    "divides": "What divides most",
    "speaks": "What group A says more than the others (30 participants)",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write a consultation of two camps, with groups that the export says."""
    cast = make_votes()
    comments = "\n".join(f"{n},1,[b]Affirmation[/b] {n}" for n in range(12))
    votes = "\n".join(f"{n},{s},{p},{v}" for n, (p, s, v) in enumerate(cast))
    groups = "\n".join(f"{person},{person % 3}" for person in range(60))
    (tmp_path / "comments.csv").write_text(f"comment-id,moderated,comment-body\n{comments}\n")
    (tmp_path / "votes.csv").write_text(f"timestamp,comment-id,voter-id,vote\n{votes}\n")
    (tmp_path / "participants-votes.csv").write_text(f"participant,group-id\n{groups}\n")
    (tmp_path / "summary.csv").write_text("topic,Des bancs\n")
    return tmp_path


def run(*arguments: object, language: str = "en") -> Result:
    return CliRunner().invoke(antigone, ["opinion", *map(str, arguments), "--language", language])


def refuse(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """Run the program itself, whose last words are the reason."""
    with pytest.raises(SystemExit) as left:
        main(["opinion", *map(str, arguments), "--language", "en"])
    assert left.value.code == 1
    return capsys.readouterr().err


def test_the_picture_is_printed(folder: Path) -> None:
    result = run(folder)
    assert result.exit_code == 0
    assert "2 groups, of 30, 30 participants." in result.stdout
    assert "Des bancs" in result.stdout
    for words in WORDS.values():
        assert words in " ".join(result.stdout.split())
    assert "[b]Affirmation[/b]" in " ".join(result.stdout.split())


def test_the_picture_is_written_whole(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "picture.json"
    assert run(folder, "--json", out).exit_code == 0
    picture = json.loads(out.read_text())
    assert set(picture["groups"].values()) == {0, 1}
    assert picture["groups"]["0"] != picture["groups"]["1"]
    assert len(picture["eigenvalues"]) == 2
    assert set(picture["consensus"]) == {"agree", "disagree"}
    first = picture["statements"][0]
    assert first["text"] == "[b]Affirmation[/b] 0"
    assert first["groups"]["0"]["votes"] + first["groups"]["1"]["votes"] == first["votes"]
    assert {"group_aware_consensus", "extremity", "priority"} <= set(first)


def test_the_picture_goes_to_the_standard_output_for_programs(folder: Path) -> None:
    picture = json.loads(run(folder, "--json", "-").stdout)
    assert picture["group_sizes"] == {"0": 30, "1": 30}


def test_the_groups_of_the_export_are_taken(folder: Path) -> None:
    picture = json.loads(run(folder, "--json", "-", "--groups", "exported").stdout)
    assert picture["groups"] == {str(person): person % 3 for person in range(60)}
    assert picture["group_sizes"] == {"0": 20, "1": 20, "2": 20}


def test_groups_that_the_export_does_not_have_are_not_made_up(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "participants-votes.csv").unlink()
    assert "hold nobody who voted" in refuse(capsys, folder, "--groups", "exported")


@needs_data
def test_the_column_of_an_export_is_matched() -> None:
    result = run(DATA / "bg2050-volunteers", "--groups", "exported")
    said = " ".join(result.stdout.split())
    assert "The export holds the group-aware consensus of 371 statements: ours differs by 2e-16" in said


@needs_data
@pytest.mark.parametrize("name", NAMES)
def test_real_consultations_are_printed(name: str) -> None:
    for source in ("found", "exported"):
        assert run(DATA / name, "--groups", source).exit_code == 0


def test_a_consultation_without_clear_groups_says_so(tmp_path: Path) -> None:
    for name, data in make_files().items():
        (tmp_path / name).write_bytes(data)
    result = run(tmp_path)
    assert result.exit_code == 0
    assert "No clear groups among the 3 participants who voted enough." in result.stdout


def test_statements_do_not_command_the_terminal(folder: Path) -> None:
    comments = folder / "comments.csv"
    hostile = "\x1b]0;mine\x07\x1b[31mrouge \u202etourne\r"
    comments.write_text(comments.read_text().replace("[b]Affirmation[/b] 0", f'"{hostile}"', 1))
    printed = run(folder).stdout
    assert "rouge tourne" in " ".join(printed.split())
    assert not {"\x1b", "\x07", "\u202e", "\r"} & set(printed)
    picture = json.loads(run(folder, "--json", "-").stdout)
    assert picture["statements"][0]["text"] == hostile


def test_columns_that_are_not_known_are_named(folder: Path) -> None:
    comments = folder / "comments.csv"
    comments.write_text(comments.read_text().replace("comment-body", "comment-body,mood", 1))
    assert "“mood” of comments.csv is not known" in " ".join(run(folder).stdout.split())


def test_what_cannot_be_read_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "cannot be read (No such file or directory)." in refuse(capsys, folder / "nowhere")
    assert "cannot be read (Not a directory)." in refuse(capsys, folder / "votes.csv")
    (folder / "comments.csv").unlink()
    assert "There is no “comments.csv” among the files" in refuse(capsys, folder)


def test_what_cannot_be_written_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = refuse(capsys, folder, "--json", folder / "nowhere" / "picture.json")
    assert "cannot be written" in said


def test_signs_that_are_exchanged_are_refused_until_they_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, data in make_files(participants_votes="").items():
        (tmp_path / name).write_bytes(data)
    assert "are exchanged" in refuse(capsys, tmp_path, "--agree", "-1")
    assert run(tmp_path).exit_code == 0


def test_what_was_written_is_read_again(folder: Path, tmp_path: Path) -> None:
    from antigone.core.opinion import read_export

    names = ("comments.csv", "votes.csv", "participants-votes.csv", "summary.csv")
    files = write_export(read_export({name: (folder / name).read_bytes() for name in names}))
    copy = tmp_path / "copy"
    copy.mkdir()
    for name, data in files.items():
        (copy / name).write_bytes(data)
    assert run(copy, "--json", "-").stdout == run(folder, "--json", "-").stdout
