import re

from hypothesis import given, settings
from hypothesis import strategies as st

from antigone.core.retrieval.passages import cut_passages

SENTENCE = "Le conseil municipal adopte le règlement des restaurants scolaires. "
texts = st.lists(
    st.one_of(
        st.text(max_size=300),
        st.sampled_from(["\n\n", "\n", " ", "Article 4", "---", SENTENCE, SENTENCE * 40, "a" * 2_500]),
    ),
    max_size=25,
).map("".join)


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in cut_passages(text)]


@settings(deadline=None, max_examples=60)
@given(texts)
def test_cut_passages_covers_every_letter_once_and_in_order(text: str) -> None:
    spans = cut_passages(text)
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(edges)
    assert all(start < end for start, end in spans)
    outside = "".join(text[a:b] for a, b in zip([0, *edges[1::2]], [*edges[::2], len(text)], strict=True))
    assert not any(map(str.isalnum, outside))


@settings(deadline=None, max_examples=60)
@given(texts)
def test_cut_passages_gives_trimmed_passages_of_bounded_length(text: str) -> None:
    for passage in cut(text):
        assert passage == passage.strip()
        assert any(map(str.isalnum, passage))
        assert len(passage) <= 2_200


@settings(deadline=None, max_examples=60)
@given(texts)
def test_cut_passages_keeps_paragraphs_whole(text: str) -> None:
    passages = cut(text)
    for paragraph in re.split(r"\n[^\S\n]*\n\s*", text):
        paragraph = paragraph.strip()
        if len(paragraph) <= 1_800 and any(map(str.isalnum, paragraph)):
            assert any(paragraph in passage for passage in passages)


def test_cut_passages_of_a_long_page_gives_pieces_of_a_good_size() -> None:
    sizes = [len(passage) for passage in cut(SENTENCE * 100)]
    assert all(300 <= size <= 1_200 for size in sizes)


def test_cut_passages_ends_pieces_at_sentences() -> None:
    assert all(passage.endswith(".") for passage in cut(SENTENCE * 100))


def test_cut_passages_keeps_a_heading_with_a_long_paragraph() -> None:
    first, second = cut("Article 1\n\n" + SENTENCE * 20 + "\n\nChapitre II\n\nArticle 2\n\n" + SENTENCE * 20)
    assert first.startswith("Article 1\n\nLe conseil")
    assert second.startswith("Chapitre II\n\nArticle 2\n\nLe conseil")


def test_cut_passages_keeps_a_heading_with_what_follows_inside_a_long_paragraph() -> None:
    text = "".join(f"Article {number}\n" + SENTENCE * 6 + "\n" for number in range(1, 12))
    assert all(not re.search(r"Article \d+$", passage) for passage in cut(text))


def test_cut_passages_does_not_take_a_table_for_headings() -> None:
    rows = "\n\n".join(f"Repas enfant, tranche {number} {number} €" for number in range(120))
    sizes = [len(passage) for passage in cut(rows)]
    assert all(200 <= size <= 900 for size in sizes[:-1])


def test_cut_passages_joins_short_paragraphs() -> None:
    assert cut("Un.\n\nDeux.\n\nTrois.") == ["Un.\n\nDeux.\n\nTrois."]


def test_cut_passages_leaves_nothing_of_a_page_without_words() -> None:
    assert cut_passages(" \n\n— * —\n") == []
