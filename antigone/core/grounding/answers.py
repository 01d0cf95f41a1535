"""What goes in and what comes out: sources, citations, marks and reasons."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Source:
    """A retrieved passage. Sources are numbered from 1, in their order, for references such as [2]."""

    key: str
    text: str
    title: str = ""


class Mark(StrEnum):
    """What may be said of a sentence: its words are a source's, its facts are, or neither is known."""

    CITED = "cited"
    SUPPORTED = "supported"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Citation:
    """A span of a source: ``source.text[start:end] == quote``, always."""

    source: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a sentence is not verified, or what disagreed. The interface translates ``code`` with ``params``.

    Codes: ``no_source``, ``number_absent`` (number), ``name_absent`` (name), ``word_absent`` (word),
    ``negation_differs`` (word), ``left_out`` (word), ``order_differs``, ``quote_absent`` (quote),
    ``quote_partial`` (quote), ``lead_differs`` (lead), ``reference_invented`` (reference),
    ``too_little_support``.
    """

    code: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GroundedSentence:
    """A sentence of the answer, references removed; ``answer[start:end]`` is what the engine wrote."""

    text: str
    mark: Mark
    citations: tuple[Citation, ...]
    reasons: tuple[Reason, ...]
    start: int
    end: int
    removed: tuple[str, ...] = ()

    @property
    def is_neutral(self) -> bool:
        """Whether the sentence states nothing to verify: a question, a greeting, a refusal, “Voici :”."""
        return self.mark is Mark.UNVERIFIED and not self.reasons


@dataclass(frozen=True, slots=True)
class GroundedAnswer:
    """The sentences of an answer in their order, each with its mark."""

    sentences: tuple[GroundedSentence, ...]

    @property
    def invented_references(self) -> int:
        """Count references, addresses, files and laws that the engine named and no source has."""
        return sum(len(sentence.removed) for sentence in self.sentences)

    @property
    def cited_count(self) -> int:
        return self.count(Mark.CITED)

    @property
    def supported_count(self) -> int:
        return self.count(Mark.SUPPORTED)

    @property
    def unverified_count(self) -> int:
        """Count sentences that state something no source is known to say; neutral ones are left out."""
        return sum(s.mark is Mark.UNVERIFIED and not s.is_neutral for s in self.sentences)

    @property
    def text(self) -> str:
        """Join what remains of the answer, one line per sentence."""
        return "\n".join(sentence.text for sentence in self.sentences if sentence.text)

    def count(self, mark: Mark) -> int:
        """Count the sentences that bear ``mark``."""
        return sum(sentence.mark is mark for sentence in self.sentences)
