from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antigone.core.retrieval.query import Query, analyse_query
from antigone.core.retrieval.ranking import Candidate, Ranked, Statistics, evidence, fuse, rank, shortlist
from antigone.core.retrieval.terms import analyse_passage


def candidate(key: str, text: str, title: str = "") -> Candidate:
    terms = analyse_passage(title, text)
    return Candidate(key, terms.title, terms.stems, terms.surfaces, terms.sentences)


def statistics(candidates: list[Candidate], passages: int = 1_000) -> Statistics:
    stored = [set(f"{one.title} {one.stems}".split()) for one in candidates]
    frequency = {stem: sum(stem in one for one in stored) for stem in set().union(*stored)}
    return Statistics(passages, 12.0, frequency)


def order(question: str, *candidates: Candidate) -> list[object]:
    return [one.id for one in rank(analyse_query(question), candidates, statistics(list(candidates)))]


def test_rank_prefers_the_passage_with_more_of_the_question() -> None:
    assert order(
        "inscription à la cantine",
        candidate("half", "La cantine accueille tous les enfants chaque midi."),
        candidate("whole", "Inscription : la cantine accueille les enfants."),
    ) == ["whole", "half"]


def test_rank_prefers_the_word_as_written() -> None:
    assert order(
        "les inscrits",
        candidate("kin", "Liste des inscrites du jour."),
        candidate("same", "Liste des inscrits du jour."),
    ) == ["same", "kin"]


def test_rank_prefers_neighbours_in_the_order_asked() -> None:
    assert order(
        "conseil municipal",
        candidate("apart", "Le service municipal demande un conseil juridique."),
        candidate("together", "Le service juridique demande : conseil municipal."),
    ) == ["together", "apart"]


def test_rank_prefers_one_sentence_to_two() -> None:
    opening = "Longue phrase qui ouvre le texte sans rien annoncer, puis donne"
    assert order(
        "tarif piscine",
        candidate("two", f"{opening} le tarif du stade. Ailleurs se trouve une grande piscine."),
        candidate("one", f"{opening} le stade de ville. Ailleurs se trouve piscine et son tarif."),
    ) == ["one", "two"]


def test_rank_prefers_the_title() -> None:
    assert order(
        "déchèterie",
        candidate("text", "Ouverture déchèterie lundi matin partout.", "Horaires"),
        candidate("title", "Ouverture horaires lundi matin partout.", "Déchèterie"),
    ) == ["title", "text"]


def test_rank_credits_words_of_the_same_family() -> None:
    assert order(
        "inscrire un enfant",
        candidate("none", "Le goûter d'un enfant."),
        candidate("kin", "Inscription d'un enfant."),
    ) == ["kin", "none"]


def test_rank_credits_what_a_companion_holds() -> None:
    companion = candidate("companion", "Subvention aux associations sportives locales.", "Règlement")
    assert order(
        "délai subvention",
        candidate("alone", "Le délai est de deux mois.", "Urbanisme"),
        candidate("together", "Le délai est de deux mois.", "Règlement"),
        companion,
    ) == ["companion", "together", "alone"]


def test_rank_says_what_is_missing() -> None:
    found = candidate("a", "La piscine ouvre. Le stade aussi.")
    (ranked,) = rank(analyse_query("piscine gratuite"), [found], statistics([found]))
    assert ranked.missing == ("gratuit",)
    assert 0 < ranked.coverage < 1
    assert ranked.sentence_coverage == pytest.approx(ranked.coverage)


def test_rank_without_terms_keeps_the_order_given() -> None:
    assert order("de la", candidate("a", "un"), candidate("b", "deux")) == ["a", "b"]


def test_rank_reads_candidates_without_sentences() -> None:
    whole = replace(candidate("a", "La piscine ouvre. Le tarif change."), sentences="")
    (ranked,) = rank(analyse_query("tarif piscine"), [whole], statistics([whole]))
    assert ranked.sentence_coverage == 1.0


TEXTS = st.text(st.sampled_from("abcde \n.'é1"), max_size=40)


PLACE = "la place du marché"


def test_shortlist_keeps_the_passages_that_hold_the_most() -> None:
    terms = [
        analyse_passage("", text) for text in ("Le bassin.", "Le marché.", "La place du marché.", "Rien.")
    ]
    rows = [(number, one.title, one.stems, one.surfaces, one.sentences) for number, one in enumerate(terms)]
    statistics = Statistics(4, 2.0, {"march": 2, "plac": 1, "bassin": 1})
    assert [row[0] for row in shortlist(analyse_query(PLACE), rows, statistics, 2)] == [2, 1]
    assert [row[0] for row in shortlist(analyse_query("la piscine"), rows, statistics, 1)] == [0]
    assert shortlist(analyse_query(PLACE), rows, statistics, 4) == rows


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=6), TEXTS)
def test_rank_returns_every_candidate_once_best_first(passages: list[tuple[str, str]], question: str) -> None:
    candidates = [candidate(str(number), text, title) for number, (title, text) in enumerate(passages)]
    query = analyse_query(question)
    numbers = statistics(candidates)
    ranked = rank(query, candidates, numbers)
    assert sorted(str(one.id) for one in ranked) == [one.id for one in candidates]
    assert [one.score for one in ranked] == sorted((one.score for one in ranked), reverse=True)
    assert all(0 <= one.sentence_coverage <= one.coverage + 1e-9 <= 1 + 2e-9 for one in ranked)
    assert 0 <= evidence(query, ranked, numbers) <= 1


def test_evidence_falls_when_names_are_missing() -> None:
    candidates = [
        candidate("a", "La piscine Bréquigny ouvre."),
        candidate("b", "Le stade est ouvert le soir."),
    ]
    numbers = statistics(candidates)

    def confidence(question: str) -> float:
        query = analyse_query(question)
        return evidence(query, rank(query, candidates, numbers), numbers)

    assert (
        confidence("Quand ouvre la piscine Bréquigny ?")
        > 0.5
        > confidence("Quand ouvre la piscine Saint-Georges ?")
    )


def test_evidence_is_nothing_without_passages_or_terms() -> None:
    assert evidence(analyse_query("piscine"), [], Statistics(1, 1.0, {})) == 0.0
    assert evidence(Query(()), [Ranked("a", 0.0, 0.0, 0.0)], Statistics(1, 1.0, {})) == 0.0


@given(st.lists(st.lists(st.integers(0, 9), unique=True), max_size=4))
def test_fuse_keeps_each_thing_once(rankings: list[list[int]]) -> None:
    fused = fuse(rankings)
    assert sorted(fused, key=str) == sorted({one for ranking in rankings for one in ranking}, key=str)
    if len(rankings) == 1:
        assert fused == rankings[0]
