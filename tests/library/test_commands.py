import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from antigone.accounts.models import Person
from antigone.library.actions import Outcome
from antigone.library.commands import library, search
from antigone.library.models import Collection, Document
from tests.library.conftest import PUBLIC_TEXT, SECRET_TEXT, make_pdf

Add = Callable[..., Outcome]
ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(library, [str(argument) for argument in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    (folder / "2026").mkdir(parents=True)
    (folder / "b.pdf").write_bytes(make_pdf("Un PDF."))
    (folder / "2026" / "a.txt").write_text("Un texte.")
    (folder / ".hidden").write_text("Caché.")
    return folder


def add_folder(folder: Path, *options: object) -> tuple[int, dict[str, object]]:
    result = run("add", folder, "--collection", "vie-pratique", "--json", *options)
    return result.exit_code, json.loads(result.stdout)


def test_add_takes_a_folder_with_all_it_holds(collection: Collection, folder: Path) -> None:
    code, report = add_folder(folder)
    assert (code, report["added"], report["refused"]) == (0, 2, [])
    assert set(Document.objects.values_list("filename", flat=True)) == {"b.pdf", "2026/a.txt"}


def test_add_again_changes_nothing_but_what_changed(collection: Collection, folder: Path) -> None:
    add_folder(folder)
    (folder / "2026" / "a.txt").write_text("Un texte plus neuf.")
    (folder / "c.txt").write_text("Un troisième.")
    code, report = add_folder(folder)
    assert (code, report["added"], report["new_version"], report["unchanged"]) == (0, 1, 1, 1)


def test_add_says_why_files_were_refused_and_adds_the_others(collection: Collection, folder: Path) -> None:
    (folder / "empty.pdf").touch()
    (folder / "locked.pdf").write_bytes(make_pdf("Secret", password="x"))
    (folder / "long.pdf").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.txt")
    code, report = add_folder(folder)
    assert (code, report["added"]) == (1, 2)
    refused = {Path(refusal["path"]).name: refusal["code"] for refusal in report["refused"]}
    assert refused == {
        "empty.pdf": "empty",
        "locked.pdf": "encrypted",
        "long.pdf": "not_a_file",
        "pipe.txt": "not_a_file",
    }
    text = run("add", folder, "--collection", "vie-pratique")
    assert "0 added, 0 new versions, 2 unchanged, 4 refused." in text.stdout
    assert "protected by a password" in text.stderr


def test_add_follows_no_link_out_of_the_folder_and_no_loop(
    collection: Collection, folder: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "private.txt").write_text(SECRET_TEXT)
    (folder / "way-out").symlink_to(outside)
    (folder / "file-out.txt").symlink_to(outside / "private.txt")
    (folder / "2026" / "loop").symlink_to(folder)
    (folder / "self").symlink_to(folder / "self")
    (folder / "inside.txt").symlink_to(folder / "2026" / "a.txt")
    code, report = add_folder(folder)
    assert (code, report["added"]) == (1, 2)
    assert {Path(refusal["path"]).name for refusal in report["refused"]} == {
        "way-out",
        "file-out.txt",
        "self",
    }
    assert not Document.objects.filter(passages__page__text__contains="clapotis").exists()


def test_add_takes_names_that_are_no_text(collection: Collection, folder: Path) -> None:
    with open(os.fsencode(folder) + b"/caf\xe9\n.txt", "w") as file:
        file.write("Un café.")
    code, report = add_folder(folder)
    assert (code, report["added"]) == (0, 3)


def test_add_gives_one_document_what_is_said_of_it(collection: Collection, folder: Path) -> None:
    said = ("--title", "Le titre", "--publisher", "Mairie", "--published", "2026-03-01", "--licence", "CC")
    assert run("add", folder / "b.pdf", "--collection", "Vie pratique", *said).exit_code == 0
    document = Document.objects.get()
    assert (document.title, document.publisher, str(document.published_date)) == (
        "Le titre",
        "Mairie",
        "2026-03-01",
    )


def test_add_wrongly_used_says_so(collection: Collection, folder: Path) -> None:
    assert run("add", folder).exit_code == 2
    assert run("add", folder / "nothing", "--collection", "vie-pratique").exit_code == 2
    assert run("add", folder, "--collection", "vie-pratique", "--title", "Le titre").exit_code == 2
    assert run("add", folder, "--collection", "unknown").exit_code == 1
    assert not Document.objects.exists()


def test_add_makes_the_collection_when_asked(city: object, folder: Path) -> None:
    run("add", folder, "--collection", "Délibérations", "--create", "--audience", "public")
    collection = Collection.objects.get()
    assert (collection.slug, collection.audience, collection.documents.count()) == (
        "deliberations",
        "public",
        2,
    )


def test_list_withdraw_restore_and_purge(collection: Collection, add: Add) -> None:
    document = add(collection).document
    assert json.loads(run("list", "--json").stdout)[0]["document"] == document.pk
    assert json.loads(run("collections", "--json").stdout)[0]["documents"] == 1
    assert run("withdraw", document.pk, "--reason", "Périmé").exit_code == 0
    assert json.loads(run("list", "--json").stdout) == []
    assert run("restore", document.pk).exit_code == 0
    run("withdraw", document.pk, "--reason", "Périmé")
    assert json.loads(run("list", "--withdrawn", "--json").stdout)[0]["document"] == document.pk
    assert run("purge", document.pk, "--yes").exit_code == 0
    assert not Document.objects.exists()
    assert run("withdraw", 12_345, "--reason", "x").exit_code == 1


def test_upkeep_commands(collection: Collection, add: Add) -> None:
    add(collection)
    assert run("check").exit_code == 0
    assert "1 documents" in run("rebuild").stdout
    assert json.loads(run("clean", "--json").stdout) == {"files": 0, "bytes": 0}
    assert run("resume").exit_code == 0
    Document.objects.get().passages.all().update(start=1)
    Collection.objects.create(name="B", slug="b", organisation=collection.organisation)
    Document.objects.update(collection=Collection.objects.get(slug="b"))
    assert run("check").exit_code == 1


def test_search_finds_what_a_person_may_read(
    collection: Collection, secret: Collection, add: Add, ines: Person
) -> None:
    add(collection, "a.txt", PUBLIC_TEXT)
    add(secret, "b.txt", SECRET_TEXT)
    found = CliRunner().invoke(search, ["piscine municipale", "--json"])
    assert json.loads(found.stdout)["passages"][0]["text"] == PUBLIC_TEXT
    assert CliRunner().invoke(search, ["clapotis"]).exit_code == 1
    assert SECRET_TEXT in CliRunner().invoke(search, ["clapotis", "--as", ines.email]).stdout
    assert CliRunner().invoke(search, ["clapotis", "--as", "nobody@ville.example"]).exit_code == 1


@pytest.mark.parametrize("command", [*library.commands, "search"])
def test_every_command_has_help(command: str) -> None:
    result = CliRunner().invoke(search, ["--help"]) if command == "search" else run(command, "--help")
    assert result.exit_code == 0


def test_add_killed_in_the_middle_goes_on_where_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number}.pdf").write_bytes(make_pdf(*[f"Page {number} {page}." for page in range(10)]))
    environment = {**os.environ, "ANTIGONE_DATA": str(tmp_path / "installation")}

    def start(*arguments: str) -> subprocess.Popen[str]:
        program = "from antigone.cli import main; main()"
        command = [sys.executable, "-c", program, *arguments]
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)

    def finish(*arguments: str) -> str:
        process = start(*arguments)
        output = process.communicate()[0]
        assert process.returncode == 0, output
        return output

    finish("setup")
    words = ("library", "add", str(folder), "--collection", "Essai", "--create", "--json")
    process = start(*words)
    files = tmp_path / "installation" / "files"
    while process.poll() is None and len(list(files.glob("*/*"))) < 5:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert finish("library", "check").strip() == "All is well."
    report = json.loads(finish(*words))
    assert report["added"] + report["unchanged"] == 60
    assert report["added"] > 0
    assert finish("library", "check").strip() == "All is well."
