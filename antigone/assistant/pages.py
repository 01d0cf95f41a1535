"""An answer as the pages show it: words for the marks, links to the page of each quote, extracts cut to size."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from antigone.accounts.models import Person
from antigone.assistant.answers import Answer, Citation, Sentence, Source
from antigone.assistant.exports import as_text, describe_source
from antigone.assistant.wording import explain_outcome, explain_reason, name_mark
from antigone.core.grounding import Mark
from antigone.library.models import Document

# How much of a passage is shown on each side of its first quote.
AROUND = 240
# The end of a line that a page's width made: the sentence goes on, in small letters.
_WRAP = re.compile(r"(?<=[^\n.:;!?])\n(?=[a-zà-öø-ÿœ(«])")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an extract: quoted or not."""

    text: str
    is_quoted: bool


@dataclass(frozen=True, slots=True)
class ShownSource:
    source: Source
    detail: str
    href: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ShownSentence:
    text: str
    mark: str
    mark_name: str
    references: tuple[int, ...]
    reasons: tuple[str, ...]
    is_main: bool
    language: str


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    answer: Answer
    outcome: str
    fallback: str
    sentences: tuple[ShownSentence, ...]
    sources: tuple[ShownSource, ...]
    is_whole: bool

    @property
    def plain(self) -> str:
        """The answer as text, to be copied."""
        return as_text(self.answer)

    @property
    def has_more(self) -> bool:
        return not all(sentence.is_main for sentence in self.sentences)

    @property
    def understood_otherwise(self) -> bool:
        return self.answer.understood not in {"", self.answer.question}


def show_answer(answer: Answer, *, person: Person | None) -> ShownAnswer:
    """Prepare an answer for a page, less what was withdrawn or closed to the reader since."""
    documents = answer.documents
    readable = Document.objects.current().readable_by(person).filter(pk__in=documents)
    answer = answer.without(documents - set(readable.values_list("pk", flat=True)))
    languages = {source.number: source.language for source in answer.sources}
    return ShownAnswer(
        answer=answer,
        outcome=explain_outcome(answer.outcome),
        fallback=_("%(reason)s Here is what the documents say.") % {"reason": answer.fallback},
        sentences=tuple(show_sentence(sentence, languages) for sentence in answer.sentences),
        sources=tuple(_show_source(source, answer.sentences) for source in answer.sources),
        is_whole=answer.verified_count == answer.stated_count,
    )


def show_sentence(sentence: Sentence, languages: Mapping[int, str]) -> ShownSentence:
    """Prepare a sentence; `languages` are those of the sources, by number."""
    return ShownSentence(
        text=_join_lines(sentence.text),
        mark="neutral" if sentence.is_neutral else sentence.mark.value,
        mark_name=name_mark(sentence.mark),
        references=tuple(dict.fromkeys(citation.source for citation in sentence.citations)),
        reasons=tuple(explain_reason(reason) for reason in sentence.reasons)
        if sentence.mark is Mark.UNVERIFIED
        else (),
        is_main=sentence.is_main,
        language=languages.get(sentence.citations[0].source, "") if sentence.citations else "",
    )


def link_to_page(source: Source, citation: Citation | None) -> str:
    """Return the address of the page where the quote stands, marked."""
    address = reverse("library:page", args=[source.document_id, source.page])
    if citation is None:
        return address
    # The version too: an old answer marks the words where they stood then.
    place = {"start": citation.start, "end": citation.end, "version": source.version_id}
    return f"{address}?{urlencode(place)}#quote"


def _show_source(source: Source, sentences: Iterable[Sentence]) -> ShownSource:
    citations = sorted(
        (
            citation
            for sentence in sentences
            for citation in sentence.citations
            if citation.source == source.number
        ),
        key=lambda citation: citation.start,
    )
    spans = [(citation.start - source.start, citation.end - source.start) for citation in citations]
    return ShownSource(
        source=source,
        detail=describe_source(source).removeprefix(f"{source.title}, "),
        href=link_to_page(source, citations[0] if citations else None),
        pieces=_cut_extract(source.text, spans),
    )


def _cut_extract(text: str, spans: list[tuple[int, int]]) -> tuple[Piece, ...]:
    """Return the text around its quotes, in pieces quoted and not; its first lines when there is no quote."""
    if not spans:
        return (Piece(_join_lines(text[: 2 * AROUND]) + ("…" if len(text) > 2 * AROUND else ""), False),)
    first, last = spans[0][0], max(end for _, end in spans)
    begin = 0 if first <= AROUND else text.rfind(" ", 0, first - AROUND) + 1
    finish = len(text) if len(text) - last <= AROUND else text.find(" ", last + AROUND)
    finish = len(text) if finish < 0 else finish
    pieces, position = [], begin
    for start, end in spans:
        if end <= position:
            continue
        pieces.append(Piece(text[position : max(start, position)], False))
        pieces.append(Piece(text[max(start, position) : end], True))
        position = end
    pieces.append(Piece(text[position:finish] + ("…" if finish < len(text) else ""), False))
    pieces.insert(0, Piece("…" if begin else "", False))
    return tuple(Piece(_join_lines(piece.text), piece.is_quoted) for piece in pieces if piece.text)


def _join_lines(text: str) -> str:
    return _WRAP.sub(" ", text)
