"""What a person may not read reaches none of their pages, files, exports nor old answers."""

import json
import re

import pytest
from django.core.signing import loads

from antigone.accounts.models import Organisation, Person
from antigone.assistant.actions import give_feedback, keep_exchange
from antigone.assistant.answers import Answer, Citation, Outcome, Reason, Sentence, Source
from antigone.assistant.forms import _ANSWER_SALT as ANSWER_SALT
from antigone.assistant.forms import seal_answer
from antigone.assistant.models import Feedback, Suggestion
from antigone.core.grounding import Mark
from antigone.library.actions import withdraw_document
from antigone.library.models import Collection, Document, Passage
from tests.security.conftest import SECRET, SignIn

QUESTION = "Quel est le mot de passe du coffre ?"


def model_answer(public: Document, secret: Document) -> Answer:
    """Say what a model may have written from both documents: a verified sentence, and one that nobody verified."""
    passage = Passage.objects.filter(document=public).select_related("document", "page__version").get()
    source = Source.from_passage(1, passage)
    quote = Citation(1, source.start, source.start + 9, source.text[:9])
    return Answer(
        question="Que dit la ville ?",
        outcome=Outcome.ANSWERED,
        sentences=(
            Sentence("La piscine est ouverte le mardi.", Mark.SUPPORTED, (quote,)),
            Sentence(
                f"Le coffre s’ouvre par {SECRET}.", Mark.UNVERIFIED, (), (Reason("too_little_support"),)
            ),
        ),
        sources=(source,),
        repaired={"amarente": SECRET},
        engine="Essai",
        read=(public.pk, secret.pk),
    )


@pytest.mark.parametrize("name", ["zoe", "david", "olivia"])
def test_secret_is_on_no_page_of_a_stranger(
    name: str, david: Person, olivia: Person, public: Document, secret: Document, sign_in: SignIn
) -> None:
    Suggestion.objects.create(document=secret, question=f"Que veut dire {SECRET} ?")
    client = sign_in({"zoe": None, "david": david, "olivia": olivia}[name])
    version = secret.versions.latest()
    for address in ("/", "/demander/", "/documents/", "/documents/recherche/?q=mot+de+passe+du+coffre"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert SECRET not in answer.content.decode()
    for address in (
        f"/documents/{secret.pk}/",
        f"/documents/{secret.pk}/pages/1/",
        f"/documents/{secret.pk}/pages/1/?version={version.pk}",
        f"/documents/{public.pk}/pages/1/?version={version.pk}",
        f"/documents/{secret.pk}/versions/{version.pk}/fichier/",
        f"/documents/{public.pk}/versions/{version.pk}/fichier/",
        f"/documents/{secret.pk}/versions/{version.pk}/pages/1/800.png",
        f"/documents/collections/{secret.collection.slug}/",
    ):
        for method in (client.get, client.head):
            answer = method(address)
            assert answer.status_code == 404, address
            assert SECRET not in answer.content.decode()
    answered = client.post("/demander/", {"question": QUESTION}, follow=True).content.decode()
    assert SECRET not in answered


def test_existence_of_a_document_is_not_told(secret: Document, sign_in: SignIn) -> None:
    client = sign_in(None)
    there, nowhere = (client.get(f"/documents/{number}/") for number in (secret.pk, 999_999))
    assert there.status_code == nowhere.status_code == 404
    shown = [re.sub(rb'value="[^"]*"|next=[^"]*', b"", answer.content) for answer in (there, nowhere)]
    assert shown[0] == shown[1]


def test_export_of_the_history_leaves_out_what_was_withdrawn(
    chloe: Person, ines: Person, secret: Document, sign_in: SignIn
) -> None:
    client = sign_in(chloe)
    client.post("/demander/", {"question": QUESTION})
    assert SECRET in client.get("/demander/historique/exporter/").content.decode()
    withdraw_document(document=secret, by=ines, reason="périmé")
    exported = client.get("/demander/historique/exporter/").content.decode()
    assert SECRET not in exported
    assert json.loads(exported)[0]["exchanges"][0]["question"] == QUESTION


def test_unverified_words_of_a_model_go_with_any_document_that_it_read(
    chloe: Person, public: Document, secret: Document, sign_in: SignIn
) -> None:
    kept = keep_exchange(person=chloe, answer=model_answer(public, secret))
    client = sign_in(chloe)
    address = f"/demander/{kept.pk}/"
    assert SECRET in client.get(address).content.decode()
    Collection.objects.filter(pk=secret.collection.pk).update(audience=Collection.Audience.GROUPS)
    page = client.get(address).content.decode()
    assert SECRET not in page
    assert SECRET not in json.dumps(
        loads(page.split('name="answer" value="', 1)[1].split('"', 1)[0], salt=ANSWER_SALT)
    )
    assert "La piscine est ouverte le mardi." in page
    assert SECRET not in client.get("/demander/historique/exporter/").content.decode()


@pytest.mark.parametrize("layout", ["text", "odt"])
def test_sealed_answer_of_an_agent_gives_a_visitor_nothing(
    layout: str, public: Document, secret: Document, sign_in: SignIn
) -> None:
    sealed = seal_answer(model_answer(public, secret))
    answer = sign_in(None).post("/demander/exporter/", {"answer": sealed, "layout": layout})
    assert answer.status_code == 200
    assert SECRET.encode() not in answer.content


def test_answer_with_characters_that_no_document_can_hold_is_exported(
    public: Document, secret: Document, sign_in: SignIn
) -> None:
    sealed = seal_answer(Answer(question="La \x01 piscine \uffff ?", outcome=Outcome.NOT_FOUND))
    answer = sign_in(None).post("/demander/exporter/", {"answer": sealed, "layout": "odt"})
    assert answer.status_code == 200


def test_feedback_shows_a_librarian_only_what_that_librarian_may_read(
    ines: Person, city: Organisation, public: Document, secret: Document, sign_in: SignIn
) -> None:
    give_feedback(answer=model_answer(public, secret), verdict=Feedback.Verdict.WRONG)
    assert SECRET in sign_in(ines).get("/demander/avis/a-traiter/").content.decode()
    Collection.objects.filter(pk=secret.collection.pk).update(audience=Collection.Audience.GROUPS)
    secret.collection.librarians.clear()
    shown = sign_in(ines).get("/demander/avis/a-traiter/").content.decode()
    assert "Que dit la ville ?" in shown
    assert SECRET not in shown


def test_file_is_handed_over_and_kept_by_no_cache(
    chloe: Person, public: Document, secret: Document, sign_in: SignIn
) -> None:
    for document in (public, secret):
        address = f"/documents/{document.pk}/versions/{document.versions.latest().pk}/fichier/"
        answer = sign_in(chloe).get(address)
        answer.close()
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["page.html", "dessin.svg", "..%2f..%2fsecret.key", "../../secret.key"])
def test_uploaded_markup_is_downloaded_and_never_shown(
    name: str, public: Document, chloe: Person, sign_in: SignIn
) -> None:
    from antigone.library.actions import add_document

    data = b"<html><body><script>alert(1)</script><p>La piscine ouvre mardi.</p></body></html>"
    added = add_document(collection=public.collection, filename=name, data=data, by=None).document
    answer = sign_in(None).get(f"/documents/{added.pk}/versions/{added.versions.latest().pk}/fichier/")
    answer.close()
    assert answer["Content-Disposition"].startswith("attachment")
    assert "/" not in answer["Content-Disposition"]
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert b"<script>alert" not in sign_in(None).get(f"/documents/{added.pk}/pages/1/").content
