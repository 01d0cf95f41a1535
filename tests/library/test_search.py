from datetime import date

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from antigone.accounts.models import Organisation, Person
from antigone.library.index import check
from antigone.library.models import Collection, Document, Passage
from antigone.library.search import search
from tests.library.written import write_document

pytestmark = pytest.mark.django_db
POOL = "La piscine municipale ouvre le samedi à dix heures."
SECRET = "Le licenciement du directeur Quetzalcoatl sera annoncé en piscine."


@pytest.fixture
def pool(collection: Collection) -> Document:
    return write_document(collection, "Horaires", POOL, "Le marché se tient le dimanche matin.")


@pytest.fixture
def note(internal: Collection) -> Document:
    return write_document(internal, "Note interne", SECRET)


def titles(*arguments: object, **options: object) -> list[str]:
    return [hit.passage.document.title for hit in search(*arguments, **options).hits]  # type: ignore[arg-type]


def test_search_finds_the_passage_and_marks_its_words(pool: Document) -> None:
    results = search("Quand ouvrent les piscines ?", person=None)
    hit = results.hits[0]
    assert hit.passage.text == POOL
    assert [hit.passage.text[start:end] for start, end in hit.marks] == ["piscine", "ouvre"]
    assert 0 < results.evidence < 1
    assert (results.document_frequency["piscin"], results.passages) == (1, 2)


def test_search_reads_all_that_a_page_shows_at_once(
    pool: Document, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    hit = search("piscine", person=None).hits[0]
    with django_assert_num_queries(0):
        assert hit.passage.text == POOL
        assert hit.passage.page.version.number == 1
        assert hit.passage.document.collection == hit.passage.collection


@pytest.mark.parametrize("question", ["", "   ", "?", "le la les", "\x00", "introuvable" * 200, "xyzxyz"])
def test_search_of_nothing_finds_nothing(question: str, pool: Document) -> None:
    assert search(question, person=None).hits == ()


def test_search_in_an_empty_library_finds_nothing(db: None) -> None:
    assert search("piscine", person=None).hits == ()


def test_search_repairs_a_misspelt_word(pool: Document) -> None:
    results = search("pisicne", person=None)
    assert results.repaired == {"pisicne": "piscine"}
    assert [hit.passage.text for hit in results.hits] == [POOL]


def test_search_survives_a_page_pasted_as_a_question(pool: Document) -> None:
    words = " ".join(f"mot{chr(97 + i % 26)}{chr(97 + i // 26)}zz" for i in range(300))
    assert titles(f"{words} piscine", person=None) == ["Horaires"]


def test_search_reads_the_index_of_many_collections(
    city: Organisation, pool: Document, note: Document, chloe: Person
) -> None:
    for number in range(60):
        other = Collection.objects.create(
            name=f"C{number}", slug=f"c{number}", organisation=city, audience="public"
        )
        if number % 20 == 0:
            write_document(other, f"Piscine {number}", "Bassin couvert.")
    assert sorted(titles("piscine", person=None)) == ["Horaires", "Piscine 0", "Piscine 20", "Piscine 40"]
    assert "Note interne" in titles("piscine", person=chloe)


def test_search_keeps_to_the_collections_languages_and_days_asked(
    collection: Collection, internal: Collection, chloe: Person
) -> None:
    write_document(collection, "A", POOL, language="fr", published_date=date(2020, 5, 1))
    write_document(internal, "B", POOL, language="en", published_date=date(2024, 5, 1))
    assert sorted(titles("piscine", person=chloe)) == ["A", "B"]
    assert titles("piscine", person=chloe, collections=[collection]) == ["A"]
    assert titles("piscine", person=chloe, collections=[internal.pk]) == ["B"]
    assert titles("piscine", person=chloe, collections=[]) == []
    assert titles("piscine", person=chloe, languages=["en"]) == ["B"]
    assert titles("piscine", person=chloe, languages=[]) == []
    assert titles("piscine", person=chloe, published_from=date(2021, 1, 1)) == ["B"]
    assert titles("piscine", person=chloe, published_until=date(2021, 1, 1)) == ["A"]


def test_zoe_never_finds_what_is_internal(pool: Document, note: Document, chloe: Person) -> None:
    for question in ("piscine", "licenciement du directeur", "Quetzalcoatl", "note interne"):
        assert "Note interne" not in titles(question, person=None)
        assert "Note interne" in titles(question, person=chloe)


def test_zoe_may_not_ask_for_an_internal_collection(note: Document, internal: Collection) -> None:
    assert titles("licenciement", person=None, collections=[internal]) == []


def test_chloe_finds_nothing_internal_once_her_account_is_closed(note: Document, chloe: Person) -> None:
    assert titles("licenciement", person=chloe) == ["Note interne"]
    chloe.is_active = False
    assert titles("licenciement", person=chloe) == []


def test_ines_finds_nothing_secret_once_she_left_her_group(
    secret: Collection, ines: Person, chloe: Person
) -> None:
    write_document(secret, "Archives", SECRET)
    assert titles("licenciement", person=ines) == ["Archives"]
    assert titles("licenciement", person=chloe) == []
    ines.groups.clear()
    assert titles("licenciement", person=ines) == []


def test_repair_never_tells_zoe_a_hidden_word(pool: Document, note: Document, chloe: Person) -> None:
    assert search("Quetzalcoalt", person=chloe).repaired == {"quetzalcoalt": "quetzalcoatl"}
    assert search("Quetzalcoalt", person=None).repaired == {}
    assert search("licenciment", person=None).repaired == {}


def test_repair_does_for_zoe_as_if_the_hidden_word_did_not_exist(
    collection: Collection, internal: Collection, chloe: Person
) -> None:
    write_document(collection, "Public", "Une route neuve.")
    write_document(internal, "Interne", "Une route neuve.")
    assert search("rouute", person=None).repaired == {"rouute": "route"}
    assert search("rouute", person=chloe).repaired == {"rouute": "route"}
    assert search("route", person=chloe).repaired == {}
    assert search("rote", person=None).repaired == {"rote": "route"}


@pytest.mark.parametrize(
    "typed",
    [
        "c{0} OR *",
        "_{0}",
        "access:_{0}",
        "access : _{0} OR licenciement",
        '" OR access:_{0} OR "',
        'licenciement" OR "_{0}',
        "NEAR(licenciement directeur, 10)",
        "{{access terms}} : licenciement",
        "-terms : licenciement",
        "licenciement NOT piscine",
        "licenciement*",
        "^licenciement",
        "licenciement') OR ('1'='1",
        "licenciement' | 'piscine' & !'x",
        "licenciement:* <-> directeur",
        "%s %(x)s licenciement",
    ],
)
def test_zoe_cannot_widen_what_she_reads_by_what_she_types(
    typed: str, pool: Document, note: Document, internal: Collection
) -> None:
    assert "Note interne" not in titles(typed.format(internal.pk), person=None)


def test_what_zoe_types_is_only_words(pool: Document) -> None:
    assert titles('piscine" OR * NEAR(samedi) access:_1 {x} ^', person=None)[0] == "Horaires"


def test_a_withdrawn_document_is_not_found_though_its_passages_remain(pool: Document) -> None:
    Document.objects.filter(pk=pool.pk).update(withdrawn_at=timezone.now())
    assert titles("piscine", person=None) == []
    assert search("pisicne", person=None).repaired == {}


def test_a_document_moved_without_its_passages_is_read_by_neither_side_wrongly(
    pool: Document, internal: Collection
) -> None:
    Document.objects.filter(pk=pool.pk).update(collection=internal)
    assert titles("piscine", person=None) == []


def test_the_index_follows_a_row_changed_behind_its_back(pool: Document) -> None:
    Passage.objects.filter(document=pool).update(stems="gymnas", title_terms="")
    assert len(titles("gymnase", person=None)) == 0  # no word of the vocabulary yet
    assert check() != []


def test_two_common_words_that_never_meet_still_find_something(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("antigone.library.index.sqlite._WORTH_READING", 0)
    monkeypatch.setattr("antigone.library.index.postgresql._WORTH_READING", 0)
    write_document(collection, "A", *["Une subvention."] * 5)
    write_document(collection, "B", *["Une piscine."] * 5)
    write_document(collection, "C", "La subvention de la piscine.")
    found = titles("subvention piscine", person=None, limit=20)
    assert found[0] == "C"
    assert len(found) == 11


def test_among_too_many_passages_a_word_in_the_title_is_found(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("antigone.library.index.sqlite._READ", 3)
    write_document(collection, "Divers", *["Une piscine."] * 5)
    write_document(collection, "Piscine", "Horaires.")
    assert "Piscine" in titles("piscine", person=None)


def test_repaired_word_is_written_as_the_documents_do(collection: Collection) -> None:
    write_document(collection, "Lecture", "La médiathèque ouvre le samedi à dix heures.")
    assert search("Quand ouvre la mediatheqe ?", person=None).repaired == {"mediatheqe": "médiathèque"}
