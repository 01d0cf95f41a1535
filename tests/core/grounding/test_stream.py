from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antigone.core.grounding import (
    DuplicateSourceError,
    GroundedAnswer,
    Mark,
    SentenceStream,
    Source,
    StreamClosedError,
    ground_answer,
)

TOWN = Path(__file__).parent / "town"
MENU = Source(
    "menu", "Le repas coûte 4,60 € par enfant. Il est servi à midi. Les goûters sont gratuits.", "Cantine"
)
PARK = Source("parc", "Le parc ouvre à 8 h.\nSont interdits :\n- les barbecues ;\n- les chiens.", "Parc")
PIECES = st.sampled_from(
    ["Le repas coûte 4,60 € par enfant.", " ", "\n", "\n\n", "- ", "« ", " »", "[1]", "[9]", " [1, 2]",
    "M. ", "Durand",
     "Sont interdits :", "les chiens.", "les barbecues ;", "Oui", "?", "!", "...", "…", "**", "# Titre",
     "| a | b |", "(source 1)",
     "【2†x】", "^1", "^", "[", "(", "http://x.fr", "1. ", "article 3", "à 8 h", "\t", "\u202f", "“",
     "”", '"', "é", "e\u0301", "<b>", "\r"]
)  # fmt: skip
ANSWERS = st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=80)


def lines(name: str) -> list[str]:
    return (TOWN / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def marks(answer: str, *sources: Source) -> list[Mark]:
    return [sentence.mark for sentence in ground_answer(answer, sources or (MENU, PARK)).sentences]


@pytest.mark.parametrize("lie", lines("lies"))
def test_lie_is_never_verified(lie: str, town: list[Source]) -> None:
    assert {s.mark for s in ground_answer(lie, town).sentences} == {Mark.UNVERIFIED}


@pytest.mark.parametrize("sentence", lines("cited"))
def test_verbatim_sentence_is_cited(sentence: str, town: list[Source]) -> None:
    assert [s.mark for s in ground_answer(sentence, town).sentences] == [Mark.CITED]


@pytest.mark.parametrize("sentence", lines("supported"))
def test_honest_rewording_is_supported(sentence: str, town: list[Source]) -> None:
    assert [s.mark for s in ground_answer(sentence, town).sentences] == [Mark.SUPPORTED]


@given(ANSWERS, st.lists(st.integers(1, 12), min_size=1, max_size=40))
@settings(max_examples=300, deadline=None)
def test_stream_cut_anywhere_equals_whole_answer(answer: str, sizes: list[int]) -> None:
    stream = SentenceStream((MENU, PARK))
    found = []
    position = turn = 0
    while position < len(answer):
        size = sizes[turn % len(sizes)]
        found += stream.feed(answer[position : position + size])
        position, turn = position + size, turn + 1
    assert GroundedAnswer((*found, *stream.close())) == ground_answer(answer, (MENU, PARK))


@given(ANSWERS, st.lists(ANSWERS, max_size=3))
@settings(max_examples=200, deadline=None)
def test_citation_is_always_the_source_text(answer: str, texts: list[str]) -> None:
    sources = [Source(str(number), text) for number, text in enumerate([MENU.text, *texts])]
    by_key = {source.key: source.text for source in sources}
    for sentence in ground_answer(answer, sources).sentences:
        assert (sentence.mark is Mark.UNVERIFIED) == (not sentence.citations)
        for citation in sentence.citations:
            assert by_key[citation.source][citation.start : citation.end] == citation.quote != ""


@given(ANSWERS)
@settings(max_examples=200, deadline=None)
def test_sentences_follow_each_other_in_the_answer(answer: str) -> None:
    position = 0
    for sentence in ground_answer(answer, (MENU, PARK)).sentences:
        assert position <= sentence.start <= sentence.end <= len(answer)
        position = sentence.end


def test_wrong_reference_is_only_a_hint_when_it_exists() -> None:
    grounded = ground_answer("Il est servi à midi [2].", (MENU, PARK))
    assert grounded.sentences[0].citations[0].source == "menu"
    assert grounded.invented_references == 0
    assert grounded.sentences[0].text == "Il est servi à midi."


def test_reference_hint_chooses_between_equal_sources() -> None:
    twin = Source("twin", MENU.text)
    assert ground_answer("Il est servi à midi [2].", (MENU, twin)).sentences[0].citations[0].source == "twin"


@pytest.mark.parametrize(
    "reference", ["[3]", "[1, 7]", "[1][9]", "【4†menu】", "(source 12)", "(cf. doc 3)", "[^8]", "^5", "[0]"]
)
def test_invented_reference_is_removed_and_counted(reference: str) -> None:
    grounded = ground_answer(f"Il est servi à midi {reference}.", (MENU, PARK))
    assert grounded.text == "Il est servi à midi."
    assert grounded.invented_references == 1
    assert [r.code for r in grounded.sentences[0].reasons] == ["reference_invented"]


@pytest.mark.parametrize(
    "invented",
    [
        "https://ville.example/menu",
        "cantine@ville.example",
        "menu-2031.pdf",
        "l'article 99",
        "la loi n° 2031-12",
    ],
)
def test_invented_name_of_a_reference_is_removed_and_unverified(invented: str) -> None:
    grounded = ground_answer(f"Le repas coûte 4,60 € par enfant ({invented}).", (MENU, PARK))
    assert grounded.sentences[0].mark is Mark.UNVERIFIED
    assert grounded.invented_references == 1
    assert "[…]" in grounded.text


def test_link_is_reduced_to_its_text_and_its_address_never_kept() -> None:
    grounded = ground_answer(
        "[Il est servi à midi.](https://evil.example/?q=1) ![x](https://evil.example/p.png)", (MENU,)
    )
    assert "evil" not in grounded.text
    assert grounded.invented_references == 2


def test_list_item_is_cited_only_under_its_own_lead() -> None:
    honest = marks("Sont interdits :\n- les barbecues ;\n- les chiens.")
    assert honest == [Mark.CITED] * 3
    assert marks("Sont autorisés :\n- les barbecues ;\n- les chiens.") == [Mark.UNVERIFIED] * 3
    assert marks("- les barbecues ;\n- les chiens.") == [Mark.UNVERIFIED] * 2


def test_true_sentence_under_a_lead_that_turns_it_is_not_cited() -> None:
    assert marks("Ce qui est faux :\n- Les goûters sont gratuits.")[1] is Mark.UNVERIFIED
    assert marks("## Ce qui est faux\n- Les goûters sont gratuits.")[1] is Mark.UNVERIFIED
    assert marks("Voici les informations :\n- Les goûters sont gratuits.")[1] is Mark.CITED
    assert marks("## La cantine\n\nLes goûters sont gratuits.")[1] is Mark.CITED


def test_second_sentence_of_an_item_keeps_the_lead_of_the_list() -> None:
    answer = "Ce qui est faux :\n- Bonjour. Il est servi à midi.\n- Les goûters sont gratuits."
    assert Mark.CITED not in marks(answer)


@pytest.mark.parametrize(
    "neutral",
    [
        "Bonjour !",
        "Que puis-je faire pour vous ?",
        "Je n'ai pas trouvé de réponse dans les documents.",
        "Voici :",
    ],
)
def test_neutral_sentence_has_no_reason(neutral: str) -> None:
    (sentence,) = ground_answer(neutral, (MENU,)).sentences
    assert sentence.is_neutral


def test_refusal_that_states_a_fact_is_not_neutral() -> None:
    (sentence,) = ground_answer("Merci de payer 45 € à la caisse.", (MENU,)).sentences
    assert not sentence.is_neutral


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("Le repas coûte 4,80 € par enfant.", "number_absent"),
        ("Le repas ne coûte pas 4,60 € par enfant.", "negation_differs"),
        ("Le repas coûte 4,60 € par adulte.", "word_absent"),
        ("Le repas de Lyon coûte 4,60 € par enfant.", "name_absent"),
        ("Le repas coûte 4,60 €, hélas.", "left_out"),
        ("Par enfant le repas 4,60 €.", "order_differs"),
        ("Le texte dit « tout est offert ».", "quote_absent"),
        ("« Le repas coûte 4,60 € ».", "quote_partial"),
        ("La piscine ferme ses portes en été.", "too_little_support"),
    ],
)
def test_reason_says_what_disagrees(sentence: str, code: str) -> None:
    (grounded,) = ground_answer(sentence, (MENU, PARK)).sentences
    assert code in [reason.code for reason in grounded.reasons]


def test_answer_without_sources_says_so() -> None:
    (sentence,) = ground_answer("Le repas coûte 4,60 € par enfant.", ()).sentences
    assert [reason.code for reason in sentence.reasons] == ["no_source"]


def test_english_is_grounded_too() -> None:
    source = Source("pool", "The pool opens at 9:00 on Monday. Children must not swim without an adult.")
    assert marks("The pool opens at 9:00 on Monday. Children must swim without an adult.", source) == [
        Mark.CITED,
        Mark.UNVERIFIED,
    ]


def test_two_sources_with_one_key_are_refused() -> None:
    with pytest.raises(DuplicateSourceError, match="menu"):
        ground_answer("Bonjour.", (MENU, MENU))


def test_closed_stream_is_refused() -> None:
    stream = SentenceStream((MENU,))
    stream.close()
    with pytest.raises(StreamClosedError):
        stream.feed("encore")
    with pytest.raises(StreamClosedError):
        stream.close()


@pytest.mark.parametrize(
    "unit",
    ["a", " ", "\n", ".", "«", "[", "[1]", "^1", "<", "<b", "(", "9", "9 ", "1.", "à ", "\u0301", "\u200b",
    "|", "*_", "http://",
     "a@", "a.b.", "- \n", "![", "](", "deux ", "et un ", "le repas 4,60 € ", "Sont interdits :\n", "💥",
     "\ud800", "e\u0301"],
)  # fmt: skip
def test_hostile_text_never_raises(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    grounded = ground_answer(text, (MENU, Source("hostile", text[:20_000])))
    assert isinstance(grounded, GroundedAnswer)
