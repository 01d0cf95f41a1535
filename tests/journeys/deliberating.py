"""How a convention learns, writes and votes, through the pages: each function is what one person does."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.journeys.convening import enter
from tests.journeys.reader import Reader

QUESTION = "Combien d’enfants vont seuls à l’école ?"
ANSWER = "Un enfant sur cinq, d’après l’enquête de 2025."
SOURCE = "Enquête ménages déplacements 2025, page 14"
BOB_WORDS = "Ma fille de neuf ans ne peut pas traverser la rue Haute toute seule."
NOTES = ("Il n’y a pas de banc devant l’école.", "Fermer la rue de l’école le matin.")
PROPOSAL = "Fermer les rues des écoles aux voitures le matin"
OTHER_PROPOSAL = "Poser des bancs devant chaque école"
MERGED = "La ville ferme les rues des écoles de 8 h à 9 h, pour que chaque enfant les traverse seul."


def plan_session(alice: Reader) -> None:
    """Plan a session that was held two days ago, with a published agenda."""
    day = datetime.now(ZoneInfo("Europe/Paris")) - timedelta(days=2)
    enter(alice, "sessions/")
    alice.follow("/nouvelle/")
    alice.fill(
        title="Apprendre",
        starts_at=day.strftime("%Y-%m-%dT09:00"),
        ends_at=day.strftime("%Y-%m-%dT17:00"),
        place="Salle des fêtes",
        practical="Le déjeuner est offert.",
    )
    alice.press()
    alice.follow("/ordre-du-jour/")
    alice.fill(starts_at=day.strftime("%Y-%m-%dT09:00"), title="Accueil")
    alice.press()
    alice.press("button[value=publish]")


def plan_hearing(alice: Reader) -> None:
    enter(alice, "sessions/")
    alice.follow("/auditions/")
    alice.follow("/nouvelle/")
    alice.page.locator("main [name=expert]").select_option(label="Jeanne Astier")
    alice.page.locator("main [name=session]").select_option(label="Apprendre")
    alice.fill(subject="Comment les enfants vont à l’école", interests="aucun")
    alice.press()
    alice.press("form[action$='/publier/'] button")


def join(reader: Reader, code: str, pseudonym: str, *, email: str = "") -> None:
    """Open a member's space with the code of a sheet, and choose the name that everybody reads."""
    reader.open("/conventions/")
    reader.follow("/rejoindre/")
    reader.fill(code=code.lower())
    if email:
        reader.fill(email=email, password="quatre petits moulins bleus")
    reader.press()
    reader.fill(pseudonym=pseudonym)
    reader.press("form[action$='/pseudonyme/'] button")
    assert pseudonym in reader.page.locator("h1").inner_text()


def ask_question(bob: Reader) -> None:
    enter(bob, "mon-espace/")
    bob.follow("/questions/#ask")
    bob.fill(text=QUESTION)
    bob.page.locator("main [name=hearing]").select_option(index=1)
    bob.press()


def send_question(alice: Reader) -> None:
    enter(alice, "sessions/")
    alice.follow("/questions/")
    alice.follow("/questions/1/")
    alice.press("form[action$='/envoyer/'] button")


def answer_question(jeanne: Reader) -> None:
    enter(jeanne)
    jeanne.follow("/a-repondre/")
    jeanne.follow("#answer")
    jeanne.fill(text=ANSWER, sources=SOURCE)
    jeanne.press()
    assert SOURCE in jeanne.main


def begin_themes(alice: Reader) -> None:
    enter(alice, "propositions/")
    alice.follow("/themes/")
    alice.fill(title="Aller à l’école")
    alice.press("main form.write button")


def contribute(bob: Reader, words: str = BOB_WORDS) -> None:
    enter(bob, "propositions/")
    bob.follow("/contributions/nouvelle/")
    bob.fill(text=words)
    bob.press()
    assert words in bob.main


def copy_notes(alice: Reader) -> None:
    enter(alice, "propositions/")
    alice.follow("/contributions/")
    alice.follow("/recopier/")
    alice.fill(lines="\n".join(NOTES))
    alice.press()


def propose(reader: Reader, title: str, *words: str) -> None:
    """Begin a proposal from contributions chosen in the list."""
    enter(reader, "propositions/")
    reader.follow("/contributions/")
    for each in words:
        reader.page.locator("ul.notes li", has_text=each).locator("input").check()
    reader.press(".chosen button.button:not(.quiet)")
    reader.fill(title=title)
    reader.page.locator("main [name=theme]").select_option(label="Aller à l’école")
    reader.press()
    assert reader.page.locator("article.paragraph").count() == len(words)


def open_proposal(reader: Reader, title: str) -> None:
    enter(reader, "propositions/")
    with reader.page.expect_navigation():
        reader.page.locator("ul.proposals a", has_text=title).click()
    reader.check()


def edit_and_merge(alice: Reader) -> None:
    """Edit the first paragraph, add the answer of the expert to what it comes from, merge it with the second."""
    open_proposal(alice, PROPOSAL)
    tools = alice.page.locator("article.paragraph details.tools summary").first
    tools.click()
    alice.follow("/modifier/")
    alice.fill(text=f"{BOB_WORDS} Il faut y remédier.", reason="Dire ce qui est demandé.")
    alice.press()
    tools.click()
    alice.follow("/origines/")
    alice.page.locator("main [name=expert_answers]").check()
    alice.press()
    open_proposal(alice, PROPOSAL)
    tools.click()
    alice.follow("/fusionner/")
    alice.page.locator("main label", has_text=NOTES[1]).locator("input").check()
    alice.press("main form.write button")
    alice.fill(text=MERGED)
    alice.press()
    assert alice.page.locator("article.paragraph").count() == 1
    origins = alice.page.locator("article.paragraph .origins")
    for words in (BOB_WORDS, NOTES[1], ANSWER):
        expect(origins).to_contain_text(words)


def open_vote(alice: Reader, title: str, mode: str) -> None:
    open_proposal(alice, title)
    alice.follow("/voter/")
    alice.page.locator(f"main [name=mode][value={mode}]").check()
    alice.press()


def vote(bob: Reader, level: int) -> None:
    enter(bob, "mon-espace/")
    bob.page.locator("main a[href*='/votes/']").first.click()
    bob.follow("/juger/")
    bob.page.locator(f"main [name=level][value='{level}']").check()
    bob.press()


def close_vote(alice: Reader, **hands: str) -> None:
    enter(alice, "propositions/")
    alice.page.locator(".notice a[href*='/votes/']").first.click()
    alice.follow("/clore/")
    alice.fill(**hands)
    alice.press()
    expect(alice.page.locator("article.result .tag.ok")).to_be_visible()


def dissent(bob: Reader) -> None:
    open_proposal(bob, PROPOSAL)
    bob.page.locator("main a[href*='/opinions-minoritaires/nouvelle/']").click()
    bob.fill(title="Le soir aussi", text="Le matin ne suffit pas : les enfants rentrent à 16 h 30.")
    bob.press()


def sign_opinion(camille: Reader) -> None:
    enter(camille, "propositions/")
    camille.follow("/opinions-minoritaires/")
    camille.follow("/opinions-minoritaires/1/")
    camille.press("form[action$='/signer/'] button")


def freeze(esther: Reader, reason: str) -> None:
    """Freeze the convention, or let it go on: the same page does both."""
    enter(esther)
    esther.follow("/gel/")
    esther.fill(reason=reason)
    esther.press()


def publish_minutes(alice: Reader) -> None:
    enter(alice, "sessions/")
    alice.follow("/sessions/1/")
    alice.follow("/compte-rendu/")
    alice.fill(minutes="## Matin\n\nNous avons compté les passages.")
    alice.press("button[value=publish]")
