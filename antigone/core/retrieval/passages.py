"""Cut the text of a page into passages: short enough to be quoted, long enough to be understood alone."""

import re
from collections.abc import Iterator
from itertools import groupby

from antigone.core.retrieval.sentences import split_sentences

Span = tuple[int, int]

_WHOLE = 1_800  # characters: a paragraph up to this is never cut
_PIECE = 1_000  # what the pieces of a longer one aim at
_SHORT = 250  # a passage under this joins the next…
_JOINED = 900  # …as long as both together stay within this
_CLOSED = 1_200  # the end of a page joins what comes before within this
_HEADING = 120
_HEADINGS = 3  # more lines without punctuation in a row are a list or a table, not headings
_PARAGRAPH_END = re.compile(r"\n[^\S\n]*\n\s*")
# A PDF has lines and no blank ones: there, a short line with a capital and no full stop, after the end of a
# sentence and before another capital, is a heading.
_HEADING_LINE = re.compile(r"(?<=[.!?;])\n(?=[A-ZÀ-Þ][^\n]{2,79}[^\n.,;:!?…)]\n[A-ZÀ-Þ«])")


def cut_passages(text: str) -> list[Span]:
    r"""Return the spans `(start, end)` of the passages of one page, in order, never overlapping.

    Every letter and digit of `text` belongs to exactly one passage; none starts or ends with a blank, and
    none is longer than 2,200 characters. Paragraphs (between blank lines) of up to 1,800 characters stay
    whole; longer ones are cut at ends of sentences into pieces of about 1,000. Short ones join the next, and
    a heading stays with what follows it.

    >>> text = "Article 1\n\n" + "La cantine est ouverte à tous. " * 20 + "\n\nPage 3\n\n***"
    >>> [(text[start:end][:9], text[start:end][-6:]) for start, end in cut_passages(text)]
    [('Article 1', 'Page 3')]
    """
    pieces: list[Span] = []
    for span in _split_paragraphs(text):
        pieces += [span] if span[1] - span[0] <= _WHOLE else _cut_paragraph(text, span)
    pieces = [(start, end) for start, end in pieces if any(map(str.isalnum, text[start:end]))]
    return _join_short(_join_headings(text, pieces))


def _split_paragraphs(text: str) -> Iterator[Span]:
    start = 0
    for gap in [*_PARAGRAPH_END.finditer(text), None]:
        end = gap.start() if gap else len(text)
        if text[start:end].strip():
            yield from _split_at_headings(text, _trim(text, start, end))
        start = gap.end() if gap else end


def _split_at_headings(text: str, span: Span) -> Iterator[Span]:
    """Cut a paragraph too long for one passage before each line that looks like a heading."""
    start, end = span
    if end - start > _JOINED:
        for line in _HEADING_LINE.finditer(text, start, end):
            yield start, line.start()
            start = line.end()
    yield start, end


def _cut_paragraph(text: str, span: Span) -> list[Span]:
    """Cut a long paragraph between sentences into pieces of about the same size."""
    sentences = list(_split_sentences(text, span))
    length = span[1] - span[0]
    goal = 1.1 * length / round(length / _PIECE)
    pieces: list[Span] = []
    current: list[Span] = []
    for sentence in sentences:
        if current and sentence[1] - current[0][0] > goal:
            headings = _count_last_headings(text, current)
            cut = len(current) - headings
            pieces.append((current[0][0], current[cut - 1][1]))
            current = current[cut:]
        current.append(sentence)
    return [*pieces, (current[0][0], current[-1][1])]


def _split_sentences(text: str, span: Span) -> Iterator[Span]:
    """Give the sentences of a paragraph; one that is endless is cut between words, else anywhere."""
    for start, end in split_sentences(text[slice(*span)]):
        start, end = start + span[0], end + span[0]
        while end - start > _PIECE:
            cut = max(text.rfind(" ", start + 1, start + _PIECE), text.rfind("\n", start + 1, start + _PIECE))
            cut = cut if cut > start else start + _PIECE
            yield _trim(text, start, cut)
            start = _trim(text, cut, end)[0]
        yield start, end


def _count_last_headings(text: str, spans: list[Span]) -> int:
    """Count the headings that end `spans`; none when there are too many for headings."""
    count = 0
    while count < len(spans) and _looks_like_heading(text, spans[-1 - count]):
        count += 1
    return count if count <= _HEADINGS and count < len(spans) else 0


def _looks_like_heading(text: str, span: Span) -> bool:
    start, end = span
    return end - start <= _HEADING and "\n" not in text[start:end] and text[end - 1] not in ".,;!?…»)"


def _join_headings(text: str, spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    begin: int | None = None
    for are_headings, run in groupby(spans, lambda span: _looks_like_heading(text, span)):
        group = list(run)
        if are_headings and len(group) <= _HEADINGS and group[-1] != spans[-1]:
            begin = group[0][0]
        else:
            first = (group[0][0] if begin is None else begin, group[0][1])
            joined += [first, *group[1:]]
            begin = None
    return joined


def _join_short(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in spans:
        if joined and _may_join(joined[-1], (start, end), is_last=(start, end) == spans[-1]):
            start = joined.pop()[0]
        joined.append((start, end))
    return joined


def _may_join(before: Span, after: Span, *, is_last: bool) -> bool:
    length = after[1] - before[0]
    if before[1] - before[0] < _SHORT and length <= _JOINED:
        return True
    return is_last and after[1] - after[0] < _SHORT and length <= _CLOSED


def _trim(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
