from collections.abc import Callable

import pytest

from antigone.accounts.models import Person
from antigone.errors import NotAllowed, NotPossible
from antigone.library.actions import Outcome, purge_document, restore_document, withdraw_document
from antigone.library.actions.files import get_path
from antigone.library.models import Collection, Corpus, Document, Passage, Vocabulary

Add = Callable[..., Outcome]


def test_withdraw_document_takes_its_passages_away_at_once(
    collection: Collection, add: Add, ines: Person, chloe: Person
) -> None:
    document = add(collection).document
    withdraw_document(document=document, by=ines, reason="Périmé")
    document.refresh_from_db()
    assert (document.withdrawn_by, document.withdrawal_reason) == (ines, "Périmé")
    assert not Passage.objects.exists()
    assert not Vocabulary.objects.exists()
    assert Corpus.objects.get().passages == 0
    assert not Document.objects.openable_by(chloe).exists()
    assert Document.objects.openable_by(ines).exists()
    assert get_path(document.versions.get().sha256).exists()


def test_restore_document_brings_its_passages_back(collection: Collection, add: Add, ines: Person) -> None:
    document = add(collection).document
    before = list(Passage.objects.values("start", "end", "page", "stems", "title_terms"))
    withdraw_document(document=document, by=ines, reason="Erreur")
    restore_document(document=document, by=ines)
    document.refresh_from_db()
    assert (document.withdrawn_at, document.withdrawal_reason) == (None, "")
    assert list(Passage.objects.values("start", "end", "page", "stems", "title_terms")) == before


def test_restore_document_brings_back_the_latest_version_only(collection: Collection, add: Add) -> None:
    add(collection, text="Ancien texte.")
    document = add(collection, text="Nouveau texte.").document
    withdraw_document(document=document, by=None, reason="Erreur")
    restore_document(document=document, by=None)
    assert [passage.text for passage in document.passages.all()] == ["Nouveau texte."]


def test_withdraw_document_refuses_who_is_not_a_librarian(
    collection: Collection, add: Add, chloe: Person
) -> None:
    document = add(collection).document
    for change in (
        lambda: withdraw_document(document=document, by=chloe, reason="Non"),
        lambda: restore_document(document=document, by=chloe),
        lambda: purge_document(document=document, by=chloe),
    ):
        with pytest.raises(NotAllowed):
            change()
    assert document.passages.exists()


def test_withdraw_document_twice_is_said(collection: Collection, add: Add) -> None:
    document = add(collection).document
    with pytest.raises(NotPossible):
        restore_document(document=document, by=None)
    withdraw_document(document=document, by=None, reason="Périmé")
    with pytest.raises(NotPossible):
        withdraw_document(document=document, by=None, reason="Périmé")


def test_purge_document_deletes_only_what_is_withdrawn(collection: Collection, add: Add) -> None:
    document = add(collection).document
    with pytest.raises(NotPossible):
        purge_document(document=document, by=None)
    withdraw_document(document=document, by=None, reason="Données personnelles")
    purge_document(document=document, by=None)
    assert not Document.objects.exists()
