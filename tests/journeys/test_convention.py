"""One convention, from the mandate to its last answer: each does through the pages what their role lets them do."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys import concluding, convening, deliberating
from tests.journeys.convening import ADDRESS, enter
from tests.journeys.deliberating import BOB_WORDS, NOTES, OTHER_PROPOSAL, PROPOSAL
from tests.journeys.reader import Reader
from tests.journeys.town import Town
from tests.journeys.words import in_french

pytestmark = pytest.mark.xdist_group("journeys")

Arrive = Callable[..., Reader]
FROZEN = (
    "A guarantor has frozen this convention: nothing is written to it until a guarantor lifts the freeze."
)


def prepare(alice: Reader, esther: Reader, zoe: Reader, folder: Path) -> list[str]:
    """From a title to seated members; give their codes."""
    convening.write_mandate(alice)
    zoe.open(ADDRESS, status=404)
    convening.publish_mandate(alice)
    enter(zoe)
    assert "Esther Kouassi" in zoe.main
    convening.record(alice, "announcement", "https://ville.example/annonce")
    convening.open_next(alice)
    convening.draw_members(alice, esther, folder)
    codes = convening.seat_members(alice)
    deliberating.plan_session(alice)
    convening.record(alice, "briefing", "https://ville.example/dossier")
    convening.open_next(alice)
    return codes


def learn(alice: Reader, bob: Reader, jeanne: Reader) -> None:
    deliberating.plan_hearing(alice)
    deliberating.ask_question(bob)
    deliberating.send_question(alice)
    deliberating.answer_question(jeanne)
    enter(bob, "mon-espace/")
    assert deliberating.ANSWER in bob.main
    deliberating.publish_minutes(alice)


def write(alice: Reader, bob: Reader) -> None:
    deliberating.begin_themes(alice)
    deliberating.contribute(bob)
    deliberating.copy_notes(alice)
    deliberating.propose(alice, PROPOSAL, BOB_WORDS, NOTES[1])
    deliberating.edit_and_merge(alice)
    deliberating.propose(bob, OTHER_PROPOSAL, NOTES[0])


def meet_a_freeze(esther: Reader, alice: Reader, bob: Reader) -> None:
    """What Bob was writing when Esther froze everything is refused, kept before his eyes, and taken once she lifts."""
    enter(bob, "propositions/")
    bob.follow("/contributions/nouvelle/")
    bob.fill(text="Et les trottinettes ?")
    deliberating.freeze(esther, "Le dossier cite une étude retirée.")
    bob.refusals.add(409)
    bob.press()
    bob.refusals.discard(409)
    assert in_french(FROZEN) in bob.main
    assert "Le dossier cite une étude retirée." in bob.main
    assert bob.page.locator("main [name=text]").input_value() == "Et les trottinettes ?"
    deliberating.open_proposal(alice, PROPOSAL)
    assert alice.page.locator("main a[href$='/voter/']").count() == 0
    deliberating.freeze(esther, "L’étude est remplacée.")
    bob.press()
    assert "Et les trottinettes ?" in bob.main


def decide(alice: Reader, bob: Reader, camille: Reader) -> None:
    """One proposal is judged on telephones, the other by a show of hands; two members stand aside."""
    deliberating.open_vote(alice, PROPOSAL, "phones")
    deliberating.vote(bob, 5)
    deliberating.close_vote(alice)
    deliberating.open_vote(alice, OTHER_PROPOSAL, "hands")
    deliberating.close_vote(alice, level_1="0", level_2="1", level_3="2", level_4="3", level_5="3")
    deliberating.dissent(bob)
    deliberating.sign_opinion(camille)
    assert "par 2 membres" in camille.main


def conclude(alice: Reader, farid: Reader, bob: Reader, zoe: Reader, folder: Path) -> None:
    """Every answer is due since long: red until it comes, and nothing closes before."""
    concluding.deliver_avis(alice)
    convening.open_next(alice)
    concluding.download_avis(zoe, folder)
    enter(zoe, "reponses/")
    assert zoe.page.locator("tr.is-overdue").count() == 2
    concluding.answer(farid, 1, "changed")
    enter(alice)
    alice.follow("/etapes/")
    assert alice.page.locator("form[action$='/ouvrir/']").count() == 0
    concluding.answer(farid, 2, "accepted")
    enter(zoe, "reponses/")
    assert zoe.page.locator("tr.is-overdue").count() == 0
    convening.open_next(alice)
    concluding.grade(bob, 1, 3)
    concluding.ask_members(alice)
    concluding.answer_survey(bob)
    concluding.close_survey(alice)
    convening.open_next(alice)


def read_back(zoe: Reader) -> None:
    """From an answer to the words that it goes back to, in English, by links alone."""
    zoe.page.locator("details.fold > summary").click()
    zoe.press("details.fold .languages button")
    enter(zoe, "reponses/")
    zoe.follow("/propositions/1/reponse/")
    assert concluding.REASONS[1] in zoe.main
    zoe.follow("/propositions/1/")
    zoe.page.locator("article.paragraph a[href*='/paragraphes/']").first.click()
    zoe.check()
    assert "From the members’ words to the answer" in zoe.main
    zoe.follow("/contributions/1/")
    assert BOB_WORDS in zoe.main
    zoe.follow("/propositions/1/reponse/")


def test_from_the_mandate_to_the_last_answer(town: Town, arrive: Arrive, tmp_path: Path) -> None:
    alice, esther = arrive(town, role="Alice Morel"), arrive(town, role="Esther Kouassi")
    zoe = arrive(town, width=390, javascript=False)
    codes = prepare(alice, esther, zoe, tmp_path)
    bob = arrive(town, role="Bob Lefèvre", width=390, javascript=False)
    camille = arrive(town, width=390)
    deliberating.join(bob, codes[0], "Bastien")
    deliberating.join(camille, codes[1], "Camomille", email="camille@mail.example")
    learn(alice, bob, arrive(town, role="Jeanne Astier"))
    write(alice, bob)
    meet_a_freeze(esther, alice, bob)
    decide(alice, bob, camille)
    conclude(alice, arrive(town, role="Farid Haddad"), bob, zoe, tmp_path)
    read_back(zoe)
    for page in ("", "membres/", "propositions/1/", "avis/", "reponses/"):
        zoe.open(f"{ADDRESS}{page}")
        content = zoe.page.content()
        assert "SECRET-" not in content
        assert "Lefèvre" not in content
    enter(bob, "propositions/")
    assert bob.page.locator("main a[href$='/contributions/nouvelle/']").count() == 0
