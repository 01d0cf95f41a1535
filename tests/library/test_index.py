from collections import Counter

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from antigone.library.index import TERM_CHARACTERS, check, index_passages, rebuild, remove_passages
from antigone.library.index.narrowing import Syntax, match_enough
from antigone.library.models import Collection, Corpus, Document, Passage, Vocabulary
from antigone.library.search import search
from tests.library.written import write_document

pytestmark = pytest.mark.django_db


def recount() -> tuple[int, int, Counter[str]]:
    words: Counter[str] = Counter()
    terms = 0
    for passage in Passage.objects.all():
        both = passage.title_terms.split() + passage.stems.split()
        words.update(set(both))
        terms += len(both)
    return Passage.objects.count(), terms, words


def counted() -> tuple[int, int, Counter[str]]:
    corpus = Corpus.objects.filter(pk=1).first() or Corpus()
    return corpus.passages, corpus.terms, Counter(dict(Vocabulary.objects.values_list("term", "passages")))


WORDS = st.lists(st.sampled_from(["piscine", "marché", "école", "L. 2121-29", "vélos", "mairie"]), max_size=6)
# A document is its title and its texts; a pair of numbers removes the documents between them.
DOCUMENT = st.tuples(WORDS, st.lists(WORDS, max_size=4))
REMOVAL = st.builds(slice, st.integers(0, 5), st.integers(0, 5))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(DOCUMENT | REMOVAL, max_size=8))
def test_counts_equal_a_recount_after_any_adds_and_removes(
    steps: list[tuple[list[str], list[list[str]]] | slice], collection: Collection
) -> None:
    with transaction.atomic():
        documents: list[int] = []
        for step in steps:
            if isinstance(step, slice):
                remove_passages(documents[step])
            else:
                title, texts = step
                sentences = [f"{' '.join(words)} ." for words in texts]
                documents.append(write_document(collection, " ".join(title), *sentences).pk)
        assert counted() == recount()
        assert check() == []
        before = counted()
        rebuild()
        assert counted() == before
        transaction.set_rollback(True)


def test_index_passages_saves_them_all_or_none(collection: Collection) -> None:
    write_document(collection, "Horaires", "La piscine ouvre.")
    before = counted()
    with transaction.atomic():
        write_document(collection, "Marché", "Le marché ferme.")
        transaction.set_rollback(True)
    assert counted() == before == recount()
    assert search("marché", person=None).hits == ()
    assert check() == []


def test_remove_passages_takes_a_queryset_and_leaves_no_word(collection: Collection) -> None:
    write_document(collection, "Horaires", "La piscine ouvre.")
    remove_passages(Document.objects.filter(collection=collection))
    assert not Passage.objects.exists()
    assert not Vocabulary.objects.exists()
    assert search("piscine", person=None).hits == ()
    assert check() == []


def test_a_term_without_end_is_cut(collection: Collection) -> None:
    write_document(collection, "Annexe", f"{'a' * 5_000} clé")
    assert max(len(term) for term in Vocabulary.objects.values_list("term", flat=True)) == TERM_CHARACTERS
    assert search("clé", person=None).hits[0].passage.document.title == "Annexe"
    assert check() == []


def test_index_passages_keeps_many_in_one_call(collection: Collection) -> None:
    document = write_document(collection, "Registre", "Le registre.")
    first = Passage.objects.get(document=document)
    copies = [
        Passage(
            collection=collection,
            document=document,
            page_id=first.page_id,
            start=0,
            end=3,
            stems=f"registr n{i}",
        )
        for i in range(2_500)
    ]
    index_passages(copies)
    assert counted() == recount()
    assert Vocabulary.objects.get(term="registr").passages == 2_501


def test_check_tells_each_difference_and_rebuild_mends_them(collection: Collection) -> None:
    write_document(collection, "Horaires", "La piscine ouvre.", "Le marché ferme.")
    Vocabulary.objects.filter(term="piscin").update(passages=7)
    Corpus.objects.update(passages=9)
    assert len(check()) == 2
    progress: list[tuple[int, int]] = []
    rebuild(lambda done, total: progress.append((done, total)))
    assert check() == []
    assert progress == [(2, 2)]


def test_wrong_counts_never_stop_a_removal(collection: Collection) -> None:
    document = write_document(collection, "Horaires", "La piscine ouvre.")
    Vocabulary.objects.all().delete()
    Corpus.objects.update(passages=0, terms=0)
    remove_passages([document.pk])
    assert counted() == recount()


def test_rebuild_brings_back_an_index_that_was_lost(collection: Collection) -> None:
    write_document(collection, "Horaires", "La piscine ouvre.")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER library_passage_added")
            cursor.execute("INSERT INTO library_passage_index(library_passage_index) VALUES ('delete-all')")
        else:
            cursor.execute("DROP INDEX library_passage_index")
    assert len(check()) == 1
    rebuild()
    assert check() == []
    assert len(search("piscine", person=None).hits) == 1


def test_check_sees_an_index_that_lacks_a_passage(collection: Collection) -> None:
    if connection.vendor != "sqlite":
        return  # PostgreSQL computes the column itself: there is no way to make them differ
    write_document(collection, "Horaires", "La piscine ouvre.")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO library_passage_index(library_passage_index) VALUES ('delete-all')")
    assert len(check()) == 1


@given(
    stems=st.dictionaries(st.text("abcdef'\"", min_size=1, max_size=3), st.integers(1, 100), max_size=8),
    most=st.integers(0, 200),
)
def test_match_enough_says_each_pair_of_common_words_once(stems: dict[str, int], most: int) -> None:
    syntax = Syntax("&", "|", '"')
    ordered = dict(sorted(stems.items(), key=lambda item: item[1]))
    expression = match_enough(ordered, most, syntax)
    total, common = 0, 0
    for passages in ordered.values():
        total += passages
        common += total > most
    assert expression.count("&") == (max(common - 1, 0) if len(ordered) > 1 else 0)
    assert (expression[0], expression[-1]) == ("(", ")")
