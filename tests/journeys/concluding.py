"""How a convention ends, through the pages: the avis, the answers and their grades, the evaluation."""

from pathlib import Path

from tests.journeys.convening import enter
from tests.journeys.reader import Reader

PREAMBLE = "Nous avons demandé à nos enfants par où ils passent."
REASONS = {
    1: "Huit rues sur onze peuvent être fermées dès la rentrée ; les trois autres portent une ligne de bus.",
    2: "Les bancs demandés sont déjà commandés pour toutes les écoles de la ville.",
}


def deliver_avis(alice: Reader) -> None:
    enter(alice, "avis/")
    alice.follow("/modifier/")
    alice.fill(preamble=PREAMBLE)
    alice.press()
    alice.follow("/livrer/")
    alice.press("main form.row button")
    assert PREAMBLE in alice.main


def download_avis(zoe: Reader, folder: Path) -> None:
    enter(zoe, "avis/")
    for end, beginning in (("odt", b"PK"), ("pdf", b"%PDF-")):
        with zoe.page.expect_download() as download:
            zoe.page.locator(f"main a[href$='.{end}']").click()
        kept = folder / f"avis.{end}"
        download.value.save_as(kept)
        assert kept.read_bytes().startswith(beginning)


def answer(farid: Reader, number: int, status: str) -> None:
    """Draft an answer with a commitment, then publish it."""
    enter(farid, "reponses/")
    farid.follow("/a-publier/")
    farid.follow(f"/propositions/{number}/reponse/ecrire/")
    farid.page.locator(f"main [name=status][value={status}]").check()
    farid.fill(
        reasons=REASONS[number],
        commitment="Les premières rues sont fermées.",
        commitment_due_date="2031-09-01",
        answerer="Farid Haddad, adjoint à l’éducation",
    )
    farid.press()
    farid.press("form.answer-drafts p button")


def grade(bob: Reader, number: int, level: int) -> None:
    enter(bob, "reponses/")
    bob.follow(f"/propositions/{number}/reponse/")
    bob.page.locator(f"main [name=level][value='{level}']").check()
    bob.fill(comment="Il manque trois écoles.")
    bob.press("form[action*='/noter/'] button")


def ask_members(alice: Reader) -> None:
    enter(alice)
    alice.follow("/questionnaires/")
    alice.follow("/nouveau/")
    alice.press()
    alice.press("form[action$='/ouvrir/'] button")


def answer_survey(bob: Reader) -> None:
    enter(bob)
    bob.page.locator("main a[href*='/questionnaires/']").first.click()
    for field in bob.page.locator("main form.stack [type=radio][value='4']").all():
        field.check()
    bob.press()


def close_survey(alice: Reader) -> None:
    enter(alice)
    alice.follow("/questionnaires/")
    alice.page.locator("main ul.rows a").first.click()
    alice.press("form[action$='/fermer/'] button")
