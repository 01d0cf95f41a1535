import os
import time
from collections.abc import Callable

from antigone.library.actions import (
    Outcome,
    clean_files,
    find_faults,
    purge_document,
    rebuild_index,
    withdraw_document,
)
from antigone.library.actions.files import get_path, keep_bytes
from antigone.library.actions.images import get_image, list_images
from antigone.library.models import Collection, Document, Passage, Vocabulary
from tests.library.conftest import make_pdf

Add = Callable[..., Outcome]


def make_old(sha256: str) -> None:
    long_ago = time.time() - 86_400
    os.utime(get_path(sha256), (long_ago, long_ago))


def get_sha256(document: Document) -> str:
    return document.versions.latest().sha256


def list_codes() -> list[str]:
    return [fault.code for fault in find_faults()]


def test_find_faults_of_a_sound_library_is_empty(collection: Collection, add: Add) -> None:
    add(collection, text="Ancien.")
    document = add(collection, text="Nouveau.").document
    assert list_codes() == []
    withdraw_document(document=document, by=None, reason="Périmé")
    assert list_codes() == []


def test_find_faults_tells_lost_and_altered_files(collection: Collection, add: Add) -> None:
    lost, altered = (add(collection, f"{word}.txt", word).document for word in ("perdu", "altéré"))
    get_path(get_sha256(lost)).unlink()
    get_path(get_sha256(altered)).write_bytes(b"autre chose")
    assert sorted(list_codes()) == ["file_altered", "file_missing"]


def test_find_faults_tells_passages_that_should_not_be_found(collection: Collection, add: Add) -> None:
    document = add(collection).document
    Document.objects.filter(pk=document.pk).update(withdrawn_at=document.created_at)
    assert "withdrawn_but_found" in list_codes()


def test_rebuild_index_makes_the_same_passages_again(collection: Collection, add: Add) -> None:
    add(collection, "a.pdf", make_pdf("La piscine.", "Le marche."))
    add(collection, "b.txt", "La mairie ouvre.")
    fields = ("document", "page", "start", "end", "stems", "surfaces", "sentences", "title_terms")
    before = list(Passage.objects.values_list(*fields))
    Vocabulary.objects.all().delete()
    assert "index" in list_codes()
    assert len(list(rebuild_index())) == 2
    assert list(Passage.objects.values_list(*fields)) == before
    assert list_codes() == []


def test_clean_files_removes_only_old_files_that_nothing_names(collection: Collection, add: Add) -> None:
    named = get_sha256(add(collection).document)
    old, young = keep_bytes([b"old"]).sha256, keep_bytes([b"young"]).sha256
    make_old(named)
    make_old(old)
    assert clean_files().files == 1
    assert [get_path(sha256).exists() for sha256 in (named, old, young)] == [True, False, True]


def test_clean_files_removes_what_a_purge_left(collection: Collection, add: Add) -> None:
    document = add(collection, "a.pdf", make_pdf("Un.")).document
    sha256 = get_sha256(document)
    get_image(sha256, 1, 800)
    withdraw_document(document=document, by=None, reason="Données personnelles")
    make_old(sha256)
    assert clean_files().files == 0
    purge_document(document=document, by=None)
    assert clean_files().files == 2
    assert list(list_images()) == []


def test_get_image_is_drawn_once(collection: Collection, add: Add) -> None:
    sha256 = get_sha256(add(collection, "a.pdf", make_pdf("Un.")).document)
    drawn = get_image(sha256, 1, 800)
    get_path(sha256).unlink()
    assert get_image(sha256, 1, 800) == drawn
