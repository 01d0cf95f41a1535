"""An answer grounded sentence by sentence, while it is being written or at once."""

from collections.abc import Sequence

from antigone.core.grounding.answers import GroundedAnswer, GroundedSentence, Mark, Reason, Source
from antigone.core.grounding.errors import StreamClosedError
from antigone.core.grounding.evidence import Evidence, known_references, prepare_sources, reference_keys
from antigone.core.grounding.judging import Verdict, is_neutral, judge, turns_meaning
from antigone.core.grounding.markup import Cleaned, clean_sentence
from antigone.core.grounding.sentences import Sentence, SentenceSplitter


def ground_answer(answer: str, sources: Sequence[Source]) -> GroundedAnswer:
    """Verify each sentence of ``answer`` against the passages that were retrieved.

    Raises DuplicateSourceError where two sources have one key.

    >>> source = Source("menu", "Le repas coûte 4,60 €. Il est gratuit pour les agents.")
    >>> grounded = ground_answer("Le repas coûte 4,60 € [1]. Le repas coûte 3 €. [7]", [source])
    >>> [str(sentence.mark) for sentence in grounded.sentences], grounded.invented_references
    (['cited', 'unverified'], 1)
    >>> grounded.sentences[0].citations[0].quote
    'Le repas coûte 4,60 €'
    """
    stream = SentenceStream(sources)
    return GroundedAnswer((*stream.feed(answer), *stream.close()))


class SentenceStream:
    """Grounds an answer as it arrives: any way of cutting it gives what `ground_answer` gives.

    >>> stream = SentenceStream([Source("a", "La piscine ouvre à 9 h. Elle ferme à 20 h.")])
    >>> [s.text for piece in ("La pis", "cine ouvre à 9 h", ". El", "le") for s in stream.feed(piece)]
    ['La piscine ouvre à 9 h.']
    >>> [str(s.mark) for s in stream.close()]
    ['unverified']
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        self._evidence = prepare_sources(sources)
        self._known = known_references(sources)
        self._splitter = SentenceSplitter()
        self._lead = ""
        self._is_closed = False

    def feed(self, delta: str) -> list[GroundedSentence]:
        """Take the next characters and return the sentences that end with them.

        Raises StreamClosedError after `close`.
        """
        if self._is_closed:
            raise StreamClosedError
        return self._ground(self._splitter.feed(delta))

    def close(self) -> list[GroundedSentence]:
        """Return the last sentences. Raises StreamClosedError if called twice."""
        if self._is_closed:
            raise StreamClosedError
        self._is_closed = True
        return self._ground(self._splitter.close())

    def _ground(self, found: list[tuple[Sentence, str]]) -> list[GroundedSentence]:
        grounded = (self._ground_sentence(sentence, raw) for sentence, raw in found)
        return [sentence for sentence in grounded if sentence.text or sentence.removed]

    def _ground_sentence(self, sentence: Sentence, raw: str) -> GroundedSentence:
        cleaned = clean_sentence(
            raw,
            source_count=len(self._evidence),
            is_known=self._is_known,
            is_line_start=sentence.is_line_start,
        )
        verdict = self._judge(cleaned)
        self._follow_lead(cleaned, sentence)
        invented = tuple(Reason("reference_invented", {"reference": name}) for name in cleaned.removed)
        return GroundedSentence(
            cleaned.text,
            verdict.mark,
            verdict.citations,
            (*invented, *verdict.reasons),
            sentence.start,
            sentence.end,
            cleaned.removed,
        )

    def _judge(self, cleaned: Cleaned) -> Verdict:
        if cleaned.invented or not cleaned.text:
            return Verdict(Mark.UNVERIFIED)
        return judge(cleaned.text, self._hinted_first(cleaned.hints), self._lead)

    def _follow_lead(self, cleaned: Cleaned, sentence: Sentence) -> None:
        """Remember the line that introduces a list, until the list ends."""
        if cleaned.is_heading:
            self._lead = cleaned.text if turns_meaning(cleaned.text) else ""
        elif cleaned.text.endswith(":"):
            self._lead = "" if is_neutral(cleaned.text) else cleaned.text
        elif sentence.is_line_start and not cleaned.is_item and cleaned.text:
            self._lead = ""

    def _hinted_first(self, hints: tuple[int, ...]) -> list[Evidence]:
        hinted = [self._evidence[number - 1] for number in dict.fromkeys(hints)]
        return hinted + [one for one in self._evidence if one not in hinted]

    def _is_known(self, reference: str) -> bool:
        return all(key in self._known for key in reference_keys(reference))
