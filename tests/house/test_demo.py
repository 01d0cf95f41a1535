"""The demo's documents say what its questions rely on, and keep what is internal to themselves."""

import io
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any
from zipfile import ZipFile, is_zipfile

import pypdfium2
import pytest

from antigone.core.reading import read

DEMO = Path(__file__).parents[2] / "deploy" / "demo"
MANIFEST = tomllib.loads((DEMO / "manifest.toml").read_text())
DOCUMENTS = {entry["file"]: entry for entry in MANIFEST["documents"]}
QUESTIONS: list[dict[str, Any]] = tomllib.loads((DEMO / "questions.toml").read_text())["questions"]
SCANS = {"public/arrete-bruit-2024-117.pdf"}
CODE_WORD = "AMARANTE-7"


def read_pages(file: str) -> list[str]:
    data = (DEMO / file).read_bytes()
    return [" ".join(page.text.split()) for page in read(data, file).pages]


def test_manifest_lists_every_document_once() -> None:
    on_disk = {
        f"{path.parent.name}/{path.name}"
        for folder in ("public", "interne")
        for path in (DEMO / folder).iterdir()
    }
    listed = [entry["file"] for entry in MANIFEST["documents"]]
    assert len(listed) == len(set(listed))
    assert {file for file in listed if not file.startswith("../")} == on_disk
    assert all((DEMO / file).is_file() for file in listed)


def test_documents_are_small() -> None:
    assert sum((DEMO / file).stat().st_size for file in DOCUMENTS) <= 2_000_000


def test_internal_documents_are_in_a_collection_of_the_organisation() -> None:
    audiences = {entry["slug"]: entry["audience"] for entry in MANIFEST["collections"]}
    for file, entry in DOCUMENTS.items():
        assert audiences[entry["collection"]] == ("organisation" if file.startswith("interne/") else "public")


def test_questions_are_enough() -> None:
    kinds = Counter(entry["kind"] for entry in QUESTIONS)
    assert kinds["answered"] >= 40
    assert kinds["internal"] >= 8
    assert kinds["unanswered"] >= 10


def test_questions_name_documents_of_the_manifest() -> None:
    for entry in QUESTIONS:
        named = [entry["file"], *entry.get("also", [])] if "file" in entry else []
        assert set(named) <= DOCUMENTS.keys(), entry["question"]
        assert bool(named) == (entry["kind"] != "unanswered")
        assert all(file.startswith("interne/") == (entry["kind"] == "internal") for file in named)


def test_suggested_questions_are_answered_by_public_documents() -> None:
    suggested = [entry for entry in QUESTIONS if entry.get("suggested")]
    assert suggested
    assert all(entry["kind"] == "answered" for entry in suggested)


@pytest.mark.parametrize("file", [file for file in DOCUMENTS if file not in SCANS])
def test_document_says_what_questions_rely_on(file: str) -> None:
    pages = read_pages(file)
    asked = [entry for entry in QUESTIONS if entry.get("file") == file]
    assert asked, "every document answers a question at least"
    for entry in asked:
        extract = " ".join(entry["extract"].split())
        found = {number for number, text in enumerate(pages, 1) if extract in text}
        assert found >= {entry["page"]} if "page" in entry else found, entry["question"]


@pytest.mark.parametrize("file", SCANS)
def test_scan_has_no_text(file: str) -> None:
    for page in pypdfium2.PdfDocument(DEMO / file):
        assert not page.get_textpage().get_text_bounded().strip()


@pytest.mark.parametrize("file", DOCUMENTS)
def test_code_word_is_in_one_internal_document_only(file: str) -> None:
    data = (DEMO / file).read_bytes()
    parts = [data]
    if is_zipfile(io.BytesIO(data)):
        with ZipFile(io.BytesIO(data)) as archive:
            parts += [archive.read(name) for name in archive.namelist()]
    expected = file == "interne/consigne-securite-informatique.md"
    assert any(CODE_WORD.encode() in part for part in parts) == expected
