"""What an answer is: sentences with their marks, the places that say so, and what to say when there are none."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

from antigone.core.grounding import Mark
from antigone.library.models import Passage


class Outcome(StrEnum):
    ANSWERED = "answered"
    NOT_FOUND = "not_found"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Source:
    """A passage as it was read: `start` is the offset of `text` in its page."""

    number: int
    document_id: int
    version_id: int
    title: str
    filename: str
    publisher: str
    reference: str
    published_date: str
    page: int
    page_label: str
    has_page_image: bool
    start: int
    text: str
    language: str = ""

    @classmethod
    def from_passage(cls, number: int, passage: Passage) -> Self:
        document, page = passage.document, passage.page
        return cls(
            number=number,
            document_id=document.pk,
            version_id=page.version_id,
            title=document.title,
            filename=document.filename,
            publisher=document.publisher,
            reference=document.source,
            published_date=document.published_date.isoformat() if document.published_date else "",
            page=page.number,
            page_label=page.label,
            has_page_image=page.version.has_page_images,
            start=passage.start,
            text=passage.text,
            language=document.language,
        )


@dataclass(frozen=True, slots=True)
class Citation:
    """The words of a source: `start` and `end` are offsets in the page's text."""

    source: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a sentence is not verified: a code and what fills its sentence."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer; one that is not `is_main` is a quote that only comes near the question."""

    text: str
    mark: Mark
    citations: tuple[Citation, ...] = ()
    reasons: tuple[Reason, ...] = ()
    is_main: bool = True

    @property
    def is_neutral(self) -> bool:
        """Whether there is nothing to verify in it: a question, a greeting, “Voici :”."""
        return self.mark is Mark.UNVERIFIED and not self.reasons


@dataclass(frozen=True, slots=True)
class Answer:
    """What the machine answered, and all that a reader needs to check it.

    `sources` are those that the sentences cite, numbered from 1 in the order of the answer, or, where
    nothing was found, the places looked at. `confidence` (0 to 1) is how likely what was found holds the
    answer. `engine` is empty for the extractive engine. `fallback` says
    why a model's answer was replaced by quotes. `read` are the documents that a model wrote from: what it
    says without a citation may come from any of them.
    """

    question: str
    outcome: Outcome
    sentences: tuple[Sentence, ...] = ()
    sources: tuple[Source, ...] = ()
    understood: str = ""
    repaired: Mapping[str, str] = field(default_factory=dict)
    engine: str = ""
    engine_licence: str = ""
    fallback: str = ""
    invented_references: int = 0
    read: tuple[int, ...] = ()
    confidence: float = 0.0

    @property
    def abstained(self) -> bool:
        return self.outcome is not Outcome.ANSWERED

    @property
    def verified_count(self) -> int:
        return sum(sentence.mark is not Mark.UNVERIFIED for sentence in self.sentences)

    @property
    def stated_count(self) -> int:
        """How many sentences state something, verified or not."""
        return sum(not sentence.is_neutral for sentence in self.sentences)

    @property
    def text(self) -> str:
        return "\n".join(sentence.text for sentence in self.sentences)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Rebuild what `as_json` made."""
        return cls(
            **{
                **value,
                "outcome": Outcome(value["outcome"]),
                "sentences": tuple(_read_sentence(sentence) for sentence in value["sentences"]),
                "sources": tuple(Source(**source) for source in value["sources"]),
                "read": tuple(value.get("read", ())),
            }
        )

    @property
    def documents(self) -> set[int]:
        """Return every document whose words may stand in the answer."""
        return {source.document_id for source in self.sources} | set(self.read)

    def without(self, documents: Collection[int]) -> Self:
        """Return the answer as it may be shown once these documents were withdrawn or closed to the reader.

        Sentences without a citation and repaired words go too: nothing says which document they come from.
        """
        if self.documents.isdisjoint(documents):
            return self
        gone = {source.number for source in self.sources if source.document_id in documents}
        return replace(
            self,
            sentences=tuple(
                _blank() if _may_cite(sentence, gone) else sentence for sentence in self.sentences
            ),
            sources=tuple(source for source in self.sources if source.number not in gone),
            repaired={},
            read=tuple(document for document in self.read if document not in documents),
        )


def number_sources(
    sentences: Iterable[Sentence], sources: Iterable[Source]
) -> tuple[tuple[Sentence, ...], tuple[Source, ...]]:
    """Keep the sources that are cited, numbered from 1 in the order of their first citation."""
    sentences = tuple(sentences)
    order: dict[int, int] = {}
    for sentence in sentences:
        for citation in sentence.citations:
            order.setdefault(citation.source, len(order) + 1)
    renumbered = tuple(
        replace(
            sentence,
            citations=tuple(
                replace(citation, source=order[citation.source]) for citation in sentence.citations
            ),
        )
        for sentence in sentences
    )
    cited = sorted(
        (source for source in sources if source.number in order), key=lambda source: order[source.number]
    )
    return renumbered, tuple(replace(source, number=order[source.number]) for source in cited)


def _read_sentence(value: Mapping[str, Any]) -> Sentence:
    return Sentence(
        text=value["text"],
        mark=Mark(value["mark"]),
        citations=tuple(Citation(**citation) for citation in value["citations"]),
        reasons=tuple(Reason(**reason) for reason in value["reasons"]),
        is_main=value["is_main"],
    )


def _may_cite(sentence: Sentence, numbers: Collection[int]) -> bool:
    return not sentence.citations or any(citation.source in numbers for citation in sentence.citations)


def _blank() -> Sentence:
    return Sentence(text="", mark=Mark.UNVERIFIED, reasons=(Reason("document_withdrawn"),))
