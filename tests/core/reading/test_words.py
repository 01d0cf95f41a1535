"""Words of an OCR: packed beside the text, found again."""

from hypothesis import given
from hypothesis import strategies as st

from antigone.core.reading.pages import Box
from antigone.core.reading.words import Word, join_words, locate_words, merge_lines, parse_tesseract

fractions = st.floats(0, 1)
boxes = st.builds(Box, fractions, fractions, fractions, fractions)
words = st.lists(
    st.builds(Word, st.text("abcé", min_size=1, max_size=9), boxes, st.integers(0, 3), st.integers(0, 1))
)


@given(words)
def test_every_word_is_in_the_text_at_its_place(words):
    text, packed = join_words(words)
    assert text.split() == [word.text for word in words]
    assert len(packed) == 14 * len(words)


@given(words, st.integers(0, 50), st.integers(0, 50))
def test_boxes_stay_within_the_page(words, start, end):
    for box in locate_words(join_words(words)[1], start, end):
        assert 0 <= box.x <= box.x + box.width <= 1.00001
        assert 0 <= box.y <= box.y + box.height <= 1.00001


@given(st.lists(boxes, max_size=8))
def test_merging_adds_no_box(boxes):
    assert len(merge_lines(boxes)) <= len(boxes)


def test_parse_passes_over_rows_that_are_not_words():
    header = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
    rows = [
        "1\t1\t0\t0\t0\t0\t0\t0\t100\t100\t-1\t",
        "5\t1\t1\t1\t1\t1\t1\t2\t3\t4\t90\t",
        "5\t1\t1\t1\t1\t2\t1\t2\t3\t4\t90\tVille",
        "5\t1\t1\t2\t1\t1\t1\t9\t3\t4\t90\tNord",
    ]
    found = parse_tesseract("\r\n".join([header, *rows]), width=100, height=100)
    assert join_words(found)[0] == "Ville\n\nNord"
