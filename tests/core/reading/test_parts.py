"""Parts of documents without pages."""

from hypothesis import given
from hypothesis import strategies as st

from antigone.core.reading.parts import PART_CHARACTERS, Block, cut_into_parts

texts = st.text("ab. \n", max_size=30).map(lambda text: text * 300) | st.text("ab. \n", max_size=30)


@given(st.lists(st.builds(Block, texts, st.integers(0, 3)), max_size=12))
def test_parts_lose_no_character_and_stay_short(blocks):
    parts = list(cut_into_parts(blocks))
    assert [part.number for part in parts] == list(range(1, len(parts) + 1))
    assert all(0 < len(part.text) <= PART_CHARACTERS for part in parts)
    kept = "".join(part.text for part in parts)
    assert "".join(kept.split()) == "".join("".join(block.text for block in blocks).split())


def test_long_text_is_cut_at_the_end_of_a_sentence():
    first, second = cut_into_parts([Block("Une phrase entière. " * 300)])
    assert first.text.endswith("entière.")
    assert second.text.startswith("Une phrase")
