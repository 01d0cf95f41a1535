"""Passages are found by their vectors too, within what the person may read."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from antigone.accounts.models import Person
from antigone.library.actions import save_vectors, withdraw_document
from antigone.library.index.vectors import pack_vector
from antigone.library.models import Collection, Document, Passage, PassageVector
from antigone.library.search import search
from tests.library.written import write_document

MODEL = "modèle"


def write(collection: Collection, title: str, text: str, vector: list[float], model: str = MODEL) -> Document:
    document = write_document(collection, title, text)
    save_vectors(model, {document.passages.get().pk: vector})
    return document


def find(person: Person | None, vector: list[float] | None, **options: object) -> list[str]:
    results = search("baignade", person=person, vector=vector, vector_model=MODEL, **options)  # type: ignore[arg-type]
    return [hit.passage.document.title for hit in results.hits]


@pytest.fixture
def pool(collection: Collection) -> Document:
    return write(collection, "Piscine", "Le bassin ouvre à dix heures.", [2, 0.1])


def test_passage_that_shares_no_word_is_found_by_its_vector(collection: Collection, pool: Document) -> None:
    write(collection, "Cantine", "Le repas coûte trois euros.", [0.1, 3])
    assert find(None, None) == []
    assert find(None, [1, 0]) == ["Piscine", "Cantine"]
    assert find(None, [0, 1]) == ["Cantine", "Piscine"]


def test_words_and_vectors_agree_on_what_comes_first(collection: Collection, pool: Document) -> None:
    write(collection, "Arrêté", "La baignade est interdite dans le lac.", [1, 1])
    write(collection, "Cantine", "Le repas coûte trois euros.", [0, 1])
    assert find(None, None) == ["Arrêté"]
    assert find(None, [1, 0]) == ["Arrêté", "Piscine", "Cantine"]
    assert find(None, [1, 0], limit=1) == ["Arrêté"]


def test_visitor_is_never_told_what_is_internal(
    pool: Document, internal: Collection, secret: Collection, chloe: Person, ines: Person, david: Person
) -> None:
    write(internal, "Note interne", "Le sésame est clapotis.", [1, 0])
    write(secret, "Archive", "Le sésame d’avant.", [1, 0])
    assert find(None, [1, 0]) == find(david, [1, 0]) == ["Piscine"]
    assert find(chloe, [1, 0]) == ["Note interne", "Piscine"]
    assert find(ines, [1, 0]) == ["Note interne", "Archive", "Piscine"]
    assert find(chloe, [1, 0], collections=[pool.collection]) == ["Piscine"]
    assert find(None, [1, 0], collections=[internal]) == []


def test_vectors_go_with_the_document_that_is_withdrawn(pool: Document, ines: Person) -> None:
    withdraw_document(document=pool, by=ines, reason="remplacé")
    assert not PassageVector.objects.exists()
    assert find(None, [1, 0]) == []


def test_vectors_of_another_model_or_length_are_not_compared(collection: Collection, pool: Document) -> None:
    write(collection, "Autre", "Texte autre.", [1, 0], model="autre")
    write(collection, "Long", "Texte long.", [1, 0, 0])
    assert find(None, [1, 0]) == ["Piscine"]
    assert [passage.document.title for passage in Passage.objects.without_vector(MODEL)] == ["Autre"]


def test_vector_of_another_model_is_replaced_and_one_of_a_removed_passage_is_left_out(pool: Document) -> None:
    passage = pool.passages.get()
    save_vectors("autre", {passage.pk: [0, 1], passage.pk + 1: [0, 1]})
    assert PassageVector.objects.get().model == "autre"
    assert find(None, [1, 0]) == []


def test_search_without_a_vector_reads_none(
    pool: Document, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(5) as asked:
        search("bassin", person=None)
    assert "passagevector" not in str(asked.captured_queries)


@given(st.lists(st.floats(-1e30, 1e30), min_size=1, max_size=20))
def test_packed_vector_keeps_its_direction(vector: list[float]) -> None:
    packed = np.frombuffer(pack_vector(vector), "<f2").astype(float)
    norm = np.linalg.norm(np.array(vector))
    assert packed == pytest.approx(np.array(vector) / (norm or 1.0), abs=1e-3)
