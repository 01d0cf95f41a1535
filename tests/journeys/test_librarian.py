"""Inès, a librarian, adds documents, and takes one out again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.files import write_bytes, write_docx, write_pdf
from tests.journeys.reader import Reader
from tests.journeys.town import Town
from tests.journeys.words import in_french, squeeze

pytestmark = pytest.mark.xdist_group("journeys")

BROKEN = in_french(
    "The file is damaged or incomplete, or is not what its name says. "
    "Open it in the program that made it, save it again, then add it."
)
EMPTY = in_french("There is nothing to read in this file. Check that it is the right one.")


def reason_of_refusal(reader: Reader, filename: str) -> str:
    row = reader.page.locator("#progress tr", has_text=filename)
    expect(row.locator(".tag.warn")).to_be_visible()
    return squeeze(row.locator("td").last.inner_text())


def test_librarian_adds_files_reads_why_some_are_refused_and_is_answered_from_the_others(
    ines: Reader, tmp_path: Path
) -> None:
    ines.add_files(
        "ville",
        [
            write_pdf(
                tmp_path / "ludotheque.pdf", "La ludothèque des Ormes prête trois jeux pour dix-sept jours."
            ),
            write_docx(
                tmp_path / "verger.docx", "Verger", "Le verger partagé du Clos Rivaud ouvre le 9 octobre."
            ),
            write_bytes(tmp_path / "abime.pdf", b"%PDF-1.7\nnothing of a PDF follows"),
            write_bytes(tmp_path / "vide.txt", b""),
        ],
    )
    assert ines.page.locator("#progress .tag.ok").count() == 2
    assert BROKEN in reason_of_refusal(ines, "abime.pdf")
    assert EMPTY in reason_of_refusal(ines, "vide.txt")
    ines.check()
    ines.open("/demander/")
    ines.ask("Combien de jeux prête la ludothèque des Ormes ?")
    assert "prête trois jeux pour dix-sept jours" in ines.sentences[0]
    ines.ask("Quand ouvre le verger partagé du Clos Rivaud ?")
    assert "ouvre le 9 octobre" in ines.sentences[0]


def test_withdrawn_document_is_gone_at_once_for_everybody_and_comes_back_when_restored(
    ines: Reader, arrive: Callable[..., Reader], town: Town, tmp_path: Path
) -> None:
    question, fact = "À quelle heure ferme le pont des Aulnes ?", "ferme à 21 h 47"
    ines.add_files("ville", [write_pdf(tmp_path / "pont.pdf", f"Le pont des Aulnes {fact} chaque soir.")])
    ines.page.locator("#progress a", has_text="pont.pdf").click()
    document = ines.page.url

    zoe, other = arrive(town), arrive(town)
    for reader in (zoe, other):
        reader.open("/")
        reader.ask(question)
        assert fact in reader.sentences[0]
    other.answer.locator(".source a").first.click()
    other.page.locator("svg.sheet rect.mark").first.wait_for()

    ines.page.locator("main a.danger").click()
    ines.page.locator("[name=reason]").fill("Horaires dépassés.")
    ines.page.locator("main button.danger").click()
    ines.page.locator("main form[action$='/remettre/']").wait_for()

    gone = other.page.url
    other.open(gone, status=404)
    other.search("pont des Aulnes")
    assert fact not in other.main
    other.open("/demander/")
    other.ask(question)
    assert fact not in other.main
    zoe.answer.locator("summary").click()
    with zoe.page.expect_download() as download:
        zoe.answer.locator("button[value=text]").click()
    assert fact not in squeeze(download.value.path().read_text())

    ines.open(document)
    ines.page.locator("main form[action$='/remettre/'] button").click()
    ines.page.locator("main a.danger").wait_for()
    other.open(gone)
    other.open("/demander/")
    other.ask(question)
    assert fact in other.sentences[0]
